//! Proposed practices in the schema. What it is not: the library; what is only proposed is no part of it.

pub mod deeds;
pub mod words;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

pub use deeds::PracticeProposalMutation;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, PracticeProposalId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::programme::practice_proposals::graphql::words::ProposedContent;
use crate::programme::practice_proposals::{
    self, PracticeProposal, ProposalFilter, ProposalStatus,
};
use crate::programme::practices::Practice;
use crate::programme::practices::graphql::PracticeById;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(
    PracticeProposalConnection,
    PracticeProposalEdge,
    PracticeProposal
);

fn may_see(proposal: &PracticeProposal, viewer: &Viewer) -> bool {
    match viewer.scope(Permission::ProposePractices) {
        Scope::All => true,
        scope @ Scope::Own { .. } => proposal.city_id.is_some_and(|city| scope.has_city(city)),
    }
}

/// Loads proposals that the viewer may see.
#[derive(Debug)]
pub struct PracticeProposalById;

impl Load for PracticeProposalById {
    type Key = PracticeProposalId;
    type Value = Arc<PracticeProposal>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PracticeProposalId],
    ) -> Result<HashMap<PracticeProposalId, Self::Value>> {
        Ok(practice_proposals::find_many(db, keys)?
            .into_iter()
            .filter(|proposal| may_see(proposal, &operation.viewer))
            .map(|proposal| (proposal.id, Arc::new(proposal)))
            .collect())
    }
}

/// A practice, or the next edition of one, on its way into the library. Seen by its city and the
/// secretariat.
#[Object]
impl PracticeProposal {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The practice whose next edition it is to be, or whose first it became; null for a new one.
    async fn practice(&self, context: &Context<'_>) -> Result<Option<Arc<Practice>>> {
        match self.practice_id {
            Some(id) => context.operation().load::<PracticeById>(id).await,
            None => Ok(None),
        }
    }

    /// The city whose practice it is; null for one that is not registered.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// How far it is.
    async fn status(&self) -> ProposalStatus {
        self.status
    }

    /// The edition that it was written on; 0 for a new practice.
    async fn based_on(&self) -> i32 {
        self.based_on
    }

    /// What it says.
    async fn content(&self) -> Result<ProposedContent> {
        Ok(ProposedContent::from(self.words()?))
    }

    /// Why it was given back.
    async fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// When it was handed in.
    async fn submitted_at(&self) -> Option<Instant> {
        self.submitted_at
    }

    /// When it was published.
    async fn published_at(&self) -> Option<Instant> {
        self.published_at
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

/// Which proposals a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct PracticeProposalFilterInput {
    /// In one of these states.
    status: Option<Vec<ProposalStatus>>,
    /// Of one of these cities.
    city_id: Option<Vec<ID>>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl PracticeProposalFilterInput {
    fn read(self) -> Result<ProposalFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        let cities = self
            .city_id
            .map(|ids| ids.iter().map(inputs::query_id).collect());
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(ProposalFilter {
            status: self.status,
            city: cities.transpose()?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of proposals.
#[derive(Debug, Default)]
pub struct PracticeProposalQuery;

#[Object]
impl PracticeProposalQuery {
    /// The proposed practices of the own city, or of all for the secretariat; the latest first.
    async fn practice_proposals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PracticeProposalFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PracticeProposalConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::ProposePractices)?;
        let filter = filter.unwrap_or_default().read()?;
        let listed = context.read(|db| practice_proposals::list(db, &scope, &filter, &page))?;
        let count =
            move |db: &mut Db, _: &Operation| practice_proposals::count(db, &scope, &filter);
        let order = practice_proposals::order();
        Ok(PracticeProposalConnection(Connected::new(
            listed, order, count,
        )))
    }
}
