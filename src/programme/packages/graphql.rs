//! Packages in the schema: the type and its lists. What it is not: enrolling (`enrolment`).

pub mod enrolment;
pub mod plan;
pub mod termination;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::money::Amount;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::programme::activities::graphql::ActivityConnection;
use crate::programme::activities::graphql::lists::{ActivityFilterInput, of_package};
use crate::programme::entitlements::Entitlement;
use crate::programme::entitlements::graphql::EntitlementsOfPackage;
use crate::programme::offer::graphql::PackageDeliverable;
use crate::programme::packages::amendments::PackageAmendment;
use crate::programme::packages::amendments::graphql::AmendmentsOfPackage;
use crate::programme::packages::graphql::plan::TimelineOfPackage;
use crate::programme::packages::{self, Package, PackageFilter, PackageStatus, Timeline};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(PackageConnection, PackageEdge, Package);

/// Loads packages that the viewer may see.
#[derive(Debug)]
pub struct PackageById;

impl Load for PackageById {
    type Key = PackageId;
    type Value = Arc<Package>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PackageId],
    ) -> Result<HashMap<PackageId, Arc<Package>>> {
        let scope = operation.viewer.scope(Permission::SeeProgramme);
        Ok(packages::find_many(db, keys)?
            .into_iter()
            .filter(|package| scope.has_city(package.city_id))
            .map(|package| (package.id, Arc::new(package)))
            .collect())
    }
}

/// A package of activities over 24 months that a city bought.
#[Object]
impl Package {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// What the package is on a day.
    async fn status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today by default.")] as_of: Option<Date>,
    ) -> PackageStatus {
        let today = context.operation().today();
        self.status_on(as_of.map_or(today, |Date(day)| day))
    }

    /// The price, net of taxes.
    async fn price(&self) -> Result<Amount> {
        self.agreed_price().map(Amount)
    }

    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.starts_on)
    }

    /// The last day.
    async fn ends_on(&self) -> Date {
        Date(self.ends_on.pred_opt().unwrap_or(self.ends_on))
    }

    /// Whether no annual fee is due for days within the package.
    async fn covers_annual_fee(&self) -> bool {
        self.covers_annual_fee
    }

    /// In how many equal payments the price is paid.
    async fn instalments(&self) -> i32 {
        self.instalments
    }

    /// What the package delivers, as it was on the day of the enrolment.
    async fn deliverables(&self, context: &Context<'_>) -> Result<Vec<PackageDeliverable>> {
        let accounts = context
            .operation()
            .load::<EntitlementsOfPackage>(self.id)
            .await?
            .unwrap_or_default();
        let agreed = accounts.iter().filter(|account| account.agreed > 0);
        let of = |account: &Entitlement| PackageDeliverable {
            kind: account.kind,
            units: account.agreed,
        };
        Ok(agreed.map(of).collect())
    }

    /// What the city has coming to it now, kind by kind, with everything that happened to the units.
    async fn entitlements(&self, context: &Context<'_>) -> Result<Vec<Entitlement>> {
        let accounts = context
            .operation()
            .load::<EntitlementsOfPackage>(self.id)
            .await?;
        Ok(accounts
            .map(|accounts| accounts.to_vec())
            .unwrap_or_default())
    }

    /// The last day on which units can be used: the last day, or that of the grace that was agreed.
    async fn usable_until(&self) -> Date {
        let lapses_on = self.lapses_on();
        Date(lapses_on.pred_opt().unwrap_or(lapses_on))
    }

    /// Whether its study visits must go to different hosts; else going twice is only remarked.
    async fn different_hosts(&self) -> bool {
        self.different_hosts
    }

    /// Who approved that the package differs from the offer; null for the offer as it stands.
    async fn approval(&self) -> Option<&str> {
        self.approval.as_deref()
    }

    /// When it will have been delivered, as it looks today: what waits for what, what decides about the
    /// end, and what will be late. Null when it was ended before its time.
    async fn plan(&self, context: &Context<'_>) -> Result<Option<Arc<Timeline>>> {
        if self.terminated_on.is_some() {
            return Ok(None);
        }
        context.operation().load::<TimelineOfPackage>(self.id).await
    }

    /// The changes of the contract that were proposed, the first first.
    async fn amendments(&self, context: &Context<'_>) -> Result<Vec<Arc<PackageAmendment>>> {
        let amendments = context
            .operation()
            .load::<AmendmentsOfPackage>(self.id)
            .await?;
        Ok(amendments.map(|rows| rows.to_vec()).unwrap_or_default())
    }

    /// The activities of the package, by date; those without a date are last.
    async fn activities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ActivityFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ActivityConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        of_package(context, self.id, filter, page).await
    }

    /// When the city was enrolled.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the contract last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// Grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// The packages of cities.
#[derive(Debug)]
struct PackagesOfCity;

impl ParentList for PackagesOfCity {
    type Row = Package;
    type Arguments = (PackageFilter, Page);

    fn order(_: &Self::Arguments) -> Order<Package> {
        packages::order()
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        cities: &[Uuid],
        (filter, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<Package>>> {
        packages::list_of_cities(db, cities, filter, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        cities: &[Uuid],
        (filter, _): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        packages::count_of_cities(db, cities, filter)
    }
}

/// The packages of a city; none for those who may not see them.
///
/// # Errors
/// `BadRequest` for a foreign cursor.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<PackageFilterInput>,
    page: Page,
) -> Result<Option<PackageConnection>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeeProgramme, city) {
        return Ok(None);
    }
    let asked = (filter.unwrap_or_default().read()?, page);
    let connected = operation
        .connect::<PackagesOfCity>(city.uuid(), asked)
        .await?;
    Ok(Some(PackageConnection(connected)))
}

/// Which packages a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct PackageFilterInput {
    /// Of one of these cities.
    city_id: Option<Vec<ID>>,
    /// Running on this day.
    running_on: Option<Date>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl PackageFilterInput {
    fn read(self) -> Result<PackageFilter> {
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        let cities = self
            .city_id
            .map(|ids| ids.iter().map(inputs::query_id).collect());
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(PackageFilter {
            city: cities.transpose()?,
            running_on: self.running_on.map(|Date(day)| day),
            updated_from,
            updated_before,
        })
    }
}

/// Queries of packages.
#[derive(Debug, Default)]
pub struct PackageQuery;

#[Object]
impl PackageQuery {
    /// The packages that the caller may see, the first start first.
    async fn packages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PackageFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PackageConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let scope = context
            .operation()
            .viewer
            .scope_of_list(Permission::SeeProgramme)?;
        let listed = context.read(|db| packages::list(db, &scope, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| packages::count(db, &scope, &filter);
        Ok(PackageConnection(Connected::new(
            listed,
            packages::order(),
            count,
        )))
    }
}
