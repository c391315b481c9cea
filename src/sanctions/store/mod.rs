//! The tables of sanction records: all reading and writing of them.

pub mod changes;
pub mod goods;
pub mod holdings;
pub mod lists;
pub mod subjects;
pub mod write;

use jiff::civil::Date;

use crate::store::{Deadline, Error, Query, Row, Store};

/// At which moment of both clocks a question is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Newest release that may be seen, which pins a list of pages.
    pub release: i64,
    /// Newest publication day that may be seen, YYYYMMDD.
    pub day: i64,
    /// Day on which it was in force, if that is asked.
    pub in_force: Option<i64>,
}

/// A day after all days.
pub const NO_DAY: i64 = 99_991_231;
/// A release after all releases.
pub const NO_RELEASE: i64 = i32::MAX as i64;

impl Moment {
    pub const NOW: Self = Self { release: NO_RELEASE, day: NO_DAY, in_force: None };

    /// Adds the condition that a row of the table `alias` is visible; looks at no day in force.
    pub fn visible(&self, alias: &str, query: &mut Query) {
        self.visible_on(alias, self.day, query);
    }

    fn visible_on(&self, alias: &str, day: i64, query: &mut Query) {
        query.sql(&format!("{alias}.since_release <= ")).bind(self.release);
        query.sql(&format!(" AND {alias}.since_day <= ")).bind(day);
        query.sql(&format!(" AND ({alias}.until_release IS NULL OR {alias}.until_release > ")).bind(self.release);
        query.sql(&format!(" OR {alias}.until_day > ")).bind(day).sql(")");
    }

    /// Adds the condition that a record, aliased `r`, is the one to answer with: visible, or, for a day in force, the
    /// version of that day, or the first one of a later release which says that it was listed by then.
    pub fn answers(&self, query: &mut Query) {
        let Some(day) = self.in_force else {
            return self.visible("r", query);
        };
        query.sql("((");
        self.visible_on("r", day.min(self.day), query);
        query.sql(") OR (r.begins = 1 AND r.since_day > ").bind(day);
        query.sql(" AND r.listed_day <= ").bind(day);
        query.sql(" AND r.since_release <= ").bind(self.release).sql(" AND r.since_day <= ").bind(self.day);
        // A release of between its listing and that day which does not have it says that it was not on the list.
        query.sql(" AND r.listed_day > COALESCE((SELECT MAX(CAST(REPLACE(p.publication_date, '-', '') AS INTEGER))");
        query.sql(" FROM releases p JOIN sanction_subjects o ON o.dataset = p.dataset WHERE o.subject = r.subject");
        query.sql(" AND p.id <= ").bind(self.release);
        query.sql(" AND CAST(REPLACE(p.publication_date, '-', '') AS INTEGER) <= ").bind(day).sql("), 0)");
        // The earliest such version, and none where the subject was on the list that day anyhow.
        query.sql(" AND NOT EXISTS (SELECT 1 FROM sanction_records e WHERE e.subject = r.subject AND e.begins = 1");
        query.sql(" AND e.since_release < r.since_release AND e.since_day > ").bind(day);
        query.sql(" AND e.listed_day <= ").bind(day).sql(")");
        query.sql(" AND NOT EXISTS (SELECT 1 FROM sanction_records v WHERE v.subject = r.subject AND ");
        self.visible_on("v", day.min(self.day), query);
        query.sql(")))");
    }
}

/// The day of a number YYYYMMDD.
pub fn date_of(number: i64) -> Option<Date> {
    Date::new((number / 10_000) as i16, (number / 100 % 100) as i8, (number % 100) as i8).ok()
}

/// Reads for an importer, which is the one writer: nothing moves meanwhile.
fn blocking_rows(store: &Store, query: Query) -> Result<Vec<Row>, Error> {
    // Importers run where blocking is allowed, beside the runtime that drives the connections.
    let deadline = Deadline::after(std::time::Duration::from_secs(600));
    tokio::runtime::Handle::current().block_on(store.rows(query, &deadline))
}
