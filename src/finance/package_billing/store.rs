//! The queries of what packages are billed. What it is not: the contracts.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::finance::invoices::Invoice;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, InvoiceId, PackageId};
use crate::kernel::sql_types::Uid;
use crate::schema::invoices;

type InvoiceType = diesel::dsl::SqlTypeOf<<invoices::table as Table>::AllColumns>;

/// The invoices of these packages that are not taken back as a whole, drafts among them, with what is
/// credited of their net amounts.
pub(super) fn invoices_of(
    db: &mut Db,
    packages: &[PackageId],
) -> Result<HashMap<PackageId, Vec<(Invoice, i64)>>> {
    let found = Sql::new("SELECT invoices.* FROM invoices WHERE invoices.kind IN ('PACKAGE', 'RECALLED_FUNDING') AND invoices.status <> 'CREDITED' AND invoices.package_id")
        .in_uids(packages.iter().map(|package| package.uuid()).collect())
        .text(" ORDER BY invoices.package_id, invoices.instalment, (invoices.grant_id IS NOT NULL), invoices.kind, invoices.created_at, invoices.id")
        .load::<InvoiceType, Invoice>(db)?;
    let keys: Vec<Uuid> = found.iter().map(|invoice| invoice.id.uuid()).collect();
    let credited: HashMap<InvoiceId, i64> = Sql::new("SELECT invoice_id, CAST(SUM(credited_minor) AS BIGINT) FROM invoice_lines WHERE credited_minor > 0 AND invoice_id")
        .in_uids(keys)
        .text(" GROUP BY invoice_id")
        .load::<(Uid, BigInt), (Uuid, i64)>(db)?
        .into_iter()
        .map(|(invoice, minor)| (InvoiceId::of(invoice), minor))
        .collect();
    let mut invoices: HashMap<PackageId, Vec<(Invoice, i64)>> = HashMap::new();
    for invoice in found {
        if let Some(package) = invoice.package_id {
            let minor = credited.get(&invoice.id).copied().unwrap_or_default();
            invoices.entry(package).or_default().push((invoice, minor));
        }
    }
    Ok(invoices)
}
