//! Bringing facts into the order of a cube.

use super::arrange::cube_of;
use super::columns::Cube;
use super::facts::{Columns, Fact};

/// Why facts cannot be kept as columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unfit {
    #[error("sums over all facts do not fit 64 bits")]
    Overflow,
    #[error("there are more facts than 32 bits can number")]
    TooMany,
    #[error("two facts have the same key")]
    Twice,
}

/// Takes facts in any order; those in the order of the key need no sorting.
#[derive(Debug, Default)]
pub struct Builder {
    facts: Columns,
    last: Option<(u16, u8, i32, u16, i32)>,
    /// Facts that came behind one that belongs behind them.
    apart: Vec<Fact>,
    absolute: [i128; 2],
}

impl Builder {
    /// With room for so many facts.
    pub fn with_capacity(facts: usize) -> Self {
        let mut builder = Self::default();
        builder.facts.commodity.reserve_exact(facts);
        builder.facts.value.reserve_exact(facts);
        builder.facts.net_weight.reserve_exact(facts);
        builder.facts.marks.reserve_exact(facts);
        builder
    }

    /// Takes the facts of another, which should all lie behind these.
    pub fn append(&mut self, later: Self) -> Result<(), Unfit> {
        let is_behind = match (self.facts.blocks.last(), later.facts.blocks.first()) {
            (Some(last), Some(first)) => last.reporter < first.reporter,
            _ => true,
        };
        if !is_behind {
            return later.facts.iter().chain(later.apart).try_for_each(|fact| self.push(fact));
        }
        if self.len() + later.len() >= u32::MAX as usize {
            return Err(Unfit::TooMany);
        }
        for (sum, later) in self.absolute.iter_mut().zip(later.absolute) {
            *sum += later;
        }
        self.last = later.last.or(self.last);
        self.apart.extend(later.apart);
        self.facts.append(later.facts);
        Ok(())
    }

    fn len(&self) -> usize {
        self.facts.commodity.len() + self.apart.len()
    }

    pub fn push(&mut self, fact: Fact) -> Result<(), Unfit> {
        if self.len() >= u32::MAX as usize {
            return Err(Unfit::TooMany);
        }
        for (sum, cell) in self.absolute.iter_mut().zip([fact.value, fact.net_weight]) {
            *sum += i128::from(cell.get().unwrap_or(0)).abs();
        }
        let key = Some(fact.key());
        if self.last >= key {
            self.apart.push(fact);
        } else {
            self.last = key;
            self.facts.push(&fact);
        }
        Ok(())
    }

    /// The cube of all facts.
    pub fn finish(mut self) -> Result<Cube, Unfit> {
        if self.absolute.iter().any(|sum| *sum > i128::from(i64::MAX)) {
            return Err(Unfit::Overflow);
        }
        if !self.apart.is_empty() {
            self.merge()?;
        }
        Ok(cube_of(self.facts))
    }

    /// Brings what came out of order between the rest.
    fn merge(&mut self) -> Result<(), Unfit> {
        let mut apart = std::mem::take(&mut self.apart);
        apart.sort_unstable_by_key(Fact::key);
        let ordered = std::mem::take(&mut self.facts);
        let mut facts = Columns::default();
        let mut last = None;
        let mut push = |fact: &Fact| {
            let key = Some(fact.key());
            if last >= key {
                return Err(Unfit::Twice);
            }
            last = key;
            facts.push(fact);
            Ok(())
        };
        let mut apart = apart.iter().peekable();
        for fact in ordered.iter() {
            while let Some(earlier) = apart.next_if(|apart| apart.key() <= fact.key()) {
                push(earlier)?;
            }
            push(&fact)?;
        }
        for fact in apart {
            push(fact)?;
        }
        self.facts = facts;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{Classification, CommodityCode};
    use crate::value::Cell;

    fn fact((reporter, flow, period, partner): (u16, u8, i32, u16), code: &str, value: i64) -> Fact {
        let classification = Classification::parse("HS2017").unwrap();
        let commodity = CommodityCode::parse(classification, code.as_bytes()).unwrap().number();
        let (value, net_weight) = (Cell::from(value), Cell::new((value % 3 != 0).then_some(value)));
        Fact { reporter, flow, period, partner, commodity, value, net_weight, flags: (value.known() % 2) as u16 }
    }

    fn built(facts: impl IntoIterator<Item = Fact>) -> Result<Cube, Unfit> {
        let mut builder = Builder::default();
        for fact in facts {
            builder.push(fact)?;
        }
        builder.finish()
    }

    fn some_facts() -> Vec<Fact> {
        let mut facts = Vec::new();
        for reporter in [156, 643] {
            for period in [202_000, 202_100] {
                for partner in [0, 276] {
                    for (place, code) in ["TOTAL", "27", "271121", "290110"].into_iter().enumerate() {
                        let value = i64::from(reporter + partner) + place as i64;
                        facts.push(fact((reporter, 2, period, partner), code, value));
                    }
                }
            }
        }
        facts
    }

    proptest! {
        #[test]
        fn the_order_in_which_facts_come_does_not_matter(facts in Just(some_facts()).prop_shuffle()) {
            let mut ordered = facts.clone();
            ordered.sort_by_key(Fact::key);
            prop_assert_eq!(built(facts).unwrap(), built(ordered).unwrap());
        }

        #[test]
        fn parts_give_what_one_gives(facts in Just(some_facts()).prop_shuffle(), cuts in prop::collection::vec(0_usize..=32, 0..4),
            is_sorted: bool,
        ) {
            let mut facts = facts;
            if is_sorted {
                facts.sort_by_key(Fact::key);
            }
            let mut all = Builder::with_capacity(facts.len());
            let mut cuts = cuts;
            cuts.extend([0, facts.len()]);
            cuts.sort_unstable();
            for cut in cuts.windows(2) {
                let mut part = Builder::default();
                facts[cut[0]..cut[1]].iter().try_for_each(|fact| part.push(*fact)).unwrap();
                all.append(part).unwrap();
            }
            prop_assert_eq!(all.finish().unwrap(), built(facts).unwrap());
        }
    }

    #[test]
    fn what_cannot_be_added_exactly_is_no_cube() {
        let key = (156, 2, 202_000, 276);
        let large = [fact(key, "271121", i64::MAX - 1), fact(key, "290110", i64::MAX - 1)];
        assert_eq!(built(large), Err(Unfit::Overflow));
        let twice = [fact(key, "271121", 1), fact(key, "271121", 2)];
        assert_eq!(built(twice), Err(Unfit::Twice));
        assert!(built([]).unwrap().is_empty());
    }

    #[test]
    fn every_order_holds_every_fact_once() {
        let cube = built(some_facts()).unwrap();
        assert_eq!((cube.len(), cube.blocks.len(), cube.pairs.len()), (32, 4, 9));
        let mut by_code = cube.by_code.clone();
        by_code.sort_unstable();
        assert_eq!(by_code, (0..32).collect::<Vec<u32>>());
        let of_pairs: i64 = cube.pair_sums.iter().map(|sums| sums.sums.rows).sum();
        assert_eq!(of_pairs, 32);
        assert!(cube.bytes() > 32 * 29 && cube.blocks.iter().all(|block| block.kind.is_none()));
    }
}
