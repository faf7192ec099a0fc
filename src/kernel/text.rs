//! Text that people typed, made fit to keep: NFC, trimmed, of bounded length, without characters
//! that hide or break things. What it is not: markup; texts are plain.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::kernel::fold;
use crate::kernel::invisible::{is_blank, is_ignorable, is_joiner, is_variation_selector};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The longest name.
pub const NAME_LENGTH: usize = 200;
/// The longest paragraph.
pub const TEXT_LENGTH: usize = 4000;

/// A line of text: a name, a theme, a reference.
///
/// # Errors
/// `Required` when nothing is left to read, `InvalidText` for control characters, bidirectional
/// overrides, invisible characters that no script needs where they stand, or too many characters.
pub fn line(field: &str, text: &str) -> Result<String, Refusal> {
    checked(field, text, NAME_LENGTH, false)
}

/// A text of several lines.
///
/// # Errors
/// As [`line()`]; line breaks, tabs and invisible characters are allowed.
pub fn paragraph(field: &str, text: &str) -> Result<String, Refusal> {
    checked(field, text, TEXT_LENGTH, true)
}

/// A line that may be missing: nothing, or nothing to read, is none.
///
/// # Errors
/// As [`line()`], but for what is missing.
pub fn optional_line(field: &str, text: Option<&str>) -> Result<Option<String>, Refusal> {
    text.filter(|text| !says_nothing(text))
        .map(|text| line(field, text))
        .transpose()
}

/// A text of several lines that may be missing.
///
/// # Errors
/// As [`paragraph`], but for what is missing.
pub fn optional_paragraph(field: &str, text: Option<&str>) -> Result<Option<String>, Refusal> {
    text.filter(|text| !says_nothing(text))
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
    if says_nothing(&text) {
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
    if let Some(character) = misfit(&text, several_lines) {
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

/// The first character that cannot be kept.
fn misfit(text: &str, several_lines: bool) -> Option<char> {
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let beside = (before, characters.peek().copied());
        if !fits(character, several_lines) || !(several_lines || may_be_unseen(character, beside)) {
            return Some(character);
        }
        before = Some(character);
    }
    None
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

/// Whether the character may stand in a line where it does: two names must not differ only by what
/// nobody sees. Joiners belong between letters, in scripts that need them, and a variation selector
/// behind the character whose form it chooses.
fn may_be_unseen(character: char, (before, after): (Option<char>, Option<char>)) -> bool {
    let is_letter = |side: Option<char>| {
        side.is_some_and(|side| side.is_alphabetic() || is_combining_mark(side))
    };
    if is_joiner(character) {
        is_letter(before) && is_letter(after)
    } else if is_variation_selector(character) {
        before.is_some_and(|before| !is_ignorable(before) && !is_blank(before))
    } else {
        !is_ignorable(character)
    }
}

/// Whether there is nothing to read: no text, or one of blanks, invisible characters and accents without
/// a letter.
fn says_nothing(text: &str) -> bool {
    fold::search_key(text).is_empty()
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

    #[test]
    fn a_name_is_seen() {
        for nothing in [
            "\u{200b}",
            "\u{ad}",
            "\u{2060}\u{2800} ",
            "\u{200d}",
            "\u{3164}",
            "\u{fe0f}",
            "\u{e0041}\u{e007f}",
            // Accents without a letter.
            "\u{301}",
            "´",
        ] {
            assert_eq!(
                line("name", nothing).unwrap_err().code,
                RefusalCode::Required,
                "{nothing:?}"
            );
            assert_eq!(
                paragraph("note", nothing).unwrap_err().code,
                RefusalCode::Required,
                "{nothing:?}"
            );
            assert_eq!(
                optional_line("name", Some(nothing)),
                Ok(None),
                "{nothing:?}"
            );
            assert_eq!(
                optional_paragraph("note", Some(nothing)),
                Ok(None),
                "{nothing:?}"
            );
        }
        for hidden in [
            "Os\u{200b}lo",
            "Oslo\u{200b}",
            "by\u{ad}udvikling",
            "Os\u{2060}lo",
            "Os\u{200e}lo",
            "Os\u{34f}lo",
            "\u{200d}Oslo",
            "Oslo\u{200c}",
            "Os\u{200c}\u{200c}lo",
            "Oslo \u{200d}Havn",
            "\u{fe0f}Oslo",
            "Os\u{fe0f}\u{fe0f}lo",
            "Oslo\u{e0041}",
        ] {
            assert_eq!(
                line("name", hidden).unwrap_err().code,
                RefusalCode::InvalidText,
                "{hidden:?}"
            );
        }
        for seen in [
            // Persian and Bengali write these joiners; Japanese names choose forms of a character.
            "نمی\u{200c}دانم",
            "ক্\u{200d}ষ",
            "葛\u{e0100}城市",
            "❤\u{fe0f} Oslo",
            "Sant’Agata",
            "!",
            "1",
        ] {
            assert_eq!(line("name", seen).as_deref(), Ok(seen), "{seen:?}");
        }
        assert!(paragraph("note", "by\u{ad}udvikling").is_ok());
    }
}
