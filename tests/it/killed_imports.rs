//! An import killed within its write leaves the store as it was, and the next one works without a repair.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{self, Fixture};
use entrepot::store::{Deadline, Options, Store};

const ROWS: u32 = 30_000;
const KILLS: u32 = 10;
/// More than the kills that must hit: one may come after the commit.
const ATTEMPTS: u32 = 3 * KILLS;
/// The importer's page cache on SQLite: so small that changed pages go to the log long before the commit.
const CACHE_MIB: &str = "1";
/// More than the program writes there before it changes facts.
const LOG_BYTES: u64 = 256 << 10;
const PATIENCE: Duration = Duration::from_secs(60);
const SIGKILL: i32 = 9;

on_each_backend!(ten_kills_within_the_write);
async fn ten_kills_within_the_write(fixture: Fixture) {
    // Nobody but the imports holds the store open, as where nobody serves: on SQLite a killed one then leaves its log
    // behind, and whoever opens the store next has to recover it.
    let Fixture { store, url, folder, .. } = fixture;
    drop(store);
    let watched = Watched::new(url).await;
    let states = ["first", "second"].map(|name| folder.path().join(name));
    for (folder, change) in states.iter().zip(["0", "0.2"]) {
        let (out, rows) = (folder.display().to_string(), ROWS.to_string());
        let arguments = ["--out", &out, "--rows", &rows, "--years", "2020-2021", "--change", change];
        assert!(watched.entrepot(&[&["generate", "baci"][..], &arguments].concat()).status().unwrap().success());
    }
    assert!(watched.import(&states[0], "2024-01-01").status().unwrap().success());
    assert_eq!(watched.counts().await.rows, i64::from(ROWS));

    // Every import from here on turns the rows of one folder into those of the other, so that all write alike.
    let mut child = watched.start(&states[1], "2024-01-02").await;
    let started = Instant::now();
    assert!(child.wait().unwrap().success());
    let mut write_takes = started.elapsed();
    let mut before = watched.counts().await;

    let (mut stored, mut hits, mut attempts) = (1, 0, 0);
    while hits < KILLS {
        attempts += 1;
        assert!(attempts <= ATTEMPTS, "only {hits} of {ATTEMPTS} kills came within the write");
        let mut child = watched.start(&states[1 - stored], "2024-01-03").await;
        std::thread::sleep(write_takes * hits / KILLS);
        child.kill().unwrap();
        let status = child.wait().unwrap();
        let after = watched.counts().await;
        if after.releases == before.releases {
            assert_eq!(status.signal(), Some(SIGKILL), "{status}");
            assert_eq!(after, before, "after kill {hits}");
            hits += 1;
        } else {
            // The kill came after the commit: the release is whole, and the next write is expected to end sooner.
            after.assert_one_more_release(&before);
            (before, stored) = (after, 1 - stored);
            write_takes = write_takes * 3 / 4;
        }
    }
    let next = watched.import(&states[1 - stored], "2024-01-03").status().unwrap();
    assert!(next.success(), "the next import needs no repair");
    watched.counts().await.assert_one_more_release(&before);
}

/// What the test sees of the store.
struct Watched {
    url: String,
    sign: Sign,
}

/// How a write that is not committed shows from outside.
enum Sign {
    /// SQLite: the log grows.
    Log(PathBuf),
    /// PostgreSQL: another transaction holds the locks of one that changes facts.
    Locks(Store),
}

/// What a release changes.
#[derive(Debug, PartialEq)]
struct Counts {
    rows: i64,
    value: i64,
    history: i64,
    pair_rows: i64,
    pair_value: i64,
    strata: i64,
    releases: i64,
}

impl Watched {
    async fn new(url: String) -> Self {
        let sign = match url.strip_prefix("sqlite://") {
            Some(path) => Sign::Log(format!("{path}-wal").into()),
            None => Sign::Locks(Store::open(Options::new(url.clone())).await.unwrap()),
        };
        Self { url, sign }
    }

    fn entrepot(&self, arguments: &[&str]) -> Command {
        let mut command = support::entrepot(arguments);
        command.arg("--store").arg(&self.url).env("ENTREPOT__STORE__CACHE_MIB", CACHE_MIB);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn import(&self, folder: &Path, day: &str) -> Command {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut command = self.entrepot(&["import", "baci", "--published", day]);
        command.args(files);
        command
    }

    /// Whether somebody has changed facts and not committed.
    async fn is_written_to(&self) -> bool {
        match &self.sign {
            Sign::Log(path) => std::fs::metadata(path).is_ok_and(|log| log.len() > LOG_BYTES),
            Sign::Locks(store) => {
                let sql = "SELECT COUNT(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
                           WHERE mode = 'RowExclusiveLock' AND relname LIKE 'flow%'
                               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
                let rows = store.integers(sql, 1, &Deadline::after(PATIENCE)).await.unwrap();
                rows.last().unwrap()[0].known() > 0
            }
        }
    }

    /// Starts the import and returns once its write has begun.
    async fn start(&self, folder: &Path, day: &str) -> Child {
        self.wait_until_it_is_written_to(false, || ()).await;
        let mut importer = self.import(folder, day).spawn().unwrap();
        let is_alive = || assert!(importer.try_wait().unwrap().is_none(), "the import ended before its write was seen");
        self.wait_until_it_is_written_to(true, is_alive).await;
        importer
    }

    async fn wait_until_it_is_written_to(&self, wanted: bool, mut check: impl FnMut()) {
        let started = Instant::now();
        while self.is_written_to().await != wanted {
            check();
            assert!(
                started.elapsed() < PATIENCE,
                "waited in vain for a write to {}",
                if wanted { "begin" } else { "end" }
            );
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    async fn counts(&self) -> Counts {
        let sql = "SELECT (SELECT COUNT(*) FROM flows), (SELECT CAST(SUM(value) AS BIGINT) FROM flows),
                      (SELECT COUNT(*) FROM flow_history), (SELECT CAST(SUM(rows) AS BIGINT) FROM flow_pairs),
                      (SELECT CAST(SUM(value) AS BIGINT) FROM flow_pairs), (SELECT COUNT(*) FROM flow_strata),
                      (SELECT COUNT(*) FROM releases)";
        let store = Store::open(Options::new(self.url.clone())).await.unwrap();
        let found = store.integers(sql, 7, &Deadline::after(PATIENCE)).await.unwrap();
        store.orm().close_by_ref().await.unwrap();
        drop(store);
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            // The store closed its readers last, and those leave the log as it is.
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        }
        let cell = |index: usize| found.last().unwrap()[index].known();
        Counts {
            rows: cell(0),
            value: cell(1),
            history: cell(2),
            pair_rows: cell(3),
            pair_value: cell(4),
            strata: cell(5),
            releases: cell(6),
        }
    }
}

impl Counts {
    fn assert_one_more_release(&self, before: &Counts) {
        assert_eq!(self.releases, before.releases + 1);
        assert!(self.history > before.history, "{self:?} after {before:?}");
        assert_eq!((self.rows, self.value), (self.pair_rows, self.pair_value), "facts and rollups agree");
    }
}
