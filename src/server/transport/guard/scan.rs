//! The lexical limits: bytes, opening brackets and directives of a document that is not parsed yet.
//! One pass over the bytes, no recursion, no allocation. Not a tokenizer: it only knows enough of
//! the lexical grammar to leave out strings, block strings and comments.
//!
//! It must never see fewer brackets than the parser does. The parser reads an unclosed `"""` as an
//! empty string followed by another one, and would then find code where this scan sees text;
//! therefore a string that does not end is refused here.

use super::limits::Limits;
use super::refused::{Refused, at_most};

/// What the scan counted outside strings and comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// `{`, `[` and `(`.
    pub brackets: u64,
    /// `@`.
    pub directives: u64,
}

/// Counts brackets and directives, and stops at the first limit that is exceeded.
///
/// # Errors
/// [`Refused::TooComplex`] for a limit, [`Refused::Syntax`] for a string without an end.
pub(super) fn scan(source: &str, limits: &Limits) -> Result<Counts, Refused> {
    let bytes = u64::try_from(source.len()).unwrap_or(u64::MAX);
    at_most("bytes of the document", bytes, limits.document_bytes)?;

    let mut counts = Counts::default();
    let mut rest = source.as_bytes();
    loop {
        rest = match rest {
            [] => return Ok(counts),
            [b'"', b'"', b'"', text @ ..] => {
                after_block(text).ok_or_else(|| unclosed(source, rest))?
            }
            [b'"', text @ ..] => after_string(text).ok_or_else(|| unclosed(source, rest))?,
            [b'#', text @ ..] => after_comment(text),
            [b'{' | b'[' | b'(', after @ ..] => {
                counts.brackets += 1;
                at_most("opening brackets", counts.brackets, limits.brackets)?;
                after
            }
            [b'@', after @ ..] => {
                counts.directives += 1;
                at_most("directives", counts.directives, limits.directives)?;
                after
            }
            [_, after @ ..] => after,
        };
    }
}

/// What follows a block string; `\"""` is its only escape.
fn after_block(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [] => return None,
            [b'"', b'"', b'"', after @ ..] => return Some(after),
            [b'\\', b'"', b'"', b'"', after @ ..] | [_, after @ ..] => after,
        };
    }
}

/// What follows a string, which cannot hold a line end. Whether its escapes are legal is left to
/// the parser, which stops at an illegal one.
fn after_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [] | [b'\n' | b'\r', ..] | [b'\\', b'\n' | b'\r', ..] => return None,
            [b'"', after @ ..] => return Some(after),
            [b'\\', _, after @ ..] | [_, after @ ..] => after,
        };
    }
}

fn after_comment(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [] | [b'\n' | b'\r', ..] => return text,
            [_, after @ ..] => after,
        };
    }
}

fn unclosed(source: &str, rest: &[u8]) -> Refused {
    let before = source
        .get(..source.len().saturating_sub(rest.len()))
        .unwrap_or(source);
    let line_start = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    Refused::Syntax {
        message: "a string does not end".to_owned(),
        line: before.matches('\n').count() + 1,
        column: line_start.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(source: &str) -> (u64, u64) {
        let counts = scan(source, &Limits::new(1)).expect("within the limits");
        (counts.brackets, counts.directives)
    }

    #[test]
    fn strings_and_comments_do_not_count() {
        let cases = [
            ("", (0, 0)),
            ("{ a(b: [1, {c: 2}]) @d }", (4, 1)),
            (r#"{ a(b: "{[(@") }"#, (2, 0)),
            (r#"{ a(b: "\"{[(@\\") @x }"#, (2, 1)),
            (r#"{ a(b: "") @x }"#, (2, 1)),
            (r##"{ a(b: "# {") }"##, (2, 0)),
            ("{ a # { [ ( @ \" \"\"\"\n b(c: 1) }", (2, 0)),
            ("{ a # {\r b(c: 1) }", (2, 0)),
            (
                "{ a(b: \"\"\"{ \" \"\" [\n @ \\\"\"\" ( \"\"\") @x }",
                (2, 1),
            ),
            ("{ a(b: \"\"\"\"\"\") { c } }", (3, 0)),
            ("\u{feff}{ å { 🏙 } }", (2, 0)),
        ];
        for (source, expected) in cases {
            assert_eq!(counted(source), expected, "{source}");
        }
    }

    #[test]
    fn a_string_without_an_end_is_refused_with_its_position() {
        let cases = [
            ("{ a(b: \"x", (1, 8)),
            ("{\n å(b: \"x\n\") }", (2, 7)),
            ("{ a(b: \"x\\\n\") }", (1, 8)),
            ("{ a(b: \"\\", (1, 8)),
            ("{\n\n \"\"\" {{{ \\\"\"\"", (3, 2)),
            ("[\"\"\"a\" {{{{]", (1, 2)),
        ];
        for (source, position) in cases {
            let refused = scan(source, &Limits::new(1)).expect_err(source);
            assert_eq!(refused.position(), Some(position), "{source}");
        }
    }

    #[test]
    fn each_limit_is_inclusive() {
        let limits = Limits::new(1);
        let full = "#".repeat(16 * 1024);
        let brackets = "{[(".repeat(50);
        let directives = "@a".repeat(40);
        for (at_limit, what) in [
            (full, "bytes of the document"),
            (brackets, "opening brackets"),
            (directives, "directives"),
        ] {
            assert!(scan(&at_limit, &limits).is_ok(), "{what}");
            let above = if what == "directives" { "@" } else { "{" };
            let refused = scan(&format!("{at_limit}{above}"), &limits).expect_err(what);
            assert!(
                matches!(refused, Refused::TooComplex { what: w, .. } if w == what),
                "{refused}"
            );
        }
    }
}
