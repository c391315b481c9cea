//! The ledger against cases reckoned by hand.

use rust_decimal::Decimal;

use super::*;
use crate::energy::term::{Limit, MissingTerm, Share};
use crate::value::decimal::d;

fn percent(text: &str) -> Share {
    Share::percent(d(text)).unwrap()
}

/// ACQ 100, 80 %, make-up after the ACQ within 2 years, carry-forward up to 10 a year within 3, 2020 to 2024, price 5.
fn terms() -> Terms {
    Terms {
        take_or_pay: Some(percent("80")),
        downward: Some(Limit::ShareOfAcq(percent("10"))),
        make_up: Some(MakeUp::Right { order: Some(Order::AfterAcq), expiry: Some(Expiry::Years(2)) }),
        carry_forward: Some(CarryForward::Right {
            cap: Some(Limit::ShareOfAcq(percent("10"))),
            expiry: Some(Expiry::Years(3)),
        }),
        end_of_term: Some(EndOfTerm::Forfeited),
        last_year: Some(2024),
        deficiency_price: Some(PriceRule { basis: PriceBasis::Fixed(d("5")), share: percent("100") }),
    }
}

fn facts(first: i16, taken: &[&str]) -> Vec<Facts> {
    let of_year = |(year, taken): (i16, &&str)| Facts {
        year,
        acq: Some(if year > 2024 { Decimal::ZERO } else { d("100") }),
        taken: Some(d(taken)),
        ..Facts::default()
    };
    (first..).zip(taken).map(of_year).collect()
}

fn run(terms: &Terms, taken: &[&str]) -> Result<Settlement, Error> {
    settle(terms, &facts(2020, taken), &Opening::default(), Scope::Payment)
}

/// The item of each year; `-` where the year has no such line.
fn column(settlement: &Settlement, item: Item) -> String {
    let cell = |year: &Year| year.value(item).map_or("-".to_owned(), |value| value.normalize().to_string());
    settlement.years.iter().map(cell).collect::<Vec<_>>().join(" ")
}

#[test]
fn taking_the_take_or_pay_quantity_leaves_no_deficiency() {
    let settlement = run(&terms(), &["80", "79.999"]).unwrap();
    assert_eq!(column(&settlement, Item::TakeOrPay), "80 80");
    assert_eq!(column(&settlement, Item::Deficiency), "0 0.001");
    assert_eq!(column(&settlement, Item::DeficiencyPayment), "- 0.005");
    let reason = settlement.years[0].reason(Item::Deficiency).unwrap();
    assert_eq!(reason, "none: 80 taken reach the take-or-pay quantity of 80");
}

#[test]
fn make_up_is_usable_through_year_y_plus_n() {
    // 2020: 80 - 50 = 30 into the bank, usable through 2022. 2021: 90, nothing above 100.
    // 2022: 110, of which 10 above the ACQ; the other 20 expire. 2023: nothing left to make up.
    let settlement = run(&terms(), &["50", "90", "110", "105"]).unwrap();
    assert_eq!(column(&settlement, Item::MakeUpAdded), "30 - - -");
    assert_eq!(column(&settlement, Item::MakeUpTaken), "- 0 10 -");
    assert_eq!(column(&settlement, Item::MakeUpExpired), "- - 20 -");
    assert_eq!(column(&settlement, Item::MakeUpBalance), "30 30 0 0");
    // Make-up gas earns no carry-forward: 110 - 10 is the ACQ. In 2023 the 5 above it do.
    assert_eq!(column(&settlement, Item::CarryForwardEarned), "- - - 5");
    assert_eq!(settlement.years[0].reason(Item::MakeUpAdded), Some("paid for and not taken; usable through 2022"));
    assert_eq!(settlement.years[2].reason(Item::MakeUpExpired), Some("20 of 2020 was usable through 2022"));
}

#[test]
fn the_oldest_make_up_goes_first() {
    // 30 of 2020 and 20 of 2021; 2022 takes 35 above the ACQ: 30 of 2020, 5 of 2021. 15 of 2021 expire after 2023.
    let settlement = run(&terms(), &["50", "60", "135", "100"]).unwrap();
    assert_eq!(
        settlement.years[2].reason(Item::MakeUpTaken),
        Some("taken above the adjusted ACQ, oldest first: 30 of 2020, 5 of 2021")
    );
    assert_eq!(column(&settlement, Item::MakeUpExpired), "- - - 15");
}

#[test]
fn the_order_decides_what_is_make_up_gas() {
    // 2020 pays for 30. 2021 takes 95.
    for (order, made_up, deficiency) in [
        // Nothing above 100.
        (Order::AfterAcq, "- 0", "30 0"),
        // 15 above 80.
        (Order::AfterTakeOrPay, "- 15", "30 0"),
        // The first 30; the year's own gas is 65, 15 below 80.
        (Order::First, "- 30", "30 15"),
    ] {
        let make_up = Some(MakeUp::Right { order: Some(order), expiry: Some(Expiry::EndOfTerm) });
        let settlement = run(&Terms { make_up, ..terms() }, &["50", "95"]).unwrap();
        assert_eq!(column(&settlement, Item::MakeUpTaken), made_up, "{order:?}");
        assert_eq!(column(&settlement, Item::Deficiency), deficiency, "{order:?}");
    }
}

#[test]
fn carry_forward_is_capped_and_expires() {
    // 2020: 125, 25 carried. 2021: 65 of 80: 15 needed, 10 allowed, 5 deficient. 2022: 75: 5 needed and used.
    // 2023: 80. The last 10 expire after 2020 + 3.
    let settlement = run(&terms(), &["125", "65", "75", "80"]).unwrap();
    assert_eq!(column(&settlement, Item::CarryForwardEarned), "25 - - -");
    assert_eq!(column(&settlement, Item::CarryForwardUsed), "- 10 5 -");
    assert_eq!(column(&settlement, Item::TakeOrPay), "80 70 75 80");
    assert_eq!(column(&settlement, Item::Deficiency), "0 5 0 0");
    assert_eq!(column(&settlement, Item::CarryForwardBalance), "25 15 10 0");
    assert_eq!(column(&settlement, Item::CarryForwardExpired), "- - - 10");
    let reason = settlement.years[1].reason(Item::CarryForwardUsed);
    assert_eq!(reason, Some("15 needed, 25 carried forward, capped at 10 a year: 10 of 2020"));
}

#[test]
fn a_deficiency_of_the_last_year_gives_no_make_up() {
    let settlement = run(&terms(), &["80", "80", "80", "80", "60"]).unwrap();
    assert_eq!(column(&settlement, Item::DeficiencyPayment), "- - - - 100");
    assert_eq!(column(&settlement, Item::MakeUpAdded), "- - - - -");
    assert_eq!(column(&settlement, Item::MakeUpForfeited), "- - - - 20");
    let refunded = Terms { end_of_term: Some(EndOfTerm::Refunded), ..terms() };
    let settlement = run(&refunded, &["80", "80", "80", "80", "60"]).unwrap();
    assert_eq!(column(&settlement, Item::MakeUpRefunded), "- - - - -");
}

#[test]
fn the_end_of_the_term() {
    // 2023 pays for 30, 2024 takes 105: 5 made up, 25 left at the end.
    let taken = ["80", "80", "80", "50", "105"];
    let make_up = Some(MakeUp::Right { order: Some(Order::AfterAcq), expiry: Some(Expiry::EndOfTerm) });
    let with = |end_of_term, taken: &[&str]| run(&Terms { end_of_term: Some(end_of_term), make_up, ..terms() }, taken);
    let forfeited = with(EndOfTerm::Forfeited, &taken).unwrap();
    assert_eq!(column(&forfeited, Item::MakeUpForfeited), "- - - - 25");
    let refunded = with(EndOfTerm::Refunded, &taken).unwrap();
    assert_eq!(column(&refunded, Item::MakeUpRefunded), "- - - - 25");
    // 25 at 5.
    assert_eq!(column(&refunded, Item::Refund), "- - - - 125");
    // One more year: 15 of the 25 flow, 10 are lost.
    let extended = with(EndOfTerm::Extended { years: 1 }, &["80", "80", "80", "50", "105", "15"]).unwrap();
    assert_eq!(column(&extended, Item::MakeUpTaken), "- - - - 5 15");
    assert_eq!(column(&extended, Item::MakeUpForfeited), "- - - - - 10");
    let beyond = with(EndOfTerm::Extended { years: 1 }, &["80", "80", "80", "50", "105", "30"]).unwrap_err();
    assert!(beyond.to_string().contains("exceeds the make-up bank by 5"), "{beyond}");
    let after = with(EndOfTerm::Forfeited, &["80", "80", "80", "80", "80", "0"]).unwrap_err();
    assert!(after.to_string().contains("after the end of the term"), "{after}");
}

#[test]
fn reductions_lower_the_obligation() {
    let mut years = facts(2020, &["60"]);
    let reduction = |kind, quantity, note: &str| Reduction { kind, quantity: d(quantity), note: note.to_owned() };
    years[0].reductions = vec![
        reduction(ReductionKind::Maintenance, "6", "major maintenance"),
        reduction(ReductionKind::ForceMajeure, "4", ""),
        reduction(ReductionKind::SellerShortfall, "5", ""),
        reduction(ReductionKind::DownwardTolerance, "5", ""),
    ];
    let run = |years: &[Facts]| settle(&terms(), years, &Opening::default(), Scope::Payment);
    // 100 - 20 = 80; 80 % of it is 64; 4 short.
    let settlement = run(&years).unwrap();
    assert_eq!(column(&settlement, Item::AdjustedAcq), "80");
    assert_eq!(column(&settlement, Item::Deficiency), "4");
    assert_eq!(settlement.years[0].reason(Item::Maintenance), Some("maintenance reduces the ACQ: major maintenance"));
    years[0].reductions[3].quantity = d("10.5");
    assert!(run(&years).unwrap_err().to_string().contains("exceeds the 10 allowed"));
    years[0].reductions[3] = reduction(ReductionKind::ForceMajeure, "90", "");
    assert!(run(&years).unwrap_err().to_string().contains("exceed the ACQ of 100"));
}

#[test]
fn payments_follow_the_rule_named() {
    let rule = |basis, share| Some(PriceRule { basis, share: percent(share) });
    let mut years = facts(2020, &["50"]);
    years[0].prices = Prices { mean_of_year: Some(d("8.25")), last_month: Some(d("9.10")) };
    for (basis, share, payment) in [
        // 30 at 8.25, at 9.10, and at 75 % of 8.25.
        (PriceBasis::MeanOfYear, "100", "247.5"),
        (PriceBasis::LastMonth, "100", "273"),
        (PriceBasis::MeanOfYear, "75", "185.625"),
    ] {
        let terms = Terms { deficiency_price: rule(basis, share), ..terms() };
        let settlement = settle(&terms, &years, &Opening::default(), Scope::Payment).unwrap();
        assert_eq!(column(&settlement, Item::DeficiencyPayment), payment);
    }
}

/// Delivered 2020 to 2025, bcm at 20 °C (TASS 2054559; Reuters and RIA of December 2025).
const POWER_OF_SIBERIA: [&str; 6] = ["4.1", "10.39", "15.4", "22.73", "31.12", "38.8"];

#[test]
fn power_of_siberia_1_needs_the_share_and_settles_with_it() {
    let years: Vec<_> =
        facts(2020, &POWER_OF_SIBERIA).into_iter().map(|of_year| Facts { acq: Some(d("38")), ..of_year }).collect();
    let unknown = Terms { last_year: Some(2049), ..Terms::default() };
    let refused = settle_known(&unknown, &years, &Opening::default()).unwrap_err();
    assert_eq!(refused, MissingTerm("take-or-pay share".to_owned()).into());

    let supplied = Terms { take_or_pay: Some(percent("85")), ..unknown };
    let (settlement, missing) = settle_known(&supplied, &years, &Opening::default()).unwrap();
    assert_eq!(settlement.scope, Scope::Deficiency);
    let missing: Vec<_> = missing.into_iter().map(|term| term.0).collect();
    assert_eq!(missing, ["price rule of deficiencies", "make-up right"]);
    // 85 % of 38 = 32.3; less 4.1, 10.39, 15.4, 22.73, 31.12; 38.8 is above.
    assert_eq!(column(&settlement, Item::TakeOrPay), "32.3 32.3 32.3 32.3 32.3 32.3");
    assert_eq!(column(&settlement, Item::Deficiency), "28.2 21.91 16.9 9.57 1.18 0");
    assert_eq!(settlement.total(Item::Deficiency), Ok(d("77.76")));
    let adjusted = settlement.years[0].reason(Item::AdjustedAcq);
    assert_eq!(adjusted, Some("no maintenance, force majeure, seller's shortfall or tolerance is recorded"));
}

#[test]
fn power_of_siberia_1_against_its_build_up() {
    // Contracted 22.0 in 2023 (Miller, 28 December 2023), about 30 in 2024, 38 in 2025: 18.7, 25.5, 32.3 at 85 %.
    let mut years = facts(2023, &POWER_OF_SIBERIA[3..]);
    for (of_year, acq) in years.iter_mut().zip(["22", "30", "38"]) {
        of_year.acq = Some(d(acq));
    }
    let supplied = Terms { take_or_pay: Some(percent("85")), last_year: Some(2049), ..Terms::default() };
    let settlement = settle(&supplied, &years, &Opening::default(), Scope::Deficiency).unwrap();
    assert_eq!(column(&settlement, Item::TakeOrPay), "18.7 25.5 32.3");
    assert_eq!(column(&settlement, Item::Deficiency), "0 0 0");
    // More was taken than contracted: what it earns is not known.
    let error = settle(&supplied, &years, &Opening::default(), Scope::Ledger).unwrap_err();
    assert_eq!(error, MissingTerm("carry-forward".to_owned()).into());
}

#[test]
fn every_unknown_term_is_named_when_it_matters() {
    let right = |order, expiry| Some(MakeUp::Right { order, expiry });
    let carried = |cap, expiry| Some(CarryForward::Right { cap, expiry });
    let years = Some(Expiry::Years(2));
    let short = ["50", "120"];
    let over = ["125", "65"];
    for (name, terms, taken) in [
        ("take-or-pay share", Terms { take_or_pay: None, ..terms() }, &["100"][..]),
        ("make-up right", Terms { make_up: None, ..terms() }, &short),
        ("order of make-up", Terms { make_up: right(None, years), ..terms() }, &short),
        ("expiry of make-up", Terms { make_up: right(Some(Order::First), None), ..terms() }, &short),
        ("last contract year", Terms { last_year: None, ..terms() }, &short),
        ("price rule of deficiencies", Terms { deficiency_price: None, ..terms() }, &short),
        ("carry-forward", Terms { carry_forward: None, ..terms() }, &over),
        ("cap of carry-forward", Terms { carry_forward: carried(None, years), ..terms() }, &over),
        ("expiry of carry-forward", Terms { carry_forward: carried(Some(Limit::Unlimited), None), ..terms() }, &over),
        (
            "what becomes of make-up at the end of the term",
            Terms { end_of_term: None, ..terms() },
            &["80", "80", "80", "50", "100"],
        ),
    ] {
        assert_eq!(run(&terms, taken), Err(MissingTerm(name.to_owned()).into()), "{name}");
    }
    let mean = Some(PriceRule { basis: PriceBasis::MeanOfYear, share: percent("100") });
    let error = run(&Terms { deficiency_price: mean, ..terms() }, &["50"]).unwrap_err();
    assert_eq!(error, MissingTerm("mean contract price of 2020".to_owned()).into());
    for (name, of_year) in [
        ("annual contract quantity of 2020", Facts { acq: None, ..facts(2020, &["1"]).remove(0) }),
        ("quantity taken in 2020", Facts { taken: None, ..facts(2020, &["1"]).remove(0) }),
    ] {
        let error = settle(&terms(), &[of_year], &Opening::default(), Scope::Ledger).unwrap_err();
        assert_eq!(error, MissingTerm(name.to_owned()).into());
    }
    // What does not matter may stay unknown.
    let bare = Terms { take_or_pay: Some(percent("80")), ..Terms::default() };
    assert!(run(&bare, &["80", "100"]).is_ok());
}

/// 30 · 0.85 · a third to 28 digits is 8.49999999999999999999999999915: more digits than a decimal holds.
#[test]
fn money_with_more_digits_than_a_decimal_is_rounded_once_and_says_so() {
    let third = PriceRule { basis: PriceBasis::Fixed(d("0.3333333333333333333333333333")), share: percent("85") };
    let refunded = Terms {
        deficiency_price: Some(third),
        end_of_term: Some(EndOfTerm::Refunded),
        last_year: Some(2021),
        ..terms()
    };
    let settlement = run(&refunded, &["50", "80"]).unwrap();
    assert_eq!(column(&settlement, Item::Deficiency), "30 0");
    for (item, year, expected) in [(Item::DeficiencyPayment, 0, "8.5 -"), (Item::Refund, 1, "- 8.5")] {
        assert_eq!(column(&settlement, item), expected);
        let reason = settlement.years[year].reason(item).unwrap();
        assert!(reason.ends_with("rounded half to even to 12 digits after the point"), "{reason}");
    }
    let whole = run(&terms(), &["50"]).unwrap();
    assert_eq!(column(&whole, Item::DeficiencyPayment), "150");
    assert!(!whole.years[0].reason(Item::DeficiencyPayment).unwrap().contains("rounded"));
}

#[test]
fn bad_figures_are_named() {
    let with = |taken: &str| run(&terms(), &[taken]).unwrap_err().to_string();
    assert_eq!(with("-1"), "quantity taken of 2020 `-1`: is negative");
    assert!(with("1.1234567").contains("has more than 6 decimals"));
    assert!(with("10000000000000").contains("a larger unit"));
    let mut gap = facts(2020, &["80", "80"]);
    gap[1].year = 2022;
    let error = settle(&terms(), &gap, &Opening::default(), Scope::Ledger).unwrap_err().to_string();
    assert!(error.contains("does not follow 2020"), "{error}");
    let stale = Tranche { year: 2015, quantity: d("1"), usable_through: Some(2019), price: None };
    let opening = Opening { make_up: vec![stale], ..Opening::default() };
    let error = settle(&terms(), &facts(2020, &["80"]), &opening, Scope::Ledger).unwrap_err().to_string();
    assert!(error.contains("of 2015 is not usable in 2020"), "{error}");
}
