//! One file of OFAC's CSV set: no header, `-0- ` for an absent value, told by its number of fields. Knows no subject.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use crate::import::table::no_text;
use crate::import::{Error, FileHash, Input, Progress};

/// Which file of the set, by its number of fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    Primary = 12,
    Addresses = 6,
    Aliases = 5,
    Comments = 2,
}

/// A file, read whole: the largest has four megabytes.
pub struct Table {
    pub file: String,
    pub part: Part,
    pub rows: Vec<(u64, StringRecord)>,
}

/// Reads a file whole.
pub fn read_table(path: &Path, progress: &Progress) -> Result<(Table, FileHash), Error> {
    let mut input = Input::open(path, progress)?;
    let file = input.name();
    let mut bytes = Vec::new();
    input.reader().read_to_end(&mut bytes).map_err(|source| Error::Read { file: file.clone(), line: 0, source })?;
    let whole = without_end_mark(&bytes);
    let text = text_of(whole).map_err(|(line, problem)| Error::Line { file: file.clone(), line, problem })?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let crlf = text.lines().next().is_some_and(|first| text[first.len()..].starts_with("\r\n"));
    let mut rows: Vec<(u64, StringRecord)> = Vec::new();
    let mut part = None;
    let mut record = StringRecord::new();
    loop {
        let more = reader.read_record(&mut record).map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            Error::Line { file: file.clone(), line, problem: error.to_string() }
        })?;
        if !more {
            break;
        }
        // The csv crate counts a record's line before it has passed the line feed of the `\r\n` before it.
        let line = record.position().map_or(0, csv::Position::line) + u64::from(crlf && !rows.is_empty());
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let expected = *part.get_or_insert(record.len());
        if record.len() != expected {
            let problem =
                format!("has {} fields, and the rows before have {expected}; the file is cut or damaged", record.len());
            return Err(Error::Line { file, line, problem });
        }
        rows.push((line, record.clone()));
    }
    let part = match part {
        Some(12) => Part::Primary,
        Some(6) => Part::Addresses,
        Some(5) => Part::Aliases,
        Some(2) => Part::Comments,
        Some(other) => {
            return Err(Error::Format {
                file,
                problem: format!("has rows of {other} fields"),
                remedy: "sdn.csv has 12, add.csv 6, alt.csv 5, sdn_comments.csv 2".into(),
            });
        }
        None => {
            return Err(Error::Format { file, problem: "holds no row".into(), remedy: "fetch it again".into() });
        }
    };
    let hash = input.finish()?;
    Ok((Table { file, part, rows }, hash))
}

/// Without the byte 0x1A (Ctrl-Z) that ends the file, whatever white space an editor or a transfer put behind it.
fn without_end_mark(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_end().strip_suffix(&[0x1a]).unwrap_or(bytes)
}

/// The text, or the line at which it is none or breaks off. Every line of OFAC's has an end, the last one too: without it
/// a `-0- ` that was cut to `-` would pass for a value.
fn text_of(bytes: &[u8]) -> Result<&str, (u64, String)> {
    for (line, bytes) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if let Some(problem) = no_text(bytes) {
            return Err((line, problem.to_owned()));
        }
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let last = text.lines().count() as u64;
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        return Err((last, "the file breaks off within quotes; fetch it again".to_owned()));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        return Err((last, "the file is cut within its last line, which has no end; fetch it again".to_owned()));
    }
    Ok(text)
}

/// Absent values are `-0- `.
pub fn field(row: &StringRecord, place: usize) -> &str {
    let text = row.get(place).unwrap_or_default().trim();
    if text == "-0-" { "" } else { text }
}
