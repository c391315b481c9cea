//! The lists that the Consolidated Screening List consists of, and what each of them forbids.

use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::dates::Reading;
use crate::sanctions::subject::model::{Detail, Measure, MeasureKind};
use crate::sanctions::subject::programme;
use crate::value::Span;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListKind {
    Sdn,
    Sectoral,
    MenuBased,
    Evaders,
    LegislativeCouncil,
    CorrespondentAccounts,
    MilitaryIndustrialComplex,
    Entities,
    DeniedPersons,
    Unverified,
    MilitaryEndUsers,
    Nonproliferation,
    Debarred,
    /// One that was added since.
    Unknown,
}

/// The list of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List {
    pub kind: ListKind,
    /// Before the number or hash of its subjects: letters and digits.
    pub prefix: String,
    /// Short name.
    pub name: String,
    pub authority: String,
}

/// The letters behind a list's name, the short ones of its subjects, and the short name.
const LISTS: [(&str, ListKind, &str, &str); 13] = [
    ("SDN", ListKind::Sdn, "SDN", "SDN"),
    ("SSI", ListKind::Sectoral, "SSI", "SSI"),
    ("NS-MBS List", ListKind::MenuBased, "MBS", "NS-MBS"),
    ("FSE", ListKind::Evaders, "FSE", "FSE"),
    ("PLC", ListKind::LegislativeCouncil, "PLC", "PLC"),
    ("CAP", ListKind::CorrespondentAccounts, "CAP", "CAP"),
    ("CMIC", ListKind::MilitaryIndustrialComplex, "CMIC", "CMIC"),
    ("EL", ListKind::Entities, "EL", "Entity List"),
    ("DPL", ListKind::DeniedPersons, "DPL", "Denied Persons List"),
    ("UVL", ListKind::Unverified, "UVL", "Unverified List"),
    ("MEU", ListKind::MilitaryEndUsers, "MEU", "Military End User"),
    ("ISN", ListKind::Nonproliferation, "ISN", "Nonproliferation Sanctions"),
    ("DTC", ListKind::Debarred, "DTC", "ITAR Debarred"),
];

impl List {
    /// Reads `Entity List (EL) - Bureau of Industry and Security`.
    pub fn of(source: &str) -> Self {
        let (list, agency) = source.rsplit_once(" - ").unwrap_or((source, ""));
        let authority = match agency.trim() {
            "Treasury Department" => "OFAC",
            "Bureau of Industry and Security" => "BIS",
            "State Department" => "State",
            other => other,
        };
        let letters =
            list.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(letters, _)| letters);
        let known = LISTS.iter().find(|(known, ..)| *known == letters.trim());
        let (kind, prefix, name) = match known {
            Some((_, kind, prefix, name)) => (*kind, (*prefix).to_owned(), (*name).to_owned()),
            None => (ListKind::Unknown, prefix(letters, list), list.trim().to_owned()),
        };
        Self { kind, prefix, name, authority: authority.to_owned() }
    }

    /// What the list forbids. `license` is requirement and policy; `details` has what OFAC says of its directives.
    pub fn measures(
        &self,
        details: &[Detail],
        license: [&str; 2],
        from: Option<Span>,
        until: Option<Span>,
    ) -> Vec<Measure> {
        let measure = |kind, text: &str| Measure { kind, text: text.to_owned(), from, until, ..Measure::default() };
        let said: Vec<&str> = license.into_iter().filter(|text| !text.is_empty()).collect();
        let one = match self.kind {
            ListKind::Sdn => measure(MeasureKind::AssetFreeze, ""),
            ListKind::Entities | ListKind::MilitaryEndUsers => {
                measure(MeasureKind::ExportRestriction, &said.join("; "))
            }
            ListKind::Unverified => measure(MeasureKind::ExportRestriction, "unverified"),
            ListKind::DeniedPersons => measure(MeasureKind::ExportRestriction, ""),
            ListKind::Debarred => measure(MeasureKind::ExportRestriction, "debarred"),
            ListKind::CorrespondentAccounts => measure(MeasureKind::CorrespondentAccount, ""),
            ListKind::MilitaryIndustrialComplex => {
                let from = from.or_else(|| day_in(details, "Effective Date"));
                Measure { from, ..measure(MeasureKind::Investment, "") }
            }
            ListKind::Sectoral | ListKind::MenuBased => {
                let directives: Vec<Measure> = directives(details)
                    .into_iter()
                    .map(|(text, effective)| Measure {
                        from: from.or(effective),
                        ..measure(programme::directive_kind(&text), &text)
                    })
                    .collect();
                if !directives.is_empty() {
                    return directives;
                }
                let sectoral = self.kind == ListKind::Sectoral;
                measure(if sectoral { MeasureKind::Sectoral } else { MeasureKind::Other }, "")
            }
            ListKind::Evaders | ListKind::LegislativeCouncil => measure(MeasureKind::Dealings, &said.join("; ")),
            ListKind::Nonproliferation | ListKind::Unknown => measure(MeasureKind::Other, &said.join("; ")),
        };
        vec![one]
    }
}

/// What names the subjects of a list that is not known: its letters, or the first ones of its words.
fn prefix(letters: &str, list: &str) -> String {
    let plain: String = letters.chars().filter(char::is_ascii_alphanumeric).collect();
    if !plain.is_empty() {
        return plain;
    }
    let initials: String =
        list.split_whitespace().filter_map(|word| word.chars().next()).filter(char::is_ascii_alphanumeric).collect();
    if initials.is_empty() { "LIST".to_owned() } else { initials }
}

/// `Executive Order 13662 Directive Determination: Subject to Directive 1`, each directive once, with the day since which
/// it is effective, as `Effective Date (EO 14024 Directive 2)` tells. A directive may have that day alone.
fn directives(details: &[Detail]) -> Vec<(String, Option<Span>)> {
    let mut found: Vec<(String, Option<Span>)> = Vec::new();
    let is_subject = |detail: &&Detail| detail.label.contains("Directive") && detail.value.starts_with("Subject to");
    for Detail { label, value } in details.iter().filter(is_subject) {
        let text = format!("{}: {value}", label.trim_end_matches([' ', '-', ':']));
        let directive = programme::directive(&text);
        if found.iter().all(|(known, _)| programme::directive(known) != directive) {
            found.push((text, None));
        }
    }
    for Detail { label, value } in details.iter().filter(|detail| detail.label.starts_with("Effective Date (")) {
        let Some(directive) = programme::directive(label) else { continue };
        let ofac_dates::Reading::Date(day) = ofac_dates::read(value) else { continue };
        match found.iter_mut().find(|(known, _)| programme::directive(known).as_deref() == Some(&directive)) {
            Some((_, effective)) => *effective = effective.or(Some(day)),
            None => found.push((directive, Some(day))),
        }
    }
    found
}

/// The day of `Listing Date (CMIC)`, but not that of a single directive.
pub fn day_in(details: &[Detail], label: &str) -> Option<Span> {
    let detail =
        details.iter().find(|detail| detail.label.starts_with(label) && !detail.label.contains("Directive"))?;
    match ofac_dates::read(&detail.value) {
        Reading::Date(date) => Some(date),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_agencies_are_read() {
        for (source, prefix, name, authority) in [
            ("Specially Designated Nationals (SDN) - Treasury Department", "SDN", "SDN", "OFAC"),
            ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "MBS", "NS-MBS", "OFAC"),
            ("Military End User (MEU) List - Bureau of Industry and Security", "MEU", "Military End User", "BIS"),
            ("ITAR Debarred (DTC) - State Department", "DTC", "ITAR Debarred", "State"),
            ("New List (N-L) - Coast Guard", "NL", "New List (N-L)", "Coast Guard"),
            ("Newest List", "NL", "Newest List", ""),
            ("—", "LIST", "—", ""),
        ] {
            let list = List::of(source);
            assert_eq!((list.prefix.as_str(), list.name.as_str(), list.authority.as_str()), (prefix, name, authority));
        }
    }
}
