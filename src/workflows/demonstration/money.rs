//! The demonstration's invoices, payments and credit notes, in every state. What it is not: a fee run;
//! the invoices are drafted and issued one by one on their days, and nothing is really sent.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::finance::credit_notes::{self, AskedLine, CreditReason, NewCredit};
use crate::finance::invoices::{self, NewFeeInvoice, NewPackageInvoice};
use crate::finance::payments::{self, NewPayment, Share};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, InvoiceId, MembershipId};
use crate::kernel::money::{Currency, Money};
use crate::workflows::demonstration::{Cast, day, on};

/// The memo's yearly fee in øre.
const FEE: i64 = 7_500_000;

/// What Oslo owes for the first of its two instalments, and what it paid, in øre.
const OSLO_OWED: i64 = 18_750_000;
const OSLO_PAID: i64 = 18_850_000;

/// How a city pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pays {
    All,
    Half,
    Nothing,
}

/// Invoices two fee years and records what was paid.
pub(super) fn invoice(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let members: Vec<(usize, CityId, MembershipId, NaiveDate)> = cast
        .cities
        .iter()
        .enumerate()
        .filter_map(|(index, (_, city))| {
            cast.memberships
                .get(city)
                .map(|(membership, joined_on)| (index, *city, *membership, *joined_on))
        })
        .collect();
    for (index, city, membership, joined_on) in &members {
        if *joined_on < day(2025, 1, 1) {
            let pays = if index % 29 == 3 {
                Pays::Nothing
            } else {
                Pays::All
            };
            fee(tx, *city, *membership, 2025, day(2025, 1, 15), pays)?;
        }
    }
    let mut favoured = false;
    let mut unpaid = Vec::new();
    for (index, city, membership, joined_on) in &members {
        if *joined_on < day(2026, 1, 1) {
            let pays = match index % 11 {
                4 => Pays::Nothing,
                7 => Pays::Half,
                _ => Pays::All,
            };
            let invoice = fee(tx, *city, *membership, 2026, day(2026, 1, 15), pays)?;
            if pays == Pays::Nothing {
                unpaid.push(invoice);
            }
            if pays == Pays::Half && !favoured {
                favour(tx, invoice)?;
                favoured = true;
            }
        }
    }
    copenhagen(tx, cast)?;
    drafts(tx, &members)?;
    match unpaid.last() {
        Some(invoice) => waive(tx, *invoice),
        None => Ok(()),
    }
}

/// A fee of 2026 that the network takes back as a whole.
fn waive(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<()> {
    let new = NewCredit {
        invoice,
        version: invoices::get(tx.db, invoice)?.version,
        lines: None,
        reason_code: CreditReason::Goodwill,
        reason: "Demonstration credit of a whole fee".to_owned(),
    };
    on(tx, day(2026, 6, 1), |tx| credit_notes::credit(tx, &new))?;
    Ok(())
}

/// A favour for a city that has paid half of its fee: 5.000,00 of the other half are not owed.
fn favour(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<()> {
    let lines = invoices::lines_of_many(tx.db, &[invoice])?;
    let lines = lines.get(&invoice).into_iter().flatten().take(1);
    let new = NewCredit {
        invoice,
        version: invoices::get(tx.db, invoice)?.version,
        lines: Some(
            lines
                .map(|line| AskedLine {
                    line: line.id,
                    amount: "5000.00".to_owned(),
                })
                .collect(),
        ),
        reason_code: CreditReason::Goodwill,
        reason: "Demonstration credit".to_owned(),
    };
    on(tx, day(2026, 3, 2), |tx| credit_notes::credit(tx, &new))?;
    Ok(())
}

/// 60.000,00 for the rest of 2026, of which 20.000,00 are paid.
fn copenhagen(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let city = cast.city("Copenhagen")?;
    let Some((membership, _)) = cast.memberships.get(&city).copied() else {
        return Ok(());
    };
    let invoice = issue(tx, membership, 2026, day(2026, 3, 20))?;
    pay(tx, city, invoice, 2_000_000, day(2026, 5, 4))
}

/// The first instalment of each package: Oslo's is paid with a bit too much, Lyon's is open, and
/// Copenhagen's waits for its day.
pub(super) fn instalments(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    for (name, package) in &cast.packages {
        let first = NewPackageInvoice {
            package: *package,
            instalment: Some(1),
        };
        let draft = |tx: &mut Tx<'_>| invoices::draft_package(tx, &first);
        let issue = |tx: &mut Tx<'_>, date: NaiveDate| {
            on(tx, date, |tx| {
                let id = draft(tx)?;
                invoices::issue(tx, id, Some(date))
            })
        };
        match *name {
            "Oslo" => {
                let invoice = issue(tx, day(2025, 6, 2))?;
                let city = cast.city(name)?;
                record(tx, city, OSLO_PAID, (invoice, OSLO_OWED), day(2025, 6, 20))?;
            }
            "Lyon" => {
                let invoice = issue(tx, day(2026, 4, 1))?;
                on(tx, day(2026, 4, 2), |tx| invoices::mark_sent(tx, invoice))?;
            }
            _ => {
                on(tx, day(2026, 9, 2), draft)?;
            }
        }
    }
    Ok(())
}

/// A few drafts of the year to come wait for their day.
fn drafts(tx: &mut Tx<'_>, members: &[(usize, CityId, MembershipId, NaiveDate)]) -> Result<()> {
    for (_, _, membership, _) in members.iter().filter(|(index, ..)| index % 50 == 9) {
        on(tx, day(2026, 11, 16), |tx| draft(tx, *membership, 2027))?;
    }
    Ok(())
}

fn fee(
    tx: &mut Tx<'_>,
    city: CityId,
    membership: MembershipId,
    year: i32,
    issued_on: NaiveDate,
    pays: Pays,
) -> Result<InvoiceId> {
    let invoice = issue(tx, membership, year, issued_on)?;
    let amount = match pays {
        Pays::All => FEE,
        Pays::Half => FEE / 2,
        Pays::Nothing => return Ok(invoice),
    };
    pay(tx, city, invoice, amount, day(year, 2, 10))?;
    Ok(invoice)
}

fn draft(tx: &mut Tx<'_>, membership: MembershipId, fee_year: i32) -> Result<InvoiceId> {
    invoices::draft_fee(
        tx,
        &NewFeeInvoice {
            membership: Some(membership),
            city: None,
            fee_year,
        },
    )
}

fn issue(
    tx: &mut Tx<'_>,
    membership: MembershipId,
    fee_year: i32,
    issued_on: NaiveDate,
) -> Result<InvoiceId> {
    on(tx, issued_on, |tx| {
        let id = draft(tx, membership, fee_year)?;
        invoices::issue(tx, id, Some(issued_on))
    })
}

fn pay(
    tx: &mut Tx<'_>,
    city: CityId,
    invoice: InvoiceId,
    minor: i64,
    received_on: NaiveDate,
) -> Result<()> {
    record(tx, city, minor, (invoice, minor), received_on)
}

/// Records a payment of which so much is used for an invoice.
fn record(
    tx: &mut Tx<'_>,
    city: CityId,
    minor: i64,
    (invoice, used): (InvoiceId, i64),
    received_on: NaiveDate,
) -> Result<()> {
    let payment = NewPayment {
        city,
        amount: Money::new(minor, Currency::DKK),
        received_on,
        reference: Some("Demonstration payment".to_owned()),
        payer_name: None,
        note: None,
        allocate_to: vec![Share {
            invoice,
            amount: Money::new(used, Currency::DKK),
        }],
        other_cities: false,
    };
    on(tx, received_on, |tx| payments::record(tx, &payment))?;
    Ok(())
}
