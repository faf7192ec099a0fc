//! The formula in words of an amount on a quote or invoice: "75.000,00 × 292/365 dage". It also
//! keeps the fractions that the words are about, so that text and amount cannot differ. When a
//! fraction applies is decided in `rules`.

use crate::finance::fees::package_terms::PACKAGE_MONTHS;
use crate::kernel::language::Language;
use crate::kernel::money::{Money, ShareRefusal, prorate_product};
use crate::kernel::phrase::Phrase;

/// What a fraction of a fee year counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Days of the year.
    Days,
    /// Months that have begun.
    Months,
    /// Quarters that have begun.
    Quarters,
}

/// The part of an annual fee that is charged or given back: nothing but fractions multiplied, and
/// the whole fee when there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Share {
    fractions: Vec<(i64, i64, Measure)>,
    next_year_included: bool,
}

impl Share {
    /// The whole fee.
    #[must_use]
    pub fn whole() -> Self {
        Self::default()
    }

    /// The whole fee, once, for the rest of the joining fee year and all of the next.
    #[must_use]
    pub fn whole_with_next_year() -> Self {
        Self {
            next_year_included: true,
            ..Self::default()
        }
    }

    /// `counted` of `all` days, months or quarters.
    #[must_use]
    pub fn of(counted: i64, all: i64, measure: Measure) -> Self {
        Self {
            fractions: vec![(counted, all, measure)],
            ..Self::default()
        }
    }

    /// This share for `used` of the `charged` days that it is for. 292/365 days, of which 92 are
    /// used, are 92/365 days.
    #[must_use]
    pub fn for_days(&self, used: i64, charged: i64) -> Self {
        let mut share = self.clone();
        match share.fractions.last_mut() {
            _ if used == charged => {}
            Some((counted, _, Measure::Days)) if *counted == charged => *counted = used,
            _ => share.fractions.push((used, charged, Measure::Days)),
        }
        share
    }

    /// The share of a price, rounded once.
    ///
    /// # Errors
    /// [`ShareRefusal`] when the amount does not fit.
    pub fn of_price(&self, price: Money) -> Result<Money, ShareRefusal> {
        let fractions = self
            .fractions
            .iter()
            .map(|(counted, all, _)| (*counted, *all));
        prorate_product(price, fractions)
    }

    /// The share of a price in words.
    #[must_use]
    pub fn in_words(&self, price: Money) -> Phrase {
        let mut phrase = Phrase::new(english(price), danish(price));
        if self.fractions.is_empty() {
            phrase.en.push_str(" × 1 year");
            phrase.da.push_str(" × 1 år");
        }
        if self.fractions.is_empty() && self.next_year_included {
            phrase.en.push_str(", the next fee year included");
            phrase.da.push_str(", inkl. næste kontingentår");
        }
        for (counted, all, measure) in &self.fractions {
            let (en, da) = match measure {
                Measure::Days => ("days", "dage"),
                Measure::Months => ("months", "måneder"),
                Measure::Quarters => ("quarters", "kvartaler"),
            };
            phrase = Phrase::new(
                format!("{} × {counted}/{all} {en}", phrase.en),
                format!("{} × {counted}/{all} {da}", phrase.da),
            );
        }
        phrase
    }
}

/// The price of a package.
#[must_use]
pub fn package_in_words(price: Money) -> Phrase {
    Phrase::new(
        format!("{} × 1 package of {PACKAGE_MONTHS} months", english(price)),
        format!("{} × 1 pakke på {PACKAGE_MONTHS} måneder", danish(price)),
    )
}

/// An amount without its currency as the readers of a language write it: `75.000,00`.
#[must_use]
pub fn amount_in(language: Language, amount: Money) -> String {
    match language {
        Language::Da => danish(amount),
        Language::En => english(amount),
    }
}

/// The amount as English readers write it, without its currency.
#[must_use]
pub fn english(price: Money) -> String {
    grouped(price, ',', '.')
}

/// The amount as Danish readers write it, without its currency.
#[must_use]
pub fn danish(price: Money) -> String {
    grouped(price, '.', ',')
}

/// The amount without its currency, digits in groups of three.
fn grouped(price: Money, group: char, decimal: char) -> String {
    let amount = price.amount();
    let (major, decimals) = amount.split_once('.').unwrap_or((&amount, ""));
    let mut text = String::with_capacity(amount.len() + amount.len() / 3);
    for (place, digit) in major.chars().enumerate() {
        let digits_left = major.len() - place;
        let after_a_digit = text.ends_with(|c: char| c.is_ascii_digit());
        if after_a_digit && digits_left.is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !decimals.is_empty() {
        text.push(decimal);
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;

    fn dkk(minor: i64) -> Money {
        Money::new(minor, Currency::DKK)
    }

    #[test]
    fn says_what_was_multiplied() {
        let fee = dkk(7_500_000);
        for (share, minor, da, en) in [
            (
                Share::whole(),
                7_500_000,
                "75.000,00 × 1 år",
                "75,000.00 × 1 year",
            ),
            (
                Share::whole_with_next_year(),
                7_500_000,
                "75.000,00 × 1 år, inkl. næste kontingentår",
                "75,000.00 × 1 year, the next fee year included",
            ),
            (
                Share::of(292, 365, Measure::Days),
                6_000_000,
                "75.000,00 × 292/365 dage",
                "75,000.00 × 292/365 days",
            ),
            (
                Share::of(292, 365, Measure::Days).for_days(92, 292),
                1_890_411,
                "75.000,00 × 92/365 dage",
                "75,000.00 × 92/365 days",
            ),
            (
                Share::whole().for_days(292, 366),
                5_983_607,
                "75.000,00 × 292/366 dage",
                "75,000.00 × 292/366 days",
            ),
            (
                Share::of(10, 12, Measure::Months),
                6_250_000,
                "75.000,00 × 10/12 måneder",
                "75,000.00 × 10/12 months",
            ),
            (
                Share::of(4, 4, Measure::Quarters).for_days(292, 292),
                7_500_000,
                "75.000,00 × 4/4 kvartaler",
                "75,000.00 × 4/4 quarters",
            ),
            (
                Share::of(10, 12, Measure::Months).for_days(28, 292),
                599_315,
                "75.000,00 × 10/12 måneder × 28/292 dage",
                "75,000.00 × 10/12 months × 28/292 days",
            ),
        ] {
            assert_eq!(share.of_price(fee), Ok(dkk(minor)), "{da}");
            assert_eq!(share.in_words(fee), Phrase::new(en, da));
        }
    }

    #[test]
    fn says_what_a_package_costs() {
        assert_eq!(
            package_in_words(dkk(37_500_000)),
            Phrase::new(
                "375,000.00 × 1 package of 24 months",
                "375.000,00 × 1 pakke på 24 måneder"
            )
        );
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (minor, code, text) in [
            (0, "DKK", "0,00"),
            (99_999, "DKK", "999,99"),
            (100_000, "DKK", "1.000,00"),
            (-100_000, "DKK", "-1.000,00"),
            (-12_345, "DKK", "-123,45"),
            (123_456_789_012, "DKK", "1.234.567.890,12"),
            (75_000, "JPY", "75.000"),
        ] {
            let price = Money::new(minor, Currency::parse(code).unwrap());
            assert_eq!(danish(price), text);
        }
    }
}
