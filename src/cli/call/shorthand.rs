//! Requests as people write them: days as `"2024-01-31"`, decimals as `10` or `"10"`, values of enums without prefix.
//!
//! Writes them out as the JSON mapping of protos has them, and leaves every other letter of the text as it is, so that
//! errors still name the right line and numbers keep all their digits.

use std::collections::HashMap;
use std::ops::Range;

use prost_reflect::{Kind, MessageDescriptor};
use serde_json::value::RawValue;

use super::error::Error;
use super::plain::{self, Plain, is_well_known, map_value_kind};

/// The request in the JSON mapping. What is no JSON, or does not fit the message, is left to the reader behind.
pub fn written_out(descriptor: &MessageDescriptor, text: &str) -> Result<String, Error> {
    let mut edits = Edits { text, found: Vec::new() };
    edits.message(descriptor, text, "")?;
    edits.found.sort_by_key(|(range, _)| range.start);
    let mut written = String::with_capacity(text.len());
    let mut end = 0;
    for (range, replacement) in edits.found {
        written.push_str(&text[end..range.start]);
        written.push_str(&replacement);
        end = range.end;
    }
    written.push_str(&text[end..]);
    Ok(written)
}

struct Edits<'a> {
    text: &'a str,
    found: Vec<(Range<usize>, String)>,
}

impl<'a> Edits<'a> {
    fn message(&mut self, descriptor: &MessageDescriptor, json: &'a str, path: &str) -> Result<(), Error> {
        if is_well_known(descriptor) {
            return Ok(());
        }
        let Ok(entries) = serde_json::from_str::<HashMap<String, &RawValue>>(json) else { return Ok(()) };
        for (name, content) in entries {
            let field = descriptor.get_field_by_json_name(&name).or_else(|| descriptor.get_field_by_name(&name));
            let Some(field) = field else { continue };
            let here = if path.is_empty() { name } else { format!("{path}.{name}") };
            let content = content.get();
            if field.is_map() {
                let kind = map_value_kind(&field);
                let Ok(inner) = serde_json::from_str::<HashMap<String, &RawValue>>(content) else { continue };
                for (key, value) in inner {
                    self.value(&kind, value.get(), &format!("{here}[{key:?}]"))?;
                }
            } else if field.is_list() {
                let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(content) else { continue };
                for (index, element) in elements.into_iter().enumerate() {
                    self.value(&field.kind(), element.get(), &format!("{here}[{index}]"))?;
                }
            } else {
                self.value(&field.kind(), content, &here)?;
            }
        }
        Ok(())
    }

    fn value(&mut self, kind: &Kind, json: &'a str, path: &str) -> Result<(), Error> {
        let quoted = serde_json::from_str::<String>(json).ok();
        match (kind, quoted) {
            (Kind::Enum(descriptor), Some(word)) => {
                if let Some(name) = plain::enum_name(descriptor, &word) {
                    self.replace(json, format!("{name:?}"));
                }
            }
            (Kind::Message(descriptor), quoted) => match (plain::plain(descriptor), quoted) {
                (Some(Plain::Day), Some(day)) => {
                    let Some((year, month, day)) = plain::read_day(&day) else {
                        return Err(Error::Request(format!("{path}: {json} is not a day; write it as \"2024-01-31\"")));
                    };
                    self.replace(json, format!("{{\"year\":{year},\"month\":{month},\"day\":{day}}}"));
                }
                (Some(Plain::Text), Some(_)) => self.replace(json, format!("{{\"value\":{json}}}")),
                (Some(Plain::Text), None) if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                    self.replace(json, format!("{{\"value\":\"{json}\"}}"));
                }
                _ => self.message(descriptor, json, path)?,
            },
            _ => {}
        }
        Ok(())
    }

    /// `part` is a slice of the text itself: where it lies says which letters go.
    fn replace(&mut self, part: &'a str, replacement: String) {
        let start = part.as_ptr().addr() - self.text.as_ptr().addr();
        self.found.push((start..start + part.len(), replacement));
    }
}

#[cfg(test)]
mod tests {
    use prost_reflect::DescriptorPool;
    use prost_types::field_descriptor_proto::{Label, Type};
    use prost_types::{
        DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    };

    use super::*;

    fn field(name: &str, number: i32, of: Type, type_name: &str, label: Label) -> FieldDescriptorProto {
        FieldDescriptorProto {
            name: Some(name.into()),
            number: Some(number),
            r#type: Some(of.into()),
            type_name: (!type_name.is_empty()).then(|| type_name.into()),
            label: Some(label.into()),
            ..FieldDescriptorProto::default()
        }
    }

    fn message(name: &str, field: Vec<FieldDescriptorProto>) -> DescriptorProto {
        DescriptorProto { name: Some(name.into()), field, ..DescriptorProto::default() }
    }

    fn file(name: &str, package: &str, message_type: Vec<DescriptorProto>) -> FileDescriptorProto {
        let (name, package) = (Some(name.into()), Some(package.into()));
        FileDescriptorProto { name, package, message_type, syntax: Some("proto3".into()), ..Default::default() }
    }

    /// `Order { title, day, share, mode, repeated Order parts }`.
    fn order() -> MessageDescriptor {
        let one = Label::Optional;
        let numbers = ["year", "month", "day"];
        let numbers = numbers.iter().zip(1..).map(|(name, number)| field(name, number, Type::Int32, "", one));
        let date = file("date.proto", "google.type", vec![message("Date", numbers.collect())]);
        let decimal = message("Amount", vec![field("value", 1, Type::String, "", one)]);
        let fields = vec![
            field("title", 1, Type::String, "", one),
            field("due_day", 2, Type::Message, ".google.type.Date", one),
            field("share", 3, Type::Message, ".shop.Amount", one),
            field("ship_mode", 4, Type::Enum, ".shop.ShipMode", one),
            field("parts", 5, Type::Message, ".shop.Order", Label::Repeated),
        ];
        let mut shop = file("shop.proto", "shop", vec![message("Order", fields), decimal]);
        shop.dependency.push("date.proto".into());
        let value = |(number, name): (i32, &str)| EnumValueDescriptorProto {
            name: Some(name.into()),
            number: Some(number),
            ..EnumValueDescriptorProto::default()
        };
        shop.enum_type.push(EnumDescriptorProto {
            name: Some("ShipMode".into()),
            value: [(0, "SHIP_MODE_UNSPECIFIED"), (1, "SHIP_MODE_BY_SEA")].map(value).into(),
            ..EnumDescriptorProto::default()
        });
        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_protos([date, shop]).unwrap();
        pool.get_message_by_name("shop.Order").unwrap()
    }

    #[test]
    fn days_decimals_and_enums_are_written_out_and_the_rest_is_kept() {
        let cases = [
            (
                "{ \"title\" : \"a\\u00e9\",\n \"due_day\": \"2024-01-31\"}",
                "{ \"title\" : \"a\\u00e9\",\n \"due_day\": {\"year\":2024,\"month\":1,\"day\":31}}",
            ),
            (
                r#"{"share": 0.1000000000000000000000001, "ship_mode": "by-sea"}"#,
                r#"{"share": {"value":"0.1000000000000000000000001"}, "ship_mode": "SHIP_MODE_BY_SEA"}"#,
            ),
            (
                r#"{"parts": [{}, {"dueDay": "2024-05"}], "share": "-1"}"#,
                r#"{"parts": [{}, {"dueDay": {"year":2024,"month":5,"day":0}}], "share": {"value":"-1"}}"#,
            ),
        ];
        for (asked, expected) in cases {
            assert_eq!(written_out(&order(), asked).unwrap(), expected);
        }
        for kept in [r#"{"due_day": {"year": 2024}}"#, r#"{"share": null, "ship_mode": "BY_AIR"}"#, "[]", "{"] {
            assert_eq!(written_out(&order(), kept).unwrap(), kept);
        }
    }

    #[test]
    fn what_is_no_day_is_refused_by_field_and_value() {
        let refusal = written_out(&order(), r#"{"parts": [{"due_day": "31.12.2024"}]}"#).unwrap_err();
        let expected = r#"parts[0].due_day: "31.12.2024" is not a day; write it as "2024-01-31""#;
        assert!(refusal.to_string().contains(expected), "{refusal}");
    }
}
