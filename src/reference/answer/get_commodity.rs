//! One code of a classification.

use jiff::civil::Date;

use super::{Reference, release_at};
use crate::reference::CommodityCode;
use crate::reference::store::{self, entity::commodity};
use crate::rpc::Error;
use crate::store::Deadline;

pub struct Question {
    pub code: CommodityCode,
    pub as_of: Option<Date>,
}

pub async fn answer(
    reference: &Reference,
    Question { code, as_of }: Question,
    deadline: &Deadline,
) -> Result<commodity::Model, Error> {
    let catalog = reference.catalog(deadline).await?;
    let not_found = || Error::NotFound(code.name());
    let release = release_at(&catalog, &code.classification().dataset(), as_of).ok_or_else(not_found)?;
    let row = store::get_commodity(reference.store(), code, release, deadline).await?;
    row.ok_or_else(not_found)
}
