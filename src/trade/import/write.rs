//! Writing a release: rows, their history, and the sums beside them, all in the writer's transaction.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::diff::Change;
use crate::import::Error;
use crate::store::{self, Column, Table, Value, Writer};
use crate::trade::model::{FlowRow, PartnerKind, StoredFlow, Variant};
use crate::trade::store::columns::{FLOW_LIST, FLOW_WIDTH, FLOWS, HISTORY, KEY, cells};
use crate::trade::store::coverage::CONVERTED_KIND;
use crate::trade::store::sums::{self, DELTA_PAIRS, DELTA_STRATA, DELTA_WORLD, PAIR_KEY, STRATUM_KEY, WORLD_KEY};
use crate::trade::sums::Sums;
use crate::value::Cell;

/// Cells that are gathered before they go to the writer: some 2,000 facts.
const BUFFER_CELLS: usize = 2048 * FLOW_WIDTH;
/// World sums held in memory; more go to the temporary table and are added up there.
const WORLD_SUMS_HELD: usize = 400_000;

/// Rows to take out of `flows`, and (`kind` 1) what to put in their place.
static DELTA_FLOWS: LazyLock<Table> =
    LazyLock::new(|| Table::new("delta_flows", FLOWS.columns().iter().copied().chain([Column("kind", 2)])));

/// Applies changes in the order of their keys, for one release.
pub struct ReleaseWriter<'a> {
    writer: &'a mut Writer,
    dataset: i64,
    release: i64,
    new_rows: Vec<Cell>,
    old_rows: Vec<Cell>,
    replaced: Vec<Cell>,
    has_replaced: bool,
    pair: u64,
    pair_sums: Vec<(i64, Sums)>,
    pair_rows: Vec<Cell>,
    world: HashMap<(u8, i64, i32, i32), Sums>,
    strata: BTreeMap<(u64, i32, u32, u32, i64, i64), i64>,
}

impl<'a> ReleaseWriter<'a> {
    pub fn new(writer: &'a mut Writer, dataset: i64, release: i64) -> Result<Self, Error> {
        for table in [&*DELTA_FLOWS, &*DELTA_PAIRS, &*DELTA_WORLD, &*DELTA_STRATA] {
            writer.execute_sql(&table.create_temporary_sql(), &[])?;
        }
        Ok(Self {
            writer,
            dataset,
            release,
            new_rows: Vec::with_capacity(BUFFER_CELLS),
            old_rows: Vec::new(),
            replaced: Vec::new(),
            has_replaced: false,
            pair: u64::MAX,
            pair_sums: Vec::new(),
            pair_rows: Vec::new(),
            world: HashMap::new(),
            strata: BTreeMap::new(),
        })
    }

    pub fn apply(&mut self, change: Change) -> Result<(), Error> {
        match change {
            Change::Unchanged => return Ok(()),
            Change::New(new) => {
                self.count(&new, 1)?;
                self.new_rows.extend_from_slice(&cells(self.dataset, self.release, &new));
            }
            Change::Revised { old, new } => {
                self.count(&old.row, -1)?;
                self.count(&new, 1)?;
                self.keep_history(&old);
                self.replaced.extend_from_slice(&cells(self.dataset, self.release, &new));
                self.replaced.push(Cell::from(1));
            }
            Change::Withdrawn(old) => {
                self.count(&old.row, -1)?;
                self.keep_history(&old);
                self.replaced.extend_from_slice(&cells(self.dataset, self.release, &old.row));
                self.replaced.push(Cell::from(2));
            }
        }
        if self.new_rows.len() >= BUFFER_CELLS {
            self.writer.insert(&FLOWS, &self.new_rows)?;
            self.new_rows.clear();
        }
        // Larger, because changing tables ends one COPY and begins another.
        if self.replaced.len() >= 16 * BUFFER_CELLS {
            self.flush_replaced()?;
        }
        Ok(())
    }

    /// Writes what is left and brings the sums up to date.
    pub fn finish(mut self) -> Result<(), Error> {
        self.close_pair();
        self.writer.insert(&FLOWS, &self.new_rows)?;
        self.flush_replaced()?;
        self.writer.insert(&DELTA_PAIRS, &self.pair_rows)?;
        self.flush_world()?;
        self.write_strata()?;
        if self.has_replaced {
            if self.writer.is_postgres() {
                self.writer.execute_sql("ANALYZE delta_flows", &[])?;
            }
            let delete = format!("DELETE FROM flows WHERE ({KEY}) IN (SELECT {KEY} FROM delta_flows)");
            self.writer.execute_sql(&delete, &[])?;
            let list = &*FLOW_LIST;
            let replace = format!("INSERT INTO flows ({list}) SELECT {list} FROM delta_flows WHERE kind = 1");
            self.writer.execute_sql(&replace, &[])?;
        }
        for (target, key, delta) in
            [("flow_pairs", &PAIR_KEY[..], &*DELTA_PAIRS), ("flow_world", &WORLD_KEY[..], &*DELTA_WORLD)]
        {
            self.writer.execute_sql(&sums::apply_sql(target, key, delta.name()), &[])?;
            if self.has_replaced {
                let sweep = format!("DELETE FROM {target} WHERE dataset = ? AND rows = 0");
                self.writer.execute_sql(&sweep, &[Value::Integer(self.dataset)])?;
            }
        }
        for table in [&*DELTA_FLOWS, &*DELTA_PAIRS, &*DELTA_WORLD, &*DELTA_STRATA] {
            self.writer.execute_sql(&format!("DROP TABLE {}", table.name()), &[])?;
        }
        Ok(())
    }

    fn keep_history(&mut self, old: &StoredFlow) {
        self.has_replaced = true;
        self.old_rows.extend_from_slice(&cells(self.dataset, old.release, &old.row));
        self.old_rows.push(Cell::from(self.release));
    }

    fn flush_replaced(&mut self) -> Result<(), Error> {
        self.writer.insert(&HISTORY, &self.old_rows)?;
        self.writer.insert(&DELTA_FLOWS, &self.replaced)?;
        self.old_rows.clear();
        self.replaced.clear();
        Ok(())
    }

    /// Adds a row to the sums, or takes it away.
    fn count(&mut self, row: &FlowRow, sign: i64) -> Result<(), Error> {
        let key = row.key;
        let commodity = key.commodity();
        let (classification, level) = (commodity.classification().number(), commodity.level());
        let variant = key.variant();
        let partner_kind = PartnerKind::of(key.partner_number());
        let stratum = (
            key.report(),
            classification,
            commodity.chapter(),
            level,
            partner_kind.number(),
            variant.detail_kind().number() + if row.flags.is_converted() { CONVERTED_KIND } else { 0 },
        );
        *self.strata.entry(stratum).or_default() += sign;
        if variant != Variant::TOTAL {
            return Ok(());
        }

        if key.pair() != self.pair {
            self.close_pair();
            self.pair = key.pair();
            if self.pair_rows.len() >= 4 * BUFFER_CELLS {
                self.writer.insert(&DELTA_PAIRS, &self.pair_rows)?;
                self.pair_rows.clear();
            }
        }
        let cut = sums::cut(classification, level);
        match self.pair_sums.iter_mut().find(|(same, _)| *same == cut) {
            Some((_, sums)) => sums.count(row, sign),
            None => {
                let mut sums = Sums::default();
                let counted = sums.count(row, sign);
                self.pair_sums.push((cut, sums));
                counted
            }
        }
        .ok_or(store::Error::Overflow)?;

        let is_detail = commodity.classification().is_hs() && level == 6;
        let is_country = PartnerKind::of(key.reporter_number()) == PartnerKind::Single;
        if is_detail && is_country && partner_kind == PartnerKind::Single {
            for (detail, code) in [(1, commodity), (0, commodity.ancestor(2))] {
                let world_key = (key.flow_number(), detail, key.period_number(), code.number());
                let sums = self.world.entry(world_key).or_default();
                sums.count(row, sign).ok_or(store::Error::Overflow)?;
            }
            if self.world.len() >= WORLD_SUMS_HELD {
                self.flush_world()?;
            }
        }
        Ok(())
    }

    fn close_pair(&mut self) {
        let pair = self.pair;
        for (cut, sums) in self.pair_sums.drain(..).filter(|(_, sums)| !sums.is_zero()) {
            self.pair_rows.extend([
                Cell::from(self.dataset),
                Cell::from((pair >> 48) as i64),
                Cell::from((pair >> 40 & 0xff) as i64),
                Cell::from((pair >> 16 & 0xff_ffff) as i64),
                Cell::from((pair & 0xffff) as i64),
                Cell::from(cut),
            ]);
            self.pair_rows.extend(sums.in_order().map(Cell::from));
        }
    }

    fn flush_world(&mut self) -> Result<(), Error> {
        let mut rows = Vec::with_capacity(self.world.len() * 14);
        for ((flow, detail, period, commodity), sums) in self.world.drain().filter(|(_, sums)| !sums.is_zero()) {
            rows.extend([
                Cell::from(self.dataset),
                Cell::from(i64::from(flow)),
                Cell::from(detail),
                Cell::from(i64::from(period)),
                Cell::from(i64::from(commodity)),
            ]);
            rows.extend(sums.in_order().map(Cell::from));
        }
        self.writer.insert(&DELTA_WORLD, &rows)?;
        Ok(())
    }

    /// Closes the versions of changed strata and opens new ones, also where only amounts changed: which of two editions of
    /// a report is the newer one is told by the release that changed it last.
    fn write_strata(&mut self) -> Result<(), Error> {
        let mut rows = Vec::new();
        for ((report, classification, chapter, level, partner_kind, detail_kind), change) in &self.strata {
            rows.extend([
                Cell::from(self.dataset),
                Cell::from((report >> 32) as i64),
                Cell::from((report >> 24 & 0xff) as i64),
                Cell::from((report & 0xff_ffff) as i64),
                Cell::from(i64::from(*classification)),
                Cell::from(i64::from(*chapter)),
                Cell::from(i64::from(*level)),
                Cell::from(*partner_kind),
                Cell::from(*detail_kind),
                Cell::from(*change),
            ]);
        }
        self.writer.insert(&DELTA_STRATA, &rows)?;
        let key = STRATUM_KEY.map(|column| column.0);
        let list = key.join(", ");
        let close = format!(
            "UPDATE flow_strata SET until_release = ? WHERE until_release IS NULL
                AND ({list}) IN (SELECT {list} FROM delta_strata)"
        );
        self.writer.execute_sql(&close, &[Value::Integer(self.release)])?;
        let same = key.map(|column| format!("s.{column} = d.{column}")).join(" AND ");
        let selected = key.map(|column| format!("d.{column}")).join(", ");
        let release = self.release;
        let open = format!(
            "INSERT INTO flow_strata ({list}, since_release, rows)
                SELECT {selected}, {release}, COALESCE(s.rows, 0) + d.rows
                FROM delta_strata d LEFT JOIN flow_strata s ON {same} AND s.until_release = {release}
                WHERE COALESCE(s.rows, 0) + d.rows <> 0"
        );
        self.writer.execute_sql(&open, &[])?;
        Ok(())
    }
}
