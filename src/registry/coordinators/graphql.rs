//! Appointments in the schema: the type and its lists. The public sees name and office of those in
//! force, unless withheld. What it is not: the mutations (`inputs.rs` reads what they are given).

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;

use super::inputs::{AppointCoordinatorInput, EndAppointmentInput, ReplaceCoordinatorInput};
use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, EmailAddress};
use crate::db::Db;
use crate::identity::users::graphql::forget_after;
use crate::kernel::error::Result;
use crate::kernel::ids::{AppointmentId, CityId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::coordinators::{
    self, AppointmentRole, Coordinator, CoordinatorFilter, CoordinatorOrder, Sight,
};
use crate::registry::people::Person;
use crate::registry::people::graphql::PersonById;

crate::connection!(CoordinatorConnection, CoordinatorEdge, Coordinator);

/// Loads appointments that the viewer may see.
#[derive(Debug)]
pub struct CoordinatorById;

impl Load for CoordinatorById {
    type Key = AppointmentId;
    type Value = Arc<Coordinator>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[AppointmentId],
    ) -> Result<HashMap<AppointmentId, Arc<Coordinator>>> {
        let found = coordinators::find_visible(db, &sight(operation), keys)?;
        Ok(found
            .into_iter()
            .map(|held| (held.appointment.id, Arc::new(held)))
            .collect())
    }
}

/// Loads who holds a role in cities on a day, as far as the viewer may see it. The cities
/// themselves are visible: nobody can ask this of another one.
#[derive(Debug)]
struct HolderOfPost;

impl Load for HolderOfPost {
    type Key = (CityId, AppointmentRole, NaiveDate);
    type Value = Arc<Coordinator>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[Self::Key],
    ) -> Result<HashMap<Self::Key, Arc<Coordinator>>> {
        let people = operation.viewer.scope(Permission::SeePeople);
        let today = operation.today();
        let mut asked: HashMap<(AppointmentRole, NaiveDate), Vec<CityId>> = HashMap::new();
        for (city, role, on) in keys {
            asked.entry((*role, *on)).or_default().push(*city);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for ((role, on), cities) in asked {
            for (city, held) in coordinators::of_cities(db, role, on, &cities)? {
                if held.appointment.is_in_force(today) || people.has_city(city) {
                    found.insert((city, role, on), Arc::new(held));
                }
            }
        }
        Ok(found)
    }
}

/// Who holds a role in a city, today or on a day.
///
/// # Errors
/// What the database says.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    role: AppointmentRole,
    as_of: Option<Date>,
) -> Result<Option<Arc<Coordinator>>> {
    let operation = context.operation();
    let on = as_of.map_or_else(|| operation.today(), |date| date.0);
    operation.load::<HolderOfPost>((city, role, on)).await
}

fn sight(operation: &Operation) -> Sight {
    Sight {
        people: operation.viewer.scope(Permission::SeePeople),
        contacts: operation.viewer.scope(Permission::SeeContacts),
        today: operation.today(),
    }
}

/// Whether the viewer may read e-mail and phone, and a name that is withheld from the public.
fn sees_contacts(context: &Context<'_>, held: &Coordinator) -> bool {
    let viewer = &context.operation().viewer;
    viewer.may_for(Permission::SeeContacts, held.appointment.city_id)
}

/// The appointment of somebody as a city's coordinator or deputy.
#[Object]
impl Coordinator {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.appointment.id.public())
    }

    /// The name; null for the public when it is withheld.
    async fn name(&self, context: &Context<'_>) -> Option<&str> {
        let shown = !self.appointment.name_withheld || sees_contacts(context, self);
        shown.then_some(self.name.as_str())
    }

    /// The office the person works in; null for the public when the name is withheld.
    async fn office(&self, context: &Context<'_>) -> Option<&str> {
        let shown = !self.appointment.name_withheld || sees_contacts(context, self);
        self.appointment.office.as_deref().filter(|_| shown)
    }

    /// To what the person is appointed.
    async fn role(&self) -> AppointmentRole {
        self.appointment.role
    }

    /// The size of the post in hundredths of a full-time post, 1 to 100.
    async fn fte(&self) -> i32 {
        self.appointment.fte_percent
    }

    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.appointment.starts_on)
    }

    /// The last day; null while none is decided. The day before `startsOn` for an appointment that
    /// was called off before it began.
    async fn ends_on(&self) -> Option<Date> {
        let until = self.appointment.ends_on?;
        until.pred_opt().map(Date)
    }

    /// Whether name and office are withheld from the public.
    async fn name_withheld(&self) -> bool {
        self.appointment.name_withheld
    }

    /// The work e-mail, for those who see contacts.
    async fn email(&self, context: &Context<'_>) -> Option<EmailAddress> {
        let email = self.email.as_ref().filter(|_| sees_contacts(context, self));
        email.cloned().map(EmailAddress)
    }

    /// The work phone, for those who see contacts.
    async fn phone(&self, context: &Context<'_>) -> Option<&str> {
        self.phone
            .as_deref()
            .filter(|_| sees_contacts(context, self))
    }

    /// The person, for those who see the people of the city.
    async fn person(&self, context: &Context<'_>) -> Result<Option<Arc<Person>>> {
        let operation = context.operation();
        let city = self.appointment.city_id;
        if !operation.viewer.may_for(Permission::SeePeople, city) {
            return Ok(None);
        }
        operation
            .load::<PersonById>(self.appointment.person_id)
            .await
    }

    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context
            .operation()
            .load::<CityById>(self.appointment.city_id)
            .await
    }

    /// When the appointment was recorded.
    async fn created_at(&self) -> Instant {
        self.appointment.created_at
    }

    /// When the appointment was last changed.
    async fn updated_at(&self) -> Instant {
        self.appointment.updated_at
    }

    /// The version of the record, for `replaceCoordinator` and `endAppointment`.
    async fn version(&self) -> i32 {
        self.appointment.version
    }
}

/// Which appointments a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct CoordinatorFilterInput {
    /// In one of these cities.
    city_id: Option<Vec<ID>>,
    /// To one of these roles.
    role: Option<Vec<AppointmentRole>>,
    /// The person's name or organisation contains this; case, accents and the spellings of æøå do
    /// not matter.
    search: Option<String>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl CoordinatorFilterInput {
    fn read(self, as_of: Option<Date>) -> Result<CoordinatorFilter> {
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        inputs::at_most_100("role", self.role.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(CoordinatorFilter {
            city: self
                .city_id
                .map(|ids| ids.iter().map(inputs::query_id::<CityId>).collect())
                .transpose()?,
            role: self.role,
            search: inputs::search(self.search)?,
            as_of: as_of.map(|date| date.0),
            updated_from,
            updated_before,
        })
    }
}

/// Queries of appointments.
#[derive(Debug, Default)]
pub struct CoordinatorQuery;

#[Object]
impl CoordinatorQuery {
    /// The appointments of coordinators and deputies, the newest first unless ordered otherwise.
    /// The public sees those in force today; past and coming ones are for those who see the people
    /// of the city.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn coordinators(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<CoordinatorFilterInput>,
        #[graphql(desc = "Only those in force on this day; without it of all times.")]
        as_of: Option<Date>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<CoordinatorOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<CoordinatorConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read(as_of)?;
        let order = inputs::order(order_by)?;
        let sight = sight(context.operation());
        let listed = context.read(|db| coordinators::list(db, &sight, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| coordinators::count(db, &sight, &filter);
        let order = coordinators::order(&order);
        Ok(CoordinatorConnection(Connected::new(listed, order, count)))
    }
}

crate::payload!(
    /// The answer of `appointCoordinator`.
    AppointCoordinatorPayload {
        /// The appointment.
        coordinator: Coordinator
    }
);

crate::payload!(
    /// The answer of `replaceCoordinator`.
    ReplaceCoordinatorPayload {
        /// The new appointment.
        coordinator: Coordinator
    }
);

crate::payload!(
    /// The answer of `endAppointment`.
    EndAppointmentPayload {
        /// The appointment with its end.
        coordinator: Coordinator
    }
);

/// Mutations of appointments.
#[derive(Debug, Default)]
pub struct CoordinatorMutation;

#[Object]
impl CoordinatorMutation {
    /// Appoints a coordinator or a deputy of a city.
    async fn appoint_coordinator(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The appointment.")] input: AppointCoordinatorInput,
    ) -> Result<AppointCoordinatorPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::MayHaveKey, |tx| coordinators::appoint(tx, &new))
        });
        forget_after(context, &performed);
        AppointCoordinatorPayload::of::<CoordinatorById>(context, performed).await
    }

    /// Appoints somebody in the place of a coordinator or deputy. The old appointment ends where
    /// the new one begins, and so does the access that came with it.
    async fn replace_coordinator(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The appointment that ends and the one that follows.")]
        input: ReplaceCoordinatorInput,
    ) -> Result<ReplaceCoordinatorPayload> {
        let performed = input.read().and_then(|replacement| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                coordinators::replace(tx, &replacement)
            })
        });
        forget_after(context, &performed);
        ReplaceCoordinatorPayload::of::<CoordinatorById>(context, performed).await
    }

    /// Ends an appointment, or calls it off before it begins.
    async fn end_appointment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndAppointmentInput,
    ) -> Result<EndAppointmentPayload> {
        let performed = input.read().and_then(|ending| {
            context.perform(Repeatable::MayHaveKey, |tx| coordinators::end(tx, &ending))
        });
        forget_after(context, &performed);
        EndAppointmentPayload::of::<CoordinatorById>(context, performed).await
    }
}
