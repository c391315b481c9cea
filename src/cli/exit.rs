//! Exit codes, one scheme for all commands: those of `sysexits.h`, which scripts know.

use crate::store;

/// Done, or nothing to do.
pub const OK: u8 = 0;
/// `migrate status`: steps are missing.
pub const BEHIND: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 64;
/// The request or the files are wrong.
pub const DATA: u8 = 65;
/// What was named is not there: a resource of the server, or a file to read.
pub const NOT_FOUND: u8 = 66;
/// The server or the store is out of reach, or cannot do what was asked.
pub const UNAVAILABLE: u8 = 69;
/// A fault of the program, here or on the server.
pub const SOFTWARE: u8 = 70;
/// Nothing could be written.
pub const IO: u8 = 74;
/// Another time it may succeed: too busy, too late, another import is writing.
pub const TEMPORARY: u8 = 75;
/// The token is missing or does not allow it.
pub const PERMISSION: u8 = 77;
/// The configuration is wrong.
pub const CONFIG: u8 = 78;
/// 128 and the number of SIGINT.
pub const INTERRUPTED: u8 = 130;

/// The same for people, below `--help`.
pub const HELP: &str = "\
Exit codes:
    0  done, or nothing to do
    1  `migrate status`: steps are missing
   64  the command line is wrong
   65  the request or the files are wrong
   66  what was named is not there
   69  the server or the store is out of reach, or cannot do it
   70  a fault of the program, here or on the server
   74  nothing could be written
   75  another time it may succeed: too busy, too late, another import is writing
   77  the token is missing or does not allow it
   78  the configuration is wrong
  130  interrupted";

/// For a store that did not do what was asked.
pub fn of_store(error: &store::Error) -> u8 {
    match error {
        store::Error::Address(_) => CONFIG,
        store::Error::Busy(_) | store::Error::DeadlineExceeded | store::Error::Cancelled => TEMPORARY,
        store::Error::DiskFull => IO,
        store::Error::Overflow => SOFTWARE,
        store::Error::SchemaOlder(_)
        | store::Error::SchemaNewer(_)
        | store::Error::Unavailable(_)
        | store::Error::Other(_) => UNAVAILABLE,
    }
}
