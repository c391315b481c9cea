//! `entrepot import FORMAT FILES...`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;

use super::exit;
use crate::app::{self, ImportFormat};
use crate::config::Config;
use crate::energy::import::write as energy;
use crate::import::{Error, Options, Progress, Report};
use crate::value::Clock;

/// Import files as one release of a dataset: all of it becomes visible at once, or nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Format of the files.
    format: FormatName,
    /// Files, plain or gzip. All of them together are the release.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Dataset to import into. Each format has its own by default.
    #[arg(long)]
    dataset: Option<String>,
    /// Day on which the publisher put the release out (YYYY-MM-DD). Today by default.
    #[arg(long)]
    published: Option<Date>,
    /// Licence, if other than the format's.
    #[arg(long)]
    license: Option<String>,
    /// The files are the whole dataset: withdraw every row that they do not have.
    #[arg(long)]
    whole: bool,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Go on with up to so many rejected rows.
    #[arg(long, default_value_t = 0)]
    max_rejects: u64,
    /// Take a release of this sanction list, contract book or route dataset however much it removes. May be given several times.
    #[arg(long, value_name = "LIST")]
    allow_shrink: Vec<String>,
    /// Write the report as JSON too.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    /// UN Comtrade: API records as CSV or JSON, and both older bulk layouts.
    Comtrade,
    /// CEPII BACI, with its country and product code files if given.
    Baci,
    /// IMF International Merchandise Trade Statistics, wide CSV.
    Imts,
    /// Commodity lists of UN Comtrade: HS editions, SITC, BEC.
    Classification,
    /// Concordances between HS editions.
    Concordance,
    /// OFAC's SDN list: the CSV set (sdn, alt, add, sdn_comments), SDN.XML or SDN_ADVANCED.XML.
    OfacSdn,
    /// OFAC's consolidated non-SDN list: the CSV set (cons_*), CONSOLIDATED.XML or CONS_ADVANCED.XML.
    OfacCons,
    /// UN Security Council consolidated list, XML.
    Un,
    /// EU financial sanctions file, CSV 1.1 or XML 1.1.
    Eu,
    /// UK Sanctions List, CSV.
    Uk,
    /// UK Sanctions List as a redistributor splits it: subjects, names, dobs, identifiers.
    UkSplit,
    /// The older list of OFSI, CSV (ConList.csv).
    Ofsi,
    /// Swiss SECO consolidated list, XML.
    Seco,
    /// US Consolidated Screening List, CSV of 29 columns.
    Csl,
    /// BIS Denied Persons List, tab-separated.
    BisDpl,
    /// FollowTheMoney entities, JSON lines (OpenSanctions and others). Needs --dataset.
    Ftm,
    /// Who owns whom, CSV of our own: owner_id, owned_id, share_percent and more.
    Holdings,
    /// Controlled goods, CSV of our own: authority, regime, classification, code and more.
    ControlledGoods,
    /// A contract book, CSV of our own with one fact a row, or JSON with one contract a line.
    Contracts,
    /// Deliveries of energy, CSV of our own: subject, period_from, value, unit, source and more.
    Deliveries,
    /// Price indexes: EIA monthly and daily, World Bank Pink Sheet, or CSV of our own.
    Indexes,
    /// Pipelines and terminals: tables of Global Energy Monitor (CSV, xlsx), or CSV of our own.
    Routes,
    /// Physical flows of ENTSOG by point and day, CSV.
    EntsogFlows,
}

impl FormatName {
    fn format(self) -> ImportFormat {
        match self {
            Self::Comtrade => ImportFormat::Flows("comtrade"),
            Self::Baci => ImportFormat::Flows("baci"),
            Self::Imts => ImportFormat::Flows("imts"),
            Self::Classification => ImportFormat::Classification,
            Self::Concordance => ImportFormat::Concordance,
            Self::OfacSdn => ImportFormat::SanctionList("ofac-sdn"),
            Self::OfacCons => ImportFormat::SanctionList("ofac-cons"),
            Self::Un => ImportFormat::SanctionList("un"),
            Self::Eu => ImportFormat::SanctionList("eu"),
            Self::Uk => ImportFormat::SanctionList("uk"),
            Self::UkSplit => ImportFormat::SanctionList("uk-split"),
            Self::Ofsi => ImportFormat::SanctionList("ofsi"),
            Self::Seco => ImportFormat::SanctionList("seco"),
            Self::Csl => ImportFormat::SanctionList("csl"),
            Self::BisDpl => ImportFormat::SanctionList("bis-dpl"),
            Self::Ftm => ImportFormat::SanctionList("ftm"),
            Self::Holdings => ImportFormat::Holdings,
            Self::ControlledGoods => ImportFormat::ControlledGoods,
            Self::Contracts => ImportFormat::Energy(energy::Format::Contracts),
            Self::Deliveries => ImportFormat::Energy(energy::Format::Deliveries),
            Self::Indexes => ImportFormat::Energy(energy::Format::Indexes),
            Self::Routes => ImportFormat::Energy(energy::Format::Routes),
            Self::EntsogFlows => ImportFormat::Energy(energy::Format::EntsogFlows),
        }
    }
}

pub async fn run(args: Args, config: Config) -> u8 {
    let options = Options {
        files: args.files,
        dataset: args.dataset,
        published: args.published,
        license: args.license,
        whole: args.whole,
        dry_run: args.dry_run,
        max_rejects: args.max_rejects,
        sort_rows: config.import.sort_rows,
        temp_dir: config.import.temp_dir.clone(),
        shrink_percent: config.import.shrink_percent,
        allow_shrink: args.allow_shrink,
        clock: Clock::SYSTEM,
    };
    let work = async {
        let store = app::open_store(&config).await?;
        app::prepare_schema(&store).await?;
        let progress = Progress::new(&options.files);
        app::import(&store, args.format.format(), options, progress).await
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
            exit::SOFTWARE
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
        Error::Store(_) | Error::Spill(_) => exit::UNAVAILABLE,
        _ => exit::DATA,
    }
}
