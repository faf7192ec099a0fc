//! The move to a package in the schema. What it is not: enrolling without a fee to give back; that is a
//! mutation of packages.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable, reference};
use crate::api::inputs::Problems;
use crate::api::money::{read_amount, read_currency};
use crate::api::scalars::{CurrencyCode, Date, Decimal};
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::packages::Package;
use crate::programme::packages::graphql::PackageById;
use crate::workflows::enrol_in_package::{PackageOrder, PackagePrice};
use crate::workflows::upgrade_to_package::upgrade_to_package;

/// A city that moves from the annual fee to a package.
#[derive(Debug, InputObject)]
pub struct UpgradeToPackageInput {
    /// The city; it must be admitted or an active member.
    city_id: ID,
    /// The first day; the package lasts 24 calendar months and covers the annual fee.
    starts_on: Date,
    /// In how many equal payments the price is paid, 1 to 24.
    instalments: i32,
    /// The agreed price, net of taxes; that of the price list by default.
    price: Option<Decimal>,
    /// The currency of the price; the krone by default. The price list has a price of packages in it.
    currency: Option<CurrencyCode>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl UpgradeToPackageInput {
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
            covers_annual_fee: true,
            instalments: self.instalments,
            price,
            grace_months: 0,
            different_hosts: false,
            tailored: None,
        });
        problems.or(order)
    }
}

crate::payload!(
    /// The answer of `upgradeToPackage`.
    UpgradeToPackagePayload {
        /// The package.
        package: Package
    }
);

/// The move to a package.
#[derive(Debug, Default)]
pub struct UpgradeMutation;

#[Object]
impl UpgradeMutation {
    /// Moves a city from the annual fee to a package that covers it: what its fees charge for the days
    /// of the package is given back by credit notes, and the city is enrolled, all or nothing. Needs an
    /// idempotency key.
    async fn upgrade_to_package(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and the terms.")] input: UpgradeToPackageInput,
    ) -> Result<UpgradeToPackagePayload> {
        let offer = &reference(context).deliverables;
        let performed = input.read().and_then(|order| {
            let upgrade = |tx: &mut Tx<'_>| upgrade_to_package(tx, &order, offer);
            context.perform(Repeatable::NeedsKey, upgrade)
        });
        UpgradeToPackagePayload::of::<PackageById>(context, performed).await
    }
}
