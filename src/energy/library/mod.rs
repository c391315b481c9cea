//! All contracts, routes and price indexes with their past, in memory: a question about any moment reads it here.
//!
//! A library belongs to one newest release and never changes. It is a cache of the store and never the truth; what it holds
//! is small: every long-term contract of the world is some thousand records. Deliveries and observations stay in the store.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contract::reading::{Readings, readings};
use super::contract::terms::Terms;
use super::contract::{Contract, Fact, Field};
use super::price::index::Series;
use super::quantity::{Unit, text};
use super::route::Route;
use super::route::load::{Segment, key};
use crate::register::Moment;
use crate::value::words::words;

/// A version of a record.
#[derive(Clone, Debug)]
pub struct Version<T> {
    pub dataset: i64,
    /// Name of the dataset.
    pub book: String,
    pub id: String,
    /// Number that stands for the identifier in the store.
    pub number: i64,
    /// Release and publication day (YYYYMMDD) that brought it.
    pub since: (i64, i64),
    /// Those that ended it.
    pub until: Option<(i64, i64)>,
    pub value: T,
}

impl<T> Version<T> {
    pub fn name(&self) -> Name {
        Name { book: self.book.clone(), id: self.id.clone() }
    }
}

/// Versions of one kind of record, in the order of book, identifier and release.
#[derive(Clone, Debug)]
pub struct Shelf<T> {
    versions: Vec<Version<T>>,
    /// Index of the first version of a record.
    firsts: HashMap<(String, String), usize>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { versions: Vec::new(), firsts: HashMap::new() }
    }
}

impl<T> Shelf<T> {
    pub fn new(mut versions: Vec<Version<T>>) -> Self {
        versions
            .sort_by(|left, right| (&left.book, &left.id, left.since.0).cmp(&(&right.book, &right.id, right.since.0)));
        let mut firsts = HashMap::with_capacity(versions.len());
        for (index, version) in versions.iter().enumerate().rev() {
            firsts.insert((version.book.clone(), version.id.clone()), index);
        }
        Self { versions, firsts }
    }

    /// All versions of a record, oldest first.
    pub fn versions_of(&self, name: &Name) -> &[Version<T>] {
        let Some(start) = self.firsts.get(&(name.book.clone(), name.id.clone())).copied() else { return &[] };
        let rest = self.versions[start..].iter();
        let count = rest.take_while(|version| version.book == name.book && version.id == name.id).count();
        &self.versions[start..start + count]
    }

    /// The version of a record at a moment.
    pub fn get(&self, name: &Name, moment: &Moment) -> Option<&Version<T>> {
        self.versions_of(name).iter().find(|version| moment.sees(version.since, version.until))
    }

    /// The index of the first version after those of a record.
    fn index_after(&self, after: &Name) -> usize {
        self.versions.partition_point(|version| {
            (version.book.as_str(), version.id.as_str()) <= (after.book.as_str(), after.id.as_str())
        })
    }

    /// The version at an index, if it is visible at a moment.
    fn at(&self, index: usize, moment: Moment) -> Option<&Version<T>> {
        self.versions.get(index).filter(|version| moment.sees(version.since, version.until))
    }

    /// What is visible at a moment and comes after a record, in order.
    pub fn visible<'a>(
        &'a self,
        moment: Moment,
        after: Option<&Name>,
    ) -> impl Iterator<Item = &'a Version<T>> + use<'a, T> {
        let start = after.map_or(0, |after| self.index_after(after));
        self.versions[start..].iter().filter(move |version| moment.sees(version.since, version.until))
    }
}

/// The name of a record within its collection: `{book}.{id}`. Lists of records go on after one.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Name {
    pub book: String,
    pub id: String,
}

impl Name {
    /// Reads `contracts/{book}.{id}` for the collection `contracts`.
    pub fn parse(collection: &str, text: &str) -> Option<Self> {
        let rest = text.strip_prefix(collection)?.strip_prefix('/')?;
        let (book, id) = rest.split_once('.')?;
        let fits = !book.is_empty() && !id.is_empty() && text.len() <= 200;
        fits.then(|| Self { book: book.to_owned(), id: id.to_owned() })
    }

    /// Its resource name.
    pub fn resource(&self, collection: &str) -> String {
        format!("{collection}/{}.{}", self.book, self.id)
    }
}

/// A contract, and what it is found by.
#[derive(Clone, Debug)]
pub struct Listed {
    pub contract: Contract,
    /// What its facts say as terms.
    readings: Readings,
    /// ISO alpha-3 of sellers and of buyers.
    pub sellers: Vec<String>,
    pub buyers: Vec<String>,
    pub countries: Vec<String>,
    pub commodities: Vec<String>,
    party_words: Vec<String>,
    route_words: Vec<String>,
    pub start: Option<Date>,
    pub end: Option<Date>,
}

impl Listed {
    pub fn new(contract: Contract) -> Self {
        let known = || contract.facts.iter().filter(|fact| fact.is_known());
        let countries_of = |is_of: fn(Field) -> bool| -> Vec<String> {
            let mut found: Vec<String> = known()
                .filter(|fact| is_of(fact.field) && !fact.country.is_empty())
                .map(|fact| fact.country.clone())
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let words_of = |is_of: fn(Field) -> bool| -> Vec<String> {
            known().filter(|fact| is_of(fact.field)).flat_map(|fact| words(&fact.value)).collect()
        };
        let commodities = known().filter(|fact| fact.field == Field::Commodity);
        let mut commodities: Vec<String> = commodities.map(|fact| fact.value.clone()).collect();
        commodities.dedup();
        let (start, end) = contract.term();
        Self {
            sellers: countries_of(|field| field == Field::Seller),
            buyers: countries_of(|field| field == Field::Buyer),
            countries: countries_of(Field::is_party),
            commodities,
            party_words: words_of(Field::is_party),
            route_words: words_of(|field| matches!(field, Field::Route | Field::DeliveryPoint)),
            start,
            end,
            readings: readings(&contract.facts),
            contract,
        }
    }

    /// Its terms, with those of a request in place of them.
    pub fn terms<'a>(&'a self, supplied: &'a [Fact]) -> Terms<'a> {
        Terms::new(&self.contract.facts, &self.readings, supplied)
    }

    pub fn facts(&self, field: Field) -> impl Iterator<Item = &Fact> {
        self.contract.facts.iter().filter(move |fact| fact.field == field && fact.is_known())
    }
}

/// A route, and what it is found by.
#[derive(Clone, Debug)]
pub struct ListedRoute {
    pub route: Route,
    /// Of its capacity, where that is understood.
    unit: Option<Unit>,
    name_words: Vec<String>,
    owner_words: Vec<String>,
}

impl ListedRoute {
    pub fn new(route: Route) -> Self {
        let names = [&route.name, &route.segment].into_iter().chain(&route.other_names);
        let owners = route.owners.iter().chain(&route.parents).map(|owner| &owner.name);
        let (name_words, owner_words) =
            (names.flat_map(|name| words(name)).collect(), owners.flat_map(|name| words(name)).collect());
        let unit = route.capacity.as_ref().and_then(|capacity| capacity.parsed_unit.as_deref());
        let unit = unit.and_then(|unit| text::unit(unit).ok());
        Self { route, unit, name_words, owner_words }
    }

    /// What it can carry.
    pub fn segment(&self) -> Segment<'_> {
        Segment { route: &self.route, unit: self.unit }
    }

    /// Whether all of these words are among those of its names, and of its owners'.
    pub fn has_words(&self, of_names: &[String], of_owners: &[String]) -> bool {
        all_of(of_names, &self.name_words) && all_of(of_owners, &self.owner_words)
    }
}

/// Which contracts. What is empty or absent asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct ContractFilter {
    pub books: Vec<String>,
    pub party: Vec<String>,
    /// ISO alpha-3.
    pub countries: Vec<String>,
    pub commodities: Vec<String>,
    pub stages: Vec<String>,
    pub legal_statuses: Vec<String>,
    pub physical_states: Vec<String>,
    pub route: Vec<String>,
    pub effective_on: Option<Date>,
    pub expiring_before: Option<Date>,
}

impl ContractFilter {
    /// `day`: the day of which the states are meant.
    pub fn matches(&self, version: &Version<Listed>, day: Date) -> bool {
        let listed = &version.value;
        (self.books.is_empty() || self.books.contains(&version.book))
            && any_of(&self.countries, &listed.countries)
            && (self.commodities.is_empty() || listed.commodities.iter().any(|own| is_among(own, &self.commodities)))
            && all_of(&self.party, &listed.party_words)
            && all_of(&self.route, &listed.route_words)
            && self.effective_on.is_none_or(|on| is_effective(listed, on))
            && self.expiring_before.is_none_or(|before| listed.end.is_some_and(|end| end < before))
            && self.has_states(&listed.contract, day)
    }

    fn has_states(&self, contract: &Contract, day: Date) -> bool {
        [
            (Field::Stage, &self.stages),
            (Field::LegalStatus, &self.legal_statuses),
            (Field::PhysicalState, &self.physical_states),
        ]
        .into_iter()
        .filter(|(_, wanted)| !wanted.is_empty())
        .all(|(field, wanted)| contract.state(field, day).is_some_and(|fact| wanted.contains(&fact.value)))
    }
}

fn is_effective(listed: &Listed, on: Date) -> bool {
    listed.start.is_some_and(|start| start <= on) && listed.end.is_none_or(|end| on <= end)
}

/// Whether a commodity is asked for; `gas` is both kinds of natural gas.
pub fn is_among(own: &str, asked: &[String]) -> bool {
    asked.iter().any(|asked| asked == own || (asked == "gas" && matches!(own, "pipeline_gas" | "lng")))
}

fn any_of(asked: &[String], own: &[String]) -> bool {
    asked.is_empty() || asked.iter().any(|asked| own.contains(asked))
}

fn all_of(asked: &[String], own: &[String]) -> bool {
    asked.iter().all(|asked| own.contains(asked))
}

/// The shelves, as of one newest release of an energy dataset.
#[derive(Debug, Default)]
pub struct Library {
    /// Number of the newest release of any energy dataset.
    pub newest_release: i64,
    pub contracts: Shelf<Listed>,
    pub routes: Shelf<ListedRoute>,
    pub indexes: Shelf<Series>,
    /// Indexes of routes by the key of their names.
    route_keys: HashMap<String, Vec<usize>>,
    /// Indexes of contracts by the words of their parties, and by the countries of their sellers.
    party_words: HashMap<String, Vec<usize>>,
    seller_countries: HashMap<String, Vec<usize>>,
}

impl Library {
    pub fn new(
        newest_release: i64,
        contracts: Vec<Version<Listed>>,
        routes: Vec<Version<ListedRoute>>,
        indexes: Vec<Version<Series>>,
    ) -> Self {
        let routes = Shelf::new(routes);
        let mut route_keys: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, version) in routes.versions.iter().enumerate() {
            route_keys.entry(key(&version.value.route.name)).or_default().push(index);
        }
        let contracts = Shelf::new(contracts);
        let (mut party_words, mut seller_countries) = (HashMap::new(), HashMap::new());
        for (index, version) in contracts.versions.iter().enumerate() {
            note(&mut party_words, &version.value.party_words, index);
            note(&mut seller_countries, &version.value.sellers, index);
        }
        let indexes = Shelf::new(indexes);
        Self { newest_release, contracts, routes, indexes, route_keys, party_words, seller_countries }
    }

    /// Contracts that a filter can match, visible at a moment and after a record, in order.
    pub fn candidates<'a>(
        &'a self,
        filter: &ContractFilter,
        moment: Moment,
        after: Option<&Name>,
    ) -> Box<dyn Iterator<Item = &'a Version<Listed>> + Send + 'a> {
        let by_word = filter.party.iter().map(|word| self.party_words.get(word).map_or(&[][..], Vec::as_slice));
        let Some(rarest) = by_word.min_by_key(|contracts| contracts.len()) else {
            return Box::new(self.contracts.visible(moment, after));
        };
        let start = after.map_or(0, |after| self.contracts.index_after(after));
        let contracts = rarest[rarest.partition_point(|index| *index < start)..].iter();
        Box::new(contracts.filter_map(move |index| self.contracts.at(*index, moment)))
    }

    /// Contracts of sellers of these countries, visible at a moment, in order.
    pub fn of_sellers(&self, countries: &[String], moment: Moment) -> impl Iterator<Item = &Version<Listed>> {
        let by_country = countries.iter().filter_map(|country| self.seller_countries.get(country));
        let mut contracts: Vec<usize> = by_country.flatten().copied().collect();
        contracts.sort_unstable();
        contracts.dedup();
        contracts.into_iter().filter_map(move |index| self.contracts.at(index, moment))
    }

    /// The routes of the store that a contract names, by resource name or by their own.
    pub fn routes_of(&self, listed: &Listed, moment: &Moment) -> Vec<&Version<ListedRoute>> {
        listed.facts(Field::Route).flat_map(|fact| self.routes_named(&fact.value, moment)).collect()
    }

    /// The routes of a name; several where it has segments or where several datasets have it.
    pub fn routes_named(&self, name: &str, moment: &Moment) -> Vec<&Version<ListedRoute>> {
        if let Some(name) = Name::parse("routes", name) {
            return self.routes.get(&name, moment).into_iter().collect();
        }
        let routes = self.route_keys.get(&key(name)).into_iter().flatten();
        routes.filter_map(|index| self.routes.at(*index, *moment)).collect()
    }
}

fn note(by_key: &mut HashMap<String, Vec<usize>>, keys: &[String], index: usize) {
    for key in keys {
        let noted = by_key.entry(key.clone()).or_default();
        if noted.last() != Some(&index) {
            noted.push(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::moment::{NO_DAY, NO_RELEASE};

    fn version(book: &str, id: &str, since: (i64, i64), until: Option<(i64, i64)>) -> Version<i32> {
        let value = i32::try_from(since.0).unwrap();
        Version { dataset: 1, book: book.into(), id: id.into(), number: 1, since, until, value }
    }

    #[test]
    fn the_version_of_a_moment_answers() {
        let shelf = Shelf::new(vec![
            version("b", "X", (3, 20_240_101), None),
            version("b", "X", (1, 20_220_101), Some((3, 20_240_101))),
            version("a", "Y", (2, 20_230_101), Some((4, 20_250_101))),
        ]);
        let name = |text: &str| Name::parse("contracts", text).unwrap();
        let at = |release, day| Moment { release, day, in_force: None, today: Date::ZERO };
        let value = |text: &str, moment: Moment| shelf.get(&name(text), &moment).map(|version| version.value);
        assert_eq!(value("contracts/b.X", at(NO_RELEASE, NO_DAY)), Some(3));
        assert_eq!(value("contracts/b.X", at(NO_RELEASE, 20_231_231)), Some(1));
        assert_eq!(value("contracts/b.X", at(2, NO_DAY)), Some(1));
        assert_eq!(value("contracts/b.X", at(NO_RELEASE, 20_211_231)), None);
        assert_eq!(value("contracts/a.Y", at(NO_RELEASE, NO_DAY)), None);
        assert_eq!(value("contracts/a.Y", at(3, NO_DAY)), Some(2));
        assert_eq!(shelf.visible(at(3, NO_DAY), None).count(), 2);
        assert_eq!(shelf.visible(at(3, NO_DAY), Some(&name("contracts/a.Y"))).count(), 1);
        assert_eq!(shelf.versions_of(&name("contracts/b.X")).len(), 2);
    }

    #[test]
    fn names_need_a_book_and_an_identifier() {
        for text in ["contracts/", "contracts/a", "contracts/.X", "contracts/a.", "routes/a.X", "contracts/a.X/y"] {
            let parsed = Name::parse("contracts", text);
            assert_eq!(parsed.is_some(), text == "contracts/a.X/y", "{text}");
        }
    }
}
