//! The dimensions that most rows do not use: second partner, customs procedure, mode of transport, mode of supply.

use crate::reference::Area;

/// The dimensions that most rows do not use, in one number: 0 when all are totals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Debug)]
pub struct Variant(u32);

/// How a variant divides the total of its row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum DetailKind {
    /// Not at all: it is the total.
    Total,
    /// By mode of transport alone.
    Mode,
    /// By customs procedure alone.
    Procedure,
    /// By second partner alone.
    SecondPartner,
    /// By more than one of them, or by mode of supply.
    Mixed,
}

impl DetailKind {
    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Total,
            1 => Self::Mode,
            2 => Self::Procedure,
            3 => Self::SecondPartner,
            _ => Self::Mixed,
        }
    }
}

impl Variant {
    pub const TOTAL: Self = Self(0);
    /// SQL for the mode of transport, in tens.
    pub const MODE_SQL: &'static str = "((variant / 8) % 1024)";
    pub const PROCEDURE_SQL: &'static str = "((variant / 8192) % 64)";
    pub const SECOND_PARTNER_SQL: &'static str = "(variant / 524288)";

    /// `mode_of_transport` is Comtrade's number, always a multiple of ten; `mode_of_supply` is 0 to 4.
    pub fn new(second_partner: Area, procedure: u8, mode_of_transport: u16, mode_of_supply: u8) -> Self {
        let number = u32::from(second_partner.number()) * 64 + u32::from(procedure % 64);
        Self((number * 1024 + u32::from(mode_of_transport / 10)) * 8 + u32::from(mode_of_supply % 8))
    }

    pub fn from_number(number: u32) -> Self {
        Self(number)
    }

    pub fn number(self) -> u32 {
        self.0
    }

    pub fn mode_of_transport(self) -> u16 {
        ((self.0 / 8) % 1024) as u16 * 10
    }

    /// Mode of supply of services, 0 to 4.
    pub fn mode_of_supply(self) -> u8 {
        (self.0 % 8) as u8
    }

    pub fn procedure(self) -> u8 {
        ((self.0 / 8192) % 64) as u8
    }

    pub fn second_partner(self) -> Area {
        Area::from_comtrade((self.0 / 524_288) as u16).unwrap_or(Area::WORLD)
    }

    pub fn detail_kind(self) -> DetailKind {
        if self == Self::TOTAL {
            return DetailKind::Total;
        }
        let by_mode = self.mode_of_transport() != 0;
        let by_procedure = self.procedure() != 0;
        let by_second_partner = self.second_partner() != Area::WORLD;
        let by_supply = self.mode_of_supply() != 0;
        match (by_mode, by_procedure, by_second_partner, by_supply) {
            (true, false, false, false) => DetailKind::Mode,
            (false, true, false, false) => DetailKind::Procedure,
            (false, false, true, false) => DetailKind::SecondPartner,
            _ => DetailKind::Mixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variant_gives_back_what_went_in() {
        let china = Area::parse("CHN").unwrap();
        let variant = Variant::new(china, 20, 9110, 4);
        assert_eq!((variant.second_partner(), variant.procedure(), variant.mode_of_transport()), (china, 20, 9110));
        assert_eq!(variant.detail_kind(), DetailKind::Mixed);
        assert_eq!(Variant::new(Area::WORLD, 0, 2100, 0).detail_kind(), DetailKind::Mode);
        assert_eq!(Variant::new(Area::WORLD, 0, 0, 0), Variant::TOTAL);
    }
}
