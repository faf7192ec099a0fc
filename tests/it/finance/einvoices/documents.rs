//! The documents of all kinds, byte by byte as they are committed, and judged. What it is not: the
//! public door.

use intercultural_cities::finance::einvoices::{
    Card, Document, PaymentMeans, Slip, Transfer, document, preflight, write,
};

use crate::contract::committed;
use crate::finance::einvoices::checker;
use crate::finance::einvoices::judged::judge;
use crate::finance::einvoices::samples;

fn made(facts: &intercultural_cities::finance::einvoices::Facts) -> Document {
    document(facts).unwrap()
}

#[test]
fn every_kind_of_document_is_as_committed_and_holds_the_rules() {
    for (name, facts) in samples::all() {
        assert_eq!(preflight(&facts), [], "{name}");
        let xml = write(&made(&facts)).unwrap();
        assert_eq!(xml, write(&made(&facts)).unwrap(), "{name}");
        judge(name, &xml);
        committed(
            &format!("tests/it/finance/einvoices/golden/{name}.xml"),
            std::str::from_utf8(&xml).unwrap(),
        );
    }
}

#[test]
fn every_way_to_pay_holds_the_danish_rules() {
    let slip =
        |card, reference| PaymentMeans::Slip(Slip::new(card, reference, "87654321").unwrap());
    for (name, payment) in [
        (
            "paid-by-slip-71",
            slip(Card::Reference15, "000000000000129"),
        ),
        (
            "paid-by-slip-75",
            slip(Card::Reference16, "0000000000001297"),
        ),
        ("paid-by-slip-73", slip(Card::FreeText, "")),
        (
            "paid-by-transfer",
            PaymentMeans::Account {
                by: Transfer::Debit,
                registration: "0001".to_owned(),
                account: "1234567890".to_owned(),
                reference: None,
            },
        ),
    ] {
        let document = Document {
            payment: Some(payment),
            buyer_reference: Some("Kontor 7".to_owned()),
            ..made(&samples::fee())
        };
        judge(name, &write(&document).unwrap());
    }
}

/// What is changed in a document, and the rule that this breaks.
type Break = (Of, &'static str, &'static str, &'static str);

enum Of {
    Fee,
    Credit,
}

const BREAKS: [Break; 20] = [
    (
        Of::Fee,
        "60000.00</cbc:PayableAmount",
        "60000.01</cbc:PayableAmount",
        "BR-CO-16",
    ),
    (
        Of::Fee,
        "60000.00</cbc:TaxInclusiveAmount",
        "6000.00</cbc:TaxInclusiveAmount",
        "BR-CO-15",
    ),
    (
        Of::Fee,
        "60000.00</cbc:TaxableAmount",
        "6000.00</cbc:TaxableAmount",
        "BR-E-08",
    ),
    (
        Of::Fee,
        "60000.00</cbc:PriceAmount",
        "600.00</cbc:PriceAmount",
        "PEPPOL-EN16931-R120",
    ),
    (
        Of::Fee,
        "60000.00</cbc:PayableAmount",
        "60000.000</cbc:PayableAmount",
        "BR-DEC",
    ),
    (
        Of::Fee,
        ">DK12345674</cbc:EndpointID",
        ">12</cbc:EndpointID",
        "PEPPOL-COMMON-R042",
    ),
    (
        Of::Fee,
        "5790000000005",
        "5790000000006",
        "PEPPOL-COMMON-R040",
    ),
    (
        Of::Fee,
        "<cbc:ID>PO-2026-17</cbc:ID>",
        "<cbc:ID></cbc:ID>",
        "PEPPOL-EN16931-R008",
    ),
    (
        Of::Fee,
        "OrderReference",
        "ContractDocumentReference",
        "PEPPOL-EN16931-R003",
    ),
    (Of::Fee, "DueDate", "TaxPointDate", "BR-CO-25"),
    (
        Of::Fee,
        "<cbc:ID>0000</cbc:ID>",
        "<cbc:Name>0</cbc:Name>",
        "DK-R-006",
    ),
    (
        Of::Fee,
        "PaymentMeansCode>42",
        "PaymentMeansCode>30",
        "DK-R-005",
    ),
    (
        Of::Fee,
        "<cbc:CompanyID schemeID=\"0184\">",
        "<cbc:CompanyID>",
        "DK-R-014",
    ),
    (Of::Fee, "cbc:TaxExemptionReason", "cbc:Name", "BR-E-10"),
    (
        Of::Fee,
        "<cbc:CompanyID>DK12345674",
        "<cbc:CompanyID>12345674",
        "BR-CO-09",
    ),
    (
        Of::Fee,
        "currencyID=\"DKK\">60000.00</cbc:Price",
        "currencyID=\"EUR\">60000.00</cbc:Price",
        "PEPPOL-EN16931-R051",
    ),
    (
        Of::Fee,
        "poacc:billing:01",
        "poacc:billing:02",
        "PEPPOL-EN16931-R001",
    ),
    (
        Of::Credit,
        "BillingReference",
        "ContractDocumentReference",
        "BR-55",
    ),
    (
        Of::Credit,
        "3750.00</cbc:TaxAmount",
        "3751.00</cbc:TaxAmount",
        "BR-CO-17",
    ),
    (
        Of::Credit,
        ">18750.01</cbc:PayableAmount",
        ">-1.00</cbc:PayableAmount",
        "DK-R-016",
    ),
];

/// A rule that could not be broken would be no rule: each change breaks the one it names.
#[test]
fn the_checker_finds_what_is_wrong() {
    let fee = String::from_utf8(write(&made(&samples::fee())).unwrap()).unwrap();
    let credit = String::from_utf8(write(&made(&samples::credit_note())).unwrap()).unwrap();
    for (of, from, to, rule) in BREAKS {
        let text = match of {
            Of::Fee => &fee,
            Of::Credit => &credit,
        };
        assert!(text.contains(from), "{rule}: {text}");
        let found = checker::problems(&text.replace(from, to));
        assert!(
            found.iter().any(|problem| problem.starts_with(rule)),
            "{rule}: {found:?}"
        );
    }
}
