//! The rules that the protos themselves state (`buf.validate`), as checks of decoded requests: `build/rules.rs` makes them, and these
//! are their words.

use std::fmt;

/// A message of a request whose fields have rules, or that holds such messages.
pub trait Rules {
    /// Names each field that breaks a rule, once.
    fn check(&self, place: &Place<'_>, broken: &mut Broken);
}

/// Fields that break a rule, and how.
pub type Broken = Vec<(String, String)>;

/// The fields of a request that break a rule of the protos, and how.
pub fn broken(request: &impl Rules) -> Broken {
    let mut broken = Broken::new();
    request.check(&Place::Request, &mut broken);
    broken
}

/// Where a field stands in a request: `filter.reporters[3]`. It becomes a text only where something is wrong.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    Request,
    Field(&'a Place<'a>, &'static str),
    Entry(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    fn field(&'a self, name: &'static str) -> Self {
        Self::Field(self, name)
    }

    fn entry(&'a self, index: usize) -> Self {
        Self::Entry(self, index)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request => Ok(()),
            Self::Field(Self::Request, name) => formatter.write_str(name),
            Self::Field(holder, name) => write!(formatter, "{holder}.{name}"),
            Self::Entry(holder, index) => write!(formatter, "{holder}[{index}]"),
        }
    }
}

#[cold]
fn breaks(place: &Place<'_>, problem: String, broken: &mut Broken) {
    broken.push((place.to_string(), problem));
}

/// Whether the field is there, as it must be.
fn required(is_there: bool, place: &Place<'_>, broken: &mut Broken) -> bool {
    if !is_there {
        breaks(place, "is missing".to_owned(), broken);
    }
    is_there
}

struct List {
    min_items: usize,
    max_items: usize,
}

impl List {
    /// Whether the entries are few enough to be looked at.
    fn check(&self, count: usize, place: &Place<'_>, broken: &mut Broken) -> bool {
        let Self { min_items, max_items } = *self;
        if count > max_items {
            breaks(place, format!("has {count} entries; at most {max_items} are allowed"), broken);
        } else if count < min_items {
            breaks(place, format!("has {count} entries; at least {min_items} are needed"), broken);
        }
        count <= max_items
    }
}

struct Text {
    /// In characters, of Unicode, as `max_len` is.
    min_len: usize,
    max_len: usize,
    max_bytes: usize,
}

impl Text {
    fn check(&self, text: &str, place: &Place<'_>, broken: &mut Broken) {
        let Self { min_len, max_len, max_bytes } = *self;
        if min_len == max_len && text.chars().count() != max_len {
            breaks(place, format!("is not of {max_len} characters"), broken);
        } else if text.len() > max_bytes {
            breaks(place, format!("is longer than {max_bytes} bytes"), broken);
        } else if text.len() > max_len && text.chars().count() > max_len {
            breaks(place, format!("is longer than {max_len} characters"), broken);
        } else if min_len > 0 && text.is_empty() {
            breaks(place, "is empty".to_owned(), broken);
        } else if min_len > 1 && text.chars().count() < min_len {
            breaks(place, format!("is shorter than {min_len} characters"), broken);
        }
    }
}

struct Number {
    gte: i32,
    lte: i32,
}

impl Number {
    fn check(&self, number: i32, place: &Place<'_>, broken: &mut Broken) {
        let Self { gte, lte } = *self;
        if (gte..=lte).contains(&number) {
            return;
        }
        let problem = match (gte, lte) {
            (0, i32::MAX) => format!("{number} is negative; expected 0 or more"),
            (i32::MIN, _) => format!("{number} is above {lte}"),
            (_, i32::MAX) => format!("{number} is below {gte}"),
            _ => format!("{number} is not {gte} to {lte}"),
        };
        breaks(place, problem, broken);
    }
}

struct Choice {
    /// The enum.
    of: &'static str,
    values: &'static [i32],
    /// A value that is allowed.
    such_as: &'static str,
}

impl Choice {
    fn check(&self, number: i32, place: &Place<'_>, broken: &mut Broken) {
        if !self.values.contains(&number) {
            let Self { of, such_as, .. } = self;
            breaks(place, format!("{number} is not a valid {of}; expected one such as {such_as}"), broken);
        }
    }
}

/// Made by the build, with braces that no hand would write.
#[allow(clippy::all, unused_braces)]
mod made {
    use super::{Broken, Choice, List, Number, Place, Rules, Text, required};

    include!(concat!(env!("OUT_DIR"), "/rules.rs"));
}
