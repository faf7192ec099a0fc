//! What is said in the schema to register or revise a city. What it is not: its checks; those are
//! `rules`.

use async_graphql::{ID, InputObject};

use crate::api::inputs;
use crate::api::scalars::{CountryCode, EmailAddress, LanguageTag, TimeZone};
use crate::kernel::error::{Error, Result};
use crate::registry::cities::{CityChange, CityDetails, NewCity};

/// A name in a language.
#[derive(Debug, InputObject)]
pub struct CityNameInput {
    /// The language.
    language: LanguageTag,
    /// The name.
    name: String,
}

/// A city to register.
#[derive(Debug, InputObject)]
pub struct RegisterCityInput {
    /// The name the network uses.
    name: String,
    /// The country.
    country: CountryCode,
    /// The zone of the city's local time.
    time_zone: TimeZone,
    /// Everything else that is known.
    details: Option<CityDetailsInput>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// What can be known of a city. What is left out is empty.
#[derive(Debug, Default, InputObject)]
pub struct CityDetailsInput {
    /// Names in languages.
    names: Option<Vec<CityNameInput>>,
    /// The number of inhabitants.
    population: Option<i64>,
    /// The year of the population figure.
    population_year: Option<i32>,
    /// Where the population figure comes from.
    population_source: Option<String>,
    /// Degrees north.
    latitude: Option<f64>,
    /// Degrees east.
    longitude: Option<f64>,
    /// Danish company number, eight digits.
    cvr: Option<String>,
    /// Global location number, thirteen digits.
    gln: Option<String>,
    /// The city's number in GeoNames.
    geonames_id: Option<i64>,
    /// The name on invoices.
    invoice_name: Option<String>,
    /// Street and number on invoices.
    invoice_street: Option<String>,
    /// Postal code on invoices.
    invoice_postal_code: Option<String>,
    /// Town on invoices.
    invoice_town: Option<String>,
    /// Where invoices are mailed to.
    invoice_email: Option<EmailAddress>,
    /// What the city wants to read on each invoice.
    order_reference: Option<String>,
}

impl CityDetailsInput {
    fn read(self) -> CityDetails {
        CityDetails {
            names: self
                .names
                .unwrap_or_default()
                .into_iter()
                .map(|name| (name.language.0, name.name))
                .collect(),
            population: self.population,
            population_year: self.population_year,
            population_source: self.population_source,
            latitude: self.latitude,
            longitude: self.longitude,
            cvr: self.cvr,
            gln: self.gln,
            geonames_id: self.geonames_id,
            invoice_name: self.invoice_name,
            invoice_street: self.invoice_street,
            invoice_postal_code: self.invoice_postal_code,
            invoice_town: self.invoice_town,
            invoice_email: self.invoice_email.map(|email| email.0),
            order_reference: self.order_reference,
        }
    }
}

/// A city as it shall be from now on; its country stays.
#[derive(Debug, InputObject)]
pub struct ReviseCityInput {
    /// The city.
    id: ID,
    /// The version that was read; another one now means that somebody else revised it.
    version: i32,
    /// The name the network uses.
    name: String,
    /// The zone of the city's local time.
    time_zone: TimeZone,
    /// Everything else, as it shall be.
    details: CityDetailsInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RegisterCityInput {
    pub(super) fn read(self) -> NewCity {
        NewCity {
            name: self.name,
            country: self.country.0,
            time_zone: self.time_zone.0,
            details: self.details.unwrap_or_default().read(),
        }
    }
}

impl ReviseCityInput {
    pub(super) fn read(self) -> Result<CityChange> {
        Ok(CityChange {
            id: inputs::read_id("id", &self.id)?,
            version: self.version,
            name: self.name,
            time_zone: self.time_zone.0,
            details: self.details.read(),
        })
    }
}

/// Puts the refusals of what stands in `details` at their path in the input.
pub(super) fn in_details(error: Error) -> Error {
    const BESIDE: [&str; 5] = ["", "id", "name", "country", "timeZone"];

    let Error::Refused(mut refusals) = error else {
        return error;
    };
    for refusal in &mut refusals {
        if !BESIDE.contains(&refusal.field.as_str()) {
            refusal.field.insert_str(0, "details.");
        }
    }
    Error::Refused(refusals)
}
