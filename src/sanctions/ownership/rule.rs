//! The ownership rules of the authorities, as data with the periods in which each holds.
//!
//! Sources: OFAC, revised guidance on entities owned by persons whose property is blocked, 13 August 2014, and FAQ 398
//! to 402; Council of the EU, best practices for restrictive measures (11623/24, 3 July 2024) and the Commission's FAQ
//! on asset freezes, question 8; regulation 7 and schedule 1 of the UK's Russia regulations (S.I. 2019/855) and OFSI's
//! general guidance; BIS, 90 FR 47201 of 30 September 2025, and its suspension in 90 FR, number 216.

use jiff::civil::{Date, date};

use super::covers;

/// Whether a rule holds in a period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standing {
    InForce,
    /// Made, but set aside for the time.
    Suspended,
    /// Whether it holds as it stands here could not be verified: it blocks nobody for certain.
    NotVerified,
    /// The day is in none of the rule's periods.
    NotInForce,
}

/// A time in a rule's life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    pub standing: Standing,
    /// Why it is not simply in force; else empty.
    pub note: &'static str,
}

/// A rule by which owners block what they own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Whose designations count: `OFAC`, `EU`, `UK`, `BIS`.
    pub authority: &'static str,
    pub name: &'static str,
    /// Share that blocks, in ten-thousandths of a percent.
    pub threshold: u32,
    /// Whether the threshold itself blocks: "50 % or more" against "more than 50 %".
    pub inclusive: bool,
    /// Whether the holdings of several designated persons are summed. Otherwise each person's direct and indirect
    /// holdings are summed for that person alone.
    pub aggregates: bool,
    /// Whether control without ownership blocks.
    pub counts_control: bool,
    pub effective: &'static [Period],
    /// Citation of the text.
    pub source: &'static str,
    /// What the rule asks that records of holdings do not tell.
    pub caveat: &'static str,
}

impl Rule {
    /// Whether a sum of holdings blocks.
    pub fn reached(&self, sum: u64) -> bool {
        let threshold = u64::from(self.threshold);
        if self.inclusive { sum >= threshold } else { sum > threshold }
    }

    /// `50 % or more`, `more than 50 %`.
    pub fn threshold_text(&self) -> String {
        let share = super::percent(u64::from(self.threshold));
        if self.inclusive { format!("{share} or more") } else { format!("more than {share}") }
    }

    /// How the rule stands on a day, and why when it is not simply in force.
    pub fn standing(&self, day: Date) -> (Standing, &'static str) {
        let period = self.effective.iter().find(|period| covers(period.from, period.until, day));
        period.map_or((Standing::NotInForce, ""), |period| (period.standing, period.note))
    }
}

const HALF: u32 = 500_000;

/// All rules, those of one authority together, the newest last.
pub const RULES: &[Rule] = &[OFAC, EU_MORE_THAN_HALF, EU_HALF_OR_MORE, UK, BIS];

/// Authorities that have a rule, each once.
pub fn authorities() -> Vec<&'static str> {
    let mut authorities: Vec<&str> = RULES.iter().map(|rule| rule.authority).collect();
    authorities.dedup();
    authorities
}

/// The authority's rule for a day: the one that has the day in one of its periods, else the newest, which then is not
/// in force. `None` when the authority has no rule.
pub fn applicable(authority: &str, day: Date) -> Option<&'static Rule> {
    let mut rules = RULES.iter().filter(|rule| rule.authority == authority);
    let newest = rules.clone().next_back();
    rules.find(|rule| rule.standing(day).0 != Standing::NotInForce).or(newest)
}

/// FAQ 398: ownership only, not control. FAQ 399: the holdings of all blocked persons are summed, under whatever
/// programmes. FAQ 401: indirect holdings count through entities that are themselves owned 50 percent or more. FAQ 402:
/// an entity is no longer blocked when the sum has fallen below.
pub const OFAC: Rule = Rule {
    authority: "OFAC",
    name: "50 Percent Rule",
    threshold: HALF,
    inclusive: true,
    aggregates: true,
    counts_control: false,
    effective: &[
        Period {
            from: Some(date(2008, 2, 14)),
            until: Some(date(2014, 8, 12)),
            standing: Standing::NotVerified,
            note: "the guidance of 14 February 2008 left open whether the holdings of several persons are summed",
        },
        Period { from: Some(date(2014, 8, 13)), until: None, standing: Standing::InForce, note: "" },
    ],
    source: "OFAC, Revised Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked, \
             13 August 2014; FAQ 398 to 402",
    caveat: "an entity that blocked persons control without owning half of it is not blocked by the rule, but may be \
             designated; a blocked person who signs for it stays blocked (FAQ 398, 400). After a sale, property \
             blocked before stays blocked (FAQ 402)",
};

/// The criterion of the best practices before 3 July 2024. That holdings are summed, the Commission's FAQ says since
/// 20 March 2022.
pub const EU_MORE_THAN_HALF: Rule = Rule {
    authority: "EU",
    name: "Ownership and control, more than 50 %",
    threshold: HALF,
    inclusive: false,
    aggregates: true,
    counts_control: true,
    effective: &[
        Period {
            from: None,
            until: Some(date(2022, 3, 19)),
            standing: Standing::NotVerified,
            note: "since when the criterion holds, and whether holdings were summed before the Commission's answer of \
                   March 2022, is not verified",
        },
        Period { from: Some(date(2022, 3, 20)), until: Some(date(2024, 7, 2)), standing: Standing::InForce, note: "" },
    ],
    source: "Council of the EU, EU Best Practices for the effective implementation of restrictive measures, before the \
             update of 3 July 2024; European Commission, FAQ on asset freezes, question 8",
    caveat: EU_CAVEAT,
};

/// Best practices as updated: possession of 50 % or more of the proprietary rights, or a majority interest; holdings of
/// several listed persons are summed. Announced in recital 28 of Regulation (EU) 2024/1745.
pub const EU_HALF_OR_MORE: Rule = Rule {
    authority: "EU",
    name: "Ownership and control, 50 % or more",
    threshold: HALF,
    inclusive: true,
    aggregates: true,
    counts_control: true,
    effective: &[Period { from: Some(date(2024, 7, 3)), until: None, standing: Standing::InForce, note: "" }],
    source: "Council of the EU, Update of the EU Best Practices for the effective implementation of restrictive \
             measures, 11623/24, 3 July 2024; European Commission, FAQ on asset freezes, question 8",
    caveat: EU_CAVEAT,
};

const EU_CAVEAT: &str = "the best practices are not binding, and whoever is presumed to be owned or controlled may \
                         show that it is not; control is counted only where a record states it";

/// Regulation 7: more than 50 % of shares or voting rights, the right to appoint the board, or control in fact.
/// Schedule 1: shares held through a majority stake are held indirectly; joint arrangements are summed. OFSI does not
/// sum the holdings of several designated persons otherwise (general guidance, 22 March 2022).
pub const UK: Rule = Rule {
    authority: "UK",
    name: "Owned or controlled directly or indirectly",
    threshold: HALF,
    inclusive: false,
    aggregates: false,
    counts_control: true,
    effective: &[Period { from: Some(date(2020, 12, 31)), until: None, standing: Standing::InForce, note: "" }],
    source: "The Russia (Sanctions) (EU Exit) Regulations 2019 (S.I. 2019/855), regulation 7 and schedule 1, and the \
             like regulations of other regimes; OFSI, UK financial sanctions general guidance, chapter 4",
    caveat: "joint arrangements between holders, whose shares would be summed, are in no record of holdings; control \
             is counted only where a record states it",
};

/// Modelled on OFAC's rule. Owners on several of the lists are summed, and the strictest owner's terms apply.
pub const BIS: Rule = Rule {
    authority: "BIS",
    name: "Affiliates Rule",
    threshold: HALF,
    inclusive: true,
    aggregates: true,
    counts_control: false,
    effective: &[
        Period { from: Some(date(2025, 9, 29)), until: Some(date(2025, 11, 9)), standing: Standing::InForce, note: "" },
        Period {
            from: Some(date(2025, 11, 10)),
            until: Some(date(2026, 11, 9)),
            standing: Standing::Suspended,
            note: "suspended from 10 November 2025 until 9 November 2026",
        },
        Period {
            from: Some(date(2026, 11, 10)),
            until: None,
            standing: Standing::NotVerified,
            note: "the suspension was to end on 9 November 2026; whether the rule came back is not verified",
        },
    ],
    source: "BIS, Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities, interim final rule, \
             90 FR 47201, effective 29 September 2025; suspended for one year from 10 November 2025, 90 FR no. 216",
    caveat: "an owner on the lists whose share is not known is a red flag of its own (Red Flag 29)",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_has_one_rule_of_an_authority() {
        assert_eq!(authorities(), ["OFAC", "EU", "UK", "BIS"]);
        let days = [date(2000, 1, 1), date(2022, 3, 19), date(2022, 3, 20), date(2024, 7, 2), date(2024, 7, 3)];
        for day in days.into_iter().chain([date(2025, 11, 10), date(2030, 1, 1)]) {
            for authority in authorities() {
                let holding = RULES.iter().filter(|rule| rule.authority == authority);
                let count = holding.filter(|rule| rule.standing(day).0 != Standing::NotInForce).count();
                assert!(count <= 1, "{authority} on {day}");
                assert_eq!(applicable(authority, day).map(|rule| rule.authority), Some(authority));
            }
        }
        assert_eq!(applicable("EU", date(2024, 7, 2)), Some(&EU_MORE_THAN_HALF));
        assert_eq!(applicable("EU", date(2024, 7, 3)), Some(&EU_HALF_OR_MORE));
        assert_eq!(applicable("UN", date(2024, 7, 3)), None);
    }

    #[test]
    fn the_affiliates_rule_is_suspended_for_a_year() {
        for (day, standing) in [
            (date(2025, 9, 28), Standing::NotInForce),
            (date(2025, 9, 29), Standing::InForce),
            (date(2025, 11, 9), Standing::InForce),
            (date(2025, 11, 10), Standing::Suspended),
            (date(2026, 11, 9), Standing::Suspended),
            (date(2026, 11, 10), Standing::NotVerified),
        ] {
            assert_eq!(BIS.standing(day).0, standing, "{day}");
        }
    }

    #[test]
    fn the_threshold_is_part_of_the_rule() {
        assert!(OFAC.reached(500_000) && !OFAC.reached(499_999));
        assert!(UK.reached(500_001) && !UK.reached(500_000));
        assert_eq!((OFAC.threshold_text().as_str(), UK.threshold_text().as_str()), ("50 % or more", "more than 50 %"));
    }
}
