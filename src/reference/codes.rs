//! The smaller code lists of trade statistics: units of quantity, customs procedures, modes of transport. Bundled.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A unit of quantity.
#[derive(Debug, serde::Deserialize)]
pub struct Unit {
    pub number: u8,
    pub abbreviation: String,
    pub name: String,
    pub source: String,
}

/// A customs procedure; number 0 (`C00`) is the total of the others.
#[derive(Debug, serde::Deserialize)]
pub struct Procedure {
    pub code: String,
    pub number: u8,
}

/// A mode of transport; 0 is the total, and some modes are part of another.
#[derive(Debug, serde::Deserialize)]
pub struct Mode {
    pub code: u16,
    pub parent: Option<u16>,
}

static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(|| super::bundled_rows(include_str!("data/units.csv")));
static PROCEDURES: LazyLock<Vec<Procedure>> =
    LazyLock::new(|| super::bundled_rows(include_str!("data/procedures.csv")));
static MODES: LazyLock<HashMap<u16, Mode>> = LazyLock::new(|| {
    let modes: Vec<Mode> = super::bundled_rows(include_str!("data/modes_of_transport.csv"));
    modes.into_iter().map(|mode| (mode.code, mode)).collect()
});

pub fn units() -> &'static [Unit] {
    &UNITS
}

/// The abbreviation of a unit; empty when there is none of that number.
pub fn unit_abbreviation(number: u8) -> &'static str {
    UNITS.iter().find(|unit| unit.number == number).map_or("", |unit| &unit.abbreviation)
}

pub fn is_unit(number: u8) -> bool {
    UNITS.iter().any(|unit| unit.number == number)
}

pub fn procedure_number(code: &str) -> Option<u8> {
    PROCEDURES.iter().find(|procedure| procedure.code == code).map(|procedure| procedure.number)
}

pub fn procedure_code(number: u8) -> &'static str {
    PROCEDURES.iter().find(|procedure| procedure.number == number).map_or("", |procedure| &procedure.code)
}

pub fn is_mode(code: u16) -> bool {
    MODES.contains_key(&code)
}

/// The mode that this one is part of; `None` for the total.
pub fn mode_parent(code: u16) -> Option<u16> {
    MODES.get(&code)?.parent
}
