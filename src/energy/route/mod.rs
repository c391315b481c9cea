//! Energy routes and projects: pipelines, terminals of liquefied gas, fields, as a tracker describes them.
//!
//! A route is what one row of a tracker says; nothing is worked out from it. Rows of several trackers about the same
//! pipe stand side by side. What a tracker leaves open is absent here, never zero and never "unknown" in words. Geometry
//! is not kept.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::value::decimal;

/// What a route is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    GasPipeline,
    OilPipeline,
    /// Natural gas liquids, and LPG.
    NglPipeline,
    HydrogenPipeline,
    LngImportTerminal,
    LngExportTerminal,
    Field,
}

/// How far a route has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteStatus {
    Operating,
    Construction,
    Proposed,
    Shelved,
    Cancelled,
    Mothballed,
    Idle,
    Retired,
}

/// Who owns a route, or an owner of it, by name.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Owner {
    pub name: String,
    /// In percent, 0 to 100. The shares of a list may sum to more: a parent also owns through another one.
    #[serde(default, with = "decimal::optional_text", skip_serializing_if = "Option::is_none")]
    pub share: Option<Decimal>,
}

/// What a route can carry, in the unit of its source.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Capacity {
    #[serde(with = "decimal::text")]
    pub value: Decimal,
    /// As the source writes it; empty when it names none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The same in our own spelling (`bcm/y`, `Mt/y LNG`), where the unit means one thing only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parsed_unit: Option<String>,
}

/// What a field produced in a year.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Production {
    /// `oil` or `gas`.
    pub of: String,
    #[serde(with = "decimal::text")]
    pub value: Decimal,
    /// `million bbl/y`, `mcm/y`.
    pub unit: String,
    /// `None`: the source does not say of which year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

/// A pipeline, a terminal or a field, or a segment, train or phase of one.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Route {
    /// Letters, digits and `-`; the same in every release of a dataset.
    pub id: String,
    pub kind: RouteKind,
    pub name: String,
    /// Segment, train, phase or expansion.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub segment: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RouteStatus>,
    /// The tracker concludes the status from years without news; nobody announced it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub status_inferred: bool,
    /// ISO alpha-3 of where it begins; empty when the source does not say. An import terminal begins nowhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from_country: String,
    /// ISO alpha-3 of where it ends; empty when the source does not say. An export terminal ends nowhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to_country: String,
    /// ISO alpha-3 of every country that it lies in, in the order of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    /// Who stands behind the owners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<Owner>,
    /// Who runs it; empty when the source does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operator: String,
    /// Of a field, the newest that the source has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub production: Vec<Production>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// What the source writes where it gives no single number (`45-48 mill.Sm3/day`); then `capacity` is absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub capacity_text: String,
    /// Billion cubic metres a year by the tracker's own conversion, which does not say at what temperature.
    #[serde(default, with = "decimal::optional_text", skip_serializing_if = "Option::is_none")]
    pub capacity_bcm: Option<Decimal>,
    /// Years in which it started or is to start, those of its extensions behind. The first is the one that the tracker
    /// itself reckons with: the delayed one, where there was a delay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub start_years: Vec<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_year: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelved_year: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_year: Option<i16>,
    #[serde(default, with = "decimal::optional_text", skip_serializing_if = "Option::is_none")]
    pub length_km: Option<Decimal>,
    /// Place, district and province where it begins.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub start_location: String,
    /// Place, district and province where it ends.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub end_location: String,
    /// Page of the tracker about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Day on which the tracker last looked at it.
    #[serde(default, with = "optional_day", skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<Date>,
}

impl Route {
    /// A route of which nothing but this is known.
    pub fn new(id: impl Into<String>, kind: RouteKind, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            name: name.into(),
            segment: String::new(),
            other_names: Vec::new(),
            status: None,
            status_inferred: false,
            from_country: String::new(),
            to_country: String::new(),
            countries: Vec::new(),
            owners: Vec::new(),
            parents: Vec::new(),
            operator: String::new(),
            production: Vec::new(),
            capacity: None,
            capacity_text: String::new(),
            capacity_bcm: None,
            start_years: Vec::new(),
            stop_year: None,
            shelved_year: None,
            cancelled_year: None,
            length_km: None,
            start_location: String::new(),
            end_location: String::new(),
            url: String::new(),
            last_updated: None,
        }
    }
}

/// A day that may be absent, as `2024-07-12`.
mod optional_day {
    use std::borrow::Cow;

    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<Cow<'_, str>>::deserialize(deserializer)?;
        text.map(|text| text.parse::<Date>()).transpose().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::d;

    #[test]
    fn what_is_absent_is_not_stored() {
        let route = Route::new("P0734", RouteKind::GasPipeline, "Power of Siberia 2");
        let json = serde_json::to_string(&route).unwrap();
        assert_eq!(json, r#"{"id":"P0734","kind":"gas_pipeline","name":"Power of Siberia 2"}"#);
        assert_eq!(serde_json::from_str::<Route>(&json).unwrap(), route);
    }

    #[test]
    fn what_is_known_comes_back() {
        let route = Route {
            status: Some(RouteStatus::Shelved),
            status_inferred: true,
            countries: vec!["RUS".into(), "MNG".into()],
            owners: vec![Owner { name: "Gazprom".into(), share: Some(d("50.5")) }],
            capacity: Some(Capacity {
                value: d("0.6899999999999999"),
                unit: "bcm/y".into(),
                parsed_unit: Some("bcm/y".into()),
            }),
            start_years: vec![2027],
            length_km: Some(d("960.25")),
            last_updated: Some("2024-07-12".parse().unwrap()),
            ..Route::new("P5409", RouteKind::GasPipeline, "Power of Siberia 2")
        };
        let json = serde_json::to_string(&route).unwrap();
        assert!(json.contains(r#""capacity":{"value":"0.6899999999999999","unit":"bcm/y","parsed_unit":"bcm/y"}"#));
        assert!(json.contains(r#""last_updated":"2024-07-12""#));
        assert_eq!(serde_json::from_str::<Route>(&json).unwrap(), route);
        assert!(serde_json::from_str::<Route>(&json.replace("2024-07-12", "2024-02-31")).is_err());
    }
}

pub mod load;
