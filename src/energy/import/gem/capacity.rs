//! Capacities: a number and a unit, as GEM writes them.
//!
//! `mtpa`, `bcm/y`, `MMcf/d`, `MMSCMD`, `mill.Sm3/day` and the like each mean one thing and are read; web addresses
//! that stand in the column do not, and stay as they are written. A few capacities are a
//! range or a pair (`45-48`; `14.5/8.0`, one for each direction): kept as text.

use rust_decimal::Decimal;

use super::names::is_unknown;
use super::row::{Notices, Refusal, Row};
use crate::energy::quantity::{self, Basis, Matter};
use crate::energy::route::{Capacity, Route};
use crate::value::decimal;

const RANGES: &str = "capacities that are a range or a pair: kept as text";
const GROUPED: &str = "capacities with commas, which may be read in two ways: kept as text";
const OF_NOTHING: &str = "capacities of 0 bcm/y converted from an empty cell: taken as unknown";

/// Puts the capacity of a row on its route. `matter` is what masses and liquid volumes are of in this table.
pub fn put(
    route: &mut Route,
    row: &Row<'_>,
    column: &'static str,
    unit: &str,
    matter: Option<Matter>,
    notices: &mut Notices,
) -> Result<(), Refusal> {
    let unit = if is_unknown(unit) { "" } else { unit };
    let text = row.known(column);
    if is_range(text) || is_grouped(text) {
        notices.count(if is_range(text) { RANGES } else { GROUPED });
        route.capacity_text = format!("{text} {unit}").trim_end().to_owned();
        return Ok(());
    }
    route.capacity =
        row.decimal(column)?.map(|value| Capacity { value, unit: unit.to_owned(), parsed_unit: parsed(unit, matter) });
    Ok(())
}

/// GEM's own conversion to billion cubic metres a year. It makes 0 of a capacity that is not known.
pub fn converted(
    row: &Row<'_>,
    column: &'static str,
    original: &'static str,
    notices: &mut Notices,
) -> Result<Option<Decimal>, Refusal> {
    let value = row.decimal(column)?;
    if value.is_some_and(|value| value.is_zero()) && row.known(original).is_empty() {
        notices.count(OF_NOTHING);
        return Ok(None);
    }
    Ok(value)
}

/// More than the world produces, some 4,100 bcm of gas a year or 100 million barrels of oil a day: a slip of units in the
/// file (GEM's maps have nine, as 101,358.74 bcm/y for P5687). What a file says is kept, and the import says so.
pub fn is_beyond_the_world(route: &Route) -> bool {
    let gas = route.capacity_bcm.is_some_and(|bcm| bcm > Decimal::from(5_000));
    let oil = route.capacity.as_ref().is_some_and(|capacity| {
        capacity.parsed_unit.as_deref() == Some("bbl/d") && capacity.value > Decimal::from(120_000_000)
    });
    gas || oil
}

/// `50,000,00`: commas may divide thousands or stand for the point.
fn is_grouped(text: &str) -> bool {
    text.contains(',') && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
}

fn is_range(text: &str) -> bool {
    let is_number = |text: &str| decimal::read(text.trim()).is_ok_and(|number| !number.is_sign_negative());
    let numbers = text.split_once(['-', '–', '/']);
    numbers.is_some_and(|(first, second)| is_number(first) && is_number(second))
}

/// The unit in our own spelling; `None` for what is not a rate or means several things.
fn parsed(text: &str, matter: Option<Matter>) -> Option<String> {
    let unit = quantity::text::unit(text).ok().filter(|unit| unit.per.is_some())?;
    let basis = match (unit.basis, matter) {
        (Basis::Mass(None), Some(_)) => Basis::Mass(matter),
        (Basis::Liquid(None), Some(_)) => Basis::Liquid(matter),
        (basis, _) => basis,
    };
    unit.on(basis).map(|unit| unit.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::super::terminals;
    use super::*;
    use crate::energy::route::RouteKind;

    fn capacity(value: &str, unit: &str, matter: Option<Matter>) -> Result<(Route, usize), String> {
        with_row(&terminals::LAYOUT, &[("Capacity", value)], |row| {
            let mut route = Route::new("T1", RouteKind::LngImportTerminal, "T");
            let mut notices = Notices::default();
            put(&mut route, row, "Capacity", unit, matter, &mut notices).map_err(|refusal| refusal.reason)?;
            Ok((route, notices.0.len()))
        })
    }

    #[test]
    fn units_of_the_files() {
        for (unit, expected) in [
            ("bcm/y", Some("bcm/y")),
            ("mtpa", Some("Mt/y LNG")),
            ("MTPA", Some("Mt/y LNG")),
            ("MMcf/d", Some("MMcf/d")),
            ("MMSCMD", Some("mcm/d")),
            ("mill.Sm3/day", Some("mcm/d@15C")),
            ("bcf/d", Some("bcf/d")),
            ("gal/day", Some("gal/d LNG")),
            ("boe/d", Some("boe/d")),
            ("bcm", None),
            ("https://example.org/a", None),
            ("", None),
        ] {
            let (route, _) = capacity("3", unit, Some(Matter::Lng)).unwrap();
            let capacity = route.capacity.unwrap();
            assert_eq!((capacity.unit.as_str(), capacity.parsed_unit.as_deref()), (unit, expected));
        }
        let (route, _) = capacity("3", "bpd", None).unwrap();
        assert_eq!(route.capacity.unwrap().parsed_unit.as_deref(), Some("bbl/d"));
    }

    #[test]
    fn numbers_ranges_and_what_is_neither() {
        let (route, notices) = capacity("0.6899999999999999", "bcm/y", None).unwrap();
        assert_eq!((route.capacity.unwrap().value.to_string().as_str(), notices), ("0.6899999999999999", 0));
        assert_eq!(capacity("--", "bcm/y", None).unwrap().0.capacity, None);
        for (text, expected) in
            [("45-48", "45-48 mtpa"), ("14.5/8.0", "14.5/8.0 mtpa"), ("3 – 4", "3 – 4 mtpa"), ("1,000", "1,000 mtpa")]
        {
            let (route, notices) = capacity(text, "mtpa", None).unwrap();
            assert_eq!((route.capacity, route.capacity_text.as_str(), notices), (None, expected, 1));
        }
        for wrong in ["abc", "-3", "3-", "3--4", "1-2-3", "12.5 bcm"] {
            assert!(capacity(wrong, "mtpa", None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn slips_of_units_are_seen() {
        let gas = |bcm: u32| Route {
            capacity_bcm: Some(Decimal::from(bcm)),
            ..Route::new("P1", RouteKind::GasPipeline, "P")
        };
        assert!(!is_beyond_the_world(&gas(493)) && is_beyond_the_world(&gas(101_358)));
        let oil = |value: &str| capacity(value, "bpd", None).unwrap().0;
        assert!(!is_beyond_the_world(&oil("5000000")) && is_beyond_the_world(&oil("26000000000")));
        assert!(!is_beyond_the_world(&Route::new("P1", RouteKind::Field, "F")));
    }

    #[test]
    fn nothing_converted_is_not_zero() {
        let bcm = |capacity: &str, converted_to: &str| {
            let cells = [("Capacity", capacity), ("CapacityInBcm/y", converted_to)];
            with_row(&terminals::LAYOUT, &cells, |row| {
                let value = converted(row, "CapacityInBcm/y", "Capacity", &mut Notices::default()).unwrap();
                value.map(|value| value.to_string())
            })
        };
        assert_eq!(bcm("3", "4.08"), Some("4.08".to_owned()));
        assert_eq!(bcm("0", "0"), Some("0".to_owned()));
        assert_eq!(bcm("", "0"), None);
        assert_eq!(bcm("1", "--"), None);
    }
}
