//! A statement of the bank for the demonstration: Copenhagen's payment, which finance recorded by hand, a
//! payment with a slip of the keyboard that waits for finance, and a fee of the bank. What it is not: the
//! payments of the other cities; those were before the statement.

use crate::db::Tx;
use crate::finance::bank::{self, BankEntryFilter, BankProposalKind, Written};
use crate::finance::{invoices, sellers};
use crate::kernel::error::{Error, Result};
use crate::kernel::money::{Currency, Money};
use crate::kernel::page::Page;
use crate::workflows::demonstration::{day, on};

/// Takes the statement in and links what was recorded by hand.
pub(super) fn reconcile(tx: &mut Tx<'_>) -> Result<()> {
    let seller = sellers::the_seller(tx.db)?;
    let own = bank::own_account(&seller)?;
    let mut open = invoices::open_of_seller(tx.db, seller.id, &seller.currency)?;
    open.sort_by(|one, other| one.number.cmp(&other.number));
    let Some(owed) = open.first() else {
        return Ok(());
    };
    let (year, sequence) = owed.number.split_once('-').unwrap_or((&owed.number, ""));
    let said = format!(
        "faktura {} {}",
        year.to_lowercase(),
        sequence.trim_start_matches('0')
    );
    let amount = Money::new(owed.open_minor, Currency::DKK)
        .amount()
        .replace('.', ",");
    let table = format!(
        "Dato;Tekst;Beløb\n04-05-2026;Københavns Kommune F2026;20.000,00\n05-05-2026;{said};{amount}\n05-05-2026;Gebyr;-25,00\n"
    );
    let judged = bank::judge(table.as_bytes(), Written::Table, own).map_err(|faults| {
        Error::Internal(anyhow::anyhow!("the demonstration's bank: {faults:?}"))
    })?;
    on(tx, day(2026, 5, 6), |tx| bank::take_in(tx, &judged))?;

    let page = Page::from_arguments(Some(100), None, None, None)?;
    let entries = bank::list(tx.db, &BankEntryFilter::default(), &[], &page)?;
    for entry in entries.rows {
        let proposals = bank::proposals_of_many(tx.db, &[entry.id])?.remove(&entry.id);
        let best = proposals.unwrap_or_default().into_iter().next();
        if best.is_some_and(|best| best.kind == BankProposalKind::Recorded) {
            on(tx, day(2026, 5, 6), |tx| {
                bank::confirm(tx, entry.id, entry.version, None)
            })?;
        }
    }
    Ok(())
}
