//! The places of cities on a study visit in the schema. What it is not: joining and leaving; those
//! are mutations of the visit.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::ParentList;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, StudyVisitId, StudyVisitPlaceId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::scheduling::study_visits::graphql::StudyVisitById;
use crate::scheduling::study_visits::{self, PlaceStatus, StudyVisit, StudyVisitPlace};

crate::connection!(
    StudyVisitPlaceConnection,
    StudyVisitPlaceEdge,
    StudyVisitPlace
);

/// Loads places that the viewer may see.
#[derive(Debug)]
pub struct StudyVisitPlaceById;

impl Load for StudyVisitPlaceById {
    type Key = StudyVisitPlaceId;
    type Value = Arc<StudyVisitPlace>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[StudyVisitPlaceId],
    ) -> Result<HashMap<StudyVisitPlaceId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        Ok(study_visits::find_places(db, &scope, keys)?
            .into_iter()
            .map(|place| (place.id, Arc::new(place)))
            .collect())
    }
}

/// The places on each visit.
#[derive(Debug)]
struct PlacesOnVisit;

impl ParentList for PlacesOnVisit {
    type Row = StudyVisitPlace;
    type Arguments = Page;

    fn order(_: &Page) -> Order<StudyVisitPlace> {
        study_visits::order_of_places()
    }

    fn list(
        db: &mut Db,
        operation: &Operation,
        visits: &[Uuid],
        page: &Page,
    ) -> Result<HashMap<Uuid, Listed<StudyVisitPlace>>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        study_visits::list_places(db, &scope, visits, page)
    }

    fn count(
        db: &mut Db,
        operation: &Operation,
        visits: &[Uuid],
        _: &Page,
    ) -> Result<HashMap<Uuid, i64>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        study_visits::count_places(db, &scope, visits)
    }
}

/// The places on a visit that the viewer may see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub async fn on_visit(
    context: &Context<'_>,
    visit: StudyVisitId,
    page: Page,
) -> Result<StudyVisitPlaceConnection> {
    let listed = context
        .operation()
        .connect::<PlacesOnVisit>(visit.uuid(), page);
    Ok(StudyVisitPlaceConnection(listed.await?))
}

/// The place of a city on a study visit.
#[Object]
impl StudyVisitPlace {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The visit.
    async fn study_visit(&self, context: &Context<'_>) -> Result<Option<Arc<StudyVisit>>> {
        context
            .operation()
            .load::<StudyVisitById>(self.visit_id)
            .await
    }

    /// The city that comes.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// How many delegates.
    async fn seats(&self) -> i32 {
        self.seats
    }

    /// Who comes, or leads the delegation.
    async fn delegate_name(&self) -> Option<&str> {
        self.delegate_name.as_deref()
    }

    /// Joined, or left again.
    async fn status(&self) -> PlaceStatus {
        self.status
    }

    /// When the city joined.
    async fn joined_at(&self) -> Instant {
        self.joined_at
    }

    /// When the city left; null while it comes.
    async fn left_at(&self) -> Option<Instant> {
        self.left_at
    }

    /// When the place was recorded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it changed last: when the city left, or else when it was recorded.
    async fn updated_at(&self) -> Instant {
        self.left_at.unwrap_or(self.created_at)
    }
}
