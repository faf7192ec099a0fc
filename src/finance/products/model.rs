//! The record of a price and what is said to set one. What it is not: the computing of fees.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::fees::Product;
use crate::kernel::ids::{PriceId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::money::Money;
use crate::schema::prices;

crate::text_enum! {
    /// How value added tax applies: the categories of EN 16931 (UNCL 5305) that the network uses.
    pub enum VatCategory {
        /// Taxed at a rate.
        S = "S",
        /// Exempt, for a reason.
        E = "E",
        /// Reverse charge: a buyer in another EU state accounts for the tax.
        Ae = "AE",
        /// Outside the scope of the tax.
        O = "O",
    }
}

/// A price of a product and the first day it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = prices, treat_none_as_default_value = false)]
pub struct PriceVersion {
    /// The key.
    pub id: PriceId,
    /// What it is the price of.
    pub product: Product,
    /// ISO 4217.
    pub currency: String,
    /// The net amount in minor units.
    pub amount_minor: i64,
    /// The first day.
    pub valid_from: NaiveDate,
    /// How tax applies.
    pub vat_category: VatCategory,
    /// The rate in basis points: 2500 is 25 %.
    pub vat_rate_bp: i32,
    /// Why no tax is charged.
    pub exemption_reason: Option<String>,
    /// Where the price comes from.
    pub note: Option<String>,
    /// When it was set.
    pub created_at: Instant,
    /// Who set it.
    pub created_by: Option<UserId>,
}

/// How tax applies to a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// The category.
    pub category: VatCategory,
    /// The rate in basis points.
    pub rate_bp: i32,
    /// Why no tax is charged.
    pub exemption_reason: Option<String>,
}

/// A price to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrice {
    /// What it is the price of.
    pub product: Product,
    /// The net amount.
    pub amount: Money,
    /// The first day.
    pub valid_from: NaiveDate,
    /// How tax applies; as for the price that was in force until then when nothing is said.
    pub tax: Option<Tax>,
    /// Where the price comes from.
    pub note: Option<String>,
}
