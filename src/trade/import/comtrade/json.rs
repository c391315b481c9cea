//! UN Comtrade, the JSON answer of the v1 API: `{"elapsedTime": ..., "count": N, "data": [record, ...], "error": ""}`.
//!
//! Records are read one by one: the answer is never held in memory. Numbers keep the digits of the file.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::record::{Fields, NAMES, canonical, take};
use crate::import::{Error, Input};
use crate::trade::import::{Refusal, Sink};

pub(super) fn read(input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
    let file = input.name();
    // pandas writes the records alone, without the answer around them.
    let is_list = input.peek()?.trim_ascii_start().starts_with(b"[");
    let mut deserializer = serde_json::Deserializer::from_reader(input.reader());
    let mut failure = None;
    let mut found_data = false;
    let result = if is_list {
        found_data = true;
        Records { sink, failure: &mut failure }.deserialize(&mut deserializer)
    } else {
        deserializer.deserialize_map(Answer { sink, failure: &mut failure, found_data: &mut found_data })
    };
    if let Some(error) = failure {
        return Err(error);
    }
    if let Err(error) = result.and_then(|()| deserializer.end()) {
        let line = error.line() as u64;
        if error.is_io() || error.is_eof() {
            return Err(Error::Read { file, line, source: std::io::Error::from(error) });
        }
        return Err(Error::Line { file, line, problem: format!("is not the JSON of a Comtrade answer: {error}") });
    }
    if !found_data {
        return Err(Error::Format {
            file,
            problem: "is JSON without a list `data`".into(),
            remedy: "expected the answer of the Comtrade API, {\"data\": [...]}".into(),
        });
    }
    Ok(())
}

/// The outer object. An error of the sink is kept aside, because serde's error would lose what it is.
struct Answer<'a, 'b> {
    sink: &'a mut Sink<'b>,
    failure: &'a mut Option<Error>,
    found_data: &'a mut bool,
}

impl<'de> Visitor<'de> for Answer<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with the list `data`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "data" {
                *self.found_data = true;
                map.next_value_seed(Records { sink: self.sink, failure: self.failure })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Records<'a, 'b> {
    sink: &'a mut Sink<'b>,
    failure: &'a mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for Records<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(record) = records.next_element::<Record>()? {
            number += 1;
            self.sink.read();
            if let Err(error) = take_record(&record, number, self.sink) {
                *self.failure = Some(error);
                return Err(serde::de::Error::custom("the import was ended"));
            }
        }
        Ok(())
    }
}

/// The texts of the fields we know, in the order of [`NAMES`].
struct Record([Option<String>; NAMES.len()]);

impl<'de> serde::Deserialize<'de> for Record {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RecordVisitor;
        impl<'de> Visitor<'de> for RecordVisitor {
            type Value = Record;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
                let mut texts = [const { None }; NAMES.len()];
                while let Some(key) = map.next_key::<String>()? {
                    match NAMES.iter().position(|name| *name == canonical(key.clone())) {
                        Some(index) => texts[index] = text_of(&map.next_value::<Box<RawValue>>()?),
                        None => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Record(texts))
            }
        }
        deserializer.deserialize_map(RecordVisitor)
    }
}

/// The digits of a number as they stand in the file, the characters of a string, an empty text for null.
fn text_of(raw: &RawValue) -> Option<String> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).ok(),
        Some(b'n') => Some(String::new()),
        _ => Some(text.to_owned()),
    }
}

/// `number` is the place of the record in the list, which stands in for a line.
fn take_record(record: &Record, number: u64, sink: &mut Sink<'_>) -> Result<(), Error> {
    for required in [2, 3, 4, 5, 7, 9, 25] {
        if record.0[required].is_none() {
            return sink.reject(number, Refusal::new(NAMES[required], b"", "is missing from the record"));
        }
    }
    let fields = Fields::from_texts(|index| record.0[index].as_deref().unwrap_or_default().as_bytes());
    take(&fields, number, sink)
}
