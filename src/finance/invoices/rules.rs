//! What stands on an invoice and how it moves on: lines of a fee or package, number,
//! settlement. Pure decisions; what a fee costs is in `fees`.

use crate::finance::fees::{
    FeePolicy, FeeRefusal, FeeYear, Price, Product, charges_for_year, package_in_words,
};
use crate::finance::invoices::model::{InvoiceKind, InvoiceStatus};
use crate::finance::invoices::payment_plans::PlannedPart;
use crate::finance::products::PriceVersion;
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::Period;
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The series of the numbers of an invoice: late charges have one of their own, since they are claims
/// beside the fee and never change it. Opening items keep the numbers that they had.
#[must_use]
pub const fn series(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::AnnualFee | InvoiceKind::Package | InvoiceKind::RecalledFunding => "F",
        InvoiceKind::LateCharges => "R",
        InvoiceKind::OpeningItem => "OLD",
    }
}

/// The last year that dates are accepted in.
const LAST_YEAR: i32 = 2100;

/// A line to draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// What is charged.
    pub product: Product,
    /// What it is.
    pub description: Phrase,
    /// How the amount came about.
    pub formula: Phrase,
    /// The days that are paid for, where there are any.
    pub period: Option<Period>,
    /// The amount without tax.
    pub net: Money,
}

/// What the fee of a year is charged by.
#[derive(Debug, Clone, Copy)]
pub struct FeeTerms<'a> {
    /// The membership since joining.
    pub membership: Period,
    /// Whether the network waives the fee.
    pub waived: bool,
    /// The price in force on the first day of the fee year.
    pub price: Price,
    /// The seller's policies.
    pub policy: &'a FeePolicy,
    /// Days that are paid for otherwise: by packages that cover the fee, and by the fees of the
    /// city's other memberships.
    pub covered: &'a [Period],
}

/// The fee year that begins in a calendar year.
///
/// # Errors
/// `NotAMember` when the membership has no day in it.
pub fn fee_year_of(
    policy: &FeePolicy,
    membership: Period,
    year: i32,
) -> std::result::Result<FeeYear, Refusal> {
    use chrono::Datelike;
    let joined_on = membership.from();
    let mut fee_year = FeeYear::of(policy.years, joined_on, joined_on).map_err(of_fee)?;
    // No fee year is outside the years that dates are accepted in, so the search has an end.
    while fee_year.starts_on().year() < year.min(LAST_YEAR) {
        fee_year = fee_year.next(policy.years, joined_on).map_err(of_fee)?;
    }
    let period = fee_year
        .period()
        .map_err(|refusal| of_fee(refusal.into()))?;
    if fee_year.starts_on().year() == year && membership.overlaps(&period) {
        Ok(fee_year)
    } else {
        Err(Refusal::new(
            RefusalCode::NotAMember,
            "feeYear",
            format!("The city has no day of membership in the fee year {year}."),
            format!("Byen har ingen medlemsdag i kontingentåret {year}."),
        ))
    }
}

/// The lines of the fee of a year: one, or several when a package covers days in the middle.
///
/// # Errors
/// `AlreadyInvoiced` when a package or another fee pays for all of it.
pub fn fee_lines(
    terms: &FeeTerms<'_>,
    fee_year: FeeYear,
) -> std::result::Result<Vec<DraftLine>, Refusal> {
    let FeeTerms {
        price,
        policy,
        membership,
        ..
    } = *terms;
    let charges =
        charges_for_year(price, policy, membership, fee_year, terms.covered).map_err(of_fee)?;
    if charges.is_empty() {
        return Err(Refusal::new(
            RefusalCode::AlreadyInvoiced,
            "feeYear",
            "Nothing is left to invoice: a package, the fee of the year before, or the fee of an earlier membership in this year pays for every day of it.",
            "Der er intet at fakturere: en pakke, det foregående års kontingent eller et tidligere medlemskabs kontingent i året betaler alle årets dage.",
        ));
    }
    let name = fee_year.name();
    let lines = charges.into_iter().map(|charge| DraftLine {
        product: Product::AnnualFee,
        description: Phrase::new(format!("Annual fee {name}"), format!("Kontingent {name}")),
        formula: if terms.waived {
            Phrase::new(
                "The network waives the fee.",
                "Netværket eftergiver kontingentet.",
            )
        } else {
            charge.formula()
        },
        period: Some(charge.period),
        net: if terms.waived {
            Money::zero(charge.amount.currency)
        } else {
            charge.amount
        },
    });
    Ok(lines.collect())
}

/// The line of a part of a package's price, which is paid in so many.
#[must_use]
pub fn package_line(price: Money, period: Period, count: i32, part: &PlannedPart) -> DraftLine {
    let whole = package_in_words(price);
    let instalment = part.number;
    let (description, formula) = if let Some(title) = &part.title {
        (
            Phrase::new(
                format!("Package of 24 months: {title}"),
                format!("Pakke på 24 måneder: {title}"),
            ),
            Phrase::new(
                format!("{}, instalment {instalment} of {count}", whole.en),
                format!("{}, rate {instalment} af {count}", whole.da),
            ),
        )
    } else if count == 1 {
        (
            Phrase::new("Package of 24 months", "Pakke på 24 måneder"),
            whole,
        )
    } else {
        (
            Phrase::new(
                format!("Package of 24 months, instalment {instalment} of {count}"),
                format!("Pakke på 24 måneder, rate {instalment} af {count}"),
            ),
            Phrase::new(
                format!("{}, instalment {instalment} of {count}", whole.en),
                format!("{}, rate {instalment} af {count}", whole.da),
            ),
        )
    };
    DraftLine {
        product: Product::Package,
        description,
        formula,
        period: Some(period),
        net: part.net,
    }
}

/// The number as it is written: `F2026-000001`. Past 999999 it grows by a digit.
#[must_use]
pub fn number(series: &str, year: i32, sequence: i64) -> String {
    format!("{series}{year}-{sequence:06}")
}

/// Where an issued invoice stands when so much of it is credited, allocated and written off. A small
/// difference that is given up leaves it paid; it is written off when more is given up than was paid.
#[must_use]
pub fn settled(
    status: InvoiceStatus,
    total_minor: i64,
    credited_minor: i64,
    allocated_minor: i64,
    written_off_minor: i64,
) -> InvoiceStatus {
    let gone = allocated_minor
        .saturating_add(credited_minor)
        .saturating_add(written_off_minor);
    if credited_minor > 0 && credited_minor == total_minor {
        InvoiceStatus::Credited
    } else if gone == total_minor && written_off_minor > allocated_minor {
        InvoiceStatus::WrittenOff
    } else if gone == total_minor {
        InvoiceStatus::Paid
    } else if allocated_minor > 0 {
        InvoiceStatus::PartlyPaid
    } else {
        status
    }
}

/// The price of a product that is in force, as fees are computed from it.
#[must_use]
pub fn as_price(version: &PriceVersion, currency: Currency) -> Price {
    Price {
        valid_from: version.valid_from,
        amount: Money::new(version.amount_minor, currency),
    }
}

/// Why a fee cannot be computed, as a refusal of the input.
#[must_use]
pub fn of_fee(refusal: FeeRefusal) -> Refusal {
    let code = match refusal {
        FeeRefusal::BeforeJoining => RefusalCode::NotAMember,
        FeeRefusal::NoPrice { .. } => RefusalCode::NoPrice,
        _ => RefusalCode::OutOfRange,
    };
    let phrase = refusal.phrase();
    Refusal::new(code, "feeYear", phrase.en, phrase.da)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn since(day: &str) -> Period {
        Period::since(parse_date(day).unwrap())
    }

    fn terms<'a>(
        joined: &str,
        waived: bool,
        policy: &'a FeePolicy,
        covered: &'a [Period],
    ) -> FeeTerms<'a> {
        FeeTerms {
            membership: since(joined),
            waived,
            price: Price {
                valid_from: parse_date("2010-01-01").unwrap(),
                amount: Money::new(7_500_000, Currency::DKK),
            },
            policy,
            covered,
        }
    }

    fn amounts(terms: &FeeTerms<'_>, year: i32) -> std::result::Result<Vec<String>, RefusalCode> {
        let fee_year =
            fee_year_of(terms.policy, terms.membership, year).map_err(|refusal| refusal.code)?;
        let lines = fee_lines(terms, fee_year).map_err(|refusal| refusal.code)?;
        Ok(lines
            .iter()
            .map(|line| format!("{} {}", line.description.da, line.net.amount()))
            .collect())
    }

    #[test]
    fn a_fee_year_is_found_by_the_year_it_begins_in() {
        let policy = FeePolicy::default();
        for (joined, year, amount) in [
            ("2026-03-15", 2026, Ok("Kontingent 2026 60000.00")),
            ("2028-03-15", 2028, Ok("Kontingent 2028 59836.07")),
            ("2028-02-29", 2028, Ok("Kontingent 2028 62909.84")),
            ("2026-12-31", 2026, Ok("Kontingent 2026 205.48")),
            ("2026-03-15", 2030, Ok("Kontingent 2030 75000.00")),
            ("2026-03-15", 2025, Err(RefusalCode::NotAMember)),
        ] {
            let found = amounts(&terms(joined, false, &policy, &[]), year);
            let amount = amount.map(|amount| vec![amount.to_owned()]);
            assert_eq!(found, amount, "{joined} {year}");
        }
        let left = Period::new(since("2026-03-15").from(), parse_date("2027-01-01").ok());
        let refused = fee_year_of(&policy, left.unwrap(), 2027).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotAMember);
    }

    #[test]
    fn what_a_package_covers_is_not_charged() {
        let policy = FeePolicy::default();
        let package = Period::of_months(parse_date("2026-07-01").unwrap(), 24).unwrap();
        let covered = [package];
        let terms = terms("2026-03-15", false, &policy, &covered);
        assert_eq!(
            amounts(&terms, 2026),
            Ok(vec!["Kontingent 2026 22191.78".to_owned()])
        );
        assert_eq!(amounts(&terms, 2027), Err(RefusalCode::AlreadyInvoiced));
    }

    #[test]
    fn a_waived_fee_is_a_line_of_nothing() {
        let policy = FeePolicy::default();
        assert_eq!(
            amounts(&terms("2026-03-15", true, &policy, &[]), 2026),
            Ok(vec!["Kontingent 2026 0.00".to_owned()])
        );
    }

    #[test]
    fn the_line_of_a_part_says_which_it_is() {
        let price = Money::new(37_500_000, Currency::DKK);
        let period = Period::of_months(parse_date("2026-03-15").unwrap(), 24).unwrap();
        let part = |title: Option<&str>| PlannedPart {
            number: 2,
            title: title.map(str::to_owned),
            net: Money::new(5_357_143, Currency::DKK),
            falls_on: None,
        };
        let line = package_line(price, period, 7, &part(None));
        assert_eq!(line.net.minor, 5_357_143);
        assert_eq!(line.description.da, "Pakke på 24 måneder, rate 2 af 7");
        assert!(line.formula.da.starts_with("375.000,00 × 1 pakke"));
        let line = package_line(price, period, 7, &part(Some("SWOT")));
        assert_eq!(line.description.da, "Pakke på 24 måneder: SWOT");
        let line = package_line(price, period, 1, &part(None));
        assert_eq!(line.description.da, "Pakke på 24 måneder");
    }

    #[test]
    fn numbers_grow_past_six_digits() {
        let (fees, charges) = (
            series(InvoiceKind::AnnualFee),
            series(InvoiceKind::LateCharges),
        );
        assert_eq!(number(fees, 2026, 1), "F2026-000001");
        assert_eq!(number(fees, 2026, 999_999), "F2026-999999");
        assert_eq!(number(fees, 2026, 1_000_000), "F2026-1000000");
        assert_eq!(number(charges, 2026, 1), "R2026-000001");
    }

    #[test]
    fn payments_and_credits_move_the_status() {
        use InvoiceStatus::{Credited, Issued, Paid, PartlyPaid, Sent, WrittenOff};
        for (before, total, credited, allocated, written_off, after) in [
            (Issued, 100, 0, 0, 0, Issued),
            (Sent, 100, 0, 0, 0, Sent),
            (Sent, 100, 0, 1, 0, PartlyPaid),
            (PartlyPaid, 100, 0, 100, 0, Paid),
            (Issued, 0, 0, 0, 0, Paid),
            (Sent, 100, 40, 0, 0, Sent),
            (PartlyPaid, 100, 40, 59, 0, PartlyPaid),
            (PartlyPaid, 100, 40, 60, 0, Paid),
            (Paid, 100, 40, 60, 0, Paid),
            (Paid, 100, 100, 0, 0, Credited),
            (PartlyPaid, 100, 0, 99, 1, Paid),
            (PartlyPaid, 100, 0, 50, 50, Paid),
            (PartlyPaid, 100, 0, 40, 60, WrittenOff),
            (Sent, 100, 0, 0, 100, WrittenOff),
            (Sent, 100, 0, 0, 99, Sent),
            (Sent, 100, 40, 0, 60, WrittenOff),
        ] {
            assert_eq!(
                settled(before, total, credited, allocated, written_off),
                after
            );
        }
    }
}
