//! One subject by name; when it cannot be answered with, why.

use std::sync::Arc;

use crate::register::{Catalog, Clocks, Moment};
use crate::rpc::Error;
use crate::store::Deadline;

use super::Sanctions;
use super::batch_get_subjects::by_name;
use super::provenance::{Provenance, why_absent};
use crate::register::moment::date_of;
use crate::sanctions::store::{answers, changes, subjects};
use crate::sanctions::subject::listed::{Link, Listed, SubjectName};
use crate::sanctions::subject::model::Subject;
use jiff::civil::Date;

pub struct Question {
    pub name: SubjectName,
    pub clocks: Clocks,
}

pub struct Answer {
    pub subject: Arc<Listed>,
    pub links: Vec<Link>,
    pub provenance: Provenance,
    pub catalog: Arc<Catalog>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let moment = sanctions.moment(question.clocks);
    let mut found = by_name(sanctions, std::slice::from_ref(&question.name), &moment, deadline).await?;
    let Some(subject) = found.subjects.pop() else {
        return Err(absent(sanctions, &question.name, &moment, deadline).await?);
    };
    Ok(Answer { subject, links: found.links, provenance: found.provenance, catalog: found.catalog })
}

/// Why there is no such subject, or none on the day.
pub(super) async fn absent(
    sanctions: &Sanctions,
    name: &SubjectName,
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Error, Error> {
    let (by_list, by_uid) = (&name.list, &name.uid);
    if let Some(day) = moment.in_force.and_then(date_of) {
        let on_list =
            subjects::by_name(sanctions.store(), std::slice::from_ref(name), moment, answers, deadline).await?;
        let ended = on_list.iter().find(|stored| !stored.subject.may_be_in_force(day));
        if let Some(stored) = ended {
            return Ok(Error::Absent { name: name.resource(), why: why_not_in_force(&stored.subject, by_list, day) });
        }
    }
    let newest = changes::of_subject(sanctions.store(), by_list, by_uid, moment, None, 1, deadline).await?;
    let catalog = sanctions.register.current(deadline).await?;
    Ok(why_absent(&catalog, name, newest.first(), moment))
}

/// The list has it, and nothing that holds on the day.
fn why_not_in_force(subject: &Subject, list: &str, day: Date) -> String {
    if let Some(delisted) = subject.delisted_on.filter(|_| subject.is_delisted(day)) {
        return format!("was not in force on {day}: datasets/{list} has it as delisted since {delisted}");
    }
    match subject.last_end(day) {
        Some(end) => format!("was not in force on {day}: the last of its measures on datasets/{list} ended on {end}"),
        None => {
            format!("was not in force on {day}: by their dates none of its measures on datasets/{list} held that day")
        }
    }
}
