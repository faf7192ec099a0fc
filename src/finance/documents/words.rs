//! The words, amounts, days and addresses that all documents share, in the language of their reader. What
//! it is not: what any of them says.

use chrono::{Datelike, NaiveDate};

use crate::finance::documents::letter::Payment;
use crate::finance::fees::amount_in;
use crate::finance::invoices::{Party, payment_reference};
use crate::kernel::language::Language;
use crate::kernel::money::{Currency, Money};

/// How a document speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Its language.
    pub language: Language,
    /// The currency of its amounts.
    pub currency: Currency,
}

impl Words {
    /// One of two texts.
    #[must_use]
    pub fn say(self, en: &'static str, da: &'static str) -> &'static str {
        match self.language {
            Language::En => en,
            Language::Da => da,
        }
    }

    /// An amount without its currency.
    #[must_use]
    pub fn amount(self, minor: i64) -> String {
        amount_in(self.language, Money::new(minor, self.currency))
    }

    /// An amount with its currency before it.
    #[must_use]
    pub fn sum(self, minor: i64) -> String {
        format!("{} {}", self.currency.code(), self.amount(minor))
    }

    /// A day as it is read.
    #[must_use]
    pub fn day(self, day: NaiveDate) -> String {
        match self.language {
            Language::Da => day.format("%d.%m.%Y").to_string(),
            Language::En => format!("{} {}", day.day(), day.format("%B %Y")),
        }
    }

    /// Address and numbers of the one who sends, without the name.
    #[must_use]
    pub fn sender(self, seller: &Party) -> Vec<String> {
        let mut lines = self.address(seller);
        // The name stands beside them.
        lines.remove(0);
        if let Some(cvr) = &seller.cvr {
            lines.push(format!(
                "{} {cvr}",
                self.say("Company no. (CVR)", "CVR-nr.")
            ));
        }
        if let Some(number) = &seller.vat_number {
            lines.push(format!("{} {number}", self.say("VAT no.", "Momsnr.")));
        }
        lines
    }

    /// Name, street, postal code with town, and the country for the post abroad.
    #[must_use]
    pub fn address(self, party: &Party) -> Vec<String> {
        let mut lines = vec![party.name.clone()];
        lines.extend(party.street.clone());
        let town: Vec<&str> = [&party.postal_code, &party.town]
            .into_iter()
            .filter_map(|part| part.as_deref())
            .collect();
        lines.push(town.join(" "));
        if party.country != "DK" || self.language == Language::En {
            let country = isocountry::CountryCode::for_alpha2(&party.country);
            lines.push(country.map_or_else(
                |_| party.country.clone(),
                |country| country.name().to_owned(),
            ));
        }
        lines.retain(|line| !line.trim().is_empty());
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// The line at the foot of each page.
    #[must_use]
    pub fn footer(self, seller: &Party) -> String {
        let mut parts = self.address(seller);
        if let Some(cvr) = &seller.cvr {
            parts.push(format!("CVR {cvr}"));
        }
        if let Some(account) = &seller.bank_account {
            parts.push(format!("{} {account}", self.say("Account", "Konto")));
        }
        parts.join("  ·  ")
    }

    /// How an invoice is paid to a seller: amount, day and the references by which it is recognised; the payment
    /// slip for payers in Denmark.
    #[must_use]
    pub fn paying(
        self,
        seller: &Party,
        number: &str,
        (minor, due_on): (i64, Option<NaiveDate>),
        in_denmark: bool,
    ) -> Payment {
        let fik = payment_reference::fik_of_number(number);
        let slip = fik
            .as_deref()
            .zip(seller.fik_creditor.as_deref())
            .filter(|_| in_denmark)
            .map(|(fik, creditor)| payment_reference::slip_line(fik, creditor));
        let pair =
            |en, da, value: Option<String>| value.map(|value| (self.say(en, da).to_owned(), value));
        let reference = payment_reference::rf(number);
        let left = [
            pair(
                "Pay no later than",
                "Betales senest",
                due_on.map(|day| self.day(day)),
            ),
            pair("Amount", "Beløb", Some(self.sum(minor))),
            pair("Payment slip", "FIK", slip),
            pair("Invoice no.", "Fakturanr.", Some(number.to_owned())),
        ];
        let iban = seller.iban.as_deref().map(in_fours);
        let right = [
            pair(
                "Bank account",
                "Reg.nr. og konto",
                seller.bank_account.clone(),
            ),
            pair("IBAN", "IBAN", iban.clone()),
            pair("BIC", "BIC", seller.bic.clone()),
            pair(
                "Reference (RF)",
                "Reference (RF)",
                reference
                    .as_deref()
                    .map(in_fours)
                    .filter(|_| iban.is_some()),
            ),
        ];
        Payment {
            heading: self.say("Payment", "Betaling").to_owned(),
            columns: [left, right].map(|column| column.into_iter().flatten().collect()),
            note: Some(
                self.say(
                    "Please give one of the references with the payment, so that it is recognised.",
                    "Angiv venligst en af referencerne ved betaling, så den genkendes.",
                )
                .to_owned(),
            ),
        }
    }
}

/// As account numbers and references are printed: in groups of four.
#[must_use]
pub fn in_fours(text: &str) -> String {
    let mut grouped = String::new();
    for (place, character) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            grouped.push('\u{a0}');
        }
        grouped.push(character);
    }
    grouped
}
