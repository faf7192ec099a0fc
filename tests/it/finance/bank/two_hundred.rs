//! A statement of two hundred entries: slips, numbers with slips of the keyboard, bulk payments, payments
//! that came back, entries told twice, entries not booked. What it is not: every rule of matching.

use intercultural_cities::finance::{invoices, payments};
use intercultural_cities::kernel::ids::{CityId, InvoiceId, PaymentId};
use intercultural_cities::schema::allocations;
use serde_json::json;

use super::{
    Line, Paid, by_slip, by_text, confirm_all, entries, in_state, notification, statement, take_in,
};
use crate::finance::arrange::{issued, member, prices};
use crate::finance::ledger::books_are_sound;
use crate::support::app::{TestApp, day};

const FEE: i64 = 7_500_000;

struct Owed {
    city: CityId,
    name: String,
    invoice: InvoiceId,
    number: String,
}

/// Forty cities with an invoice for each of three years.
fn owed(app: &TestApp) -> Vec<Owed> {
    prices(app);
    let mut owed = Vec::new();
    for index in 0..40 {
        let name = format!(
            "{}stad",
            ["Al", "Ber", "Cel", "Dor", "El"][index % 5].repeat(1 + index / 5)
        );
        let (city, membership) = member(app, &name, day(2024, 1, 1));
        for year in 2024..2027 {
            let invoice = issued(app, membership, year, day(2026, 4, 1));
            let number = invoices::get(&mut app.db(), invoice)
                .unwrap()
                .number
                .unwrap();
            owed.push(Owed {
                city,
                name: name.clone(),
                invoice,
                number,
            });
        }
    }
    owed
}

/// The number as a hasty payer writes it.
fn with_a_slip(number: &str, place: usize) -> String {
    let (series_and_year, sequence) = number.split_once('-').unwrap();
    let short = sequence.trim_start_matches('0');
    match place % 4 {
        0 => format!("faktura {} {short}", series_and_year.to_lowercase()),
        1 => format!("{series_and_year}/{sequence}"),
        2 => format!("Inv. {series_and_year}{sequence} & tak"),
        _ => format!("{}-{sequence}", &series_and_year[1..]),
    }
}

/// Two hundred entries: ninety invoices by slip, twenty-four by text, three pairs in one sum, and what is
/// none of these. The last three of the slips come back.
fn lines(owed: &[Owed]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (place, one) in owed.iter().take(84).enumerate() {
        lines.push(Line::came(format!("A{place}"), by_slip(&one.number, FEE)));
    }
    // A batch of the bank: two entries of three slips each.
    for (place, three) in owed[84..90].chunks(3).enumerate() {
        let parts = three.iter().map(|one| by_slip(&one.number, FEE)).collect();
        lines.push(Line {
            parts,
            ..Line::came(format!("B{place}"), Paid::default())
        });
    }
    for (place, one) in owed[90..114].iter().enumerate() {
        let text = with_a_slip(&one.number, place);
        lines.push(Line::came(format!("C{place}"), by_text(text, FEE)));
    }
    for (place, two) in owed[114..120].chunks(2).enumerate() {
        let text = format!("{} og {}", two[0].number, two[1].number);
        lines.push(Line::came(format!("D{place}"), by_text(text, 2 * FEE)));
    }
    // Two payments of one day and amount are two, also where nothing else tells them apart.
    for reference in ["E1", "E2"] {
        let name = &owed[0].name;
        let paid = Paid {
            minor: 12_345,
            name,
            ..Paid::default()
        };
        lines.push(Line::came(reference, paid));
    }
    // Told twice in one file.
    let again = lines[0].clone();
    lines.push(again);
    for place in 0..3 {
        let back = Line {
            debit: true,
            reversal: true,
            day: "2026-05-06",
            ..lines[81 + place].clone()
        };
        lines.push(back);
    }
    for place in 0..10 {
        let line = Line::came(format!("P{place}"), by_slip(&owed[0].number, 100));
        lines.push(Line {
            pending: true,
            ..line
        });
    }
    while lines.len() < 200 {
        let place = lines.len();
        let fee = Line::came(
            format!("G{place}"),
            by_text(format!("Gebyr {place}"), 2_500),
        );
        lines.push(Line { debit: true, ..fee });
    }
    lines
}

fn is_open(app: &TestApp, invoice: InvoiceId) -> i64 {
    invoices::get(&mut app.db(), invoice).unwrap().open_minor()
}

/// The city of the only payment that an invoice has.
fn payer_of(app: &TestApp, invoice: InvoiceId) -> CityId {
    use diesel::prelude::*;
    let payment: PaymentId = allocations::table
        .filter(allocations::invoice_id.eq(invoice))
        .select(allocations::payment_id)
        .get_result(&mut app.db())
        .unwrap();
    payments::get(&mut app.db(), payment).unwrap().city_id
}

fn a_file_of_two_hundred(app: &TestApp, version: &str) {
    let owed = owed(app);
    let lines = lines(&owed);
    let file = statement(version, 17, &lines);
    let report = take_in(app, &file);
    let told = &report["statements"][0];
    assert_eq!(
        (
            &report["applied"],
            &told["entries"],
            &told["new"],
            &told["known"],
            &told["pending"]
        ),
        (
            &json!(true),
            &json!(190),
            &json!(189),
            &json!(1),
            &json!(10)
        )
    );
    books_are_sound(app);

    // Slips are certain: 84 entries and the six parts of the two batches are payments now.
    assert_eq!(in_state(app, "MATCHED"), 90);
    assert!(owed[..90].iter().all(|one| is_open(app, one.invoice) == 0));
    assert!(
        owed[90..]
            .iter()
            .all(|one| is_open(app, one.invoice) == FEE)
    );
    // Numbers and sums wait for finance, as do what has a city's name only, and what came back.
    let proposed: Vec<_> = entries(app, "id version state direction bestProposal { kind confidence reason(language: \"da\") city { id } allocations { invoice { id } amount { amount } } }")
        .into_iter()
        .filter(|entry| entry["state"] == "PROPOSED")
        .collect();
    let of = |kind: &str| {
        proposed
            .iter()
            .filter(|entry| entry["bestProposal"]["kind"] == kind)
            .count()
    };
    assert_eq!((of("PAYMENT"), of("RETURN"), of("RECORDED")), (27, 3, 0));
    assert!(
        proposed
            .iter()
            .all(|entry| !entry["bestProposal"]["reason"].as_str().unwrap().is_empty())
    );

    assert_eq!(confirm_all(app), 30);
    books_are_sound(app);
    // All is paid but the three that came back.
    let open: Vec<usize> = (0..owed.len())
        .filter(|place| is_open(app, owed[*place].invoice) > 0)
        .collect();
    assert_eq!(open, [81, 82, 83]);
    // Each payment is of the city that owes the invoice.
    for one in &owed[..81] {
        assert_eq!(payer_of(app, one.invoice), one.city, "{}", one.number);
    }

    // The same again, as a file and as a notification, changes nothing.
    let before = entries(app, "id version state");
    let again = take_in(app, &file);
    assert_eq!(
        (&again["applied"], &again["knownFile"]),
        (&json!(false), &json!(true))
    );
    let other = if version == "02" { "08" } else { "02" };
    let told = take_in(app, &notification(other, &lines));
    assert_eq!(
        (
            &told["statements"][0]["new"],
            &told["statements"][0]["known"]
        ),
        (&json!(0), &json!(190))
    );
    assert_eq!(entries(app, "id version state"), before);
    books_are_sound(app);
}

crate::both_databases! {
    fn two_hundred_entries_of_the_old_version(app: &TestApp) {
        a_file_of_two_hundred(app, "02");
    }

    fn two_hundred_entries_of_the_new_version(app: &TestApp) {
        a_file_of_two_hundred(app, "08");
    }
}
