//! Texts that are not UTF-8: those whose encoding is told, and tables taken for Windows-1252, which has all letters of
//! Latin-1, where their bytes leave no doubt.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::WINDOWS_1252;
use encoding_rs::mem::decode_latin1;

use super::{Error, Input, Progress, Report};

/// How the text of a file is encoded, as the operator tells where the format leaves it open.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Encoding {
    #[default]
    Utf8,
    /// ISO 8859-1: each byte is the character of its number.
    Latin1,
}

/// Takes the rest of a file as text of an encoding; nothing but the byte order mark may have been read.
pub fn decode(input: &mut Input, encoding: Encoding) {
    if encoding == Encoding::Latin1 {
        input.read_through(|reader| Box::new(Decoding::new(reader, decode_latin1)));
    }
}

/// Opens a table in UTF-8 or Windows-1252, and says in the report which it is when it is the latter. Reads the file once
/// for that.
///
/// Text in an encoding of one byte has bytes above 127 that are no UTF-8, and next to none that happen to be: a file that
/// has both is damaged, or put together from two encodings, and stays for the reader of tables to refuse.
pub fn open_table(path: &Path, progress: &Progress, report: &mut Report) -> Result<Input, Error> {
    let mut marks = Marks::default();
    let mut first = Input::open(path, &Progress::silent())?;
    let file = first.name();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = first.reader().read_until(b'\n', &mut line);
        if read.map_err(|source| Error::Read { file: file.clone(), line: 0, source })? == 0 {
            break;
        }
        marks.count(&line);
    }
    let mut input = Input::open(path, progress)?;
    if marks.is_single_byte() {
        report.skip("files in Windows-1252 (Latin-1), as their bytes show");
        input.read_through(|reader| Box::new(Decoding::new(reader, of_windows_1252)));
    }
    Ok(input)
}

#[derive(Default)]
struct Marks {
    /// Characters of several bytes in UTF-8.
    of_utf8: u64,
    /// Bytes above 127 that are no UTF-8.
    of_others: u64,
    /// Bytes that Windows-1252 has no character for, and NUL.
    of_none: u64,
}

impl Marks {
    fn count(&mut self, line: &[u8]) {
        for chunk in line.utf8_chunks() {
            self.of_utf8 += chunk.valid().chars().filter(|character| !character.is_ascii()).count() as u64;
            self.of_others += chunk.invalid().len() as u64;
        }
        let is_undefined = |byte: &&u8| matches!(byte, 0 | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
        self.of_none += line.iter().filter(is_undefined).count() as u64;
    }

    fn is_single_byte(&self) -> bool {
        self.of_others > 0 && self.of_utf8 * 100 <= self.of_others && self.of_none == 0
    }
}

fn of_windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0
}

/// Reads an encoding of one byte a character as UTF-8.
struct Decoding {
    reader: Box<dyn BufRead + Send>,
    decode: fn(&[u8]) -> Cow<'_, str>,
    decoded: Vec<u8>,
    taken: usize,
}

impl Decoding {
    fn new(reader: Box<dyn BufRead + Send>, decode: fn(&[u8]) -> Cow<'_, str>) -> BufReader<Self> {
        BufReader::new(Self { reader, decode, decoded: Vec::new(), taken: 0 })
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.decoded.len() {
            let bytes = self.reader.fill_buf()?;
            self.decoded = (self.decode)(bytes).into_owned().into_bytes();
            self.taken = 0;
            let length = bytes.len();
            self.reader.consume(length);
        }
        let length = buffer.len().min(self.decoded.len() - self.taken);
        buffer[..length].copy_from_slice(&self.decoded[self.taken..self.taken + length]);
        self.taken += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::import::table::no_text;

    fn text_of(bytes: &[u8]) -> (Vec<u8>, u64) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut report = Report::default();
        let mut input = open_table(file.path(), &Progress::silent(), &mut report).unwrap();
        let mut text = Vec::new();
        input.reader().read_to_end(&mut text).unwrap();
        (text, report.skipped.values().sum())
    }

    #[test]
    fn an_encoding_of_one_byte_is_told_from_utf_8() {
        assert_eq!(text_of(b"a,Jos\xe9 \x96 x\n"), ("a,Jos\u{e9} \u{2013} x\n".into(), 1));
        assert_eq!(text_of("a,Jos\u{e9}\n".as_bytes()), ("a,Jos\u{e9}\n".into(), 0));
        assert_eq!(text_of(b"plain\n"), ("plain\n".into(), 0));
        // A damaged file in UTF-8 stays as it is, and so does one with bytes that no text has.
        let mut damaged = "Иван\n".as_bytes().to_vec();
        damaged.extend(b"\xe9\n");
        assert_eq!(text_of(&damaged), (damaged.clone(), 0));
        assert!(no_text(&damaged).is_some());
        assert_eq!(text_of(b"Jos\xe9 \x81\n").1, 0);
    }

    #[test]
    fn every_byte_of_latin_1_is_its_character() {
        let bytes: Vec<u8> = (1..=255).collect();
        let mut text = String::new();
        Decoding::new(Box::new(io::Cursor::new(bytes.clone())), decode_latin1).read_to_string(&mut text).unwrap();
        assert_eq!(text, bytes.iter().map(|byte| char::from(*byte)).collect::<String>());
    }
}
