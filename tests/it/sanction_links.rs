//! Links between the lists: by identifiers, by name and birth date, by name, kind and country; and what they leave open.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Fixture, Served, clock, day, published, real_data};
use entrepot::proto::entrepot::sanctions::v1 as pb;

/// A person and a company that both lists have, under no common number, and their namesakes.
async fn two_lists(fixture: &Fixture) {
    let row = |number: u32, name: &str, kind: &str, remarks: &str| {
        format!("{number},\"{name}\",{kind},\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remarks}\"\r\n")
    };
    let rows = [
        row(1, "ORLOV, Pavel", "\"individual\"", "DOB 14 Aug 1961; nationality Russia; Gender Male."),
        row(2, "VOLGA MARITIME", "-0- ", "Organization Established Date 2001."),
        row(3, "ORLOV, Pavel", "\"individual\"", "DOB 02 Feb 1980; nationality Russia; Gender Male."),
        row(4, "PETROV, Ivan", "\"individual\"", "DOB 1970; nationality Russia; Gender Male."),
    ];
    let path = fixture.write("sdn.csv", rows.concat());
    // The company's address.
    let address = fixture.write("add.csv", "2,1,\"1 Embankment\",\"Astrakhan\",\"Russia\",-0- \r\n");
    let alias = fixture.write("alt.csv", "2,1,\"aka\",\"VOLGA SHIPPING\",-0- \r\n");
    fixture.import("ofac-sdn", published(vec![path, alias, address], "2020-01-01")).await.unwrap();
    let uk = "Unique ID,Name 6,Name 1,Name type,Regime Name,Designation Type,Sanctions Imposed,Date Designated,D.O.B,\
              Nationality(/ies),Address Line 1,Address Country,Gender\n\
              RUS0001,Orlov,Pavel,Primary Name,Russia,Individual,Asset freeze,24/02/2022,14/08/1961,Russia,,,Male\n\
              RUS0002,Volga Maritime,,Primary Name,Russia,Entity,Asset freeze,24/02/2022,,,1 Quay,Russia,\n\
              RUS0003,Petrov,Ivan,Primary Name,Russia,Individual,Asset freeze,24/02/2022,dd/mm/1971,Russia,,,Male\n";
    let path = fixture.write("uk.csv", uk);
    fixture.import("uk", published(vec![path], "2022-03-01")).await.unwrap();
}

async fn links(served: &Served, name: &str) -> Vec<(String, pb::LinkStrength)> {
    let request = pb::GetSubjectRequest { name: name.into(), ..Default::default() };
    let subject = served.sanctions().get_subject(request).await.unwrap().into_inner().subject.unwrap();
    subject.links.iter().map(|link| (link.subject.clone(), link.strength())).collect()
}

async fn verdict(
    served: &Served,
    name: &str,
    authority: &str,
    weakest: pb::LinkStrength,
) -> (pb::OwnershipVerdict, pb::ResolveOwnershipResponse) {
    let request = pb::ResolveOwnershipRequest {
        name: name.into(),
        clock: clock(None, day("2023-01-01")),
        authorities: vec![authority.into()],
        weakest_link: weakest.into(),
    };
    let answer = served.sanctions().resolve_ownership(request).await.unwrap().into_inner();
    (answer.findings[0].verdict(), answer)
}

on_each_backend!(who_is_alike_is_linked_by_what_both_lists_say);
async fn who_is_alike_is_linked_by_what_both_lists_say(fixture: Fixture) {
    use pb::LinkStrength::{NameAndBirthDate, NameKindAndCountry};
    two_lists(&fixture).await;
    let served = fixture.serve().await;
    let sdn = |number: u32| format!("subjects/us-ofac-sdn.{number}");
    let uk = |number: u32| format!("subjects/uk-sl.RUS000{number}");
    assert_eq!(links(&served, &uk(1)).await, [(sdn(1), NameAndBirthDate)]);
    assert_eq!(links(&served, &sdn(1)).await, [(uk(1), NameAndBirthDate)]);
    assert_eq!(links(&served, &uk(2)).await, [(sdn(2), NameKindAndCountry)]);
    assert_eq!(links(&served, &sdn(3)).await, [], "born on another day");
    assert_eq!(links(&served, &uk(3)).await, [], "born in another year");
}

on_each_backend!(who_is_alike_leaves_it_open_and_is_one_where_asked);
async fn who_is_alike_leaves_it_open_and_is_one_where_asked(fixture: Fixture) {
    use pb::LinkStrength::{Identifier, NameAndBirthDate, NameKindAndCountry, Unspecified};
    use pb::OwnershipVerdict::{Blocked, Designated, NotBlocked, Undetermined};
    two_lists(&fixture).await;
    let rows = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n\
                subjects/uk-sl.RUS0001,,entities/a,A,owns,60,,,register\n\
                entities/others,Others,entities/a,A,owns,40,,,register\n\
                subjects/uk-sl.RUS0002,,entities/b,B,owns,60,,,register\n\
                entities/others,Others,entities/b,B,owns,40,,,register\n\
                subjects/uk-sl.RUS0003,,entities/c,C,owns,60,,,register\n\
                entities/others,Others,entities/c,C,owns,40,,,register\n";
    let path = fixture.write("holdings.csv", rows);
    fixture.import("holdings", published(vec![path], "2022-03-01")).await.unwrap();
    let served = fixture.serve().await;
    for (name, weakest, expected) in [
        ("subjects/uk-sl.RUS0001", Unspecified, Undetermined),
        ("subjects/uk-sl.RUS0001", Identifier, Undetermined),
        ("subjects/uk-sl.RUS0001", NameAndBirthDate, Designated),
        ("subjects/uk-sl.RUS0001", NameKindAndCountry, Designated),
        ("entities/a", Unspecified, Undetermined),
        ("entities/a", NameAndBirthDate, Blocked),
        ("entities/b", NameAndBirthDate, Undetermined),
        ("entities/b", NameKindAndCountry, Blocked),
        ("entities/c", NameKindAndCountry, NotBlocked),
        ("subjects/uk-sl.RUS0003", NameKindAndCountry, NotBlocked),
    ] {
        let (found, answer) = verdict(&served, name, "OFAC", weakest).await;
        assert_eq!(found, expected, "{name} {weakest:?}: {answer:#?}");
        let followed: Vec<bool> = answer.identity_links.iter().map(|link| link.followed).collect();
        match expected {
            NotBlocked => assert!(followed.is_empty(), "{name}"),
            Undetermined => assert_eq!(followed, [false], "{name}"),
            _ => assert_eq!(followed, [true], "{name}"),
        }
    }
    let (_, answer) = verdict(&served, "entities/a", "OFAC", Unspecified).await;
    let unknown = answer.findings[0].unknowns.join("; ");
    for said in ["ORLOV", "subjects/us-ofac-sdn.1", "birth date 1961-08-14", "may be another"] {
        assert!(unknown.contains(said), "{said}: {unknown}");
    }
}

async fn all(served: &Served, list: &str) -> Vec<pb::Subject> {
    let filter = Some(pb::SubjectFilter { lists: vec![list.into()], ..Default::default() });
    let mut request = pb::ListSubjectsRequest { page_size: 500, filter, ..Default::default() };
    let mut found = Vec::new();
    loop {
        let page = served.sanctions().list_subjects(request.clone()).await.unwrap().into_inner();
        found.extend(page.subjects);
        if page.next_page_token.is_empty() {
            return found;
        }
        request.page_token = page.next_page_token;
    }
}

/// Words of a name as people sort them, for names in ASCII; the others are left to our own reading.
fn sorted_words(name: &str) -> Option<String> {
    let plain: String = name.chars().filter(|c| !matches!(c, '\'' | '`')).collect();
    let mut words: Vec<String> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.sort();
    (plain.is_ascii() && words.len() > 1).then(|| words.join(" "))
}

on_each_backend!(persons_of_the_united_nations_are_found_on_ofacs_list);
/// Every pair of the two real lists that has a name and a day of birth in common, counted by comparing all with all.
async fn persons_of_the_united_nations_are_found_on_ofacs_list(fixture: Fixture) {
    let Some(folder) = real_data() else { return };
    let folder = folder.join("sanctions");
    let mut history: Vec<_> =
        std::fs::read_dir(folder.join("ofac/history")).unwrap().map(|entry| entry.unwrap().path()).collect();
    history.sort();
    fixture.import("ofac-sdn", published(vec![history.pop().unwrap()], "2023-04-04")).await.unwrap();
    let mut un: Vec<_> = std::fs::read_dir(folder.join("un")).unwrap().map(|entry| entry.unwrap().path()).collect();
    un.retain(|path| path.to_string_lossy().contains("xml"));
    un.sort();
    fixture.import("un", published(vec![un.pop().unwrap()], "2026-02-27")).await.unwrap();
    let served = fixture.serve().await;
    let (un, sdn) = (all(&served, "un-sc").await, all(&served, "us-ofac-sdn").await);
    assert!(un.len() > 800 && sdn.len() > 5000, "{} {}", un.len(), sdn.len());

    let persons = |subjects: &[pb::Subject]| -> BTreeMap<(String, String), BTreeSet<(String, i32)>> {
        let mut persons: BTreeMap<(String, String), BTreeSet<(String, i32)>> = BTreeMap::new();
        for subject in subjects.iter().filter(|subject| subject.kind() == pb::SubjectKind::Person) {
            let strong = subject.names.iter().filter(|name| name.strength() != pb::NameStrength::Weak);
            let names: BTreeSet<String> = strong.filter_map(|name| sorted_words(&name.full)).collect();
            for fact in subject.dates.iter().filter(|fact| fact.kind() == pb::DateKind::Birth) {
                let edtf = fact.date.as_ref().unwrap().edtf.clone();
                for name in names.iter().filter(|_| edtf.len() == 10) {
                    let of_name = persons.entry((name.clone(), edtf.clone())).or_default();
                    of_name.insert((subject.name.clone(), subject.gender));
                }
            }
        }
        persons
    };
    let (of_un, of_sdn) = (persons(&un), persons(&sdn));
    let mut expected = BTreeSet::new();
    for (key, ones) in &of_un {
        for (one, gender) in ones {
            for (other, others_gender) in of_sdn.get(key).into_iter().flatten() {
                if *gender == 0 || *others_gender == 0 || gender == others_gender {
                    expected.insert((one.clone(), other.clone()));
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    let mut strengths: BTreeMap<pb::LinkStrength, usize> = BTreeMap::new();
    let names: Vec<String> = un.iter().map(|subject| subject.name.clone()).collect();
    for names in names.chunks(100) {
        let request = pb::BatchGetSubjectsRequest { names: names.to_vec(), ..Default::default() };
        for subject in served.sanctions().batch_get_subjects(request).await.unwrap().into_inner().subjects {
            let mut others = BTreeSet::new();
            for link in &subject.links {
                if others.insert(link.subject.clone()) {
                    *strengths.entry(link.strength()).or_default() += 1;
                }
                if link.strength() != pb::LinkStrength::NameKindAndCountry {
                    found.insert((subject.name.clone(), link.subject.clone()));
                }
            }
        }
    }
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
    println!("{} pairs by name and day of birth, links by strength {strengths:?}", expected.len());
    assert!(expected.len() > 100 && strengths.len() == 3, "{strengths:?}");
}
