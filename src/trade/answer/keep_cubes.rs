//! Building cubes behind the scenes, at start and after a release; each is swapped in one step.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::cubes::Kept;
use super::{Knowledge, Trade};
use crate::reference::Area;
use crate::register::DatasetKind;
use crate::store::{Deadline, Error};
use crate::trade::cube::{BYTES_A_ROW, Cube, Unfit};
use crate::trade::store::cube;

/// How often the store is asked for a new release where no request asks.
const TICK: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(10);

impl Trade {
    /// Keeps the cubes up with the store for as long as the service lives.
    pub fn keep_cubes(self: &Arc<Self>) {
        if self.cubes.bytes_max == 0 {
            return;
        }
        let trade = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut seen = None;
            while let Some(newest) = seen_by(&trade, seen).await {
                seen = newest.or(seen);
                tokio::time::sleep(TICK).await;
            }
        });
    }

    /// Builds the cubes of datasets that have a release of which there is none yet.
    async fn build_cubes(&self, knowledge: &Knowledge) -> Result<(), Error> {
        let catalog = &knowledge.catalog;
        let flows = catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::Flows);
        for dataset in flows {
            let Some(release) = catalog.release_at(dataset.id, None).map(|release| release.id) else { continue };
            if self.cubes.release_of(dataset.id) == Some(release) {
                continue;
            }
            let mut facts_of: BTreeMap<Area, i64> = BTreeMap::new();
            for stratum in knowledge.coverage.of(dataset.id, release) {
                *facts_of.entry(stratum.reporter).or_default() += stratum.rows;
            }
            let facts: i64 = facts_of.values().sum();
            let others = self.cubes.bytes_but(dataset.id);
            let bytes = facts as usize * BYTES_A_ROW;
            let name = &dataset.spec.name;
            if others + bytes > self.cubes.bytes_max {
                let why = format!("{bytes} bytes beside {others} are more than trade.cube_memory_mib allows");
                tracing::info!(dataset = %name, facts, "no cube: {why}; the store answers");
                self.cubes.keep(dataset.id, Kept { release, cube: Err(why) });
                continue;
            }
            // Two of a kind would not fit for a while.
            if others + bytes * 2 > self.cubes.bytes_max {
                self.cubes.forget(dataset.id);
            }
            let began = Instant::now();
            let (store, id) = (self.store().clone(), dataset.id);
            let loaded = tokio::task::spawn_blocking(move || cube::load(&store, id, &facts_of)).await;
            let built: Result<Cube, Unfit> = match loaded {
                Ok(loaded) => loaded?,
                Err(error) => return Err(Error::Other(error.to_string())),
            };
            let deadline = Deadline::after(PATIENCE);
            let now = self.register.current(&deadline).await?;
            if now.release_at(dataset.id, None).map(|release| release.id) != Some(release) {
                // Another release came while it was read: the next round reads it.
                continue;
            }
            match &built {
                Ok(cube) => tracing::info!(
                    dataset = %name, release, facts = cube.len(), bytes = cube.bytes(),
                    ms = began.elapsed().as_millis() as u64, "cube built"
                ),
                Err(unfit) => tracing::warn!(dataset = %name, release, "no cube: {unfit}; the store answers"),
            }
            let cube = built.map(Arc::new).map_err(|unfit| unfit.to_string());
            self.cubes.keep(dataset.id, Kept { release, cube });
        }
        Ok(())
    }
}

/// The newest release whose cubes are there; `None` when the service is gone, `Some(None)` when it did not work out.
async fn seen_by(trade: &Weak<Trade>, seen: Option<i64>) -> Option<Option<i64>> {
    let trade = trade.upgrade()?;
    let deadline = Deadline::after(PATIENCE);
    let newest = match trade.store().newest_release(&deadline).await {
        Ok(newest) if Some(newest) == seen => return Some(seen),
        Ok(newest) => newest,
        Err(error) => {
            tracing::debug!(%error, "cubes: the store did not say its newest release");
            return Some(None);
        }
    };
    let built = async {
        let knowledge = trade.at_least(newest, &deadline).await?;
        trade.build_cubes(&knowledge).await?;
        Ok::<_, Error>(knowledge.catalog.newest_release)
    };
    match built.await {
        Ok(newest) => Some(Some(newest)),
        Err(error) => {
            tracing::warn!(%error, "cubes could not be built; the store answers");
            Some(None)
        }
    }
}
