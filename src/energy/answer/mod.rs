//! Answering questions about energy, one file a question: what is needed from the library and the store, handed to the
//! plain functions.
//!
//! Takes and gives plain types; knows no message. What several questions share stands in `contract`, `delivered` and
//! `prepared`.

pub mod batch_get_contracts;
pub mod compute_schedule;
pub mod contract;
pub mod convert_quantity;
mod delivered;
pub mod get_contract;
pub mod get_price_index;
pub mod get_route;
pub mod list_contract_revisions;
pub mod list_contracts;
pub mod list_deliveries;
pub mod list_price_indexes;
pub mod list_price_observations;
pub mod list_routes;
mod prepared;
pub mod price_contract;
pub mod project_outlook;
pub mod settle_contract;

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::energy::contract::terms::with_supplied;
use crate::energy::contract::{Contract, Fact};
use crate::energy::library::{Library, Listed, Name, Shelf, Version};
use crate::energy::quantity::{FactorSet, Unit, convert, factor};
use crate::energy::store::library::LibraryCache;
use crate::energy::store::observed::ObservedCache;
use crate::register::moment::date_of;
use crate::register::{Catalog, Clocks, Dataset, DatasetKind, Emptiness, EmptyReason, Moment, Register, Source};
use crate::rpc::{Error, Page};
use crate::store::{Deadline, Store};
use crate::value::text::truncated;

/// The energy part of the store.
pub struct Energy {
    pub store: Store,
    catalogs: Arc<Register>,
    library: LibraryCache,
    pub observed: ObservedCache,
}

/// What a question is answered from.
pub struct Opened {
    pub catalog: Arc<Catalog>,
    pub library: Arc<Library>,
    pub moment: Moment,
}

/// A record as an answer shows it.
#[derive(Debug)]
pub struct Record<T> {
    pub name: Name,
    /// Resource name of the release that brought it.
    pub release: String,
    pub value: T,
}

impl Energy {
    pub fn new(store: Store, catalogs: Arc<Register>) -> Self {
        let library = LibraryCache::new(store.clone());
        Self { store, catalogs, library, observed: ObservedCache::default() }
    }

    /// The register and the library as of the newest release.
    pub async fn open(&self, clocks: Clocks, deadline: &Deadline) -> Result<Opened, Error> {
        self.open_at(clocks, None, deadline).await
    }

    /// The same as of the release that a list is pinned to.
    pub async fn open_page<Position>(
        &self,
        clocks: Clocks,
        page: &Page<Position>,
        deadline: &Deadline,
    ) -> Result<Opened, Error> {
        self.open_at(clocks, page.token.as_ref().map(|token| token.release), deadline).await
    }

    async fn open_at(&self, clocks: Clocks, pinned: Option<i64>, deadline: &Deadline) -> Result<Opened, Error> {
        let catalog = self.catalogs.current(deadline).await?;
        let library = self.library.at(&catalog, deadline).await?;
        let release = pinned.unwrap_or(catalog.newest_release);
        let moment = clocks.at(release, self.catalogs.clock().today());
        Ok(Opened { catalog, library, moment })
    }
}

impl Opened {
    pub fn contract(&self, name: &Name) -> Result<&Version<Listed>, Error> {
        self.version("contracts", &self.library.contracts, name)
    }

    /// The version of a record at the moment; or since when there is one.
    pub fn version<'a, T>(&self, collection: &str, shelf: &'a Shelf<T>, name: &Name) -> Result<&'a Version<T>, Error> {
        if let Some(version) = shelf.get(name, &self.moment) {
            return Ok(version);
        }
        let resource = name.resource(collection);
        let first = shelf.versions_of(name).first().and_then(|first| date_of(first.since.1));
        match (self.moment.as_of(), first) {
            (Some(as_of), Some(first)) => {
                let why = format!("was not there on {as_of}; it was published first on {first}");
                Err(Error::Absent { name: resource, why })
            }
            _ => Err(Error::NotFound(resource)),
        }
    }

    /// A version with what is shown of it.
    pub fn record<T, U>(&self, version: &Version<T>, value: U) -> Record<U> {
        Record { name: version.name(), release: self.catalog.release_name(version.since.0), value }
    }

    /// The releases of the datasets that were used, in the order of the register.
    pub fn sources(&self, is_used: impl Fn(&Dataset) -> bool) -> Vec<Source> {
        let datasets: Vec<&Dataset> = self.catalog.datasets.iter().filter(|dataset| is_used(dataset)).collect();
        self.catalog.sources(&datasets, &self.moment)
    }

    /// Those of a kind; `names` narrows them unless it is empty.
    pub fn sources_of(&self, kind: DatasetKind, names: &[String]) -> Vec<Source> {
        self.sources(|dataset| dataset.spec.kind == kind && (names.is_empty() || names.contains(&dataset.spec.name)))
    }

    /// Refuses the name of a dataset that is not there.
    pub fn check_datasets(&self, names: &[String], kind: DatasetKind, field: &str) -> Result<(), Error> {
        for (index, name) in names.iter().enumerate() {
            if self.catalog.dataset(name).is_none_or(|dataset| dataset.spec.kind != kind) {
                let datasets = self.catalog.datasets.iter().filter(|dataset| dataset.spec.kind == kind);
                let known: Vec<&str> = datasets.map(|dataset| dataset.spec.name.as_str()).collect();
                let right = if known.is_empty() { "none is in the store".to_owned() } else { known.join(", ") };
                let shown = truncated(name, 60);
                return Err(Error::invalid(
                    format!("{field}[{index}]"),
                    format!("`{shown}` is not a known dataset; {right}"),
                ));
            }
        }
        Ok(())
    }

    /// Why there are no records of a kind.
    pub fn why_none(&self, kind: DatasetKind, what: &str) -> Emptiness {
        let is_kind = |dataset: i64| self.catalog.dataset_by_id(dataset).is_some_and(|found| found.spec.kind == kind);
        let days = self.catalog.releases.iter().filter(|release| is_kind(release.dataset));
        match days.map(|release| release.publication_date).min() {
            None => Emptiness::new(EmptyReason::NoData, format!("no dataset of {what} is in the store")),
            Some(first) if self.moment.as_of().is_some_and(|as_of| as_of < first) => {
                let detail = format!("no release of {what} was out on that day; the first is of {first}");
                Emptiness::new(EmptyReason::NotReleased, detail)
            }
            Some(_) => Emptiness::new(EmptyReason::FilteredOut, format!("there are {what}, and none fits the request")),
        }
    }
}

/// What the book leaves open about a contract's quantities, in words.
pub fn doubts(contract: &Contract, supplied: &[Fact]) -> Vec<String> {
    use crate::energy::contract::Field;
    let contract = with_supplied(contract, supplied);
    let mut notes = Vec::new();
    let open = |field: Field| contract.facts.iter().find(move |fact| fact.field == field && !fact.is_known());
    if let Some(fact) = open(Field::VolumeBasis) {
        notes.push(format!("the basis of the volume is not reviewed: {}", fact.note));
    }
    notes
}

/// `2021`, or `2021 to 2024`.
pub fn years_in_words(first: i16, last: i16) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

/// Which factor sets would bring all of these units to another one, in words; empty when none would.
pub fn sets_for(units: &[Unit], to: Unit) -> String {
    let converts = |set: &&FactorSet| {
        units.iter().all(|from| {
            let to = Unit { per: from.per.and(to.per), ..to };
            convert(Decimal::ONE, *from, to, Some(set)).is_ok_and(|converted| to.basis.accepts(converted.unit.basis))
        })
    };
    let names: Vec<&str> = factor::sets().iter().filter(converts).map(|set| set.name.as_str()).collect();
    if names.is_empty() { String::new() } else { format!("; factor_set {} would do", names.join(" or ")) }
}
