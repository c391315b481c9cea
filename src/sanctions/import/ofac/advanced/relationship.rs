//! Relationships between parties.

use super::period;
use super::reference::References;
use crate::import::Element;
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::subject::model::{Relation, RelationKind};

pub fn read(references: &References, element: &Element, uid: String, malformed: &mut Malformed) -> Relation {
    let mut text = malformed.read(references.text("RelationType", element, "RelationTypeID")).to_owned();
    let kind = kind(&text);
    if element.attribute("Former") == "true" {
        text.push_str(" (former)");
    }
    for period in element.children("DatePeriod") {
        if let Some(span) = malformed.read(period::span(references, period)) {
            text = format!("{text} ({span})");
        }
    }
    let comment = element.text_of("Comment");
    if !comment.is_empty() {
        text = format!("{text}: {comment}");
    }
    Relation { kind, uid, text, ..Relation::default() }
}

/// What the words mean; what none of them says is a link.
pub fn kind(text: &str) -> RelationKind {
    let text = text.to_ascii_lowercase();
    let kinds = [
        ("owned or controlled by", RelationKind::OwnedOrControlledBy),
        ("owned by", RelationKind::OwnedBy),
        ("controlled by", RelationKind::ControlledBy),
        ("owns or controls", RelationKind::OwnsOrControls),
        ("owns, controls", RelationKind::OwnsOrControls),
        ("owns", RelationKind::Owns),
        ("controls", RelationKind::Controls),
        ("acting for", RelationKind::ActsFor),
        ("acts for", RelationKind::ActsFor),
        ("providing support to", RelationKind::ActsFor),
        ("family", RelationKind::Family),
        ("leader", RelationKind::LeaderOf),
        ("official", RelationKind::LeaderOf),
        ("executive officer", RelationKind::LeaderOf),
        ("director of", RelationKind::LeaderOf),
        ("member of", RelationKind::LeaderOf),
    ];
    kinds.into_iter().find(|(words, _)| text.contains(words)).map_or(RelationKind::LinkedTo, |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_list_have_their_kind() {
        for (text, expected) in [
            ("Owned or Controlled By", RelationKind::OwnedOrControlledBy),
            ("Owns, controls, or operates", RelationKind::OwnsOrControls),
            ("Acting for or on behalf of", RelationKind::ActsFor),
            ("Providing support to", RelationKind::ActsFor),
            ("Family member of", RelationKind::Family),
            ("Leader or official of", RelationKind::LeaderOf),
            ("Principal Executive Officer", RelationKind::LeaderOf),
            ("Associate Of", RelationKind::LinkedTo),
            ("playing a significant role in", RelationKind::LinkedTo),
            ("Property in the interest of", RelationKind::LinkedTo),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
