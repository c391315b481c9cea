//! Opening a file: plain or gzip, hashed while it is read, never held in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::{Error, FileHash, Progress};

const BUFFER: usize = 1 << 18;

/// A file being read, decompressed if need be.
pub struct Input {
    pub path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    hashing: Hashing,
}

/// Shared with the reader below the decompressor.
type Hashing = Arc<std::sync::Mutex<Sha256>>;

struct HashingReader {
    file: File,
    hashing: Hashing,
    bytes_read: Arc<AtomicU64>,
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        let mut hasher = self.hashing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hasher.update(&buffer[..length]);
        self.bytes_read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl Input {
    /// Opens a file of delimited text or JSON; a page of HTML or XML is refused.
    pub fn open(path: &Path, progress: &Progress) -> Result<Self, Error> {
        let mut input = Self::open_text(path, progress)?;
        if input.begins_with_markup()? {
            return Err(Error::Format {
                file: input.name(),
                problem: "is a page of HTML or XML, not data".into(),
                remedy: "an error page was probably saved under this name; fetch it again".into(),
            });
        }
        Ok(input)
    }

    /// Opens a file of any text, so that its beginning may tell what it is.
    pub fn open_text(path: &Path, progress: &Progress) -> Result<Self, Error> {
        let name = path.display().to_string();
        let open_error = |source| Error::Open { file: name.clone(), source };
        let file = File::open(path).map_err(open_error)?;
        if file.metadata().map_err(open_error)?.is_dir() {
            return Err(Error::Format {
                file: name,
                problem: "is a folder".into(),
                remedy: "name the files in it".into(),
            });
        }
        let hashing = Hashing::default();
        let source = HashingReader { file, hashing: Arc::clone(&hashing), bytes_read: progress.bytes_read() };
        let mut buffered = BufReader::with_capacity(BUFFER, source);
        let head = buffered.fill_buf().map_err(open_error)?;
        if head.is_empty() {
            return Err(Error::Format {
                file: name,
                problem: "is empty (0 bytes)".into(),
                remedy: "fetch it again".into(),
            });
        }
        let reader: Box<dyn BufRead + Send> = if head.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(buffered)))
        } else {
            Box::new(buffered)
        };
        let mut input = Self { path: path.to_owned(), reader, hashing };
        input.skip_byte_order_mark()?;
        input.refuse_what_is_no_text()?;
        Ok(input)
    }

    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The first bytes of the decompressed file, without taking them.
    pub fn peek(&mut self) -> Result<&[u8], Error> {
        let file = self.path.display().to_string();
        self.reader.fill_buf().map_err(|source| Error::Read { file, line: 1, source })
    }

    pub fn reader(&mut self) -> &mut (dyn BufRead + Send) {
        &mut *self.reader
    }

    /// Reads what is left of the file through a decoder; nothing but the byte order mark may have been read.
    pub fn read_through(&mut self, decoder: impl FnOnce(Box<dyn BufRead + Send>) -> Box<dyn BufRead + Send>) {
        let reader = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = decoder(reader);
    }

    /// Reads whatever is left, so that the hash is of the whole file, and returns what the file was.
    pub fn finish(mut self) -> Result<FileHash, Error> {
        let file = self.name();
        io::copy(&mut self.reader, &mut io::sink()).map_err(|source| Error::Read { file, line: 0, source })?;
        let hasher = self.hashing.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let bytes = std::fs::metadata(&self.path).map_or(0, |metadata| metadata.len());
        let name = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(FileHash { name, sha256: hexadecimal(&hasher.finalize()), bytes, dated: None, parts: Vec::new() })
    }

    fn skip_byte_order_mark(&mut self) -> Result<(), Error> {
        if self.peek()?.starts_with(b"\xef\xbb\xbf") {
            self.reader.consume(3);
        }
        Ok(())
    }

    pub fn begins_with_markup(&mut self) -> Result<bool, Error> {
        Ok(self.peek()?.trim_ascii_start().first() == Some(&b'<'))
    }

    fn refuse_what_is_no_text(&mut self) -> Result<(), Error> {
        let file = self.name();
        let head = self.peek()?.trim_ascii_start();
        let (problem, remedy) = if head.starts_with(b"PK\x03\x04") {
            ("is a zip archive or a spreadsheet", "unpack it, or export it as CSV")
        } else if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            ("is UTF-16", "convert it to UTF-8")
        } else if head.is_empty() {
            ("holds only white space", "fetch it again")
        } else {
            return Ok(());
        };
        Err(Error::Format { file, problem: problem.into(), remedy: remedy.into() })
    }
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
