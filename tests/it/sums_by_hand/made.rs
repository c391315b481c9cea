//! Random small files, and random questions about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::support::comtrade::{Record, made_up_list, record};
use crate::support::random::Random;
use entrepot::proto::entrepot::trade::v1 as pb;

pub const REPORTERS: [(u16, &str); 3] = [(156, "CHN"), (643, "RUS"), (398, "KAZ")];
pub const PARTNERS: [(u16, &str); 4] = [(276, "DEU"), (51, "ARM"), (268, "GEO"), (0, "WLD")];
pub const PERIODS: [&str; 7] = ["2020", "2021", "2022", "202101", "202102", "202201", "202212"];
const MONTHS: [(&str, &str); 3] = [
    ("2020", "202001 202002 202003 202004 202005 202006 202007 202008 202009 202010 202011 202012"),
    ("2021", "202101 202102 202103 202104 202105 202106 202107 202108 202109 202110 202111 202112"),
    ("2022", "202201 202202 202203 202204 202205 202206 202207 202208 202209 202210 202211 202212"),
];
pub const LEAVES: [&str; 5] = ["271110", "271121", "270910", "290110", "290121"];

/// Pairs of HS2022 and HS2017: all codes stay what they are, but for two that change places across headings and two of which
/// one gave a part to the other.
pub static PAIRS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let list = made_up_list("H5");
    let codes = list.lines().filter_map(|line| line.split(',').next()).filter(|code| code.len() == 6);
    let mut pairs: Vec<(String, String)> = codes
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|code| match code {
            "271121" => ("270910".to_owned(), code.to_owned()),
            "270910" => ("271121".to_owned(), code.to_owned()),
            _ => (code.to_owned(), code.to_owned()),
        })
        .collect();
    pairs.push(("290121".to_owned(), "290110".to_owned()));
    pairs
});

/// Codes of HS2017 and HS2022 that hold the same goods, by the older: looked up pair by pair.
pub static SAME: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut same = BTreeMap::new();
    for level in [2, 4, 6] {
        let mut newer: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut older: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (new, old) in PAIRS.iter() {
            newer.entry(&old[..level]).or_default().insert(&new[..level]);
            older.entry(&new[..level]).or_default().insert(&old[..level]);
        }
        for (old, news) in &newer {
            let new = news.first().unwrap();
            if news.len() == 1 && older[new].len() == 1 {
                same.insert(old.to_string(), new.to_string());
            }
        }
    }
    same.insert("TOTAL".into(), "TOTAL".into());
    same
});

/// One fact, with the release that brought it and whether the source converted it.
#[derive(Clone, Debug)]
pub struct Fact {
    pub record: Record,
    pub converted: bool,
    pub release: usize,
}

/// All rows of one report in one edition.
pub fn report(dice: &mut Random, base: &Record, (converted, release): (bool, usize)) -> Vec<Fact> {
    let mut facts = Vec::new();
    let levels = match dice.below(6) {
        0 => vec![0],
        1 => vec![6],
        2 => vec![2, 4, 6],
        3 => vec![0, 2],
        _ => vec![0, 2, 4, 6],
    };
    let leaves = dice.some(&LEAVES, 70);
    let mut partners = dice.some(&PARTNERS[..3], 70);
    if partners.is_empty() || dice.percent(50) {
        partners.push(PARTNERS[3]);
    }
    // In some reports one chapter lacks a level.
    let hole = dice.percent(25).then(|| (dice.pick(&["27", "29"]), dice.pick(&[2_usize, 6])));
    for (partner, _) in partners {
        let mut values: BTreeMap<&'static str, i64> = BTreeMap::new();
        for leaf in &leaves {
            let value = 1 + dice.below(900) as i64;
            for level in [0, 2, 4, 6] {
                let code = if level == 0 { "TOTAL" } else { &leaf[..level] };
                *values.entry(code).or_default() += value;
            }
            // Confidential trade stands in the chapter alone.
            if dice.percent(20) {
                let hidden = 50 + dice.below(500) as i64;
                *values.entry(&leaf[..2]).or_default() += hidden;
                *values.entry("TOTAL").or_default() += hidden;
            }
        }
        for (code, value) in values {
            let level = if code == "TOTAL" { 0 } else { code.len() };
            if !levels.contains(&level) || hole.is_some_and(|hole| level > 0 && hole == (&code[..2], level)) {
                continue;
            }
            let weighed = dice.percent(70);
            let record = Record {
                partner,
                commodity: code,
                value: value.to_string(),
                net_weight: if weighed { "3.5" } else { "0.0" },
                quantity: "",
                ..base.clone()
            };
            if level == 6 && dice.percent(20) {
                let by_mode = Record { mode: 2100, ..record.clone() };
                facts.push(Fact { record: by_mode, converted, release });
            }
            facts.push(Fact { record, converted, release });
        }
    }
    facts
}

pub fn file(dice: &mut Random) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (reporter, _) in REPORTERS {
        for flow in ["X", "M", "RX", "DX"] {
            for period in PERIODS {
                if !dice.percent(if flow.len() == 1 { 55 } else { 25 }) {
                    continue;
                }
                let first = if dice.percent(50) { "H5" } else { "H6" };
                let base = Record { reporter, flow, period, classification: first, ..record(0) };
                let rows = report(dice, &base, (false, 1));
                if dice.percent(15) {
                    // The same report in the other edition: the same chapters, so that neither is but a part.
                    let other = if first == "H5" { "H6" } else { "H5" };
                    let (converted, release) = (dice.percent(50), 1 + dice.below(2) as usize);
                    facts.extend(rows.iter().map(|fact| {
                        let value = (fact.record.value.parse::<i64>().unwrap() + 7).to_string();
                        let record = Record { classification: other, value, ..fact.record.clone() };
                        Fact { record, converted, release }
                    }));
                }
                facts.extend(rows);
            }
        }
    }
    facts
}

/// Reports as BACI's are: yearly, of single partners and detailed codes alone, so that sums of the world may be kept.
pub fn detailed_file(dice: &mut Random) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (reporter, _) in REPORTERS {
        for flow in ["X", "M"] {
            for period in &PERIODS[..3] {
                for (partner, commodity) in
                    PARTNERS[..3].iter().flat_map(|partner| LEAVES.map(|leaf| (partner.0, leaf)))
                {
                    if dice.percent(60) {
                        let value = (1 + dice.below(900)).to_string();
                        let net_weight = if dice.percent(70) { "3.5" } else { "0.0" };
                        let base = Record { reporter, flow, period, classification: "H5", ..record(0) };
                        let record = Record { partner, commodity, value, net_weight, quantity: "", ..base };
                        facts.push(Fact { record, converted: false, release: 1 });
                    }
                }
            }
        }
    }
    facts
}

/// Years reported as such or by their months, with and without gaps: what one may want whole.
pub fn file_of_months(dice: &mut Random) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (reporter, _) in REPORTERS {
        for flow in ["X", "M"] {
            for (year, months) in MONTHS {
                let all: Vec<&'static str> = months.split(' ').collect();
                let periods = match dice.below(8) {
                    0..3 => vec![year],
                    3..5 => all,
                    5 => all[..3 * dice.within(1, 3) as usize].to_vec(),
                    6 => dice.some(&all, 80),
                    _ => Vec::new(),
                };
                for (period, commodity) in
                    periods.into_iter().flat_map(|period| [(period, "271121"), (period, "290110")])
                {
                    for (partner, _) in &PARTNERS[..2] {
                        let value = (1 + dice.below(900)).to_string();
                        let base = Record { reporter, flow, period, classification: "H5", quantity: "", ..record(0) };
                        let record = Record { partner: *partner, commodity, value, net_weight: "3.5", ..base };
                        facts.push(Fact { record, converted: false, release: 1 });
                    }
                }
            }
        }
    }
    facts
}

/// A question that leaves out what is not there throughout, about ranges that cut years and quarters too.
pub fn question_of_whole_periods(dice: &mut Random, dataset: &str) -> Question {
    let any = question(dice, dataset);
    let (from, to) = match dice.below(6) {
        0 => ("2020", "2022"),
        1 => ("2021", "2022"),
        2 => ("2020-03", "2022"),
        3 => ("", "2021-08"),
        _ => (any.from, any.to),
    };
    let flows = if any.flows == ["RX", "DX"] { vec!["X"] } else { any.flows };
    let (balanced, complete_periods_only) = dice.pick(&[(true, false), (false, true), (true, true)]);
    Question { from, to, flows, balanced, complete_periods_only, ..any }
}

/// A question about the first groups over all periods.
pub fn question_of_all_periods(dice: &mut Random, dataset: &str) -> Question {
    let mut any = question(dice, dataset);
    any.group_by.retain(|one| !matches!(one, pb::Dimension::Year | pb::Dimension::Quarter | pb::Dimension::Month));
    let period = dice.pick(&[pb::Dimension::Year, pb::Dimension::Year, pb::Dimension::Month]);
    any.group_by.insert(0, period);
    let top = 1 + dice.below(4) as usize;
    Question { from: "", to: "", top, top_over_all_periods: true, ..any }
}

/// A question about the world, or any.
pub fn question_of_the_world(dice: &mut Random, dataset: &str) -> Question {
    let any = question(dice, dataset);
    if dice.percent(30) {
        return any;
    }
    let group_by = any.group_by.iter().copied();
    let group_by = group_by.filter(|one| !matches!(one, pb::Dimension::Reporter | pb::Dimension::Partner)).collect();
    let (reporters, partners) = (Vec::new(), Vec::new());
    Question { reporters, partners, groups_reporters: false, groups_partners: false, group_by, ..any }
}

/// A question in the words of both implementations.
#[derive(Clone, Debug)]
pub struct Question {
    pub dataset: String,
    pub reporters: Vec<&'static str>,
    pub flows: Vec<&'static str>,
    pub from: &'static str,
    pub to: &'static str,
    pub partners: Vec<&'static str>,
    pub commodities: Vec<&'static str>,
    /// Of year, quarter, month, reporter, partner, commodity, flow.
    pub group_by: Vec<pb::Dimension>,
    pub level: usize,
    /// Germany and Armenia are one partner, China and Kazakhstan one reporter; then all of the others are named beside them.
    pub groups_partners: bool,
    pub groups_reporters: bool,
    /// Groups kept in each period; 0 for all.
    pub top: usize,
    /// The same in all of them.
    pub top_over_all_periods: bool,
    /// Whether the store has a concordance.
    pub joins: bool,
    pub balanced: bool,
    pub complete_periods_only: bool,
}

pub const PARTNER_GROUP: (&str, [&str; 2]) = ("groups/two-partners", ["DEU", "ARM"]);
pub const REPORTER_GROUP: (&str, [&str; 2]) = ("groups/two-reporters", ["CHN", "KAZ"]);

pub fn question(dice: &mut Random, dataset: &str) -> Question {
    let flows = dice.pick(&[&["X"][..], &["M"], &["X", "M"], &["RX", "DX"]]).to_vec();
    let mut group_by = dice
        .some(&[pb::Dimension::Reporter, pb::Dimension::Partner, pb::Dimension::Commodity, pb::Dimension::Flow], 40);
    match dice.below(6) {
        0..3 => group_by.insert(0, pb::Dimension::Year),
        3 => group_by.insert(0, pb::Dimension::Month),
        4 => group_by.insert(0, pb::Dimension::Quarter),
        _ => {}
    }
    let by_partner = group_by.contains(&pb::Dimension::Partner);
    let (groups_partners, groups_reporters) = (dice.percent(15), dice.percent(15));
    let partners = match dice.below(4) {
        _ if groups_partners => vec!["DEU", "ARM", "GEO"],
        0 => vec![dice.pick(&["DEU", "ARM"])],
        1 if !by_partner => vec!["WLD"],
        _ => Vec::new(),
    };
    let (from, to) = dice.pick(&[("", ""), ("2021", "2021"), ("2021", "2022"), ("2021-01", "2021-02"), ("2020", "")]);
    let level = if group_by.contains(&pb::Dimension::Commodity) { dice.pick(&[2, 4, 6]) } else { 0 };
    let commodities = dice.pick(&[&[][..], &[], &["27"], &["2711"], &["271121"], &["27", "29"], &["2709", "290110"]]);
    let names: Vec<&'static str> = REPORTERS.iter().map(|reporter| reporter.1).collect();
    Question {
        dataset: dataset.to_owned(),
        reporters: if groups_reporters { names } else { dice.some(&names, 45) },
        flows,
        from,
        to,
        partners,
        commodities: commodities.to_vec(),
        group_by,
        level,
        groups_partners,
        groups_reporters,
        top: if dice.percent(15) { 1 + dice.below(2) as usize } else { 0 },
        top_over_all_periods: false,
        joins: false,
        balanced: false,
        complete_periods_only: false,
    }
}
