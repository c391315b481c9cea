//! What was delivered under a contract, as schedules and settlements need it.

use jiff::civil::Date;

use crate::energy::delivery::{self, Delivered, Delivery};
use crate::energy::quantity::{FactorSet, Unit};
use crate::energy::schedule::years;
use crate::energy::store::deliveries::{self, Filter};
use crate::register::Moment;
use crate::rpc::Error;
use crate::store::{Deadline, Store};

/// Daily deliveries of a hundred years and more.
const DELIVERIES_MAX: usize = 50_000;

/// Deliveries and the numbers of the datasets that have them.
pub struct Deliveries {
    pub list: Vec<Delivery>,
    pub datasets: Vec<i64>,
}

impl Deliveries {
    /// All deliveries of a contract or flow.
    pub async fn read(store: &Store, subject: &str, moment: &Moment, deadline: &Deadline) -> Result<Self, Error> {
        let filter = Filter { subject: Some(subject.to_owned()), ..Filter::default() };
        let stored = deliveries::list(store, &filter, moment, None, DELIVERIES_MAX + 1, deadline).await?;
        if stored.len() > DELIVERIES_MAX {
            return Err(Error::TooLarge(format!("{subject} has more than {DELIVERIES_MAX} deliveries")));
        }
        let mut datasets: Vec<i64> = stored.iter().map(|stored| stored.dataset).collect();
        datasets.sort_unstable();
        datasets.dedup();
        Ok(Self { list: stored.into_iter().map(|stored| stored.delivery).collect(), datasets })
    }

    /// What was delivered within a whole year that begins in a month, for its days within the term.
    pub fn in_year(
        &self,
        year: i16,
        begins: u8,
        term: (Date, Date),
        amount: Unit,
        set: Option<&FactorSet>,
    ) -> Result<Option<Delivered>, delivery::Error> {
        match whole_year(year, begins) {
            Some(days) => delivery::within(&self.list, days, term, amount, set),
            None => Ok(None),
        }
    }
}

/// First and last day of the year that begins in a month.
pub fn whole_year(year: i16, begins: u8) -> Option<(Date, Date)> {
    years::first_day(year, begins).ok().zip(years::last_day(year, begins).ok())
}
