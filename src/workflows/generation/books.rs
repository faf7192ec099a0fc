//! The books of generated cities: each copy of an invoice or payment is posted as its original was. What
//! it is not: postings anew; the sums by month are made from the copies at the end.

use std::collections::HashMap;

use crate::db::Tx;
use crate::finance::invoices::Invoice;
use crate::finance::ledger::{LedgerLine, LedgerTransaction};
use crate::finance::revenue::RevenueSchedule;
use crate::kernel::ids::{InvoiceId, LedgerTransactionId};
use crate::workflows::generation::copies::Keys;
use crate::workflows::generation::records::Records;

impl Records {
    /// Copies what was posted about the copied records; the invoices from `first` on are the copies.
    pub(super) fn copy_books(&self, tx: &Tx<'_>, keys: &Keys, first: usize, copies: &mut Self) {
        let numbers: HashMap<InvoiceId, Option<String>> = copies
            .invoices
            .iter()
            .skip(first)
            .map(|invoice: &Invoice| (invoice.id, invoice.number.clone()))
            .collect();
        let number = |invoice: Option<InvoiceId>| {
            invoice.and_then(|invoice| numbers.get(&invoice).cloned().flatten())
        };
        let mut new_keys: HashMap<LedgerTransactionId, LedgerTransactionId> = HashMap::new();
        for row in &self.transactions {
            let (Some(subject_id), Some(city_id)) = (
                keys.of(row.subject_id),
                row.city_id.and_then(|city| keys.of(city)),
            ) else {
                continue;
            };
            let id = tx.new_id();
            new_keys.insert(row.id, id);
            let of_invoice = keys.of(row.subject_id).map(crate::kernel::ids::Id::uuid);
            copies.transactions.push(LedgerTransaction {
                id,
                subject_id,
                document: number(of_invoice.map(crate::kernel::ids::Id::of)),
                city_id: Some(city_id),
                ..row.clone()
            });
        }
        for row in &self.entries {
            if let Some(transaction_id) = new_keys.get(&row.transaction_id) {
                copies.entries.push(LedgerLine {
                    transaction_id: *transaction_id,
                    invoice_id: row.invoice_id.and_then(|invoice| keys.of(invoice)),
                    ..row.clone()
                });
            }
        }
        for row in &self.schedules {
            let invoice_id = keys.of(row.invoice_id);
            if let (Some(line_id), Some(invoice_id), Some(city_id)) =
                (keys.of(row.line_id), invoice_id, keys.of(row.city_id))
            {
                copies.schedules.push(RevenueSchedule {
                    line_id,
                    invoice_id,
                    city_id,
                    document: number(Some(invoice_id)).unwrap_or_default(),
                    ..row.clone()
                });
            }
        }
    }
}
