//! The rules of ARCHITECTURE.md that can be read off the sources and the protos.
//!
//! `house.rs` is the house as it should be, the other files look whether it is so. Every rule is first shown to find
//! what it forbids, on sources made for it (`made.rs`). To see what breaks which rule and how much SQL is text:
//! `cargo test --test it architecture -- --nocapture`.

mod graph;
mod house;
mod made;
mod mentions;
mod policies;
mod resolve;
mod rules;
mod shape;
mod source;
mod sql;

use std::path::Path;
use std::sync::LazyLock;

use rules::Violation;
use source::Program;

static PROGRAM: LazyLock<Program> =
    LazyLock::new(|| Program::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the sources can be read"));

static HOUSE: LazyLock<Vec<house::Room>> = LazyLock::new(|| house::parse(house::HOUSE));

/// Prints what breaks the rule, and fails on any.
fn hold(rule: &str, found: Vec<Violation>) {
    let found: Vec<String> = found.iter().map(Violation::to_string).collect();
    println!("== {rule}: {} found", found.len());
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn rooms_name_only_what_the_table_lists() {
    hold("rooms", rules::rooms(&PROGRAM, &HOUSE, house::GUARDED));
}

#[test]
fn pure_rooms_know_neither_store_nor_wire() {
    hold("pure", rules::pure(&PROGRAM, &HOUSE, house::GUARDED));
}

#[test]
fn generated_messages_stay_in_convert() {
    hold("messages", rules::messages(&PROGRAM, house::MESSAGES));
}

#[test]
fn subjects_never_name_one_another() {
    hold("subjects", rules::subjects(&PROGRAM, house::SUBJECTS, house::FLOORS));
}

#[test]
fn nothing_names_a_floor_above() {
    hold("arrows", rules::arrows(&PROGRAM, house::FLOORS));
}

#[test]
fn modules_form_no_circle() {
    hold("circles", rules::circles(&PROGRAM));
}

#[test]
fn a_folder_and_its_files_form_no_circle() {
    hold("families", rules::families(&PROGRAM));
}

#[test]
fn rooms_form_no_circle() {
    hold("room circles", rules::room_circles(&PROGRAM, &HOUSE));
}

#[test]
fn statuses_are_made_in_one_file() {
    hold("statuses", rules::statuses(&PROGRAM, house::STATUSES));
}

#[test]
fn sql_is_text_only_where_a_reason_says_so() {
    let counts = sql::counts(&PROGRAM);
    let mut text = String::from("== raw SQL by file: statements, pieces\n");
    for (file, (statements, pieces)) in &counts {
        text.push_str(&format!("{statements:4} {pieces:4} {file}\n"));
    }
    let (statements, pieces) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("{text}{statements:4} {pieces:4} in all");
    hold("raw SQL", sql::rule(&PROGRAM, house::RAW_SQL));
}

#[test]
fn files_lie_where_their_module_says() {
    hold("style", shape::style(&PROGRAM, house::EMPTY_NAMES));
}

#[test]
fn every_subject_has_the_same_rooms() {
    hold("shape", shape::subjects(&PROGRAM, house::SUBJECTS, house::SHAPE, house::SERVICE_LINES_MAX));
}
