//! Countries and groups by name and as a list.

use crate::reference::area::AreaFacts;
use crate::reference::{Area, AreaKind};
use crate::rpc::{Error, Page};

pub fn get(name: String) -> Result<&'static AreaFacts, Error> {
    Area::parse(&name).map(Area::facts).ok_or(Error::NotFound(name))
}

pub struct ListQuestion {
    /// In lower case; empty for all.
    pub search: String,
    /// Empty for all.
    pub kinds: Vec<AreaKind>,
    /// Goes on after a code.
    pub page: Page<String>,
}

pub struct List {
    pub countries: Vec<&'static AreaFacts>,
    pub next_page_token: String,
}

pub fn list(question: &ListQuestion) -> List {
    let ListQuestion { search, kinds, page } = question;
    let mut countries: Vec<&AreaFacts> = Area::all()
        .iter()
        .filter(|facts| page.after().is_none_or(|after| facts.code > *after))
        .filter(|facts| kinds.is_empty() || kinds.contains(&facts.kind))
        .filter(|facts| facts.name.to_lowercase().contains(search) || facts.code.to_lowercase().contains(search))
        .take(page.limit())
        .collect();
    let next_page_token = page.cut(0, &mut countries, |facts| facts.code.clone());
    List { countries, next_page_token }
}
