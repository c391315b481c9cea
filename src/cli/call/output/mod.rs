//! Answers in the form that was asked for: a table for people, JSON, or rows for other programs.
//!
//! Never prints anything itself.

mod answer;
mod condense;
mod grid;
mod names;
mod pivot;
mod table;
mod vocabulary;

use std::io::IsTerminal as _;

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

use super::codec;
use super::error::Error;
use answer::Answer;

/// Form of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    /// Columns for people: long texts cut, empty columns left out, reasons, notes and sources below
    Table,
    /// The whole answer as indented JSON; of a stream one object a line
    Json,
    /// One row an object, one object a line
    Jsonl,
    /// One row a line, below the names of the columns; nothing cut
    Csv,
}

impl Format {
    /// The one asked for, else a table on a terminal and JSON elsewhere.
    pub fn chosen(asked: Option<Self>, is_stream: bool) -> Result<Self, Error> {
        match asked {
            Some(Self::Table | Self::Csv) if is_stream => {
                let reason = "a stream has no table: use --output json or jsonl, which give one message a line";
                Err(Error::Usage(reason.to_owned()))
            }
            Some(format) => Ok(format),
            None if !is_stream && std::io::stdout().is_terminal() => Ok(Self::Table),
            None => Ok(Self::Json),
        }
    }
}

/// An answer as text.
pub struct Written {
    pub answer: String,
    /// For the person, beside it: why there are no rows, and that there are more.
    pub beside: String,
}

/// Asks for the names of codes, which a table shows beside them, unless `input` says whether they are wanted.
pub fn ask_for_names(request: &mut DynamicMessage, input: &str) {
    let Some(field) = request.descriptor().get_field_by_name(vocabulary::ASKS_FOR_NAMES) else { return };
    let is_said = [field.name(), field.json_name()].iter().any(|name| input.contains(name));
    if field.kind() == Kind::Bool && !field.is_list() && !is_said {
        request.set_field(&field, Value::Bool(true));
    }
}

pub fn write(message: &DynamicMessage, format: Format) -> Result<Written, Error> {
    let whole = |answer: String| Ok(Written { answer, beside: String::new() });
    match format {
        Format::Json => whole(codec::to_json(message, false)?),
        Format::Table => whole(table::draw(&Answer::of(message), table::width_of_terminal())),
        Format::Jsonl => {
            let answer = Answer::of(message);
            let rows: Result<String, Error> = answer.rows.iter().map(|row| codec::to_json(row, true)).collect();
            Ok(Written { answer: rows?, beside: answer.remarks() })
        }
        Format::Csv => {
            let answer = Answer::of(message);
            let grid = grid::Grid::of(&answer.row_type, &answer.rows);
            Ok(Written { answer: csv(&grid)?, beside: answer.remarks() })
        }
    }
}

fn csv(grid: &grid::Grid) -> Result<String, Error> {
    let refuse = |error: String| Error::Output(std::io::Error::other(error));
    let mut text = csv::Writer::from_writer(Vec::new());
    if !grid.columns.is_empty() {
        let names = grid.columns.iter().map(|column| column.name.as_str());
        text.write_record(names).map_err(|error| refuse(error.to_string()))?;
        for row in &grid.rows {
            text.write_record(row).map_err(|error| refuse(error.to_string()))?;
        }
    }
    let bytes = text.into_inner().map_err(|error| refuse(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| refuse(error.to_string()))
}
