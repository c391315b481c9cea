//! Whether a commodity is a controlled good: the goods of the day, and the concordance to their editions.

use std::collections::HashMap;

use crate::reference::conversion;
use crate::reference::{self, Classification, CommodityCode};
use crate::register::moment::{NO_DAY, day_number};
use crate::register::{Catalog, Clocks, Dataset, Emptiness, EmptyReason, Moment};
use crate::rpc::Error;
use crate::store::{Deadline, Store};

use super::provenance::Provenance;
use super::{Sanctions, controlled_goods};
use crate::sanctions::goods::listed::{Filter, ListedGood};
use crate::sanctions::goods::{self as rules, Certainty, Code, ControlledGood, Refusal};
use crate::sanctions::store::goods;

/// Goods in force on one day; the longest annexes have a few thousand codes.
const GOODS_MAX: usize = 100_000;

pub struct Question {
    pub commodity: CommodityCode,
    /// The national tariff line that was asked for, of which the commodity is the subheading; else empty.
    pub line: String,
    /// ISO alpha-3; absent for all.
    pub destination: Option<String>,
    pub clocks: Clocks,
}

#[derive(Default)]
pub struct Answer {
    pub findings: Vec<Finding>,
    pub provenance: Provenance,
    pub emptiness: Option<Emptiness>,
}

/// What the codes of one regime in one edition say of the commodity.
pub struct Finding {
    pub certainty: Certainty,
    pub edition: String,
    pub goods: Vec<ListedGood>,
    /// Counterparts in the list's edition.
    pub controlled: Vec<String>,
    pub partly: Vec<String>,
    pub uncontrolled: Vec<String>,
    pub explanation: String,
}

/// Compares the commodity with all lists that were in force on the day.
pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { commodity, line, destination, clocks } = question;
    let moment = sanctions.moment(clocks);
    let catalog = sanctions.register.current(deadline).await?;
    let codes = sanctions.codes.at(catalog.newest_release).await?;
    let day = moment.day_in_force();
    let filter = Filter { in_force: Some(day_number(day)), ..Filter::default() };
    let stored = goods::list(sanctions.store(), &filter, &moment, None, GOODS_MAX, deadline).await?;
    let mut provenance = controlled_goods::provenance(&catalog, &controlled_goods::lists(&catalog), &moment);
    if stored.is_empty() {
        let emptiness = Some(controlled_goods::why_empty(&catalog, &moment));
        return Ok(Answer { emptiness, provenance, ..Answer::default() });
    }
    if !line.is_empty() {
        provenance.notes.push(format!(
            "{line} is a national tariff line: answered for its first six digits, {}, of which it is a part",
            commodity.name()
        ));
    }
    let edition = commodity.classification();
    // A list of an edition may have its six digits only, which name their chapters and headings too.
    let is_known =
        if matches!(commodity.level(), 2 | 4) { codes.knows_within(commodity) } else { codes.knows(commodity) };
    if codes.is_loaded(edition) && !is_known {
        let detail = format!("{} is not in the list of its edition", commodity.name());
        let emptiness = Some(Emptiness::new(EmptyReason::CodeUnknown, detail));
        return Ok(Answer { emptiness, provenance, ..Answer::default() });
    }

    let conversions = conversions(sanctions.store(), &catalog, commodity, &stored, &moment, deadline).await?;
    if !conversions.is_empty() {
        let concordances: Vec<&Dataset> = catalog.dataset(conversion::DATASET).into_iter().collect();
        provenance.sources.extend(catalog.sources(&concordances, &moment));
    }

    let all: Vec<ControlledGood> = stored.iter().map(|stored| stored.good.clone()).collect();
    let asked = Code { edition: edition.name().to_owned(), digits: commodity.to_string() };
    let convert = |edition: &str| conversions.get(edition).cloned();
    let findings = rules::assess(&all, &asked, &convert, destination.as_deref(), day);
    let is_listed = stored.iter().any(|stored| {
        stored.good.edition == edition.name() && stored.good.code.starts_with(commodity.to_string().as_str())
    });
    let is_converted = conversions.values().any(|counterparts| !counterparts.is_empty());
    if findings.is_empty() && !codes.is_loaded(edition) && !is_listed && !is_converted {
        let detail = format!(
            "the codes of {} are not in the store, so that it is not known whether there is a code {commodity}; no list of \
             controlled goods has it",
            edition.name()
        );
        let emptiness = Some(Emptiness::new(EmptyReason::CodeUnknown, detail));
        return Ok(Answer { emptiness, provenance, ..Answer::default() });
    }
    let strongest = findings.iter().map(|finding| finding.certainty).max();
    let emptiness = (strongest == Some(Certainty::NotCompared)).then(|| {
        let detail = format!("{} has no counterpart in the editions of the lists", commodity.name());
        Emptiness::new(EmptyReason::CodeNotValid, detail)
    });
    let findings = findings.into_iter().map(|finding| finding_of(finding, &asked, &stored)).collect();
    Ok(Answer { findings, provenance, emptiness })
}

/// The same with the goods as they are stored.
fn finding_of(finding: rules::Finding<'_>, asked: &Code, stored: &[ListedGood]) -> Finding {
    let is_met = |stored: &&ListedGood| finding.goods.contains(&&stored.good);
    Finding {
        certainty: finding.certainty,
        edition: finding.edition.to_owned(),
        goods: stored.iter().filter(is_met).cloned().collect(),
        explanation: finding.explanation(asked),
        controlled: finding.controlled,
        partly: finding.partly,
        uncontrolled: finding.uncontrolled,
    }
}

/// Counterparts of the commodity in the editions of the goods, by edition; its own is not among them.
async fn conversions(
    store: &Store,
    catalog: &Catalog,
    commodity: CommodityCode,
    stored: &[ListedGood],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<HashMap<String, Vec<(String, String)>>, Error> {
    let mut editions: Vec<&str> = stored.iter().map(|stored| stored.good.edition.as_str()).collect();
    editions.sort_unstable();
    editions.dedup();
    let own = commodity.classification();
    let mut found = HashMap::new();
    for target in editions.into_iter().filter_map(Classification::parse).filter(|target| *target != own) {
        let missing =
            || Refusal::ConcordanceMissing { from: own.name(), to: target.name(), on_a_past_day: moment.day != NO_DAY };
        let dataset = catalog.dataset(conversion::DATASET).ok_or_else(missing)?;
        // What corresponds to what does not change with the day; the newest table serves the past too.
        let release = catalog.release_at(dataset.id, None).ok_or_else(missing)?;
        let pairs = reference::store::counterparts(store, commodity, target, release.id, deadline).await?;
        let pairs = pairs.ok_or_else(missing)?;
        let digits = |number: i32| CommodityCode::from_number(number).map(|code| code.to_string()).unwrap_or_default();
        let pairs = pairs.into_iter().map(|(own, other)| (digits(own), digits(other))).collect();
        found.insert(target.name().to_owned(), pairs);
    }
    Ok(found)
}
