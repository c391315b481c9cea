//! Sums beside a second, slow and plain implementation that knows no strata, rollups or SQL: on random small files and
//! random questions both give the same groups, with and without editions to join, and columns in memory and SQL the same answer.
//! The seed is fixed, so that a failure comes again.

mod made;
mod plain;

use std::collections::BTreeMap;

use self::made::{
    Fact, PAIRS, PARTNER_GROUP, Question, REPORTER_GROUP, REPORTERS, detailed_file, file, file_of_months, question,
    question_of_all_periods, question_of_the_world, question_of_whole_periods,
};
use self::plain::{Group, Groups, by_hand};
use crate::summary_streams;
use crate::support::comtrade::{Record, comtrade_csv, correlation_csv};
use crate::support::random::Random;
use crate::support::{Fixture, Served, published};
use entrepot::proto::entrepot::trade::v1 as pb;

const SEED: u64 = 20_240_607;
/// Files, each a dataset of its own, and questions about each.
const FILES: usize = 6;
const QUESTIONS: usize = 60;

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
            balanced: question.balanced,
            complete_periods_only: question.complete_periods_only,
            ..Default::default()
        }),
        group_by: question.group_by.iter().map(|dimension| i32::from(*dimension)).collect(),
        commodity_level: question.level as i32,
        groups: vec![group(PARTNER_GROUP), group(REPORTER_GROUP)],
        top: question.top as i32,
        top_over_all_periods: question.top_over_all_periods,
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

/// Values and facts of the largest groups over all periods, and of the others of each period; none where a tie leaves open which
/// these are.
fn top_over_all_periods_of(groups: &Groups, question: &Question) -> Option<BTreeMap<String, (i64, i64)>> {
    let parts = |name: &str| {
        let (period, group) = name.split_once(' ').unwrap_or((name, ""));
        (period.to_owned(), group.to_owned())
    };
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (name, group) in groups {
        *sums.entry(parts(name).1).or_default() += group.value;
    }
    let mut ranked: Vec<(i64, String)> = sums.into_iter().map(|(group, sum)| (sum, group)).collect();
    ranked.sort();
    ranked.reverse();
    if ranked.get(question.top).is_some_and(|next| next.0 == ranked[question.top - 1].0) {
        return None;
    }
    ranked.truncate(question.top);
    let mut kept: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (name, group) in groups {
        let (period, of) = parts(name);
        let is_kept = ranked.iter().any(|(_, kept)| *kept == of);
        let row = kept.entry(if is_kept { name.clone() } else { format!("{period} rest") }).or_default();
        *row = (row.0 + group.value, row.1 + group.rows);
    }
    Some(kept)
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
    let (mut answers, mut joined, mut narrowed, mut of_all_periods, mut fixed) = (0, 0, 0, 0, 0);
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
            if question.top_over_all_periods {
                of_all_periods += 1;
                if let Some(kept) = top_over_all_periods_of(&right, &question) {
                    let found: BTreeMap<String, (i64, i64)> =
                        found.into_iter().map(|(name, group)| (name, (group.value, group.rows))).collect();
                    assert_eq!(found, kept, "seed {seed}: {question:?}");
                    fixed += usize::from(right.len() > kept.len());
                }
            } else if question.top > 0 {
                assert_eq!(top_of(&found, &question), top_of(&right, &question), "seed {seed}: {question:?}");
            } else {
                assert_eq!(found, right, "seed {seed}: {question:?}");
            }
            if let Some(total) = total {
                assert_eq!(total, right.values().map(|group| group.value).sum::<i64>(), "seed {seed}: {question:?}");
            }
            answers += usize::from(!right.is_empty());
            let all = Question { balanced: false, complete_periods_only: false, ..question.clone() };
            narrowed += usize::from(!right.is_empty() && right != by_hand(facts, &all));
            joined += usize::from(right != by_hand(facts, &Question { joins: false, ..question.clone() }));
        }
    }
    let narrows = narrowed > 0;
    assert!(
        answers > FILES * QUESTIONS / if narrows { 4 } else { 3 },
        "most questions must have an answer, not {answers}"
    );
    assert!(of_all_periods == 0 || fixed > of_all_periods / 20, "some answers must leave groups out, not {fixed}");
    assert!(!narrows || narrowed > FILES * QUESTIONS / 20, "some answers must leave out reports, not {narrowed}");
    assert!(
        !joins || joined > FILES * QUESTIONS / if narrows { 60 } else { 20 },
        "some questions must join editions, not {joined}"
    );
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

on_each_backend!(sums_of_whole_periods_are_those_of_the_plain_implementation);
async fn sums_of_whole_periods_are_those_of_the_plain_implementation(fixture: Fixture) {
    compare(fixture, SEED + 4, false, (file_of_months, question_of_whole_periods)).await;
}

on_each_backend!(sums_of_whole_periods_and_joined_editions_are_those_of_the_plain_implementation);
async fn sums_of_whole_periods_and_joined_editions_are_those_of_the_plain_implementation(fixture: Fixture) {
    compare(fixture, SEED + 5, true, (file, question_of_whole_periods)).await;
}

on_each_backend!(tops_over_all_periods_are_those_of_the_plain_implementation);
async fn tops_over_all_periods_are_those_of_the_plain_implementation(fixture: Fixture) {
    compare(fixture, SEED + 6, false, (file, question_of_all_periods)).await;
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
                top_over_all_periods: false,
                joins: false,
                balanced: false,
                complete_periods_only: false,
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
