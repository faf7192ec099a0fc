//! The pre-flight: each thing that can be missing or wrong is named with its field, and all of it at
//! once. What it is not: the public door.

use intercultural_cities::finance::einvoices::{Facts, document, preflight};
use intercultural_cities::finance::invoices::Party;
use intercultural_cities::finance::products::VatCategory;

use crate::finance::einvoices::samples::{charge, credit_note, fee};
use crate::support::app::day;

/// The fields of the problems with their codes.
fn found(facts: &Facts) -> Vec<String> {
    preflight(facts)
        .iter()
        .map(|refusal| format!("{} {}", refusal.field, refusal.code.as_str()))
        .collect()
}

type Change = fn(&mut Facts);

/// What is changed, and the problems that this makes.
const CASES: [(Change, &[&str]); 29] = [
    (|_| {}, &[]),
    (|facts| facts.numbered = None, &[]),
    (|facts| facts.buyer.gln = None, &["buyer.gln REQUIRED"]),
    (
        |facts| facts.buyer.gln = Some("5790000000006".into()),
        &["buyer.gln INVALID_GLN"],
    ),
    (
        |facts| facts.buyer.gln = Some("579000000000".into()),
        &["buyer.gln INVALID_GLN"],
    ),
    (
        |facts| facts.buyer.cvr = Some("64942213".into()),
        &["buyer.cvr INVALID_CVR"],
    ),
    (
        |facts| facts.buyer.order_reference = None,
        &["buyer.orderReference REQUIRED"],
    ),
    (
        |facts| facts.buyer.order_reference = Some(" ".into()),
        &["buyer.orderReference REQUIRED"],
    ),
    (
        |facts| facts.buyer.name = String::new(),
        &["buyer.name REQUIRED"],
    ),
    (
        |facts| facts.buyer.name = "Kø\u{1}ge".into(),
        &["buyer.name INVALID_TEXT"],
    ),
    (
        |facts| facts.buyer.street = Some("a\u{FFFE}b".into()),
        &["buyer.street INVALID_TEXT"],
    ),
    (|facts| facts.buyer.street = Some(String::new()), &[]),
    (
        |facts| facts.buyer.vat_number = Some("12345678".into()),
        &["buyer.vatNumber OUT_OF_RANGE"],
    ),
    (
        |facts| facts.seller.country = "XX".into(),
        &[
            "seller.country OUT_OF_RANGE",
            "seller.vatNumber OUT_OF_RANGE",
        ],
    ),
    (|facts| facts.seller.cvr = None, &["seller.cvr REQUIRED"]),
    (
        |facts| facts.seller.cvr = Some("12345678".into()),
        &["seller.cvr INVALID_CVR"],
    ),
    (
        |facts| facts.seller.vat_number = None,
        &["seller.vatNumber REQUIRED"],
    ),
    (
        |facts| facts.seller.bank_account = None,
        &["seller.bankAccount REQUIRED"],
    ),
    (
        |facts| facts.seller.bank_account = Some("0001".into()),
        &["seller.bankAccount REQUIRED"],
    ),
    (
        |facts| facts.seller.bank_account = Some("0001 12345678901".into()),
        &["seller.bankAccount REQUIRED"],
    ),
    (
        |facts| facts.currency = "KWD".into(),
        &["currency OUT_OF_RANGE"],
    ),
    (
        |facts| facts.charges[0].exemption_reason = None,
        &["lines.0.exemptionReason REQUIRED"],
    ),
    (
        |facts| facts.charges[0].vat_rate_bp = 2500,
        &["lines.0.vatRate OUT_OF_RANGE"],
    ),
    (
        |facts| facts.charges[0].quantity = 2,
        &["lines.0.net OUT_OF_RANGE"],
    ),
    (
        |facts| facts.charges[0].description.da = " ".into(),
        &["lines.0.description REQUIRED"],
    ),
    (
        |facts| facts.charges[0].period_until = Some(day(2026, 3, 15)),
        &["lines.0.startsOn OUT_OF_RANGE"],
    ),
    (|facts| facts.total_minor += 1, &["total OUT_OF_RANGE"]),
    (
        |facts| facts.charges[0].vat_category = VatCategory::O,
        &["seller.vatNumber OUT_OF_RANGE"],
    ),
    (
        |facts| facts.charges[0] = charge(1, 6_000_000, VatCategory::Ae, 0),
        &["buyer.vatNumber REQUIRED"],
    ),
];

#[test]
fn each_problem_is_named() {
    for (place, (change, problems)) in CASES.into_iter().enumerate() {
        let mut facts = fee();
        change(&mut facts);
        assert_eq!(found(&facts), problems, "{place}");
        let makes = problems.is_empty() && facts.numbered.is_some();
        assert_eq!(document(&facts).is_ok(), makes, "{place}");
    }
}

#[test]
fn everything_that_is_missing_is_told_at_once_and_in_both_languages() {
    let mut facts = fee();
    facts.buyer = Party {
        name: "København".to_owned(),
        country: "DK".to_owned(),
        ..Party::default()
    };
    facts.numbered = None;
    let said: Vec<_> = preflight(&facts)
        .into_iter()
        .map(|refusal| refusal.message)
        .collect();
    assert_eq!(
        said[0].en,
        "København needs a GLN, or at least a CVR number: electronic invoices are sent there."
    );
    assert_eq!(
        said[0].da,
        "København mangler et EAN-/GLN-nummer eller i det mindste et CVR-nummer: elektroniske fakturaer sendes dertil."
    );
    assert_eq!(
        said[1].en,
        "København needs an order reference: electronic invoices without one are turned away."
    );
    assert_eq!(
        said[1].da,
        "København mangler en ordrereference: elektroniske fakturaer uden afvises."
    );
    assert_eq!(said.len(), 2);
    let of_draft = document(&facts).unwrap_err();
    assert_eq!((of_draft[0].field.as_str(), of_draft.len()), ("number", 3));
}

#[test]
fn a_foreign_city_is_reached_by_its_gln_alone() {
    let mut facts = fee();
    facts.buyer.country = "FR".to_owned();
    facts.buyer.gln = None;
    facts.buyer.cvr = Some("64942212".to_owned());
    assert_eq!(found(&facts), ["buyer.gln REQUIRED"]);
}

#[test]
fn taxes_that_cannot_stand_together_are_refused() {
    let mut facts = fee();
    facts.charges.push(charge(2, 100, VatCategory::O, 0));
    facts.net_minor += 100;
    facts.total_minor += 100;
    assert_eq!(
        found(&facts),
        ["seller.vatNumber OUT_OF_RANGE", "lines OUT_OF_RANGE"]
    );
    facts.charges.clear();
    assert_eq!(found(&facts), ["lines REQUIRED", "total OUT_OF_RANGE"]);
}

#[test]
fn a_credit_note_names_its_invoice_and_is_not_below_zero() {
    let mut facts = credit_note();
    facts.preceding = None;
    assert_eq!(found(&facts), ["preceding.number REQUIRED"]);
    let mut facts = credit_note();
    facts.charges[0].quantity = -1;
    facts.charges[0].net_minor = -1_500_001;
    assert_eq!(found(&facts), ["total OUT_OF_RANGE"]);
}
