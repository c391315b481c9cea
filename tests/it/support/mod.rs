//! What the suites share: stores on both backends, servers, made-up files.

pub mod postgres;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use entrepot::app::{self, ImportFormat};
use entrepot::config::Config;
use entrepot::import::{Error, Options, Progress, Report};
use entrepot::proto::entrepot::energy::v1::energy_service_client::EnergyServiceClient;
use entrepot::proto::entrepot::reference::v1::reference_service_client::ReferenceServiceClient;
use entrepot::proto::entrepot::sanctions::v1::sanctions_service_client::SanctionsServiceClient;
use entrepot::proto::entrepot::trade::v1::trade_service_client::TradeServiceClient;
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
                if let Some(fixture) = Fixture::postgres(module_path!()).await {
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

    pub async fn import(&self, format: ImportFormat, options: Options) -> Result<Report, Error> {
        let mut reports = app::import(&self.store, format, options, Progress::silent()).await?;
        Ok(reports.remove(0))
    }

    /// Imports one Comtrade file as the release of a day.
    pub async fn comtrade(&self, content: &str, day: &str) -> Result<Report, Error> {
        let path = self.write("comtrade.csv", content);
        self.import(ImportFormat::Flows("comtrade"), published(vec![path], day)).await
    }

    /// A made-up list of HS 2017 and HS 2022 that has every code the tests use.
    pub async fn load_lists(&self) {
        for (edition, name) in [("H5", "list_H5.csv"), ("H6", "list_H6.csv")] {
            let path = self.write(name, made_up_list(edition));
            let report = self.import(ImportFormat::Classification, published(vec![path], "2022-06-01")).await;
            assert!(report.expect("the list is fine").rows_rejected == 0);
        }
    }

    pub async fn serve(&self) -> Served {
        let overrides = [
            ("store.url".to_owned(), self.url.clone()),
            ("server.listen".to_owned(), "127.0.0.1:0".to_owned()),
            ("server.drain_timeout_ms".to_owned(), "2000".to_owned()),
        ];
        serve(Config::load(None, &overrides).expect("the configuration is valid")).await
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
    pub fn trade(&self) -> TradeServiceClient<Channel> {
        TradeServiceClient::new(self.channel.clone()).max_decoding_message_size(64 << 20)
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

/// A day of a request.
pub fn day(text: &str) -> Option<entrepot::proto::google::r#type::Date> {
    let date: Date = text.parse().expect("a day");
    Some(entrepot::rpc::wire::date(date))
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

/// Enough codes to count as a full list, among them those of the tests.
pub fn made_up_list(edition: &str) -> String {
    let mut list = format!("id,text,parent,isLeaf,aggrlevel\nTOTAL,Total - All {edition} Commodities,#,0,0\n");
    for chapter in (1..=97).filter(|chapter| *chapter != 77) {
        let _ = writeln!(list, "{chapter:02},{chapter:02} - Chapter {chapter},TOTAL,0,2");
        for heading in 1..=12 {
            let _ = writeln!(list, "{chapter:02}{heading:02},{chapter:02}{heading:02} - Heading,{chapter:02},0,4");
            for leaf in ["10", "21", "90"] {
                let _ = writeln!(
                    list,
                    "{chapter:02}{heading:02}{leaf},{chapter:02}{heading:02}{leaf} - Leaf {leaf},{chapter:02}{heading:02},1,6"
                );
            }
        }
    }
    list
}

/// One record of the 47-column layout, with defaults that are totals.
#[derive(Clone, Debug)]
pub struct Record {
    pub period: &'static str,
    pub reporter: u16,
    pub flow: &'static str,
    pub partner: u16,
    pub partner2: u16,
    pub classification: &'static str,
    pub commodity: &'static str,
    pub procedure: &'static str,
    pub mode: u16,
    pub net_weight: &'static str,
    pub value: String,
}

/// China's exports of natural gas to Russia in 2021, for want of anything else.
pub fn record(value: impl ToString) -> Record {
    Record {
        period: "2021",
        reporter: 156,
        flow: "X",
        partner: 643,
        partner2: 0,
        classification: "H5",
        commodity: "271121",
        procedure: "C00",
        mode: 0,
        net_weight: "10.5",
        value: value.to_string(),
    }
}

pub const HEADER: &str = "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,\
flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,\
classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,\
motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,isAltQtyEstimated,\
netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,legacyEstimationFlag,isReported,\
isAggregate";

/// A file of the 47-column layout.
pub fn comtrade_csv(records: &[Record]) -> String {
    let mut text = format!("{HEADER}\n");
    for r in records {
        let frequency = if r.period.len() == 4 { "A" } else { "M" };
        let year = &r.period[..4];
        let _ = writeln!(
            text,
            "C,{frequency},0,{year},52,{},{},,\"A, B\",{},,{},,,{},,,{},HS,true,{},\"Gas; natural\",6,true,{},,0,{},,8,kg,{},\
             false,-1,N/A,0.0,false,{},false,0.0,false,,{},{},0,true,false",
            r.period,
            r.reporter,
            r.flow,
            r.partner,
            r.partner2,
            r.classification,
            r.commodity,
            r.procedure,
            r.mode,
            r.net_weight,
            r.net_weight,
            r.value,
            r.value,
        );
    }
    text
}
