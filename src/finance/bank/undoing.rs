//! Decisions about entries of the bank are undone: everything is as it was, and the history stays. What it
//! is not: the decisions (`deciding`).

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::bank::deciding::{Why, currency_of, decide};
use crate::finance::bank::model::{BankDecisionKind, BankEntry, Direction, MatchEntries, Reasoned};
use crate::finance::bank::{refusals, store};
use crate::finance::invoices;
use crate::finance::payments::{self, NewPayment, NewReversal, Share};
use crate::jobs;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{BankEntryId, PaymentId};
use crate::kernel::money::Money;
use crate::kernel::phrase::Phrase;
use crate::kernel::text;

/// Undoes what was decided about an entry. A payment that it made is reversed as recorded wrongly, so that
/// every invoice is open as before; a payment that it took back is recorded anew for what it settled; a
/// link is cut. The history stays.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a reason, for an entry that nothing was decided about, and when the
/// payment cannot be reversed any more.
pub fn undo(tx: &mut Tx<'_>, new: &Reasoned) -> Result<BankEntryId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let entry = store::lock(tx, new.entry)?;
    expect_version(Some(new.version), entry.version)?;
    let reason = text::paragraph("reason", &new.reason).map_err(Error::refused)?;
    let decisions = store::decisions_of_many(tx.db, &[entry.id])?.remove(&entry.id);
    let last = decisions.unwrap_or_default().pop();
    let Some(last) = last.filter(|last| last.kind != BankDecisionKind::Undone) else {
        return Err(Error::refused(refusals::nothing_to_undo()));
    };
    match (last.kind, entry.payment_id) {
        (BankDecisionKind::Matched, Some(payment)) => {
            let payment = payments::get(tx.db, payment)?;
            let reversal = NewReversal {
                payment: payment.id,
                version: payment.version,
                on: payment.received_on,
                reason: reason.clone(),
            };
            payments::reverse(tx, &reversal)?;
        }
        (BankDecisionKind::Returned, Some(payment)) => stands_again(tx, &entry, payment)?,
        _ => {}
    }
    let why = Why::said(Phrase::new(reason.clone(), reason));
    decide(tx, &entry, BankDecisionKind::Undone, None, why)?;
    jobs::enqueue(tx, &MatchEntries {})?;
    Ok(entry.id)
}

/// Records a payment anew that was reversed by mistake, for what it settled as far as that is still open;
/// the entry by which it came belongs to the new one.
fn stands_again(tx: &mut Tx<'_>, entry: &BankEntry, reversed: PaymentId) -> Result<()> {
    let old = payments::get(tx.db, reversed)?;
    let currency = currency_of(entry)?;
    let mut shares = Vec::new();
    for (invoice, minor) in store::taken_off_by(tx.db, reversed)? {
        let open = invoices::get(tx.db, invoice)?.open_minor();
        let minor = minor.min(open);
        if minor > 0 {
            shares.push(Share {
                invoice,
                amount: Money::new(minor, currency),
            });
        }
    }
    let new = NewPayment {
        city: old.city_id,
        amount: Money::new(old.amount_minor, currency),
        received_on: old.received_on,
        reference: old.reference,
        payer_name: old.payer_name,
        note: old.note,
        allocate_to: shares,
        other_cities: true,
    };
    let payment = payments::record(tx, &new)?;
    let came = store::of_payments(tx.db, &[reversed])?.remove(&reversed);
    for credit in came.unwrap_or_default() {
        if credit.direction != Direction::Credit {
            continue;
        }
        let credit = store::lock(tx, credit.id)?;
        let why = Why::said(Phrase::new(
            "Its payment was taken back by mistake and is recorded anew.",
            "Dens betaling blev ved en fejl ført tilbage og er registreret igen.",
        ));
        decide(
            tx,
            &credit,
            BankDecisionKind::Matched,
            Some(payment.id),
            why,
        )?;
    }
    Ok(())
}
