//! The same trade as both sides report it.

use super::summarize_flows::SummaryAnswer;
use super::{Answered, AsOf, Trade, nothing_found};
use crate::reference::CommodityCode;
use crate::register::Emptiness;
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::edition;
use crate::trade::key::Key;
use crate::trade::mirror::{self, Factor};
use crate::trade::query::{Filter, KeyPart, SummaryQuery};
use crate::trade::summary::Row;
use crate::value::Period;

pub struct Question {
    pub exporter: SummaryQuery,
    pub importer: SummaryQuery,
    pub factor: Option<Factor>,
    pub as_of: AsOf,
}

/// What one side reports, or why it reports nothing.
pub type Side = Result<Row, Emptiness>;

pub struct MirrorRow {
    pub period: Option<Period>,
    pub commodity: Option<CommodityCode>,
    pub exporter: Side,
    pub importer: Side,
    /// Thousandths of a dollar.
    pub gap: Option<i64>,
    pub ratio: Option<String>,
}

pub struct Answer {
    pub factor: Option<Factor>,
    pub rows: Vec<MirrorRow>,
    pub exporter: Answered<SummaryAnswer>,
    pub importer: Answered<SummaryAnswer>,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(trade: &Trade, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { exporter: exporter_query, importer: importer_query, factor, as_of } = question;
    let exporter = trade.summarize(&exporter_query, Some(&importer_query), as_of, deadline).await?;
    let importer = trade.summarize(&importer_query, Some(&exporter_query), as_of, deadline).await?;
    let rows_of = |answered: &'_ Answered<SummaryAnswer>| -> Vec<Row> {
        answered.result.as_ref().map_or_else(|_| Vec::new(), |(_, answer)| answer.summary.rows.clone())
    };
    let (exporter_rows, importer_rows) = (rows_of(&exporter), rows_of(&importer));
    let mut rows = Vec::new();
    for pair in mirror::pairs(&exporter_rows, &importer_rows) {
        let (gap, ratio) = pair.compare(factor);
        // Both sides group alike.
        let (period, commodity) = key_of(&exporter_query, pair.key);
        rows.push(MirrorRow {
            exporter: side(pair.exporter, (period, commodity), &exporter, &exporter_query.filter),
            importer: side(pair.importer, (period, commodity), &importer, &importer_query.filter),
            period,
            commodity,
            gap,
            ratio,
        });
    }
    let emptiness = rows.is_empty().then(|| nothing_found(&exporter, &exporter_query.filter));
    Ok(Answer { factor, rows, exporter, importer, emptiness })
}

type MirrorKey = (Option<Period>, Option<CommodityCode>);

fn key_of(query: &SummaryQuery, key: Key) -> MirrorKey {
    let mut found = (None, None);
    for (_, part) in key.parts(query) {
        match part {
            KeyPart::Period(period) => found.0 = Some(period),
            KeyPart::Commodity(code) => found.1 = Some(code),
            _ => {}
        }
    }
    found
}

fn side(row: Option<&Row>, (period, code): MirrorKey, answered: &Answered<SummaryAnswer>, filter: &Filter) -> Side {
    row.cloned().ok_or_else(|| match (&answered.result, period) {
        (Ok((selection, answer)), Some(period)) => code
            .and_then(|code| edition::in_another(selection, &answer.joins, code, period))
            .unwrap_or_else(|| selection.why_nothing_in(period)),
        _ => nothing_found(answered, filter),
    })
}
