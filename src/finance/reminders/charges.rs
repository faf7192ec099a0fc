//! What the lateness of an invoice costs at a reminder: the fee, the fixed compensation and the interest
//! that the seller charges, within the law, as lines of an invoice of their own. Pure.

use chrono::NaiveDate;

use crate::finance::fees::{Product, danish, english};
use crate::finance::invoices::rules::DraftLine;
use crate::finance::legal::{LegalData, Term};
use crate::finance::reminders::interest::{Claim, Interest, interest};
use crate::finance::reminders::model::LateCharge;
use crate::finance::reminders::rules::COLLECTION_NOTICE;
use crate::finance::sellers::{DayCount, ReminderPolicy};
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::Period;
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::Refusal;

/// What is charged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Charges {
    /// The fee of the reminder in minor units, and which fee of the claim it is.
    pub fee: Option<(i64, i64)>,
    /// The fixed compensation.
    pub compensation_minor: i64,
    /// The interest that was not charged before.
    pub interest: Option<NewInterest>,
}

/// Interest to charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInterest {
    /// All of it, since the claim was due.
    pub whole: Interest,
    /// How much of it was charged before.
    pub before_minor: i64,
    /// How much is charged now, above zero.
    pub minor: i64,
    /// The first day that counts.
    pub from: NaiveDate,
    /// The last day that counts.
    pub until: NaiveDate,
}

impl Charges {
    /// Whether nothing is charged.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// The interest in minor units.
    #[must_use]
    pub fn interest_minor(&self) -> i64 {
        self.interest.as_ref().map_or(0, |interest| interest.minor)
    }

    /// The fee in minor units.
    #[must_use]
    pub fn fee_minor(&self) -> i64 {
        self.fee.map_or(0, |(minor, _)| minor)
    }
}

/// What a reminder of a level costs on a day.
///
/// # Errors
/// A refusal that names the rate or the limit that is not known.
pub fn of_reminder(
    level: i32,
    on: NaiveDate,
    claim: &Claim,
    currency: Currency,
    before: &[LateCharge],
    policy: &ReminderPolicy,
    legal: &LegalData,
) -> Result<Charges, Refusal> {
    let interest = if policy.interest {
        new_interest(claim, on, policy.day_count, before, legal)?
    } else {
        None
    };
    // The amounts of the law are in kroner; nothing is exchanged here.
    let in_kroner = currency == Currency::DKK;
    let compensated = before.iter().any(|charge| charge.compensation_minor > 0);
    let compensation_minor = if policy.compensation && in_kroner && !compensated {
        legal.terms.of(Term::Compensation, claim.due_on)?
    } else {
        0
    };
    let fee = if policy.fee_minor > 0 && in_kroner && level < COLLECTION_NOTICE {
        fee(claim, before, policy, legal)?
    } else {
        None
    };
    Ok(Charges {
        fee,
        compensation_minor,
        interest,
    })
}

/// The fee that is allowed, and which one of the claim it is; none when the law allows no more.
fn fee(
    claim: &Claim,
    before: &[LateCharge],
    policy: &ReminderPolicy,
    legal: &LegalData,
) -> Result<Option<(i64, i64)>, Refusal> {
    let most = legal.terms.of(Term::ReminderFees, claim.due_on)?;
    let charged = before.iter().filter(|charge| charge.fee_minor > 0).count();
    let number = i64::try_from(charged).unwrap_or(i64::MAX).saturating_add(1);
    if number > most {
        return Ok(None);
    }
    let allowed = legal.terms.of(Term::ReminderFee, claim.due_on)?;
    Ok(Some((policy.fee_minor.min(allowed), number)))
}

/// The interest up to and with a day that was not charged before: the whole, rounded once, less what was
/// charged, so that many charges come to the same as one. What was waived stays waived.
///
/// # Errors
/// As [`interest`].
pub fn new_interest(
    claim: &Claim,
    until: NaiveDate,
    day_count: DayCount,
    before: &[LateCharge],
    legal: &LegalData,
) -> Result<Option<NewInterest>, Refusal> {
    let whole = interest(claim, until, day_count, legal)?;
    let before_minor = before.iter().fold(0_i64, |sum, charge| {
        sum.saturating_add(charge.interest_minor)
    });
    let minor = whole.minor.saturating_sub(before_minor);
    let days = whole.segments.first().zip(whole.segments.last());
    let days = days.map(|(first, last)| (first.first_day, last.last_day));
    let Some((from, until)) = days.filter(|_| minor > 0) else {
        return Ok(None);
    };
    Ok(Some(NewInterest {
        whole,
        before_minor,
        minor,
        from,
        until,
    }))
}

/// The lines of the charges of an invoice, each naming it.
#[must_use]
pub fn lines(charges: &Charges, level: i32, number: &str, currency: Currency) -> Vec<DraftLine> {
    let money = |minor| Money::new(minor, currency);
    let mut lines = Vec::new();
    if let Some((minor, which)) = charges.fee {
        lines.push(DraftLine {
            product: Product::ReminderFee,
            description: Phrase::new(
                format!("Fee of reminder {level} of invoice {number}"),
                format!("Rykkergebyr, {level}. rykker, faktura {number}"),
            ),
            formula: Phrase::new(
                format!(
                    "{}, fee {which} of the claim (Interest Act, section 9 b)",
                    english(money(minor))
                ),
                format!(
                    "{}, kravets {which}. gebyr (renteloven § 9 b)",
                    danish(money(minor))
                ),
            ),
            period: None,
            net: money(minor),
        });
    }
    if charges.compensation_minor > 0 {
        let net = money(charges.compensation_minor);
        lines.push(DraftLine {
            product: Product::Compensation,
            description: Phrase::new(
                format!("Compensation for the late payment of invoice {number}"),
                format!("Kompensation for forsinket betaling af faktura {number}"),
            ),
            formula: Phrase::new(
                format!(
                    "{}, once for the claim (Interest Act, section 9 a)",
                    english(net)
                ),
                format!("{}, én gang for kravet (renteloven § 9 a)", danish(net)),
            ),
            period: None,
            net,
        });
    }
    if let Some(interest) = &charges.interest {
        lines.push(interest_line(interest, number, currency));
    }
    lines
}

fn interest_line(interest: &NewInterest, number: &str, currency: Currency) -> DraftLine {
    let (from, until) = (interest.from, interest.until);
    let (from_da, until_da) = (from.format("%d.%m.%Y"), until.format("%d.%m.%Y"));
    let mut formula = interest.whole.in_words(currency);
    if interest.before_minor > 0 {
        let before = Money::new(interest.before_minor, currency);
        formula = Phrase::new(
            format!("{}; charged before: {}", formula.en, english(before)),
            format!("{}; opkrævet tidligere: {}", formula.da, danish(before)),
        );
    }
    DraftLine {
        product: Product::LateInterest,
        description: Phrase::new(
            format!("Interest on invoice {number} from {from} to {until}"),
            format!("Morarente af faktura {number} fra {from_da} til {until_da}"),
        ),
        formula,
        period: Period::of_days(from, until).ok(),
        net: Money::new(interest.minor, currency),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{Id, InvoiceId, SellerId};
    use crate::kernel::instant::Instant;
    use crate::kernel::period::parse_date;

    static LEGAL: LazyLock<LegalData> = LazyLock::new(|| LegalData::compiled_in().unwrap());

    fn now() -> Instant {
        Instant::parse("2026-03-15T12:00:00Z").unwrap()
    }

    fn policy() -> ReminderPolicy {
        ReminderPolicy {
            seller_id: SellerId::of(Uuid::from_u128(1)),
            reminders: true,
            first_after: 3,
            second_after: 13,
            third_after: 23,
            collection_after: Some(33),
            fee_minor: 10_000,
            compensation: true,
            interest: true,
            day_count: DayCount::Actual,
            tolerance_minor: 100,
            updated_at: now(),
            version: 1,
        }
    }

    fn claim() -> Claim {
        let due_on = parse_date("2023-06-01").unwrap();
        Claim {
            total_minor: 7_500_000,
            due_on,
            in_time_until: due_on,
            settlements: Vec::new(),
        }
    }

    fn charged(fee_minor: i64, compensation_minor: i64, interest_minor: i64) -> LateCharge {
        LateCharge {
            invoice_id: InvoiceId::of(Uuid::from_u128(2)),
            overdue_invoice_id: InvoiceId::of(Uuid::from_u128(3)),
            fee_minor,
            compensation_minor,
            interest_minor,
            interest_until: None,
            created_at: now(),
        }
    }

    fn of(level: i32, on: &str, before: &[LateCharge], currency: Currency) -> (i64, i64, i64) {
        let on = parse_date(on).unwrap();
        let found = of_reminder(level, on, &claim(), currency, before, &policy(), &LEGAL).unwrap();
        (
            found.fee_minor(),
            found.compensation_minor,
            found.interest_minor(),
        )
    }

    #[test]
    fn fees_and_compensation_keep_within_the_law() {
        let one = charged(10_000, 31_000, 20_000);
        let (two, three) = (charged(10_000, 0, 0), charged(10_000, 0, 0));
        let all = [one.clone(), two.clone(), three];
        assert_eq!(
            of(1, "2023-08-01", &[], Currency::DKK),
            (10_000, 31_000, 132_966)
        );
        assert_eq!(
            of(2, "2023-08-01", &all[..1], Currency::DKK),
            (10_000, 0, 112_966)
        );
        assert_eq!(
            of(3, "2023-08-01", &all[..2], Currency::DKK),
            (10_000, 0, 112_966)
        );
        // The fourth fee is none, and a notice of collection costs nothing.
        assert_eq!(of(3, "2023-08-01", &all, Currency::DKK), (0, 0, 112_966));
        assert_eq!(
            of(4, "2023-08-01", &all[..2], Currency::DKK),
            (0, 0, 112_966)
        );
        // Kroner of the law are no euros.
        assert_eq!(of(1, "2023-08-01", &[], Currency::EUR), (0, 0, 132_966));
        // Waived or charged too much: never below nothing.
        assert_eq!(
            of(2, "2023-08-01", &[charged(0, 1, 200_000)], Currency::DKK),
            (10_000, 0, 0)
        );
    }

    #[test]
    fn the_lines_name_the_invoice_and_say_how_they_came_about() {
        let on = parse_date("2023-08-01").unwrap();
        let before = [charged(10_000, 0, 58_993)];
        let charges =
            of_reminder(2, on, &claim(), Currency::DKK, &before, &policy(), &LEGAL).unwrap();
        let lines = lines(&charges, 2, "F2023-000001", Currency::DKK);
        let shown: Vec<_> = lines
            .iter()
            .map(|line| (line.product, line.net.amount()))
            .collect();
        assert_eq!(
            shown,
            [
                (Product::ReminderFee, "100.00".to_owned()),
                (Product::Compensation, "310.00".to_owned()),
                (Product::LateInterest, "739.73".to_owned()),
            ]
        );
        assert!(
            lines
                .iter()
                .all(|line| line.description.da.contains("F2023-000001"))
        );
        let interest = lines.last().unwrap();
        assert_eq!(
            interest.formula.da,
            "75.000,00 × 9,90 % × 29/365 + 75.000,00 × 11,25 % × 32/365 (ACT/365); opkrævet tidligere: 589,93"
        );
        assert!(
            interest
                .description
                .da
                .contains("02.06.2023 til 01.08.2023")
        );
    }
}
