//! `entrepot completions` and `entrepot man`: what shells and manual pages know of the command line.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Command;
use clap_complete::Shell;

use super::exit;

/// Print what a shell needs to complete command lines.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Write the manual pages.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Folder for the pages, one of each command; made where it is not there.
    folder: PathBuf,
}

pub fn completions(args: &CompletionsArgs, mut command: Command) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "entrepot", &mut text);
    match std::io::stdout().lock().write_all(&text) {
        Ok(()) => exit::OK,
        // The reader has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => exit::OK,
        Err(error) => {
            eprintln!("error: cannot write the completions: {error}");
            exit::IO
        }
    }
}

pub fn man(args: &ManArgs, command: Command) -> u8 {
    let written = std::fs::create_dir_all(&args.folder).and_then(|()| clap_mangen::generate_to(command, &args.folder));
    match written {
        Ok(_) => exit::OK,
        Err(error) => {
            eprintln!("error: cannot write manual pages to {}: {error}", args.folder.display());
            exit::IO
        }
    }
}
