//! US Consolidated Screening List of trade.gov: `consolidated.csv`, the lists of OFAC, BIS and the State Department in
//! one table of 29 columns.
//!
//! The columns are described at developer.trade.gov. Fields with several values divide them by `; `.
//!
//! OFAC's rows have its entry number, which is unique within a list: `SDN-36`, `SSI-17014` (the same company may also
//! be `MBS-17014`). The others have only `_id`: for the State Department's debarments a random number, elsewhere a hash
//! of nobody says what, so it is no name that lasts. Their addresses do not last either: one subject's rows are joined
//! and split again as the rest of them agrees or not, an address or a notice a row. What lasts is the name. So without
//! an entry number, the rows of one list with one name are one subject, named by a hash of both: `EL-0123456789abcdef`.

mod ids;
mod lists;
mod names;

use std::path::PathBuf;
use std::rc::Rc;

use csv::ByteRecord;

use crate::import::encoding::open_table;
use crate::import::{Error, Progress, Report, TableReader};
use crate::reference::country;
use crate::sanctions::import::by_name::{self, LINKED_TO};
use crate::sanctions::import::columns::Columns;
use crate::sanctions::import::field::{self, Refusal};
use crate::sanctions::import::joined::{Joined, uid_of_name};
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::dates::Reading;
use crate::sanctions::import::ofac::facts::place;
use crate::sanctions::import::unbroken;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, Place, PlaceKind, Programme, Relation, RelationKind, Subject, SubjectKind,
};
use crate::value::Span;

use self::lists::{List, ListKind};
use crate::sanctions::import::ListFormat;

pub const FORMAT: ListFormat = ListFormat {
    name: "csl",
    about: "US Consolidated Screening List, CSV of 29 columns.",
    dataset: Some("us-csl"),
    title: "Consolidated Screening List",
    authority: "US",
    publisher: "US Department of Commerce, International Trade Administration",
    license: "public domain",
    read,
};

/// Without these a row says neither whose it is nor who.
const TELLING: [&str; 3] = ["source", "entity_number", "name"];

const COLUMNS: [&str; 28] = [
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
];

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut joined = Joined::default();
    for path in files {
        unbroken::check(path, b',')?;
        let mut input = open_table(path, progress, listing.report)?;
        let file: Rc<str> = input.name().into();
        let mut table = TableReader::open(&mut input, b',', &TELLING)?;
        let layout = "the Consolidated Screening List: _id, source, entity_number, ...";
        let columns = Columns::of(&table, layout, (&file, 1), &TELLING, (&COLUMNS, &["_id"]), listing.report)?;
        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            let row = Row { record: &record, columns: &columns };
            if row.text("source") == "source" && row.text("name") == "name" {
                listing.report.skip("the header once more");
                continue;
            }
            let uid = uid(&row);
            listing.report.at(&file, line);
            match subject(&row, listing.report) {
                Ok(subject) if row.text("entity_number").is_empty() => {
                    joined.join(Subject { uid, ..subject }, &file, line, listing);
                }
                Ok(subject) => joined.alone(Subject { uid, ..subject }, &file, line),
                Err(refusal) => joined.refuse(&uid, &file, line, &refusal, listing),
            }
        }
        listing.report.files.push(input.finish()?);
    }
    joined.give(listing);
    by_name::resolve(listing);
    Ok(())
}

struct Row<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> &'a str {
        self.columns.text(self.record, column)
    }

    fn values(&self, column: &str) -> impl Iterator<Item = &'a str> {
        self.text(column).split("; ").map(str::trim).filter(|value| !value.is_empty())
    }

    fn day(&self, column: &str, subject: &mut Subject, report: &mut Report) -> Option<Span> {
        field::or_text(field::day(column, self.text(column)), subject, report).map(Span::day)
    }
}

fn uid(row: &Row<'_>) -> String {
    let list = List::of(row.text("source"));
    match row.text("entity_number") {
        "" => uid_of_name(&list.prefix, row.text("name")),
        number => format!("{}-{number}", list.prefix),
    }
}

/// Without a name, or the list that tells whose it is, a row is not a subject.
fn subject(row: &Row<'_>, report: &mut Report) -> Result<Subject, Refusal> {
    let (source, name) = (row.text("source"), row.text("name"));
    if source.is_empty() {
        return Err(Refusal::new(
            "source",
            source,
            "tells the list and the agency; expected Entity List (EL) - Bureau of Industry and Security",
        ));
    }
    if name.is_empty() {
        return Err(Refusal::new("name", name, "a listed subject has a name"));
    }
    let list = List::of(source);
    if list.kind == ListKind::Unknown {
        report.skip("rows of a list that is not known: taken without its measures");
    }
    let mut subject =
        Subject { authority: list.authority.clone(), source_list: list.name.clone(), ..Subject::default() };
    subject.kind = kind(row.text("type"), &mut subject, report);
    subject.names = names::of(name, row.text("alt_names"), &list, subject.kind);
    for code in row.values("programs") {
        let programme = Programme { code: code.to_owned(), ..Programme::default() };
        if !subject.programmes.contains(&programme) {
            subject.programmes.push(programme);
        }
    }
    places(row, &list, &mut subject);
    births(row, &mut subject, report);
    if list.authority == "OFAC" && !row.text("entity_number").is_empty() {
        let mut number = checked(IdentifierKind::OfacUid, row.text("entity_number"));
        number.label = if list.kind == ListKind::Sdn { "SDN" } else { "non-SDN" }.to_owned();
        subject.identifiers.push(number);
    }
    details(row, &mut subject);
    ids::read(row.text("ids"), &mut subject, report);
    vessel(row, &mut subject);

    let from = row.day("start_date", &mut subject, report);
    let until = row.day("end_date", &mut subject, report);
    subject.listed_on = from.or_else(|| lists::day_in(&subject.details, "Listing Date"));
    let license = [row.text("license_requirement"), row.text("license_policy")];
    subject.measures = list.measures(&subject.details, license, from, until);
    subject.remarks = row.text("remarks").to_owned();
    row.columns.keep_unread(row.record, &mut subject, report);
    subject.relations.extend(linked_to(&subject.remarks));
    Ok(subject)
}

fn kind(text: &str, subject: &mut Subject, report: &mut Report) -> SubjectKind {
    match text {
        "Individual" => SubjectKind::Person,
        "Entity" => SubjectKind::Organization,
        "Vessel" => SubjectKind::Vessel,
        "Aircraft" => SubjectKind::Aircraft,
        "" => SubjectKind::Unknown,
        _ => {
            let reason = "is none of Individual, Entity, Vessel and Aircraft";
            Refusal::new("type", text, reason).keep(subject, report);
            SubjectKind::Unknown
        }
    }
}

fn places(row: &Row<'_>, list: &List, subject: &mut Subject) {
    for text in row.values("addresses") {
        let country = country_of_address(text, list.kind).to_owned();
        push_place(subject, Place { kind: PlaceKind::Address, text: text.to_owned(), country, ..Place::default() });
    }
    for (column, kind) in [("nationalities", PlaceKind::Nationality), ("citizenships", PlaceKind::Citizenship)] {
        for text in row.values(column) {
            push_place(subject, place(kind, text));
        }
    }
}

fn push_place(subject: &mut Subject, place: Place) {
    if !subject.places.contains(&place) {
        subject.places.push(place);
    }
}

/// An address ends with its country, but on the Denied Persons List those of the United States end with state and
/// postal code.
fn country_of_address(text: &str, list: ListKind) -> &'static str {
    let mut parts = text.rsplit(", ");
    let (last, state) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_zip = last.len() >= 5 && last.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if list == ListKind::DeniedPersons && is_zip && super::bis_dpl::is_us_state(state) {
        return "USA";
    }
    country::code(last.trim())
}

fn births(row: &Row<'_>, subject: &mut Subject, report: &mut Report) {
    for text in row.values("dates_of_birth") {
        match ofac_dates::read(text) {
            Reading::Date(date) => {
                let fact = DatedFact { kind: DateKind::Birth, date };
                if !subject.dates.contains(&fact) {
                    subject.dates.push(fact);
                }
            }
            Reading::Impossible => {
                let reason = "there is not a valid such day; expected 1980-02-08, 1980, Feb 1980 or circa 1980";
                Refusal::new("dates_of_birth", text, reason).keep(subject, report);
            }
            Reading::NoDate => {
                let reason = "is not a valid date; expected 1980-02-08, 1980, Feb 1980 or circa 1980";
                Refusal::new("dates_of_birth", text, reason).keep(subject, report);
            }
        }
    }
    for text in row.values("places_of_birth") {
        push_place(subject, place(PlaceKind::Birth, text));
    }
}

/// Columns that have no field of their own. The label is the column's name.
fn details(row: &Row<'_>, subject: &mut Subject) {
    for (label, column) in [
        ("title", "title"),
        ("license requirement", "license_requirement"),
        ("license policy", "license_policy"),
        ("federal register notice", "federal_register_notice"),
        ("standard order", "standard_order"),
        ("vessel type", "vessel_type"),
        ("gross tonnage", "gross_tonnage"),
        ("gross registered tonnage", "gross_registered_tonnage"),
        ("source list url", "source_list_url"),
        ("source information url", "source_information_url"),
    ] {
        subject.detail(label, row.text(column));
    }
}

fn vessel(row: &Row<'_>, subject: &mut Subject) {
    let call_sign = row.text("call_sign");
    let known = subject.identifiers.iter().any(|id| id.kind == IdentifierKind::CallSign && id.value == call_sign);
    if !call_sign.is_empty() && !known {
        subject.identifiers.push(checked(IdentifierKind::CallSign, call_sign));
    }
    let flag = row.text("vessel_flag");
    if !flag.is_empty() {
        push_place(subject, place(PlaceKind::Flag, flag));
    }
    let owner = row.text("vessel_owner");
    if !owner.is_empty() {
        let (kind, text) = (RelationKind::OwnedBy, "vessel owner".to_owned());
        subject.relations.push(Relation { kind, name: owner.to_owned(), text, ..Relation::default() });
    }
}

/// `(Linked To: A COMPANY (ACO); Linked To: ANOTHER)` in the remarks.
fn linked_to(remarks: &str) -> Vec<Relation> {
    let mut relations: Vec<Relation> = Vec::new();
    for part in remarks.split("Linked To:").skip(1) {
        let mut depth = 0;
        let end = part.find(|character| {
            depth += i32::from(character == '(') - i32::from(character == ')');
            depth < 0 || (depth == 0 && character == ';')
        });
        let name = part[..end.unwrap_or(part.len())].trim();
        let relation = Relation { name: name.to_owned(), text: LINKED_TO.to_owned(), ..Relation::default() };
        if !name.is_empty() && !relations.contains(&relation) {
            relations.push(relation);
        }
    }
    relations
}

#[cfg(test)]
mod tests;
