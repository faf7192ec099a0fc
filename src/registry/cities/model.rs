//! The record of a city and what is said to register or revise one. What it is not: its
//! memberships; those are a slice of their own.

use diesel::prelude::*;

use crate::kernel::ids::CityId;
use crate::kernel::instant::Instant;
use crate::schema::{cities, city_names};

/// A city.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = cities, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct City {
    /// The key.
    pub id: CityId,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The name the network uses, in English or the city's own spelling.
    pub name: String,
    /// By which two names are the same.
    pub name_key: String,
    /// By which lists are sorted.
    pub sort_key: String,
    /// What a search looks in: the folded names in all languages, one on each line.
    pub search_key: String,
    /// Inhabitants.
    pub population: Option<i64>,
    /// The year of the figure.
    pub population_year: Option<i32>,
    /// Where the figure comes from.
    pub population_source: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// IANA zone.
    pub time_zone: String,
    /// Danish company number.
    pub cvr: Option<String>,
    /// Global location number, the electronic mailbox of a public buyer.
    pub gln: Option<String>,
    /// The city in GeoNames.
    pub geonames_id: Option<i64>,
    /// The name on invoices.
    pub invoice_name: Option<String>,
    /// Street and number on invoices.
    pub invoice_street: Option<String>,
    /// Postal code on invoices.
    pub invoice_postal_code: Option<String>,
    /// Town on invoices.
    pub invoice_town: Option<String>,
    /// Where invoices are mailed to.
    pub invoice_email: Option<String>,
    /// What the city wants to read on each invoice.
    pub order_reference: Option<String>,
    /// The city that this one became part of.
    pub successor_id: Option<CityId>,
    /// When it did.
    pub succeeded_on: Option<chrono::NaiveDate>,
    /// The first day of the first membership; from then on the public sees the city.
    pub public_since: Option<chrono::NaiveDate>,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last revised.
    pub updated_at: Instant,
    /// Grows by one with each revision.
    pub version: i32,
}

/// A name of a city in a language.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = city_names, treat_none_as_default_value = false)]
pub struct LocalName {
    /// The city.
    pub city_id: CityId,
    /// BCP 47.
    pub language: String,
    /// The name.
    pub name: String,
    /// The folded name.
    pub search_key: String,
}

/// Everything about a city that can be said when it is registered and revised later.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CityDetails {
    /// Names in languages: BCP 47 tag and name.
    pub names: Vec<(String, String)>,
    /// Inhabitants.
    pub population: Option<i64>,
    /// The year of the figure.
    pub population_year: Option<i32>,
    /// Where the figure comes from.
    pub population_source: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Danish company number.
    pub cvr: Option<String>,
    /// Global location number.
    pub gln: Option<String>,
    /// The city in GeoNames.
    pub geonames_id: Option<i64>,
    /// The name on invoices.
    pub invoice_name: Option<String>,
    /// Street and number on invoices.
    pub invoice_street: Option<String>,
    /// Postal code on invoices.
    pub invoice_postal_code: Option<String>,
    /// Town on invoices.
    pub invoice_town: Option<String>,
    /// Where invoices are mailed to.
    pub invoice_email: Option<String>,
    /// What the city wants to read on each invoice.
    pub order_reference: Option<String>,
}

/// A city to register.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCity {
    /// The name the network uses.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// IANA zone.
    pub time_zone: String,
    /// Everything else.
    pub details: CityDetails,
}

/// A city as it shall be from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct CityChange {
    /// Which.
    pub id: CityId,
    /// The version that was read.
    pub version: i32,
    /// The city as it shall be; the country stays.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// Everything else.
    pub details: CityDetails,
}

/// Which cities a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CityFilter {
    /// The membership has one of these statuses today.
    pub status: Option<Vec<crate::registry::memberships::MembershipStatus>>,
    /// In one of these countries.
    pub country: Option<Vec<String>>,
    /// A name in any language contains this; accents and case do not matter.
    pub search: Option<String>,
    /// Revised at or after.
    pub updated_from: Option<Instant>,
    /// Revised before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How cities are sorted.
    pub enum CityOrder {
        /// By name, A first.
        NameAsc = "NAME_ASC",
        /// By name, Z first.
        NameDesc = "NAME_DESC",
        /// By country code, A first.
        CountryAsc = "COUNTRY_ASC",
        /// By country code, Z first.
        CountryDesc = "COUNTRY_DESC",
        /// By inhabitants, the smallest first; unknown last.
        PopulationAsc = "POPULATION_ASC",
        /// By inhabitants, the largest first; unknown last.
        PopulationDesc = "POPULATION_DESC",
        /// By last revision, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last revision, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
