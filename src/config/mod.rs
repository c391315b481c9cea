//! Configuration: what can be set, its defaults, where each value came from, and whether the
//! whole makes sense.
//!
//! Four layers, each over the one before: the defaults in this file, a TOML file, environment
//! variables (`ENTREPOT__SECTION__KEY`), the command line.
//!
//! It never opens a store, binds a port or installs anything: a wrong configuration is found
//! before the process has an effect. It never prints a secret.

mod check;
mod layers;
mod schema;
mod secret;
mod values;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// What a token may be allowed to do. A name outside this list is refused when the configuration
/// is checked, because a mistyped scope would only show as calls that are denied.
pub const SCOPES: &[&str] = &["trade.read", "reference.read", "sanctions.read", "energy.read", "admin"];

/// Why a configuration is unusable. Messages are one line and hold no secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file that was asked for is missing or unreadable.
    #[error("cannot read configuration file {path} (named by {named_by}): {source}")]
    File {
        path: String,
        /// The flag or variable that named the file.
        named_by: &'static str,
        source: std::io::Error,
    },
    /// The file is not TOML. The offending text is left out: it may hold a password.
    #[error("configuration file {path}, line {line}, column {column}: {message}")]
    Syntax { path: String, line: usize, column: usize, message: String },
    /// A key that means nothing, most often a typing error.
    #[error("unknown configuration key {key} (from {origin}): {reason}")]
    UnknownKey {
        key: String,
        origin: String,
        /// Says which keys there are.
        reason: String,
    },
    /// A value that cannot be used.
    #[error("configuration {key}{}{}: {reason}", equals(value), from(origin))]
    Invalid {
        key: String,
        /// As TOML would write it; absent where it would show a secret or where there is none.
        value: Option<String>,
        origin: Option<String>,
        /// Says what is wrong and what is expected.
        reason: String,
    },
    /// The layers could not be merged for a reason that belongs to no single key.
    #[error("configuration: {0}")]
    Layers(String),
    /// What was asked for could not be written to standard output.
    #[error("cannot write to standard output: {0}")]
    Output(std::io::Error),
}

fn equals(value: &Option<String>) -> String {
    match value {
        Some(value) => format!(" = {value}"),
        None => String::new(),
    }
}

fn from(origin: &Option<String>) -> String {
    match origin {
        Some(origin) => format!(" (from {origin})"),
        None => String::new(),
    }
}

/// Everything that can be set about an Entrepôt process.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The gRPC listener and the limits that protect it.
    pub server: Server,
    /// Where the data is kept.
    pub store: Store,
    /// How releases are imported.
    pub import: Import,
    /// Sanction lists.
    pub sanctions: Sanctions,
    /// Merchandise trade.
    pub trade: Trade,
    /// Who may call.
    pub auth: Auth,
    /// What the process writes about itself.
    pub log: Log,
    /// Where each value that is not a default came from, by `section.key`: for error messages.
    #[serde(skip)]
    pub origins: BTreeMap<String, String>,
}

/// The gRPC listener and the limits that protect it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// IP address and port to listen on, for example `127.0.0.1:50551` or `[::1]:50551`; port 0
    /// takes a free one. Default 127.0.0.1:50551.
    pub listen: SocketAddr,
    /// IP address and port on which metrics can be scraped, as Prometheus does: `http://ADDRESS/metrics`. Open to whoever
    /// reaches it. Default: none.
    pub metrics_listen: Option<SocketAddr>,
    /// Connections open at once; further ones wait to be accepted. Default 1024.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,
    /// Requests at once on one connection (HTTP/2 SETTINGS_MAX_CONCURRENT_STREAMS). Default 128.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_concurrent_streams: u32,
    /// Requests at once over all connections; further ones end as RESOURCE_EXHAUSTED. Default 256.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_requests_in_flight: usize,
    /// Largest request message, in bytes, after decompression. Default 1048576 (1 MiB).
    #[schemars(range(min = 1024, max = 268_435_456))]
    pub request_bytes_max: usize,
    /// Time in milliseconds a new connection has for its HTTP/2 preface.
    /// Default 10000.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub handshake_timeout_ms: u64,
    /// Silence in milliseconds after which a connection is pinged. Default 30000.
    #[schemars(range(min = 1, max = 86_400_000))]
    pub keepalive_interval_ms: u64,
    /// Time in milliseconds a ping may stay unanswered before the connection is closed.
    /// Default 10000.
    #[schemars(range(min = 1, max = 3_600_000))]
    pub keepalive_timeout_ms: u64,
    /// Deadline in milliseconds of a unary call that names none. Default 30000.
    #[schemars(range(min = 1, max = 86_400_000))]
    pub default_deadline_ms: u64,
    /// Longest deadline in milliseconds of a unary call; a later one is shortened to it.
    /// Default 300000.
    #[schemars(range(min = 1, max = 86_400_000))]
    pub max_deadline_ms: u64,
    /// Longest life in milliseconds of a streaming call. Default 3600000.
    #[schemars(range(min = 1, max = 604_800_000))]
    pub stream_deadline_ms: u64,
    /// Time in milliseconds that running requests have to end after a stop signal; 0 cuts them at
    /// once. Default 20000.
    #[schemars(range(min = 0, max = 3_600_000))]
    pub drain_timeout_ms: u64,
    /// Serve beyond loopback although `auth.mode` is "none": whoever reaches the port reads
    /// everything. Meant for networks that are closed by other means. Default false.
    pub allow_unauthenticated: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 50551)),
            metrics_listen: None,
            max_connections: 1024,
            max_concurrent_streams: 128,
            max_requests_in_flight: 256,
            request_bytes_max: 1024 * 1024,
            handshake_timeout_ms: 10_000,
            keepalive_interval_ms: 30_000,
            keepalive_timeout_ms: 10_000,
            default_deadline_ms: 30_000,
            max_deadline_ms: 300_000,
            stream_deadline_ms: 3_600_000,
            drain_timeout_ms: 20_000,
            allow_unauthenticated: false,
        }
    }
}

/// Where the data is kept.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// `sqlite://FILE` (three slashes before an absolute path) or
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Secret, because it may hold a password.
    /// Default sqlite://entrepot.db, a file in the working directory.
    #[serde(serialize_with = "secret::serialize_url")]
    #[schemars(with = "String")]
    pub url: SecretString,
    /// Connections that read, beside the one that writes. Default 4.
    #[schemars(range(min = 1, max = 1000))]
    pub readers: u32,
    /// Time in milliseconds a statement waits for another's lock. Default 60000.
    // SQLite takes it as a signed 32-bit integer.
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub busy_timeout_ms: u64,
    /// Page cache of each SQLite connection, in MiB; PostgreSQL has its own setting. Default 64.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub cache_mib: u32,
}

impl Default for Store {
    fn default() -> Self {
        Self { url: SecretString::from("sqlite://entrepot.db"), readers: 4, busy_timeout_ms: 60_000, cache_mib: 64 }
    }
}

/// How releases are imported.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Import {
    /// Rows held in memory before a sorted run of them is spilled to disk. Default 500000.
    #[schemars(range(min = 1000, max = 1_000_000_000))]
    pub sort_rows: usize,
    /// Existing directory for spilled runs; it needs room for about the size of the unpacked file.
    /// Default: the system's directory for temporary files.
    pub temp_dir: Option<PathBuf>,
    /// A release of a sanction list that would remove more than this share, in percent, of its subjects, of those of a list
    /// or programme within it, or of a kind of field of those that stay, is refused unless `--allow-shrink` names the list.
    /// Default 10.
    #[schemars(range(min = 0, max = 100))]
    pub shrink_percent: u32,
}

impl Default for Import {
    fn default() -> Self {
        Self { sort_rows: 500_000, temp_dir: None, shrink_percent: 10 }
    }
}

/// Sanction lists.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sanctions {
    /// A list that nobody has imported, changed or not, for more than so many days is called stale. Default 7.
    #[schemars(range(min = 1, max = 36_500))]
    pub stale_after_days: u32,
}

impl Default for Sanctions {
    fn default() -> Self {
        Self { stale_after_days: 7 }
    }
}

/// Merchandise trade.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Trade {
    /// Memory in MiB that the current facts may take as columns, from which sums are answered; about 30 bytes a fact. A
    /// dataset that does not fit is answered by the store, and so are all with 0. Default 1024.
    #[schemars(range(min = 0, max = 16_777_216))]
    pub cube_memory_mib: u32,
}

impl Default for Trade {
    fn default() -> Self {
        Self { cube_memory_mib: 1024 }
    }
}

/// Who may call.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// "none" lets every caller in, "tokens" asks for one of `auth.tokens`. Default "none".
    pub mode: AuthMode,
    /// The tokens that are accepted when `auth.mode` is "tokens". In an environment variable or a
    /// flag, a TOML array of inline tables. Default: none.
    pub tokens: Vec<Token>,
}

/// How callers prove who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Not at all.
    #[default]
    None,
    /// By a bearer token whose hash is listed in `auth.tokens`.
    Tokens,
}

/// One bearer token. The token itself is kept by its owner only.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Who calls with it, for logs. Unique.
    pub name: String,
    /// SHA-256 of the token, 64 hexadecimal digits. Secret, because a short token can be guessed
    /// from it.
    #[serde(serialize_with = "secret::serialize_hidden")]
    #[schemars(with = "String", regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub token_sha256: SecretString,
    /// What the token allows: "trade.read", "reference.read", "sanctions.read", "energy.read",
    /// "admin".
    pub scopes: Vec<String>,
}

impl Token {
    /// The 32 bytes of `token_sha256`; none if it is not 64 hexadecimal digits, which
    /// [`Config::validate`] has refused.
    pub fn digest(&self) -> Option<[u8; 32]> {
        let text = self.token_sha256.expose_secret();
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut digest = [0u8; 32];
        for (index, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(digest)
    }
}

/// What the process writes about itself, to standard error.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// "text" for people, "json" for machines (one object a line), "auto" for text on a terminal
    /// and JSON elsewhere. Default "auto".
    pub format: LogFormat,
    /// What is logged: a level (error, warn, info, debug, trace, off) or comma-separated
    /// directives such as "info,entrepot::store=debug". Default "info".
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Auto, filter: "info".to_owned() }
    }
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Text,
    /// One object a line.
    Json,
}

impl Config {
    /// The effective configuration as TOML, secrets replaced by `***`.
    pub fn show(&self) -> String {
        match toml::to_string_pretty(self) {
            Ok(text) => text,
            // An integer beyond TOML's range, for one; `validate` names it.
            Err(error) => format!("# this configuration cannot be written as TOML: {error}\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_configuration_hides_secrets_and_keeps_the_rest() {
        let mut config = Config::default();
        config.store.url = SecretString::from("postgres://reader:hunter2@db.example/entrepot");
        config.auth.tokens.push(Token {
            name: "analytics".to_owned(),
            token_sha256: SecretString::from("ab".repeat(32)),
            scopes: vec!["trade.read".to_owned()],
        });

        let shown = config.show();
        assert!(shown.contains(r#"url = "postgres://reader:***@db.example/entrepot""#), "{shown}");
        assert!(shown.contains(r#"name = "analytics""#), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains("abab"), "{shown}");
        let debugged = format!("{config:?}");
        assert!(!debugged.contains("hunter2"), "{debugged}");
        assert!(!debugged.contains("abab"), "{debugged}");
    }

    #[test]
    fn shown_defaults_can_be_loaded_again() {
        let shown = Config::default().show();
        let again: Config = toml::from_str(&shown).expect("defaults are valid TOML");
        assert_eq!(again.show(), shown);
    }

    #[test]
    fn digest_is_the_bytes_of_the_hash() {
        let mut token =
            Token { name: "one".to_owned(), token_sha256: SecretString::from("0aFf".repeat(16)), scopes: Vec::new() };
        let digest = token.digest().expect("64 hexadecimal digits");
        assert_eq!(digest[..4], [0x0a, 0xff, 0x0a, 0xff]);
        token.token_sha256 = SecretString::from("é".repeat(32));
        assert_eq!(token.digest(), None);
    }
}
