//! Lines of a file of entities, one after the other: no line is read on past its limit.

use std::io::{BufRead, Read as _};

use super::entity::Entity;
use crate::import::{Error, Input};

/// The longest lines, of nested entities with many links, have about a megabyte.
const LONGEST: usize = 16 << 20;

/// Reads each entity with its line.
pub fn each(input: &mut Input, mut take: impl FnMut(Entity, u64) -> Result<(), Error>) -> Result<(), Error> {
    let file = input.name();
    if input.peek()?.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::Format {
            file,
            problem: "is a JSON array".into(),
            remedy: "one entity a line is expected, as in entities.ftm.json and targets.nested.json".into(),
        });
    }
    let mut buffer = Vec::new();
    let mut line = 0;
    loop {
        line += 1;
        let read = read_line(input.reader(), &mut buffer);
        let length = read.map_err(|source| Error::Read { file: file.clone(), line, source })?;
        if length == 0 {
            return Ok(());
        }
        let error = |problem: String| Error::Line { file: file.clone(), line, problem };
        if length > LONGEST {
            return Err(error(format!("is longer than {} MiB; an entity has less", LONGEST >> 20)));
        }
        let text = buffer.trim_ascii();
        if text.is_empty() {
            continue;
        }
        // A raw one is no JSON; written so it would be a text that not every store can hold.
        if text.windows(6).any(|window| window == b"\\u0000") {
            return Err(error("holds a NUL character (\\u0000), which no text has; the file is damaged".into()));
        }
        let entity = serde_json::from_slice(text).map_err(|problem| error(described(&problem)))?;
        take(entity, line)?;
    }
}

fn read_line(reader: &mut (dyn BufRead + Send), buffer: &mut Vec<u8>) -> std::io::Result<usize> {
    buffer.clear();
    let limit = LONGEST as u64 + 1;
    reader.take(limit).read_until(b'\n', buffer)
}

/// The parser counts lines within the text that it was given: only the column is of use.
fn described(problem: &serde_json::Error) -> String {
    let text = problem.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let what = if problem.is_data() { "is not an entity of FollowTheMoney" } else { "is not JSON, or is cut" };
    format!("{what}: {text} at column {}", problem.column())
}
