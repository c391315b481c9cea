//! Requests for indicators to their scopes, with everything that is wrong named.

use super::filter::{filter_with_groups, with_known_groups};
use super::request::{country_groups, members_of, within};
use crate::proto::entrepot::trade::v1 as pb;
use crate::rpc::rules::Rules;
use crate::rpc::{Error, Violations, page, policy};
use crate::trade::answer::AsOf;
use crate::trade::answer::indicators::{Periods, Scope};
use crate::trade::indicators::unit_value::FENCE;
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Grouping, Listed};
use crate::value::number::{self, Excess};
use crate::value::text::truncated;
use crate::value::{Frequency, Period};

/// Of an answer that sets no limit.
const ROWS: usize = 10_000;
const MOVERS: usize = 20;
const PRODUCTS: usize = 10;
const COMPUTE_BALANCES: &str = "/entrepot.trade.v1.IndicatorService/ComputeBalances";

/// A request with a scope.
trait Scoped: Rules {
    fn scope(&self) -> Option<&pb::IndicatorScope>;
}

macro_rules! scoped {
    ($($request:ident)+) => {
        $(impl Scoped for pb::$request {
            fn scope(&self) -> Option<&pb::IndicatorScope> {
                self.scope.as_ref()
            }
        })+
    };
}

scoped! {
    ComputeBalancesRequest ComputeGrowthRequest RankFlowsRequest ComputeDependenceRequest ComputeConcentrationRequest
    ComputeRevealedAdvantageRequest ComputeIntensityRequest ComputeComplementarityRequest ComputeIntraIndustryTradeRequest
    ComputeSimilarityRequest ComputeExtensiveMarginRequest ComputeUnitValuesRequest DecomposeChangeRequest RankMoversRequest
}

/// A request as it is checked.
struct Checked {
    violations: Violations,
    scope: Option<Scope>,
}

impl Checked {
    fn of(request: &impl Scoped) -> Result<Self, Error> {
        let mut violations = Violations::of(request);
        let empty = pb::IndicatorScope::default();
        let scope = match scope(request.scope().unwrap_or(&empty)).map_err(|error| within(error, "", "scope.")) {
            Err(Error::Invalid(fields)) => {
                fields.into_iter().for_each(|(field, problem)| violations.add(field, problem));
                None
            }
            other => Some(other?),
        };
        Ok(Self { violations, scope })
    }

    fn add(&mut self, field: &str, problem: impl Into<String>) {
        self.violations.add(field, problem);
    }

    fn refuse(&mut self, is_wrong: impl Fn(&Scope) -> bool, field: &str, problem: &str) {
        if self.scope.as_ref().is_some_and(is_wrong) {
            self.add(field, problem);
        }
    }

    /// What the indicator spreads over is not also kept apart.
    fn across(&mut self, wire: i32) -> Dimension {
        let dimension = match pb::Dimension::try_from(wire) {
            Ok(pb::Dimension::Reporter) => Dimension::Reporter,
            Ok(pb::Dimension::Commodity) => Dimension::Commodity,
            // A rule of the protos refuses all others.
            _ => Dimension::Partner,
        };
        if let Some(scope) = &mut self.scope {
            // Reporters are kept apart where nothing is said.
            if scope.group_by == [Dimension::Reporter] && dimension == Dimension::Reporter {
                scope.group_by.clear();
            }
        }
        let problem = "names what `across` names; leave it out here";
        self.refuse(|scope| scope.groups_by(dimension), "scope.group_by", problem);
        if dimension == Dimension::Partner {
            let problem = "names a total, which is no single partner; leave it out for all single partners";
            let is_total = |scope: &Scope| scope.filter.partners.iter().any(|area| area.is_total());
            self.refuse(is_total, "scope.filter.partners", problem);
        }
        dimension
    }

    fn period(&mut self, field: &str, text: &str) -> Option<Period> {
        let period = self.violations.period(field, text)?;
        let kind = self.scope.as_ref().map(|scope| scope.period)?;
        if period.frequency() != kind {
            self.add(
                field,
                format!("{period} is not of the kind that period_dimension says; expected {}", example(kind)),
            );
            return None;
        }
        Some(period)
    }

    fn periods(&mut self, base: &str, period: &str) -> Option<Periods> {
        let pair = self.period("base_period", base).zip(self.period("period", period));
        if pair.is_some_and(|(base, period)| base == period) {
            self.add("period", "is the base period; name another");
        }
        let bounds = |scope: &Scope| scope.filter.from.is_some() || scope.filter.to.is_some();
        self.refuse(
            bounds,
            "scope.filter",
            "start_period and end_period are not used here; name base_period and period",
        );
        self.refuse_balanced();
        pair.map(|(base, period)| Periods { base, period })
    }

    /// Periods outside of the range asked for are read, of which nobody said that they must be reported.
    fn refuse_balanced(&mut self) {
        let problem = "is not offered here, where periods beside those asked for are read; leave it out";
        self.refuse(|scope| scope.filter.balanced, "scope.filter.balanced", problem);
    }

    fn done(self) -> Result<Scope, Error> {
        self.violations.check()?;
        self.scope.ok_or_else(|| Error::invalid("scope", "is missing"))
    }
}

fn example(kind: Frequency) -> &'static str {
    match kind {
        Frequency::Annual => "a year such as 2021",
        Frequency::Quarterly => "a quarter such as 2021-Q1",
        Frequency::Monthly => "a month such as 2021-03",
    }
}

fn scope(wire: &pb::IndicatorScope) -> Result<Scope, Error> {
    let mut violations = Violations::of(wire);
    let mut groups = country_groups(&wire.groups, &mut violations);
    let wire_filter = with_known_groups(&wire.filter.clone().unwrap_or_default(), &mut groups);
    let filter = filter_with_groups(Some(&wire_filter), &groups, &mut violations);
    let refused = [
        (
            filter.listed != Listed::All,
            "filter.parts_only",
            "is for lists and streams, as is totals_only; leave it out",
        ),
        (!filter.levels.is_empty(), "filter.commodity_levels", "is for lists and streams; name commodity_level"),
        (
            filter.complete_periods_only,
            "filter.complete_periods_only",
            "is not needed: a figure of an incomplete period says so; leave it out",
        ),
        (!filter.modes.is_empty(), "filter.modes_of_transport", "is not offered in indicators; leave it out"),
        (!filter.procedures.is_empty(), "filter.customs_procedures", "is not offered in indicators; leave it out"),
        (!filter.second_partners.is_empty(), "filter.second_partners", "is not offered in indicators; leave it out"),
    ];
    for (_, field, problem) in refused.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
        violations.add(field, problem);
    }
    let mut group_by: Vec<Dimension> = Vec::new();
    for (index, dimension) in wire.group_by.iter().enumerate() {
        let dimension = match pb::Dimension::try_from(*dimension) {
            Ok(pb::Dimension::Reporter) => Dimension::Reporter,
            Ok(pb::Dimension::Partner) => Dimension::Partner,
            Ok(pb::Dimension::Commodity) => Dimension::Commodity,
            // A rule of the protos refuses them.
            _ => continue,
        };
        if group_by.contains(&dimension) {
            violations.add(format!("group_by[{index}]"), "is named twice");
        }
        group_by.push(dimension);
    }
    if group_by.is_empty() {
        group_by.push(Dimension::Reporter);
    }
    let period = match wire.period_dimension() {
        pb::Dimension::Quarter => Frequency::Quarterly,
        pb::Dimension::Month => Frequency::Monthly,
        _ => Frequency::Annual,
    };
    for (field, bound) in [("filter.start_period", filter.from), ("filter.end_period", filter.to)] {
        if let Some(bound) = bound.filter(|bound| bound.frequency() > period) {
            violations.add(field, format!("{bound} cuts what period_dimension says; expected {}", example(period)));
        }
    }
    let names = |listed: &[String]| -> Vec<String> {
        listed.iter().filter(|name| name.starts_with("groups/")).cloned().collect()
    };
    let mut members =
        |field: &str, listed: &[String]| members_of(field, &names(listed), listed, &groups, &mut violations);
    let reporter_groups = members("filter.reporters", &wire_filter.reporters);
    let partner_groups = members("filter.partners", &wire_filter.partners);
    let as_of = AsOf::day(violations.as_of(wire.clock.as_ref()));
    violations.check()?;
    Ok(Scope {
        filter,
        group_by,
        period,
        level: Some(wire.commodity_level.unsigned_abs()).filter(|level| *level > 0),
        reporter_groups: Grouping::new(&reporter_groups),
        partner_groups: Grouping::new(&partner_groups),
        as_of,
        rows_max: page::size(wire.row_limit, ROWS, policy::rows_max(COMPUTE_BALANCES)),
    })
}

const PRODUCTS_APART: &str = "names commodities, which this indicator compares itself; leave them out here";

pub fn compute_balances(request: &pb::ComputeBalancesRequest) -> Result<Scope, Error> {
    let mut checked = Checked::of(request)?;
    let problem = "is not used: a balance is of exports (X) and imports (M); leave it empty";
    checked.refuse(|scope| !scope.filter.flows.is_empty(), "scope.filter.flows", problem);
    checked.done()
}

pub fn compute_growth(request: &pb::ComputeGrowthRequest) -> Result<(Scope, Option<Period>), Error> {
    let mut checked = Checked::of(request)?;
    let base = checked.period("base_period", &request.base_period);
    checked.refuse_balanced();
    Ok((checked.done()?, base))
}

pub fn rank_flows(request: &pb::RankFlowsRequest) -> Result<(Scope, Dimension, usize), Error> {
    let mut checked = Checked::of(request)?;
    let across = checked.across(request.across);
    checked.refuse_balanced();
    Ok((checked.done()?, across, request.top.unsigned_abs() as usize))
}

pub fn compute_dependence(request: &pb::ComputeDependenceRequest) -> Result<Scope, Error> {
    let mut checked = Checked::of(request)?;
    let is_total = |scope: &Scope| scope.filter.partners.iter().any(|area| area.is_total());
    let problem = "names a total, on which nobody depends; name single partners, or none for all";
    checked.refuse(is_total, "scope.filter.partners", problem);
    checked.done()
}

pub fn compute_concentration(request: &pb::ComputeConcentrationRequest) -> Result<(Scope, Dimension), Error> {
    let mut checked = Checked::of(request)?;
    let across = checked.across(request.across);
    Ok((checked.done()?, across))
}

pub fn compute_revealed_advantage(request: &pb::ComputeRevealedAdvantageRequest) -> Result<Scope, Error> {
    let mut checked = Checked::of(request)?;
    checked.refuse(|scope| scope.groups_by(Dimension::Commodity), "scope.group_by", PRODUCTS_APART);
    one_flow(&mut checked, "X");
    checked.done()
}

pub fn compute_intensity(request: &pb::ComputeIntensityRequest) -> Result<Scope, Error> {
    let mut checked = Checked::of(request)?;
    let is_total = |scope: &Scope| scope.filter.partners.iter().any(|area| area.is_total());
    checked.refuse(is_total, "scope.filter.partners", "names a total; name single partners, or none for all");
    one_flow(&mut checked, "X");
    checked.done()
}

pub fn compute_complementarity(request: &pb::ComputeComplementarityRequest) -> Result<Scope, Error> {
    let mut checked = Checked::of(request)?;
    checked.refuse(|scope| scope.groups_by(Dimension::Commodity), "scope.group_by", PRODUCTS_APART);
    let problem = "names partners, which are the importers here; leave them out";
    checked.refuse(|scope| scope.groups_by(Dimension::Partner), "scope.group_by", problem);
    let problem = "is not used: exports (X) of the reporters are held against imports (M) of the partners";
    checked.refuse(|scope| !scope.filter.flows.is_empty(), "scope.filter.flows", problem);
    let (field, problem) = ("scope.filter.reporters", "is empty; name the exporters");
    checked.refuse(|scope| scope.filter.reporters.is_empty(), field, problem);
    let (field, problem) = ("scope.filter.partners", "is empty; name the importers");
    checked.refuse(|scope| scope.filter.partners.is_empty(), field, problem);
    let is_total = |scope: &Scope| scope.filter.partners.iter().any(|area| area.is_total());
    checked.refuse(is_total, field, "names a total, which imports nothing itself");
    checked.done()
}

pub fn compute_intra_industry_trade(
    request: &pb::ComputeIntraIndustryTradeRequest,
) -> Result<(Scope, Option<Period>), Error> {
    let mut checked = Checked::of(request)?;
    let problem = "is not used: exports (X) are held against imports (M); leave it empty";
    checked.refuse(|scope| !scope.filter.flows.is_empty(), "scope.filter.flows", problem);
    let base = checked.period("base_period", &request.base_period);
    checked.refuse_balanced();
    Ok((checked.done()?, base))
}

pub fn compute_similarity(request: &pb::ComputeSimilarityRequest) -> Result<Scope, Error> {
    let mut checked = Checked::of(request)?;
    checked.refuse(|scope| scope.groups_by(Dimension::Commodity), "scope.group_by", PRODUCTS_APART);
    let problem = "names one reporter; name two or more, or none for all pairs";
    checked.refuse(|scope| scope.filter.reporters.len() == 1, "scope.filter.reporters", problem);
    checked.done()
}

pub fn compute_extensive_margin(request: &pb::ComputeExtensiveMarginRequest) -> Result<(Scope, Periods, usize), Error> {
    let mut checked = Checked::of(request)?;
    checked.refuse(|scope| scope.groups_by(Dimension::Commodity), "scope.group_by", PRODUCTS_APART);
    let periods = checked.periods(&request.base_period, &request.period);
    let top = or_default(request.top, PRODUCTS);
    Ok((checked.done()?, periods.ok_or_else(no_periods)?, top))
}

pub fn compute_unit_values(request: &pb::ComputeUnitValuesRequest) -> Result<(Scope, i128), Error> {
    let mut checked = Checked::of(request)?;
    let fence = match &request.fence_factor {
        None => FENCE,
        Some(text) => match number::parse(text.value.as_bytes(), 6, Excess::Refuse) {
            Ok(Some(scaled)) if (0..=100_000_000).contains(&scaled.value) => scaled.value.into(),
            _ => {
                let shown = truncated(&text.value, 20);
                let right = "expected a decimal from 0 to 100 with at most six decimals, such as 1.5";
                checked.add("fence_factor", format!("`{shown}` is not a valid factor; {right}"));
                FENCE
            }
        },
    };
    Ok((checked.done()?, fence))
}

pub fn decompose_change(request: &pb::DecomposeChangeRequest) -> Result<(Scope, Periods), Error> {
    let mut checked = Checked::of(request)?;
    checked.refuse(|scope| scope.groups_by(Dimension::Commodity), "scope.group_by", PRODUCTS_APART);
    let periods = checked.periods(&request.base_period, &request.period);
    Ok((checked.done()?, periods.ok_or_else(no_periods)?))
}

pub fn rank_movers(request: &pb::RankMoversRequest) -> Result<(Scope, Periods, Dimension, usize), Error> {
    let mut checked = Checked::of(request)?;
    let across = checked.across(request.across);
    let periods = checked.periods(&request.base_period, &request.period);
    let top = or_default(request.top, MOVERS);
    Ok((checked.done()?, periods.ok_or_else(no_periods)?, across, top))
}

fn one_flow(checked: &mut Checked, default: &str) {
    let problem = format!("names several flows; name one, or none for {default}");
    checked.refuse(|scope| scope.filter.flows.len() > 1, "scope.filter.flows", &problem);
    let is_part = |flow: &Flow| *flow != Flow::EXPORT && *flow != Flow::IMPORT;
    let problem = format!("expected X or M, or none for {default}");
    checked.refuse(|scope| scope.filter.flows.iter().any(is_part), "scope.filter.flows", &problem);
}

fn or_default(top: i32, default: usize) -> usize {
    if top == 0 { default } else { top.unsigned_abs() as usize }
}

fn no_periods() -> Error {
    Error::invalid("period", "is missing")
}
