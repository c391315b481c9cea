//! XML read element by element: nothing is fetched, nothing is expanded, nothing but the element at hand is held.
//!
//! A document type declaration is refused before anything in it is looked at, so that neither an external entity nor an
//! entity of entities can do harm.

use std::io::{self, BufRead, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Error, Input};
use crate::value::text::truncated;

/// Elements within elements: no list nests deeper than a dozen.
const DEPTH_MAX: usize = 64;
/// Bytes of text and attributes in one element with all that it holds.
const ELEMENT_BYTES_MAX: usize = 16 << 20;

/// An element with all that it holds. Names are local: without namespace prefix.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The element's own text, trimmed.
    pub text: String,
    pub children: Vec<Element>,
    pub line: u64,
}

impl Element {
    /// Value of an attribute; empty when it is not there.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Text of the first child of that name; empty when it is not there.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_str())
    }

    /// Elements at the end of a path: `path(&["akaList", "aka"])` are all `aka` in all `akaList`.
    pub fn path<'a>(&'a self, names: &[&str]) -> Vec<&'a Element> {
        let mut found = vec![self];
        for name in names {
            found = found.into_iter().flat_map(|element| element.children.iter().filter(|c| c.name == *name)).collect();
        }
        found
    }
}

/// Reads a file of XML.
pub struct XmlReader<'a> {
    file: String,
    reader: Reader<CountingLines<&'a mut (dyn BufRead + Send)>>,
    buffer: Vec<u8>,
    /// The elements around the place where the reader stands, the root first.
    open: Vec<String>,
    pub root: Element,
    ended: bool,
}

impl<'a> XmlReader<'a> {
    /// Reads as far as the root element, which must have one of these names.
    pub fn open(input: &'a mut Input, roots: &[&str]) -> Result<Self, Error> {
        let file = input.name();
        let mut reader = Reader::from_reader(CountingLines { inner: input.reader(), lines: 1, since_event: 0 });
        reader.config_mut().check_end_names = true;
        let mut this =
            Self { file, reader, buffer: Vec::new(), open: Vec::new(), root: Element::default(), ended: false };
        let root = loop {
            match this.event()? {
                Found::Start(element) => break element,
                Found::Empty(element) => {
                    return Err(this.problem(format!("holds nothing but <{}/>", element.name)));
                }
                Found::Text(text) if text.trim().is_empty() => {}
                _ => return Err(this.problem("does not begin with an element".into())),
            }
        };
        if !roots.contains(&root.name.as_str()) {
            return Err(Error::Format {
                file: this.file,
                problem: format!("is XML, but its root is <{}>", root.name),
                remedy: format!("expected <{}>", roots.join("> or <")),
            });
        }
        this.open.push(root.name.clone());
        this.root = root;
        Ok(this)
    }

    /// The next whole element of one of these names, however deep; `None` behind the end of the root. What lies between
    /// is passed over.
    pub fn next(&mut self, wanted: &[&str]) -> Result<Option<Element>, Error> {
        while !self.ended {
            match self.event()? {
                Found::Start(element) if wanted.contains(&element.name.as_str()) => {
                    return self.whole(element).map(Some);
                }
                Found::Empty(element) if wanted.contains(&element.name.as_str()) => return Ok(Some(element)),
                Found::Start(element) => {
                    self.open.push(element.name);
                    self.check_depth(self.open.len())?;
                }
                Found::Empty(_) | Found::Text(_) => {}
                Found::End => {
                    self.open.pop();
                    self.ended = self.open.is_empty();
                }
                Found::Eof => return Err(self.problem("breaks off before its root element is closed".into())),
            }
        }
        Ok(None)
    }

    pub fn line(&self) -> u64 {
        self.reader.get_ref().lines
    }

    /// Reads what a started element holds.
    fn whole(&mut self, element: Element) -> Result<Element, Error> {
        let mut bytes = 0;
        let mut stack = vec![element];
        loop {
            match self.event()? {
                Found::Start(child) => {
                    bytes += size(&child);
                    stack.push(child);
                    self.check_depth(self.open.len() + stack.len())?;
                }
                Found::Empty(child) => {
                    bytes += size(&child);
                    if let Some(parent) = stack.last_mut() {
                        parent.children.push(child);
                    }
                }
                Found::Text(text) => {
                    bytes += text.len();
                    if let Some(parent) = stack.last_mut() {
                        parent.text.push_str(&text);
                    }
                }
                Found::End => {
                    let Some(mut closed) = stack.pop() else { break };
                    closed.text = closed.text.trim().to_owned();
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(closed),
                        None => return Ok(closed),
                    }
                }
                Found::Eof => break,
            }
            if bytes > ELEMENT_BYTES_MAX {
                return Err(self.problem(format!("has an element of more than {ELEMENT_BYTES_MAX} bytes")));
            }
        }
        Err(self.problem("breaks off within an element".into()))
    }

    fn event(&mut self) -> Result<Found, Error> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().since_event = 0;
            let line = self.line();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(source)) => {
                    let source = std::io::Error::new(source.kind(), source.to_string());
                    return Err(Error::Read { file: self.file.clone(), line: self.line(), source });
                }
                // All of these are markup that is not closed before the end of the file.
                Err(quick_xml::Error::Syntax(error)) => {
                    return Err(self.problem(format!("breaks off within markup, the file is cut or damaged: {error}")));
                }
                Err(error) => return Err(self.problem(format!("is not well-formed XML: {error}"))),
            };
            // The text of an event borrows the buffer; problems are put together outside.
            let found = match event {
                Event::Start(start) => element(&start, line).map(Found::Start),
                Event::Empty(start) => element(&start, line).map(Found::Empty),
                Event::End(_) => Ok(Found::End),
                Event::Text(text) => Ok(Found::Text(text.xml10_content().into_owned())),
                Event::CData(text) => Ok(Found::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => character(&reference).map(Found::Text),
                Event::Eof => Ok(Found::Eof),
                Event::DocType(kind) if kind.trim_start().to_ascii_lowercase().starts_with("html") => {
                    Err("is a page of HTML; an error page was probably saved under this name, fetch it again".into())
                }
                Event::DocType(_) => Err("has a document type declaration (<!DOCTYPE>), which may hold entities; no \
                                          list has one, so it is refused"
                    .into()),
                Event::Decl(declaration) => match declaration.encoding() {
                    Some(Ok(encoding)) if !encoding.eq_ignore_ascii_case("utf-8") => {
                        Err(format!("is declared as {encoding}; convert it to UTF-8"))
                    }
                    _ => continue,
                },
                Event::Comment(_) | Event::PI(_) => continue,
            };
            if self.buffer.contains(&0) {
                return Err(self.problem("holds a NUL character (a byte 0), which no XML has; fetch it again".into()));
            }
            return found.map_err(|problem| self.problem(problem));
        }
    }

    fn check_depth(&self, depth: usize) -> Result<(), Error> {
        if depth > DEPTH_MAX {
            return Err(self.problem(format!("nests elements more than {DEPTH_MAX} deep")));
        }
        Ok(())
    }

    fn problem(&self, problem: String) -> Error {
        Error::Line { file: self.file.clone(), line: self.line(), problem }
    }
}

enum Found {
    Start(Element),
    Empty(Element),
    Text(String),
    End,
    Eof,
}

fn size(element: &Element) -> usize {
    let attributes: usize = element.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    // An empty element is not free either.
    64 + element.name.len() + attributes
}

fn element(start: &BytesStart<'_>, line: u64) -> Result<Element, String> {
    let mut element = Element { name: start.local_name().as_ref().to_owned(), line, ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        element.attributes.push((attribute.key.local_name().as_ref().to_owned(), value.trim().to_owned()));
    }
    Ok(element)
}

/// The five entities of XML itself, and characters by number.
fn character(reference: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character.to_string());
    }
    let name: &str = reference;
    resolve_predefined_entity(name)
        .map(str::to_owned)
        .ok_or_else(|| format!("has the entity &{};, which is none of XML's five", truncated(name, 40)))
}

/// Knows at which line the reader stands, and keeps one event from filling the memory.
struct CountingLines<Inner> {
    inner: Inner,
    lines: u64,
    since_event: usize,
}

impl<Inner: BufRead> Read for CountingLines<Inner> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.lines += newlines(&buffer[..length]);
        Ok(length)
    }
}

impl<Inner: BufRead> BufRead for CountingLines<Inner> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since_event > ELEMENT_BYTES_MAX {
            return Err(io::Error::other(format!("a text or tag of more than {ELEMENT_BYTES_MAX} bytes")));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        // What is in the buffer already: no reading.
        if let Ok(buffer) = self.inner.fill_buf() {
            self.lines += newlines(&buffer[..length.min(buffer.len())]);
        }
        self.since_event += length;
        self.inner.consume(length);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::import::Progress;

    fn elements(text: &str) -> Result<Vec<Element>, Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut input = Input::open_text(file.path(), &Progress::silent())?;
        let mut reader = XmlReader::open(&mut input, &["list"])?;
        let mut found = Vec::new();
        while let Some(element) = reader.next(&["entry"])? {
            found.push(element);
        }
        Ok(found)
    }

    fn problem(text: &str) -> String {
        elements(text).unwrap_err().to_string()
    }

    #[test]
    fn elements_come_whole_with_their_lines() {
        let text = "<?xml version=\"1.0\"?>\n<l:list xmlns:l=\"x\">\n<group>\n<entry id=\"1\"><name>A &amp; B &#x416;</name>\n\
                    <name><![CDATA[<C>]]></name></entry><entry id='2'/></group>\n</l:list>\n";
        let found = elements(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].attribute("id"), found[0].line), ("1", 4));
        let names: Vec<&str> = found[0].children("name").map(|name| name.text.as_str()).collect();
        assert_eq!(names, ["A & B Ж", "<C>"]);
        assert_eq!(found[0].path(&["name"])[1].line, 5);
        assert_eq!(found[1].attribute("id"), "2");
    }

    #[test]
    fn what_could_do_harm_is_refused() {
        let laughs = "<!DOCTYPE list [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<list><entry>&b;</entry></list>";
        assert!(problem(laughs).contains("document type declaration"));
        let external = "<!DOCTYPE list SYSTEM \"file:///etc/passwd\"><list/>";
        assert!(problem(external).contains("document type declaration"));
        assert!(problem("<list><entry>&b;</entry></list>").contains("&b;"));
        assert!(problem("<!doctype html><html></html>").contains("page of HTML"));
        for nul in
            ["<list><entry>a\0b</entry></list>", "<list><entry a='\0'/></list>", "<list><entry>&#0;</entry></list>"]
        {
            assert!(elements(nul).is_err(), "{nul:?}");
        }
        assert!(problem("<?xml version=\"1.0\" encoding=\"windows-1251\"?><list></list>").contains("windows-1251"));
        assert!(problem(&format!("<list>{}", "<a>".repeat(100))).contains("deep"));
        assert!(problem(&format!("<list><entry>{}</entry></list>", "x".repeat(17 << 20))).contains("bytes"));
    }

    #[test]
    fn what_is_cut_or_another_file_is_refused() {
        assert!(problem("<list><entry>a</entry>").contains("breaks off"));
        assert!(problem("<list><entry>a").contains("breaks off"));
        assert!(problem("<list><entry></list>").contains("not well-formed XML"));
        assert!(problem("<html><body/></html>").contains("its root is <html>"));
    }
}
