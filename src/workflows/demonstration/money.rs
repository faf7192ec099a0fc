//! The demonstration's invoices and payments, in every state. What it is not: a fee run; the
//! invoices are drafted and issued one by one on their days.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::finance::invoices::{self, NewFeeInvoice};
use crate::finance::payments::{self, NewPayment, Share};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, InvoiceId, MembershipId};
use crate::kernel::money::{Currency, Money};
use crate::workflows::demonstration::{Cast, day, on};

/// The memo's yearly fee in øre.
const FEE: i64 = 7_500_000;

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
    for (index, city, membership, joined_on) in &members {
        if *joined_on < day(2026, 1, 1) {
            let pays = match index % 11 {
                4 => Pays::Nothing,
                7 => Pays::Half,
                _ => Pays::All,
            };
            fee(tx, *city, *membership, 2026, day(2026, 1, 15), pays)?;
        }
    }
    copenhagen(tx, cast)?;
    drafts(tx, &members)
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
) -> Result<()> {
    let invoice = issue(tx, membership, year, issued_on)?;
    let amount = match pays {
        Pays::All => FEE,
        Pays::Half => FEE / 2,
        Pays::Nothing => return Ok(()),
    };
    pay(tx, city, invoice, amount, day(year, 2, 10))
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
    let amount = Money::new(minor, Currency::DKK);
    let payment = NewPayment {
        city,
        amount,
        received_on,
        reference: Some("Demonstration payment".to_owned()),
        payer_name: None,
        note: None,
        allocate_to: vec![Share { invoice, amount }],
        other_cities: false,
    };
    on(tx, received_on, |tx| payments::record(tx, &payment))?;
    Ok(())
}
