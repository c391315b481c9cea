//! Oil and gas fields: the file behind the map of GEM's Global Oil and Gas Extraction Tracker, and the table of it in
//! regional trackers.
//!
//! A field's production of its latest year stands beside it, of oil in million barrels and of gas in million cubic metres
//! a year, which name no temperature. The total in barrels of oil equivalent is GEM's own sum and not read: it is 0 where
//! nothing is known. A year that is `2027 (expected)` is the year. Owners have their share in round brackets.

use rust_decimal::Decimal;

use super::layout::{Column, Identifiers, Layout, needed, optional};
use super::row::{Notices, Refusal, Row};
use super::{country, names, owners, status, terminals};
use crate::energy::route::{Production, Route, RouteKind, RouteStatus};

pub static LAYOUT: Layout = Layout {
    title: "oil and gas fields",
    columns: &COLUMNS,
    identifiers: Identifiers::Given,
    id_column: "Unit ID",
    route,
};

const COLUMNS: [Column; 16] = [
    needed("Unit ID", &[]),
    needed("Wiki name", &[]),
    needed("Status", &[]),
    needed("Country", &["Country/Area"]),
    optional("Country list", &[]),
    needed("Owner", &[]),
    optional("Parent", &[]),
    optional("Operator", &[]),
    optional("Subnational unit (province, state)", &[]),
    needed("Production start year", &[]),
    needed("Production - Oil (Million bbl/y)", &[]),
    optional("Production Year - Oil", &[]),
    needed("Production - Gas (Million m³/y)", &[]),
    optional("Production Year - Gas", &[]),
    optional("Wiki URL", &["url"]),
    optional("Project or complex", &[]),
];

const STORAGE: &str = "fields that have become a store of gas: their status is none of production";

fn route(row: &Row<'_>, notices: &mut Notices) -> Result<Option<Route>, Refusal> {
    let mut route = Route::new(row.identifier("Unit ID")?, RouteKind::Field, row.required("Wiki name")?);
    route.segment = row.text("Project or complex")?;
    route.status = field_status(row, notices)?;
    route.operator = row.text("Operator")?;
    route.owners = owners::read(row.known("Owner"), notices);
    route.parents = owners::read(row.known("Parent"), notices);
    route.start_years = row.year("Production start year", notices)?.into_iter().collect();
    let place = row.text("Subnational unit (province, state)")?;
    // `Kuwait-Saudi Arabia` stands in the one column, and `Kuwait; Saudi Arabia` in the other.
    let mut found = country::several(row, "Country list", notices)?;
    if found.is_empty() {
        found = countries(row, notices)?;
    }
    match found.as_slice() {
        [only] => terminals::stand(&mut route, only.clone(), place),
        _ => (route.countries, route.start_location) = (found, place),
    }
    for (of, column, year) in [
        ("oil", "Production - Oil (Million bbl/y)", "Production Year - Oil"),
        ("gas", "Production - Gas (Million m³/y)", "Production Year - Gas"),
    ] {
        let Some(value) = amount(row, column)? else { continue };
        let unit = if of == "oil" { "million bbl/y" } else { "mcm/y" };
        let year = row.year(year, notices)?;
        route.production.push(Production { of: of.to_owned(), value, unit: unit.to_owned(), year });
    }
    route.url = row.address("Wiki URL", notices);
    Ok(Some(route))
}

/// The countries of a cell: one, or those of `Senegal-Mauritania`, which share the field.
fn countries(row: &Row<'_>, notices: &mut Notices) -> Result<Vec<String>, Refusal> {
    let parts: Vec<&str> = row.known("Country").split('-').collect();
    let codes: Vec<&str> = parts.iter().map(|part| crate::reference::country::code(part)).collect();
    let is_one = !crate::reference::country::code(row.known("Country")).is_empty();
    if !is_one && codes.len() > 1 && codes.iter().all(|code| !code.is_empty()) {
        return Ok(codes.into_iter().map(str::to_owned).collect());
    }
    country::several(row, "Country", notices)
}

fn field_status(row: &Row<'_>, notices: &mut Notices) -> Result<Option<RouteStatus>, Refusal> {
    match names::folded(row.known("Status")).as_str() {
        "ugs" => {
            notices.count(STORAGE);
            Ok(None)
        }
        "shutin" => Ok(Some(RouteStatus::Idle)),
        "indevelopment" => Ok(Some(RouteStatus::Construction)),
        "abandoned" => Ok(Some(RouteStatus::Retired)),
        "exploration" => Ok(Some(RouteStatus::Proposed)),
        _ => status::read(row, "Status", "").map(|(status, _)| status),
    }
}

/// A number that may be written with an exponent, which is exact too: `1.5e-08`.
fn amount(row: &Row<'_>, column: &'static str) -> Result<Option<Decimal>, Refusal> {
    let text = row.known(column);
    if !text.contains(['e', 'E']) {
        return row.decimal(column);
    }
    let value = Decimal::from_scientific(text).ok().filter(|value| !value.is_sign_negative());
    value
        .map(|value| Some(value.normalize()))
        .ok_or_else(|| Refusal::new(column, text, "is not a valid number; expected 12.5 or 1.5e-8"))
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::*;

    fn read(cells: &[(&'static str, &'static str)]) -> Result<Option<Route>, Refusal> {
        let mut all = vec![("Unit ID", "OG0000001"), ("Wiki name", "North Field (Austria)"), ("Country", "Austria")];
        all.retain(|(name, _)| !cells.iter().any(|(given, _)| given == name));
        all.extend(cells);
        with_row(&LAYOUT, &all, |row| route(row, &mut Notices::default()))
    }

    #[test]
    fn a_field_with_its_production() {
        let field = read(&[
            ("Status", "in_development"),
            ("Owner", "OMV (60.5%);Shell (nan%);Eni (formerly X) (39.5%)"),
            ("Operator", "OMV"),
            ("Production start year", "2027 (expected)"),
            ("Production - Oil (Million bbl/y)", "1.59e-06"),
            ("Production Year - Oil", "not stated"),
            ("Production - Gas (Million m³/y)", "16.15129461"),
            ("Production Year - Gas", "2023"),
        ]);
        let field = field.unwrap().unwrap();
        assert_eq!(
            (field.kind, field.status, field.start_years.as_slice()),
            (RouteKind::Field, Some(RouteStatus::Construction), &[2027][..])
        );
        let owners: Vec<_> =
            field.owners.iter().map(|owner| (owner.name.as_str(), owner.share.map(|s| s.to_string()))).collect();
        assert_eq!(owners, [("OMV", Some("60.5".into())), ("Shell", None), ("Eni (formerly X)", Some("39.5".into()))]);
        let production: Vec<String> =
            field.production.iter().map(|p| format!("{} {} {} {:?}", p.of, p.value, p.unit, p.year)).collect();
        assert_eq!(production, ["oil 0.00000159 million bbl/y None", "gas 16.15129461 mcm/y Some(2023)"]);
        assert_eq!(
            (field.countries, field.from_country, field.operator),
            (vec!["AUT".to_owned()], "AUT".into(), "OMV".into())
        );
    }

    #[test]
    fn shared_fields_and_words_for_states() {
        let shared =
            read(&[("Country", "Kuwait-Saudi Arabia"), ("Country list", "Kuwait; Saudi Arabia")]).unwrap().unwrap();
        assert_eq!((shared.countries, shared.from_country.as_str()), (vec!["KWT".to_owned(), "SAU".to_owned()], ""));
        assert_eq!(read(&[("Country", "Senegal-Mauritania")]).unwrap().unwrap().countries, ["SEN", "MRT"]);
        assert_eq!(read(&[("Country", "Timor-Leste")]).unwrap().unwrap().countries, ["TLS"]);
        let status =
            |text| read(&[("Status", text)]).map(|route| route.unwrap().status).map_err(|refusal| refusal.column);
        assert_eq!(status("shut_in"), Ok(Some(RouteStatus::Idle)));
        assert_eq!(status("UGS"), Ok(None));
        assert_eq!(status("not found"), Ok(None));
        assert_eq!(status("paused"), Err("Status"));
        assert_eq!(
            read(&[("Production - Oil (Million bbl/y)", "-1e3")]).unwrap_err().column,
            "Production - Oil (Million bbl/y)"
        );
    }
}
