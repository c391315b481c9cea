//! What was in force on a day: by releases and listing dates; and where these do not tell, the answer says so.

use crate::support::{Fixture, Served, clock, day, published};
use entrepot::proto::entrepot::sanctions::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

use pb::OwnershipVerdict::{Blocked, Designated, NotBlocked, Undetermined};

/// Three releases of OFAC's list, which gives no listing dates: 1 is always there, 2 goes with the second, 9 comes with
/// the third. The holdings: 9 has 75 % of A, 1 has 75 % of B, 2 has 75 % of C.
async fn history(fixture: &Fixture) {
    let row = |number: u32| {
        format!("{number},\"COMPANY {number}\",-0- ,\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n")
    };
    let releases = [("2021-08-18", &[1, 2][..]), ("2022-01-31", &[1]), ("2022-04-07", &[1, 9])];
    for (on, numbers) in releases {
        let path = fixture.write("sdn.csv", numbers.iter().map(|number| row(*number)).collect::<String>());
        let mut options = published(vec![path], on);
        options.allow_shrink = vec!["us-ofac-sdn".into()];
        fixture.import("ofac-sdn", options).await.unwrap();
    }
    let header = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n";
    let holding = |number: u32, entity: &str| {
        format!("subjects/us-ofac-sdn.{number},,entities/{entity},Entity,owns,75,,,register\n")
    };
    let text = [header.to_owned(), holding(9, "a"), holding(1, "b"), holding(2, "c")].concat();
    let path = fixture.write("holdings.csv", text);
    fixture.import("holdings", published(vec![path], "2021-01-01")).await.unwrap();
}

async fn resolve(served: &Served, name: &str, on: Option<&str>) -> pb::ResolveOwnershipResponse {
    let request =
        pb::ResolveOwnershipRequest { name: name.into(), clock: clock(None, on.and_then(day)), ..Default::default() };
    served.sanctions().resolve_ownership(request).await.unwrap().into_inner()
}

fn of<'a>(answer: &'a pb::ResolveOwnershipResponse, authority: &str) -> &'a pb::OwnershipFinding {
    answer.findings.iter().find(|finding| finding.authority == authority).unwrap()
}

on_each_backend!(an_authority_without_a_list_blocks_nobody_and_frees_nobody);
async fn an_authority_without_a_list_blocks_nobody_and_frees_nobody(fixture: Fixture) {
    history(&fixture).await;
    let served = fixture.serve().await;
    let answer = resolve(&served, "entities/b", Some("2025-10-15")).await;
    assert_eq!(of(&answer, "OFAC").verdict(), Blocked);
    for authority in ["EU", "UK"] {
        let finding = of(&answer, authority);
        assert_eq!(finding.verdict(), Undetermined, "{authority}");
        let reason = format!("no list of designations by {authority} is in the store");
        assert!(finding.notes.iter().any(|note| note.contains(&reason)), "{:?}", finding.notes);
        assert!(finding.unknowns.iter().any(|unknown| unknown.contains(&reason)), "{:?}", finding.unknowns);
        assert_eq!(finding.blocked_share_percent, None, "{authority}: not known is not zero");
    }
    // SDGT is a programme that BIS counts; whom it lists itself is not known.
    assert_eq!(of(&answer, "BIS").verdict(), Blocked);
    let answer = resolve(&served, "entities/c", Some("2025-10-15")).await;
    assert_eq!((of(&answer, "OFAC").verdict(), of(&answer, "BIS").verdict()), (NotBlocked, Undetermined));
    let sources = answer.provenance.unwrap().sources;
    assert!(sources.iter().any(|source| source.dataset == "datasets/us-ofac-sdn"), "{sources:?}");
}

on_each_backend!(a_day_that_the_releases_do_not_cover_leaves_it_open);
async fn a_day_that_the_releases_do_not_cover_leaves_it_open(fixture: Fixture) {
    history(&fixture).await;
    let served = fixture.serve().await;
    for (entity, on, verdict) in [
        ("a", "2021-08-17", Undetermined),
        ("b", "2021-08-17", Undetermined),
        ("b", "2021-08-18", Blocked),
        ("c", "2022-01-30", Blocked),
        ("c", "2022-01-31", NotBlocked),
        // The release of the day does not have it; that of April does, and does not say since when.
        ("a", "2022-01-31", NotBlocked),
        ("a", "2022-03-15", Undetermined),
        ("a", "2022-04-07", Blocked),
        ("c", "2022-03-15", NotBlocked),
    ] {
        let answer = resolve(&served, &format!("entities/{entity}"), Some(on)).await;
        let finding = of(&answer, "OFAC");
        assert_eq!(finding.verdict(), verdict, "{entity} on {on}: {finding:#?}");
        assert_eq!(finding.unknowns.is_empty(), verdict != Undetermined, "{entity} on {on}");
    }
    let answer = resolve(&served, "entities/a", Some("2022-03-15")).await;
    let finding = of(&answer, "OFAC");
    assert!(finding.unknowns[0].contains("COMPANY 9") && finding.unknowns[0].contains("2022-04-07"));
    assert!(finding.notes.iter().any(|note| note.contains("2022-01-31") && note.contains("2022-04-07")));
    let days: Vec<_> = answer.provenance.unwrap().sources.into_iter().map(|s| s.publication_date).collect();
    assert_eq!(days[..2], [day("2022-01-31"), day("2022-04-07")], "by the one and the next");

    let itself = resolve(&served, "subjects/us-ofac-sdn.9", Some("2022-03-15")).await;
    assert_eq!(of(&itself, "OFAC").verdict(), Undetermined);
    let itself = resolve(&served, "subjects/us-ofac-sdn.1", Some("2022-03-15")).await;
    assert_eq!(of(&itself, "OFAC").verdict(), Designated);
    let arithmetic = &of(&itself, "OFAC").arithmetic;
    assert!(arithmetic[0].contains("since 2021-08-18 at the latest"), "{arithmetic:?}");
    assert_eq!(of(&resolve(&served, "entities/b", Some("2021-08-17")).await, "OFAC").blocked_share_percent, None);
}

on_each_backend!(lists_and_subjects_say_which_days_they_do_not_cover);
async fn lists_and_subjects_say_which_days_they_do_not_cover(fixture: Fixture) {
    history(&fixture).await;
    let served = fixture.serve().await;
    let list = async |on: &str| {
        let request = pb::ListSubjectsRequest { clock: clock(None, day(on)), ..Default::default() };
        served.sanctions().list_subjects(request).await.unwrap().into_inner()
    };
    let early = list("2020-01-01").await;
    assert_eq!(early.emptiness.unwrap().reason(), EmptyReason::NotReleased);
    let provenance = early.provenance.unwrap();
    assert_eq!(provenance.sources[0].publication_date, day("2021-08-18"), "the release that might tell");
    assert!(provenance.notes.iter().any(|note| note.contains("no release by that day")), "{:?}", provenance.notes);
    let exact = list("2022-01-31").await.provenance.unwrap();
    assert_eq!(exact.sources.len(), 1);
    assert_eq!(exact.sources[0].publication_date, day("2022-01-31"));

    let get = async |number: u32, as_of: Option<&str>, on: Option<&str>| {
        let name = format!("subjects/us-ofac-sdn.{number}");
        let (as_of, in_force_on) = (as_of.and_then(day), on.and_then(day));
        let refused = served
            .sanctions()
            .get_subject(pb::GetSubjectRequest { name, clock: clock(as_of, in_force_on), include_names: false })
            .await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        refused.message().to_owned()
    };
    for (number, as_of, on, expected) in [
        (2, None, None, "was removed from datasets/us-ofac-sdn by the release of 2022-01-31; ListSubjectRevisions"),
        (2, None, Some("2022-03-15"), "was not on datasets/us-ofac-sdn on 2022-03-15, as far as is known"),
        (
            1,
            None,
            Some("2020-01-01"),
            "is not known for 2020-01-01: datasets/us-ofac-sdn has no release by then; \
                                           the first is of 2021-08-18",
        ),
        (1, Some("2020-01-01"), None, "is not known for 2020-01-01"),
        (9, Some("2022-03-15"), None, "does not exist"),
        (7, None, None, "does not exist"),
    ] {
        let message = get(number, as_of, on).await;
        assert!(message.contains(expected), "{message}");
    }
}

on_each_backend!(a_subject_is_listed_until_its_day_of_delisting);
/// A day of delisting may lie in the future; from that day on the subject is gone, whoever asks.
async fn a_subject_is_listed_until_its_day_of_delisting(fixture: Fixture) {
    let entity = |id: &str, end: &str| {
        format!(
            "{{\"id\":\"{id}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"Firm {id}\"]}}}}\n\
             {{\"id\":\"s-{id}\",\"schema\":\"Sanction\",\"properties\":{{\"entity\":[\"{id}\"],\
             \"authority\":[\"OFAC\"],\"listingDate\":[\"2014-03-20\"],\"provisions\":[\"Asset freeze\"],\
             \"endDate\":[\"{end}\"]}}}}\n"
        )
    };
    let path = fixture.write("list.json", entity("late", "2150-06-30") + &entity("gone", "2022-06-30"));
    let mut options = published(vec![path], "2020-01-01");
    options.dataset = Some("firms".into());
    fixture.import("ftm", options).await.unwrap();
    let served = fixture.serve().await;
    for (on, expected) in [
        (None, &["late"][..]),
        (Some("2022-06-29"), &["late", "gone"]),
        (Some("2022-06-30"), &["late"]),
        (Some("2150-06-29"), &["late"]),
        (Some("2150-06-30"), &[]),
    ] {
        let in_force_on = on.and_then(day);
        let request = pb::ListSubjectsRequest { clock: clock(None, in_force_on), ..Default::default() };
        let mut found = served.sanctions().list_subjects(request).await.unwrap().into_inner().subjects;
        let request =
            pb::SearchSubjectsRequest { query: "firm".into(), clock: clock(None, in_force_on), ..Default::default() };
        let searched = served.sanctions().search_subjects(request).await.unwrap().into_inner().subjects;
        assert_eq!(found, searched);
        found.sort_by(|one, other| other.uid.cmp(&one.uid));
        let uids: Vec<&str> = found.iter().map(|subject| subject.uid.as_str()).collect();
        assert_eq!(uids, expected, "{on:?}");
        for uid in ["late", "gone"] {
            let name = format!("subjects/firms.{uid}");
            let is_listed = expected.contains(&uid);
            let verdict = of(&resolve(&served, &name, on).await, "OFAC").verdict();
            // The file is a part of a list, and of its owners nothing is on record.
            assert_eq!(verdict, if is_listed { Designated } else { Undetermined }, "{uid} on {on:?}");
            let request = pb::GetSubjectRequest { name, clock: clock(None, in_force_on), include_names: false };
            let got = served.sanctions().get_subject(request).await;
            // Without a day the list's own entry is given, with its day of delisting.
            assert_eq!(got.is_ok(), is_listed || on.is_none(), "{uid} on {on:?}");
        }
    }
}

on_each_backend!(what_was_in_force_follows_releases_and_listing_dates);
/// Between two releases the listing dates of the later one speak, but not against the earlier one.
async fn what_was_in_force_follows_releases_and_listing_dates(fixture: Fixture) {
    let header = "Unique ID,Name 6,Name type,Regime Name,Designation Type,Sanctions Imposed,Date Designated\n";
    let row = |uid: &str, day: &str| format!("{uid},NAME {uid},Primary Name,Russia,Entity,Asset freeze,{day}\n");
    let first = format!("{header}{}", row("A", "01/02/2020"));
    let second = format!("{header}{}{}{}", row("A", "01/02/2020"), row("B", "01/06/2022"), row("C", "01/01/2019"));
    for (text, on) in [(&first, "2022-01-01"), (&second, "2023-01-01")] {
        let path = fixture.write("uk.csv", text);
        fixture.import("uk", published(vec![path], on)).await.unwrap();
    }
    let served = fixture.serve().await;
    for (on, expected) in [
        ("2018-01-01", &[][..]),
        // Before the first release only the dates speak.
        ("2021-01-01", &["A", "C"]),
        ("2022-03-01", &["A"]),
        // C has the older date, but the release of January 2022 does not have it.
        ("2022-07-01", &["A", "B"]),
        ("2023-01-01", &["A", "B", "C"]),
    ] {
        let request = pb::ListSubjectsRequest { clock: clock(None, day(on)), ..Default::default() };
        let page = served.sanctions().list_subjects(request).await.unwrap().into_inner();
        let mut found: Vec<&str> = page.subjects.iter().map(|subject| subject.uid.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{on}");
        let name = "subjects/uk-sl.B".to_owned();
        let request = pb::GetSubjectRequest { name, clock: clock(None, day(on)), include_names: false };
        assert_eq!(served.sanctions().get_subject(request).await.is_ok(), expected.contains(&"B"), "{on}");
    }
    // Nobody knew of B in July 2022.
    let request = pb::ListSubjectsRequest { clock: clock(day("2022-07-31"), day("2022-07-01")), ..Default::default() };
    let page = served.sanctions().list_subjects(request).await.unwrap().into_inner();
    assert_eq!(page.subjects.len(), 1);
}
