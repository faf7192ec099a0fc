//! A text for users in both languages of the project. What it is not: a template engine; the two
//! texts are written side by side where they are needed, so that they cannot drift apart.

use crate::kernel::language::Language;

/// One sentence in English and in Danish.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// The English text.
    pub en: String,
    /// The Danish text.
    pub da: String,
}

impl Phrase {
    /// Puts the two languages together.
    pub fn new(en: impl Into<String>, da: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            da: da.into(),
        }
    }

    /// The text in the reader's language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Da => &self.da,
            Language::En => &self.en,
        }
    }
}
