//! One code of a classification.

use jiff::civil::Date;

use super::{Reference, release_at, sources};
use crate::reference::CommodityCode;
use crate::reference::store::{self, entity::commodity};
use crate::register::Source;
use crate::rpc::Error;
use crate::store::Deadline;

pub struct Question {
    pub code: CommodityCode,
    pub as_of: Option<Date>,
}

pub struct Answer {
    pub commodity: commodity::Model,
    pub sources: Vec<Source>,
}

pub async fn answer(
    reference: &Reference,
    Question { code, as_of }: Question,
    deadline: &Deadline,
) -> Result<Answer, Error> {
    let catalog = reference.catalog(deadline).await?;
    let not_found = || Error::NotFound(code.name());
    let release = release_at(&catalog, &code.classification().dataset(), as_of).ok_or_else(not_found)?;
    let row = store::get_commodity(reference.store(), code, release, deadline).await?;
    let sources = sources(&catalog, code.classification(), release);
    Ok(Answer { commodity: row.ok_or_else(not_found)?, sources })
}
