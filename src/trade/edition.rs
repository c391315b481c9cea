//! Reports in several editions of a classification: codes of two editions are never joined, and that is said. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::conversion::Relation;
use crate::reference::{Area, Classification, Codes, CommodityCode};
use crate::register::{Emptiness, EmptyReason};
use crate::value::Period;

use super::joined::Joins;
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
        "rows of two editions are kept apart, but for those that are joined within a group of periods, since one code may \
         stand for other goods in each"
    } else {
        "the codes asked for were taken as they are in each, and may stand for other goods in each"
    };
    (!changing.is_empty()).then(|| format!("{named}{more}: {rule}"))
}

/// A code that is none in other editions, and what they hold of its goods.
#[derive(Debug)]
pub struct Succession {
    /// Why the reader must know.
    pub said: String,
    /// The code, another edition, and the periods that are reported in it.
    pub steps: Vec<(CommodityCode, Classification, BTreeSet<Period>)>,
}

/// Codes asked for that are not in every edition used: since when, and until when, they are none.
pub fn codes_of_some_editions(codes: &Codes, filter: &Filter, selection: &Selection, joins: &Joins) -> Vec<Succession> {
    let mut found = Vec::new();
    for code in filter.commodities.iter().filter(|code| *code != "TOTAL").take(NAMED) {
        let (with, without): (Vec<Classification>, Vec<Classification>) = selection
            .classifications()
            .into_iter()
            .filter(|edition| codes.is_loaded(*edition))
            .partition(|edition| known_in(codes, code, *edition).is_some());
        let brought = |report: &Report| {
            with.iter().any(|edition| known_in(codes, code, *edition).is_some_and(|code| joins.brings(report, code)))
        };
        let without: BTreeMap<Classification, BTreeSet<Period>> = without
            .into_iter()
            .map(|edition| (edition, periods_in(selection, edition, |report| !brought(report))))
            .filter(|(_, periods)| !periods.is_empty())
            .collect();
        if with.is_empty() || without.is_empty() {
            continue;
        }
        let periods: BTreeSet<Period> = without.values().flatten().copied().collect();
        let said = format!(
            "{code} is a code of {} and not of {}, in which the reports of {} are: its goods stand there under other codes \
             and are not in this answer",
            names(&with),
            names(&without.keys().copied().collect::<Vec<_>>()),
            span(&periods)
        );
        let steps = without.iter().filter_map(|(edition, periods)| {
            let nearest = with.iter().rev().find(|known| *known < edition).or(with.first())?;
            Some((known_in(codes, code, *nearest)?, *edition, periods.clone()))
        });
        found.push(Succession { said, steps: steps.collect() });
    }
    found
}

fn known_in(codes: &Codes, code: &str, edition: Classification) -> Option<CommodityCode> {
    CommodityCode::parse(edition, code.as_bytes()).filter(|parsed| codes.knows(*parsed))
}

fn periods_in(selection: &Selection, edition: Classification, is_meant: impl Fn(&Report) -> bool) -> BTreeSet<Period> {
    let reports = selection.reports.keys().filter(|report| report.classification == edition && is_meant(report));
    reports.map(|report| report.period).collect()
}

/// What became of codes that the reports' editions do not have, each from the latest edition that has it.
pub fn codes_of_other_editions(codes: &Codes, filter: &Filter, selection: &Selection) -> Succession {
    let editions = selection.classifications();
    let mut steps = Vec::new();
    for code in filter.commodities.iter().filter(|code| *code != "TOTAL").take(NAMED) {
        let all = Classification::all().filter(|edition| edition.is_hs());
        let Some(own) = all.filter_map(|edition| known_in(codes, code, edition)).last() else { continue };
        for edition in editions.iter().filter(|edition| edition.is_hs() && **edition != own.classification()) {
            steps.push((own, *edition, periods_in(selection, *edition, |_| true)));
        }
    }
    Succession { said: String::new(), steps }
}

/// A succession with the codes that were found for each of its steps; the reader is sent on where none were.
pub fn in_words(succession: &Succession, found: &[Vec<(CommodityCode, Relation)>]) -> String {
    let mut words = Vec::new();
    for ((code, edition, periods), counterparts) in succession.steps.iter().zip(found) {
        if let Some(what) = became(*code, *edition, counterparts) {
            let when = match (periods.first(), periods.last()) {
                (Some(first), _) if *edition > code.classification() => format!(", from {first}"),
                (_, Some(last)) => format!(", until {last}"),
                _ => String::new(),
            };
            words.push(format!("{code} of {} {what} of {edition}{when}", code.classification()));
        }
    }
    if succession.steps.is_empty() {
        return succession.said.clone();
    }
    if words.is_empty() {
        words.push("ConvertCommodity gives them, once a concordance is loaded".to_owned());
    }
    format!("{} ({})", succession.said, words.join("; "))
}

fn became(code: CommodityCode, edition: Classification, found: &[(CommodityCode, Relation)]) -> Option<String> {
    const CODES: usize = 20;
    let named: Vec<String> = found.iter().take(CODES).map(|(code, _)| code.to_string()).collect();
    let codes = match named.split_last()? {
        (only, []) => only.clone(),
        (_, _) if found.len() > CODES => format!("{} and {} more", named.join(", "), found.len() - CODES),
        (last, others) => format!("{} and {last}", others.join(", ")),
    };
    let is_split = found.len() > 1;
    let is_shared = found.iter().any(|(_, relation)| matches!(relation, Relation::ManyToOne | Relation::ManyToMany));
    let words = match (edition > code.classification(), is_split, is_shared) {
        (true, false, false) => format!("became {codes} (1:1)"),
        (true, true, false) => format!("was split into {codes}"),
        (true, false, true) => format!("went into {codes}, which holds other goods too,"),
        (true, true, true) => format!("went into {codes}, some of which hold other goods too,"),
        (false, false, false) => format!("was {codes} (1:1)"),
        (false, true, false) => format!("was {codes}"),
        (false, false, true) => format!("was a part of {codes}"),
        (false, true, true) => format!("was in {codes}, some of which hold other goods too,"),
    };
    Some(words)
}

/// Reports that the classification asked for leaves out, because they are in another, and what the codes asked for are there.
pub fn left_out(filter: &Filter, selection: &Selection, in_any: &Selection) -> Option<Succession> {
    let asked = filter.classification?;
    let used: BTreeSet<(Area, Flow, Period)> =
        selection.reports.keys().map(|report| (report.reporter, report.flow, report.period)).collect();
    let other = || {
        in_any.reports.keys().filter(|report| {
            report.classification.is_hs() && !used.contains(&(report.reporter, report.flow, report.period))
        })
    };
    let series: Vec<String> = editions(other())
        .into_iter()
        .map(|((reporter, flow), editions)| {
            let each: Vec<String> =
                editions.iter().map(|(edition, periods)| format!("{} in {edition}", span(periods))).collect();
            format!("{reporter} {flow} of {}", each.join(", "))
        })
        .collect();
    let named = series.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = if series.len() > NAMED { "; and more" } else { "" };
    let mut periods: BTreeMap<Classification, BTreeSet<Period>> = BTreeMap::new();
    for report in other() {
        periods.entry(report.classification).or_default().insert(report.period);
    }
    let codes = filter.commodities.iter().filter(|code| *code != "TOTAL").take(NAMED);
    let codes = codes.filter_map(|code| CommodityCode::parse(asked, code.as_bytes()));
    let steps = codes.flat_map(|code| periods.iter().map(move |(edition, periods)| (code, *edition, periods.clone())));
    (!series.is_empty()).then(|| Succession {
        said: format!("not in {asked}, and so not in this answer: {named}{more}"),
        steps: steps.collect(),
    })
}

/// Whether a side that has no row of a code in a period reports that period, or a part of it, in another edition, to which the
/// code does not lead 1:1.
pub fn in_another(selection: &Selection, joins: &Joins, code: CommodityCode, period: Period) -> Option<Emptiness> {
    let within = |report: &&Report| report.period.within(period.frequency()) == Some(period);
    let others = selection
        .reports
        .keys()
        .filter(within)
        .filter(|report| report.classification != code.classification() && !joins.leads_to(report, code));
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
