//! Whether a file of the bank can be believed: balances, account, currency, sequence. What it is not: its
//! form; that was read before.

use std::collections::HashSet;

use crate::finance::bank::fault::{Fault, FaultCode};
use crate::finance::bank::fingerprints::Fingerprint;
use crate::finance::bank::model::{BankStatement, Direction, StatementFormat};
use crate::finance::bank::statement::{BankFile, NamedAccount, Stated, StatedEntry};
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;

/// The account that the seller is paid on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// Its IBAN, if it has one.
    pub iban: Option<String>,
    /// The registration number of the bank.
    pub registration: String,
    /// The account number.
    pub number: String,
    /// Its currency.
    pub currency: Currency,
}

impl OwnAccount {
    /// The name under which its entries are kept: the IBAN, or registration and account number.
    #[must_use]
    pub fn key(&self) -> String {
        self.iban.clone().unwrap_or_else(|| self.danish_number())
    }

    /// Four digits of the registration number and ten of the account.
    fn danish_number(&self) -> String {
        format!(
            "{:0>4}{:0>10}",
            digits(&self.registration),
            digits(&self.number)
        )
    }

    /// Whether a file means this account: by its IBAN, by a Danish IBAN made of both numbers, or by the numbers
    /// themselves with or without leading zeros. A table that names no account is taken for it.
    #[must_use]
    pub fn is(&self, named: &NamedAccount) -> bool {
        if let Some(iban) = &named.iban {
            let danish = iban.strip_prefix("DK").and_then(|rest| rest.get(2..));
            return self.iban.as_ref() == Some(iban)
                || danish == Some(self.danish_number().as_str());
        }
        let Some(number) = &named.number else {
            return true;
        };
        let without_zeros = |text: &str| digits(text).trim_start_matches('0').to_owned();
        let said = digits(number);
        let own = without_zeros(&self.number);
        let behind_registration = said.strip_prefix(&digits(&self.registration));
        without_zeros(&said) == own
            || behind_registration.is_some_and(|rest| without_zeros(rest) == own)
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Everything that keeps a file from being stored, each entry by its name.
#[must_use]
pub fn faults(file: &BankFile, own: &OwnAccount) -> Vec<Fault> {
    file.statements
        .iter()
        .flat_map(|stated| faults_of(stated, file.format, own))
        .collect()
}

fn faults_of(stated: &Stated, format: StatementFormat, own: &OwnAccount) -> Vec<Fault> {
    if !own.is(&stated.account) {
        let (named, key) = (stated.account.words(), own.key());
        return vec![Fault::at(
            &stated.spot,
            FaultCode::ForeignAccount,
            format!("The account {named} is not the seller's, which is {key}."),
            format!("Kontoen {named} er ikke sælgers, som er {key}."),
        )];
    }
    let currency = stated.currency.unwrap_or(own.currency);
    if currency != own.currency {
        let expected = own.currency;
        return vec![Fault::at(
            &stated.spot,
            FaultCode::Currency,
            format!("The account is in {currency}, the seller's in {expected}."),
            format!("Kontoen er i {currency}, sælgers i {expected}."),
        )];
    }
    let mut faults: Vec<Fault> = stated
        .entries
        .iter()
        .filter(|entry| entry.currency != currency)
        .map(|entry| {
            let other = entry.currency;
            Fault::at(
                &entry.spot,
                FaultCode::Currency,
                format!("The entry is in {other}, the account in {currency}."),
                format!("Posteringen er i {other}, kontoen i {currency}."),
            )
        })
        .collect();
    if faults.is_empty() && format.is_statement() {
        faults.extend(balance_fault(stated, currency));
    }
    faults
}

/// What is wrong with the balances of a statement. An entry that the file repeats may stand in them once or
/// as often as it stands in the file.
fn balance_fault(stated: &Stated, currency: Currency) -> Option<Fault> {
    let (Some(opening), Some(closing)) = (stated.opening, stated.closing) else {
        return Some(Fault::at(
            &stated.spot,
            FaultCode::Missing,
            "The booked balance before or after the entries (OPBD or PRCD, CLBD) is missing.",
            "Den bogførte saldo før eller efter posteringerne (OPBD eller PRCD, CLBD) mangler.",
        ));
    };
    let after = |sum: i64, entry: &StatedEntry| sum.checked_add(entry.signed());
    let all = stated.entries.iter().try_fold(opening, after);
    let once = stated
        .entries
        .iter()
        .zip(repeats(stated))
        .filter(|(_, repeated)| !repeated)
        .try_fold(opening, |sum, (entry, _)| after(sum, entry));
    if all == Some(closing) || once == Some(closing) {
        return None;
    }
    let amount = |minor: i64| Money::new(minor, currency).amount();
    let (from, to) = (amount(opening), amount(closing));
    let (reached, last) = (
        all.map_or_else(String::new, amount),
        stated.entries.last().map(|entry| entry.spot.words()),
    );
    let missing = all
        .and_then(|all| closing.checked_sub(all))
        .map_or_else(String::new, amount);
    let last = last.unwrap_or_else(|| Phrase::new("no entry", "ingen postering"));
    let count = stated.entries.len();
    Some(Fault::at(
        &stated.spot,
        FaultCode::Balance,
        format!(
            "The opening balance {from} and {count} booked entries (the last is {:?}) give {reached}, but the closing balance is {to}: {missing} {currency} are missing.",
            last.en
        ),
        format!(
            "Primosaldoen {from} og {count} bogførte posteringer (den sidste er {:?}) giver {reached}, men ultimosaldoen er {to}: {missing} {currency} mangler.",
            last.da
        ),
    ))
}

/// Which entries of a statement repeat an earlier one of it.
#[must_use]
pub fn repeats(stated: &Stated) -> Vec<bool> {
    let mut seen = HashSet::new();
    Fingerprint::of_statement(stated)
        .into_iter()
        .map(|fingerprint| !seen.insert(fingerprint.entry))
        .collect()
}

/// What is odd about a statement and does not keep it from being stored, looking at the one before it of the
/// same account: numbers are left out, or the balances do not meet.
#[must_use]
pub fn warnings(stated: &Stated, before: Option<&BankStatement>) -> Vec<Phrase> {
    let mut warnings = Vec::new();
    let Some(before) = before else {
        return warnings;
    };
    let step = stated
        .sequence
        .zip(before.sequence)
        .and_then(|(now, then)| now.checked_sub(then));
    if let (Some(step), Some(now), Some(then)) = (step, stated.sequence, before.sequence)
        && step > 1
    {
        let (first, last) = (then.saturating_add(1), now.saturating_sub(1));
        warnings.push(Phrase::new(
            format!(
                "Statements {first} to {last} are missing: the one before this, {now}, is {then}."
            ),
            format!("Kontoudtog {first} til {last} mangler: det før dette, {now}, er {then}."),
        ));
    }
    let follows = step.is_none_or(|step| step == 1);
    if let (Some(opening), Some(closing)) = (stated.opening, before.closing_minor)
        && follows
        && opening != closing
        && stated
            .from_on
            .zip(before.through_on)
            .is_none_or(|(from, through)| from >= through)
        && let Some(currency) = stated.currency
    {
        let amount = |minor| Money::new(minor, currency).amount();
        let (opening, closing) = (amount(opening), amount(closing));
        warnings.push(Phrase::new(
            format!("The opening balance {opening} is not the closing balance of the statement before, {closing}: entries may be missing between them."),
            format!("Primosaldoen {opening} er ikke ultimosaldoen på det forrige kontoudtog, {closing}: der kan mangle posteringer imellem."),
        ));
    }
    warnings
}

/// How much money came and went in a statement, in minor units.
#[must_use]
pub fn turnover(stated: &Stated) -> (i64, i64) {
    let of = |direction| {
        stated
            .entries
            .iter()
            .filter(|entry| entry.direction == direction)
            .fold(0_i64, |sum, entry| sum.saturating_add(entry.minor))
    };
    (of(Direction::Credit), of(Direction::Debit))
}

#[cfg(test)]
mod tests;
