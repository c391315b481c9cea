//! The file behind GEM's map of oil and NGL pipelines.
//!
//! It has no identifiers, so they are made: the project and, behind `--`, the unit, each in small Latin letters with `-`
//! for everything else (`druzhba-oil-pipeline--mozyr-brest-oil-pipeline`). Rows of a file that come to the same get
//! `---2`, `---3` in their order; rows that are alike in every column are one. An identifier is the same in the next
//! release as long as GEM changes neither name, nor the order of rows of one name.
//!
//! It names no unit either. GEM's page shows the column as `boe/day`; for oil these are barrels, as the known sizes of
//! pipelines show (Keystone XL 830,000, Dakota Access 570,000, Trans-Alaska 2,136,000 bbl/d), and capacities that are
//! reported in tonnes are left empty in the file. So oil is read in `bpd`, and NGL in `boe/d`, which has no agreed size
//! and is kept as what it is.

use super::layout::{Column, Identifiers, Layout, needed, optional};
use super::row::{Notices, Refusal, Row};
use super::{capacity, country, names, owners, status};
use crate::energy::route::{Route, RouteKind};

pub static LAYOUT: Layout =
    Layout { title: "the oil map", columns: &COLUMNS, identifiers: Identifiers::Made, id_column: "project", route };

const COLUMNS: [Column; 9] = [
    needed("project", &[]),
    optional("unit", &[]),
    needed("type", &[]),
    needed("parent", &[]),
    needed("countries", &["country"]),
    needed("status", &["status_tabular"]),
    optional("start_year", &[]),
    needed("capacity", &[]),
    optional("url", &[]),
];

fn route(row: &Row<'_>, notices: &mut Notices) -> Result<Option<Route>, Refusal> {
    let text = row.required("type")?;
    let (kind, unit) = match names::folded(&text).as_str() {
        "oilpipelines" | "oilpipeline" => (RouteKind::OilPipeline, "bpd"),
        "nglpipelines" | "nglpipeline" => (RouteKind::NglPipeline, "boe/d"),
        _ => {
            let reason = "is not a known kind of pipeline; expected oil_pipelines or ngl_pipelines";
            return Err(Refusal::new("type", &text, reason));
        }
    };
    let (name, segment) = (row.required("project")?, row.text("unit")?);
    let mut route = Route::new(identifier("project", &name, &segment)?, kind, name);
    route.segment = segment;
    (route.status, route.status_inferred) = status::read(row, "status", "")?;
    route.parents = owners::read(row.known("parent"), notices);
    capacity::put(&mut route, row, "capacity", unit, None, notices)?;
    route.start_years = row.year("start_year", notices)?.into_iter().collect();
    route.countries = country::several(row, "countries", notices)?;
    if let [only] = route.countries.as_slice() {
        (route.from_country, route.to_country) = (only.clone(), only.clone());
    }
    route.url = row.address("url", notices);
    Ok(Some(route))
}

/// Words of a name are joined by one `-`, so that `--` and `---` stand between names only.
pub fn identifier(column: &'static str, project: &str, unit: &str) -> Result<String, Refusal> {
    let (name, segment) = (names::slug(project), names::slug(unit));
    if name.is_empty() {
        return Err(Refusal::new(column, project, "has no letter or digit to make an identifier of"));
    }
    Ok(if segment.is_empty() { name } else { format!("{name}--{segment}") })
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::with_row;
    use super::*;

    fn read(cells: &[(&'static str, &'static str)]) -> Result<Option<Route>, Refusal> {
        with_row(&LAYOUT, cells, |row| route(row, &mut Notices::default()))
    }

    #[test]
    fn a_row_becomes_a_pipeline() {
        let cells = [
            ("project", "Druzhba–Adria Oil Pipeline"),
            ("unit", "Mozyr (Brest)"),
            ("type", "oil_pipelines"),
            ("parent", "Transneft [100.00%]"),
            ("countries", "Belarus"),
            ("status", "operating"),
            ("start_year", "1964"),
            ("capacity", "300000"),
            ("url", "https://www.gem.wiki/D"),
        ];
        let json = serde_json::to_value(read(&cells).unwrap().unwrap()).unwrap();
        let expected = serde_json::json!({
            "id": "druzhba-adria-oil-pipeline--mozyr-brest", "kind": "oil_pipeline",
            "name": "Druzhba–Adria Oil Pipeline", "segment": "Mozyr (Brest)", "status": "operating",
            "from_country": "BLR", "to_country": "BLR", "countries": ["BLR"],
            "parents": [{"name": "Transneft", "share": "100"}],
            "capacity": {"value": "300000", "unit": "bpd", "parsed_unit": "bbl/d"},
            "start_years": [1964], "url": "https://www.gem.wiki/D",
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn liquids_are_not_oil() {
        let route = read(&[("project", "P"), ("type", "ngl_pipelines"), ("capacity", "2000")]).unwrap().unwrap();
        assert_eq!(route.kind, RouteKind::NglPipeline);
        let capacity = route.capacity.unwrap();
        assert_eq!((capacity.unit.as_str(), capacity.parsed_unit), ("boe/d", Some("boe/d".to_owned())));
        assert_eq!(read(&[("project", "P"), ("type", "gas")]).unwrap_err().column, "type");
        assert_eq!(read(&[("project", "()"), ("type", "oil_pipelines")]).unwrap_err().column, "project");
    }
}
