//! Mutations of invoices. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::payload::{UserError, split};
use crate::api::scalars::Date;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::invoices::{self, Invoice, NewFeeInvoice, NewPackageInvoice};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, InvoiceId};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The fee of a year to invoice. Give the membership, or the city.
#[derive(Debug, InputObject)]
pub struct DraftFeeInvoiceInput {
    /// The membership.
    membership_id: Option<ID>,
    /// The city; its membership in the fee year is invoiced.
    city_id: Option<ID>,
    /// The calendar year in which the fee year begins.
    fee_year: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl DraftFeeInvoiceInput {
    fn read(self) -> Result<NewFeeInvoice> {
        let mut problems = Problems::default();
        let membership = problems.optional_id(
            "membershipId",
            self.membership_id.as_ref().map(|id| id.as_str()),
        );
        let city = problems.optional_id("cityId", self.city_id.as_ref().map(|id| id.as_str()));
        match (&self.membership_id, &self.city_id) {
            (None, None) => problems.add(one_of_both(RefusalCode::Required)),
            (Some(_), Some(_)) => problems.add(one_of_both(RefusalCode::OutOfRange)),
            _ => {}
        }
        problems.none()?;
        Ok(NewFeeInvoice {
            membership,
            city,
            fee_year: self.fee_year,
        })
    }
}

fn one_of_both(code: RefusalCode) -> Refusal {
    Refusal::new(
        code,
        "membershipId",
        "Give the membership or the city, one of the two.",
        "Angiv medlemskabet eller byen, én af de to.",
    )
}

/// A payment for a package to invoice.
#[derive(Debug, InputObject)]
pub struct DraftPackageInvoiceInput {
    /// The package.
    package_id: ID,
    /// Which instalment, from 1; the first without an invoice when left out.
    instalment: Option<i32>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl DraftPackageInvoiceInput {
    fn read(self) -> Result<NewPackageInvoice> {
        let mut problems = Problems::default();
        let package = problems.id("packageId", &self.package_id);
        let instalment = self.instalment;
        problems.or(package.map(|package| NewPackageInvoice {
            package,
            instalment,
        }))
    }
}

/// A draft to issue.
#[derive(Debug, InputObject)]
pub struct IssueInvoiceInput {
    /// The draft.
    invoice_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The date of the invoice, not before that of the last number; today in Copenhagen when left
    /// out.
    issued_on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A draft to discard.
#[derive(Debug, InputObject)]
pub struct DiscardInvoiceInput {
    /// The draft.
    invoice_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `draftFeeInvoice`.
    DraftFeeInvoicePayload {
        /// The draft.
        invoice: Invoice
    }
);

crate::payload!(
    /// The answer of `draftPackageInvoice`.
    DraftPackageInvoicePayload {
        /// The draft.
        invoice: Invoice
    }
);

crate::payload!(
    /// The answer of `issueInvoice`.
    IssueInvoicePayload {
        /// The invoice with its number.
        invoice: Invoice
    }
);

/// The answer of `discardInvoice`.
#[derive(Debug, SimpleObject)]
pub struct DiscardInvoicePayload {
    /// The id that the draft had.
    invoice_id: Option<ID>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Mutations of invoices.
#[derive(Debug, Default)]
pub struct InvoiceMutation;

#[Object]
impl InvoiceMutation {
    /// Drafts the invoice of a fee year of a membership. Days that a package pays for are left out.
    async fn draft_fee_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The fee.")] input: DraftFeeInvoiceInput,
    ) -> Result<DraftFeeInvoicePayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::MayHaveKey, |tx| invoices::draft_fee(tx, &new))
        });
        DraftFeeInvoicePayload::of::<InvoiceById>(context, performed).await
    }

    /// Drafts the invoice of an instalment of a package.
    async fn draft_package_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package.")] input: DraftPackageInvoiceInput,
    ) -> Result<DraftPackageInvoicePayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                invoices::draft_package(tx, &new)
            })
        });
        DraftPackageInvoicePayload::of::<InvoiceById>(context, performed).await
    }

    /// Issues a draft: it gets the next number and cannot be changed any more.
    /// Needs an idempotency key.
    async fn issue_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The draft.")] input: IssueInvoiceInput,
    ) -> Result<IssueInvoicePayload> {
        let (version, on) = (Some(input.version), input.issued_on.map(|date| date.0));
        let performed = read_invoice(&input.invoice_id).and_then(|id| {
            context.perform(Repeatable::NeedsKey, |tx| {
                invoices::issue_read(tx, id, version, on)
            })
        });
        IssueInvoicePayload::of::<InvoiceById>(context, performed).await
    }

    /// Discards a draft. What is issued stays.
    async fn discard_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The draft.")] input: DiscardInvoiceInput,
    ) -> Result<DiscardInvoicePayload> {
        let version = input.version;
        let performed = read_invoice(&input.invoice_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                invoices::discard(tx, id, version)
            })
        });
        let (discarded, user_errors) = split(context, performed)?;
        Ok(DiscardInvoicePayload {
            invoice_id: discarded.map(|id| ID(id.public())),
            user_errors,
        })
    }
}

fn read_invoice(id: &ID) -> Result<InvoiceId> {
    let mut problems = Problems::default();
    let id = problems.id("invoiceId", id);
    problems.or(id)
}
