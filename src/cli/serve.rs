//! `entrepot serve`: runs the server until it is told to stop.

use tokio::signal::unix::{SignalKind, signal};

use super::exit;
use crate::app::{self, Sample, StartError};
use crate::config::Config;

/// Run the server.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Serve a small bundled sample from a temporary store.
    #[arg(long)]
    sample: bool,
    /// Address to listen on.
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<String>,
}

/// What to try first, with the sample.
const CALLS: [(&str, &str, &str); 10] = [
    (
        "Whom Russia bought from before and after 2022: the first five partners of each year and their share; the notes say which of \
         the source's figures is implausible",
        "trade.SummarizeFlows",
        r#"{"filter":{"reporters":["RUS"],"flows":["M"],"start_period":"2021","end_period":"2024"},"group_by":["DIMENSION_YEAR","DIMENSION_PARTNER"],"top":5}"#,
    ),
    (
        "What Russia says it sold to China beside what China says it bought",
        "trade.CompareMirror",
        r#"{"exporter":"RUS","importer":"CHN","start_period":"2018","exporter_datasets":["datasets/sample-imf-imts"],"importer_datasets":["datasets/sample-gacc"]}"#,
    ),
    (
        "Why an answer is empty: when 2024 ended, China's customs had not published it yet",
        "trade.SummarizeFlows",
        r#"{"filter":{"datasets":["datasets/sample-gacc"],"reporters":["CHN"],"flows":["M"],"start_period":"2024"},"group_by":["DIMENSION_YEAR"],"clock":{"as_of":"2024-12-31"}}"#,
    ),
    (
        "What OFAC's list added, changed and removed since 2023",
        "sanctions.ListChanges",
        r#"{"filter":{"authorities":["OFAC"],"start_date":"2023-01-01"}}"#,
    ),
    (
        "How one entry came to be what it is: Igor Sechin on OFAC's list",
        "sanctions.ListSubjectRevisions",
        r#"{"parent":"subjects/sample-ofac.sechin-igor"}"#,
    ),
    (
        "Whether Slavneft, held in equal parts by two blocked companies, is blocked itself, by each authority's rule",
        "sanctions.ResolveOwnership",
        r#"{"name":"entities/slavneft"}"#,
    ),
    (
        "What the book knew of Power of Siberia 2 in August 2025: a proposal, without a buyer and without a quantity",
        "energy.GetContract",
        r#"{"name":"contracts/sample-contracts.RU-CN-POS2","clock":{"as_of":"2025-08-31"}}"#,
    ),
    (
        "What it is today: a memorandum, signed, without a supply contract and without a flow",
        "energy.GetContract",
        r#"{"name":"contracts/sample-contracts.RU-CN-POS2"}"#,
    ),
    (
        "What a buyer who must pay for 85 % would owe for Power of Siberia, had its quantity been 38 from the first year on; without \
         the share it is refused, and without a build-up too, for nobody published them",
        "energy.SettleContract",
        r#"{"name":"contracts/sample-contracts.RU-CN-POS1","start_year":2020,"end_year":2025,"factor_set":"metered-20c","supplied_terms":[{"field":"take_or_pay_share","value":"85 %"},{"field":"build_up","value":"none"}]}"#,
    ),
    (
        "Russia's gas for China to 2050 by layers of firmness, with Power of Siberia 2 from 2031",
        "energy.ProjectOutlook",
        r#"{"origins":["RUS"],"destinations":["CHN"],"commodities":["gas"],"start_year":2026,"end_year":2050,"unit":"bcm/y@20C","factor_set":"metered-20c-lng","scenario":{"inclusions":[{"name":"contracts/sample-contracts.RU-CN-POS2","start_year":2031,"quantity":{"value":50,"unit":"bcm/y@20C"},"ramp_percent":[20,60]}]}}"#,
    ),
];

impl Args {
    pub fn overrides(&self, mut overrides: Vec<(String, String)>) -> Vec<(String, String)> {
        if let Some(address) = &self.listen {
            overrides.push(("server.listen".to_owned(), address.clone()));
        }
        overrides
    }
}

pub async fn run(args: Args, mut config: Config) -> u8 {
    let sample = match args.sample.then(|| Sample::place(&mut config)).transpose() {
        Ok(sample) => sample,
        Err(error) => {
            eprintln!("error: no room for the sample: {error}");
            return exit::UNAVAILABLE;
        }
    };
    let server = match app::start(&config, sample.as_ref()).await {
        Ok(server) => server,
        Err(error) => {
            eprintln!("error: {error}");
            return match &error {
                StartError::Store(error) => exit::of_store(error),
                StartError::Import(_) | StartError::Server(_) => exit::UNAVAILABLE,
            };
        }
    };
    if let Some(address) = config.server.metrics_listen
        && let Err(error) = crate::telemetry::serve_metrics(address)
    {
        eprintln!("error: {error}");
        return exit::UNAVAILABLE;
    }
    let address = server.address();
    println!("entrepot listens on {address}");
    if sample.is_some() {
        print_calls(&address.to_string());
    }
    match server.serve(&config, stop_signal()).await {
        Ok(()) => {
            tracing::info!("stopped");
            exit::OK
        }
        Err(error) => {
            eprintln!("error: {error}");
            exit::SOFTWARE
        }
    }
}

fn print_calls(address: &str) {
    let program = std::env::args().next().unwrap_or_else(|| "entrepot".into());
    println!("\nTry, in another terminal:");
    for (what, method, request) in CALLS {
        println!("\n  # {what}\n  {program} call --server http://{address} {method} '{request}'");
    }
    println!("\nMore: {program} call --server http://{address} --list");
}

/// Ready on SIGINT or SIGTERM.
async fn stop_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
