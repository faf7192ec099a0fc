//! Amounts as banks write them, without floating point. What it is not: how the interface writes them;
//! that is in `kernel::money`.

use crate::finance::bank::fault::{Fault, FaultCode, Spot};
use crate::kernel::money::Currency;

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoAmount {
    /// It is no number of this form.
    Malformed,
    /// It is a part of the smallest unit of the currency.
    TooManyDecimals,
    /// It does not fit.
    TooLarge,
}

impl NoAmount {
    /// What is wrong, for the user.
    pub(super) fn fault(self, spot: &Spot, text: &str) -> Fault {
        let said: String = text.chars().take(40).collect();
        let (en, da) = match self {
            Self::Malformed => ("is no amount", "er ikke et beløb"),
            Self::TooManyDecimals => (
                "has more decimals than its currency",
                "har flere decimaler end sin valuta",
            ),
            Self::TooLarge => ("is too large", "er for stort"),
        };
        Fault::at(
            spot,
            FaultCode::Amount,
            format!("{said:?} {en}."),
            format!("{said:?} {da}."),
        )
    }
}

/// The amount of an XML decimal, not below zero, in minor units: `75000.00`, `75000.00000`, `0075000`. Decimals
/// that the currency does not have must be zeros.
pub(super) fn decimal(text: &str, currency: Currency) -> Result<i64, NoAmount> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && decimals.is_empty() {
        return Err(NoAmount::Malformed);
    }
    minor(whole, decimals, currency)
}

/// How a table writes its amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `1.234,56`
    Comma,
    /// `1,234.56`
    Point,
}

impl Style {
    const fn signs(self) -> (char, char) {
        match self {
            Self::Comma => (',', '.'),
            Self::Point => ('.', ','),
        }
    }
}

/// The amount of a cell in minor units: `-1.234,56`, `1234,5`, `1.234,56-`, in the style of its table.
pub(super) fn cell(text: &str, style: Style, currency: Currency) -> Result<i64, NoAmount> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => match text.strip_suffix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        },
    };
    let (decimal, grouping) = style.signs();
    let (whole, decimals) = match digits.split_once(decimal) {
        Some((_, "")) => return Err(NoAmount::Malformed),
        Some(parts) => parts,
        None => (digits, ""),
    };
    let whole = ungrouped(whole, grouping).ok_or(NoAmount::Malformed)?;
    let minor = minor(&whole, decimals, currency)?;
    Ok(if negative {
        minor.saturating_neg()
    } else {
        minor
    })
}

/// The digits of a whole number whose groups of three may be parted by one sign, or by blanks.
fn ungrouped(whole: &str, grouping: char) -> Option<String> {
    let sign = [grouping, ' ', '\u{a0}', '\u{202f}', '\'']
        .into_iter()
        .find(|sign| whole.contains(*sign));
    let Some(sign) = sign else {
        return (!whole.is_empty()).then(|| whole.to_owned());
    };
    let mut groups = whole.split(sign);
    let first = groups.next()?;
    let sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    sound.then(|| whole.chars().filter(|one| *one != sign).collect())
}

fn minor(whole: &str, decimals: &str, currency: Currency) -> Result<i64, NoAmount> {
    if !whole
        .bytes()
        .chain(decimals.bytes())
        .all(|byte| byte.is_ascii_digit())
    {
        return Err(NoAmount::Malformed);
    }
    let exponent = usize::from(currency.exponent());
    let kept = decimals
        .get(..exponent.min(decimals.len()))
        .unwrap_or_default();
    let dropped = decimals.get(kept.len()..).unwrap_or_default();
    if dropped.bytes().any(|digit| digit != b'0') {
        return Err(NoAmount::TooManyDecimals);
    }
    let zeros = exponent.saturating_sub(kept.len());
    whole
        .chars()
        .chain(kept.chars())
        .filter_map(|character| character.to_digit(10))
        .chain(std::iter::repeat_n(0, zeros))
        .try_fold(0_i64, |units, digit| {
            units.checked_mul(10)?.checked_add(i64::from(digit))
        })
        .ok_or(NoAmount::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_xml() {
        let yen = Currency::parse("JPY").unwrap();
        for (text, currency, expected) in [
            ("75000.00", Currency::DKK, Ok(7_500_000)),
            ("75000.00000", Currency::DKK, Ok(7_500_000)),
            ("0075000", Currency::DKK, Ok(7_500_000)),
            ("+1.5", Currency::DKK, Ok(150)),
            (".5", Currency::DKK, Ok(50)),
            ("1.", Currency::DKK, Ok(100)),
            ("0", Currency::DKK, Ok(0)),
            ("12", yen, Ok(12)),
            ("12.0", yen, Ok(12)),
            ("12.5", yen, Err(NoAmount::TooManyDecimals)),
            ("1.005", Currency::DKK, Err(NoAmount::TooManyDecimals)),
            ("", Currency::DKK, Err(NoAmount::Malformed)),
            (".", Currency::DKK, Err(NoAmount::Malformed)),
            ("-1", Currency::DKK, Err(NoAmount::Malformed)),
            ("1,00", Currency::DKK, Err(NoAmount::Malformed)),
            ("1e5", Currency::DKK, Err(NoAmount::Malformed)),
            ("٣", Currency::DKK, Err(NoAmount::Malformed)),
            ("92233720368547758.07", Currency::DKK, Ok(i64::MAX)),
            (
                "92233720368547758.08",
                Currency::DKK,
                Err(NoAmount::TooLarge),
            ),
        ] {
            assert_eq!(decimal(text, currency), expected, "{text}");
        }
    }

    #[test]
    fn cells_of_tables() {
        let (comma, point) = (Style::Comma, Style::Point);
        for (text, style, expected) in [
            ("75.000,00", comma, Ok(7_500_000)),
            ("-1.234,56", comma, Ok(-123_456)),
            ("\u{2212}1234,5", comma, Ok(-123_450)),
            ("1.234,56-", comma, Ok(-123_456)),
            ("+12", comma, Ok(1_200)),
            (" 1 234,00 ", comma, Ok(123_400)),
            ("75.000", comma, Ok(7_500_000)),
            ("75000.00", comma, Err(NoAmount::Malformed)),
            ("1.23,00", comma, Err(NoAmount::Malformed)),
            ("75,000.00", point, Ok(7_500_000)),
            ("75000.00", point, Ok(7_500_000)),
            ("75.000", point, Ok(7_500)),
            ("75.001", point, Err(NoAmount::TooManyDecimals)),
            ("1,", comma, Err(NoAmount::Malformed)),
            ("", comma, Err(NoAmount::Malformed)),
            ("-", comma, Err(NoAmount::Malformed)),
            ("kr. 5", comma, Err(NoAmount::Malformed)),
        ] {
            assert_eq!(cell(text, style, Currency::DKK), expected, "{text}");
        }
    }
}
