//! Logs and metrics: installs the one subscriber of the process, from the `log` section of the configuration, and the
//! exporter for Prometheus, from `server.metrics_listen`.
//!
//! It never decides what is logged where: spans and events belong to the code they describe. It
//! writes to standard error only, since standard output belongs to commands.

use std::io::IsTerminal;
use std::net::SocketAddr;

use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts logging. A second call changes nothing: the first subscriber stays, because spans
/// already belong to it.
pub fn init(log: &Log) {
    let on_terminal = std::io::stderr().is_terminal();
    let filter = match EnvFilter::try_new(&log.filter) {
        Ok(filter) => filter,
        // Checked with the configuration; a caller that skipped the check still gets logs.
        Err(_) => EnvFilter::new("info"),
    };
    let subscriber = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
    let installed = if writes_json(log.format, on_terminal) {
        // Fields beside the message, not in an object of their own: easier to query.
        subscriber.json().flatten_event(true).try_init()
    } else {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        subscriber.with_ansi(on_terminal && !no_color).try_init()
    };
    if installed.is_err() {
        tracing::debug!("logging was already set up");
    }
}

/// Lets metrics be scraped at an address. Must be called within the runtime, once.
pub fn serve_metrics(address: SocketAddr) -> Result<(), String> {
    let exporter = PrometheusBuilder::new()
        .with_http_listener(address)
        // Seconds: from a tenth of a millisecond to the longest deadline.
        .set_buckets(&[0.0001, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 300.0])
        .map_err(|error| error.to_string())?;
    exporter.install().map_err(|error| format!("metrics on {address}: {error}"))?;
    metrics::describe_counter!("entrepot_requests_total", "Requests answered, by method and code.");
    metrics::describe_histogram!("entrepot_request_seconds", "Time to the end of the answer, by method.");
    metrics::describe_gauge!("entrepot_list_age_seconds", "Time since the publication day of a list's newest release.");
    metrics::describe_gauge!("entrepot_list_unchecked_seconds", "Time since a file of the list was last imported.");
    Ok(())
}

fn writes_json(format: LogFormat, on_terminal: bool) -> bool {
    match format {
        LogFormat::Auto => !on_terminal,
        LogFormat::Text => false,
        LogFormat::Json => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_is_text_on_a_terminal_only() {
        assert!(!writes_json(LogFormat::Auto, true));
        assert!(writes_json(LogFormat::Auto, false));
        assert!(!writes_json(LogFormat::Text, false));
        assert!(writes_json(LogFormat::Json, true));
    }

    #[test]
    fn second_init_is_harmless() {
        let log = Log::default();
        init(&log);
        init(&log);
        let wrong = Log { filter: "info,entrepot=loud".to_owned(), ..Log::default() };
        init(&wrong);
    }
}
