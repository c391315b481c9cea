//! Commands: one file each. Reads arguments, prints results, turns errors into exit codes.
//!
//! Holds no logic of a subject.

pub mod call;
pub mod config;
pub mod context;
pub mod exit;
pub mod generate;
pub mod get;
pub mod import;
pub mod migrate;
pub mod serve;
pub mod shell;

use std::path::PathBuf;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::config::Config;

/// The version and the commit that it was built from.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("ENTREPOT_COMMIT"), ")");

/// Trade volumes, energy contracts and sanction records over gRPC.
#[derive(Debug, Parser)]
#[command(name = "entrepot", version = VERSION, after_help = exit::HELP)]
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
    /// Call any method of a running server with a request in JSON.
    Call(call::Args),
    /// Ask a running server one of the ten most common questions.
    Get(get::Args),
    /// Keep addresses of servers under names.
    Context(context::Args),
    /// Show, describe or check the configuration.
    Config(config::Args),
    /// Write large files of made-up trade, for measuring.
    Generate(generate::Args),
    /// Print what a shell needs to complete command lines.
    Completions(shell::CompletionsArgs),
    /// Write the manual pages.
    Man(shell::ManArgs),
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
        Command::Call(args) => told(call::run(args).await),
        Command::Get(args) => told(get::run(args).await),
        Command::Context(args) => context::run(args),
        Command::Completions(args) => shell::completions(&args, Arguments::command()),
        Command::Man(args) => shell::man(&args, Arguments::command()),
        Command::Config(args) => match config::run(&args, file, &overrides).await {
            Ok(code) => code,
            Err(error) => wrong(&error),
        },
        Command::Generate(args) => generate::run(&args),
        Command::Serve(args) => {
            let overrides = args.overrides(overrides);
            match loaded(file, &overrides) {
                Ok(config) => serve::run(args, config).await,
                Err(error) => wrong(&error),
            }
        }
        Command::Import(args) => match loaded(file, &overrides) {
            Ok(config) => import::run(args, config).await,
            Err(error) => wrong(&error),
        },
        Command::Migrate(args) => match loaded(file, &overrides) {
            Ok(config) => migrate::run(args, config).await,
            Err(error) => wrong(&error),
        },
    }
}

fn loaded(file: Option<&std::path::Path>, overrides: &[(String, String)]) -> Result<Config, crate::config::Error> {
    let config = Config::load(file, overrides)?;
    config.validate()?;
    crate::telemetry::init(&config.log);
    Ok(config)
}

fn wrong(error: &crate::config::Error) -> u8 {
    eprintln!("error: {error}");
    match error {
        crate::config::Error::Output(_) => exit::IO,
        _ => exit::CONFIG,
    }
}

fn told(outcome: Result<(), call::Error>) -> u8 {
    match outcome {
        Ok(()) => exit::OK,
        Err(error) => {
            eprintln!("{}", error.report());
            error.exit_code()
        }
    }
}

impl Arguments {
    /// Reads the command line. Where there is nothing to run, says why or what was asked (`--help`), and gives the exit
    /// code.
    pub fn read() -> Result<Self, u8> {
        Self::try_parse().map_err(|refusal| {
            // Nobody may be listening.
            let _ = refusal.print();
            if refusal.use_stderr() { exit::USAGE } else { exit::OK }
        })
    }

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
