//! A subject as the lists in the store have it: its resource name, its links, and which of them a question is about.

use super::likeness::LinkStrength;
use super::model::{MeasureKind, Subject, SubjectKind};

/// A version of a subject, with what the list does not say of itself.
#[derive(Clone, Debug)]
pub struct Listed {
    pub number: i64,
    pub list: String,
    pub authority: String,
    pub since_release: i64,
    /// Publication day since which it is on the list, YYYYMMDD.
    pub spell_day: i64,
    /// Publication day of the release that no longer has it, if that may be seen.
    pub removal_day: Option<i64>,
    pub subject: Subject,
    /// Newest release of the store when it was read.
    pub newest_release: i64,
    /// Order of a search: whole names first.
    pub rank: i64,
}

impl Listed {
    pub fn name(&self) -> String {
        format!("subjects/{}.{}", self.list, self.subject.uid)
    }
}

/// List and identifier of a resource name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SubjectName {
    pub list: String,
    pub uid: String,
}

impl SubjectName {
    pub fn resource(&self) -> String {
        format!("subjects/{}.{}", self.list, self.uid)
    }

    /// Reads `subjects/{list}.{uid}`.
    pub fn parse(name: &str) -> Option<Self> {
        let (list, uid) = name.strip_prefix("subjects/")?.split_once('.')?;
        let fits = !list.is_empty() && !uid.is_empty() && name.len() <= 300 && !name.contains('\0');
        fits.then(|| Self { list: list.to_owned(), uid: uid.to_owned() })
    }
}

/// Which subjects. Empty lists filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub lists: Vec<String>,
    pub authorities: Vec<String>,
    pub kinds: Vec<SubjectKind>,
    pub programmes: Vec<String>,
    pub countries: Vec<String>,
    pub identifier: String,
    pub measures: Vec<MeasureKind>,
    pub listed_since: Option<i64>,
    pub changed_since: Option<i64>,
    pub include_delisted: bool,
}

/// The same subject on another list.
#[derive(Clone, Debug)]
pub struct Link {
    /// Number of the subject that it is linked with.
    pub subject: i64,
    pub list: String,
    pub uid: String,
    pub display_name: String,
    pub authority: String,
    pub strength: LinkStrength,
    /// In words why the two are the same.
    pub reason: String,
    /// The key that both have; empty where they share no identifier.
    pub key: String,
}

impl Link {
    pub fn name(&self) -> String {
        format!("subjects/{}.{}", self.list, self.uid)
    }
}
