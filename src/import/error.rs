//! Why an import changed nothing.

use super::Reject;

/// Why an import changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{file}: {source}")]
    Open { file: String, source: std::io::Error },
    #[error("{file}, near line {line}: the file breaks off or is damaged: {source}")]
    Read { file: String, line: u64, source: std::io::Error },
    #[error("{file}: {problem}; {remedy}")]
    Format { file: String, problem: String, remedy: String },
    #[error("{file}, line {line}: {problem}")]
    Line { file: String, line: u64, problem: String },
    #[error("{rejected} rows are malformed and {tolerated} are tolerated (--max-rejects); nothing was changed. First: {}", first_rejects(.examples))]
    Rejects { rejected: u64, tolerated: u64, examples: Vec<Reject> },
    #[error("{0}")]
    Refused(String),
    #[error("spilling sorted rows to a temporary file: {0}")]
    Spill(std::io::Error),
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

fn first_rejects(examples: &[Reject]) -> String {
    examples.iter().take(5).map(|reject| format!("\n  {reject}")).collect()
}
