//! Whether the values make sense, alone and together.
//!
//! It never changes a value and opens nothing but the directory entry of `import.temp_dir`.

use std::collections::BTreeSet;

use secrecy::ExposeSecret;
use serde_json::Value;
use tracing_subscriber::EnvFilter;

use super::{AuthMode, Config, Error, SCOPES, schema, secret};

impl Config {
    /// The first thing that is wrong, as an error that says what is expected. To be called
    /// before a port is bound or a store opened.
    pub fn validate(&self) -> Result<(), Error> {
        self.check_ranges()?;
        self.check_deadlines()?;
        self.check_store()?;
        self.check_import()?;
        self.check_log()?;
        self.check_tokens()?;
        self.check_exposure()
    }

    /// Every integer against the range that the schema shows for it.
    fn check_ranges(&self) -> Result<(), Error> {
        let schema = Config::schema();
        let values = serde_json::to_value(self).map_err(|error| Error::Layers(error.to_string()))?;
        let Some(sections) = values.as_object() else {
            return Ok(());
        };
        for (section, keys) in sections {
            let Some(keys) = keys.as_object() else {
                continue;
            };
            for (name, value) in keys {
                let key = format!("{section}.{name}");
                let Some(number) = value.as_u64() else {
                    continue;
                };
                let Some((minimum, maximum)) = range(&schema, &key) else {
                    continue;
                };
                if number < minimum || number > maximum {
                    let reason = format!("must be from {minimum} to {maximum}");
                    return Err(self.invalid(&key, number, reason));
                }
            }
        }
        Ok(())
    }

    fn check_deadlines(&self) -> Result<(), Error> {
        let server = &self.server;
        if server.default_deadline_ms > server.max_deadline_ms {
            return Err(self.invalid(
                "server.default_deadline_ms",
                server.default_deadline_ms,
                format!("must not be above server.max_deadline_ms = {}", server.max_deadline_ms),
            ));
        }
        if server.max_deadline_ms > server.stream_deadline_ms {
            return Err(self.invalid(
                "server.max_deadline_ms",
                server.max_deadline_ms,
                format!("must not be above server.stream_deadline_ms = {}", server.stream_deadline_ms),
            ));
        }
        Ok(())
    }

    fn check_store(&self) -> Result<(), Error> {
        let url = self.store.url.expose_secret();
        let shown = format!("{:?}", secret::masked_url(url));
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if is_postgres {
            return Ok(());
        }
        let Some(file) = url.strip_prefix("sqlite://") else {
            return Err(self.invalid("store.url", shown, "must begin with sqlite:// or postgres://".to_owned()));
        };
        if file.is_empty() || file.starts_with('?') {
            return Err(self.invalid("store.url", shown, "names no file; sqlite://entrepot.db would".to_owned()));
        }
        // Each connection would get an empty store of its own.
        if file.contains(":memory:") || file.contains("mode=memory") {
            return Err(self.invalid(
                "store.url",
                shown,
                "must name a file: a store in memory is not shared between connections".to_owned(),
            ));
        }
        Ok(())
    }

    fn check_import(&self) -> Result<(), Error> {
        let Some(directory) = &self.import.temp_dir else {
            return Ok(());
        };
        if directory.is_dir() {
            return Ok(());
        }
        let shown = format!("{directory:?}");
        let reason = "must be an existing directory".to_owned();
        Err(self.invalid("import.temp_dir", shown, reason))
    }

    fn check_log(&self) -> Result<(), Error> {
        let filter = &self.log.filter;
        let Err(error) = EnvFilter::try_new(filter) else {
            return Ok(());
        };
        Err(self.invalid(
            "log.filter",
            format!("{filter:?}"),
            format!("{error}; right would be \"info\" or \"info,entrepot::store=debug\""),
        ))
    }

    fn check_tokens(&self) -> Result<(), Error> {
        if self.auth.mode == AuthMode::Tokens && self.auth.tokens.is_empty() {
            return Err(self.invalid(
                "auth.mode",
                "\"tokens\"",
                "needs at least one entry in auth.tokens, or nobody could call".to_owned(),
            ));
        }
        let mut names = BTreeSet::new();
        let mut digests = BTreeSet::new();
        for (index, token) in self.auth.tokens.iter().enumerate() {
            let name = &token.name;
            if name.trim().is_empty() || !names.insert(name) {
                return Err(self.invalid(
                    &format!("auth.tokens[{index}].name"),
                    format!("{name:?}"),
                    "must be a name that no other token has".to_owned(),
                ));
            }
            let hash_key = format!("auth.tokens[{index}].token_sha256");
            let Some(digest) = token.digest() else {
                return Err(self.invalid_secret(
                    &hash_key,
                    format!("of token {name:?} must be 64 hexadecimal digits, as sha256sum prints"),
                ));
            };
            if !digests.insert(digest) {
                let reason = format!("of token {name:?} is that of an earlier token");
                return Err(self.invalid_secret(&hash_key, reason));
            }
            self.check_scopes(index, &token.scopes)?;
        }
        Ok(())
    }

    fn check_scopes(&self, token_index: usize, scopes: &[String]) -> Result<(), Error> {
        let key = format!("auth.tokens[{token_index}].scopes");
        if scopes.is_empty() {
            let reason = format!("must have at least one of {}", SCOPES.join(", "));
            return Err(self.invalid(&key, "[]", reason));
        }
        for scope in scopes {
            if !SCOPES.contains(&scope.as_str()) {
                let reason = format!("unknown scope; there are {}", SCOPES.join(", "));
                return Err(self.invalid(&key, format!("{scope:?}"), reason));
            }
        }
        Ok(())
    }

    /// Serving everybody must be meant, not forgotten.
    fn check_exposure(&self) -> Result<(), Error> {
        let listen = self.server.listen;
        // An IPv4 address may be written as an IPv6 one (::ffff:127.0.0.1).
        let is_loopback = listen.ip().to_canonical().is_loopback();
        if is_loopback || self.auth.mode != AuthMode::None || self.server.allow_unauthenticated {
            return Ok(());
        }
        Err(self.invalid(
            "server.listen",
            format!("\"{listen}\""),
            "is reachable from other machines and auth.mode is \"none\": set auth.mode = \
             \"tokens\" with auth.tokens, or listen on 127.0.0.1, or set \
             server.allow_unauthenticated = true \
             (ENTREPOT__SERVER__ALLOW_UNAUTHENTICATED=true) if the network is closed by other means"
                .to_owned(),
        ))
    }

    fn invalid(&self, key: &str, value: impl ToString, reason: String) -> Error {
        Error::Invalid { key: key.to_owned(), value: Some(value.to_string()), origin: Some(self.origin(key)), reason }
    }

    fn invalid_secret(&self, key: &str, reason: String) -> Error {
        Error::Invalid { key: key.to_owned(), value: None, origin: Some(self.origin(key)), reason }
    }

    fn origin(&self, key: &str) -> String {
        // Items of a list came from where the list came from.
        let whole_key = key.split('[').next().unwrap_or_default();
        match self.origins.get(whole_key) {
            Some(origin) => origin.clone(),
            None => "the defaults".to_owned(),
        }
    }
}

fn range(schema: &Value, key: &str) -> Option<(u64, u64)> {
    let key_schema = schema::of_key(schema, key)?;
    let minimum = key_schema.get("minimum")?.as_u64()?;
    let maximum = key_schema.get("maximum")?.as_u64()?;
    Some((minimum, maximum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Token;
    use secrecy::SecretString;

    fn refusal(change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::default();
        change(&mut config);
        config.validate().expect_err("must be refused").to_string()
    }

    fn token(name: &str, hash: &str, scope: &str) -> Token {
        Token { name: name.to_owned(), token_sha256: SecretString::from(hash), scopes: vec![scope.to_owned()] }
    }

    #[test]
    fn defaults_are_valid() {
        Config::default().validate().expect("defaults are valid");
    }

    #[test]
    fn serving_everybody_must_be_meant() {
        let message = refusal(|config| {
            config.server.listen = "0.0.0.0:50551".parse().expect("address");
            let origin = "environment variable ENTREPOT__SERVER__LISTEN".to_owned();
            config.origins.insert("server.listen".to_owned(), origin);
        });
        for part in [
            "0.0.0.0:50551",
            "auth.mode = \"tokens\"",
            "ENTREPOT__SERVER__ALLOW_UNAUTHENTICATED=true",
            "from environment variable ENTREPOT__SERVER__LISTEN",
        ] {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }

        let mut config = Config::default();
        config.server.listen = "[::]:50551".parse().expect("address");
        assert!(config.validate().is_err());
        config.server.allow_unauthenticated = true;
        config.validate().expect("meant");
        config.server.allow_unauthenticated = false;
        config.auth.mode = AuthMode::Tokens;
        config.auth.tokens.push(token("a", &"ab".repeat(32), "admin"));
        config.validate().expect("authenticated");
        for loopback in ["127.0.0.2:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            let mut config = Config::default();
            config.server.listen = loopback.parse().expect("address");
            config.validate().expect(loopback);
        }
    }

    #[test]
    fn ranges_are_those_of_the_schema() {
        let message = refusal(|config| config.server.max_connections = 0);
        assert!(message.contains("server.max_connections = 0"), "{message}");
        assert!(message.contains("from 1 to 1000000"), "{message}");
        let message = refusal(|config| config.store.busy_timeout_ms = u64::MAX);
        assert!(message.contains("store.busy_timeout_ms"), "{message}");
        let mut config = Config::default();
        config.server.drain_timeout_ms = 0;
        config.validate().expect("0 cuts at once");
    }

    #[test]
    fn every_integer_has_a_range() {
        let schema = Config::schema();
        for section in schema::sections(&schema).expect("sections").keys() {
            for (name, key_schema) in schema::keys_of_section(&schema, section).expect("keys") {
                if key_schema["type"] == "integer" {
                    let key = format!("{section}.{name}");
                    assert!(range(&schema, &key).is_some(), "{key} has no range");
                }
            }
        }
    }

    #[test]
    fn deadlines_are_ordered() {
        let message = refusal(|config| config.server.default_deadline_ms = 300_001);
        assert!(message.contains("server.max_deadline_ms = 300000"), "{message}");
        let message = refusal(|config| config.server.stream_deadline_ms = 299_999);
        assert!(message.contains("server.stream_deadline_ms = 299999"), "{message}");
    }

    #[test]
    fn store_urls_need_a_known_scheme_and_never_show_a_password() {
        let message = refusal(|config| {
            config.store.url = SecretString::from("mysql://root:hunter2@h/d");
        });
        assert!(message.contains("mysql://root:***@h/d"), "{message}");
        assert!(message.contains("sqlite:// or postgres://"), "{message}");
        for url in ["sqlite://", "sqlite://:memory:", "sqlite://a?mode=memory", "entrepot.db"] {
            let message = refusal(|config| config.store.url = SecretString::from(url));
            assert!(message.contains("store.url"), "{message}");
        }
        for url in ["sqlite:///var/lib/a.db", "postgres://u@h/d", "postgresql://u@h/d"] {
            let mut config = Config::default();
            config.store.url = SecretString::from(url);
            config.validate().expect(url);
        }
    }

    #[test]
    fn tokens_are_complete_unique_and_known() {
        let hash = "ab".repeat(32);
        let other_hash = "AC".repeat(32);
        let cases = [
            (vec![], "at least one entry"),
            (vec![token("a", "5ec4e7", "admin")], "64 hexadecimal digits"),
            (vec![token("a", &hash, "trade.raed")], "unknown scope"),
            (vec![token(" ", &hash, "admin")], "must be a name"),
            (vec![token("a", &hash, "admin"), token("a", &other_hash, "admin")], "no other token has"),
            (vec![token("a", &hash, "admin"), token("b", &hash.to_uppercase(), "admin")], "earlier token"),
        ];
        for (tokens, part) in cases {
            let message = refusal(|config| {
                config.auth.mode = AuthMode::Tokens;
                config.auth.tokens = tokens;
            });
            assert!(message.contains(part), "{part:?} is not in {message:?}");
            assert!(!message.contains("5ec4e7"), "{message}");
        }
    }

    #[test]
    fn log_filter_and_temp_dir_are_tried() {
        let message = refusal(|config| config.log.filter = "info,entrepot=loud".to_owned());
        assert!(message.contains("log.filter"), "{message}");
        let message = refusal(|config| {
            config.import.temp_dir = Some("/nonexistent".into());
        });
        assert!(message.contains("existing directory"), "{message}");
    }
}
