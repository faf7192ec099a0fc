//! What stands on a credit note, in the schema: its lines and its taxes. What it is not: the credit
//! note itself.

use async_graphql::{Context, ID, Object};

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::scalars::{Decimal, LanguageTag};
use crate::finance::credit_notes::{CreditNoteLine, CreditedTax};
use crate::finance::fees::Product;
use crate::finance::products::VatCategory;
use crate::finance::products::graphql::percent;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::language::Language;

/// A line of a credit note with its currency.
#[derive(Debug, Clone)]
pub struct ShownCreditLine {
    line: CreditNoteLine,
    currency: String,
}

impl ShownCreditLine {
    /// The line of a credit note in a currency.
    #[must_use]
    pub fn of(line: &CreditNoteLine, currency: &str) -> Self {
        Self {
            line: line.clone(),
            currency: currency.to_owned(),
        }
    }
}

/// A line of a credit note: what it takes back of a line of the invoice.
#[Object(name = "CreditNoteLine")]
impl ShownCreditLine {
    /// Its place, from 1.
    async fn position(&self) -> i32 {
        self.line.position
    }

    /// The id of the line of the invoice.
    async fn invoice_line_id(&self) -> ID {
        ID(self.line.invoice_line_id.public())
    }

    /// What was charged.
    async fn product(&self) -> Product {
        self.line.product
    }

    /// What it was: "Kontingent 2026".
    async fn description(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        let language =
            language.map_or(context.operation().language, |tag| Language::of_tag(&tag.0));
        match language {
            Language::Da => &self.line.description_da,
            Language::En => &self.line.description_en,
        }
    }

    /// The amount without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.line.net_minor, &self.currency)
    }

    /// How value added tax applied.
    async fn vat_category(&self) -> VatCategory {
        self.line.vat_category
    }

    /// The tax rate in per cent.
    async fn vat_rate(&self) -> Decimal {
        percent(self.line.vat_rate_bp)
    }

    /// Why no tax was charged; null when it was.
    async fn exemption_reason(&self) -> Option<&str> {
        self.line.exemption_reason.as_deref()
    }
}

/// The tax of a credit note for one category and rate, with its currency.
#[derive(Debug, Clone)]
pub struct ShownTax {
    tax: CreditedTax,
    currency: String,
}

impl ShownTax {
    /// The tax of a credit note in a currency.
    #[must_use]
    pub fn of(tax: CreditedTax, currency: &str) -> Self {
        Self {
            tax,
            currency: currency.to_owned(),
        }
    }
}

/// The tax that a credit note takes back for one category and rate.
#[Object(name = "CreditNoteTax")]
impl ShownTax {
    /// How value added tax applied.
    async fn vat_category(&self) -> VatCategory {
        self.tax.category
    }

    /// The tax rate in per cent.
    async fn vat_rate(&self) -> Decimal {
        percent(self.tax.rate_bp)
    }

    /// What the tax is on.
    async fn net(&self) -> Result<Amount> {
        stored(self.tax.net_minor, &self.currency)
    }

    /// The tax, rounded once; the credit that takes the rest takes the rest of the tax.
    async fn vat(&self) -> Result<Amount> {
        stored(self.tax.vat_minor, &self.currency)
    }
}
