//! The record of a refund, and what is said to make one. What it is not: what a payment has left.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, PaymentId, RefundId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::refunds;

crate::text_enum! {
    /// Where a refund stands.
    pub enum RefundStatus {
        /// Waiting for a second person; nothing has moved.
        Proposed = "PROPOSED",
        /// Paid back.
        Paid = "PAID",
    }
}

/// Unused money that is paid back.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = refunds, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Refund {
    /// The key.
    pub id: RefundId,
    /// The payment that it is of.
    pub payment_id: PaymentId,
    /// Whose payment that is.
    pub city_id: CityId,
    /// Where it stands.
    pub status: RefundStatus,
    /// ISO 4217; the payment's.
    pub currency: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The account that it is paid to.
    pub account: String,
    /// What the city reads on its statement.
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
    /// The day it was paid; none while it is a proposal.
    pub paid_on: Option<NaiveDate>,
    /// Who let it be paid.
    pub approved_by: Option<UserId>,
    /// When it was made.
    pub created_at: Instant,
    /// Who made or proposed it.
    pub created_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

/// A refund to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefund {
    /// The payment.
    pub payment: PaymentId,
    /// The version of the payment that was read.
    pub version: i32,
    /// How much, as written; all that is left when nothing is said. The currency is the payment's.
    pub amount: Option<String>,
    /// The account that it is paid to.
    pub account: String,
    /// What the city reads on its statement.
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
    /// The day it is paid; today when nothing is said.
    pub paid_on: Option<NaiveDate>,
}

/// Which refunds a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RefundFilter {
    /// In one of these states.
    pub status: Option<Vec<RefundStatus>>,
    /// Of this city.
    pub city: Option<CityId>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How refunds are sorted.
    pub enum RefundOrder {
        /// As they were made, the oldest first.
        CreatedAtAsc = "CREATED_AT_ASC",
        /// As they were made, the newest first.
        CreatedAtDesc = "CREATED_AT_DESC",
    }
}
