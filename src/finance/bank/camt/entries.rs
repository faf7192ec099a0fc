//! The entries of a statement with the transactions in them. What it is not: the matching of what they
//! say with invoices.

use crate::finance::bank::camt::values::{amount, day, direction, unknown_word};
use crate::finance::bank::camt::{account_of, line, missing};
use crate::finance::bank::fault::{Fault, FaultCode, Spot};
use crate::finance::bank::model::Direction;
use crate::finance::bank::statement::{Part, StatedEntry, joined};
use crate::finance::bank::xml::Element;
use crate::kernel::money::{Currency, Money};

/// The words by which ISO 20022 says that there is no reference from end to end.
const NO_REFERENCE: [&str; 2] = ["NOTPROVIDED", "NOT PROVIDED"];

/// A booked entry; none for one that the bank has not booked (pending, future, for information).
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn entry(
    element: &Element,
    statement: &Spot,
    number: u32,
) -> Result<Option<StatedEntry>, Vec<Fault>> {
    let details: Vec<&Element> = element
        .all("NtryDtls")
        .flat_map(|details| details.all("TxDtls"))
        .collect();
    let bank_reference = bank_reference(element, &details);
    let spot = Spot {
        entry: Some(number),
        reference: bank_reference.clone(),
        ..statement.clone()
    };
    match element
        .text_at(&["Sts", "Cd"])
        .or(element.text_at(&["Sts"]))
    {
        Some("BOOK") => {}
        Some("PDNG" | "INFO" | "FUTR") => return Ok(None),
        Some(other) => return Err(vec![unknown_word(&spot, "Sts", other)]),
        None => return Err(vec![missing(&spot, "Sts")]),
    }

    let mut faults = Vec::new();
    let mut note = |fault| faults.push(fault);
    let total = element
        .child("Amt")
        .ok_or_else(|| missing(&spot, "Amt"))
        .and_then(|found| amount(&spot, found))
        .map_err(&mut note)
        .ok();
    let direction = direction(&spot, element).map_err(&mut note).ok();
    let booked = day(&spot, element, "BookgDt").map_err(&mut note).ok();
    let value = day(&spot, element, "ValDt").map_err(&mut note).ok();
    let reversal = match element.text_at(&["RvslInd"]) {
        None | Some("false" | "0") => false,
        Some("true" | "1") => true,
        Some(other) => {
            note(unknown_word(&spot, "RvslInd", other));
            false
        }
    };
    let (Some((minor, currency)), Some(direction), Some(booked), Some(value)) =
        (total, direction, booked, value)
    else {
        return Err(faults);
    };
    let Some(booked_on) = booked.or(value) else {
        faults.push(missing(&spot, "BookgDt"));
        return Err(faults);
    };
    let total = Total {
        minor,
        currency,
        direction,
        reversal,
    };
    match parts(element, &details, &spot, total) {
        Ok(parts) if faults.is_empty() => Ok(Some(StatedEntry {
            spot,
            direction,
            minor,
            currency,
            booked_on,
            value_on: value.unwrap_or(booked_on),
            reversal,
            bank_reference,
            parts,
        })),
        Ok(_) => Err(faults),
        Err(found) => {
            faults.extend(found);
            Err(faults)
        }
    }
}

/// The bank's own reference: of the entry, or of the only transaction in it.
fn bank_reference(entry: &Element, details: &[&Element]) -> Option<String> {
    let of_entry = line(entry.text_at(&["AcctSvcrRef"]));
    of_entry.or_else(|| match details {
        [only] => line(only.text_at(&["Refs", "AcctSvcrRef"])),
        _ => None,
    })
}

/// An entry as a whole.
#[derive(Debug, Clone, Copy)]
struct Total {
    minor: i64,
    currency: Currency,
    direction: Direction,
    reversal: bool,
}

impl Total {
    /// Whether the other side is the debtor: of money that came, and of money that came and goes back.
    fn is_from_debtor(self) -> bool {
        (self.direction == Direction::Credit) != self.reversal
    }
}

/// What an entry is made of. A batch is parted when each of its transactions says its amount in the currency
/// of the account; else it stays whole, with what all of them say.
fn parts(
    entry: &Element,
    details: &[&Element],
    spot: &Spot,
    total: Total,
) -> Result<Vec<Part>, Vec<Fault>> {
    let additional = entry.text_at(&["AddtlNtryInf"]);
    let minor = total.minor;
    let charged = charges(entry, spot, total.currency).map_err(|fault| vec![fault])?;
    let mut all = Vec::with_capacity(details.len());
    let mut faults = Vec::new();
    for detail in details {
        match part(detail, spot, total, additional) {
            Ok(part) => all.push(part),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    match all.as_slice() {
        [] => Ok(vec![Part {
            minor,
            charges: charged,
            text: joined(additional),
            ..Part::default()
        }]),
        [_] => Ok(all
            .into_iter()
            .map(|(part, _)| Part {
                minor,
                charges: part.charges.max(charged),
                ..part
            })
            .collect()),
        several if several.iter().any(|(_, own)| own.is_none()) => {
            Ok(vec![whole(several, minor, charged)])
        }
        several => batch(several, spot, total, charged),
    }
}

/// A transaction of an entry, and its own amount with its sign, where it says one in the currency of the
/// account.
type Transaction = (Part, Option<(i64, Option<Direction>)>);

fn part(
    detail: &Element,
    spot: &Spot,
    total: Total,
    additional: Option<&str>,
) -> Result<Transaction, Fault> {
    let currency = total.currency;
    let own = [&["Amt"][..], &["AmtDtls", "TxAmt", "Amt"]]
        .iter()
        .find_map(|path| detail.at(path))
        .map(|element| amount(spot, element))
        .transpose()?
        .filter(|(_, other)| *other == currency);
    let sign = match detail.text_at(&["CdtDbtInd"]) {
        Some(_) => Some(direction(spot, detail)?),
        None => None,
    };
    let remittance = detail.child("RmtInf");
    let references = remittance
        .into_iter()
        .flat_map(|element| element.all("Strd"))
        .filter_map(|element| element.text_at(&["CdtrRefInf", "Ref"]));
    let written = remittance.into_iter().flat_map(|element| {
        let free = element.all("Ustrd").map(|text| text.text.as_str());
        let structured = element.all("Strd").flat_map(|structured| {
            let more = structured.all("AddtlRmtInf").map(|text| text.text.as_str());
            let documents = structured
                .all("RfrdDocInf")
                .filter_map(|document| document.text_at(&["Nb"]));
            more.chain(documents)
        });
        free.chain(structured)
    });
    // The bank's own words stand behind those of the payer.
    let texts = written
        .chain(detail.text_at(&["AddtlTxInf"]))
        .chain(additional);
    let end_to_end = line(detail.text_at(&["Refs", "EndToEndId"]))
        .filter(|id| !NO_REFERENCE.contains(&id.to_ascii_uppercase().as_str()));
    let part = Part {
        minor: own.map_or(0, |(minor, _)| minor),
        charges: charges(detail, spot, currency)?,
        bank_reference: line(detail.text_at(&["Refs", "AcctSvcrRef"])),
        end_to_end,
        creditor_reference: joined(references),
        returned: detail.child("RtrInf").is_some(),
        text: joined(texts),
        ..other_side(detail, total)
    };
    Ok((part, own.map(|(minor, _)| (minor, sign))))
}

/// The other side of a transaction.
fn other_side(detail: &Element, total: Total) -> Part {
    let (party, account, ultimate) = if total.is_from_debtor() {
        ("Dbtr", "DbtrAcct", "UltmtDbtr")
    } else {
        ("Cdtr", "CdtrAcct", "UltmtCdtr")
    };
    let parties = detail.child("RltdPties");
    let name = [
        &[party, "Pty", "Nm"][..],
        &[party, "Nm"],
        &[ultimate, "Pty", "Nm"],
        &[ultimate, "Nm"],
    ]
    .iter()
    .find_map(|path| line(parties?.text_at(path)));
    let account = account_of(parties.and_then(|parties| parties.at(&[account, "Id"])));
    Part {
        name,
        account: account.iban.or(account.number),
        ..Part::default()
    }
}

/// What was charged, in the currency of the account: the sum of the records, or the total.
fn charges(element: &Element, spot: &Spot, currency: Currency) -> Result<i64, Fault> {
    let mut sum = 0_i64;
    for charge in element.all("Chrgs") {
        let records: Vec<&Element> = charge
            .all("Rcrd")
            .filter_map(|record| record.child("Amt"))
            .collect();
        let amounts = match (
            records.as_slice(),
            charge.child("Amt"),
            charge.child("TtlChrgsAndTaxAmt"),
        ) {
            ([], Some(amount), _) | ([], None, Some(amount)) => vec![amount],
            _ => records,
        };
        for element in amounts {
            let (minor, other) = amount(spot, element)?;
            if other == currency {
                sum = sum.saturating_add(minor);
            }
        }
    }
    Ok(sum)
}

/// The parts of a batch. They add up to the entry, or do so when each is less by what was charged for it.
fn batch(
    several: &[Transaction],
    spot: &Spot,
    total: Total,
    charged: i64,
) -> Result<Vec<Part>, Vec<Fault>> {
    let (minor, currency) = (total.minor, total.currency);
    let same_way = several.iter().all(|(_, own)| {
        own.is_none_or(|(_, sign)| sign.is_none_or(|sign| sign == total.direction))
    });
    if !same_way {
        return Ok(vec![whole(several, minor, charged)]);
    }
    let sum = |of: fn(&Part) -> i64| {
        several
            .iter()
            .fold(0_i64, |sum, (part, _)| sum.saturating_add(of(part)))
    };
    let gross = sum(|part| part.minor);
    if gross == minor {
        return Ok(several.iter().map(|(part, _)| part.clone()).collect());
    }
    if sum(|part| part.minor.saturating_sub(part.charges)) == minor {
        let net = |part: &Part| Part {
            minor: part.minor.saturating_sub(part.charges),
            ..part.clone()
        };
        return Ok(several.iter().map(|(part, _)| net(part)).collect());
    }
    if charged > 0 && gross.checked_sub(charged) == Some(minor) {
        return Ok(vec![whole(several, minor, charged)]);
    }
    let (gross, entry) = (
        Money::new(gross, currency).amount(),
        Money::new(minor, currency).amount(),
    );
    Err(vec![Fault::at(
        spot,
        FaultCode::Parts,
        format!("Its transactions add up to {gross}, but the entry is {entry} {currency}."),
        format!("Dens transaktioner giver {gross}, men posteringen er {entry} {currency}."),
    )])
}

/// An entry whose transactions cannot be told apart by amount, with what all of them say.
fn whole(several: &[Transaction], minor: i64, charged: i64) -> Part {
    let all =
        |of: fn(&Part) -> Option<&str>| joined(several.iter().filter_map(|(part, _)| of(part)));
    let same = |of: fn(&Part) -> Option<&str>| {
        let mut values = several.iter().map(|(part, _)| of(part));
        let first = values.next()??;
        values
            .all(|value| value == Some(first))
            .then(|| first.to_owned())
    };
    Part {
        minor,
        charges: charged,
        bank_reference: None,
        end_to_end: same(|part| part.end_to_end.as_deref()),
        creditor_reference: all(|part| part.creditor_reference.as_deref()),
        name: same(|part| part.name.as_deref()),
        account: same(|part| part.account.as_deref()),
        text: all(|part| part.text.as_deref()),
        returned: several.iter().any(|(part, _)| part.returned),
    }
}
