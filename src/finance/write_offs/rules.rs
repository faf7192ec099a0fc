//! Whether so much can be written off, and who has to agree. What it is not: the locks.

use crate::finance::invoices::Invoice;
use crate::finance::write_offs::model::{WriteOff, WriteOffStatus};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// How much is written off: what is asked for, or all that is open.
///
/// # Errors
/// `NotInState` when nothing is open; `OutOfRange` for no amount of the currency, or none above zero;
/// `ExceedsOpenAmount` for more than is open.
pub fn amount(invoice: &Invoice, currency: Currency, asked: Option<&str>) -> Result<i64, Refusal> {
    let open = invoice.open_minor();
    if open == 0 {
        return Err(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "Nothing is open on the invoice.",
            "Intet er åbent på fakturaen.",
        ));
    }
    let minor = match asked {
        None => open,
        Some(text) => {
            Money::parse(text, currency)
                .map_err(|refusal| {
                    let phrase = refusal.phrase();
                    Refusal::new(RefusalCode::OutOfRange, "amount", phrase.en, phrase.da)
                })?
                .minor
        }
    };
    if minor <= 0 {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "amount",
            "The amount must be above zero.",
            "Beløbet skal være over nul.",
        ));
    }
    if minor > open {
        return Err(too_much("amount", open, currency));
    }
    Ok(minor)
}

/// The refusal of more than is open on an invoice.
#[must_use]
pub fn too_much(field: &str, open_minor: i64, currency: Currency) -> Refusal {
    let open = Money::new(open_minor, currency).amount();
    Refusal::new(
        RefusalCode::ExceedsOpenAmount,
        field,
        format!("Only {open} is open on the invoice; write off that or less."),
        format!("Kun {open} er åbent på fakturaen; afskriv det eller mindre."),
    )
}

/// Whether a second person has to approve: when one person would have written off more of the invoice
/// than the limit alone, whether at once or in several parts. In another currency than the limit's
/// always.
#[must_use]
pub fn needs_second_person(
    limit: Money,
    earlier: &[WriteOff],
    amount_minor: i64,
    currency: &str,
) -> bool {
    let alone = earlier
        .iter()
        .filter(|one| one.status == WriteOffStatus::WrittenOff && one.amount_minor > 0)
        .filter(|one| one.created_by == one.approved_by)
        .fold(amount_minor, |sum, one| {
            sum.saturating_add(one.amount_minor)
        });
    currency != limit.currency.code() || alone > limit.minor
}
