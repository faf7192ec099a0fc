//! A statement of an account is made of all its movements. Pure; the movements are a parameter.

use chrono::{Datelike, NaiveDate};

use crate::finance::statements::model::{AccountStatement, Entry, Movement};
use crate::kernel::error::{Error, Result};
use crate::kernel::money::Currency;
use crate::kernel::phrase::Phrase;

/// The days that a statement is about: from the first day of the year to today, unless said otherwise.
///
/// # Errors
/// `BadRequest` for a last day before the first.
pub fn days(
    from: Option<NaiveDate>,
    through: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(NaiveDate, NaiveDate)> {
    let through = through.unwrap_or(today);
    let from = from
        .or(NaiveDate::from_ymd_opt(through.year(), 1, 1))
        .unwrap_or(through);
    if through < from {
        return Err(Error::BadRequest(Phrase::new(
            "The last day is before the first.",
            "Den sidste dag er før den første.",
        )));
    }
    Ok((from, through))
}

/// The statement of some days, made of all movements until the last of them in their order.
///
/// # Errors
/// A fault of ours for amounts beyond all bounds.
pub fn statement(
    movements: Vec<Movement>,
    currency: Currency,
    (from, through): (NaiveDate, NaiveDate),
) -> Result<AccountStatement> {
    let mut balance = 0_i64;
    let mut opening_minor = 0;
    let mut entries = Vec::new();
    for movement in movements {
        if movement.on > through {
            continue;
        }
        balance = balance
            .checked_add(movement.minor)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("an account beyond all bounds")))?;
        if movement.on < from {
            opening_minor = balance;
        } else {
            entries.push(Entry {
                movement,
                balance_minor: balance,
            });
        }
    }
    Ok(AccountStatement {
        currency,
        from,
        through,
        opening_minor,
        entries,
        closing_minor: balance,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::finance::statements::model::MovementKind;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, number).unwrap()
    }

    fn moved(on: u32, minor: i64) -> Movement {
        Movement {
            kind: MovementKind::Invoice,
            on: day(on),
            id: Uuid::from_u128(1),
            minor,
            number: None,
            reference: None,
        }
    }

    #[test]
    fn what_was_before_is_the_opening_balance() {
        let movements = || vec![moved(1, 100), moved(5, 40), moved(5, -140), moved(9, 7)];
        for (from, through, opening, balances, closing) in [
            (1, 9, 0, &[100, 140, 0, 7][..], 7),
            (2, 5, 100, &[140, 0], 0),
            (6, 8, 0, &[], 0),
            (10, 31, 7, &[], 7),
        ] {
            let found = statement(movements(), Currency::DKK, (day(from), day(through))).unwrap();
            let shown: Vec<i64> = found.entries.iter().map(|one| one.balance_minor).collect();
            assert_eq!(
                (found.opening_minor, shown.as_slice(), found.closing_minor),
                (opening, balances, closing),
                "{from} {through}"
            );
        }
        assert!(
            statement(
                vec![moved(1, i64::MAX), moved(2, 1)],
                Currency::DKK,
                (day(1), day(3))
            )
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn opening_and_movements_make_the_closing_balance(mut days in prop::collection::vec((1..31_u32, -1_000..1_000_i64), 0..30), from in 1..31_u32, length in 0..31_u32) {
            days.sort_by_key(|(on, _)| *on);
            let through = (from + length).min(31);
            let found = statement(days.iter().map(|(on, minor)| moved(*on, *minor)).collect(), Currency::DKK, (day(from), day(through))).unwrap();
            let sum: i64 = found.entries.iter().map(|one| one.movement.minor).sum();
            prop_assert_eq!(found.opening_minor + sum, found.closing_minor);
            let next = statement(days.iter().map(|(on, minor)| moved(*on, *minor)).collect(), Currency::DKK, (day(through), day(31))).unwrap();
            prop_assert!(next.closing_minor == days.iter().map(|(_, minor)| minor).sum::<i64>());
        }
    }
}
