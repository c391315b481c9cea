//! Sums beside a second, slow and plain implementation that knows no strata, rollups or SQL: on random small files and
//! random questions both give the same groups, with and without editions to join, and columns in memory and SQL the same answer.
//! The seed is fixed, so that a failure comes again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::summary_streams;
use crate::support::comtrade::{Record, comtrade_csv, correlation_csv, made_up_list, record};
use crate::support::random::Random;
use crate::support::{Fixture, Served, published};
use entrepot::proto::entrepot::trade::v1 as pb;

const SEED: u64 = 20_240_607;
/// Files, each a dataset of its own, and questions about each.
const FILES: usize = 6;
const QUESTIONS: usize = 60;

const REPORTERS: [(u16, &str); 3] = [(156, "CHN"), (643, "RUS"), (398, "KAZ")];
const PARTNERS: [(u16, &str); 4] = [(276, "DEU"), (51, "ARM"), (268, "GEO"), (0, "WLD")];
const PERIODS: [&str; 7] = ["2020", "2021", "2022", "202101", "202102", "202201", "202212"];
const LEAVES: [&str; 5] = ["271110", "271121", "270910", "290110", "290121"];

/// Pairs of HS2022 and HS2017: all codes stay what they are, but for two that change places across headings and two of which
/// one gave a part to the other.
static PAIRS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
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
static SAME: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
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
struct Fact {
    record: Record,
    converted: bool,
    release: usize,
}

/// All rows of one report in one edition.
fn report(dice: &mut Random, base: &Record, (converted, release): (bool, usize)) -> Vec<Fact> {
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

fn file(dice: &mut Random) -> Vec<Fact> {
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
fn detailed_file(dice: &mut Random) -> Vec<Fact> {
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

/// A question about the world, or any.
fn question_of_the_world(dice: &mut Random, dataset: &str) -> Question {
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
struct Question {
    dataset: String,
    reporters: Vec<&'static str>,
    flows: Vec<&'static str>,
    from: &'static str,
    to: &'static str,
    partners: Vec<&'static str>,
    commodities: Vec<&'static str>,
    /// Of year, quarter, month, reporter, partner, commodity, flow.
    group_by: Vec<pb::Dimension>,
    level: usize,
    /// Germany and Armenia are one partner, China and Kazakhstan one reporter; then all of the others are named beside them.
    groups_partners: bool,
    groups_reporters: bool,
    /// Groups kept in each period; 0 for all.
    top: usize,
    /// Whether the store has a concordance.
    joins: bool,
}

const PARTNER_GROUP: (&str, [&str; 2]) = ("groups/two-partners", ["DEU", "ARM"]);
const REPORTER_GROUP: (&str, [&str; 2]) = ("groups/two-reporters", ["CHN", "KAZ"]);

fn question(dice: &mut Random, dataset: &str) -> Question {
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
        joins: false,
    }
}

/// What a group adds up: value, facts, tenths of kilograms of the detailed codes and the facts that have them; and the reports
/// that it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Group {
    value: i64,
    rows: i64,
    weight: i64,
    weighed: i64,
    reports: i64,
}

type Groups = BTreeMap<String, Group>;

fn months(period: &str) -> (i32, i32) {
    let year: i32 = period[..4].parse().unwrap();
    match period[4..].trim_start_matches('-').parse::<i32>() {
        Ok(month) => (year * 12 + month, year * 12 + month),
        Err(_) => (year * 12 + 1, year * 12 + 12),
    }
}

fn level_of(code: &str) -> usize {
    if code == "TOTAL" { 0 } else { code.len() }
}

fn name_of(of: &[(u16, &'static str)], number: u16) -> &'static str {
    of.iter().find(|area| area.0 == number).unwrap().1
}

/// The plain implementation: walks the facts report by report.
fn by_hand(facts: &[Fact], question: &Question) -> Groups {
    let is_shorter = |dimension: &pb::Dimension| matches!(dimension, pb::Dimension::Month | pb::Dimension::Quarter);
    let by_month = question.group_by.iter().any(is_shorter);
    let in_range = |period: &str| {
        let (first, last) = months(period);
        (question.from.is_empty() || first >= months(question.from).0)
            && (question.to.is_empty() || last <= months(question.to).1)
            && (!by_month || period.len() == 6)
    };
    let mut reports: BTreeMap<(u16, &str, &str), Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        let Record { reporter, flow, period, .. } = fact.record;
        let is_asked = question.reporters.is_empty() || question.reporters.contains(&name_of(&REPORTERS, reporter));
        if is_asked && question.flows.contains(&flow) && in_range(period) {
            reports.entry((reporter, flow, period)).or_default().push(fact);
        }
    }
    let mut standing: Vec<Vec<&Fact>> = Vec::new();
    for (reporter, flow, period) in reports.keys() {
        // A month stands back behind its year.
        if period.len() == 6 && reports.contains_key(&(*reporter, *flow, &period[..4])) {
            continue;
        }
        standing.push(standing_edition(&reports[&(*reporter, *flow, *period)], question));
    }
    standing.retain(|facts| rows_of(facts, question).is_some());
    let mut groups = Groups::new();
    let mut used: Vec<(&Record, bool)> = Vec::new();
    for facts in &standing {
        let Record { reporter, flow, period, .. } = &facts[0].record;
        let same_group = |other: &&Vec<&Fact>| {
            let other = &other[0].record;
            (other.reporter, other.flow) == (*reporter, *flow)
                && period_group(other.period, question) == period_group(period, question)
        };
        let longest = question.commodities.iter().map(|code| level_of(code)).max().unwrap_or(0);
        let is_bounded = !question.reporters.is_empty()
            || question.group_by.contains(&pb::Dimension::Reporter)
            || !period_group(period, question).is_empty();
        let changes = question.joins
            && is_bounded
            && question.group_by.contains(&pb::Dimension::Commodity)
            && longest <= question.level
            && standing
                .iter()
                .filter(same_group)
                .map(|other| other[0].record.classification)
                .collect::<BTreeSet<_>>()
                .len()
                > 1;
        add_report(facts, question, changes, &mut groups);
        used.push((&facts[0].record, changes));
    }
    groups.retain(|_, group| group.rows > 0);
    for (name, group) in &mut groups {
        group.reports =
            used.iter().filter(|(report, changes)| may_hold(report, *changes, name, question)).count() as i64;
    }
    groups
}

fn period_group(period: &str, question: &Question) -> String {
    let quarter = || format!("{}-Q{}", &period[..4], (period[4..].parse::<i32>().unwrap() + 2) / 3);
    match question.group_by.first() {
        Some(pb::Dimension::Year) => period[..4].to_owned(),
        Some(pb::Dimension::Quarter) => quarter(),
        Some(pb::Dimension::Month) => format!("{}-{}", &period[..4], &period[4..]),
        _ => String::new(),
    }
}

/// Whether a report may have rows of a group.
fn may_hold(report: &Record, changes: bool, name: &str, question: &Question) -> bool {
    question.group_by.iter().zip(name.split(' ')).all(|(dimension, part)| match dimension {
        pb::Dimension::Year | pb::Dimension::Quarter | pb::Dimension::Month => {
            period_group(report.period, question) == part
        }
        pb::Dimension::Reporter => reporter_name(report.reporter, question) == part,
        pb::Dimension::Flow => report.flow == part,
        pb::Dimension::Commodity => {
            let (edition, code) = part.split_once('-').unwrap();
            match (edition, report.classification) {
                ("HS2022", "H5") => changes && SAME.values().any(|new| new == code),
                ("HS2017", "H5") => !(changes && SAME.contains_key(code)),
                (edition, classification) => (edition == "HS2022") == (classification == "H6"),
            }
        }
        _ => true,
    })
}

fn reporter_name(reporter: u16, question: &Question) -> &'static str {
    let name = name_of(&REPORTERS, reporter);
    if question.groups_reporters && REPORTER_GROUP.1.contains(&name) { REPORTER_GROUP.0 } else { name }
}

fn partner_name(partner: u16, question: &Question) -> &'static str {
    let name = name_of(&PARTNERS, partner);
    if question.groups_partners && PARTNER_GROUP.1.contains(&name) { PARTNER_GROUP.0 } else { name }
}

/// Whether a code or, where the reporter changes its edition, its counterpart was asked for.
fn is_meant(fact: &Fact, question: &Question, changes: bool) -> bool {
    let code = fact.record.commodity;
    if code == "TOTAL" || is_under(code, question) {
        return true;
    }
    let shown = &code[..level_of(code).min(question.level)];
    let counterpart = match fact.record.classification {
        "H5" => SAME.get(shown).map(String::as_str),
        _ => SAME.iter().find(|(_, new)| *new == shown).map(|(old, _)| old.as_str()),
    };
    changes && counterpart.is_some_and(|code| is_under(code, question))
}

fn is_under(code: &str, question: &Question) -> bool {
    question.commodities.is_empty() || question.commodities.iter().any(|asked| code.starts_with(asked))
}

/// Chapters of facts, among those asked for.
fn chapters<'a>(facts: impl Iterator<Item = &'a Fact>, question: &Question) -> BTreeSet<&'static str> {
    facts
        .map(|fact| fact.record.commodity)
        .filter(|code| *code != "TOTAL")
        .map(|code| &code[..2])
        .filter(|chapter| {
            question.commodities.is_empty() || question.commodities.iter().any(|asked| asked.starts_with(chapter))
        })
        .collect()
}

fn standing_edition<'a>(facts: &[&'a Fact], question: &Question) -> Vec<&'a Fact> {
    let of = |edition: &str| -> Vec<&'a Fact> {
        facts.iter().copied().filter(|fact| fact.record.classification == edition).collect()
    };
    let claim = |edition: &&&str| {
        let rows = of(edition);
        let asked = if question.commodities.is_empty() { 0 } else { chapters(rows.iter().copied(), question).len() };
        let is_original = rows.iter().any(|fact| !fact.converted);
        (asked, is_original, rows.iter().map(|fact| fact.release).max(), rows.len(), edition.to_string())
    };
    of(["H5", "H6"].iter().filter(|edition| !of(edition).is_empty()).max_by_key(claim).unwrap())
}

/// Level and partners of the rows that are added, and the coarser rows that these are held to.
type Rows<'a> = (Vec<&'a Fact>, Vec<(usize, Vec<&'a Fact>)>);

/// The rows of a report to add; none where no kind of row will do.
fn rows_of<'a>(facts: &[&'a Fact], question: &Question) -> Option<Rows<'a>> {
    let present = chapters(facts.iter().copied(), question);
    let totals: Vec<&'a Fact> = facts.iter().copied().filter(|fact| fact.record.mode == 0).collect();
    // Rows of one level and kind of partner; none unless they reach all chapters of the report.
    let kind = |level: usize, world: bool| -> Option<Vec<&'a Fact>> {
        let is_of_kind = |fact: &&Fact| level_of(fact.record.commodity) == level && (fact.record.partner == 0) == world;
        let rows: Vec<&'a Fact> = totals.iter().copied().filter(is_of_kind).collect();
        let is_whole = !rows.is_empty() && (level == 0 || chapters(rows.iter().copied(), question) == present);
        is_whole.then_some(rows)
    };
    let world_will_do = !question.group_by.contains(&pb::Dimension::Partner)
        && (question.partners.is_empty() || question.partners == ["WLD"]);
    let kinds: &[bool] = if world_will_do { &[true, false] } else { &[false] };
    let longest = question.commodities.iter().map(|code| code.len()).max().unwrap_or(0);
    let mut chosen = None;
    for level in longest.max(question.level)..=6 {
        for world in kinds {
            if chosen.is_none() {
                chosen = kind(level, *world).map(|rows| (*world, rows));
            }
        }
    }
    let coarser = |world: bool| -> Vec<(usize, Vec<&'a Fact>)> {
        let all = [0, 2, 4].into_iter().filter(|level| (longest..question.level).contains(level));
        let mut reaching: Vec<(usize, Vec<&'a Fact>)> =
            all.filter_map(|level| Some((level, kind(level, world)?))).collect();
        let keep = if reaching.first().is_some_and(|first| first.0 == 0) { 2 } else { 1 };
        reaching.truncate(keep);
        reaching
    };
    let chosen = chosen.or_else(|| {
        let world = kinds.iter().copied().find(|world| !coarser(*world).is_empty())?;
        let is_fine = |fact: &&Fact| {
            level_of(fact.record.commodity) == longest.max(question.level) && (fact.record.partner == 0) == world
        };
        Some((world, totals.iter().copied().filter(is_fine).collect()))
    });
    let (world, rows) = chosen?;
    Some((rows, coarser(world)))
}

fn add_report(facts: &[&Fact], question: &Question, changes: bool, groups: &mut Groups) {
    let Some((rows, coarser)) = rows_of(facts, question) else {
        return;
    };
    let of_partner = |fact: &&&Fact| {
        question.partners.is_empty()
            || question.partners == ["WLD"]
            || question.partners.contains(&name_of(&PARTNERS, fact.record.partner))
    };
    let asked = |fact: &&&Fact| {
        of_partner(fact) && (fact.record.commodity == "TOTAL" || is_under(fact.record.commodity, question))
    };
    let value = |fact: &Fact| fact.record.value.parse::<i64>().unwrap();
    // What has been added so far, by partner and code: what is not detailed is the rest.
    let mut added: Vec<(u16, &str, i64)> = Vec::new();
    for fact in rows.iter().filter(of_partner).filter(|fact| is_meant(fact, question, changes)) {
        let weighed = i64::from(fact.record.net_weight == "3.5");
        let one = Group { value: value(fact), rows: 1, weight: 35 * weighed, weighed, reports: 0 };
        add(groups, key(fact, fact.record.commodity, question, changes), one);
        added.push((fact.record.partner, fact.record.commodity, value(fact)));
    }
    for (_, whole) in coarser.iter().rev() {
        // Over all partners together, unless grouped by partner.
        let mut rests: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        let mut shown: BTreeMap<(Option<u16>, &str), Vec<&Fact>> = BTreeMap::new();
        for fact in whole.iter().filter(asked) {
            let partner = question.group_by.contains(&pb::Dimension::Partner).then_some(fact.record.partner);
            shown.entry((partner, fact.record.commodity)).or_default().push(fact);
        }
        for ((partner, code), facts) in shown {
            let below: Vec<&(u16, &str, i64)> = added
                .iter()
                .filter(|part| partner.is_none_or(|partner| partner == part.0))
                .filter(|part| code == "TOTAL" || part.1.starts_with(code))
                .collect();
            let sum: i64 = facts.iter().map(|fact| value(fact)).sum();
            let rest = sum - below.iter().map(|part| part.2).sum::<i64>();
            if rest > 0 {
                let key = key(facts[0], code, question, changes);
                let own = rests.entry(key).or_default();
                own.0 += rest;
                own.1 += facts.len() as i64;
                added.push((facts[0].record.partner, code, rest));
            }
        }
        for (key, (rest, rows)) in rests {
            add(groups, key, Group { value: rest, rows, ..Group::default() });
        }
    }
}

fn add(groups: &mut Groups, key: String, more: Group) {
    let group = groups.entry(key).or_default();
    group.value += more.value;
    group.rows += more.rows;
    group.weight += more.weight;
    group.weighed += more.weighed;
    group.reports += more.reports;
}

fn key(fact: &Fact, code: &str, question: &Question, changes: bool) -> String {
    let Record { reporter, flow, period, partner, classification, .. } = fact.record;
    let parts = question.group_by.iter().map(|dimension| match dimension {
        pb::Dimension::Year | pb::Dimension::Quarter | pb::Dimension::Month => period_group(period, question),
        pb::Dimension::Reporter => reporter_name(reporter, question).to_owned(),
        pb::Dimension::Partner => partner_name(partner, question).to_owned(),
        pb::Dimension::Flow => flow.to_owned(),
        pb::Dimension::Commodity => {
            let code = if level_of(code) > question.level { &code[..question.level] } else { code };
            match (classification, SAME.get(code)) {
                ("H5", Some(newer)) if changes => format!("HS2022-{newer}"),
                ("H5", _) => format!("HS2017-{code}"),
                _ => format!("HS2022-{code}"),
            }
        }
        other => panic!("{other:?} is not asked for"),
    });
    parts.collect::<Vec<_>>().join(" ")
}

fn request(question: &Question) -> pb::SummarizeFlowsRequest {
    let texts = |texts: &[&str]| -> Vec<String> { texts.iter().map(ToString::to_string).collect() };
    let grouped = |is_grouped: bool, names: &[&str], (group, members): (&str, [&str; 2])| {
        let others: Vec<&str> = names.iter().copied().filter(|name| !members.contains(name)).collect();
        if is_grouped { texts(&[&[group][..], &others].concat()) } else { texts(names) }
    };
    let group = |(name, members): (&str, [&str; 2])| pb::CountryGroup { name: name.into(), members: texts(&members) };
    pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            datasets: vec![format!("datasets/{}", question.dataset)],
            reporters: grouped(question.groups_reporters, &question.reporters, REPORTER_GROUP),
            flows: texts(&question.flows),
            partners: grouped(question.groups_partners, &question.partners, PARTNER_GROUP),
            commodities: texts(&question.commodities),
            start_period: question.from.into(),
            end_period: question.to.into(),
            ..Default::default()
        }),
        group_by: question.group_by.iter().map(|dimension| i32::from(*dimension)).collect(),
        commodity_level: question.level as i32,
        groups: vec![group(PARTNER_GROUP), group(REPORTER_GROUP)],
        top: question.top as i32,
        ..Default::default()
    }
}

/// An answer; none where it is refused because no report has the rows.
async fn ask(served: &Served, question: &Question) -> Option<pb::SummarizeFlowsResponse> {
    match served.trade().summarize_flows(request(question)).await {
        Ok(answer) => Some(answer.into_inner()),
        Err(status) if status.code() == tonic::Code::FailedPrecondition => None,
        Err(status) => panic!("{question:?}: {status}"),
    }
}

/// The groups of an answer and the total; none where it is empty or refused.
async fn answered(served: &Served, question: &Question) -> (Groups, Option<i64>) {
    ask(served, question).await.map_or_else(Default::default, |answer| groups_of(&answer, question))
}

fn groups_of(answer: &pb::SummarizeFlowsResponse, question: &Question) -> (Groups, Option<i64>) {
    let value = |row: &pb::SummaryRow| row.value.as_ref().map_or(0, |value| value.value.parse().unwrap());
    let mut groups = Groups::new();
    for row in &answer.rows {
        let parts = question.group_by.iter().map(|dimension| match dimension {
            pb::Dimension::Year | pb::Dimension::Quarter | pb::Dimension::Month => row.period().to_owned(),
            pb::Dimension::Reporter => row.reporter().to_owned(),
            pb::Dimension::Partner => row.partner().to_owned(),
            pb::Dimension::Flow => row.flow().to_owned(),
            _ => format!("{}-{}", row.classification(), row.commodity()),
        });
        let weight = row.net_weight_kg.as_ref().filter(|_| !row.not_detailed);
        let tenths = |weight: &entrepot::proto::entrepot::r#type::v1::Decimal| {
            let (whole, tenth) = weight.value.split_once('.').unwrap_or((&weight.value, "0"));
            whole.parse::<i64>().unwrap() * 10 + tenth.parse::<i64>().unwrap()
        };
        let group = Group {
            value: value(row),
            rows: row.row_count,
            weight: weight.map_or(0, tenths),
            weighed: if row.not_detailed { 0 } else { row.net_weight_row_count },
            reports: i64::from(row.periods_reported),
        };
        let name = if row.rest { format!("{} rest", row.period()) } else { parts.collect::<Vec<_>>().join(" ") };
        let before = groups.insert(name, group);
        assert_eq!(before, None, "{question:?}: one group twice");
    }
    (groups, answer.total.as_ref().map(value))
}

/// Imports the facts as a dataset, in one release or two.
async fn import(fixture: &Fixture, dataset: &str, facts: &[Fact]) {
    for release in [1, 2] {
        let of_release = |converted: bool| -> Vec<Record> {
            let facts = facts.iter().filter(|fact| fact.release == release && fact.converted == converted);
            facts.map(|fact| fact.record.clone()).collect()
        };
        let (original, converted) = (comtrade_csv(&of_release(false)), comtrade_csv(&of_release(true)));
        let converted = converted.replace(",HS,true,", ",HS,false,");
        let both = original + converted.split_once('\n').unwrap().1;
        if both.lines().count() == 1 {
            continue;
        }
        let path = fixture.write("facts.csv", both);
        let mut options = published(vec![path], &format!("2024-01-0{release}"));
        options.dataset = Some(dataset.to_owned());
        fixture.import("comtrade", options).await.unwrap();
    }
}

/// The largest values of each period, and the sum of the others.
fn top_of(groups: &Groups, question: &Question) -> BTreeMap<String, (Vec<i64>, i64)> {
    let has_period =
        matches!(question.group_by.first(), Some(pb::Dimension::Year | pb::Dimension::Quarter | pb::Dimension::Month));
    let mut periods: BTreeMap<String, (Vec<i64>, i64)> = BTreeMap::new();
    for (name, group) in groups {
        let period = if has_period { name.split(' ').next().unwrap() } else { "" };
        let values = periods.entry(period.to_owned()).or_default();
        if name.ends_with(" rest") { values.1 += group.value } else { values.0.push(group.value) }
    }
    for (values, rest) in periods.values_mut() {
        values.sort_unstable_by(|left, right| right.cmp(left));
        *rest += values.iter().skip(question.top).sum::<i64>();
        values.truncate(question.top);
    }
    periods
}

/// What a file holds, and what is asked of it.
type Kind = (fn(&mut Random) -> Vec<Fact>, fn(&mut Random, &str) -> Question);

async fn compare(fixture: Fixture, seed: u64, joins: bool, (file, question): Kind) {
    let mut dice = Random(seed);
    fixture.load_lists().await;
    if joins {
        let pairs: Vec<(&str, &str)> = PAIRS.iter().map(|(newer, older)| (newer.as_str(), older.as_str())).collect();
        let path = fixture.write("correlations.csv", correlation_csv(&pairs));
        fixture.import("concordance", published(vec![path], "2022-06-02")).await.unwrap();
    }
    let files: Vec<(String, Vec<Fact>)> =
        (1..=FILES).map(|number| (format!("case-{number}"), file(&mut dice))).collect();
    for (dataset, facts) in &files {
        import(&fixture, dataset, facts).await;
    }
    let (served, by_sql) = (fixture.serve().await, fixture.serve_with(&[("trade.cube_memory_mib", "0")]).await);
    for (dataset, _) in &files {
        served.wait_for_cube(dataset).await;
    }
    let (mut answers, mut joined) = (0, 0);
    for (dataset, facts) in &files {
        for _ in 0..QUESTIONS {
            let question = Question { joins, ..question(&mut dice, dataset) };
            let right = by_hand(facts, &question);
            let answer = ask(&served, &question).await;
            assert_eq!(answer, ask(&by_sql, &question).await, "seed {seed}: memory and store, {question:?}");
            if let Some(answer) = &answer {
                summary_streams::is_the_same(&served, &request(&question), answer).await;
            }
            let (found, total) = answer.map_or_else(Default::default, |answer| groups_of(&answer, &question));
            if question.top > 0 {
                assert_eq!(top_of(&found, &question), top_of(&right, &question), "seed {seed}: {question:?}");
            } else {
                assert_eq!(found, right, "seed {seed}: {question:?}");
            }
            if let Some(total) = total {
                assert_eq!(total, right.values().map(|group| group.value).sum::<i64>(), "seed {seed}: {question:?}");
            }
            answers += usize::from(!right.is_empty());
            joined += usize::from(right != by_hand(facts, &Question { joins: false, ..question.clone() }));
        }
    }
    assert!(answers > FILES * QUESTIONS / 3, "most questions must have an answer, not {answers}");
    assert!(!joins || joined > FILES * QUESTIONS / 20, "some questions must join editions, not {joined}");
}

on_each_backend!(sums_are_those_of_the_plain_implementation);
async fn sums_are_those_of_the_plain_implementation(fixture: Fixture) {
    compare(fixture, SEED, false, (file, question)).await;
}

on_each_backend!(sums_of_the_world_are_those_of_the_plain_implementation);
async fn sums_of_the_world_are_those_of_the_plain_implementation(fixture: Fixture) {
    compare(fixture, SEED + 3, false, (detailed_file, question_of_the_world)).await;
}

on_each_backend!(joined_sums_are_those_of_the_plain_implementation);
async fn joined_sums_are_those_of_the_plain_implementation(fixture: Fixture) {
    compare(fixture, SEED + 2, true, (file, question)).await;
}

on_each_backend!(a_cell_has_the_same_value_whatever_is_asked_beside_it);
async fn a_cell_has_the_same_value_whatever_is_asked_beside_it(fixture: Fixture) {
    let mut dice = Random(SEED + 1);
    let facts = file(&mut dice);
    fixture.load_lists().await;
    import(&fixture, "cells", &facts).await;
    let served = fixture.serve().await;
    for commodities in [&[][..], &["27"], &["271121"]] {
        for flow in ["X", "M"] {
            let wide = Question {
                dataset: "cells".into(),
                reporters: Vec::new(),
                flows: vec![flow],
                from: "",
                to: "",
                partners: Vec::new(),
                commodities: commodities.to_vec(),
                group_by: vec![pb::Dimension::Reporter, pb::Dimension::Year],
                level: 0,
                groups_partners: false,
                groups_reporters: false,
                top: 0,
                joins: false,
            };
            let (cells, _) = answered(&served, &wide).await;
            for (reporter, year) in
                REPORTERS.iter().flat_map(|area| ["2020", "2021", "2022"].map(|year| (area.1, year)))
            {
                let narrow = Question { reporters: vec![reporter], from: year, to: year, ..wide.clone() };
                let right = cells.get(&format!("{reporter} {year}"));
                let (alone, _) = answered(&served, &narrow).await;
                assert_eq!(alone.values().next(), right, "{narrow:?}");
                let ungrouped = Question { group_by: Vec::new(), ..narrow.clone() };
                let (ungrouped, _) = answered(&served, &ungrouped).await;
                assert_eq!(ungrouped.values().next(), right, "{narrow:?}, not grouped");
                // By detailed codes the total is the same where codes reach it.
                let detailed = Question { group_by: vec![pb::Dimension::Commodity], level: 6, ..narrow.clone() };
                let (_, total) = answered(&served, &detailed).await;
                assert_eq!(total, right.map(|cell| cell.value), "{narrow:?}, by code");
            }
        }
    }
}
