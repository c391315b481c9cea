//! Names beside codes, from the names that an answer brings with it.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DynamicMessage, ReflectMessage as _};

use super::grid::{self, Grid};
use super::vocabulary as words;

/// The names of an answer's codes.
#[derive(Default)]
pub struct Names {
    /// By code.
    countries: BTreeMap<String, String>,
    /// By classification and code.
    commodities: BTreeMap<(String, String), String>,
    /// Countries whose name stands beside their code somewhere.
    told: BTreeSet<String>,
}

impl Names {
    pub fn of(message: &DynamicMessage) -> Self {
        let mut names = Self::default();
        let text = |entry: &DynamicMessage, name: &str| {
            let field = entry.descriptor().get_field_by_name(name);
            field.map(|field| grid::field_text(entry, &field)).unwrap_or_default()
        };
        let entries = |list: &str| {
            let field = message.descriptor().get_field_by_name(list);
            let value = field.map(|field| message.get_field(&field).into_owned());
            let entries = value.as_ref().and_then(|value| value.as_list()).unwrap_or_default().to_vec();
            entries.into_iter().filter_map(|entry| entry.as_message().cloned()).collect::<Vec<_>>()
        };
        for entry in entries(words::COUNTRIES) {
            names.countries.insert(text(&entry, words::CODE), text(&entry, words::SOURCE_TITLE));
        }
        for entry in entries(words::COMMODITIES) {
            let key = (text(&entry, words::CLASSIFICATION), text(&entry, words::CODE));
            names.commodities.insert(key, text(&entry, words::SOURCE_TITLE));
        }
        names
    }

    /// Writes the names into the cells of codes.
    pub fn put_into(&mut self, table: &mut Grid) {
        for at in 0..table.columns.len() {
            let column = table.columns[at].clone();
            let editions = table.place(&column.sibling(words::CLASSIFICATION));
            for row in &mut table.rows {
                let edition = editions.map(|at| row[at].clone()).unwrap_or_default();
                let parts: Vec<String> =
                    row[at].split("; ").map(|part| self.beside(column.leaf(), &edition, part)).collect();
                row[at] = parts.join("; ");
            }
        }
    }

    fn beside(&mut self, field: &str, edition: &str, code: &str) -> String {
        let name = if words::COUNTRY_FIELDS.contains(&field) {
            let name = self.countries.get(code);
            self.told.extend(name.map(|_| code.to_owned()));
            name
        } else if let Some(named) = code.strip_prefix(words::COMMODITY_NAMES) {
            let key = named.split_once('-').map(|(edition, code)| (edition.to_owned(), code.to_owned()));
            key.and_then(|key| self.commodities.get(&key))
        } else if field == words::COMMODITY_FIELD {
            self.commodities.get(&(edition.to_owned(), code.to_owned()))
        } else {
            None
        };
        name.map_or_else(|| code.to_owned(), |name| format!("{code} {name}"))
    }

    /// Countries that the answer is about and that stand in none of its rows.
    pub fn untold(&self) -> String {
        let untold = self.countries.iter().filter(|(code, _)| !self.told.contains(*code));
        untold.map(|(code, name)| format!("{code} {name}")).collect::<Vec<_>>().join("; ")
    }
}
