//! The columns of a table: where each stands, which of a layout's are missing, and which have no field.
//!
//! Blanks, slashes and capitals of a column's name differ from release to release, so that only letters and digits
//! count. A layout is told by a few columns; any other may be missing, and the report says so. What a column holds that
//! the layout does not have stays as a detail by the column's name.

use std::collections::{HashMap, HashSet};

use csv::ByteRecord;

use crate::import::{Error, Report, TableReader};
use crate::sanctions::subject::model::Subject;

/// Columns by name.
pub struct Columns {
    places: HashMap<String, usize>,
    /// Name and place of those that no field takes.
    unread: Vec<(String, usize)>,
}

impl Columns {
    /// `telling` are the columns without which a file is of another layout, `read` all others that are read, `ignored`
    /// those that say nothing of a subject.
    pub fn of(
        table: &TableReader<'_>,
        layout: &str,
        (file, line): (&str, u64),
        telling: &[&str],
        (read, ignored): (&[&str], &[&str]),
        report: &mut Report,
    ) -> Result<Self, Error> {
        let mut places = HashMap::new();
        for (place, name) in table.header().iter().enumerate() {
            places.entry(plain(name)).or_insert(place);
        }
        let is_missing = |name: &&str| !places.contains_key(&plain(name));
        let missing: Vec<&str> = telling.iter().copied().filter(is_missing).collect();
        if !missing.is_empty() {
            return Err(Error::Format {
                file: file.to_owned(),
                problem: format!("line {line} lacks the columns {}", missing.join(", ")),
                remedy: format!("expected the header of {layout}"),
            });
        }
        for name in read.iter().filter(|name| is_missing(name)) {
            report.skip(&format!("a column that the file does not have: {name}"));
        }
        let known: HashSet<String> = [telling, read, ignored].into_iter().flatten().map(|name| plain(name)).collect();
        let unread = table.header().iter().zip(0..).filter(|(name, _)| !known.contains(&plain(name)));
        let unread = unread.map(|(name, place)| (name.clone(), place)).collect();
        Ok(Self { places, unread })
    }

    /// Text of a column; empty when the table has no such column.
    pub fn text<'a>(&self, record: &'a ByteRecord, name: &str) -> &'a str {
        self.places.get(&plain(name)).map_or("", |place| at(record, *place))
    }

    /// Keeps the values of columns that no field takes, each once, and counts them by column.
    pub fn keep_unread(&self, record: &ByteRecord, subject: &mut Subject, report: &mut Report) {
        for (name, place) in &self.unread {
            let value = at(record, *place);
            let label = if name.is_empty() { "a column without a name" } else { name.as_str() };
            let is_there = subject.details.iter().any(|detail| detail.label == *label && detail.value == value);
            if !value.is_empty() && !is_there {
                report.skip(&format!("values of the column {label}, which no field takes: kept as details"));
                subject.detail(label, value);
            }
        }
    }
}

fn at(record: &ByteRecord, place: usize) -> &str {
    // TableReader takes UTF-8 only.
    std::str::from_utf8(record.get(place).unwrap_or_default()).unwrap_or_default().trim()
}

/// A name by its letters and digits alone.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
