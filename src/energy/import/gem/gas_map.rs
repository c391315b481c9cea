//! The other file behind GEM's map of gas infrastructure, with terminals and pipelines in columns of their own.
//!
//! It has no identifiers, so they are made as for the oil map: of the terminal and its unit, or of the pipeline, which
//! this file gives without segment; rows that come to the same get `---2`, `---3` in their order. Capacities are GEM's own
//! conversions to bcm a year, of terminals too.

use super::layout::{Column, Identifiers, Layout, needed, optional};
use super::row::{Notices, Refusal, Row};
use super::{capacity, country, names, oil_map, owners, status, terminals};
use crate::energy::quantity::Matter;
use crate::energy::route::{Route, RouteKind};

pub static LAYOUT: Layout = Layout {
    title: "the gas map of terminals and pipelines",
    columns: &COLUMNS,
    identifiers: Identifiers::Made,
    id_column: "PipelineName",
    route,
};

const COLUMNS: [Column; 18] = [
    needed("Areas", &[]),
    needed("TerminalName", &[]),
    optional("UnitName", &[]),
    needed("PipelineName", &[]),
    optional("OtherLanguageName", &[]),
    optional("OtherLanguagePrimaryPipelineName", &[]),
    needed("Type", &[]),
    optional("Fuel", &[]),
    needed("CapacityInBcm/y", &[]),
    needed("CapacityBcm/y", &[]),
    needed("Status", &[]),
    optional("StartYear1", &[]),
    optional("StopYear", &[]),
    needed("Owner", &[]),
    optional("Parent", &[]),
    optional("State/Province", &["StartState/Province"]),
    optional("EndState/Province", &[]),
    optional("url", &[]),
];

const UNIT: &str = "bcm/y";
const OTHER_FUELS: &str = "pipelines of another fuel than gas: no kind of route here";

fn route(row: &Row<'_>, notices: &mut Notices) -> Result<Option<Route>, Refusal> {
    let (terminal, unit) = (row.text("TerminalName")?, row.text("UnitName")?);
    let mut route = if terminal.is_empty() {
        if !["", "gas", "naturalgas"].contains(&names::folded(row.known("Fuel")).as_str()) {
            notices.count(OTHER_FUELS);
            return Ok(None);
        }
        let name = row.required("PipelineName")?;
        Route::new(oil_map::identifier("PipelineName", &name, "")?, RouteKind::GasPipeline, name)
    } else {
        let text = row.required("Type")?;
        let kind = match names::folded(&text).as_str() {
            "import" => RouteKind::LngImportTerminal,
            "export" => RouteKind::LngExportTerminal,
            _ => return Err(Refusal::new("Type", &text, "is not a valid kind of terminal; expected Import or Export")),
        };
        let mut route = Route::new(oil_map::identifier("TerminalName", &terminal, &unit)?, kind, terminal);
        route.segment = unit;
        route
    };
    let is_pipeline = route.kind == RouteKind::GasPipeline;
    for column in ["OtherLanguageName", "OtherLanguagePrimaryPipelineName"] {
        names::several(row.known(column), &mut route.other_names);
    }
    (route.status, route.status_inferred) = status::read(row, "Status", "")?;
    route.owners = owners::read(row.known("Owner"), notices);
    route.parents = owners::read(row.known("Parent"), notices);
    let column = if is_pipeline { "CapacityBcm/y" } else { "CapacityInBcm/y" };
    capacity::put(&mut route, row, column, UNIT, Some(Matter::Lng), notices)?;
    route.capacity_bcm = route.capacity.as_ref().map(|capacity| capacity.value);
    route.start_years = row.year("StartYear1", notices)?.into_iter().collect();
    route.stop_year = row.year("StopYear", notices)?;
    if is_pipeline {
        route.countries = country::several(row, "Areas", notices)?;
        if let [only] = route.countries.as_slice() {
            (route.from_country, route.to_country) = (only.clone(), only.clone());
        }
        route.end_location = row.text("EndState/Province")?;
    } else {
        terminals::stand(&mut route, country::one(row, "Areas", notices)?, row.text("State/Province")?);
    }
    route.url = row.address("url", notices);
    Ok(Some(route))
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::*;

    fn read(cells: &[(&'static str, &'static str)]) -> Result<Option<Route>, Refusal> {
        with_row(&LAYOUT, cells, |row| route(row, &mut Notices::default()))
    }

    #[test]
    fn terminals_and_pipelines_of_one_table() {
        let cells = [
            ("Areas", "Norway"),
            ("TerminalName", "Fjord LNG Terminal"),
            ("UnitName", "T2"),
            ("Type", "Export"),
            ("CapacityInBcm/y", "4.080000000000001"),
            ("Status", "Operating"),
            ("StartYear1", "2016"),
        ];
        let terminal = read(&cells).unwrap().unwrap();
        assert_eq!((terminal.id.as_str(), terminal.kind), ("fjord-lng-terminal--t2", RouteKind::LngExportTerminal));
        assert_eq!(terminal.capacity_bcm.unwrap().to_string(), "4.080000000000001");
        assert_eq!((terminal.from_country.as_str(), terminal.to_country.as_str()), ("NOR", ""));
        let cells = [
            ("Areas", "Chile, Argentina"),
            ("PipelineName", "Andes Gas Pipeline"),
            ("Fuel", "Gas"),
            ("CapacityBcm/y", "--"),
            ("StopYear", "Presumed"),
        ];
        let pipeline = read(&cells).unwrap().unwrap();
        assert_eq!(
            (pipeline.id.as_str(), pipeline.capacity_bcm, pipeline.stop_year),
            ("andes-gas-pipeline", None, None)
        );
        assert_eq!(pipeline.countries, ["CHL", "ARG"]);
        assert_eq!(read(&[("TerminalName", "T"), ("Type", "Both")]).unwrap_err().column, "Type");
        assert_eq!(read(&[("Areas", "Chile")]).unwrap_err().column, "PipelineName");
    }
}
