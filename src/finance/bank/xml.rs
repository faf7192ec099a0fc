//! Reads the XML of a bank strictly: bounded, well-formed, without document type definitions. What it is
//! not: the meaning of its elements; that is in `camt`.

use encoding_rs::{ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::finance::bank::fault::{Fault, FaultCode};

/// The largest file that is read, in bytes.
pub(super) const MOST_BYTES: usize = 5 * 1024 * 1024;

/// The deepest nesting; a statement needs a quarter of it.
pub(super) const MOST_DEPTH: usize = 64;

/// The most elements, so that a file of empty ones does not take many times its size.
const MOST_ELEMENTS: usize = 400_000;

/// An element with its text and children.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// The name without a prefix.
    pub(super) name: Box<str>,
    /// The currency of an amount: its attribute `Ccy`.
    pub(super) currency: Option<String>,
    /// The text directly in it.
    pub(super) text: String,
    /// The elements in it, in their order.
    pub(super) children: Vec<Self>,
}

impl Element {
    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| &*child.name == name)
    }

    /// The children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children
            .iter()
            .filter(move |child| &*child.name == name)
    }

    /// The descendant at the end of a path of names, the first at each step.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |element, name| element.child(name))
    }

    /// The text at the end of a path, without the blanks around it; none where it is empty.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<&str> {
        let text = self.at(path)?.text.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// The namespace of its root; empty without one.
    pub(super) namespace: String,
    /// The root.
    pub(super) root: Element,
}

/// Reads a document. Elements of other namespaces than the root's, which banks put into
/// supplementary data, are passed over.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let text = decoded(bytes)?;
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().check_comments = true;
    let mut tree = Growing::default();
    loop {
        let event = match reader.read_resolved_event() {
            Ok((_, Event::Eof)) => break,
            Ok((namespace, event)) => (namespace_of(&namespace), event),
            Err(error) => return Err(broken(&error, reader.error_position())),
        };
        tree.take(event)?;
    }
    tree.finished()
}

/// The namespace of a start tag; none for a prefix that is not declared.
fn namespace_of(resolved: &ResolveResult<'_>) -> Option<String> {
    match resolved {
        ResolveResult::Bound(namespace) => Some(namespace.0.to_owned()),
        ResolveResult::Unbound => Some(String::new()),
        ResolveResult::Unknown(_) => None,
    }
}

/// A tree whose elements are not all closed yet.
#[derive(Debug, Default)]
struct Growing {
    namespace: Option<String>,
    open: Vec<Element>,
    root: Option<Element>,
    /// How many elements of other namespaces are open.
    foreign: usize,
    elements: usize,
}

impl Growing {
    fn take(&mut self, (namespace, event): (Option<String>, Event<'_>)) -> Result<(), Fault> {
        match event {
            Event::Start(start) => self.start(namespace, &start),
            Event::Empty(start) => {
                self.start(namespace, &start)?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.add(&text.xml10_content()),
            Event::CData(text) => self.add(&text.xml10_content()),
            Event::GeneralRef(reference) => self.add(&character(&reference)?.to_string()),
            Event::DocType(_) => Err(Fault::of_file(
                FaultCode::Doctype,
                "The file has a document type definition (DOCTYPE). No bank's statement has one, and it is not read.",
                "Filen har en dokumenttypedefinition (DOCTYPE). Det har ingen banks kontoudtog, og den læses ikke.",
            )),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, namespace: Option<String>, start: &BytesStart<'_>) -> Result<(), Fault> {
        let depth = self.open.len().saturating_add(self.foreign);
        if depth >= MOST_DEPTH {
            return Err(Fault::of_file(
                FaultCode::TooDeep,
                format!("Elements are nested deeper than {MOST_DEPTH}."),
                format!("Elementerne er indlejret dybere end {MOST_DEPTH}."),
            ));
        }
        self.elements = self.elements.saturating_add(1);
        if self.elements > MOST_ELEMENTS {
            return Err(too_large());
        }
        let namespace = namespace.ok_or_else(|| malformed("a prefix is not declared"))?;
        let currency = attributes(start)?;
        if depth == 0 {
            if self.root.is_some() {
                return Err(malformed("there is something behind the root element"));
            }
            self.namespace = Some(namespace);
        } else if self.foreign > 0 || self.namespace.as_deref() != Some(&*namespace) {
            self.foreign = self.foreign.saturating_add(1);
            return Ok(());
        }
        self.open.push(Element {
            name: start.local_name().into_inner().into(),
            currency,
            ..Element::default()
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        if self.foreign > 0 {
            self.foreign = self.foreign.saturating_sub(1);
            return Ok(());
        }
        let closed = self
            .open
            .pop()
            .ok_or_else(|| malformed("an element is closed that was not opened"))?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(_) if self.foreign > 0 => Ok(()),
            Some(element) => {
                element.text.push_str(text);
                Ok(())
            }
            None if text.trim_start_matches('\u{feff}').trim().is_empty() => Ok(()),
            None => Err(malformed("there is text outside of the root element")),
        }
    }

    fn finished(self) -> Result<Document, Fault> {
        if let Some(open) = self.open.last() {
            return Err(cut(&open.name));
        }
        match (self.root, self.namespace) {
            (Some(root), Some(namespace)) => Ok(Document { namespace, root }),
            _ => Err(malformed("there is no element")),
        }
    }
}

/// The currency among the attributes, all of which must be well-formed.
fn attributes(start: &BytesStart<'_>) -> Result<Option<String>, Fault> {
    let mut currency = None;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| malformed(&error.to_string()))?;
        if attribute.key.as_ref() == "Ccy" {
            currency = Some(attribute.value.into_owned());
        }
    }
    Ok(currency)
}

/// The character that a reference stands for: by its number, or by one of the five names that XML has
/// without a definition.
fn character(reference: &BytesRef<'_>) -> Result<char, Fault> {
    let by_number = reference
        .resolve_char_ref()
        .map_err(|error| malformed(&error.to_string()))?;
    by_number
        .or(match &**reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => None,
        })
        .ok_or_else(|| malformed("an entity is used that is not defined"))
}

/// The text of a file, by its byte order mark or by the encoding that its declaration names.
fn decoded(bytes: &[u8]) -> Result<String, Fault> {
    let (encoding, rest) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (UTF_8, rest),
        [0xFF, 0xFE, rest @ ..] => (UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => (UTF_16BE, rest),
        _ => (declared(bytes)?, bytes),
    };
    let (text, faulty) = encoding.decode_without_bom_handling(rest);
    if faulty {
        let name = encoding.name();
        return Err(Fault::of_file(
            FaultCode::Encoding,
            format!("The file is not valid {name}."),
            format!("Filen er ikke gyldig {name}."),
        ));
    }
    Ok(text.into_owned())
}

fn declared(bytes: &[u8]) -> Result<&'static encoding_rs::Encoding, Fault> {
    let beginning = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let beginning = String::from_utf8_lossy(beginning);
    let declaration = beginning
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
        .map_or("", |(declaration, _)| declaration);
    let Some((_, after)) = declaration.split_once("encoding") else {
        return Ok(UTF_8);
    };
    let label = after.split(['"', '\'']).nth(1).unwrap_or_default();
    encoding_rs::Encoding::for_label(label.as_bytes())
        .filter(|known| [UTF_8, WINDOWS_1252, ISO_8859_15].contains(known))
        .ok_or_else(|| {
            let label: String = label
                .chars()
                .filter(char::is_ascii_graphic)
                .take(40)
                .collect();
            Fault::of_file(
                FaultCode::Encoding,
                format!("The file is declared to be in {label}; UTF-8 and ISO-8859-1 are read."),
                format!("Filen er erklæret at være i {label}; UTF-8 og ISO-8859-1 læses."),
            )
        })
}

fn broken(error: &Error, position: u64) -> Fault {
    match error {
        Error::Syntax(_) | Error::IllFormed(IllFormedError::MissingEndTag(_)) => Fault::of_file(
            FaultCode::Cut,
            format!(
                "The file is cut off or broken at byte {position}: {error}. Fetch it from the bank again."
            ),
            format!(
                "Filen er afskåret eller ødelagt ved byte {position}: {error}. Hent den i banken igen."
            ),
        ),
        other => malformed(&format!("byte {position}: {other}")),
    }
}

fn cut(element: &str) -> Fault {
    Fault::of_file(
        FaultCode::Cut,
        format!("The file is cut off: it ends inside of {element}. Fetch it from the bank again."),
        format!("Filen er afskåret: den slutter inde i {element}. Hent den i banken igen."),
    )
}

fn malformed(why: &str) -> Fault {
    Fault::of_file(
        FaultCode::Malformed,
        format!("The file is no well-formed XML: {why}."),
        format!("Filen er ikke velformet XML: {why}."),
    )
}

/// A file of more than is read.
pub(super) fn too_large() -> Fault {
    let most = MOST_BYTES / 1024 / 1024;
    Fault::of_file(
        FaultCode::TooLarge,
        format!("The file is larger than {most} MiB; ask the bank for shorter periods."),
        format!("Filen er større end {most} MiB; bed banken om kortere perioder."),
    )
}

#[cfg(test)]
mod tests;
