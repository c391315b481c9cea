//! Holdings between persons and entities, in a layout of our own:
//! `owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source`.
//!
//! Identifiers are `subjects/{list}.{uid}` for a subject of an imported list and `entities/{slug}` for anybody else.
//! `kind` is `owns` or `controls`. `share_percent` is a decimal with at most four decimals, empty when it is not known;
//! control has none. `from` and `until` are the first and the last day on which the holding stood, empty when not
//! known or still. `source` must be given. A name may be left out for a subject, whose list has it.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::import::own_table::{self, Row};
use crate::import::{Error, Progress, Refusal, Report};
use crate::sanctions::ownership::{Holding, HoldingKind, WHOLE};
use crate::value::number::{self, Excess, Problem};

const COLUMNS: [&str; 9] =
    ["owner_id", "owner_name", "owned_id", "owned_name", "kind", "share_percent", "from", "until", "source"];

/// Longest slug, as for other resource names.
const SLUG_MAX: usize = 63;

/// Reads the holdings in the order of the files.
pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Holding>, Error> {
    let mut seen = Seen::default();
    own_table::read(files, progress, report, &COLUMNS, |row, report| {
        let holding = holding(row)?;
        seen.take(&holding, row, report)?;
        Ok(holding)
    })
}

fn holding(row: &Row<'_>) -> Result<Holding, Refusal> {
    let owner_id = id(row, "owner_id")?;
    let owner_name = name(row, "owner_name", &owner_id)?;
    let owned_id = id(row, "owned_id")?;
    let owned_name = name(row, "owned_name", &owned_id)?;
    if owner_id == owned_id {
        return Err(Refusal::new("owned_id", &owned_id, "is the owner itself"));
    }
    let kind = match row.text("kind") {
        "owns" => HoldingKind::Owns,
        "controls" => HoldingKind::Controls,
        other => return Err(Refusal::new("kind", other, "is not a valid kind of holding; expected owns or controls")),
    };
    let share = share(row.text("share_percent"))?;
    if share.is_some() && kind == HoldingKind::Controls {
        let reason = "stands with control, which has no share; give the share in a row of the kind owns";
        return Err(Refusal::new("share_percent", row.text("share_percent"), reason));
    }
    let (from, until) = row.period()?;
    let source = row.required("source")?;
    Ok(Holding { owner_id, owner_name, owned_id, owned_name, kind, share, from, until, source })
}

fn id(row: &Row<'_>, field: &'static str) -> Result<String, Refusal> {
    let text = row.text(field);
    let is_slug = |slug: &str| {
        let ends = slug.starts_with('-') || slug.ends_with('-');
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=SLUG_MAX).contains(&slug.len()) && !ends && slug.bytes().all(known)
    };
    // As the lists of subjects take them.
    let is_uid =
        |uid: &str| !uid.is_empty() && uid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let good = match text.split_once('/') {
        Some(("subjects", id)) => id.split_once('.').is_some_and(|(list, uid)| is_slug(list) && is_uid(uid)),
        Some(("entities", slug)) => is_slug(slug),
        _ => false,
    };
    if good {
        return Ok(text.to_owned());
    }
    let reason = "is not a valid identifier; expected subjects/us-ofac-sdn.36 or entities/harbour-holding (small letters, digits, `-`, \
                  at most 63)";
    Err(Refusal::new(field, text, reason))
}

fn name(row: &Row<'_>, field: &'static str, id: &str) -> Result<String, Refusal> {
    if id.starts_with("subjects/") { Ok(row.text(field).to_owned()) } else { row.required(field) }
}

/// A percentage in ten-thousandths of a percent.
fn share(text: &str) -> Result<Option<u32>, Refusal> {
    let refusal = |reason: &str| Refusal::new("share_percent", text, reason);
    if text.is_empty() {
        return Ok(None);
    }
    if text.ends_with('%') {
        return Err(refusal("has a percent sign; expected the number alone"));
    }
    // Stricter than the numbers of published files: neither `NA` nor `1e1` nor a sign.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) {
        return Err(refusal("is not a number; expected 50, 33.3333 or nothing, when it is not known,"));
    }
    let number = number::parse(text.as_bytes(), 4, Excess::Refuse).map_err(|problem| match problem {
        Problem::TooPrecise => refusal("has more than four decimals"),
        Problem::TooLarge => refusal("is more than 100"),
        Problem::NotANumber | Problem::Negative => refusal(&problem.to_string()),
    })?;
    let share = number.and_then(|number| u32::try_from(number.value).ok()).filter(|share| *share <= WHOLE);
    share.map(Some).ok_or_else(|| refusal("is more than 100"))
}

/// Owner, owned, kind, first and last day, source.
type Key = (String, String, HoldingKind, Option<Date>, Option<Date>, String);

/// What other rows have said.
#[derive(Default)]
struct Seen {
    /// Share and place of each holding.
    holdings: HashMap<Key, (Option<u32>, String)>,
    names: HashMap<String, String>,
}

impl Seen {
    fn take(&mut self, holding: &Holding, row: &Row<'_>, report: &mut Report) -> Result<(), Refusal> {
        let Holding { owner_id, owned_id, kind, share, from, until, source, .. } = holding.clone();
        let key = (owner_id, owned_id, kind, from, until, source);
        if let Some((other, place)) = self.holdings.get(&key) {
            let (field, reason) = if *other == share {
                ("owned_id", "is a row that stands there twice, first at")
            } else {
                ("share_percent", "is another share of the same owner, days and source than at")
            };
            return Err(Refusal::new(field, row.text(field), format!("{reason} {place}")));
        }
        self.holdings.insert(key, (share, format!("{}, line {}", row.file, row.line)));
        for (id, name) in [(&holding.owner_id, &holding.owner_name), (&holding.owned_id, &holding.owned_name)] {
            if name.is_empty() {
                continue;
            }
            let known = self.names.entry(id.clone()).or_insert_with(|| name.clone());
            if known != name {
                report.skip("another name of an identifier that has one: the first in the alphabet is shown");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::import::own_table::tests::read_text;

    const HEADER: &str = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n";

    #[test]
    fn every_field_is_read() {
        let text = format!(
            "{HEADER}subjects/us-ofac-sdn.36,,entities/harbour,\"Harbour, Ltd\",owns,33.3333,2020-01-01,2023-06-30,\
             register\n\
             entities/harbour,Harbour Ltd,entities/pier,Pier,owns,,,,annual report 2023\n\
             subjects/eu-fsf.EU.27.28, Somebody ,entities/pier,Pier,controls,,2021-05-05,,press\n\
             entities/harbour,\"Harbour, Ltd\",entities/quay,Quay,owns,100,,,register\n\
             entities/harbour,\"Harbour, Ltd\",entities/mole,Mole,owns,0.5,,,register\n"
        );
        let (holdings, report, rejects) = read_text(&text, read).unwrap();
        assert_eq!(rejects, Vec::<String>::new());
        assert_eq!((holdings.len(), report.rows_read, report.files.len()), (5, 5, 1));
        assert_eq!(
            holdings[0],
            Holding {
                owner_id: "subjects/us-ofac-sdn.36".into(),
                owner_name: String::new(),
                owned_id: "entities/harbour".into(),
                owned_name: "Harbour, Ltd".into(),
                kind: HoldingKind::Owns,
                share: Some(333_333),
                from: Some(date(2020, 1, 1)),
                until: Some(date(2023, 6, 30)),
                source: "register".into(),
            }
        );
        assert_eq!((holdings[1].share, holdings[2].kind), (None, HoldingKind::Controls));
        assert_eq!(holdings[2].owner_name, "Somebody");
        assert_eq!((holdings[3].share, holdings[4].share), (Some(WHOLE), Some(5_000)));
        assert_eq!(report.skipped.values().sum::<u64>(), 1, "Harbour has two names");
    }

    #[test]
    fn bad_rows_are_rejected_each_with_its_reason() {
        let rows = [
            ("entities/a,A,entities/b,B,owns,100.0001,,,s", "share_percent", "more than 100"),
            (
                "entities/a,A,entities/b,B,owns,99999999999999999999999999999999999999999,,,s",
                "share_percent",
                "more than 100",
            ),
            ("entities/a,A,entities/b,B,owns,-5,,,s", "share_percent", "negative"),
            ("entities/a,A,entities/b,B,owns,33.33333,,,s", "share_percent", "four decimals"),
            ("entities/a,A,entities/b,B,owns,50%,,,s", "share_percent", "percent sign"),
            ("entities/a,A,entities/b,B,owns,NA,,,s", "share_percent", "not a number"),
            ("entities/a,A,entities/b,B,owns,5-0,,,s", "share_percent", "not a number"),
            ("entities/a,A,entities/b,B,controls,50,,,s", "share_percent", "control"),
            ("entities/a,A,entities/a,A,owns,5,,,s", "owned_id", "owner itself"),
            ("entities/a,A,entities/b,B,holds,5,,,s", "kind", "owns or controls"),
            ("entities/a,A,entities/b,B,owns,5,2023-01-02,2023-01-01,s", "until", "before the first day, 2023-01-02"),
            ("entities/a,A,entities/b,B,owns,5,2023-02-30,,s", "from", "not a valid day"),
            ("entities/a,A,entities/b,B,owns,5,20230101,,s", "from", "not a valid day"),
            ("entities/a,A,entities/b,B,owns,5,,,", "source", "must be given"),
            ("entities/a,,entities/b,B,owns,5,,,s", "owner_name", "must be given"),
            ("Entities/a,A,entities/b,B,owns,5,,,s", "owner_id", "identifier"),
            ("entities/a_b,A,entities/b,B,owns,5,,,s", "owner_id", "identifier"),
            ("entities/-a,A,entities/b,B,owns,5,,,s", "owner_id", "identifier"),
            ("subjects/us-ofac-sdn,A,entities/b,B,owns,5,,,s", "owner_id", "identifier"),
            ("subjects/us-ofac-sdn.,A,entities/b,B,owns,5,,,s", "owner_id", "identifier"),
            ("entities/a,A,,B,owns,5,,,s", "owned_id", "identifier"),
        ];
        let text: String = rows.iter().map(|(row, ..)| format!("{row}\n")).collect();
        let (holdings, report, _) = read_text(&format!("{HEADER}{text}"), read).unwrap();
        assert_eq!(holdings, []);
        assert_eq!(report.rejects.len(), rows.len());
        for (reject, (row, field, reason)) in report.rejects.iter().zip(rows) {
            assert_eq!(reject.field, field, "{row}: {reject}");
            assert!(reject.reason.contains(reason), "{row}: {reject}");
        }
    }

    #[test]
    fn duplicates_are_rejected_and_other_days_or_sources_are_not() {
        let text = format!(
            "{HEADER}entities/a,A,entities/b,B,owns,5,,,s\n\
             entities/a,A,entities/b,B,owns,5.0,,,s\n\
             entities/a,A,entities/b,B,owns,6,,,s\n\
             entities/a,A,entities/b,B,owns,6,2023-01-01,,s\n\
             entities/a,A,entities/b,B,owns,5,,,other\n\
             entities/a,A,entities/b,B,controls,,,,s\n"
        );
        let (holdings, report, rejects) = read_text(&text, read).unwrap();
        assert_eq!((holdings.len(), rejects.join(", ")), (4, "3 owned_id, 4 share_percent".into()));
        assert_eq!(report.rejected_by_reason.len(), 2);
        assert!(report.rejects[0].reason.ends_with(", line 2"), "{}", report.rejects[0]);
    }

    #[test]
    fn other_files_are_refused() {
        for text in ["owner_id;owner_name\n", "a,b\n1,2\n", "<html></html>", "", &format!("{HEADER}entities/a,A\n")] {
            assert!(read_text(text, read).is_err(), "{text}");
        }
        assert!(read(&[], &Progress::silent(), &mut Report::default()).is_err());
    }
}
