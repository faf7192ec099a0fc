//! Files with a fault: each is told with its entry by name, and nothing of the file is stored.

use diesel::prelude::*;
use intercultural_cities::schema::{bank_entries, bank_statements, jobs};
use serde_json::Value;

use super::{IBAN, Line, by_slip, by_text, send, statement};
use crate::finance::arrange::copenhagen;
use crate::support::app::TestApp;

fn sound() -> String {
    let first = Line::came("A1", by_slip("F2026-000001", 100_000));
    let second = Line::came("A2", by_text("Ærø & Årø", 50_000));
    statement("02", 3, &[first, second])
}

fn nothing_is_stored(app: &TestApp) {
    let mut db = app.db();
    let statements: i64 = bank_statements::table.count().get_result(&mut db).unwrap();
    let entries: i64 = bank_entries::table.count().get_result(&mut db).unwrap();
    let jobs: i64 = jobs::table
        .filter(jobs::kind.eq("finance.match_entries"))
        .count()
        .get_result(&mut db)
        .unwrap();
    assert_eq!((statements, entries, jobs), (0, 0, 0));
}

fn problem(report: &Value) -> (&str, &str) {
    let first = &report["problems"][0];
    (
        first["code"].as_str().unwrap(),
        first["message"].as_str().unwrap(),
    )
}

crate::both_databases! {
    fn a_file_with_a_fault_is_told_what_and_where(app: &TestApp) {
        copenhagen(app);
        let sound = sound();
        let half = &sound[..sound.len() / 2];
        let bomb = sound.replacen("?>", "?><!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>", 1).replace("Ærø", "&b;");
        let deep = sound.replace("<Ustrd>", &"<Ustrd>".repeat(70));
        let finance = app.finance();
        for (text, code, named) in [
            (half.to_owned(), "CUT", "Fetch it from the bank again"),
            (bomb, "DOCTYPE", "document type definition"),
            (deep, "TOO_DEEP", "deeper than 64"),
            (sound.replace("<Amt Ccy=\"DKK\">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>", "<Amt Ccy=\"DKK\">1000.01</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>"), "BALANCE", "Statement S-3: The opening balance 1000.01 and 2 booked entries"),
            (sound.replacen("<Ntry><Amt Ccy=\"DKK\">", "<Ntry><Amt Ccy=\"EUR\">", 1), "CURRENCY", "Statement S-3, entry 1 (reference A1): The entry is in EUR"),
            (sound.replace(IBAN, "DK5000400440116243"), "FOREIGN_ACCOUNT", "DK5000400440116243 is not the seller's"),
            (sound.replace("<Amt Ccy=\"DKK\">500.00</Amt>", "<Amt Ccy=\"DKK\">500,00</Amt>"), "AMOUNT", "Statement S-3, entry 2 (reference A2): \"500,00\" is no amount"),
            (sound.replace("2026-05-04", "2026-02-30"), "DATE", "2026-02-30"),
            (sound.replace("camt.053.001.02", "camt.053.001.13"), "UNKNOWN_FORMAT", "camt.053.001.13"),
            ("<a/>".to_owned(), "UNKNOWN_FORMAT", ""),
            (String::new(), "MALFORMED", ""),
        ] {
            for query in ["", "?apply=true"] {
                let (status, report) = send(&finance, query, "application/xml", text.as_bytes());
                let (found, message) = problem(&report);
                assert_eq!((status, found), (422, code), "{report}");
                assert!(message.contains(named), "{message}");
                assert_eq!(report["applied"], false);
            }
        }
        nothing_is_stored(app);

        let six = format!("{}{}", " ".repeat(6 * 1024 * 1024), sound);
        let (status, report) = send(&finance, "?apply=true", "application/xml", six.as_bytes());
        assert_eq!(status, 413, "{report}");
        let (status, _) = send(&finance, "?apply=true", "application/json", b"{}");
        assert_eq!(status, 415);
        let (status, _) = send(&finance, "?aply=true", "application/xml", sound.as_bytes());
        assert_eq!(status, 400);
        for (text, code) in [
            ("Dato;Tekst;Beløb;Saldo\n04-05-2026;x;1,00;1,00\n05-05-2026;y;1,00;3,00\n", "BALANCE"),
            ("Dato;Tekst;Beløb\n04-05-2026;x;1.00.0\n", "AMOUNT"),
            ("Konto;Dato;Tekst;Beløb\n99990000000009;04-05-2026;x;1,00\n", "FOREIGN_ACCOUNT"),
            ("Dato;Tekst;Beløb;Valuta\n04-05-2026;x;1,00;SEK\n", "CURRENCY"),
            ("hej\n", "UNKNOWN_FORMAT"),
        ] {
            let (status, report) = send(&finance, "?apply=true", "text/csv", text.as_bytes());
            assert_eq!((status, problem(&report).0), (422, code), "{report}");
        }
        nothing_is_stored(app);

        // Danish is answered to those who read it.
        let reply = finance.send("POST", "/api/v1/bank/statements", &[("content-type", "application/xml"), ("accept-language", "da")], half.as_bytes());
        assert!(reply.text().contains("Hent den i banken igen"), "{}", reply.text());
    }
}
