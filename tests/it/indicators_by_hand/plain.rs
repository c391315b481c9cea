//! Sums by scanning all facts, and ratios that say why there are none.

use std::collections::{BTreeMap, BTreeSet};

use entrepot::proto::entrepot::trade::v1::AbsentReason as Why;

use super::made_up::{Fact, WORLD};

/// What a sum is of; what is open is absent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Of {
    pub reporter: Option<u16>,
    pub partner: Option<u16>,
    pub flow: &'static str,
    pub code: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sum {
    pub value: i128,
    pub weighed: (i128, i128),
    pub is_whole: bool,
}

/// A question: lists that are alternatives, empty for all.
#[derive(Clone, Default, Debug)]
pub struct Asked {
    pub reporters: Vec<u16>,
    pub partners: Vec<u16>,
    pub codes: Vec<String>,
}

pub struct World<'a> {
    pub facts: &'a [Fact],
    pub reports: &'a Reports,
    pub asked: Asked,
}

/// A reporter's flow in a period.
pub type Report = (u16, &'static str, (i32, i32));

/// Whether each report has rows of the World.
pub type Reports = BTreeMap<Report, bool>;

pub fn reports(facts: &[Fact]) -> Reports {
    let mut reports = Reports::new();
    for fact in facts {
        *reports.entry((fact.reporter, fact.flow, fact.months)).or_default() |= fact.partner == WORLD;
    }
    reports
}

pub type Number = Result<f64, Why>;

impl World<'_> {
    pub fn is_meant(&self, fact: &Fact, of: &Of) -> bool {
        let Asked { reporters, codes, .. } = &self.asked;
        (reporters.is_empty() || reporters.contains(&fact.reporter))
            && of.reporter.is_none_or(|reporter| reporter == fact.reporter)
            && (of.flow.is_empty() || of.flow == fact.flow)
            && of.code.as_ref().is_none_or(|code| fact.code.starts_with(code.as_str()))
            && (codes.is_empty() || codes.iter().any(|code| fact.code.starts_with(code.as_str())))
            && self.has_partner(fact, of)
    }

    pub fn has_partner(&self, fact: &Fact, of: &Of) -> bool {
        if let Some(partner) = of.partner {
            return fact.partner == partner;
        }
        if !self.asked.partners.is_empty() {
            return self.asked.partners.contains(&fact.partner);
        }
        let has_world = self.reports[&(fact.reporter, fact.flow, fact.months)];
        (fact.partner == WORLD) == has_world
    }

    /// The months that each of those meant reports.
    pub fn reported(&self, of: &Of, months: (i32, i32)) -> BTreeMap<u16, BTreeSet<i32>> {
        let reporters = &self.asked.reporters;
        let reports = self.reports.keys().filter(|(reporter, flow, _)| {
            (reporters.is_empty() || reporters.contains(reporter))
                && of.reporter.is_none_or(|of| of == *reporter)
                && (of.flow.is_empty() || of.flow == *flow)
        });
        let mut reported: BTreeMap<u16, BTreeSet<i32>> = BTreeMap::new();
        for (reporter, _, own) in reports.filter(|(.., own)| own.0 >= months.0 && own.1 <= months.1) {
            reported.entry(*reporter).or_default().extend(own.0..=own.1);
        }
        reported
    }

    /// A number, where the same reporters are behind all sums of which there is any report.
    pub fn alike(&self, number: Number, sums: &[(Of, (i32, i32))]) -> Number {
        let behind = sums.iter().map(|(of, months)| self.reported(of, *months).into_keys().collect::<Vec<u16>>());
        let behind: BTreeSet<Vec<u16>> = behind.filter(|reporters| !reporters.is_empty()).collect();
        if behind.len() > 1 { number.and(Err(Why::ReportersDiffer)) } else { number }
    }

    pub fn sum(&self, of: &Of, months: (i32, i32)) -> Result<Sum, Why> {
        let within = self.facts.iter().filter(|fact| fact.months.0 >= months.0 && fact.months.1 <= months.1);
        let facts: Vec<&Fact> = within.filter(|fact| self.is_meant(fact, of)).collect();
        let reported = self.reported(of, months);
        let is_whole = reported.values().all(|own| (months.0..=months.1).all(|month| own.contains(&month)));
        if facts.is_empty() {
            return Err(if reported.is_empty() {
                Why::NotReported
            } else if is_whole {
                Why::NoTradeReported
            } else {
                Why::IncompletePeriod
            });
        }
        let weighed = facts.iter().filter_map(|fact| Some((fact.value, fact.weight?)));
        let weighed = weighed.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Ok(Sum { value: facts.iter().map(|fact| fact.value).sum(), weighed, is_whole })
    }

    /// The value of a period that is whole, in the currency.
    pub fn whole(&self, of: &Of, months: (i32, i32)) -> Number {
        match self.sum(of, months)? {
            sum if sum.is_whole => Ok(sum.value as f64 / 1000.0),
            _ => Err(Why::IncompletePeriod),
        }
    }

    pub fn value(&self, of: &Of, months: (i32, i32)) -> Number {
        Ok(self.sum(of, months)?.value as f64 / 1000.0)
    }

    /// Partners, reporters or codes of a level that a sum is spread over.
    pub fn members(&self, of: &Of, across: i32, level: usize, months: (i32, i32)) -> Vec<Of> {
        let mut found = BTreeSet::new();
        for fact in self.facts.iter().filter(|fact| fact.months.0 >= months.0 && fact.months.1 <= months.1) {
            let mut member = of.clone();
            match across {
                4 => member.reporter = Some(fact.reporter),
                5 if fact.partner == WORLD => continue,
                5 if !self.asked.partners.is_empty() && !self.asked.partners.contains(&fact.partner) => continue,
                5 => member.partner = Some(fact.partner),
                _ => member.code = Some(fact.code[..level].to_owned()),
            }
            if self.is_meant(fact, &member) {
                found.insert(member);
            }
        }
        found.into_iter().collect()
    }
}

pub fn or_zero(number: Number) -> Number {
    if number == Err(Why::NoTradeReported) { Ok(0.0) } else { number }
}

pub fn base(number: Number) -> Number {
    match number {
        Ok(0.0) | Err(Why::NoTradeReported) => Err(Why::BaseZero),
        Err(Why::NotReported) => Err(Why::BaseNotReported),
        Err(Why::IncompletePeriod) => Err(Why::BaseIncomplete),
        other => other,
    }
}

pub fn over(one: Number, other: Number) -> Number {
    let other = base(other)?;
    Ok(or_zero(one)? / other)
}

pub fn growth(now: Number, before: Number) -> Number {
    let before = base(before)?;
    Ok((or_zero(now)? - before) / before)
}

pub fn change(now: Number, before: Number) -> Number {
    let before = or_zero(before).or_else(|why| base(Err(why)))?;
    Ok(or_zero(now)? - before)
}

pub fn sum(numbers: impl IntoIterator<Item = Number>) -> Number {
    numbers.into_iter().try_fold(0.0, |sum, number| Ok(sum + or_zero(number)?))
}
