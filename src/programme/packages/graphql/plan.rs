//! The timeline of a package in the schema. What it is not: its reckoning.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::PackageId;
use crate::programme::activities::Activity;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::packages::{self, Step, Timeline};

/// Loads the timelines of packages that the viewer sees.
#[derive(Debug)]
pub(super) struct TimelineOfPackage;

impl Load for TimelineOfPackage {
    type Key = PackageId;
    type Value = Arc<Timeline>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PackageId],
    ) -> Result<HashMap<PackageId, Self::Value>> {
        Ok(packages::timelines(db, keys, operation.today())?
            .into_iter()
            .map(|(package, timeline)| (package, Arc::new(timeline)))
            .collect())
    }
}

/// When a package will have been delivered, as it looks today.
#[Object(name = "PackagePlan")]
impl Timeline {
    /// The activities that are not called off, by their last day.
    async fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The last day of the last of them.
    async fn ends_on(&self) -> Date {
        Date(self.ends_on)
    }

    /// How many days that is after the last day on which units can be used; below zero is time to spare.
    async fn late_by_days(&self) -> i64 {
        self.late_by
    }
}

/// An activity on the way to the end of a package.
#[Object(name = "PackagePlanStep")]
impl Step {
    /// The activity.
    async fn activity(&self, context: &Context<'_>) -> Result<Option<Arc<Activity>>> {
        context
            .operation()
            .load::<ActivityById>(self.activity)
            .await
    }

    /// Its first day, as it is agreed or to be expected.
    async fn starts_on(&self) -> Date {
        Date(self.starts_on)
    }

    /// Its last day, as it is agreed or to be expected.
    async fn ends_on(&self) -> Date {
        Date(self.ends_on)
    }

    /// Whether these days are expected by what such an activity usually takes, not agreed.
    async fn expected(&self) -> bool {
        self.is_expected
    }

    /// What it waits for and that is not there yet.
    async fn blocked_by(&self, context: &Context<'_>) -> Result<Vec<Arc<Activity>>> {
        let operation = context.operation();
        let loads = self.blocked_by.iter();
        let loads = loads.map(|activity| operation.load::<ActivityById>(*activity));
        let found: Result<Vec<_>> = futures_util::future::join_all(loads)
            .await
            .into_iter()
            .collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// Whether a delay of it delays the end.
    async fn critical(&self) -> bool {
        self.is_critical
    }

    /// Whether it will be over after the last day on which units can be used, or should have been
    /// delivered already.
    async fn late(&self) -> bool {
        self.is_late
    }
}
