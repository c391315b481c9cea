//! Reading subjects: by name, by filter, and their links.

use std::collections::{BTreeSet, HashSet};

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement};

use super::entity::key::{self, Column as Key};
use super::entity::record::{self, Column as Record};
use super::entity::subject::{self, Column as Subject};
use super::filter::{leaves, wanted_by};
use super::versions::{Answering, answers};
use super::{keys, records};
use crate::register::Moment;
use crate::register::entity::dataset;
use crate::sanctions::subject::identifier;
use crate::sanctions::subject::keys::KeyKind;
use crate::sanctions::subject::likeness::LinkStrength;
use crate::sanctions::subject::listed::{Filter, Link, Listed, SubjectName};
use crate::sanctions::subject::search::Wanted;
use crate::store::{Deadline, Error, Store};

/// Most links of one answer's subjects.
const LINKS_MAX: u64 = 5000;
/// Subjects that one statement asks for, or for the owners of which it does.
const SUBJECTS_A_STATEMENT: usize = 200;

/// Subjects by name, in no particular order.
pub async fn by_name(
    store: &Store,
    names: &[SubjectName],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let numbers = named(names).column(("x", Subject::Subject)).take();
    let mut select = records::select(moment, answering);
    // Numbers first: the planner then begins with the few subjects.
    select.and_where(Expr::col(("r", Record::Subject)).in_subquery(numbers));
    records::find(store, select, deadline).await
}

/// Subjects by number, in no particular order.
pub async fn by_number(
    store: &Store,
    numbers: &[i64],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut found = Vec::new();
    for numbers in numbers.chunks(SUBJECTS_A_STATEMENT) {
        let mut select = records::select(moment, answering);
        select.and_where(Expr::col(("r", Record::Subject)).is_in(numbers.iter().copied()));
        found.extend(records::find(store, select, deadline).await?);
    }
    Ok(found)
}

/// Begins a question about subjects `x` of lists `y` by name.
fn named(names: &[SubjectName]) -> SelectStatement {
    let is_named = names.iter().fold(Condition::any(), |any, name| {
        let is_of_list = Expr::col(("y", dataset::Column::Name)).eq(name.list.as_str());
        any.add(is_of_list.and(Expr::col(("x", Subject::Uid)).eq(name.uid.as_str())))
    });
    let is_of_list = Expr::col(("y", dataset::Column::Id)).equals(("x", Subject::Dataset));
    Query::select()
        .from_as(subject::Entity, "x")
        .join_as(JoinType::InnerJoin, dataset::Entity, "y", is_of_list)
        .cond_where(is_named)
        .take()
}

/// Resource names of those that a release which may be seen has had, whatever became of them.
pub async fn ever_known(
    store: &Store,
    names: &[SubjectName],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<HashSet<String>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        list: String,
        uid: String,
    }
    if names.is_empty() {
        return Ok(HashSet::new());
    }
    let versions = Query::select()
        .column(("v", Record::Subject))
        .from_as(record::Entity, "v")
        .and_where(Expr::col(("v", Record::Subject)).equals(("x", Subject::Subject)))
        .and_where(Expr::col(("v", Record::SinceRelease)).lte(moment.release))
        .and_where(Expr::col(("v", Record::SinceDay)).lte(moment.day))
        .take();
    let select = named(names)
        .expr_as(Expr::col(("y", dataset::Column::Name)), "list")
        .column(("x", Subject::Uid))
        .and_where(Expr::exists(versions))
        .take();
    let rows: Vec<Row> = store.find(select, deadline).await?;
    Ok(rows.into_iter().map(|Row { list, uid }| SubjectName { list, uid }.resource()).collect())
}

/// One page of a list, in the order of the subjects' numbers.
pub async fn list(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: Option<i64>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut select = records::select(moment, answers);
    select.cond_where(leaves(filter, moment));
    let (wanted, after) = (wanted_by(filter), after.unwrap_or(0));
    if !wanted.is_empty() && filter.identifier.is_empty() {
        return records::page(store, &wanted, after, limit, deadline, &select).await;
    }
    records::first_after(&mut select, after, limit);
    records::find(store, select, deadline).await
}

#[derive(FromQueryResult)]
struct LinkRow {
    subject: i32,
    key: String,
    other: i32,
    list: String,
    uid: String,
    name: String,
    authority: String,
}

impl From<LinkRow> for Link {
    fn from(row: LinkRow) -> Self {
        Self {
            subject: i64::from(row.subject),
            list: row.list,
            uid: row.uid,
            display_name: row.name,
            authority: row.authority,
            strength: LinkStrength::Identifier,
            reason: identifier::reason(&row.key),
            key: row.key,
        }
    }
}

/// Subjects of other lists that share a strong identifier with these.
pub async fn links(
    store: &Store,
    subjects: &[Listed],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<Link>, Error> {
    let rows = sharing(KeyKind::Link, store, subjects, moment, answering, deadline).await?;
    Ok(rows.into_iter().map(Link::from).collect())
}

/// Numbers of these and of the subjects of other lists that share a whole name with them, each pair once.
pub async fn namesakes(
    store: &Store,
    subjects: &[Listed],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<BTreeSet<(i64, i64)>, Error> {
    let rows = sharing(KeyKind::FullName, store, subjects, moment, answering, deadline).await?;
    Ok(rows.into_iter().map(|row| (i64::from(row.subject), i64::from(row.other))).collect())
}

/// Keys of a kind that these share with subjects of other lists.
async fn sharing(
    kind: KeyKind,
    store: &Store,
    subjects: &[Listed],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<LinkRow>, Error> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let own = |column: Key| Expr::col(("k1", column));
    let is_own_key = subjects.iter().fold(Condition::any(), |any, subject| {
        let still_stands = own(Key::UntilRelease).is_null().or(own(Key::UntilRelease).gt(subject.since_release));
        any.add(
            Condition::all()
                .add(own(Key::Subject).eq(subject.number))
                .add(own(Key::SinceRelease).lte(subject.since_release))
                .add(still_stands),
        )
    });
    let is_other = Expr::col(("s", Subject::Subject))
        .equals(("k", Key::Subject))
        .and(Expr::col(("s", Subject::Dataset)).ne(Expr::col(("s1", Subject::Dataset))));
    let is_of_list = Expr::col(("d", dataset::Column::Id)).equals(("s", Subject::Dataset));
    let is_record =
        Condition::all().add(Expr::col(("r", Record::Subject)).equals(("k", Key::Subject))).add(keys::is_of_version());
    let is_of_own = Expr::col(("s1", Subject::Subject)).equals(("k1", Key::Subject));
    let is_same_key = Expr::col(("k", Key::Key)).equals(("k1", Key::Key));
    let select = Query::select()
        .distinct()
        .columns([("k1", Key::Subject), ("k", Key::Key)])
        .expr_as(Expr::col(("s", Subject::Subject)), "other")
        .expr_as(Expr::col(("d", dataset::Column::Name)), "list")
        .column(("s", Subject::Uid))
        .columns([("r", Record::Name), ("r", Record::Authority)])
        .from_as(key::Entity, "k1")
        .join_as(JoinType::InnerJoin, subject::Entity, "s1", is_of_own)
        .join_as(JoinType::InnerJoin, key::Entity, "k", is_same_key)
        .join_as(JoinType::InnerJoin, subject::Entity, "s", is_other)
        .join_as(JoinType::InnerJoin, dataset::Entity, "d", is_of_list)
        .join_as(JoinType::InnerJoin, record::Entity, "r", is_record)
        .and_where(Expr::col(("k", Key::Kind)).eq(kind as i64))
        .and_where(own(Key::Kind).eq(kind as i64))
        .cond_where(is_own_key)
        .cond_where(answering(moment))
        .order_by(("k1", Key::Subject), Order::Asc)
        .order_by(("d", dataset::Column::Name), Order::Asc)
        .order_by(("s", Subject::Uid), Order::Asc)
        .order_by(("k", Key::Key), Order::Asc)
        .limit(LINKS_MAX)
        .take();
    store.find(select, deadline).await
}

/// Subjects of the same list that say that they own or control one of these.
pub async fn owners_of(
    store: &Store,
    owned: &[SubjectName],
    moment: &Moment,
    answering: Answering,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut found = Vec::new();
    for names in owned.chunks(SUBJECTS_A_STATEMENT) {
        let is_owner = names.iter().fold(Condition::any(), |any, name| {
            let owners = keys::subjects(&Wanted::one_of(KeyKind::Owns, &[&name.uid]));
            let is_of_list = Expr::col(("d", dataset::Column::Name)).eq(name.list.as_str());
            any.add(is_of_list.and(Expr::col(("r", Record::Subject)).in_subquery(owners)))
        });
        let mut select = records::select(moment, answering);
        select.cond_where(is_owner);
        found.extend(records::find(store, select, deadline).await?);
    }
    Ok(found)
}
