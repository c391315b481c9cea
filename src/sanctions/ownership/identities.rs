//! Which identifiers mean the same person or entity.

use std::collections::HashMap;

/// Identifiers in the order in which they came, joined by links.
#[derive(Default)]
pub struct Identities {
    numbers: HashMap<String, usize>,
    ids: Vec<String>,
    /// Towards the one that stands for all, which is the one that came first and its own parent.
    parents: Vec<usize>,
}

impl Identities {
    /// Whether it is new.
    pub fn add(&mut self, id: &str) -> bool {
        let number = self.ids.len();
        if self.numbers.contains_key(id) {
            return false;
        }
        self.numbers.insert(id.to_owned(), number);
        self.ids.push(id.to_owned());
        self.parents.push(number);
        true
    }

    pub fn has(&self, id: &str) -> bool {
        self.numbers.contains_key(id)
    }

    /// Both mean the same; neither needs to be known.
    pub fn join(&mut self, one: &str, other: &str) {
        self.add(one);
        self.add(other);
        let (one, other) = (self.first(self.numbers[one]), self.first(self.numbers[other]));
        self.parents[one.max(other)] = one.min(other);
    }

    /// The one that stands for all that mean the same; an unknown one for itself.
    pub fn of<'a>(&'a self, id: &'a str) -> &'a str {
        self.numbers.get(id).map_or(id, |number| &self.ids[self.first(*number)])
    }

    /// All in the order in which they came.
    pub fn all(&self) -> &[String] {
        &self.ids
    }

    fn first(&self, mut number: usize) -> usize {
        while self.parents[number] != number {
            number = self.parents[number];
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_join_what_came_before_them_too() {
        let mut identities = Identities::default();
        for id in ["a", "b", "c", "d"] {
            assert!(identities.add(id));
        }
        assert!(!identities.add("a"));
        identities.join("d", "c");
        identities.join("d", "e");
        identities.join("b", "e");
        assert_eq!(["a", "b", "c", "d", "e", "f"].map(|id| identities.of(id)), ["a", "b", "b", "b", "b", "f"]);
        assert!(identities.has("e") && !identities.has("f"));
    }
}
