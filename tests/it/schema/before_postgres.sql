-- The statements that b8b7d8d sends to migrate an empty database, from the log of the server.

CREATE TABLE IF NOT EXISTS "seaql_migrations" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" bigint NOT NULL );
CREATE TABLE datasets (
    id          INTEGER NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    title       TEXT NOT NULL,
    publisher   TEXT NOT NULL,
    license     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    scope       TEXT NOT NULL,
    valuation   INTEGER NOT NULL,
    precedence  INTEGER NOT NULL
);
CREATE TABLE releases (
    id                INTEGER NOT NULL PRIMARY KEY,
    dataset           INTEGER NOT NULL REFERENCES datasets (id),
    publication_date  TEXT NOT NULL,
    created_at_ms     BIGINT NOT NULL,
    importer_version  TEXT NOT NULL,
    content_hash      TEXT NOT NULL,
    files             TEXT NOT NULL,
    rows_read         BIGINT NOT NULL,
    rows_new          BIGINT NOT NULL,
    rows_revised      BIGINT NOT NULL,
    rows_unchanged    BIGINT NOT NULL,
    rows_withdrawn    BIGINT NOT NULL,
    rows_rejected     BIGINT NOT NULL
);
CREATE INDEX releases_by_dataset ON releases (dataset, id);
CREATE TABLE areas (
    number      INTEGER NOT NULL PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    alpha2      TEXT,
    alpha3      TEXT,
    m49         INTEGER,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    entry_year  INTEGER,
    exit_year   INTEGER,
    source      TEXT NOT NULL,
    note        TEXT NOT NULL
);
CREATE TABLE units (
    number        INTEGER NOT NULL PRIMARY KEY,
    abbreviation  TEXT NOT NULL,
    name          TEXT NOT NULL,
    source        TEXT NOT NULL
);
CREATE TABLE classifications (
    number  INTEGER NOT NULL PRIMARY KEY,
    code    TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL UNIQUE,
    title   TEXT NOT NULL
);
CREATE TABLE commodities (
    commodity       INTEGER NOT NULL,
    since_release   INTEGER NOT NULL,
    until_release   INTEGER,
    classification  INTEGER NOT NULL,
    code            TEXT NOT NULL,
    title           TEXT NOT NULL,
    level           INTEGER NOT NULL,
    parent          INTEGER,
    leaf            BOOLEAN NOT NULL,
    unit            TEXT,
    PRIMARY KEY (commodity, since_release)
);
CREATE TABLE concordances (
    from_classification  INTEGER NOT NULL,
    to_classification    INTEGER NOT NULL,
    from_commodity       INTEGER NOT NULL,
    to_commodity         INTEGER NOT NULL,
    since_release        INTEGER NOT NULL,
    until_release        INTEGER,
    PRIMARY KEY (from_classification, to_classification, from_commodity, to_commodity, since_release)
);
CREATE INDEX concordances_back
ON concordances (from_classification, to_classification, to_commodity, from_commodity);
CREATE TABLE flows (
value           BIGINT,
net_weight      BIGINT,
period          INTEGER NOT NULL,
commodity       INTEGER NOT NULL,
variant         INTEGER NOT NULL,
release         INTEGER NOT NULL,
dataset         SMALLINT NOT NULL,
reporter        SMALLINT NOT NULL,
flow            SMALLINT NOT NULL,
partner         SMALLINT NOT NULL,
quantity        BIGINT,
cif_value       BIGINT,
fob_value       BIGINT,
gross_weight    BIGINT,
alt_quantity    BIGINT,
quantity_unit   SMALLINT,
alt_unit        SMALLINT,
flags           SMALLINT, PRIMARY KEY (dataset, reporter, flow, period, partner, commodity, variant)) PARTITION BY RANGE (period);
CREATE TABLE flow_history (
value           BIGINT,
net_weight      BIGINT,
period          INTEGER NOT NULL,
commodity       INTEGER NOT NULL,
variant         INTEGER NOT NULL,
release         INTEGER NOT NULL,
dataset         SMALLINT NOT NULL,
reporter        SMALLINT NOT NULL,
flow            SMALLINT NOT NULL,
partner         SMALLINT NOT NULL,
quantity        BIGINT,
cif_value       BIGINT,
fob_value       BIGINT,
gross_weight    BIGINT,
alt_quantity    BIGINT,
quantity_unit   SMALLINT,
alt_unit        SMALLINT,
flags           SMALLINT, until_release INTEGER NOT NULL,
                    PRIMARY KEY (dataset, reporter, flow, period, partner, commodity, variant, until_release));
CREATE TABLE flow_strata (
    dataset         SMALLINT NOT NULL,
    reporter        SMALLINT NOT NULL,
    flow            SMALLINT NOT NULL,
    period          INTEGER NOT NULL,
    classification  SMALLINT NOT NULL,
    chapter         SMALLINT NOT NULL,
    level           SMALLINT NOT NULL,
    partner_kind    SMALLINT NOT NULL,
    detail_kind     SMALLINT NOT NULL,
    since_release   INTEGER NOT NULL,
    until_release   INTEGER,
    rows            BIGINT NOT NULL,
    PRIMARY KEY (dataset, reporter, flow, period, classification, chapter, level, partner_kind,
                 detail_kind, since_release)
);
CREATE TABLE flow_pairs (
    dataset         SMALLINT NOT NULL,
    reporter        SMALLINT NOT NULL,
    flow            SMALLINT NOT NULL,
    period          INTEGER NOT NULL,
    partner         SMALLINT NOT NULL,
    cut             SMALLINT NOT NULL,
    rows            BIGINT NOT NULL,
    value_rows      BIGINT NOT NULL,
    value           BIGINT NOT NULL,
    weight_rows     BIGINT NOT NULL,
    net_weight      BIGINT NOT NULL,
    weighed_value   BIGINT NOT NULL,
    weighed_weight  BIGINT NOT NULL,
    estimated_value BIGINT NOT NULL,
    converted_value BIGINT NOT NULL,
    PRIMARY KEY (dataset, reporter, flow, period, partner, cut)
);
CREATE TABLE flow_world (
    dataset         SMALLINT NOT NULL,
    flow            SMALLINT NOT NULL,
    detail          SMALLINT NOT NULL,
    period          INTEGER NOT NULL,
    commodity       INTEGER NOT NULL,
    rows            BIGINT NOT NULL,
    value_rows      BIGINT NOT NULL,
    value           BIGINT NOT NULL,
    weight_rows     BIGINT NOT NULL,
    net_weight      BIGINT NOT NULL,
    weighed_value   BIGINT NOT NULL,
    weighed_weight  BIGINT NOT NULL,
    estimated_value BIGINT NOT NULL,
    converted_value BIGINT NOT NULL,
    PRIMARY KEY (dataset, flow, detail, period, commodity)
);
CREATE TABLE sanction_lists (
    dataset       INTEGER NOT NULL PRIMARY KEY,
    authority     TEXT NOT NULL,
    checked_at_ms BIGINT NOT NULL
);
CREATE TABLE sanction_subjects (
    subject INTEGER NOT NULL PRIMARY KEY,
    dataset INTEGER NOT NULL,
    uid     TEXT COLLATE "C" NOT NULL,
    UNIQUE (dataset, uid)
);
CREATE TABLE sanction_records (
    subject     INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    begins      SMALLINT NOT NULL,
    spell_day   INTEGER NOT NULL,
    kind        SMALLINT NOT NULL,
    authority   TEXT COLLATE "C" NOT NULL,
    name        TEXT NOT NULL,
    listed_day  INTEGER,
    delisted_day INTEGER,
    record      TEXT NOT NULL,
    PRIMARY KEY (subject, since_release)
);
CREATE TABLE sanction_keys (
    kind    SMALLINT NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    subject INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    PRIMARY KEY (kind, key, subject, since_release)
);
CREATE INDEX sanction_keys_by_subject ON sanction_keys (subject, kind);
CREATE TABLE sanction_changes (
    id      BIGINT NOT NULL PRIMARY KEY,
    release INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    kind    SMALLINT NOT NULL,
    initial SMALLINT NOT NULL,
    subject_kind SMALLINT NOT NULL,
    name    TEXT NOT NULL,
    fields  TEXT NOT NULL
);
CREATE INDEX sanction_changes_by_subject ON sanction_changes (subject, id);
CREATE INDEX sanction_changes_by_day ON sanction_changes (day, id);
CREATE TABLE sanction_holdings (
    dataset     INTEGER NOT NULL,
    entry       INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    owner       TEXT COLLATE "C" NOT NULL,
    owner_name  TEXT NOT NULL,
    owned       TEXT COLLATE "C" NOT NULL,
    owned_name  TEXT NOT NULL,
    control     SMALLINT NOT NULL,
    share       INTEGER,
    start_day   INTEGER,
    end_day     INTEGER,
    source      TEXT NOT NULL,
    PRIMARY KEY (dataset, entry, since_release)
);
CREATE INDEX sanction_holdings_by_owner ON sanction_holdings (owner);
CREATE INDEX sanction_holdings_by_owned ON sanction_holdings (owned);
CREATE TABLE controlled_goods (
    dataset        INTEGER NOT NULL,
    entry          INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    authority      TEXT COLLATE "C" NOT NULL,
    regime         TEXT COLLATE "C" NOT NULL,
    classification TEXT COLLATE "C" NOT NULL,
    code           TEXT COLLATE "C" NOT NULL,
    tier           TEXT NOT NULL,
    destinations   TEXT NOT NULL,
    start_day      INTEGER,
    end_day        INTEGER,
    title          TEXT NOT NULL,
    source         TEXT NOT NULL,
    PRIMARY KEY (dataset, entry, since_release)
);
CREATE TABLE energy_records (
    dataset INTEGER NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    number  INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    record  TEXT NOT NULL,
    PRIMARY KEY (dataset, id, since_release)
);
CREATE TABLE energy_observations (
    dataset INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    value   TEXT NOT NULL,
    PRIMARY KEY (dataset, number, day, since_release)
);
CREATE TABLE energy_deliveries (
    dataset      INTEGER NOT NULL,
    entry        INTEGER NOT NULL,
    since_release INTEGER NOT NULL,
        since_day     INTEGER NOT NULL,
        until_release INTEGER,
        until_day     INTEGER,
    subject      TEXT COLLATE "C" NOT NULL,
    start_day    INTEGER NOT NULL,
    end_day      INTEGER NOT NULL,
    value        TEXT NOT NULL,
    unit         TEXT NOT NULL,
    source       TEXT NOT NULL,
    confidence   SMALLINT NOT NULL,
    netting_rule TEXT NOT NULL,
    note         TEXT NOT NULL,
    PRIMARY KEY (dataset, entry, since_release)
);
CREATE INDEX energy_deliveries_by_subject ON energy_deliveries (subject, start_day, dataset, entry);
INSERT INTO "seaql_migrations" ("version", "applied_at") VALUES
    ('m0001_releases', 1795826928),
    ('m0002_reference', 1795826928),
    ('m0003_flows', 1795826928),
    ('m0004_sanctions', 1795826928),
    ('m0005_energy', 1795826928);
