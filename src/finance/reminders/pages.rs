//! A reminder as pages: what it says (`letter`), between the parties that stand on the invoice. What it is
//! not: the layout; that is of all documents.

use crate::db::Db;
use crate::finance::documents::{self, Cell, Column, Side, Table, Total, Words, in_fours};
use crate::finance::invoices::{self, Party, payment_reference};
use crate::finance::reminders::actions::language_of;
use crate::finance::reminders::letter::Letter;
use crate::finance::reminders::model::Reminder;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;

/// A reminder with its pages.
#[derive(Debug)]
pub struct Sent {
    /// What it says.
    pub letter: Letter,
    /// To whom, as the invoice has it.
    pub buyer: Party,
    /// In which language.
    pub language: Language,
    /// The name of the file.
    pub name: String,
    /// The pages, as PDF.
    pub content: Vec<u8>,
}

/// A reminder as it was sent, in a language; in that of the buyer's country when none is asked.
///
/// # Errors
/// What the database says; a fault of ours for a record that cannot be read.
pub fn as_sent(db: &mut Db, reminder: &Reminder, language: Option<Language>) -> Result<Sent> {
    let invoice = invoices::get(db, reminder.invoice_id)?;
    let parties = invoices::parties_of_many(db, &[invoice.id])?
        .remove(&invoice.id)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("an issued invoice without parties")))?;
    let (seller, buyer): (Party, Party) = (parties.seller.read()?, parties.buyer.read()?);
    let letter = Letter::of(reminder, &invoice)?;
    let language = language.unwrap_or_else(|| language_of(&buyer.country));
    let content = documents::write(&pages(&letter, reminder, (&seller, &buyer), language))?;
    Ok(Sent {
        name: format!("{}-{}.pdf", letter.number, reminder.level),
        letter,
        buyer,
        language,
        content,
    })
}

/// The pages of a reminder in a language, from the seller to the buyer of the invoice.
fn pages(
    letter: &Letter,
    reminder: &Reminder,
    (seller, buyer): (&Party, &Party),
    language: Language,
) -> documents::Letter {
    let words = Words {
        language,
        currency: letter.currency,
    };
    let fact = |en, da, value: String| (words.say(en, da).to_owned(), value);
    documents::Letter {
        language,
        title: letter.title().in_language(language).to_owned(),
        watermark: None,
        dated: reminder.sent_on,
        sender: seller.name.clone(),
        sender_lines: words.sender(seller),
        receiver: words.address(buyer),
        facts: vec![
            fact("Date", "Dato", words.day(reminder.sent_on)),
            fact("Invoice no.", "Fakturanr.", letter.number.clone()),
            fact("Was due on", "Forfaldt den", words.day(letter.due_on)),
        ],
        opening: opening(letter, words),
        table: table(letter, words),
        taxes: None,
        totals: vec![Total::Whole(
            words.say("To pay", "At betale").to_owned(),
            words.sum(letter.total().minor),
        )],
        payment: Some(words.paying(
            seller,
            &letter.number,
            (letter.open_minor, Some(letter.pay_by)),
            buyer.country == "DK",
        )),
        closing: closing(letter, words),
        footer: words.footer(seller),
    }
}

fn opening(letter: &Letter, words: Words) -> Vec<String> {
    let (number, due) = (&letter.number, words.day(letter.due_on));
    vec![match words.language {
        Language::En => {
            format!("We have not received the payment of invoice {number}, which was due on {due}.")
        }
        Language::Da => {
            format!("Vi har ikke modtaget betaling af faktura {number}, som forfaldt den {due}.")
        }
    }]
}

fn table(letter: &Letter, words: Words) -> Table {
    let column = |en, da, share, side| Column {
        head: words.say(en, da).to_owned(),
        share,
        side,
    };
    let row = |en, da, number: &str, minor| {
        vec![
            Cell::of(words.say(en, da)),
            Cell::of(number),
            Cell::of(words.amount(minor)),
        ]
    };
    let claim = row(
        "Owed on the invoice",
        "Skyldigt på fakturaen",
        &letter.number,
        letter.open_minor,
    );
    let charges = letter.charges.iter().map(|charge| {
        row(
            "Owed for the delay",
            "Skyldigt for forsinkelsen",
            &charge.number,
            charge.open_minor,
        )
    });
    Table {
        columns: vec![
            column("Claim", "Krav", 50, Side::Left),
            column("Invoice", "Faktura", 28, Side::Left),
            column("Amount", "Beløb", 22, Side::Right),
        ],
        rows: std::iter::once(claim).chain(charges).collect(),
    }
}

fn closing(letter: &Letter, words: Words) -> Vec<String> {
    let mut paragraphs = Vec::new();
    for charge in &letter.charges {
        let number = &charge.number;
        let reference = payment_reference::rf(number).map_or_else(String::new, |rf| in_fours(&rf));
        paragraphs.push(match words.language {
            Language::En => {
                format!("Please pay {number} with a reference of its own: {reference}.")
            }
            Language::Da => {
                format!("{number} betales med sin egen reference: {reference}.")
            }
        });
    }
    if let Some(day_count) = letter.interest_by {
        let counted = day_count.printed();
        paragraphs.push(match words.language {
            Language::En => format!(
                "Interest is charged by section 5 of the Danish Interest Act, days counted {counted}."
            ),
            Language::Da => {
                format!("Der beregnes renter efter rentelovens § 5, dage talt {counted}.")
            }
        });
    }
    if letter.is_collection_notice {
        let day = words.day(letter.pay_by);
        paragraphs.push(match words.language {
            Language::En => format!(
                "If the payment has not reached us by {day}, the claim may be handed over for collection, which may cause further costs."
            ),
            Language::Da => format!(
                "Er betalingen ikke modtaget senest {day}, kan kravet blive overgivet til inkasso, hvilket kan medføre yderligere omkostninger."
            ),
        });
    }
    paragraphs.push(
        words
            .say(
                "If you have paid meanwhile, please disregard this letter. If you do not agree with the claim, please tell us.",
                "Har I betalt i mellemtiden, bedes I se bort fra dette brev. Er I uenige i kravet, bedes I kontakte os.",
            )
            .to_owned(),
    );
    paragraphs
}
