//! Every list keeps a subject whose optional values are malformed: random cells of made-up files are mangled, and no
//! subject may vanish, no value may be lost, and each that has a form of its own must be counted.

mod files;

use std::path::PathBuf;

use super::format::ListFormat;
use super::listing::Listing;
use crate::import::{Progress, Report};
use crate::sanctions::subject::model::Subject;

/// Mangled files a format.
const CASES: u64 = 200;

/// Random numbers that are the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// A file whose optional cells stand in marks: `«t:value»` where a malformed value must be counted, `«f:value»` where any
/// text will do.
struct Mangled {
    text: String,
    counted: Vec<String>,
    kept: Vec<String>,
}

fn mangled(template: &str, share: u64, random: &mut Random) -> Mangled {
    let mut mangled = Mangled { text: String::new(), counted: Vec::new(), kept: Vec::new() };
    let mut rest = template;
    while let Some((before, marked)) = rest.split_once('«') {
        let (cell, behind) = marked.split_once('»').expect("each mark is closed");
        let (kind, value) = cell.split_once(':').expect("each mark has its kind");
        mangled.text.push_str(before);
        if random.next() % 100 < share {
            let text = format!("mangled-{}x", mangled.counted.len() + mangled.kept.len());
            mangled.text.push_str(&text);
            if kind == "t" { mangled.counted.push(text) } else { mangled.kept.push(text) }
        } else {
            mangled.text.push_str(value);
        }
        rest = behind;
    }
    mangled.text.push_str(rest);
    mangled
}

fn read(format: &ListFormat, text: &str) -> (Vec<Subject>, Report) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths: Vec<PathBuf> = Vec::new();
    for (number, file) in text.split("=====\n").enumerate() {
        let path = folder.path().join(format!("file{number}"));
        std::fs::write(&path, file).unwrap();
        paths.push(path);
    }
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    (format.read)(&paths, &Progress::silent(), &mut listing).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let subjects = std::mem::take(&mut listing.subjects);
    (subjects, report)
}

#[test]
fn no_subject_vanishes_and_no_value_is_lost_or_uncounted() {
    let (mut cases, mut cells) = (0, 0);
    for (format, template) in files::all() {
        let mut random = Random(20_261_128);
        let whole = mangled(&template, 0, &mut random);
        let (expected, report) = read(format, &whole.text);
        assert!(expected.len() > 1, "{}", format.name);
        assert_eq!((report.rows_rejected, report.kept_as_text.len()), (0, 0), "{}: {report}", format.name);
        for case in 0..CASES {
            let share = [3, 10, 50, 100][case as usize % 4];
            let Mangled { text, counted, kept } = mangled(&template, share, &mut random);
            let (subjects, report) = read(format, &text);
            let at = format!("{}, case {case}:\n{text}\n{report}", format.name);
            assert_eq!(report.rows_rejected, 0, "{at}");
            let uids = |subjects: &[Subject]| subjects.iter().map(|subject| subject.uid.clone()).collect::<Vec<_>>();
            assert_eq!(uids(&subjects), uids(&expected), "{at}");
            let records = serde_json::to_string(&subjects).unwrap();
            for value in counted.iter().chain(&kept) {
                assert!(records.contains(value.as_str()), "{value} is lost; {at}");
            }
            for value in &counted {
                // The report cuts long values; the subject has them whole.
                let is_told = report.kept_as_text.iter().any(|told| {
                    let start = told.value.trim_end_matches("...");
                    let details = subjects.iter().flat_map(|subject| &subject.details);
                    told.value.contains(value.as_str())
                        || details.into_iter().any(|d| d.value.starts_with(start) && d.value.contains(value.as_str()))
                });
                assert!(is_told, "{value} is not counted; {at}");
            }
            assert!(report.kept_as_text.is_empty() || !counted.is_empty() || !kept.is_empty(), "{at}");
            cases += 1;
            cells += counted.len() + kept.len();
        }
    }
    println!("{cases} files with {cells} mangled cells");
}
