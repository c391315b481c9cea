//! Which listings the ownership rules count.

use jiff::civil::Date;

use super::model::{Measure, MeasureKind, Subject};
use super::ownership::Designation;

/// The designations that a listing is. `authority` is whose list it is on, `seen` the day of the release since which it
/// is there.
pub fn designations(subject: &Subject, authority: &str, seen: Option<Date>) -> Vec<Designation> {
    let mut designations = Vec::new();
    for measure in &subject.measures {
        let whose = if measure.authority.is_empty() { authority } else { &measure.authority };
        let wanted = if whose == "BIS" { MeasureKind::ExportRestriction } else { MeasureKind::AssetFreeze };
        if measure.kind != wanted {
            continue;
        }
        let designation = designation(subject, measure, whose, seen);
        if !designations.contains(&designation) {
            designations.push(designation);
        }
    }
    designations
}

fn designation(subject: &Subject, measure: &Measure, authority: &str, seen: Option<Date>) -> Designation {
    // Where one entry has the measures of several authorities, its own days are not each one's.
    let (listed, delisted) = if measure.authority.is_empty() {
        (subject.listed_on, subject.delisted_on)
    } else {
        (measure.from, measure.until)
    };
    let from = listed.map(|span| span.first);
    Designation {
        authority: authority.to_owned(),
        from,
        seen: seen.filter(|_| from.is_none()),
        until: delisted.and_then(|span| span.first.yesterday().ok()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sanctions::span::Span;

    #[test]
    fn each_authority_has_the_days_of_its_own_measures() {
        let measure = |authority: &str, from, until| Measure {
            kind: MeasureKind::AssetFreeze,
            authority: authority.into(),
            from,
            until,
            ..Measure::default()
        };
        let subject = Subject {
            measures: vec![
                measure("EU", Span::of_day(2014, 5, 6), Span::of_day(2020, 1, 2)),
                measure("OFAC", None, None),
            ],
            listed_on: Span::of_day(2014, 5, 6),
            ..Subject::default()
        };
        let seen = Some(date(2022, 1, 5));
        let found = designations(&subject, "", seen);
        assert_eq!((found[0].from, found[0].seen), (Some(date(2014, 5, 6)), None));
        assert_eq!(found[0].until, Some(date(2020, 1, 1)), "on the day of its end it is no longer listed");
        assert_eq!((found[1].from, found[1].seen, found[1].until), (None, seen, None));
    }
}
