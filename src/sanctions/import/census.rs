//! What a release takes from a list: of each list within the file, of each programme, and of each kind of field.
//!
//! A part of a file that is missing, or an element that was renamed, leaves most subjects where they are and empties one
//! of these. Fields are counted where they stand in the record, so that no field is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::import::{Error, Options};
use crate::register::shrink::{self, Loss};
use crate::sanctions::subject::model::Subject;

/// Programmes of no more subjects may lose any share of them: of a few, one is many percent.
const SMALL_PROGRAMME: usize = 20;

/// Subjects of a list within the file, and values of a kind of field, that any release may take away.
const FEW: usize = 10;

/// A stored or new record of a subject.
pub type Record = Map<String, Json>;

/// Reads a stored record.
pub fn read(text: &str) -> Result<Record, Error> {
    serde_json::from_str(text).map_err(broken_record)
}

pub fn broken_record(error: serde_json::Error) -> Error {
    Error::Store(crate::store::Error::Other(format!("a record of a subject: {error}")))
}

#[derive(Clone, Copy, Default)]
struct Count {
    before: usize,
    lost: usize,
}

/// Counts over all subjects of a list.
#[derive(Default)]
pub struct Census<'a> {
    lists: BTreeMap<String, Count>,
    programmes: BTreeMap<String, Count>,
    /// Of those that changed or went; the others come to it where that matters.
    fields: BTreeMap<String, Count>,
    /// Records of subjects that are what they were.
    unchanged: Vec<&'a str>,
}

impl<'a> Census<'a> {
    /// A subject that is what it was.
    pub fn keeps(&mut self, subject: &Subject, record: &'a str) {
        let mut codes: Vec<&str> = subject.programmes.iter().map(|programme| programme.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().for_each(|code| add(&mut self.programmes, code, 1, 0));
        lists_of(&subject.source_list)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .for_each(|list| add(&mut self.lists, list, 1, 0));
        self.unchanged.push(record);
    }

    /// A subject that changed.
    pub fn changes(&mut self, before: &Record, now: &Record) {
        let (tally, now) = (Tally::of(before), Tally::of(now));
        for (name, count) in &tally.fields {
            let left = now.fields.get(name).copied().unwrap_or(0);
            add(&mut self.fields, name, *count, count.saturating_sub(left));
        }
        for list in &tally.lists {
            add(&mut self.lists, list, 1, usize::from(!now.lists.contains(list)));
        }
        for programme in &tally.programmes {
            add(&mut self.programmes, programme, 1, usize::from(!now.programmes.contains(programme)));
        }
    }

    /// A subject that the release no longer has.
    pub fn goes(&mut self, before: &Record) {
        let tally = Tally::of(before);
        tally.lists.iter().for_each(|list| add(&mut self.lists, list, 1, 1));
        tally.programmes.iter().for_each(|programme| add(&mut self.programmes, programme, 1, 1));
    }

    /// Refuses a release that empties a part of the list.
    pub fn guard(&mut self, name: &str, options: &Options) -> Result<(), Error> {
        // What all records have is counted only where so much is lost that it matters: it takes longer than all the rest.
        if self.fields.values().any(|count| count.lost > FEW) {
            for record in std::mem::take(&mut self.unchanged) {
                Tally::of(&read(record)?)
                    .fields
                    .iter()
                    .for_each(|(field, count)| add(&mut self.fields, field, *count, 0));
            }
        }
        let check = |what: &str, verb, Count { before, lost }: Count, few| {
            shrink::check(name, &Loss { verb, lost, before, what, few, or_else: "" }, options)
        };
        for (list, count) in &self.lists {
            // A list that is gone whole is refused, however short it is.
            let few = if count.lost == count.before { 0 } else { FEW.min(count.before / 2) };
            check(&format!("subjects of the list `{list}`"), "remove", *count, few)?;
        }
        for (programme, count) in &self.programmes {
            if count.before > SMALL_PROGRAMME {
                check(&format!("subjects of the programme `{programme}`"), "remove", *count, 0)?;
            }
        }
        // A kind of value that is gone takes what is said of it along, so it is told first.
        let (parts, kinds): (Vec<_>, Vec<_>) = self.fields.iter().partition(|(field, _)| field.contains('\''));
        for (field, count) in kinds.into_iter().chain(parts) {
            let what = format!(
                "{} from subjects that stay, as when a file is missing or cut, or a field has another name",
                called(field)
            );
            check(&what, "take", *count, FEW)?;
        }
        Ok(())
    }
}

fn add(counts: &mut BTreeMap<String, Count>, name: &str, before: usize, lost: usize) {
    if !counts.contains_key(name) {
        counts.insert(name.to_owned(), Count::default());
    }
    if let Some(count) = counts.get_mut(name) {
        count.before += before;
        count.lost += lost;
    }
}

/// Lists within the file that an entry is on.
fn lists_of(text: &str) -> impl Iterator<Item = &str> {
    text.split("; ").filter(|list| !list.is_empty())
}

/// What one record has.
#[derive(Default)]
struct Tally {
    lists: BTreeSet<String>,
    programmes: BTreeSet<String>,
    fields: BTreeMap<String, usize>,
}

impl Tally {
    fn of(record: &Record) -> Self {
        let mut tally = Self::default();
        for (field, value) in record {
            match value {
                Json::Array(values) => values.iter().for_each(|value| tally.value(field, value)),
                Json::String(text) if field == "source_list" => {
                    tally.lists.extend(lists_of(text).map(str::to_owned));
                }
                Json::String(text) if text.is_empty() || field == "uid" || (field == "kind" && text == "unknown") => {}
                _ => tally.count(field.clone()),
            }
        }
        tally
    }

    /// A value of a field that has several: by its kind, and what it says beside itself.
    fn value(&mut self, field: &str, value: &Json) {
        let Json::Object(parts) = value else { return self.count(field.to_owned()) };
        let text = |name: &str| parts.get(name).and_then(Json::as_str).unwrap_or_default();
        let kind = text(if field == "details" { "label" } else { "kind" });
        self.count(if kind.is_empty() { field.to_owned() } else { format!("{field}.{kind}") });
        if field == "programmes" {
            self.programmes.insert(text("code").to_owned());
        }
        // What makes up the value itself, or follows from it.
        const ITSELF: [&str; 9] = ["kind", "label", "value", "full", "text", "code", "date", "check", "script"];
        for part in parts.keys().filter(|part| !ITSELF.contains(&part.as_str())) {
            self.count(format!("{field}'{part}"));
        }
    }

    fn count(&mut self, field: String) {
        *self.fields.entry(field).or_default() += 1;
    }
}

/// A kind of field in words.
fn called(field: &str) -> String {
    let known = [
        ("names.alias", "aliases"),
        ("names.former", "former names"),
        ("places.address", "addresses"),
        ("places.birth", "places of birth"),
        ("places.nationality", "nationalities"),
        ("places.citizenship", "citizenships"),
        ("dates.birth", "dates of birth"),
        ("listed_on", "days of listing"),
        ("amended_on", "days of amendment"),
    ];
    if let Some((_, words)) = known.iter().find(|(name, _)| *name == field) {
        return (*words).to_owned();
    }
    match (field.split_once('.'), field.split_once('\'')) {
        (Some((field, kind)), _) => format!("{field} of the kind `{kind}`"),
        (None, Some((field, part))) => format!("values `{part}` of {field}"),
        _ => format!("values of {field}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(list: &str, programme: &str, passports: usize, born: bool) -> Record {
        let passport = json!({"kind": "passport", "value": "1", "country": "PER"});
        let record = json!({
            "uid": "1", "kind": "person", "source_list": list, "names": [{"full": "A", "kind": "primary"}],
            "identifiers": vec![passport; passports], "programmes": [{"code": programme}],
            "dates": if born { vec![json!({"kind": "birth", "date": "1961"})] } else { vec![] },
        });
        record.as_object().unwrap().clone()
    }

    /// A subject that is what it was.
    fn keep(census: &mut Census<'static>, record: Record) {
        let record = Json::Object(record);
        let subject: Subject = serde_json::from_value(record.clone()).unwrap();
        census.keeps(&subject, Box::leak(record.to_string().into_boxed_str()));
    }

    fn refusal(census: &mut Census<'_>) -> Option<String> {
        census.guard("us-csl", &Options::new(Vec::new())).err().map(|error| error.to_string())
    }

    #[test]
    fn a_list_within_the_file_may_not_go() {
        let mut census = Census::default();
        (0..500).for_each(|_| keep(&mut census, record("SDN", "A", 0, true)));
        census.goes(&record("SSI", "A", 0, true));
        let text = refusal(&mut census).unwrap();
        assert!(text.contains("remove 1 of 1 subjects of the list `SSI`"), "{text}");
        // A few of a list may.
        keep(&mut census, record("SSI", "A", 0, true));
        assert_eq!(refusal(&mut census), None);
    }

    #[test]
    fn a_programme_of_more_than_twenty_may_not_shrink() {
        for (size, is_refused) in [(20, false), (21, true)] {
            let mut census = Census::default();
            (0..500).for_each(|_| keep(&mut census, record("", "A", 0, true)));
            (0..size - 3).for_each(|_| keep(&mut census, record("", "B", 0, true)));
            (0..3).for_each(|_| census.changes(&record("", "B", 0, true), &record("", "A", 0, true)));
            assert_eq!(refusal(&mut census).is_some(), is_refused, "{size}");
        }
    }

    #[test]
    fn a_kind_of_field_may_not_be_emptied() {
        let (before, now) = (record("", "A", 1, true), record("", "A", 1, false));
        let mut census = Census::default();
        (0..11).for_each(|_| census.changes(&before, &now));
        let text = refusal(&mut census).unwrap();
        assert!(text.contains("take 11 of 11 dates of birth from subjects that stay"), "{text}");
        let mut census = Census::default();
        (0..11).for_each(|_| census.changes(&before, &record("", "A", 0, true)));
        let text = refusal(&mut census).unwrap();
        assert!(text.contains("take 11 of 11 identifiers of the kind `passport`"), "{text}");
        let mut census = Census::default();
        (0..10).for_each(|_| census.changes(&before, &now));
        assert_eq!(refusal(&mut census), None);
    }
}
