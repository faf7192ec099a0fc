//! Tables of what credit notes take back. What it is not: the storing of it.

use uuid::Uuid;

use super::*;
use crate::finance::credit_notes::model::{CreditNoteStatus, CreditReason};
use crate::finance::fees::Product;
use crate::kernel::ids::{CityId, CreditNoteId, Id, InvoiceId, InvoiceLineId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;

fn key(number: u128) -> InvoiceLineId {
    InvoiceLineId::of(Uuid::from_u128(number))
}

fn line(number: u128, net: i64, credited: i64, category: VatCategory, rate_bp: i32) -> InvoiceLine {
    InvoiceLine {
        id: key(number),
        invoice_id: InvoiceId::of(Uuid::from_u128(1)),
        position: 1,
        product: Product::AnnualFee,
        description_en: String::new(),
        description_da: String::new(),
        formula_en: String::new(),
        formula_da: String::new(),
        period_from: None,
        period_until: None,
        quantity: 1,
        unit_minor: net,
        net_minor: net,
        credited_minor: credited,
        vat_category: category,
        vat_rate_bp: rate_bp,
        exemption_reason: None,
        price_id: None,
    }
}

fn asked(number: u128, amount: &str) -> AskedLine {
    AskedLine {
        line: key(number),
        amount: amount.to_owned(),
    }
}

/// Line and amount of each share, or code and field of each problem.
type Shared = Result<Vec<(InvoiceLineId, i64)>, Vec<(RefusalCode, String)>>;

fn shared(lines: &[InvoiceLine], asked: Option<&[AskedLine]>) -> Shared {
    shares(lines, asked, Currency::DKK)
        .map(|found| found.iter().map(|one| (one.line.id, one.minor)).collect())
        .map_err(|found| found.into_iter().map(|one| (one.code, one.field)).collect())
}

#[test]
fn no_more_is_taken_back_than_is_left() {
    use RefusalCode::{ExceedsInvoice, NotFound, NotInState, OutOfRange, Required};
    let lines = [
        line(1, 1_000, 0, VatCategory::E, 0),
        line(2, 500, 200, VatCategory::E, 0),
        line(3, 70, 70, VatCategory::E, 0),
    ];
    assert_eq!(
        shared(&lines, None),
        Ok(vec![(key(1), 1_000), (key(2), 300)])
    );
    assert_eq!(
        shared(&lines, Some(&[asked(2, "3"), asked(1, "0.01")])),
        Ok(vec![(key(2), 300), (key(1), 1)])
    );
    let field = |text: &str| text.to_owned();
    for (one, code, name) in [
        (asked(1, "10.01"), ExceedsInvoice, "lines.0.amount"),
        (asked(2, "3.01"), ExceedsInvoice, "lines.0.amount"),
        (asked(3, "0.01"), ExceedsInvoice, "lines.0.amount"),
        (asked(1, "0"), OutOfRange, "lines.0.amount"),
        (asked(1, "0.00"), OutOfRange, "lines.0.amount"),
        (asked(1, "-1"), OutOfRange, "lines.0.amount"),
        (asked(1, "1.001"), OutOfRange, "lines.0.amount"),
        (asked(1, "1,00"), OutOfRange, "lines.0.amount"),
        (asked(9, "1"), NotFound, "lines.0.lineId"),
    ] {
        assert_eq!(
            shared(&lines, Some(std::slice::from_ref(&one))),
            Err(vec![(code, field(name))]),
            "{one:?}"
        );
    }
    let all = [asked(1, "0"), asked(2, "4"), asked(1, "1")];
    assert_eq!(
        shared(&lines, Some(&all)),
        Err(vec![
            (OutOfRange, field("lines.0.amount")),
            (ExceedsInvoice, field("lines.1.amount")),
            (OutOfRange, field("lines.2.lineId")),
        ])
    );
    assert_eq!(
        shared(&lines, Some(&[])),
        Err(vec![(Required, field("lines"))])
    );
    assert_eq!(
        shared(&lines[2..], None),
        Err(vec![(NotInState, field("invoiceId"))])
    );
    // An invoice of 0,00 has nothing to take back.
    assert_eq!(
        shared(&[line(1, 0, 0, VatCategory::E, 0)], None),
        Err(vec![(NotInState, field("invoiceId"))])
    );
}

/// Credits the amounts of one line one after the other, and answers with the tax of each.
fn in_turn(net: i64, rate_bp: i32, amounts: &[i64]) -> Vec<i64> {
    let (mut credited, mut earlier) = (0, Vec::new());
    for minor in amounts {
        let lines = [line(1, net, credited, VatCategory::S, rate_bp)];
        let shares = [Share {
            line: &lines[0],
            minor: *minor,
        }];
        earlier.extend(taxes(&lines, &shares, &earlier, Currency::DKK).unwrap());
        credited += minor;
    }
    earlier.iter().map(|tax| tax.vat_minor).collect()
}

#[test]
fn the_last_credit_takes_exactly_the_rest_of_the_tax() {
    for (net, amounts, expected) in [
        (7_500_000, vec![7_500_000], vec![1_875_000]),
        (7_500_000, vec![1_890_411], vec![472_603]),
        (
            7_500_000,
            vec![1_890_411, 5_609_589],
            vec![472_603, 1_402_397],
        ),
        // Half of 1 øre is rounded up once; nothing is left for the second.
        (4, vec![2, 2], vec![1, 0]),
        // Two roundings down leave one more for the last.
        (3, vec![1, 1, 1], vec![0, 0, 1]),
        (10, vec![5, 5], vec![1, 2]),
        // Three roundings up would take more than there is.
        (8, vec![2, 2, 2, 2], vec![1, 1, 0, 0]),
    ] {
        let found = in_turn(net, 2_500, &amounts);
        assert_eq!(found, expected, "{net} {amounts:?}");
        if amounts.iter().sum::<i64>() == net {
            assert_eq!(found.iter().sum::<i64>(), in_turn(net, 2_500, &[net])[0]);
        }
    }
}

#[test]
fn each_category_has_its_own_tax_rounded_once() {
    let lines = [
        line(1, 1_000, 0, VatCategory::S, 2_500),
        line(2, 1_000, 0, VatCategory::E, 0),
        line(3, 6, 0, VatCategory::S, 2_500),
    ];
    let share = |index: usize, minor| Share {
        line: &lines[index],
        minor,
    };
    // 2 + 2 of two lines are 1 øre of tax, not 1 + 1.
    let shares = [share(0, 2), share(1, 300), share(2, 2)];
    let found = taxes(&lines, &shares, &[], Currency::DKK).unwrap();
    let plain: Vec<_> = found
        .iter()
        .map(|tax| (tax.category, tax.rate_bp, tax.net_minor, tax.vat_minor))
        .collect();
    assert_eq!(
        plain,
        [(VatCategory::S, 2_500, 4, 1), (VatCategory::E, 0, 300, 0)]
    );
    assert_eq!(totals(&found).unwrap(), (304, 1));
}

fn note(created_by: u128, issued_by: u128, total_minor: i64) -> CreditNote {
    let now = Instant::parse("2026-03-15T12:00:00Z").unwrap();
    let user = |number| Some(UserId::of(Uuid::from_u128(number)));
    CreditNote {
        id: CreditNoteId::of(Uuid::from_u128(1)),
        invoice_id: InvoiceId::of(Uuid::from_u128(1)),
        city_id: CityId::of(Uuid::from_u128(1)),
        status: CreditNoteStatus::Issued,
        reason_code: CreditReason::Goodwill,
        reason: String::new(),
        series: None,
        year: None,
        sequence: None,
        number: None,
        currency: "DKK".to_owned(),
        net_minor: total_minor,
        vat_minor: 0,
        total_minor,
        taxes: Json(serde_json::Value::Array(Vec::new())),
        seller: Json(serde_json::Value::Null),
        buyer: Json(serde_json::Value::Null),
        issued_on: None,
        issued_by: user(issued_by),
        content_hash: None,
        created_at: now,
        created_by: user(created_by),
        updated_at: now,
        version: 2,
    }
}

#[test]
fn a_second_person_is_needed_above_the_limit_in_one_note_or_several() {
    let limit = Money::new(100, Currency::DKK);
    let (alone, approved) = (note(1, 1, 60), note(1, 2, 60));
    for (earlier, total, currency, needed) in [
        (vec![], 100, "DKK", false),
        (vec![], 101, "DKK", true),
        (vec![alone.clone()], 40, "DKK", false),
        (vec![alone.clone()], 41, "DKK", true),
        (vec![approved.clone()], 100, "DKK", false),
        (vec![approved, alone], 41, "DKK", true),
        (vec![], 1, "EUR", true),
    ] {
        assert_eq!(
            needs_second_person(limit, &earlier, total, currency),
            needed,
            "{} before, {total} {currency}",
            earlier.len()
        );
    }
}

#[test]
fn money_above_the_new_total_is_given_back() {
    for (total, credited, allocated, more, released) in [
        (100, 0, 0, 100, 0),
        (100, 0, 100, 30, 30),
        (100, 0, 60, 30, 0),
        (100, 0, 60, 50, 10),
        (100, 30, 70, 70, 70),
        (100, 30, 20, 70, 20),
    ] {
        assert_eq!(above_new_total(total, credited, allocated, more), released);
    }
}

#[test]
fn a_draft_is_not_credited() {
    assert!(check_status(InvoiceStatus::Draft).is_err());
    for status in [
        InvoiceStatus::Issued,
        InvoiceStatus::Sent,
        InvoiceStatus::PartlyPaid,
        InvoiceStatus::Paid,
    ] {
        assert!(check_status(status).is_ok(), "{status}");
    }
}
