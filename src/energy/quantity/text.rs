//! Units read from text: `bcm/y@20C`, `Mtpa`, `million MMBtu/y GCV`, `GWh/d GCV 25/0`, `kb/d crude`.
//!
//! A text is a scale, perhaps `/` and a time, and words of its basis: a metering temperature (`@20C`,
//! `20C/101.325kPa`), `GCV` or `NCV` with reference temperatures of combustion and metering (`25/0`), `LNG` or `crude`.
//! `Sm3` is at 15 °C (ISO 13443), `Nm3` at 0 °C (DIN 1343); `scm` and `scf` name no temperature, since countries
//! differ. A word that is not understood refuses the text: nothing of it is dropped.

use std::cell::RefCell;
use std::collections::HashMap;

use super::ambiguous::ambiguous;
use super::unit::{Basis, Calorific, Heat, Matter, Measure, Per, Reference, SCALES, Scale, Temperature, Unit};

/// A text that is not a unit that we take.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unit `{text}`: {reason}")]
pub struct UnitError {
    pub text: String,
    pub reason: String,
}

/// A unit whose basis comes from a text of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stated {
    pub unit: Unit,
    /// The text doubts its basis: `20C/101.325kPa assumed`, `GCV?`.
    pub assumed: bool,
}

thread_local! {
    /// Units that were read before: books write few, and write them in every row.
    static KNOWN: RefCell<HashMap<String, Unit>> = RefCell::default();
}
const KNOWN_MAX: usize = 500;

/// Reads a unit.
pub fn unit(text: &str) -> Result<Unit, UnitError> {
    if let Some(unit) = KNOWN.with_borrow(|known| known.get(text).copied()) {
        return Ok(unit);
    }
    let unit = read(text)?;
    KNOWN.with_borrow_mut(|known| {
        if known.len() < KNOWN_MAX {
            known.insert(text.to_owned(), unit);
        }
    });
    Ok(unit)
}

fn read(text: &str) -> Result<Unit, UnitError> {
    let refuse = |reason: String| UnitError { text: text.trim().to_owned(), reason };
    let words = words(text);
    let (start, rest) = leading_scale(&words).map_err(refuse)?;
    let mut reading = Reading { unit: start.unit, assumed: false, set_basis: start.set_basis };
    reading.words(rest, Words::OfUnit).map_err(refuse)?;
    Ok(reading.unit)
}

/// Puts the basis of a text of its own on a unit: `20C/101.325kPa assumed`, `mass`, `GCV energy`. Empty changes nothing.
pub fn with_basis(unit: Unit, text: &str) -> Result<Stated, UnitError> {
    let refuse = |reason: String| UnitError { text: text.trim().to_owned(), reason };
    let set_basis = unit.basis.unknown().is_none();
    let mut reading = Reading { unit, assumed: false, set_basis };
    reading.words(&words(text), Words::OfBasis).map_err(refuse)?;
    Ok(Stated { unit: reading.unit, assumed: reading.assumed })
}

fn words(text: &str) -> Vec<String> {
    let spaced = text.replace('°', "").replace('@', " @ ");
    let mut words: Vec<String> = Vec::new();
    for word in spaced.split_whitespace() {
        // `20 °C` is one word.
        let degrees = words.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        match words.last_mut() {
            Some(last) if degrees && matches!(word.split('/').next(), Some("C" | "F")) => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

struct Start {
    unit: Unit,
    set_basis: bool,
}

/// The scale and rate that a text begins with, and the words behind them.
fn leading_scale(words: &[String]) -> Result<(Start, &[String]), String> {
    if words.is_empty() {
        return Err("is empty; expected bcm/y@20C or Mt/y LNG".to_owned());
    }
    for count in (1..=words.len().min(3)).rev() {
        let (leading, rest) = words.split_at(count);
        let leading = leading.join(" ");
        if let Some(start) = scale_and_rate(&leading) {
            return Ok((start, rest));
        }
    }
    let first = words[0].as_str();
    Err(match ambiguous(first.split('/').next().unwrap_or(first)) {
        Some(reason) => reason.to_owned(),
        None => format!("`{first}` is not a known unit; bcm, mcm, MMBtu, MWh, GJ, Mt, bbl or kb would be"),
    })
}

fn scale_and_rate(text: &str) -> Option<Start> {
    // Rates in one word, as pipelines and terminals are described.
    const IN_ONE_WORD: [(&str, &str); 17] = [
        ("mtpa", "Mt/y"),
        ("ktpa", "kt/y"),
        ("tpa", "t/y"),
        ("bcma", "bcm/y"),
        ("mmscmd", "mcm/d"),
        ("scmd", "m3/d"),
        ("mmcfd", "MMcf/d"),
        ("mmscfd", "MMcf/d"),
        ("bcfd", "bcf/d"),
        ("bscfd", "bcf/d"),
        ("bpd", "bbl/d"),
        ("kbpd", "kb/d"),
        ("kbd", "kb/d"),
        ("mmbpd", "million bbl/d"),
        ("mmbblpd", "million bbl/d"),
        ("boepd", "boe/d"),
        ("kboepd", "kboe/d"),
    ];
    let text = IN_ONE_WORD.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map_or(text, |(_, unit)| *unit);
    let (name, per) = match scale_named(text) {
        Some(_) => (text, None),
        None => {
            let (name, per) = text.rsplit_once('/')?;
            (name, Some(time(per)?))
        }
    };
    let (scale, temperature) = scale_named(name)?;
    let basis = match scale.measure {
        Measure::Gas => Basis::Gas(temperature),
        Measure::Energy => Basis::Energy(Calorific::default()),
        Measure::CalorificValue => Basis::CalorificValue(Calorific::default()),
        Measure::Mass => Basis::Mass(None),
        Measure::Liquid => Basis::Liquid(None),
        Measure::OilEquivalent => Basis::OilEquivalent,
    };
    Some(Start { unit: Unit { scale, basis, per }, set_basis: temperature.is_some() })
}

/// The scale of a name, and the temperature that the name implies.
fn scale_named(name: &str) -> Option<(&'static Scale, Option<Temperature>)> {
    // Letters whose case tells a million from a thousand or from a metric ton.
    const EXACT: [&str; 2] = ["Mt", "mb"];
    let find = |name: &str| {
        SCALES.iter().find(|scale| {
            std::iter::once(&scale.symbol)
                .chain(scale.names)
                .any(|known| if EXACT.contains(known) { *known == name } else { known.eq_ignore_ascii_case(name) })
        })
    };
    if let Some(scale) = find(name) {
        return Some((scale, None));
    }
    let name = name.replace("mill.", "million ");
    let (prefix, temperature) = if let Some(prefix) = name.strip_suffix("Sm3") {
        (prefix, Some(Temperature::C15))
    } else if let Some(prefix) = name.strip_suffix("Nm3") {
        (prefix, Some(Temperature::C0))
    } else {
        (name.strip_suffix("scm")?, None)
    };
    find(&format!("{prefix}m3")).map(|scale| (scale, temperature))
}

fn time(text: &str) -> Option<Per> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yr" | "year" | "a" | "annum" => Some(Per::Year),
        "month" | "mo" => Some(Per::Month),
        "d" | "day" => Some(Per::Day),
        "h" | "hr" | "hour" => Some(Per::Hour),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Words {
    OfUnit,
    OfBasis,
}

struct Reading {
    unit: Unit,
    assumed: bool,
    set_basis: bool,
}

impl Reading {
    fn words(&mut self, words: &[String], kind: Words) -> Result<(), String> {
        let mut remaining = words.iter().map(|word| word.trim_matches(['(', ')', ',', ';']));
        while let Some(word) = remaining.next() {
            let word = match word.strip_suffix('?') {
                Some(doubted) if kind == Words::OfBasis => {
                    self.assumed = true;
                    doubted
                }
                _ => word,
            };
            match word {
                "" | "@" | "at" => {}
                "per" => self.rate(remaining.next().unwrap_or_default())?,
                "assumed" | "approx" if kind == Words::OfBasis => self.assumed = true,
                "energy" if kind == Words::OfBasis && matches!(self.unit.basis, Basis::Energy(_)) => {}
                "mass" if kind == Words::OfBasis && matches!(self.unit.basis, Basis::Mass(_)) => {}
                "volume" if kind == Words::OfBasis && matches!(self.unit.basis, Basis::Gas(_)) => {}
                _ => self.word(word)?,
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        if let Some(per) = word.strip_prefix('/') {
            return self.rate(per);
        }
        if let Some(temperature) = Temperature::read(word) {
            return self.metered(temperature);
        }
        if let Some((before, after)) = word.split_once('/') {
            if let (Some(combustion), Some(metering)) = (degrees(before), degrees(after)) {
                return self.calorific(None, Some(Reference { combustion, metering }));
            }
            if let Some(temperature) = Temperature::read(before) {
                self.metered(temperature)?;
                return if time(after).is_some() { self.rate(after) } else { pressure(after) };
            }
        }
        match word.to_ascii_lowercase().as_str() {
            "gcv" | "hhv" | "ghv" | "gross" => self.calorific(Some(Heat::Gross), None),
            "ncv" | "lhv" | "net" => self.calorific(Some(Heat::Net), None),
            "lng" => self.matter(Matter::Lng),
            "crude" | "oil" => self.matter(Matter::Crude),
            _ if word.ends_with("kPa") => pressure(word),
            _ => Err(format!("`{word}` is not a valid basis; expected @20C, GCV, NCV 25/0, LNG or crude")),
        }
    }

    fn rate(&mut self, text: &str) -> Result<(), String> {
        let per =
            time(text).ok_or_else(|| format!("`{text}` is not a valid unit of time; expected /y, /month, /d or /h"))?;
        if self.unit.per.is_some_and(|known| known != per) {
            return Err("names two times".to_owned());
        }
        self.unit.per = Some(per);
        Ok(())
    }

    fn metered(&mut self, temperature: Temperature) -> Result<(), String> {
        let Basis::Gas(known) = self.unit.basis else {
            return Err(format!(
                "{} is metered at no temperature; conditions of a calorific value are written 25/0",
                self.unit.basis.measure()
            ));
        };
        if known.is_some_and(|known| known != temperature) {
            return Err("names two temperatures".to_owned());
        }
        self.put(Basis::Gas(Some(temperature)))
    }

    fn calorific(&mut self, heat: Option<Heat>, reference: Option<Reference>) -> Result<(), String> {
        let (Basis::Energy(known) | Basis::CalorificValue(known)) = self.unit.basis else {
            return Err(format!("{} has no calorific value", self.unit.basis.measure()));
        };
        let heats = known.heat.is_some() && heat.is_some() && known.heat != heat;
        if heats || (known.reference.is_some() && reference.is_some() && known.reference != reference) {
            return Err("names two calorific values".to_owned());
        }
        let both = Calorific { heat: heat.or(known.heat), reference: reference.or(known.reference) };
        let energy = matches!(self.unit.basis, Basis::Energy(_));
        self.put(if energy { Basis::Energy(both) } else { Basis::CalorificValue(both) })
    }

    fn matter(&mut self, matter: Matter) -> Result<(), String> {
        match self.unit.basis {
            Basis::Mass(known) | Basis::Liquid(known) if known.is_some_and(|known| known != matter) => {
                Err("names two liquids".to_owned())
            }
            Basis::Mass(_) => self.put(Basis::Mass(Some(matter))),
            Basis::Liquid(_) => self.put(Basis::Liquid(Some(matter))),
            // `m3 LNG`: the liquid, not its gas.
            Basis::Gas(_) if self.unit.scale.symbol == "m3" && !self.set_basis => {
                let liquid = SCALES.iter().find(|scale| scale.symbol == "m3 liquid");
                self.unit.scale = liquid.unwrap_or(self.unit.scale);
                self.put(Basis::Liquid(Some(matter)))
            }
            other => Err(format!("{} is of neither LNG nor crude oil", other.measure())),
        }
    }

    fn put(&mut self, basis: Basis) -> Result<(), String> {
        self.unit.basis = basis;
        self.set_basis = true;
        Ok(())
    }
}

/// A temperature of a calorific value: `25`, `25C`, `60F`.
fn degrees(text: &str) -> Option<Temperature> {
    Temperature::read(text).or_else(|| Temperature::read(&format!("{text}C")))
}

fn pressure(text: &str) -> Result<(), String> {
    match text {
        "101.325kPa" | "101.325kpa" | "1atm" | "1.01325bar" => Ok(()),
        _ => Err(format!("a pressure of `{text}` is not understood; volumes are at 101.325kPa")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        unit(text).map_or_else(|error| error.to_string(), |unit| unit.to_string())
    }

    #[test]
    fn units_of_contracts_deliveries_and_trackers() {
        for (text, expected) in [
            ("bcm/y", "bcm/y"),
            ("bcm@20C", "bcm@20C"),
            (
                "bcm/y @ 20 °C / y",
                "unit `bcm/y @ 20 °C / y`: `` is not a valid unit of time; expected /y, /month, /d or /h",
            ),
            ("bcm at 20 °C/101.325kPa per year", "bcm/y@20C"),
            ("1000 m3@20C", "thousand m3@20C"),
            ("million Sm3/d", "mcm/d@15C"),
            ("mill.Sm3/day", "mcm/d@15C"),
            ("Nm3", "m3@0C"),
            ("MMSCMD", "mcm/d"),
            ("MMcf/d", "MMcf/d"),
            ("bcf/d@60F", "bcf/d@60F"),
            ("Mtpa", "Mt/y"),
            ("mtpa LNG", "Mt/y LNG"),
            ("Mt LNG", "Mt LNG"),
            ("Mt/y crude", "Mt/y crude"),
            ("t crude", "t crude"),
            ("million MMBtu/y", "million MMBtu/y"),
            ("MMBtu(IT)", "MMBtu"),
            ("boe/d", "boe/d"),
            ("mmboe/y", "MMboe/y"),
            ("quads", "quad"),
            ("BBtu/d", "BBtu/d"),
            ("CCF", "Ccf"),
            ("Dth/d", "MMBtu/d"),
            ("Mtce", "Mtce"),
            ("MMbbl/d", "million bbl/d"),
            ("MWh GCV", "MWh GCV"),
            ("GWh/d HHV 25/0", "GWh/d GCV 25C/0C"),
            ("MJ/m3 GCV 15/15", "MJ/m3 GCV 15C/15C"),
            ("kb/d", "kb/d"),
            ("bpd crude", "bbl/d crude"),
            ("gal/day LNG", "gal/d LNG"),
            ("m3/d LNG", "m3 liquid/d LNG"),
            ("billion cubic metres per year", "bcm/y"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn every_unit_reads_back() {
        for scale in SCALES {
            for basis in ["", "@20C", " GCV", " NCV 25/0", " LNG", " crude"] {
                for per in ["", "/y", "/d", "/h", "/month"] {
                    let Ok(first) = unit(&format!("{}{per}{basis}", scale.symbol)) else { continue };
                    assert_eq!(unit(&first.to_string()), Ok(first), "{first}");
                }
            }
            assert!(unit(scale.symbol).is_ok(), "{}", scale.symbol);
            for name in scale.names {
                assert_eq!(unit(name).unwrap().scale.symbol, scale.symbol, "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_unit_says_why() {
        for (text, reason) in [
            ("", "is empty"),
            ("bushel", "`bushel` is not a known unit"),
            ("mt", "a tonne to some"),
            ("Mcf/d", "a thousand or a million"),
            ("mboe/d", "a thousand or a million barrels of oil equivalent"),
            ("Mboe", "a thousand or a million barrels of oil equivalent"),
            ("mbpd", "a thousand or a million barrels a day"),
            ("Mbbl/d", "write kb or million bbl"),
            ("MBtu", "write thousand Btu or MMBtu"),
            ("MDth/d", "a thousand or a million dekatherms"),
            ("bcm/fortnight", "is not a known unit"),
            ("bcm@22C", "`22C` is not a valid basis"),
            ("bcm@20C/100kPa", "a pressure of `100kPa`"),
            ("bcm@20C@15C", "two temperatures"),
            ("Nm3@20C", "two temperatures"),
            ("bcm GCV", "has no calorific value"),
            ("MWh@20C", "is metered at no temperature"),
            ("MWh GCV NCV", "two calorific values"),
            ("bcm LNG", "of neither LNG nor crude oil"),
            ("Mt LNG crude", "two liquids"),
            ("Mt (total 365)", "`total` is not a valid basis"),
            ("bcm/y (65 in 2020)", "`65` is not a valid basis"),
            ("bcm/y per day", "two times"),
            ("MWh energy", "`energy` is not a valid basis"),
        ] {
            let error = unit(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_basis_of_its_own_column() {
        let stated = |of: &str, basis: &str| {
            with_basis(unit(of).unwrap(), basis).map(|stated| (stated.unit.to_string(), stated.assumed))
        };
        assert_eq!(stated("bcm/y", "20C/101.325kPa assumed"), Ok(("bcm/y@20C".to_owned(), true)));
        assert_eq!(stated("Mtpa LNG", "mass"), Ok(("Mt/y LNG".to_owned(), false)));
        assert_eq!(stated("million MMBtu/y", "GCV energy"), Ok(("million MMBtu/y GCV".to_owned(), false)));
        assert_eq!(stated("TWh", "GCV?"), Ok(("TWh GCV".to_owned(), true)));
        assert_eq!(stated("bcm@20C", ""), Ok(("bcm@20C".to_owned(), false)));
        assert!(stated("bcm@20C", "15C").is_err());
        assert!(stated("bcm", "mass").is_err());
    }
}
