//! A request being put together: fields by their paths, those that nobody gave left out.

use serde_json::{Map, Value};

use super::years::Years;

/// What one question asks of which RPC.
pub struct Request {
    pub method: &'static str,
    body: Map<String, Value>,
}

impl Request {
    pub fn new(method: &'static str) -> Self {
        Self { method, body: Map::new() }
    }

    pub fn with(mut self, path: &str, value: Option<impl Into<Value>>) -> Self {
        let Some(value) = value else { return self };
        let mut body = &mut self.body;
        let mut rest = path;
        while let Some((outer, inner)) = rest.split_once('.') {
            let entry = body.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            // Paths of the vocabulary lead through messages alone.
            let Value::Object(inside) = entry else { return self };
            (body, rest) = (inside, inner);
        }
        body.insert(rest.to_owned(), value.into());
        self
    }

    pub fn with_list(self, path: &str, values: &[String]) -> Self {
        self.with(path, (!values.is_empty()).then(|| values.to_vec()))
    }

    pub fn with_day(self, path: &str, day: Option<jiff::civil::Date>) -> Self {
        self.with(path, day.map(|day| day.to_string()))
    }

    /// Years as periods, in which trade counts.
    pub fn with_periods(self, from: &str, to: &str, years: Option<Years>) -> Self {
        let text = |year: i16| format!("{year:04}");
        self.with(from, years.map(|years| text(years.first))).with(to, years.map(|years| text(years.last)))
    }

    /// The resource `collection/name`, of which the collection may be left out.
    pub fn with_name(self, path: &str, collection: &str, name: &str) -> Self {
        let whole = if name.contains('/') { name.to_owned() } else { format!("{collection}/{name}") };
        self.with(path, Some(whole))
    }

    pub fn json(&self) -> String {
        format!("{:#}", Value::Object(self.body.clone()))
    }
}
