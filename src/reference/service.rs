//! `entrepot.reference.v1.ReferenceService`: decode, ask, encode.

use std::sync::Arc;

use jiff::civil::Date;
use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};

use crate::proto::entrepot::reference::v1 as pb;
use crate::proto::entrepot::reference::v1::reference_service_server::{ReferenceService, ReferenceServiceServer};
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::KnownCodes;
use crate::reference::convert::codes::Codes as _;
use crate::register::{Emptiness, EmptyReason};
use crate::rpc::wire::{emptiness, source};
use crate::rpc::{Error, PageToken, Violations, deadline_of, page_size, policy};
use crate::store::{Deadline, Store};

use super::import::{classification::dataset_of, concordance};
use super::store::{self, CommodityQuery};
use super::{Area, Classification, CommodityCode, conversion, convert};
use crate::register::{Catalog, Dataset, Register};

const LIST_COUNTRIES: &str = "/entrepot.reference.v1.ReferenceService/ListCountries";
const LIST_COMMODITIES: &str = "/entrepot.reference.v1.ReferenceService/ListCommodities";
const LIST_DATASETS: &str = "/entrepot.reference.v1.ReferenceService/ListDatasets";
const LIST_RELEASES: &str = "/entrepot.reference.v1.ReferenceService/ListReleases";
const CONVERT_COMMODITY: &str = "/entrepot.reference.v1.ReferenceService/ConvertCommodity";
const PAGE_DEFAULT: usize = 100;

/// The service.
#[derive(Clone)]
pub struct Service {
    store: Store,
    catalogs: Arc<Register>,
    codes: Arc<KnownCodes>,
}

/// The service as tonic serves it.
pub fn server(
    store: Store,
    catalogs: Arc<Register>,
    codes: Arc<KnownCodes>,
    request_bytes_max: usize,
) -> ReferenceServiceServer<Service> {
    ReferenceServiceServer::new(Service { store, catalogs, codes })
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

impl Service {
    async fn catalog(&self, deadline: &Deadline) -> Result<Arc<Catalog>, Error> {
        Ok(self.catalogs.current(deadline).await?)
    }
}

/// Waits for a query no longer than the deadline; sea-orm knows none.
async fn within<T>(
    deadline: &Deadline,
    query: impl Future<Output = Result<T, crate::store::Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(deadline.remaining(), query).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(crate::store::Error::DeadlineExceeded.into()),
    }
}

fn commodity_name(field: &str, name: &str, violations: &mut Violations) -> Option<CommodityCode> {
    let code = CommodityCode::parse_name(violations.text(field, name, 60));
    if code.is_none() {
        let shown = crate::value::text::truncated(name, 60);
        violations.add(field, format!("`{shown}` is no commodity; commodities/HS2022-271121 would be right"));
    }
    code
}

/// Release of the dataset as of a day; `None` when none was out.
fn release_at(catalog: &Catalog, dataset: &str, as_of: Option<Date>) -> Option<i64> {
    let dataset = catalog.dataset(dataset)?;
    catalog.release_at(dataset.id, as_of).map(|release| release.id)
}

fn existing<'a>(catalog: &'a Catalog, name: &str, field: &str) -> Result<&'a Dataset, Error> {
    let id = name.strip_prefix("datasets/").unwrap_or(name);
    if id.is_empty() || id.len() > 80 {
        return Err(Error::invalid(field, "is no dataset; datasets/un-comtrade would be right, see ListDatasets"));
    }
    catalog.dataset(id).ok_or_else(|| Error::NotFound(format!("datasets/{id}")))
}

#[tonic::async_trait]
impl ReferenceService for Service {
    async fn get_country(
        &self,
        request: Request<pb::GetCountryRequest>,
    ) -> Result<Response<pb::GetCountryResponse>, Status> {
        let name = request.into_inner().name;
        if name.is_empty() || name.len() > 60 {
            return Err(Error::invalid("name", "is no country; countries/CHN, CN or 156 would be right").into());
        }
        let area = Area::parse(&name).ok_or(Error::NotFound(name))?;
        Ok(Response::new(pb::GetCountryResponse { country: Some(convert::country(area.facts())) }))
    }

    async fn list_countries(
        &self,
        request: Request<pb::ListCountriesRequest>,
    ) -> Result<Response<pb::ListCountriesResponse>, Status> {
        let request = request.into_inner();
        let mut violations = Violations::default();
        let search = violations.text("search", &request.search, 100).to_lowercase();
        let mut kinds = Vec::new();
        for (index, kind) in request.kinds.iter().enumerate() {
            match convert::area_kind(*kind) {
                Some(kind) => kinds.push(kind),
                None => violations.add(format!("kinds[{index}]"), format!("{kind} is no kind of area")),
            }
        }
        violations.check()?;
        let size = page_size(request.page_size, PAGE_DEFAULT, policy::rows_max(LIST_COUNTRIES))?;
        let bare = pb::ListCountriesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_COUNTRIES, &bare)?;
        let after = token.map(|token| String::from_utf8_lossy(&token.position).into_owned());
        let mut found = Area::all()
            .iter()
            .filter(|facts| after.as_ref().is_none_or(|after| facts.code > *after))
            .filter(|facts| kinds.is_empty() || kinds.contains(&facts.kind))
            .filter(|facts| facts.name.to_lowercase().contains(&search) || facts.code.to_lowercase().contains(&search));
        let page: Vec<_> = found.by_ref().take(size).collect();
        let next_page_token = match (found.next(), page.last()) {
            (Some(_), Some(last)) => {
                PageToken { release: 0, position: last.code.clone().into_bytes() }.encode(LIST_COUNTRIES, &bare)
            }
            _ => String::new(),
        };
        let countries = page.into_iter().map(convert::country).collect();
        Ok(Response::new(pb::ListCountriesResponse { countries, next_page_token }))
    }

    async fn get_commodity(
        &self,
        request: Request<pb::GetCommodityRequest>,
    ) -> Result<Response<pb::GetCommodityResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let code = commodity_name("name", &request.name, &mut violations);
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        violations.check()?;
        let Some(code) = code else {
            return Err(Error::NotFound(request.name).into());
        };
        let catalog = self.catalog(&deadline).await?;
        let not_found = || Error::NotFound(code.name());
        let release = release_at(&catalog, &dataset_of(code.classification()), as_of).ok_or_else(not_found)?;
        let row = within(&deadline, store::get_commodity(&self.store, code, release)).await?;
        let row = row.ok_or_else(not_found)?;
        Ok(Response::new(pb::GetCommodityResponse { commodity: Some(convert::commodity(&row)) }))
    }

    async fn list_commodities(
        &self,
        request: Request<pb::ListCommoditiesRequest>,
    ) -> Result<Response<pb::ListCommoditiesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let classification = violations.classification("classification", &request.classification);
        if request.classification.is_empty() {
            violations.add("classification", "is empty; HS2022 (H6), SITC4 or BEC5 would be right");
        }
        let level = match u32::try_from(request.level) {
            Ok(level @ 0..=6) => Some(level).filter(|level| *level > 0),
            _ => {
                violations.add("level", format!("{} is not 0 to 6", request.level));
                None
            }
        };
        let search = violations.text("search", &request.search, 100).to_owned();
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        let mut parent = None;
        if let (false, Some(classification)) = (request.parent.is_empty(), classification) {
            let bare_code = CommodityCode::parse(classification, request.parent.as_bytes());
            parent = bare_code.or_else(|| CommodityCode::parse_name(&request.parent));
            if parent.is_none() {
                violations.add("parent", "is no commodity code; 2711 or TOTAL would be right");
            }
        }
        violations.check()?;
        let Some(classification) = classification else {
            return Err(Error::invalid("classification", "is empty").into());
        };

        let size = page_size(request.page_size, PAGE_DEFAULT, policy::rows_max(LIST_COMMODITIES))?;
        let bare = pb::ListCommoditiesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_COMMODITIES, &bare)?;
        let catalog = self.catalog(&deadline).await?;
        let newest = release_at(&catalog, &dataset_of(classification), as_of);
        let Some(release) = token.as_ref().map(|token| token.release).or(newest) else {
            let reason = if as_of.is_some() { EmptyReason::NotReleased } else { EmptyReason::NoData };
            let detail = format!("no list of {} is loaded; `entrepot import classification`", classification.name());
            let empty = Some(emptiness(&Emptiness::new(reason, detail)));
            return Ok(Response::new(pb::ListCommoditiesResponse { emptiness: empty, ..Default::default() }));
        };
        let after =
            token.as_ref().and_then(|token| Some(i32::from_le_bytes(token.position.as_slice().try_into().ok()?)));
        let query = CommodityQuery { classification, release, level, parent, search, after, limit: size as u64 + 1 };
        let mut rows = within(&deadline, store::list_commodities(&self.store, &query)).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let mut response = pb::ListCommoditiesResponse {
            commodities: rows.iter().map(convert::commodity).collect(),
            ..Default::default()
        };
        if let (true, Some(last)) = (more, rows.last()) {
            let token = PageToken { release, position: last.commodity.to_le_bytes().to_vec() };
            response.next_page_token = token.encode(LIST_COMMODITIES, &bare);
        }
        if rows.is_empty() && after.is_none() {
            let detail = format!("{} has codes, but none that fit", classification.name());
            response.emptiness = Some(emptiness(&Emptiness::new(EmptyReason::FilteredOut, detail)));
        }
        Ok(Response::new(response))
    }

    async fn convert_commodity(
        &self,
        request: Request<pb::ConvertCommodityRequest>,
    ) -> Result<Response<pb::ConvertCommodityResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let code = commodity_name("name", &request.name, &mut violations);
        let target = violations.classification("to_classification", &request.to_classification);
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        if request.to_classification.is_empty() {
            violations.add("to_classification", "is empty; HS1992 to HS2022 would be right");
        }
        for (field, classification) in
            [("name", code.map(CommodityCode::classification)), ("to_classification", target)]
        {
            if let Some(other) = classification.filter(|classification| !classification.is_hs()) {
                violations.add(field, format!("{} is no edition of the HS", other.name()));
            }
        }
        if code.is_some() && code.map(CommodityCode::classification) == target {
            violations.add("to_classification", "is the edition of the code already");
        }
        violations.check()?;
        let (Some(code), Some(target)) = (code, target) else {
            return Err(Error::invalid("name", "is missing").into());
        };
        let catalog = self.catalog(&deadline).await?;
        let Some(release) = release_at(&catalog, concordance::DATASET, as_of) else {
            return Err(no_concordance(code.classification(), target).into());
        };
        let pairs = within(&deadline, store::matching_pairs(&self.store, code, target, release)).await?;
        let Some((asked, around)) = pairs else {
            return Err(no_concordance(code.classification(), target).into());
        };
        let rows_max = policy::rows_max(CONVERT_COMMODITY);
        if asked.len() > rows_max {
            let problem = format!("{} pairs; at most {rows_max} in one answer, ask for a longer code", asked.len());
            return Err(Error::TooLarge(problem).into());
        }
        let targets: Vec<CommodityCode> = asked.iter().filter_map(|(_, to)| CommodityCode::from_number(*to)).collect();
        let titles = within(&deadline, store::titles(&self.store, &targets)).await?;
        let name = |number: i32| CommodityCode::from_number(number).map_or_else(String::new, CommodityCode::name);
        let matches: Vec<pb::CommodityMatch> = conversion::relations(&asked, &around)
            .into_iter()
            .map(|(from, to, relation)| pb::CommodityMatch {
                from: name(from),
                to: name(to),
                title: titles.get(&to).cloned().unwrap_or_default(),
                relation: convert::relation(relation).into(),
            })
            .collect();
        let dataset = catalog.dataset(concordance::DATASET).map_or(0, |dataset| dataset.id);
        let provenance = types::Provenance {
            sources: vec![source(catalog.source(dataset, release))],
            classifications: vec![code.classification().name().into(), target.name().into()],
            notes: vec![
                "relations are those of the conversion table that was imported, read in either direction".into(),
            ],
            ..Default::default()
        };
        let codes = self.codes.at(catalog.newest_release).await.map_err(Error::from)?;
        let empty = matches.is_empty().then(|| {
            let (reason, why) = if code.level() == 6 && !codes.knows(code) {
                (EmptyReason::CodeUnknown, "is not in the list of its edition")
            } else {
                (EmptyReason::CodeNotValid, "has no counterpart in the concordance")
            };
            emptiness(&Emptiness::new(reason, format!("{} {why}", code.name())))
        });
        Ok(Response::new(pb::ConvertCommodityResponse { matches, provenance: Some(provenance), emptiness: empty }))
    }

    async fn get_dataset(
        &self,
        request: Request<pb::GetDatasetRequest>,
    ) -> Result<Response<pb::GetDatasetResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        violations.check()?;
        let catalog = self.catalog(&deadline).await?;
        let dataset = existing(&catalog, &request.name, "name")?;
        let latest = catalog.release_at(dataset.id, as_of).ok_or_else(|| Error::NotFound(dataset.resource()))?;
        Ok(Response::new(pb::GetDatasetResponse { dataset: Some(convert::dataset(dataset, Some(latest))) }))
    }

    async fn list_datasets(
        &self,
        request: Request<pb::ListDatasetsRequest>,
    ) -> Result<Response<pb::ListDatasetsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        violations.check()?;
        let size = page_size(request.page_size, PAGE_DEFAULT, policy::rows_max(LIST_DATASETS))?;
        let bare = pb::ListDatasetsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_DATASETS, &bare)?;
        let after = token.map(|token| String::from_utf8_lossy(&token.position).into_owned());
        let catalog = self.catalog(&deadline).await?;
        let mut datasets: Vec<&Dataset> = catalog
            .datasets
            .iter()
            .filter(|dataset| catalog.release_at(dataset.id, as_of).is_some())
            .filter(|dataset| after.as_ref().is_none_or(|after| dataset.spec.name > *after))
            .collect();
        datasets.sort_by(|left, right| left.spec.name.cmp(&right.spec.name));
        let more = datasets.len() > size;
        datasets.truncate(size);
        let next_page_token = match (more, datasets.last()) {
            (true, Some(last)) => {
                PageToken { release: 0, position: last.spec.name.clone().into_bytes() }.encode(LIST_DATASETS, &bare)
            }
            _ => String::new(),
        };
        let datasets = datasets
            .into_iter()
            .map(|dataset| convert::dataset(dataset, catalog.release_at(dataset.id, as_of)))
            .collect();
        Ok(Response::new(pb::ListDatasetsResponse { datasets, next_page_token }))
    }

    async fn list_releases(
        &self,
        request: Request<pb::ListReleasesRequest>,
    ) -> Result<Response<pb::ListReleasesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        violations.check()?;
        let size = page_size(request.page_size, PAGE_DEFAULT, policy::rows_max(LIST_RELEASES))?;
        let bare = pb::ListReleasesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_RELEASES, &bare)?;
        let before = token.and_then(|token| Some(i64::from_le_bytes(token.position.as_slice().try_into().ok()?)));
        let catalog = self.catalog(&deadline).await?;
        let dataset = existing(&catalog, &request.parent, "parent")?;
        // Newest first: what comes while the list is read lies before its beginning.
        let mut found = catalog
            .releases
            .iter()
            .rev()
            .filter(|release| release.dataset == dataset.id)
            .filter(|release| as_of.is_none_or(|day| release.publication_date <= day))
            .filter(|release| before.is_none_or(|before| release.id < before));
        let page: Vec<_> = found.by_ref().take(size).collect();
        let next_page_token = match (found.next(), page.last()) {
            (Some(_), Some(last)) => {
                PageToken { release: 0, position: last.id.to_le_bytes().to_vec() }.encode(LIST_RELEASES, &bare)
            }
            _ => String::new(),
        };
        let releases = page.into_iter().map(|release| convert::release(&catalog, release)).collect();
        Ok(Response::new(pb::ListReleasesResponse { releases, next_page_token }))
    }
}

fn no_concordance(from: Classification, to: Classification) -> Error {
    let message =
        format!("no concordance between {} and {} is loaded; `entrepot import concordance`", from.name(), to.name());
    Error::Precondition("CONCORDANCE_MISSING", message)
}
