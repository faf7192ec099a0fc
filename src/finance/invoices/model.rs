//! The record of an invoice with its lines, and what is said to draft one. What it is not: its
//! payment; allocations are in `payments`.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::fees::Product;
use crate::finance::products::VatCategory;
use crate::kernel::ids::{
    CityId, FundingGrantId, InvoiceId, InvoiceLineId, MembershipId, PackageId, PriceId, SellerId,
    UserId,
};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::{invoice_lines, invoice_parties, invoices};

crate::text_enum! {
    /// What an invoice is for.
    pub enum InvoiceKind {
        /// The fee of a fee year.
        AnnualFee = "ANNUAL_FEE",
        /// A package, or an instalment of it.
        Package = "PACKAGE",
        /// What the late payment of another invoice costs: fees, compensation, interest.
        LateCharges = "LATE_CHARGES",
        /// The share of a fee or a package that a funder no longer pays, from the city.
        RecalledFunding = "RECALLED_FUNDING",
        /// What was open of an invoice of an older system.
        OpeningItem = "OPENING_ITEM",
    }
}

crate::text_enum! {
    /// Where an invoice stands.
    pub enum InvoiceStatus {
        /// Not issued: it has no number and can be discarded.
        Draft = "DRAFT",
        /// Issued and owed.
        Issued = "ISSUED",
        /// Issued, and delivered to the city.
        Sent = "SENT",
        /// A part is paid.
        PartlyPaid = "PARTLY_PAID",
        /// All of it is paid.
        Paid = "PAID",
        /// Taken back by credit notes.
        Credited = "CREDITED",
        /// Nothing is open any more, and more of it was given up than was paid.
        WrittenOff = "WRITTEN_OFF",
    }
}

impl InvoiceStatus {
    /// Whether something may be owed on it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Issued | Self::Sent | Self::PartlyPaid)
    }
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = invoices, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Invoice {
    /// The key.
    pub id: InvoiceId,
    /// What it is for.
    pub kind: InvoiceKind,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// Who owes it.
    pub city_id: CityId,
    /// The membership whose fee it is.
    pub membership_id: Option<MembershipId>,
    /// The package that it is for.
    pub package_id: Option<PackageId>,
    /// The grant whose funder is invoiced in the city's stead.
    pub grant_id: Option<FundingGrantId>,
    /// Who invoices.
    pub seller_id: SellerId,
    /// The calendar year in which the fee year begins; for a package that in which the instalment
    /// falls.
    pub fee_year: i32,
    /// Which instalment of the package, from 1.
    pub instalment: Option<i32>,
    /// The series of its number.
    pub series: Option<String>,
    /// The year of its number.
    pub year: Option<i32>,
    /// Its number in the series and year.
    pub sequence: Option<i64>,
    /// The number as it is written.
    pub number: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Without tax, in minor units.
    pub net_minor: i64,
    /// The tax.
    pub vat_minor: i64,
    /// With tax.
    pub total_minor: i64,
    /// What payments were allocated to it.
    pub allocated_minor: i64,
    /// What credit notes took back of it.
    pub credited_minor: i64,
    /// What was given up of it.
    pub written_off_minor: i64,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// The last day to pay.
    pub due_on: Option<NaiveDate>,
    /// The day from which nothing is open.
    pub settled_on: Option<NaiveDate>,
    /// SHA-256 of everything that stands on it.
    pub content_hash: Option<String>,
    /// When it was drafted.
    pub created_at: Instant,
    /// Who drafted it.
    pub created_by: Option<UserId>,
    /// When its status last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Invoice {
    /// What is still to be paid, in minor units; nothing before it is issued.
    #[must_use]
    pub fn open_minor(&self) -> i64 {
        if self.status.is_open() {
            self.total_minor
                .saturating_sub(self.credited_minor)
                .saturating_sub(self.allocated_minor)
                .saturating_sub(self.written_off_minor)
        } else {
            0
        }
    }
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = invoice_lines, treat_none_as_default_value = false)]
pub struct InvoiceLine {
    /// The key.
    pub id: InvoiceLineId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its place, from 1.
    pub position: i32,
    /// What is charged.
    pub product: Product,
    /// What it is, in English.
    pub description_en: String,
    /// What it is, in Danish.
    pub description_da: String,
    /// How the amount came about, in English.
    pub formula_en: String,
    /// How the amount came about, in Danish.
    pub formula_da: String,
    /// The first day that is paid for.
    pub period_from: Option<NaiveDate>,
    /// The day after the last that is paid for.
    pub period_until: Option<NaiveDate>,
    /// How many.
    pub quantity: i32,
    /// The price of one, without tax.
    pub unit_minor: i64,
    /// The amount without tax.
    pub net_minor: i64,
    /// How much of it credit notes took back.
    pub credited_minor: i64,
    /// How tax applies.
    pub vat_category: VatCategory,
    /// The rate in basis points.
    pub vat_rate_bp: i32,
    /// Why no tax is charged.
    pub exemption_reason: Option<String>,
    /// The entry of the price list.
    pub price_id: Option<PriceId>,
}

/// Both sides of an issued invoice as they were on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = invoice_parties, treat_none_as_default_value = false)]
pub struct InvoiceParties {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// The [`Party`] that invoices.
    pub seller: Json,
    /// The [`Party`] that is invoiced.
    pub buyer: Json,
}

/// One side of an invoice as it was on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Party {
    /// The name.
    pub name: String,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub street: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub postal_code: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub town: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Company number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cvr: Option<String>,
    /// Number for value added tax; never on an invoice outside its scope (EN 16931, BR-O-02).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vat_number: Option<String>,
    /// Global location number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gln: Option<String>,
    /// What the buyer wants to read on it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order_reference: Option<String>,
    /// The seller's bank, registration and account number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bank_account: Option<String>,
    /// The seller's number on Danish payment slips.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fik_creditor: Option<String>,
    /// The seller's account for payers abroad.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub iban: Option<String>,
    /// The bank of that account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bic: Option<String>,
}

/// A fee invoice to draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeeInvoice {
    /// The membership; else that of the city in the fee year.
    pub membership: Option<MembershipId>,
    /// The city.
    pub city: Option<CityId>,
    /// The calendar year in which the fee year begins.
    pub fee_year: i32,
}

/// A package invoice to draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPackageInvoice {
    /// The package.
    pub package: PackageId,
    /// Which instalment, from 1; the first that has no invoice when nothing is said.
    pub instalment: Option<i32>,
}

/// Which invoices a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct InvoiceFilter {
    /// In one of these states.
    pub status: Option<Vec<InvoiceStatus>>,
    /// Of this city.
    pub city: Option<CityId>,
    /// Of this fee year.
    pub fee_year: Option<i32>,
    /// Of one of these kinds.
    pub kind: Option<Vec<InvoiceKind>>,
    /// Issued on or after.
    pub issued_from: Option<NaiveDate>,
    /// Issued before.
    pub issued_before: Option<NaiveDate>,
    /// Due on or after.
    pub due_from: Option<NaiveDate>,
    /// Due before.
    pub due_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How invoices are sorted.
    pub enum InvoiceOrder {
        /// By drafting, the oldest first.
        CreatedAtAsc = "CREATED_AT_ASC",
        /// By drafting, the newest first.
        CreatedAtDesc = "CREATED_AT_DESC",
        /// By date of issue, the oldest first; drafts last.
        IssuedOnAsc = "ISSUED_ON_ASC",
        /// By date of issue, the newest first; drafts last.
        IssuedOnDesc = "ISSUED_ON_DESC",
        /// By last change, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last change, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}

/// An invoice that was not paid in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueInvoice {
    /// The invoice.
    pub id: InvoiceId,
    /// Who owes it.
    pub city: CityId,
    /// The last day to pay.
    pub due_on: NaiveDate,
    /// The number.
    pub number: String,
}
