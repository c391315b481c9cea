//! Messages known only by their descriptor: on the wire, from JSON, to JSON.
//!
//! Never opens a connection. Request errors name the field, the line and the column.

use prost::Message as _;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, SerializeOptions,
};
use serde_json::{Value, json};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use super::error::Error;
use super::plain::{is_well_known, map_value_kind};
use super::{names, shorthand};

/// Field names as the protos spell them: what `--describe` shows is what goes in and comes out.
const ANSWERS: SerializeOptions = SerializeOptions::new().use_proto_field_name(true).skip_default_fields(true);
const REQUESTS: DeserializeOptions = DeserializeOptions::new().deny_unknown_fields(true);

/// `application/grpc+proto` for messages that have no generated type.
pub struct DynamicCodec {
    answer: MessageDescriptor,
}

impl DynamicCodec {
    pub fn new(answer: MessageDescriptor) -> Self {
        Self { answer }
    }
}

impl Codec for DynamicCodec {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = DynamicEncoder;
    type Decoder = DynamicDecoder;

    fn encoder(&mut self) -> DynamicEncoder {
        DynamicEncoder
    }

    fn decoder(&mut self) -> DynamicDecoder {
        DynamicDecoder { answer: self.answer.clone() }
    }
}

pub struct DynamicEncoder;

impl Encoder for DynamicEncoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(to).map_err(|error| Status::internal(format!("request cannot be encoded: {error}")))
    }
}

pub struct DynamicDecoder {
    answer: MessageDescriptor,
}

impl Decoder for DynamicDecoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        DynamicMessage::decode(self.answer.clone(), from)
            .map(Some)
            .map_err(|error| Status::internal(format!("answer cannot be decoded: {error}")))
    }
}

/// The answer as indented JSON, or on one line where one of many is written.
pub fn to_json(message: &DynamicMessage, one_line: bool) -> Result<String, Error> {
    let mut text = Vec::new();
    let written = if one_line {
        message.serialize_with_options(&mut serde_json::Serializer::new(&mut text), &ANSWERS)
    } else {
        message.serialize_with_options(&mut serde_json::Serializer::pretty(&mut text), &ANSWERS)
    };
    written.map_err(Error::Answer)?;
    text.push(b'\n');
    String::from_utf8(text).map_err(|error| Error::Answer(serde_json::Error::io(std::io::Error::other(error))))
}

/// Reads one request of the type `descriptor` from the whole of `text`.
pub fn from_json(descriptor: &MessageDescriptor, text: &str) -> Result<DynamicMessage, Error> {
    let text = &shorthand::written_out(descriptor, text)?;
    let mut source = serde_json::Deserializer::from_str(text);
    let read = DynamicMessage::deserialize_with_options(descriptor.clone(), &mut source, &REQUESTS)
        .and_then(|message| source.end().map(|()| message));
    read.map_err(|error| Error::Request(explain(descriptor, text, &error)))
}

/// Reads one request from each line of `text` that is not blank.
pub fn from_json_lines(descriptor: &MessageDescriptor, text: &str) -> Result<Vec<DynamicMessage>, Error> {
    let mut messages = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let message = from_json(descriptor, line).or_else(|_| {
            // Read again behind as many empty lines, so that the error counts from the top.
            from_json(descriptor, &format!("{}{line}", "\n".repeat(index)))
        })?;
        messages.push(message);
    }
    Ok(messages)
}

/// The deserializer knows the line but not the field, so the field is searched for afterwards.
fn explain(descriptor: &MessageDescriptor, text: &str, error: &serde_json::Error) -> String {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return format!("not json: {error}");
    };
    match fault_in_message(descriptor, &value, "") {
        Some(fault) => format!("{fault} (line {}, column {})", error.line(), error.column()),
        None => error.to_string(),
    }
}

/// What is wrong with `value` as a message, as `path.to.field: reason`; `None` when the reason
/// lies in no single field, as with two members of one oneof.
fn fault_in_message(descriptor: &MessageDescriptor, value: &Value, path: &str) -> Option<String> {
    // Well-known types have a JSON form of their own, without fields.
    if is_well_known(descriptor) {
        return None;
    }
    let Value::Object(entries) = value else {
        let place = if path.is_empty() { "request" } else { path };
        return Some(format!("{place}: must be a json object ({})", descriptor.full_name()));
    };
    for (name, content) in entries {
        let here = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let field = descriptor.get_field_by_json_name(name).or_else(|| descriptor.get_field_by_name(name));
        let Some(field) = field else {
            return Some(format!("{here}: {}", unknown_field(descriptor, name)));
        };
        if let Err(error) = read_value(descriptor, json!({ name: content })) {
            return Some(fault_in_field(descriptor, &field, content, &here, &error));
        }
    }
    None
}

/// Goes down to the element or field that is wrong. `error` is why the whole field is refused.
fn fault_in_field(
    owner: &MessageDescriptor,
    field: &FieldDescriptor,
    content: &Value,
    path: &str,
    error: &serde_json::Error,
) -> String {
    let name = field.name();
    match content {
        Value::Array(elements) if field.is_list() => {
            for (index, element) in elements.iter().enumerate() {
                if let Err(error) = read_value(owner, json!({ name: [element] })) {
                    let here = format!("{path}[{index}]");
                    return fault_in_value(&field.kind(), element, &here, &error);
                }
            }
            format!("{path}: {error}")
        }
        Value::Object(entries) if field.is_map() => {
            for (key, element) in entries {
                if let Err(error) = read_value(owner, json!({ name: { key: element } })) {
                    let here = format!("{path}[{key:?}]");
                    let kind = map_value_kind(field);
                    return fault_in_value(&kind, element, &here, &error);
                }
            }
            format!("{path}: {error}")
        }
        _ if field.is_list() || field.is_map() => format!("{path}: {error}"),
        _ => fault_in_value(&field.kind(), content, path, error),
    }
}

fn fault_in_value(kind: &Kind, value: &Value, path: &str, error: &serde_json::Error) -> String {
    match kind {
        Kind::Message(descriptor) => {
            fault_in_message(descriptor, value, path).unwrap_or_else(|| format!("{path}: {error}"))
        }
        Kind::Enum(descriptor) => {
            let values: Vec<String> = descriptor.values().map(|v| v.name().to_owned()).collect();
            format!("{path}: {error}; it takes: {}", values.join(", "))
        }
        _ => format!("{path}: {error}"),
    }
}

fn unknown_field(descriptor: &MessageDescriptor, name: &str) -> String {
    let known: Vec<String> = descriptor.fields().map(|f| f.name().to_owned()).collect();
    let message = descriptor.full_name();
    let Some(guess) = names::nearest(known.iter().map(String::as_str), name).into_iter().next() else {
        return format!("{message} has no fields");
    };
    format!("{message} has no such field; did you mean {guess:?}? it has: {}", known.join(", "))
}

fn read_value(descriptor: &MessageDescriptor, value: Value) -> Result<(), serde_json::Error> {
    DynamicMessage::deserialize_with_options(descriptor.clone(), value, &REQUESTS).map(|_| ())
}

/// A pool with Google's own types, for servers that leave them out.
pub fn well_known_types() -> DescriptorPool {
    DescriptorPool::global()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with every shape: lists, enums, nesting.
    fn descriptor() -> MessageDescriptor {
        well_known_types().get_message_by_name("google.protobuf.DescriptorProto").unwrap()
    }

    fn refusal(text: &str) -> String {
        from_json(&descriptor(), text).unwrap_err().to_string()
    }

    #[test]
    fn json_goes_in_and_comes_out() {
        let text = r#"{"name":"A","field":[{"name":"b","label":"LABEL_REPEATED"}]}"#;
        let message = from_json(&descriptor(), text).unwrap();
        assert_eq!(to_json(&message, true).unwrap(), format!("{text}\n"));
    }

    #[test]
    fn an_unknown_field_is_named_with_what_there_is() {
        let refusal = refusal("{\n  \"field\": [{}, {\"nam\": \"b\"}]\n}");
        assert!(refusal.contains("field[1].nam: google.protobuf.FieldDescriptorProto has no"));
        assert!(refusal.contains("did you mean \"name\"?"));
        assert!(refusal.contains("line 2, column"), "{refusal}");
    }

    #[test]
    fn a_wrong_enum_value_lists_the_right_ones() {
        let refusal = refusal(r#"{"field": [{"label": "LABEL_MANY"}]}"#);
        assert!(refusal.contains("field[0].label: unrecognized enum value 'LABEL_MANY'"));
        assert!(refusal.contains("it takes: LABEL_OPTIONAL"), "{refusal}");
    }

    #[test]
    fn a_wrong_type_is_named() {
        assert!(refusal(r#"{"name": 7}"#).contains("name: invalid type"));
        assert!(refusal(r#"{"field": {}}"#).contains("field: invalid type"));
        assert!(refusal("[]").contains("request: must be a json object"));
        assert!(refusal("{\"name\": ").contains("not json: EOF"));
        assert!(refusal("{} {}").contains("not json: trailing characters"));
    }

    #[test]
    fn json_lines_are_counted() {
        let descriptor = descriptor();
        let messages = from_json_lines(&descriptor, "{}\n\n{\"name\":\"A\"}\n").unwrap();
        assert_eq!(messages.len(), 2);
        let refusal = from_json_lines(&descriptor, "{}\n{").unwrap_err().to_string();
        assert!(refusal.contains("at line 2 column 1"), "{refusal}");
    }
}
