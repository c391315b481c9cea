//! One controlled good by name.

use crate::register::{Clocks, Dataset};
use crate::rpc::Error;
use crate::store::Deadline;

use super::provenance::Provenance;
use super::{Sanctions, controlled_goods};
use crate::sanctions::goods::listed::ListedGood;
use crate::sanctions::store::goods;

pub struct Question {
    /// List, regime, classification and code.
    pub name: [String; 4],
    pub clocks: Clocks,
}

pub struct Answer {
    pub good: ListedGood,
    pub provenance: Provenance,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let moment = sanctions.moment(question.clocks);
    let [list, regime, classification, code] = &question.name;
    let good = goods::get(sanctions.store(), [list, regime, classification, code], &moment, deadline).await?;
    let absent = || Error::NotFound(format!("controlledGoods/{list}.{regime}.{classification}-{code}"));
    let good = good.ok_or_else(absent)?;
    let catalog = sanctions.register.current(deadline).await?;
    let datasets: Vec<&Dataset> = catalog.dataset(&good.list).into_iter().collect();
    let provenance = controlled_goods::provenance(&catalog, &datasets, &moment);
    Ok(Answer { good, provenance })
}
