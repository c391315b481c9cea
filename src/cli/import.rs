//! `entrepot import FORMAT FILES...`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use jiff::civil::Date;

use super::exit;
use crate::app;
use crate::config::Config;
use crate::import::{self, Error, Options, Progress, Report};
use crate::value::Clock;

/// Import files as one release of a dataset: all of it becomes visible at once, or nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Format of the files.
    #[arg(value_parser = format_names())]
    format: String,
    /// Files, plain or gzip. All of them together are the release.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Dataset to import into. Each format has its own by default.
    #[arg(long)]
    dataset: Option<String>,
    /// Day on which the publisher put the release out (YYYY-MM-DD). By default the day that a list says of itself, else today.
    #[arg(long)]
    published: Option<Date>,
    /// Take --published although the files say another day of themselves.
    #[arg(long, requires = "published")]
    published_anyway: bool,
    /// Licence, if other than the format's.
    #[arg(long)]
    license: Option<String>,
    /// The files are the whole dataset: withdraw every row that they do not have.
    #[arg(long)]
    whole: bool,
    /// The files are a part of a sanction list, so that who is not in them may be listed all the same; with names, only
    /// these parts of it are, as in `--partial=SSI,SDN`. `ftm` is taken for partial unless `--whole` says otherwise.
    #[arg(long, value_name = "PART", num_args = 0.., require_equals = true, value_delimiter = ',', conflicts_with = "whole")]
    partial: Option<Vec<String>>,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Go on with up to so many rejected rows.
    #[arg(long, default_value_t = 0)]
    max_rejects: u64,
    /// Take a release of this sanction list, contract book or route dataset however much it removes. May be given several times.
    #[arg(long, value_name = "LIST")]
    allow_shrink: Vec<String>,
    /// How often the price indexes in the files are published, where the files do not say it.
    #[arg(long, value_parser = ["daily", "weekly", "monthly", "quarterly", "yearly"])]
    frequency: Option<String>,
    /// Encoding of the files. Formats other than trade statistics take UTF-8, or tell it themselves.
    #[arg(long, value_enum, default_value_t = Encoding::Utf8)]
    encoding: Encoding,
    /// Write the report as JSON too.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
}

/// Encodings by the names of the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "latin-1")]
    Latin1,
}

/// Names and help of all formats.
fn format_names() -> PossibleValuesParser {
    app::formats().map(|format| PossibleValue::new(format.name()).help(format.about())).into()
}

pub async fn run(args: Args, config: Config) -> u8 {
    // The parser lets no other name through.
    let Some(format) = app::format(&args.format) else {
        return exit::USAGE;
    };
    if args.frequency.is_some() && !format.takes_frequency() {
        eprintln!("error: --frequency is of price indexes; {} takes none", format.name());
        return exit::USAGE;
    }
    let options = Options {
        files: args.files,
        dataset: args.dataset,
        published: args.published,
        published_anyway: args.published_anyway,
        license: args.license,
        whole: args.whole,
        partial: args.partial,
        dry_run: args.dry_run,
        max_rejects: args.max_rejects,
        sort_rows: config.import.sort_rows,
        temp_dir: config.import.temp_dir.clone(),
        shrink_percent: config.import.shrink_percent,
        allow_shrink: args.allow_shrink,
        frequency: args.frequency,
        encoding: match args.encoding {
            Encoding::Utf8 => import::Encoding::Utf8,
            Encoding::Latin1 => import::Encoding::Latin1,
        },
        clock: Clock::SYSTEM,
    };
    let work = async {
        let store = app::open_store(&config).await?;
        app::prepare_schema(&store).await?;
        let progress = Progress::new(&options.files);
        app::import(&store, format, options, progress).await
    };
    let result = tokio::select! {
        result = work => result,
        _ = tokio::signal::ctrl_c() => {
            eprintln!("interrupted; the store holds the last whole release");
            return exit::INTERRUPTED;
        }
    };
    match result {
        Ok(reports) => finish(&reports, args.report.as_deref()),
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(path) = &args.report {
                write_refusal(&error, path);
            }
            exit_code(&error)
        }
    }
}

fn finish(reports: &[Report], json: Option<&std::path::Path>) -> u8 {
    let mut output = std::io::stdout().lock();
    for report in reports {
        // A reader that has seen enough (`| head`) must not turn a good import into a failure.
        if write!(output, "{report}").is_err() {
            break;
        }
    }
    let Some(path) = json else {
        return exit::OK;
    };
    let written =
        serde_json::to_vec_pretty(reports).map_err(std::io::Error::from).and_then(|text| std::fs::write(path, text));
    match written {
        Ok(()) => exit::OK,
        Err(error) => {
            eprintln!("error: the import stands, but its report could not be written to {}: {error}", path.display());
            exit::IO
        }
    }
}

/// A refused import has no counts, but its rejects are what the report is wanted for.
fn write_refusal(error: &Error, path: &std::path::Path) {
    let rejects = match error {
        Error::Rejects { examples, .. } => examples.as_slice(),
        _ => &[],
    };
    let refusal = serde_json::json!({ "error": error.to_string(), "rejects": rejects });
    if let Err(error) = std::fs::write(path, format!("{refusal:#}\n")) {
        eprintln!("error: the report could not be written to {}: {error}", path.display());
    }
}

fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Store(error) => exit::of_store(error),
        Error::Spill(_) => exit::IO,
        Error::Open { .. } => exit::NOT_FOUND,
        _ => exit::DATA,
    }
}
