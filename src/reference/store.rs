//! Queries of the reference tables, and the register of datasets and releases.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::dataset::{DatasetSpec, Valuation};
use super::{Area, Catalog, Classification, CommodityCode, Dataset, DatasetKind, Release, codes, entity};
use crate::import::Report;
use crate::store::{Error, Store, Value, Writer};

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

/// Loads the register and all current codes.
pub async fn load_catalog(store: &Store) -> Result<Catalog, Error> {
    // Releases first: what is read after them may be newer, never older.
    let releases: Vec<Release> = entity::release::Entity::find()
        .order_by_asc(entity::release::Column::Id)
        .all(store.orm())
        .await
        .map_err(Error::from_orm)?
        .into_iter()
        .map(release_from_row)
        .collect();
    let mut datasets: Vec<Dataset> = entity::dataset::Entity::find()
        .all(store.orm())
        .await
        .map_err(Error::from_orm)?
        .into_iter()
        .filter_map(dataset_from_row)
        .collect();
    datasets.sort_by_key(|dataset| (dataset.spec.precedence, dataset.id));
    let commodities: Vec<i32> = entity::commodity::Entity::find()
        .select_only()
        .column(entity::commodity::Column::Commodity)
        .filter(entity::commodity::Column::UntilRelease.is_null())
        .order_by_asc(entity::commodity::Column::Commodity)
        .into_tuple()
        .all(store.orm())
        .await
        .map_err(Error::from_orm)?;
    let newest_release = releases.last().map_or(0, |release| release.id);
    Ok(Catalog { newest_release, datasets, releases, commodities })
}

fn dataset_from_row(row: entity::dataset::Model) -> Option<Dataset> {
    let spec = DatasetSpec {
        name: row.name,
        title: row.title,
        publisher: row.publisher,
        license: row.license,
        kind: DatasetKind::parse(&row.kind)?,
        scope: row.scope,
        valuation: Valuation::from_number(row.valuation),
        precedence: i64::from(row.precedence),
    };
    Some(Dataset { id: i64::from(row.id), spec })
}

fn release_from_row(row: entity::release::Model) -> Release {
    Release {
        id: i64::from(row.id),
        dataset: i64::from(row.dataset),
        publication_date: row.publication_date.parse().unwrap_or(Date::MIN),
        created_at_ms: row.created_at_ms,
        importer_version: row.importer_version,
        content_hash: row.content_hash,
        files: row.files,
        rows_read: row.rows_read,
        rows_new: row.rows_new,
        rows_revised: row.rows_revised,
        rows_unchanged: row.rows_unchanged,
        rows_withdrawn: row.rows_withdrawn,
        rows_rejected: row.rows_rejected,
    }
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

pub async fn list_commodities(store: &Store, query: &CommodityQuery) -> Result<Vec<entity::commodity::Model>, Error> {
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
    entity::commodity::Entity::find()
        .filter(filter)
        .order_by_asc(Column::Commodity)
        .limit(query.limit)
        .all(store.orm())
        .await
        .map_err(Error::from_orm)
}

/// One code as of a release.
pub async fn get_commodity(
    store: &Store,
    code: CommodityCode,
    release: i64,
) -> Result<Option<entity::commodity::Model>, Error> {
    use entity::commodity::Column;
    entity::commodity::Entity::find()
        .filter(Column::Commodity.eq(code.number()))
        .filter(visible_at(Column::SinceRelease, Column::UntilRelease, release))
        .one(store.orm())
        .await
        .map_err(Error::from_orm)
}

/// Titles of some codes, current ones only.
pub async fn titles(store: &Store, codes: &[CommodityCode]) -> Result<HashMap<i32, String>, Error> {
    use entity::commodity::Column;
    let rows: Vec<(i32, String)> = entity::commodity::Entity::find()
        .select_only()
        .columns([Column::Commodity, Column::Title])
        .filter(Column::Commodity.is_in(codes.iter().map(|code| code.number())))
        .filter(Column::UntilRelease.is_null())
        .into_tuple()
        .all(store.orm())
        .await
        .map_err(Error::from_orm)?;
    Ok(rows.into_iter().collect())
}

/// Pairs of six-digit codes of two editions, of which either side lies within the ranges given.
async fn concordance_pairs(
    store: &Store,
    editions: (Classification, Classification),
    side: PairSide,
    ranges: &[(i32, i32)],
    release: i64,
) -> Result<Vec<(i32, i32)>, Error> {
    use entity::concordance::Column;
    let column = match side {
        PairSide::From => Column::FromCommodity,
        PairSide::To => Column::ToCommodity,
    };
    let mut in_ranges = Condition::any();
    for (first, last) in ranges {
        in_ranges = in_ranges.add(column.between(*first, *last));
    }
    entity::concordance::Entity::find()
        .select_only()
        .columns([Column::FromCommodity, Column::ToCommodity])
        .filter(Column::FromClassification.eq(editions.0.number()))
        .filter(Column::ToClassification.eq(editions.1.number()))
        .filter(in_ranges)
        .filter(visible_at(Column::SinceRelease, Column::UntilRelease, release))
        .order_by_asc(Column::FromCommodity)
        .order_by_asc(Column::ToCommodity)
        .into_tuple()
        .all(store.orm())
        .await
        .map_err(Error::from_orm)
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
    async fn pairs(&self, store: &Store, of_own: bool, ranges: &[(i32, i32)], release: i64) -> Result<Pairs, Error> {
        let side = if of_own == self.forward { PairSide::From } else { PairSide::To };
        let mut pairs = concordance_pairs(store, self.editions, side, ranges, release).await?;
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
) -> Result<Option<Pairs>, Error> {
    let source = code.classification();
    let table = Table::between(source, target);
    let asked = table.pairs(store, true, &[code.range()], release).await?;
    if asked.is_empty() {
        let any = table.pairs(store, true, &[CommodityCode::total(source).range()], release).await?;
        return Ok((!any.is_empty()).then(Vec::new));
    }
    Ok(Some(asked))
}

/// Counterparts of a code, and all pairs around them. `None` when the two editions have no concordance.
pub async fn matching_pairs(
    store: &Store,
    code: CommodityCode,
    target: Classification,
    release: i64,
) -> Result<Option<(Pairs, Pairs)>, Error> {
    let Some(asked) = counterparts(store, code, target, release).await? else {
        return Ok(None);
    };
    let mut others: Vec<(i32, i32)> = asked.iter().map(|(_, to)| (*to, *to)).collect();
    others.sort_unstable();
    others.dedup();
    let table = Table::between(code.classification(), target);
    let mut around = Vec::new();
    // A condition of thousands of ranges would be refused by the database.
    for ranges in others.chunks(400) {
        around.extend(table.pairs(store, false, ranges, release).await?);
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

/// Another importer may read the same files otherwise, and so may other lists where rows were rejected.
pub const IMPORTER: &str = env!("CARGO_PKG_VERSION");

/// What the writer finds when it begins a release.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseBase {
    pub dataset: i64,
    /// Number of the release to write.
    pub release: i64,
    /// Newest release of this dataset before it.
    pub previous: Option<i64>,
    /// The previous release was made from the same files, whole, by the same importer.
    pub same_content: bool,
    /// The previous release was published later than this one.
    pub out_of_order: bool,
    /// The name belongs to a dataset of another kind or publisher.
    pub is_other: bool,
}

/// Finds or makes the dataset; what the importer says of it replaces what an earlier one said. Only the one writer may
/// ask, because the numbers must not move until it commits.
pub fn begin_release(
    writer: &mut Writer,
    spec: &DatasetSpec,
    published: Date,
    content_hash: &str,
) -> Result<ReleaseBase, Error> {
    let first = |rows: crate::store::IntegerRows| rows.last().map(|row| row[0].known());
    let name = spec.name.replace('\'', "''");
    let quoted = |text: &str| text.replace('\'', "''");
    let registered = writer.integers(
        &format!(
            "SELECT id, CASE WHEN kind = '{}' AND (kind <> 'flows' OR publisher = '{}') THEN 1 ELSE 0 END
                FROM datasets WHERE name = '{name}'",
            quoted(spec.kind.as_str()),
            quoted(&spec.publisher)
        ),
        2,
    )?;
    let is_other = registered.last().is_some_and(|row| row[1].known() == 0);
    let known = first(registered);
    let dataset = match known {
        Some(id) => id,
        None => first(writer.integers("SELECT COALESCE(MAX(id), 0) + 1 FROM datasets", 1)?).unwrap_or(1),
    };
    let values = [
        Value::Text(&spec.title),
        Value::Text(&spec.publisher),
        Value::Text(&spec.license),
        Value::Text(spec.kind.as_str()),
        Value::Text(&spec.scope),
        Value::Integer(spec.valuation.number()),
        Value::Integer(spec.precedence),
        Value::Text(&spec.name),
        Value::Integer(dataset),
    ];
    let sql = if known.is_some() {
        "UPDATE datasets SET title = ?, publisher = ?, license = ?, kind = ?, scope = ?, valuation = ?,
            precedence = ?, name = ? WHERE id = ?"
    } else {
        "INSERT INTO datasets (title, publisher, license, kind, scope, valuation, precedence, name, id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    };
    writer.execute(sql, &values)?;

    let release = first(writer.integers("SELECT COALESCE(MAX(id), 0) + 1 FROM releases", 1)?).unwrap_or(1);
    let previous = format!(
        "SELECT id, CASE WHEN content_hash = '{content_hash}' AND rows_rejected = 0
                             AND importer_version = '{IMPORTER}' THEN 1 ELSE 0 END,
                CASE WHEN publication_date > '{published}' THEN 1 ELSE 0 END
            FROM releases WHERE dataset = {dataset} ORDER BY id DESC LIMIT 1"
    );
    let rows = writer.integers(&previous, 3)?;
    let row = rows.last();
    Ok(ReleaseBase {
        dataset,
        release,
        previous: row.map(|row| row[0].known()),
        same_content: row.is_some_and(|row| row[1].known() == 1),
        out_of_order: row.is_some_and(|row| row[2].known() == 1),
        is_other,
    })
}

/// Enters the release, which makes everything written with its number visible at the commit.
pub fn register_release(
    writer: &mut Writer,
    id: i64,
    dataset: i64,
    published: Date,
    content_hash: &str,
    report: &Report,
) -> Result<(), Error> {
    let files = serde_json::to_string(&report.files).map_err(|error| Error::Other(error.to_string()))?;
    let published = published.to_string();
    writer.execute(
        "INSERT INTO releases (id, dataset, publication_date, created_at_ms, importer_version, content_hash, files,
            rows_read, rows_new, rows_revised, rows_unchanged, rows_withdrawn, rows_rejected)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &[
            Value::Integer(id),
            Value::Integer(dataset),
            Value::Text(&published),
            Value::Integer(jiff::Timestamp::now().as_millisecond()),
            Value::Text(IMPORTER),
            Value::Text(content_hash),
            Value::Text(&files),
            Value::Integer(report.rows_read as i64),
            Value::Integer(report.rows_new as i64),
            Value::Integer(report.rows_revised as i64),
            Value::Integer(report.rows_unchanged as i64),
            Value::Integer(report.rows_withdrawn as i64),
            Value::Integer(report.rows_rejected as i64),
        ],
    )?;
    Ok(())
}
