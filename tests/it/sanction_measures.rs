//! Each measure has its own time; one that is not known is never none; and a list that is a part only never says no.

use std::path::Path;

use entrepot::import::Options;
use entrepot::proto::entrepot::sanctions::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

use crate::support::{Fixture, Served, clock, day, published};
use pb::OwnershipVerdict::{Blocked, Designated, NotBlocked, Restricted, Undetermined};

const HOLDINGS: &str = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n";
const DPL: &str = "\"Name\"\t\"Street_Address\"\t\"City\"\t\"State\"\t\"Country\"\t\"Postal_Code\"\t\"Effective_Date\"\t\
                   \"Expiration_Date\"\t\"Standard_Order\"\t\"Last_Update\"\t\"Action\"\t\"FR_Citation\"\n";
const CSL: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,\
                   standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,\
                   gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,\
                   dates_of_birth,nationalities,places_of_birth,source_information_url,ids\n";

fn csl_row(source: &str, number: u32, start: &str, end: &str, ids: &str) -> String {
    format!("x,{source},{number},Entity,,COMPANY {number},,,,{start},{end}{},\"{ids}\"\n", ",".repeat(17))
}

fn into(dataset: &str, path: &Path, on: &str) -> Options {
    Options { dataset: Some(dataset.into()), ..published(vec![path.to_owned()], on) }
}

fn company(id: &str, sanction: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"Firm {id}\"]}},\"target\":true}}\n\
         {{\"id\":\"s-{id}\",\"schema\":\"Sanction\",\"datasets\":[\"some_list\"],\
         \"properties\":{{\"entity\":[\"{id}\"],{sanction}}}}}\n"
    )
}

async fn resolve(served: &Served, name: &str, authority: &str) -> pb::OwnershipFinding {
    let (name, authorities) = (name.to_owned(), vec![authority.to_owned()]);
    let request = pb::ResolveOwnershipRequest { name, authorities, ..Default::default() };
    served.sanctions().resolve_ownership(request).await.unwrap().into_inner().findings.remove(0)
}

async fn in_force(served: &Served, list: &str, on: &str) -> Vec<String> {
    let filter = Some(pb::SubjectFilter { lists: vec![list.into()], ..Default::default() });
    let request = pb::ListSubjectsRequest { filter, clock: clock(None, day(on)), page_size: 500, ..Default::default() };
    let page = served.sanctions().list_subjects(request).await.unwrap().into_inner();
    page.subjects.into_iter().map(|subject| subject.display_name).collect()
}

on_each_backend!(a_subject_is_in_force_while_one_of_its_measures_is);
async fn a_subject_is_in_force_while_one_of_its_measures_is(fixture: Fixture) {
    let order = |name: &str, from: &str, until: &str| {
        format!(
            "\"{name}\"\t\"1 Road\"\t\"\"\t\"\"\t\"GB\"\t\"\"\t\"{from}\"\t\"{until}\"\t\"Y\"\t\"2007-01-31\"\t\"\"\t\"\"\n"
        )
    };
    let text = [
        DPL.to_owned(),
        order("ENDED", "06/19/2003", "06/19/2013"),
        order("TWICE", "01/01/2000", "01/01/2005"),
        order("TWICE", "03/01/2010", "03/01/2012"),
        order("OPEN", "05/05/2011", ""),
    ]
    .concat();
    let path = fixture.write("dpl.txt", text);
    fixture.import("bis-dpl", published(vec![path], "2002-01-01")).await.unwrap();
    let denied = "Denied Persons List (DPL) - Bureau of Industry and Security";
    let text = [CSL.to_owned(), csl_row(denied, 1, "2010-02-03", "2020-02-03", "")].concat();
    let path = fixture.write("csl.csv", text);
    fixture.import("csl", published(vec![path], "2012-01-01")).await.unwrap();
    let served = fixture.serve().await;
    for (on, expected) in [
        ("2002-06-01", &["TWICE"][..]),
        ("2003-06-19", &["ENDED", "TWICE"]),
        ("2004-12-31", &["ENDED", "TWICE"]),
        ("2005-01-01", &["ENDED"]),
        ("2011-06-01", &["ENDED", "TWICE", "OPEN"]),
        ("2013-06-18", &["ENDED", "OPEN"]),
        ("2013-06-19", &["OPEN"]),
        ("2026-01-01", &["OPEN"]),
    ] {
        assert_eq!(in_force(&served, "us-bis-dpl", on).await, expected, "{on}");
    }
    assert_eq!(in_force(&served, "us-csl", "2020-02-02").await, ["COMPANY 1"]);
    assert!(in_force(&served, "us-csl", "2022-01-01").await.is_empty());
    let get = async |on: &str| {
        let name = "subjects/us-csl.DPL-1".to_owned();
        let request = pb::GetSubjectRequest { name, clock: clock(None, day(on)), include_names: false };
        served.sanctions().get_subject(request).await
    };
    assert!(get("2020-02-02").await.is_ok());
    let gone = get("2022-01-01").await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    assert!(
        gone.message().contains("the last of its measures on datasets/us-csl ended on 2020-02-03"),
        "{}",
        gone.message()
    );
    // The list itself still has them all.
    let all = pb::ListSubjectsRequest { page_size: 500, ..Default::default() };
    assert_eq!(served.sanctions().list_subjects(all).await.unwrap().into_inner().subjects.len(), 4);
}

on_each_backend!(an_unknown_measure_is_never_none);
async fn an_unknown_measure_is_never_none(fixture: Fixture) {
    let ofac = "\"authority\":[\"Office of Foreign Assets Control\"]";
    let eu = "\"authority\":[\"Directorate\u{2011}General for Financial Stability, Financial Services and Capital Markets Union\"]";
    let text = [
        company(
            "block",
            &format!("{ofac},\"program\":[\"RUSSIA-EO14024\"],\"provisions\":[\"RUSSIA-EO14024\",\"Block\"]"),
        ),
        company("tag", &format!("{ofac},\"program\":[\"SDGT\"]")),
        company("open", &format!("{ofac},\"program\":[\"RUSSIA-EO14024\"]")),
        company("eu", &format!("{eu},\"program\":[\"UKR\"],\"startDate\":[\"2023-12-18\"]")),
        company(
            "ended",
            &format!("{ofac},\"provisions\":[\"Block\"],\"startDate\":[\"2015-04-01\"],\"endDate\":[\"2019-08-01\"]"),
        ),
    ]
    .concat();
    let path = fixture.write("list.json", text);
    let options = Options { whole: true, ..into("firms", &path, "2024-01-01") };
    fixture.import("ftm", options).await.unwrap();
    let mut rows = HOLDINGS.to_owned();
    for id in ["block", "tag", "open", "eu", "ended"] {
        rows.push_str(&format!("subjects/firms.{id},,entities/c-{id},Child,owns,100,,,register\n"));
    }
    let path = fixture.write("holdings.csv", rows);
    fixture.import("holdings", published(vec![path], "2024-01-01")).await.unwrap();
    let served = fixture.serve().await;
    for (id, authority, itself, child) in [
        ("block", "OFAC", Designated, Blocked),
        ("tag", "OFAC", Designated, Blocked),
        // On blocked persons and on banks under a directive alone: the programme does not tell.
        ("open", "OFAC", Undetermined, Undetermined),
        ("eu", "EU", Designated, Blocked),
        ("ended", "OFAC", Undetermined, NotBlocked),
        ("eu", "OFAC", Undetermined, NotBlocked),
    ] {
        let finding = resolve(&served, &format!("subjects/firms.{id}"), authority).await;
        assert_eq!(finding.verdict(), itself, "{id}: {finding:#?}");
        let finding = resolve(&served, &format!("entities/c-{id}"), authority).await;
        assert_eq!(finding.verdict(), child, "{id}: {finding:#?}");
    }
    let open = resolve(&served, "entities/c-open", "OFAC").await;
    assert!(open.unknowns[0].contains("does not say under which measure"), "{:?}", open.unknowns);
    let request = pb::GetSubjectRequest { name: "subjects/firms.tag".into(), ..Default::default() };
    let subject = served.sanctions().get_subject(request).await.unwrap().into_inner().subject.unwrap();
    assert!(subject.measures[0].implied_by.starts_with("SDGT: "), "{:?}", subject.measures);
}

on_each_backend!(what_is_not_on_record_leaves_it_open);
async fn what_is_not_on_record_leaves_it_open(fixture: Fixture) {
    let row = |number: u32| {
        format!("{number},\"COMPANY {number}\",-0- ,\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n")
    };
    let path = fixture.write("sdn.csv", row(1));
    fixture.import("ofac-sdn", published(vec![path], "2024-01-01")).await.unwrap();
    let ssi = "Sectoral Sanctions Identifications List (SSI) - Treasury Department";
    let ids = "Executive Order 13662 Directive Determination -, Subject to Directive 1";
    let path = fixture.write("csl.csv", CSL.to_owned() + &csl_row(ssi, 9, "", "", ids));
    fixture.import("csl", published(vec![path], "2024-01-01")).await.unwrap();
    let rows = [
        ("subjects/us-ofac-sdn.88888", "ghost", "55"),
        ("entities/others", "ghost", "45"),
        ("subjects/us-ofac-sdn.88888", "small-ghost", "45"),
        ("entities/others", "small-ghost", "55"),
        ("subjects/us-ofac-sdn.1", "thin", "35"),
        ("subjects/us-ofac-sdn.1", "full", "35"),
        ("entities/others", "full", "65"),
        ("subjects/us-csl.SSI-9", "bank", "70"),
        ("entities/others", "bank", "30"),
    ];
    let rows: String = rows
        .iter()
        .map(|(owner, owned, share)| {
            let name = if owner.starts_with("entities") { "Others" } else { "" };
            format!("{owner},{name},entities/{owned},Firm,owns,{share},,,register\n")
        })
        .collect();
    let path = fixture.write("holdings.csv", HOLDINGS.to_owned() + &rows);
    fixture.import("holdings", published(vec![path], "2024-01-01")).await.unwrap();
    let served = fixture.serve().await;
    for (entity, verdict, says) in [
        ("entities/ghost", Undetermined, "names it as an entry of a list, and the store has no such entry"),
        ("entities/small-ghost", NotBlocked, ""),
        ("entities/thin", Undetermined, "who owns the other 65 % of Firm"),
        ("entities/full", NotBlocked, ""),
        ("entities/bank", Restricted, ""),
        ("subjects/us-csl.SSI-9", Undetermined, "no share in it is on record"),
        // Known only as an owner.
        ("entities/others", Undetermined, "who owns Others (entities/others): no share in it is on record"),
    ] {
        let finding = resolve(&served, entity, "OFAC").await;
        assert_eq!(finding.verdict(), verdict, "{entity}: {finding:#?}");
        assert!(
            finding.unknowns.iter().any(|unknown| unknown.contains(says)) || says.is_empty(),
            "{:?}",
            finding.unknowns
        );
    }
    let bank = resolve(&served, "entities/bank", "OFAC").await;
    let restriction = &bank.restrictions[0];
    assert_eq!((restriction.directive.as_str(), restriction.verdict()), ("EO 13662 Directive 1", Restricted));
    assert!(restriction.arithmetic[0].contains("under EO 13662 Directive 1 of OFAC"), "{:?}", restriction.arithmetic);
    assert!(restriction.arithmetic[2].ends_with(": restricted"), "{:?}", restriction.arithmetic);
    let thin = resolve(&served, "entities/thin", "OFAC").await;
    assert_eq!(thin.unrecorded_share_percent.unwrap().value, "65");
    let nobody = pb::ResolveOwnershipRequest { name: "entities/nobody".into(), ..Default::default() };
    assert_eq!(served.sanctions().resolve_ownership(nobody).await.unwrap_err().code(), Code::NotFound);
}

on_each_backend!(a_partial_list_never_gives_a_no);
async fn a_partial_list_never_gives_a_no(fixture: Fixture) {
    let uk = "\"authority\":[\"UK\"],\"provisions\":[\"Asset freeze\"],\"listingDate\":[\"2022-05-04\"]";
    let path = fixture.write("list.json", company("one", uk));
    let report = fixture.import("ftm", into("some-uk", &path, "2024-01-01")).await.unwrap();
    assert_eq!(report.scope, "a part of the list");
    let rows = "entities/p,P,entities/q,Q,owns,100,,,register\n";
    let holdings = fixture.write("holdings.csv", HOLDINGS.to_owned() + rows);
    fixture.import("holdings", published(vec![holdings], "2024-01-01")).await.unwrap();
    let served = fixture.serve().await;
    let finding = resolve(&served, "entities/q", "UK").await;
    assert_eq!(finding.verdict(), Undetermined);
    assert!(finding.unknowns[0].contains("datasets/some-uk"), "{:?}", finding.unknowns);
    let search = async |query: &str| {
        let request = pb::SearchSubjectsRequest { query: query.into(), ..Default::default() };
        served.sanctions().search_subjects(request).await.unwrap().into_inner()
    };
    let emptiness = search("someone else").await.emptiness.unwrap();
    assert_eq!(emptiness.reason(), EmptyReason::NotInThisList);
    assert!(
        emptiness.detail.contains("datasets/some-uk") && emptiness.detail.contains("words"),
        "{}",
        emptiness.detail
    );
    let request = pb::GetSubjectRequest { name: "subjects/some-uk.two".into(), ..Default::default() };
    let absent = served.sanctions().get_subject(request).await.unwrap_err();
    assert!(absent.message().contains("a part of its list only"), "{}", absent.message());
    // The same file as the whole list is another release.
    let whole = Options { whole: true, ..into("some-uk", &path, "2024-01-02") };
    assert!(fixture.import("ftm", whole).await.unwrap().release.is_some());
    assert_eq!(resolve(&served, "entities/q", "UK").await.verdict(), NotBlocked);
    assert_eq!(search("someone else").await.emptiness.unwrap().reason(), EmptyReason::FilteredOut);
}

on_each_backend!(each_list_within_a_file_is_whole_or_not);
async fn each_list_within_a_file_is_whole_or_not(fixture: Fixture) {
    let sdn = "Specially Designated Nationals (SDN) - Treasury Department";
    let entities = "Entity List (EL) - Bureau of Industry and Security";
    let rows =
        [CSL.to_owned(), csl_row(sdn, 1, "2020-01-01", "", ""), csl_row(entities, 2, "2020-01-01", "", "")].concat();
    let path = fixture.write("csl.csv", rows);
    let rows = "entities/p,P,entities/q,Q,owns,100,,,register\n";
    let holdings = fixture.write("holdings.csv", HOLDINGS.to_owned() + rows);
    fixture.import("holdings", published(vec![holdings], "2024-01-01")).await.unwrap();
    let served = fixture.serve().await;
    let import = async |on: &str, partial: Option<&[&str]>| {
        let partial = partial.map(|parts| parts.iter().map(|part| (*part).to_owned()).collect());
        fixture.import("csl", Options { partial, ..published(vec![path.clone()], on) }).await
    };
    import("2024-01-01", None).await.unwrap();
    assert_eq!(resolve(&served, "entities/q", "OFAC").await.verdict(), NotBlocked);
    let bis = resolve(&served, "entities/q", "BIS").await;
    assert!(bis.notes.iter().any(|note| note.contains("lacks Military End User")), "{:?}", bis.notes);
    import("2024-01-02", Some(&["SDN"])).await.unwrap();
    let ofac = resolve(&served, "entities/q", "OFAC").await;
    assert_eq!(ofac.verdict(), Undetermined);
    assert!(ofac.unknowns[0].contains("has a part only of SDN"), "{:?}", ofac.unknowns);
    import("2024-01-03", Some(&["Entity List"])).await.unwrap();
    assert_eq!(resolve(&served, "entities/q", "OFAC").await.verdict(), NotBlocked);
    import("2024-01-04", Some(&[])).await.unwrap();
    assert_eq!(resolve(&served, "entities/q", "OFAC").await.verdict(), Undetermined);
    let refused = import("2024-01-05", Some(&["SSI"])).await.unwrap_err().to_string();
    assert!(refused.contains("--partial=SSI") && refused.contains("Entity List, SDN"), "{refused}");
}

on_each_backend!(a_day_before_the_listing_is_one_case_whether_owners_are_known_or_not);
async fn a_day_before_the_listing_is_one_case_whether_owners_are_known_or_not(fixture: Fixture) {
    let listed = |on: &str| format!("\"authority\":[\"OFAC\"],\"provisions\":[\"Block\"],\"listingDate\":[\"{on}\"]");
    let path = fixture.write("list.json", company("a", &listed("2025-03-04")) + &company("b", &listed("2025-06-07")));
    fixture.import("ftm", into("firms", &path, "2026-01-01")).await.unwrap();
    let rows = "entities/p,P,subjects/firms.b,,owns,100,,,register\n";
    let holdings = fixture.write("holdings.csv", HOLDINGS.to_owned() + rows);
    fixture.import("holdings", published(vec![holdings], "2026-01-01")).await.unwrap();
    let served = fixture.serve().await;
    for id in ["a", "b"] {
        let name = format!("subjects/firms.{id}");
        let request = pb::ResolveOwnershipRequest { name, clock: clock(None, day("2025-01-01")), ..Default::default() };
        let answer = served.sanctions().resolve_ownership(request).await.unwrap().into_inner();
        assert_eq!(
            (answer.findings[0].verdict(), answer.display_name.as_str()),
            (Undetermined, format!("Firm {id}").as_str())
        );
    }
}
