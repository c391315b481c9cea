//! EU consolidated list of financial sanctions, CSV 1.1: `;`, 118 columns, several rows an entity.
//!
//! Documented by the European Commission's Financial Sanctions Files (FSF), `csvFullSanctionsList_1_1`. Each row has
//! the fields of its entity and one or more parts: `NameAlias_`, `Address_`, `BirthDate_`, `Identification_`,
//! `Citizenship_`. Rows of one entity have the same `Entity_LogicalId`; a part that several rows repeat is one part.
//! Several remarks are one field, divided by the two characters `\n`.

use std::collections::HashMap;
use std::path::PathBuf;

use csv::ByteRecord;

use crate::import::encoding::open_table;
use crate::import::{Error, Progress, Report, TableReader};

use crate::sanctions::import::eu::entity::{Entity, Head, Regulation};
use crate::sanctions::import::eu::part::{Field, Part};
use crate::sanctions::import::field::{Refusal, day, lined, spaced};
use crate::sanctions::import::listing::Listing;

/// Columns that tell this layout from others, the older CSV 1.0 among them.
const TELLING: [&str; 3] = ["fileGenerationDate", "Entity_LogicalId", "NameAlias_WholeName"];

/// Columns that are read, behind the prefix of their group.
const COLUMNS: [(&str, &str); 6] = [
    (
        "Entity_",
        "LogicalId EU_ReferenceNumber UnitedNationId DesignationDate DesignationDetails Remark SubjectType \
         SubjectType_ClassificationCode Regulation_PublicationDate Regulation_NumberTitle Regulation_Programme \
         Regulation_PublicationUrl",
    ),
    (
        "NameAlias_",
        "LastName FirstName MiddleName WholeName NameLanguage Gender Title Function LogicalId Remark \
         Regulation_PublicationDate",
    ),
    (
        "Address_",
        "City Street PoBox ZipCode Region Place AsAtListingTime ContactInfo CountryIso2Code CountryDescription \
         LogicalId Remark Regulation_PublicationDate",
    ),
    (
        "BirthDate_",
        "BirthDate Day Month Year YearRangeFrom YearRangeTo Circa CalendarType ZipCode Region Place City \
         CountryIso2Code CountryDescription LogicalId Remark Regulation_PublicationDate",
    ),
    (
        "Identification_",
        "Number Diplomatic KnownExpired KnownFalse ReportedLost RevokedByIssuer IssuedBy IssuedDate ValidFrom ValidTo \
         LatinNumber NameOnDocument TypeCode TypeDescription Region CountryIso2Code CountryDescription LogicalId \
         Remark Regulation_PublicationDate",
    ),
    ("Citizenship_", "Region CountryIso2Code CountryDescription LogicalId Remark Regulation_PublicationDate"),
];

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    for path in files {
        let mut input = open_table(path, progress, listing.report)?;
        let file = input.name();
        let mut table = TableReader::open(&mut input, b';', &TELLING)?;
        let columns = Columns::find(&table, listing.report)?;
        let mut gathered = Gathered::default();
        let mut dated = String::new();
        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            let row = Row { columns: &columns, record: &record };
            let generated = row.text("fileGenerationDate");
            listing.report.at(&file, line);
            // Every row repeats it.
            if generated != dated {
                listing.dated(day("fileGenerationDate", &generated));
                dated = generated;
            }
            gathered.add(&row, line, &file, listing);
        }
        for Rows { entity, first_line: line } in gathered.entities {
            listing.report.at(&file, line);
            let subject = entity.subject(listing.report);
            listing.take(subject, &file, line);
        }
        listing.report.files.push(input.finish()?);
    }
    Ok(())
}

/// Where each column stands.
struct Columns(HashMap<String, usize>);

impl Columns {
    /// A column that the file does not have is said in the report; what tells entities and names from others must be
    /// there.
    fn find(table: &TableReader<'_>, report: &mut Report) -> Result<Self, Error> {
        let mut places = HashMap::from([("fileGenerationDate".to_owned(), table.column("fileGenerationDate")?)]);
        for (prefix, names) in COLUMNS {
            for name in names.split(' ').map(|name| format!("{prefix}{name}")) {
                match table.optional_column(&name) {
                    Some(place) => {
                        places.insert(name, place);
                    }
                    None => report.skip(&format!("a column that the file does not have: {name}")),
                }
            }
        }
        Ok(Self(places))
    }
}

struct Row<'a> {
    columns: &'a Columns,
    record: &'a ByteRecord,
}

impl Row<'_> {
    fn text(&self, column: &str) -> String {
        let place = self.columns.0.get(column).copied().unwrap_or(usize::MAX);
        let text = self.record.get(place).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        text.trim().to_owned()
    }

    /// A field by its name in the XML.
    fn field(&self, prefix: &str, name: &str) -> String {
        let text = self.text(&column(prefix, name));
        if name == "remark" || name == "contactInfo" { lined(&text) } else { spaced(&text.replace("\\n", " ")) }
    }
}

/// The column that has a field of the XML.
fn column(prefix: &str, name: &str) -> String {
    let rest = match name {
        "publicationDate" | "numberTitle" | "programme" | "publicationUrl" => format!("Regulation_{}", capital(name)),
        "euReferenceNumber" => "EU_ReferenceNumber".to_owned(),
        "code" => "SubjectType_ClassificationCode".to_owned(),
        "classificationCode" => "SubjectType".to_owned(),
        "birthdate" => "BirthDate".to_owned(),
        "dayOfMonth" => "Day".to_owned(),
        "monthOfYear" => "Month".to_owned(),
        "issueDate" => "IssuedDate".to_owned(),
        _ => capital(name.strip_prefix("identification").unwrap_or(name)),
    };
    format!("{prefix}{rest}")
}

fn capital(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The entities of a file, put together from their rows.
#[derive(Default)]
struct Gathered {
    entities: Vec<Rows>,
    places: HashMap<String, usize>,
}

struct Rows {
    entity: Entity,
    first_line: u64,
}

impl Gathered {
    fn add(&mut self, row: &Row<'_>, line: u64, file: &str, listing: &mut Listing<'_>) {
        let head = Head::read(&|name| row.field("Entity_", name));
        if head.id.is_empty() {
            listing.report.rows_read += 1;
            return listing.reject(file, line, "Entity_LogicalId", "", "is empty; the row belongs to no entity");
        }
        let next = self.entities.len();
        let place = *self.places.entry(head.id.clone()).or_insert(next);
        if place == next {
            let entity = Entity { head: head.clone(), ..Entity::default() };
            self.entities.push(Rows { entity, first_line: line });
        }
        let Rows { entity, first_line } = &mut self.entities[place];
        let of_head = entity.head.agree(&head).into_iter().map(|(name, value)| (column("Entity_", name), value));
        let of_parts = add_parts(entity, row);
        for (field, value) in of_head.chain(of_parts) {
            let reason =
                format!("at line {line} contradicts the row at line {first_line} of the same entity {}", head.id);
            entity.contradictions.push(Refusal { field, value, reason });
        }
    }
}

/// Adds the parts of a row; gives fields and values of those that an earlier row has otherwise, and that are kept beside
/// the earlier one.
fn add_parts(entity: &mut Entity, row: &Row<'_>) -> Vec<(String, String)> {
    let regulation = Regulation::read(&|name| row.field("Entity_", name));
    if regulation != Regulation::default() && !entity.regulations.contains(&regulation) {
        entity.regulations.push(regulation);
    }
    let twice = [
        add_part(&mut entity.names, "NameAlias_", row),
        add_part(&mut entity.addresses, "Address_", row),
        add_part(&mut entity.births, "BirthDate_", row),
        add_part(&mut entity.identifications, "Identification_", row),
        add_part(&mut entity.citizenships, "Citizenship_", row),
    ];
    twice.into_iter().flatten().collect()
}

fn add_part<P: Part + PartialEq + Default>(
    parts: &mut Vec<P>,
    prefix: &str,
    row: &Row<'_>,
) -> Option<(String, String)> {
    let field: Field<'_> = &|name| row.field(prefix, name);
    let part = P::read(field);
    if part == P::default() || parts.contains(&part) {
        return None;
    }
    let id = part.id().to_owned();
    let is_twice = !id.is_empty() && parts.iter().any(|other| other.id() == id);
    parts.push(part);
    is_twice.then(|| (format!("{prefix}LogicalId"), id))
}
