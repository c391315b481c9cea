//! Areas, units, classifications, commodities and concordances.
//!
//! `commodities.commodity` and `concordances.*` hold the number that `reference::CommodityCode` packs: classification
//! and code in one, in the order of the codes, so that a prefix is a range.

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
                "CREATE TABLE areas (
                    number      INTEGER NOT NULL PRIMARY KEY,
                    code        TEXT NOT NULL UNIQUE,
                    alpha2      TEXT,
                    alpha3      TEXT,
                    m49         INTEGER,
                    kind        TEXT NOT NULL,
                    name        TEXT NOT NULL,
                    entry_year  INTEGER,
                    exit_year   INTEGER,
                    source      TEXT NOT NULL,
                    note        TEXT NOT NULL
                )",
                "CREATE TABLE units (
                    number        INTEGER NOT NULL PRIMARY KEY,
                    abbreviation  TEXT NOT NULL,
                    name          TEXT NOT NULL,
                    source        TEXT NOT NULL
                )",
                "CREATE TABLE classifications (
                    number  INTEGER NOT NULL PRIMARY KEY,
                    code    TEXT NOT NULL UNIQUE,
                    name    TEXT NOT NULL UNIQUE,
                    title   TEXT NOT NULL
                )",
                "CREATE TABLE commodities (
                    commodity       INTEGER NOT NULL,
                    since_release   INTEGER NOT NULL,
                    until_release   INTEGER,
                    classification  INTEGER NOT NULL,
                    code            TEXT NOT NULL,
                    title           TEXT NOT NULL,
                    level           INTEGER NOT NULL,
                    parent          INTEGER,
                    leaf            BOOLEAN NOT NULL,
                    unit            TEXT,
                    PRIMARY KEY (commodity, since_release)
                )",
                "CREATE TABLE concordances (
                    from_classification  INTEGER NOT NULL,
                    to_classification    INTEGER NOT NULL,
                    from_commodity       INTEGER NOT NULL,
                    to_commodity         INTEGER NOT NULL,
                    since_release        INTEGER NOT NULL,
                    until_release        INTEGER,
                    PRIMARY KEY (from_classification, to_classification, from_commodity, to_commodity, since_release)
                )",
                "CREATE INDEX concordances_back
                    ON concordances (from_classification, to_classification, to_commodity, from_commodity)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_all(
            manager,
            &[
                "DROP TABLE concordances",
                "DROP TABLE commodities",
                "DROP TABLE classifications",
                "DROP TABLE units",
                "DROP TABLE areas",
            ],
        )
        .await
    }
}
