//! Which listings the ownership rules count.

use jiff::civil::Date;

use super::Designation;
use crate::sanctions::subject::model::{Measure, MeasureKind, Subject};

/// SDN programmes whose parties need a licence of BIS too, and pass that on to what they own: 15 CFR 744.8(a)(1) as of
/// 89 FR 20107, 21 March 2024.
const BIS_PROGRAMMES: [&str; 14] = [
    "BELARUS",
    "BELARUS-EO14038",
    "FTO",
    "ILLICIT-DRUGS-EO14059",
    "NPWMD",
    "RUSSIA-EO14024",
    "SDGT",
    "SDNT",
    "SDNTK",
    "TCO",
    "UKRAINE-EO13660",
    "UKRAINE-EO13661",
    "UKRAINE-EO13662",
    "UKRAINE-EO13685",
];

/// Parts of BIS's lists whose parties pass nothing on to what they own.
pub const BIS_PARTS_WITHOUT_AFFILIATES: [&str; 2] = ["Denied Persons List", "Unverified List"];

/// The designations that a listing is. `authority` is whose list it is on, `seen` the day of the release since which it
/// is there.
pub fn designations(subject: &Subject, authority: &str, seen: Option<Date>) -> Vec<Designation> {
    let mut designations = Vec::new();
    for measure in &subject.measures {
        let whose = if measure.authority.is_empty() { authority } else { &measure.authority };
        for counting in counted_by(subject, measure.kind, whose) {
            let designation = designation(subject, measure, counting, seen);
            if !designations.contains(&designation) {
                designations.push(designation);
            }
        }
    }
    designations
}

/// Authorities whose ownership rules count a measure of this authority: a freeze of assets its own; BIS also those under
/// some programmes of OFAC, and restrictions of exports by its Entity List and MEU List.
fn counted_by<'a>(subject: &Subject, kind: MeasureKind, whose: &'a str) -> Vec<&'a str> {
    let is_under = |programme: &str| BIS_PROGRAMMES.contains(&programme);
    match kind {
        MeasureKind::AssetFreeze if whose == "BIS" => Vec::new(),
        MeasureKind::AssetFreeze if whose == "OFAC" && subject.programmes.iter().any(|entry| is_under(&entry.code)) => {
            vec![whose, "BIS"]
        }
        MeasureKind::AssetFreeze => vec![whose],
        MeasureKind::ExportRestriction
            if whose == "BIS" && !BIS_PARTS_WITHOUT_AFFILIATES.contains(&subject.source_list.as_str()) =>
        {
            vec![whose]
        }
        _ => Vec::new(),
    }
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
    use crate::sanctions::subject::model::Programme;
    use crate::value::Span;

    fn authorities(kind: MeasureKind, authority: &str, source_list: &str, programme: &str) -> Vec<String> {
        let subject = Subject {
            source_list: source_list.into(),
            measures: vec![Measure { kind, ..Measure::default() }],
            programmes: vec![Programme { code: programme.into(), ..Programme::default() }],
            ..Subject::default()
        };
        designations(&subject, authority, None).into_iter().map(|designation| designation.authority).collect()
    }

    #[test]
    fn bis_counts_its_two_lists_and_some_of_ofacs_programmes() {
        use MeasureKind::{AssetFreeze, ExportRestriction, TravelBan};
        for (kind, authority, list, programme, expected) in [
            (ExportRestriction, "BIS", "Entity List", "", &["BIS"][..]),
            (ExportRestriction, "BIS", "Military End User", "", &["BIS"]),
            (ExportRestriction, "BIS", "Unverified List", "", &[]),
            (ExportRestriction, "BIS", "Denied Persons List", "", &[]),
            (AssetFreeze, "OFAC", "SDN", "RUSSIA-EO14024", &["OFAC", "BIS"]),
            (AssetFreeze, "OFAC", "SDN", "IRAN", &["OFAC"]),
            (AssetFreeze, "EU", "", "SDGT", &["EU"]),
            (TravelBan, "EU", "", "", &[]),
        ] {
            assert_eq!(authorities(kind, authority, list, programme), expected, "{kind:?} {authority} {list}");
        }
    }

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
