//! Gathers what is known of invoices, and keeps those from being issued that must be sent
//! electronically and cannot be. What it is not: rules of documents; those are pure.

use std::collections::{HashMap, HashSet};

use crate::db::Db;
use crate::finance::credit_notes::{self, CreditNote};
use crate::finance::einvoices::facts::Facts;
use crate::finance::einvoices::preflight::preflight;
use crate::finance::einvoices::{mapping, ubl};
use crate::finance::grants;
use crate::finance::invoices::{self, Invoice, InvoiceStatus};
use crate::finance::products::VatCategory;
use crate::finance::sellers::{self, Einvoicing, Seller};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, InvoiceId, SellerId};
use crate::registry::cities::{self, City};

/// What these invoices say: issued ones with the parties that were frozen with them, drafts with
/// seller and city as they are now.
///
/// # Errors
/// What the database says.
pub fn facts_of_many(db: &mut Db, listed: &[Invoice]) -> Result<HashMap<InvoiceId, Facts>> {
    let ids: Vec<InvoiceId> = listed.iter().map(|invoice| invoice.id).collect();
    let mut lines = invoices::lines_of_many(db, &ids)?;
    let frozen = invoices::parties_of_many(db, &ids)?;
    let drafts: Vec<&Invoice> = listed
        .iter()
        .filter(|invoice| invoice.status == InvoiceStatus::Draft)
        .collect();
    let (sellers, cities) = parties_now(db, &drafts)?;
    let grants: Vec<_> = drafts.iter().filter_map(|draft| draft.grant_id).collect();
    let payers = grants::payers(db, &grants)?;
    let mut facts = HashMap::with_capacity(listed.len());
    for invoice in listed {
        let lines = lines.remove(&invoice.id).unwrap_or_default();
        let (seller, buyer) = if let Some(parties) = frozen.get(&invoice.id) {
            (parties.seller.read()?, parties.buyer.read()?)
        } else {
            let seller = sellers.get(&invoice.seller_id);
            let buyer = match invoice.grant_id {
                Some(grant) => payers.get(&grant).map(|payer| payer.party.clone()),
                None => cities.get(&invoice.city_id).map(invoices::buyer_party),
            };
            let (seller, buyer) = seller.zip(buyer).ok_or_else(|| {
                Error::Internal(anyhow::anyhow!("{:?} has no parties", invoice.id))
            })?;
            let outside_scope = lines.iter().any(|line| line.vat_category == VatCategory::O);
            (invoices::seller_party(seller, outside_scope), buyer)
        };
        let said = Facts::of_invoice(invoice, seller, buyer, &lines);
        facts.insert(invoice.id, said);
    }
    Ok(facts)
}

/// What a credit note says.
///
/// # Errors
/// What the database says.
pub fn facts_of_credit_note(db: &mut Db, note: &CreditNote) -> Result<Facts> {
    let invoice = invoices::get(db, note.invoice_id)?;
    let lines = credit_notes::lines_of_many(db, &[note.id])?.remove(&note.id);
    Facts::of_credit_note(note, &invoice, &lines.unwrap_or_default())
}

/// The number of a document and its bytes.
///
/// # Errors
/// Every problem of the pre-flight; `NotInState` for a draft.
pub fn written(facts: &Facts) -> Result<(String, Vec<u8>)> {
    let document = mapping::document(facts).map_err(Error::Refused)?;
    let content = ubl::write(&document).map_err(|unwritable| {
        Error::Internal(anyhow::Error::from(unwritable).context(document.number.clone()))
    })?;
    Ok((document.number, content))
}

/// Refuses to issue an invoice that has to reach its buyer electronically and cannot: one to a
/// Danish city, when the seller's setting is `required`. Other countries' cities may be unable to
/// receive any, so they are only warned of.
///
/// # Errors
/// Every problem of the pre-flight, under `invoiceId`.
pub fn refuse_undeliverable(seller: &Seller, facts: &Facts) -> Result<()> {
    if sellers::einvoicing(seller)? == Einvoicing::WhenPossible || !facts.is_for_denmark() {
        return Ok(());
    }
    let problems = preflight(facts);
    if problems.is_empty() {
        return Ok(());
    }
    let under = |problem: crate::kernel::refusal::Refusal| problem.under("invoiceId");
    Err(Error::Refused(problems.into_iter().map(under).collect()))
}

type Now = (HashMap<SellerId, Seller>, HashMap<CityId, City>);

fn parties_now(db: &mut Db, drafts: &[&Invoice]) -> Result<Now> {
    let mut known = HashMap::new();
    let named: HashSet<SellerId> = drafts.iter().map(|draft| draft.seller_id).collect();
    for id in named {
        known.insert(id, sellers::get(db, id)?);
    }
    if drafts.is_empty() {
        return Ok((known, HashMap::new()));
    }
    let ids: Vec<CityId> = drafts.iter().map(|draft| draft.city_id).collect();
    let found = cities::find_many(db, &ids)?;
    Ok((
        known,
        found.into_iter().map(|city| (city.id, city)).collect(),
    ))
}
