//! What an invoice or a credit note says on paper, in the words of its reader's language. What it is not:
//! a second reckoning; all amounts are those of the facts, and the references those of the payments.

use chrono::NaiveDate;

use crate::finance::documents::letter::{Cell, Column, Letter, Payment, Side, Table, Total};
use crate::finance::documents::words::Words;
use crate::finance::einvoices::{self, Charge, DocumentKind, Facts, VatBreakdown};
use crate::finance::fees::Vat;
use crate::finance::products::vat_of;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;
use crate::kernel::money::Currency;

/// The language of a buyer: Danish in Denmark, else English.
#[must_use]
pub fn language_of(facts: &Facts) -> Language {
    if facts.is_for_denmark() {
        Language::Da
    } else {
        Language::En
    }
}

/// The document in a language. `drafted_on` dates a draft, which has no date of its own.
///
/// # Errors
/// A fault of ours for stored amounts that are none.
pub fn letter(facts: &Facts, language: Language, drafted_on: NaiveDate) -> Result<Letter> {
    let currency = Currency::parse(&facts.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("the currency {:?}", facts.currency)))?;
    let words = Words { language, currency };
    let numbered = facts.numbered.as_ref();
    let (buyer, seller) = (&facts.buyer, &facts.seller);
    Ok(Letter {
        language,
        title: words.title(facts),
        watermark: numbered.is_none().then(|| words.say("DRAFT", "KLADDE")),
        dated: numbered.map_or(drafted_on, |numbered| numbered.issued_on),
        sender: seller.name.clone(),
        sender_lines: words.sender(seller),
        receiver: words.address(buyer),
        facts: words.identifying(facts),
        opening: words.opening(facts),
        table: words.charges(&facts.charges),
        taxes: Some(words.taxes(&einvoices::vat_breakdown(facts)?)),
        totals: words.totals(facts),
        payment: words.payment(facts),
        closing: words.closing(facts),
        footer: words.footer(seller),
    })
}

type Pair = (String, String);

impl Words {
    fn title(self, facts: &Facts) -> String {
        let name = match (facts.kind, facts.numbered.is_some()) {
            (DocumentKind::Invoice, true) => self.say("Invoice", "Faktura"),
            (DocumentKind::Invoice, false) => self.say("Draft invoice", "Kladde til faktura"),
            (DocumentKind::CreditNote, true) => self.say("Credit note", "Kreditnota"),
            (DocumentKind::CreditNote, false) => {
                self.say("Draft credit note", "Kladde til kreditnota")
            }
        };
        match &facts.numbered {
            Some(numbered) => format!("{name} {}", numbered.number),
            None => name.to_owned(),
        }
    }

    fn identifying(self, facts: &Facts) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
                pairs.push((name.to_owned(), value));
            }
        };
        let credit = facts.kind == DocumentKind::CreditNote;
        if let Some(numbered) = &facts.numbered {
            let number = if credit {
                self.say("Credit note no.", "Kreditnotanr.")
            } else {
                self.say("Invoice no.", "Fakturanr.")
            };
            add(number, Some(numbered.number.clone()));
            add(self.say("Date", "Dato"), Some(self.day(numbered.issued_on)));
            add(
                self.say("Due date", "Forfaldsdato"),
                numbered.due_on.map(|day| self.day(day)),
            );
        }
        if let Some(invoice) = &facts.preceding {
            let name = self.say("Credits invoice", "Krediterer faktura");
            add(name, Some(invoice.number.clone()));
            let name = self.say("Dated", "Dateret");
            add(name, invoice.issued_on.map(|day| self.day(day)));
        }
        let buyer = &facts.buyer;
        add(
            self.say("Order reference", "Ordrereference"),
            buyer.order_reference.clone(),
        );
        add(self.say("GLN", "EAN-nr."), buyer.gln.clone());
        let name = self.say("Your company no. (CVR)", "Jeres CVR-nr.");
        add(name, buyer.cvr.clone());
        let name = self.say("Your VAT no.", "Jeres momsnr.");
        add(name, buyer.vat_number.clone());
        pairs
    }

    fn opening(self, facts: &Facts) -> Vec<String> {
        facts
            .note
            .iter()
            .map(|note| format!("{}: {note}", self.say("Reason", "Årsag")))
            .collect()
    }

    fn charges(self, charges: &[Charge]) -> Table {
        let column = |en, da, share, side| Column {
            head: self.say(en, da).to_owned(),
            share,
            side,
        };
        let rows = charges.iter().map(|charge| {
            vec![
                Cell {
                    text: charge.description.in_language(self.language).to_owned(),
                    notes: self.notes(charge),
                },
                Cell::of(charge.quantity.to_string()),
                Cell::of(self.amount(charge.unit_minor)),
                Cell::of(match vat_of(charge.vat_category, charge.vat_rate_bp) {
                    Ok(vat @ Vat::Standard(_)) => self.percent(vat),
                    _ => "–".to_owned(),
                }),
                Cell::of(self.amount(charge.net_minor)),
            ]
        });
        Table {
            columns: vec![
                column("Description", "Beskrivelse", 51, Side::Left),
                column("Quantity", "Antal", 10, Side::Right),
                column("Unit price", "Pris pr. stk.", 15, Side::Right),
                column("VAT", "Moms", 9, Side::Right),
                column("Amount", "Beløb", 15, Side::Right),
            ],
            rows: rows.collect(),
        }
    }

    /// The period and how the amount came about.
    fn notes(self, charge: &Charge) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some((from, until)) = charge.period_from.zip(charge.period_until) {
            let last = until.pred_opt().unwrap_or(until);
            notes.push(format!(
                "{} {} – {}",
                self.say("Period", "Periode"),
                self.day(from),
                self.day(last)
            ));
        }
        let formula = charge.formula.in_language(self.language);
        if !formula.trim().is_empty() {
            notes.push(formula.to_owned());
        }
        notes
    }

    fn percent(self, vat: Vat) -> String {
        let (whole, part) = (vat.basis_points() / 100, vat.basis_points() % 100);
        match (part, self.language) {
            (0, _) => format!("{whole}\u{a0}%"),
            (part, Language::Da) => format!("{whole},{part:02}\u{a0}%"),
            (part, Language::En) => format!("{whole}.{part:02}\u{a0}%"),
        }
    }

    fn taxes(self, breakdown: &[VatBreakdown]) -> Table {
        let column = |en, da, share, side| Column {
            head: self.say(en, da).to_owned(),
            share,
            side,
        };
        let rows = breakdown.iter().map(|tax| {
            let name = match tax.vat {
                vat @ Vat::Standard(_) => {
                    format!("{} {}", self.say("VAT", "Moms"), self.percent(vat))
                }
                Vat::Exempt => self.say("Exempt from VAT", "Momsfritaget").to_owned(),
                Vat::ReverseCharge => self
                    .say("Reverse charge", "Omvendt betalingspligt")
                    .to_owned(),
                Vat::OutsideScope => self
                    .say("Outside the scope of VAT", "Uden for momslovens område")
                    .to_owned(),
            };
            vec![
                Cell {
                    text: name,
                    notes: tax.exemption_reason.iter().cloned().collect(),
                },
                Cell::of(self.amount(tax.net.minor)),
                Cell::of(self.amount(tax.tax.minor)),
            ]
        });
        Table {
            columns: vec![
                column("VAT specification", "Momsspecifikation", 52, Side::Left),
                column("Basis", "Grundlag", 26, Side::Right),
                column("VAT", "Moms", 22, Side::Right),
            ],
            rows: rows.collect(),
        }
    }

    fn totals(self, facts: &Facts) -> Vec<Total> {
        let whole = match facts.kind {
            DocumentKind::Invoice => self.say("To pay", "At betale"),
            DocumentKind::CreditNote => self.say("Credited", "Krediteret"),
        };
        let part = |en, da, minor| Total::Part(self.say(en, da).to_owned(), self.amount(minor));
        vec![
            part("Total without VAT", "I alt uden moms", facts.net_minor),
            part("VAT", "Moms", facts.vat_minor),
            Total::Whole(whole.to_owned(), self.sum(facts.total_minor)),
        ]
    }

    fn payment(self, facts: &Facts) -> Option<Payment> {
        let numbered = facts.numbered.as_ref()?;
        if facts.kind == DocumentKind::CreditNote || facts.total_minor == 0 {
            return None;
        }
        Some(self.paying(
            &facts.seller,
            &numbered.number,
            (facts.total_minor, numbered.due_on),
            facts.is_for_denmark(),
        ))
    }

    fn closing(self, facts: &Facts) -> Vec<String> {
        let text = match (&facts.preceding, facts.total_minor) {
            (Some(invoice), _) if self.language == Language::Da => format!(
                "Beløbet modregnes i faktura {}. Er den allerede betalt, står beløbet til jeres rådighed.",
                invoice.number
            ),
            (Some(invoice), _) => format!(
                "The amount is set off against invoice {}. If that is paid already, the amount is at your disposal.",
                invoice.number
            ),
            (None, 0) => self
                .say("There is nothing to pay.", "Der er intet at betale.")
                .to_owned(),
            (None, _) => return Vec::new(),
        };
        vec![text]
    }
}
