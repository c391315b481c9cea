//! Datasets and their releases, and what of them the service keeps in memory.

use jiff::civil::Date;

use super::CommodityCode;

/// How goods are valued at the border.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Valuation {
    Unknown,
    Cif,
    Fob,
    AsReported,
    Mixed,
    /// Imports CIF, exports FOB.
    ByFlow,
}

impl Valuation {
    pub fn number(self) -> i64 {
        match self {
            Self::Unknown => 0,
            Self::Cif => 1,
            Self::Fob => 2,
            Self::AsReported => 3,
            Self::Mixed => 4,
            Self::ByFlow => 5,
        }
    }

    pub fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Cif,
            2 => Self::Fob,
            3 => Self::AsReported,
            4 => Self::Mixed,
            5 => Self::ByFlow,
            _ => Self::Unknown,
        }
    }
}

/// What a dataset holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DatasetKind {
    Flows,
    Classification,
    Concordance,
    /// A list of sanctioned subjects.
    SanctionList,
    /// Who owns whom.
    Holdings,
    ControlledGoods,
    /// Energy contracts.
    ContractBook,
    /// Pipelines, terminals, fields.
    Routes,
    /// Price indexes with their observations.
    PriceIndexes,
    /// What was delivered.
    Deliveries,
}

impl DatasetKind {
    const ALL: [Self; 10] = [
        Self::Flows,
        Self::Classification,
        Self::Concordance,
        Self::SanctionList,
        Self::Holdings,
        Self::ControlledGoods,
        Self::ContractBook,
        Self::Routes,
        Self::PriceIndexes,
        Self::Deliveries,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Classification => "classification",
            Self::Concordance => "concordance",
            Self::SanctionList => "sanction-list",
            Self::Holdings => "holdings",
            Self::ControlledGoods => "controlled-goods",
            Self::ContractBook => "contract-book",
            Self::Routes => "routes",
            Self::PriceIndexes => "price-indexes",
            Self::Deliveries => "deliveries",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What an importer says of its dataset.
#[derive(Clone, Debug)]
pub struct DatasetSpec {
    pub name: String,
    pub title: String,
    pub publisher: String,
    pub license: String,
    pub kind: DatasetKind,
    pub scope: String,
    pub valuation: Valuation,
    /// Lower answers first when a question names no dataset.
    pub precedence: i64,
}

/// A body of data from one publisher.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub id: i64,
    pub spec: DatasetSpec,
}

impl Dataset {
    pub fn resource(&self) -> String {
        format!("datasets/{}", self.spec.name)
    }
}

/// What came into the store at once.
#[derive(Clone, Debug)]
pub struct Release {
    pub id: i64,
    pub dataset: i64,
    pub publication_date: Date,
    pub created_at_ms: i64,
    pub importer_version: String,
    pub content_hash: String,
    /// JSON list of `import::FileHash`.
    pub files: String,
    pub rows_read: i64,
    pub rows_new: i64,
    pub rows_revised: i64,
    pub rows_unchanged: i64,
    pub rows_withdrawn: i64,
    pub rows_rejected: i64,
}

/// The register of datasets, releases and known codes, as of one newest release.
#[derive(Debug, Default)]
pub struct Catalog {
    pub newest_release: i64,
    /// In the order of precedence.
    pub datasets: Vec<Dataset>,
    /// In the order of their numbers.
    pub releases: Vec<Release>,
    /// Numbers of all current commodity codes, sorted.
    pub commodities: Vec<i32>,
}

impl Catalog {
    pub fn dataset(&self, name: &str) -> Option<&Dataset> {
        let name = name.strip_prefix("datasets/").unwrap_or(name);
        self.datasets.iter().find(|dataset| dataset.spec.name == name)
    }

    pub fn dataset_by_id(&self, id: i64) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.id == id)
    }

    /// The newest release of a dataset that was out at the end of `as_of`.
    pub fn release_at(&self, dataset: i64, as_of: Option<Date>) -> Option<&Release> {
        self.releases
            .iter()
            .rev()
            .filter(|release| release.dataset == dataset)
            .find(|release| as_of.is_none_or(|day| release.publication_date <= day))
    }

    pub fn release(&self, id: i64) -> Option<&Release> {
        self.releases.iter().find(|release| release.id == id)
    }

    pub fn release_name(&self, id: i64) -> String {
        let dataset = self.release(id).and_then(|release| self.dataset_by_id(release.dataset));
        dataset.map_or_else(String::new, |dataset| format!("{}/releases/{id}", dataset.resource()))
    }

    pub fn knows(&self, code: CommodityCode) -> bool {
        self.commodities.binary_search(&code.number()).is_ok()
    }

    /// Whether a full list of the classification is in the store, and not only some bundled headings.
    pub fn is_loaded(&self, classification: super::Classification) -> bool {
        self.codes_at_level(classification, 6) > 1000 || self.codes_at_level(classification, 3) > 50
    }

    /// How many codes of this many characters a classification has in the store.
    pub fn codes_at_level(&self, classification: super::Classification, level: u32) -> usize {
        let (first, last) = CommodityCode::total(classification).range();
        let start = self.commodities.partition_point(|code| *code < first);
        let end = self.commodities.partition_point(|code| *code <= last);
        self.commodities[start..end]
            .iter()
            .filter_map(|number| CommodityCode::from_number(*number))
            .filter(|code| code.level() == level)
            .count()
    }
}
