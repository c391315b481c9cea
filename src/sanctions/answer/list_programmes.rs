//! Programmes of lists, with how many subjects are under each.

use crate::register::{Clocks, Emptiness};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

use super::Sanctions;
use super::provenance::{Provenance, lists_of, provenance, why_empty};
use crate::sanctions::store::lists::{self, Programme};

pub struct Question {
    /// Names of lists; all of them when there is none.
    pub lists: Vec<String>,
    pub clocks: Clocks,
    /// Goes on after a list and a programme.
    pub page: Page<(String, String)>,
}

pub struct Answer {
    pub programmes: Vec<Programme>,
    pub next_page_token: String,
    pub provenance: Provenance,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { lists: names, clocks, page } = question;
    let catalog = sanctions.register.current(deadline).await?;
    let moment = sanctions.pinned(clocks, page.release(catalog.newest_release));
    let lists = lists_of(&catalog, &names)?;
    let after = page.after().cloned();
    let mut programmes = lists::programmes(sanctions.store(), &names, &moment, after, page.limit(), deadline).await?;
    let is_empty = page.is_first() && programmes.is_empty();
    Ok(Answer {
        next_page_token: page.cut(moment.release, &mut programmes, |last| (last.list.clone(), last.programme.clone())),
        provenance: provenance(&catalog, &lists, &moment),
        emptiness: is_empty.then(|| why_empty(&catalog, &lists, &moment)),
        programmes,
    })
}
