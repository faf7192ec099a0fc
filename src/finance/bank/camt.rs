//! Reads camt.053 (statements) and camt.054 (notifications of entries) of ISO 20022, versions 001.02 and
//! 001.08. What it is not: the XML below (`xml`), nor whether the numbers are right (`checks`).
//!
//! The versions differ in where they say the same: a state is a word in 02 and an element with a word in
//! 08, a name stands in the party in 02 and one step deeper in 08, and the amount of a transaction stands in
//! its details or in their first element. Each place is asked in both ways, within the version that the
//! namespace names.

mod balances;
mod entries;
mod values;

use crate::finance::bank::camt::balances::balances;
use crate::finance::bank::camt::values::{currency, day_of};
use crate::finance::bank::fault::{Fault, FaultCode, Spot};
use crate::finance::bank::model::StatementFormat;
use crate::finance::bank::statement::{BankFile, LONGEST_LINE, NamedAccount, Stated, fit};
use crate::finance::bank::xml::{self, Element};

/// What all namespaces of ISO 20022 begin with.
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:";

/// The messages that are read, each with its form, the element of the message and that of a statement in it.
const MESSAGES: [(&str, StatementFormat, &str, &str); 4] = [
    (
        "camt.053.001.02",
        StatementFormat::Camt05302,
        "BkToCstmrStmt",
        "Stmt",
    ),
    (
        "camt.053.001.08",
        StatementFormat::Camt05308,
        "BkToCstmrStmt",
        "Stmt",
    ),
    (
        "camt.054.001.02",
        StatementFormat::Camt05402,
        "BkToCstmrDbtCdtNtfctn",
        "Ntfctn",
    ),
    (
        "camt.054.001.08",
        StatementFormat::Camt05408,
        "BkToCstmrDbtCdtNtfctn",
        "Ntfctn",
    ),
];

/// Reads a file.
///
/// # Errors
/// Everything that is wrong in its form.
pub(super) fn read(bytes: &[u8]) -> Result<BankFile, Vec<Fault>> {
    let document = xml::read(bytes).map_err(|fault| vec![fault])?;
    let message = document.namespace.strip_prefix(NAMESPACE);
    let known = MESSAGES
        .iter()
        .find(|(name, ..)| Some(*name) == message && &*document.root.name == "Document");
    let Some((_, format, envelope, statement)) = known else {
        return Err(vec![unknown(&document)]);
    };
    let Some(envelope_element) = document.root.child(envelope) else {
        return Err(vec![missing(&Spot::default(), envelope)]);
    };

    let mut faults = Vec::new();
    let statements: Vec<Stated> = envelope_element
        .all(statement)
        .map(|element| stated(element, &mut faults))
        .collect();
    if statements.is_empty() {
        faults.push(missing(&Spot::default(), statement));
    }
    if faults.is_empty() {
        Ok(BankFile {
            format: *format,
            statements,
        })
    } else {
        Err(faults)
    }
}

fn stated(element: &Element, faults: &mut Vec<Fault>) -> Stated {
    let bank_id = line(element.text_at(&["Id"]));
    let spot = Spot {
        statement: bank_id.clone(),
        ..Spot::default()
    };
    if bank_id.is_none() {
        faults.push(missing(&spot, "Id"));
    }
    let account = account_of(element.at(&["Acct", "Id"]));
    if account == NamedAccount::default() {
        faults.push(missing(&spot, "Acct/Id"));
    }
    let said = element.text_at(&["Acct", "Ccy"]);
    let currency = said.and_then(|code| keep(currency(&spot, code), faults));
    let (opening, closing, of_balances) = balances(element, &spot, faults);
    let sequence = ["ElctrncSeqNb", "LglSeqNb"]
        .iter()
        .find_map(|name| element.text_at(&[name]))
        .and_then(|number| keep(number_of(&spot, number), faults));
    let mut period = |name| {
        element
            .text_at(&["FrToDt", name])
            .and_then(|text| keep(day_of(&spot, name, text), faults))
    };
    let (from_on, through_on) = (period("FrDtTm"), period("ToDtTm"));

    let mut entries = Vec::new();
    let mut pending = 0_u32;
    for (number, entry) in (1_u32..).zip(element.all("Ntry")) {
        match entries::entry(entry, &spot, number) {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => pending = pending.saturating_add(1),
            Err(found) => faults.extend(found),
        }
    }
    Stated {
        spot,
        bank_id,
        account,
        currency: currency.or(of_balances),
        sequence,
        from_on,
        through_on,
        opening,
        closing,
        entries,
        pending,
    }
}

/// The account in an element with an IBAN or another number.
fn account_of(id: Option<&Element>) -> NamedAccount {
    let without_blanks = |path: &[&str]| {
        let text = id?.text_at(path)?;
        let text: String = text.chars().filter(|one| !one.is_whitespace()).collect();
        line(Some(&text))
    };
    NamedAccount {
        iban: without_blanks(&["IBAN"]).map(|iban| iban.to_ascii_uppercase()),
        number: without_blanks(&["Othr", "Id"]),
    }
}

fn number_of(spot: &Spot, text: &str) -> Result<i64, Fault> {
    // ISO 20022 writes sequence numbers as decimals without a fraction.
    let digits = text.split_once('.').map_or(text, |(whole, _)| whole);
    digits
        .parse::<i64>()
        .ok()
        .filter(|number| *number >= 0)
        .ok_or_else(|| {
            let said: String = text.chars().take(30).collect();
            Fault::at(
                spot,
                FaultCode::Unknown,
                format!("{said:?} is no number of a statement."),
                format!("{said:?} er ikke nummeret på et kontoudtog."),
            )
        })
}

fn line(text: Option<&str>) -> Option<String> {
    fit(text?, LONGEST_LINE)
}

fn keep<T>(read: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn missing(spot: &Spot, element: &str) -> Fault {
    Fault::at(
        spot,
        FaultCode::Missing,
        format!("The element {element} is missing."),
        format!("Elementet {element} mangler."),
    )
}

fn unknown(document: &xml::Document) -> Fault {
    let known: Vec<&str> = MESSAGES.iter().map(|(name, ..)| *name).collect();
    let known = known.join(", ");
    let namespace: String = document
        .namespace
        .chars()
        .filter(char::is_ascii_graphic)
        .take(120)
        .collect();
    let said = namespace.strip_prefix(NAMESPACE).unwrap_or(&namespace);
    let root: String = document.root.name.chars().take(60).collect();
    if said.is_empty() {
        return Fault::of_file(
            FaultCode::UnknownFormat,
            format!(
                "The root element {root} has no namespace, so the message is not known. Read are {known}, and tables (CSV)."
            ),
            format!(
                "Rodelementet {root} har intet navnerum, så meddelelsen kendes ikke. Der læses {known} og tabeller (CSV)."
            ),
        );
    }
    Fault::of_file(
        FaultCode::UnknownFormat,
        format!(
            "The file is {said} with the root element {root}. Read are {known}, and tables (CSV); ask the bank for one of them."
        ),
        format!(
            "Filen er {said} med rodelementet {root}. Der læses {known} og tabeller (CSV); bed banken om en af dem."
        ),
    )
}

#[cfg(test)]
mod tests;
