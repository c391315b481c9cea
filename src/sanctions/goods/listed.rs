//! A controlled good as the lists in the store have it, and which of them a question is about.

use super::ControlledGood;

/// An entry of a list, and the release since which it stands so.
#[derive(Clone, Debug)]
pub struct ListedGood {
    pub dataset: i64,
    pub entry: i64,
    pub list: String,
    pub since_release: i64,
    pub good: ControlledGood,
}

/// Which goods. Empty lists filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub regimes: Vec<String>,
    pub authorities: Vec<String>,
    /// ISO alpha-3.
    pub destination: Option<String>,
    pub in_force: Option<i64>,
}
