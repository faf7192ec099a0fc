//! What an issued invoice says, frozen: seller, buyer, and a hash over everything on it. What it is
//! not: a document for readers.

use serde_json::{Value, json};

use crate::finance::invoices::model::{Invoice, InvoiceLine, InvoiceParties, Party};
use crate::finance::sellers::Seller;
use crate::kernel::hash::sha256_hex;
use crate::registry::cities::City;

/// The seller as it is now. Outside the scope of value added tax its VAT number stays away
/// (EN 16931, BR-O-02); the company number does not.
#[must_use]
pub fn seller_party(seller: &Seller, outside_scope: bool) -> Party {
    Party {
        name: seller.name.clone(),
        street: Some(seller.street.clone()),
        postal_code: Some(seller.postal_code.clone()),
        town: Some(seller.town.clone()),
        country: seller.country.clone(),
        cvr: Some(seller.cvr.clone()),
        vat_number: (!outside_scope).then(|| format!("{}{}", seller.country, seller.cvr)),
        gln: None,
        order_reference: None,
        bank_account: Some(format!(
            "{} {}",
            seller.bank_registration, seller.bank_account
        )),
        fik_creditor: seller.fik_creditor.clone(),
        iban: seller.iban.clone(),
        bic: seller.bic.clone(),
    }
}

/// The city as it is now; without a name for invoices it is the city's own.
#[must_use]
pub fn buyer_party(city: &City) -> Party {
    Party {
        name: city
            .invoice_name
            .clone()
            .unwrap_or_else(|| city.name.clone()),
        street: city.invoice_street.clone(),
        postal_code: city.invoice_postal_code.clone(),
        town: city.invoice_town.clone(),
        country: city.country.clone(),
        cvr: city.cvr.clone(),
        vat_number: None,
        gln: city.gln.clone(),
        order_reference: city.order_reference.clone(),
        bank_account: None,
        fik_creditor: None,
        iban: None,
        bic: None,
    }
}

/// SHA-256 over everything that stands on an invoice, as JSON with sorted names and without
/// spaces. The settlement is not part of it.
#[must_use]
pub fn content_hash(invoice: &Invoice, parties: &InvoiceParties, lines: &[InvoiceLine]) -> String {
    let lines: Vec<Value> = lines.iter().map(line_content).collect();
    let content = json!({
        "number": invoice.number,
        "kind": invoice.kind,
        "city": invoice.city_id,
        "feeYear": invoice.fee_year,
        "instalment": invoice.instalment,
        "issuedOn": invoice.issued_on,
        "dueOn": invoice.due_on,
        "currency": invoice.currency,
        "netMinor": invoice.net_minor,
        "vatMinor": invoice.vat_minor,
        "totalMinor": invoice.total_minor,
        "seller": parties.seller.0,
        "buyer": parties.buyer.0,
        "lines": lines,
    });
    let mut text = String::new();
    write_canonical(&content, &mut text);
    sha256_hex(text.as_bytes())
}

fn line_content(line: &InvoiceLine) -> Value {
    json!({
        "position": line.position,
        "product": line.product,
        "descriptionEn": line.description_en,
        "descriptionDa": line.description_da,
        "formulaEn": line.formula_en,
        "formulaDa": line.formula_da,
        "periodFrom": line.period_from,
        "periodUntil": line.period_until,
        "quantity": line.quantity,
        "unitMinor": line.unit_minor,
        "netMinor": line.net_minor,
        "vatCategory": line.vat_category,
        "vatRateBp": line.vat_rate_bp,
        "exemptionReason": line.exemption_reason,
        "price": line.price_id,
    })
}

/// Writes JSON with sorted names and without spaces: the databases give the names of a document back
/// in orders of their own.
pub fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (place, (name, field)) in sorted.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(name.clone()).to_string());
                text.push(':');
                write_canonical(field, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_names_does_not_matter() {
        let text = |source: &str| {
            let mut text = String::new();
            write_canonical(&serde_json::from_str(source).unwrap(), &mut text);
            text
        };
        assert_eq!(
            text(r#"{ "b": [1, {"d": null, "c": "å\""}], "a": true }"#),
            r#"{"a":true,"b":[1,{"c":"å\"","d":null}]}"#
        );
    }
}
