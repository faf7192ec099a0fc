//! How reference data becomes networks and rounds: ids from codes, days from years. What it is
//! not: whether the files are sound; their reader checks that.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, NetworkId, RoundId};
use crate::kernel::instant::Instant;
use crate::registry::networks::model::{Network, ReferenceNetwork, ReferenceRound, Round};

/// The namespace of ids that are made from codes; drawn once, never to be changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0c_1f6e_2a47_4d0b_9c63_7de1_08f4_a2b9);

/// The id of the network with this code, the same in every database.
#[must_use]
pub fn network_id(code: &str) -> NetworkId {
    NetworkId::of(Uuid::new_v5(
        &NAMESPACE,
        format!("network:{code}").as_bytes(),
    ))
}

/// The id of a round, the same in every database.
#[must_use]
pub fn round_id(code: &str, number: u8) -> RoundId {
    RoundId::of(Uuid::new_v5(
        &NAMESPACE,
        format!("round:{code}:{number}").as_bytes(),
    ))
}

/// The network as it is stored.
#[must_use]
pub fn network(reference: &ReferenceNetwork, now: Instant) -> Network {
    Network {
        id: network_id(&reference.code),
        code: reference.code.clone(),
        kind: reference.kind,
        country: reference.country.clone(),
        name_en: reference.name.en.clone(),
        name_da: reference.name.da.clone(),
        local_name: reference.local_name.clone(),
        abbreviation: reference.abbreviation.clone(),
        created_at: now,
        updated_at: now,
    }
}

/// The round as it is stored: from 1 January of its first year to the end of its last.
///
/// # Errors
/// A fault of ours for years or counts that no reader of the files lets pass.
pub fn round(code: &str, reference: &ReferenceRound) -> Result<Round> {
    let new_year = |year: i32| {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("round of {code}: the year {year}")))
    };
    Ok(Round {
        id: round_id(code, reference.number),
        network_id: network_id(code),
        number: i32::from(reference.number),
        name_en: reference.name.en.clone(),
        name_da: reference.name.da.clone(),
        starts_on: new_year(i32::from(reference.first_year))?,
        ends_on: reference
            .last_year
            .map(|year| new_year(i32::from(year) + 1))
            .transpose()?,
        expected_cities: reference
            .expected_cities
            .map(i32::try_from)
            .transpose()
            .map_err(|error| Error::Internal(error.into()))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::phrase::Phrase;

    #[test]
    fn ids_are_of_the_code_alone() {
        assert_eq!(network_id("spain"), network_id("spain"));
        assert_ne!(network_id("spain"), network_id("norway"));
        assert_ne!(round_id("spain", 1), round_id("spain", 2));
        assert_ne!(round_id("spain", 1).uuid(), network_id("spain").uuid());
        assert_eq!(
            network_id("intercultural-cities").uuid().get_version_num(),
            5
        );
    }

    #[test]
    fn a_round_runs_over_whole_years() {
        let of = |first_year, last_year| ReferenceRound {
            number: 2,
            name: Phrase::new("Second generation", "Anden generation"),
            first_year,
            last_year,
            expected_cities: Some(11),
        };
        let day = |text: &str| crate::kernel::period::parse_date(text).unwrap();
        let round_of = |first, last| round("intercultural-cities", &of(first, last)).unwrap();
        let second = round_of(2010, Some(2012));
        assert_eq!(second.starts_on, day("2010-01-01"));
        assert_eq!(second.ends_on, Some(day("2013-01-01")));
        assert_eq!(second.expected_cities, Some(11));
        assert_eq!(round_of(2008, None).ends_on, None);
    }
}
