//! A change of the feed, and which changes a question is about.

use crate::sanctions::subject::difference::FieldChange;
use crate::sanctions::subject::model::{MeasureKind, SubjectKind};

/// What a release did to a subject. Numbers are stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChangeKind {
    Added = 1,
    Changed = 2,
    Removed = 3,
}

/// What a release did to one subject of a list.
#[derive(Clone, Debug)]
pub struct Change {
    pub id: i64,
    pub list: String,
    pub uid: String,
    pub name: String,
    pub subject_kind: i64,
    pub kind: ChangeKind,
    pub release: i64,
    pub day: i64,
    pub initial: bool,
    pub fields: Vec<FieldChange>,
    /// Of the entry after the change, or before it if it is removed.
    pub entry: Entry,
}

/// Who lists a subject under what.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub authorities: Vec<String>,
    pub programmes: Vec<String>,
    pub measures: Vec<MeasureKind>,
}

/// Which changes. Empty lists filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub lists: Vec<String>,
    pub kinds: Vec<ChangeKind>,
    pub authorities: Vec<String>,
    pub programmes: Vec<String>,
    pub measures: Vec<MeasureKind>,
    pub subject_kinds: Vec<SubjectKind>,
    pub skip_initial: bool,
    pub since_day: Option<i64>,
}
