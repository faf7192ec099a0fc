//! Which price is in force, and which entries the price list takes. What it is not: what a fee
//! costs (`fees`).

use std::num::NonZeroU16;

use chrono::NaiveDate;

use crate::finance::fees::{FeeRefusal, Price, PriceHistory, Product, Vat};
use crate::finance::products::model::{NewPrice, PriceVersion, Tax, VatCategory};
use crate::kernel::error::{Error, Result};
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::check_date;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// The prices of one product in one currency, as fees are computed from them.
///
/// # Errors
/// [`FeeRefusal`] when the list is not a clear one.
pub fn history(
    prices: &[PriceVersion],
    product: Product,
    currency: Currency,
) -> std::result::Result<PriceHistory, FeeRefusal> {
    let versions = prices
        .iter()
        .filter(|price| price.product == product && price.currency == currency.code())
        .map(|price| Price {
            valid_from: price.valid_from,
            amount: Money::new(price.amount_minor, currency),
        });
    PriceHistory::new(versions.collect())
}

/// The entry of the list that is in force on a day.
#[must_use]
pub fn in_force<'a>(
    prices: &'a [PriceVersion],
    product: Product,
    currency: &str,
    day: NaiveDate,
) -> Option<&'a PriceVersion> {
    prices
        .iter()
        .filter(|price| price.product == product && price.currency == currency)
        .filter(|price| price.valid_from <= day)
        .max_by_key(|price| price.valid_from)
}

/// How tax applies, as it is computed.
///
/// # Errors
/// A fault of ours: a stored category S always has a rate.
pub fn vat_of(category: VatCategory, rate_bp: i32) -> Result<Vat> {
    Ok(match category {
        VatCategory::S => {
            let rate = u16::try_from(rate_bp).ok().and_then(NonZeroU16::new);
            Vat::Standard(rate.ok_or_else(|| {
                Error::Internal(anyhow::anyhow!("a tax rate of {rate_bp} basis points"))
            })?)
        }
        VatCategory::E => Vat::Exempt,
        VatCategory::Ae => Vat::ReverseCharge,
        VatCategory::O => Vat::OutsideScope,
    })
}

/// Checks a new price and completes it with the tax of the price before it.
///
/// # Errors
/// Every problem of the input.
pub(super) fn check_new(
    new: &NewPrice,
    before: Option<&PriceVersion>,
) -> std::result::Result<(NewPrice, Tax), Vec<Refusal>> {
    let mut problems = Vec::new();
    if !new.product.has_price() {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "product",
            "What lateness costs has no price; revise the reminder policy instead.",
            "Det, som forsinkelse koster, har ingen pris; ret rykkerpolitikken i stedet.",
        ));
    }
    if new.amount.is_negative() {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "amount",
            "A price cannot be below zero.",
            "En pris kan ikke være under nul.",
        ));
    }
    if let Err(refusal) = check_date(new.valid_from) {
        let phrase = refusal.phrase();
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "validFrom",
            phrase.en,
            phrase.da,
        ));
    }
    let note = text::optional_line("note", new.note.as_deref())
        .map_err(|refusal| problems.push(refusal))
        .unwrap_or_default();
    let tax = match (&new.tax, before) {
        (Some(tax), _) => checked_tax(tax, &mut problems),
        (None, Some(before)) => Some(Tax {
            category: before.vat_category,
            rate_bp: before.vat_rate_bp,
            exemption_reason: before.exemption_reason.clone(),
        }),
        (None, None) => {
            problems.push(Refusal::new(
                RefusalCode::Required,
                "vatCategory",
                "Say how tax applies: no earlier price of this product and currency says it.",
                "Angiv momskategorien: ingen tidligere pris for produktet i denne valuta angiver den.",
            ));
            None
        }
    };
    match tax {
        Some(tax) if problems.is_empty() => Ok((
            NewPrice {
                note,
                ..new.clone()
            },
            tax,
        )),
        _ => Err(problems),
    }
}

/// Category S has a rate and no reason (EN 16931, BR-S-05, BR-S-10); the others have a reason and no
/// rate (BR-E-05, BR-E-10, BR-AE-05, BR-AE-10, BR-O-05, BR-O-10).
fn checked_tax(tax: &Tax, problems: &mut Vec<Refusal>) -> Option<Tax> {
    let before = problems.len();
    let reason = text::optional_line("exemptionReason", tax.exemption_reason.as_deref())
        .map_err(|refusal| problems.push(refusal))
        .unwrap_or_default();
    if tax.category == VatCategory::S {
        if !(1..=10_000).contains(&tax.rate_bp) {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                "vatRate",
                "Category S needs a rate above 0 and up to 100 per cent.",
                "Kategori S skal have en sats over 0 og op til 100 procent.",
            ));
        }
        if reason.is_some() {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                "exemptionReason",
                "What is taxed has no reason for exemption; leave it out.",
                "Det momspligtige har ingen fritagelsesgrund; udelad den.",
            ));
        }
    } else {
        if tax.rate_bp != 0 {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                "vatRate",
                "Only category S has a rate; leave it out.",
                "Kun kategori S har en sats; udelad den.",
            ));
        }
        if reason.is_none() && problems.len() == before {
            problems.push(Refusal::new(
                RefusalCode::Required,
                "exemptionReason",
                "Say why no tax is charged; it stands on the invoice.",
                "Angiv, hvorfor der ikke opkræves moms; det står på fakturaen.",
            ));
        }
    }
    (problems.len() == before).then(|| Tax {
        exemption_reason: reason,
        ..tax.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn price(minor: i64, tax: Option<Tax>) -> NewPrice {
        NewPrice {
            product: Product::AnnualFee,
            amount: Money::new(minor, Currency::DKK),
            valid_from: parse_date("2027-01-01").unwrap(),
            tax,
            note: None,
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "compared with what a rule returns"
    )]
    fn tax(category: VatCategory, rate_bp: i32, reason: Option<&str>) -> Option<Tax> {
        Some(Tax {
            category,
            rate_bp,
            exemption_reason: reason.map(str::to_owned),
        })
    }

    #[test]
    fn every_category_says_what_it_must() {
        use RefusalCode::{OutOfRange, Required};
        use VatCategory::{Ae, E, O, S};
        for (minor, tax, refused) in [
            (1, tax(S, 2500, None), &[][..]),
            (0, tax(E, 0, Some("subscription")), &[]),
            (1, tax(Ae, 0, Some("Reverse charge")), &[]),
            (1, tax(O, 0, Some("outside the EU")), &[]),
            (1, tax(S, 0, None), &[(OutOfRange, "vatRate")]),
            (1, tax(S, 10_001, None), &[(OutOfRange, "vatRate")]),
            (
                1,
                tax(S, 2500, Some("why")),
                &[(OutOfRange, "exemptionReason")],
            ),
            (1, tax(E, 0, Some("  ")), &[(Required, "exemptionReason")]),
            (1, tax(O, 2500, Some("x")), &[(OutOfRange, "vatRate")]),
            (1, None, &[(Required, "vatCategory")]),
            (
                -1,
                None,
                &[(OutOfRange, "amount"), (Required, "vatCategory")],
            ),
        ] {
            let shown = format!("{minor} {tax:?}");
            let found = check_new(&price(minor, tax), None)
                .err()
                .unwrap_or_default();
            let found: Vec<_> = found
                .iter()
                .map(|refusal| (refusal.code, refusal.field.as_str()))
                .collect();
            assert_eq!(found, refused, "{shown}");
        }
    }
}
