//! The rules that the protos state of requests (`buf.validate`): each field has one, each is kept, and a slow plain second reader of
//! the same options finds the same.

use entrepot::proto::DESCRIPTOR_SET;
use entrepot::proto::entrepot::{energy::v1 as energy, reference::v1 as reference};
use entrepot::proto::entrepot::{sanctions::v1 as sanctions, trade::v1 as trade};
use entrepot::rpc::rules::{Broken, Rules, broken};
use prost::Message;
use prost_reflect::{
    DescriptorPool, DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _,
    Value,
};

use crate::support::random::Random;

/// What the server finds in a request that comes over the wire.
fn found_by_server(request: &DynamicMessage) -> Broken {
    fn of<T: Message + Default + Rules>(bytes: &[u8]) -> Broken {
        broken(&T::decode(bytes).unwrap())
    }
    let bytes = request.encode_to_vec();
    macro_rules! one_of {
        ($($package:ident: $($message:ident)+;)+) => {
            match request.descriptor().full_name() {
                $($(concat!("entrepot.", stringify!($package), ".v1.", stringify!($message)) =>
                    of::<$package::$message>(&bytes),)+)+
                other => panic!("{other} is a request that this table does not have"),
            }
        };
    }
    one_of! {
        reference: GetCountryRequest ListCountriesRequest GetCommodityRequest ListCommoditiesRequest ConvertCommodityRequest
            GetDatasetRequest ListDatasetsRequest ListReleasesRequest;
        trade: ListCoverageRequest ListFlowsRequest StreamFlowsRequest StreamSummaryRequest SummarizeFlowsRequest CompareMirrorRequest EstimateQueryRequest
            ComputeBalancesRequest ComputeGrowthRequest RankFlowsRequest
            ComputeDependenceRequest ComputeConcentrationRequest ComputeRevealedAdvantageRequest
            ComputeIntensityRequest ComputeComplementarityRequest ComputeIntraIndustryTradeRequest
            ComputeSimilarityRequest ComputeExtensiveMarginRequest ComputeUnitValuesRequest
            DecomposeChangeRequest RankMoversRequest;
        sanctions: GetSubjectRequest BatchGetSubjectsRequest ListSubjectsRequest SearchSubjectsRequest ListProgrammesRequest
            ListSanctionListsRequest ListChangesRequest WatchChangesRequest ListSubjectRevisionsRequest
            ResolveOwnershipRequest CheckCommodityRequest GetControlledGoodRequest ListControlledGoodsRequest;
        energy: GetContractRequest BatchGetContractsRequest ListContractsRequest ListContractRevisionsRequest
            ComputeScheduleRequest SettleContractRequest PriceContractRequest GetRouteRequest ListRoutesRequest
            ProjectOutlookRequest GetPriceIndexRequest ListPriceObservationsRequest ListPriceIndexesRequest
            ListDeliveriesRequest ConvertQuantityRequest;
    }
}

/// The options as they stand in the descriptors.
struct Protos {
    pool: DescriptorPool,
    of_fields: ExtensionDescriptor,
    of_oneofs: ExtensionDescriptor,
}

impl Protos {
    fn new() -> Self {
        let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
        let extension = |name| pool.get_extension_by_name(name).unwrap();
        Self {
            of_fields: extension("buf.validate.field"),
            of_oneofs: extension("buf.validate.oneof"),
            pool: pool.clone(),
        }
    }

    fn requests(&self) -> Vec<MessageDescriptor> {
        let own = self.pool.services().filter(|service| service.full_name().starts_with("entrepot."));
        own.flat_map(|service| service.methods().map(|method| method.input()).collect::<Vec<_>>()).collect()
    }

    /// An option of a field, such as `string.max_len`, where it is set.
    fn rule(&self, field: &FieldDescriptor, path: &str) -> Option<Value> {
        let options = field.options();
        options.has_extension(&self.of_fields).then_some(())?;
        let mut value = options.get_extension(&self.of_fields).into_owned();
        for name in path.split('.') {
            let message = value.as_message()?.clone();
            let part = message.descriptor().get_field_by_name(name).unwrap();
            message.has_field(&part).then_some(())?;
            value = message.get_field(&part).into_owned();
        }
        Some(value)
    }

    fn count(&self, field: &FieldDescriptor, path: &str) -> Option<usize> {
        self.rule(field, path).map(|value| value.as_u64().unwrap() as usize)
    }

    fn number(&self, field: &FieldDescriptor, path: &str) -> Option<i32> {
        self.rule(field, path).map(|value| value.as_i32().unwrap())
    }

    fn is_set(&self, field: &FieldDescriptor, path: &str) -> bool {
        self.rule(field, path).is_some_and(|value| value.as_bool().unwrap())
    }

    fn passes_zero(&self, field: &FieldDescriptor) -> bool {
        self.rule(field, "ignore").is_some()
    }

    fn numbers(&self, field: &FieldDescriptor, path: &str) -> Vec<i32> {
        let list = self.rule(field, path);
        list.map_or_else(Vec::new, |list| list.as_list().unwrap().iter().map(|each| each.as_i32().unwrap()).collect())
    }

    /// Numbers of an enum that a field takes, if a rule bounds them.
    fn choices(&self, field: &FieldDescriptor) -> Option<Vec<i32>> {
        let Kind::Enum(of) = field.kind() else { return None };
        let within = within(field);
        let (one_of, none_of) =
            (self.numbers(field, &format!("{within}enum.in")), self.numbers(field, &format!("{within}enum.not_in")));
        let is_bound = self.is_set(field, &format!("{within}enum.defined_only")) || !one_of.is_empty();
        let taken = |number: &i32| (one_of.is_empty() || one_of.contains(number)) && !none_of.contains(number);
        is_bound.then(|| of.values().map(|value| value.number()).filter(taken).collect())
    }

    // The second reader.

    fn read(&self, message: &DynamicMessage, place: &str, found: &mut Vec<(String, String)>) {
        for field in message.descriptor().fields() {
            let place = if place.is_empty() { field.name().to_owned() } else { format!("{place}.{}", field.name()) };
            let (is_there, value) = (message.has_field(&field), message.get_field(&field));
            if self.is_set(&field, "required") && !is_there {
                found.push((place, "is missing".into()));
            } else if let Some(entries) = value.as_list() {
                let count = entries.len();
                match (self.count(&field, "repeated.min_items"), self.count(&field, "repeated.max_items")) {
                    (Some(least), _) if count < least => {
                        found.push((place, format!("has {count} entries; at least {least} are needed")));
                    }
                    (_, Some(most)) if count > most => {
                        found.push((place, format!("has {count} entries; at most {most} are allowed")));
                    }
                    _ => {
                        for (index, entry) in entries.iter().enumerate() {
                            self.read_value(&field, entry, &format!("{place}[{index}]"), found);
                        }
                    }
                }
            } else if is_there || (!field.supports_presence() && !self.passes_zero(&field)) {
                self.read_value(&field, &value, &place, found);
            }
        }
        for oneof in message.descriptor().oneofs().filter(|oneof| !oneof.is_synthetic()) {
            let is_required = oneof.options().has_extension(&self.of_oneofs);
            if is_required && !oneof.fields().any(|field| message.has_field(&field)) {
                let place =
                    if place.is_empty() { oneof.name().to_owned() } else { format!("{place}.{}", oneof.name()) };
                found.push((place, "is missing".into()));
            }
        }
    }

    fn read_value(&self, field: &FieldDescriptor, value: &Value, place: &str, found: &mut Vec<(String, String)>) {
        let within = within(field);
        let mut note = |problem: String| found.push((place.to_owned(), problem));
        match value {
            Value::Message(held) => self.read(held, place, found),
            Value::String(text) => {
                let characters = text.chars().count();
                let rule = |name: &str| self.count(field, &format!("{within}string.{name}"));
                match (rule("len"), rule("max_bytes"), rule("max_len"), rule("min_len")) {
                    (Some(exact), ..) if characters != exact => note(format!("is not of {exact} characters")),
                    (_, Some(most), ..) if text.len() > most => note(format!("is longer than {most} bytes")),
                    (_, _, Some(most), _) if characters > most => note(format!("is longer than {most} characters")),
                    (.., Some(least)) if characters < least && text.is_empty() => note("is empty".into()),
                    (.., Some(least)) if characters < least => note(format!("is shorter than {least} characters")),
                    _ => {}
                }
            }
            Value::I32(number) => {
                let rule = |name: &str| self.number(field, &format!("{within}int32.{name}"));
                match (rule("gte"), rule("lte")) {
                    (Some(0), None) if *number < 0 => note(format!("{number} is negative; expected 0 or more")),
                    (Some(least), Some(most)) if !(least..=most).contains(number) => {
                        note(format!("{number} is out of range; expected {least} to {most}"));
                    }
                    _ => {}
                }
            }
            Value::EnumNumber(number) => {
                if let Some(choices) = self.choices(field).filter(|choices| !choices.contains(number)) {
                    let Kind::Enum(of) = field.kind() else { unreachable!() };
                    let such_as = choices.iter().find(|choice| **choice != 0).unwrap();
                    let such_as = of.get_value(*such_as).unwrap();
                    note(format!("{number} is not a valid {}; expected one such as {}", of.name(), such_as.name()));
                }
            }
            _ => {}
        }
    }

    // Requests at the bounds.

    /// As little as a request needs, or as much as it may have.
    fn at_bound(&self, message: &MessageDescriptor, is_most: bool) -> DynamicMessage {
        let mut made = DynamicMessage::new(message.clone());
        for field in message.fields() {
            // A number without presence is there even as 0.
            let is_single = !field.is_list() && !field.supports_presence() && !self.passes_zero(&field);
            let is_above_zero = is_single
                && (self.number(&field, "int32.gte").is_some_and(|least| least > 0)
                    || self.choices(&field).is_some_and(|choices| !choices.contains(&0)));
            if !is_most && !self.is_set(&field, "required") && !is_above_zero {
                continue;
            }
            let value = self.value_at_bound(&field, is_most);
            let count = if is_most { self.count(&field, "repeated.max_items").unwrap_or(2) } else { 1 };
            made.set_field(&field, if field.is_list() { Value::List(vec![value; count]) } else { value });
        }
        for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            let first = oneof.fields().next().unwrap();
            let value = self.value_at_bound(&first, is_most);
            made.set_field(&first, value);
        }
        made
    }

    fn value_at_bound(&self, field: &FieldDescriptor, is_most: bool) -> Value {
        let within = within(field);
        match field.kind() {
            Kind::Message(held) => Value::Message(self.at_bound(&held, is_most)),
            Kind::String => {
                let rule = |name: &str| self.count(field, &format!("{within}string.{name}"));
                let (letter, count) = match (rule("len"), rule("max_bytes"), rule("max_len")) {
                    (Some(exact), ..) => ("ж", exact),
                    (_, Some(most), _) if is_most => ("x", most),
                    (.., Some(most)) if is_most => ("ж", most),
                    _ => ("x", 1),
                };
                Value::String(letter.repeat(count))
            }
            Kind::Int32 => {
                let rule = |name: &str| self.number(field, &format!("{within}int32.{name}"));
                Value::I32(if is_most { rule("lte").unwrap_or(i32::MAX) } else { rule("gte").unwrap_or(1) })
            }
            Kind::Enum(_) => {
                let choices = self.choices(field).unwrap();
                Value::EnumNumber(*choices.iter().filter(|choice| **choice != 0).min().unwrap())
            }
            Kind::Bool => Value::Bool(true),
            other => panic!("{}: requests have no {other:?} as yet", field.full_name()),
        }
    }

    /// Values just outside of each rule of a field, as an entry of it where it is a list.
    fn outside(&self, field: &FieldDescriptor) -> Vec<Value> {
        let within = within(field);
        let text = |name: &str| self.count(field, &format!("{within}string.{name}"));
        let number = |name: &str| self.number(field, &format!("{within}int32.{name}"));
        let mut values = Vec::new();
        values.extend(text("max_len").map(|most| Value::String("ж".repeat(most + 1))));
        values.extend(text("max_bytes").map(|most| Value::String("x".repeat(most + 1))));
        values.extend(text("min_len").map(|least| Value::String("ж".repeat(least - 1))));
        values.extend(text("len").map(|exact| Value::String("ж".repeat(exact + 1))));
        values.extend(text("len").map(|exact| Value::String("ж".repeat(exact - 1))));
        values.extend(number("gte").map(|least| Value::I32(least - 1)));
        values.extend(number("lte").map(|most| Value::I32(most + 1)));
        if let Some(choices) = self.choices(field) {
            values.extend((-1..20).filter(|number| !choices.contains(number)).map(Value::EnumNumber));
        }
        values
    }

    /// Requests that break one rule each, with the field that breaks it.
    fn one_broken(&self, message: &MessageDescriptor) -> Vec<(String, DynamicMessage)> {
        let least = self.at_bound(message, false);
        let mut made = Vec::new();
        for field in message.fields() {
            let name = field.name();
            let with = |value: Value| {
                let mut request = least.clone();
                request.set_field(&field, value);
                request
            };
            if self.is_set(&field, "required") {
                let mut request = least.clone();
                request.clear_field(&field);
                made.push((name.to_owned(), request));
            }
            if let Some(most) = self.count(&field, "repeated.max_items") {
                let entry = self.value_at_bound(&field, false);
                made.push((name.to_owned(), with(Value::List(vec![entry; most + 1]))));
            }
            let mut values: Vec<(String, Value)> =
                self.outside(&field).into_iter().map(|value| (String::new(), value)).collect();
            if let Kind::Message(held) = field.kind() {
                let inner = self.one_broken(&held).into_iter();
                values.extend(inner.map(|(place, held)| (format!(".{place}"), Value::Message(held))));
            }
            for (place, value) in values {
                made.push(match field.is_list() {
                    true => (format!("{name}[0]{place}"), with(Value::List(vec![value]))),
                    false => (format!("{name}{place}"), with(value)),
                });
            }
        }
        for oneof in message.oneofs().filter(|oneof| oneof.options().has_extension(&self.of_oneofs)) {
            let mut request = least.clone();
            oneof.fields().for_each(|field| request.clear_field(&field));
            made.push((oneof.name().to_owned(), request));
        }
        made
    }

    fn random(&self, message: &MessageDescriptor, random: &mut Random) -> DynamicMessage {
        let mut made = DynamicMessage::new(message.clone());
        for field in message.fields().filter(|_| random.below(3) > 0).collect::<Vec<_>>() {
            let count = match (random.below(8), self.count(&field, "repeated.max_items")) {
                (0, Some(most)) => most + random.below(2) as usize,
                (other, _) => other as usize % 4,
            };
            if field.is_list() {
                let entries = (0..count).map(|_| self.random_value(&field, random)).collect();
                made.set_field(&field, Value::List(entries));
            } else {
                let value = self.random_value(&field, random);
                made.set_field(&field, value);
            }
        }
        made
    }

    fn random_value(&self, field: &FieldDescriptor, random: &mut Random) -> Value {
        const LENGTHS: [usize; 14] = [0, 1, 2, 3, 4, 10, 11, 61, 81, 100, 150, 201, 301, 20_001];
        const NUMBERS: [i32; 14] = [i32::MIN, -1, 0, 1, 6, 7, 12, 13, 1899, 1900, 2199, 2200, 50_001, i32::MAX];
        let place = random.below(14) as usize;
        match field.kind() {
            Kind::Message(held) => Value::Message(self.random(&held, random)),
            Kind::String => Value::String(if random.below(2) == 0 { "x" } else { "ж" }.repeat(LENGTHS[place])),
            Kind::Int32 => Value::I32(NUMBERS[place]),
            Kind::Enum(_) => Value::EnumNumber(place as i32 - 1),
            Kind::Bool => Value::Bool(place.is_multiple_of(2)),
            other => panic!("{}: requests have no {other:?} as yet", field.full_name()),
        }
    }
}

/// Where the rules of a value of a field stand.
fn within(field: &FieldDescriptor) -> &'static str {
    if field.is_list() { "repeated.items." } else { "" }
}

/// A client that reads the protos knows how much it may send.
#[test]
fn every_field_of_a_request_has_a_bound() {
    /// Without a bound, and why.
    const WITHOUT: [(&str, &str); 5] = [
        ("page_token", "the server made it, and refuses every other"),
        ("resume_token", "the server made it, and refuses every other"),
        ("cursor", "the server made it, and refuses every other"),
        ("Decimal.value", "how many digits can be kept exactly depends on the digits, and answers have it too"),
        ("google.type.Date", "a file of others, which is left as it is"),
    ];
    fn visit(protos: &Protos, message: &MessageDescriptor, unbound: &mut Vec<String>) {
        for field in message.fields() {
            let name = field.full_name();
            let within = within(&field);
            let has = |path: &str| protos.rule(&field, &format!("{within}{path}")).is_some();
            let is_bound = match field.kind() {
                Kind::Message(held) => {
                    visit(protos, &held, unbound);
                    true
                }
                Kind::String => has("string.max_len") || has("string.max_bytes") || has("string.len"),
                // A page is never longer than the server allows, whatever is asked for; so is a chunk.
                Kind::Int32 if ["page_size", "chunk_rows"].contains(&field.name()) => has("int32.gte"),
                Kind::Int32 => has("int32.gte") && has("int32.lte"),
                Kind::Enum(_) => protos.choices(&field).is_some(),
                Kind::Bool => true,
                _ => false,
            };
            // A value of an enum counts once, however often a list names it.
            let is_short = !field.is_list()
                || protos.rule(&field, "repeated.max_items").is_some()
                || matches!(field.kind(), Kind::Enum(_));
            if (!is_bound || !is_short) && !WITHOUT.iter().any(|(part, _)| name.contains(part)) {
                unbound.push(name.to_owned());
            }
        }
    }
    let protos = Protos::new();
    let mut unbound = Vec::new();
    for request in protos.requests() {
        visit(&protos, &request, &mut unbound);
    }
    unbound.sort();
    unbound.dedup();
    assert_eq!(unbound, Vec::<String>::new(), "bound them, or say why not");
}

#[test]
fn a_request_at_every_bound_breaks_no_rule() {
    let protos = Protos::new();
    for request in protos.requests() {
        for is_most in [false, true] {
            let made = protos.at_bound(&request, is_most);
            assert_eq!(found_by_server(&made), Broken::new(), "{}, most: {is_most}", request.full_name());
        }
    }
}

#[test]
fn a_request_that_breaks_one_rule_is_refused_by_its_field() {
    let protos = Protos::new();
    let mut count = 0;
    for request in protos.requests() {
        for (field, made) in protos.one_broken(&request) {
            let found: Vec<String> = found_by_server(&made).into_iter().map(|(field, _)| field).collect();
            assert_eq!(found, [field], "{}", request.full_name());
            count += 1;
        }
    }
    assert!(count > 400, "{count}");
}

/// Half of the requests and more break some rule, most of these several.
#[test]
fn both_readers_of_the_rules_find_the_same() {
    let protos = Protos::new();
    let mut random = Random(0x0bf);
    let mut count_of_broken = 0;
    for request in protos.requests() {
        for _ in 0..100 {
            let made = protos.random(&request, &mut random);
            let mut slow = Vec::new();
            protos.read(&made, "", &mut slow);
            let mut fast = found_by_server(&made);
            fast.sort();
            slow.sort();
            assert_eq!(fast, slow, "{}", request.full_name());
            count_of_broken += usize::from(!fast.is_empty());
        }
    }
    assert!(count_of_broken > 2000, "{count_of_broken}");
}
