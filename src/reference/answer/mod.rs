//! Answering questions about reference data: one file a question.

pub mod convert_commodity;
pub mod countries;
pub mod datasets;
pub mod get_commodity;
pub mod list_commodities;
pub mod releases;

use std::sync::Arc;

use jiff::civil::Date;

use crate::reference::{Classification, KnownCodes};
use crate::register::{Catalog, Dataset, Register, Source};
use crate::rpc::Error;
use crate::store::{Deadline, Store};

/// What questions about reference data are answered from.
pub struct Reference {
    register: Arc<Register>,
    codes: Arc<KnownCodes>,
}

impl Reference {
    pub fn new(register: Arc<Register>, codes: Arc<KnownCodes>) -> Self {
        Self { register, codes }
    }

    fn store(&self) -> &Store {
        self.register.store()
    }

    async fn catalog(&self, deadline: &Deadline) -> Result<Arc<Catalog>, Error> {
        Ok(self.register.current(deadline).await?)
    }
}

/// Release of the dataset as of a day; `None` when none was out.
fn release_at(catalog: &Catalog, dataset: &str, as_of: Option<Date>) -> Option<i64> {
    let dataset = catalog.dataset(dataset)?;
    catalog.release_at(dataset.id, as_of).map(|release| release.id)
}

/// The release of a classification's list.
fn sources(catalog: &Catalog, classification: Classification, release: i64) -> Vec<Source> {
    let list = catalog.dataset(&classification.dataset());
    list.map(|list| catalog.source(list.id, release)).into_iter().collect()
}

fn existing<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Dataset, Error> {
    catalog.dataset(id).ok_or_else(|| Error::NotFound(format!("datasets/{id}")))
}
