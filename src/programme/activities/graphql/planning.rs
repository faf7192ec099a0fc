//! Mutations that plan activities and note what shows their delivery. What it is not: the delivery and
//! its acceptance (`delivery`).

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{Problems, at_most_100};
use crate::api::scalars::Date;
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::activities::{
    self, Activity, ActivityDocumentKind, NewDocument, NewParticipant, ParticipantKind, Plan,
};

/// An activity that gets its days.
#[derive(Debug, InputObject)]
pub struct PlanActivityInput {
    /// The activity; visits are scheduled, not planned here.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The first day.
    starts_on: Date,
    /// The last day.
    ends_on: Date,
    /// What it is about; as before when left out. A policy analysis needs one.
    topic: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An activity that loses its days.
#[derive(Debug, InputObject)]
pub struct UnplanActivityInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// Somebody who takes part.
#[derive(Debug, InputObject)]
pub struct ParticipantInput {
    /// The name.
    name: String,
    /// Which side they are on.
    kind: ParticipantKind,
    /// Of which organisation.
    organisation: Option<String>,
    /// Whether they decide for the city.
    #[graphql(default)]
    decision_maker: bool,
    /// Whether they came.
    attended: bool,
}

/// Who takes part in an activity.
#[derive(Debug, InputObject)]
pub struct NoteParticipantsInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Everybody; the list before is replaced.
    participants: Vec<ParticipantInput>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A document of an activity.
#[derive(Debug, InputObject)]
pub struct AddActivityDocumentInput {
    /// The activity.
    activity_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The stored file, of the city or of the network.
    file_id: ID,
    /// What it is.
    kind: ActivityDocumentKind,
    /// Its title.
    title: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `planActivity`.
    PlanActivityPayload {
        /// The activity with its days.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `unplanActivity`.
    UnplanActivityPayload {
        /// The activity without days.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `noteParticipants`.
    NoteParticipantsPayload {
        /// The activity with those who take part.
        activity: Activity
    }
);

crate::payload!(
    /// The answer of `addActivityDocument`.
    AddActivityDocumentPayload {
        /// The activity with its documents.
        activity: Activity
    }
);

/// The planning of activities.
#[derive(Debug, Default)]
pub struct PlanActivityMutation;

#[Object]
impl PlanActivityMutation {
    /// Gives an activity its days, or other ones; a unit of its package is set aside for it.
    async fn plan_activity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity and its days.")] input: PlanActivityInput,
    ) -> Result<PlanActivityPayload> {
        let mut problems = Problems::default();
        let activity = problems.id("activityId", &input.activity_id);
        let performed = problems.or(activity).and_then(|activity| {
            let plan = Plan {
                activity,
                version: input.version,
                starts_on: input.starts_on.0,
                last_day: input.ends_on.0,
                topic: input.topic,
            };
            let deed = |tx: &mut Tx<'_>| activities::plan(tx, &plan);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        PlanActivityPayload::of::<ActivityById>(context, performed).await
    }

    /// Takes the days of an activity back: the unit of its package is free again; what stands beside
    /// packages is cancelled.
    async fn unplan_activity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity.")] input: UnplanActivityInput,
    ) -> Result<UnplanActivityPayload> {
        let mut problems = Problems::default();
        let activity = problems.id("activityId", &input.activity_id);
        let performed = problems.or(activity).and_then(|activity| {
            let reason = input.reason.as_deref();
            let deed = |tx: &mut Tx<'_>| activities::unplan(tx, activity, input.version, reason);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        UnplanActivityPayload::of::<ActivityById>(context, performed).await
    }

    /// Notes who takes part in an activity and who came, in the stead of the list before.
    async fn note_participants(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity and the people.")] input: NoteParticipantsInput,
    ) -> Result<NoteParticipantsPayload> {
        at_most_100("participants", Some(&input.participants))?;
        let mut problems = Problems::default();
        let activity = problems.id("activityId", &input.activity_id);
        let performed = problems.or(activity).and_then(|activity| {
            let people = input.participants.into_iter().map(|person| NewParticipant {
                name: person.name,
                kind: person.kind,
                organisation: person.organisation,
                decision_maker: person.decision_maker,
                attended: person.attended,
            });
            let people: Vec<NewParticipant> = people.collect();
            let deed = |tx: &mut Tx<'_>| {
                activities::note_participants(tx, activity, input.version, &people)
            };
            context.perform(Repeatable::MayHaveKey, deed)
        });
        NoteParticipantsPayload::of::<ActivityById>(context, performed).await
    }

    /// Adds a stored file to an activity: its report, its minutes or something else.
    async fn add_activity_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity and the file.")] input: AddActivityDocumentInput,
    ) -> Result<AddActivityDocumentPayload> {
        let mut problems = Problems::default();
        let activity = problems.id("activityId", &input.activity_id);
        let file = problems.id("fileId", &input.file_id);
        let performed = problems
            .or(activity.zip(file))
            .and_then(|(activity, file)| {
                let new = NewDocument {
                    activity,
                    version: input.version,
                    file,
                    kind: input.kind,
                    title: input.title,
                };
                let deed = |tx: &mut Tx<'_>| activities::add_document(tx, &new);
                context.perform(Repeatable::MayHaveKey, deed)
            });
        AddActivityDocumentPayload::of::<ActivityById>(context, performed).await
    }
}
