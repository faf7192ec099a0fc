//! Tests of what money that came may be for.

use uuid::Uuid;

use super::*;
use crate::kernel::ids::Id;

fn city(number: u128) -> CityId {
    CityId::of(Uuid::from_u128(number))
}

fn id(number: u128) -> InvoiceId {
    InvoiceId::of(Uuid::from_u128(number))
}

fn open(number: u128, of: u128, minor: i64) -> OpenInvoice {
    OpenInvoice {
        id: id(number),
        city: city(of),
        number: format!("F2026-{number:06}"),
        open_minor: minor,
        due_on: NaiveDate::from_ymd_opt(2026, 4, 1),
    }
}

fn book() -> Book {
    Book::new(
        vec![
            open(1, 1, 7_500_000),
            open(2, 2, 6_000_000),
            open(3, 2, 1_500_000),
            open(4, 3, 7_500_000),
        ],
        [("F2026-000009".to_owned(), city(4))],
        [
            ("København".to_owned(), city(1)),
            ("Oslo".to_owned(), city(2)),
            ("Lyon".to_owned(), city(3)),
            ("London".to_owned(), city(5)),
            ("London".to_owned(), city(6)),
        ],
        [("NO1".to_owned(), city(2))],
    )
}

#[derive(Default)]
struct Came<'a> {
    minor: i64,
    reference: &'a str,
    text: &'a str,
    name: Option<&'a str>,
    account: Option<&'a str>,
}

/// Confidence, city, and how much of which invoice.
type Found = (i32, CityId, Vec<(InvoiceId, i64)>);

fn proposed(came: &Came<'_>) -> Option<Found> {
    let incoming = Incoming {
        minor: came.minor,
        reference: came.reference,
        text: came.text,
        name: came.name,
        account: came.account,
    };
    propose(incoming, &book()).map(|one| (one.confidence, one.city, one.shares))
}

#[test]
fn a_reference_with_check_digits_is_certain() {
    let fik = payment_reference::fik("F", 2026, 1).unwrap();
    let rf = payment_reference::rf("F2026-000002").unwrap();
    for (came, expected) in [
        (
            Came {
                minor: 7_500_000,
                reference: &fik,
                ..Came::default()
            },
            (100, city(1), vec![(id(1), 7_500_000)]),
        ),
        // Less than is open, and more.
        (
            Came {
                minor: 7_499_999,
                text: &format!("+71<{fik}+12345678<"),
                ..Came::default()
            },
            (100, city(1), vec![(id(1), 7_499_999)]),
        ),
        (
            Came {
                minor: 7_500_001,
                reference: &fik,
                ..Came::default()
            },
            (95, city(1), vec![(id(1), 7_500_000)]),
        ),
        (
            Came {
                minor: 6_000_000,
                text: &rf,
                ..Came::default()
            },
            (100, city(2), vec![(id(2), 6_000_000)]),
        ),
    ] {
        assert_eq!(proposed(&came), Some(expected));
    }
}

#[test]
fn numbers_are_read_with_slips_and_several_at_once() {
    for (minor, text, expected) in [
        (
            7_500_000,
            "faktura F2026-000001",
            Some((95, city(1), vec![(id(1), 7_500_000)])),
        ),
        (
            7_500_000,
            "F2026 1",
            Some((90, city(1), vec![(id(1), 7_500_000)])),
        ),
        (
            7_500_000,
            "F2026-000002 + F2026-000003",
            Some((95, city(2), vec![(id(2), 6_000_000), (id(3), 1_500_000)])),
        ),
        // Which of several is short is not said.
        (
            7_000_000,
            "F2026-000002, F2026-000003",
            Some((65, city(2), vec![(id(2), 6_000_000), (id(3), 1_000_000)])),
        ),
        // Of two cities in one sum.
        (
            13_500_000,
            "F2026-000001 F2026-000002",
            Some((95, city(1), vec![(id(1), 7_500_000), (id(2), 6_000_000)])),
        ),
        // Nothing is open on it: the money is the city's.
        (100, "F2026-000009", Some((50, city(4), vec![]))),
        (100, "F2026-000077", None),
    ] {
        let came = Came {
            minor,
            text,
            ..Came::default()
        };
        assert_eq!(proposed(&came), expected, "{text}");
    }
}

#[test]
fn the_payer_and_the_amount_say_it_where_nothing_is_written() {
    for (minor, name, account, expected) in [
        (
            6_000_000,
            None,
            Some("NO1"),
            Some((85, city(2), vec![(id(2), 6_000_000)])),
        ),
        (
            7_500_000,
            Some("KØBENHAVNS KOMMUNE"),
            None,
            Some((75, city(1), vec![(id(1), 7_500_000)])),
        ),
        // The only set of the payer's invoices that adds up.
        (
            7_500_000,
            Some("Oslo kommune"),
            None,
            Some((60, city(2), vec![(id(2), 6_000_000), (id(3), 1_500_000)])),
        ),
        // Two cities of one name are nobody; and of all invoices only one set is of this amount.
        (9_000_000, Some("London"), None, None),
        (8_999_999, Some("Lyon"), None, None),
        (
            22_500_000,
            None,
            None,
            Some((
                40,
                city(1),
                vec![
                    (id(1), 7_500_000),
                    (id(2), 6_000_000),
                    (id(3), 1_500_000),
                    (id(4), 7_500_000),
                ],
            )),
        ),
        (0, Some("Oslo"), None, None),
    ] {
        let came = Came {
            minor,
            name,
            account,
            ..Came::default()
        };
        let found = proposed(&came).map(|(confidence, city, mut shares)| {
            shares.sort_unstable();
            (confidence, city, shares)
        });
        assert_eq!(found, expected, "{minor} {name:?}");
    }
}

#[test]
fn a_reference_one_slip_away_is_proposed_for_the_exact_amount_only() {
    let fik = payment_reference::fik("F", 2026, 1).unwrap();
    let mut slip: Vec<char> = fik.chars().collect();
    slip[13] = if slip[13] == '0' { '8' } else { '0' };
    let slip: String = slip.into_iter().collect();
    let came = |minor| Came {
        minor,
        reference: &slip,
        ..Came::default()
    };
    assert_eq!(
        proposed(&came(7_500_000)),
        Some((70, city(1), vec![(id(1), 7_500_000)]))
    );
    assert_eq!(proposed(&came(7_400_000)), None);
}

#[test]
fn what_is_used_up_is_offered_to_nobody_else() {
    let mut book = book();
    book.use_up(&[(id(2), 6_000_000), (id(3), 500_000)]);
    let incoming = |minor| Incoming {
        minor,
        reference: "",
        text: "F2026-000002",
        name: None,
        account: None,
    };
    let second = propose(incoming(6_000_000), &book).unwrap();
    assert_eq!((second.confidence, second.shares), (50, vec![]));
    book.remember("DK2", city(3));
    let by_account = Incoming {
        text: "",
        account: Some("DK2"),
        ..incoming(7_500_000)
    };
    assert_eq!(propose(by_account, &book).unwrap().city, city(3));
}
