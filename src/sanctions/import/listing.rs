//! What every importer of a sanction list gives and is given.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::import::table::truncated;
use crate::import::{Reject, Report};
use crate::sanctions::model::Subject;

/// The subjects of one release, gathered from its files.
pub struct Listing<'a> {
    pub report: &'a mut Report,
    /// Day on which the issuer made the files, where they say.
    pub published: Option<Date>,
    pub subjects: Vec<Subject>,
    places: HashMap<String, usize>,
}

impl<'a> Listing<'a> {
    pub fn new(report: &'a mut Report) -> Self {
        Self { report, published: None, subjects: Vec::new(), places: HashMap::new() }
    }

    /// Takes a subject; one without name or with an identifier that was there before is rejected.
    pub fn take(&mut self, subject: Subject, file: &str, line: u64) {
        self.report.rows_read += 1;
        if subject.uid.is_empty() || !subject.uid.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
            let reason = "is no identifier; letters, digits, `-`, `_` and `.` would be right";
            return self.reject(file, line, "id", &subject.uid, reason);
        }
        if subject.name().is_empty() {
            return self.reject(file, line, "name", "", format!("the entry {} has no name", subject.uid));
        }
        if self.places.contains_key(&subject.uid) {
            return self.reject(file, line, "id", &subject.uid, "stands twice in this release");
        }
        self.places.insert(subject.uid.clone(), self.subjects.len());
        self.subjects.push(subject);
    }

    /// A subject that was taken before, for files whose parts belong to it (aliases, addresses).
    pub fn subject(&mut self, uid: &str) -> Option<&mut Subject> {
        self.places.get(uid).map(|place| &mut self.subjects[*place])
    }

    pub fn reject(&mut self, file: &str, line: u64, field: &str, value: &str, reason: impl Into<String>) {
        self.report.reject(Reject {
            file: file.to_owned(),
            line,
            field: field.to_owned(),
            value: truncated(value, 80),
            reason: reason.into(),
        });
    }
}
