//! A list of figures within each row as columns of its own: one for each word of the list, such as the layer of a quantity
//! or the item of a ledger.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};

use super::grid::{Column, Grid};
use super::vocabulary as words;

/// More columns are better read as rows.
const COLUMNS_MAX: usize = 12;

/// The columns that a list became.
pub struct Pivot {
    pub columns: Vec<Column>,
    /// For each column one text a row.
    pub texts: Vec<Vec<String>>,
    /// What else is said of the figures, a line for each column.
    pub lines: Vec<String>,
    /// Unit of all figures; empty where they have none or several.
    pub unit: String,
}

/// Where the parts of an entry stand in its grid.
struct Parts {
    keys: Vec<usize>,
    /// The first figure, with those that stand in its place in other entries.
    figures: Vec<usize>,
    /// Texts about it.
    remarks: Vec<usize>,
}

impl Parts {
    fn of(grid: &Grid) -> Option<Self> {
        let first = grid.columns.iter().position(|column| column.is_number)?;
        let choice = &grid.columns[first].one_of;
        let is_alternative = |at: &usize| {
            let column = &grid.columns[*at];
            *at == first || (column.is_number && choice.is_some() && column.one_of == *choice)
        };
        let figures: Vec<usize> = (first..grid.columns.len()).filter(is_alternative).collect();
        let is_remark = |at: &usize| {
            let column = &grid.columns[*at];
            !column.is_number && !words::UNITS.contains(&column.leaf())
        };
        let remarks = (first..grid.columns.len()).filter(is_remark).collect();
        (first > 0).then(|| Self { keys: (0..first).collect(), figures, remarks })
    }
}

/// An entry of the list: its row, key, figure with unit, and what is said of it.
struct Entry {
    row: usize,
    key: String,
    figure: String,
    unit: String,
    remark: String,
}

/// `labels` name the rows. `None` where the list has no word that tells its entries apart, or too many.
pub fn pivot(
    field: &FieldDescriptor,
    entry_type: &MessageDescriptor,
    lists: &[Vec<DynamicMessage>],
    labels: &[String],
) -> Option<Pivot> {
    if !entry_type.fields().any(|field| matches!(field.kind(), Kind::Enum(_)) && !field.is_list()) {
        return None;
    }
    let flat: Vec<DynamicMessage> = lists.iter().flatten().cloned().collect();
    let grid = Grid::of(entry_type, &flat);
    let parts = Parts::of(&grid)?;
    let rows = lists.iter().enumerate().flat_map(|(row, list)| list.iter().map(move |_| row));
    let entries: Vec<Entry> = rows.zip(&grid.rows).map(|(row, texts)| entry(&grid, &parts, row, texts)).collect();
    let mut keys: Vec<&str> = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    for entry in &entries {
        let known = keys.iter().position(|key| *key == entry.key);
        // A new one stands behind the one before it in its own list, so that the lists' order is kept.
        let at = known.unwrap_or_else(|| {
            let at = before
                .filter(|(row, _)| *row == entry.row)
                .map_or(if entry.row == 0 { keys.len() } else { 0 }, |(_, at)| at + 1);
            keys.insert(at, &entry.key);
            at
        });
        before = Some((entry.row, at));
    }
    let is_repeated =
        |entry: &Entry| entries.iter().filter(|other| other.row == entry.row && other.key == entry.key).count() > 1;
    if keys.is_empty() || keys.len() > COLUMNS_MAX || entries.iter().any(is_repeated) {
        return None;
    }
    let mut units: Vec<&str> = entries.iter().map(|entry| entry.unit.as_str()).collect();
    units.sort_unstable();
    units.dedup();
    let is_one_unit = units.len() == 1;
    let mut pivot = Pivot {
        columns: Vec::new(),
        texts: Vec::new(),
        lines: Vec::new(),
        unit: if is_one_unit { units[0].to_owned() } else { String::new() },
    };
    for key in keys {
        let own: Vec<&Entry> = entries.iter().filter(|entry| entry.key == key).collect();
        let unit = own.first().map(|entry| entry.unit.as_str()).filter(|unit| !is_one_unit && !unit.is_empty());
        let name = unit.map_or_else(|| key.to_owned(), |unit| format!("{key}\n{unit}"));
        let text = |row: usize| own.iter().find(|entry| entry.row == row).map(|entry| entry.figure.clone());
        pivot.texts.push((0..lists.len()).map(|row| text(row).unwrap_or_default()).collect());
        pivot.columns.push(Column { name, is_number: true, one_of: None, is_kept: true });
        pivot.lines.extend(remark(field.name(), key, &own, labels));
    }
    Some(pivot)
}

fn entry(grid: &Grid, parts: &Parts, row: usize, texts: &[String]) -> Entry {
    let figure = parts.figures.iter().copied().find(|at| !texts[*at].is_empty());
    let column = figure.map(|at| &grid.columns[at]);
    let unit_of = |column: &Column| {
        let place = words::UNITS.iter().find_map(|unit| grid.place(&column.sibling(unit)));
        place.map(|at| texts[at].clone()).unwrap_or_default()
    };
    let mut words: Vec<&str> =
        parts.keys.iter().map(|at| texts[*at].as_str()).filter(|text| !text.is_empty()).collect();
    // The figure's own name, unless it says no more than that it is one.
    let measure = parts.figures.first().map(|at| grid.columns[*at].name.trim_end_matches(".value")).unwrap_or_default();
    if !words::PLAIN_AMOUNTS.contains(&measure) {
        words.push(measure);
    }
    let remarks = parts.remarks.iter().map(|at| texts[*at].as_str()).filter(|text| !text.is_empty());
    Entry {
        row,
        key: words.join("\n"),
        figure: figure.map(|at| texts[at].clone()).unwrap_or_default(),
        unit: column.map(unit_of).unwrap_or_default(),
        remark: remarks.collect::<Vec<_>>().join(", "),
    }
}

/// What is said of a column's figures: once where it is always the same, else of the first and of how many others.
fn remark(list: &str, key: &str, entries: &[&Entry], labels: &[String]) -> Option<String> {
    let first = entries.iter().find(|entry| !entry.remark.is_empty())?;
    let mut others: Vec<&str> = entries.iter().map(|entry| entry.remark.as_str()).collect();
    others.sort_unstable();
    others.dedup();
    let key = key.replace('\n', " ");
    Some(match others.len() {
        1 => format!("{list} {key}: {}", first.remark),
        count => {
            let label = labels.get(first.row).map(String::as_str).unwrap_or_default();
            format!("{list} {key}: in {label} {} ({} more: --output json)", first.remark, count - 1)
        }
    })
}
