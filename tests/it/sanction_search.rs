//! Subjects are found by words of their names in any script, by identifiers and by filters; pages hold each once.

use std::collections::BTreeSet;

use crate::support::sdn::{Entry, entry, import, list, three_releases};
use crate::support::{Fixture, clock, day};
use entrepot::proto::entrepot::sanctions::v1 as pb;
use tonic::Code;

on_each_backend!(subjects_are_found_by_words_identifiers_and_filters);
async fn subjects_are_found_by_words_identifiers_and_filters(fixture: Fixture) {
    three_releases(&fixture).await;
    let served = fixture.serve().await;
    let mut client = served.sanctions();
    let mut found = async |query: &str, as_of: Option<&str>| -> Vec<String> {
        let request = pb::SearchSubjectsRequest {
            query: query.into(),
            clock: clock(as_of.and_then(day), None),
            ..Default::default()
        };
        let answer = client.search_subjects(request).await.unwrap().into_inner();
        assert_eq!(answer.subjects.is_empty(), answer.emptiness.is_some(), "{query}");
        answer.subjects.into_iter().map(|subject| subject.uid).collect()
    };
    assert_eq!(found("oil company", None).await[0], "17001");
    assert_eq!(found("company oil", None).await[0], "17001", "the order of words does not matter");
    assert_eq!(found("tank*", None).await, ["17003"]);
    assert_eq!(found("IMO 9221970", None).await, ["17003"]);
    assert_eq!(found("9221970", None).await, ["17003"]);
    assert_eq!(found("tanker", Some("2022-02-01")).await, Vec::<String>::new());
    assert_eq!(found("no such name", None).await, Vec::<String>::new());

    let listed = async |filter: pb::SubjectFilter| -> Vec<String> {
        let request = pb::ListSubjectsRequest { filter: Some(filter), ..Default::default() };
        let page = served.sanctions().list_subjects(request).await.unwrap().into_inner();
        page.subjects.into_iter().map(|subject| subject.uid).collect()
    };
    let programmes = vec!["UKRAINE-EO13662".to_owned(), "IRAN".to_owned()];
    assert_eq!(listed(pb::SubjectFilter { programmes, ..Default::default() }).await, ["17002", "17003"]);
    assert_eq!(listed(pb::SubjectFilter { identifier: "imo9221970".into(), ..Default::default() }).await, ["17003"]);
    let start_change_date = day("2022-04-01");
    assert_eq!(
        listed(pb::SubjectFilter { start_change_date, ..Default::default() }).await,
        ["17001", "17002", "17003"]
    );
    let filter = pb::SubjectFilter { lists: vec!["un-sc".into()], ..Default::default() };
    let request = pb::ListSubjectsRequest { filter: Some(filter), ..Default::default() };
    assert_eq!(served.sanctions().list_subjects(request).await.unwrap_err().code(), Code::NotFound);
}

on_each_backend!(pages_of_a_search_hold_every_subject_once_and_whole_names_first);
/// Pages are looked for among a few candidates at a time, and a filter may leave none of many.
async fn pages_of_a_search_hold_every_subject_once_and_whole_names_first(fixture: Fixture) {
    let others = [entry(1, "COMPANY B", "IRAN", ""), entry(2000, "COMPANY", "IRAN", "")];
    import(&fixture, &list(&others), "2022-01-05").await.unwrap();
    let late = [entry(3000, "LAST COMPANY", "IRAN", ""), entry(3001, "COMMON NAME", "IRAN", "")];
    import(&fixture, &list(&[&others[..], &late].concat()), "2022-02-05").await.unwrap();
    let served = fixture.serve().await;
    let pages = async |query: &str, filter: pb::SubjectFilter, page_size: i32| -> Vec<String> {
        let (query, filter) = (query.to_owned(), Some(filter));
        let mut request = pb::SearchSubjectsRequest { query, filter, page_size, ..Default::default() };
        let mut found = Vec::new();
        loop {
            let page = served.sanctions().search_subjects(request.clone()).await.unwrap().into_inner();
            assert!(page.subjects.len() <= page_size as usize);
            found.extend(page.subjects.into_iter().map(|subject| subject.uid));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return found;
            }
        }
    };
    for page_size in [1, 2, 7, 100] {
        let all = pages("company", pb::SubjectFilter::default(), page_size).await;
        assert_eq!((all.len(), all[0].as_str()), (43, "2000"), "the whole name first, by {page_size}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 43, "each once, by {page_size}");
        let begun = pages("com*", pb::SubjectFilter::default(), page_size).await;
        assert_eq!(begun.iter().collect::<BTreeSet<_>>().len(), 44);
        let filter = pb::SubjectFilter { start_change_date: day("2022-02-05"), ..Default::default() };
        assert_eq!(pages("com*", filter, page_size).await, ["3000", "3001"]);
        let filter = pb::SubjectFilter { programmes: vec!["IRAN".into()], ..Default::default() };
        assert_eq!(pages("company", filter, page_size).await, ["2000", "1", "3000"]);
    }
}

on_each_backend!(a_word_within_a_name_of_any_script_is_found);
/// Han, kana and Hangul have no blanks between words.
async fn a_word_within_a_name_of_any_script_is_found(fixture: Fixture) {
    let names = ["朝鲜联合机械贸易会社", "長安海連技術有限公司", "김정은", "ソ連銀行", "UNITED 联合 TRADING"];
    let entries: Vec<Entry> = (1..).zip(names).map(|(number, name)| entry(number, name, "DPRK", "")).collect();
    import(&fixture, &list(&entries), "2022-01-05").await.unwrap();
    let served = fixture.serve().await;
    let found = async |query: &str| -> Vec<String> {
        let request = pb::SearchSubjectsRequest { query: query.into(), ..Default::default() };
        let answer = served.sanctions().search_subjects(request).await.unwrap().into_inner();
        answer.subjects.into_iter().map(|subject| subject.uid).collect()
    };
    assert_eq!(found("朝鲜联合机械贸易会社").await, ["1"]);
    assert_eq!(found("联合").await, ["1", "5"]);
    assert_eq!(found("机械贸易").await, ["1"]);
    assert_eq!(found("聯合").await, ["1", "5"], "written the other way");
    assert_eq!(found("机械*").await, ["1"]);
    assert_eq!(found("长安海连").await, ["2"]);
    assert_eq!(found("김").await, ["3"]);
    assert_eq!(found("銀行").await, ["4"]);
    let request = pb::SearchSubjectsRequest { query: "a".into(), ..Default::default() };
    assert_eq!(served.sanctions().search_subjects(request).await.unwrap_err().code(), Code::InvalidArgument);
}

on_each_backend!(a_search_that_finds_nobody_offers_who_is_near);
async fn a_search_that_finds_nobody_offers_who_is_near(fixture: Fixture) {
    let entries = [
        entry(1, "PUBLIC JOINT STOCK COMPANY LUKOIL", "IRAN", ""),
        entry(2, "GAZPROM NEFT", "IRAN", ""),
        entry(3, "ROSNEFT TRADING", "SDGT", ""),
        entry(4, "PJSC ALROSA", "IRAN", ""),
    ];
    import(&fixture, &list(&entries), "2022-01-05").await.unwrap();
    let served = fixture.serve().await;
    let near = async |query: &str, programmes: &[&str]| -> Vec<String> {
        let programmes = programmes.iter().map(|programme| (*programme).to_owned()).collect();
        let filter = Some(pb::SubjectFilter { programmes, ..Default::default() });
        let request = pb::SearchSubjectsRequest { query: query.into(), filter, ..Default::default() };
        let answer = served.sanctions().search_subjects(request).await.unwrap().into_inner();
        assert!(answer.near_subjects.is_empty() || answer.subjects.is_empty(), "{query}");
        answer.near_subjects.into_iter().map(|near| near.subject.rsplit_once('.').unwrap().1.to_owned()).collect()
    };
    for (query, first) in [
        ("Lukoil PJSC", "1"),
        ("GAZPROMNEFT", "2"),
        ("Rosnef", "3"),
        ("Rosnetf Trading", "3"),
        ("Luckoil", "1"),
        ("Lukoil Overseas Unheardof", "1"),
        ("Роснефь", "3"),
    ] {
        assert_eq!(near(query, &[]).await.first().map(String::as_str), Some(first), "{query}");
    }
    assert!(near("Rosnef", &["IRAN"]).await.is_empty(), "the filter holds for the offer too");
    assert!(near("Rosneft", &[]).await.is_empty(), "who is found needs no offer");
    assert!(near("Qqqqqq", &[]).await.is_empty());
    assert!(near("Gazprom*x", &[]).await.len() <= 5);
}
