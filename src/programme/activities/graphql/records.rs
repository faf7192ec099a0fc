//! What belongs to an activity, in the schema: who took part, its documents, its acceptances, and what it
//! lacks. What it is not: the activity.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use crate::api::batch::Load;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{ActivityId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::programme::activities::{
    self, Acceptance, ActivityDocument, ActivityDocumentKind, Facts, Lack, Participant,
    ParticipantKind,
};

/// Loads who takes part in activities that the viewer sees.
#[derive(Debug)]
pub(super) struct ParticipantsOf;

impl Load for ParticipantsOf {
    type Key = ActivityId;
    type Value = Arc<Vec<Participant>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[ActivityId],
    ) -> Result<HashMap<ActivityId, Self::Value>> {
        Ok(shared(activities::participants_of(db, keys)?))
    }
}

/// Loads the documents of activities that the viewer sees.
#[derive(Debug)]
pub(super) struct DocumentsOf;

impl Load for DocumentsOf {
    type Key = ActivityId;
    type Value = Arc<Vec<ActivityDocument>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[ActivityId],
    ) -> Result<HashMap<ActivityId, Self::Value>> {
        Ok(shared(activities::documents_of(db, keys)?))
    }
}

/// Loads the acceptances of activities that the viewer sees.
#[derive(Debug)]
pub(super) struct AcceptancesOf;

impl Load for AcceptancesOf {
    type Key = ActivityId;
    type Value = Arc<Vec<Acceptance>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[ActivityId],
    ) -> Result<HashMap<ActivityId, Self::Value>> {
        Ok(shared(activities::acceptances_of(db, keys)?))
    }
}

/// Loads what is known of activities that the viewer sees.
#[derive(Debug)]
pub(super) struct FactsOf;

impl Load for FactsOf {
    type Key = ActivityId;
    type Value = Arc<Facts>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ActivityId],
    ) -> Result<HashMap<ActivityId, Self::Value>> {
        let found = activities::find_many(db, keys)?;
        let facts = activities::facts_of_many(db, &found, operation.now)?;
        Ok(facts
            .into_iter()
            .map(|(activity, known)| (activity, Arc::new(known)))
            .collect())
    }
}

fn shared<T>(rows: HashMap<ActivityId, Vec<T>>) -> HashMap<ActivityId, Arc<Vec<T>>> {
    rows.into_iter()
        .map(|(activity, rows)| (activity, Arc::new(rows)))
        .collect()
}

/// Something that an activity lacks.
#[derive(Debug, SimpleObject)]
pub struct ActivityLack {
    /// What, as a word to program against.
    code: Lack,
    /// What, and what to do.
    message: &'static str,
}

impl ActivityLack {
    pub(super) fn of(lacks: Vec<Lack>, language: Language) -> Vec<Self> {
        let said = |lack: Lack| {
            let (en, da) = lack.words();
            Self {
                code: lack,
                message: match language {
                    Language::Da => da,
                    Language::En => en,
                },
            }
        };
        lacks.into_iter().map(said).collect()
    }
}

/// Somebody who takes part in an activity.
#[Object(name = "ActivityParticipant")]
impl Participant {
    /// The name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Which side they are on.
    async fn kind(&self) -> ParticipantKind {
        self.kind
    }

    /// Of which organisation.
    async fn organisation(&self) -> Option<&str> {
        self.organisation.as_deref()
    }

    /// Whether they decide for the city.
    async fn decision_maker(&self) -> bool {
        self.decision_maker
    }

    /// Whether they came.
    async fn attended(&self) -> bool {
        self.attended
    }
}

/// A document of an activity.
#[Object]
impl ActivityDocument {
    /// What it is.
    async fn kind(&self) -> ActivityDocumentKind {
        self.kind
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.title
    }

    /// The stored file; it is read at `/api/v1/files/{id}`.
    async fn file_id(&self) -> ID {
        ID(self.file_id.public())
    }

    /// When it was added.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// That a city accepted what was delivered.
#[Object(name = "ActivityAcceptance")]
impl Acceptance {
    /// The day on which it counts as delivered: the last day of what takes place on days, else the day of
    /// the acceptance.
    async fn delivered_on(&self) -> Date {
        Date(self.delivered_on)
    }

    /// The day on which it was accepted.
    async fn accepted_on(&self) -> Date {
        Date(self.accepted_on)
    }

    /// Whether the city let the time for its word pass.
    async fn silent(&self) -> bool {
        self.silent
    }

    /// The day on which the acceptance was taken back.
    async fn revoked_on(&self) -> Option<Date> {
        self.revoked_on.map(Date)
    }

    /// Why it was taken back.
    async fn revoke_reason(&self) -> Option<&str> {
        self.revoke_reason.as_deref()
    }
}
