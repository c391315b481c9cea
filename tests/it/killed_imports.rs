//! An import killed at any moment leaves the store as it was, and the next one works without a repair.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Fixture;
use entrepot::store::Deadline;

const ROWS: u32 = 150_000;

fn entrepot(fixture: &Fixture, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entrepot"));
    command.arg("--store").arg(&fixture.url).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

async fn counts(fixture: &Fixture) -> Vec<Option<i64>> {
    let deadline = Deadline::after(Duration::from_secs(30));
    let sql = "SELECT (SELECT COUNT(*) FROM flows), (SELECT CAST(SUM(value) AS BIGINT) FROM flows),
                      (SELECT COUNT(*) FROM flow_history), (SELECT CAST(SUM(rows) AS BIGINT) FROM flow_pairs),
                      (SELECT CAST(SUM(value) AS BIGINT) FROM flow_pairs), (SELECT COUNT(*) FROM flow_strata),
                      (SELECT COUNT(*) FROM releases)";
    let rows = fixture.store.integers(sql, 7, &deadline).await.unwrap();
    rows.last().unwrap().iter().map(|cell| cell.get()).collect()
}

on_each_backend!(ten_kills_at_any_moment);
async fn ten_kills_at_any_moment(fixture: Fixture) {
    let (first, second) = (fixture.folder.path().join("first"), fixture.folder.path().join("second"));
    for (folder, change) in [(&first, "0"), (&second, "0.2")] {
        let rows = ROWS.to_string();
        let folder = folder.display().to_string();
        let arguments =
            ["generate", "baci", "--out", &folder, "--rows", &rows, "--years", "2020-2021", "--change", change];
        assert!(entrepot(&fixture, &arguments).status().unwrap().success());
    }
    let import = |folder: &std::path::Path, day: &str| {
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().display().to_string()).collect();
        files.sort();
        let mut arguments = vec!["import", "baci", "--published", day];
        arguments.extend(files.iter().map(String::as_str));
        entrepot(&fixture, &arguments)
    };
    // The first import tells how long one takes on this machine now; the kills are spread over that time.
    let started = Instant::now();
    assert!(import(&first, "2024-01-01").status().unwrap().success());
    let whole = started.elapsed();
    let before = counts(&fixture).await;
    assert_eq!(before[0], Some(i64::from(ROWS)));

    let mut finished = 0;
    for kill in 0..10_u32 {
        let mut child = import(&second, "2024-02-01").spawn().unwrap();
        // An odd part, so that no two runs fall alike.
        let odd = Duration::from_millis(u64::from(started.elapsed().subsec_nanos()) % 29);
        std::thread::sleep(whole * (2 * kill + 1) / 24 + odd);
        child.kill().unwrap();
        child.wait().unwrap();
        // PostgreSQL notices the broken connection a moment later.
        let seen = counts(&fixture).await;
        if seen[6] == before[6] {
            assert_eq!(seen, before, "kill {kill}");
            continue;
        }
        // The kill came after the commit: then the release is there, whole, as is checked below.
        finished += 1;
        break;
    }
    if finished == 0 {
        assert!(import(&second, "2024-02-01").status().unwrap().success(), "the next import needs no repair");
    }
    let after = counts(&fixture).await;
    assert!(after[2] > Some(0) && after[6] == before[6].map(|releases| releases + 1), "{after:?}");
    assert_eq!(after[0], after[3], "facts and rollups agree");
    assert_eq!(after[1], after[4], "facts and rollups agree");
}
