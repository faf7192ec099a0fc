//! The record of a network and of its rounds, and what reference data says of them. What it is
//! not: the reading of files; that is the programme's.

use diesel::prelude::*;

use crate::kernel::ids::{NetworkId, RoundId};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;
use crate::schema::{networks, rounds};

crate::text_enum! {
    /// How far a network reaches.
    pub enum NetworkKind {
        /// The one network of all countries; a city's status is its status here.
        International = "INTERNATIONAL",
        /// The network of the cities of one country.
        National = "NATIONAL",
    }
}

/// A network of cities.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = networks, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Network {
    /// The key, made from the code.
    pub id: NetworkId,
    /// The word by which files name the network.
    pub code: String,
    /// How far it reaches.
    pub kind: NetworkKind,
    /// ISO 3166-1 alpha-2, of a national network.
    pub country: Option<String>,
    /// The English name.
    pub name_en: String,
    /// The Danish name.
    pub name_da: String,
    /// The name the network itself uses, where it differs.
    pub local_name: Option<String>,
    /// The short form the network itself uses.
    pub abbreviation: Option<String>,
    /// When it was first loaded.
    pub created_at: Instant,
    /// When the reference data last changed it.
    pub updated_at: Instant,
}

/// A round of a network's growth.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = rounds, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Round {
    /// The key, made from the network's code and the number.
    pub id: RoundId,
    /// The network.
    pub network_id: NetworkId,
    /// 1 is the first round.
    pub number: i32,
    /// The English name.
    pub name_en: String,
    /// The Danish name.
    pub name_da: String,
    /// The first day.
    pub starts_on: chrono::NaiveDate,
    /// The day after the last; none when no end is known.
    pub ends_on: Option<chrono::NaiveDate>,
    /// How many cities the sources count in it.
    pub expected_cities: Option<i32>,
}

/// What reference data says of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceNetwork {
    /// The word by which files name the network; it never changes.
    pub code: String,
    /// How far it reaches.
    pub kind: NetworkKind,
    /// ISO 3166-1 alpha-2, of a national network.
    pub country: Option<String>,
    /// The name in both languages.
    pub name: Phrase,
    /// The name the network itself uses, where it differs.
    pub local_name: Option<String>,
    /// The short form the network itself uses.
    pub abbreviation: Option<String>,
    /// The rounds of its growth.
    pub rounds: Vec<ReferenceRound>,
}

/// What reference data says of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRound {
    /// 1 is the first round.
    pub number: u8,
    /// The name in both languages.
    pub name: Phrase,
    /// The calendar year it began in.
    pub first_year: u16,
    /// The calendar year it ended with; none when no end is known.
    pub last_year: Option<u16>,
    /// How many cities the sources count in it.
    pub expected_cities: Option<u32>,
}
