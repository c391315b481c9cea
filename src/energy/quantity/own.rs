//! Factors that a request brings: between two units, or as the calorific value of its gas. They stand before those of a
//! named set, and the answer repeats them.

use rust_decimal::Decimal;

use super::factor::{Factor, FactorSet, Kind, admit, is_between};
use super::text;
use super::unit::{Basis, Calorific, Measure, SCALES, Unit};
use crate::value::Ratio;

/// As steps name them, and the set that is made of them alone.
pub const SOURCE: &str = "the request";

/// A set of the request's factors, and behind them those of a named set that they do not replace.
pub fn with(own: Vec<Factor>, named: Option<&FactorSet>) -> Result<FactorSet, String> {
    let mut set = FactorSet { name: SOURCE.to_owned(), factors: Vec::new(), year: None };
    for factor in own {
        admit(&mut set, factor)?;
    }
    if let Some(named) = named {
        set.name = format!("{}, and {SOURCE}", named.name);
        set.year.clone_from(&named.year);
        let count = set.factors.len();
        let kept = named
            .factors
            .iter()
            .filter(|known| !set.factors[..count].iter().any(|own| is_between(own, known.from.basis, known.to.basis)));
        let kept: Vec<Factor> = kept.cloned().collect();
        set.factors.extend(kept);
    }
    Ok(set)
}

/// One `from` is `factor` of `to`.
pub fn factor(from: Unit, to: Unit, factor: Ratio) -> Result<Factor, String> {
    if !factor.is_positive() {
        return Err(format!("`{factor}` is not above zero"));
    }
    if from.basis == to.basis {
        return Err(format!("{from} and {to} are on the same basis; what is exact by definition needs no factor"));
    }
    let assumes = from.basis.unknown().is_some() && from.basis.accepts(to.basis);
    let kind = if assumes { Kind::Assumed } else { Kind::Contract };
    if assumes && factor != Ratio::ONE {
        return Err("takes an unknown basis for a known one; its factor is 1".to_owned());
    }
    Ok(Factor { from, to, factor, kind, source: SOURCE.to_owned() })
}

/// A calorific value as a factor from a volume to an energy: 40 MJ/m3 GCV 15/15 are 40 MJ GCV 15/15 in a m3@15C. Without
/// reference temperatures the volume's temperature is as unknown as in a unit that does not say it.
pub fn calorific_value(value: Decimal, unit_text: &str) -> Result<Factor, String> {
    let unit = text::unit(unit_text).map_err(|error| error.to_string())?;
    let Basis::CalorificValue(Calorific { heat, reference }) = unit.basis else {
        return Err(format!("`{unit}` is not a valid calorific value; expected MJ/m3 GCV 25/0 or kcal/m3 GCV 20/20"));
    };
    if heat.is_none() {
        return Err(format!("`{unit}` does not say whether it is gross or net; expected {unit} GCV or {unit} NCV"));
    }
    let scale =
        |symbol: &str, measure: Measure| SCALES.iter().find(|scale| scale.symbol == symbol && scale.measure == measure);
    let (m3, mj) = scale("m3", Measure::Gas).zip(scale("MJ", Measure::Energy)).ok_or("no unit of volume and energy")?;
    let from = Unit { scale: m3, basis: Basis::Gas(reference.map(|reference| reference.metering)), per: None };
    let to = Unit { scale: mj, basis: Basis::Energy(Calorific { heat, reference }), per: None };
    let size = unit.scale.size().and_then(|size| Ratio::try_from(value)?.times(size));
    factor(from, to, size.map_err(|error| error.to_string())?)
}

#[cfg(test)]
mod tests {
    use super::super::{convert, factor as sets};
    use super::*;
    use crate::value::decimal::d;

    fn run(value: &str, from: &str, to: &str, own: &[Factor], named: &str) -> Result<(Decimal, String), String> {
        let named = sets::sets().iter().find(|set| set.name == named);
        let set = with(own.to_vec(), named)?;
        let (from, to) = (text::unit(from).unwrap(), text::unit(to).unwrap());
        let converted = convert(d(value), from, to, Some(&set)).map_err(|refusal| refusal.to_string())?;
        Ok((converted.value.round_dp(6), converted.unit.to_string()))
    }

    #[test]
    fn gas_of_ones_own_calorific_value() {
        let gross = calorific_value(d("9300"), "kcal/m3 GCV 20/20").unwrap();
        // 1000 · 9300 · 4186.8 J / 1055.05585262e6 J
        assert_eq!(
            run("1", "thousand m3@20C", "MMBtu GCV", std::slice::from_ref(&gross), ""),
            Ok((d("36.905383"), "MMBtu GCV 20C/20C".into()))
        );
        let net = calorific_value(d("8400"), "kcal/m3 NCV 20/20").unwrap();
        // Gross to net, through the volume that both are of: 8400 / 9300.
        let both = [gross.clone(), net];
        assert_eq!(run("93", "TWh GCV 20/20", "TWh NCV", &both, ""), Ok((d("84"), "TWh NCV 20C/20C".into())));
        assert!(
            run("93", "TWh GCV 20/20", "TWh NCV", std::slice::from_ref(&gross), "").unwrap_err().contains("has no way")
        );
        // With the temperatures of a named set; and without: a volume of unknown temperature stays one.
        assert!(run("1", "m3@15C", "MJ GCV", std::slice::from_ref(&gross), "ideal-gas").is_ok());
        assert!(run("1", "m3", "MJ GCV", &[gross], "").unwrap_err().contains("no way from m3"));
        let open = calorific_value(d("38"), "MJ/m3 GCV").unwrap();
        assert_eq!(run("2", "m3", "MJ GCV", &[open], "").unwrap().0, d("76"));
    }

    #[test]
    fn factors_between_units_replace_those_of_the_set() {
        let unit = |text: &str| text::unit(text).unwrap();
        let heavier = factor(unit("t crude"), unit("bbl crude"), "6.5".parse().unwrap()).unwrap();
        assert_eq!(run("2", "t crude", "bbl crude", &[heavier], "crude-7.33").unwrap().0, d("13"));
        let ratio = factor(unit("MWh GCV"), unit("MWh NCV"), "0.9".parse().unwrap()).unwrap();
        assert_eq!(run("10", "TWh GCV", "TWh NCV", std::slice::from_ref(&ratio), "").unwrap().0, d("9"));
        assert!(with(vec![ratio.clone(), ratio], None).unwrap_err().contains("two factors"));
        assert!(factor(unit("bcm@20C"), unit("mcm@20C"), Ratio::ONE).unwrap_err().contains("same basis"));
        assert!(factor(unit("bcm"), unit("bcm@20C"), "2".parse().unwrap()).unwrap_err().contains("its factor is 1"));
        assert!(calorific_value(d("38"), "MJ/m3").unwrap_err().contains("gross or net"));
        assert!(calorific_value(d("38"), "MWh").unwrap_err().contains("is not a valid calorific value"));
        assert!(calorific_value(d("0"), "MJ/m3 GCV").unwrap_err().contains("not above zero"));
    }
}
