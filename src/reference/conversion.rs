//! How codes of two HS editions correspond. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{Classification, Codes, CommodityCode};

/// Name of the dataset of concordances.
pub const DATASET: &str = "concordance-hs";

/// How two codes correspond.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    OneToOne,
    OneToMany,
    ManyToOne,
    ManyToMany,
}

/// Relation of each pair among `asked`, seen from its first code. `around` holds every pair in which a second code of
/// `asked` stands.
///
/// 1:n when the code was split and no part belongs to another code too; n:1 when it went wholly into a code that others
/// went into; n:n when it was split and a part merged.
pub fn relations(asked: &[(i32, i32)], around: &[(i32, i32)]) -> Vec<(i32, i32, Relation)> {
    let mut forward: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    let mut back: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    for (from, to) in asked {
        forward.entry(*from).or_default().insert(*to);
    }
    for (from, to) in asked.iter().chain(around) {
        back.entry(*to).or_default().insert(*from);
    }
    let shared = |to: &i32| back.get(to).is_some_and(|sources| sources.len() > 1);
    let relation = |(from, to): &(i32, i32)| {
        let targets = forward.get(from).map_or(0, BTreeSet::len);
        let any_shared = forward.get(from).is_some_and(|targets| targets.iter().any(shared));
        match (targets > 1, any_shared) {
            (false, false) => Relation::OneToOne,
            (false, true) => Relation::ManyToOne,
            (true, false) => Relation::OneToMany,
            (true, true) if shared(to) => Relation::ManyToMany,
            (true, true) => Relation::OneToMany,
        }
    };
    asked.iter().map(|pair| (pair.0, pair.1, relation(pair))).collect()
}

/// Stands for a counterpart that is not known, so that its code is 1:1 with none.
const UNKNOWN: i32 = -1;

/// All pairs of six-digit codes of two editions.
#[derive(Clone, Default, Debug)]
pub struct Concordance {
    pairs: Vec<(i32, i32)>,
}

impl Concordance {
    /// Steps from edition to edition, all pairs of each. A code on the way that leads nowhere leaves it open what those before
    /// and behind it correspond to.
    pub fn through(steps: &[Vec<(i32, i32)>]) -> Self {
        let mut steps = steps.iter();
        let mut pairs = steps.next().cloned().unwrap_or_default();
        for step in steps {
            let mut onward: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
            for (from, to) in step {
                onward.entry(*from).or_default().push(*to);
            }
            let reached: BTreeSet<i32> = pairs.iter().map(|pair| pair.1).collect();
            let mut longer: BTreeSet<(i32, i32)> = BTreeSet::new();
            for (from, by) in &pairs {
                let targets = onward.get(by).cloned().unwrap_or_else(|| vec![UNKNOWN]);
                longer.extend(targets.into_iter().map(|to| (*from, to)));
            }
            longer.extend(step.iter().filter(|(by, _)| !reached.contains(by)).map(|(_, to)| (UNKNOWN, *to)));
            pairs = longer.into_iter().collect();
        }
        Self { pairs }
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// What a code of two, four or six digits became, in codes of as many digits.
    pub fn counterparts(&self, code: CommodityCode) -> Vec<(CommodityCode, Relation)> {
        let pairs = at_level(&self.pairs, code.level());
        let asked: Vec<(i32, i32)> = pairs.iter().copied().filter(|pair| pair.0 == code.number()).collect();
        let found = relations(&asked, &pairs);
        found.into_iter().filter_map(|(_, to, relation)| Some((CommodityCode::from_number(to)?, relation))).collect()
    }

    /// Codes of a level that hold the same goods in both editions: whatever one holds went into the other, and nothing else
    /// did. A known code that the concordance lacks keeps those above it from being so.
    pub fn one_to_one(&self, editions: (Classification, Classification), level: u32, codes: &Codes) -> Vec<(i32, i32)> {
        let from: BTreeSet<i32> = self.pairs.iter().map(|pair| pair.0).collect();
        let to: BTreeSet<i32> = self.pairs.iter().map(|pair| pair.1).collect();
        let lacking = |edition: Classification, known: &BTreeSet<i32>| -> Vec<i32> {
            codes.subheadings(edition).filter(|code| !known.contains(code)).collect()
        };
        let mut pairs = self.pairs.clone();
        pairs.extend(lacking(editions.0, &from).into_iter().map(|code| (code, UNKNOWN)));
        pairs.extend(lacking(editions.1, &to).into_iter().map(|code| (UNKNOWN, code)));
        let pairs = at_level(&pairs, level);
        let mut forward: BTreeMap<i32, usize> = BTreeMap::new();
        let mut back: BTreeMap<i32, usize> = BTreeMap::new();
        for (from, to) in &pairs {
            *forward.entry(*from).or_default() += 1;
            *back.entry(*to).or_default() += 1;
        }
        let is_one = |(from, to): &(i32, i32)| {
            *from != UNKNOWN && *to != UNKNOWN && forward.get(from) == Some(&1) && back.get(to) == Some(&1)
        };
        pairs.into_iter().filter(is_one).collect()
    }
}

/// Each pair once, with the codes of some digits above those of the pairs.
fn at_level(pairs: &[(i32, i32)], level: u32) -> Vec<(i32, i32)> {
    let above = |number: i32| match CommodityCode::from_number(number) {
        Some(code) => code.ancestor(level).number(),
        None => UNKNOWN,
    };
    let pairs: BTreeSet<(i32, i32)> = pairs.iter().map(|(from, to)| (above(*from), above(*to))).collect();
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(name: &str) -> Classification {
        Classification::parse(name).unwrap()
    }

    fn numbers(editions: [&str; 2], pairs: &[(&str, &str)]) -> Vec<(i32, i32)> {
        let number = |name: &str, code: &str| CommodityCode::parse(edition(name), code.as_bytes()).unwrap().number();
        pairs.iter().map(|(from, to)| (number(editions[0], from), number(editions[1], to))).collect()
    }

    #[test]
    fn codes_that_hold_the_same_goods_at_each_level() {
        let editions = ["HS2012", "HS2017"];
        // 0501 keeps its goods in other codes, 0502 gives some to 0503, and of 0504 a code is in no pair.
        let pairs = [
            ("050110", "050115"),
            ("050120", "050125"),
            ("050130", "050125"),
            ("050210", "050210"),
            ("050220", "050320"),
            ("050310", "050310"),
            ("050410", "050410"),
        ];
        let concordance = Concordance::through(&[numbers(editions, &pairs)]);
        let both = (edition("HS2012"), edition("HS2017"));
        let unpaired = numbers(editions, &[("050490", "050490")])[0].0;
        let codes = Codes::new(1, vec![unpaired]);
        let one = |level| concordance.one_to_one(both, level, &codes);
        let right = [("050110", "050115"), ("050210", "050210"), ("050220", "050320"), ("050310", "050310")];
        assert_eq!(one(6), numbers(editions, &[&right[..], &[("050410", "050410")]].concat()));
        assert_eq!(one(4), numbers(editions, &[("0501", "0501")]));
        assert_eq!(one(2), []);
        assert_eq!(concordance.one_to_one(both, 2, &Codes::default()), numbers(editions, &[("05", "05")]));
        let asked = CommodityCode::parse(both.0, b"0502").unwrap();
        let became: Vec<String> = concordance.counterparts(asked).iter().map(|found| found.0.to_string()).collect();
        assert_eq!(became, ["0502", "0503"]);
    }

    #[test]
    fn a_code_that_leads_nowhere_on_the_way_is_one_to_one_with_none() {
        let first = numbers(["HS2007", "HS2012"], &[("010110", "010111"), ("010120", "010121"), ("010120", "010122")]);
        let second = numbers(["HS2012", "HS2017"], &[("010111", "010119"), ("010121", "010129"), ("010133", "010139")]);
        let both = (edition("HS2007"), edition("HS2017"));
        let found = Concordance::through(&[first, second]).one_to_one(both, 6, &Codes::default());
        assert_eq!(found, numbers(["HS2007", "HS2017"], &[("010110", "010119")]));
    }

    #[test]
    fn the_four_relations() {
        // 1 stays 10; 2 is split into 20 and 21; 3 and 4 merge into 30; 5 is split into 50 and 51, and 6 goes into 51.
        let all = [(1, 10), (2, 20), (2, 21), (3, 30), (4, 30), (5, 50), (5, 51), (6, 51)];
        let of = |from: i32| -> Vec<Relation> {
            let asked: Vec<(i32, i32)> = all.iter().copied().filter(|pair| pair.0 == from).collect();
            let targets: Vec<i32> = asked.iter().map(|pair| pair.1).collect();
            let around: Vec<(i32, i32)> = all.iter().copied().filter(|pair| targets.contains(&pair.1)).collect();
            relations(&asked, &around).into_iter().map(|(_, _, relation)| relation).collect()
        };
        assert_eq!(of(1), [Relation::OneToOne]);
        assert_eq!(of(2), [Relation::OneToMany, Relation::OneToMany]);
        assert_eq!(of(3), [Relation::ManyToOne]);
        assert_eq!(of(5), [Relation::OneToMany, Relation::ManyToMany]);
        assert_eq!(of(6), [Relation::ManyToOne]);
    }
}
