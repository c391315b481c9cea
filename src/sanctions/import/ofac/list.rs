//! OFAC's two lists: what tells them apart, and what follows from each.

use crate::import::Error;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::subject::model::{Measure, MeasureKind, Subject};
use crate::sanctions::subject::programme;

/// Which of OFAC's lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OfacList {
    /// Specially designated nationals and blocked persons.
    Sdn,
    /// The consolidated list of all others: sectoral, securities, correspondent accounts.
    Consolidated,
}

/// The other list's file was given.
pub fn other_list(list: OfacList, file: &str) -> Error {
    let (found, wanted) = match list {
        OfacList::Sdn => ("the consolidated (non-SDN) list", "sdn.csv, SDN.XML, SDN_ADVANCED.XML or SDN_ENHANCED.XML"),
        OfacList::Consolidated => {
            ("the SDN list", "cons_prim.csv, CONSOLIDATED.XML, CONS_ADVANCED.XML or CONS_ENHANCED.XML")
        }
    };
    Error::Format { file: file.to_owned(), problem: format!("is {found}"), remedy: format!("expected {wanted}") }
}

/// Entry number, as an identifier that other lists can be linked by.
pub fn label(list: OfacList) -> &'static str {
    match list {
        OfacList::Sdn => "SDN",
        OfacList::Consolidated => "non-SDN",
    }
}

/// Programmes of the lists that OFAC publishes beside the SDN list.
pub fn is_non_sdn(code: &str) -> bool {
    matches!(code, "UKRAINE-EO13662" | "561-Related")
        || ["NS-", "FSE-", "CMIC-"].iter().any(|tag| code.starts_with(tag))
}

/// The CSV and the classic XML name no measures: they follow from the list, the directives and the programmes.
pub fn measures(list: OfacList, subject: &Subject) -> Vec<Measure> {
    if matches!(list, OfacList::Sdn) {
        return vec![Measure { kind: MeasureKind::AssetFreeze, ..Measure::default() }];
    }
    let mut measures = Vec::new();
    for detail in &subject.details {
        let determination = detail.label.ends_with("Directive Determination");
        let effective = detail.label.strip_prefix("Effective Date (").and_then(|rest| rest.strip_suffix(')'));
        if determination {
            let text = format!("{}: {}", detail.label, detail.value);
            measures.push(Measure { kind: MeasureKind::Sectoral, text, ..Measure::default() });
        } else if let Some(directive) = effective {
            let from = match ofac_dates::read(&detail.value) {
                ofac_dates::Reading::Date(day) => Some(day),
                _ => None,
            };
            measures.push(Measure {
                kind: directive_kind(directive),
                text: directive.to_owned(),
                from,
                ..Measure::default()
            });
        }
    }
    for programme in &subject.programmes {
        let implied =
            programme::implied("OFAC", &programme.code).filter(|implied| implied.kind != MeasureKind::AssetFreeze);
        let (kind, because) = match implied {
            Some(implied) => (implied.kind, implied.because),
            None if programme.code == "UKRAINE-EO13662" => {
                (MeasureKind::Sectoral, "on OFAC's other lists, its Sectoral Sanctions Identifications List")
            }
            None => continue,
        };
        if measures.iter().all(|measure| measure.kind != kind) {
            let implied_by = format!("{}: {because}", programme.code);
            measures.push(Measure { kind, implied_by, ..Measure::default() });
        }
    }
    if measures.is_empty() {
        measures.push(Measure::default());
    }
    measures
}

fn directive_kind(directive: &str) -> MeasureKind {
    match directive {
        "CMIC" => MeasureKind::Investment,
        _ if directive.contains("Directive") => programme::directive_kind(directive),
        _ => MeasureKind::Other,
    }
}
