//! What an issued credit note says, as a hash over everything on it. What it is not: a document for
//! readers.

use serde_json::{Value, json};

use crate::finance::credit_notes::model::{CreditNote, CreditNoteLine};
use crate::finance::invoices::write_canonical;
use crate::kernel::hash::sha256_hex;

/// SHA-256 over everything that stands on a credit note, the number of its invoice included, as JSON
/// with sorted names and without spaces.
#[must_use]
pub fn content_hash(note: &CreditNote, invoice: Option<&str>, lines: &[CreditNoteLine]) -> String {
    let lines: Vec<Value> = lines.iter().map(line_content).collect();
    let content = json!({
        "number": note.number,
        "issuedOn": note.issued_on,
        "invoice": note.invoice_id,
        "invoiceNumber": invoice,
        "city": note.city_id,
        "reasonCode": note.reason_code,
        "reason": note.reason,
        "currency": note.currency,
        "netMinor": note.net_minor,
        "vatMinor": note.vat_minor,
        "totalMinor": note.total_minor,
        "taxes": note.taxes.0,
        "seller": note.seller.0,
        "buyer": note.buyer.0,
        "lines": lines,
    });
    let mut text = String::new();
    write_canonical(&content, &mut text);
    sha256_hex(text.as_bytes())
}

fn line_content(line: &CreditNoteLine) -> Value {
    json!({
        "invoiceLine": line.invoice_line_id,
        "position": line.position,
        "product": line.product,
        "descriptionEn": line.description_en,
        "descriptionDa": line.description_da,
        "netMinor": line.net_minor,
        "vatCategory": line.vat_category,
        "vatRateBp": line.vat_rate_bp,
        "exemptionReason": line.exemption_reason,
    })
}
