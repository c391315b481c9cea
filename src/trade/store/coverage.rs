//! Reads the strata of all reports.

use crate::reference::{Area, Classification};
use crate::store::{Deadline, Error, Store};
use crate::trade::coverage::{Coverage, Stratum};
use crate::trade::model::{DetailKind, Flow, PartnerKind};
use crate::value::Period;

/// Rows that the source converted from another classification are a kind of their own: this is added to the number of
/// their kind of detail.
pub const CONVERTED_KIND: i64 = 8;

/// Loads all strata.
pub async fn load(store: &Store, deadline: &Deadline) -> Result<Coverage, Error> {
    let sql = "SELECT dataset, reporter, flow, period, classification, level, partner_kind, detail_kind,
                      since_release, until_release, rows, chapter
               FROM flow_strata
               ORDER BY dataset, reporter, flow, period, classification, level, partner_kind, detail_kind,
                        since_release, until_release";
    let rows = store.integers(sql, 12, deadline).await?;
    let single = rows.iter().filter_map(|row| {
        Some(Stratum {
            dataset: row[0].known(),
            reporter: Area::from_comtrade(row[1].known() as u16)?,
            flow: Flow::from_number(row[2].known())?,
            period: Period::from_number(row[3].known() as i32)?,
            classification: Classification::from_number(row[4].known() as i32)?,
            level: row[5].known() as u32,
            partner_kind: PartnerKind::from_number(row[6].known()),
            detail_kind: DetailKind::from_number(row[7].known() % CONVERTED_KIND),
            converted: row[7].known() >= CONVERTED_KIND,
            since: row[8].known(),
            until: row[9].get(),
            chapters: 1 << row[11].known(),
            rows: row[10].known(),
        })
    });
    Ok(Coverage::new(single))
}
