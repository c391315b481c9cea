//! What is implausible in a source, and why: named doubts that every answer repeats which they touch. The figures stay as the
//! source has them. Pure.

use crate::reference::Area;

use super::model::Flow;
use super::query::Filter;
use super::select::Selection;

/// A doubt about a publisher's figures. The codes are those of the requests.
struct Caveat {
    publisher: &'static str,
    reporter: &'static str,
    partner: &'static str,
    flow: &'static str,
    first_year: i32,
    last_year: i32,
    /// What is implausible, on what grounds, and what the figures may not be taken for.
    text: &'static str,
}

/// To add one: the figures of the source itself must show it, and the text must say which.
const CAVEATS: &[Caveat] = &[Caveat {
    publisher: "International Monetary Fund",
    reporter: "RUS",
    partner: "UGA",
    flow: "M",
    first_year: 2022,
    last_year: 2024,
    // IMTS, series RUS.MG_CIF_USD.UGA.A; 27.0 of 268.1 billion in 2024.
    text: "implausible in the source: the IMF's imports of RUS from UGA are 24 million dollars in 2021, then 5.8, 12.2 and \
           27.0 billion in 2022, 2023 and 2024, a tenth of all that RUS imported; they have the digits of an estimate, not \
           of a report, and are left as published: neither they nor a share of them shows that the goods were traded",
}];

/// The doubts that touch what was asked and found.
pub fn notes(filter: &Filter, selection: &Selection) -> Vec<String> {
    let touching = CAVEATS.iter().filter(|caveat| caveat.touches(filter, selection));
    touching.map(|caveat| caveat.text.to_owned()).collect()
}

impl Caveat {
    /// Also the world is touched, as a sum or as the source's own total: it holds the partner's figure.
    fn touches(&self, filter: &Filter, selection: &Selection) -> bool {
        if selection.dataset.spec.publisher != self.publisher {
            return false;
        }
        let holds_partner = |asked: &Area| *asked == Area::WORLD || Some(*asked) == Area::parse(self.partner);
        if !filter.partners.is_empty() && !filter.partners.iter().any(holds_partner) {
            return false;
        }
        let (reporter, flow) = (Area::parse(self.reporter), Flow::parse(self.flow));
        selection.reports.keys().any(|report| {
            Some(report.reporter) == reporter
                && Some(report.flow) == flow
                && (self.first_year..=self.last_year).contains(&report.period.calendar_year())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_caveat_names_codes_that_exist_and_years_in_order() {
        for caveat in CAVEATS {
            assert!(Area::parse(caveat.reporter).is_some() && Area::parse(caveat.partner).is_some(), "{}", caveat.text);
            assert!(Flow::parse(caveat.flow).is_some() && caveat.first_year <= caveat.last_year, "{}", caveat.text);
        }
    }
}
