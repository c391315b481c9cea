//! Delimited text with a header: columns are found by name, so their order does not matter.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{Error, Input};
use crate::value::text::truncated;

/// Reads records and knows where each column stands.
pub struct TableReader<'a> {
    file: String,
    reader: Reader<&'a mut (dyn std::io::BufRead + Send)>,
    header: Vec<String>,
    /// The csv crate counts a record's line before it has passed the line feed of a `\r\n`.
    line_offset: u64,
    /// Whether each record may end, as the first one does, in a delimiter that the header lacks.
    trailing: Trailing,
}

/// What becomes of a delimiter at the end of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Trailing {
    Refused,
    /// The first record decides.
    Undecided,
    Always,
}

impl<'a> TableReader<'a> {
    /// Reads the header. `expected` names the columns that tell this format from others.
    pub fn open(input: &'a mut Input, delimiter: u8, expected: &[&str]) -> Result<Self, Error> {
        Self::open_named(input, delimiter, expected, |name| name)
    }

    /// The same, for columns that go by several names; `known` gives the expected one.
    pub fn open_named(
        input: &'a mut Input,
        delimiter: u8,
        expected: &[&str],
        known: impl Fn(String) -> String,
    ) -> Result<Self, Error> {
        let file = input.name();
        let head = input.peek()?;
        let first_end = head.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let line_offset = u64::from(first_end > 0 && head[first_end - 1] == b'\r');
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(1 << 18)
            .from_reader(input.reader());
        let mut record = ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(|error| csv_error(&file, error))?;
        let header: Vec<String> = record
            .iter()
            .map(|name| known(String::from_utf8_lossy(name).trim().trim_matches('"').to_owned()))
            .collect();

        let missing: Vec<&str> =
            expected.iter().copied().filter(|name| !header.iter().any(|column| column == name)).collect();
        let twice = expected.iter().find(|name| header.iter().filter(|column| column == *name).count() > 1);
        if let Some(name) = twice {
            return Err(Error::Format {
                file,
                problem: format!("line 1 has the column {name} twice"),
                remedy: "each column may stand once".into(),
            });
        }
        if missing.is_empty() {
            return Ok(Self { file, reader, header, line_offset, trailing: Trailing::Refused });
        }
        let other = [b',', b';', b'\t', b'|']
            .into_iter()
            .find(|other| *other != delimiter && header.len() == 1 && header[0].as_bytes().contains(other));
        let problem = match other {
            Some(other) => {
                format!("columns are divided by `{}`, not by `{}`", shown(other), shown(delimiter))
            }
            None => format!("line 1 lacks the column{} {}", plural(&missing), missing.join(", ")),
        };
        let found: Vec<&str> = header.iter().map(String::as_str).take(12).collect();
        Err(Error::Format {
            file,
            problem,
            remedy: format!("expected {}; found {}", expected.join(", "), truncated(&found.join(", "), 200)),
        })
    }

    /// Takes records that all end in one delimiter more than the header: nothing stands behind it.
    pub fn allow_trailing_delimiter(&mut self) {
        self.trailing = Trailing::Undecided;
    }

    /// Place of a column; an error that names it when there is none.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        self.optional_column(name).ok_or_else(|| Error::Format {
            file: self.file.clone(),
            problem: format!("line 1 lacks the column {name}"),
            remedy: "fetch the file with all its columns".into(),
        })
    }

    pub fn optional_column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Reads the next record and returns its line; `None` at the end. A record with too few or too many fields, or that
    /// is not UTF-8, ends the import: what follows cannot be trusted.
    pub fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Error> {
        loop {
            let more = self.reader.read_byte_record(record).map_err(|error| csv_error(&self.file, error))?;
            if !more {
                return Ok(None);
            }
            let line = record.position().map_or(0, csv::Position::line) + self.line_offset;
            let has_trailing = record.len() == self.header.len() + 1 && record.iter().next_back() == Some(&b""[..]);
            match self.trailing {
                Trailing::Undecided if has_trailing => self.trailing = Trailing::Always,
                Trailing::Undecided => self.trailing = Trailing::Refused,
                _ => {}
            }
            if has_trailing && self.trailing == Trailing::Always {
                record.truncate(self.header.len());
            }
            if record.len() == self.header.len() && record.as_slice() != [0x1a] {
                return match no_text(record.as_slice()) {
                    Some(problem) => Err(self.line_error(line, problem.into())),
                    None => Ok(Some(line)),
                };
            }
            // Old systems end a text with the byte 0x1A (Ctrl-Z).
            let is_blank = record.iter().all(|field| matches!(field.trim_ascii(), [] | [0x1a]));
            if !is_blank {
                let problem = format!("has {} fields, and the header has {}", record.len(), self.header.len());
                return Err(self.line_error(line, problem));
            }
        }
    }

    fn line_error(&self, line: u64, problem: String) -> Error {
        Error::Line { file: self.file.clone(), line, problem }
    }
}

fn csv_error(file: &str, error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    let file = file.to_owned();
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::Read { file, line, source },
        other => Error::Line { file, line, problem: format!("{other:?}") },
    }
}

fn plural(missing: &[&str]) -> &'static str {
    if missing.len() == 1 { "" } else { "s" }
}

fn shown(delimiter: u8) -> String {
    if delimiter == b'\t' { "tab".into() } else { char::from(delimiter).to_string() }
}

/// Why bytes are not a text that every store can hold: PostgreSQL's texts have no NUL.
pub fn no_text(bytes: &[u8]) -> Option<&'static str> {
    if bytes.contains(&0) {
        return Some("holds a NUL character (a byte 0), which no text has; the file is damaged, fetch it again");
    }
    std::str::from_utf8(bytes)
        .err()
        .map(|_| "is not UTF-8; it is probably Latin-1: convert it, or for trade statistics say `--encoding latin-1`")
}
