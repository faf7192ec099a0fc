//! What our records say on an invoice or a credit note, before anybody checked whether it can be an
//! electronic document. What it is not: the records themselves, so that drafts, issued invoices and
//! credit notes are looked at alike.

use chrono::NaiveDate;

use crate::finance::credit_notes::{CreditNote, CreditNoteLine, CreditedTax};
use crate::finance::einvoices::semantic::{DocumentKind, Preceding};
use crate::finance::invoices::{Invoice, InvoiceLine, Party};
use crate::finance::products::VatCategory;
use crate::kernel::error::Result;
use crate::kernel::phrase::Phrase;

/// What an invoice or a credit note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What it is.
    pub kind: DocumentKind,
    /// Number and dates; a draft has none.
    pub numbered: Option<Numbered>,
    /// The invoice that a credit note takes back.
    pub preceding: Option<Preceding>,
    /// Who invoices.
    pub seller: Party,
    /// Who is invoiced.
    pub buyer: Party,
    /// ISO 4217.
    pub currency: String,
    /// Without tax, in minor units; of a credit note what is taken back, above zero.
    pub net_minor: i64,
    /// The tax.
    pub vat_minor: i64,
    /// With tax.
    pub total_minor: i64,
    /// What is charged, in its order.
    pub charges: Vec<Charge>,
    /// The tax as it was decided, for each category; without it it follows from the lines. The credit that
    /// takes the rest of an invoice takes the rest of its tax, which can be some øre off its own share.
    pub taxes: Option<Vec<CreditedTax>>,
    /// What the buyer is told besides.
    pub note: Option<String>,
}

/// What a document gets when it is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued_on: NaiveDate,
    /// The last day to pay; a credit note has none.
    pub due_on: Option<NaiveDate>,
}

/// A line of an invoice or a credit note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Its place, from 1.
    pub position: i32,
    /// What it is.
    pub description: Phrase,
    /// How the amount came about.
    pub formula: Phrase,
    /// The first day that is paid for.
    pub period_from: Option<NaiveDate>,
    /// The day after the last that is paid for.
    pub period_until: Option<NaiveDate>,
    /// How many.
    pub quantity: i32,
    /// The price of one without tax, in minor units.
    pub unit_minor: i64,
    /// The amount without tax.
    pub net_minor: i64,
    /// How tax applies.
    pub vat_category: VatCategory,
    /// The rate in basis points.
    pub vat_rate_bp: i32,
    /// Why no tax is charged.
    pub exemption_reason: Option<String>,
}

impl Facts {
    /// What an invoice says, with the two parties that are or would be frozen with it.
    #[must_use]
    pub fn of_invoice(
        invoice: &Invoice,
        seller: Party,
        buyer: Party,
        lines: &[InvoiceLine],
    ) -> Self {
        let numbered = invoice
            .number
            .clone()
            .zip(invoice.issued_on)
            .map(|(number, issued_on)| Numbered {
                number,
                issued_on,
                due_on: invoice.due_on,
            });
        Self {
            kind: DocumentKind::Invoice,
            numbered,
            preceding: None,
            seller,
            buyer,
            currency: invoice.currency.clone(),
            net_minor: invoice.net_minor,
            vat_minor: invoice.vat_minor,
            total_minor: invoice.total_minor,
            charges: lines.iter().map(Charge::of_line).collect(),
            taxes: None,
            note: None,
        }
    }

    /// What a credit note says, with its invoice and the parties that were frozen with that.
    ///
    /// # Errors
    /// A fault of ours for a record that cannot be read.
    pub fn of_credit_note(
        note: &CreditNote,
        invoice: &Invoice,
        lines: &[CreditNoteLine],
    ) -> Result<Self> {
        let numbered = note
            .number
            .clone()
            .zip(note.issued_on)
            .map(|(number, issued_on)| Numbered {
                number,
                issued_on,
                due_on: None,
            });
        Ok(Self {
            kind: DocumentKind::CreditNote,
            numbered,
            preceding: invoice.number.clone().map(|number| Preceding {
                number,
                issued_on: invoice.issued_on,
            }),
            seller: note.seller.read()?,
            buyer: note.buyer.read()?,
            currency: note.currency.clone(),
            net_minor: note.net_minor,
            vat_minor: note.vat_minor,
            total_minor: note.total_minor,
            charges: lines.iter().map(Charge::of_credited).collect(),
            taxes: Some(note.taxes.read()?),
            note: Some(note.reason.clone()),
        })
    }

    /// Whether the buyer is a Danish one: public buyers there take electronic invoices only.
    #[must_use]
    pub fn is_for_denmark(&self) -> bool {
        self.buyer.country == "DK"
    }
}

impl Charge {
    /// What is taken back is one piece of its amount; how the invoice came to its own stands there.
    fn of_credited(line: &CreditNoteLine) -> Self {
        Self {
            position: line.position,
            description: Phrase::new(&line.description_en, &line.description_da),
            formula: Phrase::new("", ""),
            period_from: None,
            period_until: None,
            quantity: 1,
            unit_minor: line.net_minor,
            net_minor: line.net_minor,
            vat_category: line.vat_category,
            vat_rate_bp: line.vat_rate_bp,
            exemption_reason: line.exemption_reason.clone(),
        }
    }

    fn of_line(line: &InvoiceLine) -> Self {
        Self {
            position: line.position,
            description: Phrase::new(&line.description_en, &line.description_da),
            formula: Phrase::new(&line.formula_en, &line.formula_da),
            period_from: line.period_from,
            period_until: line.period_until,
            quantity: line.quantity,
            unit_minor: line.unit_minor,
            net_minor: line.net_minor,
            vat_category: line.vat_category,
            vat_rate_bp: line.vat_rate_bp,
            exemption_reason: line.exemption_reason.clone(),
        }
    }
}
