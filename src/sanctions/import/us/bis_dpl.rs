//! BIS Denied Persons List: `dpl.txt`, tab-separated and quoted, with a header.
//!
//! The columns are described on the list's page at bis.gov; dates are mm/dd/yyyy, `Last_Update` is yyyy-mm-dd. A row is
//! an address of a denied person. The list has no identifiers. What is left of a row when its address, its last update
//! and its action change is the name, the effective date and the Federal Register citations, and of these only the name
//! lasts: a renewed temporary denial order has a new effective date and one more citation. So a name is a subject, and
//! a person with two orders has two measures.
//!
//! Orders that have run out stay on the list, and so do their subjects: the measure says until when.

use std::path::PathBuf;
use std::rc::Rc;

use csv::ByteRecord;

use crate::import::encoding::open_table;
use crate::import::{Error, Progress, Report, TableReader};
use crate::reference::country;
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::columns::Columns;
use crate::sanctions::import::field::{Refusal, joined as parts, or_text, spaced};
use crate::sanctions::import::joined::{Joined, add_name, uid_of_name};
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::unbroken;
use crate::sanctions::subject::model::{Measure, MeasureKind, Name, NameKind, Place, PlaceKind, Subject};
use crate::value::Span;

pub const FORMAT: ListFormat = ListFormat {
    name: "bis-dpl",
    about: "BIS Denied Persons List, tab-separated.",
    dataset: Some("us-bis-dpl"),
    title: "Denied Persons List",
    authority: "BIS",
    publisher: "US Department of Commerce, Bureau of Industry and Security",
    license: "public domain",
    read,
};

/// Without these a file is of another list.
const TELLING: [&str; 2] = ["Name", "Effective_Date"];

const COLUMNS: [&str; 12] = [
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
];

/// The list has a few last updates in the years 222 and 3017.
const UPDATE_YEARS: std::ops::RangeInclusive<i16> = 1950..=2100;

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut joined = Joined::default();
    for path in files {
        unbroken::check(path, b'\t')?;
        let mut input = open_table(path, progress, listing.report)?;
        let file: Rc<str> = input.name().into();
        let mut table = TableReader::open(&mut input, b'\t', &TELLING)?;
        let layout = "the Denied Persons List: Name, Street_Address, City, ...";
        let columns = Columns::of(&table, layout, (&file, 1), &TELLING, (&COLUMNS, &[]), listing.report)?;
        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            listing.report.at(&file, line);
            let fields = COLUMNS.map(|column| columns.text(&record, column));
            let uid = uid_of_name("DPL", fields[0]);
            match row(fields, listing.report) {
                Ok(mut subject) => {
                    columns.keep_unread(&record, &mut subject, listing.report);
                    joined.join(Subject { uid, ..subject }, &file, line, listing);
                }
                Err(refusal) => joined.refuse(&uid, &file, line, &refusal, listing),
            }
        }
        listing.report.files.push(input.finish()?);
    }
    joined.give(listing);
    Ok(())
}

fn row(fields: [&str; 12], report: &mut Report) -> Result<Subject, Refusal> {
    let [name, street, city, state, country, postal_code, effective, expiration, standard, update, action, citation] =
        fields;
    if name.is_empty() {
        return Err(Refusal::new("Name", name, "a denied person has a name"));
    }
    let mut subject = Subject { names: names(name), source_list: "Denied Persons List".into(), ..Subject::default() };
    let from = or_text(date("Effective_Date", effective), &mut subject, report);
    let until = or_text(date("Expiration_Date", expiration), &mut subject, report);
    if from.zip(until).is_some_and(|(from, until)| until.last < from.first) {
        report.skip("a denial that ends before it begins: taken as it stands");
    }
    subject.listed_on = from;
    subject.measures.push(Measure { kind: MeasureKind::ExportRestriction, from, until, ..Measure::default() });
    subject.places.extend(address([street, city, state, postal_code, country]));
    if !matches!(standard, "" | "Y" | "y" | "N" | "n") {
        Refusal::new("Standard_Order", standard, "is neither Y nor N").keep(&mut subject, report);
    } else {
        subject.detail("standard order", &standard.to_uppercase());
    }
    subject.detail("action", action);
    subject.detail("federal register citation", citation);
    subject.amended_on = or_text(updated(update), &mut subject, report);
    if subject.amended_on.is_some_and(|update| !UPDATE_YEARS.contains(&update.first.year())) {
        subject.amended_on = None;
        Refusal::new("Last_Update", update, "is in a year that cannot be").keep(&mut subject, report);
    }
    Ok(subject)
}

/// `FUYI SUN A/K/A FRANK SUN`: two names.
pub fn names(text: &str) -> Vec<Name> {
    let mut rest = text;
    let mut names = Vec::new();
    loop {
        let upper = rest.to_ascii_uppercase();
        let next = [" A/K/A ", " D/B/A "].iter().filter_map(|mark| upper.find(mark)).min();
        let full = &rest[..next.unwrap_or(rest.len())];
        let kind = if names.is_empty() { NameKind::Primary } else { NameKind::Alias };
        add_name(&mut names, Name { full: full.to_owned(), kind, ..Name::default() });
        match next {
            Some(place) => rest = &rest[place + " A/K/A ".len()..],
            None => return names,
        }
    }
}

/// The country is what its column says. Where it is empty, the column of the state has a state of the United States, or
/// once in a while letters that may be another country's: `RS` stands for Russia and is the code of Serbia.
fn address([street, city, state, postal_code, country]: [&str; 5]) -> Option<Place> {
    let text = parts(&[street, city, state, postal_code, country].map(spaced).each_ref().map(String::as_str));
    let code = if country.is_empty() && is_us_state(state) { "USA" } else { country::code(country) };
    (!text.is_empty()).then(|| Place {
        kind: PlaceKind::Address,
        text,
        country: code.to_owned(),
        city: spaced(city),
        postal_code: spaced(postal_code),
    })
}

/// A state, district or territory of the United States, by its two letters.
pub fn is_us_state(text: &str) -> bool {
    const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM \
                          NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU";
    text.len() == 2 && STATES.split(' ').any(|state| state == text)
}

fn date(field: &'static str, text: &str) -> Result<Option<Span>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let shaped = text.len() == 10 && text.bytes().filter(u8::is_ascii_digit).count() == 8;
    let parts: Vec<&str> = text.split('/').collect();
    let day = match parts[..] {
        [month, day, year] if shaped => match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => Span::of_day(year, month, day),
            _ => None,
        },
        _ => None,
    };
    match day {
        Some(day) => Ok(Some(day)),
        None => Err(Refusal::new(field, text, "is not a valid date; expected mm/dd/yyyy, such as 03/24/1981,")),
    }
}

fn updated(text: &str) -> Result<Option<Span>, Refusal> {
    if text.is_empty() || text.contains('/') {
        return date("Last_Update", text);
    }
    let day: Option<Span> = text.parse().ok().filter(|day: &Span| day.is_exact());
    match day {
        Some(day) => Ok(Some(day)),
        None => Err(Refusal::new("Last_Update", text, "is not a valid date; expected yyyy-mm-dd, such as 2018-06-13")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::sanctions::subject::model::Detail;

    const HEADER: &str = "\"Name\"\t\"Street_Address\"\t\"City\"\t\"State\"\t\"Country\"\t\"Postal_Code\"\t\
        \"Effective_Date\"\t\"Expiration_Date\"\t\"Standard_Order\"\t\"Last_Update\"\t\"Action\"\t\"FR_Citation\"\n";

    fn import(rows: &str) -> (Vec<Subject>, Report) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(format!("{HEADER}{rows}").as_bytes()).unwrap();
        let mut report = Report::default();
        let mut listing = Listing::new(&mut report);
        read(&[file.path().to_owned()], &Progress::silent(), &mut listing).unwrap();
        let subjects = listing.subjects;
        (subjects, report)
    }

    #[test]
    fn rows_of_a_name_make_one_subject() {
        let (subjects, report) = import(
            "\" JO  DOE \"\t\"1 MAIN ST\"\t\"MIAMI\"\t\"FL\"\t\"\"\t\"33101\"\t\"03/04/2002\"\t\"06/29/2056\"\t\"y\"\t\
             \"2006-07-11\"\t\"50 YEAR DENIAL\"\t\"67 F.R. 1\"\n\
             \"JO DOE\"\t\"2 HIGH ST\"\t\"LEEDS\"\t\"\"\t\"GB\"\t\"\"\t\"03/04/2002\"\t\"06/29/2056\"\t\"Y\"\t\
             \"2007-01-31\"\t\"\"\t\"67 F.R. 1\"\n\
             \"JO DOE\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"06/19/2003\"\t\"\"\t\"N\"\t\"0222-05-18\"\t\"\"\t\"\"\n\
             \"S \"\"SAM\"\" LTD A/K/A SAMCO D/B/A S7\"\t\t\t\t\t\t\t\t\t\t\t\n",
        );
        let [jo, sam] = &subjects[..] else { panic!("two names, two subjects") };
        assert_eq!(jo.uid, uid_of_name("DPL", "JO DOE"));
        assert_eq!(jo.name(), "JO DOE");
        assert_eq!(jo.names.len(), 1);
        assert_eq!(jo.listed_on, Span::of_day(2002, 3, 4));
        assert_eq!(jo.amended_on, Span::of_day(2007, 1, 31));
        assert_eq!(jo.delisted_on, None);
        let addresses: Vec<_> = jo.places.iter().map(|place| place.text.as_str()).collect();
        assert_eq!(addresses, ["1 MAIN ST, MIAMI, FL, 33101", "2 HIGH ST, LEEDS, GB"]);
        assert_eq!((jo.places[0].country.as_str(), jo.places[0].city.as_str()), ("USA", "MIAMI"));
        assert_eq!(jo.places[0].postal_code, "33101");
        let terms: Vec<_> = jo.measures.iter().map(|measure| (measure.from, measure.until)).collect();
        let first = (Span::of_day(2002, 3, 4), Span::of_day(2056, 6, 29));
        assert_eq!(terms, [first, (Span::of_day(2003, 6, 19), None)]);
        assert!(jo.measures.iter().all(|measure| measure.kind == MeasureKind::ExportRestriction));
        let details: Vec<_> = jo.details.iter().map(|Detail { label, value }| format!("{label}={value}")).collect();
        assert_eq!(
            details,
            [
                "standard order=Y",
                "action=50 YEAR DENIAL",
                "federal register citation=67 F.R. 1",
                "standard order=N",
                "Last_Update=0222-05-18"
            ]
        );
        let names: Vec<_> = sam.names.iter().map(|name| (name.full.as_str(), name.kind)).collect();
        assert_eq!(names, [("S \"SAM\" LTD", NameKind::Primary), ("SAMCO", NameKind::Alias), ("S7", NameKind::Alias)]);
        assert_eq!(report.rows_read, 4);
        assert_eq!(report.skipped["rows joined with an earlier one of the same list and name"], 2);
    }

    #[test]
    fn the_identifier_lasts_when_other_columns_change() {
        let before = import(
            "\"JO\"\t\"1 A\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"01/02/2020\"\t\"\"\t\"Y\"\t\"2020-01-02\"\t\"\"\t\"\"\n",
        );
        let after = import(
            "\"JO\"\t\"2 B\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"07/01/2020\"\t\"\"\t\"Y\"\t\"2020-07-01\"\t\"TDO\"\t\"85\"\n",
        );
        assert_eq!(before.0[0].uid, after.0[0].uid);
    }

    #[test]
    fn bad_dates_are_kept_as_text_and_missing_names_rejected() {
        for (rows, field) in [
            ("\"A\"\t\t\t\t\t\t\"02/31/2002\"\t\t\t\t\t\n", "Effective_Date"),
            ("\"A\"\t\t\t\t\t\t\"2002-02-01\"\t\t\t\t\t\n", "Effective_Date"),
            ("\"A\"\t\t\t\t\t\t\"02/01/2002\"\t\"1/2/03\"\t\t\t\t\n", "Expiration_Date"),
            ("\"A\"\t\t\t\t\t\t\t\t\t\"2002-02-30\"\t\t\n", "Last_Update"),
        ] {
            let (subjects, report) = import(rows);
            assert_eq!((subjects.len(), subjects[0].details.len()), (1, 1));
            assert_eq!(report.kept_as_text[0].field, field);
            assert_eq!((report.kept_as_text[0].line, report.rows_rejected), (2, 0));
        }
        let (subjects, report) = import("\"\"\t\"1 A\"\t\t\t\t\t\t\t\t\t\t\n");
        assert_eq!((subjects.len(), report.rejects[0].field.as_str(), report.rejects[0].line), (0, "Name", 2));
    }

    #[test]
    fn a_file_that_is_cut_or_another_is_refused() {
        for content in [format!("{HEADER}\"A\"\t\"1 MAIN"), "name,addresses\nx,y\n".to_owned()] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(content.as_bytes()).unwrap();
            let mut report = Report::default();
            let mut listing = Listing::new(&mut report);
            assert!(read(&[file.path().to_owned()], &Progress::silent(), &mut listing).is_err());
        }
    }
}
