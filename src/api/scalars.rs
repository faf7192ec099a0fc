//! The scalars of the schema, each with the standard it follows. What it is not: the types of the
//! domain; those are in `kernel` and are read from and written to these.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

use crate::kernel::instant::Instant;

/// A civil date without a time or zone, as `2026-03-15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Date(pub NaiveDate);

/// A civil date without a time or zone, as `2026-03-15`.
#[Scalar(
    name = "Date",
    specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
)]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        read_date(text)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a date is written as YYYY-MM-DD"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Four digits, two and two with hyphens between; chrono would also read `2026-3-5`, and blanks and
/// signs between the digits.
fn read_date(text: &str) -> Option<NaiveDate> {
    let written = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    written.then(|| text.parse().ok()).flatten()
}

/// A moment in UTC as RFC 3339, such as `2026-03-15T09:30:00Z`. Any offset is read.
#[Scalar(
    name = "DateTime",
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time"
)]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        Instant::parse(text).ok_or_else(|| {
            InputValueError::custom("a moment is written as RFC 3339: 2026-03-15T09:30:00Z")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.rfc3339())
    }
}

/// Declares a scalar that travels as text and is checked by a reader.
macro_rules! text_scalar {
    ($(#[$meta:meta])* $name:ident as $graphql:literal, $url:literal, $check:expr, $wrong:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub struct $name(pub String);

        $(#[$meta])*
        #[Scalar(name = $graphql, specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
                let check: fn(&str) -> Option<String> = $check;
                check(&text).map(Self).ok_or_else(|| InputValueError::custom($wrong))
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    };
}

text_scalar!(
    /// A decimal number as text, such as `75000.00`: no exponent, no grouping, a point before the decimals.
    Decimal as "Decimal",
    "https://scalars.graphql.org/chillicream/decimal",
    |text| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, decimals)| (whole, Some(decimals)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (text.len() <= 24 && all_digits(whole) && decimals.is_none_or(all_digits)).then(|| text.to_owned())
    },
    "a decimal is written with digits and a point: 75000.00"
);
text_scalar!(
    /// An e-mail address.
    EmailAddress as "EmailAddress",
    "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address",
    |text| crate::kernel::email::Email::parse(text).ok().map(|email| email.as_str().to_owned()),
    "this is not an e-mail address"
);
text_scalar!(
    /// A country as ISO 3166-1 alpha-2, such as `DK`.
    CountryCode as "CountryCode",
    "https://www.iso.org/iso-3166-country-codes.html",
    |text| crate::kernel::place::country(text).map(str::to_owned),
    "a country is written as two letters of ISO 3166-1: DK"
);
text_scalar!(
    /// A currency as ISO 4217, such as `DKK`.
    CurrencyCode as "CurrencyCode",
    "https://www.iso.org/iso-4217-currency-codes.html",
    |text| crate::kernel::money::Currency::parse(text).ok().map(|currency| currency.code().to_owned()),
    "a currency is written as three letters of ISO 4217: DKK"
);
text_scalar!(
    /// A language as BCP 47, such as `da` or `en-GB`.
    LanguageTag as "LanguageTag",
    "https://www.rfc-editor.org/rfc/rfc5646",
    |text| crate::kernel::place::language_tag(text),
    "a language is written as BCP 47: da, en-GB"
);
text_scalar!(
    /// A time zone of the IANA database, such as `Europe/Copenhagen`.
    TimeZone as "TimeZone",
    "https://www.rfc-editor.org/rfc/rfc6557",
    |text| crate::kernel::place::time_zone(text).map(|zone| zone.name().to_owned()),
    "a time zone is named as in the IANA database: Europe/Copenhagen"
);
text_scalar!(
    /// A web address with http or https, without a user name or password in it.
    WebAddress as "URL",
    "https://url.spec.whatwg.org/",
    |text| url::Url::parse(text).ok().filter(|url| is_public(url) && text.len() <= 2000).map(|_| text.to_owned()),
    "a web address begins with https:// or http:// and has no user name or password"
);

/// Whether everybody may follow the address: a web page, and no credentials, which would be shown to all
/// and could pass for the name of the host.
fn is_public(url: &url::Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads<T: ScalarType>(text: &str) -> bool {
        T::parse(Value::String(text.to_owned())).is_ok()
    }

    #[test]
    fn reads_what_the_standards_write() {
        for (good, bad) in [
            ("2026-03-15", "2026-3-15"),
            ("2028-02-29", "2026-02-29"),
            ("2026-03-15", "2026- 3-15"),
            ("2026-03-15", "+2026-3-15"),
            ("2026-03-15", "2026-03- 5"),
            ("2026-03-15", "2026/03/15"),
        ] {
            assert!(reads::<Date>(good) && !reads::<Date>(bad), "{good} {bad}");
        }
        for (good, bad) in [
            ("75000.00", "75.000,00"),
            ("-1", "+1"),
            ("0.5", ".5"),
            ("1", "1."),
            ("10", "1e1"),
        ] {
            assert!(
                reads::<Decimal>(good) && !reads::<Decimal>(bad),
                "{good} {bad}"
            );
        }
        assert!(
            reads::<CountryCode>("DK")
                && !reads::<CountryCode>("XX")
                && !reads::<CountryCode>("dk")
        );
        assert!(reads::<CurrencyCode>("DKK") && !reads::<CurrencyCode>("KR."));
        assert!(reads::<LanguageTag>("da-DK") && !reads::<LanguageTag>("danish!"));
        assert!(reads::<TimeZone>("Europe/Copenhagen") && !reads::<TimeZone>("Copenhagen"));
        for good in [
            "https://example.org/a",
            "http://example.org",
            "https://example.org/@anna?to=a@b",
        ] {
            assert!(reads::<WebAddress>(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "https://user:pw@example.org",
            "https://user@example.org/",
            "http://:pw@example.org",
        ] {
            assert!(!reads::<WebAddress>(bad), "{bad}");
        }
        assert!(reads::<EmailAddress>("anna@example.org") && !reads::<EmailAddress>("anna"));
        assert!(reads::<Instant>("2026-03-15T09:30:00+01:00") && !reads::<Instant>("2026-03-15"));
    }
}
