//! The codes of countries and commodities that answers about sanctions hold.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::convert::names::Mentioned;

pub fn of_subjects<'a>(subjects: impl IntoIterator<Item = &'a pb::Subject>) -> types::Names {
    let mut mentioned = Mentioned::default();
    subjects.into_iter().for_each(|subject| put_subject(&mut mentioned, subject));
    mentioned.country_names()
}

pub fn of_changes(changes: &[pb::Change]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    changes.iter().for_each(|change| put_fields(&mut mentioned, &change.fields));
    mentioned
}

pub fn of_revisions(revisions: &[pb::SubjectRevision]) -> types::Names {
    let mut mentioned = Mentioned::default();
    revisions.iter().for_each(|revision| put_fields(&mut mentioned, &revision.fields));
    mentioned.country_names()
}

fn put_fields(mentioned: &mut Mentioned, fields: &[pb::FieldChange]) {
    let values = fields.iter().flat_map(|change| [&change.old_value, &change.new_value]).flatten();
    values.for_each(|subject| put_subject(mentioned, subject));
}

fn put_subject(mentioned: &mut Mentioned, subject: &pb::Subject) {
    subject.places.iter().for_each(|place| mentioned.country(&place.country));
    subject.identifiers.iter().for_each(|identifier| mentioned.country(&identifier.country));
}

pub fn of_goods<'a>(goods: impl IntoIterator<Item = &'a pb::ControlledGood>) -> Mentioned {
    let mut mentioned = Mentioned::default();
    goods.into_iter().for_each(|good| put_good(&mut mentioned, good));
    mentioned
}

fn put_good(mentioned: &mut Mentioned, good: &pb::ControlledGood) {
    mentioned.commodity_named(&good.commodity);
    good.destinations.iter().for_each(|code| mentioned.country(code));
}

/// With the commodity and the destination, which only the request names.
pub fn of_check(request: &pb::CheckCommodityRequest, findings: &[pb::ControlFinding]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    let (name, _) = super::goods::first_six_digits(&request.commodity);
    mentioned.commodity_named(name);
    mentioned.country_asked(&request.destination);
    for finding in findings {
        finding.controlled_goods.iter().for_each(|good| put_good(&mut mentioned, good));
        let counterparts = [
            &finding.controlled_counterparts,
            &finding.partly_controlled_counterparts,
            &finding.uncontrolled_counterparts,
        ];
        counterparts.into_iter().flatten().for_each(|name| mentioned.commodity_named(name));
    }
    mentioned
}
