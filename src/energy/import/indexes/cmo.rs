//! The World Bank's workbook of monthly commodity prices (`CMO-Historical-Data-Monthly.xlsx`): a column a series.
//!
//! The sheet `Monthly Prices` has lines that say what it is, a row of names, a row of units in brackets, perhaps a row of
//! codes, and a row a month (`1960M01`). Names become the identifiers that the long table of the Pink Sheet has too.
//! Notes behind a name (`**`) mark a footnote and are no part of it. The other sheets hold indices and descriptions.

use std::path::Path;

use csv::ByteRecord;

use super::gather::{Columns, Gather, Stated, When};
use super::pink_sheet::{PREFIX, SOURCE, slug};
use super::rows::{Period, VALUES_ABSENT, field, is_absent, reject};
use crate::energy::price::Frequency;
use crate::import::xlsx::Workbook;
use crate::import::{Error, Refusal, Report};
use crate::value::Month;

const SHEET: &str = "Monthly Prices";
const OTHER_SHEETS: &str = "sheets of a workbook other than `Monthly Prices`";
/// Rows above the first month.
const HEAD_MAX: u64 = 30;
const PLACES: Columns =
    Columns { id: "series", title: "series", unit: "unit", source: "", period: "month", value: "value" };

/// A column of prices.
struct Column {
    index: usize,
    id: String,
    title: String,
    unit: String,
}

pub fn read(path: &Path, gather: &mut Gather, report: &mut Report) -> Result<(), Error> {
    let mut workbook = Workbook::open(path)?;
    let sheets = workbook.sheets();
    let hash = workbook.hash();
    let Some(mut sheet) = sheets.iter().any(|name| name == SHEET).then(|| workbook.sheet(SHEET)).transpose()?.flatten()
    else {
        return Err(Error::Format {
            file: path.display().to_string(),
            problem: format!("no sheet of the workbook holds price indexes; its sheets are {}", sheets.join(", ")),
            remedy: format!("expected the World Bank's CMO-Historical-Data-Monthly.xlsx, with the sheet `{SHEET}`"),
        });
    };
    let place = sheet.place.clone();
    let mut record = ByteRecord::new();
    let mut head: Vec<ByteRecord> = Vec::new();
    let mut columns: Option<Vec<Column>> = None;
    while let Some(row) = sheet.read(&mut record)? {
        let month = month(field(&record, 0));
        match (&columns, month) {
            (None, None) if row <= HEAD_MAX => head.push(record.clone()),
            (None, Some(_)) => columns = Some(header(&place, &head)?),
            (None, None) => return Err(no_table(&place)),
            _ => {}
        }
        let Some(columns) = &columns else { continue };
        take(&record, month, columns, gather, report, &place, row);
    }
    if columns.is_none() {
        return Err(no_table(&place));
    }
    for _ in sheets.iter().filter(|name| *name != SHEET) {
        report.skip(OTHER_SHEETS);
    }
    report.files.push(hash);
    Ok(())
}

fn no_table(place: &str) -> Error {
    Error::Format {
        file: place.to_owned(),
        problem: "no row begins with a month such as 1960M01".into(),
        remedy: "fetch the workbook again".into(),
    }
}

/// `1960M01`
fn month(text: &str) -> Option<Month> {
    let (year, month) = text.split_once('M')?;
    format!("{year}-{month}").parse().ok()
}

/// The columns, by the last row of names that has a row of units right below it.
fn header(place: &str, head: &[ByteRecord]) -> Result<Vec<Column>, Error> {
    let is_unit = |text: &str| text.starts_with('(') && text.ends_with(')');
    let units_at = head.iter().rposition(|row| {
        row.iter().skip(1).filter(|cell| !cell.is_empty()).count() > 0 && {
            let cells: Vec<&str> =
                (1..row.len()).map(|index| field(row, index)).filter(|cell| !cell.is_empty()).collect();
            cells.iter().all(|cell| is_unit(cell))
        }
    });
    let rows = units_at.and_then(|at| Some((head.get(at.checked_sub(1)?)?, head.get(at)?)));
    let Some((names, units)) = rows else {
        return Err(Error::Format {
            file: place.to_owned(),
            problem: "no row of units such as ($/bbl) stands above the months".into(),
            remedy: "fetch the workbook again".into(),
        });
    };
    let mut columns: Vec<Column> = Vec::new();
    for index in (1..names.len()).filter(|index| !field(names, *index).is_empty()) {
        let title = field(names, index).trim_end_matches(['*', ' ']).to_owned();
        let id = slug(PREFIX, &title);
        if columns.iter().any(|column| column.id == id) {
            return Err(Error::Format {
                file: place.to_owned(),
                problem: format!("has the series `{title}` twice"),
                remedy: "each may stand once".into(),
            });
        }
        let unit = field(units, index).trim_matches(['(', ')']).to_owned();
        columns.push(Column { index, id, title, unit });
    }
    Ok(columns)
}

/// Takes the values of a month; each that is refused is named by its series.
fn take(
    record: &ByteRecord,
    month: Option<Month>,
    columns: &[Column],
    gather: &mut Gather,
    report: &mut Report,
    place: &str,
    row: u64,
) {
    report.rows_read += 1;
    let text = field(record, 0);
    let Some(month) = month else {
        report.reject(reject(
            place,
            row,
            Refusal::new("month", text, "is not a valid month; expected one such as 1960M01"),
        ));
        return;
    };
    for Column { index, id, title, unit } in columns {
        let value = field(record, *index);
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            continue;
        }
        let when = When { period: Period::Month(month), text, said: Some(Frequency::Monthly) };
        if let Err(refusal) = gather.take(&PLACES, &Stated { id, title, unit, source: SOURCE }, when, value) {
            report.reject(reject(&format!("{place} `{title}`"), row, refusal));
        }
    }
}
