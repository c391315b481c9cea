//! Requests to questions: every problem of a request is named.

use super::codes::Codes as _;
use crate::proto::entrepot::reference::v1 as pb;
use crate::reference::answer::{convert_commodity, countries, datasets, get_commodity, list_commodities, releases};
use crate::reference::{AreaKind, CommodityCode};
use crate::rpc::{Error, Page, Violations};
use crate::value::text::truncated;

const LIST_COUNTRIES: &str = "/entrepot.reference.v1.ReferenceService/ListCountries";
const LIST_COMMODITIES: &str = "/entrepot.reference.v1.ReferenceService/ListCommodities";
const LIST_DATASETS: &str = "/entrepot.reference.v1.ReferenceService/ListDatasets";
const LIST_RELEASES: &str = "/entrepot.reference.v1.ReferenceService/ListReleases";
const PAGE_DEFAULT: usize = 100;

pub fn get_country(request: pb::GetCountryRequest) -> Result<String, Error> {
    let mut violations = Violations::of(&request);
    if !violations.keeps_rules("name") {
        violations.add("name", "is not a valid country; expected countries/CHN, CN or 156");
    }
    violations.check()?;
    Ok(request.name)
}

pub fn list_countries(request: &pb::ListCountriesRequest) -> Result<countries::ListQuestion, Error> {
    let mut violations = Violations::of(request);
    let filter = request.filter.clone().unwrap_or_default();
    let search = violations.text("filter.query", &filter.query).to_lowercase();
    let kinds = filter.kinds.iter().filter_map(|kind| area_kind(*kind)).collect();
    violations.check()?;
    Ok(countries::ListQuestion { search, kinds, page: Page::of(LIST_COUNTRIES, request, PAGE_DEFAULT)? })
}

fn area_kind(number: i32) -> Option<AreaKind> {
    match pb::AreaKind::try_from(number).ok()? {
        pb::AreaKind::Unspecified => None,
        pb::AreaKind::Country => Some(AreaKind::Country),
        pb::AreaKind::Historical => Some(AreaKind::Historical),
        pb::AreaKind::Special => Some(AreaKind::Special),
        pb::AreaKind::Group => Some(AreaKind::Group),
        pb::AreaKind::World => Some(AreaKind::World),
    }
}

pub fn get_commodity(request: &pb::GetCommodityRequest) -> Result<get_commodity::Question, Error> {
    let mut violations = Violations::of(request);
    let code = commodity_name("name", &request.name, &mut violations);
    let as_of = violations.as_of(request.clock.as_ref());
    violations.check()?;
    let code = code.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    Ok(get_commodity::Question { code, as_of })
}

fn commodity_name(field: &str, name: &str, violations: &mut Violations) -> Option<CommodityCode> {
    let code = CommodityCode::parse_name(violations.text(field, name));
    if code.is_none() {
        let shown = truncated(name, 60);
        violations
            .add(field, format!("`{shown}` is not a valid commodity; expected one such as commodities/HS2022-271121"));
    }
    code
}

pub fn list_commodities(request: &pb::ListCommoditiesRequest) -> Result<list_commodities::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = request.filter.clone().unwrap_or_default();
    let classification = violations.classification("filter.classification", &filter.classification);
    if filter.classification.is_empty() {
        violations.add("filter.classification", "is empty; expected HS2022 (H6), SITC4 or BEC5");
    }
    let level = u32::try_from(filter.level).ok().filter(|level| *level > 0);
    let search = violations.text("filter.query", &filter.query).to_owned();
    let as_of = violations.as_of(request.clock.as_ref());
    let mut parent = None;
    if let (false, Some(classification)) = (filter.parent.is_empty(), classification) {
        let bare_code = CommodityCode::parse(classification, filter.parent.as_bytes());
        parent = bare_code.or_else(|| CommodityCode::parse_name(&filter.parent));
        if parent.is_none() {
            violations.add("filter.parent", "is not a valid commodity code; expected 2711 or TOTAL");
        }
    }
    violations.check()?;
    let classification = classification.ok_or_else(|| Error::invalid("filter.classification", "is empty"))?;
    let page = Page::of(LIST_COMMODITIES, request, PAGE_DEFAULT)?;
    Ok(list_commodities::Question { classification, level, parent, search, as_of, page })
}

pub fn convert_commodity(request: &pb::ConvertCommodityRequest) -> Result<convert_commodity::Question, Error> {
    let mut violations = Violations::of(request);
    let code = commodity_name("name", &request.name, &mut violations);
    let target = violations.classification("target_classification", &request.target_classification);
    let as_of = violations.as_of(request.clock.as_ref());
    if request.target_classification.is_empty() {
        violations.add("target_classification", "is empty; expected HS1992 to HS2022");
    }
    for (field, classification) in
        [("name", code.map(CommodityCode::classification)), ("target_classification", target)]
    {
        if let Some(other) = classification.filter(|classification| !classification.is_hs()) {
            violations.add(field, format!("{} is not an edition of the HS", other.name()));
        }
    }
    if code.is_some() && code.map(CommodityCode::classification) == target {
        violations.add("target_classification", "is the edition of the code already");
    }
    violations.check()?;
    let (code, target) = code.zip(target).ok_or_else(|| Error::invalid("name", "is missing"))?;
    Ok(convert_commodity::Question { code, target, as_of })
}

pub fn get_dataset(request: &pb::GetDatasetRequest) -> Result<datasets::GetQuestion, Error> {
    let mut violations = Violations::of(request);
    let as_of = violations.as_of(request.clock.as_ref());
    let id = dataset_id("name", &request.name, &mut violations);
    violations.check()?;
    Ok(datasets::GetQuestion { id, as_of })
}

pub fn list_datasets(request: &pb::ListDatasetsRequest) -> Result<datasets::ListQuestion, Error> {
    let mut violations = Violations::of(request);
    let as_of = violations.as_of(request.clock.as_ref());
    violations.check()?;
    Ok(datasets::ListQuestion { as_of, page: Page::of(LIST_DATASETS, request, PAGE_DEFAULT)? })
}

pub fn list_releases(request: &pb::ListReleasesRequest) -> Result<releases::Question, Error> {
    let mut violations = Violations::of(request);
    let as_of = violations.as_of(request.clock.as_ref());
    let id = dataset_id("parent", &request.parent, &mut violations);
    violations.check()?;
    Ok(releases::Question { id, as_of, page: Page::of(LIST_RELEASES, request, PAGE_DEFAULT)? })
}

fn dataset_id(field: &str, name: &str, violations: &mut Violations) -> String {
    let id = name.strip_prefix("datasets/").unwrap_or(name);
    if id.is_empty() || id.len() > 80 {
        violations.add(field, "is not a valid dataset; expected datasets/un-comtrade, see ListDatasets");
    }
    id.to_owned()
}
