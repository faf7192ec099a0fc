//! Money whose payer named invoices: by references with check digits, or by numbers. What it is not: a
//! search for what fits; what is named is meant.

use crate::finance::bank::matching::numbers::{How, Named, referred};
use crate::finance::bank::matching::payers::Known;
use crate::finance::bank::matching::{Book, Incoming, OpenInvoice, Proposed};
use crate::kernel::ids::CityId;
use crate::kernel::phrase::Phrase;

/// How the amount stands to what is open on the named invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is all of it.
    Exact,
    /// It is less than is open on the one invoice that is named.
    Part,
    /// It is less than is open on several: which one is short is not said.
    PartOfSeveral,
    /// It is more.
    More,
}

/// What is proposed for named invoices that something is open on; else for the city of one that is settled,
/// which may have paid twice.
pub(super) fn propose(
    incoming: Incoming<'_>,
    book: &Book,
    payer: Option<(CityId, Known)>,
) -> Option<Proposed> {
    let named = referred(incoming.reference, incoming.text);
    let mut open: Vec<(&OpenInvoice, How)> = Vec::new();
    for one in &named {
        if let Some(invoice) = book.by_compact(&one.compact) {
            open.push((invoice, one.how));
        }
    }
    if open.is_empty() {
        open = as_they_are(incoming, book);
    }
    let Some((first, _)) = open.first() else {
        return settled(&named, book);
    };

    let owed = open.iter().fold(0_i64, |sum, (invoice, _)| {
        sum.saturating_add(invoice.open_minor)
    });
    let fit = match (incoming.minor.cmp(&owed), open.len()) {
        (std::cmp::Ordering::Equal, _) => Fit::Exact,
        (std::cmp::Ordering::Greater, _) => Fit::More,
        (std::cmp::Ordering::Less, 1) => Fit::Part,
        (std::cmp::Ordering::Less, _) => Fit::PartOfSeveral,
    };
    let how = open.iter().map(|(_, how)| *how).max()?;
    let of_payer = payer.filter(|(city, _)| open.iter().any(|(one, _)| one.city == *city));
    Some(Proposed {
        confidence: confidence(how, fit),
        reason: reason(&open, how, fit),
        city: of_payer.map_or(first.city, |(city, _)| city),
        shares: shares(&open, incoming.minor),
    })
}

/// The amount shared among the invoices: those due first are paid first.
fn shares(open: &[(&OpenInvoice, How)], minor: i64) -> Vec<(crate::kernel::ids::InvoiceId, i64)> {
    let mut by_due: Vec<&OpenInvoice> = open.iter().map(|(invoice, _)| *invoice).collect();
    by_due.sort_by_key(|one| (one.due_on.is_none(), one.due_on, one.number.clone()));
    let mut left = minor;
    let mut shares = Vec::new();
    for invoice in by_due {
        let part = invoice.open_minor.min(left);
        if part > 0 {
            shares.push((invoice.id, part));
            left = left.saturating_sub(part);
        }
    }
    shares
}

fn confidence(how: How, fit: Fit) -> i32 {
    match (how, fit) {
        (How::Checked(_), Fit::Exact | Fit::Part) => 100,
        (How::Checked(_), Fit::More) | (How::Written, Fit::Exact) => 95,
        (How::Loosely, Fit::Exact) => 90,
        (How::Written, Fit::Part) => 85,
        (How::Written, Fit::More) => 80,
        (How::Loosely, Fit::Part) => 75,
        (How::Loosely, Fit::More) | (How::Checked(_), Fit::PartOfSeveral) => 70,
        (How::Written, Fit::PartOfSeveral) => 65,
        (How::Loosely, Fit::PartOfSeveral) => 55,
    }
}

fn reason(open: &[(&OpenInvoice, How)], how: How, fit: Fit) -> Phrase {
    let numbers: Vec<&str> = open.iter().map(|(one, _)| one.number.as_str()).collect();
    let numbers = numbers.join(", ");
    let (named_en, named_da) = match how {
        How::Checked(_) => ("The payment reference names", "Betalingsreferencen nævner"),
        How::Written => ("The text names", "Teksten nævner"),
        How::Loosely => ("The text can only mean", "Teksten kan kun betyde"),
    };
    let (fit_en, fit_da) = match fit {
        Fit::Exact => ("the amount is what is open", "beløbet er det åbne"),
        Fit::Part => (
            "the amount is a part of what is open",
            "beløbet er en del af det åbne",
        ),
        Fit::PartOfSeveral => (
            "the amount is less than is open on them: those due first are paid first",
            "beløbet er mindre end det åbne på dem: de først forfaldne betales først",
        ),
        Fit::More => (
            "the amount is more than is open: the rest stays the city's",
            "beløbet er mere end det åbne: resten forbliver byens",
        ),
    };
    Phrase::new(
        format!("{named_en} {numbers}; {fit_en}."),
        format!("{named_da} {numbers}; {fit_da}."),
    )
}

/// The open invoices of an old system, whose numbers have a form of their own: a number of at least five letters
/// and digits that stands in the text as it is.
fn as_they_are<'b>(incoming: Incoming<'_>, book: &'b Book) -> Vec<(&'b OpenInvoice, How)> {
    let words: Vec<String> = [incoming.reference, incoming.text]
        .iter()
        .flat_map(|text| text.split([' ', ';', ',', ':', '(', ')']))
        .map(crate::finance::invoices::payment_reference::compact)
        .filter(|word| word.len() >= 5)
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    book.invoices
        .iter()
        .filter(|invoice| {
            let compact = crate::finance::invoices::payment_reference::compact(&invoice.number);
            words.contains(&compact)
        })
        .map(|invoice| (invoice, How::Loosely))
        .collect()
}

/// Money for an invoice that nothing is open on: it stays the city's.
fn settled(named: &[Named], book: &Book) -> Option<Proposed> {
    let (one, (number, city)) = named
        .iter()
        .find_map(|one| book.settled.get(&one.compact).map(|found| (one, found)))?;
    Some(Proposed {
        confidence: match one.how {
            How::Checked(_) => 60,
            How::Written | How::Loosely => 50,
        },
        reason: Phrase::new(
            format!(
                "The payer names {number}, which nothing is open on; the money stays the city's."
            ),
            format!("Betaleren nævner {number}, som intet er åbent på; pengene forbliver byens."),
        ),
        city: *city,
        shares: Vec::new(),
    })
}
