//! Merges the layers and remembers where each value came from.
//!
//! It never judges whether values make sense together: that is `validate`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::{ConfigError, FileFormat, Map, Source, Value, ValueKind};
use serde::Deserialize;

use super::schema::ENVIRONMENT_PREFIX;
use super::values::Values;
use super::{Config, Error};

/// Names the file when no flag does.
const FILE_VARIABLE: &str = "ENTREPOT_CONFIG";

/// The one key whose value is a list: outside of a file it is written as TOML.
const LIST_KEY: &str = "auth.tokens";

impl Config {
    /// Reads defaults < file < environment < overrides.
    ///
    /// `file` is what `--config` named; without it ENTREPOT_CONFIG counts, and without that there
    /// is not a file. A named file that is missing is an error. `overrides` are (`section.key`,
    /// value) from the command line. An environment variable that is empty counts as not set.
    pub fn load(file: Option<&Path>, overrides: &[(String, String)]) -> Result<Config, Error> {
        load_from(file, std::env::vars_os(), overrides)
    }
}

fn load_from(
    file: Option<&Path>,
    environment: impl Iterator<Item = (OsString, OsString)>,
    overrides: &[(String, String)],
) -> Result<Config, Error> {
    let mut file_from_environment = None;
    let mut environment_layer = Layer::default();
    for (name, value) in environment {
        if value.is_empty() {
            continue;
        }
        if name == FILE_VARIABLE {
            file_from_environment = Some(PathBuf::from(value));
            continue;
        }
        let Some(name) = name.to_str() else {
            continue;
        };
        let Some(rest) = name.strip_prefix(ENVIRONMENT_PREFIX) else {
            continue;
        };
        let key = rest.replace("__", ".").to_ascii_lowercase();
        let origin = format!("environment variable {name}");
        let Ok(text) = value.into_string() else {
            return Err(Error::Invalid {
                key,
                value: None,
                origin: Some(origin),
                reason: "its value is not UTF-8".to_owned(),
            });
        };
        environment_layer.add(&key, &text, origin)?;
    }

    let mut override_layer = Layer::default();
    for (key, text) in overrides {
        override_layer.add(key, text, "the command line".to_owned())?;
    }

    let named_file = match (file, file_from_environment) {
        (Some(path), _) => Some((path.to_owned(), "--config")),
        (None, Some(path)) => Some((path, FILE_VARIABLE)),
        (None, None) => None,
    };
    let mut builder = config::Config::builder();
    let mut file_origin = "the configuration file".to_owned();
    if let Some((path, named_by)) = named_file {
        file_origin = path.display().to_string();
        let text = read_file(&path, named_by)?;
        builder = builder.add_source(config::File::from_str(&text, FileFormat::Toml));
    }
    let merged = builder
        .add_source(environment_layer)
        .add_source(override_layer)
        .build()
        .map_err(|error| Error::Layers(error.to_string()))?;

    let values = Values::collect(&merged.cache, &file_origin);
    values.refuse_unknown_keys()?;
    values.refuse_rounding()?;
    let mut loaded = Config::deserialize(merged.cache.clone()).map_err(|error| values.explain(error))?;
    loaded.origins = values.origins();
    Ok(loaded)
}

/// The text of the file, known to be TOML.
fn read_file(path: &Path, named_by: &'static str) -> Result<String, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        path: path.display().to_string(),
        named_by,
        source,
    })?;
    // The config crate would quote the offending line, which may hold a password.
    if let Err(error) = toml::from_str::<toml::Table>(&text) {
        let offset = error.span().map_or(0, |span| span.start);
        let before = text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        return Err(Error::Syntax {
            path: path.display().to_string(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: error.message().to_owned(),
        });
    }
    Ok(text)
}

/// Values given one by one as text. The config crate's own environment source calls every value's
/// origin "the environment"; this one names the variable.
#[derive(Clone, Debug, Default)]
struct Layer {
    values: Map<String, Value>,
}

impl Layer {
    fn add(&mut self, key: &str, text: &str, origin: String) -> Result<(), Error> {
        let kind = if key == LIST_KEY {
            parse_list(text).map_err(|message| Error::Invalid {
                key: key.to_owned(),
                value: None,
                origin: Some(origin.clone()),
                reason: format!(
                    "expected a TOML array such as [{{ name = \"analytics\", token_sha256 = \
                     \"...\", scopes = [\"trade.read\"] }}]: {message}"
                ),
            })?
        } else {
            ValueKind::String(text.to_owned())
        };
        self.values.insert(key.to_owned(), Value::new(Some(&origin), kind));
        Ok(())
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.values.clone())
    }
}

/// A TOML array. The error is TOML's own, without the text it complains about.
fn parse_list(text: &str) -> Result<ValueKind, String> {
    let document = format!("list = {text}");
    if let Err(error) = toml::from_str::<toml::Table>(&document) {
        return Err(error.message().to_owned());
    }
    let parsed = config::File::from_str(&document, FileFormat::Toml).collect().map_err(|_| "not TOML".to_owned())?;
    match parsed.get("list").map(|value| &value.kind) {
        Some(ValueKind::Array(items)) if parsed.len() == 1 => Ok(ValueKind::Array(items.clone())),
        _ => Err("not an array".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{AuthMode, LogFormat};
    use secrecy::ExposeSecret;
    use std::io::Write;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("temporary file");
        file.write_all(text.as_bytes()).expect("write");
        file
    }

    fn load(file: Option<&Path>, environment: &[(&str, &str)], overrides: &[(&str, &str)]) -> Result<Config, Error> {
        let mut variables = Vec::new();
        for (name, value) in environment {
            variables.push((OsString::from(name), OsString::from(value)));
        }
        let mut pairs = Vec::new();
        for (key, value) in overrides {
            pairs.push((key.to_string(), value.to_string()));
        }
        load_from(file, variables.into_iter(), &pairs)
    }

    fn refusal(environment: &[(&str, &str)]) -> String {
        load(None, environment, &[]).expect_err("must be refused").to_string()
    }

    #[test]
    fn defaults_alone() {
        let config = load(None, &[], &[]).expect("defaults load");
        assert_eq!(config.show(), Config::default().show());
        assert!(config.origins.is_empty());
    }

    #[test]
    fn each_layer_covers_the_one_before_and_only_where_it_speaks() {
        let file = file("[server]\nmax_connections = 10\nkeepalive_timeout_ms = 11\ndrain_timeout_ms = 12\n");
        let environment = [
            ("ENTREPOT__SERVER__KEEPALIVE_TIMEOUT_MS", "21"),
            ("ENTREPOT__SERVER__DRAIN_TIMEOUT_MS", "22"),
            ("ENTREPOT__SERVER__ALLOW_UNAUTHENTICATED", "true"),
            ("ENTREPOT__SERVER__MAX_DEADLINE_MS", ""),
            ("UNRELATED", "x"),
        ];
        let overrides = [("server.drain_timeout_ms", "32"), ("log.format", "json")];
        let config = load(Some(file.path()), &environment, &overrides).expect("loads");

        assert_eq!(config.server.max_concurrent_streams, 128);
        assert_eq!(config.server.max_deadline_ms, 300_000);
        assert_eq!(config.server.max_connections, 10);
        assert_eq!(config.server.keepalive_timeout_ms, 21);
        assert_eq!(config.server.drain_timeout_ms, 32);
        assert!(config.server.allow_unauthenticated);
        assert_eq!(config.log.format, LogFormat::Json);
        assert_eq!(config.origins["server.max_connections"], file.path().display().to_string());
        assert_eq!(
            config.origins["server.keepalive_timeout_ms"],
            "environment variable ENTREPOT__SERVER__KEEPALIVE_TIMEOUT_MS"
        );
        assert_eq!(config.origins["server.drain_timeout_ms"], "the command line");
    }

    #[test]
    fn environment_names_the_file_unless_a_flag_does() {
        let by_variable = file("[store]\nreaders = 2\n");
        let by_flag = file("[store]\nreaders = 3\n");
        let path = by_variable.path().to_str().expect("UTF-8 path");
        let environment = [("ENTREPOT_CONFIG", path)];
        assert_eq!(load(None, &environment, &[]).expect("loads").store.readers, 2);
        let both = load(Some(by_flag.path()), &environment, &[]).expect("loads");
        assert_eq!(both.store.readers, 3);
    }

    #[test]
    fn missing_named_file_is_an_error() {
        let message = refusal(&[("ENTREPOT_CONFIG", "/nonexistent/entrepot.toml")]);
        assert!(message.contains("/nonexistent/entrepot.toml"), "{message}");
        assert!(message.contains("ENTREPOT_CONFIG"), "{message}");
    }

    #[test]
    fn syntax_error_says_where_and_hides_the_line() {
        let file = file("[store]\nreaders = 2\nurl = \"postgres://u:hunter2@h/d\n");
        let message = load(Some(file.path()), &[], &[]).expect_err("no TOML").to_string();
        assert!(message.contains("line 3"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn wrong_value_names_key_value_origin_and_what_is_right() {
        let cases = [
            (("ENTREPOT__SERVER__LISTEN", "localhost"), ["server.listen", "\"localhost\"", "IP address and port"]),
            (("ENTREPOT__SERVER__MAX_CONNECTIONS", "many"), ["server.max_connections", "\"many\"", "an integer"]),
            (("ENTREPOT__AUTH__MODE", "token"), ["auth.mode", "\"token\"", "\"none\" or \"tokens\""]),
            (("ENTREPOT__LOG__FORMAT", "xml"), ["log.format", "\"xml\"", "\"auto\" or \"text\" or \"json\""]),
            (("ENTREPOT__SERVER__LISTENN", "1.2.3.4:5"), ["server.listenn", "max_connections", "unknown"]),
            (("ENTREPOT__SERVER", "x"), ["server", "is a section", "listen"]),
            (("ENTREPOT__STOER__URL", "x"), ["stoer.url", "the sections are", "store"]),
        ];
        for ((variable, value), parts) in cases {
            let message = refusal(&[(variable, value)]);
            for part in parts {
                assert!(message.contains(part), "{part:?} is not in {message:?}");
            }
            let origin = format!("environment variable {variable}");
            assert!(message.contains(&origin), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn unknown_key_in_the_file_is_refused() {
        let file = file("[log]\nlevel = \"debug\"\n");
        let message = load(Some(file.path()), &[], &[]).expect_err("unknown").to_string();
        assert!(message.contains("log.level"), "{message}");
        assert!(message.contains("format, filter"), "{message}");
    }

    #[test]
    fn integers_are_never_rounded_or_guessed() {
        for value in ["4.7", "true", "\"yes\"", "[4]"] {
            let file = file(&format!("[store]\nreaders = {value}\n"));
            let message = load(Some(file.path()), &[], &[]).expect_err("no integer").to_string();
            assert!(message.contains("store.readers"), "{message}");
            assert!(message.contains("not an integer"), "{message}");
        }
        let message = refusal(&[("ENTREPOT__STORE__READERS", "-1")]);
        assert!(message.contains("store.readers = \"-1\""), "{message}");
        let message = refusal(&[("ENTREPOT__STORE__READERS", "4294967296")]);
        assert!(message.contains("store.readers"), "{message}");
    }

    #[test]
    fn tokens_come_from_the_file_or_as_a_list_in_a_variable() {
        let hash = "ab".repeat(32);
        let file = file(&format!(
            "[auth]\nmode = \"tokens\"\n[[auth.tokens]]\nname = \"a\"\ntoken_sha256 = \"{hash}\"\n\
             scopes = [\"trade.read\"]\n"
        ));
        let config = load(Some(file.path()), &[], &[]).expect("loads");
        assert_eq!(config.auth.mode, AuthMode::Tokens);
        assert_eq!(config.auth.tokens[0].token_sha256.expose_secret(), hash);

        let list = format!("[{{ name = \"b\", token_sha256 = \"{hash}\", scopes = [] }}]");
        let config = load(Some(file.path()), &[("ENTREPOT__AUTH__TOKENS", &list)], &[]).expect("loads");
        assert_eq!(config.auth.tokens.len(), 1);
        assert_eq!(config.auth.tokens[0].name, "b");
    }

    #[test]
    fn broken_tokens_are_named_without_their_hash() {
        let message = refusal(&[("ENTREPOT__AUTH__TOKENS", "[{ name = \"b\", tok = \"5ec4e7\" }]")]);
        assert!(message.contains("auth.tokens[0]"), "{message}");
        assert!(!message.contains("5ec4e7"), "{message}");
        let message = refusal(&[("ENTREPOT__AUTH__TOKENS", "5ec4e7")]);
        assert!(message.contains("TOML array"), "{message}");
        assert!(!message.contains("5ec4e7"), "{message}");
    }
}
