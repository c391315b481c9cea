//! Routes by name and by filter.

use super::Energy;
use super::contracts::{behind, token_behind};
use crate::energy::convert::{request as decode, route as encode};
use crate::energy::library::{ListedRoute, Version};
use crate::proto::entrepot::energy::v1 as pb;
use crate::register::DatasetKind;
use crate::rpc::wire::emptiness;
use crate::rpc::{Error, PageToken, Violations, page_size, policy};
use crate::store::Deadline;

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListRoutes";

pub async fn get(
    energy: &Energy,
    request: pb::GetRouteRequest,
    deadline: &Deadline,
) -> Result<pb::GetRouteResponse, Error> {
    let mut violations = Violations::default();
    let name = decode::name("routes", "name", &request.name, &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    let opened = energy.open(clocks, None, deadline).await?;
    let name = name.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let version = opened.record("routes", &opened.library.routes, &name)?;
    Ok(pb::GetRouteResponse {
        route: Some(encode::route(version, &opened.catalog)),
        provenance: Some(opened.provenance(|dataset| dataset.id == version.dataset)),
    })
}

pub async fn list(
    energy: &Energy,
    request: pb::ListRoutesRequest,
    deadline: &Deadline,
) -> Result<pb::ListRoutesResponse, Error> {
    let mut violations = Violations::default();
    let filter = encode::filter(request.filter.as_ref(), &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    let size = page_size(request.page_size, 50, policy::rows_max(LIST))?;
    let bare = pb::ListRoutesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", LIST, &bare)?;
    let opened = energy.open(clocks, token.as_ref().map(|token| token.release), deadline).await?;
    opened.known_books(filter.datasets(), DatasetKind::Routes, "filter.datasets")?;
    let after = token.and_then(|token| behind(&token));
    let is_first = after.is_none();
    let visible = opened.library.routes.visible(opened.moment, after.as_ref());
    let mut page: Vec<&Version<ListedRoute>> =
        visible.filter(|version| filter.matches(version)).take(size + 1).collect();
    let more = page.len() > size;
    page.truncate(size);
    let mut response = pb::ListRoutesResponse {
        routes: page.iter().map(|version| encode::route(version, &opened.catalog)).collect(),
        provenance: Some(opened.provenance(|dataset| {
            dataset.spec.kind == DatasetKind::Routes
                && (filter.datasets().is_empty() || filter.datasets().contains(&dataset.spec.name))
        })),
        ..Default::default()
    };
    if let (true, Some(last)) = (more, page.last()) {
        response.next_page_token = token_behind(last, &opened).encode(LIST, &bare);
    }
    if page.is_empty() && is_first {
        response.emptiness = Some(emptiness(&opened.why_none(DatasetKind::Routes, "routes")));
    }
    Ok(response)
}
