//! One import from files to a visible release.

use std::time::Instant;

use tokio::runtime::Handle;

use super::diff::{self, Change, Rules};
use super::scope::Scope;
use super::sink::{Sink, check_rejects};
use super::sort::{Sorted, Sorter};
use super::source::Source;
use super::write::ReleaseWriter;
use crate::import::{Error, Input, Options, Progress, Report, encoding};
use crate::reference::KnownCodes;
use crate::register::DatasetSpec;
use crate::register::protocol::{self, dataset_name};
use crate::register::release::Base;
use crate::store::{Store, Writer};
use crate::trade::model::StoredFlow;
use crate::trade::store::columns::{FLOW_LIST, FLOW_WIDTH, stored_flow};

const ROWS_BETWEEN_REPORTS: u64 = 65_536;

/// Reads the files, compares them with the store and writes what changed as one release. Blocks.
pub fn import(store: &Store, format: &dyn Source, options: &Options, progress: &mut Progress) -> Result<Report, Error> {
    let started = Instant::now();
    options.check_publication_date()?;
    let mut spec = format.dataset();
    if let Some(name) = &options.dataset {
        spec.name = dataset_name(name)?;
    }
    if let Some(license) = &options.license {
        spec.license.clone_from(license);
    }
    let mut files = options.files.clone();
    format.arrange(&mut files);

    let report = Report {
        dataset: spec.name.clone(),
        publication_date: options.publication_date().to_string(),
        dry_run: options.dry_run,
        ..Report::default()
    };
    let codes = Handle::current().block_on(KnownCodes::load(store, 0))?;
    let sorter = Sorter::new(options.sort_rows, options.temp_dir.clone());
    let scope = Scope::new(format.scope_rule(), options.whole);
    let mut sink = Sink::new(&codes, sorter, scope, report, progress, options.max_rejects);
    for (index, path) in files.iter().enumerate() {
        let mut input = Input::open(path, sink.progress())?;
        encoding::decode(&mut input, options.encoding);
        sink.begin_file(index, input.name());
        format.read(&mut input, &mut sink)?;
        let hash = input.finish()?;
        sink.report.files.push(hash);
    }
    sink.check_rejects()?;
    let (sorter, scope, mut report) = sink.finish();
    if report.rows_read == 0 {
        return Err(Error::Refused("the files hold no rows; nothing was changed".into()));
    }
    report.scope = scope.describe().to_owned();
    let sorted = sorter.finish()?;

    let file_names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let incoming = Incoming { sorted, scope, file_names, max_rejects: options.max_rejects };
    progress.phase("writing");
    if !options.dry_run {
        make_partitions(store, &incoming.scope)?;
        incoming.write(store, &spec, options, &mut report, progress)?;
    } else if let Some(base) = protocol::plan(store, &spec, options, &mut report)? {
        incoming.compare(store, base, &mut report, progress, |_| Ok(()))?;
    }
    progress.finish();
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Sorted rows with what is needed to compare them.
struct Incoming {
    sorted: Sorted,
    scope: Scope,
    file_names: Vec<String>,
    max_rejects: u64,
}

impl Incoming {
    fn write(
        self,
        store: &Store,
        spec: &DatasetSpec,
        options: &Options,
        report: &mut Report,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        protocol::write(store, store.writer()?, spec, options, report, |writer, base, report| {
            let years = self.scope.years();
            let mut release = ReleaseWriter::new(writer, base.dataset, base.release)?;
            self.compare(store, base, report, progress, |change| release.apply(change))?;
            release.finish()?;
            analyze(writer, &years)
        })
    }

    fn compare(
        self,
        store: &Store,
        base: Base,
        report: &mut Report,
        progress: &mut Progress,
        mut each: impl FnMut(Change) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let stored: Box<dyn Iterator<Item = Result<StoredFlow, Error>>> = match base.previous {
            None => Box::new(std::iter::empty()),
            Some(_) => Box::new(stored_rows(store, base.dataset, &self.scope)?),
        };
        let total = report.rows_read;
        let mut done = 0_u64;
        // A rejected row may be a new version of one that is stored: nothing may be withdrawn for its absence.
        let withdraws = report.rows_rejected == 0;
        let rules = Rules { file_names: &self.file_names, max_rejects: self.max_rejects, withdraws };
        diff::changes(self.sorted, stored, &rules, report, |change| {
            done += 1;
            if done.is_multiple_of(ROWS_BETWEEN_REPORTS) {
                progress.rows(done, Some(total));
            }
            each(change)
        })?;
        check_rejects(report, self.max_rejects)
    }
}

/// Current rows within the scope, in the order of their keys.
fn stored_rows<'a>(
    store: &Store,
    dataset: i64,
    scope: &'a Scope,
) -> Result<impl Iterator<Item = Result<StoredFlow, Error>> + 'a, Error> {
    let list = &*FLOW_LIST;
    let queries = scope
        .conditions()
        .into_iter()
        .map(|condition| {
            format!(
                "SELECT {list} FROM flows WHERE dataset = {dataset} AND {condition}
                    ORDER BY dataset, reporter, flow, period, partner, commodity, variant"
            )
        })
        .collect();
    let scan = store.scan(queries, FLOW_WIDTH)?;
    let rows = scan.flat_map(move |batch| {
        let rows: Vec<Result<StoredFlow, Error>> = match batch {
            Err(error) => vec![Err(Error::Store(error))],
            Ok(batch) => {
                batch.iter().map(stored_flow).filter(|stored| scope.contains(stored.row.key)).map(Ok).collect()
            }
        };
        rows
    });
    Ok(rows)
}

/// PostgreSQL needs a partition a year. They are made beforehand and attached, which readers do not notice; an empty
/// one means nothing, so it does no harm should the import fail.
fn make_partitions(store: &Store, scope: &Scope) -> Result<(), Error> {
    if store.backend() != crate::store::Backend::Postgres {
        return Ok(());
    }
    let mut writer = store.writer()?;
    for year in scope.years() {
        let exists = writer.integers(&format!("SELECT 1 WHERE to_regclass('flows_{year}') IS NOT NULL"), 1)?;
        if !exists.is_empty() {
            continue;
        }
        writer.execute_sql(&format!("CREATE TABLE flows_{year} (LIKE flows INCLUDING ALL)"), &[])?;
        let bounds = format!("FOR VALUES FROM ({}) TO ({})", year * 100, (year + 1) * 100);
        writer.execute_sql(&format!("ALTER TABLE flows ATTACH PARTITION flows_{year} {bounds}"), &[])?;
    }
    Ok(writer.commit()?)
}

/// Tells PostgreSQL's planner how the tables have grown; SQLite's writer does so itself.
fn analyze(writer: &mut Writer, years: &[i32]) -> Result<(), Error> {
    if !writer.is_postgres() {
        return Ok(());
    }
    for year in years {
        writer.execute_sql(&format!("ANALYZE flows_{year}"), &[])?;
    }
    for table in ["flow_history", "flow_strata", "flow_pairs", "flow_world"] {
        writer.execute_sql(&format!("ANALYZE {table}"), &[])?;
    }
    Ok(())
}
