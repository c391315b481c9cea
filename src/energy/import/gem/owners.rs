//! Owners and parents: `Gazprom [50.00%]; CNPC [50.00%]`.
//!
//! The share stands in the last square brackets, in tables of fields in round ones (`Gazprom (50%)`); `[unknown %]` and
//! `(nan%)` are a share that is not known. An owner called `Unknown`
//! is none. Text that is not a share is kept as part of the name, and counted.

use rust_decimal::Decimal;

use super::names::is_unknown;
use super::names::on_one_line;
use super::row::Notices;
use crate::energy::route::Owner;
use crate::value::decimal;

const NO_SHARE: &str = "shares of owners that are none: kept as part of the name";

pub fn read(text: &str, notices: &mut Notices) -> Vec<Owner> {
    text.split(';').filter_map(|part| owner(&on_one_line(part), notices)).collect()
}

fn owner(text: &str, notices: &mut Notices) -> Option<Owner> {
    let whole = || Owner { name: text.to_owned(), share: None };
    let square = text.strip_suffix(']').and_then(|text| text.rsplit_once('['));
    let round = || text.strip_suffix(')').filter(|text| text.ends_with('%')).and_then(|text| text.rsplit_once('('));
    let Some((name, within)) = square.or_else(round) else {
        return (!is_unknown(text)).then(whole);
    };
    let name = name.trim_end();
    let Some(percent) = within.strip_suffix('%').map(str::trim_end).filter(|_| !name.is_empty()) else {
        notices.count(NO_SHARE);
        return Some(whole());
    };
    if is_unknown(name) {
        return None;
    }
    if is_unknown(percent) || percent == "nan" {
        return Some(Owner { name: name.to_owned(), share: None });
    }
    match decimal::read(percent) {
        Ok(share) if !share.is_sign_negative() && share <= Decimal::ONE_HUNDRED => {
            Some(Owner { name: name.to_owned(), share: Some(share.normalize()) })
        }
        _ => {
            notices.count(NO_SHARE);
            Some(whole())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners(text: &str) -> (Vec<(String, Option<String>)>, usize) {
        let mut notices = Notices::default();
        let owners = read(text, &mut notices);
        let shown = owners.into_iter().map(|owner| (owner.name, owner.share.map(|share| share.to_string())));
        (shown.collect(), notices.0.len())
    }

    fn one(text: &str) -> (String, Option<String>, usize) {
        let (owners, notices) = owners(text);
        assert_eq!(owners.len(), 1, "{text}");
        let (name, share) = owners[0].clone();
        (name, share, notices)
    }

    #[test]
    fn owners_with_their_shares() {
        let both = vec![("Gazprom".to_owned(), Some("50".to_owned())), ("CNPC".to_owned(), Some("33.33".to_owned()))];
        assert_eq!(owners("Gazprom [50.00%]; CNPC [33.33%]"), (both, 0));
        assert_eq!(one("PT X [formerly Y] [50.00%]"), ("PT X [formerly Y]".into(), Some("50".into()), 0));
        assert_eq!(one("国家管网\n [100.00%]"), ("国家管网".into(), Some("100".into()), 0));
        assert_eq!(one("CNR (International) (20%)"), ("CNR (International)".into(), Some("20".into()), 0));
        assert_eq!(one("Shell (nan%)"), ("Shell".into(), None, 0));
        assert_eq!(one("BNOC (Barbados)"), ("BNOC (Barbados)".into(), None, 0));
        assert_eq!(one("Shell [unknown %]"), ("Shell".into(), None, 0));
        assert_eq!(one("Unknown [50%]; Shell"), ("Shell".into(), None, 0));
        for nobody in ["", "Unknown [unknown %]", "unknown [100%]", "--", ";"] {
            assert_eq!(owners(nobody), (vec![], 0), "{nobody}");
        }
    }

    #[test]
    fn what_is_no_share_stays_in_the_name() {
        for text in ["Gazprom [150%]", "Gazprom [-1%]", "Gazprom [half]", "Gazprom [5x%]", "[50%]"] {
            assert_eq!(one(text), (text.to_owned(), None, 1), "{text}");
        }
    }
}
