//! Controlled goods by name and as a list, and whether a commodity is one: the goods of the day, and the concordance to their
//! editions.

use std::collections::HashMap;

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::import::concordance;
use crate::reference::{self, Classification, Codes, CommodityCode, KnownCodes};
use crate::register::moment::{NO_DAY, day_number};
use crate::register::{Catalog, Dataset, DatasetKind, Emptiness, EmptyReason, Moment, Register};
use crate::rpc::wire::{self, emptiness};
use crate::rpc::{Error, PageToken, Violations, page_size, policy};
use crate::store::{Deadline, Store};

use crate::sanctions::convert;
use crate::sanctions::convert::request as decode;
use crate::sanctions::goods as rules;
use crate::sanctions::goods::listed::{Filter, ListedGood};
use crate::sanctions::goods::{Certainty, Code};
use crate::sanctions::store::goods;

const LIST_GOODS: &str = "/entrepot.sanctions.v1.SanctionsService/ListControlledGoods";
/// Goods in force on one day; the longest annexes have a few thousand codes.
const GOODS_MAX: usize = 100_000;

/// The datasets of controlled goods.
fn lists(catalog: &Catalog) -> Vec<&Dataset> {
    catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::ControlledGoods).collect()
}

fn why_no_goods(catalog: &Catalog, moment: &Moment) -> types::Emptiness {
    let lists = lists(catalog);
    let (reason, detail) = if lists.is_empty() {
        (EmptyReason::NoData, "no list of controlled goods is in the store; `entrepot import controlled-goods`")
    } else if catalog.sources(&lists, moment).is_empty() {
        (EmptyReason::NotReleased, "no list of controlled goods was out on that day")
    } else {
        (EmptyReason::FilteredOut, "there are controlled goods, but none that fit")
    };
    emptiness(&Emptiness::new(reason, detail))
}

pub async fn check(
    store: &Store,
    catalogs: &Register,
    codes: &KnownCodes,
    request: pb::CheckCommodityRequest,
    deadline: &Deadline,
) -> Result<pb::CheckCommodityResponse, Error> {
    let mut violations = Violations::default();
    let code = decode::hs_commodity("commodity", &request.commodity, &mut violations);
    let destination = decode::destination("destination", &request.destination, &mut violations);
    let moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
    violations.check()?;
    let code = code.ok_or_else(|| Error::invalid("commodity", "is missing"))?;
    let catalog = catalogs.current(deadline).await?;
    let codes = codes.at(catalog.newest_release).await?;
    compare(store, &catalog, &codes, code, destination.as_deref(), &moment, deadline).await
}

pub async fn get(
    store: &Store,
    catalogs: &Register,
    request: pb::GetControlledGoodRequest,
    deadline: &Deadline,
) -> Result<pb::GetControlledGoodResponse, Error> {
    let mut violations = Violations::default();
    let name = convert::goods::parse_name(&request.name);
    if name.is_none() {
        violations.add(
            "name",
            "is no controlled good; controlledGoods/common-high-priority-list.common-high-priority-list.HS2022-854231 \
             would be right, see ListControlledGoods",
        );
    }
    let moment = violations.moment(request.as_of.as_ref(), None);
    violations.check()?;
    let name = name.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let stored = goods::get(store, name, &moment, deadline).await?;
    let stored = stored.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let catalog = catalogs.current(deadline).await?;
    let datasets: Vec<&Dataset> = catalog.dataset(&stored.list).into_iter().collect();
    Ok(pb::GetControlledGoodResponse {
        controlled_good: Some(convert::goods::good(&stored)),
        provenance: Some(wire::provenance(catalog.sources(&datasets, &moment))),
    })
}

pub async fn list(
    store: &Store,
    catalogs: &Register,
    request: pb::ListControlledGoodsRequest,
    deadline: &Deadline,
) -> Result<pb::ListControlledGoodsResponse, Error> {
    let mut violations = Violations::default();
    let mut moment = violations.moment(request.as_of.as_ref(), request.in_force_on.as_ref());
    let filter = Filter {
        regimes: violations.texts("regimes", &request.regimes),
        authorities: violations.texts("authorities", &request.authorities),
        destination: decode::destination("destination", &request.destination, &mut violations),
        in_force: moment.in_force,
    };
    violations.check()?;
    let size = page_size(request.page_size, 100, policy::rows_max(LIST_GOODS))?;
    let bare = pb::ListControlledGoodsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", LIST_GOODS, &bare)?;
    let catalog = catalogs.current(deadline).await?;
    moment.release = token.as_ref().map_or(catalog.newest_release, |token| token.release);
    let after = token.and_then(|token| {
        let (dataset, entry) = token.position.split_first_chunk::<8>()?;
        Some((i64::from_le_bytes(*dataset), i64::from_le_bytes(entry.try_into().ok()?)))
    });
    let page = goods::list(store, &filter, &moment, after, size + 1, deadline).await?;
    let datasets = lists(&catalog);
    let mut response = pb::ListControlledGoodsResponse {
        controlled_goods: page.iter().take(size).map(convert::goods::good).collect(),
        provenance: Some(wire::provenance(catalog.sources(&datasets, &moment))),
        ..Default::default()
    };
    if let (true, Some(last)) = (page.len() > size, page.get(size - 1)) {
        let position = [last.dataset.to_le_bytes(), last.entry.to_le_bytes()].concat();
        response.next_page_token = PageToken { release: moment.release, position }.encode(LIST_GOODS, &bare);
    }
    if page.is_empty() && after.is_none() {
        response.emptiness = Some(why_no_goods(&catalog, &moment));
    }
    Ok(response)
}

/// Compares a code with all lists that were in force on the day.
async fn compare(
    store: &Store,
    catalog: &Catalog,
    codes: &Codes,
    code: CommodityCode,
    destination: Option<&str>,
    moment: &Moment,
    deadline: &Deadline,
) -> Result<pb::CheckCommodityResponse, Error> {
    let day = moment.day_in_force();
    let filter = Filter { in_force: Some(day_number(day)), ..Filter::default() };
    let stored = goods::list(store, &filter, moment, None, GOODS_MAX, deadline).await?;
    let mut provenance = wire::provenance(catalog.sources(&lists(catalog), moment));
    if stored.is_empty() {
        let emptiness = Some(why_no_goods(catalog, moment));
        return Ok(pb::CheckCommodityResponse { emptiness, provenance: Some(provenance), ..Default::default() });
    }
    let edition = code.classification();
    // A list of an edition may have its six digits only, which name their chapters and headings too.
    let is_known = if matches!(code.level(), 2 | 4) { codes.knows_within(code) } else { codes.knows(code) };
    if codes.is_loaded(edition) && !is_known {
        let detail = format!("{} is not in the list of its edition", code.name());
        let emptiness = Some(emptiness(&Emptiness::new(EmptyReason::CodeUnknown, detail)));
        return Ok(pb::CheckCommodityResponse { emptiness, provenance: Some(provenance), ..Default::default() });
    }

    let conversions = conversions(store, catalog, code, &stored, moment, deadline).await?;
    if !conversions.is_empty() {
        let concordances: Vec<&Dataset> = catalog.dataset(concordance::DATASET).into_iter().collect();
        provenance.sources.extend(catalog.sources(&concordances, moment).into_iter().map(wire::source));
    }
    provenance.classifications.push(code.classification().name().to_owned());
    provenance.classifications.extend(conversions.keys().cloned());

    let all: Vec<rules::ControlledGood> = stored.iter().map(|stored| stored.good.clone()).collect();
    let asked = Code { edition: code.classification().name().to_owned(), digits: code.to_string() };
    let convert = |edition: &str| conversions.get(edition).cloned();
    let findings = rules::assess(&all, &asked, &convert, destination, day);
    let strongest = findings.iter().map(|finding| finding.certainty).max();
    let certainty = match strongest {
        None => {
            if !codes.is_loaded(edition) {
                let note =
                    "the list of codes is not in the store, so that it is not known whether there is such a code";
                provenance.notes.push(format!("{}: {note}", edition.name()));
            }
            pb::ControlCertainty::None
        }
        Some(strongest) => convert::goods::certainty(strongest),
    };
    let empty = (strongest == Some(Certainty::NotCompared)).then(|| {
        let detail = format!("{} has no counterpart in the editions of the lists", code.name());
        emptiness(&Emptiness::new(EmptyReason::CodeNotValid, detail))
    });
    Ok(pb::CheckCommodityResponse {
        certainty: certainty.into(),
        findings: findings.iter().map(|finding| convert::goods::finding(finding, &asked, &stored)).collect(),
        provenance: Some(provenance),
        emptiness: empty,
    })
}

/// Counterparts of the code in the editions of the goods, by edition; its own is not among them.
async fn conversions(
    store: &Store,
    catalog: &Catalog,
    code: CommodityCode,
    stored: &[ListedGood],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<HashMap<String, Vec<(String, String)>>, Error> {
    let mut editions: Vec<&str> = stored.iter().map(|stored| stored.good.edition.as_str()).collect();
    editions.sort_unstable();
    editions.dedup();
    let own = code.classification();
    let mut found = HashMap::new();
    for target in editions.into_iter().filter_map(Classification::parse).filter(|target| *target != own) {
        let missing = || {
            let message = format!(
                "no concordance between {} and {} was in the store{}; `entrepot import concordance`",
                own.name(),
                target.name(),
                if moment.day == NO_DAY { "" } else { " on that day" }
            );
            Error::Precondition("CONCORDANCE_MISSING", message)
        };
        let dataset = catalog.dataset(concordance::DATASET).ok_or_else(missing)?;
        // What corresponds to what does not change with the day; the newest table serves the past too.
        let release = catalog.release_at(dataset.id, None).ok_or_else(missing)?;
        let pairs = reference::store::counterparts(store, code, target, release.id, deadline).await?;
        let pairs = pairs.ok_or_else(missing)?;
        let digits = |number: i32| CommodityCode::from_number(number).map(|code| code.to_string()).unwrap_or_default();
        let pairs = pairs.into_iter().map(|(own, other)| (digits(own), digits(other))).collect();
        found.insert(target.name().to_owned(), pairs);
    }
    Ok(found)
}
