//! The protos as a client depends on them: every service, RPC, message, field and enum value with its number. A change
//! shows in the snapshots, where it is reviewed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use entrepot::proto::DESCRIPTOR_SET;
use prost_reflect::{
    Cardinality, DescriptorPool, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor,
};

#[test]
fn the_wire_format_is_the_reviewed_one() {
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
    let packages: BTreeSet<String> = pool.files().map(|file| file.package_name().to_owned()).collect();
    for package in packages.iter().filter(|package| package.starts_with("entrepot.")) {
        let mut summary = String::new();
        for service in pool.services().filter(|service| service.package_name() == package) {
            let _ = writeln!(summary, "service {}", service.name());
            for method in service.methods() {
                let stream = |streams: bool| if streams { "stream " } else { "" };
                let _ = writeln!(
                    summary,
                    "  rpc {}({}{}) -> {}{}",
                    method.name(),
                    stream(method.is_client_streaming()),
                    within(package, method.input().full_name()),
                    stream(method.is_server_streaming()),
                    within(package, method.output().full_name()),
                );
            }
        }
        let messages = pool.all_messages().filter(|message| message.package_name() == package);
        for message in messages.filter(|message| !message.is_map_entry()) {
            write_message(&mut summary, &message);
        }
        for enumeration in pool.all_enums().filter(|enumeration| enumeration.package_name() == package) {
            write_enum(&mut summary, &enumeration);
        }
        insta::assert_snapshot!(package.replace('.', "_"), summary);
    }
}

fn write_message(summary: &mut String, message: &MessageDescriptor) {
    let _ = writeln!(summary, "message {}", within(message.package_name(), message.full_name()));
    for field in message.fields() {
        let _ = write!(summary, "  {} {}: {}", field.number(), field.name(), type_name(&field));
        match field.containing_oneof() {
            Some(oneof) if !oneof.is_synthetic() => {
                let _ = writeln!(summary, ", of {}", oneof.name());
            }
            _ => summary.push('\n'),
        }
    }
}

fn write_enum(summary: &mut String, enumeration: &EnumDescriptor) {
    let _ = writeln!(summary, "enum {}", within(enumeration.package_name(), enumeration.full_name()));
    for value in enumeration.values() {
        let _ = writeln!(summary, "  {} {}", value.number(), value.name());
    }
}

fn type_name(field: &FieldDescriptor) -> String {
    let package = field.parent_message().package_name().to_owned();
    let name = |kind: Kind| within(&package, &format!("{kind:?}"));
    if let Kind::Message(entry) = field.kind()
        && entry.is_map_entry()
    {
        let (key, value) = (entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind());
        return format!("map<{}, {}>", name(key), name(value));
    }
    let kind = name(field.kind());
    match field.cardinality() {
        Cardinality::Repeated => format!("repeated {kind}"),
        // A message can always be absent.
        _ if field.supports_presence() && !matches!(field.kind(), Kind::Message(_)) => format!("optional {kind}"),
        _ => kind,
    }
}

/// The name as it is written within its own package.
fn within(package: &str, full_name: &str) -> String {
    let own = full_name.strip_prefix(package).and_then(|rest| rest.strip_prefix('.'));
    own.unwrap_or(full_name).to_owned()
}

fn own_methods(pool: &DescriptorPool) -> impl Iterator<Item = MethodDescriptor> + '_ {
    let services = pool.services().filter(|service| service.full_name().starts_with("entrepot."));
    services.flat_map(|service| service.methods().collect::<Vec<_>>())
}

/// HTTP and JSON come through these.
#[test]
fn every_rpc_has_a_path_of_http() {
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
    let http = pool.get_extension_by_name("google.api.http").unwrap();
    let mut paths = BTreeSet::new();
    for method in own_methods(&pool) {
        let options = method.options();
        assert!(options.has_extension(&http), "{} has no google.api.http", method.full_name());
        let rule = format!("{:?}", options.get_extension(&http));
        assert!(paths.insert(rule), "{} has the path of another", method.full_name());
    }
    assert!(paths.len() > 40, "{}", paths.len());
}

/// A word of Python cannot be written as the field of a message.
#[test]
fn no_field_is_a_word_of_python() {
    const WORDS: [&str; 38] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
        "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
        "match", "nonlocal", "not", "or", "pass", "print", "raise", "return", "try", "while", "with", "yield",
    ];
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
    let own = pool.all_messages().filter(|message| message.full_name().starts_with("entrepot."));
    let bad: Vec<String> = own
        .flat_map(|message| message.fields().collect::<Vec<_>>())
        .filter(|field| WORDS.contains(&field.name()))
        .map(|field| field.full_name().to_owned())
        .collect();
    assert_eq!(bad, Vec::<String>::new());
}

/// Every response that reads data says where it comes from.
#[test]
fn every_answer_from_the_store_has_its_provenance() {
    // Part of the program, or what provenance itself consists of, or an estimate of an answer.
    const WITHOUT: [&str; 9] = [
        "ConvertQuantity",
        "EstimateQuery",
        "GetCountry",
        "GetDataset",
        "ListCountries",
        "ListDatasets",
        "ListReleases",
        // Their last message has it.
        "StreamFlows",
        "StreamSummary",
    ];
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
    for method in own_methods(&pool) {
        let has = method.output().fields().any(|field| match field.kind() {
            Kind::Message(message) => message.full_name() == "entrepot.type.v1.Provenance",
            _ => false,
        });
        assert_eq!(has, !WITHOUT.contains(&method.name()), "{}", method.full_name());
    }
}
