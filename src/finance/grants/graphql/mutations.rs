//! Mutations of applications, awards and their use. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{Problems, at_most_100};
use crate::api::money::read_amount;
use crate::api::scalars::{CurrencyCode, Date, Decimal};
use crate::finance::fees::Product;
use crate::finance::grants::graphql::FundingGrantById;
use crate::finance::grants::{
    self, FundingGrant, NewAward, NewFunding, NewGrant, NewInstalment, PaidTo,
};
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::kernel::error::Result;
use crate::kernel::ids::FundingGrantId;

/// An application to begin.
#[derive(Debug, InputObject)]
pub struct ApplyForGrantInput {
    /// The city whose fees it shall pay; it need not be a member yet.
    city_id: ID,
    /// Who is asked.
    funder_id: ID,
    /// What the project is called.
    title: String,
    /// What the money is for.
    purpose: Option<String>,
    /// What is asked for.
    asked: Decimal,
    /// The currency of that; the Danish krone when left out.
    currency: Option<CurrencyCode>,
    /// What the funder calls it.
    reference: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ApplyForGrantInput {
    fn read(self) -> Result<NewGrant> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &self.city_id);
        let funder = problems.id("funderId", &self.funder_id);
        let asked = problems.keep(read_amount("asked", &self.asked, self.currency.as_ref()));
        let new = city.zip(funder).zip(asked);
        problems.or(new.map(|((city, funder), asked)| NewGrant {
            city,
            funder,
            title: self.title,
            purpose: self.purpose,
            asked,
            reference: self.reference,
        }))
    }
}

/// An application that the funder has.
#[derive(Debug, InputObject)]
pub struct SubmitGrantApplicationInput {
    /// The grant.
    grant_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The day on which the funder got it; today when left out.
    submitted_on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An application that the funder turned down.
#[derive(Debug, InputObject)]
pub struct RejectGrantInput {
    /// The grant.
    grant_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// What a promise in another currency comes to in ours.
#[derive(Debug, InputObject)]
pub struct ConvertedInput {
    /// The amount in the currency of our invoices.
    amount: Decimal,
    /// That currency; the Danish krone when left out.
    currency: Option<CurrencyCode>,
    /// The day of the rate.
    rate_on: Date,
}

/// A part in which the funder will pay.
#[derive(Debug, InputObject)]
pub struct GrantInstalmentInput {
    /// The day on which it is expected.
    due_on: Date,
    /// How much, in the currency of the promise.
    amount: Decimal,
}

/// What a funder promises.
#[derive(Debug, InputObject)]
pub struct AwardGrantInput {
    /// The grant.
    grant_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The day of the funder's decision.
    decided_on: Date,
    /// What the funder calls it; it stands on the funder's invoices.
    reference: Option<String>,
    /// The promise.
    promised: Decimal,
    /// The currency of the promise; the Danish krone when left out.
    currency: Option<CurrencyCode>,
    /// What the promise comes to in the currency of our invoices, when that is another one: the rate is
    /// fixed with the award.
    converted: Option<ConvertedInput>,
    /// The first day whose supplies it pays for.
    eligible_from: Date,
    /// The day after the last.
    eligible_until: Date,
    /// The most it pays of a cost, in per cent; all of it when left out.
    share: Option<Decimal>,
    /// What it pays for.
    products: Vec<Product>,
    /// Whether it also pays the tax on its share.
    covers_vat: bool,
    /// Whether it refuses to pay beside other public money.
    no_other_funds: bool,
    /// To whom the funder pays.
    paid_to: PaidTo,
    /// The day on which the funder wants the report.
    report_due_on: Date,
    /// In which parts the funder pays; at once on the day of the decision when left out. Together they are
    /// the promise.
    instalments: Option<Vec<GrantInstalmentInput>>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl AwardGrantInput {
    fn read(self) -> Result<NewAward> {
        at_most_100("instalments", self.instalments.as_deref())?;
        at_most_100("products", Some(&self.products))?;
        let mut problems = Problems::default();
        let grant = problems.id("grantId", &self.grant_id);
        let promised = problems.keep(read_amount(
            "promised",
            &self.promised,
            self.currency.as_ref(),
        ));
        let converted = self.converted.and_then(|said| {
            let amount = read_amount("converted.amount", &said.amount, said.currency.as_ref());
            Some((problems.keep(amount)?, said.rate_on.0))
        });
        let instalments = self.instalments.unwrap_or_default();
        let instalments = instalments.into_iter().map(|part| NewInstalment {
            due_on: part.due_on.0,
            amount: part.amount.0,
        });
        let known = grant.zip(promised);
        problems.or(known.map(|(grant, promised)| NewAward {
            grant,
            version: self.version,
            decided_on: self.decided_on.0,
            reference: self.reference,
            promised,
            converted,
            eligible_from: self.eligible_from.0,
            eligible_until: self.eligible_until.0,
            share: self.share.map(|share| share.0),
            products: self.products,
            covers_vat: self.covers_vat,
            no_other_funds: self.no_other_funds,
            paid_to: self.paid_to,
            report_due_on: self.report_due_on.0,
            instalments: instalments.collect(),
        }))
    }
}

/// What a grant shall pay of an invoice.
#[derive(Debug, InputObject)]
pub struct FundingShareInput {
    /// The grant.
    grant_id: ID,
    /// How much, without tax, in the currency of the invoice; its share when left out.
    amount: Option<Decimal>,
}

/// An invoice that grants shall pay of.
#[derive(Debug, InputObject)]
pub struct FundInvoiceInput {
    /// The city's own invoice of a fee or a package: a draft, or issued.
    invoice_id: ID,
    /// The version of the invoice that was read; another one now means that somebody else changed it.
    version: i32,
    /// By which grants.
    shares: Vec<FundingShareInput>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl FundInvoiceInput {
    fn read(self) -> Result<NewFunding> {
        at_most_100("shares", Some(&self.shares))?;
        let mut problems = Problems::default();
        let invoice = problems.id("invoiceId", &self.invoice_id);
        let mut shares = Vec::with_capacity(self.shares.len());
        for (place, share) in self.shares.into_iter().enumerate() {
            let grant = problems.id(&format!("shares.{place}.grantId"), &share.grant_id);
            let amount = share.amount.map(|amount| amount.0);
            shares.extend(grant.map(|grant| (grant, amount)));
        }
        problems.or(invoice.map(|invoice| NewFunding {
            invoice,
            version: self.version,
            shares,
        }))
    }
}

crate::payload!(
    /// The answer of `applyForGrant`.
    ApplyForGrantPayload {
        /// The grant, a draft.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `submitGrantApplication`.
    SubmitGrantApplicationPayload {
        /// The grant, which the funder has.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `rejectGrant`.
    RejectGrantPayload {
        /// The grant, rejected.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `awardGrant`.
    AwardGrantPayload {
        /// The grant with its award.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `fundInvoice`.
    FundInvoicePayload {
        /// The city's invoice, with what grants pay of it.
        invoice: Invoice
    }
);

/// Mutations of applications, awards and their use.
#[derive(Debug, Default)]
pub struct GrantMutation;

#[Object]
impl GrantMutation {
    /// Begins an application of a city to a funder; coordinators for their own city.
    /// Needs an idempotency key.
    async fn apply_for_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city, the funder and what is asked for.")] input: ApplyForGrantInput,
    ) -> Result<ApplyForGrantPayload> {
        let performed = input
            .read()
            .and_then(|new| context.perform(Repeatable::NeedsKey, |tx| grants::apply(tx, &new)));
        ApplyForGrantPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Notes that the funder has the application.
    async fn submit_grant_application(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant.")] input: SubmitGrantApplicationInput,
    ) -> Result<SubmitGrantApplicationPayload> {
        let on = input.submitted_on.map(|date| date.0);
        let version = input.version;
        let performed = read_grant(&input.grant_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                grants::submit(tx, id, version, on)
            })
        });
        SubmitGrantApplicationPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Notes that the funder said no.
    async fn reject_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant and the reason.")] input: RejectGrantInput,
    ) -> Result<RejectGrantPayload> {
        let (version, reason) = (input.version, input.reason);
        let performed = read_grant(&input.grant_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                grants::reject(tx, id, version, &reason)
            })
        });
        RejectGrantPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Records what the funder promised.
    async fn award_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant and the promise.")] input: AwardGrantInput,
    ) -> Result<AwardGrantPayload> {
        let performed = input
            .read()
            .and_then(|new| context.perform(Repeatable::MayHaveKey, |tx| grants::award(tx, &new)));
        AwardGrantPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Lets grants pay of a city's invoice. Of a draft, a funder that pays us gets a draft of its own and
    /// the city's charges the rest; of an issued invoice the share is credited and invoiced to the funder
    /// at once. A funder that pays on the city's invoice is named there.
    /// Needs an idempotency key.
    async fn fund_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and the grants.")] input: FundInvoiceInput,
    ) -> Result<FundInvoicePayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| grants::fund_invoice(tx, &new))
        });
        FundInvoicePayload::of::<InvoiceById>(context, performed).await
    }
}

pub(super) fn read_grant(id: &ID) -> Result<FundingGrantId> {
    let mut problems = Problems::default();
    let id = problems.id("grantId", id);
    problems.or(id)
}
