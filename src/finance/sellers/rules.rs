//! Reads the seller's settings into the policies that fees are computed and invoices are issued by.
//! What it is not: the computing (`fees`).

use crate::finance::fees::{FeePolicy, FeeRefusal, FeeYears, FirstYear, LastYear, MonthDay};
use crate::finance::revenue::rules::Recognition;
use crate::finance::sellers::model::Seller;
use crate::kernel::error::{Error, Result as CoreResult};
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::LeapDay;

/// Whether an invoice to a Danish city must be one that can be sent electronically.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Einvoicing {
    /// `required`: another one is not issued.
    Required,
    /// `when-possible`: what is missing is told, and the invoice is issued.
    WhenPossible,
}

/// The seller's setting.
///
/// # Errors
/// A fault of ours for a word that is none: a misspelt setting never becomes the default.
pub fn einvoicing(seller: &Seller) -> CoreResult<Einvoicing> {
    einvoicing_of_word(&seller.einvoicing).ok_or_else(|| {
        Error::Internal(anyhow::anyhow!(
            "the seller's einvoicing is {:?}, not required or when-possible",
            seller.einvoicing
        ))
    })
}

fn einvoicing_of_word(word: &str) -> Option<Einvoicing> {
    match word {
        "required" => Some(Einvoicing::Required),
        "when-possible" => Some(Einvoicing::WhenPossible),
        _ => None,
    }
}

/// How much one person credits, pays back or writes off alone.
///
/// # Errors
/// A fault of ours when the seller's currency is none.
pub fn four_eyes_limit(seller: &Seller) -> CoreResult<Money> {
    Currency::parse(&seller.currency)
        .map(|currency| Money::new(seller.four_eyes_above, currency))
        .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))
}

/// How the seller's revenue spreads over the days that earn it.
///
/// # Errors
/// A fault of ours for a word that is none.
pub fn recognition(seller: &Seller) -> CoreResult<Recognition> {
    match seller.recognition.as_str() {
        "monthly" => Ok(Recognition::Monthly),
        "daily" => Ok(Recognition::Daily),
        other => Err(Error::Internal(anyhow::anyhow!(
            "the seller's recognition is {other:?}, not monthly or daily"
        ))),
    }
}

/// The policies of a seller.
///
/// # Errors
/// [`FeeRefusal`] for a word that names no policy: a misspelt setting never becomes the default.
pub fn fee_policy(seller: &Seller) -> Result<FeePolicy, FeeRefusal> {
    policy_of_words(&seller.fee_year, &seller.first_year, &seller.last_year)
}

fn policy_of_words(
    fee_year: &str,
    first_year: &str,
    last_year: &str,
) -> Result<FeePolicy, FeeRefusal> {
    let years = match with_day(fee_year)? {
        ("calendar", None) => FeeYears::Calendar,
        ("anniversary", None) => FeeYears::Anniversary(LeapDay::February28),
        ("custom", Some(day)) => FeeYears::Custom(day),
        _ => return Err(FeeRefusal::UnknownPolicy),
    };
    let (word, cut_off) = with_day(first_year)?;
    let last_year = match last_year {
        "none" => LastYear::NoRefund,
        "daily" => LastYear::Daily,
        _ => return Err(FeeRefusal::UnknownPolicy),
    };
    Ok(FeePolicy {
        years,
        first_year: FirstYear::from_word(word, cut_off)?,
        last_year,
    })
}

/// `custom:07-01` as its word and day.
fn with_day(setting: &str) -> Result<(&str, Option<MonthDay>), FeeRefusal> {
    let Some((word, day)) = setting.split_once(':') else {
        return Ok((setting, None));
    };
    let (month, day) = day.split_once('-').ok_or(FeeRefusal::UnknownPolicy)?;
    let number = |text: &str| text.parse::<u32>().map_err(|_| FeeRefusal::UnknownPolicy);
    Ok((word, Some(MonthDay::new(number(month)?, number(day)?)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn electronic_invoices_are_required_or_not() {
        for (word, einvoicing) in [
            ("required", Some(Einvoicing::Required)),
            ("when-possible", Some(Einvoicing::WhenPossible)),
            ("Required", None),
            ("", None),
        ] {
            assert_eq!(einvoicing_of_word(word), einvoicing, "{word}");
        }
    }

    #[test]
    fn settings_become_policies() {
        assert_eq!(
            policy_of_words("calendar", "daily", "none"),
            Ok(FeePolicy::default())
        );
        let july = MonthDay::new(7, 1).unwrap();
        let october = MonthDay::new(10, 1).unwrap();
        assert_eq!(
            policy_of_words("custom:07-01", "rollover:10-01", "daily"),
            Ok(FeePolicy {
                years: FeeYears::Custom(july),
                first_year: FirstYear::Rollover(october),
                last_year: LastYear::Daily,
            })
        );
        for (fee_year, first_year, last_year) in [
            ("Calendar", "daily", "none"),
            ("custom", "daily", "none"),
            ("custom:2-29", "daily", "none"),
            ("custom:july", "daily", "none"),
            ("calendar", "rollover", "none"),
            ("calendar", "dayly", "none"),
            ("calendar", "daily", "None"),
        ] {
            assert!(
                policy_of_words(fee_year, first_year, last_year).is_err(),
                "{fee_year} {first_year} {last_year}"
            );
        }
    }
}
