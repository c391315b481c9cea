//! Deliveries: those of one contract or flow, and the list.

use super::{Energy, Opened};
use crate::energy::convert::{contract as encode, request as decode};
use crate::energy::delivery::{Delivery, netting};
use crate::energy::store::deliveries::{self, After, Filter, Stored};
use crate::proto::entrepot::energy::v1 as pb;
use crate::register::moment::day_number;
use crate::register::{DatasetKind, Moment};
use crate::rpc::wire::{date, decimal, emptiness};
use crate::rpc::{Error, PageToken, Violations, page_size, policy};
use crate::store::{Deadline, Store};

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListDeliveries";

/// Daily deliveries of a hundred years and more.
const DELIVERIES_MAX: usize = 50_000;

/// Deliveries and the numbers of the datasets that have them.
pub struct Deliveries {
    pub list: Vec<Delivery>,
    pub datasets: Vec<i64>,
}

pub async fn of(store: &Store, subject: &str, moment: &Moment, deadline: &Deadline) -> Result<Deliveries, Error> {
    let filter = Filter { subject: Some(subject.to_owned()), ..Filter::default() };
    let stored = deliveries::list(store, &filter, moment, None, DELIVERIES_MAX + 1, deadline).await?;
    if stored.len() > DELIVERIES_MAX {
        return Err(Error::TooLarge(format!("{subject} has more than {DELIVERIES_MAX} deliveries")));
    }
    let mut datasets: Vec<i64> = stored.iter().map(|stored| stored.dataset).collect();
    datasets.sort_unstable();
    datasets.dedup();
    Ok(Deliveries { list: stored.into_iter().map(|stored| stored.delivery).collect(), datasets })
}

pub async fn list(
    energy: &Energy,
    request: pb::ListDeliveriesRequest,
    deadline: &Deadline,
) -> Result<pb::ListDeliveriesResponse, Error> {
    let mut violations = Violations::default();
    let subject = violations.text("subject", &request.subject, 100).to_owned();
    let (from, until) = decode::days(request.start_date.as_ref(), request.end_date.as_ref(), &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    let size = page_size(request.page_size, 100, policy::rows_max(LIST))?;
    let bare = pb::ListDeliveriesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", LIST, &bare)?;
    let opened = energy.open(clocks, token.as_ref().map(|token| token.release), deadline).await?;
    let after = token.and_then(|token| behind(&token));
    let filter = Filter { subject: (!subject.is_empty()).then_some(subject), from, until };
    let mut page = deliveries::list(&energy.store, &filter, &opened.moment, after.as_ref(), size + 1, deadline).await?;
    let more = page.len() > size;
    page.truncate(size);
    let mut response = pb::ListDeliveriesResponse {
        deliveries: page.iter().map(|stored| wire(stored, &opened)).collect(),
        netting_rules: rules(&page),
        provenance: Some(opened.provenance(|dataset| match page.is_empty() {
            true => dataset.spec.kind == DatasetKind::Deliveries,
            false => page.iter().any(|stored| stored.dataset == dataset.id),
        })),
        ..Default::default()
    };
    if let (true, Some(last)) = (more, page.last()) {
        response.next_page_token = token_behind(last, opened.moment.release).encode(LIST, &bare);
    }
    if page.is_empty() && after.is_none() {
        response.emptiness = Some(emptiness(&opened.why_none(DatasetKind::Deliveries, "deliveries")));
    }
    Ok(response)
}

fn wire(stored: &Stored, opened: &Opened) -> pb::Delivery {
    let Delivery { subject, from, to, value, unit, source, confidence, rule, note } = &stored.delivery;
    pb::Delivery {
        subject: subject.clone(),
        start_date: Some(date(*from)),
        end_date: Some(date(*to)),
        quantity: Some(decimal(value.to_string())),
        unit: unit.clone(),
        source: source.clone(),
        confidence: encode::confidence(*confidence).into(),
        note: note.clone(),
        release: opened.catalog.release_name(stored.release),
        netting_rule: rule.clone(),
    }
}

fn rules(page: &[Stored]) -> Vec<pb::NettingRule> {
    let used = netting::RULES.iter().filter(|rule| page.iter().any(|stored| stored.delivery.rule == rule.id));
    used.map(|rule| pb::NettingRule {
        id: rule.id.to_owned(),
        description: rule.words.to_owned(),
        source: rule.source.to_owned(),
    })
    .collect()
}

/// First day, dataset and entry as numbers, and the subject behind them.
fn token_behind(last: &Stored, release: i64) -> PageToken {
    let numbers = [day_number(last.delivery.from), last.dataset, last.entry];
    let mut position: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    position.extend_from_slice(last.delivery.subject.as_bytes());
    PageToken { release, position }
}

fn behind(token: &PageToken) -> Option<After> {
    let (start_day, rest) = token.position.split_first_chunk::<8>()?;
    let (dataset, rest) = rest.split_first_chunk::<8>()?;
    let (entry, subject) = rest.split_first_chunk::<8>()?;
    Some(After {
        subject: std::str::from_utf8(subject).ok()?.to_owned(),
        start_day: i64::from_le_bytes(*start_day),
        dataset: i64::from_le_bytes(*dataset),
        entry: i64::from_le_bytes(*entry),
    })
}
