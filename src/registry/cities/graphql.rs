//! Cities in the schema: the type, its lists and mutations. What it is not: the fields' content
//! where another slice owns it; those are one line each.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs;
use crate::api::money::Amount;
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, CurrencyCode, Date, EmailAddress, LanguageTag, TimeZone};
use crate::db::Db;
use crate::finance::invoices::InvoiceOrder;
use crate::finance::invoices::graphql::{
    InvoiceConnection, InvoiceFilterInput, invoices_of_city, open_balance,
};
use crate::finance::payments::PaymentOrder;
use crate::finance::payments::graphql::{PaymentConnection, payments_of_city};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::mentoring::pairings::graphql::MentorPairingConnection;
use crate::mentoring::pairings::{self, PairingOrder};
use crate::programme::activities::graphql::{ActivityConnection, ActivityFilterInput};
use crate::programme::packages::graphql::PackageConnection;
use crate::programme::practices::graphql::PracticeConnection;
use crate::programme::{activities, packages, practices};
use crate::registry::cities::inputs::{SucceedCityInput, SucceedCityPayload};
use crate::registry::cities::{
    self, City, CityChange, CityDetails, CityFilter, CityOrder, LocalName, NewCity,
};
use crate::registry::coordinators::graphql::of_city;
use crate::registry::coordinators::{AppointmentRole, Coordinator};
use crate::registry::memberships::graphql::MembershipConnection;
use crate::registry::memberships::{self, MembershipStatus};
use crate::scheduling::expert_visits::graphql::ExpertVisitConnection;
use crate::scheduling::expert_visits::{self, ExpertVisitOrder};
use crate::scheduling::study_visits::graphql::StudyVisitConnection;
use crate::scheduling::study_visits::{self, StudyVisitOrder};

crate::connection!(CityConnection, CityEdge, City);

/// Loads cities that the viewer may see.
#[derive(Debug)]
pub struct CityById;

impl Load for CityById {
    type Key = CityId;
    type Value = Arc<City>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[CityId],
    ) -> Result<HashMap<CityId, Arc<City>>> {
        let today = operation.today();
        let found = cities::find_many(db, keys)?;
        Ok(found
            .into_iter()
            .filter(|city| cities::visible(city, &operation.viewer, today))
            .map(|city| (city.id, Arc::new(city)))
            .collect())
    }
}

/// Loads the names of cities in languages.
#[derive(Debug)]
struct NamesOfCity;

impl Load for NamesOfCity {
    type Key = CityId;
    type Value = Arc<Vec<LocalName>>;

    fn load(db: &mut Db, _: &Operation, keys: &[CityId]) -> Result<HashMap<CityId, Self::Value>> {
        Ok(cities::names_of_many(db, keys)?
            .into_iter()
            .map(|(city, names)| (city, Arc::new(names)))
            .collect())
    }
}

/// A city of the network, or one that asks to join.
#[Object]
impl City {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The name: in a language if the city has one there, else the name the network uses.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "BCP 47; a regional tag falls back to its language.")] language: Option<
            LanguageTag,
        >,
    ) -> Result<String> {
        let Some(LanguageTag(tag)) = language else {
            return Ok(self.name.clone());
        };
        let names = context
            .operation()
            .load::<NamesOfCity>(self.id)
            .await?
            .unwrap_or_default();
        let primary = tag.split('-').next().unwrap_or_default();
        let local = names
            .iter()
            .find(|name| name.language == tag)
            .or_else(|| names.iter().find(|name| name.language == primary));
        Ok(local.map_or(&self.name, |name| &name.name).clone())
    }

    /// All names the city has in languages.
    async fn names(&self, context: &Context<'_>) -> Result<Vec<CityName>> {
        let names = context
            .operation()
            .load::<NamesOfCity>(self.id)
            .await?
            .unwrap_or_default();
        Ok(names
            .iter()
            .map(|name| CityName {
                language: LanguageTag(name.language.clone()),
                name: name.name.clone(),
            })
            .collect())
    }

    /// The country.
    async fn country(&self) -> CountryCode {
        CountryCode(self.country.clone())
    }

    /// The number of inhabitants.
    async fn population(&self) -> Option<i64> {
        self.population
    }

    /// The year of the population figure.
    async fn population_year(&self) -> Option<i32> {
        self.population_year
    }

    /// Where the population figure comes from.
    async fn population_source(&self) -> Option<&str> {
        self.population_source.as_deref()
    }

    /// Where the city is.
    async fn coordinates(&self) -> Option<Coordinates> {
        self.latitude
            .zip(self.longitude)
            .map(|(latitude, longitude)| Coordinates {
                latitude,
                longitude,
            })
    }

    /// The zone of the city's local time.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.time_zone.clone())
    }

    /// The city's number in GeoNames.
    async fn geonames_id(&self) -> Option<i64> {
        self.geonames_id
    }

    /// How the city is invoiced; null for those who may not see it.
    async fn invoicing(&self, context: &Context<'_>) -> Option<Invoicing> {
        context
            .operation()
            .viewer
            .may_for(Permission::SeeInvoicing, self.id)
            .then(|| Invoicing::of(self))
    }

    /// What the city owes in a currency; null for those who may not see it.
    async fn open_balance(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At the end of this day; now when left out.")] as_of: Option<Date>,
        #[graphql(desc = "The currency; the Danish krone when left out.")] currency: Option<
            CurrencyCode,
        >,
    ) -> Result<Option<Amount>> {
        open_balance(context, self.id, as_of, currency).await
    }

    /// The city's invoices, the newest first unless ordered otherwise; null for those who may not
    /// see them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn invoices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<InvoiceFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<InvoiceOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<InvoiceConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let (filter, order) = (filter.unwrap_or_default().read()?, inputs::order(order_by)?);
        invoices_of_city(context, self.id, page, order, filter).await
    }

    /// The city's payments, the latest first unless ordered otherwise; null for those who may not
    /// see them.
    async fn payments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PaymentOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<PaymentConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        payments_of_city(context, self.id, page, inputs::order(order_by)?).await
    }

    /// The first day of the first membership; null before.
    async fn first_joined_on(&self, context: &Context<'_>) -> Option<Date> {
        self.public_since
            .filter(|since| *since <= context.operation().today())
            .map(Date)
    }

    /// What the city is to the international network on a day. The public reads what members and
    /// former members are, up to today; all else is null for it.
    async fn membership_status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today by default.")] as_of: Option<Date>,
    ) -> Result<Option<MembershipStatus>> {
        memberships::graphql::status_of(context, self, as_of).await
    }

    /// The city's periods of membership in all networks, the newest first; null for those who may
    /// not see them.
    async fn memberships(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<MembershipConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        memberships::graphql::memberships_of(context, self, page).await
    }

    /// The city that this one became part of.
    async fn successor(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.successor_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The city's activities, by date, those without a date last; null for those who may not see
    /// them.
    async fn activities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ActivityFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<ActivityConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        activities::graphql::of_city(context, self.id, filter, page).await
    }

    /// The packages that the city bought, the first start first; null for those who may not see
    /// them.
    async fn packages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<PackageConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        packages::graphql::of_city(context, self.id, page).await
    }

    /// Who coordinates the city's part in the network; null in a vacancy.
    async fn coordinator(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "On this day instead of today.")] as_of: Option<Date>,
    ) -> Result<Option<Arc<Coordinator>>> {
        of_city(context, self.id, AppointmentRole::Coordinator, as_of).await
    }

    /// Who stands in for the coordinator.
    async fn deputy(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "On this day instead of today.")] as_of: Option<Date>,
    ) -> Result<Option<Arc<Coordinator>>> {
        of_city(context, self.id, AppointmentRole::Deputy, as_of).await
    }

    /// The examples of good practice in the city.
    async fn practices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PracticeConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        practices::graphql::of_city(context, self.id, page).await
    }

    /// The visits of experts to the city, the latest first: those that were held for everybody, the
    /// others for those who may see them.
    async fn expert_visits(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<ExpertVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ExpertVisitConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        expert_visits::graphql::of_city(context, self.id, order_by, page).await
    }

    /// The study visits to the city, the latest first: those that were held for everybody, the others
    /// for coordinators and those who see all.
    async fn study_visits_hosted(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<StudyVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<StudyVisitConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        study_visits::graphql::hosted_by(context, self.id, order_by, page).await
    }

    /// The study visits that the city joined, the latest first; null for those who may not see them.
    async fn study_visits_joined(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<StudyVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<StudyVisitConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        study_visits::graphql::joined_by(context, self.id, order_by, page).await
    }

    /// The mentor pairings of the city on either side, the latest first; null for those who may not
    /// see them.
    async fn mentor_pairings(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PairingOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<MentorPairingConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        pairings::graphql::of_city(context, self.id, order_by, page).await
    }

    /// When the city was registered.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the city's record was last revised.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record, for `reviseCity`.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// A city's name in a language.
#[derive(Debug, SimpleObject)]
pub struct CityName {
    /// The language.
    language: LanguageTag,
    /// The name.
    name: String,
}

/// A place on the globe, WGS 84.
#[derive(Debug, SimpleObject)]
pub struct Coordinates {
    /// Degrees north; south is negative.
    latitude: f64,
    /// Degrees east; west is negative.
    longitude: f64,
}

/// How a city is invoiced.
#[derive(Debug, SimpleObject)]
pub struct Invoicing {
    /// The name on invoices.
    name: Option<String>,
    /// Street and number.
    street: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Town.
    town: Option<String>,
    /// Where invoices are mailed to.
    email: Option<EmailAddress>,
    /// What the city wants to read on each invoice.
    order_reference: Option<String>,
    /// Danish company number.
    cvr: Option<String>,
    /// Global location number, the electronic mailbox of a public buyer.
    gln: Option<String>,
}

impl Invoicing {
    fn of(city: &City) -> Self {
        Self {
            name: city.invoice_name.clone(),
            street: city.invoice_street.clone(),
            postal_code: city.invoice_postal_code.clone(),
            town: city.invoice_town.clone(),
            email: city.invoice_email.clone().map(EmailAddress),
            order_reference: city.order_reference.clone(),
            cvr: city.cvr.clone(),
            gln: city.gln.clone(),
        }
    }
}

/// Which cities a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct CityFilterInput {
    /// The membership of the network has one of these statuses today.
    status: Option<Vec<MembershipStatus>>,
    /// In one of these countries.
    country: Option<Vec<CountryCode>>,
    /// A name in any language contains this; case, accents and the spellings of æøå do not matter.
    search: Option<String>,
    /// Last revised in this range.
    updated_at: Option<crate::api::inputs::InstantRange>,
}

impl CityFilterInput {
    fn read(self) -> Result<CityFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("country", self.country.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(CityFilter {
            status: self.status,
            country: self
                .country
                .map(|countries| countries.into_iter().map(|country| country.0).collect()),
            search: inputs::search(self.search)?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of cities.
#[derive(Debug, Default)]
pub struct CityQuery;

#[Object]
impl CityQuery {
    /// A city by its id; null when there is none or the caller may not know of it.
    async fn city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city's id.")] id: ID,
    ) -> Result<Option<Arc<City>>> {
        context
            .operation()
            .load::<CityById>(inputs::query_id(&id)?)
            .await
    }

    /// The cities, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn cities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<CityFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<CityOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<CityConnection> {
        let operation = context.operation();
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let (scope, today) = (
            operation.viewer.scope(Permission::SeeUnpublishedCities),
            operation.today(),
        );
        let listed = context.read(|db| cities::list(db, &scope, today, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| cities::count(db, &scope, today, &filter);
        Ok(CityConnection(Connected::new(
            listed,
            cities::order(&order),
            count,
        )))
    }
}

/// A name in a language.
#[derive(Debug, InputObject)]
pub struct CityNameInput {
    /// The language.
    language: LanguageTag,
    /// The name.
    name: String,
}

/// A city to register.
#[derive(Debug, InputObject)]
pub struct RegisterCityInput {
    /// The name the network uses.
    name: String,
    /// The country.
    country: CountryCode,
    /// The zone of the city's local time.
    time_zone: TimeZone,
    /// Everything else that is known.
    details: Option<CityDetailsInput>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// What can be known of a city. What is left out is empty.
#[derive(Debug, Default, InputObject)]
pub struct CityDetailsInput {
    /// Names in languages.
    names: Option<Vec<CityNameInput>>,
    /// The number of inhabitants.
    population: Option<i64>,
    /// The year of the population figure.
    population_year: Option<i32>,
    /// Where the population figure comes from.
    population_source: Option<String>,
    /// Degrees north.
    latitude: Option<f64>,
    /// Degrees east.
    longitude: Option<f64>,
    /// Danish company number, eight digits.
    cvr: Option<String>,
    /// Global location number, thirteen digits.
    gln: Option<String>,
    /// The city's number in GeoNames.
    geonames_id: Option<i64>,
    /// The name on invoices.
    invoice_name: Option<String>,
    /// Street and number on invoices.
    invoice_street: Option<String>,
    /// Postal code on invoices.
    invoice_postal_code: Option<String>,
    /// Town on invoices.
    invoice_town: Option<String>,
    /// Where invoices are mailed to.
    invoice_email: Option<EmailAddress>,
    /// What the city wants to read on each invoice.
    order_reference: Option<String>,
}

impl CityDetailsInput {
    fn read(self) -> CityDetails {
        CityDetails {
            names: self
                .names
                .unwrap_or_default()
                .into_iter()
                .map(|name| (name.language.0, name.name))
                .collect(),
            population: self.population,
            population_year: self.population_year,
            population_source: self.population_source,
            latitude: self.latitude,
            longitude: self.longitude,
            cvr: self.cvr,
            gln: self.gln,
            geonames_id: self.geonames_id,
            invoice_name: self.invoice_name,
            invoice_street: self.invoice_street,
            invoice_postal_code: self.invoice_postal_code,
            invoice_town: self.invoice_town,
            invoice_email: self.invoice_email.map(|email| email.0),
            order_reference: self.order_reference,
        }
    }
}

/// A city as it shall be from now on; its country stays.
#[derive(Debug, InputObject)]
pub struct ReviseCityInput {
    /// The city.
    id: ID,
    /// The version that was read; another one now means that somebody else revised it.
    version: i32,
    /// The name the network uses.
    name: String,
    /// The zone of the city's local time.
    time_zone: TimeZone,
    /// Everything else, as it shall be.
    details: CityDetailsInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `registerCity`.
    RegisterCityPayload {
        /// The city.
        city: City
    }
);

crate::payload!(
    /// The answer of `reviseCity`.
    ReviseCityPayload {
        /// The city.
        city: City
    }
);

/// Mutations of cities.
#[derive(Debug, Default)]
pub struct CityMutation;

#[Object]
impl CityMutation {
    /// Registers a city, before it applies or joins.
    async fn register_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city.")] input: RegisterCityInput,
    ) -> Result<RegisterCityPayload> {
        let details = input.details.unwrap_or_default().read();
        let new = NewCity {
            name: input.name,
            country: input.country.0,
            time_zone: input.time_zone.0,
            details,
        };
        let performed = context.perform(Repeatable::MayHaveKey, |tx| cities::register(tx, &new));
        RegisterCityPayload::of::<CityById>(context, performed).await
    }

    /// Revises a city's record.
    async fn revise_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city as it shall be.")] input: ReviseCityInput,
    ) -> Result<ReviseCityPayload> {
        let performed = read_change(input).and_then(|change| {
            context.perform(Repeatable::MayHaveKey, |tx| cities::revise(tx, &change))
        });
        ReviseCityPayload::of::<CityById>(context, performed).await
    }

    /// Records that a city became part of another, such as by a municipal reform.
    async fn succeed_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which city, and of which other.")] input: SucceedCityInput,
    ) -> Result<SucceedCityPayload> {
        input.perform(context)
    }
}

fn read_change(input: ReviseCityInput) -> Result<CityChange> {
    Ok(CityChange {
        id: inputs::read_id("id", &input.id)?,
        version: input.version,
        name: input.name,
        time_zone: input.time_zone.0,
        details: input.details.read(),
    })
}
