//! Controlled goods: whether a commodity code is on the lists of goods whose export is controlled or watched.
//!
//! Lists are kept in the edition of the Harmonized System in which they were published; a code of another edition is
//! compared through its six-digit counterparts, which the caller gives. Pure logic over codes as texts.

pub mod listed;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

/// Digits that all countries have in common; those behind them are national.
const COMMON_DIGITS: usize = 6;

/// A code on a list of controlled goods.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ControlledGood {
    /// Who controls it: `BIS`.
    pub authority: String,
    /// `common-high-priority-list`.
    pub regime: String,
    /// Classification of the code: `HS2022`.
    pub edition: String,
    /// 4 or 6 digits; national codes have 8 to 10, of which the first six are compared.
    pub code: String,
    /// Tier or annex within the regime: `3.A`. Empty: it has none.
    pub tier: String,
    /// ISO 3166-1 alpha-3; empty for all.
    pub destinations: Vec<String>,
    /// First day; absent when it is not known.
    pub from: Option<Date>,
    /// Last day; absent: still.
    pub until: Option<Date>,
    pub title: String,
    pub source: String,
}

impl ControlledGood {
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Without a destination, goods for whatever destination are meant.
    pub fn is_for(&self, destination: Option<&str>) -> bool {
        let is_among = |destination: &str| self.destinations.iter().any(|own| own == destination);
        self.destinations.is_empty() || destination.is_none_or(is_among)
    }

    pub fn is_national(&self) -> bool {
        self.code.len() > COMMON_DIGITS
    }
}

/// Why a code is not compared.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// What corresponds to what between the code's edition and that of a list is not known.
    #[error(
        "no concordance between {from} and {to} was in the store{}; `entrepot import concordance`",
        if *on_a_past_day { " on that day" } else { "" }
    )]
    ConcordanceMissing { from: &'static str, to: &'static str, on_a_past_day: bool },
}

/// A code that is asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Code {
    /// `HS2017`.
    pub edition: String,
    /// Any number of digits; none for all goods.
    pub digits: String,
}

/// Counterparts of the asked code in an edition: pairs of a six-digit code of the asked edition and one of the other.
/// `None` when the two editions cannot be compared. Pairs of other codes than the asked one are passed over.
pub type Conversions<'a> = &'a dyn Fn(&str) -> Option<Vec<(String, String)>>;

/// How sure it is. Later is stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Certainty {
    /// The editions cannot be compared, or the code has no counterpart in the list's: nothing can be said.
    NotCompared,
    /// Some of what falls under the code is controlled, or only some national lines of it are.
    Possible,
    /// Everything that falls under the code is controlled.
    Certain,
}

/// What the codes of one regime in one edition say of the asked code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding<'a> {
    pub authority: &'a str,
    pub regime: &'a str,
    pub edition: &'a str,
    pub certainty: Certainty,
    /// The goods that are met, in their order.
    pub goods: Vec<&'a ControlledGood>,
    /// Counterparts in the list's edition that are wholly controlled; the asked code itself where nothing is converted.
    pub controlled: Vec<String>,
    /// Counterparts of which a longer code on the list controls a part.
    pub partly: Vec<String>,
    pub uncontrolled: Vec<String>,
}

/// Findings by authority, regime and edition; none for a regime that the code does not meet.
pub fn assess<'a>(
    goods: &'a [ControlledGood],
    asked: &Code,
    conversions: Conversions<'_>,
    destination: Option<&str>,
    day: Date,
) -> Vec<Finding<'a>> {
    let mut regimes: BTreeMap<(&str, &str, &str), Vec<&ControlledGood>> = BTreeMap::new();
    for good in goods.iter().filter(|good| good.is_in_force(day) && good.is_for(destination)) {
        regimes.entry((&good.authority, &good.regime, &good.edition)).or_default().push(good);
    }
    let mut counterparts: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut findings = Vec::new();
    for ((authority, regime, edition), goods) in regimes {
        let counterparts = counterparts.entry(edition).or_insert_with(|| counterparts_in(edition, asked, conversions));
        let mut finding = Finding {
            authority,
            regime,
            edition,
            certainty: Certainty::NotCompared,
            goods: Vec::new(),
            controlled: Vec::new(),
            partly: Vec::new(),
            uncontrolled: Vec::new(),
        };
        if counterparts.is_empty() {
            findings.push(finding);
            continue;
        }
        finding.compare(counterparts, &goods);
        if !finding.goods.is_empty() {
            findings.push(finding);
        }
    }
    findings
}

impl<'a> Finding<'a> {
    fn compare(&mut self, counterparts: &BTreeSet<String>, goods: &[&'a ControlledGood]) {
        for counterpart in counterparts {
            let covers: Vec<Cover> = goods.iter().map(|good| cover(good, counterpart)).collect();
            let list = match covers.iter().max() {
                Some(Cover::Whole) => &mut self.controlled,
                Some(Cover::Part) => &mut self.partly,
                Some(Cover::Nothing) | None => &mut self.uncontrolled,
            };
            list.push(counterpart.clone());
        }
        let is_met = |good: &&'a ControlledGood| counterparts.iter().any(|code| cover(good, code) != Cover::Nothing);
        self.goods = goods.iter().copied().filter(is_met).collect();
        let whole = self.partly.is_empty() && self.uncontrolled.is_empty();
        self.certainty = if whole { Certainty::Certain } else { Certainty::Possible };
    }

    /// The same in words.
    pub fn explanation(&self, asked: &Code) -> String {
        let Self { edition, .. } = self;
        let asked = format!("{} {}", asked.edition, if asked.digits.is_empty() { "TOTAL" } else { &asked.digits });
        if self.certainty == Certainty::NotCompared {
            return format!("{asked} has no known counterpart in {edition}, the edition of the list");
        }
        let mut parts = Vec::new();
        for (codes, said) in [
            (&self.controlled, "controlled"),
            (&self.partly, "controlled in part"),
            (&self.uncontrolled, "not controlled"),
        ] {
            if !codes.is_empty() {
                parts.push(format!("{said}: {}", codes.join(", ")));
            }
        }
        format!("{asked} in {edition}, the edition of the list; {}", parts.join("; "))
    }
}

/// How much of a code a controlled good takes in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cover {
    Nothing,
    Part,
    Whole,
}

fn cover(good: &ControlledGood, code: &str) -> Cover {
    let common = common(&good.code);
    if code.starts_with(common) && !good.is_national() {
        Cover::Whole
    } else if code.starts_with(common) || common.starts_with(code) {
        Cover::Part
    } else {
        Cover::Nothing
    }
}

/// The digits that can be compared.
fn common(code: &str) -> &str {
    code.get(..COMMON_DIGITS).unwrap_or(code)
}

/// Counterparts of the asked code; none when it cannot be compared.
fn counterparts_in(edition: &str, asked: &Code, conversions: Conversions<'_>) -> BTreeSet<String> {
    let digits = common(&asked.digits);
    match conversions(edition) {
        Some(pairs) => pairs.into_iter().filter(|(own, _)| own.starts_with(digits)).map(|(_, other)| other).collect(),
        None if edition == asked.edition => BTreeSet::from([digits.to_owned()]),
        None => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAY: Date = date(2025, 1, 15);

    fn good(regime: &str, code: &str) -> ControlledGood {
        ControlledGood {
            authority: "BIS".into(),
            regime: regime.into(),
            edition: "HS2022".into(),
            code: code.into(),
            tier: "1".into(),
            destinations: vec!["RUS".into(), "BLR".into()],
            from: Some(date(2024, 2, 23)),
            until: None,
            title: "circuits".into(),
            source: "made up".into(),
        }
    }

    fn code(edition: &str, digits: &str) -> Code {
        Code { edition: edition.into(), digits: digits.into() }
    }

    /// 854140 of 2017 was split in 2022; 8534 has one code in both.
    fn split(edition: &str) -> Option<Vec<(String, String)>> {
        let pairs = [("854140", "854141"), ("854140", "854149"), ("854190", "854190"), ("853400", "853400")];
        let pairs = pairs.into_iter().map(|(own, other)| (own.to_owned(), other.to_owned()));
        (edition == "HS2022").then(|| pairs.collect())
    }

    fn none(_: &str) -> Option<Vec<(String, String)>> {
        None
    }

    fn certainty(goods: &[ControlledGood], asked: &Code, conversions: Conversions<'_>) -> Vec<Certainty> {
        let findings = assess(goods, asked, conversions, Some("RUS"), DAY);
        findings.iter().map(|finding| finding.certainty).collect()
    }

    #[test]
    fn codes_of_the_same_edition() {
        let goods = [good("list", "854231"), good("list", "8486")];
        for (digits, expected) in [
            ("854231", vec![Certainty::Certain]),
            ("854232", vec![]),
            ("8542", vec![Certainty::Possible]),
            ("85", vec![Certainty::Possible]),
            ("", vec![Certainty::Possible]),
            ("8486", vec![Certainty::Certain]),
            ("848620", vec![Certainty::Certain]),
            // A national line below a code that is wholly controlled.
            ("8542310000", vec![Certainty::Certain]),
        ] {
            assert_eq!(certainty(&goods, &code("HS2022", digits), &none), expected, "{digits}");
        }
        assert_eq!(certainty(&goods, &code("HS2017", "854231"), &none), [Certainty::NotCompared]);
    }

    #[test]
    fn national_codes_control_a_part() {
        let goods = [good("list", "85423190")];
        let asked = code("HS2022", "854231");
        let findings = assess(&goods, &asked, &none, None, DAY);
        assert_eq!((findings[0].certainty, &findings[0].partly[..]), (Certainty::Possible, &["854231".to_owned()][..]));
        assert_eq!(certainty(&goods, &code("HS2022", "85423190"), &none), [Certainty::Possible]);
        assert_eq!(certainty(&goods, &code("HS2022", "854232"), &none), []);
    }

    #[test]
    fn codes_of_another_edition_go_through_their_counterparts() {
        let one = [good("list", "854149")];
        let asked = code("HS2017", "854140");
        let findings = assess(&one, &asked, &split, Some("RUS"), DAY);
        assert_eq!(findings[0].certainty, Certainty::Possible);
        assert_eq!(
            (findings[0].controlled.join(","), findings[0].uncontrolled.join(",")),
            ("854149".into(), "854141".into())
        );
        assert_eq!(
            findings[0].explanation(&asked),
            "HS2017 854140 in HS2022, the edition of the list; controlled: 854149; not controlled: 854141"
        );
        // Both counterparts under different codes of one regime make it certain, of two regimes they do not.
        let both = [good("list", "854141"), good("list", "854149")];
        let findings = assess(&both, &asked, &split, Some("RUS"), DAY);
        assert_eq!((findings[0].certainty, findings[0].goods.len()), (Certainty::Certain, 2));
        let apart = [good("list", "854141"), good("other", "854149")];
        assert_eq!(certainty(&apart, &asked, &split), [Certainty::Possible, Certainty::Possible]);
        // All codes below the heading are looked at.
        assert_eq!(certainty(&both, &code("HS2017", "8541"), &split), [Certainty::Possible]);
        assert_eq!(certainty(&[good("list", "853400")], &code("HS2017", "8534"), &split), [Certainty::Certain]);
        // A code that the concordance does not have is not taken for uncontrolled.
        assert_eq!(certainty(&both, &code("HS2017", "999999"), &split), [Certainty::NotCompared]);
    }

    #[test]
    fn destination_and_day_count() {
        let goods = [ControlledGood { until: Some(date(2025, 6, 30)), ..good("list", "854231") }];
        let asked = code("HS2022", "854231");
        let found = |destination, day| assess(&goods, &asked, &none, destination, day).len();
        assert_eq!(found(Some("RUS"), date(2024, 2, 22)), 0);
        assert_eq!(found(Some("RUS"), date(2024, 2, 23)), 1);
        assert_eq!(found(Some("BLR"), date(2025, 6, 30)), 1);
        assert_eq!(found(Some("RUS"), date(2025, 7, 1)), 0);
        assert_eq!(found(Some("CHN"), DAY), 0);
        assert_eq!(found(None, DAY), 1);
        let anywhere = [ControlledGood { destinations: Vec::new(), ..good("list", "854231") }];
        assert_eq!(assess(&anywhere, &asked, &none, Some("CHN"), DAY).len(), 1);
    }
}
