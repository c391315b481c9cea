//! Names: aliases, each documented in one or more scripts, each of these in parts.

use std::collections::HashMap;

use super::reference::References;
use crate::import::Element;
use crate::import::Refusal;
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::subject::model::{Name, NameKind, Strength};
use crate::sanctions::subject::names::script;

/// The names of an identity. Those of an identity that is not the primary one, or false, are aliases.
pub fn of_identity(references: &References, identity: &Element, malformed: &mut Malformed) -> Vec<Name> {
    let mut parts = HashMap::new();
    for group in identity.path(&["NamePartGroups", "MasterNamePartGroup", "NamePartGroup"]) {
        parts.insert(group.attribute("ID"), malformed.read(references.text("NamePartType", group, "NamePartTypeID")));
    }
    let true_identity = identity.attribute("Primary") != "false" && identity.attribute("False") != "true";
    let mut names = Vec::new();
    for alias in identity.children("Alias") {
        let primary = true_identity && alias.attribute("Primary") == "true";
        let weak = alias.attribute("LowQuality") == "true";
        let kind = match malformed.read(references.text("AliasType", alias, "AliasTypeID")) {
            _ if primary => NameKind::Primary,
            "F.K.A." => NameKind::Former,
            // What is not in the file's own set is kept already.
            "Name" | "A.K.A." | "N.K.A." | "" => NameKind::Alias,
            other => {
                let reason = "is not a known type of alias; expected Name, A.K.A., F.K.A. or N.K.A.";
                malformed.push(Refusal::new("AliasTypeID", other, reason));
                NameKind::Alias
            }
        };
        for documented in alias.children("DocumentedName") {
            let status = malformed.read(references.optional("DocNameStatus", documented, "DocNameStatusID"));
            let mut name = whole(references, &parts, documented, malformed);
            name.kind = match kind {
                NameKind::Primary if status == "Primary Latin" || status.is_empty() => NameKind::Primary,
                NameKind::Primary => NameKind::Variant,
                other => other,
            };
            // The list grades aliases only.
            name.strength = match (weak, primary) {
                (true, _) => Strength::Weak,
                (false, true) => Strength::Unknown,
                (false, false) => Strength::Strong,
            };
            if !name.full.is_empty() {
                names.push(name);
            }
        }
    }
    names
}

/// Puts one primary name first; further ones are variants of it.
pub fn arrange(names: &mut [Name]) {
    let kinds = [NameKind::Primary, NameKind::Variant];
    let first = kinds.iter().find_map(|kind| names.iter().position(|name| name.kind == *kind)).unwrap_or(0);
    for (place, name) in names.iter_mut().enumerate() {
        if place == first {
            name.kind = NameKind::Primary;
        } else if name.kind == NameKind::Primary {
            name.kind = NameKind::Variant;
        }
    }
    if !names.is_empty() {
        names[..=first].rotate_right(1);
    }
}

/// Puts a name together from its parts: given names first, but in Chinese, Japanese and Korean script as it is written
/// there.
fn whole(
    references: &References,
    parts: &HashMap<&str, &str>,
    documented: &Element,
    malformed: &mut Malformed,
) -> Name {
    let (mut given, mut family, mut undivided) = (Vec::new(), Vec::new(), Vec::new());
    for value in documented.path(&["DocumentedNamePart", "NamePartValue"]) {
        malformed.read(references.optional("Script", value, "ScriptID"));
        let group = value.attribute("NamePartGroupID");
        let kind = parts.get(group).copied().unwrap_or_else(|| {
            malformed.push(Refusal::new("NamePartGroupID", group, "is in no NamePartGroups of this Identity"));
            ""
        });
        if value.text.is_empty() {
            continue;
        }
        match kind {
            "First Name" => given.push((0, value.text.as_str())),
            "Middle Name" => given.push((1, value.text.as_str())),
            "Patronymic" => given.push((2, value.text.as_str())),
            "Nickname" => given.push((3, value.text.as_str())),
            "Last Name" => family.push((0, value.text.as_str())),
            "Maiden Name" => family.push((1, value.text.as_str())),
            // In Spanish and Portuguese names the mother's family.
            "Matronymic" => family.push((2, value.text.as_str())),
            // Names of entities, ships and aircraft.
            _ => undivided.push((0, value.text.as_str())),
        }
    }
    let (given, family, undivided) = (joined(given), joined(family), joined(undivided));
    let apart = !given.is_empty() && !family.is_empty();
    let full = match script(&format!("{family}{given}{undivided}")) {
        "Hani" | "Hang" | "Jpan" | "Kana" if apart => format!("{family}{given}{undivided}"),
        _ => joined([&given, &family, &undivided].map(|part| (0, part.as_str())).to_vec()),
    };
    let script = script(&full).to_owned();
    let (given, family) = if apart { (given, family) } else { (String::new(), String::new()) };
    Name { script, full, given, family, ..Name::default() }
}

fn joined(mut parts: Vec<(u8, &str)>) -> String {
    parts.sort_by_key(|(rank, _)| *rank);
    let texts: Vec<&str> = parts.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}
