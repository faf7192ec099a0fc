//! Assessments in the schema: the type and who sees what of it. What it is not: the lists, the scores, and
//! what is done with one.

pub mod answers;
pub mod lists;
pub mod recommendations;
pub mod reviewing;
pub mod scores;
pub mod taking;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, Decimal};
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AssessmentId, Id};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::refusal::Refusal;
use crate::programme::activities::Activity;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::assessments::benchmarks::{self, PeerGroup};
use crate::programme::assessments::graphql::answers::ShownAnswer;
use crate::programme::assessments::graphql::recommendations::Recommendation;
use crate::programme::assessments::graphql::scores::{ShownBenchmark, ShownScores};
use crate::programme::assessments::graphql::taking::AnswerInput;
use crate::programme::assessments::improvement::{self, Improvement};
use crate::programme::assessments::scoring::{self, Tallies};
use crate::programme::assessments::{self, Answer, Assessment, AssessmentStatus, rules, said};
use crate::programme::questionnaires::graphql::{ContentOf, QuestionnaireById};
use crate::programme::questionnaires::{Content, Questionnaire};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(AssessmentConnection, AssessmentEdge, Assessment);

/// Whether the viewer may know of an assessment: everybody of what is published, and those who see what the
/// city does of everything.
#[must_use]
pub fn may_see(assessment: &Assessment, viewer: &Viewer) -> bool {
    assessment.is_published() || viewer.may_for(Permission::SeeProgramme, assessment.city_id)
}

/// Whether the viewer may read the answers: of what is published only where the city let them be.
#[must_use]
pub fn may_read_answers(assessment: &Assessment, viewer: &Viewer) -> bool {
    viewer.may_for(Permission::SeeProgramme, assessment.city_id)
        || (assessment.is_published() && assessment.consents_to_answers)
}

/// Loads assessments that the viewer may see.
#[derive(Debug)]
pub struct AssessmentById;

impl Load for AssessmentById {
    type Key = AssessmentId;
    type Value = Arc<Assessment>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Self::Value>> {
        Ok(assessments::find_many(db, keys)?
            .into_iter()
            .filter(|assessment| may_see(assessment, &operation.viewer))
            .map(|assessment| (assessment.id, Arc::new(assessment)))
            .collect())
    }
}

/// Loads what assessments earned that the viewer may see.
#[derive(Debug)]
struct TalliesOf;

impl Load for TalliesOf {
    type Key = AssessmentId;
    type Value = Arc<Tallies>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Self::Value>> {
        let mut found = assessments::find_many(db, keys)?;
        found.retain(|assessment| may_see(assessment, &operation.viewer));
        Ok(assessments::tallies_of_many(db, &found)?
            .into_iter()
            .map(|(id, tallies)| (id, Arc::new(tallies)))
            .collect())
    }
}

/// Loads the answers of assessments that the viewer may read.
#[derive(Debug)]
struct AnswersOf;

impl Load for AnswersOf {
    type Key = AssessmentId;
    type Value = Arc<Vec<Arc<Answer>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Self::Value>> {
        let readable: Vec<AssessmentId> = assessments::find_many(db, keys)?
            .into_iter()
            .filter(|assessment| may_read_answers(assessment, &operation.viewer))
            .map(|assessment| assessment.id)
            .collect();
        let mut answers = assessments::answers_of_many(db, &readable)?;
        let shared = |id: AssessmentId| {
            let rows = answers.remove(&id).unwrap_or_default();
            (id, Arc::new(rows.into_iter().map(Arc::new).collect()))
        };
        Ok(readable.into_iter().map(shared).collect())
    }
}

impl Assessment {
    fn is_own(&self, context: &Context<'_>) -> bool {
        let viewer = &context.operation().viewer;
        viewer.may_for(Permission::SeeProgramme, self.city_id)
    }

    async fn content(&self, context: &Context<'_>) -> Result<Arc<Content>> {
        let form = context
            .operation()
            .load::<ContentOf>(self.questionnaire_id)
            .await?;
        form.ok_or_else(|| Error::Internal(anyhow::anyhow!("{:?} without questions", self.id)))
    }

    async fn said(&self, context: &Context<'_>) -> Result<scoring::Answers> {
        let rows = context.operation().load::<AnswersOf>(self.id).await?;
        let rows: Vec<Answer> = rows
            .iter()
            .flat_map(|rows| rows.iter())
            .map(|row| row.as_ref().clone())
            .collect();
        said(&rows)
    }
}

/// A query is not refused: what it asks for is wrong.
fn wrong_question(refusals: Vec<Refusal>) -> Error {
    let first = refusals.into_iter().next();
    first.map_or_else(
        || Error::Internal(anyhow::anyhow!("a refusal without a reason")),
        |refusal| Error::BadRequest(refusal.message),
    )
}

/// A city that takes the index: its answers and what they earned.
#[Object]
impl Assessment {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The questionnaire.
    async fn questionnaire(&self, context: &Context<'_>) -> Result<Option<Arc<Questionnaire>>> {
        let operation = context.operation();
        operation
            .load::<QuestionnaireById>(self.questionnaire_id)
            .await
    }

    /// The activity of a package that it is; null without, and for those who may not see it.
    async fn activity(&self, context: &Context<'_>) -> Result<Option<Arc<Activity>>> {
        match self.activity_id {
            Some(activity) => context.operation().load::<ActivityById>(activity).await,
            None => Ok(None),
        }
    }

    /// How far it is.
    async fn status(&self) -> AssessmentStatus {
        self.status
    }

    /// The day that the answers are about.
    async fn taken_on(&self) -> Date {
        Date(self.taken_on)
    }

    /// How many people lived in the city then.
    async fn population(&self) -> Option<i64> {
        self.population
    }

    /// The share of them who were born abroad, in percent.
    async fn foreign_born_percent(&self) -> Option<Decimal> {
        let percent = |share: i32| format!("{}.{:02}", share / 100, share % 100);
        self.foreign_born_bp.map(percent).map(Decimal)
    }

    /// Where the two figures are from.
    async fn figures_source(&self) -> Option<&str> {
        self.figures_source.as_deref()
    }

    /// What the answers earned so far; once approved, for good.
    async fn scores(&self, context: &Context<'_>) -> Result<ShownScores> {
        let form = self.content(context).await?;
        let tallies = context.operation().load::<TalliesOf>(self.id).await?;
        Ok(ShownScores::of(&form, &tallies.unwrap_or_default()))
    }

    /// The answers, in the order of the questionnaire; null for those who may not read them. A question
    /// without an answer is missing.
    async fn answers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those to questions of this indicator.")] indicator: Option<
            Indicator,
        >,
    ) -> Result<Option<Vec<ShownAnswer>>> {
        let Some(rows) = context.operation().load::<AnswersOf>(self.id).await? else {
            return Ok(None);
        };
        let form = self.content(context).await?;
        let asked = form.questions.iter();
        let asked = asked.filter(|one| indicator.is_none_or(|wanted| one.indicator == wanted));
        let shown = asked.filter_map(|question| {
            let row = rows.iter().find(|row| row.question == question.code)?;
            Some(ShownAnswer {
                answer: row.clone(),
                questionnaire: self.questionnaire_id,
                is_own: self.is_own(context),
            })
        });
        Ok(Some(shown.collect()))
    }

    /// Which better answers would raise the index most for the least work, those first; null for those who
    /// do not see what the city does.
    async fn improvements(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.", default = 10)] first: i32,
    ) -> Result<Option<Vec<Improvement>>> {
        if !self.is_own(context) {
            return Ok(None);
        }
        let (form, answers) = (self.content(context).await?, self.said(context).await?);
        let mut found = improvement::improvements(&form, &answers);
        found.truncate(usize::try_from(first.clamp(1, 100)).unwrap_or_default());
        Ok(Some(found))
    }

    /// Good practices of other cities for the weakest indicators, the weakest first; null for those who do
    /// not see what the city does.
    async fn recommendations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.", default = 5)] first: i32,
    ) -> Result<Option<Vec<Recommendation>>> {
        if !self.is_own(context) {
            return Ok(None);
        }
        let tallies = context.operation().load::<TalliesOf>(self.id).await?;
        let (tallies, most) = (tallies.unwrap_or_default(), first.clamp(1, 100));
        let most = usize::try_from(most).unwrap_or_default();
        let found = context.read(|db| recommendations::of(db, self.city_id, &tallies, most))?;
        Ok(Some(found))
    }

    /// What the scores would be with other answers; nothing is kept. Null for those who do not see what
    /// the city does.
    async fn what_if(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The other answers.")] answers: Vec<AnswerInput>,
    ) -> Result<Option<ShownScores>> {
        if !self.is_own(context) {
            return Ok(None);
        }
        let (form, mut supposed) = (self.content(context).await?, self.said(context).await?);
        let answers = taking::read_answers(answers)?;
        rules::check_answers(&form, &answers).map_err(wrong_question)?;
        for answer in answers {
            match answer.said {
                Some(said) => supposed.insert(answer.question, said),
                None => supposed.remove(&answer.question),
            };
        }
        let tallies = scoring::tally(&form, &supposed);
        Ok(Some(ShownScores::of(&form, &tallies)))
    }

    /// How the scores stand beside those of other cities that were published by a day.
    async fn benchmark(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Whom the city is compared with.",
            default_with = "PeerGroup::All"
        )]
        group: PeerGroup,
        #[graphql(desc = "The day; today by default.")] as_of: Option<Date>,
    ) -> Result<ShownBenchmark> {
        let operation = context.operation();
        let as_of = as_of.unwrap_or_else(|| Date(operation.today()));
        let form = self.content(context).await?;
        let tallies = operation.load::<TalliesOf>(self.id).await?;
        let peers = context.read(|db| assessments::peers(db, self, group, as_of.0))?;
        let found = benchmarks::benchmark(&form, &tallies.unwrap_or_default(), &peers);
        Ok(ShownBenchmark::of(group, as_of, found))
    }

    /// Why it was last given back to the city; null for those who do not see what the city does.
    async fn returned_reason(&self, context: &Context<'_>) -> Option<&str> {
        let reason = self.returned_reason.as_deref();
        reason.filter(|_| self.is_own(context))
    }

    /// When the city finished it.
    async fn submitted_at(&self) -> Option<Instant> {
        self.submitted_at
    }

    /// When its scores were approved.
    async fn approved_at(&self) -> Option<Instant> {
        self.approved_at
    }

    /// Whether the city lets its scores be published.
    async fn consents_to_scores(&self) -> bool {
        self.consented_at.is_some()
    }

    /// Whether the city lets its answers be published with them.
    async fn consents_to_answers(&self) -> bool {
        self.consents_to_answers
    }

    /// The day it was last published.
    async fn published_on(&self) -> Option<Date> {
        self.published_on.map(Date)
    }

    /// The day its publication was taken back.
    async fn withdrawn_on(&self) -> Option<Date> {
        self.withdrawn_on.map(Date)
    }

    /// Why; null for those who do not see what the city does.
    async fn withdrawn_reason(&self, context: &Context<'_>) -> Option<&str> {
        let reason = self.withdrawn_reason.as_deref();
        reason.filter(|_| self.is_own(context))
    }

    /// When it was begun.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// Grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}
