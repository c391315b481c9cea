//! A subject to its message.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::register::Catalog;
use crate::rpc::wire::{day, decimal, span};
use crate::sanctions::subject::likeness::LinkStrength;
use crate::sanctions::subject::listed::{Link, Listed};
use crate::sanctions::subject::model::{
    Check, DateKind, Gender, Identifier, IdentifierKind, Measure, MeasureKind, Name, NameKind, Place, PlaceKind,
    Relation, RelationKind, Strength, Subject, SubjectKind,
};

pub fn subject(stored: &Listed, links: &[Link], catalog: &Catalog) -> pb::Subject {
    pb::Subject {
        name: stored.name(),
        list: format!("datasets/{}", stored.list),
        authority: stored.authority.clone(),
        display_name: stored.subject.name().to_owned(),
        release: catalog.release_name(stored.since_release),
        first_seen_date: Some(day(stored.spell_day)),
        removal_date: stored.removal_day.map(day),
        links: links.iter().filter(|link| link.subject == stored.number).map(link_message).collect(),
        ..of_record(&stored.subject, &stored.list)
    }
}

/// What the list itself says of a subject.
pub fn of_record(subject: &Subject, list: &str) -> pb::Subject {
    pb::Subject {
        uid: subject.uid.clone(),
        authority: subject.authority.clone(),
        source_list: subject.source_list.clone(),
        kind: kind(subject.kind).into(),
        gender: gender(subject.gender).into(),
        names: subject.names.iter().map(name).collect(),
        identifiers: subject.identifiers.iter().map(identifier_message).collect(),
        dates: subject
            .dates
            .iter()
            .map(|fact| pb::DatedFact { kind: date_kind(fact.kind).into(), date: Some(span(fact.date)) })
            .collect(),
        places: subject.places.iter().map(place).collect(),
        programmes: subject
            .programmes
            .iter()
            .map(|entry| pb::ProgrammeEntry { programme: entry.code.clone(), legal_basis: entry.legal_basis.clone() })
            .collect(),
        measures: subject.measures.iter().map(measure).collect(),
        listing_date: subject.listed_on.map(span),
        amendment_date: subject.amended_on.map(span),
        delisting_date: subject.delisted_on.map(span),
        relations: subject.relations.iter().map(|other| relation(other, list)).collect(),
        details: subject
            .details
            .iter()
            .map(|detail| pb::Detail { label: detail.label.clone(), value: detail.value.clone() })
            .collect(),
        remarks: subject.remarks.clone(),
        ..pb::Subject::default()
    }
}

fn link_message(link: &Link) -> pb::SubjectLink {
    pb::SubjectLink {
        subject: link.name(),
        display_name: link.display_name.clone(),
        strength: link_strength(link.strength).into(),
        reason: link.reason.clone(),
        key: link.key.clone(),
    }
}

pub fn link_strength(strength: LinkStrength) -> pb::LinkStrength {
    match strength {
        LinkStrength::NameKindAndCountry => pb::LinkStrength::NameKindAndCountry,
        LinkStrength::NameAndBirthDate => pb::LinkStrength::NameAndBirthDate,
        LinkStrength::Identifier => pb::LinkStrength::Identifier,
    }
}

fn name(name: &Name) -> pb::Name {
    let kind = match name.kind {
        NameKind::Primary => pb::NameKind::Primary,
        NameKind::Alias => pb::NameKind::Alias,
        NameKind::Former => pb::NameKind::Former,
        NameKind::Variant => pb::NameKind::Variant,
    };
    let strength = match name.strength {
        Strength::Unknown => pb::NameStrength::Unspecified,
        Strength::Strong => pb::NameStrength::Strong,
        Strength::Weak => pb::NameStrength::Weak,
    };
    pb::Name {
        full: name.full.clone(),
        kind: kind.into(),
        strength: strength.into(),
        script: if name.script.is_empty() { "Latn".into() } else { name.script.clone() },
        language: name.language.clone(),
        family: name.family.clone(),
        given: name.given.clone(),
    }
}

fn identifier_message(identifier: &Identifier) -> pb::Identifier {
    let check = match identifier.check {
        Check::None => pb::IdentifierCheck::Unspecified,
        Check::Valid => pb::IdentifierCheck::Valid,
        Check::Invalid => pb::IdentifierCheck::Invalid,
    };
    pb::Identifier {
        kind: identifier_kind(identifier.kind).into(),
        value: identifier.value.clone(),
        check: check.into(),
        country: identifier.country.clone(),
        label: identifier.label.clone(),
        issue_date: identifier.issued_on.map(span),
        expiry_date: identifier.expires_on.map(span),
        note: identifier.note.clone(),
    }
}

fn place(place: &Place) -> pb::Place {
    let kind = match place.kind {
        PlaceKind::Address => pb::PlaceKind::Address,
        PlaceKind::Birth => pb::PlaceKind::Birth,
        PlaceKind::Nationality => pb::PlaceKind::Nationality,
        PlaceKind::Citizenship => pb::PlaceKind::Citizenship,
        PlaceKind::Flag => pb::PlaceKind::Flag,
        PlaceKind::FormerFlag => pb::PlaceKind::FormerFlag,
        PlaceKind::Registration => pb::PlaceKind::Registration,
    };
    pb::Place {
        kind: kind.into(),
        text: place.text.clone(),
        country: place.country.clone(),
        city: place.city.clone(),
        postal_code: place.postal_code.clone(),
    }
}

fn measure(measure: &Measure) -> pb::Measure {
    pb::Measure {
        kind: measure_kind(measure.kind).into(),
        text: measure.text.clone(),
        start_date: measure.from.map(span),
        end_date: measure.until.map(span),
        authority: measure.authority.clone(),
        implied_by: measure.implied_by.clone(),
    }
}

fn relation(relation: &Relation, list: &str) -> pb::Relation {
    let kind = match relation.kind {
        RelationKind::LinkedTo => pb::RelationKind::LinkedTo,
        RelationKind::OwnedBy => pb::RelationKind::OwnedBy,
        RelationKind::Owns => pb::RelationKind::Owns,
        RelationKind::ControlledBy => pb::RelationKind::ControlledBy,
        RelationKind::Controls => pb::RelationKind::Controls,
        RelationKind::OwnedOrControlledBy => pb::RelationKind::OwnedOrControlledBy,
        RelationKind::OwnsOrControls => pb::RelationKind::OwnsOrControls,
        RelationKind::Family => pb::RelationKind::Family,
        RelationKind::ActsFor => pb::RelationKind::ActsFor,
        RelationKind::LeaderOf => pb::RelationKind::LeaderOf,
        RelationKind::LedBy => pb::RelationKind::LedBy,
    };
    pb::Relation {
        kind: kind.into(),
        subject: if relation.uid.is_empty() { String::new() } else { format!("subjects/{list}.{}", relation.uid) },
        display_name: relation.name.clone(),
        share_percent: relation.share.map(|share| decimal(crate::value::exact::scaled(i128::from(share), 4))),
        text: relation.text.clone(),
        by_name: relation.by_name,
    }
}

fn gender(gender: Gender) -> pb::Gender {
    match gender {
        Gender::Unknown => pb::Gender::Unspecified,
        Gender::Male => pb::Gender::Male,
        Gender::Female => pb::Gender::Female,
    }
}

pub fn kind(kind: SubjectKind) -> pb::SubjectKind {
    match kind {
        SubjectKind::Unknown => pb::SubjectKind::Unspecified,
        SubjectKind::Person => pb::SubjectKind::Person,
        SubjectKind::Organization => pb::SubjectKind::Organization,
        SubjectKind::Vessel => pb::SubjectKind::Vessel,
        SubjectKind::Aircraft => pb::SubjectKind::Aircraft,
    }
}

/// Stored by its number.
pub fn kind_by_number(number: i64) -> pb::SubjectKind {
    let kinds = [SubjectKind::Person, SubjectKind::Organization, SubjectKind::Vessel, SubjectKind::Aircraft];
    kind(kinds.into_iter().find(|kind| *kind as i64 == number).unwrap_or_default())
}

fn date_kind(kind: DateKind) -> pb::DateKind {
    match kind {
        DateKind::Birth => pb::DateKind::Birth,
        DateKind::Death => pb::DateKind::Death,
        DateKind::Incorporation => pb::DateKind::Incorporation,
        DateKind::Built => pb::DateKind::Built,
    }
}

fn identifier_kind(kind: IdentifierKind) -> pb::IdentifierKind {
    match kind {
        IdentifierKind::Other => pb::IdentifierKind::Other,
        IdentifierKind::Imo => pb::IdentifierKind::Imo,
        IdentifierKind::Mmsi => pb::IdentifierKind::Mmsi,
        IdentifierKind::CallSign => pb::IdentifierKind::CallSign,
        IdentifierKind::Lei => pb::IdentifierKind::Lei,
        IdentifierKind::Bic => pb::IdentifierKind::Bic,
        IdentifierKind::Inn => pb::IdentifierKind::Inn,
        IdentifierKind::Ogrn => pb::IdentifierKind::Ogrn,
        IdentifierKind::Uscc => pb::IdentifierKind::Uscc,
        IdentifierKind::Passport => pb::IdentifierKind::Passport,
        IdentifierKind::NationalId => pb::IdentifierKind::NationalId,
        IdentifierKind::Registration => pb::IdentifierKind::Registration,
        IdentifierKind::Tax => pb::IdentifierKind::Tax,
        IdentifierKind::Aircraft => pb::IdentifierKind::Aircraft,
        IdentifierKind::CryptoAddress => pb::IdentifierKind::CryptoAddress,
        IdentifierKind::UnReference => pb::IdentifierKind::UnReference,
        IdentifierKind::OfacUid => pb::IdentifierKind::OfacUid,
        IdentifierKind::OfsiGroup => pb::IdentifierKind::OfsiGroup,
        IdentifierKind::EuReference => pb::IdentifierKind::EuReference,
        IdentifierKind::Security => pb::IdentifierKind::Security,
        IdentifierKind::Phone => pb::IdentifierKind::Phone,
        IdentifierKind::Email => pb::IdentifierKind::Email,
        IdentifierKind::Website => pb::IdentifierKind::Website,
    }
}

pub fn measure_kind(kind: MeasureKind) -> pb::MeasureKind {
    match kind {
        MeasureKind::Other => pb::MeasureKind::Other,
        MeasureKind::AssetFreeze => pb::MeasureKind::AssetFreeze,
        MeasureKind::TravelBan => pb::MeasureKind::TravelBan,
        MeasureKind::Sectoral => pb::MeasureKind::Sectoral,
        MeasureKind::Investment => pb::MeasureKind::Investment,
        MeasureKind::CorrespondentAccount => pb::MeasureKind::CorrespondentAccount,
        MeasureKind::ExportRestriction => pb::MeasureKind::ExportRestriction,
        MeasureKind::VesselBan => pb::MeasureKind::VesselBan,
        MeasureKind::Arms => pb::MeasureKind::Arms,
        MeasureKind::TrustServices => pb::MeasureKind::TrustServices,
        MeasureKind::DirectorDisqualification => pb::MeasureKind::DirectorDisqualification,
        MeasureKind::Dealings => pb::MeasureKind::Dealings,
    }
}
