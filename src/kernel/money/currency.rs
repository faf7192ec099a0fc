//! The currencies an amount may be in: ISO 4217 alphabetic codes with the number of decimals of
//! each. It holds no exchange rates and no symbols; how an amount is shown is `display`.

use std::fmt;

use crate::kernel::phrase::Phrase;

/// A currency of ISO 4217 that has minor units, such as `DKK` with two decimals or `JPY` with none.
///
/// Withdrawn currencies (`HRK`, `BGN`) are accepted, because old documents are in them. Funds,
/// metals and testing codes (`CLF`, `XAU`, `XTS`) are not: nobody pays an invoice in them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    iso: iso_currency::Currency,
    exponent: u8,
}

impl Currency {
    /// The Danish krone, the currency of the network's price list.
    pub const DKK: Self = Self {
        iso: iso_currency::Currency::DKK,
        exponent: 2,
    };

    /// The euro.
    pub const EUR: Self = Self {
        iso: iso_currency::Currency::EUR,
        exponent: 2,
    };

    /// The currency of a three-letter code in capitals.
    ///
    /// # Errors
    /// [`UnknownCurrency`] when the text is no such code, or is the code of something without
    /// minor units. Lower case is refused as well: two spellings of one code would both be stored.
    pub fn parse(code: &str) -> Result<Self, UnknownCurrency> {
        let iso = iso_currency::Currency::from_code(code).ok_or(UnknownCurrency)?;
        if iso.is_fund() || iso.is_special() {
            return Err(UnknownCurrency);
        }
        let exponent = iso.exponent().ok_or(UnknownCurrency)?;
        Ok(Self {
            iso,
            exponent: u8::try_from(exponent).map_err(|_| UnknownCurrency)?,
        })
    }

    /// The three-letter code, in capitals.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.iso.code()
    }

    /// The number of decimals of the currency by ISO 4217: 2 for the krone, 0 for the yen, 3 for
    /// the Tunisian dinar.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// How many minor units make one major unit: 100 øre to the krone.
    #[must_use]
    pub const fn minor_per_major(self) -> u64 {
        10_u64.pow(self.exponent as u32)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text is not the code of a currency that can be paid in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCurrency;

impl UnknownCurrency {
    /// What is wrong, for the user.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        Phrase::new(
            "This is not the three-letter code of a currency, such as DKK or EUR.",
            "Dette er ikke en valutas kode på tre bogstaver som DKK eller EUR.",
        )
    }
}

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().en)
    }
}

impl std::error::Error for UnknownCurrency {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_iso_4217() {
        for (code, exponent) in [
            ("DKK", 2),
            ("EUR", 2),
            ("SEK", 2),
            ("NOK", 2),
            ("GBP", 2),
            ("CHF", 2),
            ("UAH", 2),
            ("RSD", 2),
            ("ALL", 2),
            ("HUF", 2),
            ("MXN", 2),
            ("ILS", 2),
            ("MAD", 2),
            ("ISK", 0),
            ("JPY", 0),
            ("KRW", 0),
            ("XOF", 0),
            ("TND", 3),
            ("JOD", 3),
            ("KWD", 3),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(currency.code(), code);
            assert_eq!(currency.exponent(), exponent, "{code}");
            assert_eq!(
                currency.minor_per_major(),
                10_u64.pow(u32::from(exponent)),
                "{code}"
            );
        }
    }

    #[test]
    fn named_currencies_equal_the_parsed_ones() {
        assert_eq!(Currency::parse("DKK"), Ok(Currency::DKK));
        assert_eq!(Currency::parse("EUR"), Ok(Currency::EUR));
    }

    #[test]
    fn withdrawn_currencies_stay_readable() {
        for code in ["HRK", "BGN"] {
            assert_eq!(Currency::parse(code).unwrap().exponent(), 2, "{code}");
        }
    }

    #[test]
    fn what_cannot_be_paid_in_is_refused() {
        for text in [
            "", "kr", "kr.", "dkk", "Dkk", " DKK", "DKK ", "DKKR", "XYZ", "XXX", "XTS", "XAU",
            "XDR", "CLF", "CHE",
        ] {
            assert_eq!(Currency::parse(text), Err(UnknownCurrency), "{text:?}");
        }
    }
}
