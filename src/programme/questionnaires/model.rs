//! The record of a questionnaire and what it holds. What it is not: the file it comes from.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kernel::error::Result;
use crate::kernel::ids::{QuestionnaireId, UserId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::phrase::Phrase;
use crate::schema::questionnaires;

/// An edition of a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = questionnaires, treat_none_as_default_value = false)]
pub struct Questionnaire {
    /// The key, made from code and edition.
    pub id: QuestionnaireId,
    /// The lasting name.
    pub code: String,
    /// 1 for the first edition.
    pub edition: i32,
    /// The name in Danish.
    pub name_da: String,
    /// The name in English.
    pub name_en: String,
    /// Whose it is and what it may be compared with, in Danish.
    pub note_da: String,
    /// The same in English.
    pub note_en: String,
    /// What it holds: a [`Content`].
    pub content: Json,
    /// SHA-256 of the content.
    pub content_hash: String,
    /// When it was loaded.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
}

impl Questionnaire {
    /// What it holds.
    ///
    /// # Errors
    /// A fault of ours when the stored document is of another form.
    pub fn content(&self) -> Result<Content> {
        self.content.read()
    }
}

/// What a questionnaire holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// How much each indicator weighs.
    pub weights: BTreeMap<Indicator, i64>,
    /// The questions, in their order.
    pub questions: Vec<Question>,
    /// The edition that its questions can be compared with.
    pub earlier: Option<Earlier>,
}

impl Content {
    /// The question with a code.
    #[must_use]
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.code == code)
    }

    /// How much an indicator weighs; nothing where the questionnaire does not have it.
    #[must_use]
    pub fn weight(&self, indicator: Indicator) -> i64 {
        self.weights.get(&indicator).copied().unwrap_or_default()
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name in this questionnaire.
    pub code: String,
    /// The indicator that it counts to.
    pub indicator: Indicator,
    /// What is asked.
    pub text: Phrase,
    /// How much work a better answer takes, 1 to 5.
    pub effort: i32,
    /// Whether more than one option can be chosen; their points add up.
    pub several: bool,
    /// Whether it must be answered: it cannot be said not to apply.
    pub mandatory: bool,
    /// What can be answered.
    pub options: Vec<QuestionOption>,
}

impl Question {
    /// The most points that an answer can earn.
    #[must_use]
    pub fn most(&self) -> i64 {
        let points = self.options.iter().map(|option| option.points);
        if self.several {
            points.sum()
        } else {
            points.max().unwrap_or_default()
        }
    }

    /// What these options earn; options that are not of the question earn nothing.
    #[must_use]
    pub fn points(&self, chosen: &[String]) -> i64 {
        self.options
            .iter()
            .filter(|option| chosen.contains(&option.code))
            .map(|option| option.points)
            .sum()
    }

    /// Whether two questions are answered and counted alike: the same options with the same points.
    #[must_use]
    pub fn counts_as(&self, other: &Self) -> bool {
        let plain = |question: &Self| {
            let options = question.options.iter();
            options
                .map(|option| (option.code.clone(), option.points))
                .collect::<BTreeMap<_, _>>()
        };
        self.several == other.several && plain(self) == plain(other)
    }
}

/// Something that can be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionOption {
    /// Its name in the question.
    pub code: String,
    /// What it earns.
    pub points: i64,
    /// What it says.
    pub text: Phrase,
}

/// The edition whose questions are comparable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Its lasting name.
    pub code: String,
    /// Its edition.
    pub edition: i32,
    /// The code of each comparable question here, and there.
    pub questions: BTreeMap<String, String>,
}

/// A questionnaire as a file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The lasting name.
    pub code: String,
    /// 1 for the first edition.
    pub edition: i32,
    /// Its name.
    pub name: Phrase,
    /// Whose it is and what it may be compared with.
    pub note: Phrase,
    /// What it holds.
    pub content: Content,
}
