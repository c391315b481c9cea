//! Conversion of a quantity: exact steps by definition, and the factors of a named set.
//!
//! Without a set only what is exact converts: sizes of units on the same basis, hours and days, months and years. With
//! a set, the shortest way through its factors is taken. Where two ways of the same length end on different bases, or
//! the target leaves open which one is meant, the request is refused.

use rust_decimal::Decimal;

use super::factor::{FactorSet, Kind};
use super::unit::{Basis, Per, SCALES, Unit};
use crate::value::decimal::Overflow;
use crate::value::{Ratio, Rounded};

/// The name in answers that needed no set.
pub const DEFINITIONS: &str = "definitions";

/// One factor on the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    pub from: String,
    pub to: String,
    pub factor: Ratio,
    pub kind: Kind,
    pub source: String,
}

/// A converted quantity and how it came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Converted {
    pub value: Decimal,
    /// The unit reached; it says the basis where the target left it open.
    pub unit: Unit,
    /// `value` / the given value, as an exact fraction.
    pub factor: Ratio,
    pub path: Vec<Step>,
    /// The set named in the request, or `definitions` when none was.
    pub factor_set: String,
    /// Every step is exact by definition.
    pub exact: bool,
    /// The value has no decimal of 28 digits and was rounded to them, half to even.
    pub rounded: bool,
}

/// Why a quantity is not converted or added.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("`{unit}` does not say {what}; name a factor set that takes one for granted")]
    UnknownBasis { unit: String, what: &'static str },
    #[error("{from} and {to} are on different bases; name a factor set to go from one to the other")]
    DifferentBasis { from: String, to: String },
    #[error("factor set {set} has no way from {from} to {to}")]
    NoWay { set: String, from: String, to: String },
    #[error("factor set {set} leads from {from} to several bases; name one of {candidates}")]
    Ambiguous { set: String, from: String, candidates: String },
    #[error("{from} and {to}: one is an amount and the other a rate")]
    AmountAndRate { from: String, to: String },
    #[error("from {from} to {to} takes the length of a year; name a factor set that gives it")]
    YearLength { from: String, to: String },
    #[error("{from} and {to} are of two currencies; a factor set holds no rates of exchange")]
    DifferentCurrency { from: String, to: String },
    #[error("{from} and {to}: one is a price and the other a quantity")]
    PriceAndQuantity { from: String, to: String },
    #[error("the number is too large or too long to be converted exactly")]
    Overflow,
}

impl From<Overflow> for Refusal {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// Converts `value`. A target that leaves its basis open takes that of the source, or the one that the set leads to.
pub fn convert(value: Decimal, from: Unit, to: Unit, set: Option<&FactorSet>) -> Result<Converted, Refusal> {
    if from.per.is_some() != to.per.is_some() {
        return Err(Refusal::AmountAndRate { from: from.to_string(), to: to.to_string() });
    }
    let mut path = Vec::new();
    let basis = travel(from, to, set, &mut path)?;
    time(from, to, set, &mut path)?;
    let unit = Unit { basis, ..to };

    let mut factor = Ratio::ONE;
    for step in &path {
        factor = factor.times(step.factor)?;
    }
    let result = multiplied(value, factor)?;
    Ok(Converted {
        value: result.value,
        unit,
        factor,
        exact: path.iter().all(|step| step.kind == Kind::Exact),
        path,
        factor_set: set.map_or_else(|| DEFINITIONS.to_owned(), |set| set.name.clone()),
        rounded: result.inexact,
    })
}

/// Exact where the fraction can be held; else to 28 significant digits, which is said.
pub(super) fn multiplied(value: Decimal, factor: Ratio) -> Result<Rounded, Overflow> {
    let exact = Ratio::try_from(value).and_then(|value| value.times(factor)).and_then(Ratio::decimal);
    exact.or_else(|_| {
        let value = value.checked_mul(factor.decimal()?.value).ok_or(Overflow)?;
        Ok(Rounded { value: value.normalize(), inexact: true })
    })
}

/// The amounts on the way from one unit to the other; the last basis.
fn travel(from: Unit, to: Unit, set: Option<&FactorSet>, path: &mut Vec<Step>) -> Result<Basis, Refusal> {
    let mut here = Unit { per: None, ..from };
    let target = Unit { per: None, ..to };
    if !to.basis.accepts(from.basis) {
        let set = set.ok_or_else(|| without_set(from, to))?;
        for edge in way(from, to, set)? {
            // A factor between two bases of one unit holds in every unit of that measure: bcm as well as m3.
            let any_size = edge.start.scale.symbol == edge.end.scale.symbol;
            let (start, end) = match any_size {
                true => (here, Unit { basis: edge.end.basis, ..here }),
                false => (edge.start, edge.end),
            };
            resize(here, start, path)?;
            path.push(Step {
                from: start.to_string(),
                to: end.to_string(),
                factor: edge.factor,
                kind: edge.kind,
                source: edge.source.to_owned(),
            });
            here = end;
        }
    }
    let reached = Unit { basis: here.basis, ..target };
    resize(here, reached, path)?;
    Ok(here.basis)
}

fn without_set(from: Unit, to: Unit) -> Refusal {
    match from.basis.unknown().filter(|_| from.basis.accepts(to.basis)) {
        Some(what) => Refusal::UnknownBasis { unit: from.to_string(), what },
        None => Refusal::DifferentBasis { from: from.to_string(), to: to.to_string() },
    }
}

/// From one size of unit to another on the same basis.
fn resize(from: Unit, to: Unit, path: &mut Vec<Step>) -> Result<(), Refusal> {
    if from.scale.symbol == to.scale.symbol {
        return Ok(());
    }
    let factor = from.scale.size()?.over(to.scale.size()?)?;
    path.push(Step {
        from: from.to_string(),
        to: to.to_string(),
        factor,
        kind: Kind::Exact,
        source: "by definition".to_owned(),
    });
    Ok(())
}

/// A factor, walked forwards or backwards.
#[derive(Clone, Copy)]
struct Edge<'a> {
    start: Unit,
    end: Unit,
    factor: Ratio,
    kind: Kind,
    source: &'a str,
}

fn edges(set: &FactorSet) -> Result<Vec<Edge<'_>>, Overflow> {
    let mut edges = Vec::new();
    for factor in &set.factors {
        let forwards = Edge {
            start: factor.from,
            end: factor.to,
            factor: factor.factor,
            kind: factor.kind,
            source: &factor.source,
        };
        for edge in [Some(forwards), of_energy(forwards)?].into_iter().flatten() {
            edges.push(edge);
            // An assumption fills in what is unknown; nothing becomes unknown again.
            if edge.kind != Kind::Assumed {
                let factor = Ratio::ONE.over(edge.factor)?;
                edges.push(Edge { start: edge.end, end: edge.start, factor, ..edge });
            }
        }
    }
    Ok(edges)
}

/// A factor between calorific values as one between energies. The volume cancels only where both are metered at the
/// same temperature: GCV 25/0 to 0/0, but not 15/15 to 0/0.
fn of_energy(edge: Edge<'_>) -> Result<Option<Edge<'_>>, Overflow> {
    let (Basis::CalorificValue(start), Basis::CalorificValue(end)) = (edge.start.basis, edge.end.basis) else {
        return Ok(None);
    };
    let metered_alike = match (start.reference, end.reference) {
        (Some(start), Some(end)) => start.metering == end.metering,
        _ => false,
    };
    let Some(scale) = SCALES.iter().find(|scale| scale.symbol == "GJ").filter(|_| metered_alike) else {
        return Ok(None);
    };
    let sizes = edge.end.scale.size()?.over(edge.start.scale.size()?)?;
    let of = |calorific| Unit { scale, basis: Basis::Energy(calorific), per: None };
    Ok(Some(Edge { start: of(start), end: of(end), factor: edge.factor.times(sizes)?, ..edge }))
}

/// The shortest way through the set, breadth first, in the order of the set.
fn way(from: Unit, to: Unit, set: &FactorSet) -> Result<Vec<Edge<'_>>, Refusal> {
    let edges = edges(set)?;
    let mut seen = vec![from.basis];
    let mut border: Vec<(Basis, Vec<Edge<'_>>)> = vec![(from.basis, Vec::new())];
    while !border.is_empty() {
        let mut next: Vec<(Basis, Vec<Edge<'_>>)> = Vec::new();
        for (basis, walked) in &border {
            for edge in edges.iter().filter(|edge| edge.start.basis == *basis) {
                if seen.contains(&edge.end.basis) {
                    continue;
                }
                seen.push(edge.end.basis);
                next.push((edge.end.basis, walked.iter().copied().chain([*edge]).collect()));
            }
        }
        let arrived: Vec<_> = next.iter().filter(|(basis, _)| to.basis.accepts(*basis)).collect();
        match arrived.as_slice() {
            [] => border = next,
            [(_, walked)] => return Ok(walked.clone()),
            several => {
                let units: Vec<_> = several.iter().map(|(basis, _)| Unit { basis: *basis, ..to }.to_string()).collect();
                let (set, from) = (set.name.clone(), from.to_string());
                return Err(Refusal::Ambiguous { set, from, candidates: units.join(", ") });
            }
        }
    }
    Err(Refusal::NoWay { set: set.name.clone(), from: from.to_string(), to: to.to_string() })
}

/// From one time of a rate to another.
fn time(from: Unit, to: Unit, set: Option<&FactorSet>, path: &mut Vec<Step>) -> Result<(), Refusal> {
    let (Some(start), Some(end)) = (from.per, to.per) else {
        return Ok(());
    };
    if start == end {
        return Ok(());
    }
    let (counts_months, start_length) = length(start);
    let (end_counts_months, end_length) = length(end);
    let mut factor = Ratio::new(end_length, start_length)?;
    let (mut kind, mut source) = (Kind::Exact, "by definition".to_owned());
    if counts_months != end_counts_months {
        let year = set
            .and_then(|set| set.year.as_ref())
            .ok_or_else(|| Refusal::YearLength { from: from.to_string(), to: to.to_string() })?;
        let hours_of_month = year.days.times(Ratio::new(24, 12)?)?;
        factor = if end_counts_months { factor.times(hours_of_month)? } else { factor.over(hours_of_month)? };
        (kind, source) = (year.kind, year.source.clone());
    }
    let text = |per: Per| format!("/{}", per.text());
    path.push(Step { from: text(start), to: text(end), factor, kind, source });
    Ok(())
}

/// Whether a time counts months (or else hours), and how many.
fn length(per: Per) -> (bool, i128) {
    match per {
        Per::Hour => (false, 1),
        Per::Day => (false, 24),
        Per::Month => (true, 1),
        Per::Year => (true, 12),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{factor, text};
    use super::*;
    use crate::value::decimal::d;

    fn run(value: &str, from: &str, to: &str, set: &str) -> Result<Converted, Refusal> {
        let sets = factor::standard().unwrap();
        let set = sets.iter().find(|known| known.name == set);
        convert(d(value), text::unit(from).unwrap(), text::unit(to).unwrap(), set)
    }

    fn value(amount: &str, from: &str, to: &str, set: &str) -> Decimal {
        run(amount, from, to, set).unwrap().value
    }

    #[test]
    fn metering_temperatures_by_the_ideal_gas() {
        // 288.15 / 293.15 = 0.98294388538... and 273.15 / 293.15 = 0.93177554153...
        let to_15 = run("1", "bcm@20C", "bcm@15C", "ideal-gas").unwrap();
        assert_eq!(to_15.value.round_dp(6), d("0.982944"));
        assert_eq!(to_15.value.round_dp(10), d("0.9829438854"));
        assert_eq!(to_15.factor, "288.15/293.15".parse().unwrap());
        assert!(!to_15.exact && to_15.rounded);
        assert_eq!(to_15.factor_set, "ideal-gas");
        assert_eq!(value("1", "bcm@20C", "bcm@0C", "ideal-gas").round_dp(6), d("0.931776"));
        // 38 x 288.15 / 293.15 = 37.351867644...
        assert_eq!(value("38", "bcm/y@20C", "bcm/y@15C", "ideal-gas").round_dp(8), d("37.35186764"));
        // There and back is the same number, because the factors are fractions.
        let back = run("293.15", "m3@20C", "m3@15C", "ideal-gas").unwrap();
        assert_eq!((back.value, back.rounded), (d("288.15"), false));
        // 60 F: 2593.35 / 2598.35 = 0.998075...
        assert_eq!(value("1", "MMcf@60F", "MMcf@15C", "ideal-gas").round_dp(7), d("0.9980757"));
    }

    #[test]
    fn definitions_need_no_set_and_are_exact() {
        let mwh = run("1", "MMBtu", "MWh", "").unwrap();
        assert_eq!(mwh.value.round_dp(10), d("0.2930710702"));
        assert_eq!(mwh.value.round_dp(16), d("0.2930710701722222"));
        assert!(mwh.exact && mwh.rounded);
        assert_eq!(mwh.factor_set, DEFINITIONS);
        // 1055.05585262e6 J / 3.6e9 J
        assert_eq!(mwh.factor, "1055.05585262/3600".parse().unwrap());
        assert_eq!(value("1", "MWh", "MMBtu", "").round_dp(16), d("3.4121416331279419"));
        assert_eq!(value("1", "toe", "GJ", ""), d("41.868"));
        assert_eq!(value("1", "toe", "MWh", ""), d("11.63"));
        assert_eq!(value("1", "ft3", "m3", ""), d("0.028316846592"));
        assert_eq!(value("1", "bbl crude", "m3 liquid", ""), d("0.158987294928"));
        assert_eq!(value("1", "kWh/m3 GCV 25/0", "MJ/m3", ""), d("3.6"));
        assert_eq!(value("37.2589458078", "MJ/m3", "Btu/ft3", "").round_dp(4), d("1000.0000"));
        // A size may change though the basis is unknown: it stays unknown.
        let unknown = run("38", "bcm", "mcm", "").unwrap();
        assert_eq!((unknown.value, unknown.unit.to_string()), (d("38000"), "mcm".to_owned()));
        assert_eq!(run("38", "bcm@20C", "mcm", "").unwrap().unit.to_string(), "mcm@20C");
    }

    #[test]
    fn calorific_values_by_iso_13443() {
        // 40 x 1.0570 = 42.28
        let converted = run("40", "MJ/m3 GCV 15/15", "MJ/m3 GCV 0/0", "iso-13443").unwrap();
        assert_eq!((converted.value, converted.exact, converted.rounded), (d("42.28"), false, false));
        assert_eq!(converted.path[0].source, "ISO 13443 table A.1 (real gas)");
        assert_eq!(value("36", "MJ/m3 NCV 15/15", "MJ/m3 NCV 0/0", "iso-13443"), d("37.998"));
        // An energy metered alike changes with the combustion temperature only.
        assert_eq!(value("10", "TWh GCV 25/0", "TWh GCV 0/0", "iso-13443"), d("10.026"));
        assert!(matches!(run("10", "TWh GCV 15/15", "TWh GCV 0/0", "iso-13443"), Err(Refusal::NoWay { .. })));
    }

    #[test]
    fn sets_join_measures() {
        // 156.51 million MMBtu for 3 Mt.
        assert_eq!(value("3", "Mt/y LNG", "million MMBtu/y GCV", "driftwood-spa"), d("156.51"));
        // 40 / 3.6 = 11.111...
        assert_eq!(value("1", "bcm@15C", "TWh GCV", "energy-institute").round_dp(4), d("11.1111"));
        // 1000 x 8850 x 4186.8 J / 1055.05585262e6 J = 35.1196...
        assert_eq!(value("1", "thousand m3@20C", "MMBtu", "gost-8850").round_dp(2), d("35.12"));
        // Two factors: to 15 C, then 0.735.
        let two = run("1", "bcm@20C", "Mt LNG", "energy-institute").unwrap();
        assert_eq!(two.path.len(), 2);
        assert_eq!(two.factor, "0.735".parse::<Ratio>().unwrap().times("288.15/293.15".parse().unwrap()).unwrap());
        // 7.33 x 1e6 / 365 / 1e3 = 20.0822
        assert_eq!(value("1", "Mt/y crude", "kb/d", "crude-7.33").round_dp(2), d("20.08"));
        // 1 / 0.138 = 7.246
        assert_eq!(value("1", "t crude", "bbl", "crude-crea").round_dp(3), d("7.246"));
        let assumed = run("38", "bcm/y", "bcm/y@15C", "metered-20c").unwrap();
        assert_eq!(assumed.value.round_dp(4), d("37.3519"));
        assert_eq!((assumed.path[0].kind, assumed.exact), (Kind::Assumed, false));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let refused = |from, to, set| run("1", from, to, set).unwrap_err().to_string();
        assert!(refused("bcm", "bcm@15C", "").contains("does not say the temperature"));
        assert!(refused("MWh", "MWh GCV", "").contains("gross or net"));
        assert!(refused("bcm@20C", "bcm@15C", "").contains("different bases"));
        assert!(refused("bcm@20C", "TWh", "").contains("different bases"));
        assert!(refused("bcm", "bcm@15C", "ideal-gas").contains("ideal-gas has no way from bcm to bcm@15C"));
        assert!(refused("MWh GCV", "MWh NCV", "iso-13443").contains("has no way"));
        assert!(refused("bcm/y", "bcm", "").contains("one is an amount"));
        assert!(refused("kb/d", "kb/y", "").contains("length of a year"));
        assert!(run("1", "bcm/d", "bcm/h", "").unwrap().value.round_dp(6) == d("0.041667"));
        assert_eq!(value("12", "Mt/y", "Mt/month", ""), d("1"));
        // 37.3518... x 1055.05585262 / 3600 = 10.94675182351963727...
        // 28 digits times a fraction of many digits: no fraction of 128 bits holds it, so it is rounded and says so.
        let long = run("37.35186764455057137983967252", "MMBtu", "MWh", "").unwrap();
        assert_eq!((long.value.round_dp(12), long.rounded), (d("10.94675182352"), true));
        assert_eq!(run("79228162514264337593543950335", "tcm", "m3", ""), Err(Refusal::Overflow));
    }

    #[test]
    fn an_open_target_with_two_answers_is_refused() {
        let data = "set,from,to,factor,kind,source\ns,m3@20C,MJ GCV,40,typical,x\ns,m3@20C,MJ NCV,36,typical,x\n";
        let sets = factor::read(data).unwrap();
        let convert = |to| convert(d("1"), text::unit("m3@20C").unwrap(), text::unit(to).unwrap(), sets.first());
        let refusal = convert("MJ").unwrap_err().to_string();
        assert!(refusal.contains("MJ GCV, MJ NCV"), "{refusal}");
        assert_eq!(convert("MJ NCV").unwrap().value, d("36"));
    }
}
