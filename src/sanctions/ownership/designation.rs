//! Which listings the ownership rules count.

use jiff::civil::Date;

use super::{Designation, Directive, Doubt, rule};
use crate::sanctions::subject::in_force::Days;
use crate::sanctions::subject::model::{Measure, MeasureKind, Subject};
use crate::sanctions::subject::programme;
use crate::value::Span;

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
///
/// A measure that is not known, or of which it is not known whose it is, may be one that the rules count: it is a
/// designation in doubt, and never none.
pub fn designations(subject: &Subject, authority: &str, seen: Option<Date>) -> Vec<Designation> {
    let unnamed = Measure::default();
    let measures = if subject.measures.is_empty() { std::slice::from_ref(&unnamed) } else { &subject.measures[..] };
    let mut designations = Vec::new();
    for measure in measures {
        let whose = if measure.authority.is_empty() { authority } else { &measure.authority };
        for (counting, doubt) in counted_by(subject, measure, whose) {
            let designation = designation(subject, measure, counting, seen, doubt);
            if !designations.contains(&designation) {
                designations.push(designation);
            }
        }
    }
    designations
}

/// OFAC's directives that a listing is under: FAQ 373 extends them to what is owned 50 % or more.
pub fn directives(subject: &Subject, authority: &str, seen: Option<Date>) -> Vec<Directive> {
    let mut directives: Vec<Directive> = Vec::new();
    for measure in &subject.measures {
        let whose = if measure.authority.is_empty() { authority } else { &measure.authority };
        let name = match (measure.kind, programme::directive(&measure.text)) {
            (MeasureKind::Sectoral | MeasureKind::CorrespondentAccount, Some(name)) => name,
            (MeasureKind::Sectoral, None) => "a directive that the list does not name".to_owned(),
            _ => continue,
        };
        if whose == OFAC {
            let designation = designation(subject, measure, whose, seen, None);
            let directive = Directive { name, designation };
            if !directives.contains(&directive) {
                directives.push(directive);
            }
        }
    }
    directives
}

/// Of an owner that is named as an entry of a list and cannot be found: whether it is designated is not known, by nobody.
pub fn no_such_entry() -> Vec<Designation> {
    let designation = |authority: &str| Designation {
        authority: authority.to_owned(),
        days: Days::default(),
        seen: None,
        doubt: Some(Doubt::NoSuchEntry),
        directive: String::new(),
    };
    rule::authorities().into_iter().map(designation).collect()
}

const OFAC: &str = "OFAC";
const BIS: &str = "BIS";

/// Authorities whose ownership rules count a measure of this authority, and whether they do for certain: a freeze of
/// assets its own; BIS also those under some programmes of OFAC, and restrictions of exports by its Entity List and MEU
/// List.
fn counted_by(subject: &Subject, measure: &Measure, whose: &str) -> Vec<(&'static str, Option<Doubt>)> {
    let rules = rule::authorities();
    let Some(whose) = rules.iter().copied().find(|authority| *authority == whose) else {
        let counts = matches!(measure.kind, MeasureKind::AssetFreeze | MeasureKind::Other);
        // Nobody says whose: then it may be anybody's.
        let may_be_any = whose.is_empty() && counts;
        return rules.into_iter().filter(|_| may_be_any).map(|authority| (authority, Some(Doubt::Authority))).collect();
    };
    let is_bis_programme =
        || whose == OFAC && subject.programmes.iter().any(|entry| BIS_PROGRAMMES.contains(&entry.code.as_str()));
    let passes_on = !BIS_PARTS_WITHOUT_AFFILIATES.contains(&subject.source_list.as_str());
    let doubt = match measure.kind {
        MeasureKind::AssetFreeze if whose != BIS => None,
        MeasureKind::ExportRestriction if whose == BIS && passes_on => None,
        MeasureKind::Other if whose != BIS || passes_on => Some(Doubt::Measure(measure.text.clone())),
        _ => return Vec::new(),
    };
    let mut counting = vec![(whose, doubt.clone())];
    if is_bis_programme() {
        counting.push((BIS, doubt));
    }
    counting
}

fn designation(
    subject: &Subject,
    measure: &Measure,
    authority: &str,
    seen: Option<Date>,
    doubt: Option<Doubt>,
) -> Designation {
    // Where one entry has the measures of several authorities, its own days are not each one's.
    let of_subject = |day: Option<Span>| day.filter(|_| measure.authority.is_empty());
    let from = measure.from.or(of_subject(subject.listed_on));
    // Whichever ends first.
    let ends = [measure.until, of_subject(subject.delisted_on)];
    Designation {
        authority: authority.to_owned(),
        days: Days { from, until: ends.into_iter().flatten().min() },
        seen: seen.filter(|_| from.is_none()),
        doubt,
        directive: String::new(),
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
        let stands = |index: usize, day| (found[index].is_in_force(day), found[index].may_be_in_force(day));
        assert_eq!((found[0].days.from, found[0].seen), (Span::of_day(2014, 5, 6), None));
        assert_eq!(stands(0, date(2020, 1, 1)), (true, true));
        assert_eq!(stands(0, date(2020, 1, 2)), (false, false), "on the day of its end it is no longer listed");
        assert_eq!((found[1].days, found[1].seen), (Days::default(), seen));
    }

    #[test]
    fn a_measure_that_is_not_known_is_a_designation_in_doubt() {
        let subject = |kind, text: &str| Subject {
            measures: vec![Measure { kind, text: text.into(), ..Measure::default() }],
            ..Subject::default()
        };
        let of = |subject: &Subject, authority: &str| -> Vec<(String, Option<Doubt>)> {
            designations(subject, authority, None).into_iter().map(|found| (found.authority, found.doubt)).collect()
        };
        let unknown = subject(MeasureKind::Other, "Something new");
        assert_eq!(of(&unknown, "EU"), [("EU".to_owned(), Some(Doubt::Measure("Something new".into())))]);
        assert_eq!(of(&Subject::default(), "UK"), [("UK".to_owned(), Some(Doubt::Measure(String::new())))]);
        assert!(of(&unknown, "Ministry of Finance").is_empty());
        let anybodys = of(&subject(MeasureKind::AssetFreeze, ""), "");
        assert_eq!(anybodys.len(), 4);
        assert!(anybodys.iter().all(|(_, doubt)| *doubt == Some(Doubt::Authority)));
        assert!(of(&subject(MeasureKind::Dealings, ""), "OFAC").is_empty(), "dealings are known not to be blocked");
    }

    #[test]
    fn directives_are_named_as_what_they_are() {
        let measure = |kind, text: &str| Measure { kind, text: text.into(), ..Measure::default() };
        let subject = Subject {
            measures: vec![
                measure(MeasureKind::Sectoral, "Executive Order 13662 Directive Determination: Subject to Directive 1"),
                measure(MeasureKind::Sectoral, ""),
                measure(MeasureKind::CorrespondentAccount, "EO 14024 Directive 2"),
                measure(MeasureKind::CorrespondentAccount, ""),
            ],
            ..Subject::default()
        };
        let names: Vec<String> = directives(&subject, "OFAC", None).into_iter().map(|found| found.name).collect();
        assert_eq!(names, ["EO 13662 Directive 1", "a directive that the list does not name", "EO 14024 Directive 2"]);
        assert!(directives(&subject, "EU", None).is_empty());
        assert!(designations(&subject, "OFAC", None).is_empty());
    }
}
