//! The little XML a workbook needs: elements by their local names, text with its five entities, and nothing that points elsewhere.

use std::cell::Cell;
use std::io::{BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::SheetError;

/// How many bytes may still be unpacked, shared by all parts of a file.
#[derive(Clone)]
pub struct Budget {
    left: Rc<Cell<u64>>,
}

impl Budget {
    /// A budget of so many bytes.
    pub fn new(bytes: u64) -> Budget {
        Budget { left: Rc::new(Cell::new(bytes)) }
    }

    fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

struct Bounded<R> {
    inner: R,
    budget: Budget,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let left = self.budget.left.get();
        if left == 0 {
            return Err(std::io::Error::other("too much"));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        let have = self.inner.read(&mut out[..most])?;
        self.budget.left.set(left - have as u64);
        Ok(have)
    }
}

/// What stands in a part, piece by piece.
pub enum Piece {
    /// An element begins.
    Open(Element),
    /// An element ends.
    Close(String),
    /// A piece of text.
    Text(String),
}

/// An element's beginning.
pub struct Element {
    /// Its name without prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Hands the pieces of a part over, one by one, until it ends or `take` answers false.
pub fn read(part: impl Read, budget: &Budget, mut take: impl FnMut(Piece) -> Result<bool, SheetError>) -> Result<(), SheetError> {
    let mut reader = Reader::from_reader(BufReader::new(Bounded { inner: part, budget: budget.clone() }));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(_) if budget.is_spent() => return Err(SheetError::TooBig),
            Err(_) => return Err(SheetError::BrokenXml),
        };
        let goes_on = match event {
            Event::Start(start) => take(Piece::Open(element(&start)?))?,
            Event::Empty(start) => {
                let element = element(&start)?;
                let name = element.name.clone();
                take(Piece::Open(element))? && take(Piece::Close(name))?
            }
            Event::End(end) => take(Piece::Close(end.local_name().as_ref().to_owned()))?,
            Event::Text(text) => take(Piece::Text(text.xml10_content().into_owned()))?,
            Event::CData(text) => take(Piece::Text(text.xml10_content().into_owned()))?,
            Event::GeneralRef(reference) => {
                let letter = match reference.resolve_char_ref() {
                    Ok(Some(letter)) if letter != '\0' => letter,
                    Ok(None) => match reference.xml10_content().as_ref() {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return Err(SheetError::Hostile),
                    },
                    _ => return Err(SheetError::BrokenXml),
                };
                take(Piece::Text(letter.to_string()))?
            }
            Event::DocType(_) => return Err(SheetError::Hostile),
            Event::Eof => return Ok(()),
            _ => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

fn element(start: &BytesStart) -> Result<Element, SheetError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| SheetError::BrokenXml)?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|_| SheetError::Hostile)?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        if attributes.len() > 200 {
            return Err(SheetError::BrokenXml);
        }
    }
    Ok(Element { name: start.local_name().as_ref().to_owned(), attributes })
}
