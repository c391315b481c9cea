//! Writing commodity lists and concordances, for their importers. Blocks.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
};

use super::Pair;
use super::entity::{commodity, concordance};
use crate::reference::{Classification, CommodityCode};
use crate::store::{Error, Store, Table, Writer};
use crate::value::Cell;

/// Current codes of a classification.
pub fn current_codes(store: &Store, classification: Classification) -> Result<Vec<commodity::Model>, Error> {
    let select = commodity::Entity::find()
        .filter(commodity::Column::Classification.eq(classification.number()))
        .filter(commodity::Column::UntilRelease.is_null());
    store.find_blocking(select.into_query())
}

pub fn end_code(writer: &mut Writer, code: CommodityCode, release: i64) -> Result<(), Error> {
    let update = commodity::Entity::update_many()
        .set(commodity::ActiveModel { until_release: Set(Some(release as i32)), ..Default::default() })
        .filter(commodity::Column::Commodity.eq(code.number()))
        .filter(commodity::Column::UntilRelease.is_null());
    writer.execute(update.as_query())?;
    Ok(())
}

pub fn begin_code(writer: &mut Writer, row: commodity::Model) -> Result<(), Error> {
    let row = commodity::ActiveModel::from(row).reset_all();
    writer.execute(commodity::Entity::insert(row).as_query())?;
    Ok(())
}

/// Pairs of commodity numbers, from one edition to another.
pub type Pairs = BTreeSet<(i32, i32)>;

/// Number of the classification that a commodity's number begins with.
fn edition(commodity: i32) -> i32 {
    commodity / crate::reference::commodity::SPAN
}

/// Current pairs of the editions that these pairs are between.
pub fn current_pairs(store: &Store, pairs: &Pairs) -> Result<Pairs, Error> {
    use concordance::Column;
    let covered: BTreeSet<(i32, i32)> = pairs.iter().map(|(from, to)| (edition(*from), edition(*to))).collect();
    let mut current = Pairs::new();
    for (from, to) in covered {
        let select = concordance::Entity::find()
            .select_only()
            .columns([Column::FromCommodity, Column::ToCommodity])
            .filter(Column::FromClassification.eq(from))
            .filter(Column::ToClassification.eq(to))
            .filter(Column::UntilRelease.is_null());
        let rows: Vec<Pair> = store.find_blocking(select.into_query())?;
        current.extend(rows.into_iter().map(|row| (row.from_commodity, row.to_commodity)));
    }
    Ok(current)
}

pub fn begin_pairs<'a>(
    writer: &mut Writer,
    pairs: impl Iterator<Item = &'a (i32, i32)>,
    release: i64,
) -> Result<(), Error> {
    let mut cells = Vec::new();
    for (from, to) in pairs {
        let numbers = [edition(*from), edition(*to), *from, *to];
        cells.extend(numbers.map(|number| Cell::from(i64::from(number))));
        cells.extend([Cell::from(release), Cell::UNKNOWN]);
    }
    writer.insert(&Table::of::<concordance::Entity>(), &cells)
}

pub fn end_pair(writer: &mut Writer, (from, to): (i32, i32), release: i64) -> Result<(), Error> {
    use concordance::Column;
    let update = concordance::Entity::update_many()
        .set(concordance::ActiveModel { until_release: Set(Some(release as i32)), ..Default::default() })
        .filter(Column::FromClassification.eq(edition(from)))
        .filter(Column::ToClassification.eq(edition(to)))
        .filter(Column::FromCommodity.eq(from))
        .filter(Column::ToCommodity.eq(to))
        .filter(Column::UntilRelease.is_null());
    writer.execute(update.as_query())?;
    Ok(())
}
