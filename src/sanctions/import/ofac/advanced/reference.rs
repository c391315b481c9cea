//! The reference values at the head of the file: what every number in it stands for.

use std::collections::HashMap;

use crate::import::Element;
use crate::import::Refusal;

/// Sets by the name of their elements: `AliasType`, `Country`.
#[derive(Default)]
pub struct References {
    sets: HashMap<String, HashMap<String, Value>>,
}

pub struct Value {
    pub text: String,
    attributes: Vec<(String, String)>,
}

impl Value {
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

impl References {
    pub fn read(element: &Element) -> Self {
        let mut sets: HashMap<String, HashMap<String, Value>> = HashMap::new();
        for value in element.children.iter().flat_map(|set| &set.children) {
            let known = Value { text: value.text.clone(), attributes: value.attributes.clone() };
            sets.entry(value.name.clone()).or_default().insert(value.attribute("ID").to_owned(), known);
        }
        Self { sets }
    }

    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// The value that an attribute of an element points to.
    pub fn value(&self, set: &str, element: &Element, attribute: &'static str) -> Result<&Value, Refusal> {
        self.find(set, element.attribute(attribute), attribute, &element.name)
    }

    /// The value of an `id` that stood in an attribute of something by the name of `holder`.
    pub fn find(&self, set: &str, id: &str, attribute: &'static str, holder: &str) -> Result<&Value, Refusal> {
        self.sets.get(set).and_then(|values| values.get(id)).ok_or_else(|| {
            let reason = format!("of a {holder} is none of the file's {set}Values");
            Refusal::new(attribute, id, reason)
        })
    }

    pub fn text(&self, set: &str, element: &Element, attribute: &'static str) -> Result<&str, Refusal> {
        self.value(set, element, attribute).map(|value| value.text.as_str())
    }

    /// As `text`, but empty when the attribute is not there.
    pub fn optional(&self, set: &str, element: &Element, attribute: &'static str) -> Result<&str, Refusal> {
        if element.attribute(attribute).is_empty() { Ok("") } else { self.text(set, element, attribute) }
    }

    /// Name of a country; empty when there is none or it is not determined.
    pub fn country(&self, element: &Element, attribute: &'static str) -> Result<&str, Refusal> {
        if element.attribute(attribute).is_empty() {
            return Ok("");
        }
        let country = self.value("Country", element, attribute)?;
        let name = if country.text.is_empty() { country.attribute("ISO2") } else { &country.text };
        Ok(determined(name))
    }

    /// Name of the country or territory of an area code; empty when it is not determined.
    pub fn area(&self, element: &Element) -> Result<&str, Refusal> {
        let area = self.value("AreaCode", element, "AreaCodeID")?;
        let name = area.attribute("Description");
        Ok(determined(if name.is_empty() { &area.text } else { name }))
    }
}

fn determined(name: &str) -> &str {
    if name.eq_ignore_ascii_case("undetermined") { "" } else { name }
}
