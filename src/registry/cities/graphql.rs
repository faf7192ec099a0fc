//! A city in the schema: the type and the lists of others that hang on it. What it is not: the
//! queries and mutations of cities; those are in the folder beside it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::money::Amount;
use crate::api::scalars::{CountryCode, CurrencyCode, Date, LanguageTag, TimeZone};
use crate::finance::invoices::InvoiceOrder;
use crate::finance::invoices::graphql::{
    InvoiceConnection, InvoiceFilterInput, invoices_of_city, open_balance,
};
use crate::finance::payments::PaymentOrder;
use crate::finance::payments::graphql::{PaymentConnection, PaymentFilterInput, payments_of_city};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::mentoring::pairings::graphql::MentorPairingConnection;
use crate::mentoring::pairings::inputs::MentorPairingFilterInput;
use crate::mentoring::pairings::{self, PairingOrder};
use crate::programme::activities::graphql::ActivityConnection;
use crate::programme::activities::graphql::lists::ActivityFilterInput;
use crate::programme::assessments::graphql::AssessmentConnection;
use crate::programme::assessments::graphql::lists::AssessmentFilterInput;
use crate::programme::packages::graphql::{PackageConnection, PackageFilterInput};
use crate::programme::policy_profiles::graphql::PolicyPosition;
use crate::programme::practice_adoptions::{self, PracticeAdoption};
use crate::programme::practices::graphql::{PracticeConnection, PracticeFilterInput};
use crate::programme::steps::graphql::progress::CityStep;
use crate::programme::{activities, assessments, packages, policy_profiles, practices, steps};
use crate::registry::cities::City;
use crate::registry::coordinators::graphql::of_city;
use crate::registry::coordinators::{AppointmentRole, Coordinator};
use crate::registry::memberships::graphql::{MembershipConnection, MembershipFilterInput};
use crate::registry::memberships::{self, MembershipStatus};
use crate::scheduling::expert_visits::graphql::ExpertVisitConnection;
use crate::scheduling::expert_visits::inputs::ExpertVisitFilterInput;
use crate::scheduling::expert_visits::{self, ExpertVisitOrder};
use crate::scheduling::study_visits::graphql::StudyVisitConnection;
use crate::scheduling::study_visits::inputs::StudyVisitFilterInput;
use crate::scheduling::study_visits::{self, StudyVisitOrder};

mod loads;
pub mod mutations;
pub mod parts;
pub mod queries;
pub mod record;
pub mod succession;

pub use loads::CityById;
pub use mutations::CityMutation;
pub use parts::{CityName, Coordinates, Invoicing};
pub use queries::{CityFilterInput, CityQuery};

crate::connection!(CityConnection, CityEdge, City);

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
        parts::name_of(context, self, language).await
    }

    /// All names the city has in languages.
    async fn names(&self, context: &Context<'_>) -> Result<Vec<CityName>> {
        parts::names_of(context, self).await
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
        Coordinates::of(self)
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
        let viewer = &context.operation().viewer;
        (viewer.may_for(Permission::SeeInvoicing, self.id)).then(|| Invoicing::of(self))
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
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn payments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PaymentFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PaymentOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<PaymentConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        payments_of_city(context, self.id, filter, order_by, page).await
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
        #[graphql(desc = "Only these.")] filter: Option<MembershipFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<MembershipConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        memberships::graphql::memberships_of(context, self, filter, page).await
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
        activities::graphql::lists::of_city(context, self.id, filter, page).await
    }

    /// The packages that the city bought, the first start first; null for those who may not see
    /// them.
    async fn packages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PackageFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<PackageConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        packages::graphql::of_city(context, self.id, filter, page).await
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

    /// The city's assessments by the index that the caller may see, the latest first.
    async fn assessments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<AssessmentFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<AssessmentConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        assessments::graphql::lists::of_city(context, self.id, filter, page).await
    }

    /// How far the city is with each of the ten steps; null for those who may not see it.
    async fn steps(&self, context: &Context<'_>) -> Result<Option<Vec<CityStep>>> {
        steps::graphql::progress::of_city(context, self.id).await
    }

    /// Where the city's policy stands in each area; null for those who may not see it.
    async fn policy_profile(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "On this day instead of today.")] as_of: Option<Date>,
    ) -> Result<Option<Vec<PolicyPosition>>> {
        policy_profiles::graphql::of_city(context, self.id, as_of).await
    }

    /// The examples of good practice in the city.
    async fn practices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PracticeFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PracticeConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        practices::graphql::of_city(context, self.id, filter, page).await
    }

    /// What the city says of others' practices that it took over, by practice, the last word first.
    async fn adoptions(&self, context: &Context<'_>) -> Result<Vec<Arc<PracticeAdoption>>> {
        practice_adoptions::graphql::of_city(context, self.id).await
    }

    /// The visits of experts, the latest first: all of them only for those who may see what is planned.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn expert_visits(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ExpertVisitFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<ExpertVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ExpertVisitConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        expert_visits::graphql::of_city(context, self.id, filter, order_by, page).await
    }

    /// The study visits to the city, the latest first: planned ones for coordinators and who sees all.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn study_visits_hosted(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<StudyVisitFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<StudyVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<StudyVisitConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        study_visits::graphql::hosted_by(context, self.id, filter, order_by, page).await
    }

    /// The study visits that the city joined, the latest first; null for those who may not see them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn study_visits_joined(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<StudyVisitFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<StudyVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<StudyVisitConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        study_visits::graphql::joined_by(context, self.id, filter, order_by, page).await
    }

    /// The mentor pairings on either side, the latest first; null for those who may not see them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn mentor_pairings(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<MentorPairingFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PairingOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<MentorPairingConnection>> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        pairings::graphql::of_city(context, self.id, filter, order_by, page).await
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
