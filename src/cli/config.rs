//! `entrepot config`: shows, describes and checks the configuration.
//!
//! It never opens the store or binds a port, so it can run beside a server and before one.

use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::config::{Config, Error};

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
    /// Check the configuration as the server would before it starts.
    Check,
}

/// Runs the command with the same file and overrides that the server would get.
pub fn run(args: &Args, config_file: Option<&Path>, overrides: &[(String, String)]) -> Result<(), Error> {
    match args.action {
        Action::Show => print(&Config::load(config_file, overrides)?.show()),
        Action::Schema => print(&format!("{:#}\n", Config::schema())),
        Action::Check => {
            Config::load(config_file, overrides)?.validate()?;
            print("configuration is valid\n")
        }
    }
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
