//! The statement of a city's account as pages. What it is not: the layout; that is of all documents.

use crate::finance::documents::{
    Cell, Column, Letter, Payment, Side, Table, Total, Words, in_fours,
};
use crate::finance::invoices::Party;
use crate::finance::statements::model::{AccountStatement, Movement, MovementKind};
use crate::kernel::language::Language;

/// The statement in a language, from the seller to the city.
#[must_use]
pub fn letter(
    statement: &AccountStatement,
    (seller, city): (&Party, &Party),
    language: Language,
) -> Letter {
    let words = Words {
        language,
        currency: statement.currency,
    };
    let (from, through) = (words.day(statement.from), words.day(statement.through));
    Letter {
        language,
        title: words.say("Statement of account", "Kontoudtog").to_owned(),
        watermark: None,
        dated: statement.through,
        sender: seller.name.clone(),
        sender_lines: words.sender(seller),
        receiver: words.address(city),
        facts: vec![
            (
                words.say("Period", "Periode").to_owned(),
                format!("{from} – {through}"),
            ),
            (
                words.say("Currency", "Valuta").to_owned(),
                statement.currency.code().to_owned(),
            ),
        ],
        opening: Vec::new(),
        table: table(statement, words),
        taxes: None,
        totals: totals(statement, words),
        payment: (statement.closing_minor > 0).then(|| payment(seller, words)),
        closing: closing(statement, words),
        footer: words.footer(seller),
    }
}

fn table(statement: &AccountStatement, words: Words) -> Table {
    let column = |en, da, share, side| Column {
        head: words.say(en, da).to_owned(),
        share,
        side,
    };
    let row = |day: String, text: String, amount: String, balance: i64| {
        vec![
            Cell::of(day),
            Cell::of(text),
            Cell::of(amount),
            Cell::of(words.amount(balance)),
        ]
    };
    let opening = row(
        words.day(statement.from),
        words.say("Balance before", "Saldo før").to_owned(),
        String::new(),
        statement.opening_minor,
    );
    let moved = statement.entries.iter().map(|entry| {
        row(
            words.day(entry.movement.on),
            text(&entry.movement, words.language),
            words.amount(entry.movement.minor),
            entry.balance_minor,
        )
    });
    Table {
        columns: vec![
            column("Date", "Dato", 20, Side::Left),
            column("Text", "Tekst", 44, Side::Left),
            column("Amount", "Beløb", 18, Side::Right),
            column("Balance", "Saldo", 18, Side::Right),
        ],
        rows: std::iter::once(opening).chain(moved).collect(),
    }
}

/// What moved, in the words of the reader: `Faktura F2026-000001`.
#[must_use]
pub(super) fn text(movement: &Movement, language: Language) -> String {
    use MovementKind as K;
    let again = movement.minor > 0;
    let (en, da) = match movement.kind {
        K::Invoice => ("Invoice", "Faktura"),
        K::CreditNote => ("Credit note", "Kreditnota"),
        K::Payment => ("Payment", "Indbetaling"),
        K::PaymentReversed => ("Payment returned", "Indbetaling ført tilbage"),
        K::Refund => ("Paid back", "Tilbagebetalt"),
        K::WriteOff if again => ("Write-off taken back", "Afskrivning taget tilbage"),
        K::WriteOff => ("Written off", "Afskrevet"),
        K::PaidByOther if again => (
            "No longer paid by another city",
            "Ikke længere betalt af en anden by",
        ),
        K::PaidByOther => ("Paid by another city", "Betalt af en anden by"),
        K::PaidForOther if again => ("Used for another city", "Brugt for en anden by"),
        K::PaidForOther => (
            "No longer used for another city",
            "Ikke længere brugt for en anden by",
        ),
    };
    let name = match language {
        Language::En => en,
        Language::Da => da,
    };
    let reference = movement
        .reference
        .as_deref()
        .map(|said| format!("({said})"));
    [Some(name.to_owned()), movement.number.clone(), reference]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn totals(statement: &AccountStatement, words: Words) -> Vec<Total> {
    let last = if statement.closing_minor < 0 {
        words.say("In your favour", "I jeres favør")
    } else {
        words.say("Owed", "Skyldigt")
    };
    let moved = statement
        .closing_minor
        .saturating_sub(statement.opening_minor);
    vec![
        Total::Part(
            words.say("Balance before", "Saldo før").to_owned(),
            words.amount(statement.opening_minor),
        ),
        Total::Part(
            words.say("Movements", "Bevægelser").to_owned(),
            words.amount(moved),
        ),
        Total::Whole(
            last.to_owned(),
            words.sum(statement.closing_minor.saturating_abs()),
        ),
    ]
}

fn payment(seller: &Party, words: Words) -> Payment {
    let pair =
        |en, da, value: Option<String>| value.map(|value| (words.say(en, da).to_owned(), value));
    let left = [pair(
        "Bank account",
        "Reg.nr. og konto",
        seller.bank_account.clone(),
    )];
    let right = [
        pair("IBAN", "IBAN", seller.iban.as_deref().map(in_fours)),
        pair("BIC", "BIC", seller.bic.clone()),
    ];
    Payment {
        heading: words.say("Payment", "Betaling").to_owned(),
        columns: [
            left.into_iter().flatten().collect(),
            right.into_iter().flatten().collect(),
        ],
        note: Some(
            words
                .say(
                    "Please pay with the reference of each invoice; this statement is no demand of its own.",
                    "Betal venligst med hver fakturas reference; dette kontoudtog er ikke et krav i sig selv.",
                )
                .to_owned(),
        ),
    }
}

fn closing(statement: &AccountStatement, words: Words) -> Vec<String> {
    if !statement.entries.is_empty() {
        return Vec::new();
    }
    vec![
        words
            .say(
                "Nothing moved in this period.",
                "Intet er bevæget i perioden.",
            )
            .to_owned(),
    ]
}
