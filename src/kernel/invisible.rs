//! Characters that take no room or leave it empty, so that a reader cannot tell two texts apart by them.
//! What it is not: a list of what may be typed; that is `text`.

/// Whether a renderer that does not know the character shows nothing for it: the property
/// `Default_Ignorable_Code_Point` of Unicode 16 (UAX #44).
#[must_use]
pub fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether the character asks for another form of the one before it: the property `Variation_Selector`.
#[must_use]
pub fn is_variation_selector(character: char) -> bool {
    matches!(
        character,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether the character joins or parts the letters beside it, as some scripts need it: ZWNJ and ZWJ.
#[must_use]
pub fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Whether the character is room without a mark: white space, and the braille cell without dots.
#[must_use]
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{2800}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_seen_from_what_is_not() {
        for character in "aå’-'\u{301}ᠠ漢🏙٣".chars() {
            assert!(
                !is_ignorable(character) && !is_blank(character),
                "{character:?}"
            );
        }
        for character in "\u{ad}\u{200b}\u{2060}\u{3164}\u{feff}\u{e0041}".chars() {
            assert!(is_ignorable(character), "{character:?}");
        }
        for selector in "\u{fe0f}\u{e0100}\u{180b}".chars() {
            assert!(
                is_ignorable(selector) && is_variation_selector(selector),
                "{selector:?}"
            );
        }
        for joiner in "\u{200c}\u{200d}".chars() {
            assert!(is_ignorable(joiner) && is_joiner(joiner), "{joiner:?}");
        }
        assert!(" \u{a0}\u{3000}\u{2800}".chars().all(is_blank));
    }
}
