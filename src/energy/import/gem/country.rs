//! Countries as GEM writes them: several in a cell, divided by commas, in the order of the route.

use super::row::{Notices, Refusal, Row};
use crate::reference::country;

/// Names of GEM that hold a comma, and so must be found before the cell is divided.
const WITH_COMMA: [(&str, &str); 3] = [
    ("Bonaire, Sint Eustatius, and Saba", "BES"),
    ("Saint Helena, Ascension, and Tristan da Cunha", "SHN"),
    ("Saint Helena, Ascension and Tristan da Cunha", "SHN"),
];
/// Areas of GEM that are not countries: shared, and settled by neither name nor code.
const NO_COUNTRY: [&str; 1] = ["Joint Petroleum Development Area"];

const AREAS: &str = "areas that are not a country: left out of the countries";

/// ISO alpha-3 of each country of a cell, each once.
pub fn several(row: &Row<'_>, column: &'static str, notices: &mut Notices) -> Result<Vec<String>, Refusal> {
    let mut rest = row.text(column)?;
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (name, alpha3) in WITH_COMMA {
        if let Some(place) = rest.find(name) {
            found.push((place, alpha3));
            rest.replace_range(place..place + name.len(), &" ".repeat(name.len()));
        }
    }
    let mut begin = 0;
    for part in rest.split([',', ';']) {
        let name = part.trim();
        if NO_COUNTRY.contains(&name) {
            notices.count(AREAS);
        } else if !super::names::is_unknown(name) {
            found.push((begin, code(column, name)?));
        }
        begin += part.len() + 1;
    }
    found.sort_by_key(|(place, _)| *place);
    let mut countries: Vec<String> = Vec::new();
    for (_, alpha3) in found {
        if !countries.iter().any(|known| known == alpha3) {
            countries.push(alpha3.to_owned());
        }
    }
    Ok(countries)
}

/// ISO alpha-3 of a cell that holds one country at most; empty when it holds none.
pub fn one(row: &Row<'_>, column: &'static str, notices: &mut Notices) -> Result<String, Refusal> {
    let mut countries = several(row, column, notices)?;
    match countries.len() {
        0 => Ok(String::new()),
        1 => Ok(countries.remove(0)),
        _ => Err(Refusal::new(column, row.cell(column), "names several countries; expected one")),
    }
}

fn code(column: &'static str, name: &str) -> Result<&'static str, Refusal> {
    let alpha3 = country::code(name);
    if alpha3.is_empty() {
        return Err(Refusal::new(column, name, "is not a known country; expected one such as China"));
    }
    Ok(alpha3)
}

#[cfg(test)]
mod tests {
    use super::super::pipelines;
    use super::super::row::tests::with_row;
    use super::*;

    fn countries(text: &str) -> (Result<Vec<String>, String>, usize) {
        with_row(&pipelines::LAYOUT, &[("Countries", text)], |row| {
            let mut notices = Notices::default();
            let countries = several(row, "Countries", &mut notices).map_err(|refusal| refusal.value);
            (countries, notices.0.len())
        })
    }

    #[test]
    fn countries_in_their_order() {
        let found = |text: &str| countries(text).0.unwrap().join(" ");
        assert_eq!(found("Russia, Mongolia, China"), "RUS MNG CHN");
        assert_eq!(found("Iran ; Türkiye;Iran"), "IRN TUR");
        assert_eq!(found("Aruba, Bonaire, Sint Eustatius, and Saba, Venezuela"), "ABW BES VEN");
        assert_eq!(found("--"), "");
        assert_eq!(countries("Australia, Joint Petroleum Development Area"), (Ok(vec!["AUS".to_owned()]), 1));
        assert_eq!(countries("China, Atlantis").0, Err("Atlantis".to_owned()));
    }
}
