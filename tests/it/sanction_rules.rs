//! What follows from the lists: the 50 % rules with their arithmetic, and controlled goods.

use std::collections::BTreeMap;

use crate::support::{Fixture, Served, clock, day, published};
use entrepot::import::Report;
use entrepot::proto::entrepot::sanctions::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

const HEADER: &str = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n";

/// Blocked Person X is designated by OFAC since 2014, in OFAC's own layout; Y by the UK as well.
async fn lists(fixture: &Fixture) {
    let row = |number: u32, name: &str| {
        format!("{number},\"{name}\",-0- ,\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n")
    };
    let path = fixture.write("sdn.csv", format!("{}{}", row(1, "BLOCKED PERSON X"), row(2, "BLOCKED PERSON Y")));
    let list = "ofac-sdn";
    fixture.import(list, published(vec![path], "2014-01-01")).await.unwrap();
    let header = "Unique ID,Name 6,Name type,Regime Name,Designation Type,Sanctions Imposed,Date Designated\n";
    let uk = format!("{header}RUS0001,BLOCKED PERSON X,Primary Name,Russia,Individual,Asset freeze,24/02/2022\n");
    let path = fixture.write("uk.csv", uk);
    fixture.import("uk", published(vec![path], "2022-03-01")).await.unwrap();
}

/// Holdings as `owner>owned share`; X and Y are the designated ones, other letters entities. What the shares leave of an
/// entity is somebody's who is not designated, so that all owners are on record.
async fn holdings(fixture: &Fixture, rows: &[&str]) -> Report {
    let mut text = HEADER.to_owned();
    let end = |letter: &str| match letter {
        "X" => ("subjects/us-ofac-sdn.1".to_owned(), String::new()),
        "Xuk" => ("subjects/uk-sl.RUS0001".to_owned(), String::new()),
        "Y" => ("subjects/us-ofac-sdn.2".to_owned(), String::new()),
        other => (format!("entities/{}", other.to_lowercase()), format!("Entity {other}")),
    };
    for row in rows {
        let (pair, share) = row.split_once(' ').unwrap();
        let (owner, owned) = pair.split_once('>').unwrap();
        let ((owner, owner_name), (owned, owned_name)) = (end(owner), end(owned));
        let kind = if share == "control" { "controls," } else { "owns," };
        let share = if ["control", "?"].contains(&share) { "" } else { share };
        text.push_str(&format!("{owner},{owner_name},{owned},{owned_name},{kind}{share},,,register\n"));
    }
    text.push_str(&rest(rows));
    let path = fixture.write("holdings.csv", text);
    fixture.import("holdings", published(vec![path], "2022-03-01")).await.unwrap()
}

/// Who has what is left of the entities all shares of which are known.
fn rest(rows: &[&str]) -> String {
    let mut left: BTreeMap<&str, Option<i64>> = BTreeMap::new();
    for row in rows {
        let (pair, share) = row.split_once(' ').unwrap();
        let owned = pair.split_once('>').unwrap().1;
        let ten_thousandths = |share: &str| -> Option<i64> {
            let (whole, decimals) = share.split_once('.').unwrap_or((share, ""));
            Some(whole.parse::<i64>().ok()? * 10_000 + format!("{decimals:0<4}").parse::<i64>().ok()?)
        };
        let share = if share == "control" { Some(0) } else { ten_thousandths(share) };
        let left = left.entry(owned).or_insert(Some(1_000_000));
        *left = left.zip(share).map(|(left, share)| left - share);
    }
    let others = left.into_iter().filter_map(|(owned, left)| left.filter(|left| *left > 0).map(|left| (owned, left)));
    let row = |(owned, left): (&str, i64)| {
        let id = owned.to_lowercase();
        format!(
            "entities/others,Others,entities/{id},Entity {owned},owns,{}.{:04},,,register\n",
            left / 10_000,
            left % 10_000
        )
    };
    others.map(row).collect()
}

async fn resolve(served: &Served, name: &str, authority: &str, in_force_on: &str) -> pb::OwnershipFinding {
    let request = pb::ResolveOwnershipRequest {
        name: name.into(),
        clock: clock(None, day(in_force_on)),
        authorities: vec![authority.into()],
        ..Default::default()
    };
    served.sanctions().resolve_ownership(request).await.unwrap().into_inner().findings.remove(0)
}

on_each_backend!(ofacs_worked_examples_come_out_with_their_arithmetic);
/// OFAC's FAQ 401 and 399, through files and calls.
async fn ofacs_worked_examples_come_out_with_their_arithmetic(fixture: Fixture) {
    use pb::OwnershipVerdict::{Blocked, Designated, NotBlocked, Undetermined};
    let examples: [(&[&str], &str, pb::OwnershipVerdict, Option<&str>); 9] = [
        (&["X>A 50", "A>B 50"], "b", Blocked, Some("50")),
        (&["X>A 50", "X>B 50", "A>C 25", "B>C 25"], "c", Blocked, Some("50")),
        (&["X>A 50", "X>B 10", "A>B 40"], "b", Blocked, Some("50")),
        (&["X>A 50", "X>B 25", "A>C 25", "B>C 25"], "c", NotBlocked, Some("25")),
        (&["X>A 25", "X>B 25", "A>C 50", "B>C 50"], "c", NotBlocked, Some("0")),
        (&["X>A 25", "Y>A 25"], "a", Blocked, Some("50")),
        (&["X>A control"], "a", NotBlocked, Some("0")),
        (&["X>A 30", "Y>A ?"], "a", Undetermined, None),
        // Five levels, the last by 50.0001 %.
        (&["X>A 60", "A>B 51", "B>C 75", "C>D 50", "D>E 50.0001"], "e", Blocked, Some("50.0001")),
    ];
    lists(&fixture).await;
    let served = fixture.serve().await;
    for (rows, entity, verdict, share) in &examples {
        holdings(&fixture, rows).await;
        let finding = resolve(&served, &format!("entities/{entity}"), "OFAC", "2023-01-01").await;
        assert_eq!(finding.verdict(), *verdict, "{rows:?}: {:#?}", finding.arithmetic);
        let known = finding.blocked_share_percent.map(|share| share.value);
        assert_eq!(known.as_deref(), *share, "{rows:?}: {:#?}", finding.arithmetic);
        assert!(!finding.arithmetic.is_empty() && !finding.citation.is_empty());
        if *verdict == Blocked {
            let holdings = &finding.paths[0].holdings;
            assert!(holdings[0].owner.starts_with("subjects/us-ofac-sdn."), "{holdings:?}");
            assert_eq!(holdings.last().unwrap().owned, format!("entities/{entity}"));
        }
        if *verdict == Undetermined {
            assert!(finding.unknowns[0].contains("BLOCKED PERSON Y"), "{:?}", finding.unknowns);
        }
    }
    let finding = resolve(&served, "subjects/us-ofac-sdn.1", "OFAC", "2023-01-01").await;
    assert_eq!(finding.verdict(), Designated);
    let nobody = pb::ResolveOwnershipRequest { name: "entities/nobody".into(), ..Default::default() };
    assert_eq!(served.sanctions().resolve_ownership(nobody).await.unwrap_err().code(), Code::NotFound);
}

on_each_backend!(each_authority_has_its_own_rule_and_day);
/// The same holdings, other authorities, other days.
async fn each_authority_has_its_own_rule_and_day(fixture: Fixture) {
    use pb::OwnershipVerdict::{Blocked, NotBlocked, NotInForce, Undetermined};
    lists(&fixture).await;
    let served = fixture.serve().await;
    holdings(&fixture, &["Xuk>A 50", "Xuk>B 50.01", "Xuk>C control", "Xuk>D 30", "X>E 50"]).await;
    for (entity, on, verdict) in [
        ("a", "2023-01-01", NotBlocked),
        ("b", "2023-01-01", Blocked),
        ("c", "2023-01-01", Blocked),
        ("d", "2023-01-01", NotBlocked),
        // Before the store's first release of the UK's list nobody knows who was on it.
        ("b", "2022-02-01", Undetermined),
        ("b", "2019-01-01", NotInForce),
    ] {
        let finding = resolve(&served, &format!("entities/{entity}"), "UK", on).await;
        assert_eq!(finding.verdict(), verdict, "{entity} on {on}: {:#?}", finding.arithmetic);
    }
    assert_eq!(resolve(&served, "entities/e", "OFAC", "2023-01-01").await.verdict(), Blocked);
    assert_eq!(resolve(&served, "entities/e", "OFAC", "2013-06-01").await.verdict(), Undetermined);
    assert_eq!(resolve(&served, "entities/a", "BIS", "2025-12-01").await.verdict(), NotInForce);
    // A release without the holding: as of the day before it, the holding is there.
    let published_later = fixture.write("later.csv", format!("{HEADER}entities/p,P,entities/q,Q,owns,1,,,register\n"));
    let later = fixture.import("holdings", published(vec![published_later], "2024-01-01")).await.unwrap();
    assert_eq!((later.rows_new, later.rows_withdrawn), (1, 10));
    let request = |as_of: Option<&str>| pb::ResolveOwnershipRequest {
        name: "entities/b".into(),
        clock: clock(as_of.and_then(day), None),
        ..Default::default()
    };
    let then = served.sanctions().resolve_ownership(request(Some("2023-12-31"))).await.unwrap().into_inner();
    assert_eq!(then.findings.len(), 4);
    let now = served.sanctions().resolve_ownership(request(None)).await.unwrap_err();
    assert_eq!(now.code(), Code::NotFound);
}

on_each_backend!(goods_of_the_bundled_list_and_of_others_are_checked_by_day_and_destination);
async fn goods_of_the_bundled_list_and_of_others_are_checked_by_day_and_destination(fixture: Fixture) {
    let served = fixture.serve().await;
    let check = async |commodity: &str, destination: &str, on: Option<&str>| {
        let request = pb::CheckCommodityRequest {
            commodity: commodity.into(),
            destination: destination.into(),
            clock: clock(None, on.and_then(day)),
            include_names: false,
        };
        served.sanctions().check_commodity(request).await.map(tonic::Response::into_inner)
    };
    use pb::ControlCertainty::{Certain, None as Nothing, Possible, Unspecified};
    assert_eq!(check("commodities/HS2022-854231", "RUS", None).await.unwrap().certainty(), Certain);
    assert_eq!(check("commodities/HS2022-8542", "RU", None).await.unwrap().certainty(), Possible);
    assert_eq!(check("commodities/HS2022-010121", "RUS", None).await.unwrap().certainty(), Unspecified);
    assert_eq!(check("commodities/HS2022-854231", "FRA", None).await.unwrap().certainty(), Nothing);
    let before = check("commodities/HS2022-854231", "RUS", Some("2024-02-22")).await.unwrap();
    assert!(before.emptiness.is_some(), "no list was in force");
    let missing = check("commodities/HS2017-854231", "RUS", None).await.unwrap_err();
    assert_eq!(missing.code(), Code::FailedPrecondition);

    let text = "authority,regime,classification,code,tier,destinations,from,until,title,source\n\
                    EU,annex-xxiii,HS2022,84,,RUS,2022-04-09,,machines,Regulation 833/2014\n\
                    EU,annex-xxiii,HS2022,85423190,,RUS,2022-04-09,2022-12-31,circuits,Regulation 833/2014\n";
    let path = fixture.write("annex.csv", text);
    let refused = fixture.import("controlled-goods", published(vec![path], "2023-01-01")).await.unwrap_err();
    assert!(refused.to_string().contains("line 2") && refused.to_string().contains("code"), "{refused}");
    let path = fixture.write("annex.csv", text.replace(",84,", ",8401,"));
    fixture.import("controlled-goods", published(vec![path], "2023-01-01")).await.unwrap();
    let found = check("commodities/HS2022-840110", "RUS", Some("2022-06-01")).await.unwrap();
    assert_eq!((found.certainty(), found.findings.len()), (Certain, 1), "{found:?}");
    let found = check("commodities/HS2022-854231", "RUS", Some("2022-06-01")).await.unwrap();
    assert_eq!(found.certainty(), Possible, "a national line of it");

    let mut names = Vec::new();
    let mut request = pb::ListControlledGoodsRequest { page_size: 20, ..Default::default() };
    loop {
        let page = served.sanctions().list_controlled_goods(request.clone()).await.unwrap().into_inner();
        names.extend(page.controlled_goods.into_iter().map(|good| good.name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(names.len(), 52);
    let request = pb::GetControlledGoodRequest { name: names[0].clone(), clock: None, include_names: false };
    let good = served.sanctions().get_controlled_good(request).await.unwrap().into_inner();
    assert_eq!(good.controlled_good.unwrap().name, names[0]);
}

on_each_backend!(holdings_of_linked_subjects_are_one_owners);
/// What two lists say of one company is one owner's, whichever of its identifiers a register has.
async fn holdings_of_linked_subjects_are_one_owners(fixture: Fixture) {
    use pb::OwnershipVerdict::{Blocked, NotBlocked, Undetermined};
    let remarks = "\"Tax ID No. 7707083893 (Russia).\"";
    let sdn = format!("2,\"COMPANY K\",-0- ,\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{remarks}\r\n");
    let uk = "Unique ID,Name 6,Name type,Regime Name,Designation Type,Sanctions Imposed,Date Designated,\
              Business registration number (s)\n\
              RUS0001,COMPANY K UK,Primary Name,Russia,Entity,Asset freeze,24/02/2022,INN: 7707083893\n";
    let path = fixture.write("sdn.csv", &sdn);
    let format = "ofac-sdn";
    fixture.import(format, published(vec![path], "2020-01-01")).await.unwrap();
    let path = fixture.write("uk.csv", uk);
    fixture.import("uk", published(vec![path], "2022-03-01")).await.unwrap();
    let served = fixture.serve().await;
    for (rows, verdict) in [
        (&["Xuk>A 60"][..], Blocked),
        (&["Xuk>A 60", "Y>A 1"], Blocked),
        // One holding of which two identifiers are known, or two.
        (&["Xuk>A 30", "Y>A 20"], Undetermined),
        (&["Xuk>A 30", "Y>A 19"], NotBlocked),
        (&["Xuk>B 60", "Y>C 60", "B>A 30", "C>A 30"], Blocked),
        (&["Y>A 30", "B>A 30", "Xuk>B 60"], Blocked),
    ] {
        holdings(&fixture, rows).await;
        let finding = resolve(&served, "entities/a", "OFAC", "2023-01-01").await;
        assert_eq!(finding.verdict(), verdict, "{rows:?}: {:#?}", finding.arithmetic);
    }
}

on_each_backend!(bis_counts_the_lists_that_its_rule_names);
/// 90 FR 47201: parties of the Entity List and the MEU List and under some SDN programmes pass their restriction on.
async fn bis_counts_the_lists_that_its_rule_names(fixture: Fixture) {
    use pb::OwnershipVerdict::{Blocked, NotBlocked, NotInForce};
    let columns = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,\
                   standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,\
                   gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,\
                   dates_of_birth,nationalities,places_of_birth,source_information_url,ids\n";
    let row = |source: &str, number: u32, programme: &str| {
        format!("x,{source},{number},Entity,{programme},COMPANY {number},,,,2022-03-01{}\n", ",".repeat(19))
    };
    let bis = |list: &str| format!("{list} - Bureau of Industry and Security");
    let sdn = "Specially Designated Nationals (SDN) - Treasury Department";
    let text = [
        columns.to_owned(),
        row(&bis("Entity List (EL)"), 1, ""),
        row(&bis("Military End User (MEU) List"), 2, ""),
        row(&bis("Unverified List (UVL)"), 3, ""),
        row(&bis("Denied Persons List (DPL)"), 4, ""),
        row(sdn, 5, "RUSSIA-EO14024"),
        row(sdn, 6, "IRAN"),
    ]
    .concat();
    let path = fixture.write("csl.csv", &text);
    fixture.import("csl", published(vec![path], "2024-01-01")).await.unwrap();
    let served = fixture.serve().await;
    let mut rows = HEADER.to_owned();
    for (number, uid) in (1..).zip(["EL-1", "MEU-2", "UVL-3", "DPL-4", "SDN-5", "SDN-6"]) {
        rows.push_str(&format!("subjects/us-csl.{uid},,entities/e{number},E{number},owns,50,,,register\n"));
        rows.push_str(&format!("entities/others,Others,entities/e{number},E{number},owns,50,,,register\n"));
    }
    let path = fixture.write("holdings.csv", rows);
    fixture.import("holdings", published(vec![path], "2024-01-01")).await.unwrap();
    for (number, verdict) in (1..).zip([Blocked, Blocked, NotBlocked, NotBlocked, Blocked, NotBlocked]) {
        let finding = resolve(&served, &format!("entities/e{number}"), "BIS", "2025-10-15").await;
        assert_eq!(finding.verdict(), verdict, "{number}: {:#?}", finding.arithmetic);
    }
    let ofac = resolve(&served, "entities/e6", "OFAC", "2025-10-15").await;
    assert_eq!(ofac.verdict(), Blocked);
    assert_eq!(resolve(&served, "entities/e1", "BIS", "2025-12-01").await.verdict(), NotInForce);
}

on_each_backend!(each_authority_of_an_entry_counts);
/// OpenSanctions puts what several authorities impose on one entity into one entry, and writes their names out.
async fn each_authority_of_an_entry_counts(fixture: Fixture) {
    use pb::OwnershipVerdict::{Blocked, NotBlocked};
    let sanction = |id: &str, of: &str, authority: &str, on: &str| {
        format!(
            "{{\"id\":\"{id}\",\"schema\":\"Sanction\",\"properties\":{{\"entity\":[\"{of}\"],\
             \"authority\":[\"{authority}\"],\"listingDate\":[\"{on}\"],\"provisions\":[\"Asset freeze\"]}}}}\n"
        )
    };
    let person = |id: &str| {
        format!("{{\"id\":\"{id}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{id}\"]}},\"target\":true}}\n")
    };
    let text = [
        person("both"),
        sanction("s1", "both", "Council of the European Union", "2022-02-25"),
        sanction("s2", "both", "OFAC", "2023-05-19"),
        person("long"),
        sanction("s3", "long", "Office of Foreign Assets Control", "2022-02-25"),
    ]
    .concat();
    let path = fixture.write("list.json", &text);
    let mut options = published(vec![path], "2022-03-01");
    options.dataset = Some("merged".into());
    options.whole = true;
    fixture.import("ftm", options).await.unwrap();
    let rows = "subjects/merged.both,,entities/a,A,owns,60,,,register\n\
                    subjects/merged.long,,entities/b,B,owns,60,,,register\n";
    let path = fixture.write("holdings.csv", format!("{HEADER}{rows}"));
    fixture.import("holdings", published(vec![path], "2022-03-01")).await.unwrap();
    let served = fixture.serve().await;
    for (entity, authority, on, verdict) in [
        ("a", "EU", "2023-01-01", Blocked),
        ("a", "OFAC", "2023-01-01", NotBlocked),
        ("a", "OFAC", "2024-01-01", Blocked),
        ("b", "OFAC", "2023-01-01", Blocked),
        ("b", "EU", "2023-01-01", NotBlocked),
    ] {
        let finding = resolve(&served, &format!("entities/{entity}"), authority, on).await;
        assert_eq!(finding.verdict(), verdict, "{entity} {authority} {on}: {finding:#?}");
    }
    for (authority, uids) in [("OFAC", &["both", "long"][..]), ("EU", &["both"]), ("UK", &[])] {
        let filter = Some(pb::SubjectFilter { authorities: vec![authority.into()], ..Default::default() });
        let request = pb::ListSubjectsRequest { filter, ..Default::default() };
        let page = served.sanctions().list_subjects(request).await.unwrap().into_inner();
        let found: Vec<&str> = page.subjects.iter().map(|subject| subject.uid.as_str()).collect();
        assert_eq!(found, uids, "{authority}");
    }
}

on_each_backend!(a_code_that_does_not_exist_is_told_from_one_that_is_free);
/// A code that its edition does not have is not one that nobody controls.
async fn a_code_that_does_not_exist_is_told_from_one_that_is_free(fixture: Fixture) {
    let served = fixture.serve().await;
    let check = async |code: &str| {
        let commodity = format!("commodities/HS2022-{code}");
        let request = pb::CheckCommodityRequest { commodity, ..Default::default() };
        served.sanctions().check_commodity(request).await.map(tonic::Response::into_inner)
    };
    // Without the edition's codes it is not known whether there is such a code, and unknown is not free.
    for code in ["854299", "999999"] {
        let unlisted = check(code).await.unwrap();
        assert_eq!(unlisted.certainty(), pb::ControlCertainty::Unspecified);
        let emptiness = unlisted.emptiness.unwrap();
        assert_eq!(emptiness.reason(), EmptyReason::CodeUnknown);
        assert!(emptiness.detail.contains("the codes of HS2022 are not in the store"), "{}", emptiness.detail);
    }
    for line in ["85423190", "8542319012", "8542319"] {
        let answer = check(line).await.unwrap();
        assert_eq!(answer.certainty(), pb::ControlCertainty::Certain, "{line}");
        let notes = answer.provenance.unwrap().notes;
        assert!(notes[0].contains(&format!("{line} is a national tariff line")), "{notes:?}");
    }
    assert_eq!(check("85423190123").await.unwrap_err().code(), Code::InvalidArgument);
    let digit = check("8").await.unwrap_err();
    assert_eq!(digit.code(), Code::InvalidArgument);
    assert!(digit.message().contains("commodity: `8` has one digit"), "{}", digit.message());

    fixture.load_lists().await;
    for code in ["77", "8599", "85429", "854299"] {
        let unknown = check(code).await.unwrap();
        let reason = unknown.emptiness.map(|emptiness| emptiness.reason());
        assert_eq!(reason, Some(EmptyReason::CodeUnknown), "{code}");
    }
    for code in ["01", "0101", "010121"] {
        let free = check(code).await.unwrap();
        assert_eq!((free.certainty(), free.emptiness), (pb::ControlCertainty::None, None), "{code}");
        assert!(free.provenance.unwrap().notes.is_empty());
    }
}
