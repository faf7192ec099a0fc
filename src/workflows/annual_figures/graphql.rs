//! The year's figures in the schema. What it is not: the objects behind them; those are types of their own.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::future::try_join_all;

use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::programme::activities::Activity;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::assessments::Assessment;
use crate::programme::assessments::graphql::AssessmentById;
use crate::programme::practices::Practice;
use crate::programme::practices::graphql::PracticeById;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::scheduling::expert_visits::ExpertVisit;
use crate::scheduling::expert_visits::graphql::ExpertVisitById;
use crate::scheduling::study_visits::StudyVisit;
use crate::scheduling::study_visits::graphql::StudyVisitById;
use crate::workflows::annual_figures::{self, AnnualFigures};

/// The objects of a list of keys, in its order.
async fn behind<L>(context: &Context<'_>, keys: &[L::Key]) -> Result<Vec<L::Value>>
where
    L: Load,
    L::Key: Id,
{
    let operation = context.operation();
    let loads = keys.iter().map(|key| operation.load::<L>(*key));
    Ok(try_join_all(loads).await?.into_iter().flatten().collect())
}

/// A number of the year and what is behind it.
macro_rules! figure {
    ($(#[$doc:meta])* $name:ident, $field:ident, $loader:ident, $object:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Vec<<$loader as Load>::Key>);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// How many.
            async fn count(&self) -> usize {
                self.0.len()
            }

            /// Which.
            async fn $field(&self, context: &Context<'_>) -> Result<Vec<Arc<$object>>> {
                behind::<$loader>(context, &self.0).await
            }
        }
    };
}

figure!(
    /// Cities of a year.
    AnnualCities, cities, CityById, City
);
figure!(
    /// Assessments of a year.
    AnnualAssessments, assessments, AssessmentById, Assessment
);
figure!(
    /// Expert visits of a year.
    AnnualExpertVisits, visits, ExpertVisitById, ExpertVisit
);
figure!(
    /// Study visits of a year.
    AnnualStudyVisits, visits, StudyVisitById, StudyVisit
);
figure!(
    /// Practices of a year.
    AnnualPractices, practices, PracticeById, Practice
);
figure!(
    /// Trainings, workshops and debates of a year.
    AnnualTrainings, activities, ActivityById, Activity
);

/// What happened in a calendar year, as far as it is: each number with what is behind it.
#[Object]
impl AnnualFigures {
    /// The year.
    async fn year(&self) -> i32 {
        self.year
    }

    /// How many cities are members at its end, or today while it runs.
    async fn members(&self) -> i64 {
        self.members
    }

    /// The cities that became members, in whichever network.
    async fn joined(&self) -> AnnualCities {
        AnnualCities(self.joined.clone())
    }

    /// The cities that are members no more.
    async fn left(&self) -> AnnualCities {
        AnnualCities(self.left.clone())
    }

    /// The assessments by the index that were published.
    async fn assessments(&self) -> AnnualAssessments {
        AnnualAssessments(self.assessments.clone())
    }

    /// The expert visits that were held: those whose last day is in the year.
    async fn expert_visits(&self) -> AnnualExpertVisits {
        AnnualExpertVisits(self.expert_visits.clone())
    }

    /// The study visits that were held: those whose last day is in the year.
    async fn study_visits(&self) -> AnnualStudyVisits {
        AnnualStudyVisits(self.study_visits.clone())
    }

    /// The practices that cities and the network published for the first time.
    async fn practices(&self) -> AnnualPractices {
        AnnualPractices(self.practices.clone())
    }

    /// The trainings, workshops and debates that were held.
    async fn trainings(&self) -> AnnualTrainings {
        AnnualTrainings(self.trainings.clone())
    }
}

/// Queries of the year's figures.
#[derive(Debug, Default)]
pub struct AnnualFiguresQuery;

#[Object]
impl AnnualFiguresQuery {
    /// A calendar year as the programme reports it. For those who see the programmes of all cities.
    async fn annual_figures(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The calendar year; it has begun.")] year: i32,
    ) -> Result<AnnualFigures> {
        let operation = context.operation();
        let (viewer, now) = (&operation.viewer, operation.now);
        context.read(|db| annual_figures::of_year(db, viewer, now, year))
    }
}
