//! The record of a seller. What it is not: what stands on an issued invoice; that is a snapshot.

use diesel::prelude::*;

use crate::kernel::ids::SellerId;
use crate::kernel::instant::Instant;
use crate::schema::sellers;

/// The one who invoices.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = sellers, treat_none_as_default_value = false)]
pub struct Seller {
    /// The key.
    pub id: SellerId,
    /// A short name for settings; `network` for the one seller there is.
    pub code: String,
    /// The legal name.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub town: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Danish company number.
    pub cvr: String,
    /// Where buyers write to.
    pub email: String,
    /// Registration number of the bank.
    pub bank_registration: String,
    /// Account number.
    pub bank_account: String,
    /// The number that Danish payment slips name it by: 8 digits.
    pub fik_creditor: Option<String>,
    /// The account for payers abroad (ISO 13616), without spaces.
    pub iban: Option<String>,
    /// The bank of that account (ISO 9362).
    pub bic: Option<String>,
    /// IANA zone; dates of invoices are dates there.
    pub time_zone: String,
    /// The currency of its price list.
    pub currency: String,
    /// The country's rules for reminders and interest: `DK`.
    pub rule_set: String,
    /// `calendar`, `anniversary`, or `custom:MM-DD`.
    pub fee_year: String,
    /// `full`, `daily`, `monthly`, `quarterly`, or `rollover:MM-DD`.
    pub first_year: String,
    /// `none` or `daily`.
    pub last_year: String,
    /// `monthly` or `daily`: how revenue spreads over the days that earn it.
    pub recognition: String,
    /// Days from the date of an invoice to the day it is due.
    pub payment_days: i32,
    /// `required` or `when-possible`: whether an invoice to a Danish city is issued only when it can be
    /// sent electronically.
    pub einvoicing: String,
    /// What one person may credit of an invoice alone, in minor units; above it a second one approves.
    pub four_eyes_above: i64,
    /// When it was entered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}
