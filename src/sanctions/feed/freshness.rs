//! How old each list is: in answers, and as a metric for whoever keeps the service.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::register::moment::NO_DAY;
use crate::register::{Catalog, Dataset, DatasetKind, Moment, Register};
use crate::rpc::wire::date;
use crate::store::{Deadline, Error, Store};
use crate::value::Clock;

use crate::sanctions::store::lists::{Check, checks};

const INTERVAL: Duration = Duration::from_secs(30);
const STATEMENT_TIME: Duration = Duration::from_secs(10);

/// Reports for as long as the register is in use.
pub fn report(store: Store, catalogs: &Arc<Register>) {
    let catalogs = Arc::downgrade(catalogs);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match measure(&store, &catalogs).await {
                Ok(true) => {}
                Ok(false) => return,
                // A store that does not answer is asked again; health reports it.
                Err(error) => tracing::debug!(%error, "the age of the lists is not known"),
            }
        }
    });
}

/// False when nobody uses the register any more.
async fn measure(store: &Store, catalogs: &Weak<Register>) -> Result<bool, Error> {
    let Some(catalogs) = catalogs.upgrade() else {
        return Ok(false);
    };
    let deadline = Deadline::after(STATEMENT_TIME);
    let catalog = catalogs.current(&deadline).await?;
    let checks = checks(store, &deadline).await?;
    let (now, today) = (catalogs.clock().now_ms(), catalogs.clock().today());
    for list in catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::SanctionList) {
        let name = list.spec.name.clone();
        if let Some(release) = catalog.release_at(list.id, None) {
            let days = (today - release.publication_date).get_days();
            metrics::gauge!("entrepot_list_age_seconds", "list" => name.clone()).set(f64::from(days) * 86_400.0);
        }
        if let Some(check) = checks.get(&list.id) {
            let seconds = (now - check.checked_at_ms).max(0) as f64 / 1000.0;
            metrics::gauge!("entrepot_list_unchecked_seconds", "list" => name).set(seconds);
        }
    }
    Ok(true)
}

/// A list as the answer tells it: its newest release by the moment, and how fresh it is.
pub fn authority(
    catalog: &Catalog,
    list: &Dataset,
    check: Option<&Check>,
    moment: &Moment,
    stale_after_days: u32,
    clock: Clock,
) -> pb::Authority {
    let release = catalog.visible_release(list, moment);
    let first = catalog.releases.iter().find(|release| release.dataset == list.id);
    let as_of = moment.as_of();
    let age = release.map(|release| (as_of.unwrap_or(moment.today) - release.publication_date).get_days());
    let checked = check.map(|check| check.checked_at_ms);
    let now = clock.now_ms();
    let limit = i64::from(stale_after_days) * 86_400_000;
    pb::Authority {
        authority: check.map_or_else(String::new, |check| check.authority.clone()),
        list: list.resource(),
        title: list.spec.title.clone(),
        publisher: list.spec.publisher.clone(),
        license: list.spec.license.clone(),
        release: release.map_or_else(String::new, |release| catalog.release_name(release.id)),
        publication_date: release.map(|release| date(release.publication_date)),
        age_days: age.unwrap_or(0),
        check_time: checked.map(|milliseconds| prost_types::Timestamp {
            seconds: milliseconds.div_euclid(1000),
            nanos: (milliseconds.rem_euclid(1000) * 1_000_000) as i32,
        }),
        stale: moment.day == NO_DAY && checked.is_some_and(|checked| now - checked > limit),
        subjects: release.map_or(0, |release| release.rows_new + release.rows_revised + release.rows_unchanged),
        first_publication_date: first.map(|release| date(release.publication_date)),
    }
}
