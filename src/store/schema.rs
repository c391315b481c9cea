//! Which schema the store has, and bringing it up or down.

use entrepot_migrations::Migrator;
use sea_orm::EntityTrait as _;
use sea_orm_migration::{MigratorTrait as _, SchemaManager, seaql_migrations};

use super::{Error, Store};

/// One step of the schema.
#[derive(Debug)]
pub struct Step {
    pub name: String,
    pub applied: bool,
}

/// Steps in order, with whether each has been applied; then steps in the store that this program does not know.
pub async fn status(store: &Store) -> Result<(Vec<Step>, Vec<String>), Error> {
    Ok(compare(applied_names(store).await?))
}

/// The steps of a store that has not been made: none is applied.
pub fn unmade() -> Vec<Step> {
    compare(Vec::new()).0
}

fn compare(applied: Vec<String>) -> (Vec<Step>, Vec<String>) {
    let known: Vec<String> = Migrator::get_migration_files().iter().map(|step| step.name().to_owned()).collect();
    let unknown = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
    let steps = known.into_iter().map(|name| Step { applied: applied.contains(&name), name }).collect();
    (steps, unknown)
}

/// Errs unless the store has exactly the schema that this program knows.
pub async fn check(store: &Store) -> Result<(), Error> {
    let (steps, unknown) = status(store).await?;
    fits(&steps, &unknown)
}

/// The same of steps that have been read.
pub fn fits(steps: &[Step], unknown: &[String]) -> Result<(), Error> {
    if let Some(name) = unknown.first() {
        return Err(Error::SchemaNewer(name.clone()));
    }
    let missing = steps.iter().filter(|step| !step.applied).count();
    if missing > 0 { Err(Error::SchemaOlder(missing)) } else { Ok(()) }
}

/// Applies what is missing; returns the names of the steps applied.
pub async fn up(store: &Store) -> Result<Vec<String>, Error> {
    let (steps, unknown) = status(store).await?;
    if let Some(name) = unknown.into_iter().next() {
        return Err(Error::SchemaNewer(name));
    }
    if steps.iter().any(|step| !step.applied) {
        Migrator::up(store.orm(), None).await.map_err(Error::from_orm)?;
    }
    Ok(steps.into_iter().filter(|step| !step.applied).map(|step| step.name).collect())
}

/// Takes back the last `count` steps with everything in their tables.
pub async fn down(store: &Store, count: u32) -> Result<(), Error> {
    Migrator::down(store.orm(), Some(count)).await.map_err(Error::from_orm)
}

async fn applied_names(store: &Store) -> Result<Vec<String>, Error> {
    // A store that nobody has touched has no table of steps; looking must not make one.
    let table = Migrator::migration_table_name().to_string();
    if !SchemaManager::new(store.orm()).has_table(table).await.map_err(Error::from_orm)? {
        return Ok(Vec::new());
    }
    let rows = seaql_migrations::Entity::find().all(store.orm()).await.map_err(Error::from_orm)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
