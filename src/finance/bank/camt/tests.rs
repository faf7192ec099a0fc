//! Tests of the reader of camt.053 and camt.054.

use proptest::prelude::*;

use super::*;
use crate::finance::bank::model::Direction;
use crate::finance::bank::statement::{Part, StatedEntry};

const ACCOUNT: &str = "<Acct><Id><IBAN>DK94 6471 1234567890</IBAN></Id><Ccy>DKK</Ccy></Acct>";

fn balance(kind: &str, amount: &str, sign: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-03-16</Dt></Dt></Bal>"
    )
}

fn statement(version: &str, entries: &str) -> String {
    let balances = balance("OPBD", "1000.00", "CRDT") + &balance("CLBD", "500.5", "DBIT");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>2026-17</Id><ElctrncSeqNb>17</ElctrncSeqNb><FrToDt><FrDtTm>2026-03-16T00:00:00+01:00</FrDtTm><ToDtTm>2026-03-17T00:00:00</ToDtTm></FrToDt>{ACCOUNT}{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn one(version: &str, entry: &str) -> StatedEntry {
    let file = read(statement(version, entry).as_bytes()).unwrap();
    let [entry] = file.statements[0].entries.as_slice() else {
        panic!("{:?}", file.statements[0].entries);
    };
    entry.clone()
}

fn codes(text: &str) -> Vec<FaultCode> {
    let faults = read(text.as_bytes()).unwrap_err();
    faults.iter().map(|fault| fault.code).collect()
}

const OLD: &str = "<Ntry><Amt Ccy=\"DKK\">75000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-16</Dt></BookgDt><ValDt><Dt>2026-03-17</Dt></ValDt><AcctSvcrRef>A-1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Nm>Oslo kommune</Nm></Dbtr><DbtrAcct><Id><IBAN>NO93 8601 1117 947</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>Kontingent</Ustrd><Ustrd>F2026-000001</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>";
const NEW: &str = "<Ntry><NtryRef>1</NtryRef><Amt Ccy=\"DKK\">75000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-03-16T10:00:00Z</DtTm></BookgDt><ValDt><Dt>2026-03-17</Dt></ValDt><AcctSvcrRef>A-1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E-1</EndToEndId></Refs><Amt Ccy=\"DKK\">75000.00</Amt><RltdPties><Dbtr><Pty><Nm>Oslo kommune</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>100200260000011</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>";

#[test]
fn a_statement_is_read() {
    let file = read(statement("02", OLD).as_bytes()).unwrap();
    assert_eq!(file.format, StatementFormat::Camt05302);
    let stated = &file.statements[0];
    assert_eq!(
        (
            stated.bank_id.as_deref(),
            stated.sequence,
            stated.opening,
            stated.closing
        ),
        (Some("2026-17"), Some(17), Some(100_000), Some(-50_050))
    );
    assert_eq!(stated.account.iban.as_deref(), Some("DK9464711234567890"));
    let days = (
        stated.from_on.unwrap().to_string(),
        stated.through_on.unwrap().to_string(),
    );
    assert_eq!(days, ("2026-03-16".to_owned(), "2026-03-17".to_owned()));
}

#[test]
fn both_versions_say_the_same_in_other_places() {
    let old = one("02", OLD);
    assert_eq!((old.minor, old.direction), (7_500_000, Direction::Credit));
    assert_eq!(old.bank_reference.as_deref(), Some("A-1"));
    assert_eq!(old.value_on.to_string(), "2026-03-17");
    let part = &old.parts[0];
    assert_eq!(
        (
            part.name.as_deref(),
            part.account.as_deref(),
            part.end_to_end.as_deref(),
            part.text.as_deref()
        ),
        (
            Some("Oslo kommune"),
            Some("NO9386011117947"),
            None,
            Some("Kontingent; F2026-000001")
        )
    );
    let new = one("08", NEW);
    let part = &new.parts[0];
    assert_eq!(
        (
            part.name.as_deref(),
            part.creditor_reference.as_deref(),
            part.end_to_end.as_deref()
        ),
        (Some("Oslo kommune"), Some("100200260000011"), Some("E-1"))
    );
    assert_eq!(new.booked_on.to_string(), "2026-03-16");
}

#[test]
fn what_is_not_booked_is_passed_over_and_returns_are_marked() {
    for (version, pending) in [
        ("02", OLD.replace("BOOK", "PDNG")),
        ("02", OLD.replace("BOOK", "INFO")),
        ("08", NEW.replace("BOOK", "FUTR")),
    ] {
        let file = read(statement(version, &pending).as_bytes()).unwrap();
        assert_eq!(
            (file.statements[0].entries.len(), file.statements[0].pending),
            (0, 1)
        );
    }
    let back = OLD
        .replace("CRDT", "DBIT")
        .replace("<Sts>", "<RvslInd>true</RvslInd><Sts>");
    let back = one("02", &back);
    assert_eq!((back.direction, back.reversal), (Direction::Debit, true));
    // The other side of money that goes back is still the one who paid.
    assert_eq!(back.parts[0].name.as_deref(), Some("Oslo kommune"));
}

fn batch(amounts: [&str; 2], charges: &str) -> String {
    let parts = amounts
        .map(|amount| format!("<TxDtls><AmtDtls><TxAmt><Amt Ccy=\"DKK\">{amount}</Amt></TxAmt></AmtDtls>{charges}<RmtInf><Ustrd>F{amount}</Ustrd></RmtInf></TxDtls>"))
        .concat();
    format!(
        "<Ntry><Amt Ccy=\"DKK\">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-16</Dt></BookgDt><NtryDtls>{parts}</NtryDtls></Ntry>"
    )
}

#[test]
fn a_batch_is_parted_when_its_parts_add_up() {
    let minors = |entry: &str| -> Vec<i64> {
        let entry = one("02", entry);
        entry.parts.iter().map(|part: &Part| part.minor).collect()
    };
    assert_eq!(minors(&batch(["100.00", "200.00"], "")), [10_000, 20_000]);
    // Less by what the bank charged for each.
    let charges = "<Chrgs><Amt Ccy=\"DKK\">5.00</Amt></Chrgs>";
    assert_eq!(
        minors(&batch(["105.00", "205.00"], charges)),
        [10_000, 20_000]
    );
    assert_eq!(
        codes(&statement("02", &batch(["100.00", "201.00"], ""))),
        [FaultCode::Parts]
    );
}

#[test]
fn every_fault_is_told_with_its_entry() {
    let broken = format!(
        "{}{}",
        OLD.replace("75000.00", "75.000,00"),
        OLD.replace("CRDT", "CREDIT").replace("A-1", "A-2")
    );
    let faults = read(statement("02", &broken).as_bytes()).unwrap_err();
    let told: Vec<&str> = faults
        .iter()
        .map(|fault| fault.message.en.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "Statement 2026-17, entry 1 (reference A-1): \"75.000,00\" is no amount.",
            "Statement 2026-17, entry 2 (reference A-2): CdtDbtInd is \"CREDIT\", which is not known.",
        ]
    );
    for (text, code) in [
        (statement("03", OLD), FaultCode::UnknownFormat),
        (
            statement("02", OLD).replace("camt.053", "pain.001"),
            FaultCode::UnknownFormat,
        ),
        ("<Document/>".to_owned(), FaultCode::UnknownFormat),
        (statement("02", "").replace(ACCOUNT, ""), FaultCode::Missing),
        (
            statement("02", &OLD.replace("2026-03-16", "2026-02-30")),
            FaultCode::Date,
        ),
        (
            statement("02", &OLD.replace("Ccy=\"DKK\"", "")),
            FaultCode::Missing,
        ),
        (
            statement("02", &OLD.replace("Ccy=\"DKK\"", "Ccy=\"XYZW\"")),
            FaultCode::Currency,
        ),
        (
            statement("02", &OLD.replace("<Sts>BOOK</Sts>", "")),
            FaultCode::Missing,
        ),
        (
            statement("02", &OLD.replace("75000.00", "-75000.00")),
            FaultCode::Amount,
        ),
    ] {
        assert_eq!(codes(&text), [code], "{text}");
    }
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_fall_over(cut in 0..4_000_usize, at in 0..4_000_usize, byte in any::<u8>()) {
        let entries = format!("{OLD}{}", batch(["100.00", "200.00"], ""));
        let mut bytes = statement("02", &entries).into_bytes();
        let place = at % bytes.len();
        bytes[place] = byte;
        bytes.truncate(bytes.len().saturating_sub(cut % bytes.len()));
        let _ = read(&bytes);
    }
}
