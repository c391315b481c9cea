//! What a reader of one layout gathers.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::energy::contract::Fact;
use crate::energy::contract::check::{Problem, check};
use crate::import::Refusal;

/// A fact of the book with its contract and its place in a file.
pub struct Entry {
    pub contract: String,
    pub fact: Fact,
    pub file: String,
    pub line: u64,
}

/// What a reader of one layout gathers.
#[derive(Default)]
pub struct Gathered {
    pub entries: Vec<Entry>,
    seen: HashSet<(String, Fact)>,
    /// Contracts of which a fact was rejected.
    pub bad: BTreeSet<String>,
    /// Where each contract stands first.
    files: BTreeMap<String, String>,
}

impl Gathered {
    /// Takes a fact, or says why not.
    pub fn take(&mut self, contract: &str, fact: Result<Fact, Refusal>, file: &str, line: u64) -> Result<(), Refusal> {
        let first = self.files.entry(contract.to_owned()).or_insert_with(|| file.to_owned());
        let taken = fact.and_then(|fact| {
            if first != file {
                let reason = format!("stands in {first} too; all rows of a contract belong in one file");
                return Err(Refusal::new("contract", contract, reason));
            }
            check(&fact)?;
            if !self.seen.insert((contract.to_owned(), fact.clone())) {
                return Err(Refusal::new("contract", contract, "is a row that stands there twice"));
            }
            Ok(fact)
        });
        match taken {
            Ok(fact) => {
                self.entries.push(Entry { contract: contract.to_owned(), fact, file: file.to_owned(), line });
                Ok(())
            }
            Err(refusal) => {
                self.bad.insert(contract.to_owned());
                Err(refusal)
            }
        }
    }
}

pub fn identifier(text: &str) -> Result<(), Refusal> {
    if !text.is_empty() && text.len() <= 100 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(());
    }
    Err(Refusal::new("contract", text, "is not a valid identifier; expected at most 100 letters, digits and `-`"))
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        let Problem { field, value, reason } = problem;
        Self { field, value, reason }
    }
}
