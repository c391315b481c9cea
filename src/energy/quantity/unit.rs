//! Units of energy contracts, each with its basis: what exactly is measured, and under which conditions.
//!
//! Gas volumes are at a metering temperature and 101.325 kPa (ISO 13443). Energies are on the gross or the net
//! calorific value, with the reference temperatures of combustion and metering where they are given (`25/0`). Masses
//! and liquid volumes are of LNG or of crude oil. A basis that a text does not give is unknown, and stays so.
//!
//! Sizes are exact by definition: the international foot 0.3048 m, the US gallon 231 cubic inches, the barrel 42 of
//! them, the Btu (IT) 1055.05585262 J, the calorie (IT) 4.1868 J, the tonne of oil equivalent 41.868 GJ and that of coal
//! equivalent 29.3076 GJ, 10 and 7 Gcal (IEA). A barrel of oil equivalent has no agreed size: it is a measure of its own,
//! and only a factor set or a request says what it comes to.

use std::fmt;

use crate::value::Ratio;
use crate::value::decimal::Overflow;

/// A reference temperature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Temperature {
    C0,
    C15,
    C20,
    C25,
    /// 60 °F, 15.56 °C.
    F60,
}

impl Temperature {
    /// `20C`
    pub fn text(self) -> &'static str {
        match self {
            Self::C0 => "0C",
            Self::C15 => "15C",
            Self::C20 => "20C",
            Self::C25 => "25C",
            Self::F60 => "60F",
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        [Self::C0, Self::C15, Self::C20, Self::C25, Self::F60]
            .into_iter()
            .find(|temperature| temperature.text().eq_ignore_ascii_case(text))
    }
}

/// Whether the heat of condensing the water is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Heat {
    /// Gross, higher: GCV, HHV.
    Gross,
    /// Net, lower: NCV, LHV.
    Net,
}

/// Reference conditions of a calorific value, written `25/0`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reference {
    pub combustion: Temperature,
    pub metering: Temperature,
}

/// The basis of an energy; what is not given is unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Calorific {
    pub heat: Option<Heat>,
    pub reference: Option<Reference>,
}

/// What a mass or a liquid volume is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Matter {
    Lng,
    Crude,
}

/// What is measured, and under which conditions. `None` is unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    /// Gas by volume, at this temperature and 101.325 kPa.
    Gas(Option<Temperature>),
    Energy(Calorific),
    /// Heat per volume of gas.
    CalorificValue(Calorific),
    Mass(Option<Matter>),
    /// Liquid by volume.
    Liquid(Option<Matter>),
    /// Barrels of oil equivalent.
    OilEquivalent,
}

impl Basis {
    /// What of the basis must be known before quantities may be added, where it is not.
    pub fn unknown(self) -> Option<&'static str> {
        match self {
            Self::Gas(None) => Some("the temperature at which the volume is measured"),
            Self::Energy(Calorific { heat: None, .. }) | Self::CalorificValue(Calorific { heat: None, .. }) => {
                Some("whether the calorific value is gross or net")
            }
            Self::Mass(None) | Self::Liquid(None) => Some("whether it is LNG or crude oil"),
            _ => None,
        }
    }

    /// Whether `found` is what is asked for: what is not asked for may be anything.
    pub fn accepts(self, found: Self) -> bool {
        fn open<T: PartialEq>(asked: Option<T>, found: Option<T>) -> bool {
            asked.is_none() || asked == found
        }
        let calorific =
            |asked: Calorific, found: Calorific| open(asked.heat, found.heat) && open(asked.reference, found.reference);
        match (self, found) {
            (Self::Gas(asked), Self::Gas(found)) => open(asked, found),
            (Self::Energy(asked), Self::Energy(found)) => calorific(asked, found),
            (Self::CalorificValue(asked), Self::CalorificValue(found)) => calorific(asked, found),
            (Self::OilEquivalent, Self::OilEquivalent) => true,
            (Self::Mass(asked), Self::Mass(found)) | (Self::Liquid(asked), Self::Liquid(found)) => open(asked, found),
            _ => false,
        }
    }

    pub fn measure(self) -> &'static str {
        match self {
            Self::Gas(_) => "a volume of gas",
            Self::Energy(_) => "an energy",
            Self::CalorificValue(_) => "a calorific value",
            Self::Mass(_) => "a mass",
            Self::Liquid(_) => "a volume of liquid",
            Self::OilEquivalent => "an amount of oil equivalent",
        }
    }
}

/// The time of a rate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Per {
    Hour,
    Day,
    Month,
    Year,
}

impl Per {
    pub fn text(self) -> &'static str {
        match self {
            Self::Hour => "h",
            Self::Day => "d",
            Self::Month => "month",
            Self::Year => "y",
        }
    }
}

/// What a scale measures, before its basis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    Gas,
    Energy,
    CalorificValue,
    Mass,
    Liquid,
    OilEquivalent,
}

/// A unit's name and size, without its basis.
#[derive(Debug)]
pub struct Scale {
    /// As we write it.
    pub symbol: &'static str,
    pub measure: Measure,
    /// Size in m3, GJ, MJ/m3, t, m3 of liquid or boe, as a fraction.
    size: (i128, i128),
    /// As others write it, in any case of letters.
    pub names: &'static [&'static str],
}

impl Scale {
    pub fn size(&self) -> Result<Ratio, Overflow> {
        Ratio::new(self.size.0, self.size.1)
    }
}

/// A unit with its basis and, for a rate, its time.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    pub scale: &'static Scale,
    pub basis: Basis,
    /// `None`: an amount, no rate.
    pub per: Option<Per>,
}

impl Unit {
    /// The unit on a basis of the same measure; `None` when it measures something else.
    #[must_use]
    pub fn on(self, basis: Basis) -> Option<Self> {
        let same = std::mem::discriminant(&self.basis) == std::mem::discriminant(&basis);
        same.then_some(Self { basis, ..self })
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.scale.symbol == other.scale.symbol && self.basis == other.basis && self.per == other.per
    }
}

impl Eq for Unit {}

impl fmt::Display for Basis {
    /// What follows the symbol: `@20C`, ` GCV 25/0`, ` LNG`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Gas(Some(temperature)) => write!(formatter, "@{}", temperature.text()),
            Self::Energy(calorific) | Self::CalorificValue(calorific) => {
                match calorific.heat {
                    Some(Heat::Gross) => formatter.write_str(" GCV")?,
                    Some(Heat::Net) => formatter.write_str(" NCV")?,
                    None => {}
                }
                match calorific.reference {
                    Some(Reference { combustion, metering }) => {
                        write!(formatter, " {}/{}", combustion.text(), metering.text())
                    }
                    None => Ok(()),
                }
            }
            Self::Mass(Some(Matter::Lng)) | Self::Liquid(Some(Matter::Lng)) => formatter.write_str(" LNG"),
            Self::Mass(Some(Matter::Crude)) | Self::Liquid(Some(Matter::Crude)) => formatter.write_str(" crude"),
            Self::Gas(None) | Self::Mass(None) | Self::Liquid(None) | Self::OilEquivalent => Ok(()),
        }
    }
}

impl fmt::Display for Unit {
    /// `bcm/y@20C`, `million MMBtu/y GCV`, `Mt/y LNG`; reads back as the same unit.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.scale.symbol)?;
        if let Some(per) = self.per {
            write!(formatter, "/{}", per.text())?;
        }
        write!(formatter, "{}", self.basis)
    }
}

const fn scale(symbol: &'static str, measure: Measure, size: (i128, i128), names: &'static [&'static str]) -> Scale {
    Scale { symbol, measure, size, names }
}

/// Cubic feet in 10^-12 m3: 0.3048^3 = 0.028316846592.
const CUBIC_FOOT: i128 = 28_316_846_592;
/// Btu (IT) in 10^-17 GJ: 1055.05585262 J.
const BTU: i128 = 105_505_585_262;
/// US gallon in 10^-12 m3: 0.003785411784.
const GALLON: i128 = 3_785_411_784;
const TRILLION: i128 = 1_000_000_000_000;

/// Every unit that is understood. `mcm` is a million cubic metres; price reports that mean a thousand write
/// `thousand m3`. `Mm3`, `mt`, `Mcf`, `Mbbl` and `mboe` mean different things to different writers and are not understood.
pub static SCALES: &[Scale] = &[
    scale("tcm", Measure::Gas, (TRILLION, 1), &["trillion m3"]),
    scale("bcm", Measure::Gas, (1_000_000_000, 1), &["billion m3", "billion cubic metres", "billion cubic meters"]),
    scale("mcm", Measure::Gas, (1_000_000, 1), &["million m3", "MMCM", "million cubic metres", "million cubic meters"]),
    scale("thousand m3", Measure::Gas, (1_000, 1), &["1000 m3", "1,000 m3", "10^3 m3", "thousand cubic metres"]),
    scale("m3", Measure::Gas, (1, 1), &["m^3", "m³", "cubic metres", "cubic meters"]),
    scale("tcf", Measure::Gas, (CUBIC_FOOT, 1), &["trillion ft3"]),
    scale("bcf", Measure::Gas, (CUBIC_FOOT, 1_000), &["billion ft3", "bscf"]),
    scale("MMcf", Measure::Gas, (CUBIC_FOOT, 1_000_000), &["million ft3", "MMscf"]),
    scale("thousand ft3", Measure::Gas, (CUBIC_FOOT, 1_000_000_000), &["1000 ft3"]),
    scale("Ccf", Measure::Gas, (CUBIC_FOOT, 10_000_000_000), &["100 ft3", "hundred ft3", "hundred cubic feet"]),
    scale("ft3", Measure::Gas, (CUBIC_FOOT, TRILLION), &["cf", "scf", "ft^3"]),
    scale("EJ", Measure::Energy, (1_000_000_000, 1), &[]),
    scale("PJ", Measure::Energy, (1_000_000, 1), &[]),
    scale("TJ", Measure::Energy, (1_000, 1), &[]),
    scale("GJ", Measure::Energy, (1, 1), &[]),
    scale("MJ", Measure::Energy, (1, 1_000), &[]),
    scale("TWh", Measure::Energy, (3_600_000, 1), &[]),
    scale("GWh", Measure::Energy, (3_600, 1), &[]),
    scale("MWh", Measure::Energy, (36, 10), &[]),
    scale("kWh", Measure::Energy, (36, 10_000), &[]),
    scale("quad", Measure::Energy, (BTU * 10, 1), &["quads", "quadrillion Btu"]),
    scale("million MMBtu", Measure::Energy, (BTU, 100_000), &["TBtu", "trillion Btu", "million MMBtu(IT)"]),
    scale("BBtu", Measure::Energy, (BTU, 100_000_000), &["billion Btu", "thousand MMBtu"]),
    scale(
        "MMBtu",
        Measure::Energy,
        (BTU, 100_000_000_000),
        &["MMBtu(IT)", "million Btu", "Dth", "dekatherm", "dekatherms", "decatherm", "decatherms"],
    ),
    scale("therm", Measure::Energy, (BTU, TRILLION), &["therms"]),
    scale("thousand Btu", Measure::Energy, (BTU, 100_000_000_000_000), &["kBtu"]),
    scale("Btu", Measure::Energy, (BTU, 100_000_000_000_000_000), &["Btu(IT)"]),
    scale("Gcal", Measure::Energy, (41_868, 10_000), &[]),
    scale("kcal", Measure::Energy, (41_868, 10_000_000_000), &[]),
    scale("Mtoe", Measure::Energy, (41_868_000, 1), &["million toe"]),
    scale("ktoe", Measure::Energy, (41_868, 1), &["thousand toe"]),
    scale("toe", Measure::Energy, (41_868, 1_000), &[]),
    scale("Mtce", Measure::Energy, (29_307_600, 1), &["million tce"]),
    scale("ktce", Measure::Energy, (293_076, 10), &["thousand tce"]),
    scale("tce", Measure::Energy, (293_076, 10_000), &[]),
    scale("MJ/m3", Measure::CalorificValue, (1, 1), &["MJ/m^3", "MJ/m³"]),
    scale("kWh/m3", Measure::CalorificValue, (36, 10), &["kWh/m^3", "kWh/m³"]),
    scale("kcal/m3", Measure::CalorificValue, (41_868, 10_000_000), &["kcal/m^3", "kcal/m³"]),
    scale("Btu/ft3", Measure::CalorificValue, (BTU, CUBIC_FOOT * 100), &["Btu/cf", "Btu/scf"]),
    scale("Mt", Measure::Mass, (1_000_000, 1), &["million t", "million tonnes", "MMt"]),
    scale("kt", Measure::Mass, (1_000, 1), &["thousand t", "thousand tonnes", "1000 t"]),
    scale("t", Measure::Mass, (1, 1), &["tonne", "tonnes"]),
    scale("million bbl", Measure::Liquid, (GALLON * 42, 1_000_000), &["mb", "MMbbl", "million barrels"]),
    scale("kb", Measure::Liquid, (GALLON * 42, 1_000_000_000), &["kbbl", "thousand bbl", "thousand barrels"]),
    scale("bbl", Measure::Liquid, (GALLON * 42, TRILLION), &["b", "barrel", "barrels"]),
    scale("gal", Measure::Liquid, (GALLON, TRILLION), &["gallon", "gallons"]),
    scale("m3 liquid", Measure::Liquid, (1, 1), &[]),
    scale("billion boe", Measure::OilEquivalent, (1_000_000_000, 1), &["Bboe", "Gboe"]),
    scale("MMboe", Measure::OilEquivalent, (1_000_000, 1), &["million boe"]),
    scale("kboe", Measure::OilEquivalent, (1_000, 1), &["thousand boe"]),
    scale("boe", Measure::OilEquivalent, (1, 1), &[]),
];
