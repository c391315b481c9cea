//! Flows of goods and their algebra: which is part of which, and which may be added.

use std::fmt;

/// A flow of goods, by the number it has in the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flow(u8);

/// How a flow is divided into parts. Parts of one division have no goods in common; parts of two may.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Division {
    /// By origin: X = DX + RX, M = FM + RM.
    Origin,
    /// By processing: goods come in or leave for it or after it, and others for no such reason.
    Processing,
}

/// Code, the flow that it is part of, and by which division; position is the number. Never reorder. Facts: UN Comtrade's
/// list of flows; the algebra: UNSD, International Merchandise Trade Statistics: Concepts and Definitions 2010, chapters I
/// and II (re-exports are foreign goods, re-imports domestic ones; inward and outward processing are procedures of their
/// own).
const FLOWS: [(&str, Option<(u8, Division)>); 11] = [
    ("", None),
    ("M", None),
    ("X", None),
    ("RM", Some((1, Division::Origin))),
    ("RX", Some((2, Division::Origin))),
    ("DX", Some((2, Division::Origin))),
    ("FM", Some((1, Division::Origin))),
    ("MIP", Some((1, Division::Processing))),
    ("MOP", Some((1, Division::Processing))),
    ("XIP", Some((2, Division::Processing))),
    ("XOP", Some((2, Division::Processing))),
];

impl Flow {
    pub const IMPORT: Self = Self(1);
    pub const EXPORT: Self = Self(2);
    pub const RE_IMPORT: Self = Self(3);
    pub const RE_EXPORT: Self = Self(4);

    pub fn all() -> impl Iterator<Item = Self> {
        (1..FLOWS.len() as u8).map(Self)
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|flow| flow.code() == code)
    }

    pub fn from_number(number: i64) -> Option<Self> {
        Self::all().find(|flow| i64::from(flow.0) == number)
    }

    /// The flow of a key, which has only numbers of flows.
    pub(super) fn of_number(number: u8) -> Self {
        Self(number)
    }

    pub fn number(self) -> u8 {
        self.0
    }

    pub fn code(self) -> &'static str {
        FLOWS[usize::from(self.0)].0
    }

    /// The flow that this one is part of: re-imports are part of imports.
    pub fn whole(self) -> Option<Self> {
        FLOWS[usize::from(self.0)].1.map(|(whole, _)| Self(whole))
    }

    /// Whether both may hold the same goods, so that their sum would count twice: a part and its whole do, parts of the
    /// same flow do unless one division keeps them apart, and what comes in never leaves.
    pub fn overlaps(self, other: Self) -> bool {
        if self == other || self.whole() == Some(other) || other.whole() == Some(self) {
            return true;
        }
        match (FLOWS[usize::from(self.0)].1, FLOWS[usize::from(other.0)].1) {
            (Some((whole, division)), Some((other_whole, other_division))) => {
                whole == other_whole && division != other_division
            }
            _ => false,
        }
    }

    /// Whether goods come in.
    pub fn is_import(self) -> bool {
        self == Self::IMPORT || self.whole() == Some(Self::IMPORT)
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_flows_know_their_whole() {
        assert_eq!(Flow::RE_EXPORT.whole(), Some(Flow::EXPORT));
        assert_eq!(Flow::parse("FM").and_then(Flow::whole), Some(Flow::IMPORT));
        assert_eq!(Flow::IMPORT.whole(), None);
        assert_eq!(Flow::parse(""), None);
    }

    #[test]
    fn flows_overlap_by_whole_and_by_division() {
        let flow = |code| Flow::parse(code).unwrap();
        // Which pairs may be added, written out.
        let apart = ["DX RX", "FM RM", "MIP MOP", "XIP XOP"];
        for (left, right) in Flow::all().flat_map(|left| Flow::all().map(move |right| (left, right))) {
            let both_directions = left.is_import() != right.is_import();
            let listed = apart.contains(&format!("{left} {right}").as_str())
                || apart.contains(&format!("{right} {left}").as_str());
            assert_eq!(left.overlaps(right), !(both_directions || listed), "{left} and {right}");
        }
        assert_eq!(flow("DX").whole(), flow("RX").whole());
    }
}
