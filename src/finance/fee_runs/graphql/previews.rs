//! The preview of a fee run in the schema. What it is not: stored.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::finance::fee_runs::{self, FeeRunOutcome, FeeRunPreview, FeeRunReason, PreviewRow};
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::invoices::{Invoice, InvoiceLine};
use crate::kernel::error::Result;
use crate::kernel::language::Language;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::memberships::Membership;
use crate::registry::memberships::graphql::MembershipById;

crate::connection!(FeeRunPreviewRowConnection, FeeRunPreviewRowEdge, PreviewRow);

/// What a fee run would do.
#[derive(Debug)]
pub struct Previewed(pub Arc<FeeRunPreview>);

/// How many memberships a fee run leaves for one reason.
#[derive(Debug, SimpleObject)]
pub struct FeeRunLeft {
    /// The reason.
    reason_code: FeeRunReason,
    /// Whether they are skipped or fail.
    outcome: FeeRunOutcome,
    /// How many.
    memberships: i64,
}

/// What a fee run over a year would do now.
#[Object(name = "FeeRunPreview")]
impl Previewed {
    /// How many memberships would be invoiced.
    async fn invoices(&self) -> i64 {
        self.0.invoices
    }

    /// What would be invoiced, without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.0.net_minor, &self.0.currency)
    }

    /// What would be invoiced, with tax.
    async fn total(&self) -> Result<Amount> {
        stored(self.0.total_minor, &self.0.currency)
    }

    /// How many memberships would not be invoiced, by reason.
    async fn left(&self) -> Vec<FeeRunLeft> {
        let left = self.0.left.iter();
        left.map(|(reason, count)| FeeRunLeft {
            reason_code: *reason,
            outcome: reason.outcome(),
            memberships: *count,
        })
        .collect()
    }

    /// Every membership of the year, by the name of its city.
    async fn rows(
        &self,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<FeeRunPreviewRowConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let listed = self.0.page(&page)?;
        let all = i64::try_from(self.0.rows.len()).unwrap_or(i64::MAX);
        let count = move |_: &mut Db, _: &Operation| Ok(all);
        let order = fee_runs::preview_order();
        Ok(FeeRunPreviewRowConnection(Connected::new(
            listed, order, count,
        )))
    }
}

/// What a fee run would do about a membership.
#[Object(name = "FeeRunPreviewRow")]
impl PreviewRow {
    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city).await
    }

    /// The membership.
    async fn membership(&self, context: &Context<'_>) -> Result<Option<Arc<Membership>>> {
        let operation = context.operation();
        operation.load::<MembershipById>(self.membership).await
    }

    /// What would be done.
    async fn outcome(&self) -> FeeRunOutcome {
        self.outcome
    }

    /// Why it would not be invoiced, as a word; null when it would.
    async fn reason_code(&self) -> Option<FeeRunReason> {
        self.left.as_ref().map(|left| left.reason)
    }

    /// Why it would not be invoiced; null when it would.
    async fn reason(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> Option<&str> {
        let language = context.language(language.as_ref());
        let left = self.left.as_ref()?;
        Some(left.words.in_language(language))
    }

    /// The invoice or the draft that is there; null without.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        match self.invoice {
            Some(invoice) => context.operation().load::<InvoiceById>(invoice).await,
            None => Ok(None),
        }
    }

    /// The lines that would be invoiced.
    async fn lines(&self) -> Vec<PreviewLine> {
        let lines = self.draft.iter().flat_map(|(invoice, lines)| {
            let currency = &invoice.currency;
            lines.iter().map(|line| PreviewLine {
                line: line.clone(),
                currency: currency.clone(),
            })
        });
        lines.collect()
    }

    /// What would be invoiced, without tax; null when nothing is.
    async fn net(&self) -> Result<Option<Amount>> {
        let invoice = self.draft.as_ref().map(|(invoice, _)| invoice);
        invoice
            .map(|invoice| stored(invoice.net_minor, &invoice.currency))
            .transpose()
    }

    /// What would be invoiced, with tax; null when nothing is.
    async fn total(&self) -> Result<Option<Amount>> {
        let invoice = self.draft.as_ref().map(|(invoice, _)| invoice);
        invoice
            .map(|invoice| stored(invoice.total_minor, &invoice.currency))
            .transpose()
    }
}

/// A line that would be invoiced, with its currency.
#[derive(Debug, Clone)]
pub struct PreviewLine {
    line: InvoiceLine,
    currency: String,
}

/// A line that a fee run would invoice.
#[Object(name = "FeeRunPreviewLine")]
impl PreviewLine {
    /// What it is: "Kontingent 2026".
    async fn description(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.line.description_da,
            Language::En => &self.line.description_en,
        }
    }

    /// How the amount comes about: "75.000,00 × 292/365 dage".
    async fn formula(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.line.formula_da,
            Language::En => &self.line.formula_en,
        }
    }

    /// The first day that would be paid for.
    async fn starts_on(&self) -> Option<Date> {
        self.line.period_from.map(Date)
    }

    /// The last day that would be paid for.
    async fn ends_on(&self) -> Option<Date> {
        let until = self.line.period_until?;
        until.pred_opt().map(Date)
    }

    /// The amount without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.line.net_minor, &self.currency)
    }
}
