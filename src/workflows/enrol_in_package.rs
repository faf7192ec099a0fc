//! Enrolling a city in a package: the price is that of the price list unless another one was agreed.
//! What it is not: the rules of packages (`programme/packages`) or of prices (`finance/products`).

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::finance::fees::Product;
use crate::finance::{invoices, products};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::offer::Deliverable;
use crate::programme::packages::{self, Enrolment, Tailoring};

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
    /// How many months after the end units can still be used.
    pub grace_months: i32,
    /// Whether its study visits must go to different hosts.
    pub different_hosts: bool,
    /// What differs from the offer.
    pub tailored: Option<Tailoring>,
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
/// `NoPrice` when the list has no price in the currency on the first day: an agreed price needs one
/// too, since its tax is that of the list; `AlreadyInvoiced` when the package shall cover the fee of
/// days that were charged; else as [`packages::enrol`].
pub fn enrol_in_package(
    tx: &mut Tx<'_>,
    order: &PackageOrder,
    offer: &[Deliverable],
) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    if order.tailored.is_some() && matches!(order.price, PackagePrice::OfList(_)) {
        return Err(Error::refused(Refusal::new(
            RefusalCode::Required,
            "price",
            "A package that differs from the offer has a price of its own; give it.",
            "En pakke, der afviger fra tilbuddet, har sin egen pris; angiv den.",
        )));
    }
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
        grace_months: order.grace_months,
        different_hosts: order.different_hosts,
        tailored: order.tailored.clone(),
    };
    let id = packages::enrol(tx, &enrolment, offer)?;
    // The tax of an agreed price is that of the list, so the list must know the currency.
    price_of_list(tx.db, price.currency, order.starts_on)?;
    // Enrolling holds the city, so no fee is charged between the question and the end.
    let package = packages::get(tx.db, id)?;
    match invoices::charging_fee_within(tx.db, &package)? {
        None => Ok(id),
        Some(invoice) => Err(Error::refused(charged(invoice.number.as_deref()))),
    }
}

/// The fee of days that the package would cover stands on an invoice.
fn charged(number: Option<&str>) -> Refusal {
    let (en, da) = number.map_or(("a draft".to_owned(), "en kladde".to_owned()), |number| {
        (format!("invoice {number}"), format!("faktura {number}"))
    });
    Refusal::new(
        RefusalCode::AlreadyInvoiced,
        "coversAnnualFee",
        format!(
            "Of some of these days {en} charges the fee; let the package begin after them, or set coversAnnualFee to false."
        ),
        format!(
            "For nogle af disse dage opkræver {da} kontingent; lad pakken begynde efter dem, eller sæt coversAnnualFee til false."
        ),
    )
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
                format!("The price list has no price in {code} for packages that start on {starts_on}; set one first, since the tax of an agreed price follows it too."),
                format!("Prislisten har ingen pris i {code} på pakker, der begynder {starts_on}; sæt en først, da momsen af en aftalt pris også følger den."),
            ))
        })
}
