//! Makes the semantic model of what our records say. What it is not: a syntax. A problem anywhere
//! gives no document, and all problems.

use crate::finance::einvoices::charges::{self, Charged};
use crate::finance::einvoices::facts::Facts;
use crate::finance::einvoices::parties;
use crate::finance::einvoices::payment::PaymentMeans;
use crate::finance::einvoices::preflight::{Found, missing};
use crate::finance::einvoices::semantic::{Document, DocumentKind, Preceding, Trader};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// Everything of a document but what it gets when it is issued.
#[derive(Debug)]
pub(super) struct Parts {
    seller: Trader,
    buyer: Trader,
    order_reference: String,
    payment: Option<PaymentMeans>,
    payment_terms: Option<String>,
    note: Option<String>,
    preceding: Option<Preceding>,
    charged: Charged,
}

/// The document.
///
/// # Errors
/// Every problem of the pre-flight; `NotInState` for a draft, which has no
/// number.
pub fn document(facts: &Facts) -> Result<Document, Vec<Refusal>> {
    let parts = parts(facts);
    let Some(numbered) = &facts.numbered else {
        let mut problems = vec![not_issued(facts.kind)];
        problems.extend(parts.err().unwrap_or_default());
        return Err(problems);
    };
    let parts = parts?;
    Ok(Document {
        kind: facts.kind,
        number: numbered.number.clone(),
        issued_on: numbered.issued_on,
        due_on: numbered.due_on,
        currency: parts.charged.totals.net.currency,
        note: parts.note,
        buyer_reference: None,
        order_reference: Some(parts.order_reference),
        preceding: parts.preceding,
        seller: parts.seller,
        buyer: parts.buyer,
        payment: parts.payment,
        payment_terms: parts.payment_terms,
        totals: parts.charged.totals,
        vat_breakdown: parts.charged.vat_breakdown,
        lines: parts.charged.lines,
    })
}

/// The parts of the document.
///
/// # Errors
/// Every problem, in the order of the document.
pub(super) fn parts(facts: &Facts) -> Result<Parts, Vec<Refusal>> {
    let mut found = Found::default();
    let buyer = parties::buyer(facts, &mut found);
    let order_reference = parties::order_reference(facts, &mut found);
    let seller = parties::seller(facts, &mut found);
    let payment = match facts.kind {
        DocumentKind::Invoice => parties::payment(facts, &mut found),
        DocumentKind::CreditNote => None,
    };
    let preceding = preceding(facts, &mut found);
    due(facts, &mut found);
    let note = found.text("note", facts.note.as_deref());
    let charged = charges::charged(facts, &mut found);
    let payment_terms = preceding.as_ref().map(|invoice| set_off(facts, invoice));
    match (seller, buyer, order_reference, charged) {
        (Some(seller), Some(buyer), Some(order_reference), Some(charged)) if found.0.is_empty() => {
            Ok(Parts {
                seller,
                buyer,
                order_reference,
                payment,
                payment_terms,
                note,
                preceding,
                charged,
            })
        }
        _ => Err(found.0),
    }
}

/// BG-3: a credit note names its invoice (BR-55).
fn preceding(facts: &Facts, found: &mut Found) -> Option<Preceding> {
    if facts.kind == DocumentKind::Invoice {
        return None;
    }
    let stated = facts.preceding.as_ref();
    let number = found.needed(
        "preceding.number",
        stated.map(|invoice| invoice.number.as_str()),
        || {
            missing(
                "preceding.number",
                "A credit note needs the number of the invoice that it takes back.",
                "En kreditnota skal have nummeret på den faktura, den tilbagefører.",
            )
        },
    )?;
    Some(Preceding {
        number,
        issued_on: stated.and_then(|invoice| invoice.issued_on),
    })
}

/// BT-9: an invoice says when it is due (BR-CO-25).
fn due(facts: &Facts, found: &mut Found) {
    let undated = facts
        .numbered
        .as_ref()
        .is_some_and(|numbered| numbered.due_on.is_none());
    if facts.kind == DocumentKind::Invoice && undated {
        found.add(missing(
            "dueOn",
            "The invoice needs the last day to pay.",
            "Fakturaen mangler den sidste betalingsdag.",
        ));
    }
}

/// BT-20 of a credit note, which has no day to pay by (BR-CO-25).
fn set_off(facts: &Facts, invoice: &Preceding) -> String {
    if facts.is_for_denmark() {
        format!("Modregnes i faktura {}.", invoice.number)
    } else {
        format!("Set off against invoice {}.", invoice.number)
    }
}

fn not_issued(kind: DocumentKind) -> Refusal {
    let (en, da) = match kind {
        DocumentKind::Invoice => (
            "The invoice is a draft: it has no number before it is issued.",
            "Fakturaen er en kladde: den får først nummer, når den udstedes.",
        ),
        DocumentKind::CreditNote => (
            "The credit note is a proposal: it has no number before somebody else approves it.",
            "Kreditnotaen er et forslag: den får først nummer, når en anden godkender den.",
        ),
    };
    Refusal::new(RefusalCode::NotInState, "number", en, da)
}
