//! The file behind GEM's map of gas infrastructure: pipelines and terminals of the world in one table.
//!
//! It says less than the tables: one start year, one list of countries, no ends. Where a pipeline lies in one country, it
//! begins and ends there; where in several, its ends are not known. `capacity` is in the unit that `capacity-table`
//! names: bcm/y for pipelines, which is GEM's own conversion, and mtpa for terminals, which have no conversion to gas
//! here. A file without that column has the same units, for GEM makes `capacity` of its columns `CapacityBcm/y` and
//! `CapacityInMtpa`. A 0 may be GEM's conversion of an empty cell, as the tables show for P5023; here that cannot be
//! told from a capacity of 0, and is kept.

use super::layout::{Column, Identifiers, Layout, needed, optional};
use super::row::{Notices, Refusal, Row};
use super::{capacity, country, names, owners, status, terminals};
use crate::energy::quantity::Matter;
use crate::energy::route::{Route, RouteKind};

pub static LAYOUT: Layout =
    Layout { title: "the gas map", columns: &COLUMNS, identifiers: Identifiers::Given, id_column: "id", route };

const COLUMNS: [Column; 15] = [
    needed("id", &["pid"]),
    optional("url", &["Wiki"]),
    needed("name", &[]),
    optional("unit-name", &["segment-name"]),
    optional("other-name", &[]),
    needed("status", &[]),
    needed("areas", &["countries"]),
    needed("owner", &[]),
    optional("parent", &[]),
    needed("capacity", &[]),
    optional("capacity-table", &[]),
    optional("start-year", &[]),
    optional("subnat", &[]),
    optional("subnat2", &[]),
    needed("tracker-display", &["tracker-custom"]),
];

/// What the columns `tracker-display` and `tracker-custom` call each kind, folded.
const KINDS: [(&str, RouteKind); 14] = [
    ("gaspipeline", RouteKind::GasPipeline),
    ("ggit", RouteKind::GasPipeline),
    ("hydrogenpipeline", RouteKind::HydrogenPipeline),
    ("oilpipeline", RouteKind::OilPipeline),
    ("goit", RouteKind::OilPipeline),
    ("nglpipeline", RouteKind::NglPipeline),
    ("lngimportterminal", RouteKind::LngImportTerminal),
    ("ggitimport", RouteKind::LngImportTerminal),
    ("lngexportterminal", RouteKind::LngExportTerminal),
    ("ggitexport", RouteKind::LngExportTerminal),
    ("oilgasextractionarea", RouteKind::Field),
    ("gasextractionarea", RouteKind::Field),
    ("gogetoil", RouteKind::Field),
    ("gogetgas", RouteKind::Field),
];
/// Other things on GEM's maps, by words that their names hold.
const NO_ROUTES: [&str; 8] = ["power", "plant", "mine", "coal", "steel", "iron", "cement", "gogpt"];

const OTHER_TRACKERS: &str = "power stations, mines and plants of a map: no kind of route";

fn route(row: &Row<'_>, notices: &mut Notices) -> Result<Option<Route>, Refusal> {
    let tracker = row.required("tracker-display")?;
    let folded = names::folded(&tracker);
    let Some(kind) = KINDS.iter().find(|(known, _)| *known == folded).map(|(_, kind)| *kind) else {
        if NO_ROUTES.iter().any(|word| folded.contains(word)) {
            notices.count(OTHER_TRACKERS);
            return Ok(None);
        }
        let reason = "is not a known kind of route; expected gas pipeline or LNG import terminal";
        return Err(Refusal::new("tracker-display", &tracker, reason));
    };
    let mut route = Route::new(row.identifier("id")?, kind, row.required("name")?);
    route.segment = row.text("unit-name")?;
    names::several(row.known("other-name"), &mut route.other_names);
    (route.status, route.status_inferred) = status::read(row, "status", "")?;
    route.owners = owners::read(row.known("owner"), notices);
    route.parents = owners::read(row.known("parent"), notices);
    capacity::put(&mut route, row, "capacity", unit(row, kind), Some(Matter::Lng), notices)?;
    if kind == RouteKind::GasPipeline {
        let capacity = route.capacity.as_ref().filter(|capacity| capacity.parsed_unit.as_deref() == Some("bcm/y"));
        route.capacity_bcm = capacity.map(|capacity| capacity.value);
    }
    route.start_years = row.year("start-year", notices)?.into_iter().collect();
    let (first_place, last_place) = (row.text("subnat")?, row.text("subnat2")?);
    if matches!(kind, RouteKind::LngImportTerminal | RouteKind::LngExportTerminal | RouteKind::Field) {
        terminals::stand(&mut route, country::one(row, "areas", notices)?, first_place);
    } else {
        route.countries = country::several(row, "areas", notices)?;
        if let [only] = route.countries.as_slice() {
            (route.from_country, route.to_country) = (only.clone(), only.clone());
        }
        (route.start_location, route.end_location) = (first_place, last_place);
    }
    route.url = row.address("url", notices);
    Ok(Some(route))
}

/// `38.0 bcm/y of natural gas` is in bcm/y.
fn unit<'a>(row: &Row<'a>, kind: RouteKind) -> &'a str {
    let described = row.known("capacity-table");
    if let Some((_, behind)) = described.split_once(' ') {
        return behind.split(" of ").next().unwrap_or(behind).trim();
    }
    match kind {
        RouteKind::GasPipeline => "bcm/y",
        RouteKind::LngImportTerminal | RouteKind::LngExportTerminal => "mtpa",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::*;

    fn read(cells: &[(&'static str, &'static str)]) -> Result<Option<Route>, Refusal> {
        let mut all = vec![("id", "P0001"), ("name", "North Line"), ("tracker-display", "gas pipeline")];
        all.retain(|(name, _)| !cells.iter().any(|(given, _)| given == name));
        all.extend(cells);
        with_row(&LAYOUT, &all, |row| route(row, &mut Notices::default()))
    }

    #[test]
    fn pipelines_of_one_country_and_of_several() {
        let cells = [
            ("areas", "Russia"),
            ("status", "operating"),
            ("capacity", "8.699999999999999"),
            ("capacity-table", "8.7 bcm/y of natural gas"),
            ("start-year", "2019"),
            ("subnat", "Yakutia"),
            ("subnat2", "Amur Oblast"),
        ];
        let route = read(&cells).unwrap().unwrap();
        assert_eq!((route.from_country.as_str(), route.to_country.as_str()), ("RUS", "RUS"));
        assert_eq!((route.start_location.as_str(), route.end_location.as_str()), ("Yakutia", "Amur Oblast"));
        assert_eq!(route.capacity_bcm.unwrap().to_string(), "8.699999999999999");
        assert_eq!(route.start_years, [2019]);
        let across = read(&[("areas", "Russia, Mongolia, China"), ("capacity", "50")]).unwrap().unwrap();
        assert_eq!((across.from_country.as_str(), across.to_country.as_str()), ("", ""));
        assert_eq!(across.countries, ["RUS", "MNG", "CHN"]);
        assert_eq!(across.capacity.unwrap().unit, "bcm/y", "by the kind, where the file names no unit");
    }

    #[test]
    fn terminals_fields_and_what_is_no_route() {
        let cells = [
            ("id", "T000101"),
            ("areas", "Australia"),
            ("capacity", "3.7"),
            ("capacity-table", "3.7 MTPA of natural gas"),
            ("start-year", "1"),
            ("tracker-display", "LNG export terminal"),
        ];
        let terminal = read(&cells).unwrap().unwrap();
        assert_eq!((terminal.kind, terminal.from_country.as_str()), (RouteKind::LngExportTerminal, "AUS"));
        assert_eq!((terminal.capacity_bcm, terminal.start_years.len()), (None, 0));
        assert_eq!(terminal.capacity.unwrap().parsed_unit.as_deref(), Some("Mt/y LNG"));
        let field = read(&[("tracker-display", "gas extraction area"), ("capacity", "5")]).unwrap().unwrap();
        assert_eq!((field.kind, field.capacity.unwrap().unit.as_str()), (RouteKind::Field, ""));
        assert_eq!(read(&[("tracker-display", "oil & gas power station")]), Ok(None));
        assert_eq!(read(&[("tracker-display", "aqueduct")]).unwrap_err().column, "tracker-display");
    }
}
