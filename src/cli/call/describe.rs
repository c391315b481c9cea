//! Shows what a server offers: the list of its methods, a definition in the form of a proto
//! file, a JSON skeleton of a message.
//!
//! Comments appear where the server's descriptors carry source information. Never asks the
//! server anything.

use std::fmt::Write as _;

use prost_reflect::{
    EnumDescriptor, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor, MethodDescriptor, ServiceDescriptor,
};
use serde_json::{Map, Value, json};

use super::descriptors::{Catalog, method_path};
use super::error::Error;
use super::names;
use super::plain::map_value_kind;

const INDENT: &str = "  ";

/// Every service with its methods, each followed by the first line of its comment.
pub fn list(catalog: &Catalog) -> String {
    let mut text = String::new();
    for service in &catalog.services {
        if !text.is_empty() {
            text.push('\n');
        }
        push_line(&mut text, 0, service.full_name());
        let about = comment(&service.parent_file(), service.path());
        push_first_line(&mut text, 1, about);
        for method in service.methods() {
            let signature = signature(&method, service.package_name());
            push_line(&mut text, 1, &signature);
            let about = comment(&service.parent_file(), method.path());
            push_first_line(&mut text, 3, about);
        }
    }
    for name in &catalog.undescribed {
        let _ = writeln!(text, "\n{name}\n{INDENT}(listed but not described by the server)");
    }
    text
}

/// The definition that `asked` means: a message, enum, service or method, by its full name or
/// by the end of it.
pub fn describe(catalog: &Catalog, asked: &str) -> Result<String, Error> {
    let pool = &catalog.pool;
    let messages: Vec<_> = pool.all_messages().filter(|m| !m.is_map_entry()).collect();
    let enums: Vec<_> = pool.all_enums().collect();
    let symbols: Vec<&str> = messages
        .iter()
        .map(MessageDescriptor::full_name)
        .chain(enums.iter().map(EnumDescriptor::full_name))
        .chain(catalog.services.iter().map(ServiceDescriptor::full_name))
        .collect();

    let Some(name) = names::find_symbol(&symbols, asked)? else {
        return match catalog.method(asked) {
            Ok(method) => Ok(describe_method(&method)),
            Err(Error::UnknownName { .. }) => {
                let paths: Vec<String> = catalog.services.iter().flat_map(paths_of).collect();
                let known = symbols.iter().copied().chain(paths.iter().map(String::as_str));
                Err(Error::UnknownName {
                    kind: "message, enum, service or method",
                    asked: asked.to_owned(),
                    nearest: names::nearest(known, asked),
                })
            }
            Err(error) => Err(error),
        };
    };

    if let Some(message) = pool.get_message_by_name(name) {
        let mut text = definition(&message);
        push_skeleton(&mut text, &message);
        return Ok(text);
    }
    let mut text = String::new();
    if let Some(declared) = pool.get_enum_by_name(name) {
        let _ = writeln!(text, "// {name}");
        push_enum(&mut text, 0, &declared);
    } else if let Some(service) = pool.get_service_by_name(name) {
        push_service(&mut text, &service);
    }
    Ok(text)
}

fn paths_of(service: &ServiceDescriptor) -> Vec<String> {
    service.methods().map(|method| method_path(&method)).collect()
}

fn describe_method(method: &MethodDescriptor) -> String {
    let package = method.parent_service().package_name();
    let mut text = format!("// {}\n", method_path(method));
    push_comment(&mut text, 0, &method.parent_file(), method.path());
    push_line(&mut text, 0, &format!("{};", signature(method, package)));
    text.push('\n');
    text.push_str(&definition(&method.input()));
    if method.output() != method.input() {
        text.push('\n');
        text.push_str(&definition(&method.output()));
    }
    push_skeleton(&mut text, &method.input());
    text
}

fn definition(message: &MessageDescriptor) -> String {
    let mut text = format!("// {}\n", message.full_name());
    push_message(&mut text, 0, message);
    text
}

fn push_service(text: &mut String, service: &ServiceDescriptor) {
    let _ = writeln!(text, "// {}", service.full_name());
    push_comment(text, 0, &service.parent_file(), service.path());
    push_line(text, 0, &format!("service {} {{", service.name()));
    for method in service.methods() {
        push_comment(text, 1, &service.parent_file(), method.path());
        let signature = signature(&method, service.package_name());
        push_line(text, 1, &format!("{signature};"));
    }
    push_line(text, 0, "}");
}

fn push_message(text: &mut String, depth: usize, message: &MessageDescriptor) {
    push_comment(text, depth, &message.parent_file(), message.path());
    push_line(text, depth, &format!("message {} {{", message.name()));
    let mut fields: Vec<FieldDescriptor> = message.fields().collect();
    // The last element of a path is the position in the file; the pool sorts by number.
    fields.sort_by_key(|field| field.path().last().copied());
    let mut open_oneof = None;
    for field in &fields {
        let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic());
        if open_oneof.is_some() && open_oneof != oneof {
            push_line(text, depth + 1, "}");
        }
        if let Some(entered) = oneof.as_ref().filter(|_| open_oneof != oneof) {
            push_comment(text, depth + 1, &message.parent_file(), entered.path());
            push_line(text, depth + 1, &format!("oneof {} {{", entered.name()));
        }
        let field_depth = depth + 1 + usize::from(oneof.is_some());
        push_comment(text, field_depth, &message.parent_file(), field.path());
        push_line(text, field_depth, &field_line(field));
        open_oneof = oneof;
    }
    if open_oneof.is_some() {
        push_line(text, depth + 1, "}");
    }
    for declared in message.child_enums() {
        push_enum(text, depth + 1, &declared);
    }
    for child in message.child_messages().filter(|child| !child.is_map_entry()) {
        push_message(text, depth + 1, &child);
    }
    push_line(text, depth, "}");
}

fn push_enum(text: &mut String, depth: usize, declared: &EnumDescriptor) {
    push_comment(text, depth, &declared.parent_file(), declared.path());
    push_line(text, depth, &format!("enum {} {{", declared.name()));
    for value in declared.values() {
        push_comment(text, depth + 1, &declared.parent_file(), value.path());
        push_line(text, depth + 1, &format!("{} = {};", value.name(), value.number()));
    }
    push_line(text, depth, "}");
}

fn field_line(field: &FieldDescriptor) -> String {
    let package = field.parent_message().package_name();
    let proto = field.field_descriptor_proto();
    let mut line = match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let key = type_name(&entry.map_entry_key_field().kind(), package);
            let value = type_name(&entry.map_entry_value_field().kind(), package);
            format!("map<{key}, {value}>")
        }
        kind if field.is_list() => format!("repeated {}", type_name(&kind, package)),
        kind if field.is_required() => format!("required {}", type_name(&kind, package)),
        kind if proto.proto3_optional() => format!("optional {}", type_name(&kind, package)),
        kind => type_name(&kind, package),
    };
    let _ = write!(line, " {} = {}", field.name(), field.number());
    if proto.options.as_ref().is_some_and(|options| options.deprecated()) {
        line.push_str(" [deprecated = true]");
    }
    line.push(';');
    line
}

fn signature(method: &MethodDescriptor, package: &str) -> String {
    let side = |streams: bool, message: MessageDescriptor| {
        let name = relative(message.full_name(), package).to_owned();
        if streams { format!("stream {name}") } else { name }
    };
    let options = method.method_descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    format!(
        "rpc {}({}) returns ({}){}",
        method.name(),
        side(method.is_client_streaming(), method.input()),
        side(method.is_server_streaming(), method.output()),
        if is_deprecated { " [deprecated]" } else { "" }
    )
}

fn type_name(kind: &Kind, package: &str) -> String {
    match kind {
        Kind::Message(message) => relative(message.full_name(), package).to_owned(),
        Kind::Enum(declared) => relative(declared.full_name(), package).to_owned(),
        // The names of scalars are those of the variants, in lower case.
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

/// Without the package where it is the one of the surroundings.
fn relative<'a>(full_name: &'a str, package: &str) -> &'a str {
    full_name.strip_prefix(package).and_then(|rest| rest.strip_prefix('.')).unwrap_or(full_name)
}

/// The comment above or, failing that, behind the element at `path`.
fn comment(file: &FileDescriptor, path: &[i32]) -> Option<String> {
    let info = file.file_descriptor_proto().source_code_info.as_ref()?;
    let location = info.location.iter().find(|location| location.path == path)?;
    [location.leading_comments(), location.trailing_comments()]
        .into_iter()
        .map(str::trim_end)
        .find(|text| !text.is_empty())
        .map(str::to_owned)
}

fn push_comment(text: &mut String, depth: usize, file: &FileDescriptor, path: &[i32]) {
    let Some(comment) = comment(file, path) else {
        return;
    };
    for line in comment.lines() {
        push_line(text, depth, format!("//{line}").trim_end());
    }
}

fn push_first_line(text: &mut String, depth: usize, comment: Option<String>) {
    let comment = comment.unwrap_or_default();
    if let Some(line) = comment.lines().map(str::trim).find(|line| !line.is_empty()) {
        push_line(text, depth, line);
    }
}

fn push_line(text: &mut String, depth: usize, line: &str) {
    text.push_str(&INDENT.repeat(depth));
    text.push_str(line);
    text.push('\n');
}

fn push_skeleton(text: &mut String, message: &MessageDescriptor) {
    let skeleton = skeleton(message, &mut Vec::new());
    let _ = writeln!(text, "\n// {} as json, to fill in:\n{skeleton:#}", message.name());
}

/// A value that the server would read as `message`, with every field once. Of a oneof only the
/// first member; a type inside itself is left empty.
fn skeleton(message: &MessageDescriptor, parents: &mut Vec<String>) -> Value {
    if let Some(value) = well_known_skeleton(message.full_name()) {
        return value;
    }
    parents.push(message.full_name().to_owned());
    let mut object = Map::new();
    for field in message.fields() {
        let oneof = field.containing_oneof();
        let is_first = oneof.is_none_or(|oneof| oneof.fields().next().as_ref() == Some(&field));
        if !is_first {
            continue;
        }
        if let Some(value) = field_skeleton(&field, parents) {
            object.insert(field.name().to_owned(), value);
        }
    }
    parents.pop();
    Value::Object(object)
}

fn field_skeleton(field: &FieldDescriptor, parents: &mut Vec<String>) -> Option<Value> {
    let kind = map_value_kind(field);
    let value = match &kind {
        Kind::Message(inner) if parents.iter().any(|name| name == inner.full_name()) => {
            return None;
        }
        Kind::Message(inner) => skeleton(inner, parents),
        Kind::Enum(declared) if declared.full_name() == "google.protobuf.NullValue" => Value::Null,
        Kind::Enum(declared) => {
            // The value 0 means unspecified by convention, so the next one says more.
            let example = declared.values().nth(1).or_else(|| declared.values().next());
            example.map_or(Value::Null, |value| json!(value.name()))
        }
        Kind::String | Kind::Bytes => json!(""),
        Kind::Bool => json!(false),
        Kind::Int64 | Kind::Uint64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64 => json!("0"),
        Kind::Double | Kind::Float => json!(0.0),
        Kind::Int32 | Kind::Uint32 | Kind::Sint32 | Kind::Fixed32 | Kind::Sfixed32 => json!(0),
    };
    if field.is_list() {
        return Some(json!([value]));
    }
    if !field.is_map() {
        return Some(value);
    }
    let Kind::Message(entry) = field.kind() else {
        return None;
    };
    let key = match entry.map_entry_key_field().kind() {
        Kind::String => "key",
        Kind::Bool => "false",
        _ => "0",
    };
    Some(json!({ key: value }))
}

/// Types whose JSON form is not an object of their fields.
fn well_known_skeleton(full_name: &str) -> Option<Value> {
    let value = match full_name.strip_prefix("google.protobuf.")? {
        "Timestamp" => json!("2024-01-31T00:00:00Z"),
        "Duration" => json!("0s"),
        "FieldMask" | "StringValue" | "BytesValue" => json!(""),
        "BoolValue" => json!(false),
        "Int64Value" | "UInt64Value" => json!("0"),
        "Int32Value" | "UInt32Value" => json!(0),
        "DoubleValue" | "FloatValue" => json!(0.0),
        "Struct" | "Empty" => json!({}),
        "Any" => json!({ "@type": "type.googleapis.com/" }),
        "ListValue" => json!([]),
        "Value" => Value::Null,
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::super::codec::{from_json, well_known_types};
    use super::*;

    fn message(name: &str) -> MessageDescriptor {
        well_known_types().get_message_by_name(name).unwrap()
    }

    #[test]
    fn a_skeleton_is_a_valid_request() {
        for name in [
            "google.protobuf.FileDescriptorProto",
            "google.protobuf.Struct",
            "google.protobuf.Timestamp",
            "google.protobuf.FieldMask",
        ] {
            let message = message(name);
            let skeleton = skeleton(&message, &mut Vec::new()).to_string();
            assert!(from_json(&message, &skeleton).is_ok(), "{name}: {skeleton}");
        }
    }

    #[test]
    fn a_message_inside_itself_ends() {
        let skeleton = skeleton(&message("google.protobuf.DescriptorProto"), &mut Vec::new());
        assert!(skeleton["field"].is_array());
        assert!(skeleton.get("nested_type").is_none());
    }

    #[test]
    fn definitions_are_written_without_comments_too() {
        let text = definition(&message("google.protobuf.Value"));
        assert!(text.contains("message Value {\n  oneof kind {\n"));
        assert!(text.contains("    NullValue null_value = 1;\n"));
        assert!(text.ends_with("  }\n}\n"));
        let text = definition(&message("google.protobuf.Struct"));
        assert!(text.contains("  map<string, Value> fields = 1;\n"));
    }
}
