//! Sums beside a second, slow and plain implementation that knows no strata, rollups or SQL: on random small files and
//! random questions both give the same groups. The seed is fixed, so that a failure comes again.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::comtrade::{Record, comtrade_csv, record};
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
    /// Of year, month, reporter, partner, commodity, flow.
    group_by: Vec<pb::Dimension>,
    level: usize,
}

fn question(dice: &mut Random, dataset: &str) -> Question {
    let flows = dice.pick(&[&["X"][..], &["M"], &["X", "M"], &["RX", "DX"]]).to_vec();
    let mut group_by = dice
        .some(&[pb::Dimension::Reporter, pb::Dimension::Partner, pb::Dimension::Commodity, pb::Dimension::Flow], 40);
    match dice.below(4) {
        0 | 1 => group_by.insert(0, pb::Dimension::Year),
        2 => group_by.insert(0, pb::Dimension::Month),
        _ => {}
    }
    let by_partner = group_by.contains(&pb::Dimension::Partner);
    let partners = match dice.below(4) {
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
        reporters: dice.some(&names, 45),
        flows,
        from,
        to,
        partners,
        commodities: commodities.to_vec(),
        group_by,
        level,
    }
}

/// Value and number of facts by group.
type Groups = BTreeMap<String, (i64, i64)>;

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
    let by_month = question.group_by.contains(&pb::Dimension::Month);
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
    let mut groups = Groups::new();
    for (reporter, flow, period) in reports.keys() {
        // A month stands back behind its year.
        if period.len() == 6 && reports.contains_key(&(*reporter, *flow, &period[..4])) {
            continue;
        }
        let facts = standing_edition(&reports[&(*reporter, *flow, *period)], question);
        add_report(&facts, question, &mut groups);
    }
    groups.retain(|_, (_, rows)| *rows > 0);
    groups
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

fn add_report(facts: &[&Fact], question: &Question, groups: &mut Groups) {
    let present = chapters(facts.iter().copied(), question);
    let totals: Vec<&Fact> = facts.iter().copied().filter(|fact| fact.record.mode == 0).collect();
    // Rows of one level and kind of partner; none unless they reach all chapters of the report.
    let kind = |level: usize, world: bool| -> Option<Vec<&Fact>> {
        let is_of_kind = |fact: &&Fact| level_of(fact.record.commodity) == level && (fact.record.partner == 0) == world;
        let rows: Vec<&Fact> = totals.iter().copied().filter(is_of_kind).collect();
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
    let coarser = |world: bool| -> Vec<(usize, Vec<&Fact>)> {
        let all = [0, 2, 4].into_iter().filter(|level| (longest..question.level).contains(level));
        let mut reaching: Vec<(usize, Vec<&Fact>)> =
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
    let Some((world, rows)) = chosen else {
        return;
    };
    let asked = |fact: &&&Fact| {
        let Record { partner, commodity, .. } = fact.record;
        let is_asked = question.partners.is_empty()
            || question.partners == ["WLD"]
            || question.partners.contains(&name_of(&PARTNERS, partner));
        is_asked && (commodity == "TOTAL" || is_under(commodity, question))
    };
    let value = |fact: &Fact| fact.record.value.parse::<i64>().unwrap();
    // What has been added so far, by partner and code: what is not detailed is the rest.
    let mut added: Vec<(u16, &str, i64)> = Vec::new();
    for fact in rows.iter().filter(asked) {
        add(groups, key(fact, fact.record.commodity, question), value(fact), 1);
        added.push((fact.record.partner, fact.record.commodity, value(fact)));
    }
    for (_, whole) in coarser(world).iter().rev() {
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
                let key = key(facts[0], code, question);
                add(&mut rests, key.clone(), rest, facts.len() as i64);
                added.push((facts[0].record.partner, code, rest));
            }
        }
        for (key, (rest, rows)) in rests {
            add(groups, key, rest, rows);
        }
    }
}

fn add(groups: &mut Groups, key: String, value: i64, rows: i64) {
    let group = groups.entry(key).or_default();
    group.0 += value;
    group.1 += rows;
}

fn key(fact: &Fact, code: &str, question: &Question) -> String {
    let Record { reporter, flow, period, partner, classification, .. } = fact.record;
    let parts = question.group_by.iter().map(|dimension| match dimension {
        pb::Dimension::Year => period[..4].to_owned(),
        pb::Dimension::Month => format!("{}-{}", &period[..4], &period[4..]),
        pb::Dimension::Reporter => name_of(&REPORTERS, reporter).to_owned(),
        pb::Dimension::Partner => name_of(&PARTNERS, partner).to_owned(),
        pb::Dimension::Flow => flow.to_owned(),
        pb::Dimension::Commodity => {
            let edition = if classification == "H5" { "HS2017" } else { "HS2022" };
            let code = if level_of(code) > question.level { &code[..question.level] } else { code };
            format!("{edition}-{code}")
        }
        other => panic!("{other:?} is not asked for"),
    });
    parts.collect::<Vec<_>>().join(" ")
}

fn request(question: &Question) -> pb::SummarizeFlowsRequest {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            dataset: format!("datasets/{}", question.dataset),
            reporters: texts(&question.reporters),
            flows: texts(&question.flows),
            partners: texts(&question.partners),
            commodities: texts(&question.commodities),
            period_from: question.from.into(),
            period_to: question.to.into(),
            ..Default::default()
        }),
        group_by: question.group_by.iter().map(|dimension| i32::from(*dimension)).collect(),
        commodity_level: question.level as i32,
        ..Default::default()
    }
}

/// The groups of an answer; none where it is empty or refused because no report has the rows.
async fn answered(served: &Served, question: &Question) -> (Groups, Option<i64>) {
    let answer = match served.trade().summarize_flows(request(question)).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if status.code() == tonic::Code::FailedPrecondition => return (Groups::new(), None),
        Err(status) => panic!("{question:?}: {status}"),
    };
    let value = |row: &pb::SummaryRow| row.value_usd.as_ref().map_or(0, |value| value.value.parse().unwrap());
    let mut groups = Groups::new();
    for row in &answer.rows {
        let parts = question.group_by.iter().map(|dimension| match dimension {
            pb::Dimension::Year | pb::Dimension::Month => row.period().to_owned(),
            pb::Dimension::Reporter => row.reporter().to_owned(),
            pb::Dimension::Partner => row.partner().to_owned(),
            pb::Dimension::Flow => row.flow().to_owned(),
            _ => format!("{}-{}", row.classification(), row.commodity()),
        });
        add(&mut groups, parts.collect::<Vec<_>>().join(" "), value(row), row.row_count);
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

on_each_backend!(sums_are_those_of_the_plain_implementation);
async fn sums_are_those_of_the_plain_implementation(fixture: Fixture) {
    let mut dice = Random(SEED);
    fixture.load_lists().await;
    let files: Vec<(String, Vec<Fact>)> =
        (1..=FILES).map(|number| (format!("case-{number}"), file(&mut dice))).collect();
    for (dataset, facts) in &files {
        import(&fixture, dataset, facts).await;
    }
    let served = fixture.serve().await;
    let mut answers = 0;
    for (dataset, facts) in &files {
        for _ in 0..QUESTIONS {
            let question = question(&mut dice, dataset);
            let right = by_hand(facts, &question);
            let (found, total) = answered(&served, &question).await;
            assert_eq!(found, right, "seed {SEED}: {question:?}");
            if let Some(total) = total {
                assert_eq!(total, right.values().map(|group| group.0).sum::<i64>(), "seed {SEED}: {question:?}");
            }
            answers += usize::from(!right.is_empty());
        }
    }
    assert!(answers > FILES * QUESTIONS / 3, "most questions must have an answer, not {answers}");
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
                assert_eq!(total, right.map(|cell| cell.0), "{narrow:?}, by code");
            }
        }
    }
}
