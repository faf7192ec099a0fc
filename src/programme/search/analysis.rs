//! What makes two words the same for the search: stem, accents, spelling. What it is not: the index.

use tantivy::tokenizer::{
    Language as Tongue, Stemmer, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer,
};

use crate::kernel::fold;
use crate::kernel::language::Language;
use crate::programme::search::words::Words;

/// The way from a text to the words of the index: cut, spelled alike, stemmed, folded. Folding comes last,
/// since stems are made of letters as they are written.
pub(super) fn analyser(language: Language) -> TextAnalyzer {
    match language {
        Language::Da => TextAnalyzer::builder(Words)
            .filter(Changed(modern))
            .filter(Stemmer::new(Tongue::Danish))
            .filter(Changed(fold::search_key))
            .build(),
        Language::En => TextAnalyzer::builder(Words)
            .filter(Stemmer::new(Tongue::English))
            .filter(Changed(fold::search_key))
            .build(),
    }
}

/// The words of a text as they are written, in lower case.
pub(super) fn written_words(text: &str) -> Vec<String> {
    let mut words = Words;
    let mut stream = words.token_stream(text);
    let mut written = Vec::new();
    while stream.advance() {
        written.push(stream.token().text.clone());
    }
    written
}

/// What the words begin with that are longer than this one, as the index spells them. A Danish stem takes only
/// endings off, so that `velkomstcenter` finds `velkomstcentret`; an English one would begin too many: that of
/// `police` also `policy`.
pub(super) fn beginning_of(word: &str, language: Language) -> String {
    match language {
        Language::Da => words_of(word, language).concat(),
        Language::En => fold::search_key(word),
    }
}

/// A Danish word in the spelling with å, æ and ø, so that `Aarhus` and `Århus` have one stem.
fn modern(word: &str) -> String {
    word.replace("aa", "å")
        .replace("ae", "æ")
        .replace("oe", "ø")
}

/// The words of a text in the order in which they stand, as the index holds them.
pub(super) fn words_of(text: &str, language: Language) -> Vec<String> {
    let mut analyser = analyser(language);
    let mut stream = analyser.token_stream(text);
    let mut words = Vec::new();
    while stream.advance() {
        words.push(stream.token().text.clone());
    }
    words
}

/// Writes each word in another way.
#[derive(Debug, Clone)]
struct Changed(fn(&str) -> String);

#[derive(Debug, Clone)]
struct ChangedWords<T> {
    change: fn(&str) -> String,
    inner: T,
}

#[derive(Debug)]
struct ChangedStream<S> {
    change: fn(&str) -> String,
    inner: S,
}

impl TokenFilter for Changed {
    type Tokenizer<T: Tokenizer> = ChangedWords<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> ChangedWords<T> {
        ChangedWords {
            change: self.0,
            inner: tokenizer,
        }
    }
}

impl<T: Tokenizer> Tokenizer for ChangedWords<T> {
    type TokenStream<'a> = ChangedStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        ChangedStream {
            change: self.change,
            inner: self.inner.token_stream(text),
        }
    }
}

impl<S: TokenStream> TokenStream for ChangedStream<S> {
    fn advance(&mut self) -> bool {
        let more = self.inner.advance();
        if more {
            let token = self.inner.token_mut();
            token.text = (self.change)(&token.text);
        }
        more
    }

    fn token(&self) -> &Token {
        self.inner.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.inner.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_words_begin_alike() {
        for (language, word, longer) in [
            (Language::Da, "velkomstcenter", "Velkomstcentret"),
            (Language::Da, "nabo", "naboskab"),
            (Language::En, "welcome", "welcomed"),
        ] {
            let beginning = beginning_of(word, language);
            let longer = words_of(longer, language).concat();
            assert!(
                longer.starts_with(&beginning) || beginning.starts_with(&longer),
                "{word}"
            );
        }
        let policy = words_of("policy", Language::En).concat();
        assert!(!policy.starts_with(&beginning_of("police", Language::En)));
    }

    #[test]
    fn words_that_mean_the_same_are_the_same() {
        for (language, one, other) in [
            (Language::Da, "Århus", "aarhus"),
            (Language::Da, "A\u{30a}rhus", "Arhus"),
            (Language::Da, "by\u{ad}udvikling", "Byudviklingen"),
            (Language::Da, "naboskab", "naboskabet"),
            (Language::Da, "Ærø", "aeroe"),
            (Language::Da, "mægling", "maegling"),
            (Language::En, "neighbours", "Neighbour"),
            (Language::En, "welcoming", "welcomed"),
            (Language::En, "café", "cafe"),
        ] {
            assert_eq!(
                words_of(one, language),
                words_of(other, language),
                "{one} {other}"
            );
        }
        assert_ne!(
            words_of("skole", Language::Da),
            words_of("politi", Language::Da)
        );
    }
}
