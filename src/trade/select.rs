//! Choosing the dataset and the reports that a question is about, and saying why there are none.
//!
//! Pure: works on the catalogue and the coverage in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::reference::{Area, Classification, Codes, CommodityCode};
use crate::register::{Catalog, Dataset, DatasetKind, Emptiness, EmptyReason, Moment};
use crate::value::{Frequency, Period, runs};

use super::coverage::{Coverage, Stratum};
use super::model::{DetailKind, Flow, PartnerKind};
use super::query::Filter;

/// One reporter's figures of one flow and period in one classification.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Report {
    pub reporter: Area,
    pub flow: Flow,
    pub period: Period,
    pub classification: Classification,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.reporter, self.flow, self.period)
    }
}

/// A kind of row within a report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Kind {
    pub level: u32,
    pub partner: PartnerKind,
    pub detail: DetailKind,
    /// The source converted the rows from another classification.
    pub converted: bool,
}

/// How many rows of a kind a report has, in which chapters, and the release that changed them last.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Held {
    pub rows: i64,
    pub chapters: u128,
    pub since: i64,
}

/// The bit of [`Held::chapters`] that stands for TOTAL.
pub const TOTAL_BIT: u128 = 1 << 100;

/// The data that a question is about.
#[derive(Clone, Debug)]
pub struct Selection {
    pub dataset: Dataset,
    /// Release that the answer is as of.
    pub release: i64,
    /// Whether it is the dataset's newest: then the current rows are the answer.
    pub is_newest: bool,
    /// Rows by kind of each report.
    pub reports: BTreeMap<Report, BTreeMap<Kind, Held>>,
    /// Other datasets that have reports for the question.
    pub alternatives: Vec<String>,
    /// Chapters that any report of the dataset has.
    pub chapters: u128,
    /// Some reports of the same reporters, flows and periods are in the store and not meant.
    pub leaves_out_reports: bool,
    pub notes: Vec<String>,
}

/// Why no data could be chosen.
#[derive(Debug)]
pub enum Nothing {
    /// No dataset of that name.
    UnknownDataset(String),
    Empty(Emptiness),
}

/// A dataset with so many of the 96 chapters of the HS is taken as one of all goods.
const NEARLY_ALL_CHAPTERS: usize = 85;

/// Chooses dataset, release and reports: the first dataset that has some.
pub fn select(catalog: &Catalog, coverage: &Coverage, filter: &Filter, moment: &Moment) -> Result<Selection, Nothing> {
    let mut selections = select_each(catalog, coverage, filter, moment)?;
    let mut first = selections.remove(0);
    first.alternatives = selections.into_iter().map(|other| other.dataset.resource()).collect();
    Ok(first)
}

/// Release and reports of each dataset that has some, in the order of precedence; at least one.
pub fn select_each(
    catalog: &Catalog,
    coverage: &Coverage,
    filter: &Filter,
    moment: &Moment,
) -> Result<Vec<Selection>, Nothing> {
    let candidates = candidates(catalog, filter)?;
    let mut selections = Vec::new();
    let mut none_yet = None;
    for dataset in &candidates {
        let Some(release) = catalog.visible_release(dataset, moment).map(|release| release.id) else {
            none_yet.get_or_insert(dataset);
            continue;
        };
        let mut reports: BTreeMap<Report, BTreeMap<Kind, Held>> = BTreeMap::new();
        for stratum in matching(coverage, filter, dataset.id, release) {
            let held = reports.entry(report_of(stratum)).or_default().entry(kind_of(stratum)).or_default();
            held.rows += stratum.rows;
            held.chapters |= stratum.chapters;
            held.since = held.since.max(stratum.since);
        }
        if reports.is_empty() {
            continue;
        }
        let newest = catalog.release_at(dataset.id, None).map(|newest| newest.id);
        selections.push(Selection {
            dataset: (*dataset).clone(),
            release,
            is_newest: newest == Some(release),
            reports,
            alternatives: Vec::new(),
            chapters: coverage.of(dataset.id, release).fold(0, |chapters, stratum| chapters | stratum.chapters),
            leaves_out_reports: filter.classification.is_some(),
            notes: Vec::new(),
        });
    }
    if selections.is_empty() {
        return Err(Nothing::Empty(why_none(catalog, coverage, filter, moment, &candidates, none_yet)));
    }
    Ok(selections)
}

/// What another dataset could add: years of the question's reporters and flows of which the chosen one has no report.
pub fn note_what_another_has(chosen: &Selection, other: &Selection) -> Option<String> {
    let years_of = |selection: &Selection| -> BTreeMap<(Area, Flow), BTreeSet<i32>> {
        let mut years: BTreeMap<(Area, Flow), BTreeSet<i32>> = BTreeMap::new();
        for report in selection.reports.keys() {
            years.entry((report.reporter, report.flow)).or_default().insert(report.period.calendar_year());
        }
        years
    };
    let held = years_of(chosen);
    let further: Vec<String> = years_of(other)
        .into_iter()
        .filter_map(|(series, years)| {
            let known = held.get(&series);
            let further: Vec<i32> =
                years.into_iter().filter(|year| known.is_none_or(|known| !known.contains(year))).collect();
            (!further.is_empty()).then(|| format!("{} {} of {}", series.0, series.1, ranges(&further)))
        })
        .collect();
    let named = further.iter().take(5).cloned().collect::<Vec<_>>().join("; ");
    let more = if further.len() > 5 { format!("; and {} more", further.len() - 5) } else { String::new() };
    (!further.is_empty()).then(|| {
        format!("{} has reports that {} lacks: {named}{more}", other.dataset.resource(), chosen.dataset.resource())
    })
}

fn candidates<'a>(catalog: &'a Catalog, filter: &Filter) -> Result<Vec<&'a Dataset>, Nothing> {
    if let Some(name) = &filter.dataset {
        let dataset = catalog.dataset(name).filter(|dataset| dataset.spec.kind == DatasetKind::Flows);
        return dataset.map(|dataset| vec![dataset]).ok_or_else(|| Nothing::UnknownDataset(name.clone()));
    }
    Ok(catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::Flows).collect())
}

fn report_of(stratum: &Stratum) -> Report {
    let Stratum { reporter, flow, period, classification, .. } = *stratum;
    Report { reporter, flow, period, classification }
}

fn kind_of(stratum: &Stratum) -> Kind {
    let Stratum { level, partner_kind, detail_kind, converted, .. } = *stratum;
    Kind { level, partner: partner_kind, detail: detail_kind, converted }
}

/// Strata within the question's reporters, flows, periods, frequency and classification.
fn matching<'a>(
    coverage: &'a Coverage,
    filter: &'a Filter,
    dataset: i64,
    release: i64,
) -> Box<dyn Iterator<Item = &'a Stratum> + 'a> {
    let fits = move |stratum: &&Stratum| is_of_any_reporter(stratum, filter);
    if filter.reporters.is_empty() {
        return Box::new(coverage.of(dataset, release).filter(fits));
    }
    let reporters: BTreeSet<Area> = filter.reporters.iter().copied().collect();
    Box::new(
        reporters.into_iter().flat_map(move |reporter| coverage.of_reporter(dataset, release, reporter)).filter(fits),
    )
}

/// Whether a stratum lies within a question's reporters, flows, periods, frequency and classification.
pub fn is_of(stratum: &Stratum, filter: &Filter) -> bool {
    (filter.reporters.is_empty() || filter.reporters.contains(&stratum.reporter)) && is_of_any_reporter(stratum, filter)
}

fn is_of_any_reporter(stratum: &Stratum, filter: &Filter) -> bool {
    (filter.flows.is_empty() || filter.flows.contains(&stratum.flow))
        && filter.has_period(stratum.period)
        && filter.frequency.is_none_or(|frequency| stratum.period.frequency() == frequency)
        && filter.classification.is_none_or(|classification| stratum.classification == classification)
}

fn why_none(
    catalog: &Catalog,
    coverage: &Coverage,
    filter: &Filter,
    moment: &Moment,
    candidates: &[&Dataset],
    none_yet: Option<&&Dataset>,
) -> Emptiness {
    if candidates.is_empty() {
        return Emptiness::new(EmptyReason::NoData, "the store holds no trade flows; import some");
    }
    let released: Vec<(&Dataset, i64)> = candidates
        .iter()
        .filter_map(|dataset| Some((*dataset, catalog.visible_release(dataset, moment)?.id)))
        .collect();
    if released.is_empty() {
        let name = none_yet.map_or_else(String::new, |dataset| dataset.resource());
        let when = match moment.as_of() {
            Some(day) => format!(" was out on {day}"),
            None => " is in the store".to_owned(),
        };
        return Emptiness::new(EmptyReason::NotReleased, format!("no release of {name}{when}"));
    }
    // Loosen one filter after another: the first that brings reports is the reason.
    let any = |loose: &Filter| {
        released.iter().any(|(dataset, release)| matching(coverage, loose, dataset.id, *release).next().is_some())
    };
    let who = describe(filter);
    let loose = Filter { frequency: None, classification: None, ..filter.clone() };
    if any(&loose) {
        let detail = format!("{who}: there are reports, but not in the frequency or classification asked for");
        return Emptiness::new(EmptyReason::FilteredOut, detail);
    }
    let last = released
        .iter()
        .flat_map(|(dataset, release)| {
            let any_period = Filter { from: None, to: None, ..loose.clone() };
            let periods: Vec<Period> =
                matching(coverage, &any_period, dataset.id, *release).map(|stratum| stratum.period).collect();
            periods
        })
        .max_by_key(|period| period.months().1);
    match (last, filter.from) {
        (Some(last), Some(from)) if from.months().1 > last.months().1 => {
            let detail = format!("{who}: the last report is of {last}, the question begins in {from}");
            Emptiness::new(EmptyReason::NotYetReported, detail)
        }
        (Some(_), _) => {
            Emptiness::new(EmptyReason::NotCovered, format!("{who}: there are reports, but of none of these periods"))
        }
        (None, _) => Emptiness::new(EmptyReason::NotCovered, format!("{who}: no dataset has such reports")),
    }
}

fn describe(filter: &Filter) -> String {
    let list = |items: Vec<String>, all: &str| if items.is_empty() { all.to_owned() } else { items.join(", ") };
    let reporters: Vec<String> = filter.reporters.iter().take(10).map(Area::to_string).collect();
    let flows: Vec<String> = filter.flows.iter().map(Flow::to_string).collect();
    format!("reporters {}, flows {}", list(reporters, "any"), list(flows, "any"))
}

/// Why the reports have nothing for the codes asked for, should the codes be the reason.
pub fn why_no_codes(codes: &Codes, filter: &Filter, selection: &Selection) -> Emptiness {
    let used = &selection.classifications();
    let is_loaded = |classification: &Classification| codes.is_loaded(*classification);
    let known_in = |code: &str, classification: Classification| {
        CommodityCode::parse(classification, code.as_bytes()).is_some_and(|code| code.level() == 0 || codes.knows(code))
    };
    let checkable = !used.is_empty() && used.iter().all(is_loaded);
    let invalid: Vec<&String> = filter
        .commodities
        .iter()
        .filter(|code| !used.iter().any(|classification| known_in(code, *classification)))
        .collect();
    if checkable && !filter.commodities.is_empty() && invalid.len() == filter.commodities.len() {
        let names: Vec<&str> = used.iter().map(|classification| classification.name()).collect();
        let named = invalid.iter().take(5).map(|code| code.as_str()).collect::<Vec<_>>().join(", ");
        let elsewhere: Vec<&str> = Classification::all()
            .filter(|classification| invalid.iter().any(|code| known_in(code, *classification)))
            .map(Classification::name)
            .filter(|name| !name.is_empty())
            .collect();
        if elsewhere.is_empty() {
            return Emptiness::new(EmptyReason::CodeUnknown, format!("{named}: in no classification that is loaded"));
        }
        let detail = format!(
            "{named}: not in {}, in which the reports are, but in {}; ConvertCommodity leads from one to the other",
            names.join(", "),
            elsewhere.join(", ")
        );
        return Emptiness::new(EmptyReason::CodeNotValid, detail);
    }
    if !filter.commodities.is_empty() && selection.chapters_asked(filter) & selection.chapters == 0 {
        let dataset = selection.dataset.resource();
        let held = selection.few_chapters().map_or_else(
            || "holds totals without commodities".to_owned(),
            |chapters| format!("holds the chapters {chapters} only"),
        );
        return Emptiness::new(EmptyReason::NotCovered, format!("{dataset} {held}"));
    }
    let is_narrowed = !filter.levels.is_empty()
        || !filter.modes.is_empty()
        || !filter.procedures.is_empty()
        || !filter.second_partners.is_empty();
    if is_narrowed {
        let detail = "the reports are there; levels, modes, procedures or second partners asked for leave no row";
        return Emptiness::new(EmptyReason::FilteredOut, format!("{}: {detail}", describe(filter)));
    }
    Emptiness::new(
        EmptyReason::NoTradeReported,
        format!("{}: the reports are there and have no such trade", describe(filter)),
    )
}

impl Selection {
    pub fn classifications(&self) -> BTreeSet<Classification> {
        self.reports.keys().map(|report| report.classification).collect()
    }

    /// Leaves out all reports but those to keep; how many those were.
    pub fn keep(&mut self, keep: impl Fn(&Report) -> bool) -> usize {
        let before = self.reports.len();
        self.reports.retain(|report, _| keep(report));
        let left_out = before - self.reports.len();
        self.leaves_out_reports |= left_out > 0;
        left_out
    }

    /// Chapters that a report has rows of.
    pub fn chapters_of(&self, report: &Report) -> u128 {
        self.reports.get(report).map_or(0, |kinds| kinds.values().fold(0, |all, held| all | held.chapters))
    }

    pub fn periods(&self) -> BTreeSet<Period> {
        self.reports.keys().map(|report| report.period).collect()
    }

    /// Says which of the reporters asked for have no report that is used.
    pub fn note_silent_reporters(&mut self, filter: &Filter) {
        let reporting: BTreeSet<Area> = self.reports.keys().map(|report| report.reporter).collect();
        let first = self.periods().first().map(|period| period.calendar_year());
        // Who was no more is missed by nobody.
        let was_there =
            |area: &&Area| area.facts().exit_year.is_none_or(|exit| first.is_none_or(|first| exit >= first));
        let silent = filter.reporters.iter().filter(|area| !reporting.contains(area)).filter(was_there);
        let silent: Vec<&str> = silent.map(|area| area.code()).collect();
        if !silent.is_empty() {
            self.notes.push(format!("no reports of {} were used", silent.join(", ")));
        }
    }

    /// Chapters that the codes asked for lie in; all when none are.
    pub fn chapters_asked(&self, filter: &Filter) -> u128 {
        if filter.commodities.is_empty() {
            return u128::MAX;
        }
        let of_code = |code: &CommodityCode| match (code.level(), code.chapter()) {
            (0, _) => u128::MAX,
            // One digit of SITC or BEC spans what here would be ten chapters.
            (1, _) => u128::MAX,
            (_, chapter) => 1 << chapter,
        };
        let codes = self.classifications().into_iter().flat_map(|classification| filter.codes_in(classification));
        codes.map(|code| of_code(&code)).fold(0, |all, one| all | one)
    }

    /// The chapters of the dataset in words, when they are so few that a sum is not a total.
    pub fn few_chapters(&self) -> Option<String> {
        let chapters: Vec<String> = (0..100)
            .filter(|chapter| self.chapters >> chapter & 1 == 1)
            .map(|chapter| format!("{chapter:02}"))
            .collect();
        let is_partial = !chapters.is_empty() && chapters.len() < NEARLY_ALL_CHAPTERS;
        is_partial.then(|| chapters.join(", "))
    }

    /// The frequencies of the reports, in words.
    pub fn frequencies(&self) -> String {
        let frequencies: BTreeSet<Frequency> = self.reports.keys().map(|report| report.period.frequency()).collect();
        frequencies.iter().map(Frequency::to_string).collect::<Vec<_>>().join(" and ")
    }

    /// Why one side has nothing of a period.
    pub fn why_nothing_in(&self, period: Period) -> Emptiness {
        let within =
            |report: &&Report| report.period == period || report.period.within(period.frequency()) == Some(period);
        if self.reports.keys().any(|report| within(&report)) {
            return Emptiness::new(
                EmptyReason::NoTradeReported,
                format!("{period}: reported, and no such trade in it"),
            );
        }
        let is_later = self.reports.keys().all(|report| report.period.months().1 < period.months().0);
        let reason = if is_later { EmptyReason::NotYetReported } else { EmptyReason::NotCovered };
        Emptiness::new(reason, format!("{period}: no report in {}", self.dataset.resource()))
    }

    /// The frequency of all reports, when it is one.
    pub fn frequency(&self) -> Option<Frequency> {
        let mut frequencies = self.reports.keys().map(|report| report.period.frequency());
        let first = frequencies.next()?;
        frequencies.all(|frequency| frequency == first).then_some(first)
    }
}

/// `2018, 2020, 2022 to 2024`, from years in order.
pub fn ranges(years: &[i32]) -> String {
    let shown = runs(years.iter().copied()).into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_runs() {
        assert_eq!(ranges(&[2018, 2020, 2022, 2023, 2024]), "2018, 2020, 2022 to 2024");
        assert_eq!(ranges(&[2018, 2019]), "2018, 2019");
    }
}
