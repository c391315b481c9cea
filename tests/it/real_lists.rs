//! Every real sanction list goes in, on both backends, with counts and differences made without our code.
//!
//! The files may not be bundled; ENTREPOT_REAL_DATA says where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::support::{Fixture, Served, clock, day, published, real_data};
use entrepot::import::Report;
use entrepot::proto::entrepot::sanctions::v1 as pb;

fn lists() -> Option<PathBuf> {
    real_data().map(|folder| folder.join("sanctions"))
}

fn text(path: &Path) -> String {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        std::io::BufReader::new(file).read_to_end(&mut bytes).unwrap();
    }
    String::from_utf8(bytes).unwrap()
}

async fn import(fixture: &Fixture, format: &'static str, files: Vec<PathBuf>, on: &str) -> Report {
    let mut options = published(files, on);
    // The files lie months or years apart, in several layouts, and one set lacks what goes on where remarks are cut.
    options.allow_shrink = ["un-sc", "us-ofac-sdn", "us-ofac-cons"].map(str::to_owned).to_vec();
    // The days here are those of the tests.
    options.published_anyway = true;
    options.max_rejects = u64::from(on == "2022-01-15");
    fixture.import(format, options).await.unwrap()
}

/// Rows of sdn.csv by number, as text.
fn sdn_rows(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = text(path);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(Result::unwrap).filter(|row| row.len() == 12);
    rows.map(|row| (row[0].to_owned(), row.iter().map(|field| field.trim().to_owned()).collect())).collect()
}

/// Parts of remarks of which a word or number stands in no field of their subjects. What says which field a part is, and
/// what the fields have in another form, are left aside: dates, and the country behind an identifier that has one.
fn parts_in_no_field(rows: &BTreeMap<String, Vec<String>>, found: &BTreeMap<String, pb::Subject>) -> u64 {
    const MARKS: &str = "alt dob pob nationality citizen linked to issued expires circa approximately between and of a.k.a \
        f.k.a n.k.a organization established date vessel year build aircraft manufacture former flag registration \
        identification number company imo digital currency address gender jan feb mar apr may jun jul aug sep oct nov dec";
    let marks: BTreeSet<&str> = MARKS.split_whitespace().collect();
    let mut lost = 0;
    for (uid, row) in rows.iter().filter(|(_, row)| row[11] != "-0-") {
        let subject = pb::Subject { remarks: String::new(), ..found[uid].clone() };
        let fields = format!("{subject:?}").to_lowercase();
        for part in row[11].split("; ") {
            let has_country = |id: &pb::Identifier| !id.country.is_empty() && part.contains(&id.value);
            let lower = match part.split_once(" (").and_then(|(before, rest)| Some((before, rest.split_once(')')?.1))) {
                Some((before, behind)) if subject.identifiers.iter().any(has_country) => format!("{before} {behind}"),
                _ => part.to_owned(),
            };
            let lower = lower.to_lowercase();
            let words = lower.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
            let words = words.filter(|word| word.chars().count() > 2 && !marks.contains(word));
            let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
            lost += u64::from(words.into_iter().any(|word| !is_year(word) && !fields.contains(word)));
        }
    }
    lost
}

/// Each row with the numbers of those that its remarks link to by their names: an entry that has such a name alone.
fn with_links(rows: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, (Vec<String>, Vec<Option<String>>)> {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut by_name: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (uid, row) in rows {
        by_name.entry(squeezed(&row[1])).or_default().push(uid);
    }
    let link = |part: &str| {
        let name = part.split("; ").next().unwrap().trim();
        let last = part.split("; ").count() == 1;
        let name = squeezed(if last { name.strip_suffix('.').unwrap_or(name) } else { name });
        let fits: Vec<&&String> =
            [name.clone(), format!("{name}.")].iter().filter_map(|name| by_name.get(name)).flatten().collect();
        if let [one] = fits[..] { Some((*one).clone()) } else { None }
    };
    let links = |row: &Vec<String>| row[11].split("Linked To: ").skip(1).map(link).collect();
    rows.iter().map(|(uid, row)| (uid.clone(), (row.clone(), links(row)))).collect()
}

/// Added, removed and changed keys.
fn compare<T: PartialEq>(old: &BTreeMap<String, T>, new: &BTreeMap<String, T>) -> [BTreeSet<String>; 3] {
    let added = new.keys().filter(|key| !old.contains_key(*key)).cloned().collect();
    let removed = old.keys().filter(|key| !new.contains_key(*key)).cloned().collect();
    let changed = new.iter().filter(|(key, row)| old.get(*key).is_some_and(|old| old != *row));
    [added, removed, changed.map(|(key, _)| key.clone()).collect()]
}

async fn subjects(served: &Served, list: &str, as_of: Option<&str>) -> BTreeMap<String, pb::Subject> {
    let mut found = BTreeMap::new();
    let filter = Some(pb::SubjectFilter { lists: vec![list.into()], include_delisted: true, ..Default::default() });
    let as_of = as_of.and_then(day);
    let mut request =
        pb::ListSubjectsRequest { page_size: 500, filter, clock: clock(as_of, None), ..Default::default() };
    loop {
        let page = served.sanctions().list_subjects(request.clone()).await.unwrap().into_inner();
        for subject in page.subjects {
            let uid = subject.uid.clone();
            assert!(found.insert(uid, subject).is_none(), "one subject comes once");
        }
        if page.next_page_token.is_empty() {
            return found;
        }
        request.page_token = page.next_page_token;
    }
}

/// What the release published on a day did, by kind of change.
async fn changes(served: &Served, list: &str, on: &str) -> [BTreeSet<String>; 3] {
    let mut found = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    let filter = Some(pb::ChangeFilter { lists: vec![list.to_owned()], start_date: day(on), ..Default::default() });
    let mut request =
        pb::ListChangesRequest { clock: clock(day(on), None), filter, page_size: 1000, ..Default::default() };
    loop {
        let page = served.sanctions().list_changes(request.clone()).await.unwrap().into_inner();
        for change in page.changes {
            let uid = change.subject.split_once('.').unwrap().1.to_owned();
            let place = match change.kind() {
                pb::ChangeKind::Added => 0,
                pb::ChangeKind::Removed => 1,
                _ => 2,
            };
            assert!(found[place].insert(uid));
        }
        request.cursor = page.cursor;
        if !page.more {
            return found;
        }
    }
}

on_each_backend!(ofac_snapshots_give_their_differences_and_each_day_its_snapshot);
async fn ofac_snapshots_give_their_differences_and_each_day_its_snapshot(fixture: Fixture) {
    let Some(folder) = lists() else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("ofac/history")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 7);
    let day_of = |path: &Path| path.file_name().unwrap().to_str().unwrap()[4..14].to_owned();
    let snapshots: Vec<(String, BTreeMap<String, Vec<String>>)> =
        files.iter().map(|path| (day_of(path), sdn_rows(path))).collect();
    let served = fixture.serve().await;
    let mut before = BTreeMap::new();
    let mut in_words = Vec::new();
    for (path, (on, rows)) in files.iter().zip(&snapshots) {
        let report = import(&fixture, "ofac-sdn", vec![path.clone()], on).await;
        let linked = with_links(rows);
        let [added, removed, changed] = compare(&before, &linked);
        assert_eq!(report.rows_read as usize, rows.len());
        let counts = (report.rows_new, report.rows_withdrawn, report.rows_revised);
        assert_eq!(counts, (added.len() as u64, removed.len() as u64, changed.len() as u64), "{on}");
        let [found_added, found_removed, found_changed] = changes(&served, "us-ofac-sdn", on).await;
        assert_eq!((found_added, found_removed, found_changed), (added, removed, changed), "{on}");
        before = linked;
        in_words.push(report.skipped["parts of remarks in words, which stand in the remarks alone"]);
    }
    for ((on, rows), in_words) in snapshots.iter().zip(in_words) {
        let linked = with_links(rows);
        let found = subjects(&served, "us-ofac-sdn", Some(on)).await;
        assert_eq!(found.keys().collect::<Vec<_>>(), rows.keys().collect::<Vec<_>>(), "{on}");
        let lost = parts_in_no_field(rows, &found);
        assert!(lost <= in_words, "{on}: {lost} parts have words in no field, and {in_words} are counted");
        for (uid, subject) in &found {
            let row = &rows[uid];
            let programmes: Vec<&str> = subject.programmes.iter().map(|entry| entry.programme.as_str()).collect();
            assert_eq!(programmes.join("] ["), row[3], "{on}: {uid}");
            let remarks = if row[11] == "-0-" { "" } else { &row[11] };
            assert_eq!(subject.remarks, remarks, "{on}: {uid}");
            let by_name = subject.relations.iter().filter(|relation| relation.text == "Linked To");
            let found: Vec<Option<&str>> = by_name
                .map(|relation| {
                    relation.by_name.then(|| relation.subject.strip_prefix("subjects/us-ofac-sdn.").unwrap())
                })
                .collect();
            let expected: Vec<Option<&str>> = linked[uid].1.iter().map(Option::as_deref).collect();
            assert_eq!(found, expected, "{on}: {uid}");
        }
    }
}

/// Entries of the UN list as raw text, whitespace aside, by DATAID: no XML library, no importer.
fn un_entries(path: &Path) -> BTreeMap<String, String> {
    let text = text(path);
    let mut found = BTreeMap::new();
    for tag in ["INDIVIDUAL", "ENTITY"] {
        for part in text.split(&format!("<{tag}>")).skip(1) {
            let entry = part.split(&format!("</{tag}>")).next().unwrap();
            let id = entry.split("<DATAID>").nth(1).unwrap().split("</DATAID>").next().unwrap().trim();
            let squeezed = entry.split_whitespace().collect::<Vec<_>>().join(" ").replace("> <", "><");
            assert!(found.insert(id.to_owned(), squeezed).is_none());
        }
    }
    found
}

on_each_backend!(un_lists_give_their_differences_and_each_day_its_list);
async fn un_lists_give_their_differences_and_each_day_its_list(fixture: Fixture) {
    let Some(folder) = lists() else { return };
    let lists = [
        ("2018-10-29", "un_2018-10-29.xml.gz"),
        ("2025-05-30", "un_2025-05.xml.gz"),
        ("2026-02-27", "un_2026-02-27.xml.gz"),
    ]
    .map(|(on, file)| (on, folder.join("un").join(file)));
    let entries = lists.each_ref().map(|(_, path)| un_entries(path));
    let served = fixture.serve().await;
    let mut before = BTreeMap::new();
    for ((on, path), entries) in lists.iter().zip(&entries) {
        let report = import(&fixture, "un", vec![path.clone()], on).await;
        assert_eq!((report.rows_read as usize, report.rows_rejected), (entries.len(), 0), "{on}");
        let [added, removed, changed] = compare(&before, entries);
        let [found_added, found_removed, found_changed] = changes(&served, "un-sc", on).await;
        assert_eq!((found_added, found_removed), (added, removed), "{on}");
        // White space, empty elements, version and sort keys are not changes of a record.
        let beyond: Vec<&String> = found_changed.difference(&changed).collect();
        assert_eq!(beyond, Vec::<&String>::new(), "{on}: a change that the files do not have");
        for id in changed.difference(&found_changed) {
            assert_eq!(without_form(&before[id]), without_form(&entries[id]), "{on}: {id} changed, and was not told");
        }
        before.clone_from(entries);
    }
    for ((on, _), entries) in lists.iter().zip(&entries) {
        let found = subjects(&served, "un-sc", Some(on)).await;
        assert_eq!(found.keys().collect::<Vec<_>>(), entries.keys().collect::<Vec<_>>(), "{on}");
        for (uid, subject) in &found {
            for identifier in subject.identifiers.iter().filter(|i| i.kind() == pb::IdentifierKind::UnReference) {
                assert!(entries[uid].contains(&identifier.value), "{uid}: {}", identifier.value);
            }
        }
    }
    // In force in 2017 by the dates of listing, though no release of then is here.
    let request =
        pb::ListSubjectsRequest { clock: clock(None, day("2017-01-01")), page_size: 500, ..Default::default() };
    let then = served.sanctions().list_subjects(request).await.unwrap().into_inner();
    assert!(then.subjects.len() > 300);
    assert!(then.subjects.iter().all(|s| s.listing_date.as_ref().unwrap().start_date.unwrap().year < 2017));
}

/// What the entry says, element by element: without empty ones, the order, and what counts its versions.
fn without_form(entry: &str) -> Vec<String> {
    let leaves = entry.split('<').filter(|part| !part.starts_with('/')).filter_map(|part| {
        let (tag, text) = part.split_once('>')?;
        let text = text.trim();
        let counts = ["VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD"].contains(&tag);
        (!text.is_empty() && !counts).then(|| format!("{tag}: {text}"))
    });
    let mut leaves: Vec<String> = leaves.collect();
    leaves.sort_unstable();
    leaves
}

on_each_backend!(the_older_uk_list_goes_in_whole);
async fn the_older_uk_list_goes_in_whole(fixture: Fixture) {
    let Some(folder) = lists() else { return };
    let path = folder.join("uk/ofsi_2018-04-13.csv.gz");
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_end(&mut bytes).unwrap();
    // Latin-1 is enough to count by: each byte is a character.
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let (_, table) = text.split_once('\n').unwrap();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> =
        reader.records().map(Result::unwrap).filter(|row| row.len() == header.len()).collect();
    // Groups that have a value in a column.
    let groups_with = |name: &str, has: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        let (value, group) = (column(name), column("Group ID"));
        rows.iter().filter(|row| has(row[value].trim())).map(|row| row[group].trim().to_owned()).collect()
    };
    let said = |text: &str| !text.is_empty();
    let groups = groups_with("Group ID", &said);
    assert_eq!(groups.len(), 2106);

    let options = published(vec![path], "2018-04-13");
    let report = fixture.import("ofsi", options).await.unwrap();
    assert_eq!((report.rows_read, report.rows_new, report.rows_rejected), (2106, 2106, 0), "{report}");
    assert!(!report.skipped.keys().any(|reason| reason.starts_with("values of the column")), "{report}");
    let served = fixture.serve().await;
    let found = subjects(&served, "uk-ofsi", None).await;
    let uids = |has: &dyn Fn(&pb::Subject) -> bool| -> BTreeSet<String> {
        found.iter().filter(|(_, subject)| has(subject)).map(|(uid, _)| uid.clone()).collect()
    };
    assert_eq!(uids(&|_| true), groups);
    assert_eq!(uids(&|subject| !subject.dates.is_empty()), groups_with("DOB", &said));
    let has_place = |subject: &pb::Subject, kind| subject.places.iter().any(|place| place.kind() == kind);
    assert_eq!(uids(&|s| has_place(s, pb::PlaceKind::Nationality)), groups_with("Nationality", &said));
    let has_detail = |subject: &pb::Subject, label: &str| subject.details.iter().any(|detail| detail.label == label);
    assert_eq!(uids(&|s| has_detail(s, "Position")), groups_with("Position", &said));
    // A number, or the words in which there is none.
    let has_document = |s: &pb::Subject, of: &[pb::IdentifierKind], label| {
        s.identifiers.iter().any(|id| of.contains(&id.kind())) || has_detail(s, label)
    };
    use pb::IdentifierKind::{NationalId, Other, Passport, Tax, UnReference};
    let with_passport = groups_with("Passport Details", &said);
    let found_passport = uids(&|s| has_document(s, &[Passport, Other, Tax], "Passport Details"));
    assert_eq!(with_passport.difference(&found_passport).collect::<Vec<_>>(), Vec::<&String>::new());
    let with_number = groups_with("NI Number", &said);
    let found_number = uids(&|s| has_document(s, &[NationalId, Other, Tax, Passport], "NI Number"));
    assert_eq!(with_number.difference(&found_number).collect::<Vec<_>>(), Vec::<&String>::new());
    let refers = |text: &str| text.to_lowercase().contains("un ref");
    let found_reference = uids(&|s| s.identifiers.iter().any(|id| id.kind() == UnReference) || has_detail(s, "UN Ref"));
    assert_eq!(found_reference, groups_with("Other Information", &refers));
    let positions = found.values().flat_map(|subject| &subject.details).filter(|detail| detail.label == "Position");
    assert!(positions.into_iter().any(|detail| detail.value.contains("Forces Arm\u{e9}es Centrafricaines")));
}

on_each_backend!(every_other_list_goes_in_whole);
async fn every_other_list_goes_in_whole(fixture: Fixture) {
    let Some(folder) = lists() else { return };
    let path = |name: &str| folder.join(name);
    let lines_of = |name: &str, columns: usize, delimiter: u8, header: bool| -> Vec<csv::StringRecord> {
        let text = text(&path(name));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(header)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).filter(|row| row.len() == columns).collect()
    };
    let set =
        |folder: &str, names: &[&str]| -> Vec<PathBuf> { names.iter().map(|name| path(folder).join(name)).collect() };
    for (folder, on, names) in [
        ("ofac/2021-04_trio", "2021-04-15", &["sdn.csv", "alt.csv", "add.csv"][..]),
        ("ofac/2021-07_with_comments", "2021-07-15", &["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"]),
        ("ofac/2022-01_trio", "2022-01-15", &["sdn.csv", "alt.csv", "add.csv"]),
    ] {
        let report = import(&fixture, "ofac-sdn", set(folder, names), on).await;
        // In the set of January 2022, as it was passed on, two entries have the number 2677.
        let rejected = u64::from(folder == "ofac/2022-01_trio");
        let entries = lines_of(&format!("{folder}/sdn.csv"), 12, b',', false).len();
        assert_eq!((report.rows_read as usize, report.rows_rejected), (entries, rejected), "{folder}");
        assert!(report.rejects.iter().all(|reject| reject.line == 9044 && reject.value == "2677"));
    }
    let files = set("ofac_cons", &["cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv"]);
    let report = import(&fixture, "ofac-cons", files, "2025-01-15").await;
    assert_eq!(report.rows_read as usize, lines_of("ofac_cons/cons_prim.csv", 12, b',', false).len());
    let report = import(&fixture, "ofac-cons", vec![path("ofac_cons/2025-05_consolidated.xml")], "2025-05-15").await;
    let xml = text(&path("ofac_cons/2025-05_consolidated.xml"));
    assert_eq!(report.rows_read as usize, xml.matches("<sdnEntry>").count());

    let files = ["subjects", "subject_names", "subject_dobs", "subject_identifiers"];
    let files = files.map(|name| path(&format!("uk/2026-05_{name}.csv")));
    let report = import(&fixture, "uk-split", files.to_vec(), "2026-05-15").await;
    let entries = lines_of("uk/2026-05_subjects.csv", 6, b',', true).len();
    assert_eq!((report.rows_read as usize, report.rows_rejected), (entries, 0));

    // The file at hand breaks off within its last row: that is an error, and without that row it goes in.
    let cut = path("us/trade_gov_csl_partial.csv");
    let options = published(vec![cut.clone()], "2026-06-15");
    let error = fixture.import("csl", options).await.unwrap_err().to_string();
    assert!(error.contains("line 4233") && error.contains("cut"), "{error}");
    let whole = text(&cut);
    let (whole, _) = whole.trim_end().rsplit_once('\n').unwrap();
    let mut reader = csv::Reader::from_reader(whole.as_bytes());
    // The header stands there twice.
    let rows = reader.records().map(Result::unwrap).filter(|row| row.len() == 29 && &row[0] != "_id").count();
    let report = import(&fixture, "csl", vec![fixture.write("csl.csv", whole)], "2026-06-15").await;
    assert_eq!((report.rows_read as usize, report.rows_rejected), (rows, 0));

    let report = import(&fixture, "bis-dpl", vec![path("us/bis_dpl.txt")], "2026-06-15").await;
    let rows = lines_of("us/bis_dpl.txt", 12, b'\t', true);
    // Rows are addresses and orders of denied persons, who have no identifier but their name.
    let names: BTreeSet<String> =
        rows.iter().map(|row| row[0].split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()).collect();
    assert_eq!((report.rows_new as usize, report.rows_rejected), (names.len(), 0));

    // The same subject on several lists is linked by what both say, and never merged.
    let served = fixture.serve().await;
    let csl = subjects(&served, "us-csl", None).await;
    let names: Vec<String> = csl.values().filter(|s| s.authority == "OFAC").take(100).map(|s| s.name.clone()).collect();
    let request = pb::BatchGetSubjectsRequest { names, ..Default::default() };
    let batch = served.sanctions().batch_get_subjects(request).await.unwrap().into_inner();
    let linked = batch.subjects.iter().filter(|subject| {
        subject.links.iter().any(|link| link.subject.starts_with("subjects/us-ofac") && link.key.starts_with("ofac"))
    });
    assert!(linked.count() > 10, "entries of the screening list name those of OFAC's lists");
}

/// All 50 codes of the common high-priority list, and every code of HS 2017 and HS 2012 that maps into them, against the
/// conversion table read without our code.
#[tokio::test(flavor = "multi_thread")]
async fn every_high_priority_code_is_found_from_three_editions() {
    let Some(folder) = lists() else { return };
    let reference = folder.join("../trade/reference");
    let codes: BTreeSet<String> =
        text(&folder.join("chpl_2024-02-23.csv")).lines().skip(1).map(|line| line[..6].to_owned()).collect();
    assert_eq!(codes.len(), 50);
    let pairs_file = reference.join("hs_all_pairs_hs6.csv.gz");
    let pairs = text(&pairs_file);
    let mut reader = csv::Reader::from_reader(pairs.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let fixture = Fixture::sqlite().await;
    let options = published(vec![pairs_file], "2022-06-01");
    fixture.import("concordance", options).await.unwrap();
    let served = fixture.serve().await;
    let check = async |commodity: String| {
        let request = pb::CheckCommodityRequest { commodity, destination: "RUS".into(), ..Default::default() };
        served.sanctions().check_commodity(request).await.unwrap().into_inner()
    };
    for code in &codes {
        let found = check(format!("commodities/HS2022-{code}")).await;
        assert_eq!(found.certainty(), pb::ControlCertainty::Certain, "{code}");
        assert_eq!(found.findings[0].controlled_goods[0].code, *code);
    }
    for (edition, name) in [("H5", "HS2017"), ("H4", "HS2012")] {
        // Code of the older edition -> its counterparts in HS 2022.
        let mut counterparts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in &rows {
            let (from, to) = (&row[place("from")], &row[place("to")]);
            if from == "H6" && to == edition {
                counterparts.entry(&row[place("to_code")]).or_default().insert(&row[place("from_code")]);
            }
        }
        let met = counterparts.iter().filter(|(_, of)| of.iter().any(|code| codes.contains(*code)));
        let mut count = 0;
        for (old, of) in met {
            let found = check(format!("commodities/{name}-{old}")).await;
            let whole = of.iter().all(|code| codes.contains(*code));
            let expected = if whole { pb::ControlCertainty::Certain } else { pb::ControlCertainty::Possible };
            assert_eq!(found.certainty(), expected, "{name}-{old}: {of:?}");
            count += 1;
        }
        assert!(count >= 40, "{name}: {count}");
        let outside = counterparts.iter().filter(|(_, of)| !of.iter().any(|code| codes.contains(*code))).step_by(100);
        for (old, _) in outside {
            let found = check(format!("commodities/{name}-{old}")).await;
            assert_eq!(found.certainty(), pb::ControlCertainty::None, "{name}-{old}");
        }
    }
}
