//! Sanction lists with their history, what is owned by whom, and controlled goods.
//!
//! Rows carry the release and the publication day (as the number YYYYMMDD) that brought and ended them, so that one
//! condition answers for any past day of all lists together.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Texts are compared byte by byte on both backends, so that order and ranges agree.
fn statements(backend: DbBackend) -> Vec<String> {
    let (key, small, big, clustered) = match backend {
        DbBackend::Postgres => ("TEXT COLLATE \"C\"", "SMALLINT", "BIGINT", ""),
        _ => ("TEXT", "INTEGER", "INTEGER", " WITHOUT ROWID"),
    };
    let versions = "since_release INTEGER NOT NULL,
                    since_day     INTEGER NOT NULL,
                    until_release INTEGER,
                    until_day     INTEGER";
    vec![
        // When somebody last looked at the list, also when it had not changed.
        format!(
            "CREATE TABLE sanction_lists (
                dataset       INTEGER NOT NULL PRIMARY KEY,
                authority     TEXT NOT NULL,
                checked_at_ms {big} NOT NULL
            )"
        ),
        format!(
            "CREATE TABLE sanction_subjects (
                subject INTEGER NOT NULL PRIMARY KEY,
                dataset INTEGER NOT NULL,
                uid     {key} NOT NULL,
                UNIQUE (dataset, uid)
            )"
        ),
        // One row a version; `spell_day` is the publication day since which the subject has been on the list without
        // interruption, `begins` marks its first version.
        format!(
            "CREATE TABLE sanction_records (
                subject     INTEGER NOT NULL,
                {versions},
                begins      {small} NOT NULL,
                spell_day   INTEGER NOT NULL,
                kind        {small} NOT NULL,
                authority   {key} NOT NULL,
                name        TEXT NOT NULL,
                listed_day  INTEGER,
                delisted_day INTEGER,
                record      TEXT NOT NULL,
                PRIMARY KEY (subject, since_release)
            ){clustered}"
        ),
        // What subjects are found by: words, identifiers, programmes, countries, measures.
        format!(
            "CREATE TABLE sanction_keys (
                kind    {small} NOT NULL,
                key     {key} NOT NULL,
                subject INTEGER NOT NULL,
                {versions},
                PRIMARY KEY (kind, key, subject, since_release)
            ){clustered}"
        ),
        "CREATE INDEX sanction_keys_by_subject ON sanction_keys (subject, kind)".into(),
        format!(
            "CREATE TABLE sanction_changes (
                id      {big} NOT NULL PRIMARY KEY,
                release INTEGER NOT NULL,
                day     INTEGER NOT NULL,
                subject INTEGER NOT NULL,
                kind    {small} NOT NULL,
                initial {small} NOT NULL,
                subject_kind {small} NOT NULL,
                name    TEXT NOT NULL,
                fields  TEXT NOT NULL
            )"
        ),
        "CREATE INDEX sanction_changes_by_subject ON sanction_changes (subject, id)".into(),
        "CREATE INDEX sanction_changes_by_day ON sanction_changes (day, id)".into(),
        // Shares in ten-thousandths of a percent; absent where nobody knows.
        format!(
            "CREATE TABLE sanction_holdings (
                dataset     INTEGER NOT NULL,
                entry       INTEGER NOT NULL,
                {versions},
                owner       {key} NOT NULL,
                owner_name  TEXT NOT NULL,
                owned       {key} NOT NULL,
                owned_name  TEXT NOT NULL,
                control     {small} NOT NULL,
                share       INTEGER,
                start_day   INTEGER,
                end_day     INTEGER,
                source      TEXT NOT NULL,
                PRIMARY KEY (dataset, entry, since_release)
            )"
        ),
        "CREATE INDEX sanction_holdings_by_owner ON sanction_holdings (owner)".into(),
        "CREATE INDEX sanction_holdings_by_owned ON sanction_holdings (owned)".into(),
        format!(
            "CREATE TABLE controlled_goods (
                dataset        INTEGER NOT NULL,
                entry          INTEGER NOT NULL,
                {versions},
                authority      {key} NOT NULL,
                regime         {key} NOT NULL,
                classification {key} NOT NULL,
                code           {key} NOT NULL,
                tier           TEXT NOT NULL,
                destinations   TEXT NOT NULL,
                start_day      INTEGER,
                end_day        INTEGER,
                title          TEXT NOT NULL,
                source         TEXT NOT NULL,
                PRIMARY KEY (dataset, entry, since_release)
            )"
        ),
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
        crate::execute_all(
            manager,
            &[
                "DROP TABLE controlled_goods",
                "DROP TABLE sanction_holdings",
                "DROP TABLE sanction_changes",
                "DROP TABLE sanction_keys",
                "DROP TABLE sanction_records",
                "DROP TABLE sanction_subjects",
                "DROP TABLE sanction_lists",
            ],
        )
        .await
    }
}
