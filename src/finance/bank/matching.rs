//! What money that came may be for: the first rule that finds something wins, and says how sure it is and
//! why. What it is not: a decision; that is made by the seller's setting or by finance.
//!
//! The order is that of what payers can say: a reference with check digits, the number of an invoice, who
//! they are with an amount that fits one invoice, or several. What the payer states goes before what only
//! fits.

mod named;
mod numbers;
mod payers;
mod resemblance;
mod subsets;

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::finance::bank::matching::payers::Known;
use crate::finance::invoices::payment_reference;
use crate::kernel::ids::{CityId, InvoiceId};
use crate::kernel::phrase::Phrase;

pub use numbers::referred;
pub use payers::name_key;

/// An invoice that something is open on, of the seller and in the currency of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    /// The invoice.
    pub id: InvoiceId,
    /// Who owes it.
    pub city: CityId,
    /// Its number.
    pub number: String,
    /// What is open, in minor units; above zero.
    pub open_minor: i64,
    /// The last day to pay.
    pub due_on: Option<NaiveDate>,
}

/// Money that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incoming<'a> {
    /// How much, in minor units.
    pub minor: i64,
    /// The structured references.
    pub reference: &'a str,
    /// Everything else that was written.
    pub text: &'a str,
    /// Who paid.
    pub name: Option<&'a str>,
    /// The payer's account.
    pub account: Option<&'a str>,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// How sure it is, from 0 to 100.
    pub confidence: i32,
    /// Why.
    pub reason: Phrase,
    /// Who paid.
    pub city: CityId,
    /// How much of which invoice, in minor units; what is left stays the city's.
    pub shares: Vec<(InvoiceId, i64)>,
}

/// What is known when money is matched.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// The open invoices: those due first come first.
    invoices: Vec<OpenInvoice>,
    /// Issued invoices that nothing is open on, by the letters and digits of their numbers.
    settled: HashMap<String, (String, CityId)>,
    /// The cities by their folded names; none where two have one.
    names: HashMap<String, Option<CityId>>,
    /// The cities by accounts that paid for them before; none where one account paid for two.
    accounts: HashMap<String, Option<CityId>>,
}

impl Book {
    /// What is known: open invoices, settled ones that entries refer to, names and accounts of cities.
    #[must_use]
    pub fn new(
        mut invoices: Vec<OpenInvoice>,
        settled: impl IntoIterator<Item = (String, CityId)>,
        names: impl IntoIterator<Item = (String, CityId)>,
        accounts: impl IntoIterator<Item = (String, CityId)>,
    ) -> Self {
        invoices.retain(|invoice| invoice.open_minor > 0);
        // Invoices without a day to pay come last; the id decides where all else is equal.
        invoices.sort_by_key(|one| (one.due_on.is_none(), one.due_on, one.number.clone(), one.id));
        Self {
            invoices,
            settled: settled
                .into_iter()
                .map(|(number, city)| (payment_reference::compact(&number), (number, city)))
                .collect(),
            names: payers::unambiguous(
                names
                    .into_iter()
                    .map(|(name, city)| (name_key(&name), city)),
            ),
            accounts: payers::unambiguous(accounts),
        }
    }

    /// Takes what was used for an invoice off what is open on it.
    pub fn use_up(&mut self, shares: &[(InvoiceId, i64)]) {
        for (id, minor) in shares {
            for invoice in self.invoices.iter_mut().filter(|one| one.id == *id) {
                invoice.open_minor = invoice.open_minor.saturating_sub(*minor);
                let settled = (invoice.number.clone(), invoice.city);
                self.settled
                    .insert(payment_reference::compact(&invoice.number), settled);
            }
        }
        self.invoices.retain(|invoice| invoice.open_minor > 0);
    }

    /// Notes that an account paid for a city.
    pub fn remember(&mut self, account: &str, city: CityId) {
        self.accounts
            .entry(account.to_owned())
            .and_modify(|known| *known = known.filter(|known| *known == city))
            .or_insert(Some(city));
    }

    fn by_compact(&self, compact: &str) -> Option<&OpenInvoice> {
        self.invoices
            .iter()
            .find(|one| payment_reference::compact(&one.number) == compact)
    }
}

/// What money that came may be for; none when nothing fits, or when more than one thing does.
#[must_use]
pub fn propose(incoming: Incoming<'_>, book: &Book) -> Option<Proposed> {
    if incoming.minor <= 0 {
        return None;
    }
    let payer = payers::payer(incoming, book);
    named::propose(incoming, book, payer)
        .or_else(|| resemblance::propose(incoming, book))
        .or_else(|| fits_one(incoming, book, payer?))
        .or_else(|| subsets::propose(incoming, book, payer))
}

/// The one open invoice of a payer that is of exactly this amount.
fn fits_one(
    incoming: Incoming<'_>,
    book: &Book,
    (city, known): (CityId, Known),
) -> Option<Proposed> {
    let mut fitting = book
        .invoices
        .iter()
        .filter(|invoice| invoice.city == city && invoice.open_minor == incoming.minor);
    let invoice = fitting.next()?;
    if fitting.next().is_some() {
        return None;
    }
    let number = &invoice.number;
    let (confidence, en, da) = match known {
        Known::ByAccount => (
            85,
            "The account paid for this city before",
            "Kontoen har betalt for denne by før",
        ),
        Known::ByName => (
            75,
            "The payer has the city's name",
            "Betaleren har byens navn",
        ),
    };
    Some(Proposed {
        confidence,
        reason: Phrase::new(
            format!("{en}, and {number} is its only invoice of this amount."),
            format!("{da}, og {number} er dens eneste faktura på dette beløb."),
        ),
        city,
        shares: vec![(invoice.id, incoming.minor)],
    })
}

#[cfg(test)]
mod tests;
