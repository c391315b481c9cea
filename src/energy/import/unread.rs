//! Files of energy that are known and not read, because no question of ours needs them. They are refused by name, so
//! that nobody looks for a fault in the file.

use std::path::PathBuf;

use crate::import::{Error, Input, Progress};

struct Unread {
    /// Texts that stand in the beginning of such a file, all of them, and in no other.
    marks: &'static [&'static str],
    what: &'static str,
    reason: &'static str,
}

const UNREAD: [Unread; 4] = [
    Unread {
        marks: &["Gas in storage (TWh)", "Withdrawal (GWh/d)"],
        what: "AGSI, Gas Infrastructure Europe's inventory of gas storage",
        reason: STORAGE,
    },
    Unread {
        marks: &["gasInStorage", "workingGasVolume"],
        what: "an answer of AGSI's API, the inventory of gas storage",
        reason: STORAGE,
    },
    Unread {
        marks: &["LNG Inventory", "DTMI"],
        what: "ALSI, Gas Infrastructure Europe's inventory of LNG terminals",
        reason: LNG_STOCKS,
    },
    Unread {
        marks: &["lngInventory", "dtmi"],
        what: "an answer of ALSI's API, the inventory of LNG terminals",
        reason: LNG_STOCKS,
    },
];

const STORAGE: &str = "no question here is about gas in storage yet, so it is not read";
const LNG_STOCKS: &str = "no question here is about stocks of LNG terminals yet, so it is not read";

/// Refuses files one of which is one of these, before any of them is read.
pub fn refuse_any(files: &[PathBuf]) -> Result<(), Error> {
    files.iter().try_for_each(|path| refuse(&mut Input::open(path, &Progress::silent())?))
}

/// Refuses a file that is one of these.
pub fn refuse(input: &mut Input) -> Result<(), Error> {
    let file = input.name();
    let head = String::from_utf8_lossy(input.peek()?).into_owned();
    let Some(found) = UNREAD.iter().find(|unread| unread.marks.iter().all(|mark| head.contains(mark))) else {
        return Ok(());
    };
    Err(Error::Format {
        file,
        problem: format!("is {}: {}", found.what, found.reason),
        remedy: "flows at the same points are read from ENTSOG's transparency platform (entsog-flows)".into(),
    })
}
