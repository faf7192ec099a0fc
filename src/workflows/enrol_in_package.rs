//! Enrolling a city in a package: the price is that of the price list unless another one was agreed.
//! What it is not: the rules of packages (`programme/packages`) or of prices (`finance/products`).

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::finance::fees::Product;
use crate::finance::products;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::offer::Deliverable;
use crate::programme::packages::{self, Enrolment};

/// A city to enrol, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageOrder {
    /// The city.
    pub city: CityId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// Whether no annual fee is due for days within the package.
    pub covers_annual_fee: bool,
    /// In how many equal payments the price is paid.
    pub instalments: i32,
    /// What it costs.
    pub price: PackagePrice,
}

/// What a package costs, net of taxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackagePrice {
    /// What was agreed with the city.
    Agreed(Money),
    /// What the price list says in this currency on the first day.
    OfList(Currency),
}

/// Enrols a city in a package of these deliverables.
///
/// # Errors
/// `NoPrice` when no price was agreed and none is in force on the first day; else as
/// [`packages::enrol`].
pub fn enrol_in_package(
    tx: &mut Tx<'_>,
    order: &PackageOrder,
    offer: &[Deliverable],
) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let price = match order.price {
        PackagePrice::Agreed(price) => price,
        PackagePrice::OfList(currency) => price_of_list(tx.db, currency, order.starts_on)?,
    };

    let enrolment = Enrolment {
        city: order.city,
        starts_on: order.starts_on,
        covers_annual_fee: order.covers_annual_fee,
        instalments: order.instalments,
        price,
    };
    packages::enrol(tx, &enrolment, offer)
}

/// What a package that starts on the day costs.
fn price_of_list(db: &mut Db, currency: Currency, starts_on: NaiveDate) -> Result<Money> {
    let prices = products::all(db)?;
    let code = currency.code();
    products::in_force(&prices, Product::Package, code, starts_on)
        .map(|price| Money::new(price.amount_minor, currency))
        .ok_or_else(|| {
            Error::refused(Refusal::new(
                RefusalCode::NoPrice,
                "price",
                format!("The price list has no price in {code} for packages that start on {starts_on}; give the agreed price or set one."),
                format!("Prislisten har ingen pris i {code} på pakker, der begynder {starts_on}; angiv den aftalte pris, eller sæt en."),
            ))
        })
}
