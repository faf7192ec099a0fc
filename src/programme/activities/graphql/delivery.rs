//! Mutations of delivery and acceptance. What it is not: their rules.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::ActivityId;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::activities::{self, Activity, DAYS_TO_ACCEPT};

/// An activity that is delivered.
#[derive(Debug, InputObject)]
pub struct SubmitActivityInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// How many days the city has for its word, 1 to 90; 14 when left out.
    accept_within_days: Option<i32>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An activity that the city accepts.
#[derive(Debug, InputObject)]
pub struct AcceptActivityInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An activity that the city does not accept.
#[derive(Debug, InputObject)]
pub struct DeclineActivityInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// What is missing or wrong.
    remark: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An acceptance that is taken back.
#[derive(Debug, InputObject)]
pub struct RevokeAcceptanceInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An activity to which the city did not come.
#[derive(Debug, InputObject)]
pub struct NoteNoShowInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Whether the unit of the package is lost; else it is planned once more.
    unit_lost: bool,
    /// Why, and what was agreed.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `submitActivity`.
    SubmitActivityPayload {
        /// The activity, which waits for the city's word.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `acceptActivity`.
    AcceptActivityPayload {
        /// The activity, accepted.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `declineActivity`.
    DeclineActivityPayload {
        /// The activity, with the city's remark.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `revokeAcceptance`.
    RevokeAcceptancePayload {
        /// The activity, as it was before it was said to be delivered.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `noteNoShow`.
    NoteNoShowPayload {
        /// The activity, to which the city did not come.
        activity: Activity
    }
);

/// Delivery and acceptance.
#[derive(Debug, Default)]
pub struct DeliverActivityMutation;

#[Object]
impl DeliverActivityMutation {
    /// Says that an activity is delivered. Refused with everything that is missing; the city accepts it,
    /// or its silence does when the days are over.
    async fn submit_activity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity.")] input: SubmitActivityInput,
    ) -> Result<SubmitActivityPayload> {
        let days = input.accept_within_days.unwrap_or(DAYS_TO_ACCEPT);
        let performed = perform(context, &input.activity_id, |tx, id| {
            activities::submit(tx, id, input.version, days)
        });
        SubmitActivityPayload::of::<ActivityById>(context, performed).await
    }

    /// Accepts what was delivered, for the own city; the unit of its package is used up.
    async fn accept_activity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity.")] input: AcceptActivityInput,
    ) -> Result<AcceptActivityPayload> {
        let performed = perform(context, &input.activity_id, |tx, id| {
            activities::accept(tx, id, input.version)
        });
        AcceptActivityPayload::of::<ActivityById>(context, performed).await
    }

    /// Says why the own city does not accept what was delivered; it can be delivered again.
    async fn decline_activity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity and the remark.")] input: DeclineActivityInput,
    ) -> Result<DeclineActivityPayload> {
        let performed = perform(context, &input.activity_id, |tx, id| {
            activities::decline(tx, id, input.version, &input.remark)
        });
        DeclineActivityPayload::of::<ActivityById>(context, performed).await
    }

    /// Takes an acceptance back; the unit is set aside again, and the activity can be delivered again.
    async fn revoke_acceptance(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity and the reason.")] input: RevokeAcceptanceInput,
    ) -> Result<RevokeAcceptancePayload> {
        let performed = perform(context, &input.activity_id, |tx, id| {
            activities::revoke_acceptance(tx, id, input.version, &input.reason)
        });
        RevokeAcceptancePayload::of::<ActivityById>(context, performed).await
    }

    /// Notes that the city did not come to what took place on days.
    async fn note_no_show(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity and what becomes of its unit.")] input: NoteNoShowInput,
    ) -> Result<NoteNoShowPayload> {
        let performed = perform(context, &input.activity_id, |tx, id| {
            activities::note_no_show(tx, id, input.version, input.unit_lost, &input.reason)
        });
        NoteNoShowPayload::of::<ActivityById>(context, performed).await
    }
}

fn perform(
    context: &Context<'_>,
    activity: &ID,
    deed: impl Fn(&mut Tx<'_>, ActivityId) -> Result<ActivityId>,
) -> Result<ActivityId> {
    let mut problems = Problems::default();
    let activity = problems.id("activityId", activity);
    problems.or(activity).and_then(|activity| {
        context.perform(Repeatable::MayHaveKey, |tx: &mut Tx<'_>| deed(tx, activity))
    })
}
