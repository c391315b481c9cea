//! The names that descriptors cannot tell: what of an answer is about the answer. The one place to rename them.

/// Message with the sources and notes of an answer.
pub const PROVENANCE: &str = "Provenance";
/// Its list of sources, and of a source what is told of it.
pub const SOURCES: &str = "sources";
pub const SOURCE_TITLE: &str = "display_name";
pub const SOURCE_PUBLISHER: &str = "publisher";
pub const SOURCE_DAY: &str = "publication_date";
/// Sentences for a careful reader, in the provenance or in the answer itself.
pub const NOTES: &str = "notes";

/// Message that says why an answer holds nothing.
pub const EMPTINESS: &str = "Emptiness";
pub const EMPTINESS_REASON: &str = "reason";
pub const EMPTINESS_DETAIL: &str = "detail";

/// Fields of an answer behind which there is more, each with the field of the request that takes it.
pub const CONTINUED_BY: [(&str, &str); 2] = [("next_page_token", "page_token"), ("cursor", "cursor")];
/// Whether there is more behind a cursor already.
pub const MORE: &str = "more";

/// Field of a message that says the whole message as one word (a span of days).
pub const ONE_WORD: &str = "edtf";
