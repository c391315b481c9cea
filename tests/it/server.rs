//! The program as its operator sees it: start, health, reflection, stop, and schemas that it does not know.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Fixture, call, entrepot, postgres};
use tonic_health::pb::health_check_response::ServingStatus;

/// Starts the server and waits for the address that it prints.
fn served(arguments: &[&str]) -> (Child, String) {
    let mut child = entrepot(arguments).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.rsplit(' ').next().unwrap().to_owned();
    // Nobody reads the rest, and the server must not mind.
    std::thread::spawn(move || lines.for_each(drop));
    (child, format!("http://{address}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_answers_through_reflection_and_stops_in_good_order() {
    let (mut child, address) = served(&["serve", "--sample", "--listen", "127.0.0.1:0"]);
    let (listed, text) = call(&address, &["--list"]);
    assert!(listed && text.contains("entrepot.trade.v1.TradeService"), "{text}");
    let request = r#"{"filter":{"reporters":["RUS"],"flows":["M"],"start_period":"2021","end_period":"2023"},
        "group_by":["DIMENSION_YEAR","DIMENSION_PARTNER"],"top":1}"#;
    let (answered, text) = call(&address, &["trade.SummarizeFlows", request]);
    assert!(answered && text.contains("119833579266.653"), "{text}");
    let (refused, text) = call(&address, &["trade.SummarizeFlows", r#"{"filter":{"reporters":["RUSX"]}}"#]);
    assert!(!refused && text.contains("INVALID_ARGUMENT") && text.contains("filter.reporters[0]"), "{text}");

    let channel = tonic::transport::Channel::from_shared(address).unwrap().connect().await.unwrap();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
    for service in ["", "entrepot.trade.v1.TradeService", "entrepot.reference.v1.ReferenceService"] {
        let request = tonic_health::pb::HealthCheckRequest { service: service.into() };
        let status = health.check(request).await.unwrap().into_inner().status();
        assert_eq!(status, ServingStatus::Serving, "{service}");
    }
    let watched = tonic_health::pb::HealthCheckRequest { service: String::new() };
    let mut watch = health.watch(watched).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    drop(watch);
    drop(health);
    let started = Instant::now();
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(25));
}

/// The calls that the program prints, as a person would copy them: method and request.
fn printed_calls(lines: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let mut calls = Vec::new();
    for line in lines {
        if line.trim_start().starts_with("More:") {
            break;
        }
        // `entrepot call --server ADDRESS METHOD 'REQUEST'`
        let call = line.split_once(" --server ").and_then(|(_, rest)| rest.split_once(' '));
        let Some((method, request)) = call.and_then(|(_, rest)| rest.split_once(' ')) else { continue };
        calls.push((method.to_owned(), request.trim_matches('\'').to_owned()));
    }
    calls
}

#[test]
fn each_call_that_the_sample_prints_answers_on_a_screen() {
    const SCREEN_LINES: usize = 40;
    let mut child = entrepot(&["serve", "--sample", "--listen", "127.0.0.1:0"]).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let calls = printed_calls(&mut lines);
    let answers: Vec<(bool, String)> = calls
        .iter()
        .map(|(method, request)| call(&format!("http://{address}"), &["--output", "table", method, request]))
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(calls.len() >= 9);
    for ((method, request), (answered, text)) in calls.iter().zip(answers) {
        assert!(answered, "{method} {request}: {text}");
        assert!(text.lines().count() < SCREEN_LINES, "{method} {request}: {} lines\n{text}", text.lines().count());
    }
}

on_each_backend!(an_unknown_schema_is_refused_with_what_mends_it);
async fn an_unknown_schema_is_refused_with_what_mends_it(fixture: Fixture) {
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    use entrepot::store::Writer;
    let store = fixture.store.clone();
    let write = move || {
        let mut writer: Writer = store.writer().unwrap();
        writer.execute_sql(sql, &[]).unwrap();
        writer.commit().unwrap();
    };
    tokio::task::spawn_blocking(write).await.unwrap();
    let output = entrepot(&["serve", "--store", &fixture.url, "--listen", "127.0.0.1:0"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(69), "{text}");
    assert!(text.contains("newer") && text.contains("m9999_future"), "{text}");
}

/// SQLite migrates itself.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_schema_on_postgres_is_refused_with_what_mends_it() {
    let Some(url) = postgres::database("an_old_schema_on_postgres_is_refused_with_what_mends_it") else {
        return;
    };
    let output = entrepot(&["serve", "--store", &url, "--listen", "127.0.0.1:0"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("older") && text.contains("entrepot migrate up"), "{text}");
    let steps = entrepot(&["migrate", "up", "--store", &url]).output().unwrap();
    assert!(steps.status.success());
    let down = entrepot(&["migrate", "down", "--steps", "3", "--yes", "--store", &url]).output().unwrap();
    assert!(down.status.success(), "{}", String::from_utf8_lossy(&down.stderr));
}
