//! The command line, nothing else.

use std::process::ExitCode;

use entrepot::cli;

// Imports and streams allocate in bursts; glibc's allocator holds on to what they free.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match cli::Arguments::read() {
        Ok(arguments) => arguments,
        Err(code) => return ExitCode::from(code),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::from(cli::exit::SOFTWARE);
        }
    };
    let code = runtime.block_on(cli::run(arguments));
    // A blocking import that was interrupted must not keep the process: its transaction is rolled back by whoever opens
    // the store next.
    runtime.shutdown_background();
    ExitCode::from(code)
}
