//! How much of which line a credit note takes back, with which tax, and whether one person may do it
//! alone. Pure; what an invoice has left is a parameter.

use std::collections::{BTreeMap, HashSet};

use crate::finance::credit_notes::model::{AskedLine, CreditNote, CreditedTax};
use crate::finance::fees::{Vat, vat_totals};
use crate::finance::invoices::{InvoiceLine, InvoiceStatus};
use crate::finance::products::{VatCategory, vat_of};
use crate::kernel::error::{Error, Result};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The series of credit notes' numbers.
pub const SERIES: &str = "K";

/// How much of a line is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share<'a> {
    /// The line of the invoice.
    pub line: &'a InvoiceLine,
    /// The amount without tax, above zero.
    pub minor: i64,
}

/// Whether an invoice can be credited at all.
///
/// # Errors
/// `NotInState` for a draft.
pub fn check_status(status: InvoiceStatus) -> Result<(), Refusal> {
    if status == InvoiceStatus::Draft {
        return Err(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "The invoice is a draft; discard it instead.",
            "Fakturaen er en kladde; kassér den i stedet.",
        ));
    }
    Ok(())
}

/// What is taken back of which lines: what is asked for, or all that is left.
///
/// # Errors
/// Every problem of the lines that are named; `NotInState` when nothing is left.
pub fn shares<'a>(
    lines: &'a [InvoiceLine],
    asked: Option<&[AskedLine]>,
    currency: Currency,
) -> Result<Vec<Share<'a>>, Vec<Refusal>> {
    let shares = match asked {
        None => all_that_is_left(lines),
        Some([]) => return Err(vec![no_lines()]),
        Some(asked) => named(lines, asked, currency)?,
    };
    if shares.is_empty() {
        return Err(vec![Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "Nothing is left of the invoice to credit.",
            "Der er intet tilbage af fakturaen at kreditere.",
        )]);
    }
    Ok(shares)
}

fn left(line: &InvoiceLine) -> i64 {
    line.net_minor.saturating_sub(line.credited_minor)
}

fn all_that_is_left(lines: &[InvoiceLine]) -> Vec<Share<'_>> {
    let whole = |line| Share {
        line,
        minor: left(line),
    };
    lines
        .iter()
        .map(whole)
        .filter(|share| share.minor > 0)
        .collect()
}

fn named<'a>(
    lines: &'a [InvoiceLine],
    asked: &[AskedLine],
    currency: Currency,
) -> Result<Vec<Share<'a>>, Vec<Refusal>> {
    let (mut shares, mut problems) = (Vec::with_capacity(asked.len()), Vec::new());
    let mut seen = HashSet::new();
    for (place, one) in asked.iter().enumerate() {
        if !seen.insert(one.line) {
            problems.push(twice(place));
            continue;
        }
        let Some(line) = lines.iter().find(|line| line.id == one.line) else {
            problems.push(not_on_it(place));
            continue;
        };
        match amount(line, &one.amount, place, currency) {
            Ok(minor) => shares.push(Share { line, minor }),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(shares)
    } else {
        Err(problems)
    }
}

fn amount(
    line: &InvoiceLine,
    text: &str,
    place: usize,
    currency: Currency,
) -> Result<i64, Refusal> {
    let field = format!("lines.{place}.amount");
    let amount = Money::parse(text, currency).map_err(|refusal| {
        let phrase = refusal.phrase();
        Refusal::new(RefusalCode::OutOfRange, &field, phrase.en, phrase.da)
    })?;
    if amount.minor <= 0 {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            field,
            "The amount must be above zero.",
            "Beløbet skal være over nul.",
        ));
    }
    if amount.minor > left(line) {
        let left = Money::new(left(line), currency).amount();
        return Err(Refusal::new(
            RefusalCode::ExceedsInvoice,
            field,
            format!("Only {left} without tax is left of the line; credit that or less."),
            format!("Kun {left} uden moms er tilbage af linjen; krediter det eller mindre."),
        ));
    }
    Ok(amount.minor)
}

/// The tax on what is taken back, by category and rate: at the invoice's rate, rounded half up once for
/// the category; the credit that takes the rest of a category takes exactly the rest of its tax, and
/// none takes more (EN 16931, BR-CO-17, holds for the invoice that is credited). `earlier` are the
/// taxes of the credit notes before.
///
/// # Errors
/// A fault of ours for stored amounts and rates that are none.
pub fn taxes(
    lines: &[InvoiceLine],
    shares: &[Share<'_>],
    earlier: &[CreditedTax],
    currency: Currency,
) -> Result<Vec<CreditedTax>> {
    let mut by_category: BTreeMap<(VatCategory, i32), i64> = BTreeMap::new();
    for share in shares {
        let key = (share.line.vat_category, share.line.vat_rate_bp);
        let net = by_category.entry(key).or_default();
        *net = sum(*net, share.minor)?;
    }
    let mut found = Vec::with_capacity(by_category.len());
    for ((category, rate_bp), net_minor) in by_category {
        let same =
            |line: &&InvoiceLine| (line.vat_category, line.vat_rate_bp) == (category, rate_bp);
        let (mut whole, mut credited) = (0, net_minor);
        for line in lines.iter().filter(same) {
            whole = sum(whole, line.net_minor)?;
            credited = sum(credited, line.credited_minor)?;
        }
        let vat = vat_of(category, rate_bp)?;
        let mut rest = tax_on(whole, vat, currency)?;
        for tax in earlier {
            if (tax.category, tax.rate_bp) == (category, rate_bp) {
                rest = sum(rest, tax.vat_minor.saturating_neg())?;
            }
        }
        let vat_minor = if credited == whole {
            rest
        } else {
            tax_on(net_minor, vat, currency)?.min(rest)
        };
        found.push(CreditedTax {
            category,
            rate_bp,
            net_minor,
            vat_minor,
        });
    }
    Ok(found)
}

/// Net amount and tax of a credit note, in minor units.
///
/// # Errors
/// A fault of ours when a sum does not fit.
pub fn totals(taxes: &[CreditedTax]) -> Result<(i64, i64)> {
    taxes.iter().try_fold((0, 0), |(net, vat), tax| {
        Ok((sum(net, tax.net_minor)?, sum(vat, tax.vat_minor)?))
    })
}

/// Whether a second person has to approve: when one person would have credited more than the limit of
/// the invoice alone, whether in one credit note or in several. In another currency than the limit's
/// always.
#[must_use]
pub fn needs_second_person(
    limit: Money,
    earlier: &[CreditNote],
    total_minor: i64,
    currency: &str,
) -> bool {
    let alone = earlier
        .iter()
        .filter(|note| note.created_by == note.issued_by)
        .fold(total_minor, |sum, note| {
            sum.saturating_add(note.total_minor)
        });
    currency != limit.currency.code() || alone > limit.minor
}

/// How much allocated money is above what the invoice comes to once so much more is credited.
#[must_use]
pub fn above_new_total(
    total_minor: i64,
    credited_minor: i64,
    allocated_minor: i64,
    more: i64,
) -> i64 {
    let left = total_minor
        .saturating_sub(credited_minor)
        .saturating_sub(more);
    allocated_minor.saturating_sub(left).max(0)
}

fn sum(one: i64, other: i64) -> Result<i64> {
    one.checked_add(other)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a credit that does not fit")))
}

fn tax_on(net_minor: i64, vat: Vat, currency: Currency) -> Result<i64> {
    let totals = vat_totals([(Money::new(net_minor, currency), vat)]).map_err(|refusal| {
        Error::Internal(anyhow::anyhow!("a tax that does not fit: {refusal}"))
    })?;
    Ok(totals.first().map_or(0, |total| total.tax.minor))
}

fn no_lines() -> Refusal {
    Refusal::new(
        RefusalCode::Required,
        "lines",
        "Name a line, or leave the list out to credit all that is left.",
        "Angiv en linje, eller udelad listen for at kreditere alt det, der er tilbage.",
    )
}

fn twice(place: usize) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        format!("lines.{place}.lineId"),
        "The line stands in the list twice; put the amounts together.",
        "Linjen står to gange på listen; læg beløbene sammen.",
    )
}

fn not_on_it(place: usize) -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        format!("lines.{place}.lineId"),
        "The invoice has no such line.",
        "Fakturaen har ingen sådan linje.",
    )
}

#[cfg(test)]
mod tests;
