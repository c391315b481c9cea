//! Queries of the reference tables.

pub mod entity;
pub mod write;

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use crate::reference::conversion::Concordance;
use crate::reference::{Area, Classification, CommodityCode, codes};
use crate::store::{Deadline, Error, Store};

/// Writes the bundled areas, units and classifications, for those who read the store with SQL. Does nothing when they
/// are there.
pub async fn seed(store: &Store) -> Result<(), Error> {
    let areas = Area::all().iter().map(|facts| entity::area::ActiveModel {
        number: Set(i32::from(facts.number)),
        code: Set(facts.code.clone()),
        alpha2: Set(facts.alpha2.clone()),
        alpha3: Set(facts.alpha3.clone()),
        m49: Set(facts.m49.map(i32::from)),
        kind: Set(facts.kind.as_str().to_owned()),
        name: Set(facts.name.clone()),
        entry_year: Set(facts.entry_year),
        exit_year: Set(facts.exit_year),
        source: Set(facts.source.clone()),
        note: Set(facts.note.clone()),
    });
    insert_missing::<entity::area::Entity, _>(store, areas, entity::area::Column::Number).await?;

    let units = codes::units().iter().map(|unit| entity::unit::ActiveModel {
        number: Set(i32::from(unit.number)),
        abbreviation: Set(unit.abbreviation.clone()),
        name: Set(unit.name.clone()),
        source: Set(unit.source.clone()),
    });
    insert_missing::<entity::unit::Entity, _>(store, units, entity::unit::Column::Number).await?;

    let classifications = Classification::all().map(|classification| entity::classification::ActiveModel {
        number: Set(classification.number()),
        code: Set(classification.code().to_owned()),
        name: Set(classification.name().to_owned()),
        title: Set(classification.title().to_owned()),
    });
    insert_missing::<entity::classification::Entity, _>(store, classifications, entity::classification::Column::Number)
        .await
}

async fn insert_missing<E, A>(store: &Store, rows: impl Iterator<Item = A>, key: E::Column) -> Result<(), Error>
where
    E: sea_orm::EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E> + Send,
{
    let keep = sea_orm::sea_query::OnConflict::column(key).do_nothing().to_owned();
    E::insert_many(rows).on_conflict(keep).exec_without_returning(store.orm()).await.map_err(Error::from_orm)?;
    Ok(())
}

/// Loads the numbers of all current codes, sorted.
pub async fn load_codes(store: &Store) -> Result<Vec<i32>, Error> {
    entity::commodity::Entity::find()
        .select_only()
        .column(entity::commodity::Column::Commodity)
        .filter(entity::commodity::Column::UntilRelease.is_null())
        .order_by_asc(entity::commodity::Column::Commodity)
        .into_tuple()
        .all(store.orm())
        .await
        .map_err(Error::from_orm)
}

/// Which commodities to list.
#[derive(Clone, Debug)]
pub struct CommodityQuery {
    pub classification: Classification,
    /// As of this release of the classification's dataset.
    pub release: i64,
    pub level: Option<u32>,
    pub parent: Option<CommodityCode>,
    pub search: String,
    pub after: Option<i32>,
    pub limit: u64,
}

pub async fn list_commodities(
    store: &Store,
    query: &CommodityQuery,
    deadline: &Deadline,
) -> Result<Vec<entity::commodity::Model>, Error> {
    use entity::commodity::Column;
    let mut filter = Condition::all().add(Column::Classification.eq(query.classification.number())).add(visible_at(
        Column::SinceRelease,
        Column::UntilRelease,
        query.release,
    ));
    if let Some(level) = query.level {
        filter = filter.add(Column::Level.eq(level as i32));
    }
    if let Some(parent) = query.parent {
        filter = filter.add(Column::Parent.eq(parent.number()));
    }
    if let Some(after) = query.after {
        filter = filter.add(Column::Commodity.gt(after));
    }
    if !query.search.is_empty() {
        let escaped = escape_like(&query.search.to_lowercase());
        let in_title = LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let code_prefix = LikeExpr::new(format!("{escaped}%")).escape('\\');
        let title = Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(Column::Title)));
        let code = Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(Column::Code)));
        filter = filter.add(Condition::any().add(title.like(in_title)).add(code.like(code_prefix)));
    }
    let select = entity::commodity::Entity::find().filter(filter).order_by_asc(Column::Commodity).limit(query.limit);
    store.find(select.into_query(), deadline).await
}

/// One code as of a release.
pub async fn get_commodity(
    store: &Store,
    code: CommodityCode,
    release: i64,
    deadline: &Deadline,
) -> Result<Option<entity::commodity::Model>, Error> {
    use entity::commodity::Column;
    let select = entity::commodity::Entity::find().filter(Column::Commodity.eq(code.number())).filter(visible_at(
        Column::SinceRelease,
        Column::UntilRelease,
        release,
    ));
    Ok(store.find(select.into_query(), deadline).await?.pop())
}

/// Codes that one statement looks for: both backends bound the values that it may bind.
const CODES_A_STATEMENT: usize = 5_000;

/// A code and its title.
#[derive(FromQueryResult)]
struct Title {
    commodity: i32,
    title: String,
}

/// Titles of some codes, current ones only.
pub async fn titles(
    store: &Store,
    codes: &[CommodityCode],
    deadline: &Deadline,
) -> Result<HashMap<i32, String>, Error> {
    use entity::commodity::Column;
    let mut titles = HashMap::new();
    for codes in codes.chunks(CODES_A_STATEMENT) {
        let select = entity::commodity::Entity::find()
            .select_only()
            .columns([Column::Commodity, Column::Title])
            .filter(Column::Commodity.is_in(codes.iter().map(|code| code.number())))
            .filter(Column::UntilRelease.is_null());
        let rows: Vec<Title> = store.find(select.into_query(), deadline).await?;
        titles.extend(rows.into_iter().map(|row| (row.commodity, row.title)));
    }
    Ok(titles)
}

/// A pair of codes that correspond.
#[derive(FromQueryResult)]
struct Pair {
    from_commodity: i32,
    to_commodity: i32,
}

/// Pairs of six-digit codes of two editions, of which either side lies within the ranges given.
async fn concordance_pairs(
    store: &Store,
    editions: (Classification, Classification),
    side: PairSide,
    ranges: &[(i32, i32)],
    release: i64,
    deadline: &Deadline,
) -> Result<Pairs, Error> {
    use entity::concordance::Column;
    let column = match side {
        PairSide::From => Column::FromCommodity,
        PairSide::To => Column::ToCommodity,
    };
    let mut in_ranges = Condition::any();
    for (first, last) in ranges {
        in_ranges = in_ranges.add(column.between(*first, *last));
    }
    let select = entity::concordance::Entity::find()
        .select_only()
        .columns([Column::FromCommodity, Column::ToCommodity])
        .filter(Column::FromClassification.eq(editions.0.number()))
        .filter(Column::ToClassification.eq(editions.1.number()))
        .filter(in_ranges)
        .filter(visible_at(Column::SinceRelease, Column::UntilRelease, release))
        .order_by_asc(Column::FromCommodity)
        .order_by_asc(Column::ToCommodity);
    let rows: Vec<Pair> = store.find(select.into_query(), deadline).await?;
    Ok(rows.into_iter().map(|row| (row.from_commodity, row.to_commodity)).collect())
}

/// Pairs of six-digit codes: one of the edition asked for, one of the other.
pub type Pairs = Vec<(i32, i32)>;

/// Which table holds the pairs of two editions, and on which side the code's own edition stands in it.
struct Table {
    editions: (Classification, Classification),
    /// The code's own edition is the one that the table leads from.
    forward: bool,
}

impl Table {
    fn between(source: Classification, target: Classification) -> Self {
        // Tables lead from the newer edition to the older.
        let forward = source > target;
        Self { editions: if forward { (source, target) } else { (target, source) }, forward }
    }

    /// Pairs whose code of the own edition (or, else, of the other) lies within the ranges; the own code first.
    async fn pairs(
        &self,
        store: &Store,
        within_own: bool,
        ranges: &[(i32, i32)],
        release: i64,
        deadline: &Deadline,
    ) -> Result<Pairs, Error> {
        let side = if within_own == self.forward { PairSide::From } else { PairSide::To };
        let mut pairs = concordance_pairs(store, self.editions, side, ranges, release, deadline).await?;
        if !self.forward {
            pairs = pairs.into_iter().map(|(from, to)| (to, from)).collect();
        }
        pairs.sort_unstable();
        Ok(pairs)
    }
}

/// Counterparts of a code in another edition, as pairs of six-digit codes. `None` when the two editions have no
/// concordance.
pub async fn counterparts(
    store: &Store,
    code: CommodityCode,
    target: Classification,
    release: i64,
    deadline: &Deadline,
) -> Result<Option<Pairs>, Error> {
    let source = code.classification();
    let table = Table::between(source, target);
    let asked = table.pairs(store, true, &[code.range()], release, deadline).await?;
    if asked.is_empty() {
        let any = table.pairs(store, true, &[CommodityCode::total(source).range()], release, deadline).await?;
        return Ok((!any.is_empty()).then(Vec::new));
    }
    Ok(Some(asked))
}

/// How codes of two editions correspond: by the table of the two where there is one, else through the tables of the editions
/// between them. Empty when there is no such way.
pub async fn concordance(
    store: &Store,
    (source, target): (Classification, Classification),
    release: i64,
    deadline: &Deadline,
) -> Result<Concordance, Error> {
    let direct = all_pairs(store, source, target, release, deadline).await?;
    if !direct.is_empty() || !source.is_hs() || !target.is_hs() {
        return Ok(Concordance::through(&[direct]));
    }
    let (older, newer) = (source.min(target), source.max(target));
    let mut editions: Vec<Classification> =
        Classification::all().filter(|edition| (older..=newer).contains(edition)).collect();
    if source > target {
        editions.reverse();
    }
    let mut steps = Vec::new();
    for pair in editions.windows(2) {
        let step = all_pairs(store, pair[0], pair[1], release, deadline).await?;
        if step.is_empty() {
            return Ok(Concordance::default());
        }
        steps.push(step);
    }
    Ok(Concordance::through(&steps))
}

async fn all_pairs(
    store: &Store,
    source: Classification,
    target: Classification,
    release: i64,
    deadline: &Deadline,
) -> Result<Pairs, Error> {
    let all = [CommodityCode::total(source).range()];
    Table::between(source, target).pairs(store, true, &all, release, deadline).await
}

/// Counterparts of a code, and all pairs around them. `None` when the two editions have no concordance.
pub async fn matching_pairs(
    store: &Store,
    code: CommodityCode,
    target: Classification,
    release: i64,
    deadline: &Deadline,
) -> Result<Option<(Pairs, Pairs)>, Error> {
    let Some(asked) = counterparts(store, code, target, release, deadline).await? else {
        return Ok(None);
    };
    let mut others: Vec<(i32, i32)> = asked.iter().map(|(_, to)| (*to, *to)).collect();
    others.sort_unstable();
    others.dedup();
    let table = Table::between(code.classification(), target);
    let mut around = Vec::new();
    // A condition of thousands of ranges would be refused by the database.
    for ranges in others.chunks(400) {
        around.extend(table.pairs(store, false, ranges, release, deadline).await?);
    }
    Ok(Some((asked, around)))
}

/// Which side of a concordance a range is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PairSide {
    From,
    To,
}

fn visible_at<C: sea_orm::ColumnTrait>(since: C, until: C, release: i64) -> Condition {
    let release = release as i32;
    Condition::all().add(since.lte(release)).add(Condition::any().add(until.is_null()).add(until.gt(release)))
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
