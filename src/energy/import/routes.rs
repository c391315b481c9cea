//! Routes and projects from files of Global Energy Monitor: its tables of pipelines, LNG terminals and fields, as CSV or as
//! sheets of a workbook, and the files behind its maps of gas, of oil and of extraction.
//!
//! What a file is stands in its header; of a workbook every sheet is asked, and those without routes (`About`, a data
//! dictionary) are counted and left out. An identifier may stand once in an import: the tables and the map hold the same
//! routes in other words, so each belongs into a dataset of its own.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::gem::capacity;
use super::gem::detect::{self, Recognized};
use super::gem::layout::Identifiers;
use super::gem::names::folded;
use super::gem::row::{Notices, Refusal, Row};
use crate::energy::import::unread;
use crate::energy::import::write::{Records, refuse_empty, write_records};
use crate::energy::route::Route;
use crate::import::xlsx::{self, FirstBytes, Workbook};
use crate::import::{Error, Input, Progress, Reject, Report, TableReader};
use crate::register::DatasetKind;
use crate::value::text::truncated;

pub const FORMAT: Records = Records {
    name: "routes",
    about: "Pipelines, terminals and fields: tables and maps of Global Energy Monitor (CSV, xlsx).",
    kind: DatasetKind::Routes,
    dataset: "routes",
    title: "Energy routes and projects",
    publisher: "as its rows say",
    license: "as its source says; Global Energy Monitor: CC BY 4.0",
    scope: "the whole dataset",
    write: |job, progress| {
        let routes = read(&job.options.files, progress, job.report)?;
        refuse_empty(&routes, job.report)?;
        write_records(job, &routes.into_iter().map(|route| (route.id.clone(), route)).collect())
    },
};

const OTHER_SHEETS: &str = "sheets of a workbook that hold no routes";
const ALIKE: &str = "rows that stand there twice, alike";
const BEYOND: &str = "capacities above all the world's production, a slip of units in the file: kept as they are";

/// Reads all files. The routes stand in the order of the files.
pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Route>, Error> {
    if files.is_empty() {
        return Err(Error::Refused("no file was named".into()));
    }
    let mut collected = Collected::default();
    for path in files {
        match xlsx::first_bytes(path)? {
            FirstBytes::Archive => workbook(path, &mut collected, report)?,
            FirstBytes::Other => text(path, progress, &mut collected, report)?,
        }
    }
    Ok(collected.routes)
}

fn text(path: &Path, progress: &Progress, collected: &mut Collected, report: &mut Report) -> Result<(), Error> {
    let mut input = Input::open(path, progress)?;
    unread::refuse(&mut input)?;
    let file = input.name();
    let mut reader = TableReader::open(&mut input, b',', &[])?;
    let recognized = detect::detect(reader.header()).map_err(|unknown| Error::Format {
        file: file.clone(),
        problem: unknown.problem,
        remedy: unknown.remedy,
    })?;
    let mut table = Table::new(file, recognized);
    let mut record = ByteRecord::new();
    while let Some(line) = reader.read(&mut record)? {
        table.take(&record, line, collected, report);
    }
    table.finish()?;
    report.files.push(input.finish()?);
    Ok(())
}

fn workbook(path: &Path, collected: &mut Collected, report: &mut Report) -> Result<(), Error> {
    let mut workbook = Workbook::open(path)?;
    let sheets = workbook.sheets();
    let mut tables = 0;
    for name in &sheets {
        let Some(mut sheet) = workbook.sheet(name)? else { continue };
        let mut record = ByteRecord::new();
        let first = sheet.read(&mut record)?;
        let recognized = match detect::detect(&header(&record)) {
            Ok(recognized) => recognized,
            Err(unknown) if unknown.nearly || is_named_as_table(name) => {
                let row = first.unwrap_or(1);
                let problem = match first {
                    Some(_) => format!("row {row}: {}", unknown.problem),
                    None => "the sheet is empty".to_owned(),
                };
                return Err(Error::Format { file: sheet.place, problem, remedy: unknown.remedy });
            }
            Err(_) => {
                report.skip(OTHER_SHEETS);
                continue;
            }
        };
        let mut table = Table::new(sheet.place.clone(), recognized);
        while let Some(row) = sheet.read(&mut record)? {
            table.take(&record, row, collected, report);
        }
        table.finish()?;
        tables += 1;
    }
    if tables == 0 {
        return Err(Error::Format {
            file: path.display().to_string(),
            problem: format!("no sheet of the workbook holds routes; its sheets are {}", sheets.join(", ")),
            remedy: "expected Global Energy Monitor's `Gas Pipelines` or `LNG Terminals`".into(),
        });
    }
    report.files.push(workbook.hash());
    Ok(())
}

fn header(record: &ByteRecord) -> Vec<String> {
    record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect()
}

/// Sheets of these names are tables of routes, and are never passed over.
fn is_named_as_table(sheet: &str) -> bool {
    const NAMES: [&str; 7] = [
        "pipelines",
        "gaspipelines",
        "oilpipelines",
        "oilnglpipelines",
        "hydrogenpipelines",
        "lngterminals",
        "oilgasextraction",
    ];
    // Releases put their date behind the name.
    let name = folded(sheet);
    NAMES.contains(&name.trim_end_matches(|character: char| character.is_ascii_digit()))
}

/// What all files gave, and where each identifier stands.
#[derive(Default)]
struct Collected {
    routes: Vec<Route>,
    places: HashMap<String, Place>,
}

struct Place {
    index: usize,
    file: String,
    line: u64,
}

/// What became of a row.
enum Taken {
    Added,
    /// It stands there already, in the same words.
    Alike,
    /// Left out on purpose.
    Left,
}

/// One file or sheet being read.
struct Table {
    /// As errors name it.
    file: String,
    recognized: Recognized,
    rows: u64,
    made: Made,
}

/// What makes identifiers where the table has none.
#[derive(Default)]
struct Made {
    rows: HashSet<Vec<u8>>,
    times: HashMap<String, u32>,
}

impl Table {
    fn new(file: String, recognized: Recognized) -> Self {
        Self { file, recognized, rows: 0, made: Made::default() }
    }

    fn take(&mut self, record: &ByteRecord, line: u64, collected: &mut Collected, report: &mut Report) {
        self.rows += 1;
        report.rows_read += 1;
        let mut notices = Notices::default();
        let row = Row { record, columns: &self.recognized.columns };
        let taken = match (self.recognized.layout.route)(&row, &mut notices) {
            Ok(Some(route)) => {
                if capacity::is_beyond_the_world(&route) {
                    notices.count(BEYOND);
                }
                self.add(route, record, line, collected)
            }
            Ok(None) => Ok(Taken::Left),
            Err(refusal) => Err(refusal),
        };
        match taken {
            Ok(Taken::Added | Taken::Left) => notices.0.into_iter().for_each(|notice| report.skip(notice)),
            Ok(Taken::Alike) => report.skip(ALIKE),
            Err(refusal) => self.refuse(line, refusal, report),
        }
    }

    fn add(
        &mut self,
        mut route: Route,
        record: &ByteRecord,
        line: u64,
        collected: &mut Collected,
    ) -> Result<Taken, Refusal> {
        if self.recognized.layout.identifiers == Identifiers::Made {
            if !self.made.rows.insert(record.as_slice().to_vec()) {
                return Ok(Taken::Alike);
            }
            let times = self.made.times.entry(route.id.clone()).or_default();
            *times += 1;
            if *times > 1 {
                route.id = format!("{}---{times}", route.id);
            }
        }
        if let Some(place) = collected.places.get(&route.id) {
            if collected.routes[place.index] == route {
                return Ok(Taken::Alike);
            }
            let reason =
                format!("is another row's already, with other content, at {}, line {}", place.file, place.line);
            return Err(Refusal::new(self.recognized.layout.id_column, &route.id, reason));
        }
        let place = Place { index: collected.routes.len(), file: self.file.clone(), line };
        collected.places.insert(route.id.clone(), place);
        collected.routes.push(route);
        Ok(Taken::Added)
    }

    fn refuse(&self, line: u64, refusal: Refusal, report: &mut Report) {
        report.reject(Reject {
            file: self.file.clone(),
            line,
            field: self.recognized.columns.header(refusal.column).to_owned(),
            value: truncated(&refusal.value, 80),
            reason: refusal.reason,
        });
    }

    /// A table without rows is a file that broke off: taken as whole, it would withdraw everything.
    fn finish(self) -> Result<(), Error> {
        if self.rows > 0 {
            return Ok(());
        }
        let problem = format!("is a table of {} with a header and no row", self.recognized.layout.title);
        Err(Error::Format { file: self.file, problem, remedy: "fetch it again".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::route::RouteKind;
    use crate::import::xlsx::tests::{Cell, made_up};

    const PIPELINES: &str =
        "ProjectID,Fuel,PipelineName,Status,Countries,Owner,Capacity,CapacityUnits,Capacity (bcm/y),StartYear1";
    const OIL: &str = "project,unit,type,parent,countries,status,start_year,capacity,geom,route,url";

    struct Files {
        folder: tempfile::TempDir,
        paths: Vec<PathBuf>,
    }

    impl Files {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap(), paths: Vec::new() }
        }

        fn with(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
            let path = self.folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            self.paths.push(path);
            self
        }

        fn read(&self) -> Result<(Vec<Route>, Report), Error> {
            let mut report = Report::default();
            read(&self.paths, &Progress::silent(), &mut report).map(|routes| (routes, report))
        }

        fn refused(&self) -> String {
            self.read().unwrap_err().to_string()
        }
    }

    fn rejects(report: &Report) -> Vec<String> {
        report.rejects.iter().map(|reject| format!("{} {} `{}`", reject.line, reject.field, reject.value)).collect()
    }

    fn ids(routes: &[Route]) -> Vec<&str> {
        routes.iter().map(|route| route.id.as_str()).collect()
    }

    #[test]
    fn rows_are_taken_refused_and_counted() {
        let csv = format!(
            "{PIPELINES}\r\n\
             P1,Gas,North Line,shelved - inferred 2 y,\"Russia, China\",Gazprom [120%],--,--,--,Presumed\r\n\
             P2,Gas,North Line,Operating,Russia,,45-48,bcm/y,--,2019.0\r\n\
             P3,Gas,North Line,Operating,Russia,,much,bcm/y,--,\r\n\
             P4,Gas,North Line,Paused,Russia,,,,,\r\n\
             P5,CO2,Carbon Line,Operating,Russia,,,,,\r\n\
             P6,Gas,North Line,Operating,Russia,,,,x,\r\n"
        );
        let (routes, report) = Files::new().with("gas.csv", csv).read().unwrap();
        assert_eq!(ids(&routes), ["P1", "P2"]);
        assert!(routes[0].status_inferred && routes[0].capacity.is_none());
        assert_eq!(routes[0].owners[0].name, "Gazprom [120%]");
        assert_eq!((routes[1].capacity_text.as_str(), routes[1].start_years.as_slice()), ("45-48 bcm/y", &[2019][..]));
        assert_eq!(rejects(&report), ["4 Capacity `much`", "5 Status `Paused`", "7 Capacity (bcm/y) `x`"]);
        assert_eq!((report.rows_read, report.skipped.values().sum::<u64>()), (6, 4));
        assert_eq!(report.files.len(), 1);
    }

    #[test]
    fn an_identifier_stands_once() {
        let row = "P1,Gas,North Line,Operating,Russia,,38,bcm/y,38,";
        let other = row.replace("38", "39");
        let csv = format!("{PIPELINES}\n{row}\n{row}\n{other}\n");
        let (routes, report) = Files::new().with("gas.csv", csv).read().unwrap();
        assert_eq!((routes.len(), report.skipped[ALIKE]), (1, 1));
        assert_eq!(rejects(&report), ["4 ProjectID `P1`"]);
        assert!(report.rejects[0].reason.ends_with("gas.csv, line 2"), "{}", report.rejects[0].reason);
        assert_eq!(report.rejected_by_reason.len(), 1);
        // Also across files: the map tells the same route in other words.
        let map =
            "id,name,unit-name,status,areas,owner,capacity,tracker-display\nP1,N,,operating,Russia,,1,gas pipeline\n";
        let files = Files::new().with("gas.csv", format!("{PIPELINES}\n{row}\n")).with("map.csv", map);
        assert_eq!(rejects(&files.read().unwrap().1), ["2 id `P1`"]);
    }

    #[test]
    fn rows_without_identifiers_are_told_apart() {
        let line =
            |unit: &str, url: &str| format!("A–B Oil Pipeline,{unit},oil_pipelines,,,operating,,5,line,,{url}\n");
        let csv = [line("", "u1"), line("I", "u1"), line("I", "u2"), line("I", "u2"), line("i.", "u1")].concat();
        let (routes, report) = Files::new().with("oil.csv", format!("{OIL}\n{csv}")).read().unwrap();
        let expected =
            ["a-b-oil-pipeline", "a-b-oil-pipeline--i", "a-b-oil-pipeline--i---2", "a-b-oil-pipeline--i---3"];
        assert_eq!(ids(&routes), expected);
        assert_eq!(report.skipped[ALIKE], 1);
    }

    fn pipelines_sheet(rows: &[[Cell<'static>; 10]]) -> Vec<Vec<Cell<'static>>> {
        let mut sheet = vec![PIPELINES.split(',').map(Cell::Text).collect::<Vec<Cell<'_>>>()];
        sheet.extend(rows.iter().map(|row| row.to_vec()));
        sheet
    }

    fn pipeline(id: &'static str, capacity: Cell<'static>, year: Cell<'static>) -> [Cell<'static>; 10] {
        let text = Cell::Text;
        [
            text(id),
            text("Gas"),
            text("North Line"),
            text("Operating"),
            text("Russia"),
            text(""),
            capacity,
            text("bcm/y"),
            text("--"),
            year,
        ]
    }

    #[test]
    fn sheets_of_a_workbook() {
        let about = vec![vec![Cell::Text("About this tracker; CC BY 4.0")]];
        let rows = [
            pipeline("P1", Cell::Number("0.68999999999999995"), Cell::Number("2019")),
            pipeline("P2", Cell::Fault("#REF!"), Cell::Text("2020")),
        ];
        let content = made_up(&[("About", about), ("Gas Pipelines 2024-12-17", pipelines_sheet(&rows))]);
        let (routes, report) = Files::new().with("tracker.xlsx", content).read().unwrap();
        assert_eq!(routes.len(), 1);
        assert_eq!(routes[0].capacity.as_ref().unwrap().value.to_string(), "0.69");
        assert_eq!((routes[0].kind, routes[0].start_years.as_slice()), (RouteKind::GasPipeline, &[2019][..]));
        assert_eq!(rejects(&report), ["3 Capacity `#REF!`"]);
        assert!(report.rejects[0].file.ends_with("tracker.xlsx [Gas Pipelines 2024-12-17]"));
        assert_eq!(
            (report.rows_read, report.skipped[OTHER_SHEETS], report.files[0].name.as_str()),
            (2, 1, "tracker.xlsx")
        );
        assert_eq!(report.files[0].sha256.len(), 64);
    }

    #[test]
    fn what_is_no_table_is_refused_with_what_it_is() {
        let csv = format!("{PIPELINES}\nP1,Gas,N,Operating,,,,,,\n");
        let refused = |name: &str, content: &[u8]| Files::new().with(name, content).refused();
        assert!(refused("a.xlsx", csv.as_bytes()).contains("probably a CSV; name it .csv"));
        assert!(refused("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("old format (.xls)"));
        assert!(refused("a.xlsx", b"<html>").contains("not a workbook"));
        assert!(refused("a.csv", b"<html>").contains("HTML"));
        assert!(refused("a.csv", format!("{PIPELINES}\n").as_bytes()).contains("with a header and no row"));
        let lacking = csv.replace("Status", "State");
        assert!(refused("a.csv", lacking.as_bytes()).contains("the header lacks Status"));
        assert!(refused("a.csv", b"a,b\n1,2\n").contains("of no table that is known"));

        let sheet = |name: &'static str, cells: &[&'static str]| {
            let row: Vec<Cell<'_>> = cells.iter().map(|cell| Cell::Text(cell)).collect();
            refused("a.xlsx", &made_up(&[(name, vec![row])]))
        };
        assert!(sheet("About", &["a"]).contains("its sheets are About; "));
        let wrong = sheet("LNG Terminals", &["a", "b"]);
        assert!(wrong.contains("a.xlsx [LNG Terminals]: row 1: the header is of no table that is known"), "{wrong}");
        assert!(sheet("Gas Pipelines", &[]).contains("[Gas Pipelines]: the sheet is empty"));
        let nearly: Vec<&str> = PIPELINES.split(',').filter(|name| *name != "Fuel").collect();
        assert!(sheet("Data", &nearly).contains("the header lacks Fuel"));
        assert!(matches!(read(&[], &Progress::silent(), &mut Report::default()), Err(Error::Refused(_))));
    }
}
