//! Subjects by name, with their links to other lists.

use std::collections::HashMap;
use std::sync::Arc;

use crate::register::moment::date_of;
use crate::register::{Catalog, Clocks, Dataset, Moment};
use crate::rpc::Error;
use crate::store::Deadline;

use super::provenance::{Provenance, provenance};
use super::{Sanctions, links};
use crate::sanctions::store::answers;
use crate::sanctions::store::subjects;
use crate::sanctions::subject::listed::{Link, Listed, SubjectName};

pub struct Question {
    pub names: Vec<SubjectName>,
    pub clocks: Clocks,
}

pub struct Answer {
    /// In the order asked.
    pub subjects: Vec<Arc<Listed>>,
    pub links: Vec<Link>,
    /// Resource names of those that were not found.
    pub missing: Vec<String>,
    pub provenance: Provenance,
    pub catalog: Arc<Catalog>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let moment = sanctions.moment(question.clocks);
    by_name(sanctions, &question.names, &moment, deadline).await
}

/// Those that may be seen at a moment.
pub(super) async fn by_name(
    sanctions: &Sanctions,
    names: &[SubjectName],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Answer, Error> {
    let store = sanctions.store();
    let mut stored = subjects::by_name(store, names, moment, answers, deadline).await?;
    if let Some(day) = moment.in_force.and_then(date_of) {
        stored.retain(|stored| stored.subject.may_be_in_force(day));
    }
    let links = links::of(store, &stored, moment, answers, deadline).await?;
    // The register as of the newest release that a read has seen.
    let catalog = match stored.iter().map(|stored| stored.newest_release).max() {
        Some(newest) => sanctions.register.at_least(newest).await?,
        None => sanctions.register.current(deadline).await?,
    };
    let by_name: HashMap<String, Arc<Listed>> =
        stored.into_iter().map(|stored| (stored.name(), Arc::new(stored))).collect();
    let (mut subjects, mut missing, mut lists) = (Vec::new(), Vec::new(), Vec::<&Dataset>::new());
    for name in names {
        let resource = format!("subjects/{}.{}", name.list, name.uid);
        let Some(stored) = by_name.get(&resource) else {
            missing.push(resource);
            continue;
        };
        if let Some(list) = catalog.dataset(&stored.list)
            && lists.iter().all(|known| known.id != list.id)
        {
            lists.push(list);
        }
        subjects.push(Arc::clone(stored));
    }
    let provenance = provenance(&catalog, &lists, moment);
    Ok(Answer { subjects, links, missing, provenance, catalog })
}
