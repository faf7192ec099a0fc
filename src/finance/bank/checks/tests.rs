//! Tests of the checks of a file.

use super::*;
use crate::finance::bank::camt;
use crate::finance::bank::importing::{Written, judge};

fn own() -> OwnAccount {
    OwnAccount {
        iban: Some("DK9464711234567890".to_owned()),
        registration: "6471".to_owned(),
        number: "1234567890".to_owned(),
        currency: Currency::DKK,
    }
}

fn file(opening: &str, closing: &str, entries: &str) -> String {
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        )
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>S</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>DK9464711234567890</IBAN></Id></Acct>{}{}{entries}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}

fn entry(amount: &str, sign: &str, reference: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"DKK\">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-16</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef></Ntry>"
    )
}

fn codes(text: &str) -> Vec<FaultCode> {
    match judge(text.as_bytes(), Written::Xml, own()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| fault.code).collect(),
    }
}

#[test]
fn the_balances_must_meet() {
    let entries = entry("100.00", "CRDT", "A") + &entry("30.00", "DBIT", "B");
    assert_eq!(codes(&file("10.00", "80.00", &entries)), []);
    assert_eq!(
        codes(&file("10.00", "80.01", &entries)),
        [FaultCode::Balance]
    );
    assert_eq!(codes(&file("0", "0", "")), []);
    // An entry that stands twice may count once or twice.
    let twice = entry("100.00", "CRDT", "A") + &entry("100.00", "CRDT", "A");
    assert_eq!(codes(&file("0", "100.00", &twice)), []);
    assert_eq!(codes(&file("0", "200.00", &twice)), []);
    assert_eq!(codes(&file("0", "300.00", &twice)), [FaultCode::Balance]);
    let faults = judge(
        file("10.00", "80.01", &entries).as_bytes(),
        Written::Xml,
        own(),
    )
    .unwrap_err();
    assert_eq!(
        faults[0].message.en,
        "Statement S: The opening balance 10.00 and 2 booked entries (the last is \"Statement S, entry 2 (reference B)\") give 80.00, but the closing balance is 80.01: 0.01 DKK are missing."
    );
}

#[test]
fn account_and_currency_are_the_sellers() {
    let sound = file("0", "100.00", &entry("100.00", "CRDT", "A"));
    assert_eq!(
        codes(&sound.replace("DK9464711234567890", "DK5000400440116243")),
        [FaultCode::ForeignAccount]
    );
    assert_eq!(
        codes(&sound.replace("<Ntry><Amt Ccy=\"DKK\">", "<Ntry><Amt Ccy=\"EUR\">")),
        [FaultCode::Currency]
    );
    assert_eq!(
        codes(&sound.replace("Ccy=\"DKK\"", "Ccy=\"EUR\"")),
        [FaultCode::Currency]
    );
}

#[test]
fn an_account_is_known_by_every_way_to_write_it() {
    let iban = |text: &str| NamedAccount {
        iban: Some(text.to_owned()),
        number: None,
    };
    let number = |text: &str| NamedAccount {
        iban: None,
        number: Some(text.to_owned()),
    };
    let without_iban = OwnAccount {
        iban: None,
        number: "34567890".to_owned(),
        ..own()
    };
    for (account, named, expected) in [
        (own(), iban("DK9464711234567890"), true),
        (own(), iban("DK5000400440116243"), false),
        (without_iban.clone(), iban("DK4064710034567890"), true),
        (own(), number("64711234567890"), true),
        (own(), number("1234567890"), true),
        (own(), number("1234567891"), false),
        (without_iban.clone(), number("6471 0034567890"), true),
        (without_iban.clone(), number("0034567890"), true),
        (without_iban, number("9999 0034567890"), false),
        (own(), NamedAccount::default(), true),
    ] {
        assert_eq!(account.is(&named), expected, "{named:?}");
    }
}

#[test]
fn gaps_in_the_sequence_are_told() {
    let text = file("10.00", "110.00", &entry("100.00", "CRDT", "A"));
    let read = camt::read(text.as_bytes()).unwrap();
    let stated = &read.statements[0];
    let before = |sequence, closing_minor| BankStatement {
        id: crate::kernel::ids::Id::of(uuid::Uuid::from_u128(1)),
        seller_id: crate::kernel::ids::Id::of(uuid::Uuid::from_u128(2)),
        format: StatementFormat::Camt05302,
        account: own().key(),
        currency: "DKK".to_owned(),
        bank_id: None,
        sequence: Some(sequence),
        from_on: None,
        through_on: None,
        opening_minor: Some(0),
        closing_minor: Some(closing_minor),
        entry_count: 0,
        pending_count: 0,
        content_hash: String::new(),
        position: 1,
        created_by: None,
        created_at: crate::kernel::instant::Instant::parse("2026-03-16T09:00:00Z").unwrap(),
    };
    for (sequence, closing, count) in [(6, 1_000, 0), (6, 999, 1), (4, 1_000, 1), (4, 999, 1)] {
        let found = warnings(stated, Some(&before(sequence, closing)));
        assert_eq!(found.len(), count, "{sequence} {closing}: {found:?}");
    }
    assert_eq!(warnings(stated, None), []);
    let told = &warnings(stated, Some(&before(4, 1_000)))[0];
    assert_eq!(
        told.en,
        "Statements 5 to 6 are missing: the one before this, 7, is 4."
    );
}
