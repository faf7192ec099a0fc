//! What every deed posts. What it is not: the deeds.

use super::*;

fn claim() -> Claim {
    Claim {
        invoice: InvoiceId::of(Uuid::from_u128(1)),
        number: Some("F2026-000001".to_owned()),
        city: CityId::of(Uuid::from_u128(2)),
        currency: "DKK".to_owned(),
    }
}

fn money() -> Money {
    Money {
        payment: Uuid::from_u128(3),
        city: CityId::of(Uuid::from_u128(2)),
        currency: "DKK".to_owned(),
    }
}

fn shown(posting: &Posting) -> String {
    let entry = |entry: &Entry| format!("{} {}", entry.account, entry.minor);
    let sum: i64 = posting.entries.iter().map(|entry| entry.minor).sum();
    assert_eq!(sum, 0, "{posting:?}");
    let shown: Vec<_> = posting
        .entries
        .iter()
        .filter(|entry| entry.minor != 0)
        .map(entry)
        .collect();
    shown.join(", ")
}

#[test]
fn every_deed_balances_and_moves_the_accounts_of_its_kind() {
    let on = NaiveDate::from_ymd_opt(2026, 3, 15).unwrap();
    let other = Uuid::from_u128(9);
    let invoice = claim().invoice;
    let fee = [(Account::DeferredRevenue, 7_500_000)];
    let table = [
        (
            invoice_issued(&claim(), on, 9_375_000, 1_875_000, &fee),
            "RECEIVABLES 9375000, DEFERRED_REVENUE -7500000, VAT_PAYABLE -1875000",
        ),
        (
            credit_note_issued(
                &claim(),
                (other, None),
                on,
                (125, 25, 100),
                &[(Account::DeferredRevenue, 70), (Account::FeeRevenue, 30)],
            ),
            "DEFERRED_REVENUE 70, FEE_REVENUE 30, VAT_PAYABLE 25, RECEIVABLES -125, RECEIVABLES 100, UNAPPLIED_CREDIT -100",
        ),
        (
            payment_received(&money(), on, 300, &[(invoice, 100), (invoice, 50)]),
            "BANK 300, RECEIVABLES -100, RECEIVABLES -50, UNAPPLIED_CREDIT -150",
        ),
        (
            payment_allocated(&money(), other, on, (invoice, 150)),
            "UNAPPLIED_CREDIT 150, RECEIVABLES -150",
        ),
        (
            allocation_released(&money(), other, on, (invoice, 150)),
            "RECEIVABLES 150, UNAPPLIED_CREDIT -150",
        ),
        (
            payment_reversed(&money(), other, on, 300, &[(invoice, 100)]),
            "BANK -300, RECEIVABLES 100, UNAPPLIED_CREDIT 200",
        ),
        (
            payment_refunded(&money(), other, on, 20),
            "UNAPPLIED_CREDIT 20, BANK -20",
        ),
        (
            claim_written_off(&claim(), other, on, (Account::BankCharges, 5)),
            "BANK_CHARGES 5, RECEIVABLES -5",
        ),
        (
            write_off_reversed(&claim(), other, on, (Account::BadDebts, 5)),
            "RECEIVABLES 5, BAD_DEBTS -5",
        ),
        (
            opening_item(&claim(), on, 42),
            "RECEIVABLES 42, OPENING_BALANCE -42",
        ),
        (
            revenue_recognised(&claim(), other, on, (Account::FeeRevenue, 625_000)),
            "DEFERRED_REVENUE 625000, FEE_REVENUE -625000",
        ),
        (
            year_closed(
                other,
                2026,
                "DKK",
                on,
                &[(Account::FeeRevenue, -900), (Account::BadDebts, 100)],
            ),
            "FEE_REVENUE 900, BAD_DEBTS -100, RETAINED_EARNINGS -800",
        ),
    ];
    for (posting, expected) in table {
        assert_eq!(shown(&posting), expected);
    }
}
