//! The two sides of an electronic invoice, their addresses and how the seller is paid, read from
//! what is recorded of them. What it is not: the records; each problem says what to record.

use crate::finance::einvoices::facts::Facts;
use crate::finance::einvoices::payment::{Card, PaymentMeans, Slip, Transfer, is_digits};
use crate::finance::einvoices::preflight::{Found, missing, unsound};
use crate::finance::einvoices::semantic::{Address, Identifier, Scheme, Trader};
use crate::finance::invoices::{Party, payment_reference};
use crate::finance::products::VatCategory;
use crate::kernel::check_digits::{check_cvr, check_gln};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// BG-4: a Danish seller by its CVR number (DK-R-002, DK-R-014), with a number for value added tax
/// unless it is outside the scope of the tax (BR-S-02, BR-E-02, BR-AE-02; BR-O-02).
pub(super) fn seller(facts: &Facts, found: &mut Found) -> Option<Trader> {
    let party = &facts.seller;
    let name = name(party, "seller", found);
    let address = address(party, "seller", found);
    let cvr = match &party.cvr {
        Some(cvr) => found.keep(cvr_identifier("seller.cvr", cvr)),
        None => found.keep(Err(missing(
            "seller.cvr",
            format!(
                "{} needs its CVR number on electronic invoices.",
                party.name
            ),
            format!(
                "{} skal have sit CVR-nummer på elektroniske fakturaer.",
                party.name
            ),
        ))),
    };
    let outside = facts
        .charges
        .iter()
        .any(|charge| charge.vat_category == VatCategory::O);
    let vat_id = vat_number(party, "seller", found);
    if outside && vat_id.is_some() {
        found.add(unsound(
            "seller.vatNumber",
            "What is outside the scope of value added tax is invoiced without the seller's VAT number.",
            "Det, der er uden for momslovens område, faktureres uden sælgers momsnummer.",
        ));
    }
    if !outside && party.vat_number.is_none() {
        found.add(missing(
            "seller.vatNumber",
            format!("{} needs its VAT number on this invoice.", party.name),
            format!("{} skal have sit momsnummer på denne faktura.", party.name),
        ));
    }
    let cvr = cvr?;
    Some(Trader {
        name: name?,
        endpoint: cvr.clone(),
        legal_id: Some(cvr),
        vat_id,
        address: address?,
    })
}

/// BG-7: reached by its GLN, a Danish buyer also by its CVR number (PEPPOL-EN16931-R010).
pub(super) fn buyer(facts: &Facts, found: &mut Found) -> Option<Trader> {
    let party = &facts.buyer;
    let name = name(party, "buyer", found);
    let address = address(party, "buyer", found);
    let legal_id = match &party.cvr {
        Some(cvr) if facts.is_for_denmark() => found.keep(cvr_identifier("buyer.cvr", cvr)),
        _ => None,
    };
    let endpoint = endpoint(facts, legal_id.as_ref(), found);
    let vat_id = vat_number(party, "buyer", found);
    Some(Trader {
        name: name?,
        endpoint: endpoint?,
        legal_id,
        vat_id,
        address: address?,
    })
}

fn endpoint(facts: &Facts, cvr: Option<&Identifier>, found: &mut Found) -> Option<Identifier> {
    let party = &facts.buyer;
    match (&party.gln, cvr) {
        (Some(gln), _) => found.keep(check_gln(gln).map_or_else(
            |refusal| {
                let phrase = refusal.phrase();
                Err(Refusal::new(
                    RefusalCode::InvalidGln,
                    "buyer.gln",
                    format!("The GLN of {}: {}", party.name, phrase.en),
                    format!("EAN-/GLN-nummeret for {}: {}", party.name, phrase.da),
                ))
            },
            |()| {
                Ok(Identifier {
                    scheme: Scheme::Gln,
                    value: gln.clone(),
                })
            },
        )),
        (None, Some(cvr)) => Some(cvr.clone()),
        (None, None) => {
            found.add(no_address(facts));
            None
        }
    }
}

fn no_address(facts: &Facts) -> Refusal {
    let name = &facts.buyer.name;
    if facts.is_for_denmark() {
        missing(
            "buyer.gln",
            format!(
                "{name} needs a GLN, or at least a CVR number: electronic invoices are sent there."
            ),
            format!(
                "{name} mangler et EAN-/GLN-nummer eller i det mindste et CVR-nummer: elektroniske fakturaer sendes dertil."
            ),
        )
    } else {
        missing(
            "buyer.gln",
            format!("{name} needs a GLN: electronic invoices are sent there."),
            format!("{name} mangler et GLN-nummer: elektroniske fakturaer sendes dertil."),
        )
    }
}

/// BT-13: what the buyer wants to read (PEPPOL-EN16931-R003).
pub(super) fn order_reference(facts: &Facts, found: &mut Found) -> Option<String> {
    let party = &facts.buyer;
    found.needed(
        "buyer.orderReference",
        party.order_reference.as_deref(),
        || {
            missing(
                "buyer.orderReference",
                format!(
                    "{} needs an order reference: electronic invoices without one are turned away.",
                    party.name
                ),
                format!(
                    "{} mangler en ordrereference: elektroniske fakturaer uden afvises.",
                    party.name
                ),
            )
        },
    )
}

/// BG-16: a Danish buyer pays by a payment slip when the seller has a creditor number, a buyer abroad to
/// the IBAN when there is one; both with a reference that has check digits. Else to the Danish account.
pub(super) fn payment(facts: &Facts, found: &mut Found) -> Option<PaymentMeans> {
    let account = account(facts, found);
    let seller = &facts.seller;
    let number = facts
        .numbered
        .as_ref()
        .map(|numbered| numbered.number.as_str());
    let better = if facts.is_for_denmark() {
        let reference = number.and_then(payment_reference::fik_of_number);
        let stated = reference.zip(seller.fik_creditor.as_deref());
        stated
            .and_then(|(reference, creditor)| Slip::new(Card::Reference15, &reference, creditor))
            .map(PaymentMeans::Slip)
    } else {
        let stated = seller.iban.clone().zip(seller.bic.clone());
        stated.map(|(iban, bic)| PaymentMeans::Abroad {
            iban,
            bic,
            reference: number.and_then(payment_reference::rf),
        })
    };
    better.or(account)
}

/// The seller's Danish account (DK-R-005, DK-R-006), with the invoice's number for the payer to write.
fn account(facts: &Facts, found: &mut Found) -> Option<PaymentMeans> {
    let party = &facts.seller;
    let stated = party.bank_account.as_deref().unwrap_or_default();
    let split = stated
        .trim()
        .split_once(' ')
        .filter(|(registration, account)| {
            is_digits(registration, 4)
                && is_digits(account, account.len())
                && (1..=10).contains(&account.len())
        });
    let Some((registration, account)) = split else {
        found.add(missing(
            "seller.bankAccount",
            format!(
                "{} needs a bank account on its invoices: a registration number of 4 digits and an account number of up to 10.",
                party.name
            ),
            format!(
                "{} skal have en bankkonto på sine fakturaer: et registreringsnummer på 4 cifre og et kontonummer på op til 10.",
                party.name
            ),
        ));
        return None;
    };
    Some(PaymentMeans::Account {
        by: Transfer::BankAccount,
        registration: registration.to_owned(),
        account: account.to_owned(),
        reference: facts
            .numbered
            .as_ref()
            .map(|numbered| numbered.number.clone()),
    })
}

/// BT-27 or BT-44 (BR-06, BR-07).
fn name(party: &Party, side: &str, found: &mut Found) -> Option<String> {
    let field = format!("{side}.name");
    found.needed(&field, Some(&party.name), || {
        missing(
            &field,
            "The seller and the buyer need a name on the invoice.",
            "Sælger og køber skal have et navn på fakturaen.",
        )
    })
}

/// BG-5 or BG-8 (BR-08 to BR-11): the country must be there and be one (BR-CL-14).
fn address(party: &Party, side: &str, found: &mut Found) -> Option<Address> {
    let field = |name: &str| format!("{side}.{name}");
    let street = found.text(&field("street"), party.street.as_deref());
    let town = found.text(&field("town"), party.town.as_deref());
    let postal_code = found.text(&field("postalCode"), party.postal_code.as_deref());
    if isocountry::CountryCode::for_alpha2(&party.country).is_err() {
        found.add(unsound(
            &field("country"),
            format!(
                "The address of {} needs the two letters of its country.",
                party.name
            ),
            format!("Adressen for {} mangler landets to bogstaver.", party.name),
        ));
        return None;
    }
    Some(Address {
        street,
        town,
        postal_code,
        country: party.country.clone(),
    })
}

/// BT-31 or BT-48: with the letters of the country before it, as BR-CO-09 asks.
fn vat_number(party: &Party, side: &str, found: &mut Found) -> Option<String> {
    let field = format!("{side}.vatNumber");
    let number = found.text(&field, party.vat_number.as_deref())?;
    // Greece writes EL before its numbers.
    let country = match party.country.as_str() {
        "GR" => "EL",
        other => other,
    };
    let sound = number
        .strip_prefix(country)
        .is_some_and(|digits| !digits.is_empty() && (country != "DK" || is_digits(digits, 8)));
    if sound {
        return Some(number);
    }
    found.add(unsound(
        &field,
        format!(
            "The VAT number of {} begins with {country} and has all its digits after it.",
            party.name
        ),
        format!(
            "Momsnummeret for {} begynder med {country}, fulgt af alle cifrene.",
            party.name
        ),
    ));
    None
}

/// A CVR number in the form of ISO 6523 0184: `DK` and eight digits (PEPPOL-COMMON-R042).
fn cvr_identifier(field: &str, cvr: &str) -> Result<Identifier, Refusal> {
    check_cvr(cvr).map_err(|refusal| {
        let phrase = refusal.phrase();
        Refusal::new(RefusalCode::InvalidCvr, field, phrase.en, phrase.da)
    })?;
    Ok(Identifier {
        scheme: Scheme::Cvr,
        value: format!("DK{cvr}"),
    })
}
