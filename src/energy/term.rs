//! What a term of a contract may be: a share, a limit, or unknown and then named.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::value::Ratio;
use crate::value::decimal::{self, Overflow};

/// A term or figure that the answer depends on and that is not known: redacted, not found, not reviewed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0} is not known; name it in the request or in the contract, it is never assumed")]
pub struct MissingTerm(pub String);

/// The value, or the name of what is missing.
pub fn required<T>(name: &str, value: Option<T>) -> Result<T, MissingTerm> {
    value.ok_or_else(|| MissingTerm(name.to_owned()))
}

/// A part of a whole, 0 to 1, exactly. 85 % is 0.85.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Share(Decimal);

impl Share {
    /// More decimals than any contract gives a percentage.
    const MOST_DECIMALS: u32 = 8;

    /// `0.85`; refused below 0 and above 1.
    pub fn new(fraction: Decimal) -> Result<Self, String> {
        let fraction = fraction.normalize();
        if fraction < Decimal::ZERO || fraction > Decimal::ONE {
            return Err(format!("a share of {fraction} is outside 0 to 1; 85 % is 0.85"));
        }
        if fraction.scale() > Self::MOST_DECIMALS {
            return Err(format!("a share of {fraction} has more than {} decimals", Self::MOST_DECIMALS));
        }
        Ok(Self(fraction))
    }

    /// `85`; refused below 0 and above 100.
    pub fn percent(percent: Decimal) -> Result<Self, String> {
        let fraction = decimal::multiply(percent, Decimal::new(1, 2)).map_err(|error| error.to_string())?;
        Self::new(fraction).map_err(|_| format!("{percent} % is outside 0 to 100, or has more than 6 decimals"))
    }

    pub fn fraction(self) -> Decimal {
        self.0
    }

    pub fn of(self, quantity: Decimal) -> Result<Decimal, Overflow> {
        decimal::multiply(self.0, quantity)
    }
}

impl fmt::Display for Share {
    /// `85 %`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} %", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

impl Serialize for Share {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        decimal::text::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(decimal::text::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// An allowance or a cap as contracts write it. That there is none is a term too, and not the same as unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The contract sets no limit.
    Unlimited,
    /// A fixed quantity a year, in the unit of the contract.
    Quantity(#[serde(with = "decimal::text")] Decimal),
    /// A share of the year's ACQ, before reductions.
    ShareOfAcq(Share),
}

impl Limit {
    /// The quantity as a fraction, or `None` when there is no limit.
    pub fn of(self, acq: Ratio) -> Result<Option<Ratio>, Overflow> {
        match self {
            Self::Unlimited => Ok(None),
            Self::Quantity(quantity) => Ratio::try_from(quantity).map(Some),
            Self::ShareOfAcq(share) => Ratio::try_from(share.fraction())?.times(acq).map(Some),
        }
    }

    /// The quantity, or `None` when there is no limit.
    pub fn quantity(self, acq: Decimal) -> Result<Option<Decimal>, Overflow> {
        match self {
            Self::Unlimited => Ok(None),
            Self::Quantity(quantity) => Ok(Some(quantity)),
            Self::ShareOfAcq(share) => share.of(acq).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::d;

    #[test]
    fn shares_stay_within_the_whole() {
        assert_eq!(Share::percent(d("85")), Share::new(d("0.85")));
        assert_eq!(Share::percent(d("85")).unwrap().to_string(), "85 %");
        assert_eq!(Share::percent(d("8.25")).unwrap().of(d("40")), Ok(d("3.3")));
        for percent in ["100.01", "-1", "850"] {
            assert!(Share::percent(d(percent)).is_err(), "{percent}");
        }
        assert!(Share::new(d("0.123456789")).is_err());
        assert!(Share::percent(Decimal::MAX).is_err());
        assert!(serde_json::from_str::<Share>("\"1.5\"").is_err());
        assert!(serde_json::from_str::<Share>("\"0.15\"").is_ok());
    }

    #[test]
    fn no_limit_is_not_an_unknown_limit() {
        let tenth = Limit::ShareOfAcq(Share::new(d("0.1")).unwrap());
        assert_eq!(tenth.quantity(d("38")), Ok(Some(d("3.8"))));
        assert_eq!(Limit::Unlimited.quantity(d("38")), Ok(None));
        let error = required::<Share>("take-or-pay share", None).unwrap_err();
        assert!(error.to_string().starts_with("take-or-pay share is not known"), "{error}");
    }
}
