//! Entries: since when a party is on which list, under which programmes and with what consequences.
//!
//! Each entry of a party repeats all its programmes and measures; only the days differ. Entries of the "Consolidated
//! List", which gathers the others, bear the day on which that list was first published.

use super::listed::Party;
use super::period;
use super::reference::References;
use crate::import::Refusal;
use crate::import::{Element, Report};
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::list::OfacList;
use crate::sanctions::subject::model::{Detail, Measure, MeasureKind, Programme};
use crate::value::Span;

const SDN_LIST: &str = "SDN List";
const GATHERING_LIST: &str = "Consolidated List";

/// What one entry says.
pub struct Entry {
    list: String,
    created: Option<Span>,
    programmes: Vec<Programme>,
    measures: Vec<Measure>,
    details: Vec<Detail>,
    malformed: Malformed,
}

/// Which list an entry is of must be known.
pub fn read(references: &References, element: &Element, report: &mut Report) -> Result<Entry, Refusal> {
    let mut malformed = Malformed::default();
    let mut entry = Entry {
        list: references.text("List", element, "ListID")?.to_owned(),
        malformed: Malformed::default(),
        created: None,
        programmes: Vec::new(),
        measures: Vec::new(),
        details: Vec::new(),
    };
    entry.detail("Comment on the entry", element.text_of("Comment"));
    entry.detail("Limitations to listing", element.text_of("LimitationsToListing"));
    for _ in element.children("SupportingInfo") {
        report.skip("supporting information of an entry");
    }
    let mut bases = Vec::new();
    for event in element.children("EntryEvent") {
        let kind = malformed.read(references.text("EntryEventType", event, "EntryEventTypeID"));
        let basis = malformed.read(legal_basis(references, event));
        if !basis.is_empty() && !bases.contains(&basis) {
            bases.push(basis);
        }
        let day = malformed.read(event.child("Date").map_or(Ok(None), |date| period::date(references, date)));
        let kind = if kind.is_empty() { "entry event of an unknown type" } else { kind };
        if kind == "Created" {
            entry.created = earliest(entry.created, day);
        } else {
            entry.detail(kind, &day.map_or_else(String::new, ofac_dates::words));
        }
        entry.detail("Comment on the entry", event.text_of("Comment"));
    }
    for measure in element.children("SanctionsMeasure") {
        let kind = malformed.read(references.text("SanctionsType", measure, "SanctionsTypeID"));
        let kind = if kind.is_empty() { "measure of an unknown type" } else { kind };
        let comment = measure.text_of("Comment");
        if kind != "Program" {
            entry.measures.push(consequence(references, measure, kind, comment, &mut malformed));
        } else if comment.is_empty() {
            report.skip("a measure of the type Program that names no programme");
        } else {
            entry.programmes.push(Programme { code: comment.to_owned(), legal_basis: String::new() });
        }
    }
    pair(&mut entry.programmes, &bases);
    entry.malformed = malformed;
    Ok(entry)
}

fn legal_basis<'a>(references: &'a References, event: &Element) -> Result<&'a str, Refusal> {
    if event.attribute("LegalBasisID").is_empty() {
        return Ok("");
    }
    let basis = references.value("LegalBasis", event, "LegalBasisID")?;
    let text = if basis.text.is_empty() { basis.attribute("LegalBasisShortRef") } else { &basis.text };
    Ok(if text == "Unknown" { "" } else { text })
}

/// The file does not say which basis belongs to which programme, but `UKRAINE-EO13662` and "Executive Order 13662
/// (Ukraine)" share a number. Programmes without a number of their own, such as `SDGT`, get those that are left.
pub fn pair(programmes: &mut [Programme], bases: &[&str]) {
    let belongs = |code: &str, basis: &str| numbers(basis).any(|number| numbers(code).any(|own| own == number));
    let left: Vec<&str> = bases
        .iter()
        .copied()
        .filter(|basis| !programmes.iter().any(|programme| belongs(&programme.code, basis)))
        .collect();
    for programme in programmes {
        let own: Vec<&str> = bases.iter().copied().filter(|basis| belongs(&programme.code, basis)).collect();
        let unnumbered = numbers(&programme.code).next().is_none();
        programme.legal_basis = if own.is_empty() && unnumbered { left.join("; ") } else { own.join("; ") };
    }
}

/// Numbers of orders and acts: four digits or more.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_digit()).filter(|digits| digits.len() >= 4)
}

fn consequence(
    references: &References,
    measure: &Element,
    kind: &str,
    comment: &str,
    malformed: &mut Malformed,
) -> Measure {
    let (from, until) =
        malformed.read(measure.child("DatePeriod").map_or(Ok((None, None)), |date| period::bounds(references, date)));
    let text = if comment.is_empty() { kind.to_owned() } else { format!("{kind}: {comment}") };
    Measure { kind: measure_kind(kind), text, from, until, ..Measure::default() }
}

pub fn measure_kind(text: &str) -> MeasureKind {
    let text = text.to_ascii_lowercase();
    let kinds = [
        ("cmic", MeasureKind::Investment),
        ("13959", MeasureKind::Investment),
        ("securities", MeasureKind::Investment),
        // Directive 2 under Executive Order 14024 closes correspondent accounts; under 13662 it limits debt.
        ("14024 directive 2", MeasureKind::CorrespondentAccount),
        ("561", MeasureKind::CorrespondentAccount),
        ("capta", MeasureKind::CorrespondentAccount),
        ("correspondent", MeasureKind::CorrespondentAccount),
        ("payable-through", MeasureKind::CorrespondentAccount),
        ("directive", MeasureKind::Sectoral),
        ("sectoral", MeasureKind::Sectoral),
        ("debt", MeasureKind::Sectoral),
        ("export", MeasureKind::ExportRestriction),
        ("visa", MeasureKind::TravelBan),
        ("block", MeasureKind::AssetFreeze),
    ];
    kinds.into_iter().find(|(words, _)| text.contains(words)).map_or(MeasureKind::Other, |(_, kind)| kind)
}

impl Entry {
    fn detail(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            self.details.push(Detail { label: label.to_owned(), value: value.to_owned() });
        }
    }

    /// Gives the party what it does not have from another entry yet.
    pub fn give(self, list: OfacList, party: &mut Party, report: &mut Report) {
        let Some(subject) = &mut party.subject else { return };
        self.malformed.keep(subject, report);
        let listed = &mut party.listed;
        let is_sdn = self.list == SDN_LIST;
        *(if is_sdn { &mut listed.on_sdn } else { &mut listed.on_other }) = true;
        let days = if is_sdn == matches!(list, OfacList::Sdn) { &mut listed.own } else { &mut listed.foreign };
        *days = earliest(*days, self.created);
        if matches!(list, OfacList::Consolidated) && !is_sdn && self.list != GATHERING_LIST {
            add_list(&mut subject.source_list, &self.list);
        }
        for programme in self.programmes {
            match subject.programmes.iter_mut().find(|known| known.code == programme.code) {
                None => subject.programmes.push(programme),
                Some(known) if known.legal_basis.is_empty() => known.legal_basis = programme.legal_basis,
                Some(_) => {}
            }
        }
        for measure in self.measures {
            if !subject.measures.contains(&measure) {
                subject.measures.push(measure);
            }
        }
        for detail in self.details {
            if !subject.details.contains(&detail) {
                subject.details.push(detail);
            }
        }
    }
}

fn add_list(lists: &mut String, list: &str) {
    if lists.split("; ").any(|known| known == list) {
        return;
    }
    if !lists.is_empty() {
        lists.push_str("; ");
    }
    lists.push_str(list);
}

fn earliest(one: Option<Span>, other: Option<Span>) -> Option<Span> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
