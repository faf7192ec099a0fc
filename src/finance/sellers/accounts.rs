//! Whether the numbers that a seller is paid by are numbers at all, so that a mistyped one never
//! reaches an invoice. What it is not: a question to the bank whether they are the seller's.

use crate::finance::sellers::model::Seller;
use crate::kernel::check_digits::check_iban;
use crate::kernel::error::{Error, Result};

/// Refuses a profile with a creditor number, IBAN or BIC that cannot be one, or an IBAN of another account.
///
/// # Errors
/// A fault of ours that names the setting.
pub(super) fn check(seller: &Seller) -> Result<()> {
    let (creditor, iban, bic) = (
        seller.fik_creditor.as_deref(),
        seller.iban.as_deref(),
        seller.bic.as_deref(),
    );
    let account = (
        seller.bank_registration.as_str(),
        seller.bank_account.as_str(),
    );
    check_numbers(creditor, iban, bic, account)
        .map_err(|problem| Error::Internal(anyhow::anyhow!("the seller's profile: {problem}")))
}

fn check_numbers(
    creditor: Option<&str>,
    iban: Option<&str>,
    bic: Option<&str>,
    (registration, account): (&str, &str),
) -> std::result::Result<(), String> {
    if let Some(creditor) = creditor
        && !(creditor.len() == 8 && creditor.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(format!("fik_creditor is {creditor:?}, not 8 digits"));
    }
    if let Some(iban) = iban {
        check_iban(iban).map_err(|refusal| format!("iban is {iban:?}: {refusal}"))?;
        let own = format!("{registration:0>4}{account:0>10}");
        if let Some(stated) = iban.strip_prefix("DK").and_then(|rest| rest.get(2..))
            && stated != own
        {
            return Err(format!(
                "iban is {iban:?}, which is not the account {registration} {account}"
            ));
        }
    }
    match (iban, bic) {
        (_, Some(bic)) if !is_bic(bic) => Err(format!(
            "bic is {bic:?}, not 8 or 11 capital letters and digits"
        )),
        (Some(_), None) => Err("iban is given without the bic of its bank".to_owned()),
        (None, Some(_)) => Err("bic is given without an iban".to_owned()),
        _ => Ok(()),
    }
}

/// ISO 9362: four characters of the bank, two letters of the country, two of the place, and three of a
/// branch or none.
fn is_bic(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_uppercase();
    let any = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    matches!(text.len(), 8 | 11)
        && text.bytes().all(any)
        && text.bytes().skip(4).take(2).all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_cannot_be_ones_are_named() {
        let iban = Some("DK1800000000000000");
        let bic = Some("EXAMDKK0");
        for (creditor, iban, bic, problem) in [
            (Some("12345678"), iban, bic, None),
            (None, None, None, None),
            (Some("1234567"), iban, bic, Some("fik_creditor")),
            (Some("1234567a"), iban, bic, Some("fik_creditor")),
            (None, Some("DK1900000000000000"), bic, Some("check digit")),
            (
                None,
                Some("DK5000400440116243"),
                bic,
                Some("not the account"),
            ),
            (None, Some("GB29NWBK60161331926819"), bic, None),
            (None, iban, Some("EXAMDKK"), Some("bic is")),
            (None, iban, Some("EXAMD1K0"), Some("bic is")),
            (None, iban, None, Some("without the bic")),
            (None, None, bic, Some("without an iban")),
        ] {
            let found = check_numbers(creditor, iban, bic, ("0000", "0000000000"));
            match (found, problem) {
                (Ok(()), None) => {}
                (Err(text), Some(named)) => assert!(text.contains(named), "{text}"),
                (found, problem) => panic!("{found:?} {problem:?}"),
            }
        }
    }
}
