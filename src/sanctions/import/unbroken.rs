//! Whether a table of quoted fields has its end. A reader of tables takes what stands behind an open quote for the last
//! field, so a file that was cut within the last column would pass.

use std::path::Path;

use crate::import::{Error, Input, Progress};

/// Reads the file once for its quotes.
pub fn check(path: &Path, delimiter: u8) -> Result<(), Error> {
    let mut input = Input::open(path, &Progress::silent())?;
    let file = input.name();
    let mut state = State::FieldStart;
    let mut line = 1;
    let mut opened = 0;
    loop {
        let bytes = input.reader().fill_buf();
        let bytes = bytes.map_err(|source| Error::Read { file: file.clone(), line, source })?;
        if bytes.is_empty() {
            break;
        }
        for byte in bytes {
            line += u64::from(*byte == b'\n');
            let next = state.after(*byte, delimiter);
            if state == State::FieldStart && next == State::Quoted {
                opened = line;
            }
            state = next;
        }
        let length = bytes.len();
        input.reader().consume(length);
    }
    if state != State::Quoted {
        return Ok(());
    }
    let problem = "a quote opens here and is not closed: the file is cut or damaged; fetch it again".to_owned();
    Err(Error::Line { file, line: opened, problem })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote that closes the field or, with the next, stands for one.
    Closed,
}

impl State {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::FieldStart | Self::Closed, b'"') => Self::Quoted,
            (Self::Quoted, b'"') => Self::Closed,
            (Self::Quoted, _) => Self::Quoted,
            (_, b'\n' | b'\r') => Self::FieldStart,
            (_, byte) if byte == delimiter => Self::FieldStart,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn an_open_quote_is_found_and_a_mark_within_a_field_is_none() {
        for (text, opened) in [
            ("a,b\n\"1\",\"2 \"\"x\"\"\"\n", None),
            ("a,b\n1,5\" pipe\n", None),
            ("a,b\r\n\"1\",\"line\nbreak\"\r\n", None),
            ("a,b\n\"1\",\"2\"\n\"3\",\"cut he", Some(3)),
            ("a,b\n\"1\",\"cut\"\"", Some(2)),
        ] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let line = match check(file.path(), b',') {
                Err(Error::Line { line, .. }) => Some(line),
                _ => None,
            };
            assert_eq!(line, opened, "{text}");
        }
    }
}
