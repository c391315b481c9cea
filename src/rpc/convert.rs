//! Shared messages: decimals, dates, provenance, emptiness.

use jiff::civil::Date;

use crate::emptiness::{Emptiness, EmptyReason};
use crate::exact;
use crate::proto::entrepot::r#type::v1 as pb;
use crate::proto::google::r#type::Date as WireDate;
use crate::reference::{Catalog, Dataset, Frequency, Valuation};
use crate::store::Moment;

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

pub fn frequency(frequency: Option<Frequency>) -> pb::Frequency {
    match frequency {
        None => pb::Frequency::Unspecified,
        Some(Frequency::Annual) => pb::Frequency::Annual,
        Some(Frequency::Quarterly) => pb::Frequency::Quarterly,
        Some(Frequency::Monthly) => pb::Frequency::Monthly,
    }
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
    };
    pb::Emptiness { reason: reason.into(), detail: emptiness.detail.clone() }
}

/// The release of a dataset as a source of an answer.
pub fn source(catalog: &Catalog, dataset: i64, release: i64) -> pb::Source {
    let spec = catalog.dataset_by_id(dataset).map(|dataset| dataset.spec.clone());
    let publication_date = catalog.release(release).map(|release| date(release.publication_date));
    let (name, title, publisher, license) = spec
        .map(|spec| (format!("datasets/{}", spec.name), spec.title, spec.publisher, spec.license))
        .unwrap_or_default();
    pb::Source { dataset: name, release: catalog.release_name(release), title, publisher, license, publication_date }
}

/// A day stored as YYYYMMDD.
pub fn day(number: i64) -> WireDate {
    WireDate { year: (number / 10_000) as i32, month: (number / 100 % 100) as i32, day: (number % 100) as i32 }
}

/// The newest release of a dataset that may be seen at a moment.
pub fn newest_release(catalog: &Catalog, dataset: &Dataset, moment: &Moment) -> Option<i64> {
    let as_of = moment.as_of();
    let mut releases = catalog.releases.iter().rev().filter(|release| release.dataset == dataset.id);
    releases
        .find(|release| release.id <= moment.release && as_of.is_none_or(|day| release.publication_date <= day))
        .map(|release| release.id)
}

/// The releases of these datasets that could be seen.
pub fn of_datasets(catalog: &Catalog, datasets: &[&Dataset], moment: &Moment) -> pb::Provenance {
    let visible = |dataset: &&&Dataset| newest_release(catalog, dataset, moment).map(|release| (dataset.id, release));
    let sources = datasets.iter().filter_map(|dataset| visible(&dataset));
    let sources = sources.map(|(id, release)| source(catalog, id, release)).collect();
    pb::Provenance { sources, ..pb::Provenance::default() }
}
