//! The dated prices of one product: which one is in force on a day. Products, sellers and tax are
//! not known here.

use chrono::NaiveDate;

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::kernel::money::Money;

/// A net price and the first day it is in force. An invoice shows the date, to say which version
/// of the price list it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The first day.
    pub valid_from: NaiveDate,
    /// The price without tax.
    pub amount: Money,
}

/// All prices of one product, each in force until the next one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceHistory {
    oldest_first: Vec<Price>,
}

impl PriceHistory {
    /// Puts the versions in order.
    ///
    /// # Errors
    /// [`FeeRefusal::NegativePrice`], or [`FeeRefusal::TwoPricesOnOneDay`] when two versions begin
    /// on the same day: which of them holds cannot be known. A price of nothing is a price.
    pub fn new(mut versions: Vec<Price>) -> Result<Self, FeeRefusal> {
        if versions.iter().any(|price| price.amount.is_negative()) {
            return Err(FeeRefusal::NegativePrice);
        }
        versions.sort_by_key(|price| price.valid_from);
        let doubled = versions
            .iter()
            .zip(versions.iter().skip(1))
            .find(|(one, next)| one.valid_from == next.valid_from);
        if let Some((price, _)) = doubled {
            return Err(FeeRefusal::TwoPricesOnOneDay {
                day: price.valid_from,
            });
        }
        Ok(Self {
            oldest_first: versions,
        })
    }

    /// The price in force on the day. For an annual fee that is the first day of the fee year, so
    /// that a new price leaves the years that have begun alone.
    ///
    /// # Errors
    /// [`FeeRefusal::NoPrice`] when the first version begins later.
    pub fn on(&self, day: NaiveDate) -> Result<Price, FeeRefusal> {
        self.oldest_first
            .iter()
            .rfind(|price| price.valid_from <= day)
            .copied()
            .ok_or(FeeRefusal::NoPrice { on: day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;
    use crate::kernel::period::parse_date;

    fn price(valid_from: &str, minor: i64) -> Price {
        Price {
            valid_from: parse_date(valid_from).unwrap(),
            amount: Money::new(minor, Currency::DKK),
        }
    }

    #[test]
    fn the_latest_version_that_has_begun_holds() {
        let versions = vec![
            price("2027-01-01", 8_000_000),
            price("2010-01-01", 7_500_000),
            price("2028-07-01", 0),
        ];
        let history = PriceHistory::new(versions).unwrap();
        for (day, minor) in [
            ("2010-01-01", Some(7_500_000)),
            ("2026-12-31", Some(7_500_000)),
            ("2027-01-01", Some(8_000_000)),
            ("2028-06-30", Some(8_000_000)),
            ("2030-01-01", Some(0)),
            ("2009-12-31", None),
        ] {
            let on = parse_date(day).unwrap();
            let found = history.on(on).map(|price| price.amount.minor);
            assert_eq!(found, minor.ok_or(FeeRefusal::NoPrice { on }), "{day}");
        }
    }

    #[test]
    fn unclear_price_lists_are_refused() {
        let day = parse_date("2026-01-01").unwrap();
        for (versions, reason) in [
            (vec![price("2026-01-01", -1)], FeeRefusal::NegativePrice),
            (
                vec![
                    price("2026-01-01", 1),
                    price("2025-01-01", 1),
                    price("2026-01-01", 2),
                ],
                FeeRefusal::TwoPricesOnOneDay { day },
            ),
        ] {
            assert_eq!(PriceHistory::new(versions), Err(reason));
        }
        let on = day;
        assert_eq!(
            PriceHistory::new(Vec::new()).unwrap().on(on),
            Err(FeeRefusal::NoPrice { on })
        );
    }
}
