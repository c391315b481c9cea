//! Makes the checks of requests from the `buf.validate` options of the protos: `impl Rules` for every message that a request is or
//! holds.
//!
//! An option that is not read here ends the build, so that no proto states a rule that the server does not keep.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    OneofDescriptor, Value,
};

/// What is set of a message of options, by name.
type Options = BTreeMap<String, Value>;

/// `IGNORE_IF_ZERO_VALUE` of `buf.validate.Ignore`.
const IGNORE_IF_ZERO_VALUE: i32 = 1;

pub fn implementations(pool: &DescriptorPool) -> Result<String, String> {
    let maker = Maker {
        of_messages: extension(pool, "buf.validate.message")?,
        of_oneofs: extension(pool, "buf.validate.oneof")?,
        of_fields: extension(pool, "buf.validate.field")?,
    };
    let mut messages = BTreeMap::new();
    for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
        reach(&method.input(), &mut messages);
    }
    messages.values().map(|message| maker.message(message)).collect()
}

fn extension(pool: &DescriptorPool, name: &str) -> Result<ExtensionDescriptor, String> {
    pool.get_extension_by_name(name).ok_or_else(|| format!("no proto imports the one that defines {name}"))
}

/// The message, and all of ours that it holds.
fn reach(message: &MessageDescriptor, found: &mut BTreeMap<String, MessageDescriptor>) {
    if !is_own(message) || found.insert(message.full_name().to_owned(), message.clone()).is_some() {
        return;
    }
    for field in message.fields() {
        if let Kind::Message(held) = field.kind() {
            reach(&held, found);
        }
    }
}

fn is_own(message: &MessageDescriptor) -> bool {
    message.full_name().starts_with("entrepot.")
}

struct Maker {
    of_messages: ExtensionDescriptor,
    of_oneofs: ExtensionDescriptor,
    of_fields: ExtensionDescriptor,
}

impl Maker {
    fn message(&self, message: &MessageDescriptor) -> Result<String, String> {
        if message.options().has_extension(&self.of_messages) {
            return Err(format!("{}: rules of whole messages are not read", message.full_name()));
        }
        let mut checks = String::new();
        for field in message.fields() {
            if field.containing_oneof().is_none_or(|oneof| oneof.is_synthetic()) {
                checks += &self.field(&field).map_err(|problem| format!("{}: {problem}", field.full_name()))?;
            }
        }
        for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            checks += &self.oneof(&oneof).map_err(|problem| format!("{}: {problem}", oneof.full_name()))?;
        }
        let path = path_of(message);
        let (place, broken) = if checks.is_empty() { ("_", "_") } else { ("place", "broken") };
        Ok(format!(
            "impl Rules for {path} {{\nfn check(&self, {place}: &Place<'_>, {broken}: &mut Broken) {{\n{checks}}}\n}}\n"
        ))
    }

    fn field(&self, field: &FieldDescriptor) -> Result<String, String> {
        let mut rules = self.rules(field);
        let is_required = flag(&mut rules, "required");
        let passes_zero = ignores_zero(&mut rules)?;
        let (name, kind) = (field.name(), field.kind());
        let mut check = String::new();
        if field.is_map() {
            return if rules.is_empty() { Ok(check) } else { Err("rules of maps are not read".into()) };
        }
        if field.is_list() {
            let mut list = part(&mut rules, "repeated");
            let (least, most) = (count(&mut list, "min_items"), count(&mut list, "max_items"));
            let of_entry = value(&kind, &mut part(&mut list, "items"))?;
            nothing_left("repeated.", &list)?;
            if is_required {
                write(&mut check, format!("if required(!self.{name}.is_empty(), place, broken)"));
            }
            let each = format!(
                "for (index, value) in self.{name}.iter().enumerate() {{ let place = &place.entry(index); {of_entry} }}"
            );
            let each = if of_entry.is_empty() { "" } else { &each };
            match (least, most) {
                (None, None) => write(&mut check, format!("{{ {each} }}")),
                _ => write(
                    &mut check,
                    format!(
                        "{{ if {} {{ {each} }} }}",
                        format_args!(
                            "(List {{ min_items: {}, max_items: {} }}).check(self.{name}.len(), place, broken)",
                            text_of(least, "0"),
                            text_of(most, "usize::MAX"),
                        )
                    ),
                ),
            }
            let says_nothing = each.is_empty() && !is_required && least.is_none() && most.is_none();
            check = if says_nothing { String::new() } else { check };
        } else {
            let of_value = value(&kind, &mut rules)?;
            let is_optional = field.supports_presence();
            let zero = match kind {
                Kind::String => "value.is_empty()",
                _ => "*value == 0",
            };
            if is_required {
                let is_there = if is_optional {
                    format!("self.{name}.is_some()")
                } else {
                    format!("{{ let value = &self.{name}; !({zero}) }}")
                };
                write(&mut check, format!("if required({is_there}, place, broken)"));
            }
            let condition = if passes_zero { format!("if !({zero})") } else { String::new() };
            let body = if of_value.is_empty() { of_value } else { format!("{condition} {{ {of_value} }}") };
            let body = match is_optional {
                _ if body.is_empty() => body,
                true => format!("if let Some(value) = &self.{name} {{ {body} }}"),
                false => format!("let value = &self.{name}; {body}"),
            };
            if is_required || !body.is_empty() {
                write(&mut check, format!("{{ {body} }}"));
            }
        }
        nothing_left("", &rules)?;
        let at = format!("{{ let place = &place.field(\"{name}\"); {check} }}\n");
        Ok(if check.is_empty() { check } else { at })
    }

    fn oneof(&self, oneof: &OneofDescriptor) -> Result<String, String> {
        let mut rules = set_of(&oneof.options(), &self.of_oneofs);
        let is_required = flag(&mut rules, "required");
        nothing_left("", &rules)?;
        let message = oneof.parent_message();
        let (module, own) =
            path_of(message).rsplit_once("::").map(|(module, own)| (module.to_owned(), snake(own))).unwrap_or_default();
        let mut arms = String::new();
        for field in oneof.fields() {
            if !self.rules(&field).is_empty() {
                return Err(format!("rules of {}, which is one of several, are not read", field.name()));
            }
            let checks = match field.kind() {
                Kind::Message(held) if is_own(&held) => {
                    format!("value.check(&place.field(\"{}\"), broken)", field.name())
                }
                _ => "{ let _ = value; }".to_owned(),
            };
            let variant = format!("{module}::{own}::{}::{}", camel(oneof.name()), camel(field.name()));
            write(&mut arms, format!("Some({variant}(value)) => {checks},\n"));
        }
        let absent = if is_required {
            format!("{{ required(false, &place.field(\"{}\"), broken); }}", oneof.name())
        } else {
            "{}".into()
        };
        Ok(format!("match &self.{} {{\n{arms}None => {absent}\n}}\n", oneof.name()))
    }

    fn rules(&self, field: &FieldDescriptor) -> Options {
        set_of(&field.options(), &self.of_fields)
    }
}

/// The check of one value, which the code calls `value`.
fn value(kind: &Kind, rules: &mut Options) -> Result<String, String> {
    let check = match kind {
        Kind::String => {
            let mut rules = part(rules, "string");
            let exact = count(&mut rules, "len");
            let bounds = [("min_len", "0"), ("max_len", "usize::MAX"), ("max_bytes", "usize::MAX")];
            let bounds = bounds
                .map(|(name, none)| (name, count(&mut rules, name).or(exact.filter(|_| name != "max_bytes")), none));
            nothing_left("string.", &rules)?;
            let is_bound = bounds.iter().any(|(_, bound, _)| bound.is_some());
            let bounds = bounds.map(|(name, bound, none)| format!("{name}: {}", text_of(bound, none))).join(", ");
            if is_bound { format!("(Text {{ {bounds} }}).check(value, place, broken);") } else { String::new() }
        }
        Kind::Int32 => {
            let mut rules = part(rules, "int32");
            let (least, most) = (whole(&mut rules, "gte"), whole(&mut rules, "lte"));
            nothing_left("int32.", &rules)?;
            match (least, most) {
                (None, None) => String::new(),
                (least, most) => format!(
                    "(Number {{ gte: {}, lte: {} }}).check(*value, place, broken);",
                    text_of(least, "i32::MIN"),
                    text_of(most, "i32::MAX")
                ),
            }
        }
        Kind::Enum(of) => {
            let mut rules = part(rules, "enum");
            let is_bound = !rules.is_empty();
            let values = values(of, &mut rules)?;
            nothing_left("enum.", &rules)?;
            let such_as = values.iter().find(|(number, _)| *number != 0).map_or("", |(_, name)| name);
            let numbers: Vec<i32> = values.iter().map(|(number, _)| *number).collect();
            let of = of.name();
            let check = format!(
                "(Choice {{ of: \"{of}\", values: &{numbers:?}, such_as: \"{such_as}\" }}).check(*value, place, broken);"
            );
            if is_bound { check } else { String::new() }
        }
        Kind::Message(held) if is_own(held) => "value.check(place, broken);".to_owned(),
        _ => String::new(),
    };
    if !matches!(kind, Kind::Message(_)) || rules.is_empty() {
        nothing_left("", rules)?;
    }
    Ok(check)
}

/// The values of an enum that are allowed, as number and name.
fn values(of: &EnumDescriptor, rules: &mut Options) -> Result<Vec<(i32, String)>, String> {
    let only_defined = flag(rules, "defined_only");
    let (allowed, refused) = (numbers(rules, "in"), numbers(rules, "not_in"));
    if allowed.is_empty() && !only_defined && !refused.is_empty() {
        return Err("enum.not_in is read beside enum.defined_only alone".into());
    }
    let values = of.values().map(|value| (value.number(), value.name().to_owned()));
    let is_allowed = |number: i32| allowed.is_empty() || allowed.contains(&number);
    Ok(values.filter(|(number, _)| is_allowed(*number) && !refused.contains(number)).collect())
}

fn set_of(options: &DynamicMessage, extension: &ExtensionDescriptor) -> Options {
    if !options.has_extension(extension) {
        return Options::new();
    }
    options.get_extension(extension).as_message().map(set).unwrap_or_default()
}

fn set(message: &DynamicMessage) -> Options {
    message.fields().map(|(field, value)| (field.name().to_owned(), value.clone())).collect()
}

fn part(rules: &mut Options, name: &str) -> Options {
    rules.remove(name).as_ref().and_then(Value::as_message).map(set).unwrap_or_default()
}

fn flag(rules: &mut Options, name: &str) -> bool {
    rules.remove(name).as_ref().and_then(Value::as_bool).unwrap_or_default()
}

fn count(rules: &mut Options, name: &str) -> Option<u64> {
    rules.remove(name)?.as_u64()
}

fn whole(rules: &mut Options, name: &str) -> Option<i32> {
    rules.remove(name)?.as_i32()
}

fn numbers(rules: &mut Options, name: &str) -> Vec<i32> {
    let list = rules.remove(name);
    list.as_ref().and_then(Value::as_list).into_iter().flatten().filter_map(Value::as_i32).collect()
}

fn ignores_zero(rules: &mut Options) -> Result<bool, String> {
    match rules.remove("ignore").as_ref().and_then(Value::as_enum_number) {
        None => Ok(false),
        Some(IGNORE_IF_ZERO_VALUE) => Ok(true),
        Some(_) => Err("of buf.validate.Ignore, IGNORE_IF_ZERO_VALUE alone is read".into()),
    }
}

fn nothing_left(within: &str, rules: &Options) -> Result<(), String> {
    match rules.keys().next() {
        None => Ok(()),
        Some(rule) => Err(format!("the rule {within}{rule} is not read here, and nobody would keep it")),
    }
}

fn text_of<T: ToString>(bound: Option<T>, none: &str) -> String {
    bound.map_or_else(|| none.to_owned(), |bound| bound.to_string())
}

fn write(code: &mut String, part: String) {
    // Writing to a text cannot fail.
    let _ = write!(code, "{part} ");
}

/// Where prost puts a message of the top level.
fn path_of(message: &MessageDescriptor) -> String {
    let modules: Vec<String> = message.package_name().split('.').map(|part| format!("r#{part}")).collect();
    format!("crate::proto::{}::{}", modules.join("::"), message.name())
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

fn camel(name: &str) -> String {
    let word = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('_').filter(|part| !part.is_empty()).map(word).collect()
}
