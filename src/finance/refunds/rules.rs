//! Whether so much can be paid back, and who has to agree. What it is not: the locks.

use chrono::NaiveDate;

use crate::finance::payments::Payment;
use crate::finance::refunds::model::{Refund, RefundStatus};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// How much is paid back: what is asked for, or all that is left of the payment.
///
/// # Errors
/// `OutOfRange` for no amount of the currency, or none above zero; `ExceedsPayment` for more than is
/// left.
pub fn amount(payment: &Payment, currency: Currency, asked: Option<&str>) -> Result<i64, Refusal> {
    let left = payment.unallocated_minor();
    let minor = match asked {
        None => left,
        Some(text) => {
            Money::parse(text, currency)
                .map_err(|refusal| {
                    let phrase = refusal.phrase();
                    Refusal::new(RefusalCode::OutOfRange, "amount", phrase.en, phrase.da)
                })?
                .minor
        }
    };
    if minor > left || left == 0 {
        return Err(too_much("amount", left, currency));
    }
    if minor <= 0 {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "amount",
            "The amount must be above zero.",
            "Beløbet skal være over nul.",
        ));
    }
    Ok(minor)
}

/// The refusal of more than is left of a payment.
#[must_use]
pub fn too_much(field: &str, left_minor: i64, currency: Currency) -> Refusal {
    let left = Money::new(left_minor, currency).amount();
    Refusal::new(
        RefusalCode::ExceedsPayment,
        field,
        format!("Only {left} of the payment is left; pay back that or less."),
        format!("Kun {left} af betalingen er tilbage; betal det eller mindre tilbage."),
    )
}

/// The day of a refund: what is said, or today.
///
/// # Errors
/// `OutOfRange` for a day before the money came, or after today.
pub fn day(
    payment: &Payment,
    asked: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, Refusal> {
    let on = asked.unwrap_or(today);
    if on < payment.received_on || on > today {
        let received = payment.received_on;
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "paidOn",
            format!(
                "Money is paid back on a day from {received}, when it came, to today, {today}."
            ),
            format!(
                "Penge betales tilbage på en dag fra {received}, hvor de kom, til i dag, {today}."
            ),
        ));
    }
    Ok(on)
}

/// Whether a second person has to approve: when one person would have paid back more of the payment
/// than the limit alone, whether at once or in several refunds. In another currency than the limit's
/// always.
#[must_use]
pub fn needs_second_person(
    limit: Money,
    earlier: &[Refund],
    amount_minor: i64,
    currency: &str,
) -> bool {
    let alone = earlier
        .iter()
        .filter(|one| one.status == RefundStatus::Paid && one.created_by == one.approved_by)
        .fold(amount_minor, |sum, one| {
            sum.saturating_add(one.amount_minor)
        });
    currency != limit.currency.code() || alone > limit.minor
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id, PaymentId, RefundId, UserId};
    use crate::kernel::instant::Instant;
    use crate::kernel::period::parse_date;

    fn now() -> Instant {
        Instant::parse("2026-03-20T12:00:00Z").unwrap()
    }

    fn payment(left: i64) -> Payment {
        Payment {
            id: PaymentId::of(Uuid::from_u128(1)),
            city_id: CityId::of(Uuid::from_u128(2)),
            currency: "DKK".to_owned(),
            amount_minor: 1_000,
            allocated_minor: 1_000 - left,
            returned_minor: 0,
            received_on: parse_date("2026-03-15").unwrap(),
            reference: None,
            payer_name: None,
            note: None,
            recorded_by: None,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    #[test]
    fn no_more_is_paid_back_than_is_left() {
        use RefusalCode::{ExceedsPayment, OutOfRange};
        for (left, asked, expected) in [
            (1_000, None, Ok(1_000)),
            (1_000, Some("10.00"), Ok(1_000)),
            (1_000, Some("0.01"), Ok(1)),
            (1_000, Some("10.01"), Err(ExceedsPayment)),
            (0, None, Err(ExceedsPayment)),
            (0, Some("0.01"), Err(ExceedsPayment)),
            (1_000, Some("0"), Err(OutOfRange)),
            (1_000, Some("-1"), Err(OutOfRange)),
            (1_000, Some("0.001"), Err(OutOfRange)),
        ] {
            let found = amount(&payment(left), Currency::DKK, asked);
            assert_eq!(
                found.map_err(|refusal| refusal.code),
                expected,
                "{left} {asked:?}"
            );
        }
    }

    #[test]
    fn money_goes_back_after_it_came_and_not_in_the_future() {
        let on = |text| parse_date(text).unwrap();
        let today = on("2026-03-20");
        for (asked, expected) in [
            (None, Some("2026-03-20")),
            (Some("2026-03-15"), Some("2026-03-15")),
            (Some("2026-03-14"), None),
            (Some("2026-03-21"), None),
        ] {
            assert_eq!(
                day(&payment(1), asked.map(on), today).ok(),
                expected.map(on)
            );
        }
    }

    #[test]
    fn one_person_alone_pays_back_up_to_the_limit() {
        let user = |number| Some(UserId::of(Uuid::from_u128(number)));
        let earlier = |amount_minor, approved_by| Refund {
            id: RefundId::of(Uuid::from_u128(9)),
            payment_id: PaymentId::of(Uuid::from_u128(1)),
            city_id: CityId::of(Uuid::from_u128(2)),
            status: RefundStatus::Paid,
            currency: "DKK".to_owned(),
            amount_minor,
            account: "1234 5678".to_owned(),
            reference: None,
            reason: "x".to_owned(),
            paid_on: None,
            approved_by,
            created_at: now(),
            created_by: user(1),
            updated_at: now(),
            version: 1,
        };
        let limit = Money::new(100, Currency::DKK);
        for (before, minor, currency, needed) in [
            (vec![], 100, "DKK", false),
            (vec![], 101, "DKK", true),
            (vec![], 1, "EUR", true),
            (vec![earlier(60, user(1))], 40, "DKK", false),
            (vec![earlier(60, user(1))], 41, "DKK", true),
            (vec![earlier(60, user(2))], 100, "DKK", false),
        ] {
            assert_eq!(needs_second_person(limit, &before, minor, currency), needed);
        }
    }
}
