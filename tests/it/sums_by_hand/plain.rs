//! The plain implementation: walks the facts report by report.

use std::collections::{BTreeMap, BTreeSet};

use super::made::{Fact, PARTNER_GROUP, PARTNERS, Question, REPORTER_GROUP, REPORTERS, SAME};
use crate::support::comtrade::Record;
use entrepot::proto::entrepot::trade::v1 as pb;

/// What a group adds up: value, facts, tenths of kilograms of the detailed codes and the facts that have them; and the reports
/// that it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Group {
    pub value: i64,
    pub rows: i64,
    pub weight: i64,
    pub weighed: i64,
    pub reports: i64,
}

pub type Groups = BTreeMap<String, Group>;

pub fn months(period: &str) -> (i32, i32) {
    let year: i32 = period[..4].parse().unwrap();
    match period[4..].trim_start_matches('-').parse::<i32>() {
        Ok(month) => (year * 12 + month, year * 12 + month),
        Err(_) => (year * 12 + 1, year * 12 + 12),
    }
}

pub fn level_of(code: &str) -> usize {
    if code == "TOTAL" { 0 } else { code.len() }
}

pub fn name_of(of: &[(u16, &'static str)], number: u16) -> &'static str {
    of.iter().find(|area| area.0 == number).unwrap().1
}

/// The plain implementation: walks the facts report by report.
pub fn by_hand(facts: &[Fact], question: &Question) -> Groups {
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
    leave_out_what_is_not_whole(&mut standing, question);
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

/// Looks at each month by itself.
fn leave_out_what_is_not_whole(standing: &mut Vec<Vec<&Fact>>, question: &Question) {
    let series = |facts: &Vec<&Fact>| (facts[0].record.reporter, facts[0].record.flow);
    let month_by_month = |standing: &Vec<Vec<&Fact>>| -> BTreeSet<(u16, &str, i32)> {
        let each = standing.iter().flat_map(|facts| {
            let (first, last) = months(facts[0].record.period);
            (first..=last).map(|month| (series(facts).0, facts[0].record.flow, month - 1)).collect::<Vec<_>>()
        });
        each.collect()
    };
    let grouped = match question.group_by.first() {
        Some(pb::Dimension::Month) => 1,
        Some(pb::Dimension::Quarter) => 3,
        _ => 12,
    };
    if question.complete_periods_only {
        let told = month_by_month(standing);
        let length = if grouped == 3 { 3 } else { 12 };
        standing.retain(|facts| {
            let (reporter, flow) = series(facts);
            let first = (months(facts[0].record.period).0 - 1) / length * length;
            (first..first + length).all(|month| told.contains(&(reporter, flow, month)))
        });
    }
    if question.balanced {
        let told = month_by_month(standing);
        let first = if question.from.is_empty() {
            told.iter().map(|one| one.2).min()
        } else {
            Some(months(question.from).0 - 1)
        };
        let last =
            if question.to.is_empty() { told.iter().map(|one| one.2).max() } else { Some(months(question.to).1 - 1) };
        let (Some(first), Some(last)) = (first, last) else { return };
        standing.retain(|facts| {
            let (reporter, flow) = series(facts);
            (first / grouped..=last / grouped).all(|period| {
                (period * grouped..(period + 1) * grouped).any(|month| told.contains(&(reporter, flow, month)))
            })
        });
    }
}

pub fn period_group(period: &str, question: &Question) -> String {
    let quarter = || format!("{}-Q{}", &period[..4], (period[4..].parse::<i32>().unwrap() + 2) / 3);
    match question.group_by.first() {
        Some(pb::Dimension::Year) => period[..4].to_owned(),
        Some(pb::Dimension::Quarter) => quarter(),
        Some(pb::Dimension::Month) => format!("{}-{}", &period[..4], &period[4..]),
        _ => String::new(),
    }
}

/// Whether a report may have rows of a group.
pub fn may_hold(report: &Record, changes: bool, name: &str, question: &Question) -> bool {
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

pub fn reporter_name(reporter: u16, question: &Question) -> &'static str {
    let name = name_of(&REPORTERS, reporter);
    if question.groups_reporters && REPORTER_GROUP.1.contains(&name) { REPORTER_GROUP.0 } else { name }
}

pub fn partner_name(partner: u16, question: &Question) -> &'static str {
    let name = name_of(&PARTNERS, partner);
    if question.groups_partners && PARTNER_GROUP.1.contains(&name) { PARTNER_GROUP.0 } else { name }
}

/// Whether a code or, where the reporter changes its edition, its counterpart was asked for.
pub fn is_meant(fact: &Fact, question: &Question, changes: bool) -> bool {
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

pub fn is_under(code: &str, question: &Question) -> bool {
    question.commodities.is_empty() || question.commodities.iter().any(|asked| code.starts_with(asked))
}

/// Chapters of facts, among those asked for.
pub fn chapters<'a>(facts: impl Iterator<Item = &'a Fact>, question: &Question) -> BTreeSet<&'static str> {
    facts
        .map(|fact| fact.record.commodity)
        .filter(|code| *code != "TOTAL")
        .map(|code| &code[..2])
        .filter(|chapter| {
            question.commodities.is_empty() || question.commodities.iter().any(|asked| asked.starts_with(chapter))
        })
        .collect()
}

pub fn standing_edition<'a>(facts: &[&'a Fact], question: &Question) -> Vec<&'a Fact> {
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
pub type Rows<'a> = (Vec<&'a Fact>, Vec<(usize, Vec<&'a Fact>)>);

/// The rows of a report to add; none where no kind of row will do.
pub fn rows_of<'a>(facts: &[&'a Fact], question: &Question) -> Option<Rows<'a>> {
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

pub fn add_report(facts: &[&Fact], question: &Question, changes: bool, groups: &mut Groups) {
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

pub fn add(groups: &mut Groups, key: String, more: Group) {
    let group = groups.entry(key).or_default();
    group.value += more.value;
    group.rows += more.rows;
    group.weight += more.weight;
    group.weighed += more.weighed;
    group.reports += more.reports;
}

pub fn key(fact: &Fact, code: &str, question: &Question, changes: bool) -> String {
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
