//! Schedules, ledgers and outlooks against second ones, reckoned day by day and year by year from the definitions.
//!
//! Nothing here uses the program but its service: made-up books are imported, questions are asked, and each figure of the
//! answers is compared with one that the plain code beside this file came to, with its own calendar and its own fractions.
//! Seed and number of cases can be set: `ENTREPOT_SEED`, `ENTREPOT_CASES`.

mod ledger;
mod made;
mod outlook;
mod plain;
mod schedule;

use entrepot::proto::entrepot::r#type::v1::Decimal;

/// A figure of an answer in trillionths; absent is `None`.
fn trillionths(figure: Option<&Decimal>) -> Option<i128> {
    figure.map(|figure| plain::read(&figure.value, 12))
}

fn cases(otherwise: usize) -> usize {
    std::env::var("ENTREPOT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(otherwise)
}

fn seed() -> u64 {
    std::env::var("ENTREPOT_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_128)
}
