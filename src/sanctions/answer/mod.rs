//! Answering questions about sanctions: what is needed from the store, handed to the plain functions.
//!
//! One file a question. Never names a message.

pub mod batch_get_subjects;
pub mod check_commodity;
mod controlled_goods;
mod coverage;
mod freshness;
pub mod get_controlled_good;
pub mod get_subject;
mod links;
pub mod list_changes;
pub mod list_controlled_goods;
pub mod list_programmes;
pub mod list_sanction_lists;
pub mod list_subject_revisions;
pub mod list_subjects;
mod near;
mod newest_change;
pub mod owners;
pub mod provenance;
pub mod resolve_ownership;
pub mod search_subjects;
pub mod watch_changes;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::reference::{self, CommodityCode, KnownCodes};
use crate::register::moment::NO_RELEASE;
use crate::register::{Clocks, Moment, Register};
use crate::rpc::Error;
use crate::store::{Deadline, Store};

/// What answers about sanctions are made from.
pub struct Sanctions {
    register: Arc<Register>,
    codes: Arc<KnownCodes>,
    /// Sequence number of the newest change of the feed.
    newest_change: watch::Receiver<i64>,
    designating: coverage::Kept,
    /// Days without a check after which a list is stale.
    stale_after_days: u32,
}

impl Sanctions {
    /// Also starts what runs beside the answers for as long as they are used: looking for new changes, and measuring how
    /// old the lists are.
    pub fn start(register: Arc<Register>, codes: Arc<KnownCodes>, stale_after_days: u32) -> Self {
        let newest_change = newest_change::follow(register.store().clone());
        freshness::report(&register);
        Self { register, codes, newest_change, designating: coverage::Kept::default(), stale_after_days }
    }

    /// Titles of commodities by their number, of those that have one.
    pub async fn titles(&self, codes: &[CommodityCode], deadline: &Deadline) -> Result<HashMap<i32, String>, Error> {
        Ok(reference::store::titles(self.store(), codes, deadline).await?)
    }

    fn store(&self) -> &Store {
        self.register.store()
    }

    /// The moment that a question's clocks mean, whatever releases are there.
    fn moment(&self, clocks: Clocks) -> Moment {
        self.pinned(clocks, NO_RELEASE)
    }

    /// The same in a list that is pinned to a release.
    fn pinned(&self, clocks: Clocks, release: i64) -> Moment {
        clocks.at(release, self.register.clock().today())
    }
}
