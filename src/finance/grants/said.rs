//! What is said to begin, award, use and withdraw grants, and which of them a list holds. What it is not:
//! the records.

use chrono::NaiveDate;

use crate::finance::fees::Product;
use crate::finance::grants::model::{Bearer, GrantStatus, PaidTo};
use crate::kernel::ids::{CityId, FunderId, FundingGrantId, InvoiceId};
use crate::kernel::instant::Instant;
use crate::kernel::money::Money;

/// An application to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// Whose fees it shall pay; a member or an applicant.
    pub city: CityId,
    /// Who is asked.
    pub funder: FunderId,
    /// What the project is called.
    pub title: String,
    /// What the money is for.
    pub purpose: Option<String>,
    /// What is asked for.
    pub asked: Money,
    /// What the funder calls it.
    pub reference: Option<String>,
}

/// What a funder promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAward {
    /// The grant.
    pub grant: FundingGrantId,
    /// The version that was read.
    pub version: i32,
    /// The day of the funder's decision.
    pub decided_on: NaiveDate,
    /// What the funder calls it; what was said before when left out.
    pub reference: Option<String>,
    /// The promise.
    pub promised: Money,
    /// What it comes to in the currency of our invoices, and the day of the rate; said exactly when that
    /// is another currency.
    pub converted: Option<(Money, NaiveDate)>,
    /// The first eligible day.
    pub eligible_from: NaiveDate,
    /// The day after the last.
    pub eligible_until: NaiveDate,
    /// The most it pays of a cost, in per cent as written; all of it when nothing is said.
    pub share: Option<String>,
    /// What it pays for.
    pub products: Vec<Product>,
    /// Whether it also pays the tax on its share.
    pub covers_vat: bool,
    /// Whether it refuses to pay beside other public money.
    pub no_other_funds: bool,
    /// To whom the funder pays.
    pub paid_to: PaidTo,
    /// The day on which the funder wants the report.
    pub report_due_on: NaiveDate,
    /// In which parts the funder pays; at once on the day of the decision when there are none.
    pub instalments: Vec<NewInstalment>,
}

/// A part in which the funder will pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInstalment {
    /// The day on which it is expected.
    pub due_on: NaiveDate,
    /// How much, as written; in the currency of the promise.
    pub amount: String,
}

/// What shall be funded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFunding {
    /// The city's invoice.
    pub invoice: InvoiceId,
    /// The version that was read.
    pub version: i32,
    /// By which grants, and how much each pays without tax, as written: their shares when nothing is
    /// said.
    pub shares: Vec<(FundingGrantId, Option<String>)>,
}

/// What a funder no longer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The grant.
    pub grant: FundingGrantId,
    /// The version that was read.
    pub version: i32,
    /// Who bears it.
    pub bearer: Bearer,
    /// Why.
    pub reason: String,
}

/// Which grants a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct GrantFilter {
    /// In one of these states.
    pub status: Option<Vec<GrantStatus>>,
    /// Of this city.
    pub city: Option<CityId>,
    /// Of this funder.
    pub funder: Option<FunderId>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How grants are sorted.
    pub enum GrantOrder {
        /// As they were begun, the oldest first.
        CreatedAtAsc = "CREATED_AT_ASC",
        /// As they were begun, the newest first.
        CreatedAtDesc = "CREATED_AT_DESC",
        /// By last change, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last change, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
