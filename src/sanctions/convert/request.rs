//! Fields that several requests share.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::reference::CommodityCode;
use crate::reference::convert::codes::Codes as _;
use crate::register::moment::day_number;
use crate::rpc::Violations;
use crate::sanctions::feed::change::{self as feed, ChangeKind};
use crate::sanctions::ownership::rule::authorities;
use crate::sanctions::subject::likeness::LinkStrength;
use crate::sanctions::subject::listed::{Filter, SubjectName};
use crate::sanctions::subject::model::{MeasureKind, SubjectKind};
use crate::value::text::truncated;

pub fn subject_name(field: &str, name: &str, violations: &mut Violations) -> Option<SubjectName> {
    let parsed = SubjectName::parse(name);
    if parsed.is_none() {
        let shown = truncated(name, 60);
        violations
            .add(field, format!("`{shown}` is not a valid subject; expected one such as subjects/us-ofac-sdn.36"));
    }
    parsed
}

/// Names of lists, with or without `datasets/`.
pub fn filter(filter: Option<&pb::SubjectFilter>, violations: &mut Violations) -> Filter {
    let Some(wire) = filter else {
        return Filter::default();
    };
    let kinds = each_of(&wire.kinds, subject_kind);
    let measures = each_of(&wire.measures, measure_kind);
    Filter {
        lists: violations.lists("filter.lists", &wire.lists),
        authorities: violations.texts("filter.authorities", &wire.authorities),
        kinds,
        programmes: violations.texts("filter.programmes", &wire.programmes),
        countries: violations.countries("filter.countries", &wire.countries),
        identifier: violations.text("filter.identifier", &wire.identifier).to_owned(),
        measures,
        listed_since: violations
            .first_day("filter.start_listing_date", wire.start_listing_date.as_ref())
            .map(day_number),
        changed_since: violations
            .first_day("filter.start_change_date", wire.start_change_date.as_ref())
            .map(day_number),
        include_delisted: wire.include_delisted,
    }
}

/// Which changes of the feed.
pub fn change_filter(filter: Option<&pb::ChangeFilter>, violations: &mut Violations) -> feed::Filter {
    let Some(wire) = filter else {
        return feed::Filter::default();
    };
    feed::Filter {
        lists: violations.lists("filter.lists", &wire.lists),
        kinds: each_of(&wire.kinds, change_kind),
        authorities: violations.texts("filter.authorities", &wire.authorities),
        programmes: violations.texts("filter.programmes", &wire.programmes),
        measures: each_of(&wire.measures, measure_kind),
        subject_kinds: each_of(&wire.subject_kinds, subject_kind),
        skip_initial: wire.skip_initial,
        since_day: violations.first_day("filter.start_date", wire.start_date.as_ref()).map(day_number),
    }
}

/// Numbers of an enum, each once; a rule of the protos refuses those that it does not have.
fn each_of<T: PartialEq>(numbers: &[i32], read: fn(i32) -> Option<T>) -> Vec<T> {
    let mut found = Vec::new();
    for kind in numbers.iter().filter_map(|number| read(*number)) {
        if !found.contains(&kind) {
            found.push(kind);
        }
    }
    found
}

fn subject_kind(number: i32) -> Option<SubjectKind> {
    match pb::SubjectKind::try_from(number).ok()? {
        pb::SubjectKind::Unspecified => None,
        pb::SubjectKind::Person => Some(SubjectKind::Person),
        pb::SubjectKind::Organization => Some(SubjectKind::Organization),
        pb::SubjectKind::Vessel => Some(SubjectKind::Vessel),
        pb::SubjectKind::Aircraft => Some(SubjectKind::Aircraft),
    }
}

fn measure_kind(number: i32) -> Option<MeasureKind> {
    const KINDS: [MeasureKind; 12] = [
        MeasureKind::Other,
        MeasureKind::AssetFreeze,
        MeasureKind::TravelBan,
        MeasureKind::Sectoral,
        MeasureKind::Investment,
        MeasureKind::CorrespondentAccount,
        MeasureKind::ExportRestriction,
        MeasureKind::VesselBan,
        MeasureKind::Arms,
        MeasureKind::TrustServices,
        MeasureKind::DirectorDisqualification,
        MeasureKind::Dealings,
    ];
    KINDS.into_iter().find(|kind| i32::from(super::subject::measure_kind(*kind)) == number)
}

fn change_kind(number: i32) -> Option<ChangeKind> {
    match pb::ChangeKind::try_from(number).ok()? {
        pb::ChangeKind::Unspecified => None,
        pb::ChangeKind::Added => Some(ChangeKind::Added),
        pb::ChangeKind::Changed => Some(ChangeKind::Changed),
        pb::ChangeKind::Removed => Some(ChangeKind::Removed),
    }
}

/// Authorities with an ownership rule; all of them when none is named.
pub fn rule_authorities(field: &str, names: &[String], violations: &mut Violations) -> Vec<&'static str> {
    let known = authorities();
    if names.is_empty() {
        return known;
    }
    let mut found = Vec::new();
    if violations.keeps_rules(field) {
        for (index, name) in names.iter().enumerate() {
            match known.iter().find(|known| **known == name) {
                Some(authority) => found.push(*authority),
                None => violations.add(
                    format!("{field}[{index}]"),
                    format!("`{}` has no ownership rule; {} have", truncated(name, 40), known.join(", ")),
                ),
            }
        }
    }
    found
}

/// The strongest where none is said.
pub fn link_strength(strength: pb::LinkStrength) -> LinkStrength {
    match strength {
        pb::LinkStrength::Unspecified | pb::LinkStrength::Identifier => LinkStrength::Identifier,
        pb::LinkStrength::NameAndBirthDate => LinkStrength::NameAndBirthDate,
        pb::LinkStrength::NameKindAndCountry => LinkStrength::NameKindAndCountry,
    }
}

/// A code of an edition of the Harmonized System.
pub fn hs_commodity(field: &str, name: &str, violations: &mut Violations) -> Option<CommodityCode> {
    let code = CommodityCode::parse_name(violations.text(field, name));
    match code {
        None => {
            let shown = truncated(name, 60);
            violations.add(
                field,
                format!("`{shown}` is not a valid commodity; expected one such as commodities/HS2022-854231"),
            );
        }
        Some(code) if !code.classification().is_hs() => {
            violations.add(field, format!("{} is not an edition of the HS", code.classification().name()));
        }
        Some(code) if code.level() == 0 => violations.add(field, "is all goods; expected two to six digits"),
        Some(code) if code.level() == 1 => {
            violations.add(field, format!("`{code}` has one digit; expected two to six digits"));
        }
        Some(_) => {}
    }
    code
}

/// ISO alpha-3; empty is none.
pub fn destination(field: &str, text: &str, violations: &mut Violations) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    violations.area(field, text).map(|area| area.facts().code.clone())
}
