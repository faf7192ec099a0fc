//! The codes of places and tongues: countries (ISO 3166-1), languages (BCP 47), time zones (IANA).
//! What it is not: names of countries in languages; imports know those.

use chrono_tz::Tz;

/// The alpha-2 code, if it is assigned.
#[must_use]
pub fn country(code: &str) -> Option<&'static str> {
    let is_upper = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_upper {
        return None;
    }
    // Kosovo has no ISO code of its own; XK is the one that the European institutions use.
    if code == "XK" {
        return Some("XK");
    }
    isocountry::CountryCode::for_alpha2(code)
        .ok()
        .map(|country| country.alpha2())
}

/// The language tag in its usual case, if it is well-formed.
#[must_use]
pub fn language_tag(text: &str) -> Option<String> {
    (text.len() <= 35)
        .then(|| oxilangtag::LanguageTag::parse_and_normalize(text).ok())
        .flatten()
        .map(oxilangtag::LanguageTag::into_inner)
}

/// The zone of this name, in its exact spelling.
#[must_use]
pub fn time_zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}
