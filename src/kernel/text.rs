//! Text that people typed, made fit to keep: NFC, trimmed, of bounded length, without characters
//! that hide or break things. What it is not: markup; texts are plain.

use unicode_normalization::UnicodeNormalization;

use crate::kernel::refusal::{Refusal, RefusalCode};

/// The longest name.
pub const NAME_LENGTH: usize = 200;
/// The longest paragraph.
pub const TEXT_LENGTH: usize = 4000;

/// A line of text: a name, a theme, a reference.
///
/// # Errors
/// `Required` when nothing is left, `InvalidText` for control characters, bidirectional overrides
/// or too many characters.
pub fn line(field: &str, text: &str) -> Result<String, Refusal> {
    checked(field, text, NAME_LENGTH, false)
}

/// A text of several lines.
///
/// # Errors
/// As [`line()`]; line breaks and tabs are allowed.
pub fn paragraph(field: &str, text: &str) -> Result<String, Refusal> {
    checked(field, text, TEXT_LENGTH, true)
}

/// A line that may be missing: nothing or only spaces is none.
///
/// # Errors
/// As [`line()`], but for what is missing.
pub fn optional_line(field: &str, text: Option<&str>) -> Result<Option<String>, Refusal> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| line(field, text))
        .transpose()
}

/// A text of several lines that may be missing.
///
/// # Errors
/// As [`paragraph`], but for what is missing.
pub fn optional_paragraph(field: &str, text: Option<&str>) -> Result<Option<String>, Refusal> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| paragraph(field, text))
        .transpose()
}

fn checked(
    field: &str,
    text: &str,
    longest: usize,
    several_lines: bool,
) -> Result<String, Refusal> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(Refusal::new(
            RefusalCode::Required,
            field,
            format!("{field} is missing."),
            format!("{field} mangler."),
        ));
    }
    if text.chars().count() > longest {
        return Err(Refusal::new(
            RefusalCode::InvalidText,
            field,
            format!("{field} has more than {longest} characters."),
            format!("{field} har mere end {longest} tegn."),
        ));
    }
    if let Some(character) = text
        .chars()
        .find(|character| !fits(*character, several_lines))
    {
        return Err(Refusal::new(
            RefusalCode::InvalidText,
            field,
            format!(
                "{field} has the character U+{:04X}, which cannot be used; remove it.",
                u32::from(character)
            ),
            format!(
                "{field} har tegnet U+{:04X}, som ikke kan bruges; fjern det.",
                u32::from(character)
            ),
        ));
    }
    Ok(text)
}

fn fits(character: char, several_lines: bool) -> bool {
    match character {
        '\n' | '\r' | '\t' => several_lines,
        // Bidirectional controls make a text read otherwise than it is; the others are invisible
        // line ends and the byte order mark.
        '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{feff}' => false,
        other => !other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_fit_and_names_what_is_not() {
        assert_eq!(line("name", "  A\u{30a}lborg ").unwrap(), "Ålborg");
        for (text, code) in [
            ("", RefusalCode::Required),
            ("  ", RefusalCode::Required),
            ("a\u{0}b", RefusalCode::InvalidText),
            ("a\nb", RefusalCode::InvalidText),
            ("a\u{202e}b", RefusalCode::InvalidText),
        ] {
            assert_eq!(line("name", text).unwrap_err().code, code, "{text:?}");
        }
        assert_eq!(line("name", &"å".repeat(200)).unwrap().chars().count(), 200);
        assert_eq!(
            line("name", &"å".repeat(201)).unwrap_err().code,
            RefusalCode::InvalidText
        );
        assert!(paragraph("note", "a\nb").is_ok());
        assert_eq!(optional_line("note", Some(" ")), Ok(None));
    }
}
