//! A contract as dated, sourced facts.
//!
//! Every term is a fact of its own: what it says, since when, where it was read, how far it can be trusted, and whether it
//! is known at all. Facts that contradict one another stand side by side; what needs one value is then refused with both.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::Span;

/// The fields with their names in the book format, which stored records have too.
macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $name:literal,)*) => {
        /// What a fact is about. Names are those of the book format.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Field {
            $($(#[$doc])* $field,)*
        }

        impl Field {
            /// As the book format has it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)*
                }
            }

            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$field),)*
                    _ => None,
                }
            }
        }
    };
}

fields! {
    Title = "title",
    Seller = "seller",
    Buyer = "buyer",
    Guarantor = "guarantor",
    Transporter = "transporter",
    Operator = "operator",
    Lender = "lender",
    Commodity = "commodity",
    DeliveryPoint = "delivery_point",
    Route = "route",
    Incoterm = "incoterm",
    Signed = "signed",
    Start = "start",
    End = "end",
    /// Length of the term from its start, where no end is known: `20 years`.
    Term = "term",
    Extension = "extension",
    /// Identifier of the contract that this one amends.
    Amends = "amends",
    Supersedes = "supersedes",
    /// Annual contract quantity.
    Acq = "acq",
    /// In words: how the quantity builds up where no steps are known.
    BuildUp = "build_up",
    /// In words: the conditions of measurement where the unit does not say them.
    VolumeBasis = "volume_basis",
    /// Daily contract quantity.
    Dcq = "dcq",
    TotalQuantity = "total_quantity",
    TakeOrPayShare = "take_or_pay_share",
    DownwardTolerance = "downward_tolerance",
    UpwardOption = "upward_option",
    /// How far the buyer may go from the mean within the year.
    Swing = "swing",
    /// Twelve percentages of the year, from January on.
    SeasonalProfile = "seasonal_profile",
    /// Month in which contract years begin.
    YearBegins = "year_begins",
    ShortYear = "short_year",
    MakeUpOrder = "make_up_order",
    MakeUpYears = "make_up_years",
    CarryForwardCap = "carry_forward_cap",
    CarryForwardYears = "carry_forward_years",
    EndOfTerm = "end_of_term",
    DeficiencyPrice = "deficiency_price",
    PriceFormula = "price_formula",
    PriceTerms = "price_terms",
    /// Stage of the instrument.
    Stage = "stage",
    LegalStatus = "legal_status",
    PhysicalState = "physical_state",
    Event = "event",
    Note = "note",
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("`{name}` is not a field of the book format")))
    }
}

/// How far a fact can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    #[default]
    Unknown,
    High,
    Medium,
    Low,
}

/// What is known of a term.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactState {
    #[default]
    Extracted,
    Redacted,
    NotFound,
    NotReviewed,
    NotApplicable,
}

/// One fact.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Fact {
    pub field: Field,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// With its basis: `bcm/y@20C`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// ISO alpha-3 of a party.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
    /// Contract years of a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<i16>,
    pub source: String,
    #[serde(default)]
    pub confidence: Confidence,
    #[serde(default)]
    pub state: FactState,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A contract of a book.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contract {
    pub id: String,
    pub facts: Vec<Fact>,
}

impl AsRef<Fact> for Fact {
    fn as_ref(&self) -> &Fact {
        self
    }
}

/// What is on record of a kind of state on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing<'a> {
    /// The newest that is known and had begun.
    pub known: Option<&'a Fact>,
    /// One of as late or without a date that nobody has reviewed, or that was redacted or not found: it may have changed.
    pub doubt: Option<&'a Fact>,
}

/// Sources say different things.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{} is given as {values}; name the one to use in the request", field.name())]
pub struct Conflict {
    pub field: Field,
    pub values: String,
}

impl Field {
    pub fn is_party(self) -> bool {
        matches!(self, Self::Seller | Self::Buyer | Self::Guarantor | Self::Transporter | Self::Operator | Self::Lender)
    }
}

impl Fact {
    /// Whether it holds on a day; a vague date counts from its first day and until its last.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from.first <= day) && self.until.is_none_or(|until| until.last >= day)
    }

    pub fn is_known(&self) -> bool {
        self.state == FactState::Extracted && !self.value.is_empty()
    }
}

impl Contract {
    /// Facts of a field that hold on the day, and are known.
    pub fn known(&self, field: Field, day: Date) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |fact| fact.field == field && fact.is_known() && fact.holds_on(day))
    }

    /// The one value of a field on a day; `None` when it is not known.
    pub fn one(&self, field: Field, day: Date) -> Result<Option<&Fact>, Conflict> {
        agreed(self.known(field, day))
    }

    /// The newest state of a kind that began by the day: states follow one another.
    pub fn state(&self, field: Field, day: Date) -> Option<&Fact> {
        self.known(field, day).max_by_key(|fact| fact.from.map(|from| from.first))
    }

    /// The newest state of a kind, and what makes it doubtful.
    pub fn standing(&self, field: Field, day: Date) -> Standing<'_> {
        let known = self.state(field, day);
        let known_since = known.and_then(|fact| fact.from).map(|from| from.first);
        let is_open = |fact: &&Fact| fact.state != FactState::NotApplicable && !fact.is_known();
        let facts = self.facts.iter().filter(|fact| fact.field == field && fact.holds_on(day));
        let later = |fact: &&Fact| fact.from.is_none_or(|from| known_since.is_none_or(|since| from.first >= since));
        let doubt = facts.filter(is_open).filter(later).max_by_key(|fact| fact.from.map(|from| from.first));
        Standing { known, doubt }
    }

    /// Sellers and buyers in words.
    pub fn title(&self) -> String {
        let values = |field: Field| -> Vec<&str> {
            let facts = self.facts.iter().filter(|fact| fact.field == field && fact.is_known());
            facts.map(|fact| fact.value.as_str()).collect()
        };
        if let [title, ..] = values(Field::Title)[..] {
            return title.to_owned();
        }
        format!("{} to {}", values(Field::Seller).join(", "), values(Field::Buyer).join(", "))
    }

    /// First day that the start may mean and last day that the end may mean, for questions about terms; `None` is not
    /// known. Without an end the length of the term gives one.
    pub fn term(&self) -> (Option<Date>, Option<Date>) {
        self.term_of(|_| true)
    }

    /// The same by the facts that hold on a day.
    pub fn term_on(&self, day: Date) -> (Option<Date>, Option<Date>) {
        self.term_of(|fact| fact.holds_on(day))
    }

    fn term_of(&self, counts: impl Fn(&Fact) -> bool) -> (Option<Date>, Option<Date>) {
        let known = |field: Field| {
            self.facts.iter().filter(move |fact| fact.field == field && fact.is_known()).filter(|fact| counts(fact))
        };
        let spans = |field: Field| known(field).filter_map(|fact| fact.value.parse::<Span>().ok());
        let start = spans(Field::Start).map(|span| span.first).min();
        let lengths = known(Field::Term).filter_map(|fact| fact.value.parse::<length::Length>().ok());
        let derived = || lengths.filter_map(|length| length.last_day(start?)).max();
        (start, spans(Field::End).map(|span| span.last).max().or_else(derived))
    }
}

/// The first of several facts of a field, if all say the same.
fn agreed<'f, F: AsRef<Fact>>(mut facts: impl Iterator<Item = &'f F>) -> Result<Option<&'f F>, Conflict> {
    let Some(first) = facts.next() else { return Ok(None) };
    let Fact { field, value, unit, .. } = first.as_ref();
    let others: Vec<&Fact> =
        facts.map(AsRef::as_ref).filter(|other| (&other.value, &other.unit) != (value, unit)).collect();
    if others.is_empty() {
        return Ok(Some(first));
    }
    let shown = |fact: &Fact| format!("`{}{}` ({})", fact.value, spaced(&fact.unit), fact.source);
    let values = std::iter::once(first.as_ref()).chain(others).map(shown).collect::<Vec<_>>().join(" and ");
    Err(Conflict { field: *field, values })
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(field: Field, value: &str, from: &str, until: &str) -> Fact {
        Fact {
            field,
            value: value.into(),
            unit: String::new(),
            country: String::new(),
            from: from.parse().ok(),
            until: until.parse().ok(),
            first_year: None,
            last_year: None,
            source: "a source".into(),
            confidence: Confidence::High,
            state: FactState::Extracted,
            note: String::new(),
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn states_follow_one_another_and_terms_contradict() {
        let contract = Contract {
            id: "RU-AT-OMV".into(),
            facts: vec![
                fact(Field::LegalStatus, "in_force", "2006", ""),
                fact(Field::LegalStatus, "terminated", "2024-12-11", ""),
                fact(Field::End, "2040", "", ""),
                fact(Field::TotalQuantity, "365", "", ""),
                fact(Field::TotalQuantity, "325", "", ""),
                fact(Field::Acq, "6", "2018", "2024"),
            ],
        };
        let status = |on: &str| contract.state(Field::LegalStatus, day(on)).map(|fact| fact.value.as_str());
        assert_eq!(status("2023-06-01"), Some("in_force"));
        assert_eq!(status("2025-01-01"), Some("terminated"));
        assert_eq!(status("1999-01-01"), None);
        let doubted = Fact { state: FactState::NotReviewed, ..fact(Field::LegalStatus, "", "2025", "") };
        let contract = Contract { facts: [contract.facts, vec![doubted]].concat(), ..contract };
        let doubt = |on: &str| contract.standing(Field::LegalStatus, day(on)).doubt.is_some();
        assert_eq!((doubt("2024-12-31"), doubt("2025-01-01")), (false, true));
        let conflict = contract.one(Field::TotalQuantity, day("2023-01-01")).unwrap_err().to_string();
        assert!(conflict.contains("`365` (a source) and `325`"), "{conflict}");
        assert_eq!(contract.one(Field::Acq, day("2024-12-31")).unwrap().unwrap().value, "6");
        assert_eq!(contract.one(Field::Acq, day("2025-01-01")), Ok(None));
        assert_eq!(contract.term().1, Some(day("2040-12-31")));
        assert_eq!(Field::parse("take_or_pay_share"), Some(Field::TakeOrPayShare));
        assert_eq!(Field::TakeOrPayShare.name(), "take_or_pay_share");
    }
}

pub mod check;
pub mod length;
pub mod reading;
pub mod revision;
pub mod terms;
