//! Shared messages: decimals, dates, provenance, emptiness.

use jiff::civil::Date;

use crate::proto::entrepot::r#type::v1 as pb;
use crate::proto::google::r#type::Date as WireDate;
use crate::register::{Emptiness, EmptyReason, Source, Valuation};
use crate::value::{Span, exact};

pub fn decimal(text: impl Into<String>) -> pb::Decimal {
    pb::Decimal { value: text.into() }
}

/// Thousandths (of a dollar, a kilogram, a unit) as a decimal.
pub fn thousandths(number: i64) -> pb::Decimal {
    decimal(exact::thousandths(number))
}

pub fn date(date: Date) -> WireDate {
    WireDate { year: i32::from(date.year()), month: i32::from(date.month()), day: i32::from(date.day()) }
}

/// A date with its precision.
pub fn span(span: Span) -> pb::DateSpan {
    pb::DateSpan {
        start_date: Some(date(span.first)),
        end_date: Some(date(span.last)),
        approximate: span.circa,
        edtf: span.to_string(),
    }
}

pub fn quantity(value: impl Into<String>, unit: impl Into<String>) -> pb::Quantity {
    pb::Quantity { value: Some(decimal(value)), unit: unit.into() }
}

pub fn valuation(valuation: Valuation) -> pb::Valuation {
    match valuation {
        Valuation::Unknown => pb::Valuation::Unspecified,
        Valuation::Cif => pb::Valuation::Cif,
        Valuation::Fob => pb::Valuation::Fob,
        Valuation::AsReported | Valuation::ByFlow => pb::Valuation::AsReported,
        Valuation::Mixed => pb::Valuation::Mixed,
    }
}

pub fn emptiness(emptiness: &Emptiness) -> pb::Emptiness {
    let reason = match emptiness.reason {
        EmptyReason::NoTradeReported => pb::EmptyReason::NoTradeReported,
        EmptyReason::NotYetReported => pb::EmptyReason::NotYetReported,
        EmptyReason::NotCovered => pb::EmptyReason::NotCovered,
        EmptyReason::CodeUnknown => pb::EmptyReason::CodeUnknown,
        EmptyReason::CodeNotValid => pb::EmptyReason::CodeNotValidInClassification,
        EmptyReason::FilteredOut => pb::EmptyReason::FilteredOut,
        EmptyReason::NotReleased => pb::EmptyReason::NotReleased,
        EmptyReason::NoData => pb::EmptyReason::NoData,
        EmptyReason::InAnotherEdition => pb::EmptyReason::InAnotherEdition,
        EmptyReason::NotInThisList => pb::EmptyReason::NotInThisList,
    };
    pb::Emptiness { reason: reason.into(), detail: emptiness.detail.clone() }
}

/// The releases that an answer was read from.
pub fn provenance(sources: Vec<Source>, notes: Vec<String>) -> pb::Provenance {
    pb::Provenance { sources: sources.into_iter().map(source).collect(), notes }
}

fn source(source: Source) -> pb::Source {
    let Source { dataset, release, title, publisher, license, publication_date } = source;
    let publication_date = publication_date.map(date);
    pb::Source { dataset, release, display_name: title, publisher, license, publication_date }
}

/// Milliseconds since 1970 as an instant.
pub fn timestamp(milliseconds: i64) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: milliseconds.div_euclid(1000),
        nanos: (milliseconds.rem_euclid(1000) * 1_000_000) as i32,
    }
}

/// A day stored as YYYYMMDD.
pub fn day(number: i64) -> WireDate {
    WireDate { year: (number / 10_000) as i32, month: (number / 100 % 100) as i32, day: (number % 100) as i32 }
}
