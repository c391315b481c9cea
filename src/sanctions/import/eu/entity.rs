//! An entity of the EU list of financial sanctions (FSF 1.1), as its XML and its CSV have it alike.
//!
//! Both layouts go through the types here, so that the same entity becomes the same subject. Fields are called by
//! their attributes in the XML (namespace `http://eu.europa.ec/fpi/fsd/export`). Parts are put in the order of their
//! `logicalId`: the two files order them differently, and the oldest, which is the original act's, comes first.
//!
//! Left out on purpose: type and organisation of the regulations, their `logicalId` and `regulationLanguage`, and the
//! day on which they enter into force; `amended_on` is the day of publication.

use jiff::civil::Date;

use crate::import::Report;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    IdentifierKind, Measure, MeasureKind, NameKind, Programme, Strength, Subject, SubjectKind,
};
use crate::value::Span;

use crate::sanctions::import::eu::facts::{Birth, Identification};
use crate::sanctions::import::eu::part::{Field, Part};
use crate::sanctions::import::eu::parts::{Address, Citizenship, NameAlias};
use crate::sanctions::import::field::{Refusal, day, joined, or_text};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entity {
    pub head: Head,
    pub regulations: Vec<Regulation>,
    pub names: Vec<NameAlias>,
    pub addresses: Vec<Address>,
    pub births: Vec<Birth>,
    pub identifications: Vec<Identification>,
    pub citizenships: Vec<Citizenship>,
    /// What only one layout has: label and value.
    pub others: Vec<(String, String)>,
    /// What its rows say otherwise than the first of them.
    pub contradictions: Vec<Refusal>,
}

/// Fields of the entity itself, which every row of the CSV repeats.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Head {
    pub id: String,
    pub reference: String,
    pub un_id: String,
    pub designation_date: String,
    pub designation_details: String,
    pub delisting_date: String,
    pub remark: String,
    /// `person` or `enterprise`; the CSV has it in the column that the XML has `P` or `E` in, and the other way round.
    pub code: String,
    pub classification_code: String,
}

impl Head {
    pub fn read(field: Field<'_>) -> Self {
        Self {
            id: field("logicalId"),
            reference: field("euReferenceNumber"),
            un_id: field("unitedNationId"),
            designation_date: field("designationDate"),
            designation_details: field("designationDetails"),
            delisting_date: field("delistingDate"),
            remark: field("remark"),
            code: field("code"),
            classification_code: field("classificationCode"),
        }
    }

    /// Takes over what another row of the same entity says; gives the fields and values that contradict. An empty field
    /// says nothing.
    pub fn agree(&mut self, other: &Self) -> Vec<(&'static str, String)> {
        let fields = [
            ("euReferenceNumber", &mut self.reference, &other.reference),
            ("unitedNationId", &mut self.un_id, &other.un_id),
            ("designationDate", &mut self.designation_date, &other.designation_date),
            ("designationDetails", &mut self.designation_details, &other.designation_details),
            ("delistingDate", &mut self.delisting_date, &other.delisting_date),
            ("remark", &mut self.remark, &other.remark),
            ("code", &mut self.code, &other.code),
            ("classificationCode", &mut self.classification_code, &other.classification_code),
        ];
        let mut contradicting = Vec::new();
        for (name, known, said) in fields {
            if known.is_empty() {
                known.clone_from(said);
            } else if !said.is_empty() && known != said {
                contradicting.push((name, said.clone()));
            }
        }
        contradicting
    }

    fn kind(&self, subject: &mut Subject, report: &mut Report) -> SubjectKind {
        for code in [&self.code, &self.classification_code] {
            match code.to_lowercase().as_str() {
                "person" | "p" => return SubjectKind::Person,
                "enterprise" | "entity" | "e" => return SubjectKind::Organization,
                "vessel" | "ship" => return SubjectKind::Vessel,
                "aircraft" => return SubjectKind::Aircraft,
                _ => {}
            }
        }
        let reason = "is neither person nor enterprise, vessel or aircraft";
        Refusal::new("subject type", &joined(&[&self.code, &self.classification_code]), reason).keep(subject, report);
        SubjectKind::Unknown
    }
}

/// An act under which the entity is listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Regulation {
    pub programme: String,
    pub number_title: String,
    pub published: String,
    pub url: String,
}

impl Regulation {
    pub fn read(field: Field<'_>) -> Self {
        Self {
            programme: field("programme"),
            number_title: field("numberTitle"),
            published: field("publicationDate"),
            url: field("publicationUrl"),
        }
    }
}

impl Entity {
    pub fn subject(mut self, report: &mut Report) -> Subject {
        self.arrange();
        let head = &self.head;
        let mut subject = Subject { uid: head.id.clone(), ..Subject::default() };
        subject.kind = head.kind(&mut subject, report);
        for (kind, value) in
            [(IdentifierKind::EuReference, &head.reference), (IdentifierKind::UnReference, &head.un_id)]
        {
            if !value.is_empty() {
                subject.identifiers.push(checked(kind, value));
            }
        }
        for regulation in &self.regulations {
            let (code, legal_basis) = (regulation.programme.clone(), regulation.number_title.clone());
            let programme = Programme { code, legal_basis };
            if programme != Programme::default() && !subject.programmes.contains(&programme) {
                subject.programmes.push(programme);
            }
        }
        let listed = or_text(day("designationDate", &head.designation_date), &mut subject, report);
        subject.listed_on = listed.map(Span::day);
        let delisted = or_text(day("delistingDate", &head.delisting_date), &mut subject, report);
        subject.delisted_on = delisted.map(Span::day);
        let newest = self.newest_publication(&mut subject, report).map(Span::day);
        subject.amended_on = newest.filter(|newest| subject.listed_on.is_none_or(|listed| *newest > listed));
        subject.remarks.clone_from(&head.remark);
        subject.detail("designation details", &head.designation_details);

        self.take_names(&mut subject, report);
        for citizenship in &self.citizenships {
            citizenship.take(&mut subject);
        }
        for birth in &self.births {
            birth.take(&mut subject, report);
        }
        for address in &self.addresses {
            address.take(&mut subject, report);
        }
        for identification in &self.identifications {
            identification.take(&mut subject, report);
        }
        for regulation in &self.regulations {
            subject.detail("publication", &regulation.url);
        }
        for (label, value) in &self.others {
            subject.detail(label, value);
        }
        for contradiction in self.contradictions {
            contradiction.keep(&mut subject, report);
        }
        subject.measures.push(Measure { kind: MeasureKind::AssetFreeze, ..Measure::default() });
        subject
    }

    fn arrange(&mut self) {
        fn sort<P: Part>(parts: &mut [P]) {
            parts.sort_by_key(|part| part.id().parse::<u64>().unwrap_or(u64::MAX));
        }
        sort(&mut self.names);
        sort(&mut self.addresses);
        sort(&mut self.births);
        sort(&mut self.identifications);
        sort(&mut self.citizenships);
        self.regulations.sort_by(|one, other| {
            (&one.published, &one.number_title, &one.programme).cmp(&(
                &other.published,
                &other.number_title,
                &other.programme,
            ))
        });
    }

    /// Whatever act added or changed a part of the entity, amended it.
    fn newest_publication(&self, subject: &mut Subject, report: &mut Report) -> Option<Date> {
        fn published<P: Part>(parts: &[P]) -> impl Iterator<Item = &str> {
            parts.iter().map(Part::published)
        }
        let mut newest = None;
        let days = self.regulations.iter().map(|regulation| regulation.published.as_str());
        let days = days.chain(published(&self.names)).chain(published(&self.addresses)).chain(published(&self.births));
        for text in days.chain(published(&self.identifications)).chain(published(&self.citizenships)) {
            newest = newest.max(or_text(day("publicationDate", text), subject, report));
        }
        newest
    }

    /// The oldest name in English and Latin letters is the primary one, else the oldest.
    fn take_names(&self, subject: &mut Subject, report: &mut Report) {
        for alias in &self.names {
            let Some(name) = alias.name(subject, report) else { continue };
            alias.take_details(&name.full, subject);
            if subject.names.iter().any(|other| other.full == name.full) {
                report.skip("an alias that repeats another name of its entry");
            } else {
                subject.names.push(name);
            }
        }
        let primary = subject.names.iter().position(|name| {
            let is_english = name.language.is_empty() || name.language == "en";
            is_english && name.script.is_empty() && name.kind == NameKind::Alias && name.strength != Strength::Weak
        });
        if let Some(place) = primary.or(subject.names.first().map(|_| 0)) {
            let mut name = subject.names.remove(place);
            name.kind = NameKind::Primary;
            subject.names.insert(0, name);
        }
    }
}
