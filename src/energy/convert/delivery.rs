//! Deliveries and the rules by which they are netted.

use super::contract::confidence;
use super::request as decode;
use crate::energy::answer::list_deliveries::{Answer, Question, Reported};
use crate::energy::delivery::netting::Rule;
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::{date, emptiness, provenance, quantity};
use crate::rpc::{Error, Page, Violations};

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListDeliveries";

pub fn list_question(request: &pb::ListDeliveriesRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    let filter = request.filter.clone().unwrap_or_default();
    let subject = violations.text("filter.subject", &filter.subject).to_owned();
    let (from, until) = decode::days(filter.start_date.as_ref(), filter.end_date.as_ref(), &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    violations.check()?;
    let subject = (!subject.is_empty()).then_some(subject);
    Ok(Question { subject, from, until, clocks, page: Page::of(LIST, request, 100)? })
}

pub fn list_response(answer: Answer) -> pb::ListDeliveriesResponse {
    pb::ListDeliveriesResponse {
        deliveries: answer.deliveries.into_iter().map(delivery).collect(),
        netting_rules: answer.rules.into_iter().map(rule).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources, Vec::new())),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

fn delivery(Reported { delivery, release }: Reported) -> pb::Delivery {
    pb::Delivery {
        subject: delivery.subject,
        start_date: Some(date(delivery.from)),
        end_date: Some(date(delivery.to)),
        quantity: Some(quantity(delivery.value.to_string(), delivery.unit)),
        source: delivery.source,
        confidence: confidence(delivery.confidence).into(),
        note: delivery.note,
        release,
        netting_rule: delivery.rule,
    }
}

fn rule(rule: &Rule) -> pb::NettingRule {
    pb::NettingRule { id: rule.id.to_owned(), description: rule.words.to_owned(), source: rule.source.to_owned() }
}
