//! `entrepot.sanctions.v1.SanctionsService`: decode, ask, encode.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use tokio::sync::{mpsc, watch};
use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::proto::entrepot::sanctions::v1::sanctions_service_server::{SanctionsService, SanctionsServiceServer};
use crate::proto::entrepot::r#type::v1::Provenance;
use crate::reference::KnownCodes;
use crate::register::moment::{date_of, day_number};
use crate::register::{Catalog, Dataset, Emptiness, EmptyReason, Moment, Register};
use crate::rpc::wire::{self, emptiness};
use crate::rpc::{Error, PageToken, Violations, deadline_of, page_size, policy};
use crate::store::{Deadline, Store};

use super::answer::provenance::{lists_of, provenance, why_absent, why_empty};
use super::answer::{commodity, coverage, owners};
use super::convert::{self, request as decode, subject as encode};
use super::feed::change;
use super::feed::freshness::authority;
use super::feed::watch::{Feed, Watcher, cursor, newest_change, read_cursor};
use super::ownership::{self, rule};
use super::store::lists::{checks, programmes};
use super::store::search;
use super::store::{answers, changes, subjects};
use super::subject::listed::{Listed, SubjectName};
use super::subject::search::Search;

const LIST_SUBJECTS: &str = "/entrepot.sanctions.v1.SanctionsService/ListSubjects";
const SEARCH_SUBJECTS: &str = "/entrepot.sanctions.v1.SanctionsService/SearchSubjects";
const BATCH_GET_SUBJECTS: &str = "/entrepot.sanctions.v1.SanctionsService/BatchGetSubjects";
const LIST_PROGRAMMES: &str = "/entrepot.sanctions.v1.SanctionsService/ListProgrammes";
const LIST_AUTHORITIES: &str = "/entrepot.sanctions.v1.SanctionsService/ListAuthorities";
const LIST_CHANGES: &str = "/entrepot.sanctions.v1.SanctionsService/ListChanges";
const LIST_REVISIONS: &str = "/entrepot.sanctions.v1.SanctionsService/ListSubjectRevisions";

/// The service.
#[derive(Clone)]
pub struct Service {
    store: Store,
    catalogs: Arc<Register>,
    codes: Arc<KnownCodes>,
    newest_change: watch::Receiver<i64>,
    designating: Arc<coverage::Kept>,
    stale_after_days: u32,
}

/// The service as tonic serves it.
pub fn server(
    store: Store,
    catalogs: Arc<Register>,
    codes: Arc<KnownCodes>,
    stale_after_days: u32,
    request_bytes_max: usize,
) -> SanctionsServiceServer<Service> {
    let newest_change = newest_change(store.clone());
    let designating = Arc::default();
    SanctionsServiceServer::new(Service { store, catalogs, codes, newest_change, designating, stale_after_days })
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

/// Subjects with their links, in the order asked, and the names that were not found.
struct Found {
    subjects: Vec<pb::Subject>,
    missing: Vec<String>,
    catalog: Arc<Catalog>,
    lists: Vec<String>,
}

impl Service {
    async fn get(&self, names: &[SubjectName], moment: &Moment, deadline: &Deadline) -> Result<Found, Error> {
        let mut stored = subjects::by_name(&self.store, names, moment, answers, deadline).await?;
        if let Some(day) = moment.in_force.and_then(date_of) {
            stored.retain(|stored| !stored.subject.is_delisted(day));
        }
        let links = subjects::links(&self.store, &stored, moment, answers, deadline).await?;
        let catalog = self.catalog_for(&stored, deadline).await?;
        let by_name: HashMap<String, &Listed> = stored.iter().map(|stored| (stored.name(), stored)).collect();
        let mut found = Found { subjects: Vec::new(), missing: Vec::new(), catalog, lists: Vec::new() };
        for name in names {
            let name = format!("subjects/{}.{}", name.list, name.uid);
            match by_name.get(&name) {
                Some(stored) => {
                    found.subjects.push(encode::subject(stored, &links, &found.catalog));
                    if !found.lists.contains(&stored.list) {
                        found.lists.push(stored.list.clone());
                    }
                }
                None => found.missing.push(name),
            }
        }
        Ok(found)
    }

    /// The register as of the newest release that a read has seen.
    async fn catalog_for(&self, stored: &[Listed], deadline: &Deadline) -> Result<Arc<Catalog>, Error> {
        match stored.iter().map(|stored| stored.newest_release).max() {
            Some(newest) => Ok(self.catalogs.at_least(newest).await?),
            None => Ok(self.catalogs.current(deadline).await?),
        }
    }

    /// Why there is no such subject, or none on the day.
    async fn absent(&self, name: &str, moment: &Moment, deadline: &Deadline) -> Result<Error, Error> {
        let Some(name) = SubjectName::parse(name) else {
            return Ok(Error::NotFound(name.to_owned()));
        };
        let newest = changes::of_subject(&self.store, &name.list, &name.uid, moment, None, 1, deadline).await?;
        let catalog = self.catalogs.current(deadline).await?;
        Ok(why_absent(&catalog, &name, newest.first(), moment))
    }

    fn found_provenance(found: &Found, moment: &Moment) -> Option<Provenance> {
        let lists: Vec<&Dataset> = found.lists.iter().filter_map(|list| found.catalog.dataset(list)).collect();
        provenance(&found.catalog, &lists, moment)
    }
}

#[tonic::async_trait]
impl SanctionsService for Service {
    async fn get_subject(
        &self,
        request: Request<pb::GetSubjectRequest>,
    ) -> Result<Response<pb::GetSubjectResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let name = decode::subject_name("name", &request.name, &mut violations);
        let moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
        violations.check()?;
        let names: Vec<_> = name.into_iter().collect();
        let mut found = self.get(&names, &moment, &deadline).await?;
        let provenance = Self::found_provenance(&found, &moment);
        let Some(subject) = found.subjects.pop() else {
            return Err(self.absent(&request.name, &moment, &deadline).await?.into());
        };
        Ok(Response::new(pb::GetSubjectResponse { subject: Some(subject), provenance }))
    }

    async fn batch_get_subjects(
        &self,
        request: Request<pb::BatchGetSubjectsRequest>,
    ) -> Result<Response<pb::BatchGetSubjectsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let mut names = Vec::new();
        if request.names.is_empty() {
            violations.add("names", "is empty; name at least one subject");
        }
        if violations.at_most("names", &request.names, policy::rows_max(BATCH_GET_SUBJECTS)) {
            for (place, name) in request.names.iter().enumerate() {
                names.extend(decode::subject_name(&format!("names[{place}]"), name, &mut violations));
            }
        }
        let moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
        violations.check()?;
        let found = self.get(&names, &moment, &deadline).await?;
        let provenance = Self::found_provenance(&found, &moment);
        Ok(Response::new(pb::BatchGetSubjectsResponse {
            subjects: found.subjects,
            missing_names: found.missing,
            provenance,
        }))
    }

    async fn list_subjects(
        &self,
        request: Request<pb::ListSubjectsRequest>,
    ) -> Result<Response<pb::ListSubjectsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let filter = decode::filter(request.filter.as_ref(), &mut violations);
        let mut moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
        violations.check()?;
        let size = page_size(request.page_size, 50, policy::rows_max(LIST_SUBJECTS))?;
        let bare = pb::ListSubjectsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_SUBJECTS, &bare)?;
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        moment.release = token.as_ref().map_or(catalog.newest_release, |token| token.release);
        let lists = lists_of(&catalog, &filter.lists)?;
        let after = token.and_then(|token| Some(i64::from_le_bytes(token.position.as_slice().try_into().ok()?)));

        let limit = size + 1;
        let page = subjects::list(&self.store, &filter, &moment, after, limit, &deadline).await.map_err(Error::from)?;
        let mut response = pb::ListSubjectsResponse {
            subjects: page.iter().take(size).map(|stored| encode::subject(stored, &[], &catalog)).collect(),
            provenance: provenance(&catalog, &lists, &moment),
            ..Default::default()
        };
        if let (true, Some(last)) = (page.len() > size, page.get(size - 1)) {
            let token = PageToken { release: moment.release, position: last.number.to_le_bytes().to_vec() };
            response.next_page_token = token.encode(LIST_SUBJECTS, &bare);
        }
        if page.is_empty() && after.is_none() {
            response.emptiness = Some(why_empty(&catalog, &lists, &moment));
        }
        Ok(Response::new(response))
    }

    async fn search_subjects(
        &self,
        request: Request<pb::SearchSubjectsRequest>,
    ) -> Result<Response<pb::SearchSubjectsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let text = violations.text("query", &request.query, 200).trim().to_owned();
        let search = Search::parse(&text);
        if search.is_none() {
            violations.add("query", "has no word to look for; two letters or digits are the least");
        }
        let filter = decode::filter(request.filter.as_ref(), &mut violations);
        let mut moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
        violations.check()?;
        let Some(search) = search else {
            return Err(Error::invalid("query", "has no word to look for").into());
        };
        let size = page_size(request.page_size, 20, policy::rows_max(SEARCH_SUBJECTS))?;
        let bare = pb::SearchSubjectsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", SEARCH_SUBJECTS, &bare)?;
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        moment.release = token.as_ref().map_or(catalog.newest_release, |token| token.release);
        let lists = lists_of(&catalog, &filter.lists)?;
        let after = token.and_then(|token| {
            let (rank, number) = token.position.split_first()?;
            Some((i64::from(*rank), i64::from_le_bytes(number.try_into().ok()?)))
        });

        let page = search::page(&self.store, &search, &filter, &moment, after, size + 1, &deadline);
        let page = page.await.map_err(Error::from)?;
        let mut response = pb::SearchSubjectsResponse {
            subjects: page.iter().take(size).map(|stored| encode::subject(stored, &[], &catalog)).collect(),
            provenance: provenance(&catalog, &lists, &moment),
            ..Default::default()
        };
        if let (true, Some(last)) = (page.len() > size, page.get(size - 1)) {
            let mut position = vec![last.rank as u8];
            position.extend_from_slice(&last.number.to_le_bytes());
            let token = PageToken { release: moment.release, position };
            response.next_page_token = token.encode(SEARCH_SUBJECTS, &bare);
        }
        if page.is_empty() && after.is_none() {
            response.emptiness = Some(why_empty(&catalog, &lists, &moment));
        }
        Ok(Response::new(response))
    }

    async fn list_programmes(
        &self,
        request: Request<pb::ListProgrammesRequest>,
    ) -> Result<Response<pb::ListProgrammesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let names = violations.lists("lists", &request.lists);
        let mut moment = violations.moment(request.as_of.as_ref(), None);
        violations.check()?;
        let size = page_size(request.page_size, 100, policy::rows_max(LIST_PROGRAMMES))?;
        let bare = pb::ListProgrammesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_PROGRAMMES, &bare)?;
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        moment.release = token.as_ref().map_or(catalog.newest_release, |token| token.release);
        let lists = lists_of(&catalog, &names)?;
        let after = token.and_then(|token| {
            let text = String::from_utf8(token.position).ok()?;
            let (list, programme) = text.split_once('\n')?;
            Some((list.to_owned(), programme.to_owned()))
        });
        let is_first = after.is_none();
        let page = programmes(&self.store, &names, &moment, after, size + 1, &deadline).await.map_err(Error::from)?;
        let mut response =
            pb::ListProgrammesResponse { provenance: provenance(&catalog, &lists, &moment), ..Default::default() };
        if let (true, Some(last)) = (page.len() > size, page.get(size - 1)) {
            let position = format!("{}\n{}", last.list, last.programme).into_bytes();
            response.next_page_token = PageToken { release: moment.release, position }.encode(LIST_PROGRAMMES, &bare);
        }
        if page.is_empty() && is_first {
            response.emptiness = Some(why_empty(&catalog, &lists, &moment));
        }
        let message = |programme: super::store::lists::Programme| pb::Programme {
            programme: programme.programme,
            list: format!("datasets/{}", programme.list),
            subjects: programme.subjects,
        };
        response.programmes = page.into_iter().take(size).map(message).collect();
        Ok(Response::new(response))
    }

    async fn list_authorities(
        &self,
        request: Request<pb::ListAuthoritiesRequest>,
    ) -> Result<Response<pb::ListAuthoritiesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let moment = violations.moment(request.as_of.as_ref(), None);
        violations.check()?;
        let size = page_size(request.page_size, 100, policy::rows_max(LIST_AUTHORITIES))?;
        let bare = pb::ListAuthoritiesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_AUTHORITIES, &bare)?;
        let after = token.map(|token| String::from_utf8_lossy(&token.position).into_owned());
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        let checks = checks(&self.store, &deadline).await.map_err(Error::from)?;
        let all = lists_of(&catalog, &[])?;
        let mut lists: Vec<&Dataset> = all
            .iter()
            .copied()
            .filter(|list| catalog.visible_release(list, &moment).is_some())
            .filter(|list| after.as_ref().is_none_or(|after| list.spec.name > *after))
            .collect();
        lists.sort_by(|left, right| left.spec.name.cmp(&right.spec.name));
        let mut response = pb::ListAuthoritiesResponse::default();
        if lists.len() > size {
            let position = lists[size - 1].spec.name.clone().into_bytes();
            response.next_page_token = PageToken { release: 0, position }.encode(LIST_AUTHORITIES, &bare);
        }
        if lists.is_empty() && after.is_none() {
            response.emptiness = Some(why_empty(&catalog, &all, &moment));
        }
        lists.truncate(size);
        for list in lists {
            let check = checks.get(&list.id);
            response.authorities.push(authority(
                &catalog,
                list,
                check,
                &moment,
                self.stale_after_days,
                self.catalogs.clock(),
            ));
        }
        Ok(Response::new(response))
    }

    async fn list_changes(
        &self,
        request: Request<pb::ListChangesRequest>,
    ) -> Result<Response<pb::ListChangesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let since = violations.first_day("since", request.since.as_ref());
        let moment = violations.moment(request.as_of.as_ref(), None);
        let filter = change::Filter {
            lists: violations.lists("lists", &request.lists),
            kinds: decode::change_kinds(&request.kinds, &mut violations),
            skip_initial: request.skip_initial,
            since_day: since.map(day_number),
        };
        violations.check()?;
        let size = page_size(request.page_size, 100, policy::rows_max(LIST_CHANGES))?;
        let begin = read_cursor(&request.cursor, &moment)?;
        let feed = Feed { store: self.store.clone(), filter, moment };
        let page = feed.page(begin.unwrap_or(0), size, &deadline).await?;
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        let lists = lists_of(&catalog, &feed.filter.lists)?;
        let empty = page.changes.is_empty().then(|| match begin {
            Some(_) => {
                emptiness(&Emptiness::new(EmptyReason::FilteredOut, "no such change has come behind the cursor"))
            }
            None => why_empty(&catalog, &lists, &moment),
        });
        Ok(Response::new(pb::ListChangesResponse {
            changes: page.changes.iter().map(|change| convert::change(change, &catalog)).collect(),
            cursor: cursor(page.end, &moment),
            more: page.more,
            emptiness: empty,
        }))
    }

    type WatchChangesStream = Pin<Box<dyn Stream<Item = Result<pb::WatchChangesResponse, Status>> + Send>>;

    async fn watch_changes(
        &self,
        request: Request<pb::WatchChangesRequest>,
    ) -> Result<Response<Self::WatchChangesStream>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let filter = change::Filter {
            lists: violations.lists("lists", &request.lists),
            kinds: decode::change_kinds(&request.kinds, &mut violations),
            skip_initial: request.skip_initial,
            since_day: None,
        };
        violations.check()?;
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        lists_of(&catalog, &filter.lists)?;
        let begin = match read_cursor(&request.cursor, &Moment::now(self.catalogs.clock().today()))? {
            Some(id) => id,
            None if request.only_new => changes::newest(&self.store, &deadline).await.map_err(Error::from)?,
            None => 0,
        };
        let feed = Feed { store: self.store.clone(), filter, moment: Moment::now(self.catalogs.clock().today()) };
        let (sender, receiver) = mpsc::channel(4);
        let watcher = Watcher {
            feed,
            catalogs: Arc::clone(&self.catalogs),
            newest: self.newest_change.clone(),
            deadline,
            sender,
        };
        tokio::spawn(watcher.run(begin).instrument(tracing::Span::current()));
        let messages = tokio_stream::wrappers::ReceiverStream::new(receiver);
        Ok(Response::new(Box::pin(messages.map(|message| message.map_err(Status::from)))))
    }

    async fn list_subject_revisions(
        &self,
        request: Request<pb::ListSubjectRevisionsRequest>,
    ) -> Result<Response<pb::ListSubjectRevisionsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let name = decode::subject_name("parent", &request.parent, &mut violations);
        let mut moment = violations.moment(request.as_of.as_ref(), None);
        violations.check()?;
        let Some(name) = name else {
            return Err(Error::NotFound(request.parent).into());
        };
        let size = page_size(request.page_size, 50, policy::rows_max(LIST_REVISIONS))?;
        let bare = pb::ListSubjectRevisionsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_REVISIONS, &bare)?;
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        moment.release = token.as_ref().map_or(catalog.newest_release, |token| token.release);
        let before = token.and_then(|token| Some(i64::from_le_bytes(token.position.as_slice().try_into().ok()?)));
        let page = changes::of_subject(&self.store, &name.list, &name.uid, &moment, before, size + 1, &deadline);
        let page = page.await.map_err(Error::from)?;
        if page.is_empty() && before.is_none() {
            return Err(Error::NotFound(request.parent).into());
        }
        let mut response = pb::ListSubjectRevisionsResponse::default();
        if let (true, Some(last)) = (page.len() > size, page.get(size - 1)) {
            let token = PageToken { release: moment.release, position: last.id.to_le_bytes().to_vec() };
            response.next_page_token = token.encode(LIST_REVISIONS, &bare);
        }
        response.revisions = page.iter().take(size).map(|change| convert::revision(change, &catalog)).collect();
        Ok(Response::new(response))
    }

    async fn resolve_ownership(
        &self,
        request: Request<pb::ResolveOwnershipRequest>,
    ) -> Result<Response<pb::ResolveOwnershipResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let is_entity = request
            .name
            .strip_prefix("entities/")
            .is_some_and(|id| !id.is_empty() && id.len() <= 200 && !id.contains('\0'));
        if !is_entity {
            decode::subject_name("name", &request.name, &mut violations);
        }
        let moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
        let authorities = decode::rule_authorities("authorities", &request.authorities, &mut violations);
        violations.check()?;
        let day = moment.day_in_force();
        let owners = owners::above(&self.store, &request.name, &moment, &deadline).await.map_err(Error::from)?;
        let Some(target) = owners.target else {
            return Err(self.absent(&request.name, &moment, &deadline).await?.into());
        };
        let catalog = self.catalogs.current(&deadline).await.map_err(Error::from)?;
        let designating = self.designating.get(&self.store, &catalog, &deadline).await.map_err(Error::from)?;
        let mut findings = Vec::new();
        let mut looked_at = Vec::new();
        for authority in authorities {
            let Some(rule) = rule::applicable(authority, day) else { continue };
            let coverage = coverage::of(authority, &designating, &catalog, &moment);
            let resolution = ownership::resolve(&owners.graph, rule, target, day, coverage.gap.as_deref())
                .map_err(|error| Error::Store(crate::store::Error::Other(error.to_string())))?;
            let mut finding = convert::ownership::finding(&resolution, &owners.graph, &owners.sources);
            finding.notes.extend(coverage.gap);
            finding.notes.extend(coverage.notes);
            findings.push(finding);
            looked_at.extend(coverage.lists);
        }
        let is_used = |list: &&Dataset| looked_at.contains(&list.id) || owners.lists.contains(&list.spec.name);
        let lists: Vec<&Dataset> = catalog.datasets.iter().filter(is_used).collect();
        let is_held = |dataset: &&Dataset| owners.datasets.contains(&dataset.id);
        let holdings: Vec<&Dataset> = catalog.datasets.iter().filter(is_held).collect();
        let mut provenance = provenance(&catalog, &lists, &moment).unwrap_or_default();
        provenance.sources.extend(catalog.sources(&holdings, &moment).into_iter().map(wire::source));
        if owners.cut {
            provenance.notes.push("the owners are more, or stand in more levels, than are looked at".into());
        }
        Ok(Response::new(pb::ResolveOwnershipResponse {
            display_name: owners.graph.nodes().get(target as usize).map_or_else(String::new, |node| node.name.clone()),
            name: request.name,
            findings,
            provenance: Some(provenance),
        }))
    }

    async fn check_commodity(
        &self,
        request: Request<pb::CheckCommodityRequest>,
    ) -> Result<Response<pb::CheckCommodityResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(
            commodity::check(&self.store, &self.catalogs, &self.codes, request.into_inner(), &deadline).await?,
        ))
    }

    async fn get_controlled_good(
        &self,
        request: Request<pb::GetControlledGoodRequest>,
    ) -> Result<Response<pb::GetControlledGoodResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(commodity::get(&self.store, &self.catalogs, request.into_inner(), &deadline).await?))
    }

    async fn list_controlled_goods(
        &self,
        request: Request<pb::ListControlledGoodsRequest>,
    ) -> Result<Response<pb::ListControlledGoodsResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(commodity::list(&self.store, &self.catalogs, request.into_inner(), &deadline).await?))
    }
}
