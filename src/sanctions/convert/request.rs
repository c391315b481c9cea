//! Fields that several requests share.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::reference::CommodityCode;
use crate::reference::convert::codes::Codes as _;
use crate::register::moment::day_number;
use crate::rpc::Violations;
use crate::sanctions::feed::change::ChangeKind;
use crate::sanctions::ownership::rule::authorities;
use crate::sanctions::subject::listed::{Filter, SubjectName};
use crate::sanctions::subject::model::{MeasureKind, SubjectKind};
use crate::value::text::truncated;

const TEXT_MAX: usize = 200;

pub fn subject_name(field: &str, name: &str, violations: &mut Violations) -> Option<SubjectName> {
    let parsed = SubjectName::parse(name);
    if parsed.is_none() {
        let shown = truncated(name, 60);
        violations.add(field, format!("`{shown}` is no subject; subjects/us-ofac-sdn.36 would be right"));
    }
    parsed
}

/// Names of lists, with or without `datasets/`.
pub fn filter(filter: Option<&pb::SubjectFilter>, violations: &mut Violations) -> Filter {
    let Some(wire) = filter else {
        return Filter::default();
    };
    let mut kinds = Vec::new();
    for (index, number) in wire.kinds.iter().enumerate() {
        match subject_kind(*number) {
            Some(kind) => kinds.push(kind),
            None => violations.add(format!("filter.kinds[{index}]"), format!("{number} is no kind of subject")),
        }
    }
    let mut measures = Vec::new();
    for (index, number) in wire.measures.iter().enumerate() {
        match measure_kind(*number) {
            Some(kind) => measures.push(kind),
            None => violations.add(format!("filter.measures[{index}]"), format!("{number} is no kind of measure")),
        }
    }
    Filter {
        lists: violations.lists("filter.lists", &wire.lists),
        authorities: violations.texts("filter.authorities", &wire.authorities),
        kinds,
        programmes: violations.texts("filter.programmes", &wire.programmes),
        countries: violations.countries("filter.countries", &wire.countries),
        identifier: violations.text("filter.identifier", &wire.identifier, TEXT_MAX).to_owned(),
        measures,
        listed_since: violations.first_day("filter.listed_since", wire.listed_since.as_ref()).map(day_number),
        changed_since: violations.first_day("filter.changed_since", wire.changed_since.as_ref()).map(day_number),
        include_delisted: wire.include_delisted,
    }
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
    const KINDS: [MeasureKind; 11] = [
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

pub fn change_kinds(kinds: &[i32], violations: &mut Violations) -> Vec<ChangeKind> {
    let mut found = Vec::new();
    for (index, number) in kinds.iter().enumerate() {
        match pb::ChangeKind::try_from(*number) {
            Ok(pb::ChangeKind::Added) => found.push(ChangeKind::Added),
            Ok(pb::ChangeKind::Changed) => found.push(ChangeKind::Changed),
            Ok(pb::ChangeKind::Removed) => found.push(ChangeKind::Removed),
            _ => violations.add(format!("kinds[{index}]"), format!("{number} is no kind of change")),
        }
    }
    found
}

/// Authorities with an ownership rule; all of them when none is named.
pub fn rule_authorities(field: &str, names: &[String], violations: &mut Violations) -> Vec<&'static str> {
    let known = authorities();
    if names.is_empty() {
        return known;
    }
    let mut found = Vec::new();
    if violations.at_most(field, names, 10) {
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

/// A code of an edition of the Harmonized System.
pub fn hs_commodity(field: &str, name: &str, violations: &mut Violations) -> Option<CommodityCode> {
    let code = CommodityCode::parse_name(violations.text(field, name, 60));
    match code {
        None => {
            let shown = truncated(name, 60);
            violations.add(field, format!("`{shown}` is no commodity; commodities/HS2022-854231 would be right"));
        }
        Some(code) if !code.classification().is_hs() => {
            violations.add(field, format!("{} is no edition of the HS", code.classification().name()));
        }
        Some(code) if code.level() == 0 => violations.add(field, "is all goods; two to six digits would be right"),
        Some(code) if code.level() == 1 => {
            violations.add(field, format!("`{code}` has one digit; two to six digits would be right"));
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
