//! What issuing and crediting an invoice mean in the books. What it is not: the books; it says which
//! accounts the lines of an invoice belong to.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::finance::fees::Product;
use crate::finance::invoices::model::{Invoice, InvoiceLine};
use crate::finance::ledger::postings::{self, Claim, Posting};
use crate::finance::ledger::{self, Account};
use crate::finance::revenue::{self, Earning, Issued};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::InvoiceLineId;
use crate::kernel::period::Period;

/// Posts an invoice that is being issued, and begins to earn its lines.
pub(super) fn post_issue(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    lines: &[InvoiceLine],
    on: NaiveDate,
) -> Result<()> {
    let posting = begin_to_earn(tx, invoice, lines, on)?;
    ledger::post(tx, posting)
}

/// Begins to earn the lines of an invoice that is being issued; what comes back is still to be posted.
pub(super) fn begin_to_earn(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    lines: &[InvoiceLine],
    on: NaiveDate,
) -> Result<Posting> {
    let earnings: Vec<_> = lines.iter().filter_map(earning).collect();
    let account = |line: &InvoiceLine| {
        if earning(line).is_some() {
            Account::DeferredRevenue
        } else {
            account_of(line.product)
        }
    };
    let earned: Vec<_> = lines
        .iter()
        .map(|line| (account(line), line.net_minor))
        .collect();
    let number = invoice.number.clone().unwrap_or_default();
    let issued = Issued {
        invoice: invoice.id,
        city: invoice.city_id,
        number: &number,
        currency: &invoice.currency,
        on,
    };
    revenue::open(tx, issued, &earnings)?;
    Ok(postings::invoice_issued(
        &claim(invoice),
        on,
        invoice.total_minor,
        invoice.vat_minor,
        &earned,
    ))
}

/// What every posting about an invoice says of it.
#[must_use]
pub fn claim(invoice: &Invoice) -> Claim {
    Claim {
        invoice: invoice.id,
        number: invoice.number.clone(),
        city: invoice.city_id,
        currency: invoice.currency.clone(),
    }
}

/// Of which accounts a credit takes its amounts back, line by line; what the lines earn over time
/// shrinks with it. The invoice is locked.
///
/// # Errors
/// What the database says.
pub fn taken_back(
    tx: &mut Tx<'_>,
    lines: &[InvoiceLine],
    credited: &[(InvoiceLineId, i64)],
) -> Result<Vec<(Account, i64)>> {
    let mut accounts = Vec::with_capacity(credited.len());
    for (id, minor) in credited {
        let line = lines
            .iter()
            .find(|line| line.id == *id)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a credit of no line")))?;
        match revenue::reduce(tx, *id, *minor)? {
            Some(parts) => accounts.extend(parts),
            None => accounts.push((account_of(line.product), *minor)),
        }
    }
    Ok(accounts)
}

/// A line that is earned over the days it pays for; none when it has no such days. The days of interest
/// are over when it is charged, so it is earned at once.
fn earning(line: &InvoiceLine) -> Option<Earning> {
    if !line.product.has_price() {
        return None;
    }
    let period = Period::new(line.period_from?, Some(line.period_until?)).ok()?;
    (line.net_minor > 0 && !period.is_empty()).then_some(Earning {
        line: line.id,
        account: account_of(line.product),
        period,
        minor: line.net_minor,
    })
}

/// The account of a product's revenue.
const fn account_of(product: Product) -> Account {
    match product {
        Product::AnnualFee => Account::FeeRevenue,
        Product::Package => Account::PackageRevenue,
        Product::ReminderFee | Product::Compensation | Product::LateInterest => {
            Account::LateCharges
        }
        Product::OpeningItem => Account::OpeningBalance,
    }
}
