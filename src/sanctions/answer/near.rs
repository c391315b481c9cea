//! Subjects near a search that finds none: with words that are written alike, with two words where one was typed, or with
//! all words but one.
//!
//! An offer to whoever mistyped, and no screening: it misses what begins otherwise.

use std::collections::HashSet;

use crate::register::Moment;
use crate::store::{Deadline, Error, Store};

use crate::sanctions::store::search;
use crate::sanctions::subject::keys::KeyKind;
use crate::sanctions::subject::listed::{Filter, Listed};
use crate::sanctions::subject::search::{Keys, Search, Wanted};

/// Subjects that are offered.
const OFFERED: usize = 5;
/// Words of a search that are looked at one by one.
const WORDS_MAX: usize = 6;
/// Words that are offered for one.
const ALIKE_MAX: usize = 8;

/// Subjects near a search, nearer ones first; of those with all words but one, those without the commonest word.
pub(super) async fn near(
    store: &Store,
    search: &Search,
    filter: &Filter,
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut words = Vec::new();
    for wanted in search.words.iter().take(WORDS_MAX) {
        words.push(Word::look_up(store, wanted, deadline).await?);
    }
    let mut found: Vec<Listed> = Vec::new();
    let mut seen = HashSet::new();
    for attempt in attempts(&words) {
        if found.len() >= OFFERED {
            break;
        }
        let subjects = search::with_words(store, &attempt, filter, moment, OFFERED, deadline).await?;
        found.extend(subjects.into_iter().filter(|subject| seen.insert(subject.number)));
    }
    found.truncate(OFFERED);
    Ok(found)
}

/// A word of a search, and what may be meant by it.
struct Word {
    wanted: Wanted,
    /// Subjects that have it, as far as it matters.
    subjects: usize,
    /// Words that are written alike, and the two words that it may be; looked for where nobody has it.
    alike: Vec<String>,
    halves: Option<[String; 2]>,
}

impl Word {
    async fn look_up(store: &Store, wanted: &Wanted, deadline: &Deadline) -> Result<Self, Error> {
        let subjects = search::holders(store, wanted, deadline).await?;
        let mut word = Self { wanted: wanted.clone(), subjects, alike: Vec::new(), halves: None };
        if let (0, Keys::OneOf(keys)) = (subjects, &wanted.keys)
            && let Some(typed) = keys.first()
        {
            let known = search::words_beginning_as(store, typed, deadline).await?;
            word.alike = alike(typed, &known);
            for (first, second) in splits(typed).filter(|(first, _)| known.contains(*first)) {
                let rest = Wanted::one_of(KeyKind::Word, &[second]);
                if search::holders(store, &rest, deadline).await? > 0 {
                    word.halves = Some([first.to_owned(), second.to_owned()]);
                    break;
                }
            }
        }
        Ok(word)
    }

    /// As it is where somebody has it, else what may be meant.
    fn meant(&self) -> Vec<Vec<Wanted>> {
        let mut meant = Vec::new();
        if self.subjects > 0 {
            meant.push(vec![self.wanted.clone()]);
        }
        let halves =
            self.halves.iter().map(|halves| halves.each_ref().map(|half| Wanted::one_of(KeyKind::Word, &[half])));
        meant.extend(halves.map(Vec::from));
        if !self.alike.is_empty() {
            meant.push(vec![Wanted::one_of(KeyKind::Word, &self.alike)]);
        }
        meant
    }
}

/// What is looked for, one after the other.
fn attempts(words: &[Word]) -> Vec<Vec<Wanted>> {
    let mut attempts = vec![Vec::new()];
    for word in words {
        let meant = word.meant();
        // What nobody has, and nothing is like, is left out.
        if !meant.is_empty() {
            attempts = attempts
                .iter()
                .flat_map(|attempt| meant.iter().map(|meant| [attempt.as_slice(), meant].concat()))
                .take(WORDS_MAX)
                .collect();
        }
    }
    // All but one, the commonest left out first, of equal ones the last, which the company's form often is.
    let mut by_number: Vec<usize> = (0..words.len()).collect();
    by_number.sort_by_key(|place| std::cmp::Reverse((words[*place].subjects, *place)));
    for left_out in by_number.into_iter().filter(|_| words.len() > 1) {
        let others = words.iter().enumerate().filter(|(place, _)| *place != left_out);
        attempts.push(others.filter_map(|(_, word)| word.meant().into_iter().next()).flatten().collect());
    }
    attempts.retain(|attempt| !attempt.is_empty());
    attempts
}

/// Known words that one or two typing errors make of this one, the nearest first.
fn alike(typed: &str, known: &HashSet<String>) -> Vec<String> {
    let errors = if typed.len() < 6 { 1 } else { 2 };
    let mut alike: Vec<(usize, &String)> =
        known.iter().map(|word| (strsim::osa_distance(typed, word), word)).filter(|(far, _)| *far <= errors).collect();
    alike.sort_unstable();
    alike.into_iter().take(ALIKE_MAX).map(|(_, word)| word.clone()).collect()
}

/// In how many ways a word is two words of three letters or more.
fn splits(word: &str) -> impl Iterator<Item = (&str, &str)> {
    (3..word.len().saturating_sub(2)).rev().filter_map(|place| word.split_at_checked(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_one_or_two_errors_is_alike() {
        let known: HashSet<String> = ["rosneft", "rosnano", "rostec", "ros", "rosneftegaz"].map(str::to_owned).into();
        assert_eq!(alike("rosnef", &known), ["rosneft", "rostec"]);
        assert_eq!(alike("rosnetf", &known), ["rosneft"]);
        assert_eq!(alike("rosn", &known), ["ros"]);
        assert!(alike("sberbank", &known).is_empty());
    }

    #[test]
    fn a_word_is_two_words_of_three_letters_or_more() {
        let both: Vec<(&str, &str)> = splits("gazneft").collect();
        assert_eq!(both, [("gazn", "eft"), ("gaz", "neft")]);
        assert_eq!(splits("ab").count() + splits("abcde").count(), 0);
    }
}
