//! The semantic model of EN 16931-1: what an electronic invoice or credit note says, in the
//! standard's business terms (BT) and groups (BG). What it is not: a syntax; UBL is in `ubl`, and
//! another serializer would read the same model.
//!
//! Only the terms that the network uses are here: no allowances and charges, no delivery, no tax
//! representative, no second currency, no attachments.

use chrono::NaiveDate;

use crate::finance::einvoices::payment::PaymentMeans;
use crate::finance::fees::Vat;
use crate::kernel::money::{Currency, Money};

/// What a document is: BT-3, of UNTDID 1001.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// 380, a commercial invoice.
    Invoice,
    /// 381, a credit note: what was invoiced and is taken back, in positive amounts.
    CreditNote,
}

impl DocumentKind {
    /// The code in electronic documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "380",
            Self::CreditNote => "381",
        }
    }
}

/// An electronic invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// BT-3, what it is.
    pub kind: DocumentKind,
    /// BT-1, its number.
    pub number: String,
    /// BT-2, its date.
    pub issued_on: NaiveDate,
    /// BT-9, the last day to pay; an invoice has one.
    pub due_on: Option<NaiveDate>,
    /// BT-5, the currency of all amounts.
    pub currency: Currency,
    /// BT-22, what the buyer is told besides.
    pub note: Option<String>,
    /// BT-10, by which the buyer finds who asked for it.
    pub buyer_reference: Option<String>,
    /// BT-13, the buyer's order.
    pub order_reference: Option<String>,
    /// BG-3, the invoice that a credit note takes back, wholly or in part.
    pub preceding: Option<Preceding>,
    /// BG-4, who invoices.
    pub seller: Trader,
    /// BG-7, who is invoiced.
    pub buyer: Trader,
    /// BG-16, how it is paid; a credit note is settled against its invoice and has none.
    pub payment: Option<PaymentMeans>,
    /// BT-20, the terms of payment in words.
    pub payment_terms: Option<String>,
    /// BG-22, the sums.
    pub totals: Totals,
    /// BG-23, one for each category and rate, in the order S, E, AE, O.
    pub vat_breakdown: Vec<VatBreakdown>,
    /// BG-25, at least one.
    pub lines: Vec<Line>,
}

/// BG-3, an earlier invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preceding {
    /// BT-25, its number.
    pub number: String,
    /// BT-26, its date.
    pub issued_on: Option<NaiveDate>,
}

/// BG-4 or BG-7, a side of the trade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trader {
    /// BT-27 or BT-44, the legal name.
    pub name: String,
    /// BT-34 or BT-49, where electronic documents reach it.
    pub endpoint: Identifier,
    /// BT-30 or BT-47, its number in the register of companies.
    pub legal_id: Option<Identifier>,
    /// BT-31 or BT-48, its number for value added tax with the country before it.
    pub vat_id: Option<String>,
    /// BG-5 or BG-8, where it is.
    pub address: Address,
}

/// BG-5 or BG-8, a postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// BT-35 or BT-50, street and number.
    pub street: Option<String>,
    /// BT-37 or BT-52, the town.
    pub town: Option<String>,
    /// BT-38 or BT-53, the postal code.
    pub postal_code: Option<String>,
    /// BT-40 or BT-55, ISO 3166-1 alpha-2.
    pub country: String,
}

/// A number with the register it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The register.
    pub scheme: Scheme,
    /// The number in the form of the register.
    pub value: String,
}

/// The registers of ISO 6523 (and of Peppol's list of electronic addresses) that the network uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// 0088, the global location number of GS1, called EAN number by Danish authorities.
    Gln,
    /// 0184, the Danish register of companies and authorities: `DK` and eight digits.
    Cvr,
}

impl Scheme {
    /// The code in electronic documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gln => "0088",
            Self::Cvr => "0184",
        }
    }
}

/// BG-22, the sums of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// BT-106, of the lines; without allowances and charges also BT-109, without tax.
    pub net: Money,
    /// BT-110, the tax.
    pub vat: Money,
    /// BT-112, with tax; as nothing is paid before it is issued also BT-115, what is to be paid.
    pub gross: Money,
}

/// BG-23, what is taxed alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatBreakdown {
    /// BT-118 and BT-119, category and rate.
    pub vat: Vat,
    /// BT-116, the net amounts of its lines.
    pub net: Money,
    /// BT-117, the tax on them, rounded once.
    pub tax: Money,
    /// BT-120, why no tax is charged.
    pub exemption_reason: Option<String>,
    /// BT-121, the same as a code of the list VATEX.
    pub exemption_code: Option<&'static str>,
}

/// BG-25, a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// BT-126, its place, from 1.
    pub position: i32,
    /// BT-129, how many pieces (BT-130 is C62).
    pub quantity: i32,
    /// BT-131, the amount without tax.
    pub net: Money,
    /// BT-146, the price of one without tax.
    pub price: Money,
    /// BG-26: BT-134 and BT-135, the first and the last day that are paid for.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// BT-153, what it is.
    pub name: String,
    /// BT-154, how the amount came about.
    pub description: Option<String>,
    /// BT-151 and BT-152, how it is taxed.
    pub vat: Vat,
}
