//! The record of a seller, and of how it reminds. What it is not: what stands on an issued invoice; that is a snapshot.

use diesel::prelude::*;

use crate::kernel::ids::SellerId;
use crate::kernel::instant::Instant;
use crate::schema::{reminder_policies, sellers};

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

crate::text_enum! {
    /// How the days of interest are counted.
    pub enum DayCount {
        /// Each day, of a year of 365: ACT/365.
        Actual = "ACTUAL",
        /// Months of 30 days, of a year of 360: 30E/360.
        Thirty = "THIRTY",
    }
}

impl DayCount {
    /// As it is printed: `ACT/365`, `30E/360`.
    #[must_use]
    pub const fn printed(self) -> &'static str {
        match self {
            Self::Actual => "ACT/365",
            Self::Thirty => "30E/360",
        }
    }
}

/// How a seller reminds.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = reminder_policies, treat_none_as_default_value = false, treat_none_as_null = true)]
#[diesel(primary_key(seller_id))]
pub struct ReminderPolicy {
    /// The seller.
    pub seller_id: SellerId,
    /// Whether reminders are sent at all.
    pub reminders: bool,
    /// Days after the last day to pay in time, for the first reminder.
    pub first_after: i32,
    /// For the second.
    pub second_after: i32,
    /// For the third.
    pub third_after: i32,
    /// For the notice of collection; none is sent without it.
    pub collection_after: Option<i32>,
    /// The fee of a reminder in minor units; 0 is none.
    pub fee_minor: i64,
    /// Whether the fixed compensation of the law is charged, once for each claim.
    pub compensation: bool,
    /// Whether interest is charged with the reminders.
    pub interest: bool,
    /// How its days are counted.
    pub day_count: DayCount,
    /// What is left open without being reminded of, in minor units.
    pub tolerance_minor: i64,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl ReminderPolicy {
    /// After how many days a level goes at the earliest: 1 to 3, and 4 for the notice of collection.
    /// None for a level that the seller does not send.
    #[must_use]
    pub fn days_of(&self, level: i32) -> Option<i32> {
        match level {
            1 => Some(self.first_after),
            2 => Some(self.second_after),
            3 => Some(self.third_after),
            4 => self.collection_after,
            _ => None,
        }
    }
}
