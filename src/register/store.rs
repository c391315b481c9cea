//! The tables of datasets and releases.

use jiff::civil::Date;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use super::entity::{dataset, release};
use super::release::{Base, IMPORTER, ListPart};
use super::{Catalog, Dataset, DatasetKind, DatasetSpec, Moment, Release, Valuation};
use crate::import::{FileHash, Report};
use crate::store::{Error, Store, Writer};

/// The condition that a row with a past, of a table or an alias, is visible at a moment; looks at no day in force.
pub fn visible(table: &'static str, moment: &Moment) -> Condition {
    let column = |name: &'static str| Expr::col((table, name));
    Condition::all().add(column("since_release").lte(moment.release)).add(column("since_day").lte(moment.day)).add(
        Condition::any()
            .add(column("until_release").is_null())
            .add(column("until_release").gt(moment.release))
            .add(column("until_day").gt(moment.day)),
    )
}

/// Loads the register.
pub async fn load(store: &Store) -> Result<Catalog, Error> {
    // Releases first: what is read after them may be newer, never older.
    let releases: Vec<Release> = release::Entity::find()
        .order_by_asc(release::Column::Id)
        .all(store.orm())
        .await
        .map_err(Error::from_orm)?
        .into_iter()
        .map(release_from_row)
        .collect();
    let mut datasets: Vec<Dataset> = dataset::Entity::find()
        .all(store.orm())
        .await
        .map_err(Error::from_orm)?
        .into_iter()
        .filter_map(dataset_from_row)
        .collect();
    datasets.sort_by_key(|dataset| (dataset.spec.precedence, dataset.id));
    let newest_release = releases.last().map_or(0, |release| release.id);
    Ok(Catalog { newest_release, datasets, releases })
}

fn dataset_from_row(row: dataset::Model) -> Option<Dataset> {
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

fn release_from_row(row: release::Model) -> Release {
    let files: Vec<FileHash> = serde_json::from_str(&row.files).unwrap_or_default();
    let publication_date = row.publication_date.parse().unwrap_or(Date::MIN);
    Release {
        id: i64::from(row.id),
        dataset: i64::from(row.dataset),
        publication_date,
        dated: files.iter().filter_map(|file| file.dated).map(|dated| dated.last).max().unwrap_or(publication_date),
        created_at_ms: row.created_at_ms,
        importer_version: row.importer_version,
        content_hash: row.content_hash,
        parts: parts(files),
        files: row.files,
        rows_read: row.rows_read,
        rows_new: row.rows_new,
        rows_revised: row.rows_revised,
        rows_unchanged: row.rows_unchanged,
        rows_withdrawn: row.rows_withdrawn,
        rows_rejected: row.rows_rejected,
    }
}

/// The parts of a sanction list, which stand with its files.
fn parts(files: Vec<FileHash>) -> Vec<ListPart> {
    let parts = files.into_iter().flat_map(|file| file.parts);
    parts.map(|part| ListPart { name: part.name, whole: part.whole }).collect()
}

/// Whether there is a dataset of this name. Blocks.
pub fn is_known(store: &Store, name: &str) -> Result<bool, Error> {
    let select = dataset::Entity::find().filter(dataset::Column::Name.eq(name)).into_query();
    Ok(!store.find_blocking::<dataset::Model>(select)?.is_empty())
}

/// Where a release of this dataset would stand. Blocks. Only for the one writer do the numbers not move.
pub fn look(store: &Store, spec: &DatasetSpec, published: Date, content_hash: &str) -> Result<Base, Error> {
    let datasets: Vec<dataset::Model> = store.find_blocking(dataset::Entity::find().into_query())?;
    let known = datasets.iter().find(|row| row.name == spec.name);
    // Flows of two publishers are two datasets; lists and books may change hands.
    let is_other = known.is_some_and(|row| {
        row.kind != spec.kind.as_str() || (spec.kind == DatasetKind::Flows && row.publisher != spec.publisher)
    });
    let last = datasets.iter().map(|row| row.id).max().unwrap_or(0);
    let id = known.map_or(last + 1, |row| row.id);
    let releases = release::Entity::find().order_by_desc(release::Column::Id);
    let newest: Option<release::Model> = store.find_blocking(releases.clone().limit(1).into_query())?.pop();
    let of_dataset = releases.filter(release::Column::Dataset.eq(id)).limit(1).into_query();
    let previous: Option<release::Model> = store.find_blocking(of_dataset)?.pop();
    let previous = previous.map(release_from_row);
    let is_same = |release: &Release| {
        release.content_hash == content_hash && release.rows_rejected == 0 && release.importer_version == IMPORTER
    };
    Ok(Base {
        dataset: i64::from(id),
        is_known: known.is_some(),
        release: newest.map_or(1, |release| i64::from(release.id) + 1),
        same_content: previous.as_ref().is_some_and(is_same),
        out_of_order: previous.as_ref().is_some_and(|release| release.publication_date > published),
        previous: previous.map(|release| release.id),
        is_other,
    })
}

/// Enters the dataset. What the importer says of it replaces what an earlier one said.
pub fn enter_dataset(writer: &mut Writer, spec: &DatasetSpec, base: Base) -> Result<(), Error> {
    let row = dataset::ActiveModel {
        id: Set(base.dataset as i32),
        name: Set(spec.name.clone()),
        title: Set(spec.title.clone()),
        publisher: Set(spec.publisher.clone()),
        license: Set(spec.license.clone()),
        kind: Set(spec.kind.as_str().to_owned()),
        scope: Set(spec.scope.clone()),
        valuation: Set(spec.valuation.number() as i32),
        precedence: Set(spec.precedence as i32),
    };
    if base.is_known {
        writer.execute(
            dataset::Entity::update_many().set(row).filter(dataset::Column::Id.eq(base.dataset as i32)).as_query(),
        )?;
    } else {
        writer.execute(dataset::Entity::insert(row).as_query())?;
    }
    Ok(())
}

/// Enters the release, which makes everything written with its number visible at the commit.
pub fn enter(
    writer: &mut Writer,
    base: Base,
    published: Date,
    content_hash: &str,
    created_at_ms: i64,
    report: &Report,
) -> Result<(), Error> {
    let files = serde_json::to_string(&report.files).map_err(|error| Error::Other(error.to_string()))?;
    let row = release::ActiveModel {
        id: Set(base.release as i32),
        dataset: Set(base.dataset as i32),
        publication_date: Set(published.to_string()),
        created_at_ms: Set(created_at_ms),
        importer_version: Set(IMPORTER.to_owned()),
        content_hash: Set(content_hash.to_owned()),
        files: Set(files),
        rows_read: Set(report.rows_read as i64),
        rows_new: Set(report.rows_new as i64),
        rows_revised: Set(report.rows_revised as i64),
        rows_unchanged: Set(report.rows_unchanged as i64),
        rows_withdrawn: Set(report.rows_withdrawn as i64),
        rows_rejected: Set(report.rows_rejected as i64),
    };
    writer.execute(release::Entity::insert(row).as_query())?;
    Ok(())
}
