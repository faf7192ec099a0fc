//! Questionnaires and indicators in the schema. What it is not: answers or scores.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable, reference};
use crate::api::operation::Operation;
use crate::api::scalars::LanguageTag;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, QuestionnaireId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::programme::questionnaires::{self, Content, Question, QuestionOption, Questionnaire};
use crate::programme::reference::IndicatorName;

/// Loads questionnaires, which everybody may see.
#[derive(Debug)]
pub struct QuestionnaireById;

impl Load for QuestionnaireById {
    type Key = QuestionnaireId;
    type Value = Arc<Questionnaire>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[QuestionnaireId],
    ) -> Result<HashMap<QuestionnaireId, Self::Value>> {
        Ok(questionnaires::find_many(db, keys)?
            .into_iter()
            .map(|questionnaire| (questionnaire.id, Arc::new(questionnaire)))
            .collect())
    }
}

/// Loads what questionnaires hold, read once for each question asked of the service.
#[derive(Debug)]
pub struct ContentOf;

impl Load for ContentOf {
    type Key = QuestionnaireId;
    type Value = Arc<Content>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[QuestionnaireId],
    ) -> Result<HashMap<QuestionnaireId, Self::Value>> {
        questionnaires::find_many(db, keys)?
            .into_iter()
            .map(|questionnaire| Ok((questionnaire.id, Arc::new(questionnaire.content()?))))
            .collect()
    }
}

/// An indicator of the intercultural city index.
#[Object(name = "IndexIndicator")]
impl IndicatorName {
    /// Which.
    async fn code(&self) -> Indicator {
        self.indicator
    }

    /// Its name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.name.in_language(context.language(language.as_ref()))
    }

    /// Whether it is one of the six that together are "urban policies through the intercultural lens".
    async fn is_of_the_lens(&self) -> bool {
        self.indicator.is_of_the_lens()
    }
}

/// An edition of a questionnaire of the index; it never changes.
#[Object]
impl Questionnaire {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The lasting name.
    async fn code(&self) -> &str {
        &self.code
    }

    /// 1 for the first edition.
    async fn edition(&self) -> i32 {
        self.edition
    }

    /// The name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.name_da,
            Language::En => &self.name_en,
        }
    }

    /// Whose it is, and what it may be compared with.
    async fn note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.note_da,
            Language::En => &self.note_en,
        }
    }

    /// The questions, in their order.
    async fn questions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those of this indicator.")] indicator: Option<Indicator>,
    ) -> Result<Vec<Question>> {
        let form = context.operation().load::<ContentOf>(self.id).await?;
        let mut questions = form.map_or_else(Vec::new, |form| form.questions.clone());
        questions.retain(|question| indicator.is_none_or(|wanted| question.indicator == wanted));
        Ok(questions)
    }

    /// When it was loaded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// A question of the index.
#[Object(name = "IndexQuestion")]
impl Question {
    /// Its name in the questionnaire.
    async fn code(&self) -> &str {
        &self.code
    }

    /// The indicator that it counts to.
    async fn indicator(&self) -> Indicator {
        self.indicator
    }

    /// What is asked.
    async fn text(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.text.in_language(context.language(language.as_ref()))
    }

    /// How much work a better answer takes, 1 to 5.
    async fn effort(&self) -> i32 {
        self.effort
    }

    /// Whether more than one option can be chosen; their points add up.
    async fn several(&self) -> bool {
        self.several
    }

    /// Whether it must be answered: it cannot be said not to apply.
    async fn mandatory(&self) -> bool {
        self.mandatory
    }

    /// The most points that an answer can earn.
    #[graphql(name = "most")]
    async fn most_points(&self) -> i64 {
        self.most()
    }

    /// What can be answered.
    async fn options(&self) -> &[QuestionOption] {
        &self.options
    }
}

/// Something that can be answered.
#[Object(name = "IndexOption")]
impl QuestionOption {
    /// Its name in the question.
    async fn code(&self) -> &str {
        &self.code
    }

    /// What it says.
    async fn text(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.text.in_language(context.language(language.as_ref()))
    }

    /// What it earns.
    async fn points(&self) -> i64 {
        self.points
    }
}

/// Queries of questionnaires.
#[derive(Debug, Default)]
pub struct QuestionnaireQuery;

#[Object]
impl QuestionnaireQuery {
    /// The fourteen indicators of the index, in its order.
    async fn indicators<'a>(&self, context: &Context<'a>) -> &'a [IndicatorName] {
        &reference(context).indicators
    }

    /// The questionnaires of the index, by code; the newest edition first.
    async fn questionnaires(&self, context: &Context<'_>) -> Result<Vec<Questionnaire>> {
        context.read(questionnaires::all)
    }
}

/// A questionnaire to load.
#[derive(Debug, InputObject)]
pub struct LoadQuestionnaireInput {
    /// The text of its file, in TOML.
    content: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `loadQuestionnaire`.
    LoadQuestionnairePayload {
        /// The questionnaire.
        questionnaire: Questionnaire
    }
);

/// Mutations of questionnaires.
#[derive(Debug, Default)]
pub struct QuestionnaireMutation;

#[Object]
impl QuestionnaireMutation {
    /// Loads an edition of a questionnaire, which from then on never changes. The same edition again
    /// changes nothing.
    async fn load_questionnaire(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The questionnaire.")] input: LoadQuestionnaireInput,
    ) -> Result<LoadQuestionnairePayload> {
        let load = |tx: &mut Tx<'_>| questionnaires::load(tx, &input.content);
        let performed = context.perform(Repeatable::MayHaveKey, load);
        LoadQuestionnairePayload::of::<QuestionnaireById>(context, performed).await
    }
}
