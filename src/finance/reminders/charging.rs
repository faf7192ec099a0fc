//! Interest that finance charges by itself, without a reminder, and charges that it waives. What it is
//! not: what a reminder costs (`actions`).

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::credit_notes::{self, CreditReason, NewCredit};
use crate::finance::invoices::{self, InvoiceKind};
use crate::finance::legal::LegalData;
use crate::finance::reminders::actions::{charge, locked_facts};
use crate::finance::reminders::charges::{self, Charges};
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CreditNoteId, InvoiceId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities;

/// Interest to charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewInterestCharge {
    /// The invoice that is, or was, late.
    pub invoice: InvoiceId,
    /// The version that was read.
    pub version: i32,
    /// Up to and with which day.
    pub until: NaiveDate,
}

/// Charges the interest on an invoice up to and with a day, as far as it was not charged before: also of
/// one that is paid by now, until the day it was. What comes back is the invoice that charges it.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a day ahead, for late charges, when there is nothing to charge, and
/// when a rate is not known.
pub fn charge_interest(
    tx: &mut Tx<'_>,
    new: &NewInterestCharge,
    legal: &LegalData,
) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let city = invoices::get(tx.db, new.invoice)?.city_id;
    cities::lock(tx, city)?;
    let facts = locked_facts(tx, new.invoice, legal)?;
    expect_version(Some(new.version), facts.invoice.version)?;
    if facts.invoice.kind == InvoiceKind::LateCharges {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "There is no interest on interest: this invoice charges for lateness itself.",
            "Der er ingen rentes rente: fakturaen opkræver selv for forsinkelse.",
        )));
    }
    let today = tx.today();
    if new.until > today {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "until",
            format!("Interest is charged up to a day that is not after today, {today}."),
            format!("Rente opkræves til en dag, der ikke er efter i dag, {today}."),
        )));
    }
    let interest = charges::new_interest(
        &facts.claim,
        new.until,
        facts.policy.day_count,
        &facts.charged,
        legal,
    )
    .map_err(Error::refused)?;
    let charges = Charges {
        interest,
        ..Charges::default()
    };
    let issued = charge(tx, &facts, &charges, 0, today)?;
    issued.ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "There is no interest to charge up to that day.",
            "Der er ingen rente at opkræve til den dag.",
        ))
    })
}

/// Waives what is left of an invoice of late charges: a credit note takes it back. What is waived is not
/// charged again.
///
/// # Errors
/// As [`credit_notes::credit`]; refused for an invoice of anything else.
pub fn waive(tx: &mut Tx<'_>, id: InvoiceId, version: i32, reason: String) -> Result<CreditNoteId> {
    tx.viewer.permit(Permission::Invoice)?;

    if invoices::get(tx.db, id)?.kind != InvoiceKind::LateCharges {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "Only late charges are waived; credit another invoice instead.",
            "Kun gebyrer, kompensation og renter eftergives; krediter en anden faktura i stedet.",
        )));
    }
    let credit = NewCredit {
        invoice: id,
        version,
        lines: None,
        reason_code: CreditReason::Goodwill,
        reason,
    };
    credit_notes::credit(tx, &credit)
}

/// What is not issued is not late.
pub(super) fn is_draft() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "The invoice is a draft; nothing is owed on it yet.",
        "Fakturaen er en kladde; der skyldes intet på den endnu.",
    )
}
