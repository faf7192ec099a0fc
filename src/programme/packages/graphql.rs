//! Packages in the schema: the type and its lists. What it is not: enrolling; that joins the price
//! list and the programme and is a workflow.

pub mod termination;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::{InOperation, Repeatable, reference};
use crate::api::inputs::{self, Problems};
use crate::api::money::{Amount, read_amount, read_currency};
use crate::api::operation::Operation;
use crate::api::scalars::{CurrencyCode, Date, Decimal};
use crate::db::listing::{Listed, Order};
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::programme::activities::graphql::{ActivityConnection, ActivityFilterInput, of_package};
use crate::programme::offer::graphql::PackageDeliverable;
use crate::programme::packages::{self, Package, PackageFilter, PackageStatus, PackageUnits};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::workflows::enrol_in_package::{PackageOrder, PackagePrice, enrol_in_package};

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

/// Loads what packages deliver.
#[derive(Debug)]
struct UnitsOfPackage;

impl Load for UnitsOfPackage {
    type Key = PackageId;
    type Value = Arc<Vec<PackageUnits>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[PackageId],
    ) -> Result<HashMap<PackageId, Self::Value>> {
        Ok(packages::units_of_many(db, keys)?
            .into_iter()
            .map(|(package, units)| (package, Arc::new(units)))
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
        let units = context.operation().load::<UnitsOfPackage>(self.id).await?;
        let units = units.unwrap_or_default();
        let of = |row: &PackageUnits| PackageDeliverable {
            kind: row.kind,
            units: row.units,
        };
        Ok(units.iter().map(of).collect())
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

/// A city to enrol in a package.
#[derive(Debug, InputObject)]
pub struct EnrolInPackageInput {
    /// The city; it must be admitted or an active member.
    city_id: ID,
    /// The first day; the package lasts 24 calendar months.
    starts_on: Date,
    /// Whether the price covers the annual fee for days within the package. The network's memo does
    /// not say, so every enrolment must.
    covers_annual_fee: bool,
    /// In how many equal payments the price is paid, 1 to 24.
    instalments: i32,
    /// The agreed price, net of taxes; that of the price list by default.
    price: Option<Decimal>,
    /// The currency of the price; the krone by default. The price list has a price of packages in it.
    currency: Option<CurrencyCode>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl EnrolInPackageInput {
    fn read(self) -> Result<PackageOrder> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &self.city_id);
        let currency = self.currency.as_ref();
        let price = problems.keep(match &self.price {
            Some(price) => read_amount("price", price, currency).map(PackagePrice::Agreed),
            None => read_currency(currency).map(PackagePrice::OfList),
        });
        let order = city.zip(price).map(|(city, price)| PackageOrder {
            city,
            starts_on: self.starts_on.0,
            covers_annual_fee: self.covers_annual_fee,
            instalments: self.instalments,
            price,
        });
        problems.or(order)
    }
}

crate::payload!(
    /// The answer of `enrolInPackage`.
    EnrolInPackagePayload {
        /// The package.
        package: Package
    }
);

/// Mutations of packages.
#[derive(Debug, Default)]
pub struct PackageMutation;

#[Object]
impl PackageMutation {
    /// Enrols a city in a package of 24 months and plans its nine activities.
    async fn enrol_in_package(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and the terms.")] input: EnrolInPackageInput,
    ) -> Result<EnrolInPackagePayload> {
        let offer = &reference(context).deliverables;
        let performed = input.read().and_then(|order| {
            let enrol = |tx: &mut Tx<'_>| enrol_in_package(tx, &order, offer);
            context.perform(Repeatable::MayHaveKey, enrol)
        });
        EnrolInPackagePayload::of::<PackageById>(context, performed).await
    }
}
