//! Sanction lists: every past day answers as it did, changes come once each, lists that vanish are refused.
//!
//! Made-up lists in OFAC's layout; the real ones are in `real_lists.rs`.

use crate::support::sdn::{crowd, entry, import, import_with, list, sdn, three_releases, uids};
use crate::support::{Fixture, clock, day, published};
use entrepot::proto::entrepot::sanctions::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

fn get(name: &str, as_of: Option<&str>) -> pb::GetSubjectRequest {
    pb::GetSubjectRequest { name: name.into(), clock: clock(as_of.and_then(day), None), include_names: false }
}

on_each_backend!(every_past_day_answers_as_it_did);
async fn every_past_day_answers_as_it_did(fixture: Fixture) {
    three_releases(&fixture).await;
    let served = fixture.serve().await;
    for (as_of, has) in [
        (None, &["17001", "17002", "17003"][..]),
        (Some("2022-07-06"), &["17001", "17002", "17003"]),
        (Some("2022-07-05"), &["17001", "17003"]),
        (Some("2022-04-01"), &["17001", "17003"]),
        (Some("2022-03-31"), &["17001", "17002"]),
        (Some("2022-01-05"), &["17001", "17002"]),
        (Some("2022-01-04"), &[]),
    ] {
        let mut all = uids(&served, as_of).await;
        all.retain(|uid| uid.starts_with("17"));
        assert_eq!(all, has.iter().map(|uid| (*uid).to_owned()).collect(), "as of {as_of:?}");
    }
    let mut client = served.sanctions();
    let now = client.get_subject(get("subjects/us-ofac-sdn.17001", None)).await.unwrap().into_inner();
    let then = client.get_subject(get("subjects/us-ofac-sdn.17001", Some("2022-03-01"))).await.unwrap().into_inner();
    assert_eq!(now.subject.unwrap().remarks, "Website www.example.ru");
    let then_subject = then.subject.unwrap();
    assert_eq!((then_subject.remarks.as_str(), then_subject.first_seen_date), ("", day("2022-01-05")));
    assert_eq!(then.provenance.unwrap().sources[0].publication_date, day("2022-01-05"));
    let gone = client.get_subject(get("subjects/us-ofac-sdn.17002", Some("2022-05-01"))).await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    let back = client.get_subject(get("subjects/us-ofac-sdn.17002", None)).await.unwrap().into_inner();
    assert_eq!(back.subject.unwrap().first_seen_date, day("2022-07-06"), "a new spell");

    // In force on a day: by the release of that day, with the day on which it went.
    let request = pb::GetSubjectRequest {
        name: "subjects/us-ofac-sdn.17002".into(),
        clock: clock(None, day("2022-02-24")),
        include_names: false,
    };
    let then = client.get_subject(request).await.unwrap().into_inner().subject.unwrap();
    assert_eq!(then.removal_date, day("2022-04-01"));

    let early = pb::ListSubjectsRequest { clock: clock(day("2021-01-01"), None), ..Default::default() };
    let early = client.list_subjects(early).await.unwrap().into_inner();
    assert_eq!(early.emptiness.unwrap().reason(), EmptyReason::NotReleased);
}

on_each_backend!(changes_are_told_by_field_and_revisions_by_subject);
async fn changes_are_told_by_field_and_revisions_by_subject(fixture: Fixture) {
    three_releases(&fixture).await;
    let again = fixture.folder.path().join("sdn.csv");
    let same = published(vec![again], "2022-07-06");
    let same = fixture.import("ofac-sdn", same).await.unwrap();
    assert!(same.already_imported);
    let served = fixture.serve().await;
    let mut client = served.sanctions();
    let filter = Some(pb::ChangeFilter { skip_initial: true, ..Default::default() });
    let request = pb::ListChangesRequest { filter, page_size: 2, ..Default::default() };
    let first = client.list_changes(request.clone()).await.unwrap().into_inner();
    assert!(first.more);
    let request = pb::ListChangesRequest { cursor: first.cursor.clone(), ..request };
    let second = client.list_changes(request.clone()).await.unwrap().into_inner();
    assert!(!second.more);
    let all: Vec<pb::Change> = first.changes.into_iter().chain(second.changes).collect();
    let told: Vec<(&str, pb::ChangeKind)> =
        all.iter().map(|change| (change.subject.rsplit('.').next().unwrap(), change.kind())).collect();
    let expected = [
        ("17003", pb::ChangeKind::Added),
        ("17001", pb::ChangeKind::Changed),
        ("17002", pb::ChangeKind::Removed),
        ("17002", pb::ChangeKind::Added),
    ];
    assert_eq!(told, expected);
    let website = all[1].fields.iter().find(|field| field.field == "remarks").unwrap();
    let remarks = website.new_value.as_ref().map(|subject| subject.remarks.as_str());
    assert_eq!((website.old_value.is_some(), remarks), (false, Some("Website www.example.ru")));
    let end = pb::ListChangesRequest { cursor: second.cursor, ..request };
    let end = client.list_changes(end).await.unwrap().into_inner();
    assert!(end.changes.is_empty() && end.emptiness.is_some());

    let request = pb::ListSubjectRevisionsRequest { parent: "subjects/us-ofac-sdn.17002".into(), ..Default::default() };
    let revisions = client.list_subject_revisions(request).await.unwrap().into_inner().revisions;
    let kinds: Vec<pb::ChangeKind> = revisions.iter().map(pb::SubjectRevision::kind).collect();
    assert_eq!(kinds, [pb::ChangeKind::Added, pb::ChangeKind::Removed, pb::ChangeKind::Added]);
    assert!(revisions[2].initial && !revisions[0].initial);

    let lists = client.list_sanction_lists(pb::ListSanctionListsRequest::default()).await.unwrap().into_inner();
    let [list] = lists.sanction_lists.as_slice() else { panic!("one list") };
    assert_eq!((list.authority.as_str(), list.subject_count, list.stale), ("OFAC", 43, false));
    assert_eq!((list.first_publication_date, list.publication_date), (day("2022-01-05"), day("2022-07-06")));
    let programmes = client.list_programmes(pb::ListProgrammesRequest::default()).await.unwrap().into_inner();
    let counts: Vec<(&str, i64)> =
        programmes.programmes.iter().map(|entry| (entry.programme.as_str(), entry.subject_count)).collect();
    assert_eq!(counts, [("IRAN", 1), ("RUSSIA-EO14024", 2), ("SDGT", 40), ("UKRAINE-EO13662", 1)]);
}

on_each_backend!(a_list_that_all_but_vanishes_is_refused);
async fn a_list_that_all_but_vanishes_is_refused(fixture: Fixture) {
    three_releases(&fixture).await;
    let half = sdn(&crowd()[..20]);
    let refused = import(&fixture, &half, "2022-08-01").await.unwrap_err().to_string();
    assert!(refused.contains("would remove 23 of 43") && refused.contains("--allow-shrink us-ofac-sdn"), "{refused}");
    let other = import_with(&fixture, &half, "2022-08-01", &["un-sc"]).await;
    assert!(other.is_err(), "another list's permission is none");
    let empty = import(&fixture, "", "2024-05-04").await.unwrap_err().to_string();
    assert!(empty.contains("0 bytes"), "{empty}");
    let only_end = import(&fixture, "\u{1a}", "2024-05-04").await.unwrap_err().to_string();
    assert!(only_end.contains("sdn.csv") || only_end.contains("no subject"), "{only_end}");
    {
        let served = fixture.serve().await;
        assert_eq!(uids(&served, None).await.len(), 43, "the last good list stays");
    }
    let forced = import_with(&fixture, &half, "2022-08-01", &["us-ofac-sdn"]).await.unwrap();
    assert_eq!(forced.rows_withdrawn, 23);
}

on_each_backend!(a_watch_that_is_cut_and_resumed_sees_every_change_once);
/// The watcher hangs up after every message and comes back with its cursor while imports run.
async fn a_watch_that_is_cut_and_resumed_sees_every_change_once(fixture: Fixture) {
    let served = fixture.serve().await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    let mut client = served.sanctions();
    let watcher = tokio::spawn(async move {
        // 41 of the first release, then five times 20 more, 10 changed, 2 gone.
        while seen.len() < 41 + 5 * 32 {
            let request = pb::WatchChangesRequest { cursor: cursor.clone(), ..Default::default() };
            let mut stream = client.watch_changes(request).await.unwrap().into_inner();
            // At most two messages a connection: the rest is thrown away unread.
            for _ in 0..2 {
                let Ok(Some(message)) = stream.message().await else { break };
                seen.extend(
                    message.changes.iter().map(|change| (change.sequence, change.subject.clone(), change.kind)),
                );
                cursor = message.cursor;
                if seen.len() >= 41 + 5 * 32 {
                    break;
                }
            }
        }
        seen
    });
    let mut entries = [crowd().as_slice(), &[entry(1, "FIRST", "SDGT", "")]].concat();
    import(&fixture, &sdn(&entries), "2022-01-01").await.unwrap();
    for round in 1..=5_u32 {
        for changed in &mut entries[10..20] {
            changed.remarks = format!("Website www.example{round}.com");
        }
        entries.drain(..2);
        entries.extend((0..20).map(|n| entry(5000 + round * 100 + n, "NEW ONE", "SDGT", "")));
        import(&fixture, &sdn(&entries), &format!("2022-02-0{round}")).await.unwrap();
    }
    let seen = tokio::time::timeout(std::time::Duration::from_secs(60), watcher).await.expect("in time").unwrap();
    let sequences: Vec<i64> = seen.iter().map(|(sequence, ..)| *sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[0] < pair[1]), "in order, none twice");

    let mut all = Vec::new();
    let mut request = pb::ListChangesRequest { page_size: 50, ..Default::default() };
    loop {
        let page = served.sanctions().list_changes(request.clone()).await.unwrap().into_inner();
        all.extend(page.changes.iter().map(|change| (change.sequence, change.subject.clone(), change.kind)));
        request.cursor = page.cursor;
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, all, "every change once");
}

on_each_backend!(a_bad_list_is_refused_with_its_reason);
/// Each bad list is refused with its reason, and the store stays as it was.
async fn a_bad_list_is_refused_with_its_reason(fixture: Fixture) {
    const UN: &str = "<CONSOLIDATED_LIST dateGenerated=\"2026-02-27T00:00:00\"><INDIVIDUALS><INDIVIDUAL>\
        <DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>\
        <REFERENCE_NUMBER>KPi.001</REFERENCE_NUMBER><LISTED_ON>2016-11-30</LISTED_ON></INDIVIDUAL></INDIVIDUALS>\
        <ENTITIES></ENTITIES></CONSOLIDATED_LIST>";
    let laughs = UN
        .replace("<CONSOLIDATED_LIST", "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><CONSOLIDATED_LIST");
    let external = UN.replace("<CONSOLIDATED_LIST", "<!DOCTYPE l SYSTEM \"http://127.0.0.1:9/x\"><CONSOLIDATED_LIST");
    let latin: Vec<u8> = [b"7,\"CAF\xc9\",-0- ,\"SDGT\"".as_slice(), b",-0- ".repeat(8).as_slice(), b"\r\n"].concat();
    let whole = list(&[]);
    let cut = &whole[..whole.len() - 40];
    let doubled = list(&[entry(1001, "SAME NUMBER", "SDGT", "")]);
    let cons: String =
        (1..=20).map(|n| format!("{n},\"A\",-0- ,\"NS-PLC\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n")).collect();
    let cases: [(&str, &[u8], &[&str]); 12] = [
        ("ofac-sdn", b"", &["0 bytes"]),
        ("ofac-sdn", cut.as_bytes(), &["line 40", "cut"]),
        ("ofac-sdn", &latin, &["line 1", "UTF-8"]),
        ("ofac-sdn", cons.as_bytes(), &["consolidated (non-SDN) list"]),
        ("ofac-cons", whole.as_bytes(), &["is the SDN list"]),
        ("ofac-sdn", doubled.as_bytes(), &["line 41", "1001", "twice"]),
        ("ofac-sdn", b"<html><body>404</body></html>", &["root is <html>"]),
        ("un", laughs.as_bytes(), &["DOCTYPE"]),
        ("un", external.as_bytes(), &["DOCTYPE"]),
        ("un", &UN.as_bytes()[..UN.len() - 40], &["breaks off"]),
        ("un", whole.as_bytes(), &["does not begin with an element"]),
        ("csl", whole.as_bytes(), &["lacks the column"]),
    ];
    import(&fixture, &whole, "2022-01-05").await.unwrap();
    for (format, content, expected) in &cases {
        let path = fixture.write("bad.csv", content);
        let options = published(vec![path], "2022-02-01");
        let error = fixture.import(format, options).await.unwrap_err().to_string();
        for text in *expected {
            assert!(error.contains(text), "{format}: `{text}` is not in: {error}");
        }
    }
    let impossible = UN.replace("2016-11-30", "2016-02-31");
    let mut options = published(vec![fixture.write("un.xml", impossible)], "2022-02-01");
    options.published_anyway = true;
    let report = fixture.import("un", options).await.unwrap();
    assert!(report.kept_as_text.iter().any(|kept| kept.value == "2016-02-31"), "{report}");
    // An alias file of another day: what has no entry is counted, and the rest goes in.
    let alt = fixture.write("alt.csv", "1001,1,\"aka\",\"ALSO\",-0- \r\n9999,2,\"aka\",\"ORPHAN\",-0- \r\n");
    let primary = fixture.write("sdn.csv", &whole);
    let files = published(vec![alt, primary], "2022-02-01");
    let report = fixture.import("ofac-sdn", files).await.unwrap();
    assert_eq!((report.rows_revised, report.skipped.values().sum::<u64>()), (1, 1), "{:?}", report.skipped);
    let served = fixture.serve().await;
    // The subject of the United Nations beside them.
    assert_eq!(uids(&served, None).await.len(), 41);
    assert_eq!(uids(&served, Some("2022-01-31")).await.len(), 40);
}

on_each_backend!(a_cursor_goes_on_with_its_own_day);
/// What a cursor has passed by as of one day may be new on another: it goes on with its own day only.
async fn a_cursor_goes_on_with_its_own_day(fixture: Fixture) {
    // The list of a later day comes first.
    import(&fixture, &list(&[]), "2022-01-05").await.unwrap();
    let header = "Unique ID,Name 6,Name type,Regime Name,Designation Type,Sanctions Imposed,Date Designated\n";
    let uk = format!("{header}A,NAME A,Primary Name,Russia,Entity,Asset freeze,01/02/2015\n");
    let path = fixture.write("uk.csv", uk);
    fixture.import("uk", published(vec![path], "2018-06-01")).await.unwrap();
    let served = fixture.serve().await;
    let ask = async |cursor: &str, as_of: Option<&str>| {
        let cursor = cursor.to_owned();
        let request = pb::ListChangesRequest {
            cursor,
            clock: clock(as_of.and_then(day), None),
            page_size: 1000,
            ..Default::default()
        };
        served.sanctions().list_changes(request).await.map(tonic::Response::into_inner)
    };
    let early = ask("", Some("2019-01-01")).await.unwrap();
    assert_eq!(early.changes.len(), 1);
    assert!(ask(&early.cursor, Some("2019-01-01")).await.unwrap().changes.is_empty());
    for other in [Some("2022-01-31"), None] {
        let refused = ask(&early.cursor, other).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().contains("cursor: was given with as_of 2019-01-01"), "{}", refused.message());
    }
    let watch = pb::WatchChangesRequest { cursor: early.cursor, ..Default::default() };
    assert_eq!(served.sanctions().watch_changes(watch).await.unwrap_err().code(), Code::InvalidArgument);
    let all = ask("", None).await.unwrap();
    assert_eq!((all.changes.len(), all.more), (41, false));
    assert!(ask(&all.cursor, Some("2026-01-01")).await.is_err());
    assert!(ask(&all.cursor, None).await.unwrap().changes.is_empty());
    let watch = pb::WatchChangesRequest { cursor: all.cursor, ..Default::default() };
    let mut stream = served.sanctions().watch_changes(watch).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().unwrap().caught_up);
    let filter = Some(pb::ChangeFilter { lists: vec!["us-ofac-snd".into()], ..Default::default() });
    let mistyped = pb::WatchChangesRequest { filter, ..Default::default() };
    let refused = served.sanctions().watch_changes(mistyped).await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (Code::NotFound, "datasets/us-ofac-snd does not exist"));
}
