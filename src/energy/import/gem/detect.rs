//! Which layout a header is of.

use super::columns::Columns;
use super::layout::Layout;
use super::names::folded;
use super::{fields, gas_map, map, oil_map, pipelines, terminals};
use crate::value::text::truncated;

/// Every layout that is known.
static LAYOUTS: [&Layout; 6] =
    [&pipelines::LAYOUT, &terminals::LAYOUT, &map::LAYOUT, &oil_map::LAYOUT, &gas_map::LAYOUT, &fields::LAYOUT];

/// A table whose layout is known.
pub struct Recognized {
    pub layout: &'static Layout,
    pub columns: Columns,
}

impl Recognized {
    fn of(layout: &'static Layout, header: &[String], folded_header: &[String]) -> Self {
        let mut found = Vec::new();
        for column in layout.columns {
            let mut names = std::iter::once(&column.name).chain(column.also);
            let index = names.find_map(|name| {
                let name = folded(name);
                folded_header.iter().position(|column| *column == name)
            });
            if let Some(index) = index {
                found.push((column.name, header[index].clone(), index));
            }
        }
        Self { layout, columns: Columns(found) }
    }

    fn missing(&self) -> Vec<&'static str> {
        let columns = self.layout.columns.iter().filter(|column| column.needed);
        columns.map(|column| column.name).filter(|name| self.columns.index(name).is_none()).collect()
    }
}

/// Why no layout was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    pub problem: String,
    pub remedy: String,
    /// Two thirds of what a layout needs are there: the table is of that kind and lacks something.
    pub nearly: bool,
}

/// The layout of a header.
pub fn detect(header: &[String]) -> Result<Recognized, Unknown> {
    let folded_header: Vec<String> = header.iter().map(|name| folded(name)).collect();
    let candidates = LAYOUTS.iter().map(|layout| Recognized::of(layout, header, &folded_header));
    let missing_share = |table: &Recognized| {
        let needed = table.layout.columns.iter().filter(|column| column.needed).count();
        table.missing().len() * 1000 / needed.max(1)
    };
    let Some(best) = candidates.min_by_key(missing_share) else {
        return Err(Unknown { problem: "no layout is known".into(), remedy: String::new(), nearly: false });
    };
    let missing = best.missing();
    if missing.is_empty() {
        return twice(&best, &folded_header).map_or(Ok(best), Err);
    }
    if let Some(other) = [';', '\t', '|'].into_iter().find(|other| header.len() == 1 && header[0].contains(*other)) {
        let shown = if other == '\t' { "tab".to_owned() } else { other.to_string() };
        return Err(Unknown {
            problem: format!("columns are divided by `{shown}`, not by `,`"),
            remedy: "write the file with commas".into(),
            nearly: false,
        });
    }
    let known: Vec<&str> = header.iter().map(String::as_str).filter(|name| !name.is_empty()).take(12).collect();
    let found = truncated(&known.join(", "), 200);
    let title = best.layout.title;
    if missing_share(&best) > 334 {
        let titles: Vec<&str> = LAYOUTS.iter().map(|layout| layout.title).collect();
        return Err(Unknown {
            problem: format!("the header is of no table that is known; found {found}"),
            remedy: format!("expected one of Global Energy Monitor's tables: {}", titles.join(", ")),
            nearly: false,
        });
    }
    Err(Unknown {
        problem: format!("is a table of {title}, and the header lacks {}", missing.join(", ")),
        remedy: format!("fetch the file with all its columns; found {found}"),
        nearly: true,
    })
}

fn twice(table: &Recognized, folded_header: &[String]) -> Option<Unknown> {
    let is_twice = |header: &str| folded_header.iter().filter(|column| **column == folded(header)).count() > 1;
    let (_, header, _) = table.columns.0.iter().find(|(_, header, _)| is_twice(header))?;
    Some(Unknown {
        problem: format!("the header has the column {header} twice"),
        remedy: "each column may stand once".into(),
        nearly: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn title(text: &str) -> Result<&'static str, String> {
        detect(&header(text)).map(|table| table.layout.title).map_err(|unknown| unknown.problem)
    }

    const PIPELINES: &str =
        "ProjectID,Fuel,Countries,PipelineName,Status,Owner,StartYear1,Capacity,CapacityUnits,CapacityBcm/y";

    #[test]
    fn names_of_other_releases_are_known() {
        assert_eq!(title(PIPELINES), Ok("pipelines"));
        let other = "project id,Fuel,CountriesOrAreas,Pipeline Name,STATUS,Owner,Start Year 1,Capacity,Capacity Units,Capacity (bcm/y)";
        assert_eq!(title(other), Ok("pipelines"));
        let columns = detect(&header(other)).unwrap().columns;
        assert_eq!((columns.index("CapacityBcm/y"), columns.header("CapacityBcm/y")), (Some(9), "Capacity (bcm/y)"));
        assert_eq!((columns.index("StopYear"), columns.header("StopYear")), (None, "StopYear"));
        assert_eq!(
            title("ProjectID,UnitID,TerminalName,FacilityType,Status,Country/Area,Owner,Capacity,CapacityUnits"),
            Ok("LNG terminals")
        );
        assert_eq!(title("id,name,unit_name,status,areas,owner,capacity,tracker_display"), Ok("the gas map"));
        assert_eq!(title("project,unit,type,parent,countries,status,start_year,capacity"), Ok("the oil map"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let lacking = title(&PIPELINES.replace("Status,", "State,")).unwrap_err();
        assert_eq!(lacking, "is a table of pipelines, and the header lacks Status");
        let twice = title(&format!("{PIPELINES},status")).unwrap_err();
        assert_eq!(twice, "the header has the column Status twice");
        assert!(title("a,b,c").unwrap_err().contains("of no table that is known; found a, b, c"));
        // GEM's table of oil and gas fields shares four of eight columns with that of terminals.
        assert!(title("UnitID,Unit name,Fuel type,Country/Area,Status,Owner").unwrap_err().contains("of no table"));
        let divided = detect(&[PIPELINES.replace(',', ";")]).err().unwrap();
        assert!(divided.problem.contains("divided by `;`"), "{divided:?}");
    }
}
