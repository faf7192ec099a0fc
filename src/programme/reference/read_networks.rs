//! Reads the networks and their rounds. A pure function from the text of `networks.toml` to checked values;
//! which city is in which network is not reference data.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    checks::{
        Bilingual, Place, RawSource, code, country, decode, phrase, slug, sound_if_given, source,
        sources, unique, year,
    },
    codes::NetworkLevel,
    error::ReferenceError,
    load::ReferenceFile,
    model::{Network, NetworkRound, Source},
};

/// Reads `networks.toml`: one international network, any number of national ones, every slug once.
///
/// # Errors
/// The text is not such a file.
pub fn parse_networks(text: &str) -> Result<Vec<Network>, ReferenceError> {
    let file = ReferenceFile::Networks.name();
    let raw: NetworksFile = decode(file, text)?;
    let sources = sources(file, raw.sources)?;
    let networks = raw
        .network
        .into_iter()
        .map(|raw| network(file, &sources, raw))
        .collect::<Result<Vec<_>, _>>()?;
    let slugs: Vec<_> = networks.iter().map(|row| row.slug.as_str()).collect();
    unique(file, "network", &slugs)?;
    let international = networks
        .iter()
        .filter(|row| row.level == NetworkLevel::International)
        .count();
    if international == 1 {
        Ok(networks)
    } else {
        let item = "all networks".to_owned();
        Err(Place { file, item }.fault(format!(
            "there must be one international network, here are {international}"
        )))
    }
}

fn network(
    file: &'static str,
    sources: &BTreeMap<String, Source>,
    raw: RawNetwork,
) -> Result<Network, ReferenceError> {
    let item = format!("network {}", raw.slug);
    let place = Place { file, item };
    let level = code(&place, &raw.level)?;
    let country = raw.country.map(|text| country(&place, text)).transpose()?;
    match (level, &country) {
        (NetworkLevel::National, None) => {
            return Err(place.fault("a national network needs a country"));
        }
        (NetworkLevel::International, Some(_)) => {
            return Err(place.fault("the international network has no country"));
        }
        (NetworkLevel::National, Some(_)) | (NetworkLevel::International, None) => {}
    }
    Ok(Network {
        slug: slug(&place, raw.slug)?,
        level,
        country,
        local_name: sound_if_given(&place, "local_name", raw.local_name)?,
        abbreviation: sound_if_given(&place, "abbreviation", raw.abbreviation)?,
        name: phrase(&place, "name", raw.name)?,
        convenor: raw
            .convenor
            .map(|text| phrase(&place, "convenor", text))
            .transpose()?,
        rounds: rounds(&place, raw.round)?,
        source: source(&place, sources, &raw.source)?,
    })
}

/// Rounds stand in the file in their order, without a gap.
fn rounds(place: &Place, raw: Vec<RawRound>) -> Result<Vec<NetworkRound>, ReferenceError> {
    (1_u8..)
        .zip(raw)
        .map(|(number, raw)| {
            if raw.number != number {
                return Err(place.fault(format!(
                    "round {} stands where round {number} should be",
                    raw.number
                )));
            }
            let first_year = year(place, "round.first_year", raw.first_year)?;
            let last_year = raw
                .last_year
                .map(|last| year(place, "round.last_year", last))
                .transpose()?;
            if last_year.is_some_and(|last| last < first_year) {
                return Err(place.fault(format!("round {number} ends before it begins")));
            }
            if raw.city_count == Some(0) {
                return Err(place.fault(format!("round {number} has no city")));
            }
            Ok(NetworkRound {
                number,
                name: phrase(place, "round.name", raw.name)?,
                first_year,
                last_year,
                city_count: raw.city_count,
            })
        })
        .collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworksFile {
    sources: BTreeMap<String, RawSource>,
    network: Vec<RawNetwork>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNetwork {
    slug: String,
    level: String,
    country: Option<String>,
    local_name: Option<String>,
    abbreviation: Option<String>,
    name: Bilingual,
    convenor: Option<Bilingual>,
    #[serde(default)]
    round: Vec<RawRound>,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRound {
    number: u8,
    name: Bilingual,
    first_year: u16,
    last_year: Option<u16>,
    city_count: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::reference::checks::refusal;

    #[test]
    fn a_faulty_network_is_refused_by_name() {
        let file = ReferenceFile::Networks.compiled_in();
        for (passage, replacement, expected) in [
            (
                "country = \"IT\"\n",
                "",
                "networks.toml: network italy: a national network needs a country",
            ),
            (
                "level = \"INTERNATIONAL\"",
                "level = \"INTERNATIONAL\"\ncountry = \"FR\"",
                "networks.toml: network intercultural-cities: the international network has no country",
            ),
            (
                "level = \"INTERNATIONAL\"",
                "level = \"NATIONAL\"\ncountry = \"FR\"",
                "networks.toml: all networks: there must be one international network, here are 0",
            ),
            (
                "level = \"NATIONAL\"\ncountry = \"IT\"",
                "level = \"INTERNATIONAL\"",
                "networks.toml: all networks: there must be one international network, here are 2",
            ),
            (
                "country = \"GB\"",
                "country = \"UK\"",
                "networks.toml: network united-kingdom: country \"UK\" is not an ISO 3166-1 alpha-2 code",
            ),
            (
                "slug = \"spain\"",
                "slug = \"norway\"",
                "networks.toml: network norway: stands there more than once",
            ),
            (
                "number = 2",
                "number = 3",
                "networks.toml: network intercultural-cities: round 3 stands where round 2 should be",
            ),
            (
                "last_year = 2012",
                "last_year = 2009",
                "networks.toml: network intercultural-cities: round 2 ends before it begins",
            ),
            (
                "city_count = 11",
                "city_count = 0",
                "networks.toml: network intercultural-cities: round 1 has no city",
            ),
            (
                "abbreviation = \"RECI\"",
                "abbreviation = \"\"",
                "networks.toml: network spain: abbreviation is empty",
            ),
        ] {
            assert_eq!(
                refusal(parse_networks, file, passage, replacement),
                expected
            );
        }
    }
}
