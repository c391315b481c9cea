//! Reports in several editions of a classification: codes of two editions are never joined, and that is said. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::{Area, Classification, Codes, CommodityCode};
use crate::register::{Emptiness, EmptyReason};
use crate::value::Period;

use super::model::Flow;
use super::query::{Dimension, Filter, SummaryQuery};
use super::select::{Report, Selection};

/// Reporters that a note names at most.
const NAMED: usize = 5;

/// Periods of one reporter's flow, by edition.
type Editions = BTreeMap<(Area, Flow), BTreeMap<Classification, BTreeSet<Period>>>;

fn editions<'a>(reports: impl Iterator<Item = &'a Report>) -> Editions {
    let mut editions = Editions::new();
    for report in reports {
        let series = editions.entry((report.reporter, report.flow)).or_default();
        series.entry(report.classification).or_default().insert(report.period);
    }
    editions
}

/// Says which reporters change their edition within the question, where codes tell.
pub fn note_changes(query: &SummaryQuery, selection: &Selection) -> Option<String> {
    let by_code = query.filter.commodities.iter().any(|code| code != "TOTAL");
    if !query.groups_by(Dimension::Commodity) && !by_code {
        return None;
    }
    let changing: Vec<String> = editions(selection.reports.keys())
        .into_iter()
        .filter(|(_, editions)| editions.len() > 1)
        .map(|((reporter, flow), editions)| {
            let each: Vec<String> =
                editions.iter().map(|(edition, periods)| format!("in {edition} for {}", span(periods))).collect();
            format!("{reporter} {flow} is {}", each.join(" and "))
        })
        .collect();
    let named = changing.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = match changing.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} others change too"),
    };
    let rule = if query.groups_by(Dimension::Commodity) {
        "rows of two editions are kept apart, since one code may stand for other goods in each"
    } else {
        "the codes asked for were taken as they are in each, and may stand for other goods in each"
    };
    (!changing.is_empty()).then(|| format!("{named}{more}: {rule}"))
}

/// Codes asked for that are not in every edition used: since when, and until when, they are none.
pub fn note_codes_of_some_editions(codes: &Codes, filter: &Filter, selection: &Selection) -> Vec<String> {
    let mut notes = Vec::new();
    for code in filter.commodities.iter().filter(|code| *code != "TOTAL").take(NAMED) {
        let is_in = |edition: Classification| {
            CommodityCode::parse(edition, code.as_bytes()).is_some_and(|parsed| codes.knows(parsed))
        };
        let (with, without): (Vec<Classification>, Vec<Classification>) = selection
            .classifications()
            .into_iter()
            .filter(|edition| codes.is_loaded(*edition))
            .partition(|edition| is_in(*edition));
        if with.is_empty() || without.is_empty() {
            continue;
        }
        let periods: BTreeSet<Period> = selection
            .reports
            .keys()
            .filter(|report| without.contains(&report.classification))
            .map(|report| report.period)
            .collect();
        let (with, without) = (names(&with), names(&without));
        notes.push(format!(
            "{code} is a code of {with} and not of {without}, in which the reports of {} are: its goods stand there under \
             other codes (ConvertCommodity gives them) and are not in this answer",
            span(&periods)
        ));
    }
    notes
}

/// Reports that the classification asked for leaves out, because they are in another.
pub fn note_left_out(filter: &Filter, selection: &Selection, in_any: &Selection) -> Option<String> {
    let asked = filter.classification?;
    let used: BTreeSet<(Area, Flow, Period)> =
        selection.reports.keys().map(|report| (report.reporter, report.flow, report.period)).collect();
    let other = in_any.reports.keys().filter(|report| {
        report.classification.is_hs() && !used.contains(&(report.reporter, report.flow, report.period))
    });
    let series: Vec<String> = editions(other)
        .into_iter()
        .map(|((reporter, flow), editions)| {
            let each: Vec<String> =
                editions.iter().map(|(edition, periods)| format!("{} in {edition}", span(periods))).collect();
            format!("{reporter} {flow} of {}", each.join(", "))
        })
        .collect();
    let named = series.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = if series.len() > NAMED { "; and more" } else { "" };
    (!series.is_empty()).then(|| format!("not in {asked}, and so not in this answer: {named}{more}"))
}

/// Whether a side that has no row of a code in a period reports that period, or a part of it, in another edition.
pub fn in_another(selection: &Selection, code: CommodityCode, period: Period) -> Option<Emptiness> {
    let within = |report: &&Report| report.period.within(period.frequency()) == Some(period);
    let others =
        selection.reports.keys().filter(within).filter(|report| report.classification != code.classification());
    let others: Vec<(Classification, Period)> = others.map(|report| (report.classification, report.period)).collect();
    let editions: Vec<Classification> =
        others.iter().map(|other| other.0).collect::<BTreeSet<_>>().into_iter().collect();
    let periods: BTreeSet<Period> = others.into_iter().map(|other| other.1).collect();
    (!periods.is_empty()).then(|| {
        Emptiness::new(
            EmptyReason::InAnotherEdition,
            format!(
                "{} of {} is reported in {}, where the same goods may stand under other codes than {code} of {}; \
                 ConvertCommodity gives them",
                span(&periods),
                selection.dataset.resource(),
                names(&editions),
                code.classification()
            ),
        )
    })
}

fn names(editions: &[Classification]) -> String {
    let names: Vec<&str> = editions.iter().map(|edition| edition.name()).collect();
    names.join(" and ")
}

fn span(periods: &BTreeSet<Period>) -> String {
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(only), _) => only.to_string(),
        _ => String::new(),
    }
}
