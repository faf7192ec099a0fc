//! What stands on an invoice, in the schema: its lines and its two parties. What it is not: the
//! invoice itself.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::scalars::{CountryCode, Date, Decimal, LanguageTag};
use crate::finance::fees::Product;
use crate::finance::invoices::{Invoice, InvoiceLine, Party, payment_reference};
use crate::finance::products::graphql::{PriceById, percent};
use crate::finance::products::{PriceVersion, VatCategory};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::language::Language;

/// A line of an invoice with its currency.
#[derive(Debug, Clone)]
pub struct ShownLine {
    line: InvoiceLine,
    currency: String,
}

impl ShownLine {
    /// The line of an invoice in a currency.
    #[must_use]
    pub fn of(line: &InvoiceLine, currency: &str) -> Self {
        Self {
            line: line.clone(),
            currency: currency.to_owned(),
        }
    }
}

fn asked(context: &Context<'_>, language: Option<LanguageTag>) -> Language {
    language.map_or(context.operation().language, |tag| Language::of_tag(&tag.0))
}

/// A line of an invoice.
#[Object(name = "InvoiceLine")]
impl ShownLine {
    /// The opaque id, by which a credit note names the line.
    async fn id(&self) -> ID {
        ID(self.line.id.public())
    }

    /// Its place, from 1.
    async fn position(&self) -> i32 {
        self.line.position
    }

    /// What is charged.
    async fn product(&self) -> Product {
        self.line.product
    }

    /// What it is: "Kontingent 2026".
    async fn description(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match asked(context, language) {
            Language::Da => &self.line.description_da,
            Language::En => &self.line.description_en,
        }
    }

    /// How the amount came about: "75.000,00 × 292/365 dage".
    async fn formula(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match asked(context, language) {
            Language::Da => &self.line.formula_da,
            Language::En => &self.line.formula_en,
        }
    }

    /// The first day that is paid for.
    async fn starts_on(&self) -> Option<Date> {
        self.line.period_from.map(Date)
    }

    /// The last day that is paid for.
    async fn ends_on(&self) -> Option<Date> {
        let until = self.line.period_until?;
        until.pred_opt().map(Date)
    }

    /// How many.
    async fn quantity(&self) -> i32 {
        self.line.quantity
    }

    /// The price of one, without tax.
    async fn unit_price(&self) -> Result<Amount> {
        stored(self.line.unit_minor, &self.currency)
    }

    /// The amount without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.line.net_minor, &self.currency)
    }

    /// How much of it credit notes took back, without tax.
    async fn credited_amount(&self) -> Result<Amount> {
        stored(self.line.credited_minor, &self.currency)
    }

    /// How value added tax applies.
    async fn vat_category(&self) -> VatCategory {
        self.line.vat_category
    }

    /// The tax rate in per cent.
    async fn vat_rate(&self) -> Decimal {
        percent(self.line.vat_rate_bp)
    }

    /// Why no tax is charged; null when it is.
    async fn exemption_reason(&self) -> Option<&str> {
        self.line.exemption_reason.as_deref()
    }

    /// The entry of the price list.
    async fn price(&self, context: &Context<'_>) -> Result<Option<Arc<PriceVersion>>> {
        match self.line.price_id {
            Some(id) => context.operation().load::<PriceById>(id).await,
            None => Ok(None),
        }
    }
}

/// What a payer writes, so that the payment is recognised without being read by a person.
#[derive(Debug, SimpleObject)]
pub struct PaymentReference {
    /// The reference of Danish payment slips, card 71: 15 digits, the last of them a check digit. Null for
    /// an invoice of a series that has none.
    fik: Option<String>,
    /// The creditor reference of ISO 11649, for payers abroad. Null for a number too long for one.
    rf: Option<String>,
}

impl PaymentReference {
    /// The references of an issued invoice; none of a draft.
    pub(super) fn of(invoice: &Invoice) -> Option<Self> {
        let number = invoice.number.as_deref()?;
        Some(Self {
            fik: payment_reference::fik_of_number(number),
            rf: payment_reference::rf(number),
        })
    }
}

/// One side of an invoice as it was on the day of issue.
#[Object(name = "InvoiceParty")]
impl Party {
    /// The name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Street and number.
    async fn street(&self) -> Option<&str> {
        self.street.as_deref()
    }

    /// Postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }

    /// Town.
    async fn town(&self) -> Option<&str> {
        self.town.as_deref()
    }

    /// The country.
    async fn country(&self) -> CountryCode {
        CountryCode(self.country.clone())
    }

    /// Danish company number.
    async fn cvr(&self) -> Option<&str> {
        self.cvr.as_deref()
    }

    /// Number for value added tax.
    async fn vat_number(&self) -> Option<&str> {
        self.vat_number.as_deref()
    }

    /// Global location number.
    async fn gln(&self) -> Option<&str> {
        self.gln.as_deref()
    }

    /// What the buyer wants to read on the invoice.
    async fn order_reference(&self) -> Option<&str> {
        self.order_reference.as_deref()
    }

    /// The account to pay to: registration and account number.
    async fn bank_account(&self) -> Option<&str> {
        self.bank_account.as_deref()
    }

    /// The seller's number on Danish payment slips: 8 digits.
    async fn fik_creditor(&self) -> Option<&str> {
        self.fik_creditor.as_deref()
    }

    /// The seller's account for payers abroad (ISO 13616).
    async fn iban(&self) -> Option<&str> {
        self.iban.as_deref()
    }

    /// The bank of that account (ISO 9362).
    async fn bic(&self) -> Option<&str> {
        self.bic.as_deref()
    }
}
