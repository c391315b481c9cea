//! Indicators to messages.

use super::chunk::CURRENCY;
use super::response::{basis, provenance};
use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::rpc::wire::{decimal, emptiness};
use crate::trade::answer::indicators::Answer;
use crate::trade::indicators::formula::{self, Formula};
use crate::trade::indicators::unit_value::Outlier;
use crate::trade::indicators::{
    Absent, Figure, Group, Key, Party, Product, Table, advantage, balance, concentration, decomposition, dependence,
    growth, intensity, intra_industry, margin, movers, rank, structure, unit_value,
};
use crate::value::exact;

/// What every answer has beside its rows.
struct Head {
    provenance: Option<types::Provenance>,
    emptiness: Option<types::Emptiness>,
    basis: Option<pb::FlowBasis>,
    formulas: Vec<pb::Formula>,
}

fn head<Rows>(answer: &Answer<Rows>, formulas: &[Formula]) -> Head {
    let grounds = answer.answered.result.as_ref().ok().map(|(selection, read)| {
        let catalog = &answer.answered.knowledge.catalog;
        (provenance(catalog, selection), basis(selection, Some(&read.level), Some(&read.total)))
    });
    let (provenance, basis) = grounds.unzip();
    let formula = |formula: &Formula| pb::Formula {
        indicator: formula.indicator.to_owned(),
        expression: formula.expression.to_owned(),
        source: formula.source.to_owned(),
        version: formula.version,
    };
    Head {
        provenance,
        emptiness: answer.emptiness.as_ref().map(emptiness),
        basis,
        formulas: formulas.iter().map(formula).collect(),
    }
}

/// How rows become messages.
struct Encoder<'a>(Option<&'a Table>);

impl Encoder<'_> {
    fn key(&self, key: &Key) -> Option<pb::IndicatorKey> {
        let mut wire = self.group(&key.group);
        wire.period = key.period.map_or_else(String::new, |period| period.to_string());
        Some(wire)
    }

    fn group(&self, group: &Group) -> pb::IndicatorKey {
        let code = group.product.map(|product| self.code(product));
        let (classification, commodity) = code.unzip();
        pb::IndicatorKey {
            period: String::new(),
            reporter: group.reporter.as_ref().map(party),
            partner: group.partner.as_ref().map(party),
            flow: group.flow.map(|flow| flow.to_string()),
            classification,
            commodity,
            not_detailed: group.product.is_some_and(|product| product.is_not_detailed),
        }
    }

    /// Classification and code of a product.
    fn code(&self, product: Product) -> (String, String) {
        let code = self.0.map_or_else(|| product.code(), |table| table.shown(product));
        (code.classification().name().to_owned(), code.to_string())
    }
}

fn party(party: &Party) -> String {
    match party {
        Party::Area(area) => area.to_string(),
        Party::Group(name) => name.clone(),
    }
}

fn absent(absent: Absent) -> pb::AbsentReason {
    match absent {
        Absent::NoTradeReported => pb::AbsentReason::NoTradeReported,
        Absent::NotReported => pb::AbsentReason::NotReported,
        Absent::IncompletePeriod => pb::AbsentReason::IncompletePeriod,
        Absent::NotInEdition => pb::AbsentReason::NotInEdition,
        Absent::ValueUnknown => pb::AbsentReason::ValueUnknown,
        Absent::BaseZero => pb::AbsentReason::BaseZero,
        Absent::BaseNotReported => pb::AbsentReason::BaseNotReported,
        Absent::BaseIncomplete => pb::AbsentReason::BaseIncomplete,
        Absent::NotPositive => pb::AbsentReason::NotPositive,
        Absent::NotApplicable => pb::AbsentReason::NotApplicable,
        Absent::TooLarge => pb::AbsentReason::TooLarge,
        Absent::ReportersDiffer => pb::AbsentReason::ReportersDiffer,
    }
}

fn figure(figure: Figure, decimals: u32) -> Option<pb::Figure> {
    Some(match figure {
        Ok(number) => pb::Figure { value: Some(decimal(exact::scaled(number, decimals))), absent_reason: 0 },
        Err(reason) => pb::Figure { value: None, absent_reason: absent(reason).into() },
    })
}

fn money(value: Figure) -> Option<pb::Figure> {
    figure(value, 3)
}

fn ratio(value: Figure) -> Option<pb::Figure> {
    figure(value, 6)
}

fn sum(thousandths: i128) -> Option<types::Decimal> {
    Some(decimal(exact::scaled(thousandths, 3)))
}

/// The message of an answer: its rows made by `$row`, and the head.
macro_rules! response {
    ($answer:expr, $formulas:expr, $rows:expr, $response:ident { $($more:tt)* }) => {{
        let Head { provenance, emptiness, basis, formulas } = head($answer, $formulas);
        pb::$response {
            rows: $rows,
            provenance,
            emptiness,
            basis,
            currency_code: CURRENCY.to_owned(),
            formulas,
            // Put in by the service, where they are asked for.
            names: None,
            $($more)*
        }
    }};
}

pub fn compute_balances(answer: &Answer<Vec<balance::Row>>) -> pb::ComputeBalancesResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &balance::Row| pb::BalanceRow {
        key: encoder.key(&row.key),
        exports: money(row.exports),
        imports: money(row.imports),
        balance: money(row.balance),
        coverage_ratio: ratio(row.coverage),
        normalized_balance: ratio(row.normalized),
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::BALANCE, rows, ComputeBalancesResponse {})
}

pub fn compute_growth(answer: &Answer<(Vec<growth::Row>, Vec<growth::Series>)>) -> pb::ComputeGrowthResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &growth::Row| pb::GrowthRow {
        key: encoder.key(&row.key),
        value: money(row.value),
        change: money(row.change),
        growth_on_year: ratio(row.on_year),
        growth_on_previous: ratio(row.on_previous),
        year_to_date: money(row.year_to_date),
        year_to_date_growth: ratio(row.year_to_date_growth),
        rolling_year: money(row.rolling_year),
        rolling_year_growth: ratio(row.rolling_year_growth),
        index: row.index.and_then(ratio),
        periods_expected: row.expected as i32,
        periods_reported: row.reported as i32,
    };
    let series = |series: &growth::Series| {
        let (first, last) =
            series.between.map(|(first, last)| (first.to_string(), last.to_string())).unwrap_or_default();
        pb::GrowthSeries {
            key: Some(encoder.group(&series.group)),
            start_period: first,
            end_period: last,
            compound_annual_growth: ratio(series.compound),
            least_squares_growth: ratio(series.least_squares),
        }
    };
    let rows = answer.rows.0.iter().map(row).collect();
    let series = answer.rows.1.iter().map(series).collect();
    response!(answer, formula::GROWTH, rows, ComputeGrowthResponse { series })
}

pub fn rank_flows(answer: &Answer<Vec<rank::Row>>) -> pb::RankFlowsResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &rank::Row| pb::RankRow {
        key: encoder.key(&row.key),
        value: money(row.value),
        rank: row.rank as i32,
        previous_rank: row.previous_rank as i32,
        rank_change: row.change().map(|change| change as i32),
        share: ratio(row.share),
        whole_value: money(row.whole),
        share_of_whole: ratio(row.share_of_whole),
        rest: row.rest.is_some(),
        rest_count: row.rest.unwrap_or(0) as i32,
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::RANK, rows, RankFlowsResponse {})
}

pub fn compute_dependence(answer: &Answer<Vec<dependence::Row>>) -> pb::ComputeDependenceResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &dependence::Row| pb::DependenceRow {
        key: encoder.key(&row.key),
        value: money(row.value),
        identified_total: money(row.identified),
        world_total: money(row.world),
        share_of_identified: ratio(row.share_of_identified),
        share_of_world: ratio(row.share_of_world),
        rank: row.rank as i32,
        partner_count: row.partners as i32,
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::DEPENDENCE, rows, ComputeDependenceResponse {})
}

pub fn compute_concentration(answer: &Answer<Vec<concentration::Row>>) -> pb::ComputeConcentrationResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &concentration::Row| pb::ConcentrationRow {
        key: encoder.key(&row.key),
        member_count: row.members as i32,
        total: money(row.total),
        world_total: money(row.world),
        unidentified_share: ratio(row.unidentified_share),
        herfindahl: ratio(row.herfindahl),
        normalized_herfindahl: ratio(row.normalized),
        concentration_index: ratio(row.concentration),
        effective_number: ratio(row.effective_number),
        herfindahl_low: ratio(row.low),
        herfindahl_high: ratio(row.high),
        largest: row.largest.as_ref().map(|group| largest(&encoder, group, &row.key.group)).unwrap_or_default(),
        largest_share: ratio(row.largest_share),
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::CONCENTRATION, rows, ComputeConcentrationResponse {})
}

/// What tells the largest member apart within its row.
fn largest(encoder: &Encoder<'_>, member: &Group, of: &Group) -> String {
    if member.partner != of.partner {
        return member.partner.as_ref().map(party).unwrap_or_default();
    }
    if member.product != of.product {
        return member.product.map(|product| encoder.code(product).1).unwrap_or_default();
    }
    member.reporter.as_ref().map(party).unwrap_or_default()
}

pub fn compute_revealed_advantage(answer: &Answer<Vec<advantage::Row>>) -> pb::ComputeRevealedAdvantageResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &advantage::Row| pb::AdvantageRow {
        key: encoder.key(&row.key),
        value: money(row.value),
        reporter_total: money(row.reporter_total),
        world_value: money(row.world_value),
        world_total: money(row.world_total),
        advantage: ratio(row.advantage),
        symmetric_advantage: ratio(row.symmetric),
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::ADVANTAGE, rows, ComputeRevealedAdvantageResponse {})
}

pub fn compute_intensity(answer: &Answer<Vec<intensity::Row>>) -> pb::ComputeIntensityResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &intensity::Row| pb::IntensityRow {
        key: encoder.key(&row.key),
        value: money(row.value),
        reporter_total: money(row.reporter_total),
        world_value: money(row.world_value),
        world_total: money(row.world_total),
        intensity: ratio(row.intensity),
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::INTENSITY, rows, ComputeIntensityResponse {})
}

pub fn compute_complementarity(answer: &Answer<Vec<structure::Row>>) -> pb::ComputeComplementarityResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &structure::Row| pb::ComplementarityRow {
        key: encoder.key(&row.key).map(|key| pb::IndicatorKey {
            partner: row.other.as_ref().map(party),
            flow: None,
            ..key
        }),
        complementarity: ratio(row.index),
        exporter_total: money(row.total),
        importer_total: money(row.other_total),
        common_count: row.common as i32,
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::COMPLEMENTARITY, rows, ComputeComplementarityResponse {})
}

pub fn compute_intra_industry_trade(
    answer: &Answer<Vec<intra_industry::Row>>,
) -> pb::ComputeIntraIndustryTradeResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &intra_industry::Row| pb::IntraIndustryRow {
        key: encoder.key(&row.key),
        exports: money(row.exports),
        imports: money(row.imports),
        grubel_lloyd: ratio(row.grubel_lloyd),
        marginal: ratio(row.marginal),
        commodity_count: row.commodities as i32,
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::INTRA_INDUSTRY, rows, ComputeIntraIndustryTradeResponse {})
}

pub fn compute_similarity(answer: &Answer<Vec<structure::Row>>) -> pb::ComputeSimilarityResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &structure::Row| pb::SimilarityRow {
        key: encoder.key(&row.key),
        other_reporter: row.other.as_ref().map(party).unwrap_or_default(),
        similarity: ratio(row.index),
        common_count: row.common as i32,
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::SIMILARITY, rows, ComputeSimilarityResponse {})
}

pub fn compute_extensive_margin(answer: &Answer<Vec<margin::Row>>) -> pb::ComputeExtensiveMarginResponse {
    let encoder = Encoder(answer.table());
    let product = |(product, value): &(Product, i128)| {
        let (classification, commodity) = encoder.code(*product);
        pb::ProductValue { classification, commodity, value: sum(*value) }
    };
    let row = |row: &margin::Row| {
        let sum = |value: i128| row.is_known.then(|| sum(value)).flatten();
        pb::ExtensiveMarginRow {
            key: encoder.key(&row.key),
            base_value: money(row.base_value),
            value: money(row.value),
            new_count: row.new.count as i32,
            new_value: sum(row.new.value),
            vanished_count: row.vanished.count as i32,
            vanished_value: sum(row.vanished.value),
            continuing_count: row.continuing as i32,
            continuing_base_value: sum(row.continuing_base_value),
            continuing_value: sum(row.continuing_value),
            new_share: ratio(row.new_share),
            vanished_share: ratio(row.vanished_share),
            edition_changed_base_value: sum(row.edition_changed_base_value),
            edition_changed_value: sum(row.edition_changed_value),
            new_products: row.new.largest.iter().map(product).collect(),
            vanished_products: row.vanished.largest.iter().map(product).collect(),
        }
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::MARGIN, rows, ComputeExtensiveMarginResponse {})
}

pub fn compute_unit_values(answer: &Answer<Vec<unit_value::Row>>) -> pb::ComputeUnitValuesResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &unit_value::Row| pb::UnitValueRow {
        key: encoder.key(&row.key),
        unit_value: ratio(row.unit_value),
        weighed_value: sum(row.weighed_value),
        net_weight_kg: sum(row.weight),
        weighed_share: ratio(row.weighed_share),
        lower_quartile: ratio(row.lower),
        median: ratio(row.median),
        upper_quartile: ratio(row.upper),
        peer_count: row.peers as i32,
        outlier: match row.outlier {
            Outlier::Unknown => pb::Outlier::Unspecified,
            Outlier::None => pb::Outlier::None,
            Outlier::Low => pb::Outlier::Low,
            Outlier::High => pb::Outlier::High,
        }
        .into(),
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::UNIT_VALUE, rows, ComputeUnitValuesResponse {})
}

pub fn decompose_change(answer: &Answer<Vec<decomposition::Row>>) -> pb::DecomposeChangeResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &decomposition::Row| pb::DecompositionRow {
        key: encoder.key(&row.key),
        base_value: money(row.base_value),
        value: money(row.value),
        change: money(row.change),
        price: money(row.price),
        quantity: money(row.quantity),
        entry: money(row.entry),
        exit: money(row.exit),
        unweighed: money(row.unweighed),
        laspeyres: ratio(row.laspeyres),
        paasche: ratio(row.paasche),
        fisher: ratio(row.fisher),
        unit_value_ratio: ratio(row.unit_value_ratio),
        product_count: row.products as i32,
        weighed_base_value: sum(row.weighed_base_value),
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::DECOMPOSITION, rows, DecomposeChangeResponse {})
}

pub fn rank_movers(answer: &Answer<Vec<movers::Row>>) -> pb::RankMoversResponse {
    let encoder = Encoder(answer.table());
    let row = |row: &movers::Row| pb::MoverRow {
        key: encoder.key(&row.key),
        base_value: money(row.base_value),
        value: money(row.value),
        change: money(row.change),
        growth: ratio(row.growth),
        contribution: ratio(row.contribution),
        contribution_to_growth: ratio(row.contribution_to_growth),
        rank: row.rank as i32,
        rest: row.rest.is_some(),
        rest_count: row.rest.unwrap_or(0) as i32,
    };
    let rows = answer.rows.iter().map(row).collect();
    response!(answer, formula::MOVERS, rows, RankMoversResponse {})
}
