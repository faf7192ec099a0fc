//! Amounts as the readers of a locale write them, by the data of Unicode CLDR: `75.000,00 kr.` in
//! Denmark, `DKK 75,000.00` in Britain. It is not the interface's own spelling of an amount
//! (`Money::amount`), and nothing reads these texts back.
//!
//! The patterns, symbols and separators come with ICU4X, compiled into the program. Three things
//! are set right here by handing ICU4X its data through [`MoneyData`]: the decimals are those of
//! ISO 4217, because CLDR leaves them out where cash has none (a forint invoice would lose its
//! fillér); two locales get the separators that CLDR gives to money only, which ICU4X does not
//! read yet; and a currency without a symbol in a locale is no cause for a line in the log.

use std::cell::Cell;
use std::fmt;

use fixed_decimal::Decimal;
use icu_decimal::provider::{
    Baked as Numbers, DecimalDigitsV1, DecimalSymbolStrsBuilder, DecimalSymbols, DecimalSymbolsV1,
};
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_experimental::dimension::currency::options::CurrencyFormatterOptions;
use icu_experimental::dimension::provider::currency::essentials::CurrencyEssentialsV1;
use icu_experimental::dimension::provider::currency::fractions::{
    CurrencyFractions, CurrencyFractionsV1, FractionInfo,
};
use icu_experimental::dimension::provider::currency::no_currency::CurrencyPatternsNoCurrencyV1;
use icu_experimental::dimension::provider::currency::symbols::{
    CurrencyDecimalSymbolsV1, CurrencySymbolsV1,
};
use icu_experimental::provider::Baked as Currencies;
use icu_locale_core::{Locale, locale};
use icu_provider::prelude::*;

use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;

/// A language and region whose way of writing money is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyLocale(Locale);

impl MoneyLocale {
    /// Danish as in Denmark, the default of the interface.
    pub const DANISH: Self = Self(locale!("da-DK"));

    /// The locale of a language tag (BCP 47) such as `da-DK` or `fr`.
    ///
    /// # Errors
    /// [`LocaleRefusal::NotATag`] when the text is not of that form, and
    /// [`LocaleRefusal::Unknown`] when the data compiled in (CLDR's modern coverage) have nothing about
    /// the language: no other language's way is put in its place.
    pub fn parse(tag: &str) -> Result<Self, LocaleRefusal> {
        let locale = Locale::try_from_str(tag).map_err(|_| LocaleRefusal::NotATag)?;
        let known = Self(locale);
        known.write(Money::zero(Currency::DKK))?;
        Ok(known)
    }

    fn write(&self, money: Money) -> Result<String, LocaleRefusal> {
        let currency = CurrencyType::try_from_str(money.currency.code())
            .map_err(|_| LocaleRefusal::Unknown)?;
        let data = MoneyData {
            exponent: money.currency.exponent(),
            own_data: Cell::new(WRITTEN_AS_ROOT.contains(&self.0.id.language.as_str())),
        };
        let formatter = CurrencyFormatter::try_new_symbol_unstable(
            &data,
            (&self.0).into(),
            currency,
            CurrencyFormatterOptions::default(),
        )
        .map_err(|_| LocaleRefusal::Unknown)?;
        if !data.own_data.get() {
            return Err(LocaleRefusal::Unknown);
        }

        let mut decimal = Decimal::from(money.minor);
        decimal.multiply_pow10(-i16::from(money.currency.exponent()));
        Ok(formatter.format_fixed_decimal(&decimal).to_string())
    }
}

impl fmt::Display for MoneyLocale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Money {
    /// The amount as readers of the locale write it, with all decimals of the currency. The spaces
    /// in it do not break (U+00A0, U+202F).
    ///
    /// # Errors
    /// [`LocaleRefusal::Unknown`] when the data of the locale lack a part; a locale that
    /// [`MoneyLocale::parse`] has accepted has all parts.
    pub fn formatted(self, locale: &MoneyLocale) -> Result<String, LocaleRefusal> {
        locale.write(self)
    }
}

/// Why a locale cannot be used for money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocaleRefusal {
    /// The text is not a language tag.
    NotATag,
    /// It is one, but how money is written there is not known.
    Unknown,
}

impl LocaleRefusal {
    /// What is wrong, for the user.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NotATag => Phrase::new(
                "This is not a language tag such as da-DK, en-GB or fr.",
                "Dette er ikke et sprogmærke som da-DK, en-GB eller fr.",
            ),
            Self::Unknown => Phrase::new(
                "How this language writes money is not known here. Use a tag such as da-DK or en-GB.",
                "Det vides ikke, hvordan beløb skrives på dette sprog. Brug et sprogmærke som da-DK eller en-GB.",
            ),
        }
    }
}

impl fmt::Display for LocaleRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().en)
    }
}

impl std::error::Error for LocaleRefusal {}

/// The separators that CLDR gives to money alone (`currencyGroup`, `currencyDecimal`): language,
/// region, group, decimal. In all other locales money and numbers share their separators.
const MONEY_SEPARATORS: [(&str, &str, Option<&str>, Option<&str>); 2] =
    [("de", "AT", Some("."), None), ("fr", "CH", None, Some("."))];

/// Languages whose patterns and separators are those of the root of CLDR. Nothing is stored for
/// them but symbols, so they would look unknown: Hausa, Nuosu, Maithili, Māori, Mongolian,
/// Quechua, Swahili, Syriac.
const WRITTEN_AS_ROOT: [&str; 8] = ["ha", "ii", "mai", "mi", "mn", "qu", "sw", "syr"];

/// CLDR's data as ICU4X asks for them while it prepares one currency in one locale.
struct MoneyData {
    /// Decimals of the currency by ISO 4217.
    exponent: u8,
    /// Set when patterns or separators of the language itself were found. Either may be missing:
    /// what is the same as in no language at all (the root of CLDR) is stored only there.
    own_data: Cell<bool>,
}

impl MoneyData {
    fn note_origin(&self, asked: &DataLocale, served: Option<&DataLocale>) {
        if !served.unwrap_or(asked).is_unknown() {
            self.own_data.set(true);
        }
    }
}

impl DataProvider<CurrencyEssentialsV1> for MoneyData {
    fn load(&self, req: DataRequest) -> Result<DataResponse<CurrencyEssentialsV1>, DataError> {
        let response: DataResponse<CurrencyEssentialsV1> = Currencies.load(req)?;
        self.note_origin(req.id.locale, response.metadata.locale.as_ref());
        Ok(response)
    }
}

#[expect(
    clippy::default_trait_access,
    reason = "the empty map of exceptions is of a crate that is not named here otherwise"
)]
impl DataProvider<CurrencyFractionsV1> for MoneyData {
    fn load(&self, _: DataRequest) -> Result<DataResponse<CurrencyFractionsV1>, DataError> {
        let default = FractionInfo {
            digits: self.exponent,
            ..FractionInfo::default()
        };
        Ok(DataResponse {
            metadata: DataResponseMetadata::default(),
            payload: DataPayload::from_owned(CurrencyFractions {
                fractions: Default::default(),
                default,
            }),
        })
    }
}

impl DataProvider<DecimalSymbolsV1> for MoneyData {
    fn load(&self, req: DataRequest) -> Result<DataResponse<DecimalSymbolsV1>, DataError> {
        let response: DataResponse<DecimalSymbolsV1> = Numbers.load(req)?;
        let locale = req.id.locale;
        self.note_origin(locale, response.metadata.locale.as_ref());
        let own = MONEY_SEPARATORS.into_iter().find(|(language, region, ..)| {
            locale.language.as_str() == *language
                && locale.region.is_some_and(|r| r.as_str() == *region)
        });
        let Some((.., group, decimal)) = own else {
            return Ok(response);
        };

        let numbers = response.payload.get();
        let mut strings: DecimalSymbolStrsBuilder<'_> = (&*numbers.strings).into();
        if let Some(group) = group {
            strings.grouping_separator = group.into();
        }
        if let Some(decimal) = decimal {
            strings.decimal_separator = decimal.into();
        }
        let symbols = DecimalSymbols {
            strings: strings.build(),
            grouping_sizes: numbers.grouping_sizes,
        };
        Ok(DataResponse {
            metadata: response.metadata.clone(),
            payload: DataPayload::from_owned(symbols),
        })
    }
}

impl DataProvider<CurrencySymbolsV1> for MoneyData {
    fn load(&self, mut req: DataRequest) -> Result<DataResponse<CurrencySymbolsV1>, DataError> {
        req.metadata.silent = true;
        Currencies.load(req)
    }
}

impl DataProvider<CurrencyPatternsNoCurrencyV1> for MoneyData {
    fn load(
        &self,
        req: DataRequest,
    ) -> Result<DataResponse<CurrencyPatternsNoCurrencyV1>, DataError> {
        Currencies.load(req)
    }
}

impl DataProvider<CurrencyDecimalSymbolsV1> for MoneyData {
    fn load(&self, req: DataRequest) -> Result<DataResponse<CurrencyDecimalSymbolsV1>, DataError> {
        Currencies.load(req)
    }
}

impl DataProvider<DecimalDigitsV1> for MoneyData {
    fn load(&self, req: DataRequest) -> Result<DataResponse<DecimalDigitsV1>, DataError> {
        Numbers.load(req)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;

    fn shown(minor: i64, code: &str, tag: &str) -> String {
        Money::new(minor, Currency::parse(code).unwrap())
            .formatted(&MoneyLocale::parse(tag).unwrap())
            .unwrap()
    }

    /// The expected texts are those of `Intl.NumberFormat` with CLDR 48 (ICU 78), but for the
    /// group separator of `fr-CH`, which is an apostrophe in CLDR 49.
    #[test]
    fn writes_money_as_each_locale_does() {
        for (tag, fee, debit) in [
            ("da-DK", "75.000,00\u{a0}kr.", "-1.234,50\u{a0}kr."),
            ("da", "75.000,00\u{a0}kr.", "-1.234,50\u{a0}kr."),
            ("en-GB", "DKK\u{a0}75,000.00", "-DKK\u{a0}1,234.50"),
            ("en-US", "DKK\u{a0}75,000.00", "-DKK\u{a0}1,234.50"),
            ("de-DE", "75.000,00\u{a0}DKK", "-1.234,50\u{a0}DKK"),
            ("de-CH", "DKK\u{a0}75'000.00", "DKK-1'234.50"),
            ("de-AT", "DKK\u{a0}75.000,00", "-DKK\u{a0}1.234,50"),
            (
                "nb-NO",
                "75\u{a0}000,00\u{a0}DKK",
                "\u{2212}1\u{a0}234,50\u{a0}DKK",
            ),
            (
                "sv-SE",
                "75\u{a0}000,00\u{a0}Dkr",
                "\u{2212}1\u{a0}234,50\u{a0}Dkr",
            ),
            (
                "fr-FR",
                "75\u{202f}000,00\u{a0}DKK",
                "-1\u{202f}234,50\u{a0}DKK",
            ),
            ("fr-CH", "75'000.00\u{a0}DKK", "-1'234.50\u{a0}DKK"),
            ("nl-NL", "DKK\u{a0}75.000,00", "DKK\u{a0}-1.234,50"),
            ("es-ES", "75.000,00\u{a0}DKK", "-1234,50\u{a0}DKK"),
            ("pt-PT", "75\u{a0}000,00\u{a0}DKK", "-1234,50\u{a0}DKK"),
            ("it-IT", "75.000,00\u{a0}DKK", "-1234,50\u{a0}DKK"),
            ("pl-PL", "75\u{a0}000,00\u{a0}DKK", "-1234,50\u{a0}DKK"),
            (
                "fi-FI",
                "75\u{a0}000,00\u{a0}DKK",
                "\u{2212}1\u{a0}234,50\u{a0}DKK",
            ),
            ("is-IS", "75.000,00\u{a0}DKK", "-1.234,50\u{a0}DKK"),
            ("tr-TR", "DKK\u{a0}75.000,00", "-DKK\u{a0}1.234,50"),
            (
                "uk-UA",
                "75\u{a0}000,00\u{a0}DKK",
                "-1\u{a0}234,50\u{a0}DKK",
            ),
            ("el-GR", "75.000,00\u{a0}DKK", "-1.234,50\u{a0}DKK"),
            ("pt-BR", "DKK\u{a0}75.000,00", "-DKK\u{a0}1.234,50"),
            ("sw", "DKK\u{a0}75,000.00", "-DKK\u{a0}1,234.50"),
            ("ja-JP", "DKK\u{a0}75,000.00", "-DKK\u{a0}1,234.50"),
            (
                "ar-EG",
                "\u{200f}\u{667}\u{665}\u{66c}\u{660}\u{660}\u{660}\u{66b}\u{660}\u{660}\u{a0}DKK",
                "\u{61c}-\u{200f}\u{661}\u{66c}\u{662}\u{663}\u{664}\u{66b}\u{665}\u{660}\u{a0}DKK",
            ),
        ] {
            assert_eq!(shown(7_500_000, "DKK", tag), fee, "{tag}");
            assert_eq!(shown(-123_450, "DKK", tag), debit, "{tag}");
        }
    }

    #[test]
    fn writes_every_currency_with_its_own_decimals() {
        for (minor, code, tag, text) in [
            (123_456, "EUR", "da-DK", "1.234,56\u{a0}€"),
            (123_456, "EUR", "en-GB", "€1,234.56"),
            (123_456, "EUR", "de-AT", "€\u{a0}1.234,56"),
            (75_000, "JPY", "en-US", "¥75,000"),
            (75_000, "JPY", "da-DK", "75.000\u{a0}JP¥"),
            (1_234_567, "KWD", "da-DK", "1.234,567\u{a0}KWD"),
            (5, "DKK", "da-DK", "0,05\u{a0}kr."),
            (0, "DKK", "da-DK", "0,00\u{a0}kr."),
            // CLDR shows no decimals of these; an invoice has them.
            (123_450, "HUF", "hu-HU", "1234,50\u{a0}Ft"),
            (123_450, "ALL", "en-GB", "ALL\u{a0}1,234.50"),
            (
                i64::MAX,
                "DKK",
                "da-DK",
                "92.233.720.368.547.758,07\u{a0}kr.",
            ),
            (
                i64::MIN,
                "DKK",
                "en-GB",
                "-DKK\u{a0}92,233,720,368,547,758.08",
            ),
        ] {
            assert_eq!(shown(minor, code, tag), text, "{code} {tag}");
        }
    }

    #[test]
    fn tags_without_a_known_way_are_refused() {
        for (tag, reason) in [
            ("", LocaleRefusal::NotATag),
            ("d", LocaleRefusal::NotATag),
            ("danish-language-please", LocaleRefusal::NotATag),
            ("da DK", LocaleRefusal::NotATag),
            ("da-", LocaleRefusal::NotATag),
            ("und", LocaleRefusal::Unknown),
            ("xx", LocaleRefusal::Unknown),
            ("tlh-DK", LocaleRefusal::Unknown),
            ("kl-GL", LocaleRefusal::Unknown),
        ] {
            assert_eq!(MoneyLocale::parse(tag), Err(reason), "{tag:?}");
        }
        assert_eq!(MoneyLocale::parse("DA-dk").unwrap(), MoneyLocale::DANISH);
        assert_eq!(MoneyLocale::DANISH.to_string(), "da-DK");
    }
}
