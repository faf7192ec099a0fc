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

/// The zone of a country in which every city has the same time; none where it depends on the city.
#[must_use]
pub fn time_zone_of_country(code: &str) -> Option<&'static str> {
    rows_of_zones().find_map(|(country, zone)| (country == code).then_some(zone))
}

fn rows_of_zones() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("../../data/time_zones.csv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split_once(','))
}

/// The zone of this name, in its exact spelling.
#[must_use]
pub fn time_zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_with_one_time_tells_its_zone() {
        for (code, zone) in [
            ("DK", Some("Europe/Copenhagen")),
            ("DE", Some("Europe/Berlin")),
            ("NO", Some("Europe/Oslo")),
            ("ES", None),
            ("AU", None),
            ("XX", None),
        ] {
            assert_eq!(time_zone_of_country(code), zone, "{code}");
        }
        assert!(rows_of_zones().count() > 200);
        for (code, zone) in rows_of_zones() {
            assert_eq!(country(code), Some(code));
            assert!(time_zone(zone).is_some(), "{zone}");
        }
    }
}
