//! Settlements: what the request says of each year, and the ledger.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::request as decode;
use crate::energy::answer::settle_contract::{Answer, AskedOpening, OfYear, Question};
use crate::energy::settlement::{Item, Line, Prices, Reduction, ReductionKind, Scope, Year};
use crate::energy::term::MissingTerm;
use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::r#type::v1::Money;
use crate::rpc::wire::{decimal, provenance, quantity};
use crate::rpc::{Error, Violations};

pub fn settle_question(request: &pb::SettleContractRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let years = decode::years(request.start_year, request.end_year, &mut violations);
    let scope = match request.scope() {
        pb::SettlementScope::Unspecified => None,
        pb::SettlementScope::Deficiency => Some(Scope::Deficiency),
        pb::SettlementScope::Ledger => Some(Scope::Ledger),
        pb::SettlementScope::Payment => Some(Scope::Payment),
    };
    let supplied = decode::supplied(&request.supplied_terms, &mut violations);
    let set = decode::factor_set("factor_set", &request.factor_set, &mut violations);
    let known = years_facts(&request.years, years, &mut violations);
    let opening = request.opening_balances.as_ref().map(|opening| AskedOpening {
        make_up: tranches("opening_balances.make_up", &opening.make_up, years, &mut violations),
        carry_forward: tranches("opening_balances.carry_forward", &opening.carry_forward, years, &mut violations),
    });
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if !request.currency_code.is_empty() && !is_code(&request.currency_code) {
        violations.add("currency_code", "is not a code of ISO 4217; expected USD, CNY, EUR or alike");
    }
    let clocks = violations.clocks(request.clock.as_ref());
    let (name, years) = decode::checked(name.zip(years), violations)?;
    Ok(Question { name, years, scope, supplied, known, opening, set, clocks })
}

/// `currency` is that of the request's prices.
pub fn settle_response(answer: Answer, currency: &str) -> pb::SettleContractResponse {
    let unit = answer.unit.map(|unit| unit.to_string()).unwrap_or_default();
    pb::SettleContractResponse {
        scope: scope(answer.settlement.scope).into(),
        years: answer.settlement.years.into_iter().map(|of_year| year(of_year, &unit, currency)).collect(),
        unit,
        missing_terms: answer.missing.into_iter().map(|MissingTerm(name)| name).collect(),
        factor_set: answer.factor_set,
        provenance: Some(provenance(answer.sources, answer.notes)),
    }
}

fn years_facts(
    years: &[pb::YearFacts],
    asked: Option<(i16, i16)>,
    violations: &mut Violations,
) -> HashMap<i16, OfYear> {
    let mut known = HashMap::new();
    if !violations.keeps_rules("years") {
        return known;
    }
    for (index, facts) in years.iter().enumerate() {
        let at = |field: &str| format!("years[{index}].{field}");
        let Some(year) = decode::year(&at("year"), facts.year, violations) else { continue };
        // Years before the first one are reckoned first.
        if let Some((_, last)) = asked.filter(|(_, last)| year > *last) {
            violations.add(at("year"), format!("{year} lies behind the last year settled, {last}"));
        }
        let mut reductions = Vec::new();
        if violations.keeps_rules(&at("reductions")) {
            for (number, reduction) in facts.reductions.iter().enumerate() {
                let field = format!("years[{index}].reductions[{number}]");
                reductions.extend(self::reduction(&field, reduction, violations));
            }
        }
        let taken = decode::decimal(&at("taken"), facts.taken.as_ref(), violations);
        if taken.is_some_and(|taken| taken < Decimal::ZERO) {
            violations.add(at("taken"), "is negative");
        }
        let of_year = OfYear {
            taken,
            reductions,
            prices: Prices {
                mean_of_year: decode::decimal(&at("mean_price"), facts.mean_price.as_ref(), violations),
                last_month: decode::decimal(&at("last_month_price"), facts.last_month_price.as_ref(), violations),
            },
        };
        if known.insert(year, of_year).is_some() {
            violations.add(at("year"), format!("{year} stands there twice"));
        }
    }
    known
}

/// Year, quantity and price paid of each.
fn tranches(
    field: &str,
    tranches: &[pb::OpeningTranche],
    asked: Option<(i16, i16)>,
    violations: &mut Violations,
) -> Vec<(i16, Decimal, Option<Decimal>)> {
    let mut found = Vec::new();
    if !violations.keeps_rules(field) {
        return found;
    }
    for (index, tranche) in tranches.iter().enumerate() {
        let at = |column: &str| format!("{field}[{index}].{column}");
        let year = decode::year(&at("year"), tranche.year, violations);
        if let Some((year, (first, _))) = year.zip(asked).filter(|(year, (first, _))| year >= first) {
            violations.add(at("year"), format!("{year} is not before the first year settled, {first}"));
        }
        let quantity = decode::decimal(&at("quantity"), tranche.quantity.as_ref(), violations);
        if quantity.is_none_or(|quantity| quantity <= Decimal::ZERO) {
            violations.add(at("quantity"), "is missing or not above zero");
        }
        let price = decode::decimal(&at("price_paid"), tranche.price_paid.as_ref(), violations);
        found.extend(year.zip(quantity).map(|(year, quantity)| (year, quantity, price)));
    }
    found
}

fn reduction(field: &str, reduction: &pb::Reduction, violations: &mut Violations) -> Option<Reduction> {
    let kind = match pb::ReductionKind::try_from(reduction.kind) {
        Ok(pb::ReductionKind::Maintenance) => Some(ReductionKind::Maintenance),
        Ok(pb::ReductionKind::ForceMajeure) => Some(ReductionKind::ForceMajeure),
        Ok(pb::ReductionKind::SellerShortfall) => Some(ReductionKind::SellerShortfall),
        Ok(pb::ReductionKind::DownwardTolerance) => Some(ReductionKind::DownwardTolerance),
        _ => None,
    };
    if kind.is_none() {
        violations.add(format!("{field}.kind"), "is not said; expected one such as REDUCTION_KIND_MAINTENANCE");
    }
    let quantity = decode::decimal(&format!("{field}.quantity"), reduction.quantity.as_ref(), violations);
    let note = violations.text(&format!("{field}.note"), &reduction.note).to_owned();
    Some(Reduction { kind: kind?, quantity: quantity?, note })
}

fn scope(scope: Scope) -> pb::SettlementScope {
    match scope {
        Scope::Deficiency => pb::SettlementScope::Deficiency,
        Scope::Ledger => pb::SettlementScope::Ledger,
        Scope::Payment => pb::SettlementScope::Payment,
    }
}

fn year(year: Year, unit: &str, currency: &str) -> pb::LedgerYear {
    let lines = year.lines.into_iter().map(|each| line(each, unit, currency));
    pb::LedgerYear { year: i32::from(year.year), lines: lines.collect() }
}

fn line(line: Line, unit: &str, currency: &str) -> pb::LedgerLine {
    let value = line.value.normalize().to_string();
    let amount = if line.item.is_money() {
        pb::ledger_line::Amount::Money(Money { value: Some(decimal(value)), currency_code: currency.to_owned() })
    } else {
        pb::ledger_line::Amount::Quantity(quantity(value, unit))
    };
    pb::LedgerLine { item: item(line.item).into(), amount: Some(amount), reason: line.reason }
}

fn item(item: Item) -> pb::LedgerItem {
    match item {
        Item::Acq => pb::LedgerItem::Acq,
        Item::Maintenance => pb::LedgerItem::Maintenance,
        Item::ForceMajeure => pb::LedgerItem::ForceMajeure,
        Item::SellerShortfall => pb::LedgerItem::SellerShortfall,
        Item::DownwardTolerance => pb::LedgerItem::DownwardTolerance,
        Item::AdjustedAcq => pb::LedgerItem::AdjustedAcq,
        Item::Taken => pb::LedgerItem::Taken,
        Item::MakeUpTaken => pb::LedgerItem::MakeUpTaken,
        Item::CarryForwardUsed => pb::LedgerItem::CarryForwardUsed,
        Item::TakeOrPay => pb::LedgerItem::TakeOrPay,
        Item::Deficiency => pb::LedgerItem::Deficiency,
        Item::DeficiencyPayment => pb::LedgerItem::DeficiencyPayment,
        Item::MakeUpAdded => pb::LedgerItem::MakeUpAdded,
        Item::MakeUpExpired => pb::LedgerItem::MakeUpExpired,
        Item::MakeUpForfeited => pb::LedgerItem::MakeUpForfeited,
        Item::MakeUpRefunded => pb::LedgerItem::MakeUpRefunded,
        Item::Refund => pb::LedgerItem::Refund,
        Item::MakeUpBalance => pb::LedgerItem::MakeUpBalance,
        Item::CarryForwardEarned => pb::LedgerItem::CarryForwardEarned,
        Item::CarryForwardExpired => pb::LedgerItem::CarryForwardExpired,
        Item::CarryForwardBalance => pb::LedgerItem::CarryForwardBalance,
    }
}
