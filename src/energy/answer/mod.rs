//! Answering questions about energy: what is needed from the library and the store, handed to the plain functions.

pub mod contracts;
pub mod deliveries;
pub mod indexes;
pub mod outlook;
pub mod prepared;
pub mod price;
pub mod quantity;
pub mod routes;
pub mod schedule;
pub mod settlement;

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::energy::contract::Contract;
use crate::energy::library::{Library, Listed, Name, Shelf, Version};
use crate::energy::quantity::{FactorSet, Unit, convert, factor};
use crate::energy::store::library::LibraryCache;
use crate::energy::store::observed::ObservedCache;
use crate::proto::entrepot::r#type::v1::Provenance;
use crate::register::moment::date_of;
use crate::register::{Catalog, Clocks, Dataset, Moment, Register};
use crate::rpc::{Error, wire};
use crate::store::{Deadline, Store};

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
    pub clocks: Clocks,
}

impl Energy {
    pub fn new(store: Store, catalogs: Arc<Register>) -> Self {
        let library = LibraryCache::new(store.clone());
        Self { store, catalogs, library, observed: ObservedCache::default() }
    }

    /// The register and the library as of the newest release, or pinned to an earlier one.
    pub async fn open(&self, clocks: Clocks, pinned: Option<i64>, deadline: &Deadline) -> Result<Opened, Error> {
        let catalog = self.catalogs.current(deadline).await?;
        let library = self.library.at(&catalog, deadline).await?;
        let release = pinned.unwrap_or(catalog.newest_release);
        let moment = clocks.at(release, self.catalogs.clock().today());
        Ok(Opened { catalog, library, moment, clocks })
    }
}

impl Opened {
    pub fn contract(&self, name: &Name) -> Result<&Version<Listed>, Error> {
        self.record("contracts", &self.library.contracts, name)
    }

    /// The version of a record at the moment; or since when there is one.
    pub fn record<'a, T>(&self, collection: &str, shelf: &'a Shelf<T>, name: &Name) -> Result<&'a Version<T>, Error> {
        if let Some(version) = shelf.get(name, &self.moment) {
            return Ok(version);
        }
        let resource = format!("{collection}/{}.{}", name.book, name.id);
        let first = shelf.versions_of(name).first().and_then(|first| date_of(first.since.1));
        match (self.clocks.as_of, first) {
            (Some(as_of), Some(first)) => {
                let why = format!("was not there on {as_of}; it was published first on {first}");
                Err(Error::Absent { name: resource, why })
            }
            _ => Err(Error::NotFound(resource)),
        }
    }

    /// The releases of the datasets that were used, in the order of the register.
    pub fn provenance(&self, is_used: impl Fn(&Dataset) -> bool) -> Provenance {
        let datasets: Vec<&Dataset> = self.catalog.datasets.iter().filter(|dataset| is_used(dataset)).collect();
        wire::provenance(self.catalog.sources(&datasets, &self.moment))
    }
}

/// What the book leaves open about a contract's quantities, in words.
pub fn doubts(contract: &Contract) -> Vec<String> {
    use crate::energy::contract::Field;
    let mut notes = Vec::new();
    let open = |field: Field| contract.facts.iter().find(move |fact| fact.field == field && !fact.is_known());
    let is_stepped = contract.facts.iter().any(|fact| fact.field == Field::Acq && fact.first_year.is_some());
    if let Some(fact) = open(Field::BuildUp).filter(|_| !is_stepped) {
        notes.push(format!(
            "the build-up of the quantity is not reviewed ({}); the annual quantity stands for every year, and steps of it \
             may be supplied as `acq`",
            fact.note
        ));
    }
    if let Some(fact) = open(Field::VolumeBasis) {
        notes.push(format!("the basis of the volume is not reviewed: {}", fact.note));
    }
    notes
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
