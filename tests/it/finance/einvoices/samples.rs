//! What invoices and credit notes of the network say, for the tests to begin with. What it is not:
//! tests.

use intercultural_cities::finance::credit_notes::CreditedTax;
use intercultural_cities::finance::einvoices::{Charge, DocumentKind, Facts, Numbered, Preceding};
use intercultural_cities::finance::invoices::Party;
use intercultural_cities::finance::products::VatCategory;
use intercultural_cities::kernel::phrase::Phrase;

use crate::support::app::day;

const SUBSCRIPTION: &str =
    "Momsfri kontingentydelse, momslovens § 13, stk. 1, nr. 4 (VAT-exempt subscription)";

/// The network as it invoices.
pub(in crate::finance) fn seller() -> Party {
    Party {
        name: "Intercultural Cities".to_owned(),
        street: Some("Eksempelvej 1".to_owned()),
        postal_code: Some("1000".to_owned()),
        town: Some("København K".to_owned()),
        country: "DK".to_owned(),
        cvr: Some("12345674".to_owned()),
        vat_number: Some("DK12345674".to_owned()),
        gln: None,
        order_reference: None,
        bank_account: Some("0000 0000000000".to_owned()),
        fik_creditor: None,
        iban: None,
        bic: None,
    }
}

/// A city that can receive electronic invoices.
pub(in crate::finance) fn buyer(name: &str, country: &str) -> Party {
    Party {
        name: name.to_owned(),
        street: Some("Eksempelpladsen 2".to_owned()),
        postal_code: Some("1550".to_owned()),
        town: Some(name.to_owned()),
        country: country.to_owned(),
        gln: Some("5790000000005".to_owned()),
        order_reference: Some("PO-2026-17".to_owned()),
        ..Party::default()
    }
}

/// A line of one piece.
pub(in crate::finance) fn charge(
    position: i32,
    net_minor: i64,
    category: VatCategory,
    rate_bp: i32,
) -> Charge {
    let reason = match category {
        VatCategory::S => None,
        VatCategory::E => Some(SUBSCRIPTION),
        VatCategory::Ae => Some("Reverse charge"),
        VatCategory::O => Some("Outside the scope of Danish value added tax"),
    };
    Charge {
        position,
        description: Phrase::new("Annual fee 2026", "Kontingent 2026"),
        formula: Phrase::new("75,000.00 × 292/365 days", "75.000,00 × 292/365 dage"),
        period_from: Some(day(2026, 3, 15)),
        period_until: Some(day(2027, 1, 1)),
        quantity: 1,
        unit_minor: net_minor,
        net_minor,
        vat_category: category,
        vat_rate_bp: rate_bp,
        exemption_reason: reason.map(str::to_owned),
    }
}

/// An issued invoice with these lines and this tax.
pub(in crate::finance) fn invoice(buyer: Party, charges: Vec<Charge>, vat_minor: i64) -> Facts {
    let net_minor = charges.iter().map(|charge| charge.net_minor).sum();
    Facts {
        kind: DocumentKind::Invoice,
        numbered: Some(Numbered {
            number: "F2026-000001".to_owned(),
            issued_on: day(2026, 4, 1),
            due_on: Some(day(2026, 5, 1)),
        }),
        preceding: None,
        seller: seller(),
        buyer,
        currency: "DKK".to_owned(),
        net_minor,
        vat_minor,
        total_minor: net_minor + vat_minor,
        charges,
        taxes: None,
        note: None,
    }
}

/// The fee of Copenhagen since 15 March, exempt.
pub(in crate::finance) fn fee() -> Facts {
    let charges = vec![charge(1, 6_000_000, VatCategory::E, 0)];
    invoice(buyer("København", "DK"), charges, 0)
}

/// What many samples are called, and what they say.
pub(in crate::finance) fn all() -> Vec<(&'static str, Facts)> {
    vec![
        ("fee-exempt", fee()),
        ("package-standard", package()),
        ("fee-outside-scope", outside_scope()),
        ("reverse-charge", reverse_charge()),
        ("several-rates", several_rates()),
        ("names-to-escape", names_to_escape()),
        ("fee-waived", waived()),
        ("buyer-by-cvr", by_cvr()),
        ("paid-by-slip", with_all_ways_to_pay(fee())),
        ("paid-from-abroad", with_all_ways_to_pay(outside_scope())),
        ("credit-note-partial", credit_note()),
        ("credit-note-exempt", credited(fee())),
        ("credit-note-reverse-charge", credited(reverse_charge())),
        ("credit-note-outside-scope", credited(outside_scope())),
        ("credit-note-several-rates", credited(several_rates())),
        ("credit-note-to-escape", credited(names_to_escape())),
        ("credit-note-rest-of-the-tax", rest_of_the_tax()),
    ]
}

fn package() -> Facts {
    let instalment = Charge {
        description: Phrase::new(
            "Package of 24 months, instalment 1 of 7",
            "Pakke på 24 måneder, rate 1 af 7",
        ),
        formula: Phrase::new("375,000.00, instalment 1 of 7", "375.000,00, rate 1 af 7"),
        period_until: Some(day(2028, 3, 15)),
        ..charge(1, 5_357_143, VatCategory::S, 2500)
    };
    // 25 % of 53.571,43 is 13.392,8575.
    invoice(buyer("Aarhus", "DK"), vec![instalment], 1_339_286)
}

fn outside_scope() -> Facts {
    let charges = vec![charge(1, 7_500_000, VatCategory::O, 0)];
    let mut facts = invoice(buyer("Oslo", "NO"), charges, 0);
    facts.seller.vat_number = None;
    facts
}

fn reverse_charge() -> Facts {
    let charges = vec![charge(1, 7_500_000, VatCategory::Ae, 0)];
    let mut facts = invoice(buyer("Malmö", "SE"), charges, 0);
    facts.buyer.vat_number = Some("SE212000112401".to_owned());
    facts
}

fn with_all_ways_to_pay(mut facts: Facts) -> Facts {
    facts.seller.fik_creditor = Some("12345678".to_owned());
    facts.seller.iban = Some("DK1800000000000000".to_owned());
    facts.seller.bic = Some("EXAMDKK0".to_owned());
    facts
}

fn several_rates() -> Facts {
    let mut charges = vec![
        charge(1, 6_000_000, VatCategory::E, 0),
        charge(2, 33, VatCategory::S, 2500),
        charge(3, 33, VatCategory::S, 2500),
        charge(4, 101, VatCategory::S, 1250),
        charge(5, 100, VatCategory::E, 0),
    ];
    charges[3].quantity = 3;
    charges[3].unit_minor = 101;
    charges[3].net_minor = 303;
    charges[4].exemption_reason = Some("Another exemption".to_owned());
    charges[4].period_from = None;
    charges[4].period_until = None;
    // 25 % of 0,66 is 0,165, and 12,5 % of 3,03 is 0,37875.
    invoice(buyer("Odense", "DK"), charges, 17 + 38)
}

fn names_to_escape() -> Facts {
    let mut facts = fee();
    facts.buyer.name = "Ærø & Søn <Kommunernes \"Fællesskab\"> 'Å'".to_owned();
    facts.buyer.street = Some("Østergade 1, 2. sal ]]> & co.".to_owned());
    facts.buyer.order_reference = Some("  Ordre <7> & 8 ".to_owned());
    facts.charges[0].description.da = "Kontingent \u{1F3D9} & mere".to_owned();
    facts
}

fn waived() -> Facts {
    let charges = vec![charge(1, 0, VatCategory::E, 0)];
    invoice(buyer("Aalborg", "DK"), charges, 0)
}

fn by_cvr() -> Facts {
    let mut facts = fee();
    facts.buyer.gln = None;
    facts.buyer.cvr = Some("64942212".to_owned());
    facts
}

/// A part of an invoice, taken back.
pub(in crate::finance) fn credit_note() -> Facts {
    credited(invoice(
        buyer("København", "DK"),
        vec![charge(1, 1_500_001, VatCategory::S, 2500)],
        375_000,
    ))
}

/// What an invoice says, taken back as a whole.
fn credited(facts: Facts) -> Facts {
    Facts {
        kind: DocumentKind::CreditNote,
        numbered: Some(Numbered {
            number: "K2026-000001".to_owned(),
            issued_on: day(2026, 6, 1),
            due_on: None,
        }),
        preceding: Some(Preceding {
            number: "F2026-000001".to_owned(),
            issued_on: Some(day(2026, 4, 1)),
        }),
        note: Some("Byen er trådt ud & har <betalt>.".to_owned()),
        ..facts
    }
}

/// 0,67 with a tax of 0,17, credited before as 0,34 with 0,09, leaves 0,33 with 0,08; here the rest is one
/// øre more than the rate gives.
fn rest_of_the_tax() -> Facts {
    let charges = vec![charge(1, 33, VatCategory::S, 2500)];
    let mut facts = credited(invoice(buyer("Odense", "DK"), charges, 9));
    facts.taxes = Some(vec![CreditedTax {
        category: VatCategory::S,
        rate_bp: 2500,
        net_minor: 33,
        vat_minor: 9,
    }]);
    facts
}
