//! Texts that subjects are looked for by, read as the keys that they must have.

use super::identifier;
use super::keys::{self, KeyKind};
use crate::value::words;

/// Keys of one kind of which a subject must have one.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub kind: KeyKind,
    pub keys: Keys,
}

#[derive(Clone, Debug)]
pub enum Keys {
    OneOf(Vec<String>),
    /// Begin so: ASCII letters and digits.
    Beginning(String),
}

impl Wanted {
    pub fn one_of<T: AsRef<str>>(kind: KeyKind, keys: &[T]) -> Self {
        Self { kind, keys: Keys::OneOf(keys.iter().map(|key| key.as_ref().to_owned()).collect()) }
    }

    /// Keys of ASCII letters and digits.
    pub fn beginning(kind: KeyKind, text: String) -> Self {
        Self { kind, keys: Keys::Beginning(text) }
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    pub words: Vec<Wanted>,
    pub full_name: Wanted,
    pub identifier: Wanted,
}

impl Search {
    /// `None` when there is nothing to look for, or one letter or digit, which too many names have.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().count() < 2 && !text.chars().all(words::is_word) {
            return None;
        }
        let mut words = Vec::new();
        for part in text.split_whitespace() {
            let mut parts = words::words(part);
            // One letter begins too many words, and a character that is a word begins none.
            let begun = part.strip_suffix('*').filter(|begun| !begun.ends_with(words::is_word));
            let is_beginning = begun.is_some() && parts.last().is_some_and(|last| last.len() > 1);
            let beginning = if is_beginning { parts.pop() } else { None };
            words.extend(parts.into_iter().map(|word| Wanted::one_of(KeyKind::Word, &[word])));
            words.extend(beginning.map(|word| Wanted::beginning(KeyKind::Word, word)));
        }
        words.truncate(20);
        let full_name = Wanted::one_of(KeyKind::FullName, &[keys::full_name(&words::words(text))]);
        let identifier = Wanted::one_of(KeyKind::Identifier, &[identifier::normalized_query(text)]);
        (!words.is_empty()).then_some(Self { words, full_name, identifier })
    }
}
