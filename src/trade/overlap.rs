//! What may be asked for together without counting goods twice: flows, details, groups of countries. Pure.

use std::collections::BTreeSet;

use crate::reference::{Area, codes};
use crate::value::Period;

use super::model::Flow;
use super::query::{Dimension, Filter, SummaryQuery};
use super::select::Selection;

/// Why things that are asked for together cannot be added.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Overlap {
    #[error("{0} is part of {1}: added up, it would count twice; group by flow, or ask for one of them")]
    FlowWithinFlow(Flow, Flow),
    #[error(
        "{0} and {1} may hold the same goods (one is a part by origin, the other by processing): added up, they would \
         count twice; group by flow, or ask for one of them"
    )]
    Flows(Flow, Flow),
    #[error("{0} is the total of the other {1}; ask for it alone")]
    TotalAmongDetails(&'static str, &'static str),
    #[error("{0} overlap: the rest of the groups would count twice; leave out `top`, or ask for one of them")]
    RestOfOverlapping(&'static str),
    #[error("{0} is the total of other reporters: ask for it alone, or group by reporter")]
    TotalAmongReporters(Area),
    #[error("mode {0} is part of mode {1}: added up, it would count twice; ask for one of them")]
    ModeWithinMode(u16, u16),
}

/// Flows that are asked for together must not hold the same goods, unless they are kept apart.
pub fn check_flows(query: &SummaryQuery) -> Result<(), Overlap> {
    if query.groups_by(Dimension::Flow) {
        return Ok(());
    }
    let flows: BTreeSet<Flow> = query.filter.flows.iter().copied().collect();
    for flow in &flows {
        if let Some(whole) = flow.whole().filter(|whole| flows.contains(whole)) {
            return Err(Overlap::FlowWithinFlow(*flow, whole));
        }
    }
    overlapping(&flows).map_or(Ok(()), |(one, other)| Err(Overlap::Flows(one, other)))
}

fn overlapping(flows: &BTreeSet<Flow>) -> Option<(Flow, Flow)> {
    let pairs = flows.iter().flat_map(|flow| flows.range(..*flow).map(move |other| (*other, *flow)));
    pairs.into_iter().find(|(other, flow)| other.overlaps(*flow))
}

/// Modes that are asked for together must not be parts of one another, unless they are kept apart; totals of modes,
/// procedures and second partners are never asked for beside their parts.
pub fn check_details(query: &SummaryQuery) -> Result<(), Overlap> {
    let Filter { modes, procedures, second_partners, .. } = &query.filter;
    if modes.len() > 1 && modes.contains(&0) {
        return Err(Overlap::TotalAmongDetails("mode 0", "modes"));
    }
    if procedures.len() > 1 && procedures.contains(&0) {
        return Err(Overlap::TotalAmongDetails("procedure C00", "procedures"));
    }
    if second_partners.len() > 1 && second_partners.contains(&Area::WORLD) {
        return Err(Overlap::TotalAmongDetails("second partner WLD", "second partners"));
    }
    for mode in modes {
        let wholes = std::iter::successors(codes::mode_parent(*mode), |whole| codes::mode_parent(*whole));
        if let Some(whole) = wholes.into_iter().find(|whole| modes.contains(whole)) {
            return Err(Overlap::ModeWithinMode(*mode, whole));
        }
    }
    Ok(())
}

/// Sums of countries report beside their members. Unless one is asked for by name and alone, they are left out.
pub fn leave_out_groups(query: &SummaryQuery, selection: &mut Selection) -> Result<(), Overlap> {
    let reporters = &query.filter.reporters;
    if let Some(total) = reporters.iter().find(|area| area.is_total()) {
        let alone = reporters.len() == 1 || query.groups_by(Dimension::Reporter);
        return if alone { Ok(()) } else { Err(Overlap::TotalAmongReporters(*total)) };
    }
    let left_out = selection.keep(|report| !report.reporter.is_total());
    if left_out > 0 {
        selection.notes.push(format!("{left_out} reports of groups of countries were left out, beside their members"));
    }
    Ok(())
}

/// What of a summary's groups overlaps, so that they have no total: flows that may hold the same goods, or a group of
/// countries beside others.
pub fn overlap(query: &SummaryQuery, selection: &Selection) -> Option<&'static str> {
    let flows: BTreeSet<Flow> = selection.reports.keys().map(|report| report.flow).collect();
    if overlapping(&flows).is_some() {
        return Some("the flows");
    }
    let reporters = &query.filter.reporters;
    (reporters.len() > 1 && reporters.iter().any(|area| area.is_total())).then_some("the reporters")
}

/// In a list of parts or totals: flows that are part of another that the same reporter reports of the same period are left
/// out, unless they were asked for by name.
pub fn leave_out_parts_of_flows(filter: &Filter, selection: &mut Selection) {
    let reported: BTreeSet<(Area, Flow, Period)> =
        selection.reports.keys().map(|report| (report.reporter, report.flow, report.period)).collect();
    let left_out = selection.keep(|report| {
        let is_part =
            report.flow.whole().is_some_and(|whole| reported.contains(&(report.reporter, whole, report.period)));
        filter.flows.contains(&report.flow) || !is_part
    });
    if left_out > 0 {
        selection.notes.push(format!("{left_out} reports of flows that are part of M or X were left out, beside them"));
    }
}
