//! Whether subjects of two lists may be the same by what the lists say of them, besides identifiers.

use std::collections::BTreeSet;

use super::identifier::link_key;
use super::keys::full_name;
use super::model::{DateKind, Gender, Strength, Subject, SubjectKind};
use crate::value::Span;
use crate::value::words::words;

/// On what ground two subjects are taken for the same. Later is stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum LinkStrength {
    NameKindAndCountry,
    NameAndBirthDate,
    #[default]
    Identifier,
}

/// A name that two subjects have, and what else they have in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Likeness {
    pub strength: LinkStrength,
    /// `both have the name saleh ali and the birth date 1965-03-05`.
    pub reason: String,
}

/// Numbers of which a subject has one in its life: two that differ are those of two subjects.
const ONE_EACH: [&str; 5] = ["imo", "inn", "ogrn", "uscc", "lei"];
/// A person's single name is that of many, and so is a short one of anything else.
const WORDS_OF_A_PERSON: usize = 2;
const LETTERS_OF_A_NAME: usize = 4;

/// What speaks for these being the same, where nothing speaks against it.
pub fn likeness(one: &Subject, other: &Subject) -> Option<Likeness> {
    let (names, others) = (names(one), names(other));
    let name = names.intersection(&others).max_by_key(|name| name.len())?;
    if contradict(one, other) {
        return None;
    }
    let is_person = |subject: &Subject| matches!(subject.kind, SubjectKind::Person | SubjectKind::Unknown);
    let day = births(one).find(|birth| birth.is_exact() && births(other).any(|other| other == *birth));
    if let Some(day) = day.filter(|_| is_person(one) && is_person(other)) {
        let reason = format!("both have the name `{name}` and the birth date {day}");
        return Some(Likeness { strength: LinkStrength::NameAndBirthDate, reason });
    }
    let is_same_kind = one.kind == other.kind && one.kind != SubjectKind::Unknown;
    let (places, others) = (countries(one), countries(other));
    let country = places.intersection(&others).next().filter(|_| is_same_kind)?;
    let reason = format!("both have the name `{name}`, are of the same kind and have to do with {country}");
    Some(Likeness { strength: LinkStrength::NameKindAndCountry, reason })
}

/// Names that tell something, whatever the order of their words. What a list calls weak is too broad.
fn names(subject: &Subject) -> BTreeSet<String> {
    let least = if subject.kind == SubjectKind::Person { WORDS_OF_A_PERSON } else { 1 };
    let telling = subject.names.iter().filter(|name| name.strength != Strength::Weak);
    let words = telling.map(|name| words(&name.full)).filter(|words| words.len() >= least);
    words.map(|words| full_name(&words)).filter(|name| name.len() >= LETTERS_OF_A_NAME).collect()
}

fn births(subject: &Subject) -> impl Iterator<Item = Span> + '_ {
    subject.dates.iter().filter(|fact| fact.kind == DateKind::Birth).map(|fact| fact.date)
}

fn countries(subject: &Subject) -> BTreeSet<&str> {
    subject.places.iter().map(|place| place.country.as_str()).filter(|country| !country.is_empty()).collect()
}

/// They cannot be the same.
fn contradict(one: &Subject, other: &Subject) -> bool {
    let is_known = |subject: &Subject| subject.kind != SubjectKind::Unknown;
    let kinds = is_known(one) && is_known(other) && one.kind != other.kind;
    let is_said = |subject: &Subject| subject.gender != Gender::Unknown;
    let genders = is_said(one) && is_said(other) && one.gender != other.gender;
    kinds || genders || born_apart(one, other) || numbered_apart(one, other)
}

/// Both lists say when, and no two of their dates may mean the same day.
fn born_apart(one: &Subject, other: &Subject) -> bool {
    let may_be_same =
        |left: Span, right: Span| left.circa || right.circa || left.first <= right.last && right.first <= left.last;
    let is_said = births(one).next().is_some() && births(other).next().is_some();
    is_said && !births(one).any(|left| births(other).any(|right| may_be_same(left, right)))
}

fn numbered_apart(one: &Subject, other: &Subject) -> bool {
    let keys = |subject: &Subject| subject.identifiers.iter().filter_map(link_key).collect::<BTreeSet<String>>();
    let (keys, others) = (keys(one), keys(other));
    ONE_EACH.iter().any(|kind| {
        let of_kind = |keys: &BTreeSet<String>| -> BTreeSet<String> {
            keys.iter().filter(|key| key.split_once(':').is_some_and(|(prefix, _)| prefix == *kind)).cloned().collect()
        };
        let (numbers, others) = (of_kind(&keys), of_kind(&others));
        !numbers.is_empty() && !others.is_empty() && numbers.is_disjoint(&others)
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use proptest::sample::select;

    use super::super::identifier::checked;
    use super::super::model::{DatedFact, IdentifierKind, Name, Place};
    use super::*;

    fn person(name: &str, birth: &str, country: &str) -> Subject {
        Subject {
            kind: SubjectKind::Person,
            names: vec![Name { full: name.into(), ..Name::default() }],
            dates: birth.parse().into_iter().map(|date| DatedFact { kind: DateKind::Birth, date }).collect(),
            places: vec![Place { country: country.into(), ..Place::default() }],
            ..Subject::default()
        }
    }

    #[test]
    fn what_two_lists_say_of_a_person_is_weighed() {
        use LinkStrength::{NameAndBirthDate, NameKindAndCountry};
        let saleh = person("Saleh ALI", "1965-03-05", "YEM");
        for (other, expected) in [
            (person("ALI, Saleh", "1965-03-05", "IRQ"), Some(NameAndBirthDate)),
            (person("САЛЕХ АЛИ", "1965-03-05", ""), None),
            (person("Saleh Ali", "1965", "YEM"), Some(NameKindAndCountry)),
            (person("Saleh Ali", "1965", "IRQ"), None),
            (person("Saleh Ali", "1966", "YEM"), None),
            (person("Saleh Ali", "1966~", "YEM"), Some(NameKindAndCountry)),
            (person("Saleh Ali", "", "YEM"), Some(NameKindAndCountry)),
            (person("Saleh Ali Hassan", "1965-03-05", "YEM"), None),
            (
                Subject { kind: SubjectKind::Unknown, ..person("Saleh Ali", "1965-03-05", "YEM") },
                Some(NameAndBirthDate),
            ),
            (Subject { kind: SubjectKind::Unknown, ..person("Saleh Ali", "", "YEM") }, None),
            (Subject { kind: SubjectKind::Vessel, ..person("Saleh Ali", "", "YEM") }, None),
        ] {
            let found = likeness(&saleh, &other);
            assert_eq!(found.as_ref().map(|found| found.strength), expected, "{other:?}");
            assert_eq!(found, likeness(&other, &saleh));
        }
        let mut female = person("Saleh Ali", "1965-03-05", "YEM");
        female.gender = Gender::Female;
        assert!(likeness(&saleh, &female).is_some());
        assert_eq!(likeness(&Subject { gender: Gender::Male, ..saleh.clone() }, &female), None);
        let reason = likeness(&saleh, &person("Saleh Ali", "1965-03-05", "YEM")).unwrap().reason;
        assert_eq!(reason, "both have the name `ali saleh` and the birth date 1965-03-05");
        // A single name, or one that the list itself does not trust, is that of many.
        assert_eq!(likeness(&person("Saleh", "1965-03-05", "YEM"), &person("Saleh", "1965-03-05", "YEM")), None);
        let mut weak = saleh.clone();
        weak.names[0].strength = Strength::Weak;
        assert_eq!(likeness(&saleh, &weak), None);
    }

    #[test]
    fn ships_of_one_name_with_two_numbers_are_two() {
        let ship = |number: &str| Subject {
            kind: SubjectKind::Vessel,
            identifiers: (!number.is_empty()).then(|| checked(IdentifierKind::Imo, number)).into_iter().collect(),
            ..person("OCEAN STAR", "", "PAN")
        };
        assert_eq!(likeness(&ship("9221970"), &ship("9074729")), None);
        let found = likeness(&ship("9221970"), &ship("")).unwrap();
        assert_eq!(found.strength, LinkStrength::NameKindAndCountry);
        assert_eq!(found.reason, "both have the name `ocean star`, are of the same kind and have to do with PAN");
    }

    const KINDS: [SubjectKind; 3] = [SubjectKind::Unknown, SubjectKind::Person, SubjectKind::Organization];
    const NAMES: [&str; 5] = ["Ali Omar", "Omar Ali", "Omar", "Bank", "Xi"];
    const BIRTHS: [&str; 5] = ["1970-01-02", "1970-01-03", "1970", "1971", "1970~"];
    const NUMBERS: [&str; 2] = ["9221970", "9074729"];

    fn subjects() -> impl Strategy<Value = Subject> {
        (
            select(&KINDS[..]),
            vec((select(&NAMES[..]), any::<bool>()), 0..3),
            vec(select(&BIRTHS[..]), 0..3),
            vec(select(&["RUS", "CHN", ""][..]), 0..3),
            vec(select(&NUMBERS[..]), 0..2),
            select(&[Gender::Unknown, Gender::Male, Gender::Female][..]),
        )
            .prop_map(|(kind, names, births, countries, numbers, gender)| Subject {
                kind,
                gender,
                names: names
                    .into_iter()
                    .map(|(full, weak)| Name {
                        full: full.into(),
                        strength: if weak { Strength::Weak } else { Strength::Unknown },
                        ..Name::default()
                    })
                    .collect(),
                dates: births
                    .into_iter()
                    .map(|day| DatedFact { kind: DateKind::Birth, date: day.parse().unwrap() })
                    .collect(),
                places: countries
                    .into_iter()
                    .map(|country| Place { country: country.into(), ..Place::default() })
                    .collect(),
                identifiers: numbers.into_iter().map(|number| checked(IdentifierKind::Imo, number)).collect(),
                ..Subject::default()
            })
    }

    /// The same weighed pair by pair, each fact of one beside each of the other.
    fn plainly(one: &Subject, other: &Subject) -> Option<LinkStrength> {
        let (mut name, mut same_day, mut meet, mut country, mut number) = (false, false, false, false, false);
        for left in &one.names {
            for right in &other.names {
                let mut parts: [Vec<String>; 2] =
                    [&left.full, &right.full].map(|name| name.to_lowercase().split(' ').map(str::to_owned).collect());
                parts.iter_mut().for_each(|parts| parts.sort());
                let enough = |kind, words: usize| kind != SubjectKind::Person || words > 1;
                name |= parts[0] == parts[1]
                    && left.full.len() >= 4
                    && enough(one.kind, parts[0].len())
                    && enough(other.kind, parts[1].len())
                    && ![left.strength, right.strength].contains(&Strength::Weak);
            }
        }
        for left in &one.dates {
            for right in &other.dates {
                let (left, right) = (left.date.to_string(), right.date.to_string());
                same_day |= left == right && left.len() == 10;
                let [shorter, longer] = if left.len() < right.len() { [&left, &right] } else { [&right, &left] };
                meet |= longer.starts_with(shorter.as_str()) || left.ends_with('~') || right.ends_with('~');
            }
        }
        for left in &one.places {
            country |= !left.country.is_empty() && other.places.iter().any(|right| right.country == left.country);
        }
        for left in &one.identifiers {
            number |= other.identifiers.iter().any(|right| right.value == left.value);
        }
        let both = |is_empty: fn(&Subject) -> bool| !is_empty(one) && !is_empty(other);
        if !name
            || both(|subject| subject.kind == SubjectKind::Unknown) && one.kind != other.kind
            || both(|subject| subject.gender == Gender::Unknown) && one.gender != other.gender
            || both(|subject| subject.dates.is_empty()) && !meet
            || both(|subject| subject.identifiers.is_empty()) && !number
        {
            return None;
        }
        let organizations = one.kind == SubjectKind::Organization || other.kind == SubjectKind::Organization;
        if same_day && !organizations {
            return Some(LinkStrength::NameAndBirthDate);
        }
        let same_kind = one.kind == other.kind && one.kind != SubjectKind::Unknown;
        (country && same_kind).then_some(LinkStrength::NameKindAndCountry)
    }

    proptest! {
        #[test]
        fn weighed_pair_by_pair_it_is_the_same(one in subjects(), other in subjects()) {
            let found = likeness(&one, &other);
            prop_assert_eq!(found.as_ref().map(|found| found.strength), plainly(&one, &other));
            prop_assert_eq!(found, likeness(&other, &one));
        }
    }
}
