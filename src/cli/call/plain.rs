//! Messages that people write and read as one word: days and decimals; and values of enums without their prefix.
//!
//! Told from descriptors, so that it holds for any server. The few names that descriptors cannot tell stand in
//! `output/vocabulary.rs`.

use prost_reflect::{DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _};

/// A message that is one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plain {
    /// `google.type.Date`, of which month and day may be absent.
    Day,
    /// A message whose one field is a string named `value`, as decimals are.
    Text,
}

pub fn plain(message: &MessageDescriptor) -> Option<Plain> {
    if message.full_name() == "google.type.Date" {
        return Some(Plain::Day);
    }
    let mut fields = message.fields();
    let (Some(only), None) = (fields.next(), fields.next()) else { return None };
    let is_text = only.kind() == Kind::String && only.name() == "value" && !only.is_list();
    let is_googles = message.package_name() == "google.protobuf";
    (is_text && !is_googles).then_some(Plain::Text)
}

/// `2024-01-31`, `2024-01` or `2024` as year, month and day, 0 where there is none.
pub fn read_day(text: &str) -> Option<(i16, i8, i8)> {
    if let Ok(date) = text.parse::<jiff::civil::Date>()
        && text.len() == 10
    {
        return Some((date.year(), date.month(), date.day()));
    }
    let (year, month) = text.split_once('-').map_or((text, None), |(year, month)| (year, Some(month)));
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || month.is_some_and(|month| !digits(month, 2)) {
        return None;
    }
    let month = month.map_or(Some(0), |month| month.parse().ok().filter(|month| (1..=12).contains(month)))?;
    Some((year.parse().ok()?, month, 0))
}

/// The word for a message of this form.
pub fn word(message: &DynamicMessage, form: Plain) -> String {
    let number = |name: &str| message.get_field_by_name(name).and_then(|value| value.as_i32()).unwrap_or_default();
    match form {
        Plain::Text => {
            message.get_field_by_name("value").and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        }
        Plain::Day => match (number("year"), number("month"), number("day")) {
            (0, 0, 0) => String::new(),
            (year, 0, _) => format!("{year:04}"),
            (year, month, 0) => format!("{year:04}-{month:02}"),
            (year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        },
    }
}

/// What the names of the values begin with, as the style of protos has it.
fn prefix(descriptor: &EnumDescriptor) -> String {
    format!("{}_", upper_snake(descriptor.name()))
}

/// The word for a value; empty for the one that says nothing.
pub fn enum_word(descriptor: &EnumDescriptor, number: i32) -> String {
    let Some(value) = descriptor.get_value(number) else { return number.to_string() };
    match value.name().strip_prefix(&prefix(descriptor)) {
        Some("UNSPECIFIED") => String::new(),
        Some(word) => word.to_owned(),
        None => value.name().to_owned(),
    }
}

/// The full name of the value that `word` means; `None` where it is one already, or none.
pub fn enum_name(descriptor: &EnumDescriptor, word: &str) -> Option<String> {
    if descriptor.get_value_by_name(word).is_some() {
        return None;
    }
    let name = format!("{}{}", prefix(descriptor), word.to_ascii_uppercase().replace('-', "_"));
    descriptor.get_value_by_name(&name).map(|value| value.name().to_owned())
}

/// The kind of the values of a map field; the field's own kind where it is none.
pub fn map_value_kind(field: &FieldDescriptor) -> Kind {
    match field.kind() {
        Kind::Message(entry) if entry.is_map_entry() => entry.map_entry_value_field().kind(),
        kind => kind,
    }
}

/// Whether the JSON mapping gives the message a form other than an object of its fields.
pub fn is_well_known(descriptor: &MessageDescriptor) -> bool {
    let file = descriptor.parent_file();
    let is_googles = file.package_name() == "google.protobuf";
    is_googles && file.name() != "google/protobuf/descriptor.proto"
}

/// `DeadlineExceeded` as `DEADLINE_EXCEEDED`, as codes and values of enums are written.
pub fn upper_snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// The message behind a field's kind.
pub fn message_of(kind: Kind) -> Option<MessageDescriptor> {
    match kind {
        Kind::Message(message) => Some(message),
        _ => None,
    }
}

/// Whether the message is of this form.
pub fn word_of(message: &DynamicMessage) -> Option<String> {
    plain(&message.descriptor()).map(|form| word(message, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_whole_or_in_part() {
        assert_eq!(read_day("2024-02-29"), Some((2024, 2, 29)));
        assert_eq!(read_day("2024-02"), Some((2024, 2, 0)));
        assert_eq!(read_day("2024"), Some((2024, 0, 0)));
        for refused in ["2023-02-29", "2024-13", "24-01-01", "31.01.2024", "2024-1-1", "", "2024-", "2024-02-29T00:00"]
        {
            assert_eq!(read_day(refused), None, "{refused}");
        }
    }
}
