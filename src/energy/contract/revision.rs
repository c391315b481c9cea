//! What changed from one version of a contract to the next.

use std::collections::HashSet;

use super::Fact;

/// A fact that came, one that went, or both in one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub from: Option<Fact>,
    pub to: Option<Fact>,
}

/// Facts that went and came. One that went and one that came of the same field, steps and beginning are one change.
pub fn changes(old: &[Fact], new: &[Fact]) -> Vec<Change> {
    let mut unmatched: HashSet<&Fact> = old.iter().collect();
    let came: Vec<&Fact> = new.iter().filter(|fact| !unmatched.remove(fact)).collect();
    let mut gone: Vec<&Fact> = old.iter().filter(|fact| unmatched.contains(fact)).collect();
    let mut changes = Vec::new();
    for came in came {
        let is_same = |fact: &&Fact| {
            (fact.field, fact.first_year, fact.from, &fact.source)
                == (came.field, came.first_year, came.from, &came.source)
        };
        let from = gone.iter().position(is_same).map(|index| gone.remove(index).clone());
        changes.push(Change { from, to: Some(came.clone()) });
    }
    changes.extend(gone.into_iter().map(|gone| Change { from: Some(gone.clone()), to: None }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::contract::{Confidence, FactState, Field};

    #[test]
    fn a_value_that_changes_is_one_change() {
        let of = |field: Field, value: &str| Fact {
            field,
            value: value.into(),
            unit: String::new(),
            country: String::new(),
            from: None,
            until: None,
            first_year: None,
            last_year: None,
            source: "a source".into(),
            confidence: Confidence::High,
            state: FactState::Extracted,
            note: String::new(),
        };
        let old = [of(Field::Seller, "A"), of(Field::Acq, "38"), of(Field::Note, "gone")];
        let new = [of(Field::Acq, "44"), of(Field::Seller, "A"), of(Field::Buyer, "B")];
        let found: Vec<(Option<String>, Option<String>)> = changes(&old, &new)
            .into_iter()
            .map(|change| (change.from.map(|fact| fact.value), change.to.map(|fact| fact.value)))
            .collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found, [(text("38"), text("44")), (None, text("B")), (text("gone"), None)]);
    }
}
