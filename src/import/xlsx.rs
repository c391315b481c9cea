//! Workbooks: their sheets, row by row as text.
//!
//! The files that we hold keep every cell as text, so nothing is lost. A cell that holds a number is one of binary
//! floating point by the format's own rule; it becomes the shortest decimal that reads back as the same number, which is
//! what a spreadsheet shows. Numbers that were typed with up to 15 digits come out as they were typed. A cell formatted
//! as a date becomes `2024-07-12`.
//!
//! Cells stream; only the shared texts and the file itself are in memory, the file up to a limit.

use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::path::Path;

use calamine::{DataRef, Reader as _, Xlsx, XlsxCellReader, XlsxError};
use csv::ByteRecord;
use sha2::{Digest as _, Sha256};

use super::file::hexadecimal;
use super::{Error, FileHash};

/// The largest workbook that we hold has 10 MB.
const MAX_BYTES: u64 = 256 << 20;
/// Columns that the format allows, A to XFD.
const MAX_COLUMNS: u32 = 16_384;
/// Text of an archive's first entry that names its kind reaches this far.
const HEAD: usize = 128;

/// What the first bytes of a file say of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FirstBytes {
    /// A zip archive, which a workbook is.
    Archive,
    Other,
}

/// Looks at the beginning of a file. One under the name of a workbook that is none is refused; one that cannot be read
/// is left to whoever reads it next.
pub fn first_bytes(path: &Path) -> Result<FirstBytes, Error> {
    let mut head = [0; 8];
    let length = File::open(path).and_then(|mut file| file.read(&mut head)).unwrap_or(0);
    let head = &head[..length];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(FirstBytes::Archive);
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    if head.is_empty() || !matches!(extension.as_deref(), Some("xlsx" | "xlsm" | "xls" | "xlsb" | "ods")) {
        return Ok(FirstBytes::Other);
    }
    let (problem, remedy) = if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        ("is a workbook of the old format (.xls), or an encrypted one", "save it as .xlsx without a password")
    } else if head.starts_with(&[0x1f, 0x8b]) {
        ("is a gzip file under the name of a workbook", "unpack it, or name it .csv.gz if it holds a table")
    } else if head.trim_ascii_start().starts_with(b"<") {
        ("is a page of HTML or XML, not a workbook", "an error page was probably saved under this name; fetch it again")
    } else {
        ("is text under the name of a workbook, probably a CSV", "name it .csv, or save it as a workbook")
    };
    Err(Error::Format { file: path.display().to_string(), problem: problem.into(), remedy: remedy.into() })
}

/// A workbook in memory.
pub struct Workbook {
    file: String,
    hash: FileHash,
    workbook: Xlsx<Cursor<Vec<u8>>>,
}

impl Workbook {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = path.display().to_string();
        let open_error = |source: io::Error| Error::Open { file: file.clone(), source };
        let mut content = Vec::new();
        let limited = File::open(path).map_err(open_error)?.take(MAX_BYTES + 1).read_to_end(&mut content);
        limited.map_err(open_error)?;
        if content.len() as u64 > MAX_BYTES {
            return Err(Error::Format {
                file,
                problem: format!("is a workbook of more than {} MiB", MAX_BYTES >> 20),
                remedy: "export the sheet as CSV".into(),
            });
        }
        let hash = FileHash {
            name: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            sha256: hexadecimal(&Sha256::digest(&content)),
            bytes: content.len() as u64,
            dated: None,
            parts: Vec::new(),
        };
        let head = content[..content.len().min(HEAD)].to_vec();
        let workbook = Xlsx::new(Cursor::new(content)).map_err(|error| no_workbook(&file, &head, &error))?;
        Ok(Self { file, hash, workbook })
    }

    pub fn hash(&self) -> FileHash {
        self.hash.clone()
    }

    pub fn sheets(&self) -> Vec<String> {
        self.workbook.sheet_names()
    }

    /// The cells of a sheet; `None` for a sheet that is a chart.
    pub fn sheet(&mut self, name: &str) -> Result<Option<Sheet<'_>>, Error> {
        let place = format!("{} [{name}]", self.file);
        match self.workbook.worksheet_cells_reader(name) {
            Ok(cells) => Ok(Some(Sheet { place, cells, next: None, row: 0, ended: false })),
            Err(XlsxError::NotAWorksheet(_)) => Ok(None),
            Err(error) => Err(damaged(&place, 1, &error)),
        }
    }
}

/// Why an archive is not a workbook that we read.
fn no_workbook(file: &str, head: &[u8], error: &XlsxError) -> Error {
    let holds = |text: &str| head.windows(text.len()).any(|window| window == text.as_bytes());
    let (problem, remedy) = match error {
        _ if holds("opendocument") => ("is a document of OpenDocument", "save it as .xlsx, or export the sheet as CSV"),
        XlsxError::Password => ("is encrypted", "save it without a password"),
        XlsxError::Zip(_) | XlsxError::Io(_) => ("is an archive that breaks off or is damaged", "fetch it again"),
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
            ("is a zip archive that holds no workbook (.xlsx)", "unpack it and name the files in it")
        }
        _ => {
            let problem = format!("is not a workbook that can be read: {error}");
            return Error::Format { file: file.to_owned(), problem, remedy: "save it again as .xlsx".into() };
        }
    };
    Error::Format { file: file.to_owned(), problem: problem.into(), remedy: remedy.into() }
}

fn damaged(place: &str, row: u64, error: &XlsxError) -> Error {
    Error::Line {
        file: place.to_owned(),
        line: row,
        problem: format!("the sheet is damaged at or behind this row: {error}"),
    }
}

struct NextCell {
    row: u32,
    column: u32,
    text: String,
}

/// A sheet being read.
pub struct Sheet<'a> {
    /// `tracker.xlsx [Gas Pipelines]`
    pub place: String,
    cells: XlsxCellReader<'a, Cursor<Vec<u8>>>,
    /// The first cell of the next row.
    next: Option<NextCell>,
    /// Number of the row read last, for errors.
    row: u64,
    /// Asked again behind the last cell, the reader would miss the end of the sheet and call it damaged.
    ended: bool,
}

impl Sheet<'_> {
    /// Reads the next row that holds anything and returns its number; `None` at the end.
    pub fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Error> {
        record.clear();
        let first = match self.next.take() {
            Some(cell) => Some(cell),
            None => self.cell()?,
        };
        let Some(first) = first else { return Ok(None) };
        let row = first.row;
        self.row = u64::from(row) + 1;
        let mut cell = first;
        loop {
            let is_behind = record.len() <= cell.column as usize;
            if !is_behind || cell.column >= MAX_COLUMNS {
                let problem = "its cells are out of order; save the workbook again".to_owned();
                return Err(Error::Line { file: self.place.clone(), line: self.row, problem });
            }
            while record.len() < cell.column as usize {
                record.push_field(b"");
            }
            record.push_field(cell.text.as_bytes());
            match self.cell()? {
                Some(next) if next.row == row => cell = next,
                next => {
                    self.next = next;
                    return Ok(Some(self.row));
                }
            }
        }
    }

    /// The next cell that is not empty.
    fn cell(&mut self) -> Result<Option<NextCell>, Error> {
        while !self.ended {
            let cell = self.cells.next_cell().map_err(|error| damaged(&self.place, self.row, &error))?;
            let Some(cell) = cell else {
                self.ended = true;
                break;
            };
            let text = text(cell.get_value());
            if !text.trim().is_empty() {
                let (row, column) = cell.get_position();
                return Ok(Some(NextCell { row, column, text }));
            }
        }
        Ok(None)
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // The shortest decimal that reads back as the same number, without an exponent.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
        DataRef::Error(fault) => fault.to_string(),
    }
}

#[cfg(test)]
pub mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A cell of a made-up workbook.
    #[derive(Clone, Copy)]
    pub enum Cell<'a> {
        Text(&'a str),
        Number(&'a str),
        /// Days since the end of 1899.
        Day(&'a str),
        Fault(&'a str),
    }

    /// A workbook of sheets by name.
    pub fn made_up(sheets: &[(&str, Vec<Vec<Cell<'_>>>)]) -> Vec<u8> {
        archive(&parts(sheets))
    }

    fn parts(sheets: &[(&str, Vec<Vec<Cell<'_>>>)]) -> Vec<(String, String)> {
        let (mut names, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
        for (index, (name, rows)) in sheets.iter().enumerate() {
            let id = index + 1;
            let _ = write!(names, r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#);
            let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
            let _ =
                write!(relations, r#"<Relationship Id="rId{id}" Type="{kind}" Target="worksheets/sheet{id}.xml"/>"#);
            parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet_xml(rows)));
        }
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        parts.push((
            "xl/workbook.xml".into(),
            format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>"#),
        ));
        parts.push((
            "xl/_rels/workbook.xml.rels".into(),
            format!(r#"<Relationships xmlns="{package}">{relations}</Relationships>"#),
        ));
        let root = format!(r#"<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>"#);
        parts.push(("_rels/.rels".into(), format!(r#"<Relationships xmlns="{package}">{root}</Relationships>"#)));
        parts.push((
            "xl/styles.xml".into(),
            format!(
                r#"<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
            ),
        ));
        parts
    }

    fn sheet_xml(rows: &[Vec<Cell<'_>>]) -> String {
        let mut xml = String::from("<worksheet><sheetData>");
        for (row, cells) in rows.iter().enumerate() {
            let _ = write!(xml, r#"<row r="{}">"#, row + 1);
            for (column, cell) in cells.iter().enumerate() {
                let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
                let _ = match cell {
                    Cell::Text(text) => write!(xml, r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#),
                    Cell::Number(text) => write!(xml, r#"<c r="{place}"><v>{text}</v></c>"#),
                    Cell::Day(text) => write!(xml, r#"<c r="{place}" s="1"><v>{text}</v></c>"#),
                    Cell::Fault(text) => write!(xml, r#"<c r="{place}" t="e"><v>{text}</v></c>"#),
                };
            }
            xml.push_str("</row>");
        }
        xml + "</sheetData></worksheet>"
    }

    /// A zip archive of stored parts.
    pub fn archive(parts: &[(String, String)]) -> Vec<u8> {
        let (mut archive, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in parts {
            let offset = u32::try_from(archive.len()).unwrap();
            let size = u32::try_from(content.len()).unwrap();
            let name_size = u16::try_from(name.len()).unwrap();
            // Version 2.0, no flags, stored, no time.
            let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
            common.extend(crc32fast::hash(content.as_bytes()).to_le_bytes());
            common.extend(size.to_le_bytes());
            common.extend(size.to_le_bytes());
            common.extend(name_size.to_le_bytes());
            common.extend([0, 0]);
            archive.extend(b"PK\x03\x04");
            archive.extend(&common);
            archive.extend(name.as_bytes());
            archive.extend(content.as_bytes());
            directory.extend(b"PK\x01\x02\x14\x00");
            directory.extend(&common);
            directory.extend([0; 10]);
            directory.extend(offset.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (offset, size) = (u32::try_from(archive.len()).unwrap(), u32::try_from(directory.len()).unwrap());
        let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
        archive.extend(directory);
        archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
        archive.extend([count, count].concat());
        archive.extend(size.to_le_bytes());
        archive.extend(offset.to_le_bytes());
        archive.extend([0, 0]);
        archive
    }

    fn open(name: &str, content: &[u8]) -> Result<Workbook, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        Workbook::open(&path)
    }

    #[test]
    fn cells_become_text() {
        let rows = vec![
            vec![Cell::Text("a &amp; b"), Cell::Text(""), Cell::Number("0.1")],
            vec![Cell::Text(" ")],
            vec![Cell::Text(""), Cell::Number("1E-7"), Cell::Day("45485.5"), Cell::Fault("#DIV/0!")],
            vec![Cell::Number("0.68999999999999995"), Cell::Number("600000000000"), Cell::Number("2019")],
        ];
        let mut workbook = open("a.xlsx", &made_up(&[("One", rows)])).ok().unwrap();
        assert_eq!(workbook.sheets(), ["One"]);
        let mut sheet = workbook.sheet("One").unwrap().unwrap();
        let mut record = ByteRecord::new();
        let mut read = Vec::new();
        while let Some(row) = sheet.read(&mut record).unwrap() {
            let cells: Vec<&str> = record.iter().map(|cell| std::str::from_utf8(cell).unwrap()).collect();
            read.push(format!("{row}: {}", cells.join("|")));
        }
        assert_eq!(read, ["1: a & b||0.1", "3: |0.0000001|2024-07-12|#DIV/0!", "4: 0.69|600000000000|2019"]);
        assert!(sheet.place.ends_with("a.xlsx [One]"));
    }

    #[test]
    fn damage_names_sheet_and_row() {
        let rows = vec![vec![Cell::Text("a")], vec![Cell::Text("b")], vec![Cell::Number("3")]];
        let damaged = |from: &str, to: &str| {
            let mut parts = parts(&[("One", rows.clone())]);
            parts[0].1 = parts[0].1.replace(from, to);
            let mut workbook = open("a.xlsx", &archive(&parts)).ok().unwrap();
            let mut sheet = workbook.sheet("One").unwrap().unwrap();
            let mut record = ByteRecord::new();
            loop {
                match sheet.read(&mut record) {
                    Ok(Some(_)) => {}
                    Ok(None) => return String::new(),
                    Err(error) => return error.to_string(),
                }
            }
        };
        assert_eq!(damaged("", ""), "");
        let broken = damaged("<v>3</v>", "<v>3</q>");
        assert!(broken.contains("a.xlsx [One], line 2: the sheet is damaged"), "{broken}");
        let doubled = damaged(r#"<c r="A3"><v>3</v></c>"#, r#"<c r="B3"><v>3</v></c><c r="A3"><v>4</v></c>"#);
        assert!(doubled.contains("a.xlsx [One], line 3: its cells are out of order"), "{doubled}");
    }

    #[test]
    fn an_archive_that_is_no_workbook() {
        let refused = |content: &[u8]| open("a.xlsx", content).err().unwrap().to_string();
        let part = |name: &str, content: &str| (name.to_owned(), content.to_owned());
        let zip = archive(&[part("data.csv", "a,b")]);
        assert!(refused(&zip).contains("holds no workbook"), "{}", refused(&zip));
        let ods = archive(&[part("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]);
        assert!(refused(&ods).contains("OpenDocument"));
        let workbook = made_up(&[("One", vec![vec![Cell::Text("a")]])]);
        assert!(refused(&workbook[..workbook.len() / 2]).contains("breaks off"));
    }
}
