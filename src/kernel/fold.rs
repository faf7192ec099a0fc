//! Keys made from names: one to sort by, one to search by, one that tells whether two names are
//! the same. The databases fold and collate differently, so it is done here, once. What it is
//! not: the shown name, which stays as it was written.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::kernel::invisible::{is_blank, is_ignorable};

/// Sorts names as a reader of Latin script expects: folded first, then as written, so that equal
/// folds have a fixed order.
#[must_use]
pub fn sort_key(name: &str) -> String {
    format!("{}\u{1f}{name}", folded(name))
}

/// What a search compares: accents, case, and the spellings aa/å, ae/æ/ä, oe/ø/ö, ue/ü fall
/// together, so that `Århus`, `Aarhus` and `arhus` find the same city.
#[must_use]
pub fn search_key(text: &str) -> String {
    let folded = folded(text);
    let mut key = String::with_capacity(folded.len());
    let mut characters = folded.chars().peekable();
    while let Some(character) = characters.next() {
        let second = characters.peek().copied();
        key.push(character);
        if matches!(
            (character, second),
            ('a', Some('a' | 'e')) | ('o' | 'u', Some('e'))
        ) {
            characters.next();
        }
    }
    key
}

/// Tells whether two names are the same name: case, accents, spaces and the spellings that a search
/// takes for one do not matter, so that `Malmo` is not registered beside `Malmö`.
#[must_use]
pub fn name_key(name: &str) -> String {
    search_key(name)
}

/// What a sort key begins with: the name without case, accents and doubled spaces.
#[must_use]
pub fn sort_stem(name: &str) -> String {
    folded(name)
}

/// A piece of a `LIKE` pattern that finds the key anywhere; the wildcards of the text are taken as
/// themselves with `ESCAPE '\'`.
#[must_use]
pub fn like_anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in search_key(text).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Lower case without accents, invisible characters such as soft hyphens, and doubled spaces; letters that Unicode does not
/// decompose are spelled out.
fn folded(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.nfkc().flat_map(char::to_lowercase) {
        match character {
            'å' => key.push_str("aa"),
            'æ' | 'ä' => key.push_str("ae"),
            'ø' | 'ö' | 'œ' => key.push_str("oe"),
            'ü' => key.push_str("ue"),
            'ß' => key.push_str("ss"),
            'þ' => key.push_str("th"),
            'ð' | 'đ' => key.push('d'),
            'ł' => key.push('l'),
            'ı' => key.push('i'),
            'ħ' => key.push('h'),
            other if is_ignorable(other) => {}
            '’' | '‘' | 'ʼ' | '`' => key.push('\''),
            '‐' | '‑' | '–' | '—' => key.push('-'),
            other if is_blank(other) => {
                if !key.is_empty() && !key.ends_with(' ') {
                    key.push(' ');
                }
            }
            other => key.extend(
                std::iter::once(other)
                    .nfkd()
                    .filter(|part| !is_combining_mark(*part)),
            ),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_city_fall_together() {
        for (left, right) in [
            ("Århus", "Aarhus"),
            ("Århus", "arhus"),
            ("A\u{30a}rhus", "Århus"),
            ("Malmö", "Malmo"),
            ("Malmö", "malmoe"),
            ("Ærø", "aeroe"),
            ("Zürich", "Zuerich"),
            ("Zürich", "zurich"),
            ("Łódź", "lodz"),
            ("Chișinău", "chisinau"),
            ("by\u{ad}udvikling", "byudvikling"),
            ("Os\u{200c}lo", "Oslo"),
            ("Oslo\u{fe0f}\u{2800}", "Oslo"),
            ("Reggio nell’Emilia", "reggio nell'emilia"),
        ] {
            assert_eq!(search_key(left), search_key(right), "{left} {right}");
        }
        assert_ne!(search_key("Oslo"), search_key("Osla"));
    }

    #[test]
    fn keys_of_names() {
        assert_eq!(name_key("  Ålborg   Øst "), "alborg ost");
        assert_eq!(sort_stem("  Ålborg   Øst "), "aalborg oest");
        for (one, other) in [("Malmö", "Malmo"), ("Zürich", "Zurich"), ("Århus", "Arhus")] {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
        assert_ne!(name_key("Oslo"), name_key("Osla"));
        assert!(sort_key("Aalborg") < sort_key("Bergen"));
        assert!(sort_key("Ålborg") < sort_key("Bergen"));
        assert_eq!(like_anywhere("50%_\\"), "%50\\%\\_\\\\%");
    }
}
