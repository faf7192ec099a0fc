//! The pre-flight in the schema: the loader behind `Invoice.preflight`. What it is not: a type of
//! its own.

use std::collections::HashMap;
use std::sync::Arc;

use crate::api::batch::Load;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::einvoices::{facts_of_many, preflight};
use crate::finance::invoices;
use crate::kernel::error::Result;
use crate::kernel::ids::InvoiceId;
use crate::kernel::refusal::Refusal;

/// Loads what keeps invoices from being electronic ones. Whoever has an invoice may see it.
#[derive(Debug)]
pub struct PreflightOfInvoice;

impl Load for PreflightOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<Refusal>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        let listed = invoices::find_many(db, keys)?;
        Ok(facts_of_many(db, &listed)?
            .into_iter()
            .map(|(invoice, facts)| (invoice, Arc::new(preflight(&facts))))
            .collect())
    }
}
