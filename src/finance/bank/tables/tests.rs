//! Tests of the reader of tables.

use super::*;

fn read_text(text: &str) -> Result<Stated, Vec<Fault>> {
    read(text.as_bytes(), Currency::DKK).map(|mut file| file.statements.remove(0))
}

fn code(text: &str) -> FaultCode {
    read_text(text).unwrap_err()[0].code
}

const TABLE: &str = "Dato;Tekst;Beløb;Saldo\n16-03-2026;Århus F2026-1;75.000,00;85.000,00\n17-03-2026;Gebyr;-25,50;84.974,50\n";

#[test]
fn a_table_is_read_whatever_its_encoding_and_order() {
    let (latin, _, _) = WINDOWS_1252.encode(TABLE);
    let marked = format!("\u{feff}{TABLE}");
    let backwards = "Dato;Tekst;Beløb;Saldo\n17-03-2026;Gebyr;-25,50;84.974,50\n16-03-2026;Århus F2026-1;75.000,00;85.000,00\n";
    for bytes in [
        TABLE.as_bytes(),
        &latin,
        marked.as_bytes(),
        backwards.as_bytes(),
    ] {
        let file = read(bytes, Currency::DKK).unwrap();
        let stated = &file.statements[0];
        assert_eq!(
            (stated.opening, stated.closing),
            (Some(1_000_000), Some(8_497_450))
        );
        let entries: Vec<_> = stated
            .entries
            .iter()
            .map(|entry| (entry.signed(), entry.parts[0].text.as_deref().unwrap()))
            .collect();
        assert_eq!(entries, [(7_500_000, "Århus F2026-1"), (-2_550, "Gebyr")]);
    }
}

#[test]
fn columns_are_known_by_their_headings() {
    let text = "Konto: 6471 1234567890\n\nBogføringsdato;Rentedato;Beskrivelse;Beløb;Afsender;Kreditreference;Bankreference;Valuta;Status\n\
        2026-03-16;2026-03-17;Indbetaling;1234,5;Oslo;100200260000011;X1;DKK;Bogført\n\
        2026-03-18;;Kort;-1;;;;DKK;Reserveret\n";
    let stated = read_text(text).unwrap();
    assert_eq!((stated.entries.len(), stated.pending), (1, 1));
    let entry = &stated.entries[0];
    assert_eq!(
        (
            entry.minor,
            entry.value_on.to_string().as_str(),
            entry.bank_reference.as_deref()
        ),
        (123_450, "2026-03-17", Some("X1"))
    );
    let part = &entry.parts[0];
    assert_eq!(
        (part.name.as_deref(), part.creditor_reference.as_deref()),
        (Some("Oslo"), Some("100200260000011"))
    );
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    assert_eq!(code("a;b\n1;2\n"), FaultCode::UnknownFormat);
    assert_eq!(
        code(&TABLE.replace("16-03-2026", "31-02-2026")),
        FaultCode::Date
    );
    assert_eq!(
        code(&TABLE.replace("75.000,00;", "75.00,00;")),
        FaultCode::Amount
    );
    assert_eq!(
        code(&TABLE.replace("84.974,50", "84.974,51")),
        FaultCode::Balance
    );
    assert_eq!(
        code("Dato;Tekst;Beløb;Valuta\n16-03-2026;x;1,00;EUR\n"),
        FaultCode::Currency
    );
    let faults = read_text(&TABLE.replace("-25,50", "meget")).unwrap_err();
    assert_eq!(faults[0].message.en, "Line 3: \"meget\" is no amount.");
}
