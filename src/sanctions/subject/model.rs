//! A subject as one list names it: plain types, as they are stored.
//!
//! Records are stored as the JSON of these types; what is empty is left out. A field is renamed only with a migration.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::value::Span;

/// What a subject is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The list does not say.
    #[default]
    Unknown,
    Person,
    Organization,
    Vessel,
    Aircraft,
}

/// What the list says of a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// The list does not say, or contradicts itself.
    #[default]
    Unknown,
    Male,
    Female,
}

/// A person, organization, vessel or aircraft, as one list has it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// Identifier within the list: ASCII letters, digits, `-`, `_` and `.`.
    pub uid: String,
    pub kind: SubjectKind,
    /// Who designates, where one file holds the lists of several: `BIS`. Empty: the list's own authority.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// Part of the file that the entry comes from, where it has several lists: `Entity List`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source_list: String,
    #[serde(skip_serializing_if = "is_default")]
    pub gender: Gender,
    /// The primary name first.
    pub names: Vec<Name>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DatedFact>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<Programme>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amended_on: Option<Span>,
    /// From this day on it is no longer listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delisted_on: Option<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// What has no field of its own, by its label in the list: title, vessel type, statement of reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
    /// The list's free text as it stands, also where parts of it were parsed out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remarks: String,
}

/// Which of a subject's names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    #[default]
    Primary,
    /// Also known as.
    Alias,
    /// Formerly known as, now known as before a renaming.
    Former,
    /// The name in its original script, or a spelling that the list marks as a variant of the primary name.
    Variant,
}

/// How much the list trusts an alias.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// The list does not grade.
    #[default]
    Unknown,
    Strong,
    /// Low quality, good for review but too broad to match on.
    Weak,
}

/// One name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// As people write it, given names first where the list keeps them apart: `Igor Ivanovich SECHIN`.
    pub full: String,
    pub kind: NameKind,
    #[serde(skip_serializing_if = "is_default")]
    pub strength: Strength,
    /// ISO 15924 code of the script where it is not Latin: `Cyrl`, `Arab`, `Hans`. Set by `names::script` of `full`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub script: String,
    /// Language, ISO 639, where the list says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// Family name, where the list keeps it apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Given and middle names, where the list keeps them apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
}

/// What an identifier is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// Anything else; `label` has the list's word for it.
    #[default]
    Other,
    /// IMO number of a ship or, with the label `company`, of its owner or manager.
    Imo,
    Mmsi,
    CallSign,
    /// Legal entity identifier, ISO 17442.
    Lei,
    /// Business identifier code, ISO 9362 (SWIFT).
    Bic,
    /// Russian taxpayer number, ИНН.
    Inn,
    /// Russian state registration number, ОГРН or ОГРНИП.
    Ogrn,
    /// Chinese unified social credit code.
    Uscc,
    Passport,
    /// National identity card or number.
    NationalId,
    /// Company or other registration.
    Registration,
    Tax,
    /// Aircraft: serial number or tail number.
    Aircraft,
    /// `label` has the currency as the list writes it: XBT, ETH, USDT.
    CryptoAddress,
    /// Permanent reference of the UN list: `KPi.033`.
    UnReference,
    /// Entry number in OFAC's lists.
    OfacUid,
    /// Group number of the UK consolidated list.
    OfsiGroup,
    /// Reference number of an EU entity: `EU.27.28`.
    EuReference,
    /// Security: ISIN or ticker.
    Security,
    Phone,
    Email,
    Website,
}

/// Whether an identifier's own check digits hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The kind has none.
    #[default]
    None,
    Valid,
    /// Kept as the list has it, but never used to link subjects.
    Invalid,
}

/// One number or address that tells the subject from others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identifier {
    pub kind: IdentifierKind,
    /// As the list writes it.
    pub value: String,
    #[serde(skip_serializing_if = "is_default")]
    pub check: Check,
    /// Issuing country, ISO alpha-3.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// The list's word for it, or the currency of a crypto address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Span>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What happened on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateKind {
    #[default]
    Birth,
    Death,
    /// Founded, registered, incorporated.
    Incorporation,
    /// Ship or aircraft built.
    Built,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct DatedFact {
    pub kind: DateKind,
    pub date: Span,
}

/// What a place is to the subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    #[default]
    Address,
    Birth,
    Nationality,
    Citizenship,
    /// Flag of a ship.
    Flag,
    FormerFlag,
    /// Country of registration or incorporation.
    Registration,
}

/// An address, a nationality, a flag.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    pub kind: PlaceKind,
    /// The whole as one line, parts divided by `, `; for a nationality or flag the country as the list writes it.
    pub text: String,
    /// ISO alpha-3 as `country::code` finds it; empty when the list names none that is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
}

/// A sanctions programme that the subject is listed under.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Programme {
    /// As the list writes it: `RUSSIA-EO14024`, `The Russia (Sanctions) (EU Exit) Regulations 2019`, `DPRK`.
    pub code: String,
    /// Regulation, order or resolution with its number, where the entry gives it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub legal_basis: String,
}

/// What a listing forbids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    #[default]
    Other,
    AssetFreeze,
    TravelBan,
    /// Limits on debt, equity and financial services, such as OFAC's directives.
    Sectoral,
    /// Limits on dealing in securities (CMIC).
    Investment,
    CorrespondentAccount,
    /// Licence needed for exports to it (Entity List, MEU), or no export privileges at all (Denied Persons).
    ExportRestriction,
    /// Ports, insurance or services closed to a ship.
    VesselBan,
    /// Arms embargo.
    Arms,
    TrustServices,
    DirectorDisqualification,
    /// Dealings are prohibited or rejected, and property is not blocked (OFAC's FSE and NS-PLC lists).
    Dealings,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    pub kind: MeasureKind,
    /// The list's own words; empty where the measure follows from the list itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Span>,
    /// From this day on it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
    /// Who imposes it, where one entry has the measures of several. Empty: the subject's authority.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// The programme or list that it follows from, where the entry does not name it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub implied_by: String,
}

/// What the subject is to the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// Linked to, associated with: no more is said.
    #[default]
    LinkedTo,
    OwnedBy,
    Owns,
    ControlledBy,
    Controls,
    OwnedOrControlledBy,
    OwnsOrControls,
    Family,
    /// Acts for or on behalf of, provides support to.
    ActsFor,
    /// Leader, official, director or member of.
    LeaderOf,
    LedBy,
}

impl RelationKind {
    /// The subject owns or controls the other.
    pub fn is_owner(self) -> bool {
        matches!(self, Self::Owns | Self::Controls | Self::OwnsOrControls)
    }

    /// The subject is owned or controlled by the other.
    pub fn is_owned(self) -> bool {
        matches!(self, Self::OwnedBy | Self::ControlledBy | Self::OwnedOrControlledBy)
    }

    /// Control, and no ownership.
    pub fn is_control(self) -> bool {
        matches!(self, Self::Controls | Self::ControlledBy)
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Relation {
    pub kind: RelationKind,
    /// The other's identifier in the same list; empty where the list gives a name only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The list gives a name only, and the identifier is that of the one entry with this primary name.
    #[serde(skip_serializing_if = "is_default")]
    pub by_name: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Share held, in ten-thousandths of a percent; absent where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<u32>,
    /// The list's own word.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Detail {
    pub label: String,
    pub value: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Subject {
    pub fn is_delisted(&self, day: Date) -> bool {
        self.delisted_on.is_some_and(|delisted| delisted.last <= day)
    }

    /// The primary name, or the first there is.
    pub fn name(&self) -> &str {
        let primary = self.names.iter().find(|name| name.kind == NameKind::Primary);
        primary.or(self.names.first()).map_or("", |name| name.full.as_str())
    }

    pub fn detail(&mut self, label: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.details.push(Detail { label: label.to_owned(), value: value.to_owned() });
        }
    }
}
