//! What every importer shares: opening files, exact numbers, tables with a header, the report, progress.
//!
//! Knows no subject. A subject's own `import/` holds one file a source format.

pub mod encoding;
mod error;
pub mod file;
pub mod format;
mod options;
pub mod own_table;
pub mod progress;
pub mod report;
pub mod table;
pub mod xlsx;
pub mod xml;

pub use encoding::Encoding;
pub use error::Error;
pub use file::Input;
pub use format::Format;
pub use options::Options;
pub use progress::Progress;
pub use report::{FileHash, ListPart, Refusal, Reject, Report};
pub use table::TableReader;
pub use xml::{Element, XmlReader};
