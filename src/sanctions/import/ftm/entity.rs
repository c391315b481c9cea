//! An entity of FollowTheMoney as a line has it: every property is a set of values, and a value that is another entity
//! is its identifier (flat form) or the entity itself (nested form).

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::super::field::Refusal;
use super::super::malformed::Malformed;
use crate::reference::country;
use crate::sanctions::subject::model::SubjectKind;
use crate::value::Span;

#[derive(Deserialize, Debug)]
pub struct Entity {
    pub id: String,
    pub schema: String,
    #[serde(default)]
    pub caption: Option<String>,
    /// The publisher's word for "listed itself, not only linked to one who is".
    #[serde(default)]
    pub target: Option<bool>,
    #[serde(default)]
    pub datasets: Vec<String>,
    /// Identifiers that the entity had before it was merged with others.
    #[serde(default)]
    pub referents: Vec<String>,
    #[serde(default)]
    pub properties: BTreeMap<String, Vec<Value>>,
}

#[derive(Debug)]
pub enum Value {
    Text(String),
    Entity(Box<Entity>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or an entity")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        Entity::deserialize(MapAccessDeserializer::new(map)).map(|entity| Value::Entity(Box::new(entity)))
    }
}

impl Entity {
    /// Texts of a property, each once and in order: the order that a set has in a file says nothing.
    pub fn texts(&self, property: &str) -> Vec<&str> {
        let mut texts: Vec<&str> = self.in_file_order(property).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    pub fn in_file_order(&self, property: &str) -> impl Iterator<Item = &str> {
        let values = self.properties.get(property).into_iter().flatten();
        values.filter_map(|value| match value {
            Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Value::Entity(_) => None,
        })
    }

    /// Identifiers of the entities that a property names or holds.
    pub fn ids(&self, property: &str) -> impl Iterator<Item = &str> {
        let values = self.properties.get(property).into_iter().flatten();
        values.map(|value| match value {
            Value::Text(text) => text.trim(),
            Value::Entity(entity) => entity.id.as_str(),
        })
    }

    /// Entities within this one, with the property that holds them.
    pub fn nested(&self) -> impl Iterator<Item = (&str, &Entity)> {
        let values =
            self.properties.iter().flat_map(|(property, values)| values.iter().map(move |value| (property, value)));
        values.filter_map(|(property, value)| match value {
            Value::Text(_) => None,
            Value::Entity(entity) => Some((property.as_str(), entity.as_ref())),
        })
    }

    pub fn dates(&self, property: &str, malformed: &mut Malformed) -> Vec<Span> {
        self.texts(property).into_iter().filter_map(|text| malformed.read(date(property, text).map(Some))).collect()
    }

    /// Texts of several properties, divided by `; `.
    pub fn words(&self, properties: &[&str]) -> String {
        let texts: Vec<&str> = properties.iter().flat_map(|property| self.texts(property)).collect();
        texts.join("; ")
    }

    /// What kind of subject the schema is; `None` when it is none.
    pub fn subject_kind(&self) -> Option<SubjectKind> {
        Some(match self.schema.as_str() {
            "Person" => SubjectKind::Person,
            "Organization" | "Company" | "PublicBody" => SubjectKind::Organization,
            "Vessel" => SubjectKind::Vessel,
            "Airplane" => SubjectKind::Aircraft,
            "LegalEntity" | "CryptoWallet" => SubjectKind::Unknown,
            _ => return None,
        })
    }

    pub fn has_sanction_topic(&self) -> bool {
        self.in_file_order("topics").any(|topic| topic.starts_with("sanction"))
    }
}

/// `1968`, `1968-03` or `1968-03-05`, also with a time behind it.
fn date(property: &str, text: &str) -> Result<Span, Refusal> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let plain = day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let reason = "is not a valid date that exists; expected 1968, 1968-03 or 1968-03-05";
    day.parse().ok().filter(|_| plain).ok_or_else(|| Refusal::new(property, text, reason))
}

/// FollowTheMoney writes countries as ISO alpha-2 in small letters, and has codes of its own for states that are no
/// more and for parts of states.
pub fn country_code(text: &str) -> &'static str {
    match text {
        "suhh" => "SUN",
        "yucs" => "YUG",
        "csxx" => "SCG",
        "cshh" => "CSK",
        "ddde" => "DDR",
        _ if text.starts_with("gb-") => "GBR",
        _ if text.len() == 2 => country::code(&text.to_ascii_uppercase()),
        _ => country::code(text),
    }
}
