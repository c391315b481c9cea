//! What every command that calls a server takes: which server, how long, as whom, and in which form it answers.

use std::time::Duration;

use tonic::metadata::{Ascii, MetadataKey, MetadataMap, MetadataValue};

use super::error::Error;
use super::output::Format;
use crate::cli::context::{Context, Contexts, address};

const DEFAULT_SERVER: &str = "http://127.0.0.1:50551";
const SERVER_VARIABLE: &str = "ENTREPOT_SERVER";
const TOKEN_VARIABLE: &str = "ENTREPOT_TOKEN";
/// grpc-timeout cannot say more than eight digits of a unit, and nobody waits longer.
const MAX_DEADLINE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Which server, how long, as whom, and in which form it answers.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Address of the server, without TLS; else that of --context, of the variable ENTREPOT_SERVER, of the current context,
    /// or http://127.0.0.1:50551
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,

    /// Server by the name that `entrepot context add` gave it
    #[arg(long, global = true, value_name = "NAME")]
    context: Option<String>,

    /// Form of the answer; a table on a terminal, else JSON
    #[arg(long, global = true, value_enum)]
    pub output: Option<Format>,

    /// Time for everything together, like 30s or 5m; 0s waits for ever
    #[arg(long, global = true, value_name = "DURATION", default_value = "30s", value_parser = parse_deadline)]
    pub deadline: Duration,

    /// Bearer token; better kept in the variable ENTREPOT_TOKEN, where `ps` does not show it
    #[arg(long, global = true, value_parser = parse_token)]
    token: Option<MetadataValue<Ascii>>,

    /// Metadata sent along; may be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = parse_metadata)]
    metadata: Vec<(MetadataKey<Ascii>, MetadataValue<Ascii>)>,

    /// Write errors as one JSON object
    #[arg(long, global = true)]
    json_errors: bool,
}

/// Where a call goes, and what the person gives along with every request.
pub struct Target {
    pub address: String,
    pub metadata: MetadataMap,
}

impl Options {
    /// The server: by flag, by the context of the flag, by variable, by the current context, by default. A token of a
    /// context goes to the server of that context alone.
    pub fn target(&self) -> Result<Target, Error> {
        let mut token = self.token.clone();
        let server = if let Some(server) = &self.server {
            server.clone()
        } else if let Some(name) = &self.context {
            let contexts = Contexts::load()?;
            let context = contexts.named(name)?;
            token = token.map_or_else(|| token_of(context), |token| Ok(Some(token)))?;
            context.server.clone()
        } else if let Some(server) = text_variable(SERVER_VARIABLE)? {
            server
        } else if let Some(context) = Contexts::load()?.current() {
            if token.is_none() && text_variable(TOKEN_VARIABLE)?.is_none() {
                token = token_of(context)?;
            }
            context.server.clone()
        } else {
            DEFAULT_SERVER.to_owned()
        };
        if token.is_none() {
            token = token_from_environment()?;
        }

        let mut metadata = MetadataMap::new();
        for (key, value) in &self.metadata {
            metadata.append(key, value.clone());
        }
        if let Some(token) = token {
            metadata.insert("authorization", token);
        }
        Ok(Target { address: address(&server)?, metadata })
    }

    /// The error in the form that was asked for.
    pub fn dressed(&self, error: Error) -> Error {
        if self.json_errors { Error::AsJson(Box::new(error)) } else { error }
    }
}

fn token_of(context: &Context) -> Result<Option<MetadataValue<Ascii>>, Error> {
    let Some(token) = context.token()? else { return Ok(None) };
    let name = "of the token file";
    parse_token(&token).map(Some).map_err(|reason| Error::Variable { name, reason })
}

fn token_from_environment() -> Result<Option<MetadataValue<Ascii>>, Error> {
    let Some(token) = text_variable(TOKEN_VARIABLE)? else { return Ok(None) };
    parse_token(&token).map(Some).map_err(|reason| Error::Variable { name: TOKEN_VARIABLE, reason })
}

/// `None` where it is not set or empty.
fn text_variable(name: &'static str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(_) => Err(Error::Variable { name, reason: "it is not text".to_owned() }),
    }
}

fn parse_deadline(text: &str) -> Result<Duration, String> {
    let parsed: jiff::SignedDuration = text.parse().map_err(|e: jiff::Error| e.to_string())?;
    let deadline = Duration::try_from(parsed).map_err(|_| "must not be negative".to_owned())?;
    if deadline > MAX_DEADLINE {
        return Err("must not be above 7 days; 0s waits for ever".to_owned());
    }
    Ok(deadline)
}

fn parse_metadata(text: &str) -> Result<(MetadataKey<Ascii>, MetadataValue<Ascii>), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "must look like KEY=VALUE".to_owned())?;
    let key =
        key.to_ascii_lowercase().parse().map_err(|_| "the key must be a header name and not end in -bin".to_owned())?;
    let value = sensitive(value)?;
    Ok((key, value))
}

fn parse_token(token: &str) -> Result<MetadataValue<Ascii>, String> {
    sensitive(&format!("Bearer {token}"))
}

/// Marked so that neither `Debug` nor HTTP/2 header compression keeps it.
fn sensitive(text: &str) -> Result<MetadataValue<Ascii>, String> {
    let mut value: MetadataValue<Ascii> = text.parse().map_err(|_| "the value must be visible ascii".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_durations_with_a_unit() {
        assert_eq!(parse_deadline("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse_deadline("1m 30s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_deadline("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_deadline("0s"), Ok(Duration::ZERO));
        for refused in ["30", "-5s", "200h", "soon"] {
            assert!(parse_deadline(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn metadata_keys_are_lowered_and_binary_ones_refused() {
        let (key, value) = parse_metadata("X-Team=a=b").unwrap();
        assert_eq!((key.as_str(), value.to_str().unwrap()), ("x-team", "a=b"));
        assert!(parse_metadata("no-value").is_err());
        assert!(parse_metadata("trace-bin=AA").is_err());
    }

    #[test]
    fn a_token_does_not_show_in_debug_output() {
        let token = parse_token("secret").unwrap();
        assert_eq!(token.to_str().unwrap(), "Bearer secret");
        assert!(!format!("{token:?}").contains("secret"));
    }
}
