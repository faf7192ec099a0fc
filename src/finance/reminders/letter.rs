//! What a reminder says, in Danish and English. What it is not: the mail with its headers, or a page.

use std::fmt::Write;

use chrono::NaiveDate;

use crate::finance::fees::{danish, english};
use crate::finance::invoices::Invoice;
use crate::finance::reminders::model::{LetterCharge, Reminder, Said};
use crate::finance::reminders::rules::COLLECTION_NOTICE;
use crate::finance::sellers::DayCount;
use crate::kernel::email::Email;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;
use crate::notifications::Message;

/// What a reminder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// 1 to 3, or 4 for the notice of collection.
    pub level: i32,
    /// Whether it is the notice of collection.
    pub is_collection_notice: bool,
    /// The number of the invoice that is late.
    pub number: String,
    /// The day that it was due.
    pub due_on: NaiveDate,
    /// Until when to pay.
    pub pay_by: NaiveDate,
    /// What is owed on it, in minor units.
    pub open_minor: i64,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The open invoices of what the lateness cost.
    pub charges: Vec<LetterCharge>,
    /// How the days of interest are counted, when interest is charged.
    pub interest_by: Option<DayCount>,
}

impl Letter {
    /// What a reminder of an invoice says.
    ///
    /// # Errors
    /// A fault of ours for a record that cannot be read.
    pub fn of(reminder: &Reminder, invoice: &Invoice) -> Result<Self> {
        let said: Said = reminder.said.read()?;
        let fault = |text: &str| Error::Internal(anyhow::anyhow!("{text}"));
        Ok(Self {
            level: reminder.level,
            is_collection_notice: reminder.level == COLLECTION_NOTICE,
            number: invoice.number.clone().unwrap_or_default(),
            due_on: invoice
                .due_on
                .ok_or_else(|| fault("a reminder of an invoice without a day"))?,
            pay_by: reminder.pay_by,
            open_minor: reminder.open_minor,
            currency: Currency::parse(&reminder.currency)
                .map_err(|_| fault("a reminder's currency"))?,
            charges: said.charges,
            interest_by: said.interest.then_some(reminder.day_count),
        })
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> Phrase {
        let number = &self.number;
        if self.is_collection_notice {
            Phrase::new(
                format!("Notice of debt collection: invoice {number}"),
                format!("Inkassovarsel: faktura {number}"),
            )
        } else {
            let level = self.level;
            Phrase::new(
                format!("Reminder {level}: invoice {number}"),
                format!("{level}. rykker: faktura {number}"),
            )
        }
    }

    /// The mail to a city.
    #[must_use]
    pub fn message(&self, name: String, recipient: Email, language: Language) -> Message {
        let text = match language {
            Language::Da => self.in_danish(&name),
            Language::En => self.in_english(&name),
        };
        Message {
            name,
            recipient,
            subject: self.title().in_language(language).to_owned(),
            text,
        }
    }

    /// What is owed by it altogether.
    #[must_use]
    pub fn total(&self) -> Money {
        let sum = self.charges.iter().fold(self.open_minor, |sum, charge| {
            sum.saturating_add(charge.open_minor)
        });
        Money::new(sum, self.currency)
    }

    fn in_english(&self, name: &str) -> String {
        let code = self.currency.code();
        let amount = |minor| english(Money::new(minor, self.currency));
        let mut text = format!(
            "Dear {name},\n\nWe have not received the payment of invoice {}, which was due on {}.\n\n{code} {} is owed on it.\n",
            self.number,
            self.due_on,
            amount(self.open_minor)
        );
        for charge in &self.charges {
            let _ = writeln!(
                text,
                "{code} {} is owed for the delay, by invoice {}.",
                amount(charge.open_minor),
                charge.number
            );
        }
        if !self.charges.is_empty() {
            let _ = writeln!(text, "Together this is {code} {}.", english(self.total()));
        }
        if let Some(day_count) = self.interest_by {
            let _ = writeln!(
                text,
                "Interest is charged by section 5 of the Danish Interest Act, days counted {}.",
                day_count.printed()
            );
        }
        let _ = if self.is_collection_notice {
            write!(
                text,
                "\nPlease pay by {}. If the payment has not reached us by then, the claim may be handed over for collection, which may cause further costs.\n",
                self.pay_by
            )
        } else {
            write!(text, "\nPlease pay by {}.\n", self.pay_by)
        };
        text.push_str("\nIf you have paid meanwhile, please disregard this letter. If you do not agree with the claim, please tell us.\n\nKind regards\nIntercultural Cities\n");
        text
    }

    fn in_danish(&self, name: &str) -> String {
        let day = |day: NaiveDate| day.format("%d.%m.%Y").to_string();
        let unit = if self.currency == Currency::DKK {
            "kr."
        } else {
            self.currency.code()
        };
        let amount = |minor| danish(Money::new(minor, self.currency));
        let mut text = format!(
            "Kære {name}\n\nVi har ikke modtaget betaling af faktura {}, som forfaldt den {}.\n\nDer skyldes {} {unit} på den.\n",
            self.number,
            day(self.due_on),
            amount(self.open_minor)
        );
        for charge in &self.charges {
            let _ = writeln!(
                text,
                "For forsinkelsen skyldes {} {unit}, jf. faktura {}.",
                amount(charge.open_minor),
                charge.number
            );
        }
        if !self.charges.is_empty() {
            let _ = writeln!(text, "Det er {} {unit} i alt.", danish(self.total()));
        }
        if let Some(day_count) = self.interest_by {
            let _ = writeln!(
                text,
                "Der beregnes morarente efter rentelovens § 5, dage talt {}.",
                day_count.printed()
            );
        }
        let _ = if self.is_collection_notice {
            write!(
                text,
                "\nBetal venligst senest den {}. Er betalingen ikke modtaget til den tid, kan kravet overgå til inkasso, hvilket kan medføre yderligere omkostninger.\n",
                day(self.pay_by)
            )
        } else {
            write!(text, "\nBetal venligst senest den {}.\n", day(self.pay_by))
        };
        text.push_str("\nEr beløbet betalt i mellemtiden, kan I se bort fra dette brev. Er I uenige i kravet, så giv os besked.\n\nVenlig hilsen\nIntercultural Cities\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn letter(level: i32, charges: Vec<LetterCharge>) -> Letter {
        Letter {
            level,
            is_collection_notice: level == 4,
            number: "F2026-000001".to_owned(),
            due_on: parse_date("2026-03-31").unwrap(),
            pay_by: parse_date("2026-04-20").unwrap(),
            open_minor: 6_000_000,
            currency: Currency::DKK,
            interest_by: (!charges.is_empty()).then_some(DayCount::Thirty),
            charges,
        }
    }

    #[test]
    fn a_letter_says_what_is_owed_and_until_when() {
        let to = Email::parse("faktura@example.org").unwrap();
        let plain = letter(1, Vec::new()).message("Ålborg".to_owned(), to.clone(), Language::Da);
        assert_eq!(plain.subject, "1. rykker: faktura F2026-000001");
        for part in ["Kære Ålborg", "60.000,00 kr.", "31.03.2026", "20.04.2026"] {
            assert!(plain.text.contains(part), "{part}: {}", plain.text);
        }
        assert!(!plain.text.contains("inkasso") && !plain.text.contains("i alt"));

        let charge = LetterCharge {
            number: "R2026-000001".to_owned(),
            open_minor: 41_000,
        };
        let notice = letter(4, vec![charge]).message("Oslo".to_owned(), to, Language::En);
        assert_eq!(
            notice.subject,
            "Notice of debt collection: invoice F2026-000001"
        );
        for part in [
            "DKK 60,000.00",
            "DKK 410.00",
            "R2026-000001",
            "DKK 60,410.00",
            "30E/360",
            "collection",
        ] {
            assert!(notice.text.contains(part), "{part}: {}", notice.text);
        }
    }
}
