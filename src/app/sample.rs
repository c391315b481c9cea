//! The bundled sample: small files of true facts, each with its source, as releases of the days on which they stood.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use serde::Deserialize;

use crate::config::Config;
use crate::energy::import::{book, deliveries, routes};
use crate::import::{Error as ImportError, Format, Options};
use crate::sanctions::import::{ftm, own::tables};
use crate::trade::import::tidy;

/// The bundled sample and the temporary folder of its store.
pub struct Sample {
    folder: tempfile::TempDir,
}

/// The day on which the bundled facts were put together.
const PUT_TOGETHER: Date = date(2026, 11, 24);

/// A bundled file.
struct Bundled {
    name: &'static str,
    text: &'static str,
    format: &'static dyn Format,
    /// Where the format's own would take the sample for the official list.
    dataset: Option<&'static str>,
    days: Days,
}

/// A release of the sample.
pub(super) struct Release {
    file: &'static Bundled,
    day: Date,
    text: String,
}

/// The publication days of a file's releases.
#[derive(Clone, Copy)]
enum Days {
    /// One release of the whole file.
    One(Date),
    /// Each line says `since` which day it stood there and `until` which day it did no longer: a release for each such
    /// day, of the lines that stood on it.
    OfItsLines,
}

static FILES: [Bundled; 15] = [
    Bundled {
        name: "imf_imts.csv",
        text: include_str!("../trade/sample/imf_imts.csv"),
        format: &tidy::IMF_IMTS,
        dataset: None,
        days: Days::One(PUT_TOGETHER),
    },
    gacc("gacc_2021.csv", include_str!("../trade/sample/gacc_2021.csv"), date(2022, 1, 31)),
    gacc("gacc_2022.csv", include_str!("../trade/sample/gacc_2022.csv"), date(2023, 1, 31)),
    gacc("gacc_2023.csv", include_str!("../trade/sample/gacc_2023.csv"), date(2024, 1, 31)),
    gacc("gacc_2024.csv", include_str!("../trade/sample/gacc_2024.csv"), date(2025, 1, 31)),
    list("ofac.ftm.json", include_str!("../sanctions/sample/ofac.ftm.json"), "sample-ofac"),
    list("uk.ftm.json", include_str!("../sanctions/sample/uk.ftm.json"), "sample-uk"),
    list("eu.ftm.json", include_str!("../sanctions/sample/eu.ftm.json"), "sample-eu"),
    Bundled {
        name: "holdings.csv",
        text: include_str!("../sanctions/sample/holdings.csv"),
        format: &tables::HOLDINGS,
        dataset: Some("sample-holdings"),
        days: Days::One(PUT_TOGETHER),
    },
    book("contracts_2022-02-04.csv", include_str!("../energy/sample/contracts_2022-02-04.csv"), date(2022, 2, 4)),
    book("contracts_2024-10-08.csv", include_str!("../energy/sample/contracts_2024-10-08.csv"), date(2024, 10, 8)),
    book("contracts_2025-09-03.csv", include_str!("../energy/sample/contracts_2025-09-03.csv"), date(2025, 9, 3)),
    book("contracts.csv", include_str!("../energy/sample/contracts.csv"), PUT_TOGETHER),
    Bundled {
        name: "deliveries.csv",
        text: include_str!("../energy/sample/deliveries.csv"),
        format: &deliveries::FORMAT,
        dataset: Some("sample-deliveries"),
        days: Days::One(PUT_TOGETHER),
    },
    Bundled {
        name: "routes.csv",
        text: include_str!("../energy/sample/routes.csv"),
        format: &routes::FORMAT,
        dataset: Some("sample-routes"),
        days: Days::One(PUT_TOGETHER),
    },
];

/// A year of China's customs, as it could be had by that day.
const fn gacc(name: &'static str, text: &'static str, day: Date) -> Bundled {
    Bundled { name, text, format: &tidy::GACC, dataset: None, days: Days::One(day) }
}

/// A part of a sanction list.
const fn list(name: &'static str, text: &'static str, dataset: &'static str) -> Bundled {
    Bundled { name, text, format: &ftm::FORMAT, dataset: Some(dataset), days: Days::OfItsLines }
}

/// The contract book as it was known on a day.
const fn book(name: &'static str, text: &'static str, day: Date) -> Bundled {
    Bundled { name, text, format: &book::FORMAT, dataset: Some("sample-contracts"), days: Days::One(day) }
}

/// From which day on a line stood in its list, and from which it did no longer.
#[derive(Deserialize)]
struct Standing {
    since: String,
    until: Option<String>,
}

impl Bundled {
    /// The text of each release by its day.
    fn releases(&self) -> Result<Vec<(Date, String)>, ImportError> {
        if let Days::One(day) = self.days {
            return Ok(vec![(day, self.text.to_owned())]);
        }
        let mut lines = Vec::new();
        for line in self.text.lines() {
            let refused = |reason: String| ImportError::Refused(format!("{}: {reason}: {line}", self.name));
            let standing: Standing = serde_json::from_str(line).map_err(|error| refused(error.to_string()))?;
            let day = |text: &str| text.parse::<Date>().map_err(|error| refused(error.to_string()));
            lines.push((day(&standing.since)?, standing.until.as_deref().map(day).transpose()?, line));
        }
        let days: BTreeSet<Date> =
            lines.iter().flat_map(|(since, until, _)| [Some(*since), *until]).flatten().collect();
        let text_on = |day: Date| -> String {
            let standing =
                lines.iter().filter(|(since, until, _)| *since <= day && until.is_none_or(|until| day < until));
            standing.map(|(.., line)| format!("{line}\n")).collect()
        };
        Ok(days.into_iter().map(|day| (day, text_on(day))).collect())
    }
}

impl Sample {
    /// Makes the folder and points the configuration's store into it, away from the operator's own.
    pub fn place(config: &mut Config) -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("entrepot-sample-").tempdir()?;
        config.store.url = format!("sqlite://{}", folder.path().join("sample.db").display()).into();
        Ok(Self { folder })
    }

    /// Every release, the oldest first, as they would have come in.
    pub(super) fn releases() -> Result<Vec<Release>, ImportError> {
        let mut releases = Vec::new();
        for file in &FILES {
            releases.extend(file.releases()?.into_iter().map(|(day, text)| Release { file, day, text }));
        }
        releases.sort_by_key(|release| release.day);
        Ok(releases)
    }

    /// Writes the file of a release, and says how it is imported.
    pub(super) fn write(&self, release: &Release) -> Result<(&'static dyn Format, Options), ImportError> {
        let file = release.file;
        let path = self.folder.path().join(file.name);
        std::fs::write(&path, &release.text)
            .map_err(|source| ImportError::Open { file: path.display().to_string(), source })?;
        let mut options = Options::new(vec![path]);
        options.published = Some(release.day);
        options.dataset = file.dataset.map(str::to_owned);
        options.license = file.dataset.map(|_| "facts, each with its source".to_owned());
        // One of ten is more than a list may lose unasked.
        options.allow_shrink = options.dataset.iter().cloned().collect();
        Ok((file.format, options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_into_the_days_on_which_it_changed() {
        let text = "{\"id\":\"a\",\"since\":\"2020-01-02\"}\n\
            {\"id\":\"b\",\"since\":\"2020-03-04\",\"until\":\"2021-05-06\"}\n\
            {\"id\":\"c\",\"since\":\"2021-05-06\"}\n";
        let releases = list("x.ftm.json", text, "x").releases().unwrap();
        let ids = |text: &str| {
            let names = ["a", "b", "c"].into_iter();
            names.filter(|name| text.contains(&format!("\"id\":\"{name}\""))).collect::<String>()
        };
        let found: Vec<(String, String)> = releases.iter().map(|(day, text)| (day.to_string(), ids(text))).collect();
        let expected = [("2020-01-02", "a"), ("2020-03-04", "ab"), ("2021-05-06", "ac")];
        assert_eq!(found, expected.map(|(day, ids)| (day.to_owned(), ids.to_owned())));
        assert!(list("x", "{\"id\":\"a\"}", "x").releases().is_err(), "a line without its day");
    }

    #[test]
    fn every_bundled_list_has_releases_of_at_least_four_days_and_the_book_too() {
        let days = |dataset: &str| -> usize {
            let files = FILES.iter().filter(|file| file.dataset == Some(dataset));
            files.map(|file| file.releases().unwrap().len()).sum()
        };
        for dataset in ["sample-ofac", "sample-uk", "sample-eu", "sample-contracts"] {
            assert!(days(dataset) >= 4, "{dataset}: {}", days(dataset));
        }
    }
}
