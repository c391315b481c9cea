//! How old each list is, as a metric for whoever keeps the service.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::register::{DatasetKind, Register};
use crate::store::{Deadline, Error};

use crate::sanctions::store::lists::checks;

const INTERVAL: Duration = Duration::from_secs(30);
const STATEMENT_TIME: Duration = Duration::from_secs(10);

/// Reports for as long as the register is in use.
pub fn report(register: &Arc<Register>) {
    let register = Arc::downgrade(register);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match measure(&register).await {
                Ok(true) => {}
                Ok(false) => return,
                // A store that does not answer is asked again; health reports it.
                Err(error) => tracing::debug!(%error, "the age of the lists is not known"),
            }
        }
    });
}

/// False when nobody uses the register any more.
async fn measure(register: &Weak<Register>) -> Result<bool, Error> {
    let Some(register) = register.upgrade() else {
        return Ok(false);
    };
    let deadline = Deadline::after(STATEMENT_TIME);
    let catalog = register.current(&deadline).await?;
    let checks = checks(register.store(), &deadline).await?;
    let (now, today) = (register.clock().now_ms(), register.clock().today());
    for list in catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::SanctionList) {
        let name = list.spec.name.clone();
        if let Some(release) = catalog.release_at(list.id, None) {
            let days = (today - release.dated).get_days();
            metrics::gauge!("entrepot_list_age_seconds", "list" => name.clone()).set(f64::from(days) * 86_400.0);
        }
        if let Some(check) = checks.get(&list.id) {
            let seconds = (now - check.checked_at_ms).max(0) as f64 / 1000.0;
            metrics::gauge!("entrepot_list_unchecked_seconds", "list" => name).set(seconds);
        }
    }
    Ok(true)
}
