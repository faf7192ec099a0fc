//! Check digits of the numbers that identify a city on an invoice: the Danish CVR number and the
//! GLN of electronic invoicing. Whether the number belongs to anybody is not known here.

use std::fmt;

use crate::kernel::phrase::Phrase;

/// Weights of the eight digits of a CVR number. The weighted sum is a multiple of 11
/// (Erhvervsstyrelsen, modulus-11 control of CVR numbers).
const CVR_WEIGHTS: [u32; 8] = [2, 7, 6, 5, 4, 3, 2, 1];

/// Digits of a GLN, check digit included.
const GLN_LENGTH: usize = 13;

/// Checks a Danish company or authority number (CVR): eight digits, without `DK` and spaces.
///
/// # Errors
/// [`NumberRefusal`] says what is wrong.
pub fn check_cvr(text: &str) -> Result<(), NumberRefusal> {
    let digits = digits(text, CVR_WEIGHTS.len())?;
    if digits.first() == Some(&0) {
        return Err(NumberRefusal::LeadingZero);
    }
    let sum: u32 = digits
        .iter()
        .zip(CVR_WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    if sum.is_multiple_of(11) {
        Ok(())
    } else {
        Err(NumberRefusal::WrongCheckDigit)
    }
}

/// Checks a global location number (GLN, called EAN number by Danish authorities): thirteen
/// digits, without spaces.
///
/// # Errors
/// [`NumberRefusal`] says what is wrong.
pub fn check_gln(text: &str) -> Result<(), NumberRefusal> {
    let digits = digits(text, GLN_LENGTH)?;
    let Some((check, payload)) = digits.split_last() else {
        return Err(NumberRefusal::WrongLength {
            expected: GLN_LENGTH,
        });
    };
    if payload.iter().all(|digit| *digit == 0) {
        return Err(NumberRefusal::AllZeros);
    }
    if *check == gs1_check_digit(payload) {
        Ok(())
    } else {
        Err(NumberRefusal::WrongCheckDigit)
    }
}

/// The check digit that completes the first twelve digits of a GLN.
///
/// # Errors
/// [`NumberRefusal`] when the text is not twelve digits.
pub fn gln_check_digit(first_twelve: &str) -> Result<u32, NumberRefusal> {
    digits(first_twelve, GLN_LENGTH - 1).map(|payload| gs1_check_digit(&payload))
}

/// GS1 General Specifications, 7.9: from the right the digits weigh 3, 1, 3, …; the check digit
/// fills the sum up to a multiple of ten.
fn gs1_check_digit(payload: &[u32]) -> u32 {
    let sum: u32 = payload
        .iter()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    (10 - sum % 10) % 10
}

/// The remainder by 97 of a text of digits and letters, letters counted from A = 10 (ISO 7064, MOD 97-10, as
/// IBAN and creditor references use it); none for another character.
#[must_use]
pub fn remainder_of_97(text: &str) -> Option<u32> {
    text.chars().try_fold(0, |remainder: u32, character| {
        let value = character
            .is_ascii()
            .then(|| character.to_digit(36))
            .flatten()?;
        let shift = if value < 10 { 10 } else { 100 };
        Some((remainder * shift + value) % 97)
    })
}

/// Checks an international bank account number (ISO 13616) in its electronic form, without spaces.
///
/// # Errors
/// [`NumberRefusal`] says what is wrong.
pub fn check_iban(text: &str) -> Result<(), NumberRefusal> {
    let sound = text.is_ascii()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
        && text
            .bytes()
            .skip(2)
            .take(2)
            .all(|byte| byte.is_ascii_digit())
        && (15..=34).contains(&text.len());
    let (Some(head), Some(rest), true) = (text.get(..4), text.get(4..), sound) else {
        return Err(NumberRefusal::NoAccountNumber);
    };
    // Denmark's have 18 characters; the lengths of other countries are left to the check digits.
    if head.starts_with("DK") && text.len() != 18 {
        return Err(NumberRefusal::NoAccountNumber);
    }
    if remainder_of_97(&format!("{rest}{head}")) == Some(1) {
        Ok(())
    } else {
        Err(NumberRefusal::WrongCheckDigit)
    }
}

fn digits(text: &str, expected: usize) -> Result<Vec<u32>, NumberRefusal> {
    let digits: Vec<u32> = text
        .chars()
        .map(|c| c.is_ascii_digit().then(|| u32::from(c) - u32::from('0')))
        .collect::<Option<_>>()
        .ok_or(NumberRefusal::NotDigits)?;
    if digits.len() == expected {
        Ok(digits)
    } else {
        Err(NumberRefusal::WrongLength { expected })
    }
}

/// Why an identifying number is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberRefusal {
    /// It contains something else than the digits 0 to 9.
    NotDigits,
    /// It is shorter or longer than such numbers are.
    WrongLength {
        /// How many digits they have.
        expected: usize,
    },
    /// A CVR number never begins with 0.
    LeadingZero,
    /// It has not the form of an IBAN: two letters, two digits, and the rest of the country.
    NoAccountNumber,
    /// Only zeros: a placeholder whose check digit happens to fit.
    AllZeros,
    /// The check digit does not fit the others: a digit is mistyped or two are exchanged.
    WrongCheckDigit,
}

impl NumberRefusal {
    /// What is wrong, for the user.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NotDigits => Phrase::new(
                "The number must consist of digits alone, without spaces or letters.",
                "Nummeret skal bestå af cifre alene, uden mellemrum og bogstaver.",
            ),
            Self::WrongLength { expected } => Phrase::new(
                format!("The number must have {expected} digits."),
                format!("Nummeret skal have {expected} cifre."),
            ),
            Self::LeadingZero => Phrase::new(
                "A CVR number does not begin with 0.",
                "Et CVR-nummer begynder ikke med 0.",
            ),
            Self::NoAccountNumber => Phrase::new(
                "An IBAN begins with two letters and two digits and is written without spaces; a Danish one has 18 characters.",
                "Et IBAN-nummer begynder med to bogstaver og to cifre og skrives uden mellemrum; et dansk har 18 tegn.",
            ),
            Self::AllZeros => Phrase::new(
                "The number consists of zeros.",
                "Nummeret består af nuller.",
            ),
            Self::WrongCheckDigit => Phrase::new(
                "The check digit does not fit: a digit is probably mistyped.",
                "Kontrolcifret passer ikke: et ciffer er sandsynligvis tastet forkert.",
            ),
        }
    }
}

impl fmt::Display for NumberRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().en)
    }
}

impl std::error::Error for NumberRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cvr_numbers() {
        for (text, result) in [
            ("64942212", Ok(())),
            ("12345674", Ok(())),
            ("58403288", Ok(())),
            ("12345678", Err(NumberRefusal::WrongCheckDigit)),
            ("64942221", Err(NumberRefusal::WrongCheckDigit)),
            ("69442212", Err(NumberRefusal::WrongCheckDigit)),
            ("00000000", Err(NumberRefusal::LeadingZero)),
            ("6494221", Err(NumberRefusal::WrongLength { expected: 8 })),
            ("649422120", Err(NumberRefusal::WrongLength { expected: 8 })),
            ("", Err(NumberRefusal::WrongLength { expected: 8 })),
            ("DK64942212", Err(NumberRefusal::NotDigits)),
            ("64 94 22 12", Err(NumberRefusal::NotDigits)),
            ("6494221\u{0662}", Err(NumberRefusal::NotDigits)),
        ] {
            assert_eq!(check_cvr(text), result, "{text:?}");
        }
    }

    #[test]
    fn gln_numbers() {
        for (text, result) in [
            ("5798000000001", Ok(())),
            ("5790000123452", Ok(())),
            ("5790000123453", Err(NumberRefusal::WrongCheckDigit)),
            ("5790000132452", Err(NumberRefusal::WrongCheckDigit)),
            ("0000000000000", Err(NumberRefusal::AllZeros)),
            (
                "579000012345",
                Err(NumberRefusal::WrongLength { expected: 13 }),
            ),
            (
                "57900001234520",
                Err(NumberRefusal::WrongLength { expected: 13 }),
            ),
            ("5790000 123452", Err(NumberRefusal::NotDigits)),
        ] {
            assert_eq!(check_gln(text), result, "{text:?}");
        }
    }

    #[test]
    fn ibans() {
        for (text, result) in [
            // The example of ISO 13616 for Denmark, and that of the United Kingdom.
            ("DK5000400440116243", Ok(())),
            ("GB29NWBK60161331926819", Ok(())),
            ("DK1800000000000000", Ok(())),
            ("DK5000400440116234", Err(NumberRefusal::WrongCheckDigit)),
            ("DK500040044011624", Err(NumberRefusal::NoAccountNumber)),
            ("dk5000400440116243", Err(NumberRefusal::NoAccountNumber)),
            (
                "DK50 0040 0440 1162 43",
                Err(NumberRefusal::NoAccountNumber),
            ),
            ("5000400440116243DK", Err(NumberRefusal::NoAccountNumber)),
            ("DK5000400440116å", Err(NumberRefusal::NoAccountNumber)),
            ("", Err(NumberRefusal::NoAccountNumber)),
        ] {
            assert_eq!(check_iban(text), result, "{text:?}");
        }
    }

    #[test]
    fn remainders() {
        for (text, remainder) in [
            ("", Some(0)),
            ("97", Some(0)),
            ("98", Some(1)),
            ("A", Some(10)),
            ("Z", Some(35)),
            ("1A", Some(13)),
            ("å", None),
            ("1-2", None),
        ] {
            assert_eq!(remainder_of_97(text), remainder, "{text:?}");
        }
    }

    #[test]
    fn gln_check_digits() {
        for (first_twelve, check) in [
            ("579800000000", Ok(1)),
            ("579000012345", Ok(2)),
            (
                "57900001234",
                Err(NumberRefusal::WrongLength { expected: 12 }),
            ),
        ] {
            assert_eq!(gln_check_digit(first_twelve), check, "{first_twelve}");
        }
    }

    #[test]
    fn one_wrong_digit_is_always_noticed() {
        let good = "5790000123452";
        for place in 0..good.len() {
            for digit in '0'..='9' {
                let mut text: Vec<char> = good.chars().collect();
                if text[place] == digit {
                    continue;
                }
                text[place] = digit;
                let text: String = text.into_iter().collect();
                assert_eq!(
                    check_gln(&text),
                    Err(NumberRefusal::WrongCheckDigit),
                    "{text}"
                );
            }
        }
    }
}
