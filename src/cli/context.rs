//! `entrepot context`: addresses of servers under names, in the user's own configuration folder.
//!
//! A token is never kept, only the path of the file that holds it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::exit;

/// Keep addresses of servers under names, for `call` and `get`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a server or replace it; the first one becomes the current one.
    Add {
        /// Name to call it by: letters, digits, `-` and `_`.
        name: String,
        /// Address, as in http://10.0.0.5:50551.
        server: String,
        /// File that holds the bearer token; only its path is kept.
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
    },
    /// List them; `*` marks the current one.
    List,
    /// Make one of them the current one.
    Use { name: String },
    /// Forget one of them.
    Remove { name: String },
}

/// Why a context cannot be used. One line, and no token in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("server address {address:?} cannot be used: {reason}")]
    Address { address: String, reason: String },
    #[error("there is no folder for contexts: set XDG_CONFIG_HOME or HOME")]
    NoFolder,
    #[error("{}: {reason}", .path.display())]
    File { path: PathBuf, reason: String },
    #[error("{}: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("no context named {name:?}; {}", listed(.known))]
    Unknown { name: String, known: Vec<String> },
    #[error("context name {0:?} cannot be used: write it with letters, digits, `-` and `_`")]
    Name(String),
    #[error("token file {}: {reason}", .path.display())]
    TokenFile { path: PathBuf, reason: String },
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "there are none yet: entrepot context add NAME URL".to_owned(),
        names => format!("there are: {}", names.join(", ")),
    }
}

impl Error {
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Address { .. } | Self::Name(_) => exit::USAGE,
            Self::Unknown { .. } | Self::TokenFile { .. } => exit::NOT_FOUND,
            Self::NoFolder | Self::File { .. } => exit::CONFIG,
            Self::Write { .. } => exit::IO,
        }
    }
}

/// A server and, perhaps, the file with its token.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    pub server: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
}

impl Context {
    /// The token as it stands in the file now.
    pub fn token(&self) -> Result<Option<String>, Error> {
        self.token_file.as_deref().map(read_token).transpose()
    }
}

/// Everything in the file.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Contexts {
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<String>,
    #[serde(default)]
    contexts: BTreeMap<String, Context>,
}

impl Contexts {
    /// Those of the user; none where there is no file yet.
    pub fn load() -> Result<Self, Error> {
        let Some(path) = file() else { return Ok(Self::default()) };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::File { reason: error.to_string(), path }),
        };
        toml::from_str(&text).map_err(|error| Error::File { reason: error.message().to_owned(), path })
    }

    pub fn named(&self, name: &str) -> Result<&Context, Error> {
        let known = || self.contexts.keys().cloned().collect();
        self.contexts.get(name).ok_or_else(|| Error::Unknown { name: name.to_owned(), known: known() })
    }

    pub fn current(&self) -> Option<&Context> {
        self.contexts.get(self.current.as_ref()?)
    }

    /// Written beside and moved into place, so that a reader sees all of it; readable by the user alone.
    fn save(&self) -> Result<(), Error> {
        let path = file().ok_or(Error::NoFolder)?;
        let text =
            toml::to_string(self).map_err(|error| Error::File { path: path.clone(), reason: error.to_string() })?;
        write_whole(&path, &text).map_err(|source| Error::Write { path, source })
    }
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // A temporary file has mode 0600 from the first byte on.
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.persist(path).map(drop).map_err(|error| error.error)
}

fn file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME").or_else(|| set("APPDATA")).or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(folder.join("entrepot/contexts.toml"))
}

fn read_token(path: &Path) -> Result<String, Error> {
    let refuse = |reason: String| Error::TokenFile { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    match text.trim() {
        "" => Err(refuse("it is empty".to_owned())),
        token => Ok(token.to_owned()),
    }
}

/// The address of a server with its scheme, `http://` where none is written.
pub fn address(server: &str) -> Result<String, Error> {
    let address = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let refuse = |reason: String| Error::Address { address: address.clone(), reason };
    let uri: http::Uri = address.parse().map_err(|error: http::uri::InvalidUri| refuse(error.to_string()))?;
    match uri.scheme_str() {
        Some("http") => Ok(address),
        Some("https") => Err(refuse("this client has no TLS; use http:// or a proxy on this machine".to_owned())),
        _ => Err(refuse("write it as http://HOST:PORT".to_owned())),
    }
}

pub fn run(args: Args) -> u8 {
    match act(args.action) {
        Ok(()) => exit::OK,
        Err(error) => {
            eprintln!("error: {error}");
            error.exit_code()
        }
    }
}

fn act(action: Action) -> Result<(), Error> {
    let mut contexts = Contexts::load()?;
    match action {
        Action::List => {
            for (name, context) in &contexts.contexts {
                let mark = if contexts.current.as_ref() == Some(name) { '*' } else { ' ' };
                let token = context.token_file.as_ref();
                let token = token.map_or_else(String::new, |file| format!("  token in {}", file.display()));
                println!("{mark} {name}  {}{token}", context.server);
            }
            return Ok(());
        }
        Action::Add { name, server, token_file } => {
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            if name.is_empty() || !name.chars().all(is_plain) {
                return Err(Error::Name(name));
            }
            let context = Context { server: address(&server)?, token_file: token_file.map(whole_path).transpose()? };
            context.token()?;
            contexts.contexts.insert(name.clone(), context);
            contexts.current.get_or_insert(name);
        }
        Action::Use { name } => {
            contexts.named(&name)?;
            contexts.current = Some(name);
        }
        Action::Remove { name } => {
            contexts.named(&name)?;
            contexts.contexts.remove(&name);
            contexts.current = contexts.current.filter(|current| *current != name);
        }
    }
    contexts.save()
}

/// Whatever folder `call` will run in.
fn whole_path(path: PathBuf) -> Result<PathBuf, Error> {
    std::path::absolute(&path).map_err(|error| Error::TokenFile { reason: error.to_string(), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_scheme_and_no_tls() {
        assert_eq!(address("127.0.0.1:50551").unwrap(), "http://127.0.0.1:50551");
        assert!(address("https://h:1").unwrap_err().to_string().contains("no TLS"));
        assert!(address("ftp://h:1").unwrap_err().to_string().contains("http://HOST:PORT"));
        assert!(address("http://a b").is_err());
    }
}
