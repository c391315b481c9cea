//! A dataset: a body of data from one publisher, and what its importer says of it.

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
