//! The schema of the store: one file a step, each for SQLite and PostgreSQL.
//!
//! Never reads data and knows no type of the service. A step that has been released is never edited.

use sea_orm_migration::prelude::*;

mod m0001_releases;
mod m0002_reference;
mod m0003_flows;
mod m0004_sanctions;
mod m0005_energy;
mod table;

/// All steps, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_releases::Migration),
            Box::new(m0002_reference::Migration),
            Box::new(m0003_flows::Migration),
            Box::new(m0004_sanctions::Migration),
            Box::new(m0005_energy::Migration),
        ]
    }
}
