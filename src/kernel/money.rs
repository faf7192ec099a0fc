//! Amounts of money: whole minor units of one currency, with checked arithmetic and the decimal
//! text of the interface. There are no floating-point numbers and no exchange of currencies here;
//! shares of an amount are in `proration`, showing it to readers is in `display`.

mod currency;
mod display;
mod proration;

use std::fmt;

pub use self::currency::{Currency, UnknownCurrency};
pub use self::display::{LocaleRefusal, MoneyLocale};
pub use self::proration::{ShareRefusal, prorate, prorate_product, split_by_weights, split_evenly};
use crate::kernel::phrase::Phrase;

/// An amount in one currency. `minor` counts its smallest unit: 7500000 øre are 75.000,00 kr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount in minor units; negative for money that goes back.
    pub minor: i64,
    /// What the units are.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// No money, in the currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Whether the amount is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// This amount and the other together.
    ///
    /// # Errors
    /// [`MoneyError`] when the currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor
            .checked_add(other.minor)
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(MoneyError::Overflow)
    }

    /// This amount without the other.
    ///
    /// # Errors
    /// [`MoneyError`] when the currencies differ or the difference does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor
            .checked_sub(other.minor)
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(MoneyError::Overflow)
    }

    /// The same amount the other way.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one amount that has no opposite, `i64::MIN`.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.minor
            .checked_neg()
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(MoneyError::Overflow)
    }

    /// All the amounts together. The currency is named, because the sum of no amounts has one too.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is in another currency or the sum does not fit.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Self::zero(currency), Self::checked_add)
    }

    /// Reads an amount as the interface writes it: `75000.00`, `75000`, `-12.5`.
    ///
    /// A point separates at most as many decimals as the currency has. There are no thousands
    /// separators, spaces, plus signs, exponents or needless zeros in front, so that one text
    /// cannot be read as two amounts.
    ///
    /// # Errors
    /// [`AmountRefusal`] says what is wrong with the text.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountRefusal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if digits.is_empty() {
            return Err(AmountRefusal::Empty);
        }
        if let Some(strange) = digits.chars().find(|c| !c.is_ascii_digit() && *c != '.') {
            return Err(AmountRefusal::StrangeCharacter(strange));
        }

        let (major, decimals) = match digits.split_once('.') {
            None => (digits, ""),
            Some((_, "")) => return Err(AmountRefusal::DigitMissingAtPoint),
            Some((_, decimals)) if decimals.contains('.') => {
                return Err(AmountRefusal::TwoPoints);
            }
            Some(parts) => parts,
        };
        if major.is_empty() {
            return Err(AmountRefusal::DigitMissingAtPoint);
        }
        if major.len() > 1 && major.starts_with('0') {
            return Err(AmountRefusal::LeadingZero);
        }
        let missing = usize::from(currency.exponent())
            .checked_sub(decimals.len())
            .ok_or(AmountRefusal::TooManyDecimals {
                allowed: currency.exponent(),
            })?;

        let sign = if negative { "-" } else { "" };
        let minor: i64 = format!("{sign}{major}{decimals}{:0<missing$}", "")
            .parse()
            .map_err(|_| AmountRefusal::TooLarge)?;
        if negative && minor == 0 {
            return Err(AmountRefusal::NegativeZero);
        }
        Ok(Self::new(minor, currency))
    }

    /// The amount as the interface writes it, with exactly the currency's decimals: `75000.00`.
    #[must_use]
    pub fn amount(self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = self.minor.unsigned_abs();
        let per_major = self.currency.minor_per_major();
        let major = digits / per_major;
        match usize::from(self.currency.exponent()) {
            0 => format!("{sign}{major}"),
            width => format!("{sign}{major}.{:0width$}", digits % per_major),
        }
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            })
        }
    }
}

/// Why two amounts cannot be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit in 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
    /// The amounts are in different currencies, and nothing here exchanges money.
    #[error("amounts in {left} and {right} cannot be put together")]
    CurrencyMismatch {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second.
        right: Currency,
    },
}

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountRefusal {
    /// There are no digits.
    Empty,
    /// Something else than digits and a point: a comma, a space, a plus sign, a letter.
    StrangeCharacter(char),
    /// More than one point.
    TwoPoints,
    /// No digit before or after the point.
    DigitMissingAtPoint,
    /// Zeros in front of the number.
    LeadingZero,
    /// A minus sign before zero.
    NegativeZero,
    /// More decimals than the currency has.
    TooManyDecimals {
        /// How many it has.
        allowed: u8,
    },
    /// The amount does not fit in 64 bits of minor units.
    TooLarge,
}

impl AmountRefusal {
    /// What is wrong, for the user.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Empty => Phrase::new("The amount is empty.", "Beløbet er tomt."),
            Self::StrangeCharacter(character) => Phrase::new(
                format!(
                    "The amount contains {character:?}. Write digits and, before the decimals, a point: 75000.00."
                ),
                format!(
                    "Beløbet indeholder {character:?}. Skriv cifre og et punktum før decimalerne: 75000.00."
                ),
            ),
            Self::TwoPoints => Phrase::new(
                "The amount has more than one point. Thousands are not separated: 75000.00.",
                "Beløbet har mere end ét punktum. Tusinder adskilles ikke: 75000.00.",
            ),
            Self::DigitMissingAtPoint => Phrase::new(
                "The point of the amount needs a digit on both sides.",
                "Beløbets punktum skal have et ciffer på hver side.",
            ),
            Self::LeadingZero => Phrase::new(
                "The amount begins with a needless zero.",
                "Beløbet begynder med et overflødigt nul.",
            ),
            Self::NegativeZero => Phrase::new(
                "The amount is zero, yet has a minus sign.",
                "Beløbet er nul, men har et minustegn.",
            ),
            Self::TooManyDecimals { allowed } => Phrase::new(
                format!(
                    "The currency has {allowed} decimals at most. A point is not a thousands separator: 75000.00."
                ),
                format!(
                    "Valutaen har højst {allowed} decimaler. Et punktum adskiller ikke tusinder: 75000.00."
                ),
            ),
            Self::TooLarge => Phrase::new("The amount is too large.", "Beløbet er for stort."),
        }
    }
}

impl fmt::Display for AmountRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().en)
    }
}

impl std::error::Error for AmountRefusal {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn reads_and_writes_the_decimals_of_the_currency() {
        for (text, code, minor, written) in [
            ("75000.00", "DKK", 7_500_000, "75000.00"),
            ("75000", "DKK", 7_500_000, "75000.00"),
            ("75000.5", "DKK", 7_500_050, "75000.50"),
            ("0.05", "DKK", 5, "0.05"),
            ("0", "DKK", 0, "0.00"),
            ("-12.5", "DKK", -1_250, "-12.50"),
            ("-0.01", "DKK", -1, "-0.01"),
            ("75000", "JPY", 75_000, "75000"),
            ("75.000", "KWD", 75_000, "75.000"),
            ("0.001", "TND", 1, "0.001"),
            (
                "92233720368547758.07",
                "DKK",
                i64::MAX,
                "92233720368547758.07",
            ),
            (
                "-92233720368547758.08",
                "DKK",
                i64::MIN,
                "-92233720368547758.08",
            ),
        ] {
            let money = Money::parse(text, currency(code)).unwrap();
            assert_eq!(money.minor, minor, "{text} {code}");
            assert_eq!(money.amount(), written, "{text} {code}");
        }
    }

    #[test]
    fn refuses_every_other_spelling() {
        use AmountRefusal::*;
        for (text, code, reason) in [
            ("", "DKK", Empty),
            ("-", "DKK", Empty),
            ("75.000,00", "DKK", StrangeCharacter(',')),
            ("75,5", "DKK", StrangeCharacter(',')),
            (" 75", "DKK", StrangeCharacter(' ')),
            ("75 000", "DKK", StrangeCharacter(' ')),
            ("75\u{a0}000", "DKK", StrangeCharacter('\u{a0}')),
            ("+75", "DKK", StrangeCharacter('+')),
            ("--75", "DKK", StrangeCharacter('-')),
            ("75-", "DKK", StrangeCharacter('-')),
            ("\u{2212}75", "DKK", StrangeCharacter('\u{2212}')),
            ("7.5e4", "DKK", StrangeCharacter('e')),
            ("0x10", "DKK", StrangeCharacter('x')),
            ("1_000", "DKK", StrangeCharacter('_')),
            ("\u{0667}\u{0665}", "DKK", StrangeCharacter('\u{0667}')),
            ("NaN", "DKK", StrangeCharacter('N')),
            ("75.000.00", "DKK", TwoPoints),
            ("75.", "DKK", DigitMissingAtPoint),
            (".5", "DKK", DigitMissingAtPoint),
            (".", "DKK", DigitMissingAtPoint),
            ("-.5", "DKK", DigitMissingAtPoint),
            ("075", "DKK", LeadingZero),
            ("00", "DKK", LeadingZero),
            ("-0", "DKK", NegativeZero),
            ("-0.00", "DKK", NegativeZero),
            ("75.000", "DKK", TooManyDecimals { allowed: 2 }),
            ("75.0", "JPY", TooManyDecimals { allowed: 0 }),
            ("75.0000", "KWD", TooManyDecimals { allowed: 3 }),
            ("92233720368547758.08", "DKK", TooLarge),
            ("99999999999999999999999", "DKK", TooLarge),
        ] {
            assert_eq!(Money::parse(text, currency(code)), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn arithmetic_is_checked() {
        let dkk = |minor| Money::new(minor, Currency::DKK);
        let mismatch = MoneyError::CurrencyMismatch {
            left: Currency::DKK,
            right: Currency::EUR,
        };

        assert_eq!(dkk(5).checked_add(dkk(-7)), Ok(dkk(-2)));
        assert_eq!(dkk(5).checked_sub(dkk(7)), Ok(dkk(-2)));
        assert_eq!(dkk(5).checked_neg(), Ok(dkk(-5)));
        assert_eq!(dkk(i64::MAX).checked_add(dkk(1)), Err(MoneyError::Overflow));
        assert_eq!(dkk(i64::MIN).checked_sub(dkk(1)), Err(MoneyError::Overflow));
        assert_eq!(dkk(i64::MIN).checked_neg(), Err(MoneyError::Overflow));
        let euro = Money::new(1, Currency::EUR);
        assert_eq!(dkk(1).checked_add(euro), Err(mismatch));
        assert_eq!(dkk(1).checked_sub(euro), Err(mismatch));

        assert_eq!(Money::sum(Currency::DKK, []), Ok(dkk(0)));
        assert_eq!(Money::sum(Currency::DKK, [dkk(1), dkk(2)]), Ok(dkk(3)));
        assert_eq!(Money::sum(Currency::DKK, [dkk(1), euro]), Err(mismatch));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(minor: i64, code in "DKK|EUR|JPY|KWD") {
            let money = Money::new(minor, currency(&code));
            prop_assert_eq!(Money::parse(&money.amount(), money.currency), Ok(money));
        }
    }
}
