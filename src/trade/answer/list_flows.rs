//! A page of facts, in the order of their keys.

use std::sync::Arc;

use futures::FutureExt as _;

use super::{Answered, AsOf, Knowledge, Trade, choose_for_list, nothing_found};
use crate::register::Emptiness;
use crate::rpc::{Error, Page};
use crate::store::Deadline;
use crate::trade::model::FlowKey;
use crate::trade::query::Filter;
use crate::trade::store::page::{self, FactPage};

pub struct Question {
    pub filter: Filter,
    pub as_of: AsOf,
    /// Goes on after the number of a key.
    pub page: Page<u128>,
}

pub struct Answer {
    pub answered: Answered<FactPage>,
    pub next_page_token: String,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(trade: &Trade, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, as_of, page } = question;
    let after = page.after().map(|number| FlowKey::from_number(*number));
    let answered = trade.page(&filter, as_of, after, page.size, deadline).await?;
    let mut answer = Answer { answered, next_page_token: String::new(), emptiness: None };
    let rows = match &answer.answered.result {
        Ok((_, found)) => &found.rows[..],
        Err(_) => &[],
    };
    if rows.is_empty() && page.is_first() {
        let nothing = nothing_found(&answer.answered, &filter);
        let knowledge = &answer.answered.knowledge;
        answer.emptiness = Some(trade.explain_codes(knowledge, &filter, as_of, nothing, deadline).await?);
    }
    if let (Ok((_, found)), Some(last)) = (&answer.answered.result, rows.last())
        && !found.is_last
    {
        let pinned = as_of.release.unwrap_or(answer.answered.knowledge.catalog.newest_release);
        answer.next_page_token = page.token_after(pinned, last.row.key.number());
    }
    Ok(answer)
}

impl Trade {
    /// A page of facts behind `after`.
    pub async fn page<'a>(
        &'a self,
        filter: &'a Filter,
        as_of: AsOf,
        after: Option<FlowKey>,
        limit: usize,
        deadline: &'a Deadline,
    ) -> Result<Answered<FactPage>, Error> {
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move {
                let (selection, level) = match choose_for_list(&knowledge, filter, as_of)? {
                    Ok(chosen) => chosen,
                    Err(emptiness) => return Ok((Err(emptiness), None)),
                };
                let page = page::page(self.store(), (&selection, level), filter, after, limit, deadline).await?;
                let newest = Some(page.newest_release).filter(|newest| *newest > 0);
                Ok((Ok((selection, page)), newest))
            }
            .boxed()
        })
        .await
    }
}
