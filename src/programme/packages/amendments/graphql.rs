//! Amendments in the schema: the type, proposing and discarding. What it is not: approving; that looks at
//! the invoices too and is a workflow.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PackageAmendmentId, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::offer::graphql::PackageDeliverable;
use crate::programme::packages::Package;
use crate::programme::packages::amendments::{
    self, AmendmentKind, AmendmentStatus, Change, NewAmendment, PackageAmendment, Units,
};
use crate::programme::packages::graphql::PackageById;
use crate::programme::packages::graphql::enrolment::DeliverableInput;
use crate::programme::reference::DeliverableKind;

/// Loads amendments that the viewer may see.
#[derive(Debug)]
pub struct PackageAmendmentById;

impl Load for PackageAmendmentById {
    type Key = PackageAmendmentId;
    type Value = Arc<PackageAmendment>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PackageAmendmentId],
    ) -> Result<HashMap<PackageAmendmentId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeProgramme);
        Ok(amendments::find_many(db, keys)?
            .into_iter()
            .filter(|amendment| scope.has_city(amendment.city_id))
            .map(|amendment| (amendment.id, Arc::new(amendment)))
            .collect())
    }
}

/// Loads the amendments of packages that the viewer sees.
#[derive(Debug)]
pub struct AmendmentsOfPackage;

impl Load for AmendmentsOfPackage {
    type Key = PackageId;
    type Value = Arc<Vec<Arc<PackageAmendment>>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[PackageId],
    ) -> Result<HashMap<PackageId, Self::Value>> {
        let shared = |rows: Vec<PackageAmendment>| rows.into_iter().map(Arc::new).collect();
        Ok(amendments::of_many(db, keys)?
            .into_iter()
            .map(|(package, rows)| (package, Arc::new(shared(rows))))
            .collect())
    }
}

/// A change of a package's contract that a second person approves.
#[Object]
impl PackageAmendment {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The package.
    async fn package(&self, context: &Context<'_>) -> Result<Option<Arc<Package>>> {
        context
            .operation()
            .load::<PackageById>(self.package_id)
            .await
    }

    /// What it changes.
    async fn kind(&self) -> AmendmentKind {
        self.kind
    }

    /// How far it is.
    async fn status(&self) -> AmendmentStatus {
        self.status
    }

    /// Why, and at which values units are exchanged.
    async fn reason(&self) -> &str {
        &self.reason
    }

    /// The units that are taken.
    async fn take(&self) -> Option<PackageDeliverable> {
        shown(self.from_kind, self.from_units)
    }

    /// The units that are given.
    async fn give(&self) -> Option<PackageDeliverable> {
        shown(self.to_kind, self.to_units)
    }

    /// The first day of the pause.
    async fn pause_from(&self) -> Option<Date> {
        self.pause_from.map(Date)
    }

    /// The last day of the pause.
    async fn pause_until(&self) -> Option<Date> {
        self.pause_until
            .and_then(|until| until.pred_opt())
            .map(Date)
    }

    /// How many months later the package ends.
    async fn months(&self) -> Option<i32> {
        self.months
    }

    /// When it was approved or discarded.
    async fn decided_at(&self) -> Option<Instant> {
        self.decided_at
    }

    /// When it was proposed.
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

fn shown(kind: Option<DeliverableKind>, units: Option<i32>) -> Option<PackageDeliverable> {
    let (kind, units) = kind.zip(units)?;
    Some(PackageDeliverable { kind, units })
}

/// Days on which a package rests.
#[derive(Debug, InputObject)]
pub struct PauseInput {
    /// The first day.
    starts_on: Date,
    /// The last day; at most six months in all.
    ends_on: Date,
}

/// A contract to amend: units are taken, given or exchanged, or the end is later, or there is a pause.
#[derive(Debug, InputObject)]
pub struct ProposeAmendmentInput {
    /// The package.
    package_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Units that are taken; with `give`, they are exchanged.
    take: Option<DeliverableInput>,
    /// Units that are given.
    give: Option<DeliverableInput>,
    /// How many months later the package ends, 1 to 24.
    extend_by_months: Option<i32>,
    /// Days on which the package rests; it ends as many days later.
    pause: Option<PauseInput>,
    /// Why, and at which values units are exchanged.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ProposeAmendmentInput {
    fn change(&self) -> Result<Change> {
        let units = |input: &DeliverableInput| Units {
            kind: input.kind,
            count: input.units,
        };
        let one_of = || {
            Error::refused(Refusal::new(
                RefusalCode::Ambiguous,
                "",
                "An amendment changes one thing: units, the end, or a pause.",
                "En ændring ændrer én ting: enheder, slutningen eller en pause.",
            ))
        };
        let (taken, given) = (self.take.as_ref().map(units), self.give.as_ref().map(units));
        let has_units = taken.is_some() || given.is_some();
        match (has_units, self.extend_by_months, &self.pause) {
            (_, None, None) => Ok(Change::Units { taken, given }),
            (false, Some(months), None) => Ok(Change::Extension { months }),
            (false, None, Some(pause)) => Period::of_days(pause.starts_on.0, pause.ends_on.0)
                .map(Change::Pause)
                .map_err(|reason| {
                    let phrase = reason.phrase();
                    let code = RefusalCode::OutOfRange;
                    Error::refused(Refusal::new(code, "pause", phrase.en, phrase.da))
                }),
            _ => Err(one_of()),
        }
    }
}

/// An amendment that does not come to be.
#[derive(Debug, InputObject)]
pub struct DiscardAmendmentInput {
    /// The amendment.
    amendment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `proposeAmendment`.
    ProposeAmendmentPayload {
        /// The amendment, which waits for a second person.
        amendment: PackageAmendment
    }
);

crate::payload!(
    /// The answer of `discardAmendment`.
    DiscardAmendmentPayload {
        /// The amendment, discarded.
        amendment: PackageAmendment
    }
);

/// The proposing of amendments.
#[derive(Debug, Default)]
pub struct AmendmentMutation;

#[Object]
impl AmendmentMutation {
    /// Proposes to change what a package delivers or how long it lasts; a second person approves it.
    async fn propose_amendment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package and the change.")] input: ProposeAmendmentInput,
    ) -> Result<ProposeAmendmentPayload> {
        let mut problems = Problems::default();
        let package = problems.id("packageId", &input.package_id);
        let change = problems.keep_all(input.change())?;
        let performed = problems
            .or(package.zip(change))
            .and_then(|(package, change)| {
                let new = NewAmendment {
                    package,
                    version: input.version,
                    change,
                    reason: input.reason,
                };
                let propose = |tx: &mut Tx<'_>| amendments::propose(tx, &new);
                context.perform(Repeatable::MayHaveKey, propose)
            });
        ProposeAmendmentPayload::of::<PackageAmendmentById>(context, performed).await
    }

    /// Discards an amendment that was not approved.
    async fn discard_amendment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The amendment.")] input: DiscardAmendmentInput,
    ) -> Result<DiscardAmendmentPayload> {
        let mut problems = Problems::default();
        let amendment = problems.id("amendmentId", &input.amendment_id);
        let performed = problems.or(amendment).and_then(|amendment| {
            let discard = |tx: &mut Tx<'_>| amendments::discard(tx, amendment, input.version);
            context.perform(Repeatable::MayHaveKey, discard)
        });
        DiscardAmendmentPayload::of::<PackageAmendmentById>(context, performed).await
    }
}
