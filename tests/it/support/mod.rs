//! What the suites share: stores on both backends, servers, made-up files.

pub mod comtrade;
pub mod postgres;
pub mod random;
pub mod sdn;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use entrepot::app;
use entrepot::config::Config;
use entrepot::import::{Error, Options, Progress, Report};
use entrepot::proto::entrepot::energy::v1::LedgerLine;
use entrepot::proto::entrepot::energy::v1::energy_service_client::EnergyServiceClient;
use entrepot::proto::entrepot::energy::v1::ledger_line::Amount;
use entrepot::proto::entrepot::reference::v1::reference_service_client::ReferenceServiceClient;
use entrepot::proto::entrepot::sanctions::v1::sanctions_service_client::SanctionsServiceClient;
use entrepot::proto::entrepot::trade::v1::indicator_service_client::IndicatorServiceClient;
use entrepot::proto::entrepot::trade::v1::trade_service_client::TradeServiceClient;
use entrepot::proto::entrepot::trade::v1::{
    EstimateQueryRequest, FlowFilter, Plan, SummarizeFlowsRequest, estimate_query_request,
};
use entrepot::proto::entrepot::r#type::v1::{Clock, Month, Quantity};
use entrepot::store::{self, Store};
use jiff::civil::Date;
use tokio::sync::{Semaphore, SemaphorePermit};
use tonic::transport::Channel;

/// Makes the tests `NAME::sqlite` and `NAME::postgres` of the function `NAME(fixture: Fixture)` that stands below it,
/// outside of the macro, where it is formatted and where the compiler warns of one that no test calls.
macro_rules! on_each_backend {
    ($name:ident) => {
        mod $name {
            use $crate::support::Fixture;

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name(Fixture::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                if let Some(fixture) = Fixture::postgres(concat!(module_path!(), "::postgres")).await {
                    super::$name(fixture).await;
                }
            }
        }
    };
}

/// Tests on PostgreSQL at a time, each with some ten connections of the server's hundred or more.
static TURNS: Semaphore = Semaphore::const_new(8);

/// A store with its schema, and the folder for its files.
pub struct Fixture {
    pub store: Store,
    pub url: String,
    pub folder: tempfile::TempDir,
    _turn: Option<SemaphorePermit<'static>>,
}

impl Fixture {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self::open(url, folder, None).await
    }

    /// A database of its own; `None`, with a loud notice that names the test, where there is no PostgreSQL.
    pub async fn postgres(test: &str) -> Option<Self> {
        let turn = TURNS.acquire().await.expect("nobody closes it");
        let url = postgres::database(test)?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(Self::open(url, folder, Some(turn)).await)
    }

    async fn open(url: String, folder: tempfile::TempDir, turn: Option<SemaphorePermit<'static>>) -> Self {
        let store = Store::open(store::Options::new(url.clone())).await.expect("the store opens");
        app::migrate(&store).await.expect("the schema goes up");
        Self { store, url, folder, _turn: turn }
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("the file can be written");
        path
    }

    /// The text with files by their names alone, since the folder has another name in every run.
    pub fn without_folder(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }

    pub async fn import(&self, format: &str, options: Options) -> Result<Report, Error> {
        let mut reports = app::import(&self.store, app::format(format).unwrap(), options, Progress::silent()).await?;
        Ok(reports.remove(0))
    }

    /// Imports one Comtrade file as the release of a day.
    pub async fn comtrade(&self, content: &str, day: &str) -> Result<Report, Error> {
        let path = self.write("comtrade.csv", content);
        self.import("comtrade", published(vec![path], day)).await
    }

    /// A made-up list of HS 2017 and HS 2022 that has every code the tests use.
    pub async fn load_lists(&self) {
        for (edition, name) in [("H5", "list_H5.csv"), ("H6", "list_H6.csv")] {
            let path = self.write(name, comtrade::made_up_list(edition));
            let report = self.import("classification", published(vec![path], "2022-06-01")).await;
            assert!(report.expect("the list is fine").rows_rejected == 0);
        }
    }

    pub async fn serve(&self) -> Served {
        self.serve_with(&[]).await
    }

    /// The same with settings of one's own.
    pub async fn serve_with(&self, settings: &[(&str, &str)]) -> Served {
        let ours = [("store.url", &*self.url), ("server.listen", "127.0.0.1:0"), ("server.drain_timeout_ms", "2000")];
        let all = ours.iter().chain(settings).map(|(key, value)| (key.to_string(), value.to_string()));
        serve(Config::load(None, &all.collect::<Vec<_>>()).expect("the configuration is valid")).await
    }
}

/// A running server, stopped when dropped.
pub struct Served {
    pub channel: Channel,
    pub address: String,
    _stop: tokio::sync::oneshot::Sender<()>,
}

pub async fn serve(config: Config) -> Served {
    let server = app::start(&config, None).await.expect("the server starts");
    let address = format!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(async move {
        let _ = server.serve(&config, async move { drop(stopped.await) }).await;
    });
    let channel = Channel::from_shared(address.clone()).expect("an address").connect().await.expect("it listens");
    Served { channel, address, _stop: stop }
}

impl Served {
    /// Waits until sums of a dataset are answered from memory.
    pub async fn wait_for_cube(&self, dataset: &str) {
        let filter = |flow: &str| FlowFilter {
            datasets: vec![format!("datasets/{dataset}")],
            flows: vec![flow.to_owned()],
            ..FlowFilter::default()
        };
        for _ in 0..600 {
            for flow in ["M", "X", "RX", "DX"] {
                let summary = SummarizeFlowsRequest { filter: Some(filter(flow)), ..Default::default() };
                let query = Some(estimate_query_request::Query::Summary(summary));
                let estimate = self.trade().estimate_query(EstimateQueryRequest { query, clock: None }).await;
                if estimate.is_ok_and(|estimate| estimate.get_ref().plan() == Plan::Cube) {
                    return;
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{dataset} has no cube after 30 s");
    }

    pub fn trade(&self) -> TradeServiceClient<Channel> {
        TradeServiceClient::new(self.channel.clone()).max_decoding_message_size(64 << 20)
    }

    pub fn indicators(&self) -> IndicatorServiceClient<Channel> {
        IndicatorServiceClient::new(self.channel.clone()).max_decoding_message_size(64 << 20)
    }

    pub fn sanctions(&self) -> SanctionsServiceClient<Channel> {
        SanctionsServiceClient::new(self.channel.clone()).max_decoding_message_size(64 << 20)
    }

    pub fn energy(&self) -> EnergyServiceClient<Channel> {
        EnergyServiceClient::new(self.channel.clone()).max_decoding_message_size(64 << 20)
    }

    pub fn reference(&self) -> ReferenceServiceClient<Channel> {
        ReferenceServiceClient::new(self.channel.clone())
    }
}

/// The program, as an operator runs it.
pub fn entrepot(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entrepot"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `entrepot call`: whether it succeeded, and what it wrote.
pub fn call(address: &str, arguments: &[&str]) -> (bool, String) {
    let output = entrepot(&[&["call", "--server", address][..], arguments].concat()).output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).expect("UTF-8"))
}

/// A running `serve --sample`, ended when it is dropped.
pub struct ServedSample {
    pub address: String,
    child: Child,
}

impl Drop for ServedSample {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program with its sample and waits for the address that it prints.
pub fn served_sample() -> ServedSample {
    let arguments = ["serve", "--sample", "--listen", "127.0.0.1:0"];
    let mut child = entrepot(&arguments).stderr(Stdio::null()).spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = lines.next().expect("it starts").expect("UTF-8");
    // Nobody reads the rest, and the server must not mind.
    std::thread::spawn(move || lines.for_each(drop));
    let address = format!("http://{}", first.rsplit(' ').next().unwrap_or_default());
    ServedSample { address, child }
}

/// A day of a request.
pub fn day(text: &str) -> Option<entrepot::proto::google::r#type::Date> {
    let date: Date = text.parse().expect("a day");
    Some(entrepot::rpc::wire::date(date))
}

/// The clock of a request.
pub fn clock(
    as_of: Option<entrepot::proto::google::r#type::Date>,
    in_force_on: Option<entrepot::proto::google::r#type::Date>,
) -> Option<Clock> {
    Some(Clock { as_of, in_force_on })
}

/// `2024-01` as a month of a request.
pub fn month(text: &str) -> Option<Month> {
    let (year, month) = text.split_once('-').expect("a month");
    Some(Month { year: year.parse().expect("a year"), month: month.parse().expect("a month") })
}

pub fn quantity(value: &str, unit: &str) -> Option<Quantity> {
    Some(entrepot::rpc::wire::quantity(value, unit))
}

/// What a line of a ledger is, as the book format would say: `take_or_pay`.
pub fn item(line: &LedgerLine) -> String {
    line.item().as_str_name().strip_prefix("LEDGER_ITEM_").expect("the prefix").to_lowercase()
}

/// How much, and whether it is money.
pub fn amount(line: &LedgerLine) -> (&str, bool) {
    let (value, is_money) = match line.amount.as_ref().expect("an amount") {
        Amount::Quantity(quantity) => (&quantity.value, false),
        Amount::Money(money) => (&money.value, true),
    };
    (&value.as_ref().expect("a value").value, is_money)
}

pub fn published(files: Vec<PathBuf>, day: &str) -> Options {
    let mut options = Options::new(files);
    options.published = Some(day.parse::<Date>().expect("a day"));
    options
}

/// Real files, or a loud word that they are not there.
pub fn real_data() -> Option<PathBuf> {
    let folder = std::env::var("ENTREPOT_REAL_DATA").unwrap_or_else(|_| "../shared/data".into());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if folder.join("trade/comtrade").is_dir() {
        return Some(folder);
    }
    use std::io::Write as _;
    let warning = format!("\nSKIPPED: real data are not at {} (ENTREPOT_REAL_DATA)\n", folder.display());
    // Past the capture of the test harness: a skip must be seen.
    let _ = std::io::stderr().lock().write_all(warning.as_bytes());
    None
}
