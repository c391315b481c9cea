//! Reads the current facts of a dataset for a cube.

use crate::store::{Error, Store};
use crate::trade::cube::{Builder, Cube, Fact, Unfit};

const COLUMNS: usize = 8;

/// Reads all facts of a dataset that are totals over modes, procedures and second partners. Blocks, where blocking is
/// allowed. All are of one release if the dataset had the same newest one before and after.
pub fn load(store: &Store, dataset: i64) -> Result<Result<Cube, Unfit>, Error> {
    let sql = format!(
        "SELECT reporter, flow, period, partner, commodity, value, net_weight, flags FROM flows
         WHERE dataset = {dataset} AND variant = 0"
    );
    let mut builder = Builder::default();
    for batch in store.scan(vec![sql], COLUMNS)? {
        for cells in batch?.iter() {
            let number = |column: usize| cells[column].known();
            let fact = Fact {
                reporter: number(0) as u16,
                flow: number(1) as u8,
                period: number(2) as i32,
                partner: number(3) as u16,
                commodity: number(4) as i32,
                value: cells[5],
                net_weight: cells[6],
                flags: cells[7].get().unwrap_or(0) as u16,
            };
            if let Err(unfit) = builder.push(fact) {
                return Ok(Err(unfit));
            }
        }
    }
    Ok(builder.finish())
}
