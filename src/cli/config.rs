//! `entrepot config`: shows, describes and checks the configuration.
//!
//! It changes nothing in the store and binds no port, so it can run beside a server and before one.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::exit;
use crate::app;
use crate::config::{Config, Error};
use crate::store;

/// Show, describe or check the configuration.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Print the effective configuration as TOML, secrets hidden.
    Show,
    /// Print the JSON schema of the configuration file.
    Schema,
    /// Check the configuration and look at the store, as the server would before it starts; changes nothing.
    Check,
}

/// Runs the command with the same file and overrides that the server would get.
pub async fn run(args: &Args, config_file: Option<&Path>, overrides: &[(String, String)]) -> Result<u8, Error> {
    match args.action {
        Action::Show => print(&Config::load(config_file, overrides)?.show()),
        Action::Schema => print(&format!("{:#}\n", Config::schema())),
        Action::Check => {
            let config = Config::load(config_file, overrides)?;
            config.validate()?;
            print("configuration is valid\n")?;
            return check_store(&config).await;
        }
    }?;
    Ok(exit::OK)
}

async fn check_store(config: &Config) -> Result<u8, Error> {
    let found = match app::schema_as_it_is(config).await {
        Ok(found) => found,
        Err(error) => return Ok(refused(&error)),
    };
    if let Err(error) = found.check() {
        return Ok(refused(&error));
    }
    let missing = found.steps.iter().filter(|step| !step.applied).count();
    let text = match &found.missing_file {
        Some(file) => format!("store: there is no file {} yet; `serve` or `import` makes it\n", file.display()),
        None if missing > 0 => format!("store: {missing} steps of the schema are missing; `serve` applies them\n"),
        None => "store: it answers, and its schema is the one of this program\n".to_owned(),
    };
    print(&text)?;
    Ok(exit::OK)
}

fn refused(error: &store::Error) -> u8 {
    eprintln!("error: {error}");
    exit::of_store(error)
}

fn print(text: &str) -> Result<(), Error> {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    match written {
        // The reader, `head` for example, has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::Output),
    }
}
