//! Exact shares of an amount: a fraction of it, rounded once, and a division into parts whose sum
//! is the amount again. What a fraction means (days of a fee year, instalments) is not known here.

use std::cmp::Reverse;

use crate::kernel::money::{Money, MoneyError};

/// The fraction `numerator / denominator` of an amount, rounded once to whole minor units.
///
/// Half a unit is rounded away from zero, so that the share of a credit is the share of the charge
/// with the other sign.
///
/// # Errors
/// [`ShareRefusal::NoDenominator`] when the denominator is not above zero, and
/// [`ShareRefusal::Money`] when the share does not fit.
pub fn prorate(amount: Money, numerator: i64, denominator: i64) -> Result<Money, ShareRefusal> {
    prorate_product(amount, [(numerator, denominator)])
}

/// The product of several fractions of an amount, rounded once: 75.000,00 × 292/365 × 92/292.
/// Taking the fractions one by one would round in between.
///
/// # Errors
/// As for [`prorate`].
pub fn prorate_product(
    amount: Money,
    fractions: impl IntoIterator<Item = (i64, i64)>,
) -> Result<Money, ShareRefusal> {
    let overflow = ShareRefusal::Money(MoneyError::Overflow);
    let mut above = i128::from(amount.minor);
    let mut below = 1_i128;
    for (numerator, denominator) in fractions {
        if denominator <= 0 {
            return Err(ShareRefusal::NoDenominator);
        }
        above = above.checked_mul(i128::from(numerator)).ok_or(overflow)?;
        below = below.checked_mul(i128::from(denominator)).ok_or(overflow)?;
    }

    // Adding half of the denominator and dividing rounds a positive number half up.
    let doubled = above.unsigned_abs().checked_mul(2).ok_or(overflow)?;
    let below = below.unsigned_abs();
    let rounded =
        doubled.checked_add(below).ok_or(overflow)? / below.checked_mul(2).ok_or(overflow)?;
    let rounded = i128::try_from(rounded).map_err(|_| overflow)?;
    let signed = if above < 0 { -rounded } else { rounded };
    i64::try_from(signed)
        .map(|minor| Money::new(minor, amount.currency))
        .map_err(|_| overflow)
}

/// Divides an amount into `parts` that are as equal as whole minor units allow; the first parts
/// get the units left over. 375.000,00 in 7 parts is six times 53.571,43 and once 53.571,42.
///
/// # Errors
/// [`ShareRefusal::NoParts`] when there are none.
pub fn split_evenly(amount: Money, parts: u32) -> Result<Vec<Money>, ShareRefusal> {
    let count = usize::try_from(parts).map_err(|_| ShareRefusal::Money(MoneyError::Overflow))?;
    split_by_weights(amount, &vec![1; count])
}

/// Divides an amount in proportion to the weights, by the largest remainder: every part is first
/// rounded towards zero, then the units left over go one each to the parts that lost most. Equal
/// losses are settled by order: the earlier part gets the unit. The sum is always the amount.
///
/// # Errors
/// [`ShareRefusal`] when there are no weights, one is negative, or all are zero.
pub fn split_by_weights(amount: Money, weights: &[i64]) -> Result<Vec<Money>, ShareRefusal> {
    let overflow = ShareRefusal::Money(MoneyError::Overflow);
    if weights.is_empty() {
        return Err(ShareRefusal::NoParts);
    }
    let weights = weights
        .iter()
        .map(|weight| u64::try_from(*weight).map_err(|_| ShareRefusal::NegativeWeight))
        .collect::<Result<Vec<_>, _>>()?;
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        return Err(ShareRefusal::NoWeight);
    }

    let whole = amount.minor.unsigned_abs();
    let mut left_over = whole;
    let mut parts = Vec::with_capacity(weights.len());
    for weight in weights {
        let exact = u128::from(whole) * u128::from(weight);
        let part = u64::try_from(exact / total).map_err(|_| overflow)?;
        left_over = left_over.checked_sub(part).ok_or(overflow)?;
        parts.push((part, exact % total));
    }

    // A stable sort keeps the order of parts that lost the same. There are always fewer units
    // left over than parts that lost something.
    let mut by_loss: Vec<&mut (u64, u128)> = parts.iter_mut().collect();
    by_loss.sort_by_key(|part| Reverse(part.1));
    for part in by_loss {
        if left_over == 0 {
            break;
        }
        part.0 = part.0.checked_add(1).ok_or(overflow)?;
        left_over -= 1;
    }

    parts
        .into_iter()
        .map(|(part, _)| {
            let part = i128::from(part);
            let signed = if amount.is_negative() { -part } else { part };
            i64::try_from(signed)
                .map(|minor| Money::new(minor, amount.currency))
                .map_err(|_| overflow)
        })
        .collect()
}

/// Why an amount cannot be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareRefusal {
    /// A fraction whose denominator is zero or negative.
    #[error("a share needs a denominator above zero")]
    NoDenominator,
    /// A division into no parts.
    #[error("an amount cannot be divided into no parts")]
    NoParts,
    /// A part with a weight below zero.
    #[error("a part cannot weigh less than nothing")]
    NegativeWeight,
    /// Parts that all weigh nothing.
    #[error("parts that all weigh nothing cannot share an amount")]
    NoWeight,
    /// The result does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::money::Currency;

    fn dkk(minor: i64) -> Money {
        Money::new(minor, Currency::DKK)
    }

    fn minors(parts: Result<Vec<Money>, ShareRefusal>) -> Vec<i64> {
        parts.unwrap().into_iter().map(|part| part.minor).collect()
    }

    #[test]
    fn a_share_is_rounded_once_and_half_up() {
        for (minor, numerator, denominator, share) in [
            (7_500_000, 292, 365, 6_000_000),
            (7_500_000, 292, 366, 5_983_607),
            (7_500_000, 307, 366, 6_290_984),
            (7_500_000, 1, 365, 20_548),
            (7_500_000, 10, 12, 6_250_000),
            (7_500_000, 92, 365, 1_890_411),
            // Rounding the daily price first would give 62,40.
            (12_000, 16, 31, 6_194),
            (1, 1, 2, 1),
            (-1, 1, 2, -1),
            (3, 1, 2, 2),
            (1, 1, 3, 0),
            (0, 5, 7, 0),
            (100, 0, 7, 0),
            (100, -1, 8, -13),
            (i64::MAX, 365, 365, i64::MAX),
            (i64::MIN, 365, 365, i64::MIN),
        ] {
            assert_eq!(
                prorate(dkk(minor), numerator, denominator),
                Ok(dkk(share)),
                "{minor} x {numerator}/{denominator}"
            );
        }
    }

    #[test]
    fn impossible_shares_are_refused() {
        for (numerator, denominator, reason) in [
            (1, 0, ShareRefusal::NoDenominator),
            (1, -3, ShareRefusal::NoDenominator),
            (3, 2, ShareRefusal::Money(MoneyError::Overflow)),
        ] {
            assert_eq!(prorate(dkk(i64::MAX), numerator, denominator), Err(reason));
        }
    }

    #[test]
    fn a_product_of_fractions_is_rounded_once() {
        // Rounded one after the other this is 10 x 1/3 = 3, then 3 x 1/2 = 2 (1,5 half up).
        assert_eq!(prorate_product(dkk(10), [(1, 3), (1, 2)]), Ok(dkk(2)));
        assert_eq!(prorate_product(dkk(100), [(1, 6), (3, 1)]), Ok(dkk(50)));
        assert_eq!(prorate_product(dkk(100), []), Ok(dkk(100)));
    }

    #[test]
    fn parts_add_up_and_the_first_get_the_rest() {
        let mut seven = vec![5_357_143; 6];
        seven.push(5_357_142);
        assert_eq!(minors(split_evenly(dkk(37_500_000), 7)), seven);
        assert_eq!(
            minors(split_evenly(dkk(7_500_000), 7)),
            [
                1_071_429, 1_071_429, 1_071_429, 1_071_429, 1_071_428, 1_071_428, 1_071_428
            ]
        );
        assert_eq!(minors(split_evenly(dkk(37_500_000), 24)), [1_562_500; 24]);
        assert_eq!(minors(split_evenly(dkk(37_500_000), 2)), [18_750_000; 2]);
        assert_eq!(minors(split_evenly(dkk(37_500_000), 4)), [9_375_000; 4]);
        assert_eq!(minors(split_evenly(dkk(2), 3)), [1, 1, 0]);
        assert_eq!(minors(split_evenly(dkk(-2), 3)), [-1, -1, 0]);
        assert_eq!(minors(split_evenly(dkk(i64::MIN), 1)), [i64::MIN]);
    }

    #[test]
    fn units_left_over_go_to_the_largest_loss() {
        for (minor, weights, parts) in [
            (100, &[1, 1, 1][..], &[34, 33, 33][..]),
            (100, &[1, 2, 3], &[17, 33, 50]),
            (10, &[3, 3, 4], &[3, 3, 4]),
            (1, &[1, 2], &[0, 1]),
            (5, &[0, 1, 0], &[0, 5, 0]),
            (0, &[1, 2], &[0, 0]),
            (-100, &[1, 1, 1], &[-34, -33, -33]),
            (100, &[60, 50], &[55, 45]),
        ] {
            assert_eq!(minors(split_by_weights(dkk(minor), weights)), parts);
        }
    }

    #[test]
    fn impossible_divisions_are_refused() {
        for (weights, reason) in [
            (&[][..], ShareRefusal::NoParts),
            (&[1, -1, 3], ShareRefusal::NegativeWeight),
            (&[0, 0], ShareRefusal::NoWeight),
        ] {
            assert_eq!(split_by_weights(dkk(100), weights), Err(reason));
        }
        assert_eq!(split_evenly(dkk(100), 0), Err(ShareRefusal::NoParts));
    }

    proptest! {
        #[test]
        fn parts_always_add_up(minor: i64, weights in prop::collection::vec(0_i64..=i64::MAX, 1..20)) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = split_by_weights(dkk(minor), &weights).unwrap();
            prop_assert_eq!(Money::sum(Currency::DKK, parts.iter().copied()), Ok(dkk(minor)));

            // No part is a whole unit away from its exact share.
            let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = i128::from(minor) * i128::from(*weight);
                let distance = (i128::from(part.minor) * total - exact).abs();
                prop_assert!(distance < total);
            }
        }

        #[test]
        fn equal_parts_differ_by_one_unit_and_never_grow(minor: i64, parts in 1_u32..100) {
            let parts = minors(split_evenly(dkk(minor), parts));
            let sizes: Vec<u64> = parts.iter().map(|part| part.unsigned_abs()).collect();
            prop_assert!(sizes.is_sorted_by(|a, b| a >= b));
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }

        #[test]
        fn a_share_and_its_complement_miss_the_whole_by_one_unit_at_most(
            minor in -1_000_000_000_000_i64..1_000_000_000_000, below in 1_i64..1000, above in 0_i64..1000,
        ) {
            prop_assume!(above <= below);
            let share = prorate(dkk(minor), above, below).unwrap().minor;
            let rest = prorate(dkk(minor), below - above, below).unwrap().minor;
            prop_assert!((share + rest - minor).abs() <= 1);
        }
    }
}
