//! How codes of two HS editions correspond. Pure.

use std::collections::{BTreeMap, BTreeSet};

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

#[cfg(test)]
mod tests {
    use super::*;

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
