//! `entrepot migrate up|down|status`.

use clap::Subcommand;

use super::exit;
use crate::app::{self, Schema};
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
    /// List the steps; changes nothing, and ends with exit code 1 when some are missing.
    Status,
}

pub async fn run(args: Args, config: Config) -> u8 {
    match act(args.action, &config).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            exit::of_store(&error)
        }
    }
}

async fn act(action: Action, config: &Config) -> Result<u8, Error> {
    if let Action::Status = action {
        return show(app::schema_as_it_is(config).await?);
    }
    let store = app::open_store(config).await?;
    match action {
        // Answered above, without opening the store for writing.
        Action::Status => {}
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
    }
    Ok(exit::OK)
}

/// Steps that the program lacks are refused as every other command does.
fn show(found: Schema) -> Result<u8, Error> {
    if let Some(file) = &found.missing_file {
        println!("there is no file {} yet", file.display());
    }
    for step in &found.steps {
        println!("{}  {}", if step.applied { "applied" } else { "missing" }, step.name);
    }
    for name in &found.unknown {
        println!("unknown  {name}");
    }
    match found.fits() {
        Ok(()) => Ok(exit::OK),
        Err(Error::SchemaOlder(_)) => Ok(exit::BEHIND),
        Err(error) => Err(error),
    }
}
