//! The tables of sanction records: all reading and writing of them.

pub mod changes;
pub mod goods;
pub mod holdings;
pub mod lists;
pub mod search;
pub mod subjects;
pub mod wanted;
pub mod write;

use crate::register::Moment;
use crate::store::Query;

/// Which record of a subject a question is answered with.
pub type Condition = fn(&Moment, &mut Query);

/// Adds the condition that a record, aliased `r`, is the one to answer with: visible, or, for a day in force, the
/// version of that day, or the first one of a later release which says that it was listed by then.
pub fn answers(moment: &Moment, query: &mut Query) {
    let Some(day) = moment.in_force else {
        return moment.visible("r", query);
    };
    query.sql("((");
    moment.visible_on("r", day.min(moment.day), query);
    query.sql(") OR (r.begins = 1 AND r.since_day > ").bind(day);
    query.sql(" AND r.listed_day <= ").bind(day);
    query.sql(" AND r.since_release <= ").bind(moment.release).sql(" AND r.since_day <= ").bind(moment.day);
    // A release of between its listing and that day which does not have it says that it was not on the list.
    query.sql(" AND r.listed_day > COALESCE((SELECT MAX(CAST(REPLACE(p.publication_date, '-', '') AS INTEGER))");
    query.sql(" FROM releases p JOIN sanction_subjects o ON o.dataset = p.dataset WHERE o.subject = r.subject");
    query.sql(" AND p.id <= ").bind(moment.release);
    query.sql(" AND CAST(REPLACE(p.publication_date, '-', '') AS INTEGER) <= ").bind(day).sql("), 0)");
    // The earliest such version, and none where the subject was on the list that day anyhow.
    query.sql(" AND NOT EXISTS (SELECT 1 FROM sanction_records e WHERE e.subject = r.subject AND e.begins = 1");
    query.sql(" AND e.since_release < r.since_release AND e.since_day > ").bind(day);
    query.sql(" AND e.listed_day <= ").bind(day).sql(")");
    query.sql(" AND NOT EXISTS (SELECT 1 FROM sanction_records v WHERE v.subject = r.subject AND ");
    moment.visible_on("v", day.min(moment.day), query);
    query.sql(")))");
}

/// As [`answers`], and for a day in force between two releases also the first version of a subject that the later one has
/// new and without a listing date: whether it was on the list that day is not known.
pub fn may_answer(moment: &Moment, query: &mut Query) {
    query.sql("(");
    answers(moment, query);
    if let Some(day) = moment.in_force {
        query.sql(" OR (r.begins = 1 AND r.listed_day IS NULL AND r.since_release <= ").bind(moment.release);
        query.sql(" AND r.since_day <= ").bind(moment.day).sql(" AND r.since_day > ").bind(day);
        query.sql(" AND r.since_day = (SELECT MIN(CAST(REPLACE(p.publication_date, '-', '') AS INTEGER))");
        query.sql(" FROM releases p JOIN sanction_subjects o ON o.dataset = p.dataset WHERE o.subject = r.subject");
        query.sql(" AND p.id <= ").bind(moment.release);
        query.sql(" AND CAST(REPLACE(p.publication_date, '-', '') AS INTEGER) >= ").bind(day).sql(")");
        query.sql(" AND NOT EXISTS (SELECT 1 FROM sanction_records v WHERE v.subject = r.subject AND ");
        moment.visible_on("v", day.min(moment.day), query);
        query.sql("))");
    }
    query.sql(")");
}
