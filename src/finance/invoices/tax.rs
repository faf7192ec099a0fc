//! The tax of an invoice: its totals, and which taxes may stand on one invoice. Pure; which tax a
//! product has is in the price list.

use crate::finance::fees::{FeeRefusal, vat_totals};
use crate::finance::invoices::rules::of_fee;
use crate::finance::products::{VatCategory, vat_of};
use crate::kernel::error::{Error, Result};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The totals of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    /// Without tax.
    pub net: Money,
    /// The tax, rounded once for each category and rate.
    pub vat: Money,
    /// With tax.
    pub total: Money,
}

/// The totals of net amounts with the tax that applies to each.
///
/// # Errors
/// `OutOfRange` when the sum does not fit; faults of ours for stored rates that are none.
pub(super) fn totals(currency: Currency, lines: &[(Money, VatCategory, i32)]) -> Result<Totals> {
    let mut taxed = Vec::with_capacity(lines.len());
    for (net, category, rate_bp) in lines {
        taxed.push((*net, vat_of(*category, *rate_bp)?));
    }
    let refused = |refusal: FeeRefusal| Error::refused(of_fee(refusal));
    let by_category = vat_totals(taxed).map_err(|refusal| refused(refusal.into()))?;
    let net = Money::sum(currency, by_category.iter().map(|total| total.net))
        .map_err(|error| refused(error.into()))?;
    let vat = Money::sum(currency, by_category.iter().map(|total| total.tax))
        .map_err(|error| refused(error.into()))?;
    let total = net
        .checked_add(vat)
        .map_err(|error| refused(error.into()))?;
    Ok(Totals { net, vat, total })
}

/// Which taxes may stand together: what is outside the scope stands alone (EN 16931, BR-O-11 to
/// BR-O-14), and a reverse charge needs the buyer's VAT number (BR-AE-02), which no city's record
/// has.
///
/// # Errors
/// `OutOfRange` for the mixture, `Required` for the number.
pub(super) fn check_tax(categories: &[VatCategory]) -> std::result::Result<(), Refusal> {
    let outside = categories
        .iter()
        .filter(|category| **category == VatCategory::O)
        .count();
    if outside > 0 && outside < categories.len() {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "invoiceId",
            "What is outside the scope of value added tax needs an invoice of its own.",
            "Det, der er uden for momslovens område, skal have sin egen faktura.",
        ));
    }
    if categories.contains(&VatCategory::Ae) {
        return Err(Refusal::new(
            RefusalCode::Required,
            "invoiceId",
            "A reverse charge needs the city's VAT number, which is not recorded; set a price with another category.",
            "Omvendt betalingspligt kræver byens momsnummer, som ikke er registreret; sæt en pris med en anden kategori.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_is_added_once_for_each_category() {
        let dkk = |minor| Money::new(minor, Currency::DKK);
        for (lines, net, vat, total) in [
            (
                vec![(dkk(7_500_000), VatCategory::S, 2500)],
                7_500_000,
                1_875_000,
                9_375_000,
            ),
            (
                vec![(dkk(37_500_000), VatCategory::S, 2500)],
                37_500_000,
                9_375_000,
                46_875_000,
            ),
            (
                vec![(dkk(7_500_000), VatCategory::E, 0)],
                7_500_000,
                0,
                7_500_000,
            ),
            (vec![], 0, 0, 0),
        ] {
            let found = totals(Currency::DKK, &lines).unwrap();
            assert_eq!(
                (found.net.minor, found.vat.minor, found.total.minor),
                (net, vat, total)
            );
        }
    }

    #[test]
    fn some_taxes_stand_alone() {
        use VatCategory::{Ae, E, O, S};
        for (categories, refused) in [
            (&[E, S][..], None),
            (&[O, O], None),
            (&[O, E], Some(RefusalCode::OutOfRange)),
            (&[Ae], Some(RefusalCode::Required)),
        ] {
            let found = check_tax(categories).err().map(|refusal| refusal.code);
            assert_eq!(found, refused, "{categories:?}");
        }
    }
}
