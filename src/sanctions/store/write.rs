//! Writing a release: new versions, ended versions, keys, changes.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoIden, IntoTableRef, JoinType, OnConflict, Order, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityName as _, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryTrait as _,
};

use super::entity::record::{self, Column as Record};
use super::entity::subject::{self, Column as Subject};
use super::entity::{change, key, list};
use crate::register::entity::dataset;
use crate::register::moment::day_number;
use crate::sanctions::feed::change::ChangeKind;
use crate::sanctions::subject::difference::FieldChange;
use crate::sanctions::subject::keys::KeyKind;
use crate::sanctions::subject::model::SubjectKind;
use crate::store::{Error, Store, Table, Value, Writer};

/// Records that are read at a time: rows take more memory than what is kept of them.
const RECORDS_A_READ: usize = 1000;
/// Subjects whose rows one statement ends.
const SUBJECTS_A_STATEMENT: usize = 500;

static SUBJECTS: LazyLock<Table> = LazyLock::new(Table::of::<subject::Entity>);
static RECORDS: LazyLock<Table> = LazyLock::new(Table::of::<record::Entity>);
static KEYS: LazyLock<Table> = LazyLock::new(Table::of::<key::Entity>);
static CHANGES: LazyLock<Table> = LazyLock::new(Table::of::<change::Entity>);

/// The current version of a subject as the store has it.
#[derive(Debug)]
pub struct Current {
    pub subject: i64,
    pub spell_day: i64,
    pub kind: i64,
    pub name: String,
    pub record: String,
}

/// A list as it stands in the store.
#[derive(Debug, Default)]
pub struct CurrentList {
    pub by_uid: HashMap<String, Current>,
    /// Numbers of all subjects that the list ever had.
    pub numbers: HashMap<String, i64>,
}

#[derive(FromQueryResult)]
struct CurrentRow {
    uid: String,
    subject: i32,
    spell_day: i32,
    kind: i16,
    name: String,
    record: String,
}

/// Reads a list for comparison. Blocks; the caller is the one writer, so that nothing moves meanwhile.
pub fn current_list(store: &Store, dataset: i64) -> Result<CurrentList, Error> {
    let mut list = CurrentList::default();
    let subjects = subject::Entity::find().filter(Subject::Dataset.eq(dataset)).into_query();
    for row in store.find_blocking::<subject::Model>(subjects)? {
        list.numbers.insert(row.uid, i64::from(row.subject));
    }
    let mut last = 0;
    loop {
        let rows = current_records(store, dataset, last)?;
        let is_last = rows.len() < RECORDS_A_READ;
        for row in rows {
            let version = Current {
                subject: i64::from(row.subject),
                spell_day: i64::from(row.spell_day),
                kind: i64::from(row.kind),
                name: row.name,
                record: row.record,
            };
            last = version.subject;
            list.by_uid.insert(row.uid, version);
        }
        if is_last {
            return Ok(list);
        }
    }
}

/// The next current records of a list after a subject.
fn current_records(store: &Store, dataset: i64, after: i64) -> Result<Vec<CurrentRow>, Error> {
    let columns = [Record::Subject, Record::SpellDay, Record::Kind, Record::Name, Record::Record];
    let is_of_subject = Expr::col(("r", Record::Subject)).equals(("s", Subject::Subject));
    let select = Query::select()
        .column(("s", Subject::Uid))
        .columns(columns.map(|column| ("r", column)))
        .from_as(subject::Entity, "s")
        .join_as(JoinType::InnerJoin, record::Entity, "r", is_of_subject)
        .and_where(Expr::col(("r", Record::UntilRelease)).is_null())
        .and_where(Expr::col(("s", Subject::Dataset)).eq(dataset))
        .and_where(Expr::col(("r", Record::Subject)).gt(after))
        .order_by(("r", Record::Subject), Order::Asc)
        .limit(RECORDS_A_READ as u64)
        .take();
    store.find_blocking(select)
}

/// The number after the last that a column has. Blocks.
fn next_number(store: &Store, table: impl IntoTableRef, column: impl IntoIden) -> Result<i64, Error> {
    #[derive(FromQueryResult)]
    struct Last {
        number: Option<i64>,
    }
    let last = Expr::col(column.into_iden()).max().cast_as("bigint");
    let select = Query::select().expr_as(last, "number").from(table).take();
    Ok(store.find_blocking::<Last>(select)?.pop().and_then(|last| last.number).unwrap_or(0) + 1)
}

/// A version that begins.
#[derive(Debug)]
pub struct Version<'a> {
    pub subject: i64,
    /// The first version since the subject came, or came back.
    pub begins: bool,
    pub spell_day: i64,
    pub kind: SubjectKind,
    pub authority: &'a str,
    pub name: &'a str,
    pub listed_day: Option<i64>,
    pub delisted_day: Option<i64>,
    pub record: &'a str,
}

/// What a release did to one subject, for the feed.
#[derive(Debug)]
pub struct ChangeRow<'a> {
    pub subject: i64,
    pub kind: ChangeKind,
    pub subject_kind: i64,
    pub name: &'a str,
    pub fields: &'a [FieldChange],
}

/// Writes one release of a list. Rows go out table by table, so that each table's rows share one COPY.
pub struct ReleaseWriter<'a> {
    writer: &'a mut Writer,
    release: i64,
    day: i64,
    initial: bool,
    next_subject: i64,
    next_change: i64,
}

impl<'a> ReleaseWriter<'a> {
    pub fn new(
        store: &Store,
        writer: &'a mut Writer,
        release: i64,
        published: Date,
        initial: bool,
    ) -> Result<Self, Error> {
        let next_subject = next_number(store, subject::Entity, Subject::Subject)?;
        let next_change = next_number(store, change::Entity, change::Column::Id)?;
        Ok(Self { writer, release, day: day_number(published), initial, next_subject, next_change })
    }

    pub fn day(&self) -> i64 {
        self.day
    }

    /// A number for a subject that the list never had.
    pub fn new_subject(&mut self, dataset: i64, uid: &str) -> Result<i64, Error> {
        let subject = self.next_subject;
        self.next_subject += 1;
        let values = [Value::Integer(subject), Value::Integer(dataset), Value::Text(uid)];
        self.writer.insert_values(&SUBJECTS, &values)?;
        Ok(subject)
    }

    /// Ends the current versions of subjects and their keys.
    pub fn end(&mut self, subjects: &[i64]) -> Result<(), Error> {
        let (release, day) = (self.release as i32, self.day as i32);
        for batch in subjects.chunks(SUBJECTS_A_STATEMENT) {
            let records = record::Entity::update_many()
                .set(record::ActiveModel {
                    until_release: Set(Some(release)),
                    until_day: Set(Some(day)),
                    ..Default::default()
                })
                .filter(Record::Subject.is_in(batch.iter().copied()))
                .filter(Record::UntilRelease.is_null());
            self.writer.execute(records.as_query())?;
            let keys = key::Entity::update_many()
                .set(key::ActiveModel {
                    until_release: Set(Some(release)),
                    until_day: Set(Some(day)),
                    ..Default::default()
                })
                .filter(key::Column::Subject.is_in(batch.iter().copied()))
                .filter(key::Column::UntilRelease.is_null());
            self.writer.execute(keys.as_query())?;
        }
        Ok(())
    }

    pub fn record(&mut self, version: &Version<'_>) -> Result<(), Error> {
        let values = [
            Value::Integer(version.subject),
            Value::Integer(self.release),
            Value::Integer(self.day),
            Value::NullInteger,
            Value::NullInteger,
            Value::Boolean(version.begins),
            Value::Integer(version.spell_day),
            Value::Integer(version.kind as i64),
            Value::Text(version.authority),
            Value::Text(version.name),
            Value::optional_integer(version.listed_day),
            Value::optional_integer(version.delisted_day),
            Value::Text(version.record),
        ];
        self.writer.insert_values(&RECORDS, &values)
    }

    pub fn keys(&mut self, subject: i64, keys: &[(KeyKind, String)]) -> Result<(), Error> {
        for (kind, key) in keys {
            let values = [
                Value::Integer(*kind as i64),
                Value::Text(key),
                Value::Integer(subject),
                Value::Integer(self.release),
                Value::Integer(self.day),
                Value::NullInteger,
                Value::NullInteger,
            ];
            self.writer.insert_values(&KEYS, &values)?;
        }
        Ok(())
    }

    pub fn change(&mut self, change: &ChangeRow<'_>) -> Result<(), Error> {
        let fields = serde_json::to_string(change.fields).map_err(|error| Error::Other(error.to_string()))?;
        let values = [
            Value::Integer(self.next_change),
            Value::Integer(self.release),
            Value::Integer(self.day),
            Value::Integer(change.subject),
            Value::Integer(change.kind as i64),
            Value::Boolean(self.initial),
            Value::Integer(change.subject_kind),
            Value::Text(change.name),
            Value::Text(&fields),
        ];
        self.next_change += 1;
        self.writer.insert_values(&CHANGES, &values)
    }
}

/// Tells the planner how the tables have grown. Of a register of datasets that was never analyzed PostgreSQL thinks that
/// one list in hundreds is asked for, and sorts all of a list for its first page.
pub fn analyze(writer: &mut Writer) -> Result<(), Error> {
    for table in [
        dataset::Entity.table_name(),
        subject::Entity.table_name(),
        record::Entity.table_name(),
        key::Entity.table_name(),
        change::Entity.table_name(),
    ] {
        writer.analyze(table)?;
    }
    Ok(())
}

/// Notes that somebody looked at the list now.
pub fn note_check(writer: &mut Writer, dataset: i64, authority: &str, now_ms: i64) -> Result<(), Error> {
    let row = list::ActiveModel {
        dataset: Set(dataset as i32),
        authority: Set(authority.to_owned()),
        checked_at_ms: Set(now_ms),
    };
    let replaced = [list::Column::Authority, list::Column::CheckedAtMs];
    let replace = OnConflict::column(list::Column::Dataset).update_columns(replaced).to_owned();
    writer.execute(list::Entity::insert(row).on_conflict(replace).as_query())?;
    Ok(())
}
