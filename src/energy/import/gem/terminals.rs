//! Terminals of liquefied gas, a train, phase or expansion a row.
//!
//! An export terminal is where a route begins, an import terminal where one ends: its country and place stand at that
//! end. Masses and liquid volumes are of LNG. The identifier of a row is `ComboID`, in later releases `UnitID`:
//! `ProjectID` and `TerminalID` are shared by the units of a terminal.

use super::layout::{Column, Identifiers, Layout, needed, optional};
use super::row::{Notices, Refusal, Row};
use super::{capacity, country, names, owners, status};
use crate::energy::quantity::Matter;
use crate::energy::route::{Route, RouteKind};

pub static LAYOUT: Layout =
    Layout { title: "LNG terminals", columns: &COLUMNS, identifiers: Identifiers::Given, id_column: "ComboID", route };

const COLUMNS: [Column; 29] = [
    needed("ComboID", &["UnitID"]),
    needed("TerminalName", &["Terminal"]),
    optional("UnitName", &["Unit"]),
    needed("FacilityType", &[]),
    optional("Fuel", &[]),
    needed("Status", &[]),
    optional("ShelvedCancelledStatusType", &["ShelvedCancelledType", "Substatus"]),
    needed("Country", &["Country/Area", "CountryOrArea"]),
    optional("OtherLanguageName", &["LocalNames"]),
    optional("OtherEnglishNames", &["OtherNames"]),
    needed("Owner", &["Owners", "Owner(s)"]),
    optional("Parent", &["Parents", "Parent(s)"]),
    needed("Capacity", &[]),
    needed("CapacityUnits", &["CapacityUnit"]),
    optional("CapacityInBcm/y", &["CapacityBcm/y"]),
    optional("StartYear1", &["StartYear", "ActualStartYear"]),
    optional("StartYear2", &["ActualStartYear2"]),
    optional("StartYear3", &["ActualStartYear3"]),
    optional("StartYearEarliest", &[]),
    optional("DelayedStartYear", &[]),
    optional("LatestPlannedStartYear", &["PlannedStartYear"]),
    optional("StopYear", &[]),
    optional("ShelvedYear", &[]),
    optional("CancelledYear", &[]),
    optional("Location", &[]),
    optional("Prefecture/District", &[]),
    optional("State/Province", &[]),
    optional("Wiki", &["WikiURL", "GEMWiki"]),
    optional("LastUpdated", &[]),
];

const OTHER_FUELS: &str = "terminals of another fuel than liquefied gas: no kind of route";

fn route(row: &Row<'_>, notices: &mut Notices) -> Result<Option<Route>, Refusal> {
    let fuel = names::folded(row.known("Fuel"));
    if !["", "lng", "gas", "naturalgas"].contains(&fuel.as_str()) {
        notices.count(OTHER_FUELS);
        return Ok(None);
    }
    let facility = row.required("FacilityType")?;
    let kind = match names::folded(&facility).as_str() {
        "import" => RouteKind::LngImportTerminal,
        "export" => RouteKind::LngExportTerminal,
        _ => {
            let reason = "is not a valid kind of terminal; expected import or export";
            return Err(Refusal::new("FacilityType", &facility, reason));
        }
    };
    let mut route = Route::new(row.identifier("ComboID")?, kind, row.required("TerminalName")?);
    route.segment = row.text("UnitName")?;
    for column in ["OtherEnglishNames", "OtherLanguageName"] {
        names::several(row.known(column), &mut route.other_names);
    }
    (route.status, route.status_inferred) = status::read(row, "Status", "ShelvedCancelledStatusType")?;
    route.owners = owners::read(row.known("Owner"), notices);
    route.parents = owners::read(row.known("Parent"), notices);
    capacity::put(&mut route, row, "Capacity", row.cell("CapacityUnits"), Some(Matter::Lng), notices)?;
    route.capacity_bcm = capacity::converted(row, "CapacityInBcm/y", "Capacity", notices)?;
    row.life(&mut route, notices)?;
    let country = country::one(row, "Country", notices)?;
    let place = names::place([row.text("Location")?, row.text("Prefecture/District")?, row.text("State/Province")?]);
    stand(&mut route, country, place);
    route.url = row.address("Wiki", notices);
    route.last_updated = row.day("LastUpdated", notices)?;
    Ok(Some(route))
}

/// Puts a terminal where it stands: at the end of a route or at the beginning of one.
pub fn stand(terminal: &mut Route, country: String, place: String) {
    if !country.is_empty() {
        terminal.countries = vec![country.clone()];
    }
    if terminal.kind == RouteKind::LngImportTerminal {
        (terminal.to_country, terminal.end_location) = (country, place);
    } else {
        (terminal.from_country, terminal.start_location) = (country, place);
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::*;

    const ROW: [(&str, &str); 18] = [
        ("ComboID", "T000101"),
        ("TerminalName", "South Terminal"),
        ("UnitName", "T2"),
        ("FacilityType", "Import"),
        ("Status", "Shelved"),
        ("Country", "Japan"),
        ("OtherEnglishNames", "No. 2 Terminal"),
        ("Owner", "JERA [unknown %]"),
        ("Capacity", "3"),
        ("CapacityUnits", "mtpa"),
        ("CapacityInBcm/y", "4.08"),
        ("StartYear1", "2022"),
        ("StartYear2", "2027"),
        ("DelayedStartYear", "2023"),
        ("StartYearEarliest", "2023"),
        ("ShelvedCancelledStatusType", "Presumed"),
        ("Location", "Futtsu"),
        ("State/Province", "Chiba"),
    ];

    fn read(changes: &[(&'static str, &'static str)]) -> Result<Option<Route>, Refusal> {
        let changed = |name: &str| changes.iter().find(|(column, _)| *column == name).map(|(_, value)| *value);
        let mut cells: Vec<(&str, &str)> =
            ROW.iter().map(|(name, value)| (*name, changed(name).unwrap_or(value))).collect();
        cells.extend(changes.iter().filter(|(name, _)| !ROW.iter().any(|(known, _)| known == name)));
        with_row(&LAYOUT, &cells, |row| route(row, &mut Notices::default()))
    }

    #[test]
    fn a_row_becomes_a_terminal() {
        let json = serde_json::to_value(read(&[]).unwrap().unwrap()).unwrap();
        let expected = serde_json::json!({
            "id": "T000101", "kind": "lng_import_terminal", "name": "South Terminal", "segment": "T2",
            "other_names": ["No. 2 Terminal"], "status": "shelved", "status_inferred": true,
            "to_country": "JPN", "countries": ["JPN"], "owners": [{"name": "JERA"}],
            "capacity": {"value": "3", "unit": "mtpa", "parsed_unit": "Mt/y LNG"}, "capacity_bcm": "4.08",
            "start_years": [2023, 2027], "end_location": "Futtsu, Chiba",
        });
        assert_eq!(json, expected);
        let export = read(&[("FacilityType", "export")]).unwrap().unwrap();
        assert_eq!((export.kind, export.from_country.as_str()), (RouteKind::LngExportTerminal, "JPN"));
        assert_eq!((export.to_country.as_str(), export.start_location.as_str()), ("", "Futtsu, Chiba"));
    }

    #[test]
    fn what_is_no_terminal_of_gas() {
        assert_eq!(read(&[("Fuel", "Oil")]), Ok(None));
        assert!(read(&[("Fuel", "LNG")]).unwrap().is_some());
        assert_eq!(read(&[("FacilityType", "Storage")]).unwrap_err().column, "FacilityType");
        assert_eq!(read(&[("Country", "Japan, China")]).unwrap_err().column, "Country");
        assert_eq!(read(&[("ComboID", "")]).unwrap_err().column, "ComboID");
    }
}
