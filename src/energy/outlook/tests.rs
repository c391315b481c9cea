//! Supplies, scenarios and sums by their arithmetic.

use jiff::civil::{Date, date};

use super::book::{Entry, Successor, of_entries};
use super::scenario::{Ban, Inclusion, RouteCut, Scenario};
use super::supply::{Found, Frame};
use super::years::{add, share};
use super::{Error, Layer, Supply};
use crate::energy::contract::{Confidence, Contract, Fact, FactState, Field};
use crate::energy::library::{Listed, Name};
use crate::energy::quantity::text::unit;
use crate::value::decimal::d;
use crate::value::words::words;

/// A contract of facts `field=value`, `acq=10 bcm/y@20C`, with `@` and a day from which a state holds.
fn listed(facts: &[(Field, &str, &str)]) -> Listed {
    let fact = |(field, value, from): &(Field, &str, &str)| {
        let (value, unit) = match field {
            Field::Acq => value.split_once(' ').unwrap(),
            _ => (*value, ""),
        };
        Fact {
            field: *field,
            value: value.into(),
            unit: unit.into(),
            country: String::new(),
            from: from.parse().ok(),
            until: None,
            first_year: None,
            last_year: None,
            source: "a source".into(),
            confidence: Confidence::High,
            state: FactState::Extracted,
            note: String::new(),
        }
    };
    Listed::new(Contract { id: "A".into(), facts: facts.iter().map(fact).collect() })
}

const PLAIN: [(Field, &str, &str); 6] = [
    (Field::Seller, "Gazprom", ""),
    (Field::Commodity, "pipeline_gas", ""),
    (Field::Route, "Power of Siberia", ""),
    (Field::Acq, "10 bcm/y@20C", ""),
    (Field::YearBegins, "1", ""),
    (Field::LegalStatus, "in_force", "2020"),
];

fn with(more: &[(Field, &str, &str)]) -> Listed {
    listed(&[&PLAIN[..], more].concat())
}

fn frame() -> Frame<'static> {
    Frame { day: date(2026, 6, 1), years: (2024, 2050), unit: unit("bcm/y@20C").unwrap(), set: None }
}

/// The contracts of one book, `A`, `B`, ... in order, with what each adds.
fn book(contracts: &[&Listed]) -> Vec<Found> {
    let has = |id: &str| (0..contracts.len()).any(|index| id == identifier(index));
    let entries: Vec<Entry<'_>> = contracts
        .iter()
        .enumerate()
        .map(|(index, listed)| Entry {
            name: Name { book: "b".into(), id: identifier(index) },
            listed,
            amends_unknown: listed.facts(Field::Amends).any(|fact| !has(&fact.value)),
        })
        .collect();
    let successors: Vec<Successor> =
        entries.iter().filter_map(|entry| Successor::of(&entry.name, entry.listed, frame().day)).collect();
    of_entries(&entries, &successors, &frame()).unwrap()
}

fn identifier(index: usize) -> String {
    ["A", "B", "C", "D"][index].to_owned()
}

fn supplies(listed: &Listed) -> Vec<Supply> {
    match &book(&[listed])[0] {
        Found::Supplies(supplies) => supplies.clone(),
        Found::LeftOut(reason) => panic!("left out: {reason}"),
    }
}

fn left_out(listed: &Listed) -> String {
    match &book(&[listed])[0] {
        Found::LeftOut(reason) => reason.clone(),
        Found::Supplies(_) => panic!("nothing is left out"),
    }
}

fn quantity(supply: &Supply, year: i16) -> Option<String> {
    supply.years.get(&year).map(|amount| amount.quantity.normalize().to_string())
}

#[test]
fn a_year_counts_by_its_days() {
    let [supply] = &supplies(&with(&[(Field::Start, "2025-07-01", ""), (Field::End, "2027-03-31", "")]))[..] else {
        panic!("one supply")
    };
    // 184 of 365 days, a whole year, 90 of 365 days.
    let years = [2024, 2025, 2026, 2027, 2028].map(|year| quantity(supply, year).unwrap_or_default());
    assert_eq!(years, ["", "5.041096", "10", "2.465753", ""]);
    assert_eq!(
        supply.years[&2025].notes,
        [
            "whether it flows is not on record",
            "the term cuts contract year 2025 short, and short_year is not known: it counts by its days",
            "184 of 365 days"
        ]
    );
    assert_eq!((supply.layer, supply.expires), (Layer::InForce, Some((2027, d("10")))));

    // Contract years from October: 92 days of the first one in 2025, which has 365.
    let mut facts = PLAIN.to_vec();
    facts[4] = (Field::YearBegins, "10", "");
    facts.extend([(Field::Start, "2025-10-01", ""), (Field::End, "2026-09-30", "")]);
    let [supply] = &supplies(&listed(&facts))[..] else { panic!("one supply") };
    // 10 · 92/365 and 10 · 273/365 come to 10.
    assert_eq!([2025, 2026].map(|year| quantity(supply, year).unwrap()), ["2.520548", "7.479452"]);
}

#[test]
fn states_make_the_layer() {
    let term = [(Field::Start, "2020", ""), (Field::End, "2030", "")];
    let layer = |more: &[(Field, &str, &str)]| supplies(&with(&[&term[..], more].concat()))[0].layer;
    assert_eq!(layer(&[(Field::PhysicalState, "flowing", "2020")]), Layer::InForce);
    assert_eq!(layer(&[(Field::PhysicalState, "stopped", "2025")]), Layer::SignedNotFlowing);
    assert_eq!(layer(&[(Field::PhysicalState, "stopped", "2027")]), Layer::InForce, "not yet");
    assert_eq!(layer(&[(Field::LegalStatus, "suspended", "2025")]), Layer::SignedNotFlowing);
    assert_eq!(layer(&[(Field::LegalStatus, "announced", "2025")]), Layer::Proposed);
    assert_eq!(layer(&[(Field::Stage, "memorandum", "2025")]), Layer::Proposed);
    let unknown: Vec<_> = PLAIN[..5].iter().chain(&term).copied().collect();
    assert_eq!(supplies(&listed(&unknown))[0].layer, Layer::StatusUnknown);
    assert_eq!(left_out(&with(&[(Field::LegalStatus, "terminated", "2024-12-11")])), "terminated since 2024-12-11");
    assert!(
        left_out(&with(&[(Field::LegalStatus, "signed", "2025"), (Field::End, "2030", "")])).starts_with("the start")
    );
    let mut without_quantity = PLAIN.to_vec();
    without_quantity.remove(3);
    assert_eq!(left_out(&listed(&without_quantity)), "no annual quantity is known");
}

#[test]
fn unknown_ends_and_options_are_told_apart() {
    let open = &supplies(&with(&[(Field::Start, "2025", "")]))[0];
    assert!(open.open_ended && quantity(open, 2050).is_some() && open.expires.is_none());
    let optional = supplies(&with(&[
        (Field::Start, "2020", ""),
        (Field::End, "2030-06-30", ""),
        (Field::Extension, "up to 2 years", ""),
    ]));
    assert_eq!((optional.len(), optional[1].layer), (2, Layer::Extension));
    // 181 and 184 of 365 days of 2030; the option ends on 30 June 2032, a leap year: 182 of 366.
    assert_eq!(quantity(&optional[0], 2030).unwrap(), "4.958904");
    assert_eq!([2030, 2031, 2032].map(|year| quantity(&optional[1], year).unwrap()), ["5.041096", "10", "4.972678"]);
}

#[test]
fn an_amendment_adds_the_difference() {
    let base = with(&[(Field::Start, "2020", ""), (Field::End, "2040", "")]);
    let mut facts = PLAIN.to_vec();
    facts[3] = (Field::Acq, "12 bcm/y@20C", "");
    facts.extend([(Field::Start, "2028", ""), (Field::End, "2040", ""), (Field::Amends, "A", "")]);
    let amendment = listed(&facts);
    let Found::Supplies(found) = &book(&[&base, &amendment])[1] else { panic!("nothing is left out") };
    assert_eq!((quantity(&found[0], 2027), quantity(&found[0], 2028)), (None, Some("2".into())));
    facts.pop();
    facts.push((Field::Amends, "Z", ""));
    assert!(left_out(&listed(&facts)).contains("amends a contract that the book does not have"));
}

#[test]
fn what_is_superseded_ends_with_its_amendments_whoever_supersedes_it() {
    let base = with(&[(Field::Start, "2020", ""), (Field::End, "2040", "")]);
    let amendment = |acq: &'static str, start: &'static str, field: Field| {
        let mut facts = PLAIN.to_vec();
        facts[3] = (Field::Acq, acq, "");
        facts.extend([(Field::Start, start, ""), (Field::End, "2040", ""), (field, "A", "")]);
        facts
    };
    let amended = listed(&amendment("12 bcm/y@20C", "2028", Field::Amends));
    let newer = listed(&amendment("20 bcm/y@20C", "2032", Field::Supersedes));
    let shown = |found: &Found, year: i16| match found {
        Found::Supplies(supplies) => quantity(&supplies[0], year).unwrap_or_default(),
        Found::LeftOut(reason) => reason.clone(),
    };
    let found = book(&[&base, &amended, &newer]);
    let of = |year: i16| found.iter().map(|found| shown(found, year)).collect::<Vec<_>>();
    assert_eq!(
        (of(2027), of(2031), of(2032)),
        (
            vec!["10".into(), String::new(), String::new()],
            vec!["10".into(), "2".into(), String::new()],
            vec![String::new(), String::new(), "20".into()]
        )
    );
    // One of which no quantity is known, or that stands between other sides, ends it all the same; a proposal adds the
    // difference.
    let mut without = amendment("20 bcm/y@20C", "2032", Field::Supersedes);
    without.remove(3);
    let found = book(&[&base, &amended, &listed(&without)]);
    assert_eq!((shown(&found[0], 2032), shown(&found[2], 2032)), (String::new(), "no annual quantity is known".into()));
    let mut proposed = amendment("20 bcm/y@20C", "2032", Field::Supersedes);
    proposed[5] = (Field::LegalStatus, "proposed", "2020");
    let found = book(&[&base, &listed(&proposed)]);
    assert_eq!((shown(&found[0], 2032), shown(&found[1], 2032)), ("10".into(), "10".into()));
}

#[test]
fn an_extension_begins_behind_the_amendments_that_go_on() {
    let base = with(&[(Field::Start, "2020", ""), (Field::End, "2030", ""), (Field::Extension, "5 years", "")]);
    let mut facts = PLAIN.to_vec();
    facts[3] = (Field::Acq, "12 bcm/y@20C", "");
    facts.extend([(Field::Start, "2028", ""), (Field::End, "2033", ""), (Field::Amends, "A", "")]);
    let Found::Supplies(found) = &book(&[&base, &listed(&facts)])[0] else { panic!("nothing is left out") };
    let years: Vec<i16> = found[1].years.keys().copied().collect();
    assert_eq!((found[1].layer, years), (Layer::Extension, vec![2034, 2035]));
}

#[test]
fn another_basis_refuses_the_whole() {
    let mut facts = PLAIN.to_vec();
    facts[3] = (Field::Acq, "10 bcm/y", "");
    facts.push((Field::Start, "2025", ""));
    let listed = listed(&facts);
    let entry = Entry { name: Name { book: "b".into(), id: "A".into() }, listed: &listed, amends_unknown: false };
    let refused = of_entries(&[entry], &[], &frame());
    let Err(Error::Unit { name, .. }) = refused else { panic!("an unknown basis is not added") };
    assert_eq!(name, "contracts/b.A");
}

fn inclusion(first_year: i16, plateau: &str, ramp: &[&str]) -> Inclusion {
    Inclusion {
        name: "PoS-2".into(),
        seller: "Gazprom".into(),
        commodity: "pipeline_gas".into(),
        route: "Power of Siberia 2".into(),
        first_year,
        last_year: None,
        plateau: plateau.parse().unwrap(),
        replaced: std::collections::BTreeMap::new(),
        ramp: ramp.iter().map(|percent| d(percent)).collect(),
        notes: Vec::new(),
    }
}

#[test]
fn scenarios_include_cut_and_forbid_in_this_order() {
    let mut all = supplies(&with(&[(Field::Start, "2020", ""), (Field::End, "2049", "")]));
    let cut = |route: &str, first_year, last_year| RouteCut {
        route: words(route),
        first_year,
        last_year,
        remaining_percent: d("50"),
    };
    let ban = |from: Date, seller: &str| Ban { from, commodities: vec!["gas".into()], seller: words(seller) };
    let scenario = Scenario {
        inclusions: vec![inclusion(2031, "50", &["20", "33.3"])],
        cuts: vec![cut("siberia 2", 2040, Some(2041)), cut("", 2035, Some(2035))],
        bans: vec![ban(date(2045, 7, 1), "gazprom"), ban(date(2030, 1, 1), "novatek")],
    };
    scenario.apply(&mut all, 2050).unwrap();
    let [contract, included] = &all[..] else { panic!("two supplies") };
    let of = |supply: &Supply, year| quantity(supply, year).unwrap_or_default();
    assert_eq!([2030, 2031, 2032, 2033].map(|year| of(included, year)), ["", "10", "16.65", "50"]);
    assert_eq!([2035, 2040, 2042].map(|year| of(included, year)), ["25", "25", "50"]);
    assert_eq!([2034, 2035, 2040].map(|year| of(contract, year)), ["10", "5", "10"]);
    // From July on nothing: 181 of 365 days.
    assert_eq!([2044, 2045, 2046].map(|year| of(contract, year)), ["10", "4.958904", ""]);
    assert_eq!(contract.expires, None, "it does not reach its end");

    // Bans that overlap are one; a ban behind the term takes nothing.
    let until_june = || supplies(&with(&[(Field::Start, "2020", ""), (Field::End, "2030-06-30", "")]));
    let banned = |bans: Vec<Ban>| {
        let mut all = until_june();
        Scenario { bans, ..Scenario::default() }.apply(&mut all, 2050).unwrap();
        (quantity(&all[0], 2029), quantity(&all[0], 2030), all[0].expires)
    };
    let whole = banned(Vec::new());
    assert_eq!(whole.1.as_deref(), Some("4.958904"));
    assert_eq!(banned(vec![ban(date(2030, 7, 1), "")]), whole);
    // 59 of the 181 days: 10 · 59/365.
    let early = banned(vec![ban(date(2030, 3, 1), "")]);
    assert_eq!((early.1.as_deref(), early.2), (Some("1.616438"), None));
    assert_eq!(banned(vec![ban(date(2030, 5, 1), "gazprom"), ban(date(2030, 3, 1), "")]), early);

    let mut nothing = supplies(&with(&[(Field::Start, "2020", ""), (Field::End, "2049", "")]));
    let scenario = Scenario { bans: vec![ban(date(2020, 1, 1), "")], ..Scenario::default() };
    scenario.apply(&mut nothing, 2050).unwrap();
    assert!(nothing.is_empty());
}

#[test]
fn years_add_layers_and_measure_concentration() {
    let mut all = supplies(&with(&[(Field::Start, "2020", ""), (Field::End, "2030", "")]));
    let scenario = Scenario { inclusions: vec![inclusion(2028, "30", &[])], ..Scenario::default() };
    scenario.apply(&mut all, 2050).unwrap();
    all[1].seller = "Novatek".into();
    let years = add(&all, (2027, 2032)).unwrap();
    let totals: Vec<_> = years.iter().map(|year| (year.total.to_string(), year.firm.to_string())).collect();
    let both = |total: &str| (total.to_owned(), total.to_owned());
    assert_eq!(totals, ["10", "40", "40", "40", "30", "30"].map(both));
    assert_eq!((years[3].expiring, years[3].expiring_names.as_slice()), (d("10"), &["contracts/b.A".to_owned()][..]));
    let of = |year: usize| years[year].by_seller.clone().unwrap();
    // 25 % and 75 %: 625 + 5,625.
    assert_eq!((of(0).hhi, of(1).hhi), (10_000, 6_250));
    assert_eq!((of(1).largest.as_str(), of(1).largest_percent), ("Novatek", d("75")));
    assert_eq!(share(d("94"), d("400")), Ok(Some(d("23.5"))));
    assert_eq!(share(d("94"), d("0")), Ok(None));
    // The sum of the contributions is the layer, and the sum of the layers the total.
    for year in &years {
        let layers = year.layers.values().map(|layer| layer.quantity);
        assert_eq!(crate::value::decimal::sum(layers), Ok(year.total));
    }
}
