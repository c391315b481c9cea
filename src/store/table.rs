//! Tables that rows are inserted into in bulk, and the values of their columns.

use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait as _, EntityTrait, IdenStatic as _, Iterable as _};

use super::Error;

/// A parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Integer(i64),
    Text(&'a str),
    Boolean(bool),
    /// PostgreSQL wants to know of what.
    NullText,
    NullInteger,
}

impl<'a> Value<'a> {
    pub fn optional_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::NullText, Self::Text)
    }

    pub fn optional_integer(number: Option<i64>) -> Self {
        number.map_or(Self::NullInteger, Self::Integer)
    }

    /// A parameter of sea-query, if it is of a type that our tables hold.
    pub(super) fn borrow(value: &'a sea_orm::Value) -> Result<Self, Error> {
        use sea_orm::Value as Orm;
        Ok(match value {
            Orm::Bool(flag) => flag.map_or(Self::NullInteger, Self::Boolean),
            Orm::SmallInt(number) => Self::optional_integer(number.map(i64::from)),
            Orm::Int(number) => Self::optional_integer(number.map(i64::from)),
            Orm::Unsigned(number) => Self::optional_integer(number.map(i64::from)),
            Orm::BigInt(number) => Self::optional_integer(*number),
            Orm::BigUnsigned(number) => Self::optional_integer(number.map(|number| number as i64)),
            Orm::String(text) => Self::optional_text(text.as_deref()),
            other => return Err(Error::Other(format!("no column holds a parameter such as {other:?}"))),
        })
    }
}

/// A column and its width in bytes on PostgreSQL: 2, 4 or 8 for integers, [`TEXT`] for texts.
#[derive(Clone, Copy, Debug)]
pub struct Column(pub &'static str, pub usize);

/// Width of a column of texts.
pub const TEXT: usize = 0;

/// A table that rows are inserted into in bulk.
pub struct Table {
    name: &'static str,
    columns: Vec<Column>,
    insert_sql: String,
}

impl Table {
    pub fn new(name: &'static str, columns: impl IntoIterator<Item = Column>) -> Self {
        let columns: Vec<Column> = columns.into_iter().collect();
        let names = columns.iter().map(|column| column.0).collect::<Vec<_>>().join(", ");
        let marks = vec!["?"; columns.len()].join(", ");
        let insert_sql = format!("INSERT INTO {name} ({names}) VALUES ({marks})");
        Self { name, columns, insert_sql }
    }

    /// The table of an entity, with its columns in the entity's order.
    pub fn of<E: EntityTrait>() -> Self {
        let width = |column: E::Column| match column.def().get_column_type() {
            ColumnType::SmallInteger => 2,
            ColumnType::Integer => 4,
            ColumnType::BigInteger => 8,
            _ => TEXT,
        };
        Self::new(E::default().table_name(), E::Column::iter().map(|column| Column(column.as_str(), width(column))))
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn names(&self) -> String {
        self.columns.iter().map(|column| column.0).collect::<Vec<_>>().join(", ")
    }

    /// Makes it a temporary table of the writer's connection.
    pub fn create_temporary_sql(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|Column(name, width)| {
                let kind = match width {
                    2 => "SMALLINT",
                    4 => "INTEGER",
                    _ => "BIGINT",
                };
                format!("{name} {kind}")
            })
            .collect();
        format!("CREATE TEMPORARY TABLE {} ({})", self.name, columns.join(", "))
    }

    pub(super) fn insert_sql(&self) -> &str {
        &self.insert_sql
    }
}
