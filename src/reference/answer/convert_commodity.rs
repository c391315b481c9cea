//! A code's counterparts in another edition of the HS.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{Reference, release_at};
use crate::reference::conversion::{self, Relation};
use crate::reference::refusal::NoConcordance;
use crate::reference::{Classification, CommodityCode, store};
use crate::register::{Emptiness, EmptyReason, Source};
use crate::rpc::{Error, policy};
use crate::store::Deadline;

pub const METHOD: &str = "/entrepot.reference.v1.ReferenceService/ConvertCommodity";

pub struct Question {
    pub code: CommodityCode,
    pub target: Classification,
    pub as_of: Option<Date>,
}

pub struct Answer {
    /// Numbers of both codes, and how they relate.
    pub matches: Vec<(i32, i32, Relation)>,
    /// By the number of the code.
    pub titles: HashMap<i32, String>,
    pub source: Source,
    pub editions: [Classification; 2],
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(reference: &Reference, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { code, target, as_of } = question;
    let catalog = reference.catalog(deadline).await?;
    let missing = || NoConcordance { from: code.classification(), to: target };
    let release = release_at(&catalog, conversion::DATASET, as_of).ok_or_else(missing)?;
    let pairs = store::matching_pairs(reference.store(), code, target, release, deadline).await?;
    let (asked, around) = pairs.ok_or_else(missing)?;
    let rows_max = policy::rows_max(METHOD);
    if asked.len() > rows_max {
        let problem = format!("{} pairs; at most {rows_max} in one answer, ask for a longer code", asked.len());
        return Err(Error::TooLarge(problem));
    }
    let targets: Vec<CommodityCode> = asked.iter().filter_map(|(_, to)| CommodityCode::from_number(*to)).collect();
    let titles = store::titles(reference.store(), &targets, deadline).await?;
    let matches = conversion::relations(&asked, &around);
    let dataset = catalog.dataset(conversion::DATASET).map_or(0, |dataset| dataset.id);
    let codes = reference.codes.at(catalog.newest_release).await?;
    let emptiness = matches.is_empty().then(|| {
        let (reason, why) = if code.level() == 6 && !codes.knows(code) {
            (EmptyReason::CodeUnknown, "is not in the list of its edition")
        } else {
            (EmptyReason::CodeNotValid, "has no counterpart in the concordance")
        };
        Emptiness::new(reason, format!("{} {why}", code.name()))
    });
    let source = catalog.source(dataset, release);
    Ok(Answer { matches, titles, source, editions: [code.classification(), target], emptiness })
}
