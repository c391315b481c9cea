//! Subjects of other lists that are the same, or may be: by an identifier, else by what the lists say of both.

use std::collections::HashMap;

use crate::register::Moment;
use crate::store::{Deadline, Error, Store};

use crate::sanctions::store::{Answering, subjects};
use crate::sanctions::subject::likeness::{Likeness, likeness};
use crate::sanctions::subject::listed::{Link, Listed};

/// Links of every strength, of each pair the strongest alone.
pub(super) async fn of(
    store: &Store,
    subjects: &[Listed],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<Link>, Error> {
    let mut links = subjects::links(store, subjects, moment, answering, deadline).await?;
    let alike = alike(store, subjects, &links, moment, answering, deadline).await?;
    links.extend(alike.into_iter().map(|(link, _)| link));
    Ok(links)
}

/// Those that share no identifier and are alike, each with its link, the stronger first.
pub(super) async fn alike(
    store: &Store,
    subjects: &[Listed],
    links: &[Link],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<(Link, Listed)>, Error> {
    let pairs = subjects::namesakes(store, subjects, moment, answering, deadline).await?;
    let numbers: Vec<i64> = pairs.iter().map(|(_, other)| *other).collect();
    let others = subjects::by_number(store, &numbers, moment, answering, deadline).await?;
    let by_number: HashMap<i64, &Listed> = subjects.iter().chain(&others).map(|each| (each.number, each)).collect();
    let mut alike = Vec::new();
    for (one, other) in pairs {
        let (Some(one), Some(other)) = (by_number.get(&one), by_number.get(&other)) else { continue };
        let is_linked = |link: &Link| link.subject == one.number && link.name() == other.name();
        if !links.iter().any(is_linked)
            && let Some(Likeness { strength, reason }) = likeness(&one.subject, &other.subject)
        {
            let link = Link {
                subject: one.number,
                list: other.list.clone(),
                uid: other.subject.uid.clone(),
                display_name: other.subject.name().to_owned(),
                authority: other.authority.clone(),
                strength,
                reason,
                key: String::new(),
            };
            alike.push((link, (*other).clone()));
        }
    }
    alike.sort_by(|(one, _), (other, _)| {
        (one.subject, other.strength, one.name()).cmp(&(other.subject, one.strength, other.name()))
    });
    Ok(alike)
}
