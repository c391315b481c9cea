//! One subject by name; when it cannot be answered with, why.

use std::sync::Arc;

use crate::register::{Catalog, Clocks, Moment};
use crate::rpc::Error;
use crate::store::Deadline;

use super::Sanctions;
use super::batch_get_subjects::by_name;
use super::provenance::{Provenance, why_absent};
use crate::sanctions::store::changes;
use crate::sanctions::subject::listed::{Link, Listed, SubjectName};

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
    let newest = changes::of_subject(sanctions.store(), &name.list, &name.uid, moment, None, 1, deadline).await?;
    let catalog = sanctions.register.current(deadline).await?;
    Ok(why_absent(&catalog, name, newest.first(), moment))
}
