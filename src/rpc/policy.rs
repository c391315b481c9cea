//! What every RPC needs before it may exist: who may call it, how long it may take, and how much it may give.
//!
//! A method that is not in the table is refused; a test walks the descriptor set and fails on one that is missing.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How long a call may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// The unary limits of the configuration.
    Unary,
    /// The limit for streams.
    Stream,
}

/// The rules of one method.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// `/package.Service/Method`.
    pub path: &'static str,
    /// Scope that the caller's token must have; `None` is open to all.
    pub scope: Option<&'static str>,
    pub span: Span,
    /// Most rows in one answer, as the service enforces it; 1 for a single resource.
    pub rows_max: u32,
}

const fn read(path: &'static str, scope: &'static str, rows_max: u32) -> Policy {
    Policy { path, scope: Some(scope), span: Span::Unary, rows_max }
}

const fn open(path: &'static str, span: Span) -> Policy {
    Policy { path, scope: None, span, rows_max: 1000 }
}

const REFERENCE: &str = "reference.read";
const TRADE: &str = "trade.read";
const SANCTIONS: &str = "sanctions.read";
const ENERGY: &str = "energy.read";

/// Every method that the server answers.
pub const POLICIES: &[Policy] = &[
    read("/entrepot.reference.v1.ReferenceService/GetCountry", REFERENCE, 1),
    read("/entrepot.reference.v1.ReferenceService/ListCountries", REFERENCE, 1000),
    read("/entrepot.reference.v1.ReferenceService/GetCommodity", REFERENCE, 1),
    read("/entrepot.reference.v1.ReferenceService/ListCommodities", REFERENCE, 1000),
    read("/entrepot.reference.v1.ReferenceService/ConvertCommodity", REFERENCE, 10_000),
    read("/entrepot.reference.v1.ReferenceService/GetDataset", REFERENCE, 1),
    read("/entrepot.reference.v1.ReferenceService/ListDatasets", REFERENCE, 1000),
    read("/entrepot.reference.v1.ReferenceService/ListReleases", REFERENCE, 1000),
    read("/entrepot.trade.v1.TradeService/ListFlows", TRADE, 5000),
    Policy {
        path: "/entrepot.trade.v1.TradeService/StreamFlows",
        scope: Some(TRADE),
        span: Span::Stream,
        rows_max: u32::MAX,
    },
    read("/entrepot.trade.v1.TradeService/SummarizeFlows", TRADE, 50_000),
    Policy {
        path: "/entrepot.trade.v1.TradeService/StreamSummary",
        scope: Some(TRADE),
        span: Span::Stream,
        rows_max: u32::MAX,
    },
    read("/entrepot.trade.v1.TradeService/CompareMirror", TRADE, 50_000),
    read("/entrepot.trade.v1.TradeService/EstimateQuery", TRADE, 1),
    read("/entrepot.trade.v1.IndicatorService/ComputeBalances", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeGrowth", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/RankFlows", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeDependence", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeConcentration", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeRevealedAdvantage", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeIntensity", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeComplementarity", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeIntraIndustryTrade", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeSimilarity", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeExtensiveMargin", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/ComputeUnitValues", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/DecomposeChange", TRADE, 50_000),
    read("/entrepot.trade.v1.IndicatorService/RankMovers", TRADE, 50_000),
    read("/entrepot.trade.v1.TradeService/ListCoverage", TRADE, 1000),
    read("/entrepot.sanctions.v1.SanctionsService/GetSubject", SANCTIONS, 1),
    read("/entrepot.sanctions.v1.SanctionsService/BatchGetSubjects", SANCTIONS, 100),
    read("/entrepot.sanctions.v1.SanctionsService/ListSubjects", SANCTIONS, 500),
    read("/entrepot.sanctions.v1.SanctionsService/SearchSubjects", SANCTIONS, 100),
    read("/entrepot.sanctions.v1.SanctionsService/ListProgrammes", SANCTIONS, 1000),
    read("/entrepot.sanctions.v1.SanctionsService/ListSanctionLists", SANCTIONS, 1000),
    read("/entrepot.sanctions.v1.SanctionsService/ListChanges", SANCTIONS, 1000),
    read("/entrepot.sanctions.v1.SanctionsService/ListSubjectRevisions", SANCTIONS, 500),
    read("/entrepot.sanctions.v1.SanctionsService/ResolveOwnership", SANCTIONS, 10),
    read("/entrepot.sanctions.v1.SanctionsService/CheckCommodity", SANCTIONS, 1000),
    read("/entrepot.sanctions.v1.SanctionsService/GetControlledGood", SANCTIONS, 1),
    read("/entrepot.sanctions.v1.SanctionsService/ListControlledGoods", SANCTIONS, 1000),
    Policy {
        path: "/entrepot.sanctions.v1.SanctionsService/WatchChanges",
        scope: Some(SANCTIONS),
        span: Span::Stream,
        rows_max: u32::MAX,
    },
    read("/entrepot.energy.v1.EnergyService/GetContract", ENERGY, 1),
    read("/entrepot.energy.v1.EnergyService/BatchGetContracts", ENERGY, 100),
    read("/entrepot.energy.v1.EnergyService/ListContracts", ENERGY, 500),
    read("/entrepot.energy.v1.EnergyService/ListContractRevisions", ENERGY, 500),
    read("/entrepot.energy.v1.EnergyService/ComputeSchedule", ENERGY, 200),
    read("/entrepot.energy.v1.EnergyService/SettleContract", ENERGY, 100),
    read("/entrepot.energy.v1.EnergyService/PriceContract", ENERGY, 1200),
    read("/entrepot.energy.v1.EnergyService/GetRoute", ENERGY, 1),
    read("/entrepot.energy.v1.EnergyService/ListRoutes", ENERGY, 1000),
    read("/entrepot.energy.v1.EnergyService/ProjectOutlook", ENERGY, 100),
    read("/entrepot.energy.v1.EnergyService/GetPriceIndex", ENERGY, 1),
    read("/entrepot.energy.v1.EnergyService/ListPriceObservations", ENERGY, 10_000),
    read("/entrepot.energy.v1.EnergyService/ListPriceIndexes", ENERGY, 1000),
    read("/entrepot.energy.v1.EnergyService/ListDeliveries", ENERGY, 1000),
    read("/entrepot.energy.v1.EnergyService/ConvertQuantity", ENERGY, 1),
    open("/grpc.health.v1.Health/Check", Span::Unary),
    open("/grpc.health.v1.Health/List", Span::Unary),
    open("/grpc.health.v1.Health/Watch", Span::Stream),
    open("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Span::Stream),
    open("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Span::Stream),
];

static BY_PATH: LazyLock<HashMap<&'static str, &'static Policy>> =
    LazyLock::new(|| POLICIES.iter().map(|policy| (policy.path, policy)).collect());

pub fn of(path: &str) -> Option<&'static Policy> {
    BY_PATH.get(path).copied()
}

/// Most rows of one answer, which the services ask for so that the number stands once.
pub fn rows_max(path: &str) -> usize {
    of(path).map_or(1, |policy| policy.rows_max as usize)
}
