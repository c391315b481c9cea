//! Trade flows with their history, and the small sums beside them.
//!
//! A row of `flows` is the current version; `flow_history` holds versions that a later release replaced or withdrew,
//! with that release in `until_release`. Both have the same key and order on both backends. SQLite clusters the rows by
//! the key (WITHOUT ROWID); PostgreSQL partitions them by year, and the importer makes the partitions.
//!
//! Amounts are whole thousandths (US dollars, units of quantity) or whole grams. What a row does not use is NULL, which
//! costs a byte of header on SQLite and a bit on PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, integer_null, small_integer, small_integer_null,
};
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{TableExt as _, create, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KEY: [&str; 7] = ["dataset", "reporter", "flow", "period", "partner", "commodity", "variant"];

/// `flows` and `flow_history`. The order of their columns matters: on PostgreSQL wide columns first, so that no padding
/// stands between them; on SQLite the key first and in its order, because `PRAGMA integrity_check` of some versions
/// misreads clustered tables otherwise.
fn flows_and_history(backend: DbBackend) -> [TableCreateStatement; 2] {
    let mut flows = Table::create().table("flows").take();
    let mut history = Table::create().table("flow_history").take();
    let history_key = KEY.into_iter().chain(["until_release"]);
    if backend == DbBackend::Sqlite {
        flows.cols(key_columns()).cols(values()).cols(amounts()).key(KEY).clustered(backend);
        history
            .cols(key_columns())
            .col(integer("until_release"))
            .cols(values())
            .cols(amounts())
            .key(history_key)
            .clustered(backend);
    } else {
        flows.cols(wide_first()).cols(amounts()).key(KEY).partition_by_range(["period"]);
        history.cols(wide_first()).cols(amounts()).col(integer("until_release")).key(history_key);
    }
    [flows, history]
}

fn key_columns() -> [ColumnDef; 7] {
    KEY.map(|name| match name {
        "period" | "commodity" | "variant" => integer(name),
        _ => small_integer(name),
    })
}

fn values() -> [ColumnDef; 3] {
    [integer("release"), big_integer_null("value"), big_integer_null("net_weight")]
}

/// The columns of the key and the values, in the order of their widths.
fn wide_first() -> impl Iterator<Item = ColumnDef> {
    let wide = ["value", "net_weight"].map(big_integer_null).into_iter();
    wide.chain(["period", "commodity", "variant", "release"].map(integer))
        .chain(["dataset", "reporter", "flow", "partner"].map(small_integer))
}

/// What follows on both backends.
fn amounts() -> impl Iterator<Item = ColumnDef> {
    let wide = ["quantity", "cif_value", "fob_value", "gross_weight", "alt_quantity"].map(big_integer_null).into_iter();
    wide.chain(["quantity_unit", "alt_unit", "flags"].map(small_integer_null))
}

fn sums() -> [ColumnDef; 9] {
    [
        "rows",
        "value_rows",
        "value",
        "weight_rows",
        "net_weight",
        "weighed_value",
        "weighed_weight",
        "estimated_value",
        "converted_value",
    ]
    .map(big_integer)
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let [flows, history] = flows_and_history(backend);
        // What each report holds, by the kind of row: how the service knows at which level it can add, and why an
        // answer is empty. Versioned, because `as_of` asks for it too.
        let kinds = ["classification", "chapter", "level", "partner_kind", "detail_kind"];
        let strata = Table::create()
            .table("flow_strata")
            .cols(["dataset", "reporter", "flow"].map(small_integer))
            .col(integer("period"))
            .cols(kinds.map(small_integer))
            .col(integer("since_release"))
            .col(integer_null("until_release"))
            .col(big_integer("rows"))
            .key(["dataset", "reporter", "flow", "period"].into_iter().chain(kinds).chain(["since_release"]))
            .clustered(backend)
            .take();
        // Sums over commodities of one level for a pair of countries. `cut` packs classification and level.
        let pairs = Table::create()
            .table("flow_pairs")
            .cols(["dataset", "reporter", "flow"].map(small_integer))
            .col(integer("period"))
            .cols(["partner", "cut"].map(small_integer))
            .cols(sums())
            .key(["dataset", "reporter", "flow", "period", "partner", "cut"])
            .clustered(backend)
            .take();
        // Sums over all reporters and partners, for the most detailed codes (`detail` 1) and their chapters (0).
        let world = Table::create()
            .table("flow_world")
            .cols(["dataset", "flow", "detail"].map(small_integer))
            .cols(["period", "commodity"].map(integer))
            .cols(sums())
            .key(["dataset", "flow", "detail", "period", "commodity"])
            .clustered(backend)
            .take();
        create(manager, [flows, history, strata, pairs, world], []).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, ["flow_world", "flow_pairs", "flow_strata", "flow_history", "flows"]).await
    }
}
