//! Cuts a text into words for the index. What it is not: stems (`analysis`).

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::kernel::invisible::is_ignorable;

/// Words are letters and digits, with what is invisible or combines inside them left out: a soft hyphen does
/// not cut `by\u{ad}udvikling`.
#[derive(Debug, Clone, Default)]
pub(super) struct Words;

/// The words of one text.
#[derive(Debug)]
pub(super) struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream {
            text,
            at: 0,
            token: Token::default(),
        }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(skipped) = rest.find(char::is_alphanumeric) else {
            self.at = self.text.len();
            return false;
        };
        let inside = rest.get(skipped..).unwrap_or_default();
        let belongs = |character: char| {
            character.is_alphanumeric() || is_ignorable(character) || is_combining_mark(character)
        };
        let length = inside
            .find(|character| !belongs(character))
            .unwrap_or(inside.len());
        let written = inside.get(..length).unwrap_or_default();
        let from = self.at.saturating_add(skipped);
        let to = from.saturating_add(length);
        let word = written
            .chars()
            .filter(|character| !is_ignorable(*character))
            .nfkc()
            .flat_map(char::to_lowercase);
        self.token.offset_from = from;
        self.token.offset_to = to;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.extend(word);
        self.at = to;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_whole_whatever_is_invisible_in_it() {
        let text = "By\u{ad}udvikling i A\u{30a}rhus, 2,6 – «Øst»!";
        let mut tokenizer = Words;
        let mut stream = tokenizer.token_stream(text);
        let mut found = Vec::new();
        while stream.advance() {
            let token = stream.token();
            found.push((
                token.text.clone(),
                &text[token.offset_from..token.offset_to],
            ));
        }
        let words: Vec<_> = found.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(words, ["byudvikling", "i", "århus", "2", "6", "øst"]);
        assert_eq!(found[0].1, "By\u{ad}udvikling");
        assert_eq!(found[2].1, "A\u{30a}rhus");
    }
}
