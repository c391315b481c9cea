//! EU consolidated list of financial sanctions, CSV 1.1: `;`, 118 columns, several rows an entity.
//!
//! Documented by the European Commission's Financial Sanctions Files (FSF), `csvFullSanctionsList_1_1`. Each row has
//! the fields of its entity and one or more parts: `NameAlias_`, `Address_`, `BirthDate_`, `Identification_`,
//! `Citizenship_`. Rows of one entity have the same `Entity_LogicalId`; a part that several rows repeat is one part.
//! Several remarks are one field, divided by the two characters `\n`.

use std::collections::HashMap;
use std::path::PathBuf;

use csv::ByteRecord;

use crate::import::{Error, Input, Progress, TableReader};

use crate::sanctions::import::eu::entity::{Entity, Head, Regulation};
use crate::sanctions::import::eu::part::{Field, Part};
use crate::sanctions::import::field::{day, lined, spaced};
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
        let mut input = Input::open(path, progress)?;
        let file = input.name();
        let mut table = TableReader::open(&mut input, b';', &TELLING)?;
        let columns = Columns::find(&table, &file)?;
        let mut gathered = Gathered::default();
        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            let row = Row { columns: &columns, record: &record };
            let generated = row.text("fileGenerationDate");
            let published = day("fileGenerationDate", &generated).map_err(|refusal| Error::Line {
                file: file.clone(),
                line,
                problem: format!("fileGenerationDate `{generated}` {}", refusal.reason),
            })?;
            listing.published = listing.published.max(published);
            gathered.add(&row, line, &file, listing);
        }
        for (entity, line) in gathered.whole() {
            match entity.subject(listing.report) {
                Ok(subject) => listing.take(subject, &file, line),
                Err(refusal) => refusal.tell(listing, &file, line),
            }
        }
        listing.report.files.push(input.finish()?);
    }
    Ok(())
}

/// Where each column stands.
struct Columns(HashMap<String, usize>);

impl Columns {
    fn find(table: &TableReader<'_>, file: &str) -> Result<Self, Error> {
        let mut places = HashMap::from([("fileGenerationDate".to_owned(), table.column("fileGenerationDate")?)]);
        let mut missing = Vec::new();
        for (prefix, names) in COLUMNS {
            for name in names.split(' ').map(|name| format!("{prefix}{name}")) {
                match table.optional_column(&name) {
                    Some(place) => {
                        places.insert(name, place);
                    }
                    None => missing.push(name),
                }
            }
        }
        if missing.is_empty() {
            return Ok(Self(places));
        }
        Err(Error::Format {
            file: file.to_owned(),
            problem: format!("line 1 lacks the columns {}", missing.join(", ")),
            remedy: "fetch the EU's csvFullSanctionsList_1_1, which has 118 columns".into(),
        })
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
    /// A row of it was rejected, so that the entity is not whole.
    broken: bool,
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
            self.entities.push(Rows { entity, first_line: line, broken: false });
        }
        let rows = &mut self.entities[place];
        let differs = rows.entity.head.agree(&head).map(|(name, value)| (column("Entity_", name), value));
        if let Some((field, value)) = differs.or_else(|| add_parts(&mut rows.entity, row)) {
            // Counted once an entity, however many of its rows are wrong.
            listing.report.rows_read += u64::from(!rows.broken);
            rows.broken = true;
            let reason = format!("contradicts the row at line {} of the same entity {}", rows.first_line, head.id);
            listing.reject(file, line, &field, &value, reason);
        }
    }

    fn whole(self) -> impl Iterator<Item = (Entity, u64)> {
        self.entities.into_iter().filter(|rows| !rows.broken).map(|rows| (rows.entity, rows.first_line))
    }
}

/// Adds the parts of a row; gives the field and value of one that an earlier row has otherwise.
fn add_parts(entity: &mut Entity, row: &Row<'_>) -> Option<(String, String)> {
    let regulation = Regulation::read(&|name| row.field("Entity_", name));
    if regulation != Regulation::default() && !entity.regulations.contains(&regulation) {
        entity.regulations.push(regulation);
    }
    add_part(&mut entity.names, "NameAlias_", row)
        .or_else(|| add_part(&mut entity.addresses, "Address_", row))
        .or_else(|| add_part(&mut entity.births, "BirthDate_", row))
        .or_else(|| add_part(&mut entity.identifications, "Identification_", row))
        .or_else(|| add_part(&mut entity.citizenships, "Citizenship_", row))
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
    if !id.is_empty() && parts.iter().any(|other| other.id() == id) {
        return Some((format!("{prefix}LogicalId"), id));
    }
    parts.push(part);
    None
}
