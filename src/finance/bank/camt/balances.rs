//! The opening and the closing balance of a statement. What it is not: whether its entries lead from one
//! to the other.

use crate::finance::bank::camt::values::{amount, direction};
use crate::finance::bank::fault::{Fault, FaultCode, Spot};
use crate::finance::bank::model::Direction;
use crate::finance::bank::xml::Element;
use crate::kernel::money::Currency;

/// The booked balances before the first and after the last entry in minor units, and their currency. The
/// opening one is `OPBD`, or the previous closing one, `PRCD`; the closing one is `CLBD`. A page of a longer
/// statement has interim balances, `ITBD`, in their place: the first before, the last after. Available
/// balances (`CLAV`, `ITAV`, `FWAV`) count what is not booked, and are passed over.
pub(super) fn balances(
    statement: &Element,
    spot: &Spot,
    faults: &mut Vec<Fault>,
) -> (Option<i64>, Option<i64>, Option<Currency>) {
    let mut booked: Vec<(&str, i64, Currency)> = Vec::new();
    for balance in statement.all("Bal") {
        let Some(kind) = balance.text_at(&["Tp", "CdOrPrtry", "Cd"]) else {
            continue;
        };
        if !["OPBD", "PRCD", "CLBD", "ITBD"].contains(&kind) {
            continue;
        }
        match signed(balance, spot) {
            Ok((minor, currency)) => booked.push((kind, minor, currency)),
            Err(fault) => faults.push(fault),
        }
    }
    let currency = booked.first().map(|(_, _, currency)| *currency);
    for (kind, _, other) in &booked {
        if Some(*other) != currency {
            faults.push(Fault::at(
                spot,
                FaultCode::Currency,
                format!(
                    "The balance {kind} is in {other}, another currency than the first balance."
                ),
                format!("Saldoen {kind} er i {other}, en anden valuta end den første saldo."),
            ));
        }
    }
    let of = |wanted: &str| {
        let mut found = booked.iter().filter(move |(kind, ..)| *kind == wanted);
        found.next().map(|(_, minor, _)| *minor)
    };
    let interim: Vec<i64> = booked
        .iter()
        .filter(|(kind, ..)| *kind == "ITBD")
        .map(|(_, minor, _)| *minor)
        .collect();
    // One interim balance stands in one place only: in the one that nothing else fills.
    let (opening, closing) = match (of("OPBD").or(of("PRCD")), of("CLBD"), interim.as_slice()) {
        (Some(opening), None, [.., last]) => (Some(opening), Some(*last)),
        (None, Some(closing), [first, ..]) => (Some(*first), Some(closing)),
        (None, None, [first, .., last]) => (Some(*first), Some(*last)),
        (opening, closing, _) => (opening, closing),
    };
    (opening, closing, currency)
}

fn signed(balance: &Element, spot: &Spot) -> Result<(i64, Currency), Fault> {
    let element = balance
        .child("Amt")
        .ok_or_else(|| super::missing(spot, "Bal/Amt"))?;
    let (minor, currency) = amount(spot, element)?;
    Ok(match direction(spot, balance)? {
        Direction::Credit => (minor, currency),
        Direction::Debit => (minor.saturating_neg(), currency),
    })
}
