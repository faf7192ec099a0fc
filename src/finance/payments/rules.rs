//! Whether a part of a payment may be used for an invoice, and since when it counts. What it is
//! not: the locks that make two such decisions follow each other.

use chrono::NaiveDate;

use crate::finance::invoices::{Invoice, InvoiceStatus};
use crate::finance::payments::model::{NewPayment, Payment};
use crate::kernel::ids::PaymentId;
use crate::kernel::money::Money;
use crate::kernel::period::check_date;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// A part of a payment for an invoice, with the input fields that said it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The amount.
    pub amount: Money,
    /// Whether the invoice may be of another city.
    pub other_city: bool,
    /// The field of the invoice.
    pub invoice_field: &'a str,
    /// The field of the amount.
    pub amount_field: &'a str,
}

/// Whether so much of a payment may be used for an invoice.
///
/// # Errors
/// One refusal for each thing that stands against it.
#[must_use]
pub fn check_allocation(payment: &Payment, invoice: &Invoice, asked: Asked<'_>) -> Vec<Refusal> {
    let mut problems = Vec::new();
    let currency = asked.amount.currency.code();
    if invoice.city_id != payment.city_id && !asked.other_city {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            asked.invoice_field,
            "The invoice is another city's; say so if the payment is meant for it.",
            "Fakturaen er en anden bys; angiv det, hvis betalingen er til den.",
        ));
    }
    if invoice.currency != payment.currency || invoice.currency != currency {
        problems.push(Refusal::new(
            RefusalCode::CurrencyMismatch,
            asked.invoice_field,
            format!(
                "The invoice is in {}, the payment in {currency}; money is not exchanged here.",
                invoice.currency
            ),
            format!(
                "Fakturaen er i {}, betalingen i {currency}; her veksles ikke.",
                invoice.currency
            ),
        ));
    }
    if asked.amount.minor <= 0 {
        problems.push(not_above_zero(asked.amount_field));
        return problems;
    }
    if asked.amount.minor > payment.unallocated_minor() {
        let left = Money::new(payment.unallocated_minor(), asked.amount.currency).amount();
        problems.push(Refusal::new(
            RefusalCode::ExceedsPayment,
            asked.amount_field,
            format!("Only {left} of the payment is left; allocate that or less."),
            format!("Kun {left} af betalingen er tilbage; fordel det eller mindre."),
        ));
    }
    if invoice.status == InvoiceStatus::Draft {
        problems.push(Refusal::new(
            RefusalCode::NotInState,
            asked.invoice_field,
            "The invoice is a draft; issue it first.",
            "Fakturaen er en kladde; udsted den først.",
        ));
    } else if asked.amount.minor > invoice.open_minor() {
        let open = Money::new(invoice.open_minor(), asked.amount.currency).amount();
        problems.push(Refusal::new(
            RefusalCode::ExceedsOpenAmount,
            asked.amount_field,
            format!("Only {open} is open on the invoice; allocate that or less."),
            format!("Kun {open} er åbent på fakturaen; fordel det eller mindre."),
        ));
    }
    problems
}

/// Which payments get how much back when so much of an invoice's money is released: `used` says how much
/// of each payment the invoice has, the latest first, and the latest is given back first.
#[must_use]
pub fn releases(used: &[(PaymentId, i64)], minor: i64) -> Vec<(PaymentId, i64)> {
    let mut left = minor;
    let mut given = Vec::new();
    for (payment, has) in used {
        let back = left.min(*has);
        if back > 0 {
            given.push((*payment, back));
            left = left.saturating_sub(back);
        }
    }
    given
}

/// Since when an allocation counts: the day the money came, or the invoice's date if that is later, or
/// the day on which other money was last taken off the invoice: before it, that stood in its place.
#[must_use]
pub fn counts_from(
    received_on: NaiveDate,
    issued_on: Option<NaiveDate>,
    reopened_on: Option<NaiveDate>,
) -> NaiveDate {
    issued_on
        .into_iter()
        .chain(reopened_on)
        .fold(received_on, NaiveDate::max)
}

/// What stands against reversing a payment as of a day.
#[must_use]
pub fn check_reversal(payment: &Payment, on: NaiveDate, today: NaiveDate) -> Vec<Refusal> {
    let mut problems = Vec::new();
    if payment.returned_minor > 0 {
        problems.push(Refusal::new(
            RefusalCode::NotInState,
            "paymentId",
            "The payment is reversed already, or a part of it was paid back.",
            "Betalingen er allerede tilbageført, eller en del af den er betalt tilbage.",
        ));
    }
    if on < payment.received_on || on > today {
        let received = payment.received_on;
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "on",
            format!("A payment is reversed on a day from {received}, when it came, to today, {today}."),
            format!("En betaling tilbageføres på en dag fra {received}, hvor den kom, til i dag, {today}."),
        ));
    }
    problems
}

/// Checks a payment to record and gives it back with its texts made fit to keep.
///
/// # Errors
/// Every problem of the input.
pub(super) fn check_new(new: &NewPayment, today: NaiveDate) -> Result<NewPayment, Vec<Refusal>> {
    let mut problems = Vec::new();
    if new.amount.minor <= 0 {
        problems.push(not_above_zero("amount"));
    }
    if new.received_on > today || check_date(new.received_on).is_err() {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "receivedOn",
            format!("Money is received on a day from 2000 on and not after today, {today}."),
            format!("Penge modtages på en dag fra år 2000 og ikke efter i dag, {today}."),
        ));
    }
    let mut line = |field: &str, given: &Option<String>| {
        text::optional_line(field, given.as_deref())
            .map_err(|refusal| problems.push(refusal))
            .unwrap_or_default()
    };
    let reference = line("reference", &new.reference);
    let payer_name = line("payerName", &new.payer_name);
    let note = text::optional_paragraph("note", new.note.as_deref())
        .map_err(|refusal| problems.push(refusal))
        .unwrap_or_default();
    let mut seen = std::collections::HashSet::new();
    for (place, share) in new.allocate_to.iter().enumerate() {
        if !seen.insert(share.invoice) {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                format!("allocateTo.{place}.invoiceId"),
                "The invoice stands in the list twice; put the amounts together.",
                "Fakturaen står to gange på listen; læg beløbene sammen.",
            ));
        }
    }
    if problems.is_empty() {
        Ok(NewPayment {
            reference,
            payer_name,
            note,
            ..new.clone()
        })
    } else {
        Err(problems)
    }
}

fn not_above_zero(field: &str) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        field,
        "The amount must be above zero.",
        "Beløbet skal være over nul.",
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::finance::invoices::InvoiceKind;
    use crate::kernel::ids::{CityId, Id, InvoiceId, SellerId};
    use crate::kernel::instant::Instant;
    use crate::kernel::money::Currency;
    use crate::kernel::period::parse_date;

    fn now() -> Instant {
        Instant::parse("2026-03-15T12:00:00Z").unwrap()
    }

    fn invoice(status: InvoiceStatus, total_minor: i64, allocated_minor: i64) -> Invoice {
        Invoice {
            id: InvoiceId::of(Uuid::from_u128(1)),
            kind: InvoiceKind::AnnualFee,
            status,
            city_id: CityId::of(Uuid::from_u128(2)),
            membership_id: None,
            package_id: None,
            grant_id: None,
            seller_id: SellerId::of(Uuid::from_u128(3)),
            fee_year: 2026,
            instalment: None,
            series: None,
            year: None,
            sequence: None,
            number: None,
            currency: "DKK".to_owned(),
            net_minor: total_minor,
            vat_minor: 0,
            total_minor,
            allocated_minor,
            credited_minor: 0,
            written_off_minor: 0,
            issued_on: None,
            due_on: None,
            settled_on: None,
            content_hash: None,
            created_at: now(),
            created_by: None,
            updated_at: now(),
            version: 1,
        }
    }

    fn payment(city: u128, currency: &str, left_minor: i64) -> Payment {
        Payment {
            id: PaymentId::of(Uuid::from_u128(4)),
            city_id: CityId::of(Uuid::from_u128(city)),
            currency: currency.to_owned(),
            amount_minor: left_minor,
            allocated_minor: 0,
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
    fn only_what_is_left_and_open_can_be_allocated() {
        use InvoiceStatus::{Draft, Issued, Paid, PartlyPaid};
        use RefusalCode::{
            CurrencyMismatch, ExceedsOpenAmount, ExceedsPayment, NotInState, OutOfRange,
        };
        for (city, currency, left, status, open, minor, refused) in [
            (2, "DKK", 100, Issued, 100, 100, &[][..]),
            (2, "DKK", 100, PartlyPaid, 40, 40, &[]),
            (2, "DKK", 100, PartlyPaid, 40, 41, &[ExceedsOpenAmount]),
            (2, "DKK", 30, Issued, 100, 31, &[ExceedsPayment]),
            (
                2,
                "DKK",
                30,
                Issued,
                20,
                31,
                &[ExceedsPayment, ExceedsOpenAmount],
            ),
            (2, "DKK", 100, Draft, 100, 1, &[NotInState]),
            (2, "DKK", 100, Paid, 0, 1, &[ExceedsOpenAmount]),
            (2, "DKK", 100, Issued, 100, 0, &[OutOfRange]),
            (2, "DKK", 100, Issued, 100, -1, &[OutOfRange]),
            (2, "EUR", 100, Issued, 100, 1, &[CurrencyMismatch]),
            (9, "DKK", 100, Issued, 100, 1, &[OutOfRange]),
        ] {
            let asked = Asked {
                amount: Money::new(minor, Currency::parse(currency).unwrap()),
                other_city: false,
                invoice_field: "invoiceId",
                amount_field: "amount",
            };
            let invoice = invoice(status, 100, 100 - open);
            let found = check_allocation(&payment(city, currency, left), &invoice, asked);
            let found: Vec<_> = found.iter().map(|refusal| refusal.code).collect();
            assert_eq!(
                found, refused,
                "{city} {currency} {left} {status} {open} {minor}"
            );
        }
        let asked = Asked {
            amount: Money::new(1, Currency::DKK),
            other_city: true,
            invoice_field: "invoiceId",
            amount_field: "amount",
        };
        let found = check_allocation(&payment(9, "DKK", 1), &invoice(Issued, 100, 0), asked);
        assert!(found.is_empty());
    }

    #[test]
    fn the_latest_money_is_given_back_first() {
        let payment = |number| PaymentId::of(Uuid::from_u128(number));
        let used = [(payment(3), 50), (payment(1), 20), (payment(2), 30)];
        for (minor, expected) in [
            (0, vec![]),
            (50, vec![(payment(3), 50)]),
            (60, vec![(payment(3), 50), (payment(1), 10)]),
            (
                100,
                vec![(payment(3), 50), (payment(1), 20), (payment(2), 30)],
            ),
        ] {
            assert_eq!(releases(&used, minor), expected, "{minor}");
        }
    }

    #[test]
    fn money_counts_from_the_day_it_came_but_not_before_the_invoice() {
        let day = |text| parse_date(text).unwrap();
        for (received, issued, reopened, counts) in [
            ("2026-03-15", Some("2026-03-01"), None, "2026-03-15"),
            ("2026-03-15", Some("2026-04-01"), None, "2026-04-01"),
            ("2026-03-15", None, None, "2026-03-15"),
            (
                "2026-03-15",
                Some("2026-03-01"),
                Some("2026-03-20"),
                "2026-03-20",
            ),
            (
                "2026-03-15",
                Some("2026-04-01"),
                Some("2026-03-20"),
                "2026-04-01",
            ),
        ] {
            let from = counts_from(day(received), issued.map(day), reopened.map(day));
            assert_eq!(from, day(counts));
        }
    }

    #[test]
    fn a_payment_is_reversed_once_and_not_before_it_came() {
        let day = |text| parse_date(text).unwrap();
        let today = day("2026-04-01");
        for (returned_minor, on, refused) in [
            (0, "2026-03-15", &[][..]),
            (0, "2026-04-01", &[]),
            (0, "2026-03-14", &[RefusalCode::OutOfRange]),
            (0, "2026-04-02", &[RefusalCode::OutOfRange]),
            (1, "2026-03-15", &[RefusalCode::NotInState]),
            (
                100,
                "2026-04-02",
                &[RefusalCode::NotInState, RefusalCode::OutOfRange],
            ),
        ] {
            let payment = Payment {
                returned_minor,
                ..payment(2, "DKK", 100)
            };
            let found = check_reversal(&payment, day(on), today);
            let found: Vec<_> = found.iter().map(|refusal| refusal.code).collect();
            assert_eq!(found, refused, "{returned_minor} {on}");
        }
    }
}
