//! Areas, units, classifications, commodities and concordances.
//!
//! `commodities.commodity` and `concordances.*` hold the number that `reference::CommodityCode` packs: classification
//! and code in one, in the order of the codes, so that a prefix is a range.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, integer, integer_null, text, text_null, text_uniq};

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
        let areas = Table::create()
            .table("areas")
            .col(integer("number").primary_key())
            .col(text_uniq("code"))
            .cols(["alpha2", "alpha3"].map(text_null))
            .col(integer_null("m49"))
            .cols(["kind", "name"].map(text))
            .cols(["entry_year", "exit_year"].map(integer_null))
            .cols(["source", "note"].map(text))
            .take();
        let units = Table::create()
            .table("units")
            .col(integer("number").primary_key())
            .cols(["abbreviation", "name", "source"].map(text))
            .take();
        let classifications = Table::create()
            .table("classifications")
            .col(integer("number").primary_key())
            .cols(["code", "name"].map(text_uniq))
            .col(text("title"))
            .take();
        let commodities = Table::create()
            .table("commodities")
            .cols(["commodity", "since_release"].map(integer))
            .col(integer_null("until_release"))
            .col(integer("classification"))
            .cols(["code", "title"].map(text))
            .col(integer("level"))
            .col(integer_null("parent"))
            .col(boolean("leaf"))
            .col(text_null("unit"))
            .key(["commodity", "since_release"])
            .take();
        let concordance_key =
            ["from_classification", "to_classification", "from_commodity", "to_commodity", "since_release"];
        let concordances = Table::create()
            .table("concordances")
            .cols(concordance_key.map(integer))
            .col(integer_null("until_release"))
            .key(concordance_key)
            .take();
        let concordances_back = index(
            "concordances_back",
            "concordances",
            ["from_classification", "to_classification", "to_commodity", "from_commodity"],
        );
        create(manager, [areas, units, classifications, commodities, concordances], [concordances_back]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, ["concordances", "commodities", "classifications", "units", "areas"]).await
    }
}
