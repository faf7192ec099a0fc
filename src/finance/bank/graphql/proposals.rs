//! What is proposed and decided about entries of the bank, in the schema. What it is not: the entries.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::scalars::LanguageTag;
use crate::finance::bank::{
    BankDecision, BankDecisionKind, BankDecisionMade, BankPolicy, BankProposal, BankProposalKind,
    ProposedShare,
};
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::payments::Payment;
use crate::finance::payments::graphql::PaymentById;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

/// What an entry may be, with the currency of its account.
#[derive(Debug, Clone)]
pub struct ShownProposal(pub(super) BankProposal, pub(super) String);

/// What an entry of the bank may be, with how sure that is and why.
#[Object(name = "BankProposal")]
impl ShownProposal {
    /// The opaque id.
    async fn id(&self) -> ID {
        ID(self.0.id.public())
    }

    /// What is proposed.
    async fn kind(&self) -> BankProposalKind {
        self.0.kind
    }

    /// How sure it is, from 0 to 100.
    async fn confidence(&self) -> i32 {
        self.0.confidence
    }

    /// Why.
    async fn reason(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        in_language(context, language, &self.0.reason_da, &self.0.reason_en)
    }

    /// Who paid; null unless a payment is proposed.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.0.city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The payment that is taken back, or that it was recorded as by hand.
    async fn payment(&self, context: &Context<'_>) -> Result<Option<Arc<Payment>>> {
        match self.0.payment_id {
            Some(id) => context.operation().load::<PaymentById>(id).await,
            None => Ok(None),
        }
    }

    /// How much of which invoice; what is left is kept for the city.
    async fn allocations(&self) -> Result<Vec<ShownShare>> {
        let shares: Vec<ProposedShare> = self.0.shares.read()?;
        Ok(shares
            .into_iter()
            .map(|share| ShownShare(share, self.1.clone()))
            .collect())
    }
}

/// A part of an entry for an invoice, with its currency.
#[derive(Debug, Clone)]
pub struct ShownShare(ProposedShare, String);

/// How much of an entry is proposed for an invoice.
#[Object(name = "ProposedAllocation")]
impl ShownShare {
    /// The invoice.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        let operation = context.operation();
        operation.load::<InvoiceById>(self.0.invoice).await
    }

    /// How much.
    async fn amount(&self) -> Result<Amount> {
        stored(self.0.minor, &self.1)
    }
}

/// What was decided about an entry, as it is shown.
#[derive(Debug, Clone)]
pub struct ShownDecision(pub(super) BankDecision);

/// What was decided about an entry of the bank.
#[Object(name = "BankDecision")]
impl ShownDecision {
    /// What.
    async fn kind(&self) -> BankDecisionKind {
        self.0.kind
    }

    /// How it was made.
    async fn made(&self) -> BankDecisionMade {
        self.0.made
    }

    /// How sure the proposal was; null where there was none.
    async fn confidence(&self) -> Option<i32> {
        self.0.confidence
    }

    /// Why; empty where finance wrote nothing.
    async fn reason(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        in_language(context, language, &self.0.reason_da, &self.0.reason_en)
    }

    /// The payment that was recorded, linked or reversed.
    async fn payment(&self, context: &Context<'_>) -> Result<Option<Arc<Payment>>> {
        match self.0.payment_id {
            Some(id) => context.operation().load::<PaymentById>(id).await,
            None => Ok(None),
        }
    }

    /// When.
    async fn decided_at(&self) -> Instant {
        self.0.created_at
    }
}

/// From which confidence on entries of the bank are matched without asking finance.
#[Object]
impl BankPolicy {
    /// From 50 to 100; null is never.
    async fn automatic_from(&self) -> Option<i32> {
        (self.automatic_from <= 100).then_some(self.automatic_from)
    }

    /// The version of the record; 0 where nothing was said yet.
    async fn version(&self) -> i32 {
        self.version
    }
}

fn in_language<'a>(
    context: &Context<'_>,
    language: Option<LanguageTag>,
    da: &'a str,
    en: &'a str,
) -> &'a str {
    match language.map_or(context.operation().language, |tag| Language::of_tag(&tag.0)) {
        Language::Da => da,
        Language::En => en,
    }
}
