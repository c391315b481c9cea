//! Commands: one file each. Reads arguments, prints results, turns errors into exit codes.
//!
//! Holds no logic of a subject.

pub mod call;
pub mod config;
pub mod generate;
pub mod import;
pub mod migrate;
pub mod serve;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Exit codes of `sysexits.h`, which scripts know.
pub mod exit {
    pub const OK: u8 = 0;
    pub const USAGE: u8 = 64;
    pub const DATA: u8 = 65;
    pub const UNAVAILABLE: u8 = 69;
    pub const SOFTWARE: u8 = 70;
    /// 128 and the number of SIGINT.
    pub const INTERRUPTED: u8 = 130;
}

/// Trade volumes, energy contracts and sanction records over gRPC.
#[derive(Debug, Parser)]
#[command(name = "entrepot", version)]
pub struct Arguments {
    /// Configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address of the store: sqlite://path or postgres://user@host/database.
    #[arg(long, global = true, value_name = "URL")]
    store: Option<String>,
    /// Any other setting, such as server.listen=127.0.0.1:0. May be given several times.
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    settings: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::Args),
    /// Import files of statistics or reference lists as a release.
    Import(import::Args),
    /// Bring the store's schema up or down, or show it.
    Migrate(migrate::Args),
    /// Call a running server.
    Call(call::Args),
    /// Show, describe or check the configuration.
    Config(config::Args),
    /// Write large files of made-up trade, for measuring.
    Generate(generate::Args),
}

/// Runs one command to its end and returns the exit code.
pub async fn run(arguments: Arguments) -> u8 {
    let overrides = match arguments.overrides() {
        Ok(overrides) => overrides,
        Err(setting) => {
            eprintln!("error: --set {setting}: write it as section.key=value");
            return exit::USAGE;
        }
    };
    let file = arguments.config.as_deref();
    match arguments.command {
        Command::Call(args) => match call::run(args).await {
            Ok(()) => exit::OK,
            Err(error) => {
                eprintln!("{}", error.report());
                error.exit_code()
            }
        },
        Command::Config(args) => match config::run(&args, file, &overrides) {
            Ok(()) => exit::OK,
            Err(error) => usage(&error),
        },
        Command::Generate(args) => generate::run(&args),
        Command::Serve(args) => {
            let overrides = args.overrides(overrides);
            match loaded(file, &overrides) {
                Ok(config) => serve::run(args, config).await,
                Err(error) => usage(&error),
            }
        }
        Command::Import(args) => match loaded(file, &overrides) {
            Ok(config) => import::run(args, config).await,
            Err(error) => usage(&error),
        },
        Command::Migrate(args) => match loaded(file, &overrides) {
            Ok(config) => migrate::run(args, config).await,
            Err(error) => usage(&error),
        },
    }
}

fn loaded(file: Option<&std::path::Path>, overrides: &[(String, String)]) -> Result<Config, crate::config::Error> {
    let config = Config::load(file, overrides)?;
    config.validate()?;
    crate::telemetry::init(&config.log);
    Ok(config)
}

fn usage(error: &crate::config::Error) -> u8 {
    eprintln!("error: {error}");
    exit::USAGE
}

impl Arguments {
    fn overrides(&self) -> Result<Vec<(String, String)>, String> {
        let mut overrides = Vec::new();
        if let Some(url) = &self.store {
            overrides.push(("store.url".to_owned(), url.clone()));
        }
        for setting in &self.settings {
            let (key, value) = setting.split_once('=').ok_or_else(|| setting.clone())?;
            overrides.push((key.to_owned(), value.to_owned()));
        }
        Ok(overrides)
    }
}
