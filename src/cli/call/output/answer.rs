//! What in an answer are the rows, what stands above them, and what is about the answer.

use std::collections::BTreeSet;

use prost_reflect::{DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage as _};

use super::condense::{self, Condensed};
use super::grid::{self, Column, Grid};
use super::names::Names;
use super::pivot::pivot;
use super::vocabulary as words;
use crate::cli::call::plain;

/// An answer, taken apart.
pub struct Answer {
    /// The rows of a file: the elements of the first list, else the one resource.
    pub rows: Vec<DynamicMessage>,
    pub row_type: MessageDescriptor,
    /// What is said once: name and text.
    pub heading: Vec<(String, String)>,
    /// Each list of messages that is not empty, by its name.
    pub tables: Vec<Table>,
    /// What the figures rest on: name and text.
    pub bases: Vec<(String, String)>,
    pub notes: Vec<String>,
    /// One line a release that was used.
    pub sources: Vec<String>,
    emptiness: Option<String>,
    continued: Option<String>,
}

/// A list of an answer as people read it.
pub struct Table {
    pub name: String,
    pub grid: Grid,
    /// What is the same in every row.
    pub above: Vec<String>,
    /// What has no room in the rows.
    pub below: Vec<String>,
}

impl Answer {
    pub fn of(message: &DynamicMessage) -> Self {
        let body = resource(message).unwrap_or_else(|| message.clone());
        let mut answer = Self {
            rows: vec![body.clone()],
            row_type: body.descriptor(),
            heading: Vec::new(),
            tables: Vec::new(),
            bases: Vec::new(),
            notes: Vec::new(),
            sources: Vec::new(),
            emptiness: None,
            continued: continued(message),
        };
        let mut names = names(message);
        answer.read_body(&body, &mut names);
        // The rows of a resource are itself; a list within it only stands below.
        let first_list = message.descriptor().fields().find_map(|field| Some((list(&field)?, field)));
        if let Some((row_type, field)) = first_list {
            answer.row_type = row_type;
            answer.rows = elements(message, &field);
        }
        for field in message.descriptor().fields() {
            answer.read_apparatus(message, &field);
        }
        // Two sides of an answer may say the same.
        for lines in [&mut answer.notes, &mut answer.sources] {
            let mut seen = BTreeSet::new();
            lines.retain(|line| seen.insert(line.clone()));
        }
        answer
    }

    fn read_body(&mut self, body: &DynamicMessage, names: &mut Names) {
        for field in body.descriptor().fields() {
            let name = field.name();
            let is_about = is_apparatus(&field) || name == words::NOTES || name == words::MORE;
            if is_about || words::CONTINUED_BY.iter().any(|(from, _)| *from == name) {
                continue;
            }
            if let Some(row_type) = list(&field) {
                self.tables.extend(tables(name, &row_type, &elements(body, &field), names));
                continue;
            }
            let text = match (grid::nested(&field), body.get_field(&field).as_message()) {
                (Some(inner), Some(value)) if body.has_field(&field) => one_line(&inner, value),
                _ => grid::field_text(body, &field),
            };
            let is_basis = plain::message_of(field.kind()).is_some_and(|message| message.name() == words::BASIS);
            match text.is_empty() {
                true => {}
                false if is_basis => self.bases.push((name.to_owned(), text)),
                false => self.heading.push((name.to_owned(), text)),
            }
        }
        self.drop_what_the_name_says();
        let untold = names.untold();
        if !untold.is_empty() {
            self.heading.push((words::COUNTRIES.to_owned(), untold));
        }
    }

    /// A resource's own name tells the collection that it is in.
    fn drop_what_the_name_says(&mut self) {
        let Some((_, id)) = self.heading.first().and_then(|(_, name)| name.split_once('/')) else { return };
        let parts: Vec<String> = id.split('.').map(str::to_owned).collect();
        let is_said = |text: &str| text.split('/').next_back().is_some_and(|own| parts.iter().any(|part| part == own));
        let mut at = 0;
        self.heading.retain(|(_, text)| {
            at += 1;
            at == 1 || !is_said(text)
        });
    }

    fn read_apparatus(&mut self, message: &DynamicMessage, field: &FieldDescriptor) {
        let value = message.get_field(field);
        if field.name() == words::NOTES && field.is_list() {
            self.notes.extend(texts(message, words::NOTES));
        }
        let Some(inner) = value.as_message().filter(|_| message.has_field(field)) else { return };
        match inner.descriptor().name() {
            words::PROVENANCE => {
                self.notes.extend(texts(inner, words::NOTES));
                if let Some(sources) = inner.descriptor().get_field_by_name(words::SOURCES) {
                    self.sources.extend(elements(inner, &sources).iter().map(source));
                }
            }
            words::EMPTINESS => {
                let said = [words::EMPTINESS_REASON, words::EMPTINESS_DETAIL].map(|name| text(inner, name));
                let [reason, detail] = said;
                self.emptiness = Some(if detail.is_empty() { reason } else { format!("{reason}: {detail}") });
            }
            _ => {}
        }
    }

    /// Why there are no rows, and how to get more; each a line.
    pub fn remarks(&self) -> String {
        let mut text = String::new();
        if let Some(reason) = &self.emptiness {
            text.push_str(&format!("no rows: {reason}\n"));
        }
        if let Some(continued) = &self.continued {
            text.push_str(&format!("{continued}\n"));
        }
        text
    }
}

/// The one message that an answer without lists is about.
fn resource(message: &DynamicMessage) -> Option<DynamicMessage> {
    let descriptor = message.descriptor();
    if descriptor.fields().any(|field| list(&field).is_some()) {
        return None;
    }
    let mut inner = descriptor.fields().filter(|field| !is_apparatus(field));
    let (only, None) = (inner.next()?, inner.next()) else { return None };
    grid::nested(&only)?;
    message.get_field(&only).as_message().cloned()
}

/// The type of the elements of a list of messages.
fn list(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    plain::message_of(field.kind()).filter(|message| field.is_list() && plain::plain(message).is_none())
}

/// A list as a table, and below it the lists of figures that its rows hold, each with the first column of its row: in one
/// cell they would be cut.
fn tables(name: &str, row_type: &MessageDescriptor, rows: &[DynamicMessage], names: &mut Names) -> Vec<Table> {
    let mut grid = Grid::of(row_type, rows);
    let labels: Vec<String> = grid.rows.iter().map(|texts| texts.first().cloned().unwrap_or_default()).collect();
    let (mut below, mut remarks, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for field in row_type.fields() {
        let Some(inner) = list(&field).filter(grid::has_figures) else { continue };
        let Some(key) = grid.columns.first().filter(|key| key.name != field.name()).cloned() else { continue };
        let lists: Vec<Vec<DynamicMessage>> = rows.iter().map(|row| elements(row, &field)).collect();
        if let Some(pivot) = pivot(&field, &inner, &lists, &labels) {
            let at = grid.place(field.name()).unwrap_or(grid.columns.len());
            grid.drop_column(field.name());
            for (column, texts) in pivot.columns.into_iter().zip(pivot.texts).rev() {
                grid.insert(at, column, texts);
            }
            remarks.extend(pivot.lines);
            units.extend((!pivot.unit.is_empty()).then(|| format!("{} in {}", field.name(), pivot.unit)));
            continue;
        }
        // The rows below must lead back to theirs.
        if grid.rows.iter().map(|texts| &texts[0]).collect::<BTreeSet<_>>().len() < grid.rows.len() {
            continue;
        }
        let (mut keys, mut inner_rows) = (Vec::new(), Vec::new());
        for (row, texts) in rows.iter().zip(&grid.rows) {
            for element in elements(row, &field) {
                keys.push(texts[0].clone());
                inner_rows.push(element);
            }
        }
        if inner_rows.is_empty() {
            continue;
        }
        let mut inner = Grid::of(&inner, &inner_rows);
        inner.insert(0, key, keys);
        grid.drop_column(field.name());
        below.push(table(format!("{name}.{}", field.name()), inner, names));
    }
    if !grid.rows.is_empty() {
        let mut first = table(name.to_owned(), grid, names);
        first.above.splice(0..0, units);
        first.below.splice(0..0, remarks);
        below.insert(0, first);
    }
    below
}

fn table(name: String, mut grid: Grid, names: &mut Names) -> Table {
    names.put_into(&mut grid);
    let Condensed { above, below } = condense::condense(&mut grid);
    condense::align(&mut grid);
    Table { name, grid, above, below }
}

/// The names that the answer brings with it.
fn names(message: &DynamicMessage) -> Names {
    let is_names = |field: &FieldDescriptor| {
        plain::message_of(field.kind()).is_some_and(|inner| !field.is_list() && inner.name() == words::NAMES)
    };
    let field = message.descriptor().fields().find(is_names);
    let names = field.and_then(|field| message.get_field(&field).as_message().map(Names::of));
    names.unwrap_or_default()
}

fn elements(message: &DynamicMessage, field: &FieldDescriptor) -> Vec<DynamicMessage> {
    let value = message.get_field(field);
    let elements = value.as_list().unwrap_or_default();
    elements.iter().filter_map(|element| element.as_message().cloned()).collect()
}

fn is_apparatus(field: &FieldDescriptor) -> bool {
    plain::message_of(field.kind())
        .is_some_and(|message| [words::PROVENANCE, words::EMPTINESS, words::NAMES].contains(&message.name()))
}

fn one_line(message_type: &MessageDescriptor, message: &DynamicMessage) -> String {
    let grid = Grid::of(message_type, std::slice::from_ref(message));
    let Some(row) = grid.rows.first() else { return String::new() };
    let told = grid.columns.iter().zip(row).filter(|(_, text)| *text != "0");
    let shown = |(column, text): (&Column, &String)| match column.is_number {
        true => format!("{} {}", column.name, condense::grouped(text)),
        false => format!("{} {text}", column.name),
    };
    let texts: Vec<String> = told.map(shown).collect();
    texts.join(", ")
}

fn text(message: &DynamicMessage, name: &str) -> String {
    message.descriptor().get_field_by_name(name).map(|field| grid::field_text(message, &field)).unwrap_or_default()
}

fn texts(message: &DynamicMessage, name: &str) -> Vec<String> {
    let value = message.get_field_by_name(name);
    let elements = value.as_ref().and_then(|value| value.as_list()).unwrap_or_default();
    elements.iter().filter_map(|element| element.as_str().map(str::to_owned)).collect()
}

fn source(source: &DynamicMessage) -> String {
    let said = [words::SOURCE_TITLE, words::SOURCE_PUBLISHER, words::SOURCE_DAY].map(|name| text(source, name));
    said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// How to ask for what comes behind this answer.
fn continued(message: &DynamicMessage) -> Option<String> {
    let more = message.get_field_by_name(words::MORE).and_then(|value| value.as_bool());
    words::CONTINUED_BY.iter().find_map(|(from, to)| {
        let token = Some(text(message, from)).filter(|token| !token.is_empty())?;
        let what = if more == Some(false) { "later on ask from here" } else { "there is more" };
        let flag = to.replace('_', "-");
        Some(format!("{what}: --{flag} {token} (`{to}` in a request of `call`)"))
    })
}
