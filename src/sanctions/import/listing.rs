//! What every importer of a sanction list gives and is given.

use std::collections::HashMap;

use jiff::civil::Date;

use super::field::Refusal;
use crate::import::{Reject, Report};
use crate::sanctions::subject::model::Subject;
use crate::value::text::truncated;

/// The subjects of one release, gathered from its files.
pub struct Listing<'a> {
    pub report: &'a mut Report,
    /// Day on which the issuer made the files, where they say.
    pub published: Option<Date>,
    /// A day that they say and that cannot be read.
    pub unreadable_date: Option<String>,
    pub subjects: Vec<Subject>,
    places: HashMap<String, Taken>,
    /// Names of the files that subjects were taken from.
    files: Vec<String>,
}

/// Where a subject stands, here and in the files.
struct Taken {
    place: usize,
    file: usize,
    line: u64,
}

impl<'a> Listing<'a> {
    pub fn new(report: &'a mut Report) -> Self {
        Self {
            report,
            published: None,
            unreadable_date: None,
            subjects: Vec::new(),
            places: HashMap::new(),
            files: Vec::new(),
        }
    }

    /// Notes the day that a file says of itself; the newest counts. One that cannot be read is kept as text.
    pub fn dated(&mut self, day: Result<Option<Date>, Refusal>) {
        match day {
            Ok(day) => self.published = self.published.max(day),
            Err(Refusal { field, value, reason }) => {
                let (file, line) = self.report.reading.clone();
                self.report.keep_as_text(Reject { file, line, field, value: truncated(&value, 80), reason });
                self.unreadable_date = Some(value);
            }
        }
    }

    /// Takes a subject; one without name or with an identifier that was there before is rejected.
    pub fn take(&mut self, subject: Subject, file: &str, line: u64) {
        self.report.rows_read += 1;
        if subject.uid.is_empty() || !subject.uid.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
            let reason = "is not a valid identifier; expected letters, digits, `-`, `_` and `.`";
            return self.reject(file, line, "id", &subject.uid, reason);
        }
        if subject.name().is_empty() {
            return self.reject(file, line, "name", "", format!("the entry {} has no name", subject.uid));
        }
        if let Some(Taken { file: first, line: at, .. }) = self.places.get(&subject.uid) {
            let reason =
                format!("stands twice in this release at this line and at line {at} of {}", self.files[*first]);
            return self.reject(file, line, "id", &subject.uid, reason);
        }
        if self.files.last().is_none_or(|last| last != file) {
            self.files.push(file.to_owned());
        }
        let taken = Taken { place: self.subjects.len(), file: self.files.len() - 1, line };
        self.places.insert(subject.uid.clone(), taken);
        self.subjects.push(subject);
    }

    /// A subject that was taken before, for files whose parts belong to it (aliases, addresses).
    pub fn subject(&mut self, uid: &str) -> Option<&mut Subject> {
        self.places.get(uid).map(|taken| &mut self.subjects[taken.place])
    }

    /// Adds to each subject what needs the whole of it, with its place in the files.
    pub fn complete(&mut self, mut add: impl FnMut(&mut Subject, &mut Report)) {
        let mut taken: Vec<&Taken> = self.places.values().collect();
        taken.sort_unstable_by_key(|taken| taken.place);
        for Taken { place, file, line } in taken {
            self.report.at(&self.files[*file], *line);
            add(&mut self.subjects[*place], self.report);
        }
    }

    /// As [`Self::subject`], with the report for what is kept of it as text.
    pub fn subject_and_report(&mut self, uid: &str) -> Option<(&mut Subject, &mut Report)> {
        let place = self.places.get(uid)?.place;
        Some((&mut self.subjects[place], self.report))
    }

    /// Counts an entry as read and rejected.
    pub fn refuse(&mut self, file: &str, line: u64, refusal: &Refusal) {
        self.report.rows_read += 1;
        self.reject(file, line, &refusal.field, &refusal.value, refusal.reason.as_str());
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
