//! What is owed to the network in the schema. What it is not: its sums.

use async_graphql::{Context, Object, SimpleObject};

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::scalars::Date;
use crate::finance::invoices;
use crate::finance::ledger::graphql::permit_books;
use crate::finance::receivables::rules::{self, Age};
use crate::kernel::error::Result;

/// The claims of one age in one currency.
#[derive(Debug, SimpleObject)]
pub struct AgedClaims {
    /// How long they are overdue.
    age: Age,
    /// How many invoices.
    invoices: i64,
    /// What is open on them.
    open: Amount,
}

/// What is expected in a month in one currency.
#[derive(Debug, SimpleObject)]
pub struct ExpectedCash {
    /// The last day of the month.
    month: Date,
    /// What is due in it; in the current month also all that is overdue.
    amount: Amount,
}

/// Queries of what is owed to the network.
#[derive(Debug, Default)]
pub struct ReceivableQuery;

#[Object]
impl ReceivableQuery {
    /// How old the claims on all cities are, by currency and age: now, or by the books as they stood
    /// at the end of a day. For those who see all invoices.
    async fn receivables_aging(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<Date>,
    ) -> Result<Vec<AgedClaims>> {
        permit_books(&context.operation().viewer)?;
        let today = context.operation().today();
        let on = as_of.map_or(today, |day| day.0);
        let dues = context.read(|db| {
            if on < today {
                invoices::open_by_due_on(db, on)
            } else {
                invoices::open_by_due(db)
            }
        })?;
        let shown =
            rules::ages(dues, on)
                .into_iter()
                .map(|((currency, age), (invoices, minor))| {
                    Ok(AgedClaims {
                        age,
                        invoices,
                        open: stored(minor, &currency)?,
                    })
                });
        shown.collect()
    }

    /// When the open claims are due, by month and currency. For those who see all invoices.
    async fn cash_forecast(&self, context: &Context<'_>) -> Result<Vec<ExpectedCash>> {
        permit_books(&context.operation().viewer)?;
        let today = context.operation().today();
        let dues = context.read(invoices::open_by_due)?;
        let shown = rules::months(dues, today)
            .into_iter()
            .map(|((month, currency), minor)| {
                Ok(ExpectedCash {
                    month: Date(month),
                    amount: stored(minor, &currency)?,
                })
            });
        shown.collect()
    }
}
