//! Drafting the invoice of what the late payment of another one costs. What it is not: how much that
//! is; that is in `reminders`.

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::invoices::drafts::{LineTerms, Subject, store_draft};
use crate::finance::invoices::model::{Invoice, InvoiceKind};
use crate::finance::invoices::rules::DraftLine;
use crate::finance::products::VatCategory;
use crate::finance::sellers;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::InvoiceId;
use crate::kernel::money::Currency;

/// Reminder fees, compensation and interest are damages and no payment for a supply, so they are outside
/// the scope of value added tax.
const OUTSIDE_SCOPE: &str = "Uden for momslovens anvendelsesområde: rykkergebyr, kompensation og morarente er ikke vederlag for en leverance (outside the scope of VAT)";

/// Drafts the late charges of an issued invoice, for the same city, in the same currency and the same fee
/// year. The city is locked.
///
/// # Errors
/// What the database says; a fault of ours for a stored currency that is none.
pub fn draft_late_charges(
    tx: &mut Tx<'_>,
    overdue: &Invoice,
    lines: &[DraftLine],
) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let seller = sellers::get(tx.db, overdue.seller_id)?;
    let currency = Currency::parse(&overdue.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("an invoice's currency")))?;
    let subject = Subject {
        kind: InvoiceKind::LateCharges,
        city: overdue.city_id,
        membership: None,
        package: None,
        grant: overdue.grant_id,
        fee_year: overdue.fee_year,
        instalment: None,
    };
    let terms = LineTerms {
        vat_category: VatCategory::O,
        vat_rate_bp: 0,
        exemption_reason: Some(OUTSIDE_SCOPE.to_owned()),
        price: None,
    };
    store_draft(tx, &seller, subject, &terms, currency, lines)
}
