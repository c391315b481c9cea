//! Names: each in one or more scripts, formatted with the family name first.

use crate::import::{Element, Report};
use crate::sanctions::import::field::{Refusal, or_text};
pub use crate::sanctions::import::ofac::advanced::name::arrange;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::subject::model::{Name, NameKind, Strength, Subject};
use crate::sanctions::subject::names::script;

/// Takes a name with its spellings in other scripts.
pub fn take(element: &Element, subject: &mut Subject, report: &mut Report) {
    let is_primary = flag(element, "isPrimary", subject, report) == Some(true);
    let is_weak = flag(element, "isLowQuality", subject, report) == Some(true);
    let kind = match element.text_of("aliasType") {
        _ if is_primary => NameKind::Primary,
        "F.K.A." => NameKind::Former,
        "" | "Name" | "A.K.A." | "N.K.A." => NameKind::Alias,
        other => {
            let reason = "is not a known type of alias; expected A.K.A., F.K.A. or N.K.A.";
            Refusal::new("aliasType", other, reason).keep(subject, report);
            NameKind::Alias
        }
    };
    let translations = element.path(&["translations", "translation"]);
    if translations.is_empty() {
        report.skip("an alias without a name");
    }
    for translation in translations {
        let is_main = flag(translation, "isPrimary", subject, report) != Some(false);
        let Some(name) = formatted(translation, subject) else {
            report.skip("an alias without a name");
            continue;
        };
        let kind = if kind == NameKind::Primary && !is_main { NameKind::Variant } else { kind };
        // The list grades aliases only.
        let strength = match (is_weak, is_primary) {
            (true, _) => Strength::Weak,
            (false, true) => Strength::Unknown,
            (false, false) => Strength::Strong,
        };
        subject.names.push(Name { kind, strength, ..name });
    }
}

/// Given names and family name where the list has them apart; otherwise the full name as it stands.
fn formatted(translation: &Element, subject: &Subject) -> Option<Name> {
    let [given, family, full] =
        ["formattedFirstName", "formattedLastName", "formattedFullName"].map(|name| translation.text_of(name));
    if given.is_empty() || family.is_empty() {
        let whole = [full, family, given].into_iter().find(|text| !text.is_empty())?;
        return Some(ofac_facts::name(subject.kind, whole, NameKind::Primary));
    }
    let whole = format!("{given} {family}");
    let (script, given, family) = (script(&whole).to_owned(), given.to_owned(), family.to_owned());
    Some(Name { full: whole, script, given, family, ..Name::default() })
}

fn flag(element: &Element, name: &'static str, subject: &mut Subject, report: &mut Report) -> Option<bool> {
    let read = match element.text_of(name) {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        "" => Ok(None),
        other => Err(Refusal::new(name, other, "is neither true nor false")),
    };
    or_text(read, subject, report)
}
