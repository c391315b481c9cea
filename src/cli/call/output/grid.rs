//! Messages of one type as rows and columns: a column for each scalar leaf, those that are empty in every row left out.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value};

use super::vocabulary;
use crate::cli::call::codec;
use crate::cli::call::plain::{self, Plain};

/// Messages within messages; what lies deeper is not a column.
const DEPTH_MAX: usize = 4;

/// A column of a grid.
#[derive(Clone)]
pub struct Column {
    /// Fields from the row to the leaf, joined by dots.
    pub name: String,
    pub is_number: bool,
    /// Of fields of which only one can be set: what they share.
    pub one_of: Option<String>,
    /// Stays in a table also where it says the same in every row.
    pub is_kept: bool,
}

impl Column {
    #[cfg(test)]
    pub fn text(name: &str) -> Self {
        Self { name: name.to_owned(), is_number: false, one_of: None, is_kept: false }
    }

    /// The last of its fields.
    pub fn leaf(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    /// The same message's other field.
    pub fn sibling(&self, field: &str) -> String {
        match self.name.rsplit_once('.') {
            Some((message, _)) => format!("{message}.{field}"),
            None => field.to_owned(),
        }
    }
}

/// Rows and columns of text.
pub struct Grid {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    pub fn of(row_type: &MessageDescriptor, rows: &[DynamicMessage]) -> Self {
        let leaves = leaves(row_type);
        let mut cells: Vec<Vec<Cell>> =
            rows.iter().map(|row| leaves.iter().map(|leaf| leaf.cell(row)).collect()).collect();
        let is_told = |at: usize| cells.iter().any(|row| row[at].is_told);
        let told: Vec<bool> = (0..leaves.len()).map(is_told).collect();
        let kept = |at: &usize| told[*at];
        let columns = (0..leaves.len()).filter(kept).map(|at| leaves[at].column()).collect();
        let rows = cells
            .iter_mut()
            .map(|row| (0..leaves.len()).filter(kept).map(|at| std::mem::take(&mut row[at].text)).collect())
            .collect();
        Self { columns, rows }
    }
}

impl Grid {
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The texts of a column, from the first row to the last.
    pub fn texts(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row[at].as_str())
    }

    /// Takes a column out of the rows.
    pub fn drop_column(&mut self, name: &str) {
        if let Some(at) = self.place(name) {
            self.drop_at(at);
        }
    }

    pub fn drop_at(&mut self, at: usize) {
        self.columns.remove(at);
        self.rows.iter_mut().for_each(|row| drop(row.remove(at)));
    }

    /// Puts a column at a place, with one text a row.
    pub fn insert(&mut self, at: usize, column: Column, texts: Vec<String>) {
        self.columns.insert(at, column);
        self.rows.iter_mut().zip(texts).for_each(|(row, text)| row.insert(at, text));
    }
}

/// Whether messages of this type hold figures: decimals, at any depth but in lists.
pub fn has_figures(message: &MessageDescriptor) -> bool {
    leaves(message).iter().any(|leaf| {
        let last = leaf.0.last().filter(|field| !field.is_list());
        let message = last.and_then(|field| plain::message_of(field.kind()));
        message.is_some_and(|message| plain::plain(&message) == Some(Plain::Text))
    })
}

#[derive(Default)]
struct Cell {
    text: String,
    /// Whether it says more than what a field is when nobody sets it.
    is_told: bool,
}

/// The way from a message to one of its leaves.
struct Leaf(Vec<FieldDescriptor>);

fn leaves(message: &MessageDescriptor) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(message, &mut Vec::new(), &mut found);
    found
}

fn collect(message: &MessageDescriptor, path: &mut Vec<FieldDescriptor>, found: &mut Vec<Leaf>) {
    for field in message.fields() {
        path.push(field.clone());
        match nested(&field) {
            Some(inner) if path.len() < DEPTH_MAX && !path.iter().any(|above| *above.parent_message() == inner) => {
                collect(&inner, path, found);
            }
            Some(_) => {}
            None => found.push(Leaf(path.clone())),
        }
        path.pop();
    }
}

/// The message of a field that holds one message which is not itself one word.
pub fn nested(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    let message = plain::message_of(field.kind()).filter(|_| !field.is_list() && !field.is_map())?;
    let is_word = plain::plain(&message).is_some()
        || plain::is_well_known(&message)
        || message.get_field_by_name(vocabulary::ONE_WORD).is_some();
    (!is_word).then_some(message)
}

impl Leaf {
    fn column(&self) -> Column {
        let names: Vec<&str> = self.0.iter().map(FieldDescriptor::name).collect();
        // A field that may be absent is alone in a choice that its author did not write.
        let choice = self.0.iter().find_map(FieldDescriptor::containing_oneof);
        let one_of = choice.filter(|choice| choice.fields().len() > 1).map(|choice| choice.full_name().to_owned());
        Column {
            name: names.join("."),
            is_number: self.0.last().is_some_and(is_number),
            one_of,
            // What was asked for stands in every row, also where it does not change.
            is_kept: self.0.last().is_some_and(is_decimal),
        }
    }

    fn cell(&self, row: &DynamicMessage) -> Cell {
        let mut message = row.clone();
        for (at, field) in self.0.iter().enumerate() {
            if at + 1 == self.0.len() {
                return cell(&message, field);
            }
            if !message.has_field(field) {
                break;
            }
            match message.get_field(field).into_owned() {
                Value::Message(inner) => message = inner,
                _ => break,
            }
        }
        Cell::default()
    }
}

fn is_decimal(field: &FieldDescriptor) -> bool {
    let message = plain::message_of(field.kind()).filter(|_| !field.is_list());
    message.is_some_and(|message| plain::plain(&message) == Some(Plain::Text))
}

fn is_number(field: &FieldDescriptor) -> bool {
    if field.is_list() || field.is_map() {
        return false;
    }
    match field.kind() {
        Kind::Message(message) => plain::plain(&message) == Some(Plain::Text),
        Kind::String | Kind::Bytes | Kind::Bool | Kind::Enum(_) => false,
        _ => true,
    }
}

/// A field that its sender left out but that means 0 or no is shown as that, where another row says otherwise.
fn cell(message: &DynamicMessage, field: &FieldDescriptor) -> Cell {
    let is_told = message.has_field(field);
    if !is_told && (field.supports_presence() || field.is_list() || field.is_map()) {
        return Cell::default();
    }
    let text = text(&message.get_field(field), &field.kind());
    Cell { is_told: is_told && !text.is_empty(), text }
}

/// The text of a field, whole; empty where it is not set.
pub fn field_text(message: &DynamicMessage, field: &FieldDescriptor) -> String {
    if message.has_field(field) { text(&message.get_field(field), &field.kind()) } else { String::new() }
}

fn text(value: &Value, kind: &Kind) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::I32(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::U32(value) => value.to_string(),
        Value::U64(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::EnumNumber(number) => match kind {
            Kind::Enum(descriptor) => plain::enum_word(descriptor, *number),
            _ => number.to_string(),
        },
        Value::Message(message) => message_text(message),
        Value::List(elements) => {
            let texts = elements.iter().map(|element| text(element, kind)).filter(|text| !text.is_empty());
            texts.collect::<Vec<_>>().join("; ")
        }
        Value::Map(entries) => {
            let mut texts: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    format!("{}={}", text(&key.clone().into(), &Kind::String), text(value, &Kind::String))
                })
                .collect();
            texts.sort();
            texts.join("; ")
        }
    }
}

/// A message in one cell: its word, else its leaves beside one another; lists only where there is nothing else.
fn message_text(message: &DynamicMessage) -> String {
    if let Some(word) = plain::word_of(message) {
        return word;
    }
    let descriptor = message.descriptor();
    if plain::is_well_known(&descriptor) {
        let json = codec::to_json(message, true).unwrap_or_default();
        return json.trim().trim_matches('"').to_owned();
    }
    let said = descriptor.get_field_by_name(vocabulary::ONE_WORD).map(|field| field_text(message, &field));
    if let Some(word) = said.filter(|word| !word.is_empty()) {
        return word;
    }
    let is_list = |leaf: &Leaf| leaf.0.iter().any(|field| field.is_list() || field.is_map());
    let (lists, single): (Vec<Leaf>, Vec<Leaf>) = leaves(&descriptor).into_iter().partition(is_list);
    let told = |leaves: &[Leaf]| -> Vec<String> {
        leaves.iter().map(|leaf| leaf.cell(message)).filter(|cell| cell.is_told).map(|cell| cell.text).collect()
    };
    let texts = told(&single);
    if texts.is_empty() { told(&lists).join(", ") } else { texts.join(" ") }
}
