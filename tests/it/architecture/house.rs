//! The house as it should be: which room may name which, in which order they stand, and what each exception is for.
//!
//! Data only; `rules.rs` says what follows from it. A room is a folder or, where it has a line of its own, a file. A
//! line also speaks for the folders below it that have none.

/// Other crates that only some rooms may name, with all their parts.
pub const GUARDED: &[(&str, &[&str])] = &[
    ("tonic", &["tonic", "tonic_types", "tonic_health", "tonic_reflection", "tonic_prost"]),
    ("prost", &["prost", "prost_types", "prost_reflect"]),
    ("sea-orm", &["sea_orm", "sea_query", "sea_orm_migration", "sqlx"]),
    ("rusqlite", &["rusqlite"]),
    ("tokio", &["tokio", "tokio_stream"]),
];

/// A room and what it may name beside itself.
#[derive(Clone, Default, Debug)]
pub struct Room {
    pub name: String,
    pub rooms: Vec<String>,
    pub crates: Vec<String>,
    /// Plain functions over plain types: nothing is awaited, and only pure rooms are named.
    pub is_pure: bool,
}

/// The rooms of a table like [`HOUSE`].
pub fn parse(table: &str) -> Vec<Room> {
    let mut rooms: Vec<Room> = Vec::new();
    let mut lists_crates = false;
    for word in table.split_whitespace() {
        if let Some(name) = word.strip_suffix(':') {
            rooms.push(Room { name: name.to_owned(), ..Room::default() });
            lists_crates = false;
            continue;
        }
        let room = rooms.last_mut().expect("a table begins with a room");
        let subject = room.name.split('/').next().unwrap_or_default();
        match word.strip_prefix('.') {
            _ if word == "(pure)" => room.is_pure = true,
            _ if word == "+" => lists_crates = true,
            Some(rest) => room.rooms.push(format!("{subject}{rest}")),
            None if lists_crates => room.crates.push(word.to_owned()),
            None => room.rooms.push(word.to_owned()),
        }
    }
    rooms
}

/// Every room and all that it may name: rooms, then after `+` the guarded crates. `.` is the room's own subject and
/// `./store` a room of it. `(pure)` rooms are plain functions over plain types: see [`Room::is_pure`].
pub const HOUSE: &str = "
value:                (pure)
proto:
migrations:           + sea-orm

config:
telemetry:            config
store:                value migrations + sea-orm rusqlite tokio
import:               value store

register:             (pure)
register/entity:      + sea-orm
register/store:       store import . ./entity + sea-orm
register/current:     value store . ./store
register/entries:     store import . ./protocol ./shrink + sea-orm
register/protocol:    store import . ./store
register/shrink:      import
rpc:                  value config store register proto + tonic prost tokio

reference:            (pure)
reference/current:    store . ./store
reference/refusal:    rpc .
reference/store:      value store . + sea-orm
reference/import:     store import register register/store register/protocol . ./store
reference/answer:     store register register/current rpc . ./store ./current ./refusal
reference/convert:    value import register rpc proto . ./answer ./store
reference/service:    register/current rpc proto ./answer ./convert ./current + tonic

trade:                (pure) value register reference
trade/refusal:        rpc .
trade/store:          value store reference . + sea-orm
trade/import:         value store import register register/protocol reference reference/current . ./store
                      + tokio
trade/generate:       reference
trade/answer:         value store register register/current rpc reference reference/current reference/store .
                      ./store + tokio
trade/convert:        value register rpc proto reference reference/convert . ./answer
trade/service:        rpc proto reference/convert ./answer ./convert + tonic

energy:               (pure)
energy/quantity:      (pure) value
energy/term:          (pure) value
energy/contract:      (pure) value ./term ./quantity ./schedule ./settlement ./price
energy/schedule:      (pure) value ./term
energy/settlement:    (pure) value ./term
energy/price:         (pure) value
energy/route:         (pure) value ./quantity
energy/delivery:      (pure) value ./quantity ./schedule ./contract
energy/library:       (pure) value register ./contract ./route ./price ./quantity
energy/outlook:       (pure) value ./contract ./quantity ./schedule ./library
energy/refusal:       rpc ./term ./contract ./quantity ./schedule ./settlement ./price ./outlook
energy/store:         value store register register/store ./contract ./price ./delivery ./library + sea-orm
                      tokio
energy/import:        value store import register register/entries register/protocol register/shrink reference
                      ./contract ./schedule ./route ./price ./quantity ./delivery ./store + sea-orm
energy/answer:        value store register register/current rpc ./term ./contract ./quantity ./schedule ./settlement
                      ./price ./route ./delivery ./library ./outlook ./store
energy/convert:       value rpc proto reference/convert ./term ./contract ./quantity ./schedule ./settlement
                      ./price ./route ./delivery ./library ./outlook ./answer
energy/service:       store register/current rpc proto ./answer ./convert + tonic

sanctions:            (pure) reference
sanctions/subject:    (pure) value reference
sanctions/ownership:  (pure) value ./subject
sanctions/goods:      (pure)
sanctions/feed:       (pure) ./subject
sanctions/refusal:    rpc ./feed ./goods
sanctions/store:      store register register/entity register/store ./subject ./ownership ./goods ./feed
                      + sea-orm
sanctions/import:     value store import register register/entries register/protocol register/shrink reference ./subject
                      ./ownership ./goods ./feed ./store
sanctions/answer:     value store register register/current rpc reference reference/current reference/store
                      ./subject ./ownership ./goods ./feed ./store + tokio
sanctions/convert:    value register rpc proto reference reference/convert ./subject ./ownership ./goods ./feed
                      ./answer
sanctions/service:    register/current rpc proto reference/current reference/convert ./answer ./convert
                      + tonic

app:                  value config store import register/current rpc reference reference/import
                      reference/service reference/current reference/store trade trade/import trade/service
                      trade/answer energy energy/import energy/service sanctions sanctions/import
                      sanctions/service + tokio
cli:                  value config telemetry store import trade/generate app ./call ./context ./exit + tokio
cli/exit:             store
cli/context:          ./exit
cli/call:             ./context ./exit + tonic prost tokio
main:                 cli cli/exit + tokio
";

/// The floors, from the ground up: nobody names a room on a floor above.
pub const FLOORS: &[&[&str]] = &[
    &["value", "proto", "migrations"],
    &["config", "telemetry", "store"],
    &["import"],
    &["register"],
    &["rpc"],
    &["reference"],
    SUBJECTS,
    &["app"],
    &["cli"],
    &["main"],
];

/// Those that answer questions and never name one another.
pub const SUBJECTS: &[&str] = &["trade", "energy", "sanctions"];

/// Where generated messages may be named, `*` being a subject.
pub const MESSAGES: &[&str] = &["proto", "rpc", "app", "cli/call", "*/convert", "*/service"];

/// What every subject has, `reference` but for what a body of facts needs.
pub const SHAPE: &[&str] = &[
    "mod.rs",
    "refusal.rs",
    "answer/mod.rs",
    "convert/mod.rs",
    "store/mod.rs",
    "store/entity.rs",
    "import/mod.rs",
    "service.rs",
];

/// A service dispatches; what is longer does more.
pub const SERVICE_LINES_MAX: usize = 250;

/// Names that say nothing.
pub const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

/// Where statuses are made; `call` is a client, which reads them.
pub const STATUSES: &[&str] = &["src/rpc/status.rs", "src/cli/call/"];

/// Where SQL may be written as text, and why the builder would not do.
pub const RAW_SQL: &[(&str, &str)] = &[
    ("src/store/", "the two ways in and out below sea-orm: transactions, COPY, prepared bulk inserts, pragmas"),
    ("src/trade/store/", "facts are read by the hundred thousand; an entity a row costs more than the query"),
    (
        "src/trade/import/run.rs",
        "partitions and statistics, which sea-query cannot say, and the scan beside which rows are compared",
    ),
    (
        "src/trade/import/write.rs",
        "a release's changes go through temporary tables, so that millions of rows take a few statements",
    ),
];
