//! Nothing is lost in the ledger: what is paid for is made up, expires, is forfeited or refunded, or is in the bank.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::energy::term::{Limit, Share};
use crate::value::decimal;

const FIRST: i16 = 2020;

fn share() -> impl Strategy<Value = Share> {
    (0_i64..=1000).prop_map(|thousandths| Share::new(Decimal::new(thousandths, 3)).unwrap())
}

fn quantity(most: i64) -> impl Strategy<Value = Decimal> {
    (0..most * 1000).prop_map(|thousandths| Decimal::new(thousandths, 3))
}

fn expiry() -> impl Strategy<Value = Expiry> {
    prop_oneof![(0_u8..6).prop_map(Expiry::Years), Just(Expiry::EndOfTerm)]
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![Just(Limit::Unlimited), quantity(50).prop_map(Limit::Quantity), share().prop_map(Limit::ShareOfAcq)]
}

fn terms() -> impl Strategy<Value = Terms> {
    let order = prop_oneof![Just(Order::AfterAcq), Just(Order::AfterTakeOrPay), Just(Order::First)];
    let make_up = prop_oneof![
        1 => Just(MakeUp::NoRight),
        6 => (order, expiry()).prop_map(|(order, expiry)| MakeUp::Right { order: Some(order), expiry: Some(expiry) }),
    ];
    let carry_forward = prop_oneof![
        1 => Just(CarryForward::NoRight),
        4 => (limit(), expiry()).prop_map(|(cap, expiry)| CarryForward::Right { cap: Some(cap), expiry: Some(expiry) }),
    ];
    let end_of_term = prop_oneof![
        Just(EndOfTerm::Forfeited),
        Just(EndOfTerm::Refunded),
        (0_u8..4).prop_map(|years| EndOfTerm::Extended { years }),
    ];
    (share(), make_up, carry_forward, end_of_term, FIRST..FIRST + 40, share()).prop_map(
        |(take_or_pay, make_up, carry_forward, end_of_term, last, of_price)| Terms {
            take_or_pay: Some(take_or_pay),
            downward: None,
            make_up: Some(make_up),
            carry_forward: Some(carry_forward),
            end_of_term: Some(end_of_term),
            last_year: Some(last),
            deficiency_price: Some(PriceRule { basis: PriceBasis::MeanOfYear, share: of_price }),
        },
    )
}

fn facts() -> impl Strategy<Value = Vec<Facts>> {
    let year = (quantity(100), quantity(140), quantity(30), quantity(20));
    prop::collection::vec(year, 1..30).prop_map(|years| {
        let of_year = |(year, (acq, taken, reduction, price)): (i16, (Decimal, Decimal, Decimal, Decimal))| Facts {
            year,
            acq: Some(acq),
            reductions: vec![Reduction {
                kind: ReductionKind::ForceMajeure,
                quantity: reduction.min(acq),
                note: String::new(),
            }],
            taken: Some(taken),
            prices: Prices { mean_of_year: Some(price), last_month: None },
        };
        (FIRST..).zip(years).map(of_year).collect()
    })
}

/// Years to the end of the term, and through the extension with nothing but make-up gas.
fn settled(terms: &Terms, mut facts: Vec<Facts>) -> Settlement {
    let last = terms.last_year.unwrap();
    facts.retain(|of_year| of_year.year <= last);
    let ended = facts.last().is_some_and(|of_year| of_year.year == last);
    if let (true, Some(EndOfTerm::Extended { years })) = (ended, terms.end_of_term) {
        for year in last + 1..=last + i16::from(years) {
            let before = settle(terms, &facts, &Opening::default(), Scope::Payment).unwrap();
            let bank = decimal::sum(before.years.last().unwrap().make_up.iter().map(|tranche| tranche.quantity));
            let half = (bank.unwrap() / Decimal::TWO).trunc_with_scale(3);
            facts.push(Facts { year, acq: Some(Decimal::ZERO), taken: Some(half), ..Facts::default() });
        }
    }
    settle(terms, &facts, &Opening::default(), Scope::Payment).unwrap()
}

fn last_balance(settlement: &Settlement, item: Item) -> Decimal {
    settlement.years.last().unwrap().value(item).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_paid_for_goes_somewhere(terms in terms(), facts in facts()) {
        let settlement = settled(&terms, facts);
        let total = |item| settlement.total(item).unwrap();
        let left = [Item::MakeUpTaken, Item::MakeUpExpired, Item::MakeUpForfeited, Item::MakeUpRefunded].map(total);
        let balance = last_balance(&settlement, Item::MakeUpBalance);
        prop_assert_eq!(total(Item::Deficiency), left.iter().sum::<Decimal>() + balance);

        let left = total(Item::CarryForwardUsed) + total(Item::CarryForwardExpired);
        let balance = last_balance(&settlement, Item::CarryForwardBalance);
        prop_assert_eq!(total(Item::CarryForwardEarned), left + balance);
    }

    #[test]
    fn each_year_adds_up(terms in terms(), facts in facts()) {
        let share = terms.take_or_pay.unwrap();
        let settlement = settled(&terms, facts);
        for year in &settlement.years {
            let value = |item| year.value(item).unwrap_or_default();
            let own = value(Item::Taken) - value(Item::MakeUpTaken);
            let full = share.of(value(Item::AdjustedAcq)).unwrap();
            prop_assert_eq!(value(Item::TakeOrPay), full - value(Item::CarryForwardUsed));
            prop_assert_eq!(value(Item::Deficiency), (value(Item::TakeOrPay) - own).max(Decimal::ZERO));
            prop_assert!(year.lines.iter().all(|line| line.value >= Decimal::ZERO && !line.reason.is_empty()));
            // Carry-forward is never used beyond the need.
            prop_assert!(value(Item::CarryForwardUsed).is_zero() || own <= value(Item::TakeOrPay));
            prop_assert!(year.make_up.iter().all(|tranche| tranche.usable_through.is_none_or(|last| last > year.year)));
            prop_assert!(year.make_up.windows(2).all(|pair| pair[0].year < pair[1].year));
        }
    }

    #[test]
    fn a_refund_never_exceeds_what_was_paid(terms in terms(), facts in facts()) {
        let settlement = settled(&terms, facts);
        prop_assert!(settlement.total(Item::Refund).unwrap() <= settlement.total(Item::DeficiencyPayment).unwrap());
    }

    #[test]
    fn a_part_of_the_years_settles_as_the_whole_does(terms in terms(), facts in facts(), cut in 1_usize..30) {
        let facts: Vec<_> = facts.into_iter().filter(|of_year| Some(of_year.year) <= terms.last_year).collect();
        prop_assume!(cut < facts.len());
        let whole = settle(&terms, &facts, &Opening::default(), Scope::Payment).unwrap();
        let first = settle(&terms, &facts[..cut], &Opening::default(), Scope::Payment).unwrap();
        let Year { make_up, carry_forward, .. } = first.years[cut - 1].clone();
        let rest = settle(&terms, &facts[cut..], &Opening { make_up, carry_forward }, Scope::Payment).unwrap();
        prop_assert_eq!(&whole.years[cut..], rest.years.as_slice());
    }
}
