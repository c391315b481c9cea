//! The command line as people use it: short forms and their tables, natural mistakes and what they get, exit codes,
//! contexts, and the commands that look at a store without changing it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use entrepot::config::Config;
use sha2::{Digest as _, Sha256};

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::{self, Fixture, Served, entrepot, postgres, published};

/// The exit code, what went to standard output, and what to standard error.
type Outcome = (i32, String, String);

/// Runs the program as a user whose configuration lies in `home`, with no terminal.
fn run_as(home: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let mut command = entrepot(arguments);
    for name in ["ENTREPOT_SERVER", "ENTREPOT_TOKEN", "ENTREPOT_CONFIG"] {
        command.env_remove(name);
    }
    command.env("XDG_CONFIG_HOME", home).envs(variables.iter().copied()).current_dir(home);
    let output = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

struct User<'a> {
    fixture: &'a Fixture,
    served: Served,
}

impl User<'_> {
    fn run(&self, arguments: &[&str]) -> Outcome {
        run_as(self.fixture.folder.path(), &[("ENTREPOT_SERVER", &self.served.address)], arguments)
    }

    fn answer(&self, arguments: &[&str]) -> String {
        let (code, answer, error) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {error}");
        answer
    }
}

/// A short book, list, register and two countries' trade, all made up.
async fn user(fixture: &Fixture) -> User<'_> {
    let trade = |period, reporter, flow, partner, value: &str| Record {
        period,
        reporter,
        flow,
        partner,
        commodity: "TOTAL",
        net_weight: "",
        ..record(value)
    };
    let records = [
        trade("2019", 40, "X", 380, "1200.5"),
        trade("2020", 40, "X", 380, "900"),
        trade("2020", 40, "M", 380, "77"),
        trade("2020", 380, "M", 40, "950.25"),
    ];
    fixture.comtrade(&comtrade_csv(&records), "2021-05-01").await.unwrap();
    let list = r#"{"id":"halm","schema":"Company","properties":{"name":["Halm Shipping"],"country":["no"]}}
{"id":"halm-s","schema":"Sanction","properties":{"entity":["halm"],"authority":["OFAC"],"program":["TEST-EO1"],"listingDate":["2020-02-03"],"provisions":["Asset freeze"]}}
"#;
    let mut options = published(vec![fixture.write("list.ftm.json", list)], "2021-05-02");
    options.dataset = Some("made-up-list".into());
    fixture.import("ftm", options).await.unwrap();
    let register = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n\
        subjects/made-up-list.halm,Halm Shipping,entities/kvist,Kvist,owns,62.5,,,register\n";
    let path = fixture.write("holdings.csv", register);
    fixture.import("holdings", published(vec![path], "2021-05-03")).await.unwrap();
    let facts = [
        "seller,Halten,,NO,,",
        "buyer,Gdynia,,PL,,",
        "commodity,pipeline_gas,,,,",
        "start,2020-01-01,,,,",
        "end,2023-12-31,,,,",
        "year_begins,1,,,,",
        "acq,4.5,bcm/y@20C,,,",
        "build_up,none,,,,",
        "take_or_pay_share,80 %,,,,",
        "legal_status,in_force,,,2020,",
        "physical_state,flowing,,,2020,",
    ];
    let mut book =
        "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n".to_owned();
    for fact in facts {
        writeln!(book, "NO-PL-1,{fact},,,made up,high,,").unwrap();
    }
    let path = fixture.write("book.csv", book);
    fixture.import("contracts", published(vec![path], "2021-05-04")).await.unwrap();
    User { fixture, served: fixture.serve().await }
}

on_each_backend!(short_forms_give_tables);
async fn short_forms_give_tables(fixture: Fixture) {
    let user = user(&fixture).await;
    let questions = [
        "flows AUT ITA --years 2019-2020",
        "summary AUT --years 2019-2020 --flow X",
        "mirror AUT ITA --years 2020",
        "subject made-up-list.halm --in-force-on 2021-01-01",
        "search halm shipping",
        "changes --since 2021-01-01 --authority OFAC",
        "ownership kvist --authority OFAC",
        "contract contracts.NO-PL-1",
        "schedule contracts.NO-PL-1",
        "outlook NOR POL --years 2022-2023 --in-force-on 2022-01-01",
        "flows AUT --years 1999",
    ];
    let mut text = String::new();
    for question in questions {
        let arguments: Vec<&str> = question.split(' ').collect();
        let table = user.answer(&[&["get"][..], &arguments, &["--output", "table"]].concat());
        writeln!(text, "$ entrepot get {question}\n{table}").unwrap();
    }
    // Cursors are opaque, and may be of one store alone.
    let (before, rest) = text.split_once("--cursor ").unwrap();
    let (_, after) = rest.split_once(' ').unwrap();
    insta::assert_snapshot!("tables", format!("{before}--cursor CURSOR {after}"));
}

on_each_backend!(rows_for_programs_are_whole);
async fn rows_for_programs_are_whole(fixture: Fixture) {
    let user = user(&fixture).await;
    let question = ["get", "flows", "AUT", "ITA", "--years", "2020"];
    let rows = user.answer(&[&question[..], &["--output", "csv"]].concat());
    let mut csv = csv::Reader::from_reader(rows.as_bytes());
    let names = csv.headers().unwrap().clone();
    let values: Vec<BTreeMap<String, String>> = csv
        .records()
        .map(|row| names.iter().map(String::from).zip(row.unwrap().iter().map(String::from)).collect())
        .collect();
    assert_eq!(values.len(), 2, "{rows}");
    assert!(values.iter().any(|row| row.values().any(|cell| cell == "900")), "{rows}");

    let lines = user.answer(&[&question[..], &["--output", "jsonl"]].concat());
    let objects: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 2, "{lines}");
    // Without a terminal it is the whole answer as JSON, as it always was.
    let whole: serde_json::Value = serde_json::from_str(&user.answer(&question)).unwrap();
    assert!(whole.as_object().unwrap().values().any(|rows| *rows == serde_json::Value::Array(objects.clone())));

    let (code, rows, beside) = user.run(&["get", "flows", "AUT", "--years", "1999", "--output", "csv"]);
    assert_eq!((code, rows.as_str()), (0, ""));
    assert!(beside.starts_with("no rows: ") && beside.contains("AUT"), "{beside}");
    let (_, rows, beside) = user.run(&["get", "flows", "AUT", "--page-size", "1", "--output", "csv"]);
    let token = beside.split_whitespace().skip_while(|word| *word != "--page-token").nth(1).expect("it says how");
    assert_eq!(rows.lines().count(), 2, "{rows}");
    let next = user.answer(&["get", "flows", "AUT", "--page-size", "1", "--page-token", token, "--output", "csv"]);
    assert_eq!(next.lines().count(), 2, "{next}");
    assert_ne!(rows, next);
}

on_each_backend!(requests_are_written_as_people_write_them);
async fn requests_are_written_as_people_write_them(fixture: Fixture) {
    let user = user(&fixture).await;
    let asked = |more: &str| {
        let request = format!(r#"{{"exporter":"AUT","importer":"ITA","start_period":"2020",{more}}}"#);
        user.answer(&["call", "trade.CompareMirror", &request])
    };
    let whole = asked(r#""cif_fob_factor":{"value":"1.10"},"clock":{"as_of":{"year":2022,"month":1,"day":31}}"#);
    for short in [
        r#""cif_fob_factor":1.10,"clock":{"as_of":"2022-01-31"}"#,
        r#""cif_fob_factor":"1.10","clock":{"as_of":"2022-01-31"}"#,
    ] {
        assert_eq!(asked(short), whole);
    }
    assert!(whole.contains("\"1.10\"") || whole.contains("\"1.1\""), "{whole}");
    // What is shown is what `call` takes, and it gives the same answer.
    let short = ["get", "summary", "AUT", "--by", "partner", "--as-of", "2022-01-31"];
    let request = user.answer(&[&short[..], &["--show-request"]].concat());
    assert_eq!(user.answer(&["call", "trade.SummarizeFlows", &request]), user.answer(&short));
}

on_each_backend!(natural_mistakes_are_told_once_and_by_kind);
async fn natural_mistakes_are_told_once_and_by_kind(fixture: Fixture) {
    let user = user(&fixture).await;
    let mistakes: [(&[&str], i32); 15] = [
        (&["get", "flow", "AUT"], 64),
        (&["get", "flows"], 64),
        (&["get", "flows", "AUT", "--years", "2020-2019"], 64),
        (&["get", "subject", "x", "--as-of", "31.12.2020"], 64),
        (&["call", "trade.SumarizeFlows"], 64),
        (&["call", "sanctions.WatchChanges", "--output", "csv"], 64),
        (&["call", "--server", "https://127.0.0.1:1", "--list"], 64),
        (&["call", "trade.SummarizeFlows", r#"{"filter":{"reporter":["AUT"]}}"#], 65),
        (&["call", "trade.SummarizeFlows", r#"{"filter":{"reporters":["AUTX"]},"top":-1}"#], 65),
        (&["call", "sanctions.ListSubjects", r#"{"clock":{"in_force_on":"2021-02-30"}}"#], 65),
        (&["get", "subject", "made-up-list.nobody"], 66),
        (&["call", "trade.SummarizeFlows", "@no-such-file.json"], 66),
        (&["get", "flows", "AUT", "--context", "prod"], 66),
        (&["call", "--server", "127.0.0.1:1", "--list"], 69),
        (&["--set", "server.listn=1", "migrate", "status"], 78),
    ];
    let mut text = String::new();
    for (arguments, expected) in mistakes {
        let (code, answer, error) = user.run(arguments);
        assert_eq!((code, answer.as_str()), (expected, ""), "{arguments:?}: {error}");
        assert!(error.starts_with("error: ") && error.matches("\nerror: ").count() == 0, "{error}");
        for line in error.lines().map(str::trim).filter(|line| line.len() > 20) {
            assert_eq!(error.matches(line).count(), 1, "told twice: {error}");
        }
        writeln!(text, "$ entrepot {}\n{error}exit code {code}\n", arguments.join(" ")).unwrap();
    }
    insta::assert_snapshot!("mistakes", text);
}

#[tokio::test(flavor = "multi_thread")]
async fn contexts_keep_addresses_and_never_a_token() {
    let fixture = Fixture::sqlite().await;
    let home = fixture.folder.path();
    let hash: String = Sha256::digest(b"open-sesame").iter().map(|byte| format!("{byte:02x}")).collect();
    let settings = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[auth]\nmode = \"tokens\"\n[[auth.tokens]]\nname = \"desk\"\n\
         token_sha256 = \"{hash}\"\nscopes = [\"reference.read\"]\n"
    );
    let path = fixture.write("entrepot.toml", settings);
    let overrides = [("store.url".to_owned(), fixture.url.clone())];
    let served = support::serve(Config::load(Some(&path), &overrides).unwrap()).await;
    let run = |variables: &[(&str, &str)], arguments: &[&str]| run_as(home, variables, arguments);
    let ask = ["call", "reference.ListDatasets"];
    let ask_as = |context| [&ask[..], &["--context", context]].concat();
    fixture.write("token", "open-sesame\n");

    assert_eq!(run(&[], &["context", "add", "prod", &served.address, "--token-file", "token"]).0, 0);
    assert_eq!(run(&[], &["context", "add", "bare", &served.address]).0, 0);
    let kept = home.join("entrepot/contexts.toml");
    let text = std::fs::read_to_string(&kept).unwrap();
    assert!(text.contains(&home.join("token").display().to_string()) && !text.contains("open-sesame"), "{text}");
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (_, listed, _) = run(&[], &["context", "list"]);
    assert!(listed.contains("* prod  ") && listed.contains("  bare  "), "{listed}");

    // The current one, another by name, the variable over the current one, the flag over all.
    assert_eq!(run(&[], &ask).0, 0);
    let (code, _, error) = run(&[], &ask_as("bare"));
    assert!(code == 77 && error.contains("UNAUTHENTICATED"), "{code} {error}");
    assert_eq!(run(&[("ENTREPOT_TOKEN", "open-sesame")], &ask_as("bare")).0, 0);
    assert_eq!(run(&[("ENTREPOT_TOKEN", "wrong")], &ask_as("prod")).0, 0);
    assert_eq!(run(&[("ENTREPOT_SERVER", "127.0.0.1:1")], &ask).0, 69);
    assert_eq!(run(&[("ENTREPOT_SERVER", "127.0.0.1:1")], &ask_as("prod")).0, 0);
    // Whoever names another server sends it no token of a context.
    let elsewhere = [&ask_as("prod")[..], &["--server", &served.address]].concat();
    assert_eq!(run(&[], &elsewhere).0, 77);
    let refused = [&ask_as("prod")[..2], &["--context", "prod"], &["--output", "table"]].concat();
    assert_eq!(run(&[], &refused).0, 0);
    // A scope that the token lacks.
    assert_eq!(run(&[], &["get", "flows", "AUT", "--context", "prod"]).0, 77);

    assert_eq!(run(&[], &["context", "use", "bare"]).0, 0);
    assert_eq!(run(&[], &ask).0, 77);
    assert_eq!(run(&[], &["context", "remove", "bare"]).0, 0);
    let (code, _, error) = run(&[], &["context", "use", "bare"]);
    assert!(code == 66 && error.contains("there are: prod"), "{error}");
    let (code, _, error) = run(&[], &["context", "add", "far", "https://example.org"]);
    assert!(code == 64 && error.contains("no TLS"), "{error}");
    let (code, _, error) = run(&[], &["context", "add", "far", "example.org:1", "--token-file", "none"]);
    assert!(code == 66 && error.contains("none"), "{error}");
    assert_eq!(std::fs::read_to_string(&kept).unwrap().matches("http").count(), 1, "a refused one is not kept");
}

#[test]
fn looking_at_a_file_that_is_not_there_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("later.db").display());
    let (code, steps, _) = run_as(folder.path(), &[], &["migrate", "status", "--store", &url]);
    assert_eq!(code, 1, "{steps}");
    assert!(steps.contains("there is no file") && steps.contains("missing  m0001_releases"), "{steps}");
    let (code, text, _) = run_as(folder.path(), &[], &["config", "check", "--store", &url]);
    assert!(code == 0 && text.contains("later.db"), "{text}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let url = format!("sqlite://{}", folder.path().join("no-folder/later.db").display());
    let (code, _, checked) = run_as(folder.path(), &[], &["config", "check", "--store", &url]);
    assert!(code == 69 && checked.contains("no-folder/later.db"), "{checked}");
    let (code, _, error) = run_as(folder.path(), &[], &["serve", "--listen", "127.0.0.1:0", "--store", &url]);
    assert!(code == 69 && error.contains("no-folder/later.db"), "{error}");

    let path = folder.path().join("letter.db");
    std::fs::write(&path, "Dear reader, this is no database. ".repeat(99)).unwrap();
    let url = format!("sqlite://{}", path.display());
    for command in ["config check", "migrate status"] {
        let arguments: Vec<&str> = command.split(' ').chain(["--store", &url]).collect();
        let (code, _, error) = run_as(folder.path(), &[], &arguments);
        assert!(code == 69 && error.contains("letter.db") && error.contains("not a database"), "{code} {error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside it");
}

on_each_backend!(looking_at_a_whole_store_finds_nothing_missing);
async fn looking_at_a_whole_store_finds_nothing_missing(fixture: Fixture) {
    let run =
        |arguments: &[&str]| run_as(fixture.folder.path(), &[], &[arguments, &["--store", &fixture.url]].concat());
    let (code, steps, error) = run(&["migrate", "status"]);
    assert!(code == 0 && !steps.contains("missing"), "{steps} {error}");
    let (code, text, _) = run(&["config", "check"]);
    assert!(code == 0 && text.contains("its schema is the one of this program"), "{text}");
}

#[test]
fn looking_at_an_empty_postgres_makes_no_table() {
    let Some(url) = postgres::database("looking_at_an_empty_postgres_makes_no_table") else { return };
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let (code, steps, error) = run_as(folder.path(), &[], &["migrate", "status", "--store", &url]);
        assert_eq!(code, 1, "{error}");
        assert!(!steps.contains("applied"), "{steps}");
    }
    let (code, _, error) = run_as(folder.path(), &[], &["config", "check", "--store", &url]);
    assert!(code == 69 && error.contains("entrepot migrate up"), "{error}");
    assert_eq!(run_as(folder.path(), &[], &["migrate", "up", "--store", &url]).0, 0);
    assert_eq!(run_as(folder.path(), &[], &["migrate", "status", "--store", &url]).0, 0);
}

#[test]
fn a_closed_port_of_postgres_is_told_at_once_and_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://desk:hunter2@127.0.0.1:1/trade";
    for command in ["migrate status", "migrate up", "config check", "serve --listen 127.0.0.1:0"] {
        let started = Instant::now();
        let arguments: Vec<&str> = command.split(' ').chain(["--store", url]).collect();
        let (code, _, error) = run_as(folder.path(), &[], &arguments);
        assert_eq!(code, 69, "{command}: {error}");
        assert!(error.contains("127.0.0.1:1") && error.contains("refused"), "{command}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(8), "{command}: {:?}", started.elapsed());
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let (code, text, _) = run_as(folder.path(), &[], &["completions", shell]);
        assert!(code == 0 && text.contains("ownership") && text.contains("in-force-on"), "{shell}");
    }
    let pages = folder.path().join("man/man1");
    assert_eq!(run_as(folder.path(), &[], &["man", pages.to_str().unwrap()]).0, 0);
    let page = std::fs::read_to_string(pages.join("entrepot-get-flows.1")).unwrap();
    assert!(page.contains("years"), "{page}");
    let (code, text, _) = run_as(folder.path(), &[], &["--help"]);
    assert!(code == 0 && text.contains("Exit codes:"), "{text}");
    let (code, text, _) = run_as(folder.path(), &[], &["--version"]);
    let version = concat!("entrepot ", env!("CARGO_PKG_VERSION"), " (");
    assert!(code == 0 && text.starts_with(version) && text.trim_end().ends_with(')'), "{text}");
}
