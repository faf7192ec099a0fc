//! The pages of invoices and credit notes: what stands on them, that the same document has the same bytes,
//! and who may have them. The files are left beside the electronic invoices, to be looked at. What it
//! is not: a judgement of their looks.

use intercultural_cities::finance::documents::{self, Letter, Total, letter};
use intercultural_cities::finance::einvoices::Facts;
use intercultural_cities::finance::products::VatCategory;
use intercultural_cities::kernel::language::Language;

use intercultural_cities::kernel::ids::Id;

use crate::finance::arrange::{draft, issued, member, paid, prices};
use crate::finance::einvoices::samples;
use crate::support::app::day;

fn said(facts: &Facts, language: Language) -> Letter {
    letter(facts, language, day(2026, 3, 1)).unwrap()
}

/// The pages, left for whoever wants to see them.
fn written(name: &str, letter: &Letter) -> Vec<u8> {
    let bytes = documents::write(letter).unwrap();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.pdf")), &bytes).unwrap();
    bytes
}

/// How many pages the file says it has.
fn pages(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let (_, rest) = text.split_once("/Count ").unwrap();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

fn payable(mut facts: Facts) -> Facts {
    facts.seller.fik_creditor = Some("12345678".to_owned());
    facts.seller.iban = Some("DK1800000000000000".to_owned());
    facts.seller.bic = Some("EXAMDKK0".to_owned());
    facts
}

/// Sixty lines with names that need several lines.
fn long() -> Facts {
    let mut charges = Vec::new();
    for position in 1..=60 {
        let mut charge = samples::charge(position, 1_234_567, VatCategory::S, 2500);
        if position % 7 == 0 {
            charge.description.da =
                "Kommunernes fællesskab for interkulturelle byer, ekspertbesøg og rapport "
                    .repeat(3);
        }
        charges.push(charge);
    }
    let mut facts = samples::invoice(samples::buyer("Aarhus", "DK"), charges, 18_518_505);
    facts.buyer.name =
        "Kommunernes Interkulturelle Fællesskab i Region Midtjylland og Omegn under Afvikling"
            .to_owned();
    payable(facts)
}

#[test]
fn every_kind_of_document_is_written_alike_each_time() {
    for (name, facts) in samples::all() {
        let facts = payable(facts);
        for language in [Language::Da, Language::En] {
            let letter = said(&facts, language);
            let name = format!("{name}-{}", language.tag());
            let bytes = written(&name, &letter);
            assert!(bytes.starts_with(b"%PDF-1.7"), "{name}");
            let several = usize::from(name.starts_with("several"));
            assert!((1..=1 + several).contains(&pages(&bytes)), "{name}");
            assert_eq!(bytes, documents::write(&letter).unwrap(), "{name}");
        }
    }
    let mut draft = samples::fee();
    draft.numbered = None;
    written("draft-da", &said(&draft, Language::Da));
    let bytes = written("long-da", &said(&long(), Language::Da));
    assert_eq!(pages(&bytes), 6);
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn an_invoice_says_how_it_came_about_and_how_it_is_paid() {
    let letter = said(&payable(samples::fee()), Language::Da);
    assert_eq!(letter.title, "Faktura F2026-000001");
    assert_eq!(
        letter.receiver,
        ["København", "Eksempelpladsen 2", "1550 København"]
    );
    assert_eq!(value(&letter.facts, "Forfaldsdato"), Some("01.05.2026"));
    assert_eq!(value(&letter.facts, "Ordrereference"), Some("PO-2026-17"));
    let line = &letter.table.rows[0];
    assert_eq!(
        line[0].notes,
        [
            "Periode 15.03.2026 – 31.12.2026",
            "75.000,00 × 292/365 dage"
        ]
    );
    assert_eq!(line[4].text, "60.000,00");
    assert_eq!(
        letter.totals[2],
        Total::Whole("At betale".to_owned(), "DKK 60.000,00".to_owned())
    );
    let payment = letter.payment.unwrap();
    let [left, right] = &payment.columns;
    assert_eq!(value(left, "FIK"), Some("+71<120260000000013+12345678<"));
    assert_eq!(
        value(right, "IBAN"),
        Some("DK18\u{a0}0000\u{a0}0000\u{a0}0000\u{a0}00")
    );
    let taxes = &letter.taxes.unwrap().rows;
    assert_eq!(
        (taxes[0][0].text.as_str(), taxes[0][1].text.as_str()),
        ("Momsfritaget", "60.000,00")
    );
    assert!(taxes[0][0].notes[0].contains("momslovens § 13"));

    let english = said(&payable(samples::fee()), Language::En);
    assert_eq!(
        english.table.rows[0][0].notes[0],
        "Period 15 March 2026 – 31 December 2026"
    );
    assert_eq!(
        english.totals[2],
        Total::Whole("To pay".to_owned(), "DKK 60,000.00".to_owned())
    );
}

#[test]
fn a_credit_note_asks_for_no_payment_and_a_draft_says_that_it_is_one() {
    let credit = said(&payable(samples::credit_note()), Language::Da);
    assert_eq!((credit.payment, credit.watermark), (None, None));
    assert_eq!(
        value(&credit.facts, "Krediterer faktura"),
        Some("F2026-000001")
    );
    assert_eq!(credit.opening, ["Årsag: Byen er trådt ud & har <betalt>."]);
    let mut facts = samples::fee();
    facts.numbered = None;
    let draft = said(&facts, Language::Da);
    assert_eq!(
        (draft.watermark, draft.title.as_str(), draft.payment),
        (Some("KLADDE"), "Kladde til faktura", None)
    );
}

crate::both_databases! {
    fn the_pages_stay_the_same_and_are_for_those_who_may_see_the_invoice(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "København & Omegn", day(2026, 3, 15));
        let unissued = draft(app, membership, 2026).public();
        let path = |id: &str| format!("/api/v1/invoices/{id}/document.pdf");
        let finance = app.finance();
        assert_eq!(finance.get(&path(&unissued)).status, 200);
        assert_eq!(app.coordinator_of(city).get(&path(&unissued)).status, 404);

        let (city, membership) = member(app, "Ærø", day(2026, 3, 15));
        let invoice = issued(app, membership, 2026, day(2026, 4, 1));
        let reply = finance.get(&path(&invoice.public()));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/pdf")));
        assert!(reply.header("content-disposition").unwrap().contains("filename=\"F2026-000001.pdf\""));
        let tag = reply.header("etag").unwrap();
        let again = finance.send("GET", &path(&invoice.public()), &[("if-none-match", tag)], b"");
        assert_eq!(again.status, 304);
        // A partial payment changes nothing on the pages.
        paid(app, city, 2_000_000, day(2026, 5, 4), &[(invoice, 2_000_000)]);
        assert_eq!(app.coordinator_of(city).get(&path(&invoice.public())).body, reply.body);
        let english = finance.get(&format!("{}?language=en", path(&invoice.public())));
        assert!(english.status == 200 && english.body != reply.body);
        for query in ["?language=de", "?sprog=da"] {
            assert_eq!(finance.get(&format!("{}{query}", path(&invoice.public()))).status, 400, "{query}");
        }
    }
}
