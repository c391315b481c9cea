//! Sanction lists with their history, what is owned by whom, and controlled goods.
//!
//! Rows carry the release and the publication day (as the number YYYYMMDD) that brought and ended them, so that one
//! condition answers for any past day of all lists together.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, integer_null, small_integer, text};
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{TableExt as _, byte_text, create, drop_tables, index, versions};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn tables(backend: DbBackend) -> [TableCreateStatement; 7] {
    let byte_text = |name| byte_text(backend, name);
    [
        // When somebody last looked at the list, also when it had not changed.
        Table::create()
            .table("sanction_lists")
            .col(integer("dataset").primary_key())
            .col(text("authority"))
            .col(big_integer("checked_at_ms"))
            .take(),
        Table::create()
            .table("sanction_subjects")
            .col(integer("subject").primary_key())
            .col(integer("dataset"))
            .col(byte_text("uid"))
            .index(Index::create().unique().col("dataset").col("uid"))
            .take(),
        // One row a version; `spell_day` is the publication day since which the subject has been on the list without
        // interruption, `begins` marks its first version.
        Table::create()
            .table("sanction_records")
            .col(integer("subject"))
            .cols(versions())
            .col(small_integer("begins"))
            .col(integer("spell_day"))
            .col(small_integer("kind"))
            .col(byte_text("authority"))
            .col(text("name"))
            .cols(["listed_day", "delisted_day"].map(integer_null))
            .col(text("record"))
            .key(["subject", "since_release"])
            .clustered(backend)
            .take(),
        // What subjects are found by: words, identifiers, programmes, countries, measures.
        Table::create()
            .table("sanction_keys")
            .col(small_integer("kind"))
            .col(byte_text("key"))
            .col(integer("subject"))
            .cols(versions())
            .key(["kind", "key", "subject", "since_release"])
            .clustered(backend)
            .take(),
        Table::create()
            .table("sanction_changes")
            .col(big_integer("id").primary_key())
            .cols(["release", "day", "subject"].map(integer))
            .cols(["kind", "initial", "subject_kind"].map(small_integer))
            .cols(["name", "fields"].map(text))
            .take(),
        // Shares in ten-thousandths of a percent; absent where nobody knows.
        Table::create()
            .table("sanction_holdings")
            .cols(["dataset", "entry"].map(integer))
            .cols(versions())
            .col(byte_text("owner"))
            .col(text("owner_name"))
            .col(byte_text("owned"))
            .col(text("owned_name"))
            .col(small_integer("control"))
            .cols(["share", "start_day", "end_day"].map(integer_null))
            .col(text("source"))
            .key(["dataset", "entry", "since_release"])
            .take(),
        Table::create()
            .table("controlled_goods")
            .cols(["dataset", "entry"].map(integer))
            .cols(versions())
            .cols(["authority", "regime", "classification", "code"].map(byte_text))
            .cols(["tier", "destinations"].map(text))
            .cols(["start_day", "end_day"].map(integer_null))
            .cols(["title", "source"].map(text))
            .key(["dataset", "entry", "since_release"])
            .take(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = [
            index("sanction_keys_by_subject", "sanction_keys", ["subject", "kind"]),
            index("sanction_changes_by_subject", "sanction_changes", ["subject", "id"]),
            index("sanction_changes_by_day", "sanction_changes", ["day", "id"]),
            index("sanction_holdings_by_owner", "sanction_holdings", ["owner"]),
            index("sanction_holdings_by_owned", "sanction_holdings", ["owned"]),
        ];
        create(manager, tables(manager.get_database_backend()), indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "controlled_goods",
            "sanction_holdings",
            "sanction_changes",
            "sanction_keys",
            "sanction_records",
            "sanction_subjects",
            "sanction_lists",
        ];
        drop_tables(manager, tables).await
    }
}
