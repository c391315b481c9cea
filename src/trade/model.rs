//! The types of trade: flows, keys, amounts.

use std::fmt;
use std::sync::LazyLock;

use crate::reference::{Area, AreaKind, Classification, CommodityCode};
use crate::value::{Cell, Period};

pub use super::flow::Flow;
pub use super::variant::{DetailKind, Variant};

/// What kind of partner a row has: whether it may be added to others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum PartnerKind {
    Single,
    World,
    Group,
}

/// By area number: asked for every row of an import.
static PARTNER_KINDS: LazyLock<Vec<PartnerKind>> = LazyLock::new(|| {
    let mut kinds = vec![PartnerKind::Single; usize::from(u16::MAX) + 1];
    for facts in Area::all() {
        kinds[usize::from(facts.number)] = match facts.kind {
            AreaKind::World => PartnerKind::World,
            AreaKind::Group => PartnerKind::Group,
            _ => PartnerKind::Single,
        };
    }
    kinds
});

impl PartnerKind {
    pub fn of(area_number: u16) -> Self {
        PARTNER_KINDS[usize::from(area_number)]
    }

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Single,
            1 => Self::World,
            _ => Self::Group,
        }
    }
}

/// Which row of a dataset: reporter, flow, period, partner, commodity and variant in one number, in the order of the
/// store's key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowKey(u128);

impl FlowKey {
    pub fn new(
        reporter: Area,
        flow: Flow,
        period: Period,
        partner: Area,
        commodity: CommodityCode,
        variant: Variant,
    ) -> Self {
        Self::from_parts(
            reporter.number(),
            flow.number(),
            period.number() as u32,
            partner.number(),
            commodity.number() as u32,
            variant.number(),
        )
    }

    fn from_parts(reporter: u16, flow: u8, period: u32, partner: u16, commodity: u32, variant: u32) -> Self {
        let high =
            (u64::from(reporter) << 48) | (u64::from(flow) << 40) | (u64::from(period) << 16) | u64::from(partner);
        let low = (u64::from(commodity) << 32) | u64::from(variant);
        Self((u128::from(high) << 64) | u128::from(low))
    }

    pub fn from_number(number: u128) -> Self {
        Self(number)
    }

    pub fn number(self) -> u128 {
        self.0
    }

    pub fn reporter_number(self) -> u16 {
        (self.0 >> 112) as u16
    }

    pub fn reporter(self) -> Area {
        Area::from_comtrade(self.reporter_number()).unwrap_or(Area::WORLD)
    }

    pub fn flow_number(self) -> u8 {
        (self.0 >> 104) as u8
    }

    pub fn flow(self) -> Flow {
        Flow::of_number(self.flow_number())
    }

    pub fn period_number(self) -> i32 {
        ((self.0 >> 80) & 0xff_ffff) as i32
    }

    pub fn period(self) -> Option<Period> {
        Period::from_number(self.period_number())
    }

    pub fn partner_number(self) -> u16 {
        (self.0 >> 64) as u16
    }

    pub fn partner(self) -> Area {
        Area::from_comtrade(self.partner_number()).unwrap_or(Area::WORLD)
    }

    pub fn commodity_number(self) -> i32 {
        (self.0 >> 32) as u32 as i32
    }

    pub fn commodity(self) -> CommodityCode {
        CommodityCode::from_number(self.commodity_number())
            .unwrap_or_else(|| CommodityCode::total(Classification::NONE))
    }

    pub fn variant(self) -> Variant {
        Variant::from_number(self.0 as u32)
    }

    /// Reporter, flow and period: what one report is.
    pub fn report(self) -> u64 {
        (self.0 >> 80) as u64
    }

    /// The report and the partner.
    pub fn pair(self) -> u64 {
        (self.0 >> 64) as u64
    }
}

impl fmt::Display for FlowKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = self.period().map_or_else(String::new, |period| period.to_string());
        let (reporter, flow, partner) = (self.reporter(), self.flow(), self.partner());
        write!(formatter, "{reporter} {flow} {period} {partner} {:?}", self.commodity())?;
        match self.variant() {
            Variant::TOTAL => Ok(()),
            variant => write!(
                formatter,
                " via {}, procedure {}, mode {}",
                variant.second_partner(),
                variant.procedure(),
                variant.mode_of_transport()
            ),
        }
    }
}

impl fmt::Debug for FlowKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// What is known of a row besides its key: marks that the source sets.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Flags(u16);

impl Flags {
    pub const QUANTITY_ESTIMATED: u16 = 1;
    pub const ALT_QUANTITY_ESTIMATED: u16 = 2;
    pub const NET_WEIGHT_ESTIMATED: u16 = 4;
    pub const GROSS_WEIGHT_ESTIMATED: u16 = 8;
    pub const REPORTED: u16 = 16;
    pub const REPORTED_KNOWN: u16 = 32;
    pub const AGGREGATE: u16 = 64;
    pub const AGGREGATE_KNOWN: u16 = 128;
    pub const ORIGINAL: u16 = 256;
    pub const ORIGINAL_KNOWN: u16 = 512;
    const ESTIMATED: u16 = 15;
    const LEGACY_SHIFT: u32 = 10;
    /// SQL condition: the source estimated something in the row.
    pub const ESTIMATED_SQL: &'static str = "(COALESCE(flags, 0) & 15) <> 0";
    /// SQL condition: the row was converted from another classification.
    pub const CONVERTED_SQL: &'static str = "(COALESCE(flags, 0) & 768) = 512";

    pub fn from_number(number: u16) -> Self {
        Self(number)
    }

    pub fn number(self) -> u16 {
        self.0
    }

    pub fn set(&mut self, mark: u16, on: bool) {
        if on {
            self.0 |= mark;
        }
    }

    pub fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    /// A mark that the source may leave open.
    pub fn maybe(self, mark: u16, known: u16) -> Option<bool> {
        self.has(known).then(|| self.has(mark))
    }

    pub fn set_legacy(&mut self, flag: u8) {
        self.0 |= (u16::from(flag % 15) + 1) << Self::LEGACY_SHIFT;
    }

    pub fn legacy(self) -> Option<u8> {
        (self.0 >> Self::LEGACY_SHIFT).checked_sub(1).map(|flag| flag as u8)
    }

    pub fn is_estimated(self) -> bool {
        self.0 & Self::ESTIMATED != 0
    }

    pub fn is_converted(self) -> bool {
        self.maybe(Self::ORIGINAL, Self::ORIGINAL_KNOWN) == Some(false)
    }
}

/// The amounts of a row, each of which may be unknown: thousandths of a US dollar, grams, thousandths of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amounts {
    pub value: Cell,
    pub net_weight: Cell,
    pub quantity: Cell,
    pub cif_value: Cell,
    pub fob_value: Cell,
    pub gross_weight: Cell,
    pub alt_quantity: Cell,
}

impl Default for Amounts {
    fn default() -> Self {
        let unknown = Cell::UNKNOWN;
        Self {
            value: unknown,
            net_weight: unknown,
            quantity: unknown,
            cif_value: unknown,
            fob_value: unknown,
            gross_weight: unknown,
            alt_quantity: unknown,
        }
    }
}

impl Amounts {
    pub fn in_order(&self) -> [Cell; 7] {
        [
            self.value,
            self.net_weight,
            self.quantity,
            self.cif_value,
            self.fob_value,
            self.gross_weight,
            self.alt_quantity,
        ]
    }

    pub fn from_order(cells: [Cell; 7]) -> Self {
        let [value, net_weight, quantity, cif_value, fob_value, gross_weight, alt_quantity] = cells;
        Self { value, net_weight, quantity, cif_value, fob_value, gross_weight, alt_quantity }
    }
}

/// A fact. Units of quantity are 0 where there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FlowRow {
    pub key: FlowKey,
    pub amounts: Amounts,
    pub quantity_unit: u8,
    pub alt_unit: u8,
    pub flags: Flags,
}

/// A fact and the release that brought it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoredFlow {
    pub row: FlowRow,
    pub release: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn flags_keep_apart_unknown_and_false() {
        let mut flags = Flags::default();
        assert_eq!((flags.maybe(Flags::REPORTED, Flags::REPORTED_KNOWN), flags.legacy()), (None, None));
        flags.set(Flags::REPORTED_KNOWN, true);
        flags.set_legacy(6);
        assert_eq!((flags.maybe(Flags::REPORTED, Flags::REPORTED_KNOWN), flags.legacy()), (Some(false), Some(6)));
    }

    proptest! {
        #[test]
        fn key_gives_back_its_parts(reporter in 0_u16..1000, flow in 1_u8..11, period in 190_000_u32..220_000,
                                    partner in 0_u16..1000, commodity in 0_u32..100_000_000, variant: u32) {
            let key = FlowKey::from_parts(reporter, flow, period, partner, commodity, variant);
            prop_assert_eq!(key.reporter_number(), reporter);
            prop_assert_eq!(key.flow_number(), flow);
            prop_assert_eq!(key.period_number(), period as i32);
            prop_assert_eq!(key.partner_number(), partner);
            prop_assert_eq!(key.commodity_number(), commodity as i32);
            prop_assert_eq!(key.variant().number(), variant);
        }
    }
}
