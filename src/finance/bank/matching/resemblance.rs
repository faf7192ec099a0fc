//! References with one wrong digit, or two that changed places: their check digits are wrong, but one open
//! invoice of exactly this amount has nearly the same. What it is not: a match; finance is asked.

use crate::finance::bank::matching::{Book, Incoming, OpenInvoice, Proposed};
use crate::finance::invoices::payment_reference;
use crate::kernel::phrase::Phrase;

/// Digits of a reference of a payment slip.
const FIK_DIGITS: usize = 15;

/// How sure it is.
const CONFIDENCE: i32 = 70;

/// The one invoice of this amount whose reference or number is one slip away from what was written.
pub(super) fn propose(incoming: Incoming<'_>, book: &Book) -> Option<Proposed> {
    let words = words(incoming);
    if words.is_empty() {
        return None;
    }
    let mut near = book
        .invoices
        .iter()
        .filter(|invoice| invoice.open_minor == incoming.minor)
        .filter(|invoice| resembles(invoice, &words));
    let invoice = near.next()?;
    if near.next().is_some() {
        return None;
    }
    let number = &invoice.number;
    Some(Proposed {
        confidence: CONFIDENCE,
        reason: Phrase::new(
            format!(
                "What was written is one slip away from {number}, and the amount is what is open on it."
            ),
            format!("Det skrevne er én slåfejl fra {number}, og beløbet er det åbne på den."),
        ),
        city: invoice.city,
        shares: vec![(invoice.id, incoming.minor)],
    })
}

/// What was written in groups of digits long enough to be a reference or a number.
fn words(incoming: Incoming<'_>) -> Vec<String> {
    [incoming.reference, incoming.text]
        .iter()
        .flat_map(|text| text.split(|one: char| !one.is_ascii_alphanumeric() && one != '-'))
        .map(payment_reference::compact)
        .filter(|word| word.len() > 9 && word.bytes().filter(u8::is_ascii_digit).count() > 8)
        .collect()
}

fn resembles(invoice: &OpenInvoice, words: &[String]) -> bool {
    let fik = payment_reference::fik_of_number(&invoice.number);
    let compact = payment_reference::compact(&invoice.number);
    words.iter().any(|word| {
        // The card's own digits may stand before the reference.
        let bare = word
            .strip_prefix("71")
            .filter(|rest| rest.len() == FIK_DIGITS)
            .unwrap_or(word);
        is_one_slip(bare, &compact) || fik.as_deref().is_some_and(|fik| is_one_slip(bare, fik))
    })
}

/// Whether two texts of one length differ in one character, or in two neighbours that changed places.
fn is_one_slip(one: &str, other: &str) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let differing: Vec<usize> = one
        .bytes()
        .zip(other.bytes())
        .enumerate()
        .filter(|(_, (left, right))| left != right)
        .map(|(place, _)| place)
        .collect();
    match differing.as_slice() {
        [_] => true,
        [first, second] if *second == first.saturating_add(1) => {
            let at = |text: &str, place: &usize| text.as_bytes().get(*place).copied();
            at(one, first) == at(other, second) && at(one, second) == at(other, first)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_digit_or_two_neighbours() {
        for (one, other, expected) in [
            ("120260000000013", "120260000000014", true),
            ("120260000000013", "120260000000031", true),
            ("120260000000013", "210260000000013", true),
            ("120260000000013", "120260000000013", false),
            ("120260000000013", "120260000000024", false),
            ("12026000000001", "120260000000013", false),
            ("123", "321", false),
        ] {
            assert_eq!(is_one_slip(one, other), expected, "{one} {other}");
        }
    }
}
