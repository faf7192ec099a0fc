//! Mutations of fee runs. What it is not: the work; that is a job's.

use async_graphql::{Context, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::scalars::Date;
use crate::finance::fee_runs::graphql::FeeRunById;
use crate::finance::fee_runs::{self, FeeRun, FeeRunStep, NewFeeRun};
use crate::kernel::error::Result;

/// A fee run to apply.
#[derive(Debug, InputObject)]
pub struct ApplyFeeRunInput {
    /// The calendar year in which the fee years begin.
    fee_year: i32,
    /// The date of the invoices, not after today and not before that of the last number.
    issued_on: Date,
    /// Whether to issue the invoices, or only to draft them.
    #[graphql(default_with = "FeeRunStep::Issue")]
    step: FeeRunStep,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `applyFeeRun`.
    ApplyFeeRunPayload {
        /// The run; the work is done in the background.
        fee_run: FeeRun
    }
);

/// Mutations of fee runs.
#[derive(Debug, Default)]
pub struct FeeRunMutation;

#[Object]
impl FeeRunMutation {
    /// Invoices the fee of a year to every member that has days in it and no invoice, in the background.
    /// Applied again, it invoices only what has no invoice by then. Needs an idempotency key.
    async fn apply_fee_run(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The year and the date.")] input: ApplyFeeRunInput,
    ) -> Result<ApplyFeeRunPayload> {
        let new = NewFeeRun {
            fee_year: input.fee_year,
            issued_on: input.issued_on.0,
            step: input.step,
        };
        let performed = context.perform(Repeatable::NeedsKey, |tx| fee_runs::apply(tx, new));
        ApplyFeeRunPayload::of::<FeeRunById>(context, performed).await
    }
}
