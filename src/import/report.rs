//! What an import did, for people and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use crate::value::Span;

/// Rejects of which the place is kept; all are counted.
const EXAMPLES_KEPT: usize = 1000;

/// What a file was.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct FileHash {
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
    /// Day that the file says of itself, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Span>,
    /// Of a sanction list that is not simply whole: its parts, those of all files with the first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ListPart>,
}

/// A part of what a publisher lists, as a release has it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct ListPart {
    /// As the list names it, `Entity List`; empty where the list has no parts.
    pub name: String,
    /// The release has all of it; otherwise who is not in it may be listed all the same.
    pub whole: bool,
}

/// Why a row is not taken; its file and line are added by whoever reads them.
#[derive(Debug)]
pub struct Refusal {
    pub field: &'static str,
    pub value: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(field: &'static str, value: impl AsRef<[u8]>, reason: impl Into<String>) -> Self {
        Self { field, value: String::from_utf8_lossy(value.as_ref()).into_owned(), reason: reason.into() }
    }
}

/// A row that was refused, and why.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Reject {
    pub file: String,
    pub line: u64,
    pub field: String,
    pub value: String,
    pub reason: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, field, value, reason } = self;
        write!(formatter, "{file}, line {line}, {field} `{value}`: {reason}")
    }
}

/// Counts of one import.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Report {
    pub dataset: String,
    /// Number of the new release; absent when nothing was written.
    pub release: Option<i64>,
    pub publication_date: String,
    pub dry_run: bool,
    /// The files are those of the newest release: nothing was done.
    pub already_imported: bool,
    pub files: Vec<FileHash>,
    pub rows_read: u64,
    pub rows_new: u64,
    pub rows_revised: u64,
    pub rows_unchanged: u64,
    pub rows_withdrawn: u64,
    /// Rows that would be withdrawn, were not some of this release's rows rejected: one of those may be a new version.
    pub rows_held_back: u64,
    pub rows_rejected: u64,
    /// Rows left out on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Values whose digits beyond a thousandth were rounded.
    pub values_rounded: u64,
    pub rejected_by_reason: BTreeMap<String, u64>,
    pub rejects: Vec<Reject>,
    /// Values that fit no field and stay as text, by place; counted among `skipped`.
    pub kept_as_text: Vec<Reject>,
    /// File and line of the entry that is being read.
    #[serde(skip)]
    pub reading: (String, u64),
    pub scope: String,
    pub seconds: f64,
}

impl Report {
    pub fn reject(&mut self, reject: Reject) {
        self.rows_rejected += 1;
        // Without the place that some reasons end with: one count a reason, however many rows.
        let reason = reject.reason.split(" at ").next().unwrap_or_default();
        let kind = format!("{}: {reason}", reject.field);
        *self.rejected_by_reason.entry(kind).or_default() += 1;
        if self.rejects.len() < EXAMPLES_KEPT {
            self.rejects.push(reject);
        }
    }

    /// A value of a row that is taken all the same.
    pub fn keep_as_text(&mut self, place: Reject) {
        self.skip("values that fit no field, kept as text");
        if self.kept_as_text.len() < EXAMPLES_KEPT {
            self.kept_as_text.push(place);
        }
    }

    /// Notes where the entry stands that is read from now on.
    pub fn at(&mut self, file: &str, line: u64) {
        if self.reading.0 != file {
            file.clone_into(&mut self.reading.0);
        }
        self.reading.1 = line;
    }

    pub fn skip(&mut self, reason: &str) {
        if let Some(count) = self.skipped.get_mut(reason) {
            *count += 1;
        } else {
            self.skipped.insert(reason.to_owned(), 1);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.already_imported {
            return writeln!(
                formatter,
                "{}: these files are its newest release already; nothing changed",
                self.dataset
            );
        }
        match (self.release, self.dry_run) {
            (Some(release), _) => writeln!(
                formatter,
                "{}: release {release}, published {}, is visible now",
                self.dataset, self.publication_date
            )?,
            (None, true) => writeln!(formatter, "{}: dry run, nothing was written", self.dataset)?,
            (None, false) => writeln!(formatter, "{}: nothing was written", self.dataset)?,
        }
        for (label, count) in [
            ("read", self.rows_read),
            ("new", self.rows_new),
            ("revised", self.rows_revised),
            ("unchanged", self.rows_unchanged),
            ("withdrawn", self.rows_withdrawn),
            ("rejected", self.rows_rejected),
        ] {
            writeln!(formatter, "  {label:<10} {count:>12}")?;
        }
        if self.rows_held_back > 0 {
            writeln!(formatter, "  held back  {:>12}  not withdrawn, because rows were rejected", self.rows_held_back)?;
        }
        for (reason, count) in &self.skipped {
            writeln!(formatter, "  left out   {count:>12}  {reason}")?;
        }
        if self.values_rounded > 0 {
            writeln!(formatter, "  rounded    {:>12}  values with digits beyond a thousandth", self.values_rounded)?;
        }
        for (reason, count) in self.rejected_by_reason.iter().take(10) {
            writeln!(formatter, "  rejected   {count:>12}  {reason}")?;
        }
        for reject in self.rejects.iter().take(5).chain(self.kept_as_text.iter().take(5)) {
            writeln!(formatter, "    {reject}")?;
        }
        writeln!(formatter, "  scope: {}", self.scope)?;
        let rate = self.rows_read as f64 / self.seconds.max(0.001);
        writeln!(formatter, "  {:.1} s, {rate:.0} rows/s", self.seconds)
    }
}
