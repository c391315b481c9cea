//! Datasets and the releases by which everything enters.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_all(
            manager,
            &[
                "CREATE TABLE datasets (
                    id          INTEGER NOT NULL PRIMARY KEY,
                    name        TEXT NOT NULL UNIQUE,
                    title       TEXT NOT NULL,
                    publisher   TEXT NOT NULL,
                    license     TEXT NOT NULL,
                    kind        TEXT NOT NULL,
                    scope       TEXT NOT NULL,
                    valuation   INTEGER NOT NULL,
                    precedence  INTEGER NOT NULL
                )",
                "CREATE TABLE releases (
                    id                INTEGER NOT NULL PRIMARY KEY,
                    dataset           INTEGER NOT NULL REFERENCES datasets (id),
                    publication_date  TEXT NOT NULL,
                    created_at_ms     BIGINT NOT NULL,
                    importer_version  TEXT NOT NULL,
                    content_hash      TEXT NOT NULL,
                    files             TEXT NOT NULL,
                    rows_read         BIGINT NOT NULL,
                    rows_new          BIGINT NOT NULL,
                    rows_revised      BIGINT NOT NULL,
                    rows_unchanged    BIGINT NOT NULL,
                    rows_withdrawn    BIGINT NOT NULL,
                    rows_rejected     BIGINT NOT NULL
                )",
                "CREATE INDEX releases_by_dataset ON releases (dataset, id)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_all(manager, &["DROP TABLE releases", "DROP TABLE datasets"]).await
    }
}
