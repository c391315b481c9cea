//! `entrepot migrate up|down|status`.

use clap::Subcommand;

use super::exit;
use crate::app;
use crate::config::Config;
use crate::store::{Error, schema};

/// Bring the store's schema up or down, or show it.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Apply the steps that are missing.
    Up,
    /// Take back the last steps, with everything in their tables.
    Down {
        /// How many steps.
        #[arg(long, default_value_t = 1)]
        steps: u32,
        /// Do it: the data in the tables of these steps is lost.
        #[arg(long)]
        yes: bool,
    },
    /// List the steps.
    Status,
}

pub async fn run(args: Args, config: Config) -> u8 {
    match act(args.action, &config).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            exit::UNAVAILABLE
        }
    }
}

async fn act(action: Action, config: &Config) -> Result<u8, Error> {
    let store = app::open_store(config).await?;
    match action {
        Action::Up => {
            let applied = app::migrate(&store).await?;
            if applied.is_empty() {
                println!("the schema is up to date");
            }
            for name in applied {
                println!("applied {name}");
            }
        }
        Action::Down { steps, yes } => {
            if !yes {
                eprintln!(
                    "error: {steps} steps would be taken back, with all data in their tables; add --yes to do it"
                );
                return Ok(exit::USAGE);
            }
            schema::down(&store, steps).await?;
            println!("took back {steps} steps");
        }
        Action::Status => {
            let (steps, unknown) = schema::status(&store).await?;
            for step in steps {
                println!("{}  {}", if step.applied { "applied" } else { "missing" }, step.name);
            }
            for name in unknown {
                println!("unknown  {name}");
            }
        }
    }
    Ok(exit::OK)
}
