//! Contract books, routes and price indexes with their history, observations and deliveries.
//!
//! Rows carry the release and the publication day (YYYYMMDD) that brought and ended them, as those of sanctions do.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, small_integer, text};

use crate::table::{TableExt as _, byte_text, create, drop_tables, index, versions};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        // One row a version of a contract, a route or a price index, by the kind of its dataset; the record is JSON.
        // `number` stands for the identifier in tables that have many rows a record.
        let records = Table::create()
            .table("energy_records")
            .col(integer("dataset"))
            .col(byte_text(backend, "id"))
            .col(integer("number"))
            .cols(versions())
            .col(text("record"))
            .key(["dataset", "id", "since_release"])
            .take();
        // Values as text: exact decimals whose digits are the source's.
        let observations = Table::create()
            .table("energy_observations")
            .cols(["dataset", "number", "day"].map(integer))
            .cols(versions())
            .col(text("value"))
            .key(["dataset", "number", "day", "since_release"])
            .clustered(backend)
            .take();
        let deliveries = Table::create()
            .table("energy_deliveries")
            .cols(["dataset", "entry"].map(integer))
            .cols(versions())
            .col(byte_text(backend, "subject"))
            .cols(["start_day", "end_day"].map(integer))
            .cols(["value", "unit", "source"].map(text))
            .col(small_integer("confidence"))
            .cols(["netting_rule", "note"].map(text))
            .key(["dataset", "entry", "since_release"])
            .take();
        // In the order of the list, so that a page is a range.
        let deliveries_by_subject =
            index("energy_deliveries_by_subject", "energy_deliveries", ["subject", "start_day", "dataset", "entry"]);
        create(manager, [records, observations, deliveries], [deliveries_by_subject]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, ["energy_deliveries", "energy_observations", "energy_records"]).await
    }
}
