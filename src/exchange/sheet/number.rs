//! Whole numbers and decimals as people write them, without floating point.
//! Not the limits of a column: those are the caller's.

use super::dialect::DecimalSign;

/// Why a text is not the number wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFault {
    /// Not a number as this file writes them.
    Malformed,
    /// More digits after the decimal sign than allowed, zeros included.
    TooManyDecimals,
    /// Does not fit 64 bits.
    TooLarge,
}

/// A number in units of `10^-scale`: `5,25` with scale 4 is 52500.
///
/// Groups of thousands must be whole and must not begin with 0. So a file whose decimal sign is not
/// the one expected is refused where it can be told: `75.00` and `0.984` are no numbers in a file
/// with decimal commas. For the same reason zeros count as decimals: `75.000` never passes as 75.
pub(super) fn parse(text: &str, sign: DecimalSign, scale: usize) -> Result<i64, NumberFault> {
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = match digits.split_once(sign.char()) {
        Some((whole, decimals)) if is_digits(decimals) => (whole, decimals),
        Some(_) => return Err(NumberFault::Malformed),
        None => (digits, ""),
    };
    if !is_digits(whole) && !is_grouped(whole, sign.grouping()) {
        return Err(NumberFault::Malformed);
    }
    let zeros = scale
        .checked_sub(decimals.len())
        .ok_or(NumberFault::TooManyDecimals)?;
    whole
        .chars()
        .chain(decimals.chars())
        .filter_map(|c| c.to_digit(10))
        .chain(std::iter::repeat_n(0, zeros))
        .try_fold(0_i64, |units, digit| {
            let digit = i64::from(digit);
            let shifted = units.checked_mul(10)?;
            if negative {
                shifted.checked_sub(digit)
            } else {
                shifted.checked_add(digit)
            }
        })
        .ok_or(NumberFault::TooLarge)
}

/// The number that [`parse`] reads back to the same units, with exactly `scale` decimals.
pub(super) fn written(units: i64, scale: usize, sign: DecimalSign) -> String {
    let minus = if units < 0 { "-" } else { "" };
    let width = scale.saturating_add(1);
    let digits = format!("{:0width$}", units.unsigned_abs());
    match digits.split_at_checked(digits.len().saturating_sub(scale)) {
        Some((whole, decimals)) if !decimals.is_empty() => {
            format!("{minus}{whole}{}{decimals}", sign.char())
        }
        _ => format!("{minus}{digits}"),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_grouped(text: &str, grouping: char) -> bool {
    let mut groups = text.split(grouping);
    let first = groups.next().unwrap_or_default();
    is_digits(first)
        && first.len() <= 3
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;
    use NumberFault::{Malformed, TooLarge, TooManyDecimals};

    #[test]
    fn numbers_are_read_by_their_decimal_sign() {
        let comma = DecimalSign::Comma;
        let point = DecimalSign::Point;
        let table = [
            ("75.000", comma, 0, Ok(75_000)),
            ("75.00", comma, 2, Err(Malformed)),
            ("75,00", comma, 2, Ok(7_500)),
            ("75.000,00", comma, 2, Ok(7_500_000)),
            ("1.234.567", comma, 0, Ok(1_234_567)),
            ("1234.567", comma, 0, Err(Malformed)),
            ("0.984", comma, 4, Err(Malformed)),
            ("-0,984", comma, 4, Ok(-9_840)),
            ("1,234,567", comma, 6, Err(Malformed)),
            ("75,000", comma, 2, Err(TooManyDecimals)),
            ("75,000", point, 0, Ok(75_000)),
            ("75.000", point, 0, Err(TooManyDecimals)),
            ("75.000", point, 2, Err(TooManyDecimals)),
            ("75,00", point, 2, Err(Malformed)),
            ("-5.3", point, 1, Ok(-53)),
            ("\u{2212}5.3", point, 4, Ok(-53_000)),
            ("+5", point, 0, Ok(5)),
            ("007", point, 0, Ok(7)),
            ("0", point, 2, Ok(0)),
            ("", point, 0, Err(Malformed)),
            ("-", point, 0, Err(Malformed)),
            ("--5", point, 0, Err(Malformed)),
            ("5.", point, 1, Err(Malformed)),
            (".5", point, 1, Err(Malformed)),
            ("5 000", point, 0, Err(Malformed)),
            ("1e5", point, 0, Err(Malformed)),
            ("٣", point, 0, Err(Malformed)),
            ("NaN", point, 0, Err(Malformed)),
            ("9223372036854775807", point, 0, Ok(i64::MAX)),
            ("-9223372036854775808", point, 0, Ok(i64::MIN)),
            ("9223372036854775808", point, 0, Err(TooLarge)),
            ("9223372036854775807", point, 1, Err(TooLarge)),
        ];
        for (text, sign, scale, expected) in table {
            assert_eq!(
                parse(text, sign, scale),
                expected,
                "{text} {sign:?} {scale}"
            );
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        let table = [
            (-53, 1, "-5,3"),
            (-3, 2, "-0,03"),
            (0, 2, "0,00"),
            (7_500_000, 2, "75000,00"),
            (42, 0, "42"),
            (i64::MIN, 0, "-9223372036854775808"),
            (i64::MIN, 19, "-0,9223372036854775808"),
        ];
        for (units, scale, expected) in table {
            let text = written(units, scale, DecimalSign::Comma);
            assert_eq!(text, expected);
            assert_eq!(parse(&text, DecimalSign::Comma, scale), Ok(units));
        }
    }
}
