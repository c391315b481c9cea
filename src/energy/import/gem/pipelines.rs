//! Pipelines: the tables of gas, hydrogen, oil and NGL pipelines, a segment or phase a row.
//!
//! GGIT and GOIT name their columns alike; `Fuel` tells the kind. `CapacityBOEd` is not read: a barrel of oil equivalent
//! has no agreed size. The length is GEM's merged one, which is the known length, or that of the drawn line where none
//! is known.

use super::layout::{Column, Identifiers, Layout, needed, optional};
use super::row::{Notices, Refusal, Row};
use super::{capacity, country, names, owners, status};
use crate::energy::route::{Route, RouteKind};

pub static LAYOUT: Layout =
    Layout { title: "pipelines", columns: &COLUMNS, identifiers: Identifiers::Given, id_column: "ProjectID", route };

const COLUMNS: [Column; 35] = [
    needed("ProjectID", &[]),
    needed("Fuel", &[]),
    needed("PipelineName", &["Pipeline"]),
    optional("SegmentName", &["Segment"]),
    optional("OtherEnglishNames", &["OtherNames"]),
    optional("OtherLanguagePrimaryPipelineName", &["LocalNames", "OtherLanguagePipelineName"]),
    optional("OtherLanguageSegmentName", &[]),
    needed("Status", &[]),
    optional("ShelvedCancelledStatusType", &["ShelvedCancelledType", "Substatus"]),
    needed("Countries", &["CountriesOrAreas", "Countries/Areas"]),
    optional("StartCountry", &["StartCountryOrArea", "StartCountry/Area"]),
    optional("EndCountry", &["EndCountryOrArea", "EndCountry/Area"]),
    needed("Owner", &["Owners", "Owner(s)"]),
    optional("Parent", &["Parents", "Parent(s)"]),
    needed("Capacity", &[]),
    needed("CapacityUnits", &["CapacityUnit"]),
    optional("CapacityBcm/y", &["CapacityInBcm/y"]),
    needed("StartYear1", &["StartYear", "ActualStartYear"]),
    optional("StartYear2", &["ActualStartYear2"]),
    optional("StartYear3", &["ActualStartYear3"]),
    optional("StartYearEarliest", &[]),
    optional("DelayedStartYear", &[]),
    optional("LatestPlannedStartYear", &["PlannedStartYear"]),
    optional("StopYear", &[]),
    optional("ShelvedYear", &[]),
    optional("CancelledYear", &[]),
    optional("LengthMergedKm", &["LengthKnownKm"]),
    optional("StartLocation", &[]),
    optional("StartPrefecture/District", &[]),
    optional("StartState/Province", &[]),
    optional("EndLocation", &[]),
    optional("EndPrefecture/District", &[]),
    optional("EndState/Province", &[]),
    optional("Wiki", &["WikiURL", "GEMWiki"]),
    optional("LastUpdated", &[]),
];

const OTHER_FUELS: &str = "pipelines of refined products, condensate or carbon dioxide: no kind of route";

/// What a pipeline carries, as GEM groups it: oil with anything else is oil; gas with hydrogen is gas.
const FUELS: [(&str, RouteKind); 14] = [
    ("gas", RouteKind::GasPipeline),
    ("naturalgas", RouteKind::GasPipeline),
    ("gasandhydrogen", RouteKind::GasPipeline),
    ("hydrogen", RouteKind::HydrogenPipeline),
    ("oil", RouteKind::OilPipeline),
    ("crudeoil", RouteKind::OilPipeline),
    ("oilngl", RouteKind::OilPipeline),
    ("oilnglnaphtha", RouteKind::OilPipeline),
    ("oiloilproducts", RouteKind::OilPipeline),
    ("oilcondensate", RouteKind::OilPipeline),
    ("ngl", RouteKind::NglPipeline),
    ("ngloilproducts", RouteKind::NglPipeline),
    ("lpg", RouteKind::NglPipeline),
    ("condensatengl", RouteKind::NglPipeline),
];
const OTHERS: [&str; 5] = ["oilproductsonly", "naphthaonly", "naphthaoilproducts", "condensate", "co2"];

fn route(row: &Row<'_>, notices: &mut Notices) -> Result<Option<Route>, Refusal> {
    let fuel = names::folded(&row.required("Fuel")?);
    if OTHERS.contains(&fuel.as_str()) {
        notices.count(OTHER_FUELS);
        return Ok(None);
    }
    let kind = FUELS.iter().find(|(known, _)| *known == fuel).map(|(_, kind)| *kind).ok_or_else(|| {
        Refusal::new("Fuel", row.cell("Fuel"), "is not a known fuel; expected Gas, Hydrogen, Oil or NGL")
    })?;
    let mut route = Route::new(row.identifier("ProjectID")?, kind, row.required("PipelineName")?);
    route.segment = row.text("SegmentName")?;
    for column in ["OtherEnglishNames", "OtherLanguagePrimaryPipelineName", "OtherLanguageSegmentName"] {
        names::several(row.known(column), &mut route.other_names);
    }
    (route.status, route.status_inferred) = status::read(row, "Status", "ShelvedCancelledStatusType")?;
    route.countries = country::several(row, "Countries", notices)?;
    route.from_country = country::one(row, "StartCountry", notices)?;
    route.to_country = country::one(row, "EndCountry", notices)?;
    route.owners = owners::read(row.known("Owner"), notices);
    route.parents = owners::read(row.known("Parent"), notices);
    capacity::put(&mut route, row, "Capacity", row.cell("CapacityUnits"), None, notices)?;
    route.capacity_bcm = capacity::converted(row, "CapacityBcm/y", "Capacity", notices)?;
    row.life(&mut route, notices)?;
    route.length_km = row.decimal("LengthMergedKm")?;
    let place = |columns: [&'static str; 3]| -> Result<String, Refusal> {
        let [place, district, province] = columns;
        Ok(names::place([row.text(place)?, row.text(district)?, row.text(province)?]))
    };
    route.start_location = place(["StartLocation", "StartPrefecture/District", "StartState/Province"])?;
    route.end_location = place(["EndLocation", "EndPrefecture/District", "EndState/Province"])?;
    route.url = row.address("Wiki", notices);
    route.last_updated = row.day("LastUpdated", notices)?;
    Ok(Some(route))
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::*;

    const ROW: [(&str, &str); 29] = [
        ("ProjectID", "P0001"),
        ("Fuel", "Gas"),
        ("StartCountry", "Russia"),
        ("EndCountry", "China "),
        ("Countries", "Russia, Mongolia, China"),
        ("Wiki", "https://www.gem.wiki/X "),
        ("PipelineName", "North Line"),
        ("SegmentName", "Phase I"),
        ("OtherEnglishNames", "NL; Line N"),
        ("OtherLanguagePrimaryPipelineName", "北线"),
        ("Status", "Proposed"),
        ("Owner", "Gazprom [50.00%]; CNPC [50.00%]"),
        ("Parent", "Unknown [unknown %]"),
        ("StartYear1", "2011"),
        ("StartYear2", "2013"),
        ("StartYear3", "Nov"),
        ("StopYear", "--"),
        ("ShelvedYear", ""),
        ("Capacity", "110"),
        ("CancelledYear", ""),
        ("CapacityUnits", "MMSCMD"),
        ("CapacityBcm/y", "40.18"),
        ("LengthKnownKm", "5"),
        ("LengthMergedKm", "608.8200000000001"),
        ("StartLocation", "Kovykta"),
        ("StartState/Province", "Irkutsk"),
        ("EndLocation", "--"),
        ("EndState/Province", "Hebei"),
        ("LastUpdated", "2024-07-12"),
    ];

    fn read(changes: &[(&'static str, &'static str)]) -> (Result<Option<Route>, Refusal>, usize) {
        let changed = |name: &str| changes.iter().find(|(column, _)| *column == name).map(|(_, value)| *value);
        let cells = ROW.map(|(name, value)| (name, changed(name).unwrap_or(value)));
        with_row(&LAYOUT, &cells, |row| {
            let mut notices = Notices::default();
            (route(row, &mut notices), notices.0.len())
        })
    }

    #[test]
    fn a_row_becomes_a_route() {
        let (route, notices) = read(&[]);
        let json = serde_json::to_value(route.unwrap().unwrap()).unwrap();
        let expected = serde_json::json!({
            "id": "P0001", "kind": "gas_pipeline", "name": "North Line", "segment": "Phase I",
            "other_names": ["NL", "Line N", "北线"], "status": "proposed",
            "from_country": "RUS", "to_country": "CHN", "countries": ["RUS", "MNG", "CHN"],
            "owners": [{"name": "Gazprom", "share": "50"}, {"name": "CNPC", "share": "50"}],
            "capacity": {"value": "110", "unit": "MMSCMD", "parsed_unit": "mcm/d"}, "capacity_bcm": "40.18",
            "start_years": [2011, 2013], "length_km": "608.8200000000001",
            "start_location": "Kovykta, Irkutsk", "end_location": "Hebei",
            "url": "https://www.gem.wiki/X", "last_updated": "2024-07-12",
        });
        assert_eq!(json, expected);
        assert_eq!(notices, 1, "a word in a year's place");
    }

    #[test]
    fn fuels_tell_the_kind() {
        for (fuel, kind) in [
            ("Gas and Hydrogen", RouteKind::GasPipeline),
            ("Hydrogen", RouteKind::HydrogenPipeline),
            ("Oil, NGL", RouteKind::OilPipeline),
            ("Condensate/NGL", RouteKind::NglPipeline),
        ] {
            assert_eq!(read(&[("Fuel", fuel)]).0.unwrap().unwrap().kind, kind, "{fuel}");
        }
        assert_eq!(read(&[("Fuel", "CO2")]), (Ok(None), 1));
    }

    #[test]
    fn each_bad_cell_is_named() {
        for (column, value) in [
            ("ProjectID", "P 1"),
            ("ProjectID", ""),
            ("PipelineName", "--"),
            ("Fuel", "Milk"),
            ("Status", "Paused"),
            ("Countries", "Russia, Atlantis"),
            ("StartCountry", "Russia, China"),
            ("Capacity", "much"),
            ("CapacityBcm/y", "-1"),
            ("StartYear1", "20x1"),
            ("LengthMergedKm", "long"),
            ("LastUpdated", "#REF!"),
            ("StartLocation", "#REF!"),
        ] {
            assert_eq!(read(&[(column, value)]).0.unwrap_err().column, column, "{value}");
        }
    }
}
