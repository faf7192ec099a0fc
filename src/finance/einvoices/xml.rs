//! Writes the elements of an XML document so that the same content always has the same bytes. What
//! it is not: a vocabulary; element names are the caller's.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// Why a document cannot be written. The pre-flight names all of it before, so it is a fault of ours.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// A character that XML 1.0 has no form for, or that readers would change.
    #[error("the character U+{:04X} cannot stand in {element}", *.character as u32)]
    Character {
        /// The element.
        element: &'static str,
        /// The character.
        character: char,
    },
    /// An element without content, which rule PEPPOL-EN16931-R008 refuses.
    #[error("{0} would be empty")]
    Empty(&'static str),
    /// The memory written to said no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// The first character of a text that cannot stand in a document: no `Char` of XML 1.0 (production
/// 2), or a carriage return, which some readers turn into another character.
pub(super) fn first_unfit(text: &str) -> Option<char> {
    text.chars().find(|character| {
        !matches!(character, '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
    })
}

/// A document that is being written.
pub(super) struct Tree {
    writer: Writer<Vec<u8>>,
    texts: usize,
}

impl Tree {
    /// The bytes of a document with this root and these attributes on it.
    pub(super) fn document(
        root: &'static str,
        attributes: &[(&'static str, &str)],
        content: impl FnOnce(&mut Self) -> Result<(), Unwritable>,
    ) -> Result<Vec<u8>, Unwritable> {
        let mut tree = Self {
            writer: Writer::new_with_indent(Vec::new(), b' ', 2),
            texts: 0,
        };
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        tree.writer.write_event(Event::Decl(declaration))?;
        tree.element(root, attributes, content)?;
        let mut bytes = tree.writer.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// An element that holds others.
    pub(super) fn branch(
        &mut self,
        name: &'static str,
        content: impl FnOnce(&mut Self) -> Result<(), Unwritable>,
    ) -> Result<(), Unwritable> {
        self.element(name, &[], content)
    }

    /// An element that holds a text.
    pub(super) fn leaf(&mut self, name: &'static str, text: &str) -> Result<(), Unwritable> {
        self.leaf_with(name, &[], text)
    }

    /// An element that holds a text, if there is one.
    pub(super) fn leaf_if(
        &mut self,
        name: &'static str,
        text: Option<&str>,
    ) -> Result<(), Unwritable> {
        text.map_or(Ok(()), |text| self.leaf(name, text))
    }

    /// An element that holds a text, with attributes.
    pub(super) fn leaf_with(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        text: &str,
    ) -> Result<(), Unwritable> {
        if let Some(character) = first_unfit(text) {
            return Err(Unwritable::Character {
                element: name,
                character,
            });
        }
        if text.trim().is_empty() {
            return Err(Unwritable::Empty(name));
        }
        self.element(name, attributes, |tree| {
            tree.texts += 1;
            let text = Event::Text(BytesText::new(text));
            Ok(tree.writer.write_event(text)?)
        })
    }

    fn element(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        content: impl FnOnce(&mut Self) -> Result<(), Unwritable>,
    ) -> Result<(), Unwritable> {
        let mut start = BytesStart::new(name);
        for attribute in attributes {
            start.push_attribute(*attribute);
        }
        self.writer.write_event(Event::Start(start))?;
        let before = self.texts;
        content(self)?;
        if self.texts == before {
            return Err(Unwritable::Empty(name));
        }
        self.writer.write_event(Event::End(BytesEnd::new(name)))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content: impl FnOnce(&mut Tree) -> Result<(), Unwritable>) -> String {
        let bytes = Tree::document("a", &[("b", "1 < 2 & \"3\"")], content).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn texts_are_escaped_and_indented() {
        let text = written(|tree| {
            tree.leaf("c", "Æbler & <pærer> \"å\" 'x' ]]> 🍎")?;
            tree.branch("d", |tree| tree.leaf_with("e", &[("f", "1")], "2"))
        });
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"1 &lt; 2 &amp; &quot;3&quot;\">\n  <c>Æbler &amp; &lt;pærer&gt; &quot;å&quot; &apos;x&apos; ]]&gt; 🍎</c>\n  <d>\n    <e f=\"1\">2</e>\n  </d>\n</a>\n"
        );
    }

    #[test]
    fn nothing_empty_and_nothing_illegal_is_written() {
        let refused = |content: fn(&mut Tree) -> Result<(), Unwritable>| {
            Tree::document("a", &[], content).unwrap_err().to_string()
        };
        assert_eq!(refused(|_| Ok(())), "a would be empty");
        assert_eq!(refused(|tree| tree.leaf("b", " ")), "b would be empty");
        assert_eq!(
            refused(|tree| tree.branch("c", |_| Ok(()))),
            "c would be empty"
        );
        assert_eq!(
            refused(|tree| tree.leaf("d", "a\u{1}b")),
            "the character U+0001 cannot stand in d"
        );
    }

    #[test]
    fn what_xml_has_no_form_for_is_found() {
        for (text, found) in [
            ("København\t\n å 🍎 \u{FFFD}", None),
            ("a\u{0}", Some('\u{0}')),
            ("a\rb", Some('\r')),
            ("\u{B}", Some('\u{B}')),
            ("x\u{FFFE}y", Some('\u{FFFE}')),
            ("x\u{FFFF}", Some('\u{FFFF}')),
        ] {
            assert_eq!(first_unfit(text), found, "{text:?}");
        }
    }
}
