//! The store keeps its word on both backends: deadlines reach the statement, snapshots, exact integers, one writer.

use std::time::{Duration, Instant};

use crate::support::Fixture;
use entrepot::store::{Deadline, Error, Table};
use entrepot::value::Cell;

/// Counts to a number that takes minutes.
const ENDLESS: &str = "WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 4000000000)
    SELECT CAST(COUNT(*) AS BIGINT) FROM counter";

on_each_backend!(a_deadline_ends_the_statement);
async fn a_deadline_ends_the_statement(fixture: Fixture) {
    let started = Instant::now();
    let deadline = Deadline::after(Duration::from_millis(200));
    let error = fixture.store.integers(ENDLESS, 1, &deadline).await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
    // The connection is as good as new: more such calls than there are connections, and then a quick one.
    for _ in 0..6 {
        let deadline = Deadline::after(Duration::from_millis(50));
        assert!(fixture.store.integers(ENDLESS, 1, &deadline).await.is_err());
    }
    let deadline = Deadline::after(Duration::from_secs(5));
    let rows = fixture.store.integers("SELECT 7", 1, &deadline).await.unwrap();
    assert_eq!(rows.last().map(|row| row[0].known()), Some(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_frees_its_connection() {
    let fixture = Fixture::sqlite().await;
    for _ in 0..6 {
        let deadline = Deadline::after(Duration::from_secs(60));
        let call = fixture.store.integers(ENDLESS, 1, &deadline);
        assert!(tokio::time::timeout(Duration::from_millis(30), call).await.is_err());
    }
    let deadline = Deadline::after(Duration::from_secs(5));
    assert_eq!(fixture.store.integers("SELECT 7", 1, &deadline).await.unwrap().len(), 1);
}

on_each_backend!(what_is_written_is_read_exactly_and_only_after_the_commit);
async fn what_is_written_is_read_exactly_and_only_after_the_commit(fixture: Fixture) {
    let table = || Table::new("flow_history", entrepot::trade::store::columns::HISTORY.columns().to_vec());
    let store = fixture.store.clone();
    let row = |release: i64, value: Option<i64>, unit: Option<i64>| {
        let mut cells = vec![Cell::from(1); 19];
        cells[7] = Cell::from(release);
        cells[8] = Cell::new(value);
        cells[15] = Cell::new(unit);
        cells[18] = Cell::from(release + 1);
        cells
    };
    // Rows that use a column which those before left unknown, in one batch and in the next.
    let values = [Some(i64::MAX), Some(0), None, Some(-5), Some(1 << 53 | 1)];
    let write = move |commit: bool| {
        let mut writer = store.writer().unwrap();
        for (release, value) in values.into_iter().enumerate() {
            writer.insert(&table(), &row(release as i64, value, (release == 3).then_some(8))).unwrap();
        }
        if commit {
            writer.commit().unwrap();
        }
    };
    let read = async || {
        let deadline = Deadline::after(Duration::from_secs(5));
        let sql = "SELECT value, quantity_unit FROM flow_history ORDER BY release";
        let rows = fixture.store.integers(sql, 2, &deadline).await.unwrap();
        rows.iter().map(|row| (row[0].get(), row[1].get())).collect::<Vec<_>>()
    };
    let again = write.clone();
    tokio::task::spawn_blocking(move || write(false)).await.unwrap();
    assert_eq!(read().await, [], "dropped without a commit");
    tokio::task::spawn_blocking(move || again(true)).await.unwrap();
    let expected: Vec<_> =
        values.iter().enumerate().map(|(index, value)| (*value, (index == 3).then_some(8))).collect();
    assert_eq!(read().await, expected);
}

on_each_backend!(a_second_writer_is_told_that_it_waited_in_vain);
async fn a_second_writer_is_told_that_it_waited_in_vain(fixture: Fixture) {
    let store = fixture.store.clone();
    let mut impatient = entrepot::store::Options::new(fixture.url.clone());
    impatient.busy_timeout = Duration::from_millis(200);
    let second = entrepot::store::Store::open(impatient).await.unwrap();
    let error = tokio::task::spawn_blocking(move || {
        let _first = store.writer().unwrap();
        second.writer().map(|_| ()).unwrap_err()
    });
    let error = error.await.unwrap();
    assert!(matches!(error, Error::Busy(_)), "{error}");
}
