//! The steps make the schema that they have always made, so that the store of an earlier program still works; every step
//! goes down and up again; asking for the status changes nothing.

use entrepot::app;
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::store::{Backend, Error, Store, schema};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::Fixture;
use crate::support::comtrade::{comtrade_csv, record};

/// An empty store as the program made it when the steps were still SQL text.
const BEFORE_SQLITE: &str = include_str!("schema/before_sqlite.sql");
const BEFORE_POSTGRES: &str = include_str!("schema/before_postgres.sql");

/// All that decides how SQLite stores and finds rows. Of a column's declared type only the affinity matters
/// (https://sqlite.org/datatype3.html, 3.1), and whether the column is the rowid: then its key has no index.
const CATALOG_SQLITE: &str = r#"
    WITH tables AS (
        SELECT name, type, ncol, wr, strict FROM pragma_table_list
        WHERE schema = 'main' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
    ), indexes AS (
        SELECT tables.name AS "table", i.name, i."unique", i.origin, i.partial
        FROM tables JOIN pragma_index_list(tables.name) AS i
    )
    SELECT concat_ws(' ', type, name, 'columns', ncol, 'without_rowid', wr, 'strict', strict) FROM tables
    UNION ALL
    SELECT concat_ws(' ', 'column', tables.name, c.cid, c.name, CASE
            WHEN c.type LIKE '%int%' THEN 'INTEGER'
            WHEN c.type LIKE '%char%' OR c.type LIKE '%clob%' OR c.type LIKE '%text%' THEN 'TEXT'
            WHEN c.type LIKE '%blob%' OR c.type = '' THEN 'BLOB'
            WHEN c.type LIKE '%real%' OR c.type LIKE '%floa%' OR c.type LIKE '%doub%' THEN 'REAL'
            ELSE 'NUMERIC'
        END, 'not_null', c."notnull", 'default', c.dflt_value, 'key', c.pk, 'hidden', c.hidden)
    FROM tables JOIN pragma_table_xinfo(tables.name) AS c
    UNION ALL
    SELECT concat_ws(' ', 'foreign key', tables.name, f.id, f.seq, f."from", f."table", f."to", f.on_update, f.on_delete)
    FROM tables JOIN pragma_foreign_key_list(tables.name) AS f
    UNION ALL
    SELECT concat_ws(' ', 'index', "table", name, 'unique', "unique", 'origin', origin, 'partial', partial) FROM indexes
    UNION ALL
    SELECT concat_ws(' ', 'index', "table", indexes.name, x.seqno, x.name, x.coll, 'descends', x."desc", 'key', x.key)
    FROM indexes JOIN pragma_index_xinfo(indexes.name) AS x"#;

const CATALOG_POSTGRES: &str = "
    SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence, reloptions, amname)
    FROM pg_class LEFT JOIN pg_am ON pg_am.oid = relam WHERE relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, 'nullable', is_nullable,
        'default', column_default, 'collation', collation_name, 'identity', is_identity, 'generated', is_generated)
    FROM information_schema.columns WHERE table_schema = current_schema()
    UNION ALL
    SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL
    SELECT concat_ws(' ', 'partitioned', partrelid::regclass, pg_get_partkeydef(partrelid)) FROM pg_partitioned_table";

/// One line a table, column, key and index of the store, sorted.
async fn catalog(store: &Store) -> Vec<String> {
    let sql = match store.backend() {
        Backend::Sqlite => CATALOG_SQLITE,
        Backend::Postgres => CATALOG_POSTGRES,
    };
    let statement = Statement::from_string(store.orm().get_database_backend(), sql);
    let rows = store.orm().query_all_raw(statement).await.unwrap();
    let mut lines: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    lines.sort();
    lines
}

/// Takes everything out of the store, even the table of steps.
async fn empty(store: &Store) {
    schema::down(store, step_count(store).await).await.unwrap();
    store.orm().execute_unprepared("DROP TABLE seaql_migrations").await.unwrap();
    assert_eq!(catalog(store).await, [""; 0]);
}

async fn step_count(store: &Store) -> u32 {
    schema::status(store).await.unwrap().0.len() as u32
}

on_each_backend!(a_store_of_an_earlier_program_still_works);
async fn a_store_of_an_earlier_program_still_works(fixture: Fixture) {
    let store = &fixture.store;
    let fresh = catalog(store).await;
    empty(store).await;
    let before = match store.backend() {
        Backend::Sqlite => BEFORE_SQLITE,
        Backend::Postgres => BEFORE_POSTGRES,
    };
    store.orm().execute_unprepared(before).await.unwrap();
    assert_eq!(catalog(store).await, fresh);

    assert_eq!(schema::up(store).await.unwrap(), [""; 0]);
    schema::check(store).await.unwrap();
    app::migrate(store).await.unwrap();
    assert_eq!(catalog(store).await, fresh);

    fixture.load_lists().await;
    let report = fixture.comtrade(&comtrade_csv(&[record("100.5")]), "2024-01-10").await.unwrap();
    assert_eq!(report.rows_new, 1);
    let served = fixture.serve().await;
    let request = pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter { reporters: vec!["CHN".into()], flows: vec!["X".into()], ..Default::default() }),
        ..Default::default()
    };
    let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
    let values: Vec<_> = answer.rows.iter().map(|row| row.value.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(values, ["100.5"]);
    drop(served);

    // And it goes down with its data and partitions.
    empty(store).await;
}

on_each_backend!(every_step_goes_down_and_up_again);
async fn every_step_goes_down_and_up_again(fixture: Fixture) {
    let store = &fixture.store;
    let fresh = catalog(store).await;
    for count in 1..=step_count(store).await {
        schema::down(store, count).await.unwrap();
        let missing = schema::check(store).await.unwrap_err();
        assert!(matches!(missing, Error::SchemaOlder(steps) if steps == count as usize), "{missing}");
        assert_eq!(schema::up(store).await.unwrap().len(), count as usize);
        schema::check(store).await.unwrap();
        assert_eq!(catalog(store).await, fresh, "after {count} steps");
    }
}

on_each_backend!(asking_for_the_status_of_an_empty_store_creates_nothing);
async fn asking_for_the_status_of_an_empty_store_creates_nothing(fixture: Fixture) {
    let store = &fixture.store;
    empty(store).await;
    let (steps, unknown) = schema::status(store).await.unwrap();
    assert!(steps.iter().all(|step| !step.applied) && unknown.is_empty());
    assert_eq!(catalog(store).await, [""; 0]);
}
