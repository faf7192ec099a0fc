//! Money in the schema: the type that answers amounts, and the reading of amounts that clients
//! write. What it is not: arithmetic; that is in `kernel::money`.

use async_graphql::Object;

use crate::api::scalars::{CurrencyCode, Decimal, LanguageTag};
use crate::kernel::error::{Error, Result};
use crate::kernel::money::{Currency, Money, MoneyLocale};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// An amount of money as the schema shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Money);

/// An amount of money in one currency.
#[Object(name = "Money")]
impl Amount {
    /// The amount with exactly the decimals of its currency: "75000.00".
    async fn amount(&self) -> Decimal {
        Decimal(self.0.amount())
    }

    /// The currency.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency.code().to_owned())
    }

    /// The amount as readers of a language write it: "75.000,00 kr." with a space that does not
    /// break.
    async fn formatted(
        &self,
        #[graphql(
            desc = "BCP 47.",
            default_with = "LanguageTag(String::from(\"da-DK\"))"
        )]
        locale: LanguageTag,
    ) -> Result<String> {
        let bad =
            |refusal: crate::kernel::money::LocaleRefusal| Error::BadRequest(refusal.phrase());
        let locale = MoneyLocale::parse(&locale.0).map_err(bad)?;
        self.0.formatted(&locale).map_err(bad)
    }
}

/// The currency of a stored code.
///
/// # Errors
/// A fault of ours: only checked codes are stored.
pub fn stored_currency(code: &str) -> Result<Currency> {
    Currency::parse(code)
        .map_err(|_| Error::Internal(anyhow::anyhow!("a stored currency is {code:?}")))
}

/// A stored amount.
///
/// # Errors
/// As [`stored_currency`].
pub fn stored(minor: i64, code: &str) -> Result<Amount> {
    Ok(Amount(Money::new(minor, stored_currency(code)?)))
}

/// Reads an amount that a client wrote in a currency; without a currency it is the krone.
///
/// # Errors
/// A refusal that names the field, for what is no amount or has more decimals than the currency.
pub fn read_amount(
    field: &str,
    amount: &Decimal,
    currency: Option<&CurrencyCode>,
) -> std::result::Result<Money, Refusal> {
    let currency = read_currency(currency)?;
    Money::parse(&amount.0, currency).map_err(|refusal| {
        let phrase = refusal.phrase();
        Refusal::new(RefusalCode::OutOfRange, field, phrase.en, phrase.da)
    })
}

/// The currency that a client named; the krone when it named none.
///
/// # Errors
/// A refusal for a code that is no currency.
pub fn read_currency(code: Option<&CurrencyCode>) -> std::result::Result<Currency, Refusal> {
    code.map_or(Ok(Currency::DKK), |code| Currency::parse(&code.0))
        .map_err(|unknown| {
            let phrase = unknown.phrase();
            Refusal::new(RefusalCode::OutOfRange, "currency", phrase.en, phrase.da)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts_of_a_currency() {
        let read = |text: &str, code: &str| {
            let code = CurrencyCode(code.to_owned());
            read_amount("amount", &Decimal(text.to_owned()), Some(&code))
        };
        assert_eq!(
            read("75000", "DKK"),
            Ok(Money::new(7_500_000, Currency::DKK))
        );
        assert_eq!(read("0.5", "EUR"), Ok(Money::new(50, Currency::EUR)));
        for (text, code) in [
            ("1.005", "DKK"),
            ("1.0", "JPY"),
            ("99999999999999999999", "DKK"),
        ] {
            let refusal = read(text, code).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.field.as_str()),
                (RefusalCode::OutOfRange, "amount"),
                "{text} {code}"
            );
        }
        assert!(stored(1, "XXX").is_err());
    }
}
