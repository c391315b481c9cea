//! Datasets and the releases by which everything enters.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text, text_uniq};

use crate::table::{TableExt as _, create, drop_tables, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let datasets = Table::create()
            .table("datasets")
            .col(integer("id").primary_key())
            .col(text_uniq("name"))
            .cols(["title", "publisher", "license", "kind", "scope"].map(text))
            .cols(["valuation", "precedence"].map(integer))
            .take();
        let releases = Table::create()
            .table("releases")
            .col(integer("id").primary_key())
            .col(integer("dataset"))
            .col(text("publication_date"))
            .col(big_integer("created_at_ms"))
            .cols(["importer_version", "content_hash", "files"].map(text))
            .cols(
                ["rows_read", "rows_new", "rows_revised", "rows_unchanged", "rows_withdrawn", "rows_rejected"]
                    .map(big_integer),
            )
            .foreign_key(ForeignKey::create().from("releases", "dataset").to("datasets", "id"))
            .take();
        let by_dataset = index("releases_by_dataset", "releases", ["dataset", "id"]);
        create(manager, [datasets, releases], [by_dataset]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, ["releases", "datasets"]).await
    }
}
