//! What a city does with an assessment, in the schema. What it is not: what the network does.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::payload::{UserError, split};
use crate::api::scalars::{Date, Decimal, WebAddress};
use crate::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::assessments::graphql::AssessmentById;
use crate::programme::assessments::{self, About, Assessment, NewAnswer, NewAssessment, Said};

/// What the answers of an assessment are about.
#[derive(Debug, InputObject)]
pub struct AboutInput {
    /// The day; not after today.
    taken_on: Date,
    /// How many people lived in the city then; when an assessment is begun, the city's population by default.
    population: Option<i64>,
    /// The share of them who were born abroad, in percent with at most two decimals.
    foreign_born_percent: Option<Decimal>,
    /// Where the two figures are from.
    figures_source: Option<String>,
}

impl AboutInput {
    fn read(self) -> Result<About> {
        let share = self
            .foreign_born_percent
            .map(|percent| basis_points(&percent.0));
        Ok(About {
            taken_on: self.taken_on.0,
            population: self.population,
            foreign_born_bp: share.transpose()?,
            figures_source: self.figures_source,
        })
    }
}

/// A percentage with at most two decimals in hundredths of a percent; how large it may be is a rule.
fn basis_points(percent: &str) -> Result<i32> {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, ""));
    let read = (decimals.len() <= 2)
        .then(|| format!("{whole}{decimals:0<2}"))
        .and_then(|digits| digits.parse().ok());
    read.ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "about.foreignBornPercent",
            "A percentage has at most two decimals.",
            "En procent har højst to decimaler.",
        ))
    })
}

/// An answer to a question: options, or that it does not apply; neither of the two takes an answer back.
#[derive(Debug, InputObject)]
pub struct AnswerInput {
    /// The code of the question.
    question: String,
    /// The codes of the options; of a question that allows several, perhaps none.
    options: Option<Vec<String>>,
    /// That the question does not apply to the city.
    not_applicable: Option<bool>,
    /// What shows it.
    evidence: Option<String>,
    /// Where it can be read.
    source_url: Option<WebAddress>,
}

/// The answers as the rules take them.
///
/// # Errors
/// Refused for one that both applies and does not.
pub fn read_answers(answers: Vec<AnswerInput>) -> Result<Vec<NewAnswer>> {
    answers
        .into_iter()
        .enumerate()
        .map(|(place, input)| {
            let said = match (input.options, input.not_applicable.unwrap_or_default()) {
                (Some(_), true) => {
                    return Err(Error::refused(Refusal::new(
                        RefusalCode::Ambiguous,
                        format!("answers.{place}.notApplicable"),
                        "A question that does not apply has no options.",
                        "Et spørgsmål, der ikke gælder for byen, har ingen svarmuligheder.",
                    )));
                }
                (Some(options), false) => Some(Said::Chosen(options)),
                (None, true) => Some(Said::NotApplicable),
                (None, false) => None,
            };
            Ok(NewAnswer {
                question: input.question,
                said,
                evidence: input.evidence,
                source_url: input.source_url.map(|url| url.0),
            })
        })
        .collect()
}

/// An assessment to begin.
#[derive(Debug, InputObject)]
pub struct BeginAssessmentInput {
    /// The city; it need not be a member.
    city_id: ID,
    /// The questionnaire.
    questionnaire_id: ID,
    /// The activity of the city's package that it is.
    activity_id: Option<ID>,
    /// What the answers are about.
    about: AboutInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A draft whose day or figures are said anew.
#[derive(Debug, InputObject)]
pub struct ReviseAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// What the answers are about; all of it anew.
    about: AboutInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// Questions that are answered.
#[derive(Debug, InputObject)]
pub struct AnswerQuestionsInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The answers, 1 to 500; all are kept, or none. What was answered before and is not named stays.
    answers: Vec<AnswerInput>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An assessment, as it was read.
#[derive(Debug, InputObject)]
pub struct SubmitAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A draft to discard.
#[derive(Debug, InputObject)]
pub struct DiscardAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// What a city lets be published.
#[derive(Debug, InputObject)]
pub struct ConsentToPublicationInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Whether the scores may be published; false takes an earlier consent back.
    scores: bool,
    /// Whether the answers may be published with them; what shows them never is.
    answers: bool,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `beginAssessment`.
    BeginAssessmentPayload {
        /// The assessment, a draft.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `reviseAssessment`.
    ReviseAssessmentPayload {
        /// The assessment.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `answerQuestions`.
    AnswerQuestionsPayload {
        /// The assessment with its answers.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `submitAssessment`.
    SubmitAssessmentPayload {
        /// The assessment, submitted.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `consentToPublication`.
    ConsentToPublicationPayload {
        /// The assessment.
        assessment: Assessment
    }
);

/// The answer of `discardAssessment`.
#[derive(Debug, SimpleObject)]
pub struct DiscardAssessmentPayload {
    /// The id that the draft had.
    assessment_id: Option<ID>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// What a city does with an assessment.
#[derive(Debug, Default)]
pub struct AssessmentMutation;

#[Object]
impl AssessmentMutation {
    /// Begins an assessment of a city. A city has one at a time that is not finished.
    async fn begin_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and the questionnaire.")] input: BeginAssessmentInput,
    ) -> Result<BeginAssessmentPayload> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &input.city_id);
        let questionnaire = problems.id("questionnaireId", &input.questionnaire_id);
        let activity = input.activity_id.as_ref().map(|id| id.as_str());
        let activity = problems.optional_id("activityId", activity);
        let about = problems.keep_all(input.about.read())?;
        let read = city.zip(questionnaire).zip(about);
        let performed = problems
            .or(read)
            .and_then(|((city, questionnaire), about)| {
                let new = NewAssessment {
                    city,
                    questionnaire,
                    activity,
                    about,
                };
                let begin = |tx: &mut Tx<'_>| assessments::begin(tx, new.clone());
                context.perform(Repeatable::MayHaveKey, begin)
            });
        BeginAssessmentPayload::of::<AssessmentById>(context, performed).await
    }

    /// Says anew what the answers of a draft are about.
    async fn revise_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: ReviseAssessmentInput,
    ) -> Result<ReviseAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let about = problems.keep_all(input.about.read())?;
        let performed = problems.or(id.zip(about)).and_then(|(id, about)| {
            let revise =
                |tx: &mut Tx<'_>| assessments::revise(tx, id, input.version, about.clone());
            context.perform(Repeatable::MayHaveKey, revise)
        });
        ReviseAssessmentPayload::of::<AssessmentById>(context, performed).await
    }

    /// Answers questions of a draft, or takes answers back.
    async fn answer_questions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The answers.")] input: AnswerQuestionsInput,
    ) -> Result<AnswerQuestionsPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let answers = problems.keep_all(read_answers(input.answers))?;
        let performed = problems.or(id.zip(answers)).and_then(|(id, answers)| {
            let answer = |tx: &mut Tx<'_>| assessments::answer(tx, id, input.version, &answers);
            context.perform(Repeatable::MayHaveKey, answer)
        });
        AnswerQuestionsPayload::of::<AssessmentById>(context, performed).await
    }

    /// Submits a draft. Questions without an answer count as missing.
    async fn submit_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: SubmitAssessmentInput,
    ) -> Result<SubmitAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let performed = problems.or(id).and_then(|id| {
            let submit = |tx: &mut Tx<'_>| assessments::submit(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, submit)
        });
        SubmitAssessmentPayload::of::<AssessmentById>(context, performed).await
    }

    /// Discards a draft with its answers.
    async fn discard_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: DiscardAssessmentInput,
    ) -> Result<DiscardAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let performed = problems.or(id).and_then(|id| {
            let discard = |tx: &mut Tx<'_>| assessments::discard(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, discard)
        });
        let (discarded, user_errors) = split(context, performed)?;
        Ok(DiscardAssessmentPayload {
            assessment_id: discarded.map(|id| ID(id.public())),
            user_errors,
        })
    }

    /// Lets a city's scores be published, with or without its answers, or takes that back. Only the city
    /// itself does.
    async fn consent_to_publication(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What may be published.")] input: ConsentToPublicationInput,
    ) -> Result<ConsentToPublicationPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let may = (input.scores, input.answers);
        let performed = problems.or(id).and_then(|id| {
            let consent = |tx: &mut Tx<'_>| assessments::consent(tx, id, input.version, may);
            context.perform(Repeatable::MayHaveKey, consent)
        });
        ConsentToPublicationPayload::of::<AssessmentById>(context, performed).await
    }
}
