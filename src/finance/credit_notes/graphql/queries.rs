//! Queries of credit notes. What it is not: the fields of a credit note.

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, DateRange, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::credit_notes::graphql::CreditNoteConnection;
use crate::finance::credit_notes::{self, CreditNoteFilter, CreditNoteOrder, CreditNoteStatus};
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Which credit notes a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct CreditNoteFilterInput {
    /// In one of these states.
    status: Option<Vec<CreditNoteStatus>>,
    /// Of this city.
    city_id: Option<ID>,
    /// Of this invoice.
    invoice_id: Option<ID>,
    /// Issued in this range of days.
    issued_on: Option<DateRange>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl CreditNoteFilterInput {
    fn read(self) -> Result<CreditNoteFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let (issued_from, issued_before) = inputs::days(self.issued_on);
        let invoice = self.invoice_id.as_ref();
        Ok(CreditNoteFilter {
            status: self.status,
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            invoice: invoice.map(inputs::query_id).transpose()?,
            issued_from,
            issued_before,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of credit notes.
#[derive(Debug, Default)]
pub struct CreditNoteQuery;

#[Object]
impl CreditNoteQuery {
    /// The credit notes that the caller may see, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn credit_notes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<CreditNoteFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<CreditNoteOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<CreditNoteConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| credit_notes::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| credit_notes::count(db, &scope, &filter);
        let order = credit_notes::order(&order);
        Ok(CreditNoteConnection(Connected::new(listed, order, count)))
    }
}
