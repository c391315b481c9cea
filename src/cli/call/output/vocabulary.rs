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

/// Message that says what figures rest on.
pub const BASIS: &str = "FlowBasis";

/// Message with the names of an answer's codes, and the field of a request that asks for it.
pub const NAMES: &str = "Names";
pub const ASKS_FOR_NAMES: &str = "include_names";
pub const COUNTRIES: &str = "countries";
pub const COMMODITIES: &str = "commodities";
pub const CODE: &str = "code";
pub const CLASSIFICATION: &str = "classification";
/// Fields that hold the code of a country, or of several.
pub const COUNTRY_FIELDS: [&str; 8] = [
    "reporter",
    "partner",
    "second_partner",
    "country",
    "countries",
    "origin_country",
    "destination_country",
    "destinations",
];
/// Field that holds the code of a commodity, beside its classification.
pub const COMMODITY_FIELD: &str = "commodity";
/// What the resource names of commodities begin with.
pub const COMMODITY_NAMES: &str = "commodities/";

/// Column of a calendar or contract year.
pub const YEAR: &str = "year";

/// The parts of an amount: how much, and of what.
pub const AMOUNT: &str = "value";
pub const UNITS: [&str; 2] = ["unit", "currency_code"];
/// Field of an amount whose name says nothing more than that it is one.
pub const PLAIN_AMOUNTS: [&str; 2] = ["quantity", "money"];

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
