//! Each rule finds what it forbids, on sources made for it, and nothing in those that keep it.

use super::house::parse;
use super::resolve::Target;
use super::rules::{self, Violation};
use super::source::Program;
use super::{shape, sql};

/// A program of files under `src/`. Every module is declared by its `mod.rs`; only `lib.rs` is made when it is not given.
fn program(files: &[(&str, &str)]) -> Program {
    let mut all: Vec<(String, String)> =
        files.iter().map(|(file, text)| (format!("src/{file}"), format!("//! Made.\n{text}"))).collect();
    if !files.iter().any(|(file, _)| *file == "lib.rs") {
        let mut rooms: Vec<&str> = files.iter().map(|(file, _)| file.split(['/', '.']).next().unwrap()).collect();
        rooms.dedup();
        all.push(("src/lib.rs".to_owned(), rooms.iter().map(|room| format!("pub mod {room};\n")).collect()));
    }
    Program::parse(all.into_iter().collect())
}

fn told(found: Vec<Violation>) -> Vec<String> {
    found.iter().map(Violation::to_string).collect()
}

const NONE: [&str; 0] = [];
const GUARDED: &[(&str, &[&str])] = &[("tonic", &["tonic", "tonic_types"])];

/// What `path` means in the module of `file`: the modules and crates.
fn meaning(program: &Program, file: &str, path: &str) -> Vec<String> {
    let module = program.modules.iter().position(|module| module.file == format!("src/{file}")).unwrap();
    let parts: Vec<String> = path.split("::").map(str::to_owned).collect();
    let name = |target| match target {
        Target::Item { module, rest } => format!("{} {}", program.modules[module].path, rest.join("::")),
        Target::Module(module) => format!("mod {}", program.modules[module].path),
        Target::Outside(path) => format!("::{}", path.join("::")),
    };
    program.resolve(module, &parts).into_iter().map(name).collect()
}

#[test]
fn paths_lead_to_where_an_item_is_defined() {
    let program = program(&[
        (
            "a/mod.rs",
            "mod inner; pub use inner::Thing; pub use crate::b::{self as other, Far as Near}; pub use deep::*; mod deep;",
        ),
        ("a/inner.rs", "pub enum Thing { One } pub fn b() {}"),
        ("a/deep.rs", "pub struct Deep;"),
        (
            "b.rs",
            "pub struct Far; use crate::a::Thing; use tonic::Status; use super::a; macro_rules! made { () => {} }",
        ),
    ]);
    assert_eq!(meaning(&program, "b.rs", "Thing::One"), ["a/inner Thing::One"]);
    assert_eq!(meaning(&program, "b.rs", "a::Deep"), ["a/deep Deep"]);
    assert_eq!(meaning(&program, "b.rs", "a::Near"), ["b Far"]);
    assert_eq!(meaning(&program, "b.rs", "a::other::Far"), ["b Far"]);
    assert_eq!(meaning(&program, "b.rs", "a::inner"), ["mod a/inner"]);
    assert_eq!(meaning(&program, "b.rs", "Status::internal"), ["::tonic::Status::internal"]);
    assert_eq!(meaning(&program, "b.rs", "made"), ["b made"]);
    assert_eq!(meaning(&program, "b.rs", "Self::x"), NONE);
    assert_eq!(meaning(&program, "b.rs", "crate::a::generated"), ["a generated"]);
    assert_eq!(meaning(&program, "a/inner.rs", "super::super::b::Far"), ["b Far"]);
}

#[test]
fn names_are_found_wherever_they_stand() {
    let inner = [
        "use crate::b::X;",
        "use crate::{b::{Y, X as _}};",
        "fn f(x: crate::b::X) {}",
        "fn f() { let _ = crate::b::X; }",
        "fn f() { use crate::b::X; }",
        "fn f() { println!(\"{}\", crate::b::X); }",
        "fn f() { vec![g(super::b::X { y: 1 })]; }",
        "#[derive(crate::b::X)] struct S;",
        "struct S { #[serde(with = \"crate::b::X\")] s: u8 }",
        "impl Trait for crate::b::X {}",
        "const C: u8 = crate::b::X;",
        "use crate::b::*; fn f() { X; }",
        "#[cfg(test)] mod tests { } fn after() { crate::b::X; }",
        "#[cfg(not(test))] fn f() { crate::b::X; }",
        "macro_rules! m { () => { $crate::b::X } }",
        "pub mod inline { fn f() { super::super::b::X; } }",
    ];
    for text in inner {
        let program = program(&[("a.rs", text), ("b.rs", "pub struct X; pub struct Y;")]);
        let found = told(rules::rooms(&program, &parse("a:  b:"), GUARDED));
        assert!(found.len() == 1 && found[0].contains("`a` may not name `b`"), "{text}: {found:?}");
    }
}

#[test]
fn tests_are_left_out_and_nothing_else() {
    let inner = [
        "#[cfg(test)] use crate::b::X;",
        "#[cfg(test)] mod tests { use crate::b::X; }",
        "#[test] fn f() { crate::b::X; }",
        "#[cfg(all(test, unix))] fn f() { crate::b::X; }",
        "struct S; impl S { #[cfg(test)] fn f() { crate::b::X; } }",
        "#[cfg(test)] mod files;",
        "/// As [`crate::b::X`].\nstruct S;",
        "pub(in crate::b) struct S;",
        "pub mod b { pub struct X; } pub use b::X; fn f() { b::X; }",
    ];
    for text in inner {
        let program = program(&[("a/mod.rs", text), ("b.rs", "pub struct X;"), ("a/files.rs", "use crate::b::X;")]);
        let found = told(rules::rooms(&program, &parse("a:  b:"), GUARDED));
        assert_eq!(found, NONE, "{text}");
    }
}

#[test]
fn a_line_lists_rooms_then_crates() {
    let house = parse("trade: (pure) value\n trade/answer: value . ./store\n + tokio");
    assert!(house[0].is_pure && !house[1].is_pure);
    assert_eq!(house[1].name, "trade/answer");
    assert_eq!(house[1].rooms, ["value", "trade", "trade/store"]);
    assert_eq!(house[1].crates, ["tokio"]);
}

#[test]
fn the_table_is_complete_and_has_nothing_stale() {
    let program = program(&[
        ("a/mod.rs", "pub mod deep; pub mod own;"),
        ("a/deep.rs", "use tonic::Status;\nuse crate::b::X;"),
        ("a/own.rs", "use tonic_types::ErrorDetails;"),
        ("b.rs", "pub struct X;"),
        ("c.rs", ""),
    ]);
    let right = parse("a: b + tonic  a/own: + tonic  b:  c:");
    assert_eq!(told(rules::rooms(&program, &right, GUARDED)), NONE);

    let wrong = parse("a: + tonic  a/own:  b: a  d:");
    let found = told(rules::rooms(&program, &wrong, GUARDED));
    assert_eq!(
        found,
        [
            "b: stale line of the table: it never names a",
            "d: stale line of the table: it has no file",
            "src/a/deep.rs:3: `a` may not name `b` (1 times)",
            "src/a/own.rs:2: `a/own` may not name `tonic` (1 times)",
            "src/c.rs: no line of the table speaks for this room",
        ]
    );
}

#[test]
fn pure_rooms_wait_for_nothing() {
    let house = parse("a: (pure) b store + tonic  b: (pure)  store:");
    let check = |text| {
        told(rules::pure(
            &program(&[("a.rs", text), ("b.rs", "pub struct X;"), ("store.rs", "pub struct X;")]),
            &house,
            GUARDED,
        ))
    };
    assert_eq!(check("use crate::b::X; fn f() -> X { X }"), NONE);
    assert_eq!(check("use crate::store::X;"), ["src/a.rs:2: pure, but names `store`"]);
    assert_eq!(check("use tonic::Status;"), ["src/a.rs:2: pure, but names `tonic`"]);
    for waits in [
        "async fn f() {}",
        "fn f() { async {} }",
        "fn f() { g(async || 1) }",
        "fn f() { m!(async { 1 }) }",
        "trait T { async fn f(); }",
    ] {
        assert_eq!(check(waits), ["src/a.rs:2: pure, but `async`"], "{waits}");
    }
}

#[test]
fn messages_are_named_in_their_rooms_and_in_heads_of_a_service() {
    let check = |file: &str, text: &str| {
        let name = file.trim_end_matches(".rs");
        let files = [
            ("proto.rs", "include!(\"made.rs\");"),
            ("a/mod.rs", &*format!("mod {name};")),
            (&*format!("a/{file}"), text),
        ];
        told(rules::messages(&program(&files), &["proto", "*/convert", "*/service"]))
    };
    let uses = "use crate::proto::v1 as pb; fn f() -> pb::Answer { pb::Answer { rows: 1 } }";
    assert_eq!(check("convert.rs", uses), NONE);
    assert_eq!(check("answer.rs", uses), ["src/a/answer.rs:2: names generated messages (3 times)"]);

    let outside = "names a generated message outside the heads of its trait (1 times)";
    let heads = "use crate::proto::v1 as pb; use pb::things_server::{Things, ThingsServer};
        pub fn server() -> ThingsServer<Service> { ThingsServer::new(Service) }
        #[tonic::async_trait] impl Things for Service { type S = Stream<pb::Answer>;
        async fn get(&self, request: Request<pb::Get>) -> Response<pb::Answer> { BODY } } HEAD";
    let service = |head: &str, body: &str| check("service.rs", &heads.replace("HEAD", head).replace("BODY", body));
    assert_eq!(service("", "answer(request)"), NONE);
    assert_eq!(service("", "pb::Answer { rows: 1 }"), [format!("src/a/service.rs:5: {outside}")]);
    assert_eq!(service("", "wrap!(pb::Answer { rows: 1 })"), [format!("src/a/service.rs:5: {outside}")]);
    assert_eq!(service("fn more(answer: pb::Answer) {}", ""), [format!("src/a/service.rs:5: {outside}")]);
}

#[test]
fn subjects_and_the_rooms_below_know_none() {
    let subjects: &[&str] = &["trade", "energy"];
    let floors = [&["value"][..], subjects, &["app"][..]];
    let check = |file, text| {
        let files = [("app.rs", ""), ("energy.rs", ""), ("trade.rs", "pub struct X;"), ("value.rs", "")];
        let files = files.map(|(name, given)| (name, if name == file { text } else { given }));
        (told(rules::subjects(&program(&files), subjects, &floors)), told(rules::arrows(&program(&files), &floors)))
    };
    assert_eq!(check("app.rs", "use crate::trade::X;"), (vec![], vec![]));
    let (named, upward) = check("energy.rs", "use crate::trade::X;");
    assert_eq!((named, upward), (vec!["src/energy.rs:2: names the subject `trade` (1 times)".to_owned()], vec![]));
    let (named, upward) = check("value.rs", "pub use crate::trade;");
    assert_eq!(named, ["src/value.rs:2: names the subject `trade` (1 times)"]);
    assert_eq!(upward, ["src/value.rs:2: names `trade`, which stands above (1 times)"]);
    let (named, upward) = check("trade.rs", "use crate::app;");
    assert_eq!((named, upward), (vec![], vec!["src/trade.rs:2: names `app`, which stands above (1 times)".to_owned()]));
}

#[test]
fn circles_are_found_through_re_exports() {
    let files = |one: &'static str| {
        [
            ("a/mod.rs", "mod one; mod two; mod three; pub use one::One; pub use three::Three;"),
            ("a/one.rs", one),
            ("a/two.rs", "use super::One; pub struct Two;"),
            ("a/three.rs", "use super::two::Two; pub struct Three;"),
        ]
    };
    let straight = program(&files("pub struct One;"));
    assert_eq!(told(rules::circles(&straight)), NONE);
    assert_eq!(told(rules::families(&straight)), NONE);
    let found = told(rules::circles(&program(&files("use crate::a::Three; pub struct One;"))));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("src/a/one.rs: a circle of a/one, a/two, a/three\n"), "{found:?}");
    assert!(found[0].contains("\n    src/a/two.rs:2 -> a/one"), "{found:?}");
}

#[test]
fn a_folder_shares_or_puts_together() {
    let check = |parent, child| {
        let program = program(&[("a/mod.rs", parent), ("a/one.rs", child)]);
        assert_eq!(told(rules::circles(&program)), NONE);
        rules::families(&program).len()
    };
    assert_eq!(check("mod one; pub use one::One; pub struct Shared;", "use super::Shared; pub struct One;"), 0);
    assert_eq!(check("mod one; fn f() { one::One; }", "pub struct One;"), 0);
    assert_eq!(check("mod one; pub struct Shared; fn f() { one::One; }", "use super::Shared; pub struct One;"), 1);
}

#[test]
fn rooms_in_a_circle_are_found_though_no_modules_are() {
    let files = [
        ("a/mod.rs", "mod one; mod two; pub use one::One;"),
        ("a/one.rs", "pub struct One;"),
        ("a/two.rs", "use crate::b::B;"),
        ("b.rs", "use crate::a::One; pub struct B;"),
    ];
    let program = program(&files);
    assert_eq!(told(rules::circles(&program)), NONE);
    let house = parse("a:  b:");
    let found = told(rules::room_circles(&program, &house));
    assert_eq!(found, ["a: a circle of the rooms a, b\n    src/a/two.rs:2 -> b\n    src/b.rs:2 -> a/one"]);
    let cut = parse("a:  a/two:  b:");
    assert_eq!(told(rules::room_circles(&program, &cut)), NONE);
}

#[test]
fn statuses_come_from_their_file() {
    let text = "use tonic::Status as S; fn f() -> S { S::internal(\"\") } fn g() -> S { S::from(error) } fn h(s: S) { s.code(); }";
    let program = program(&[("a.rs", text), ("status.rs", text)]);
    assert_eq!(told(rules::statuses(&program, &["src/status.rs"])), ["src/a.rs:2: makes a status by `internal`"]);
}

#[test]
fn sql_is_known_by_its_words() {
    use sql::Raw::{Piece, Statement};
    let texts = [
        ("SELECT 1", Some(Statement)),
        ("select id from flows", Some(Statement)),
        ("\n  INSERT INTO {table} (a) VALUES (?)", Some(Statement)),
        ("insert into flows values (1)", Some(Statement)),
        ("UPDATE flows SET a = 1", Some(Statement)),
        ("update flows set a = 1", Some(Statement)),
        ("delete from flows", Some(Statement)),
        ("create table flows (id)", Some(Statement)),
        ("WITH x AS (SELECT 1) ", Some(Statement)),
        ("COPY flows FROM STDIN BINARY", Some(Statement)),
        (" WHERE a = 1", Some(Piece)),
        (" ORDER BY a", Some(Piece)),
        ("queries/flows.sql", Some(Piece)),
        ("select a dataset with --dataset", None),
        ("cannot create table", None),
        ("no rows from the update; ordered by day", None),
        ("the SELECTED rows", None),
        ("Copyright", None),
    ];
    for (text, raw) in texts {
        assert_eq!(sql::raw(text), raw, "{text}");
    }
    let program = program(&[
        ("a.rs", "/// SELECT 1 in a comment\nfn f() { format!(\"SELECT {x}\"); }"),
        ("store/mod.rs", "const Q: &str = \"DELETE FROM flows\";"),
    ]);
    assert_eq!(told(sql::rule(&program, &[("src/store/", "it pays")])), ["src/a.rs:3: SQL as text: SELECT {x}"]);
    let allowed = [("src/store/", "it pays"), ("src/a.rs", "it pays"), ("src/b.rs", "gone")];
    assert_eq!(told(sql::rule(&program, &allowed)), ["src/b.rs: no SQL stands here: strike it from the list"]);
}

#[test]
fn files_lie_where_they_should() {
    let program = program(&[
        ("lib.rs", "mod a;"),
        ("a.rs", "mod one; #[cfg(test)]\n#[path = \"helpers.rs\"]\nmod tests;"),
        ("a/one.rs", ""),
        ("helpers.rs", ""),
        ("lost.rs", ""),
    ]);
    let found = told(shape::style(&program, &["helpers"]));
    assert_eq!(
        found,
        [
            "src/lost.rs: no module declares this file",
            "src/a.rs: stands beside its folder; it is `src/a/mod.rs`",
            "src/a.rs: declares a module whose file has another name",
            "src/helpers.rs: has a name that says nothing",
        ]
    );
}

#[test]
fn subjects_have_one_shape_and_short_services() {
    let long = "fn f() {}\n".repeat(10);
    let program = program(&[("trade/mod.rs", "mod service;"), ("trade/service.rs", &long)]);
    let found = told(shape::subjects(&program, &["trade"], &["mod.rs", "refusal.rs", "service.rs"], 10));
    assert_eq!(
        found,
        [
            "src/trade/refusal.rs: is not there",
            "src/trade/service.rs: 11 lines; a service only dispatches, in 10 at most"
        ]
    );
}
