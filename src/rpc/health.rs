//! Health v1, per service, driven by a probe of the store.

use std::time::Duration;

use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::store::Store;

const PROBE_EVERY: Duration = Duration::from_secs(5);
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// Probes the store for as long as it is polled, and tells the reporter what it finds. The empty name is the server as a
/// whole.
pub async fn probe(store: Store, reporter: HealthReporter, services: Vec<&'static str>) {
    let mut was_serving = None;
    loop {
        let answered = tokio::time::timeout(PROBE_TIMEOUT, store.probe()).await;
        let serving = matches!(answered, Ok(Ok(())));
        if was_serving != Some(serving) {
            if was_serving.is_some() || !serving {
                tracing::warn!(serving, "the store's health changed");
            }
            set_all(&reporter, &services, serving).await;
            was_serving = Some(serving);
        }
        tokio::time::sleep(PROBE_EVERY).await;
    }
}

pub async fn set_all(reporter: &HealthReporter, services: &[&'static str], serving: bool) {
    let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
    for service in services.iter().copied().chain([""]) {
        reporter.set_service_status(service, status).await;
    }
}
