//! The record of a person and what is said to register or revise one. What it is not: an account
//! to sign in with; that is a user.

use diesel::prelude::*;

use crate::kernel::ids::{CityId, PersonId};
use crate::kernel::instant::Instant;
use crate::schema::people;

crate::text_enum! {
    /// What brings a person to the network.
    pub enum PersonKind {
        /// Elected: mayors, councillors.
        Politician = "POLITICIAN",
        /// Employed by a city or a state.
        Official = "OFFICIAL",
        /// Works with people in neighbourhoods, schools, services.
        Practitioner = "PRACTITIONER",
        /// Researches or teaches.
        Academic = "ACADEMIC",
        /// Of an association or a community.
        CivilSociety = "CIVIL_SOCIETY",
        /// Of a newspaper, a station or another medium.
        Media = "MEDIA",
        /// Of a company or a chamber.
        Business = "BUSINESS",
        /// Of a partner organisation.
        Partner = "PARTNER",
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = people, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Person {
    /// The key.
    pub id: PersonId,
    /// The whole name, as the person writes it.
    pub name: String,
    /// By which lists are sorted.
    pub sort_key: String,
    /// What a search looks in: the folded name and organisation, one on each line.
    pub search_key: String,
    /// The work e-mail.
    pub email: Option<String>,
    /// By which two addresses are the same.
    pub email_key: Option<String>,
    /// The work phone.
    pub phone: Option<String>,
    /// What brings the person to the network.
    pub kind: PersonKind,
    /// Where the person works.
    pub organisation: Option<String>,
    /// The city the person belongs to.
    pub city_id: Option<CityId>,
    /// The language to write in, BCP 47.
    pub language: Option<String>,
    /// When the person was registered.
    pub created_at: Instant,
    /// When the record was last revised.
    pub updated_at: Instant,
    /// Grows by one with each revision.
    pub version: i32,
}

/// What is said of a person, when registered and when revised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The whole name.
    pub name: String,
    /// What brings the person to the network.
    pub kind: PersonKind,
    /// The work e-mail.
    pub email: Option<String>,
    /// The work phone.
    pub phone: Option<String>,
    /// Where the person works.
    pub organisation: Option<String>,
    /// The city the person belongs to.
    pub city_id: Option<CityId>,
    /// The language to write in, BCP 47.
    pub language: Option<String>,
}

impl NewPerson {
    /// Somebody of whom nothing but name and kind is known.
    #[must_use]
    pub fn named(name: impl Into<String>, kind: PersonKind) -> Self {
        Self {
            name: name.into(),
            kind,
            email: None,
            phone: None,
            organisation: None,
            city_id: None,
            language: None,
        }
    }
}

/// A person as it shall be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// Who.
    pub id: PersonId,
    /// The version that was read.
    pub version: i32,
    /// Everything, as it shall be.
    pub person: NewPerson,
}

/// Somebody who is registered, or is to be registered along the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonChoice {
    /// A registered person.
    Known(PersonId),
    /// A person to register.
    New(NewPerson),
}

/// Which people a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PersonFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<PersonKind>>,
    /// Of one of these cities.
    pub city: Option<Vec<CityId>>,
    /// The name or organisation contains this; accents and case do not matter.
    pub search: Option<String>,
    /// Revised at or after.
    pub updated_from: Option<Instant>,
    /// Revised before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How people are sorted.
    pub enum PersonOrder {
        /// By name, A first.
        NameAsc = "NAME_ASC",
        /// By name, Z first.
        NameDesc = "NAME_DESC",
        /// By last revision, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last revision, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
