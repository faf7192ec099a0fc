//! What a practice says: the fields of the programme, each in Danish, English or both. What it is not: where
//! it is stored, and whether it may be shown.

use serde::{Deserialize, Serialize};

use crate::kernel::indicator::Indicator;
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::reference::{self, Figure, Source};

/// A text in Danish, in English, in both, or in neither.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In Danish.
    pub da: Option<String>,
    /// In English.
    pub en: Option<String>,
}

impl Words {
    /// The text in a language, or in the other when it is not there.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Option<&str> {
        let (first, second) = match language {
            Language::Da => (&self.da, &self.en),
            Language::En => (&self.en, &self.da),
        };
        first.as_deref().or(second.as_deref())
    }

    /// The text in exactly this language.
    #[must_use]
    pub fn only_in(&self, language: Language) -> Option<&str> {
        match language {
            Language::Da => self.da.as_deref(),
            Language::En => self.en.as_deref(),
        }
    }

    /// Whether there is a text in any language.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.da.is_some() || self.en.is_some()
    }
}

impl From<&Phrase> for Words {
    fn from(phrase: &Phrase) -> Self {
        Self {
            da: Some(phrase.da.clone()),
            en: Some(phrase.en.clone()),
        }
    }
}

/// Whom to ask about a practice, at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The office or the person.
    pub name: String,
    /// The e-mail address at work.
    pub email: Option<String>,
    /// A page of the office.
    pub url: Option<String>,
}

/// What a practice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The city as the source names it.
    pub city_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The year it was declared, or from when it works.
    pub year: Option<i32>,
    /// A short title.
    pub title: Words,
    /// What it is.
    pub summary: Words,
    /// What it is to achieve.
    pub purpose: Words,
    /// What led to it.
    pub stimulus: Words,
    /// How it was done.
    pub process: Words,
    /// What came of it.
    pub impact: Words,
    /// What was counted or measured.
    pub figures: Vec<Figure>,
    /// The areas it illustrates.
    pub areas: Vec<PolicyArea>,
    /// The steps it illustrates.
    pub steps: Vec<u8>,
    /// The indicators of the index it illustrates.
    pub indicators: Vec<Indicator>,
    /// Whether the network, and not the source, links it to areas, steps and indicators.
    pub links_editorial: bool,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
    /// Where it is described.
    pub sources: Vec<Source>,
}

impl Content {
    /// In which languages it has a title and a summary.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        let whole = |language: &Language| {
            self.title.only_in(*language).is_some() && self.summary.only_in(*language).is_some()
        };
        [Language::Da, Language::En]
            .into_iter()
            .filter(whole)
            .collect()
    }

    /// Its texts of several lines, in the order in which they are read.
    #[must_use]
    pub const fn paragraphs(&self) -> [&Words; 5] {
        [
            &self.summary,
            &self.purpose,
            &self.stimulus,
            &self.process,
            &self.impact,
        ]
    }
}

impl From<&reference::Practice> for Content {
    fn from(example: &reference::Practice) -> Self {
        Self {
            city_name: example.city.clone(),
            country: example.country.clone(),
            year: example.year.map(i32::from),
            title: Words::from(&example.title),
            summary: Words::from(&example.summary),
            purpose: Words::default(),
            stimulus: Words::default(),
            process: Words::default(),
            impact: Words::default(),
            figures: example.figures.clone(),
            areas: example.links.areas.clone(),
            steps: example.links.steps.clone(),
            indicators: example.links.indicators.clone(),
            links_editorial: example.links.editorial,
            contacts: Vec::new(),
            sources: vec![example.source.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_back_to_the_other_language() {
        let words = |da: Option<&str>, en: Option<&str>| Words {
            da: da.map(str::to_owned),
            en: en.map(str::to_owned),
        };
        for (text, da, en) in [
            (words(Some("by"), Some("city")), Some("by"), Some("city")),
            (words(Some("by"), None), Some("by"), Some("by")),
            (words(None, Some("city")), Some("city"), Some("city")),
            (words(None, None), None, None),
        ] {
            assert_eq!(text.in_language(Language::Da), da);
            assert_eq!(text.in_language(Language::En), en);
            assert_eq!(text.is_there(), da.is_some());
        }
    }
}
