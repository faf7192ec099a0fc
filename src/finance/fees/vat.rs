//! Value added tax of an invoice: one tax amount for each category and rate, rounded once. Which
//! category a product has is dated data with a legal note, never decided here.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use crate::kernel::money::{Money, MoneyError, ShareRefusal, prorate};

/// One hundred per cent in basis points.
const WHOLE: i64 = 10_000;

/// How tax applies to a line: the categories of EN 16931 (UNCL 5305) that the network uses. Only
/// the first has a rate, as rules BR-E-05, BR-AE-05 and BR-O-05 ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vat {
    /// `S`: taxed, with the rate in basis points (2500 is 25 %).
    Standard(NonZeroU16),
    /// `E`: exempt, with a reason on the invoice.
    Exempt,
    /// `AE`: the buyer in another EU state accounts for the tax.
    ReverseCharge,
    /// `O`: outside the scope of the tax.
    OutsideScope,
}

impl Vat {
    /// The category's code in electronic invoices.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard(_) => "S",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::OutsideScope => "O",
        }
    }

    /// The rate in basis points; none is charged outside the standard category.
    #[must_use]
    pub const fn basis_points(self) -> u16 {
        match self {
            Self::Standard(rate) => rate.get(),
            Self::Exempt | Self::ReverseCharge | Self::OutsideScope => 0,
        }
    }
}

/// What is taxed alike on one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatTotal {
    /// Category and rate.
    pub vat: Vat,
    /// The net amounts of all such lines together.
    pub net: Money,
    /// The tax on them, rounded half up to whole minor units.
    pub tax: Money,
}

impl VatTotal {
    /// Net amount and tax together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when the sum does not fit.
    pub fn gross(&self) -> Result<Money, MoneyError> {
        self.net.checked_add(self.tax)
    }
}

/// The totals of net amounts by category and rate, in the order S, E, AE, O. The tax is that of
/// the total, not the sum of rounded taxes of lines (EN 16931, BR-CO-17).
///
/// # Errors
/// [`ShareRefusal::Money`] when currencies differ or a sum does not fit.
pub fn vat_totals(
    lines: impl IntoIterator<Item = (Money, Vat)>,
) -> Result<Vec<VatTotal>, ShareRefusal> {
    let mut by_category: BTreeMap<Vat, Money> = BTreeMap::new();
    let mut currency = None;
    for (net, vat) in lines {
        // Adding to nothing of the first line's currency refuses a second currency in any category.
        let first = *currency.get_or_insert(net.currency);
        let so_far = by_category.get(&vat).copied().unwrap_or(Money::zero(first));
        by_category.insert(vat, so_far.checked_add(net)?);
    }
    by_category
        .into_iter()
        .map(|(vat, net)| {
            let tax = prorate(net, i64::from(vat.basis_points()), WHOLE)?;
            Ok(VatTotal { vat, net, tax })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;

    fn dkk(minor: i64) -> Money {
        Money::new(minor, Currency::DKK)
    }

    fn standard(basis_points: u16) -> Vat {
        Vat::Standard(NonZeroU16::new(basis_points).unwrap())
    }

    #[test]
    fn tax_is_rounded_once_for_each_category() {
        let quarter = standard(2500);
        for (lines, totals) in [
            (
                vec![(7_500_000, quarter)],
                vec![(quarter, 7_500_000, 1_875_000, 9_375_000)],
            ),
            (
                vec![(37_500_000, quarter)],
                vec![(quarter, 37_500_000, 9_375_000, 46_875_000)],
            ),
            // Line by line the tax would be 1 + 1 + 1.
            (
                vec![(2, quarter), (2, quarter), (2, quarter)],
                vec![(quarter, 6, 2, 8)],
            ),
            (vec![(1, quarter), (1, quarter)], vec![(quarter, 2, 1, 3)]),
            (vec![(-2, quarter)], vec![(quarter, -2, -1, -3)]),
            (
                vec![
                    (100, Vat::Exempt),
                    (100, quarter),
                    (50, Vat::Exempt),
                    (30, Vat::ReverseCharge),
                ],
                vec![
                    (quarter, 100, 25, 125),
                    (Vat::Exempt, 150, 0, 150),
                    (Vat::ReverseCharge, 30, 0, 30),
                ],
            ),
            (
                vec![(7, Vat::OutsideScope)],
                vec![(Vat::OutsideScope, 7, 0, 7)],
            ),
            (
                vec![(100, standard(2500)), (100, standard(1200))],
                vec![
                    (standard(1200), 100, 12, 112),
                    (standard(2500), 100, 25, 125),
                ],
            ),
            (vec![], vec![]),
        ] {
            let found =
                vat_totals(lines.into_iter().map(|(minor, vat)| (dkk(minor), vat))).unwrap();
            let found: Vec<_> = found
                .iter()
                .map(|total| {
                    (
                        total.vat,
                        total.net.minor,
                        total.tax.minor,
                        total.gross().unwrap().minor,
                    )
                })
                .collect();
            assert_eq!(found, totals);
        }
    }

    #[test]
    fn one_invoice_has_one_currency() {
        let lines = [
            (dkk(1), Vat::Exempt),
            (Money::new(1, Currency::EUR), Vat::ReverseCharge),
        ];
        assert_eq!(
            vat_totals(lines),
            Err(ShareRefusal::Money(MoneyError::CurrencyMismatch {
                left: Currency::DKK,
                right: Currency::EUR
            }))
        );
    }

    #[test]
    fn categories_have_the_codes_of_electronic_invoices() {
        for (vat, code, rate) in [
            (standard(2500), "S", 2500),
            (Vat::Exempt, "E", 0),
            (Vat::ReverseCharge, "AE", 0),
            (Vat::OutsideScope, "O", 0),
        ] {
            assert_eq!((vat.code(), vat.basis_points()), (code, rate));
        }
    }
}
