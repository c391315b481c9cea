//! Over which months an index is averaged for the price of a month.
//!
//! One convention for `X-Y-Z`, read from right to left: prices hold for blocks of Z months; the averaging ends Y months
//! before the block begins, and with Y = 0 just before it; it takes X months. So 6-3-3 for January to March is the mean
//! of April to September, 3-1-3 that of September to November, and 1-0-1 the month before. The month itself is not a case
//! of it: that is `spot`. Sources: KWA Analytics, "Gas Pricing: Averaging Period Convention" (2014), which has Y = 0 end
//! "just prior to the start of the Pricing Block"; the French order DEVR1314752A of 27 June 2013, article 2, whose
//! (3,1,3) is "the quarter that ends one month before the beginning of the calendar quarter" of delivery.

use serde::{Deserialize, Serialize};

use crate::value::Month;

/// The months of a mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// The month itself, as spot prices are taken.
    Spot,
    /// `averaging-lag-validity`, as 6-3-3: the mean of six months that end three months before the price begins, and the
    /// price holds for three months.
    Lagged {
        months: u8,
        lag: u8,
        validity: u8,
        /// A month in which a price begins, where the validity does not divide the year; January of the year 0 otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        begins: Option<MonthText>,
    },
    /// All months of the calendar year so many years before: `CPI(y-1)`.
    Year { years_before: u8 },
    /// One fixed month, as a base value.
    Fixed(MonthText),
}

/// A month in stored data, as `2025-01`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MonthText(pub Month);

impl Serialize for MonthText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MonthText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map(MonthText).map_err(serde::de::Error::custom)
    }
}

impl Window {
    pub fn check(&self) -> Result<(), String> {
        match *self {
            Self::Lagged { months, validity, lag, begins } => {
                if !(1..=60).contains(&months) || lag > 60 || !(1..=60).contains(&validity) {
                    return Err(format!("{months}-{lag}-{validity}: 1 to 60 months, a lag up to 60, valid 1 to 60"));
                }
                if 12 % validity != 0 && begins.is_none() {
                    return Err(format!(
                        "{months}-{lag}-{validity}: a price valid for {validity} months needs the month in which one \
                         begins"
                    ));
                }
                Ok(())
            }
            Self::Year { years_before } if years_before > 20 => Err(format!("{years_before} years before: at most 20")),
            Self::Spot | Self::Year { .. } | Self::Fixed(_) => Ok(()),
        }
    }

    /// First and last month of the mean for the price of `month`; `None` beyond the calendar.
    pub fn months(&self, month: Month) -> Option<(Month, Month)> {
        match *self {
            Self::Spot => Some((month, month)),
            Self::Lagged { months, lag, validity, begins } => {
                let anchor = begins.map_or(0, |begins| begins.0.ordinal());
                let into = (month.ordinal() - anchor).rem_euclid(i32::from(validity));
                let last = month.plus(-into - i32::from(lag) - 1)?;
                Some((last.plus(1 - i32::from(months))?, last))
            }
            Self::Year { years_before } => {
                let year = month.year().checked_sub(i16::from(years_before))?;
                Some((Month::new(year, 1)?, Month::new(year, 12)?))
            }
            Self::Fixed(MonthText(month)) => Some((month, month)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lagged(months: u8, lag: u8, validity: u8, begins: Option<&str>) -> Window {
        Window::Lagged { months, lag, validity, begins: begins.map(|text| MonthText(text.parse().unwrap())) }
    }

    fn of(window: Window, month: &str) -> String {
        let (first, last) = window.months(month.parse().unwrap()).unwrap();
        format!("{first} to {last}")
    }

    #[test]
    fn six_three_three_for_january_is_april_to_september() {
        let window = lagged(6, 3, 3, None);
        for month in ["2025-01", "2025-02", "2025-03"] {
            assert_eq!(of(window, month), "2024-04 to 2024-09", "{month}");
        }
        assert_eq!(of(window, "2025-04"), "2024-07 to 2024-12");
    }

    /// Y = 0 ends just before the block, whatever X and Z are and whether or not the block's beginning is said.
    #[test]
    fn a_lag_of_nothing_ends_just_before_the_block() {
        assert_eq!(of(lagged(1, 0, 1, None), "2025-05"), "2025-04 to 2025-04");
        assert_eq!(of(lagged(1, 0, 1, Some("2024-10")), "2025-05"), "2025-04 to 2025-04");
        assert_eq!(of(lagged(1, 0, 2, None), "2025-04"), "2025-02 to 2025-02");
        assert_eq!(of(lagged(1, 1, 1, None), "2025-05"), "2025-03 to 2025-03");
    }

    /// The worked examples of the sources: GO 8-1-2 and FO 4-0-1 (KWA Analytics), 3-1-3 (DEVR1314752A).
    #[test]
    fn the_examples_of_the_sources() {
        assert_eq!(of(lagged(8, 1, 2, None), "2009-02").split_once(" to ").unwrap().1, "2008-11");
        assert_eq!(of(lagged(4, 0, 1, None), "2009-01"), "2008-09 to 2008-12");
        assert_eq!(of(lagged(3, 1, 3, None), "2013-08"), "2013-03 to 2013-05");
    }

    #[test]
    fn nine_zero_nine_goes_in_blocks_from_its_beginning() {
        let window = lagged(9, 0, 9, Some("2024-10"));
        assert_eq!(of(window, "2024-10"), "2024-01 to 2024-09");
        assert_eq!(of(window, "2025-06"), "2024-01 to 2024-09");
        assert_eq!(of(window, "2025-07"), "2024-10 to 2025-06");
        assert_eq!(of(window, "2024-09"), "2023-04 to 2023-12");
        assert!(lagged(9, 0, 9, None).check().unwrap_err().contains("needs the month"));
    }

    #[test]
    fn years_spots_and_bases() {
        assert_eq!(of(Window::Year { years_before: 1 }, "2025-05"), "2024-01 to 2024-12");
        assert_eq!(of(Window::Spot, "2025-05"), "2025-05 to 2025-05");
        assert_eq!(of(Window::Fixed(MonthText("2011-01".parse().unwrap())), "2025-05"), "2011-01 to 2011-01");
        assert_eq!(of(lagged(3, 0, 1, None), "2025-05"), "2025-02 to 2025-04");
        assert_eq!(serde_json::to_string(&Window::Spot).unwrap(), r#""spot""#);
        assert!(lagged(0, 0, 1, None).check().is_err());
        assert_eq!(
            serde_json::to_string(&lagged(6, 3, 3, None)).unwrap(),
            r#"{"lagged":{"months":6,"lag":3,"validity":3}}"#
        );
    }
}
