//! The lists of assessments in the schema, and the comparison of two. What it is not: the type.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AssessmentId, CityId, Id};
use crate::kernel::page::Page;
use crate::programme::assessments::comparison::{self, Comparison, Side};
use crate::programme::assessments::graphql::{AssessmentConnection, may_read_answers};
use crate::programme::assessments::{
    self, Answer, Assessment, AssessmentFilter, AssessmentStatus, Of, said,
};
use crate::programme::questionnaires;

/// Which assessments a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct AssessmentFilterInput {
    /// Of one of these cities.
    city_id: Option<Vec<ID>>,
    /// In one of these states.
    status: Option<Vec<AssessmentStatus>>,
    /// By this questionnaire.
    questionnaire_id: Option<ID>,
    /// About a day in this range.
    taken_on: Option<inputs::DateRange>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl AssessmentFilterInput {
    fn read(self) -> Result<AssessmentFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        let cities = self
            .city_id
            .map(|ids| ids.iter().map(inputs::query_id).collect());
        let questionnaire = self.questionnaire_id.as_ref();
        let (taken_from, taken_before) = inputs::days(self.taken_on);
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(AssessmentFilter {
            city: cities.transpose()?,
            status: self.status,
            questionnaire: questionnaire.map(inputs::query_id).transpose()?,
            taken_from,
            taken_before,
            updated_from,
            updated_before,
        })
    }
}

/// The arguments of a city's list of assessments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssessmentArguments {
    of: Of,
    filter: AssessmentFilter,
    page: Page,
}

/// The assessments of a city.
#[derive(Debug)]
pub struct AssessmentsOfCity;

impl ParentList for AssessmentsOfCity {
    type Row = Assessment;
    type Arguments = AssessmentArguments;

    fn order(_: &AssessmentArguments) -> Order<Assessment> {
        assessments::order()
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        arguments: &AssessmentArguments,
    ) -> Result<HashMap<Uuid, Listed<Assessment>>> {
        let AssessmentArguments { of, filter, page } = arguments;
        assessments::list_of(db, *of, parents, filter, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        arguments: &AssessmentArguments,
    ) -> Result<HashMap<Uuid, i64>> {
        assessments::count_of(db, arguments.of, parents, &arguments.filter)
    }
}

/// The assessments of a city that the caller may see, the latest first.
///
/// # Errors
/// `BadRequest` for a filter with too many values or a foreign cursor.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<AssessmentFilterInput>,
    page: Page,
) -> Result<AssessmentConnection> {
    let operation = context.operation();
    let sees_all = operation.viewer.may_for(Permission::SeeProgramme, city);
    let arguments = AssessmentArguments {
        of: if sees_all { Of::All } else { Of::Published },
        filter: filter.unwrap_or_default().read()?,
        page,
    };
    let connected = operation.connect::<AssessmentsOfCity>(city.uuid(), arguments);
    Ok(AssessmentConnection(connected.await?))
}

/// Queries of assessments.
#[derive(Debug, Default)]
pub struct AssessmentQuery;

#[Object]
impl AssessmentQuery {
    /// The assessments that the caller may see, the latest first: those of everybody that are published,
    /// and all of the own city.
    async fn assessments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<AssessmentFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<AssessmentConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let scope = context.operation().viewer.scope(Permission::SeeProgramme);
        let filter = filter.unwrap_or_default().read()?;
        let listed = context.read(|db| assessments::list(db, &scope, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| assessments::count(db, &scope, &filter);
        let order = assessments::order();
        Ok(AssessmentConnection(Connected::new(listed, order, count)))
    }

    /// What changed between two assessments of which the caller may read the answers, over the questions
    /// that can be compared.
    async fn compare_assessments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The earlier one.")] before: ID,
        #[graphql(desc = "The later one.")] after: ID,
    ) -> Result<Comparison> {
        let operation = context.operation();
        let (before, after) = (inputs::query_id(&before)?, inputs::query_id(&after)?);
        context.read(|db| compare(db, operation, before, after))
    }
}

fn compare(
    db: &mut Db,
    operation: &Operation,
    before: AssessmentId,
    after: AssessmentId,
) -> Result<Comparison> {
    let (earlier, given) = readable(db, operation, before)?;
    let (later, taken) = readable(db, operation, after)?;
    let then = questionnaires::get(db, earlier.questionnaire_id)?;
    let now = questionnaires::get(db, later.questionnaire_id)?;
    let (held, holds) = (then.content()?, now.content()?);
    Ok(comparison::compare(
        Side {
            questionnaire: &then,
            content: &held,
            answers: &said(&given)?,
        },
        Side {
            questionnaire: &now,
            content: &holds,
            answers: &said(&taken)?,
        },
    ))
}

/// An assessment with its answers, for somebody who may read them.
fn readable(
    db: &mut Db,
    operation: &Operation,
    id: AssessmentId,
) -> Result<(Assessment, Vec<Answer>)> {
    let found = assessments::find_many(db, &[id])?
        .into_iter()
        .find(|assessment| may_read_answers(assessment, &operation.viewer));
    let assessment = found.ok_or_else(|| Error::NotFound {
        kind: AssessmentId::KIND,
        id: id.public(),
    })?;
    let answers = assessments::answers_of_many(db, &[id])?.remove(&id);
    Ok((assessment, answers.unwrap_or_default()))
}
