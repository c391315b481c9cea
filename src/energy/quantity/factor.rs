//! Factor sets: named ways from one measure or basis to another, as data with their sources.
//!
//! What is exact by definition needs no set. Everything else is a choice: which gas, which crude, which table. A set
//! holds the choices that belong together, and every answer names it. The format is CSV with the columns `set`, `from`,
//! `to`, `factor`, `kind`, `source`; one `from` is `factor` of `to`, and the factor is a decimal or a fraction. A row
//! from `y` to `d` is the length of the year. A row of kind `assumed` is a basis that the set takes for an unknown one.

use std::fmt;
use std::sync::LazyLock;

use super::text;
use super::unit::{Basis, Unit};
use crate::value::Ratio;

/// How sure a factor is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// By definition.
    Exact,
    /// By the law of the ideal gas; real gas deviates.
    IdealGas,
    /// From the table of a standard.
    Tabulated,
    /// What a publisher has agreed to count with.
    Convention,
    /// What a contract says, or its figures imply.
    Contract,
    /// Typical or average; the cargo at hand differs.
    Typical,
    /// From no source that was read.
    Unverified,
    /// No conversion: an unknown basis is taken for a known one.
    Assumed,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Exact,
        Self::IdealGas,
        Self::Tabulated,
        Self::Convention,
        Self::Contract,
        Self::Typical,
        Self::Unverified,
        Self::Assumed,
    ];

    pub fn text(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::IdealGas => "ideal_gas",
            Self::Tabulated => "tabulated",
            Self::Convention => "convention",
            Self::Contract => "contract",
            Self::Typical => "typical",
            Self::Unverified => "unverified",
            Self::Assumed => "assumed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text())
    }
}

/// One `from` is `factor` of `to`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Factor {
    pub from: Unit,
    pub to: Unit,
    pub factor: Ratio,
    pub kind: Kind,
    pub source: String,
}

/// How long the set takes a year to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YearLength {
    pub days: Ratio,
    pub kind: Kind,
    pub source: String,
}

/// Factors that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FactorSet {
    pub name: String,
    pub factors: Vec<Factor>,
    /// `None`: the set does not turn days into years.
    pub year: Option<YearLength>,
}

impl FactorSet {
    /// The basis that the set takes an unknown one for; `None` when it takes none for granted.
    pub fn assumed(&self, basis: Basis) -> Option<Basis> {
        let assumed = |factor: &&Factor| factor.kind == Kind::Assumed && factor.from.basis == basis;
        self.factors.iter().find(assumed).map(|factor| factor.to.basis)
    }
}

/// Why factors cannot be taken: row and column of the data, the value, and what is expected.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("factor sets, line {line}, {column}: {reason}")]
pub struct FactorError {
    pub line: u64,
    pub column: &'static str,
    pub reason: String,
}

/// The sets that come with the program; sources beside each factor.
pub fn standard() -> Result<Vec<FactorSet>, FactorError> {
    read(include_str!("factors.csv"))
}

/// The same, read once. That they can be read is held by a test; without them nothing converts that needs one.
pub fn sets() -> &'static [FactorSet] {
    static SETS: LazyLock<Vec<FactorSet>> = LazyLock::new(|| standard().unwrap_or_default());
    &SETS
}

/// Reads sets in the order of the text.
pub fn read(csv_text: &str) -> Result<Vec<FactorSet>, FactorError> {
    const COLUMNS: [&str; 6] = ["set", "from", "to", "factor", "kind", "source"];
    let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
    let header = reader.headers().map_err(|error| fault(1, "header", error.to_string()))?;
    if header.iter().ne(COLUMNS) {
        return Err(fault(1, "header", format!("the columns must be {}", COLUMNS.join(","))));
    }

    let mut sets: Vec<FactorSet> = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let line_by_count = index as u64 + 2;
        let record = record.map_err(|error| fault(line_by_count, "row", error.to_string()))?;
        let line = record.position().map_or(line_by_count, csv::Position::line);
        let [name, from, to, factor, kind, source] =
            std::array::from_fn(|column| record.get(column).unwrap_or_default().trim());
        if name.is_empty() {
            return Err(fault(line, "set", "is empty".to_owned()));
        }
        if source.is_empty() {
            return Err(fault(line, "source", "is empty; a factor without a source is not taken".to_owned()));
        }
        let kind = Kind::ALL.into_iter().find(|known| known.text() == kind).ok_or_else(|| {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.text()).collect();
            fault(line, "kind", format!("`{kind}` is not one of {}", known.join(", ")))
        })?;
        let factor: Ratio = factor.parse().map_err(|reason| fault(line, "factor", reason))?;
        if !factor.is_positive() {
            return Err(fault(line, "factor", format!("`{factor}` is not above zero")));
        }
        let position = sets.iter().position(|set| set.name == name).unwrap_or_else(|| {
            sets.push(FactorSet { name: name.to_owned(), factors: Vec::new(), year: None });
            sets.len() - 1
        });
        let set = &mut sets[position];
        if (from, to) == ("y", "d") {
            if set.year.is_some() {
                return Err(fault(line, "from", format!("set {name} has two lengths of the year")));
            }
            set.year = Some(YearLength { days: factor, kind, source: source.to_owned() });
            continue;
        }
        let unit = |column, text| text::unit(text).map_err(|error| fault(line, column, error.to_string()));
        let row = Factor { from: unit("from", from)?, to: unit("to", to)?, factor, kind, source: source.to_owned() };
        admit(set, row).map_err(|reason| fault(line, "from", reason))?;
    }
    Ok(sets)
}

/// Adds a factor, unless it is none or contradicts one of the set.
pub fn admit(set: &mut FactorSet, row: Factor) -> Result<(), String> {
    let Factor { from, to, .. } = &row;
    if from.per.is_some() || to.per.is_some() {
        return Err("a factor is between amounts, not rates".to_owned());
    }
    if from.basis == to.basis {
        return Err(format!("{from} and {to} are on the same basis; what is exact by definition needs no factor"));
    }
    let assumption = from.basis.unknown().is_some() && from.basis.accepts(to.basis);
    if assumption != (row.kind == Kind::Assumed) {
        return Err(format!("from {from} to {to} is of kind `assumed` exactly when it fills in an unknown basis"));
    }
    if row.kind == Kind::Assumed && row.factor != Ratio::ONE {
        return Err("an assumed basis has the factor 1".to_owned());
    }
    if set.factors.iter().any(|known| is_between(known, from.basis, to.basis)) {
        return Err(format!("set {} has two factors between {from} and {to}", set.name));
    }
    set.factors.push(row);
    Ok(())
}

/// Whether a factor leads between two bases, either way.
pub fn is_between(known: &Factor, left: Basis, right: Basis) -> bool {
    let ends = (known.from.basis, known.to.basis);
    ends == (left, right) || ends == (right, left)
}

fn fault(line: u64, column: &'static str, reason: String) -> FactorError {
    FactorError { line, column, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_sets_read() {
        let sets = standard().unwrap();
        assert_eq!(sets.len(), 16);
        assert!(sets.iter().all(|set| !set.factors.is_empty() || set.year.is_some()));
    }

    #[test]
    fn bad_rows_are_named() {
        for (row, expected) in [
            ("s,bcm,bcm@20C,1,typical,x", "exactly when it fills in"),
            ("s,bcm@20C,bcm@15C,1,assumed,x", "exactly when it fills in"),
            ("s,bcm,bcm@20C,2,assumed,x", "has the factor 1"),
            ("s,bcm@20C,bcm@15C,0,typical,x", "factor: `0` is not above zero"),
            ("s,bcm@20C,bcm@15C,-1/3,typical,x", "is not above zero"),
            ("s,bcm@20C,bcm@15C,abc,typical,x", "`abc` is not a valid decimal"),
            ("s,bcm@20C,bcm@15C,1/0,typical,x", "divides by zero"),
            ("s,bcm@20C,mcm@20C,1000,exact,x", "on the same basis"),
            ("s,bcm@22C,bcm@15C,1,typical,x", "line 2, from: unit `bcm@22C`"),
            ("s,bcm@20C,bcm@15C,1,sure,x", "line 2, kind: `sure` is not one of exact"),
            ("s,bcm@20C,bcm@15C,1,typical,", "source: is empty"),
            (",bcm@20C,bcm@15C,1,typical,x", "set: is empty"),
            ("s,bcm/y@20C,bcm/y@15C,1,typical,x", "not rates"),
            ("s,bcm@20C,bcm@15C,1,typical,x\ns,m3@15C,m3@20C,1,typical,x", "line 3, from: set s has two factors"),
            ("s,y,d,365,convention,x\ns,y,d,366,convention,x", "two lengths of the year"),
            ("s,bcm@20C", "line 2, row"),
        ] {
            let error = read(&format!("set,from,to,factor,kind,source\n{row}\n")).unwrap_err().to_string();
            assert!(error.contains(expected), "{row}: {error}");
        }
        assert!(read("a,b\n").is_err());
    }
}
