//! Answers in the schema. What it is not: who may read them; the assessment decides.

use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::api::context::InOperation;
use crate::api::scalars::WebAddress;
use crate::kernel::error::Result;
use crate::kernel::ids::QuestionnaireId;
use crate::kernel::instant::Instant;
use crate::programme::assessments::{Answer, AnswerState};
use crate::programme::questionnaires::graphql::ContentOf;
use crate::programme::questionnaires::{Content, Question, QuestionOption};

/// An answer, as the caller may read it.
#[derive(Debug)]
pub struct ShownAnswer {
    /// The answer.
    pub answer: Arc<Answer>,
    /// The questionnaire.
    pub questionnaire: QuestionnaireId,
    /// Whether the caller sees what the city does: then also what shows it, and what the network said.
    pub is_own: bool,
}

impl ShownAnswer {
    async fn content(&self, context: &Context<'_>) -> Result<Option<Arc<Content>>> {
        context
            .operation()
            .load::<ContentOf>(self.questionnaire)
            .await
    }
}

/// A city's answer to a question of the index.
#[Object(name = "AssessmentAnswer")]
impl ShownAnswer {
    /// The question.
    async fn question(&self, context: &Context<'_>) -> Result<Option<Question>> {
        let form = self.content(context).await?;
        Ok(form.and_then(|form| form.question(&self.answer.question).cloned()))
    }

    /// Whether the question applies.
    async fn state(&self) -> AnswerState {
        self.answer.state
    }

    /// The options that the city chose.
    async fn options(&self, context: &Context<'_>) -> Result<Vec<QuestionOption>> {
        let chosen: Vec<String> = self.answer.options.read()?;
        let form = self.content(context).await?;
        let question = form.and_then(|form| form.question(&self.answer.question).cloned());
        let mut options = question.map(|one| one.options).unwrap_or_default();
        options.retain(|option| chosen.contains(&option.code));
        Ok(options)
    }

    /// What shows it; null for those who do not see what the city does.
    async fn evidence(&self) -> Option<&str> {
        self.answer.evidence.as_deref().filter(|_| self.is_own)
    }

    /// Where it can be read; null for those who do not see what the city does.
    async fn source_url(&self) -> Option<WebAddress> {
        let url = self.answer.source_url.clone().filter(|_| self.is_own);
        url.map(WebAddress)
    }

    /// What the network said to it; null for those who do not see what the city does.
    async fn review_note(&self) -> Option<&str> {
        self.answer.review_note.as_deref().filter(|_| self.is_own)
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.answer.updated_at
    }
}
