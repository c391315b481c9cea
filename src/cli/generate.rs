//! `entrepot generate baci|comtrade`: files of made-up trade.
//!
//! Owns names, folders and progress; what the rows are is `trade::generate`'s. Never replaces a file unasked, and never
//! leaves half a file under its final name.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use flate2::Compression;
use flate2::write::GzEncoder;
use indicatif::{ProgressBar, ProgressStyle};

use super::exit;
use crate::trade::generate::{self as trade, Generator, Layout, Parameters, Product};
use crate::value::number::{self, Excess};

/// Write large files of made-up trade, for measuring.
///
/// Exporters, importers and commodities are distributed as in real trade: a few have most of it. The same arguments
/// give the same bytes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Layout of the files.
    format: FormatName,
    /// Folder to write into; it is made if need be.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Rows of all years together.
    #[arg(long, default_value_t = 20_000_000)]
    rows: u64,
    /// Years, such as 2014-2023 or 2014,2018-2020.
    #[arg(long, default_value = "2014-2023", value_parser = parse_years)]
    years: Years,
    /// How many countries trade.
    #[arg(long, default_value_t = 200)]
    countries: usize,
    /// How many commodities of six digits are traded.
    #[arg(long, default_value_t = 5000)]
    codes: usize,
    /// Another seed gives other trade.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make a second release of the same trade: this share of the rows, such as 0.01, has another value; half as many
    /// are gone and half as many are new. At most 0.5.
    #[arg(long, default_value = "0", value_name = "SHARE", value_parser = parse_share)]
    change: Millionths,
    /// List of HS 1992 in UN Comtrade's form (comtrade_cmd_h0.csv) to take the codes from. Without it they are made up,
    /// and a store that has HS 1992 refuses them.
    #[arg(long, value_name = "FILE")]
    classification: Option<PathBuf>,
    /// Compress the data files.
    #[arg(long)]
    gzip: bool,
    /// Replace files of an earlier run.
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    /// CEPII BACI, HS 1992: a file a year, and the product codes.
    Baci,
    /// UN Comtrade, annual, HS 1992: one file of 47 columns; imports and exports are reported apart.
    Comtrade,
}

#[derive(Clone, Debug)]
struct Years(Vec<u16>);

#[derive(Clone, Copy, Debug)]
struct Millionths(u32);

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Parameters(#[from] trade::Error),
    #[error("{} exists; add --force to replace it", .0.display())]
    Exists(PathBuf),
    #[error("{}: {problem}", .file.display())]
    Classification { file: PathBuf, problem: String },
    #[error("cannot write {}: {source}", .file.display())]
    Write { file: PathBuf, source: io::Error },
}

impl Error {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Parameters(_) | Self::Exists(_) => exit::USAGE,
            Self::Classification { .. } => exit::DATA,
            Self::Write { .. } => exit::IO,
        }
    }
}

/// A file to be written.
struct Target {
    path: PathBuf,
    content: Content,
}

enum Content {
    ProductCodes,
    CommodityList,
    /// The rows of the years at these places.
    Rows(std::ops::Range<usize>),
}

pub fn run(args: &Args) -> u8 {
    match generate(args) {
        Ok(()) => exit::OK,
        Err(error) => {
            eprintln!("error: {error}");
            error.exit_code()
        }
    }
}

fn generate(args: &Args) -> Result<(), Error> {
    let generator = Generator::new(parameters(args)?)?;
    let targets = targets(args, &generator);
    if !args.force
        && let Some(target) = targets.iter().find(|target| target.path.exists())
    {
        return Err(Error::Exists(target.path.clone()));
    }
    std::fs::create_dir_all(&args.out).map_err(|source| Error::Write { file: args.out.clone(), source })?;

    let progress = Progress::new(args.rows);
    for target in &targets {
        let started = Instant::now();
        progress.begin(&target.path);
        let is_data = matches!(target.content, Content::Rows(_));
        let rows = write_file(&target.path, args.gzip && is_data, |out| fill(target, &generator, &progress, out))
            .map_err(|source| Error::Write { file: target.path.clone(), source })?;
        progress.wrote(&target.path, rows, started);
    }
    progress.finish();
    Ok(())
}

fn parameters(args: &Args) -> Result<Parameters, Error> {
    let countries = trade::countries(args.countries);
    if countries.len() < args.countries {
        return Err(Error::Usage(format!("--countries {}: there are {}", args.countries, countries.len())));
    }
    let products = match &args.classification {
        Some(file) => read_products(file, args.codes)?,
        None if args.codes > trade::MOST_PRODUCTS => {
            return Err(Error::Usage(format!("--codes {}: at most {}", args.codes, trade::MOST_PRODUCTS)));
        }
        None => trade::made_up_products(args.codes),
    };
    Ok(Parameters {
        layout: match args.format {
            FormatName::Baci => Layout::Baci,
            FormatName::Comtrade => Layout::Comtrade,
        },
        countries,
        products,
        years: args.years.0.clone(),
        rows: args.rows,
        seed: args.seed,
        change: args.change.0,
    })
}

/// Takes `count` six-digit codes, evenly over the list.
fn read_products(file: &Path, count: usize) -> Result<Vec<Product>, Error> {
    let fault = |problem: String| Error::Classification { file: file.to_owned(), problem };
    let mut reader = csv::Reader::from_path(file).map_err(|error| fault(error.to_string()))?;
    let header = reader.headers().map_err(|error| fault(error.to_string()))?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
        found.ok_or_else(|| fault(format!("lacks the column {name} of UN Comtrade's commodity lists")))
    };
    let (id, text, level) = (column("id")?, column("text")?, column("aggrlevel")?);
    let mut products = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| fault(error.to_string()))?;
        let (code, text, level) = (&record[id], &record[text], &record[level]);
        // The files that are written say HS 1992, so the codes must be its.
        if code == "TOTAL" && !text.contains("H0") {
            return Err(fault(format!("is \"{text}\"; the list of HS 1992 (H0) is needed")));
        }
        let is_code = code.len() == 6 && code.bytes().all(|character| character.is_ascii_digit());
        if level == "6" && is_code {
            let title = text.strip_prefix(code).unwrap_or(text).trim_start_matches([' ', '-']);
            products.push(Product { code: code.to_owned(), title: title.to_owned() });
        }
    }
    products.sort_by(|left, right| left.code.cmp(&right.code));
    products.dedup_by(|left, right| left.code == right.code);
    if products.len() < count {
        return Err(fault(format!("has {} codes of six digits, and --codes asks for {count}", products.len())));
    }
    Ok((0..count).map(|index| products[index * products.len() / count].clone()).collect())
}

fn targets(args: &Args, generator: &Generator) -> Vec<Target> {
    let ending = if args.gzip { ".gz" } else { "" };
    let target = |name: String, content: Content| Target { path: args.out.join(name), content };
    let years = generator.years();
    match args.format {
        FormatName::Baci => {
            let mut targets = vec![target("product_codes_HS92.csv".into(), Content::ProductCodes)];
            for (place, year) in years.iter().enumerate() {
                let name = format!("BACI_HS92_Y{year}_GENERATED.csv{ending}");
                targets.push(target(name, Content::Rows(place..place + 1)));
            }
            targets
        }
        FormatName::Comtrade => {
            let name = format!("comtrade_annual_H0_GENERATED.csv{ending}");
            let mut targets = vec![target(name, Content::Rows(0..years.len()))];
            // Real codes stand in the list they came from.
            if args.classification.is_none() {
                targets.push(target("comtrade_cmd_h0_GENERATED.csv".into(), Content::CommodityList));
            }
            targets
        }
    }
}

fn fill(target: &Target, generator: &Generator, progress: &Progress, out: &mut dyn Write) -> io::Result<Option<u64>> {
    match &target.content {
        Content::ProductCodes => trade::write_product_codes(generator.products(), out).map(|()| None),
        Content::CommodityList => trade::write_commodity_list(generator.products(), out).map(|()| None),
        Content::Rows(places) => {
            generator.write_header(out)?;
            let mut rows = 0;
            for place in places.clone() {
                rows += generator.write_year(place, out, &mut |rows| progress.rows(rows))?;
            }
            Ok(Some(rows))
        }
    }
}

/// Writes under another name first, so that a file of the final name is whole.
fn write_file<Filled>(
    path: &Path,
    gzip: bool,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<Filled>,
) -> io::Result<Filled> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let write = || {
        let mut plain = BufWriter::with_capacity(1 << 18, File::create(&unfinished)?);
        let filled = if gzip {
            let mut packer = GzEncoder::new(plain, Compression::fast());
            let filled = fill(&mut packer)?;
            plain = packer.finish()?;
            filled
        } else {
            fill(&mut plain)?
        };
        plain.flush()?;
        std::fs::rename(&unfinished, path)?;
        Ok(filled)
    };
    let result = write();
    if result.is_err() {
        // The first error is the one to tell; a remainder that cannot be removed has the same cause.
        let _ = std::fs::remove_file(&unfinished);
    }
    result
}

/// A bar on a terminal; elsewhere a line a file.
struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new(rows: u64) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let template = "[{bar:30}] {percent:>3} %  {human_pos} rows, {per_sec}  {elapsed}  {msg}";
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(rows).with_style(style)
        });
        Self { bar }
    }

    fn begin(&self, path: &Path) {
        if let Some(bar) = &self.bar {
            bar.set_message(path.display().to_string());
        }
    }

    fn rows(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(rows);
        }
    }

    fn wrote(&self, path: &Path, rows: Option<u64>, started: Instant) {
        let line = match rows {
            Some(rows) => {
                let seconds = started.elapsed().as_secs_f64();
                let rate = rows as f64 / seconds.max(0.001);
                format!("wrote {}: {rows} rows in {seconds:.1} s, {rate:.0} rows/s", path.display())
            }
            None => format!("wrote {}", path.display()),
        };
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn parse_years(text: &str) -> Result<Years, String> {
    let mut years = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (parse_year(first)?, parse_year(last)?);
        if first > last {
            return Err(format!("{part}: the first year is after the last"));
        }
        years.extend(first..=last);
    }
    Ok(Years(years))
}

fn parse_year(text: &str) -> Result<u16, String> {
    let year = text.trim().parse().ok().filter(|year| (1900..=2100).contains(year));
    year.ok_or_else(|| format!("`{text}` is not a year from 1900 to 2100"))
}

fn parse_share(text: &str) -> Result<Millionths, String> {
    let share = number::parse(text.as_bytes(), 6, Excess::Refuse).map_err(|problem| format!("{problem} (6)"))?;
    let share = share.and_then(|share| u32::try_from(share.value).ok()).filter(|share| *share <= 500_000);
    share.map(Millionths).ok_or_else(|| "is not a share from 0 to 0.5".into())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    fn args(out: &Path, more: &[&str]) -> Args {
        let out = out.to_str().unwrap();
        let small = ["generate", "baci", "--out", out, "--rows", "2000", "--years", "2020-2021", "--countries", "10"];
        Command::try_parse_from(small.iter().chain(more)).unwrap().args
    }

    #[test]
    fn years_and_shares_are_read() {
        assert_eq!(parse_years("2014,2018-2020").unwrap().0, [2014, 2018, 2019, 2020]);
        for text in ["", "2020-2019", "20", "2014-", "x"] {
            assert!(parse_years(text).is_err(), "{text}");
        }
        assert_eq!(parse_share("0.01").unwrap().0, 10_000);
        for text in ["1", "-0.1", "", "one", "0.0000001"] {
            assert!(parse_share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn files_are_replaced_only_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(run(&args(folder.path(), &[])), exit::OK);
        let file = folder.path().join("BACI_HS92_Y2021_GENERATED.csv");
        let first = std::fs::read(&file).unwrap();
        assert_eq!(run(&args(folder.path(), &["--seed", "2"])), exit::USAGE);
        assert_eq!(std::fs::read(&file).unwrap(), first);
        assert_eq!(run(&args(folder.path(), &["--seed", "2", "--force"])), exit::OK);
        assert_ne!(std::fs::read(&file).unwrap(), first);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn codes_come_from_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("comtrade_cmd_h0.csv");
        let mut bytes = Vec::new();
        trade::write_commodity_list(&trade::made_up_products(300), &mut bytes).unwrap();
        std::fs::write(&list, &bytes).unwrap();
        let codes: Vec<String> = read_products(&list, 100).unwrap().into_iter().map(|product| product.code).collect();
        let made_up: Vec<String> = trade::made_up_products(300).into_iter().step_by(3).map(|made| made.code).collect();
        assert_eq!(codes, made_up);
        assert_eq!(read_products(&list, 301).unwrap_err().exit_code(), exit::DATA);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("file");
        std::fs::write(&in_the_way, "").unwrap();
        assert_eq!(run(&args(&in_the_way, &[])), exit::IO);
        let unfinished = folder.path().join("data.csv");
        let failed = write_file(&unfinished, false, |out| {
            out.write_all(b"half")?;
            Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
