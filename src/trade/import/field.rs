//! Fields of statistics, which all formats write alike.

use crate::import::Refusal;
use crate::reference::{Area, codes};
use crate::trade::model::Flow;
use crate::value::number::{self, Excess, Problem};
use crate::value::{Cell, Period};

/// Reads an amount at a scale; empty is unknown.
pub fn amount(field: &'static str, text: &[u8], scale: i32) -> Result<Cell, Refusal> {
    let parsed = number::parse(text, scale, Excess::Refuse);
    match parsed {
        Ok(number) => Ok(Cell::new(number.map(|scaled| scaled.value))),
        Err(problem) => Err(refused_amount(field, text, scale, problem)),
    }
}

pub fn refused_amount(field: &'static str, text: &[u8], scale: i32, problem: Problem) -> Refusal {
    let reason = match problem {
        Problem::TooPrecise => format!("{problem} ({scale})"),
        Problem::Negative => format!("{problem}; amounts are zero or more"),
        _ => problem.to_string(),
    };
    Refusal::new(field, text, reason)
}

/// Reads one of Comtrade's area numbers.
pub fn area(field: &'static str, text: &[u8]) -> Result<Area, Refusal> {
    let number = integer(field, text)?;
    u16::try_from(number)
        .ok()
        .and_then(Area::from_comtrade)
        .ok_or_else(|| Refusal::new(field, text, "is not a known area number of UN Comtrade"))
}

/// Reads `2021`, `202103`.
pub fn period(field: &'static str, text: &[u8]) -> Result<Period, Refusal> {
    std::str::from_utf8(text)
        .ok()
        .and_then(Period::parse)
        .ok_or_else(|| Refusal::new(field, text, "is not a period; expected a year (2021) or a month (202103)"))
}

pub fn flow(field: &'static str, text: &[u8]) -> Result<Flow, Refusal> {
    std::str::from_utf8(text)
        .ok()
        .and_then(Flow::parse)
        .ok_or_else(|| Refusal::new(field, text, "is not a flow code (M, X, RM, RX, DX, FM, MIP, MOP, XIP, XOP)"))
}

/// Reads a unit of quantity; 0 when there is none (-1 of today's list, 1 of the older one, or empty).
pub fn unit(field: &'static str, text: &[u8]) -> Result<u8, Refusal> {
    if matches!(text, b"" | b"-1" | b"1" | b"0") {
        return Ok(0);
    }
    let number = integer(field, text)?;
    u8::try_from(number)
        .ok()
        .filter(|number| codes::is_unit(*number))
        .ok_or_else(|| Refusal::new(field, text, "is not a unit of quantity"))
}

/// Reads `true`, `false`, `1`, `0`; empty is unknown.
pub fn boolean(field: &'static str, text: &[u8]) -> Result<Option<bool>, Refusal> {
    match text {
        b"" => Ok(None),
        b"true" | b"True" | b"TRUE" | b"1" => Ok(Some(true)),
        b"false" | b"False" | b"FALSE" | b"0" => Ok(Some(false)),
        _ => Err(Refusal::new(field, text, "is neither true nor false")),
    }
}

/// Reads a whole number that may end in `.0`.
pub fn integer(field: &'static str, text: &[u8]) -> Result<i64, Refusal> {
    match number::parse(text, 0, Excess::Refuse) {
        Ok(Some(number)) => Ok(number.value),
        _ => Err(Refusal::new(field, text, "is not a whole number")),
    }
}

/// Statistics fill amounts that nobody reported with 0: beside a value above zero, or one that is not known, no goods
/// weigh nothing.
pub fn filler_is_unknown(amount: Cell, value: Cell) -> Cell {
    let is_filler = amount.get() == Some(0) && value.get() != Some(0);
    if is_filler { Cell::UNKNOWN } else { amount }
}

/// A quantity and its unit, together or not at all: a quantity without unit means nothing, and Comtrade fills the field
/// with zero where there is none.
pub fn quantity(unit: u8, amount: Cell) -> (u8, Cell) {
    if unit == 0 || amount == Cell::UNKNOWN { (0, Cell::UNKNOWN) } else { (unit, amount) }
}
