//! Drafts that are divided among payers, and put together again. What it is not: how much each pays, or the
//! record of it; that is in `grants`.

use serde_json::json;

use crate::db::Tx;
use crate::finance::invoices::drafts::of_draft;
use crate::finance::invoices::model::{Invoice, InvoiceKind, InvoiceLine, InvoiceStatus};
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{store, tax};
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::FundingGrantId;
use crate::kernel::money::{Currency, Money};

/// Stores a draft, whose row is locked, with the amounts and formulas that its lines have now.
///
/// # Errors
/// What the database says; refused when the sum does not fit.
pub fn rewrite(
    tx: &mut Tx<'_>,
    draft: &Invoice,
    lines: &[InvoiceLine],
    shifts: &mut Shifts,
) -> Result<Invoice> {
    let totals = totals(draft, lines)?;
    let after = Invoice {
        net_minor: totals.net.minor,
        vat_minor: totals.vat.minor,
        total_minor: totals.total.minor,
        updated_at: tx.now,
        version: draft.version.saturating_add(1),
        ..draft.clone()
    };
    store::update(tx, &after)?;
    for line in lines {
        store::update_line(tx, line)?;
    }
    shifts.note(Some(draft), Some(&after))?;

    audit::record(
        tx,
        "invoice.divided",
        draft.id,
        Some(draft.city_id),
        of_draft(&after, currency_of(draft)?),
    )?;
    Ok(after)
}

/// Drafts the invoice of a share of another one: of a funder, or of the city that bears what a funder no
/// longer pays. The lines are copies with the amounts of the share.
///
/// # Errors
/// What the database says; refused when the sum does not fit.
pub fn draft_share(
    tx: &mut Tx<'_>,
    whole: &Invoice,
    grant: Option<FundingGrantId>,
    lines: &[InvoiceLine],
    shifts: &mut Shifts,
) -> Result<(Invoice, Vec<InvoiceLine>)> {
    let totals = totals(whole, lines)?;
    let draft = Invoice {
        id: tx.new_id(),
        kind: if grant.is_some() {
            whole.kind
        } else {
            InvoiceKind::RecalledFunding
        },
        status: InvoiceStatus::Draft,
        grant_id: grant,
        series: None,
        year: None,
        sequence: None,
        number: None,
        net_minor: totals.net.minor,
        vat_minor: totals.vat.minor,
        total_minor: totals.total.minor,
        allocated_minor: 0,
        credited_minor: 0,
        written_off_minor: 0,
        issued_on: None,
        due_on: None,
        settled_on: None,
        content_hash: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
        ..whole.clone()
    };
    let rows: Vec<InvoiceLine> = (1..)
        .zip(lines)
        .map(|(position, line)| InvoiceLine {
            id: tx.new_id(),
            invoice_id: draft.id,
            position,
            unit_minor: line.net_minor,
            credited_minor: 0,
            ..line.clone()
        })
        .collect();
    store::insert(tx, &draft, &rows)?;
    shifts.note(None, Some(&draft))?;

    audit::record(
        tx,
        "invoice.drafted",
        draft.id,
        Some(draft.city_id),
        of_draft(&draft, currency_of(whole)?),
    )?;
    Ok((draft, rows))
}

/// Removes the draft of a share, whose row is locked.
///
/// # Errors
/// What the database says.
pub fn drop_share(tx: &mut Tx<'_>, draft: &Invoice, shifts: &mut Shifts) -> Result<()> {
    store::remove(tx, draft.id)?;
    shifts.note(Some(draft), None)?;

    audit::record(
        tx,
        "invoice.discarded",
        draft.id,
        Some(draft.city_id),
        json!({ "kind": draft.kind, "feeYear": draft.fee_year }),
    )
}

fn totals(invoice: &Invoice, lines: &[InvoiceLine]) -> Result<tax::Totals> {
    let currency = currency_of(invoice)?;
    let taxed: Vec<_> = lines
        .iter()
        .map(|line| {
            let net = Money::new(line.net_minor, currency);
            (net, line.vat_category, line.vat_rate_bp)
        })
        .collect();
    tax::totals(currency, &taxed)
}

fn currency_of(invoice: &Invoice) -> Result<Currency> {
    Currency::parse(&invoice.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("an invoice's currency")))
}
