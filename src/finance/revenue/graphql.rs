//! Revenue over time in the schema. What it is not: its postings; those are in the journal.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::NaiveDate;

use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable};
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::ledger::graphql::{permit_books, reads_books};
use crate::finance::ledger::{self, Account};
use crate::finance::revenue::{self, RevenueRun, RunState, rules};
use crate::finance::sellers;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, RevenueRunId};
use crate::kernel::instant::Instant;

/// How many runs are shown.
const RUNS: i64 = 20;

/// Loads runs.
#[derive(Debug)]
pub struct RevenueRunById;

impl Load for RevenueRunById {
    type Key = RevenueRunId;
    type Value = Arc<RevenueRun>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[RevenueRunId],
    ) -> Result<HashMap<RevenueRunId, Self::Value>> {
        if !reads_books(&operation.viewer) {
            return Ok(HashMap::new());
        }
        Ok(revenue::find_many_runs(db, keys)?
            .into_iter()
            .map(|run| (run.id, Arc::new(run)))
            .collect())
    }
}

/// The recognising of revenue through the end of a month.
#[Object]
impl RevenueRun {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The last day of the last month.
    async fn through(&self) -> Date {
        Date(self.through)
    }

    /// How far it is.
    async fn state(&self) -> RunState {
        self.state
    }

    /// How many lines of invoices it posted, counted month by month.
    async fn postings(&self) -> i64 {
        self.postings
    }

    /// When it was asked for.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last moved.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }
}

/// The revenue of a month on one account.
#[derive(Debug, SimpleObject)]
pub struct MonthlyRevenue {
    /// The last day of the month.
    month: Date,
    /// The account.
    account: Account,
    /// What was, or will be, earned in the month.
    amount: Amount,
}

/// A month up to which revenue is to be recognised.
#[derive(Debug, InputObject)]
pub struct RecogniseRevenueInput {
    /// The last day of a month that has passed.
    through: Date,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `recogniseRevenue`.
    RecogniseRevenuePayload {
        /// The run; the work is done in the background.
        run: RevenueRun
    }
);

/// Queries of revenue.
#[derive(Debug, Default)]
pub struct RevenueQuery;

#[Object]
impl RevenueQuery {
    /// The latest recognitions of revenue, at most 20, the newest first. For those who see all
    /// invoices.
    async fn revenue_runs(&self, context: &Context<'_>) -> Result<Vec<Arc<RevenueRun>>> {
        permit_books(&context.operation().viewer)?;
        let runs = context.read(|db| revenue::latest_runs(db, RUNS))?;
        Ok(runs.into_iter().map(Arc::new).collect())
    }

    /// What is in the books as revenue of a calendar year, by month and account. For those who see
    /// all invoices.
    async fn revenue(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The calendar year.")] year: i32,
    ) -> Result<Vec<MonthlyRevenue>> {
        permit_books(&context.operation().viewer)?;
        let months = context.read(|db| ledger::revenue_of_year(db, year))?;
        let shown = months.into_iter().map(|(month, account, currency, minor)| {
            Ok(MonthlyRevenue {
                month: Date(month),
                account,
                amount: stored(minor, &currency)?,
            })
        });
        shown.collect()
    }

    /// When the invoiced revenue that is deferred today will be earned, by month and account: the
    /// debt of service to the cities. For those who see all invoices.
    async fn deferred_revenue(&self, context: &Context<'_>) -> Result<Vec<MonthlyRevenue>> {
        permit_books(&context.operation().viewer)?;
        let (seller, lines) =
            context.read(|db| Ok((sellers::the_seller(db)?, revenue::to_come(db)?)))?;
        let by = sellers::recognition(&seller)?;
        let today = context.operation().today();
        let mut months: BTreeMap<(NaiveDate, Account, String), i64> = BTreeMap::new();
        for (account, currency, starts_on, ends_on, amount, recognised, alike) in lines {
            for (month, minor) in
                rules::to_come(amount, recognised, (starts_on, ends_on), today, by)
            {
                let sum = months
                    .entry((month, account, currency.clone()))
                    .or_default();
                *sum = sum.saturating_add(minor.saturating_mul(alike));
            }
        }
        let shown = months
            .into_iter()
            .map(|((month, account, currency), minor)| {
                Ok(MonthlyRevenue {
                    month: Date(month),
                    account,
                    amount: stored(minor, &currency)?,
                })
            });
        shown.collect()
    }
}

/// Mutations of revenue.
#[derive(Debug, Default)]
pub struct RevenueMutation;

#[Object]
impl RevenueMutation {
    /// Posts what the days through the end of a month have earned of all invoices, in the background.
    /// Asked again, it posts only what came since.
    async fn recognise_revenue(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The month.")] input: RecogniseRevenueInput,
    ) -> Result<RecogniseRevenuePayload> {
        let through = input.through.0;
        let performed =
            context.perform(Repeatable::MayHaveKey, |tx| revenue::recognise(tx, through));
        RecogniseRevenuePayload::of::<RevenueRunById>(context, performed).await
    }
}
