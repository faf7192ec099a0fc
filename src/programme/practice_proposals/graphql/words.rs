//! The words of a practice as clients write them and read them back from a proposal. What it is not: whether
//! they may be kept (`rules`).

use async_graphql::{InputObject, SimpleObject};

use crate::api::inputs::Problems;
use crate::api::scalars::{CountryCode, Date, Decimal, EmailAddress, WebAddress};
use crate::kernel::error::Result;
use crate::kernel::indicator::Indicator;
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::practices::graphql::{PracticeContact, PracticeFigure, PracticeSource};
use crate::programme::practices::{Contact, Content, Words};
use crate::programme::reference::{Figure, FigureQualifier, Source};

/// A text in Danish, in English, or in both.
#[derive(Debug, Default, InputObject, SimpleObject)]
#[graphql(input_name = "WordsInput", name = "Words")]
pub struct BothLanguages {
    /// In Danish.
    da: Option<String>,
    /// In English.
    en: Option<String>,
}

impl From<BothLanguages> for Words {
    fn from(said: BothLanguages) -> Self {
        Self {
            da: said.da,
            en: said.en,
        }
    }
}

impl From<Words> for BothLanguages {
    fn from(words: Words) -> Self {
        Self {
            da: words.da,
            en: words.en,
        }
    }
}

/// Both languages of a short text; where one is not written, it is the other.
fn phrase(said: BothLanguages) -> Phrase {
    let da = said.da.clone().or_else(|| said.en.clone());
    let en = said.en.or(said.da);
    Phrase::new(en.unwrap_or_default(), da.unwrap_or_default())
}

/// What was counted or measured.
#[derive(Debug, InputObject)]
pub struct PracticeFigureInput {
    /// What is counted or measured.
    name: BothLanguages,
    /// How the source qualifies the value.
    qualifier: FigureQualifier,
    /// The value, not negative.
    value: Decimal,
    /// What the value is a number of.
    unit: BothLanguages,
    /// How it was counted or measured.
    method: Option<BothLanguages>,
}

/// A document that a practice is taken from.
#[derive(Debug, InputObject)]
pub struct PracticeSourceInput {
    /// Its title, in its own language.
    title: String,
    /// Who published it.
    publisher: String,
    /// The day it bears.
    published_on: Option<Date>,
    /// Its number in the publisher's archive.
    document_number: Option<String>,
    /// Where it can be read.
    url: Option<WebAddress>,
}

/// Whom to ask about a practice, at work.
#[derive(Debug, InputObject)]
pub struct PracticeContactInput {
    /// The office or the person.
    name: String,
    /// The e-mail address at work.
    email: Option<EmailAddress>,
    /// A page of the office.
    url: Option<WebAddress>,
}

/// What a practice says. A draft needs only a title; the rest is asked for when it is handed in.
#[derive(Debug, InputObject)]
pub struct PracticeContentInput {
    /// A short title.
    title: BothLanguages,
    /// What it is.
    #[graphql(default)]
    summary: BothLanguages,
    /// What it is to achieve.
    #[graphql(default)]
    purpose: BothLanguages,
    /// What led to it.
    #[graphql(default)]
    stimulus: BothLanguages,
    /// How it was done.
    #[graphql(default)]
    process: BothLanguages,
    /// What came of it.
    #[graphql(default)]
    impact: BothLanguages,
    /// The city's name, for a city that is not registered.
    city_name: Option<String>,
    /// The city's country, for a city that is not registered.
    country: Option<CountryCode>,
    /// The year it was declared, or from when it works.
    year: Option<i32>,
    /// The policy areas it illustrates.
    areas: Vec<PolicyArea>,
    /// The steps it illustrates, 1 to 10.
    #[graphql(default)]
    steps: Vec<i32>,
    /// The indicators of the index it illustrates.
    #[graphql(default)]
    indicators: Vec<Indicator>,
    /// Whether the source itself makes these links; else they are marked as judgement.
    #[graphql(default = false)]
    links_by_source: bool,
    /// What was counted or measured.
    #[graphql(default)]
    figures: Vec<PracticeFigureInput>,
    /// Where it is described.
    #[graphql(default)]
    sources: Vec<PracticeSourceInput>,
    /// Whom to ask.
    #[graphql(default)]
    contacts: Vec<PracticeContactInput>,
}

impl PracticeContentInput {
    /// The words as the library keeps them.
    ///
    /// # Errors
    /// Refused with every number that is none.
    pub fn read(self) -> Result<Content> {
        let mut problems = Problems::default();
        let mut figures = Vec::new();
        for (place, figure) in self.figures.into_iter().enumerate() {
            let value = figure.value.0.parse().map_err(|_| {
                Refusal::new(
                    RefusalCode::OutOfRange,
                    format!("content.figures.{place}.value"),
                    "Give a decimal number, not negative, without a 0 at the end of its fraction, such as 2.6.",
                    "Angiv et decimaltal, ikke negativt og uden 0 til sidst efter kommaet, f.eks. 2.6.",
                )
            });
            figures.extend(problems.keep(value).map(|value| Figure {
                what: phrase(figure.name),
                qualifier: figure.qualifier,
                value,
                unit: phrase(figure.unit),
                method: figure.method.map(phrase),
            }));
        }
        problems.none()?;
        // A step that is out of range stays out of range.
        let step = |step: i32| u8::try_from(step).unwrap_or(u8::MAX);
        let source = |source: PracticeSourceInput| Source {
            title: source.title,
            publisher: source.publisher,
            date: source.published_on.map(|day| day.0),
            document_number: source.document_number,
            url: source.url.map(|url| url.0),
        };
        let contact = |contact: PracticeContactInput| Contact {
            name: contact.name,
            email: contact.email.map(|email| email.0),
            url: contact.url.map(|url| url.0),
        };
        Ok(Content {
            city_name: self.city_name.unwrap_or_default(),
            country: self.country.map(|country| country.0).unwrap_or_default(),
            year: self.year,
            title: self.title.into(),
            summary: self.summary.into(),
            purpose: self.purpose.into(),
            stimulus: self.stimulus.into(),
            process: self.process.into(),
            impact: self.impact.into(),
            figures,
            areas: self.areas,
            steps: self.steps.into_iter().map(step).collect(),
            indicators: self.indicators,
            links_editorial: !self.links_by_source,
            contacts: self.contacts.into_iter().map(contact).collect(),
            sources: self.sources.into_iter().map(source).collect(),
        })
    }
}

/// What a proposal says, in the languages in which it was written.
#[derive(Debug, SimpleObject)]
pub struct ProposedContent {
    /// A short title.
    title: BothLanguages,
    /// What it is.
    summary: BothLanguages,
    /// What it is to achieve.
    purpose: BothLanguages,
    /// What led to it.
    stimulus: BothLanguages,
    /// How it was done.
    process: BothLanguages,
    /// What came of it.
    impact: BothLanguages,
    /// The city's name.
    city_name: String,
    /// The city's country.
    country: CountryCode,
    /// The year it was declared, or from when it works.
    year: Option<i32>,
    /// The policy areas it illustrates.
    areas: Vec<PolicyArea>,
    /// The steps it illustrates.
    steps: Vec<i32>,
    /// The indicators of the index it illustrates.
    indicators: Vec<Indicator>,
    /// Whether the source itself makes these links.
    links_by_source: bool,
    /// What was counted or measured.
    figures: Vec<PracticeFigure>,
    /// Where it is described.
    sources: Vec<PracticeSource>,
    /// Whom to ask.
    contacts: Vec<PracticeContact>,
}

impl From<Content> for ProposedContent {
    fn from(content: Content) -> Self {
        Self {
            title: content.title.into(),
            summary: content.summary.into(),
            purpose: content.purpose.into(),
            stimulus: content.stimulus.into(),
            process: content.process.into(),
            impact: content.impact.into(),
            city_name: content.city_name,
            country: CountryCode(content.country),
            year: content.year,
            areas: content.areas,
            steps: content.steps.into_iter().map(i32::from).collect(),
            indicators: content.indicators,
            links_by_source: !content.links_editorial,
            figures: content.figures.into_iter().map(PracticeFigure).collect(),
            sources: content.sources.into_iter().map(Into::into).collect(),
            contacts: content.contacts.into_iter().map(Into::into).collect(),
        }
    }
}
