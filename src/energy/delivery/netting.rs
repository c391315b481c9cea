//! Which report of a flow counts, where operators report the same gas more than once.
//!
//! Operators report each what goes into their own system (`entry`) and out of it (`exit`). So the exit of one operator
//! at a point is the entry of the adjacent one, the same gas reported twice; and entries of two adjacent operators at
//! one point are gas in opposite directions, which are never netted. Owners of one pipe each report all of it at a
//! point of their own, and old points go on beside the virtual one that took their place.
//!
//! The rules, the points of one flow and the totals are data, each with its source. Every report stays visible beside
//! the one that counts. Never adds reports up, and never nets an entry against an exit.

use std::cmp::Ordering;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::energy::contract::Confidence;

/// A rule by which one report counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    pub id: &'static str,
    pub words: &'static str,
    pub source: &'static str,
}

/// Every rule that a delivery may name.
pub static RULES: [Rule; 3] = [ONE_REPORT, OWN_CONTRADICTION, TOTAL];

pub const ONE_REPORT: Rule = Rule {
    id: "entsog-one-report",
    words: "Gas that crosses a point counts once. The report of the operator whose system it enters counts before that \
            of the operator whose system it leaves; at points of one flow, the main point's before the others'; then \
            the operator whose code comes first. All reports stand in the note; where they differ by more than 1 %, \
            the confidence is medium.",
    source: "Own rule. That an exit is the adjacent operator's entry: ENTSOG Transparency Platform, \
             operatorPointDirections (directionKey, adjacentOperatorKey), January 2022; in the flows of 2021 both \
             sides agree within 0.03 % over the year (ITP-10008, ITP-00207).",
};

pub const OWN_CONTRADICTION: Rule = Rule {
    id: "entsog-own-contradiction",
    words: "An operator gives two values for one point, direction and day: the larger counts, because a figure that \
            was published before all meters were read lacks gas. The confidence is low.",
    source: "Own rule: the file does not say which was published last, as lastUpdateDateTime of the platform does.",
};

pub const TOTAL: Rule = Rule {
    id: "entsog-total",
    words: "The point adds up others: it is a total that stands beside its parts and is never added to them.",
    source: "ENTSOG Transparency Platform, operatorPointDirections (tpTsoRemarks), January 2022.",
};

/// A point whose reports are of the flow of another one.
#[derive(Clone, Copy, Debug)]
pub struct SameFlow {
    pub point: &'static str,
    pub main: &'static str,
    pub source: &'static str,
}

/// Points of one flow. Each is marked by ENTSOG or reports what the main point reports; the flows of 2021 bear all out.
///
/// Not here: Emden EPT1, where Thyssengas (ITP-00105) reports 0.5 to 1 % more than Gasunie (ITP-00081) on nearly every
/// day with a flow.
/// ENTSOG marks the two as one pipe, and nothing says whether each reports all of it or its half.
pub static SAME_FLOW: [SameFlow; 5] = [
    SameFlow {
        point: "ITP-00491",
        main: "ITP-00247",
        source: "ENTSOG operatorPointDirections, January 2022: Greifswald, pipeInPipeWithTsoKey DE-TSO-0017/ITP-00247; \
                 in 2021 the same as the main point to the kWh on 353 of 365 days",
    },
    SameFlow {
        point: "ITP-00297",
        main: "ITP-00247",
        source: "ENTSOG operatorPointDirections, January 2022: Greifswald, pipeInPipeWithTsoKey DE-TSO-0017/ITP-00247; \
                 in 2021 the same as the main point within 0.5 % on 342 of 365 days",
    },
    SameFlow {
        point: "ITP-00188",
        main: "ITP-00126",
        source: "ENTSOG operatorPointDirections, January 2022: Dornum, pipeInPipeWithTsoKey DE-TSO-0009/ITP-00126; \
                 in 2021 the same as the main point within 0.5 % on 358 of 365 days",
    },
    SameFlow {
        point: "ITP-00525",
        main: "ITP-00126",
        source: "Dornum GASPOOL, the market area's name for Dornum / NETRA of the same operator; in 2021 the same as \
                 the main point to the last digit on 364 of 365 days",
    },
    SameFlow {
        point: "ITP-00089",
        main: "ITP-10008",
        source: "ENTSOG operatorPointDirections, January 2022: isVirtualizedOperationally, remark of GAZ-SYSTEM: see \
                 VIP GCP GAZ-SYSTEM/UA TSO; in 2021 within 0.5 % of the main point's entry on 171 of 172 days",
    },
];

/// Points that add up others, with what they add up.
pub static TOTALS: [(&str, &str); 1] = [("VTP-00043", "the Spanish LNG terminals")];

/// As the operator sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// Into its system.
    Entry,
    /// Out of its system.
    Exit,
}

impl Direction {
    pub fn text(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Exit => "exit",
        }
    }

    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Entry => Self::Exit,
            Self::Exit => Self::Entry,
        }
    }
}

/// What an operator reports of a point and day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reported {
    pub point: String,
    pub operator: String,
    pub direction: Direction,
    /// The operator's system is that of the country that exports over the point.
    pub of_exporter: bool,
    pub day: Date,
    pub value: Decimal,
}

impl Reported {
    /// The point of the flow.
    pub fn main_point(&self) -> &str {
        SAME_FLOW.iter().find(|same| same.point == self.point).map_or(self.point.as_str(), |same| same.main)
    }

    /// The direction as the importing side sees it: an exit of the exporter's own operator is an entry there.
    pub fn flow(&self) -> Direction {
        if self.of_exporter { self.direction.opposite() } else { self.direction }
    }

    /// By flow and day; within them, the report that counts comes first.
    fn order(&self, other: &Self) -> Ordering {
        let flow = |report: &Self| (report.flow(), report.day);
        let rank = |report: &Self| (report.direction, report.main_point() != report.point);
        self.main_point()
            .cmp(other.main_point())
            .then_with(|| flow(self).cmp(&flow(other)))
            .then_with(|| rank(self).cmp(&rank(other)))
            .then_with(|| self.operator.cmp(&other.operator))
            .then_with(|| self.point.cmp(&other.point))
            .then_with(|| other.value.cmp(&self.value))
    }

    fn is_of_same_flow(&self, other: &Self) -> bool {
        self.day == other.day && self.flow() == other.flow() && self.main_point() == other.main_point()
    }

    /// Operator, point and direction, as ENTSOG counts its reports.
    fn is_by_same(&self, other: &Self) -> bool {
        self.direction == other.direction && self.operator == other.operator && self.point == other.point
    }
}

/// A flow of a day, of which one report counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Netted {
    /// At least one; the first counts.
    pub reports: Vec<Reported>,
    /// The rule by which it counts; `None` when it is the only report.
    pub rule: Option<&'static Rule>,
    pub confidence: Confidence,
    /// Reports by other operators, or for other points of the flow, that do not count.
    pub left_out: usize,
    /// Reports that contradict another of the same operator, point and direction.
    pub contradicting: usize,
    /// Rows that repeat another with the same value; they are not among `reports`.
    pub repeating: usize,
}

impl Netted {
    /// The report that counts.
    pub fn counted(&self) -> Option<&Reported> {
        self.reports.first()
    }
}

/// Brings reports together by flow and day. By point, direction and day, whatever the order of the reports.
pub fn net(mut reports: Vec<Reported>) -> Vec<Netted> {
    reports.sort_by(Reported::order);
    let mut netted = Vec::with_capacity(reports.len());
    let mut of_flow: Vec<Reported> = Vec::new();
    for report in reports {
        if of_flow.first().is_some_and(|first| !first.is_of_same_flow(&report)) {
            netted.push(counted(std::mem::take(&mut of_flow)));
        }
        of_flow.push(report);
    }
    if !of_flow.is_empty() {
        netted.push(counted(of_flow));
    }
    netted
}

/// Reports of one flow and day, in their order.
fn counted(mut reports: Vec<Reported>) -> Netted {
    let rows = reports.len();
    reports.dedup();
    let repeating = rows - reports.len();
    let contradicting = reports.windows(2).filter(|pair| pair[0].is_by_same(&pair[1])).count();
    let left_out = reports.len() - 1 - contradicting;
    let contradicts_itself = reports.len() > 1 && reports[0].is_by_same(&reports[1]);
    let first = &reports[0];
    let rule = if contradicts_itself {
        Some(&OWN_CONTRADICTION)
    } else if left_out > 0 || first.main_point() != first.point {
        Some(&ONE_REPORT)
    } else if TOTALS.iter().any(|(point, _)| *point == first.point) {
        Some(&TOTAL)
    } else {
        None
    };
    let confidence = if contradicts_itself {
        Confidence::Low
    } else if agree(&reports) {
        Confidence::High
    } else {
        Confidence::Medium
    };
    Netted { reports, rule, confidence, left_out, contradicting, repeating }
}

/// Within 1 % of the largest.
fn agree(reports: &[Reported]) -> bool {
    let values = || reports.iter().map(|report| report.value);
    let (least, greatest) = (values().min().unwrap_or_default(), values().max().unwrap_or_default());
    greatest - least <= greatest / Decimal::ONE_HUNDRED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::d;
    use Direction::{Entry, Exit};

    /// `operator point direction day value`; the Ukrainian operator is that of the exporter.
    fn reports(text: &str) -> Vec<Reported> {
        let report = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            Reported {
                point: words[1].into(),
                operator: words[0].into(),
                direction: if words[2] == "entry" { Entry } else { Exit },
                of_exporter: words[0].starts_with("UA"),
                day: format!("2021-06-0{}", words[3]).parse().unwrap(),
                value: d(words[4]),
            }
        };
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(report).collect()
    }

    fn shown(netted: &[Netted]) -> Vec<String> {
        let line = |netted: &Netted| {
            let first = netted.counted().unwrap();
            format!(
                "{} {} {} {} by {}, {} of {}, {:?}",
                first.main_point(),
                first.flow().text(),
                first.day.day(),
                first.value,
                first.operator,
                netted.rule.map_or("own", |rule| rule.id),
                netted.reports.len(),
                netted.confidence
            )
        };
        netted.iter().map(line).collect()
    }

    #[test]
    fn an_exit_is_the_entry_of_the_adjacent_operator() {
        let rows = "UA-TSO-0001 ITP-10008 exit 1 116.4386
                    PL-TSO-0002 ITP-10008 entry 1 116.4463
                    UA-TSO-0001 ITP-00089 exit 1 116.4861
                    UA-TSO-0001 ITP-00089 exit 2 118";
        let netted = net(reports(rows));
        assert_eq!(
            shown(&netted),
            [
                "ITP-10008 entry 1 116.4463 by PL-TSO-0002, entsog-one-report of 3, High",
                "ITP-10008 entry 2 118 by UA-TSO-0001, entsog-one-report of 1, High",
            ]
        );
        assert_eq!((netted[0].left_out, netted[0].contradicting, netted[0].repeating), (2, 0, 0));
    }

    #[test]
    fn entries_on_both_sides_are_gas_in_opposite_directions() {
        let netted = net(reports("SK-TSO-0001 ITP-00421 entry 1 0\nUA-TSO-0001 ITP-00421 entry 1 35950340.45"));
        assert_eq!(
            shown(&netted),
            [
                "ITP-00421 entry 1 0 by SK-TSO-0001, own of 1, High",
                "ITP-00421 exit 1 35950340.45 by UA-TSO-0001, own of 1, High",
            ]
        );
    }

    #[test]
    fn owners_of_one_pipe_report_it_once() {
        let rows = "DE-TSO-0005 ITP-00491 entry 1 1000
                    DE-TSO-0018 ITP-00297 entry 1 900
                    DE-TSO-0017 ITP-00247 entry 1 1000
                    DE-TSO-0016 ITP-00251 entry 1 500";
        assert_eq!(
            shown(&net(reports(rows))),
            [
                "ITP-00247 entry 1 1000 by DE-TSO-0017, entsog-one-report of 3, Medium",
                "ITP-00251 entry 1 500 by DE-TSO-0016, own of 1, High",
            ]
        );
    }

    #[test]
    fn repeats_count_once_and_contradictions_are_doubted() {
        let rows = "GR-TSO-0001 LNG-00014 entry 1 92
                    GR-TSO-0001 LNG-00014 entry 1 92.0
                    UK-TSO-0001 ITP-00022 entry 1 343
                    UK-TSO-0001 ITP-00022 entry 1 452
                    ES-TSO-0006 VTP-00043 entry 1 371";
        let netted = net(reports(rows));
        assert_eq!(
            shown(&netted),
            [
                "ITP-00022 entry 1 452 by UK-TSO-0001, entsog-own-contradiction of 2, Low",
                "LNG-00014 entry 1 92 by GR-TSO-0001, own of 1, High",
                "VTP-00043 entry 1 371 by ES-TSO-0006, entsog-total of 1, High",
            ]
        );
        assert_eq!((netted[0].contradicting, netted[1].repeating), (1, 1));
    }

    #[test]
    fn the_order_of_the_reports_does_not_matter() {
        let text = "UA-TSO-0001 ITP-10008 exit 1 1\nPL-TSO-0002 ITP-10008 entry 1 2\nUA-TSO-0001 ITP-10008 exit 1 3\n\
                    PL-TSO-0002 ITP-10008 entry 2 2\nUA-TSO-0001 ITP-10008 entry 1 4";
        let mut turned = reports(text);
        turned.reverse();
        assert_eq!(net(turned), net(reports(text)));
    }

    #[test]
    fn tables_agree_with_one_another() {
        for same in &SAME_FLOW {
            assert!(SAME_FLOW.iter().all(|other| other.point != same.main), "{} is main and not", same.main);
        }
        for rule in &RULES {
            assert_eq!(RULES.iter().filter(|other| other.id == rule.id).count(), 1);
            assert!(!rule.words.contains("  ") && !rule.source.contains("  "), "{}", rule.id);
        }
    }
}
