//! When a period or a year may be closed. Pure decisions.

use chrono::{Datelike, NaiveDate};

use crate::finance::ledger::rules::Locks;
use crate::finance::periods::model::LockKind;
use crate::finance::revenue::rules::last_of_month;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The locks with a period more.
///
/// # Errors
/// Refused for a day that does not end its month, that has not passed, or that is before what is
/// locked hard.
pub fn locked(
    locks: Locks,
    through: NaiveDate,
    kind: LockKind,
    today: NaiveDate,
) -> Result<Locks, Refusal> {
    if last_of_month(through) != Some(through) || through >= today {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "through",
            "The books are closed through the last day of a month that is over.",
            "Bøgerne lukkes til og med den sidste dag i en måned, der er forbi.",
        ));
    }
    if let Some(hard) = locks.hard_through.filter(|hard| through <= *hard) {
        return Err(Refusal::new(
            RefusalCode::NotInState,
            "through",
            format!("The books are closed for good through {hard}."),
            format!("Bøgerne er lukket endeligt til og med {hard}."),
        ));
    }
    Ok(match kind {
        LockKind::Soft => Locks {
            soft_through: Some(through),
            ..locks
        },
        LockKind::Hard => Locks {
            soft_through: locks.soft_through.filter(|soft| *soft > through),
            hard_through: Some(through),
        },
    })
}

/// The last day of a year that may be closed.
///
/// # Errors
/// Refused for a year that is not over, or closed already.
pub fn year_to_close(year: i32, locks: Locks, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    let last = NaiveDate::from_ymd_opt(year, 12, 31).filter(|last| *last < today);
    let Some(last) = last else {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "year",
            format!(
                "The year {year} is not over; {} is the last one to close.",
                today.year() - 1
            ),
            format!(
                "Året {year} er ikke forbi; {} er det seneste, der kan lukkes.",
                today.year() - 1
            ),
        ));
    };
    match locks.hard_through {
        Some(hard) if hard >= last => Err(Refusal::new(
            RefusalCode::NotInState,
            "year",
            format!("The year {year} is closed: the books are closed for good through {hard}."),
            format!("Året {year} er lukket: bøgerne er lukket endeligt til og med {hard}."),
        )),
        _ => Ok(last),
    }
}

/// A closed day is no date for what is issued now.
#[must_use]
pub fn closed_date(field: &str, day: NaiveDate, closed: NaiveDate) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        field,
        format!(
            "The books are closed through {closed}, and {day} is before that; choose a later date."
        ),
        format!("Bøgerne er lukket til og med {closed}, og {day} ligger før; vælg en senere dato."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn periods_are_closed_in_order_and_only_when_they_are_over() {
        let today = day("2026-11-23");
        let locks = |soft: &str, hard: &str| Locks {
            soft_through: parse_date(soft).ok(),
            hard_through: parse_date(hard).ok(),
        };
        let table = [
            (
                locks("", ""),
                "2026-10-31",
                LockKind::Soft,
                Some(locks("2026-10-31", "")),
            ),
            (
                locks("2026-10-31", ""),
                "2026-09-30",
                LockKind::Soft,
                Some(locks("2026-09-30", "")),
            ),
            (
                locks("2026-10-31", ""),
                "2026-09-30",
                LockKind::Hard,
                Some(locks("2026-10-31", "2026-09-30")),
            ),
            (
                locks("2026-09-30", ""),
                "2026-10-31",
                LockKind::Hard,
                Some(locks("", "2026-10-31")),
            ),
            (locks("", "2026-09-30"), "2026-09-30", LockKind::Hard, None),
            (locks("", "2026-09-30"), "2026-08-31", LockKind::Soft, None),
            (locks("", ""), "2026-11-30", LockKind::Soft, None),
            (locks("", ""), "2026-10-30", LockKind::Soft, None),
        ];
        for (before, through, kind, after) in table {
            assert_eq!(
                locked(before, day(through), kind, today).ok(),
                after,
                "{through} {kind}"
            );
        }
        // A month is over on the day after its last.
        assert!(
            locked(
                locks("", ""),
                day("2026-11-30"),
                LockKind::Hard,
                day("2026-11-30")
            )
            .is_err()
        );
        assert!(
            locked(
                locks("", ""),
                day("2026-11-30"),
                LockKind::Hard,
                day("2026-12-01")
            )
            .is_ok()
        );
    }

    #[test]
    fn a_year_is_closed_once_when_it_is_over() {
        let open = Locks::default();
        let closed = Locks {
            hard_through: Some(day("2026-12-31")),
            ..open
        };
        assert_eq!(
            year_to_close(2026, open, day("2027-01-01")),
            Ok(day("2026-12-31"))
        );
        assert!(year_to_close(2026, open, day("2026-12-31")).is_err());
        assert!(year_to_close(2026, closed, day("2027-02-01")).is_err());
        assert!(year_to_close(2027, closed, day("2028-01-01")).is_ok());
    }
}
