//! Contract books, routes and price indexes with their history, observations and deliveries.
//!
//! Rows carry the release and the publication day (YYYYMMDD) that brought and ended them, as those of sanctions do.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn statements(backend: DbBackend) -> Vec<String> {
    let (key, small, clustered) = match backend {
        DbBackend::Postgres => ("TEXT COLLATE \"C\"", "SMALLINT", ""),
        _ => ("TEXT", "INTEGER", "WITHOUT ROWID"),
    };
    let versions = "since_release INTEGER NOT NULL,
                    since_day     INTEGER NOT NULL,
                    until_release INTEGER,
                    until_day     INTEGER";
    vec![
        // One row a version of a contract, a route or a price index, by the kind of its dataset; the record is JSON.
        // `number` stands for the identifier in tables that have many rows a record.
        format!(
            "CREATE TABLE energy_records (
                dataset INTEGER NOT NULL,
                id      {key} NOT NULL,
                number  INTEGER NOT NULL,
                {versions},
                record  TEXT NOT NULL,
                PRIMARY KEY (dataset, id, since_release)
            )"
        ),
        // Values as text: exact decimals whose digits are the source's.
        format!(
            "CREATE TABLE energy_observations (
                dataset INTEGER NOT NULL,
                number  INTEGER NOT NULL,
                day     INTEGER NOT NULL,
                {versions},
                value   TEXT NOT NULL,
                PRIMARY KEY (dataset, number, day, since_release)
            ) {clustered}"
        ),
        format!(
            "CREATE TABLE energy_deliveries (
                dataset      INTEGER NOT NULL,
                entry        INTEGER NOT NULL,
                {versions},
                subject      {key} NOT NULL,
                start_day    INTEGER NOT NULL,
                end_day      INTEGER NOT NULL,
                value        TEXT NOT NULL,
                unit         TEXT NOT NULL,
                source       TEXT NOT NULL,
                confidence   {small} NOT NULL,
                netting_rule TEXT NOT NULL,
                note         TEXT NOT NULL,
                PRIMARY KEY (dataset, entry, since_release)
            )"
        ),
        // In the order of the list, so that a page is a range.
        "CREATE INDEX energy_deliveries_by_subject ON energy_deliveries (subject, start_day, dataset, entry)".into(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = statements(manager.get_database_backend());
        crate::execute_all(manager, &statements.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["energy_deliveries", "energy_observations", "energy_records"];
        let drops: Vec<String> = tables.iter().map(|table| format!("DROP TABLE {table}")).collect();
        crate::execute_all(manager, &drops.iter().map(String::as_str).collect::<Vec<_>>()).await
    }
}
