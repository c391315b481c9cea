//! Fields that several requests have: names, clocks, supplied terms, units, years, days.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::energy::contract::check::check;
use crate::energy::contract::{Confidence, Fact, FactState, Field};
use crate::energy::library::Name;
use crate::energy::quantity::{FactorSet, Per, Unit, factor, text};
use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::r#type::v1::{self as types, Decimal as WireDecimal};
use crate::proto::google::r#type::Date as WireDate;
use crate::rpc::{Error, Violations};
use crate::value::text::truncated;
use crate::value::{Month, decimal};

/// Years that a question may be about.
pub const YEARS_MAX: i16 = 100;
const MONTHS_MAX: i32 = 1_200;

/// What was read of a request, if nothing was wrong with it.
pub fn checked<T>(question: Option<T>, violations: Violations) -> Result<T, Error> {
    violations.check()?;
    question.ok_or_else(|| Error::invalid("name", "is missing"))
}

pub fn name(collection: &str, field: &str, text: &str, violations: &mut Violations) -> Option<Name> {
    let parsed = Name::parse(collection, text);
    if parsed.is_none() {
        let shown = truncated(text, 60);
        let right = match collection {
            "contracts" => "contracts/contracts.RU-CN-POS1",
            "routes" => "routes/routes.P2352",
            _ => "indexes/price-indexes.brent",
        };
        violations.add(field, format!("`{shown}` is not a valid name; expected {right}, see the List methods"));
    }
    parsed
}

/// Terms of the request as facts.
pub fn supplied(terms: &[pb::SuppliedTerm], violations: &mut Violations) -> Vec<Fact> {
    if !violations.keeps_rules("supplied_terms") {
        return Vec::new();
    }
    let mut facts = Vec::new();
    for (index, term) in terms.iter().enumerate() {
        let at = |column: &str| format!("supplied_terms[{index}].{column}");
        let Some(field) = Field::parse(&term.field) else {
            let shown = truncated(&term.field, 40);
            violations.add(
                at("field"),
                format!("`{shown}` is not a field of the book format; expected one such as take_or_pay_share"),
            );
            continue;
        };
        if !violations.keeps_rules(&at("value")) || !violations.keeps_rules(&at("unit")) {
            continue;
        }
        let first_year = term.start_year.and_then(|first| year(&at("start_year"), first, violations));
        let last_year = term.end_year.and_then(|last| year(&at("end_year"), last, violations));
        let fact = Fact {
            field,
            value: term.value.trim().to_owned(),
            unit: term.unit.trim().to_owned(),
            country: String::new(),
            from: None,
            until: None,
            first_year,
            last_year,
            source: "the request".into(),
            confidence: Confidence::Unknown,
            state: FactState::Extracted,
            note: String::new(),
        };
        match check(&fact) {
            Ok(()) => facts.push(fact),
            Err(problem) => violations.add(at(problem.field), format!("`{}` {}", problem.value, problem.reason)),
        }
    }
    facts
}

/// A named factor set; `None` for the empty name.
pub fn factor_set(field: &str, name: &str, violations: &mut Violations) -> Option<FactorSet> {
    if name.is_empty() {
        return None;
    }
    let set = factor::sets().iter().find(|set| set.name == name).cloned();
    if set.is_none() {
        let known: Vec<&str> = factor::sets().iter().map(|set| set.name.as_str()).collect();
        violations.add(
            field,
            format!("`{}` is not a known factor set; expected one of {}", truncated(name, 40), known.join(", ")),
        );
    }
    set
}

pub fn unit(field: &str, text_of_unit: &str, violations: &mut Violations) -> Option<Unit> {
    match text::unit(violations.text(field, text_of_unit)) {
        Ok(unit) => Some(unit),
        Err(error) => {
            violations.add(field, error.to_string());
            None
        }
    }
}

/// A unit a year, or the amount of a year, as a rate a year.
pub fn annual_unit(field: &str, text_of_unit: &str, violations: &mut Violations) -> Option<Unit> {
    let unit = unit(field, text_of_unit, violations)?;
    if unit.per.is_some_and(|per| per != Per::Year) {
        violations
            .add(field, format!("`{unit}` is neither an amount nor a rate a year; expected bcm@20C or bcm/y@20C"));
        return None;
    }
    Some(Unit { per: Some(Per::Year), ..unit })
}

pub fn decimal(field: &str, wire: Option<&WireDecimal>, violations: &mut Violations) -> Option<Decimal> {
    let wire = wire?;
    match decimal::read(&wire.value) {
        Ok(value) => Some(value),
        Err(problem) => {
            violations.add(field, truncated(&problem, 120));
            None
        }
    }
}

/// A value and its unit, of which the unit is read by the caller.
pub fn value(field: &str, wire: Option<&types::Quantity>, violations: &mut Violations) -> Option<Decimal> {
    decimal(&format!("{field}.value"), wire.and_then(|wire| wire.value.as_ref()), violations)
}

/// A month as requests and answers have it.
pub fn wire_month(month: Month) -> types::Month {
    types::Month { year: i32::from(month.year()), month: i32::from(month.month()) }
}

/// A calendar year that may be reckoned with.
pub fn year(field: &str, year: i32, violations: &mut Violations) -> Option<i16> {
    let found = i16::try_from(year).ok().filter(|year| (1900..=2199).contains(year));
    if found.is_none() {
        violations.add(field, format!("{year} is out of range; expected a year from 1900 to 2199"));
    }
    found
}

/// First and last year.
pub fn years(first: i32, last: i32, violations: &mut Violations) -> Option<(i16, i16)> {
    let (first, last) = (year("start_year", first, violations), year("end_year", last, violations));
    let (first, last) = first.zip(last)?;
    if last < first {
        violations.add("end_year", format!("{last} lies before start_year, {first}"));
        return None;
    }
    let count = last - first + 1;
    if count > YEARS_MAX {
        violations.add("end_year", format!("{count} years are asked for; at most {YEARS_MAX} are allowed"));
        return None;
    }
    Some((first, last))
}

/// First and last month.
pub fn months(
    first: Option<&types::Month>,
    last: Option<&types::Month>,
    violations: &mut Violations,
) -> Option<(Month, Month)> {
    let mut month = |field: &str, wire: Option<&types::Month>| {
        let types::Month { year, month } = wire.copied().unwrap_or_default();
        let read = format!("{year:04}-{month:02}").parse::<Month>().ok();
        if read.is_none() {
            violations.add(field, format!("{year}-{month} is not a month; expected a year and a month from 1 to 12"));
        }
        read
    };
    let (first, last) = (month("start_month", first), month("end_month", last));
    let (first, last) = first.zip(last)?;
    let count = last.ordinal() - first.ordinal() + 1;
    if !(1..=MONTHS_MAX).contains(&count) {
        violations.add("end_month", format!("{count} months are asked for; 1 to {MONTHS_MAX} are allowed"));
        return None;
    }
    Some((first, last))
}

/// The first and last day of a range.
pub fn days(
    start: Option<&WireDate>,
    end: Option<&WireDate>,
    violations: &mut Violations,
) -> (Option<Date>, Option<Date>) {
    let (start, end) = (violations.first_day("filter.start_date", start), violations.last_day("filter.end_date", end));
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        violations.add("filter.end_date", format!("{end} lies before start_date, {start}"));
    }
    (start, end)
}
