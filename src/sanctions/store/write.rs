//! Writing a release: new versions, ended versions, keys, changes.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::register::moment::day_number;
use crate::sanctions::feed::change::ChangeKind;
use crate::sanctions::subject::difference::FieldChange;
use crate::sanctions::subject::keys::KeyKind;
use crate::sanctions::subject::model::SubjectKind;
use crate::store::{Column, Error, Query, Store, TEXT, Table, Value, Writer};

/// Records that are read at a time: rows take more memory than what is kept of them.
const RECORDS_A_READ: usize = 1000;
/// Subjects whose rows one statement ends.
const SUBJECTS_A_STATEMENT: usize = 500;

static SUBJECTS: LazyLock<Table> = LazyLock::new(|| {
    Table::new("sanction_subjects", [Column("subject", 4), Column("dataset", 4), Column("uid", TEXT)])
});

static RECORDS: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("subject", 4),
        Column("since_release", 4),
        Column("since_day", 4),
        Column("begins", 2),
        Column("spell_day", 4),
        Column("kind", 2),
        Column("authority", TEXT),
        Column("name", TEXT),
        Column("listed_day", 4),
        Column("delisted_day", 4),
        Column("record", TEXT),
    ];
    Table::new("sanction_records", columns)
});

static KEYS: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("kind", 2),
        Column("key", TEXT),
        Column("subject", 4),
        Column("since_release", 4),
        Column("since_day", 4),
    ];
    Table::new("sanction_keys", columns)
});

static CHANGES: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("id", 8),
        Column("release", 4),
        Column("day", 4),
        Column("subject", 4),
        Column("kind", 2),
        Column("initial", 2),
        Column("subject_kind", 2),
        Column("name", TEXT),
        Column("fields", TEXT),
    ];
    Table::new("sanction_changes", columns)
});

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

/// Reads a list for comparison. Blocks; the caller is the one writer, so that nothing moves meanwhile.
pub fn current_list(store: &Store, dataset: i64) -> Result<CurrentList, Error> {
    let mut list = CurrentList::default();
    let mut subjects = Query::new(store, "SELECT uid, CAST(subject AS BIGINT) FROM sanction_subjects WHERE dataset = ");
    subjects.bind(dataset);
    for row in store.blocking_rows(subjects)? {
        list.numbers.insert(row.text(0)?, row.number(1)?);
    }
    let mut last = 0;
    loop {
        let mut current = Query::new(
            store,
            "SELECT s.uid, CAST(r.subject AS BIGINT), CAST(r.spell_day AS BIGINT), CAST(r.kind AS BIGINT), r.name,
                r.record FROM sanction_subjects s JOIN sanction_records r ON r.subject = s.subject
                WHERE r.until_release IS NULL AND s.dataset = ",
        );
        current.bind(dataset).sql(" AND r.subject > ").bind(last);
        current.sql(" ORDER BY r.subject LIMIT ").bind(RECORDS_A_READ as i64);
        let rows = store.blocking_rows(current)?;
        let is_last = rows.len() < RECORDS_A_READ;
        for row in rows {
            let version = Current {
                subject: row.number(1)?,
                spell_day: row.number(2)?,
                kind: row.number(3)?,
                name: row.text(4)?,
                record: row.text(5)?,
            };
            last = version.subject;
            list.by_uid.insert(row.text(0)?, version);
        }
        if is_last {
            return Ok(list);
        }
    }
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
    pub fn new(writer: &'a mut Writer, release: i64, published: Date, initial: bool) -> Result<Self, Error> {
        let mut next =
            |sql: &str| -> Result<i64, Error> { Ok(writer.integers(sql, 1)?.last().map_or(1, |row| row[0].known())) };
        let next_subject = next("SELECT COALESCE(MAX(subject), 0) + 1 FROM sanction_subjects")?;
        let next_change = next("SELECT COALESCE(MAX(id), 0) + 1 FROM sanction_changes")?;
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
        for some in subjects.chunks(SUBJECTS_A_STATEMENT) {
            let numbers = some.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            for table in ["sanction_records", "sanction_keys"] {
                let sql = format!(
                    "UPDATE {table} SET until_release = {}, until_day = {}
                        WHERE subject IN ({numbers}) AND until_release IS NULL",
                    self.release, self.day
                );
                self.writer.execute_sql(&sql, &[])?;
            }
        }
        Ok(())
    }

    pub fn record(&mut self, version: &Version<'_>) -> Result<(), Error> {
        let values = [
            Value::Integer(version.subject),
            Value::Integer(self.release),
            Value::Integer(self.day),
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

/// Tells PostgreSQL's planner how the tables have grown; SQLite's writer does so itself. Of a register of datasets that was
/// never analyzed it thinks that one list in hundreds is asked for, and sorts all of a list for its first page.
pub fn analyze(writer: &mut Writer) -> Result<(), Error> {
    if writer.is_postgres() {
        for table in ["datasets", "sanction_subjects", "sanction_records", "sanction_keys", "sanction_changes"] {
            writer.execute_sql(&format!("ANALYZE {table}"), &[])?;
        }
    }
    Ok(())
}

/// Notes that somebody looked at the list today.
pub fn note_check(writer: &mut Writer, dataset: i64, authority: &str) -> Result<(), Error> {
    writer.execute_sql(
        "INSERT INTO sanction_lists (dataset, authority, checked_at_ms) VALUES (?, ?, ?)
            ON CONFLICT (dataset) DO UPDATE SET authority = excluded.authority, checked_at_ms = excluded.checked_at_ms",
        &[Value::Integer(dataset), Value::Text(authority), Value::Integer(jiff::Timestamp::now().as_millisecond())],
    )?;
    Ok(())
}
