//! Tables in a layout of our own: CSV with a header, one fact a row, days as `YYYY-MM-DD`, an empty field for what is
//! not known. What both kinds of fact share stands here; the columns stand with each.

use std::path::PathBuf;

use csv::ByteRecord;
use jiff::civil::Date;

use crate::import::{Error, Input, Progress, Refusal, Reject, Report, TableReader};
use crate::value::text::truncated;

/// Fields of one row by the names of their columns.
pub struct Row<'a> {
    record: &'a ByteRecord,
    /// Name and place of each column.
    columns: &'a [(&'static str, usize)],
    pub file: &'a str,
    pub line: u64,
}

impl Row<'_> {
    /// Without the white space around it; empty when the column is not one of the layout's.
    pub fn text(&self, field: &str) -> &str {
        let place = self.columns.iter().find(|(name, _)| *name == field).map(|(_, place)| *place);
        let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        // The table has refused what is not UTF-8.
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    pub fn required(&self, field: &'static str) -> Result<String, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Err(Refusal::new(field, text, "is empty and must be given"));
        }
        Ok(text.to_owned())
    }

    fn day(&self, field: &'static str) -> Result<Option<Date>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let is_day = text.len() == "2022-02-25".len();
        let day = text.parse::<Date>().ok().filter(|_| is_day);
        let refusal = || Refusal::new(field, text, "is not a valid day; expected one such as 2022-02-25");
        day.map(Some).ok_or_else(refusal)
    }

    /// The columns `from` and `until`, both ends included.
    pub fn period(&self) -> Result<(Option<Date>, Option<Date>), Refusal> {
        let (from, until) = (self.day("from")?, self.day("until")?);
        match (from, until) {
            (Some(from), Some(until)) if until < from => {
                let reason = format!("lies before the first day, {from}");
                Err(Refusal::new("until", self.text("until"), reason))
            }
            period => Ok(period),
        }
    }
}

/// Reads all rows of the files. `take` makes a fact of a row, or says why not.
pub fn read<T>(
    files: &[PathBuf],
    progress: &Progress,
    report: &mut Report,
    columns: &[&'static str],
    mut take: impl FnMut(&Row<'_>, &mut Report) -> Result<T, Refusal>,
) -> Result<Vec<T>, Error> {
    if files.is_empty() {
        return Err(Error::Refused("no file was named".into()));
    }
    let mut facts = Vec::new();
    for path in files {
        let mut input = Input::open(path, progress)?;
        let file = input.name();
        let mut table = TableReader::open(&mut input, b',', columns)?;
        let mut places = Vec::with_capacity(columns.len());
        for name in columns {
            places.push((*name, table.column(name)?));
        }
        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            report.rows_read += 1;
            let row = Row { record: &record, columns: &places, file: &file, line };
            match take(&row, report) {
                Ok(fact) => facts.push(fact),
                Err(Refusal { field, value, reason }) => report.reject(Reject {
                    file: file.clone(),
                    line,
                    field: field.to_owned(),
                    value: truncated(&value, 80),
                    reason,
                }),
            }
        }
        report.files.push(input.finish()?);
    }
    Ok(facts)
}

#[cfg(test)]
pub mod tests {
    use std::io::Write as _;

    use super::*;

    /// Reads `text` as a file with `read`; gives the facts, the report and the rejects as `line field`.
    pub fn read_text<T>(
        text: &str,
        read: impl Fn(&[PathBuf], &Progress, &mut Report) -> Result<Vec<T>, Error>,
    ) -> Result<(Vec<T>, Report, Vec<String>), Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut report = Report::default();
        let facts = read(&[file.path().to_owned()], &Progress::silent(), &mut report)?;
        let rejects = report.rejects.iter().map(|reject| format!("{} {}", reject.line, reject.field)).collect();
        Ok((facts, report, rejects))
    }
}
