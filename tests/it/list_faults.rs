//! A release that empties a part of a list is refused, and so is a day of publication that the file contradicts; a malformed
//! value takes nobody off a list.

use crate::support::{Fixture, published};
use entrepot::import::{Error, Report};

async fn import(fixture: &Fixture, format: &str, text: &str, on: &str) -> Result<Report, Error> {
    let path = fixture.write("list", text);
    fixture.import(format, published(vec![path], on)).await
}

/// Rows of the Consolidated Screening List: each list with so many subjects.
fn csl(lists: &[(&str, usize)]) -> String {
    let mut text = String::from("_id,source,entity_number,type,programs,name,dates_of_birth,nationalities\n");
    for (list, subjects) in lists {
        for number in 0..*subjects {
            let list_code = list.split('(').nth(1).unwrap().split(')').next().unwrap();
            let row = format!("x,{list} - Treasury Department,{number},Individual,P-{list_code},N {number},1961,PE\n");
            text.push_str(&row);
        }
    }
    text
}

const SDN: &str = "Specially Designated Nationals (SDN)";
const SSI: &str = "Sectoral Sanctions Identifications List (SSI)";

on_each_backend!(a_list_within_the_file_may_not_vanish);
async fn a_list_within_the_file_may_not_vanish(fixture: Fixture) {
    import(&fixture, "csl", &csl(&[(SDN, 200), (SSI, 4)]), "2024-01-01").await.unwrap();
    let without = csl(&[(SDN, 200)]);
    let error = import(&fixture, "csl", &without, "2024-01-02").await.unwrap_err().to_string();
    assert!(error.contains("remove 4 of 4 subjects of the list `"), "{error}");
    assert!(error.contains("--allow-shrink us-csl"), "{error}");
    let mut options = published(vec![fixture.write("list", &without)], "2024-01-02");
    options.allow_shrink = vec!["us-csl".into()];
    assert_eq!(fixture.import("csl", options).await.unwrap().rows_withdrawn, 4);
}

on_each_backend!(a_programme_may_not_shrink);
async fn a_programme_may_not_shrink(fixture: Fixture) {
    let (whole, moved) = (csl(&[(SDN, 300)]), csl(&[(SDN, 300)]));
    let of_30 = |text: &str, to: &str| {
        let rows = text.lines().enumerate().map(|(line, row)| match line {
            1..=30 => row.replace("P-SDN", to),
            _ => row.to_owned(),
        });
        rows.collect::<Vec<_>>().join("\n")
    };
    import(&fixture, "csl", &of_30(&whole, "CUBA"), "2024-01-01").await.unwrap();
    let error = import(&fixture, "csl", &of_30(&moved, "IRAN"), "2024-01-02").await.unwrap_err().to_string();
    assert!(error.contains("remove 30 of 30 subjects of the programme `CUBA`"), "{error}");
}

/// A UN list of so many individuals, with the name of the element that has their birth.
fn un(generated: &str, birth: &str) -> String {
    let individuals: String = (1..=30)
        .map(|number| {
            format!(
                "<INDIVIDUAL><DATAID>{number}</DATAID><FIRST_NAME>N {number}</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>\
                 <{birth}><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1961</YEAR></{birth}></INDIVIDUAL>"
            )
        })
        .collect();
    format!(
        "<CONSOLIDATED_LIST dateGenerated=\"{generated}T10:00:00\"><INDIVIDUALS>{individuals}</INDIVIDUALS></CONSOLIDATED_LIST>"
    )
}

on_each_backend!(a_renamed_element_that_empties_a_field_is_refused);
async fn a_renamed_element_that_empties_a_field_is_refused(fixture: Fixture) {
    import(&fixture, "un", &un("2024-01-01", "INDIVIDUAL_DATE_OF_BIRTH"), "2024-01-01").await.unwrap();
    let renamed = un("2024-01-02", "INDIVIDUAL_BIRTH_DATE");
    let error = import(&fixture, "un", &renamed, "2024-01-02").await.unwrap_err().to_string();
    assert!(error.contains("take 30 of 30 dates of birth from subjects that stay"), "{error}");
}

on_each_backend!(the_day_of_the_file_counts);
async fn the_day_of_the_file_counts(fixture: Fixture) {
    let path = fixture.write("un.xml", un("2024-03-05", "INDIVIDUAL_DATE_OF_BIRTH"));
    let error = fixture.import("un", published(vec![path.clone()], "2020-01-01")).await.unwrap_err().to_string();
    assert!(error.contains("--published 2020-01-01 contradicts the file, which says 2024-03-05 of itself"), "{error}");
    assert!(
        fixture.import("un", published(vec![path.clone()], "2024-06-01")).await.is_err(),
        "an older file, a newer day"
    );
    let mut options = published(vec![path.clone()], "2024-06-01");
    options.published = None;
    assert_eq!(fixture.import("un", options).await.unwrap().publication_date, "2024-03-05");

    let later = fixture.write("later.xml", un("2024-03-07", "INDIVIDUAL_DATE_OF_BIRTH"));
    let mut options = published(vec![later], "2024-06-01");
    options.published_anyway = true;
    let report = fixture.import("un", options).await.unwrap();
    assert_eq!(
        (report.publication_date.as_str(), report.files[0].dated.unwrap().to_string().as_str()),
        ("2024-06-01", "2024-03-07")
    );

    let unreadable = fixture.write("unreadable.xml", un("soon", "INDIVIDUAL_DATE_OF_BIRTH"));
    let mut options = published(vec![unreadable], "2024-06-02");
    options.published = None;
    let error = fixture.import("un", options).await.unwrap_err().to_string();
    assert!(
        error.contains("`soonT10:00:00`, cannot be read; give the day of its publication with --published"),
        "{error}"
    );
}

on_each_backend!(a_malformed_value_takes_nobody_off_a_list);
async fn a_malformed_value_takes_nobody_off_a_list(fixture: Fixture) {
    let list = |born: &str| {
        let header = "Unique ID,Name 6,Regime Name,Designation Type,Sanctions Imposed,Date Designated,D.O.B";
        format!("{header}\nRUS0001,Petrov,Russia,Individual,Asset freeze,31/12/2020,{born}\n")
    };
    import(&fixture, "uk", &list("15/08/1961"), "2024-01-01").await.unwrap();
    let report = import(&fixture, "uk", &list("15/08/19yy"), "2024-01-02").await.unwrap();
    assert_eq!((report.rows_revised, report.rows_withdrawn, report.rows_rejected), (1, 0, 0));
    let told = fixture.without_folder(&report.kept_as_text[0].to_string());
    assert!(told.starts_with("list, line 2, D.O.B `15/08/19yy`: is not a valid date"), "{told}");
    let ended =
        "1,\"DOE, John\",\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 1960.\"\r\n\u{1a}\r\n";
    assert_eq!(import(&fixture, "ofac-sdn", ended, "2024-01-03").await.unwrap().rows_new, 1);
}
