//! A release: what came into the store at once, and where the next one stands.

use jiff::civil::Date;

/// Another importer may read the same files otherwise, and so may other lists where rows were rejected.
pub const IMPORTER: &str = env!("CARGO_PKG_VERSION");

/// What came into the store at once.
#[derive(Clone, Debug)]
pub struct Release {
    pub id: i64,
    pub dataset: i64,
    pub publication_date: Date,
    /// The day that its files say of themselves, where they do; else that of its publication.
    pub dated: Date,
    pub created_at_ms: i64,
    pub importer_version: String,
    pub content_hash: String,
    /// JSON list of `import::FileHash`.
    pub files: String,
    /// Of a sanction list that is not simply whole: its parts.
    pub parts: Vec<ListPart>,
    pub rows_read: i64,
    pub rows_new: i64,
    pub rows_revised: i64,
    pub rows_unchanged: i64,
    pub rows_withdrawn: i64,
    pub rows_rejected: i64,
}

/// A part of what a publisher lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListPart {
    /// As the list names it; empty where the list has no parts.
    pub name: String,
    /// The release has all of it.
    pub whole: bool,
}

/// What the writer finds when it begins a release.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    pub dataset: i64,
    /// The dataset is in the store already.
    pub is_known: bool,
    /// Number of the release to write.
    pub release: i64,
    /// Newest release of this dataset before it.
    pub previous: Option<i64>,
    /// The previous release was made from the same files, whole, by the same importer.
    pub same_content: bool,
    /// The previous release was published later than this one.
    pub out_of_order: bool,
    /// The name belongs to a dataset of another kind or publisher.
    pub is_other: bool,
}
