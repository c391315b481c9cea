//! Statuses, and whether GEM concluded them.
//!
//! GEM infers `shelved` from two years without news and `cancelled` from four. The files that we hold say so in a
//! column beside (`Presumed`); other releases of GEM write it into the status (`shelved - inferred 2 y`,
//! `cancelled (inferred 4 y)`) or name the column otherwise (`inferred 2 y`).

use super::row::{Refusal, Row};
use crate::energy::route::RouteStatus;

/// In small letters. The words behind the first eight are those of other releases and of GEM's maps, grouped as the
/// legend of the maps groups them.
const WORDS: [(&str, RouteStatus); 17] = [
    ("operating", RouteStatus::Operating),
    ("construction", RouteStatus::Construction),
    ("proposed", RouteStatus::Proposed),
    ("shelved", RouteStatus::Shelved),
    ("cancelled", RouteStatus::Cancelled),
    ("mothballed", RouteStatus::Mothballed),
    ("idle", RouteStatus::Idle),
    ("retired", RouteStatus::Retired),
    ("idled", RouteStatus::Idle),
    ("canceled", RouteStatus::Cancelled),
    ("announced", RouteStatus::Proposed),
    ("discovered", RouteStatus::Proposed),
    ("in development", RouteStatus::Construction),
    ("in-development", RouteStatus::Construction),
    ("shut in", RouteStatus::Idle),
    ("closed", RouteStatus::Retired),
    ("decommissioned", RouteStatus::Retired),
];

/// The status of a row, and whether it is inferred. `kind` names a column that says how the status was found; a table
/// without it has it in the status, or not at all.
pub fn read(row: &Row<'_>, column: &'static str, kind: &'static str) -> Result<(Option<RouteStatus>, bool), Refusal> {
    let text = row.text(column)?.to_lowercase();
    if text.is_empty() {
        return Ok((None, false));
    }
    let (word, remark) = match text.split_once(" - ").or_else(|| text.split_once('(')) {
        Some((word, remark)) => (word.trim_end(), remark.trim_end_matches(')').trim()),
        None => (text.as_str(), ""),
    };
    let status = WORDS.iter().find(|(known, _)| *known == word).map(|(_, status)| *status);
    let (Some(status), true) = (status, remark.is_empty() || is_inferred(remark)) else {
        let known: Vec<&str> = WORDS.iter().take(8).map(|(word, _)| *word).collect();
        let reason = format!("is not a valid status; expected {}", known.join(", "));
        return Err(Refusal::new(column, row.cell(column), reason));
    };
    // Only these are inferred: beside another status the word has stayed from an earlier one.
    let may_be = matches!(status, RouteStatus::Shelved | RouteStatus::Cancelled);
    let found = row.known(kind).to_lowercase();
    Ok((Some(status), may_be && (is_inferred(remark) || is_inferred(&found))))
}

fn is_inferred(text: &str) -> bool {
    text.starts_with("inferred") || text == "presumed"
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::super::terminals;
    use super::*;

    fn status(status: &str, kind: &str) -> Result<(Option<RouteStatus>, bool), String> {
        with_row(&terminals::LAYOUT, &[("Status", status), ("ShelvedCancelledStatusType", kind)], |row| {
            read(row, "Status", "ShelvedCancelledStatusType").map_err(|refusal| refusal.to_owned().reason)
        })
    }

    #[test]
    fn statuses_and_what_is_inferred() {
        use RouteStatus::{Cancelled, Idle, Operating, Shelved};
        for (text, kind, expected) in [
            ("Operating", "", (Some(Operating), false)),
            ("operating", "Presumed", (Some(Operating), false)),
            ("Shelved", "Presumed", (Some(Shelved), true)),
            ("Shelved", "Confirmed", (Some(Shelved), false)),
            ("cancelled", "inferred 4 y", (Some(Cancelled), true)),
            ("shelved - inferred 2 y", "", (Some(Shelved), true)),
            ("Cancelled - inferred 4 y", "", (Some(Cancelled), true)),
            ("cancelled (inferred 4 y)", "", (Some(Cancelled), true)),
            ("idled", "", (Some(Idle), false)),
            ("--", "", (None, false)),
            ("", "Presumed", (None, false)),
        ] {
            assert_eq!(status(text, kind), Ok(expected), "{text}");
        }
    }

    #[test]
    fn an_unknown_status_is_refused() {
        for text in ["Paused", "shelved - perhaps", "operating 2", "mixed status"] {
            assert!(
                status(text, "").unwrap_err().contains("is not a valid status; expected operating, construction"),
                "{text}"
            );
        }
    }
}
