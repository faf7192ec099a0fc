//! The change of a contract, and the reaching of its milestones, in the schema. What it is not: the rules.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{Problems, at_most_100};
use crate::api::scalars::{Date, Decimal};
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::packages::amendments::PackageAmendment;
use crate::programme::packages::amendments::graphql::PackageAmendmentById;
use crate::programme::packages::graphql::PackageById;
use crate::programme::packages::{self, Package, ReachedMilestone};
use crate::workflows::amend_package::{NewTerms, amend_package, approve_amendment};

/// A milestone to agree.
#[derive(Debug, InputObject)]
pub struct MilestoneInput {
    /// What is paid for; it stands on the invoice.
    title: String,
    /// How much, net of taxes, in the currency of the contract.
    amount: Decimal,
}

/// A contract to change.
#[derive(Debug, InputObject)]
pub struct AmendPackageInput {
    /// The package.
    package_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The new price, net of taxes, in the currency of the contract; the old one when left out.
    price: Option<Decimal>,
    /// In how many equal instalments the rest is paid; as before when left out.
    instalments: Option<i32>,
    /// By which milestones the rest is paid instead; together what is not invoiced yet.
    milestones: Option<Vec<MilestoneInput>>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A milestone that was reached.
#[derive(Debug, InputObject)]
pub struct ReachMilestoneInput {
    /// The package.
    package_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Which instalment it is, from 1.
    position: i32,
    /// The day; today when left out.
    reached_on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An amendment that a second person approves.
#[derive(Debug, InputObject)]
pub struct ApproveAmendmentInput {
    /// The amendment.
    amendment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `approveAmendment`.
    ApproveAmendmentPayload {
        /// The amendment, which holds from now on.
        amendment: PackageAmendment
    }
);

crate::payload!(
    /// The answer of `amendPackage`.
    AmendPackagePayload {
        /// The package as it is now.
        package: Package
    }
);

crate::payload!(
    /// The answer of `reachMilestone`.
    ReachMilestonePayload {
        /// The package.
        package: Package
    }
);

/// The change of contracts.
#[derive(Debug, Default)]
pub struct AmendPackageMutation;

#[Object]
impl AmendPackageMutation {
    /// Changes what a package costs and how the rest is paid. What is invoiced or drafted keeps its
    /// amounts; `packageBilling` shows the plan.
    async fn amend_package(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package and its new terms.")] input: AmendPackageInput,
    ) -> Result<AmendPackagePayload> {
        at_most_100("milestones", input.milestones.as_deref())?;
        let mut problems = Problems::default();
        let package = problems.id("packageId", &input.package_id);
        let milestones = input.milestones.map(|said| {
            let said = said.into_iter();
            said.map(|one| (one.title, one.amount.0)).collect()
        });
        let performed = problems.or(package).and_then(|package| {
            let asked = NewTerms {
                package,
                version: input.version,
                price: input.price.map(|price| price.0),
                instalments: input.instalments,
                milestones,
            };
            let amend = |tx: &mut Tx<'_>| amend_package(tx, &asked);
            context.perform(Repeatable::MayHaveKey, amend)
        });
        AmendPackagePayload::of::<PackageById>(context, performed).await
    }

    /// Approves an amendment that somebody else proposed. In a pause, payments that are not invoiced fall as
    /// many days later.
    async fn approve_amendment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The amendment.")] input: ApproveAmendmentInput,
    ) -> Result<ApproveAmendmentPayload> {
        let mut problems = Problems::default();
        let amendment = problems.id("amendmentId", &input.amendment_id);
        let performed = problems.or(amendment).and_then(|amendment| {
            let approve = |tx: &mut Tx<'_>| approve_amendment(tx, amendment, input.version);
            context.perform(Repeatable::MayHaveKey, approve)
        });
        ApproveAmendmentPayload::of::<PackageAmendmentById>(context, performed).await
    }

    /// Notes that a milestone of a package was reached: its part of the price can be invoiced.
    async fn reach_milestone(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package and which milestone.")] input: ReachMilestoneInput,
    ) -> Result<ReachMilestonePayload> {
        let mut problems = Problems::default();
        let package = problems.id("packageId", &input.package_id);
        let performed = problems.or(package).and_then(|package| {
            let reached = ReachedMilestone {
                package,
                version: input.version,
                position: input.position,
                on: input.reached_on.map(|date| date.0),
            };
            let reach = |tx: &mut Tx<'_>| packages::reach_milestone(tx, &reached);
            context.perform(Repeatable::MayHaveKey, reach)
        });
        ReachMilestonePayload::of::<PackageById>(context, performed).await
    }
}
