//! Countries by ISO 3166-1 alpha-2 code, English name or Danish name.
//! Not which countries the network has members in. The names are in `data/countries.csv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The alpha-2 code, in capitals, of a country named by its code or by a name.
///
/// Case, accents, the spelling of æøå and everything but letters are of no account. A name that two
/// countries share (`Congo`) names none.
pub(super) fn code_of(text: &str) -> Option<&'static str> {
    COUNTRIES.get(&fold(text)).copied()
}

/// ISO 3166-1 codes; English and Danish territory names of Unicode CLDR; our own further names.
const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/countries.csv"));

static COUNTRIES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut countries = HashMap::new();
    for (code, names) in lines() {
        countries.insert(fold(code), code);
        for name in names.split([',', '|']).filter(|name| !name.is_empty()) {
            countries.insert(fold(name), code);
        }
    }
    countries
});

/// The code and the names of each country; the file has no quoted cells.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split_once(','))
}

fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.nfc().flat_map(char::to_lowercase) {
        match c {
            'æ' | 'ä' => folded.push_str("ae"),
            'ø' | 'ö' => folded.push_str("oe"),
            'å' => folded.push_str("aa"),
            '&' => folded.push_str("and"),
            c => folded.extend(
                c.nfd()
                    .filter(|part| part.is_alphanumeric() && !is_combining_mark(*part)),
            ),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_by_code_and_name() {
        let table = [
            ("DK", Some("DK")),
            ("dk", Some("DK")),
            ("Denmark", Some("DK")),
            ("DANMARK", Some("DK")),
            ("Østrig", Some("AT")),
            ("oestrig", Some("AT")),
            ("Grækenland", Some("GR")),
            ("Tyrkiet", Some("TR")),
            ("Türkiye", Some("TR")),
            ("Turkey", Some("TR")),
            ("UK", Some("GB")),
            ("Great Britain", Some("GB")),
            ("USA", Some("US")),
            ("Czech Republic", Some("CZ")),
            ("Tjekkiet", Some("CZ")),
            ("Bosnia and Herzegovina", Some("BA")),
            ("Cote d'Ivoire", Some("CI")),
            ("Holland", Some("NL")),
            ("Island", Some("IS")),
            ("A\u{30a}land", Some("AX")),
            ("Congo", None),
            ("DNK", None),
            ("Atlantis", None),
            ("-", None),
            ("", None),
        ];
        for (text, code) in table {
            assert_eq!(code_of(text), code, "{text}");
        }
    }

    #[test]
    fn the_table_has_exactly_the_codes_of_the_standard() {
        let ours: Vec<&str> = lines().map(|(code, _)| code).collect();
        let mut standard: Vec<&str> = isocountry::CountryCode::iter_alpha2()
            .map(isocountry::CountryCode::alpha2)
            .collect();
        standard.sort_unstable();
        assert_eq!(ours, standard);
    }

    #[test]
    fn every_name_is_one_country_only_and_both_languages_are_there() {
        let mut owners: HashMap<String, &str> = HashMap::new();
        for (code, names) in lines() {
            let fields: Vec<&str> = names.split(',').collect();
            assert_eq!(fields.len(), 3, "{code}");
            assert!(!fields[0].is_empty() && !fields[1].is_empty(), "{code}");
            let all = fields.iter().flat_map(|field| field.split('|'));
            for name in all.chain([code]).filter(|name| !name.is_empty()) {
                let owner = *owners.entry(fold(name)).or_insert(code);
                assert_eq!(owner, code, "{name}");
            }
        }
    }
}
