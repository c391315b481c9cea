//! Controlled goods by filter.

use crate::register::{Clocks, Emptiness};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

use super::provenance::Provenance;
use super::{Sanctions, controlled_goods};
use crate::sanctions::goods::listed::{Filter, ListedGood};
use crate::sanctions::store::goods;

pub struct Question {
    pub filter: Filter,
    pub clocks: Clocks,
    /// Goes on after a dataset and an entry of it.
    pub page: Page<(i64, i64)>,
}

pub struct Answer {
    pub goods: Vec<ListedGood>,
    pub next_page_token: String,
    pub provenance: Provenance,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, clocks, page } = question;
    let catalog = sanctions.register.current(deadline).await?;
    let moment = sanctions.pinned(clocks, page.release(catalog.newest_release));
    let after = page.after().copied();
    let mut goods = goods::list(sanctions.store(), &filter, &moment, after, page.limit(), deadline).await?;
    let is_empty = page.is_first() && goods.is_empty();
    Ok(Answer {
        next_page_token: page.cut(moment.release, &mut goods, |last| (last.dataset, last.entry)),
        provenance: controlled_goods::provenance(&catalog, &controlled_goods::lists(&catalog), &moment),
        emptiness: is_empty.then(|| controlled_goods::why_empty(&catalog, &moment)),
        goods,
    })
}
