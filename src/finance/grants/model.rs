//! The records of grants, and what is said to make them. What it is not: rules.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::fees::Product;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{
    CityId, FunderId, FundingGrantId, FundingId, GrantInstalmentId, InvoiceId, InvoiceLineId,
    UserId,
};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::Period;
use crate::schema::{funding_awards, funding_grants, funding_instalments, fundings};

crate::text_enum! {
    /// Where a grant stands.
    pub enum GrantStatus {
        /// The application is being written.
        Draft = "DRAFT",
        /// The funder has the application.
        Submitted = "SUBMITTED",
        /// The funder promised money; none is used.
        Awarded = "AWARDED",
        /// The funder said no.
        Rejected = "REJECTED",
        /// Invoices are funded.
        InProgress = "IN_PROGRESS",
        /// The funder has the report.
        Reported = "REPORTED",
        /// Everything is done.
        Closed = "CLOSED",
        /// The funder took its promise back.
        ClawedBack = "CLAWED_BACK",
    }
}

crate::text_enum! {
    /// What may happen to a grant.
    pub enum GrantStep {
        /// The application goes to the funder.
        Submit = "SUBMIT",
        /// The funder promises money.
        Award = "AWARD",
        /// The funder says no.
        Reject = "REJECT",
        /// An invoice is funded.
        Fund = "FUND",
        /// The funding of an invoice is withdrawn.
        Withdraw = "WITHDRAW",
        /// The report goes to the funder.
        Report = "REPORT",
        /// Nothing more is to be done.
        Close = "CLOSE",
        /// The funder takes its promise back.
        ClawBack = "CLAW_BACK",
    }
}

crate::text_enum! {
    /// Where an instalment of an award stands.
    pub enum InstalmentStatus {
        /// The funder will pay it.
        Expected = "EXPECTED",
        /// The funder paid it.
        Received = "RECEIVED",
        /// The funder keeps it until it has the report.
        Withheld = "WITHHELD",
    }
}

crate::text_enum! {
    /// What may happen to an instalment.
    pub enum InstalmentStep {
        /// The money came.
        Receive = "RECEIVE",
        /// The funder keeps it because the report is late.
        Withhold = "WITHHOLD",
        /// The funder has the report and will pay.
        Release = "RELEASE",
    }
}

crate::text_enum! {
    /// To whom a funder pays, and what stands on which invoice.
    pub enum PaidTo {
        /// To us, by an invoice of its own: the city is invoiced for the rest.
        OwnInvoice = "OWN_INVOICE",
        /// To us, on the city's invoice, which names what the funder pays of it.
        CityInvoice = "CITY_INVOICE",
        /// To the city, which pays us: nothing is funded here.
        City = "CITY",
    }
}

crate::text_enum! {
    /// Who bears what a funder no longer pays.
    pub enum Bearer {
        /// The city owes it.
        City = "CITY",
        /// The network gives it up.
        Network = "NETWORK",
    }
}

/// What a city asks a funder for, and how far it came.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = funding_grants, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FundingGrant {
    /// The key.
    pub id: FundingGrantId,
    /// Whose fees it pays.
    pub city_id: CityId,
    /// Who is asked.
    pub funder_id: FunderId,
    /// What the project is called.
    pub title: String,
    /// What the money is for.
    pub purpose: Option<String>,
    /// Where it stands.
    pub status: GrantStatus,
    /// ISO 4217; of what is asked for.
    pub currency: String,
    /// What is asked for, in minor units.
    pub asked_minor: i64,
    /// What the funder calls it.
    pub reference: Option<String>,
    /// The day on which the funder got the application.
    pub submitted_on: Option<NaiveDate>,
    /// The day on which the funder decided.
    pub decided_on: Option<NaiveDate>,
    /// The day on which the funder got the report.
    pub reported_on: Option<NaiveDate>,
    /// The day on which it was closed or clawed back.
    pub ended_on: Option<NaiveDate>,
    /// Why it was rejected or clawed back.
    pub reason: Option<String>,
    /// When it was begun.
    pub created_at: Instant,
    /// Who began it.
    pub created_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

/// What a funder promised; it never changes, but for what is used of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = funding_awards, treat_none_as_default_value = false)]
pub struct Award {
    /// The grant.
    pub grant_id: FundingGrantId,
    /// What the funder promised, in minor units.
    pub promised_minor: i64,
    /// ISO 4217.
    pub promised_currency: String,
    /// What it comes to in the currency of our invoices, at a rate that was fixed with the award.
    pub usable_minor: i64,
    /// ISO 4217.
    pub usable_currency: String,
    /// The day of that rate; none where both currencies are one.
    pub rate_on: Option<NaiveDate>,
    /// The first day whose supplies it pays for.
    pub eligible_from: NaiveDate,
    /// The day after the last.
    pub eligible_until: NaiveDate,
    /// The most it pays of a cost, in hundredths of a per cent: 6000 is 60 %.
    pub share_hundredths: i32,
    /// A list of the products that it pays for.
    pub products: Json,
    /// Whether it also pays the tax on its share.
    pub covers_vat: bool,
    /// Whether it refuses to pay beside other public money.
    pub no_other_funds: bool,
    /// To whom the funder pays.
    pub paid_to: PaidTo,
    /// The day on which the funder wants the report.
    pub report_due_on: NaiveDate,
    /// What is used of it, in the currency of our invoices.
    pub used_minor: i64,
    /// Who recorded it.
    pub awarded_by: Option<UserId>,
    /// When it was recorded.
    pub created_at: Instant,
}

impl Award {
    /// What the rules ask of it.
    ///
    /// # Errors
    /// A fault of ours for a stored award that is none.
    pub fn terms(&self) -> Result<AwardTerms> {
        let currency = Currency::parse(&self.usable_currency)
            .map_err(|_| Error::Internal(anyhow::anyhow!("an award's currency")))?;
        let eligible = Period::new(self.eligible_from, Some(self.eligible_until))
            .map_err(|_| Error::Internal(anyhow::anyhow!("an award's days")))?;
        Ok(AwardTerms {
            amount: Money::new(self.usable_minor, currency),
            eligible,
            share_hundredths: i64::from(self.share_hundredths),
            products: self.products.read()?,
            covers_vat: self.covers_vat,
            no_other_funds: self.no_other_funds,
        })
    }

    /// What is left of it, in minor units.
    #[must_use]
    pub fn left_minor(&self) -> i64 {
        self.usable_minor.saturating_sub(self.used_minor)
    }
}

/// A part in which a funder pays, in the currency of its promise.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = funding_instalments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct GrantInstalment {
    /// The key.
    pub id: GrantInstalmentId,
    /// The grant.
    pub grant_id: FundingGrantId,
    /// Its place, from 1.
    pub position: i32,
    /// The day on which it is expected.
    pub due_on: NaiveDate,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// Where it stands.
    pub status: InstalmentStatus,
    /// The day on which it came.
    pub received_on: Option<NaiveDate>,
}

/// What a grant pays of a line of an invoice, or an entry below zero that takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = fundings, treat_none_as_default_value = false)]
pub struct Funding {
    /// The key.
    pub id: FundingId,
    /// The grant.
    pub grant_id: FundingGrantId,
    /// The city's invoice.
    pub invoice_id: InvoiceId,
    /// The city's line.
    pub invoice_line_id: InvoiceLineId,
    /// The funder's own invoice.
    pub share_invoice_id: Option<InvoiceId>,
    /// The line there.
    pub share_line_id: Option<InvoiceLineId>,
    /// The entry that this one takes back.
    pub counters_id: Option<FundingId>,
    /// Without tax, in minor units.
    pub net_minor: i64,
    /// What is counted to the award: with the tax, where the award covers it.
    pub amount_minor: i64,
    /// The day from which it counts.
    pub funded_on: NaiveDate,
    /// When it was recorded.
    pub created_at: Instant,
    /// Who recorded it.
    pub created_by: Option<UserId>,
}

/// What the rules ask of an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardTerms {
    /// The most it pays in all.
    pub amount: Money,
    /// The days whose supplies it pays for.
    pub eligible: Period,
    /// The most it pays of a cost, in hundredths of a per cent.
    pub share_hundredths: i64,
    /// What it pays for.
    pub products: Vec<Product>,
    /// Whether it also pays the tax on its share.
    pub covers_vat: bool,
    /// Whether it refuses to pay beside other public money.
    pub no_other_funds: bool,
}

/// An invoice line as a funder looks at it: as if nobody else paid of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FundedLine {
    /// What is supplied.
    pub product: Product,
    /// The days it is supplied on.
    pub supplied: Period,
    /// The price without tax that is not credited, whoever pays it.
    pub net: Money,
    /// What of that the city is still to pay, in minor units.
    pub open_minor: i64,
    /// The rate of its tax in basis points.
    pub vat_rate_bp: i32,
}
