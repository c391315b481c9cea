//! Trade flows with their history, and the small sums beside them.
//!
//! A row of `flows` is the current version; `flow_history` holds versions that a later release replaced or withdrew,
//! with that release in `until_release`. Both have the same key and order on both backends. SQLite clusters the rows by
//! the key (WITHOUT ROWID); PostgreSQL partitions them by year, and the importer makes the partitions.
//!
//! Amounts are whole thousandths (US dollars, units of quantity) or whole grams. What a row does not use is NULL, which
//! costs a byte of header on SQLite and a bit on PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns shared by `flows` and `flow_history`. Order matters: on PostgreSQL wide columns first, so that no padding
/// stands between them; on SQLite the key first and in its order, because `PRAGMA integrity_check` of some versions
/// misreads clustered tables otherwise.
const WIDE_FIRST: &str = "
    value           BIGINT,
    net_weight      BIGINT,
    period          INTEGER NOT NULL,
    commodity       INTEGER NOT NULL,
    variant         INTEGER NOT NULL,
    release         INTEGER NOT NULL,
    dataset         SMALLINT NOT NULL,
    reporter        SMALLINT NOT NULL,
    flow            SMALLINT NOT NULL,
    partner         SMALLINT NOT NULL";

const KEY_FIRST: &str = "
    dataset         SMALLINT NOT NULL,
    reporter        SMALLINT NOT NULL,
    flow            SMALLINT NOT NULL,
    period          INTEGER NOT NULL,
    partner         SMALLINT NOT NULL,
    commodity       INTEGER NOT NULL,
    variant         INTEGER NOT NULL";

/// What follows on both.
const AMOUNTS: &str = "
    quantity        BIGINT,
    cif_value       BIGINT,
    fob_value       BIGINT,
    gross_weight    BIGINT,
    alt_quantity    BIGINT,
    quantity_unit   SMALLINT,
    alt_unit        SMALLINT,
    flags           SMALLINT";

const KEY: &str = "dataset, reporter, flow, period, partner, commodity, variant";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let values = "release INTEGER NOT NULL, value BIGINT, net_weight BIGINT";
        let until = "until_release INTEGER NOT NULL";
        let (flows, history, clustered) = match manager.get_database_backend() {
            DbBackend::Sqlite => (
                format!("CREATE TABLE flows ({KEY_FIRST}, {values}, {AMOUNTS}, PRIMARY KEY ({KEY})) WITHOUT ROWID"),
                format!(
                    "CREATE TABLE flow_history ({KEY_FIRST}, {until}, {values}, {AMOUNTS},
                        PRIMARY KEY ({KEY}, until_release)) WITHOUT ROWID"
                ),
                "WITHOUT ROWID",
            ),
            _ => (
                format!(
                    "CREATE TABLE flows ({WIDE_FIRST}, {AMOUNTS}, PRIMARY KEY ({KEY})) PARTITION BY RANGE (period)"
                ),
                format!(
                    "CREATE TABLE flow_history ({WIDE_FIRST}, {AMOUNTS}, {until},
                        PRIMARY KEY ({KEY}, until_release))"
                ),
                "",
            ),
        };
        // What each report holds, by the kind of row: how the service knows at which level it can add, and why an
        // answer is empty. Versioned, because `as_of` asks for it too.
        let strata = format!(
            "CREATE TABLE flow_strata (
                dataset         SMALLINT NOT NULL,
                reporter        SMALLINT NOT NULL,
                flow            SMALLINT NOT NULL,
                period          INTEGER NOT NULL,
                classification  SMALLINT NOT NULL,
                chapter         SMALLINT NOT NULL,
                level           SMALLINT NOT NULL,
                partner_kind    SMALLINT NOT NULL,
                detail_kind     SMALLINT NOT NULL,
                since_release   INTEGER NOT NULL,
                until_release   INTEGER,
                rows            BIGINT NOT NULL,
                PRIMARY KEY (dataset, reporter, flow, period, classification, chapter, level, partner_kind,
                             detail_kind, since_release)
            ) {clustered}"
        );
        let sums = "rows            BIGINT NOT NULL,
                value_rows      BIGINT NOT NULL,
                value           BIGINT NOT NULL,
                weight_rows     BIGINT NOT NULL,
                net_weight      BIGINT NOT NULL,
                weighed_value   BIGINT NOT NULL,
                weighed_weight  BIGINT NOT NULL,
                estimated_value BIGINT NOT NULL,
                converted_value BIGINT NOT NULL";
        // Sums over commodities of one level for a pair of countries. `cut` packs classification and level.
        let pairs = format!(
            "CREATE TABLE flow_pairs (
                dataset         SMALLINT NOT NULL,
                reporter        SMALLINT NOT NULL,
                flow            SMALLINT NOT NULL,
                period          INTEGER NOT NULL,
                partner         SMALLINT NOT NULL,
                cut             SMALLINT NOT NULL,
                {sums},
                PRIMARY KEY (dataset, reporter, flow, period, partner, cut)
            ) {clustered}"
        );
        // Sums over all reporters and partners, for the most detailed codes (`detail` 1) and their chapters (0).
        let world = format!(
            "CREATE TABLE flow_world (
                dataset         SMALLINT NOT NULL,
                flow            SMALLINT NOT NULL,
                detail          SMALLINT NOT NULL,
                period          INTEGER NOT NULL,
                commodity       INTEGER NOT NULL,
                {sums},
                PRIMARY KEY (dataset, flow, detail, period, commodity)
            ) {clustered}"
        );
        crate::execute_all(manager, &[&flows, &history, &strata, &pairs, &world]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_all(
            manager,
            &[
                "DROP TABLE flow_world",
                "DROP TABLE flow_pairs",
                "DROP TABLE flow_strata",
                "DROP TABLE flow_history",
                "DROP TABLE flows",
            ],
        )
        .await
    }
}
