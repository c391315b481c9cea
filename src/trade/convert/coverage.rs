//! The list of who reports what: its request and its rows.

use super::filter::{filter, flow_datasets};
use crate::proto::entrepot::trade::v1 as pb;
use crate::register::Catalog;
use crate::rpc::wire::{self, emptiness};
use crate::rpc::{Error, Page, Violations};
use crate::trade::answer::AsOf;
use crate::trade::answer::list_coverage::{Answer, Question, Row};
use crate::trade::reporting::State;
use crate::value::Period;

use super::response::frequency;

const LIST_COVERAGE: &str = "/entrepot.trade.v1.TradeService/ListCoverage";

/// Runs of missing periods that one row names at most.
const GAPS: usize = 20;

pub fn list_coverage(request: &pb::ListCoverageRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    let wire = request.filter.clone().unwrap_or_default();
    let datasets = flow_datasets("filter.datasets", &wire.datasets, &mut violations);
    let flows = pb::FlowFilter {
        reporters: wire.reporters,
        flows: wire.flows,
        frequency: wire.frequency,
        ..pb::FlowFilter::default()
    };
    let filter = filter(Some(&flows), &mut violations);
    let day = violations.as_of(request.clock.as_ref());
    violations.check()?;
    let page = Page::of(LIST_COVERAGE, request, 100)?;
    let release = page.token.as_ref().map(|token| token.release);
    Ok(Question { datasets, filter, as_of: AsOf { day, release }, page })
}

pub fn coverage(answer: Answer) -> pb::ListCoverageResponse {
    let catalog = &answer.knowledge.catalog;
    let row = |row: &Row| {
        let dataset = answer.sources.get(row.source).map_or_else(String::new, |source| source.dataset.clone());
        coverage_row(row, dataset, catalog)
    };
    pb::ListCoverageResponse {
        coverage: answer.rows.iter().map(row).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(wire::provenance(answer.sources.clone(), Vec::new())),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        // Put in by the service, where they are asked for.
        names: None,
    }
}

fn coverage_row(Row { source, reported }: &Row, dataset: String, catalog: &Catalog) -> pb::Coverage {
    let gaps = reported.gaps();
    let missing: i32 = gaps.iter().map(|(first, last)| last.ordinal() - first.ordinal() + 1).sum();
    let shown = |period: Option<&Period>| period.map_or_else(String::new, ToString::to_string);
    let range = |(first, last): &(Period, Period)| pb::PeriodRange {
        start_period: first.to_string(),
        end_period: last.to_string(),
    };
    pb::Coverage {
        source_index: *source as i32,
        dataset,
        reporter: reported.series.reporter.code().to_owned(),
        flow: reported.series.flow.code().to_owned(),
        frequency: frequency(Some(reported.series.frequency)).into(),
        classification: reported.series.classification.name().to_owned(),
        start_period: shown(reported.periods.first()),
        end_period: shown(reported.periods.last()),
        period_count: reported.periods.len() as i32,
        missing_periods: gaps.iter().take(GAPS).map(range).collect(),
        missing_period_count: missing,
        row_count: reported.rows,
        commodity_levels: reported.levels.iter().map(|level| *level as i32).collect(),
        partner_end_period: shown(reported.last_by_partner.as_ref()),
        world_end_period: shown(reported.last_of_world.as_ref()),
        changed_release: catalog.release_name(reported.changed_by),
        changed_date: catalog.release(reported.changed_by).map(|release| wire::date(release.publication_date)),
        state: state(reported.state).into(),
    }
}

fn state(state: State) -> pb::ReportingState {
    match state {
        State::Reporting => pb::ReportingState::Reporting,
        State::NotYet => pb::ReportingState::NotYet,
        State::Stopped => pb::ReportingState::Stopped,
    }
}
