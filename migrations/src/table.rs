//! What the steps share: shorthand for columns, keys, clustering and indexes; creating and dropping tables in order.
//!
//! Released steps are built on it: it may grow, but the SQL of a function that a released step calls never changes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, integer_null, text};
use sea_orm_migration::sea_orm::DbBackend;

pub trait TableExt {
    fn cols(&mut self, columns: impl IntoIterator<Item = ColumnDef>) -> &mut Self;

    /// The primary key of several columns.
    fn key(&mut self, columns: impl IntoIterator<Item = &'static str>) -> &mut Self;

    /// Stores the rows in the order of the key, where the backend can: SQLite does, PostgreSQL always keeps a heap.
    fn clustered(&mut self, backend: DbBackend) -> &mut Self;
}

impl TableExt for TableCreateStatement {
    fn cols(&mut self, columns: impl IntoIterator<Item = ColumnDef>) -> &mut Self {
        columns.into_iter().fold(self, |table, column| table.col(column))
    }

    fn key(&mut self, columns: impl IntoIterator<Item = &'static str>) -> &mut Self {
        self.primary_key(columns.into_iter().fold(&mut Index::create(), |key, column| key.col(column)))
    }

    fn clustered(&mut self, backend: DbBackend) -> &mut Self {
        match backend {
            // Raw, because sea-query has no method for it.
            DbBackend::Sqlite => self.extra("WITHOUT ROWID"),
            _ => self,
        }
    }
}

/// A text that is compared byte by byte on both backends, so that order and ranges agree.
pub fn byte_text(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = text(name);
    if backend == DbBackend::Postgres {
        // Raw, because sea-query knows collations only for whole tables of MySQL. SQLite compares bytes by default.
        column.extra(r#"COLLATE "C""#);
    }
    column
}

/// The release and the publication day (YYYYMMDD) that brought a row and ended it.
pub fn versions() -> [ColumnDef; 4] {
    [integer("since_release"), integer("since_day"), integer_null("until_release"), integer_null("until_day")]
}

pub fn index(
    name: &'static str,
    table: &'static str,
    columns: impl IntoIterator<Item = &'static str>,
) -> IndexCreateStatement {
    columns.into_iter().fold(&mut Index::create(), |index, column| index.col(column)).name(name).table(table).take()
}

pub async fn create(
    manager: &SchemaManager<'_>,
    tables: impl IntoIterator<Item = TableCreateStatement>,
    indexes: impl IntoIterator<Item = IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

pub async fn drop_tables(
    manager: &SchemaManager<'_>,
    names: impl IntoIterator<Item = &'static str>,
) -> Result<(), DbErr> {
    for name in names {
        manager.drop_table(Table::drop().table(name).take()).await?;
    }
    Ok(())
}
