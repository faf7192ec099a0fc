//! The parts of a city in the schema that are objects without an id, and its name in a language. What it is
//! not: the city.

use async_graphql::{Context, SimpleObject};

use crate::api::context::InOperation;
use crate::api::scalars::{EmailAddress, LanguageTag};
use crate::kernel::error::Result;
use crate::registry::cities::City;
use crate::registry::cities::graphql::loads::NamesOfCity;

/// The city's name in a language if it has one there, else the name the network uses; a regional tag falls
/// back to its language.
pub(super) async fn name_of(
    context: &Context<'_>,
    city: &City,
    language: Option<LanguageTag>,
) -> Result<String> {
    let Some(LanguageTag(tag)) = language else {
        return Ok(city.name.clone());
    };
    let names = context
        .operation()
        .load::<NamesOfCity>(city.id)
        .await?
        .unwrap_or_default();
    let primary = tag.split('-').next().unwrap_or_default();
    let local = names
        .iter()
        .find(|name| name.language == tag)
        .or_else(|| names.iter().find(|name| name.language == primary));
    Ok(local.map_or(&city.name, |name| &name.name).clone())
}

/// All names that the city has in languages.
pub(super) async fn names_of(context: &Context<'_>, city: &City) -> Result<Vec<CityName>> {
    let names = context.operation().load::<NamesOfCity>(city.id).await?;
    let all = names.unwrap_or_default();
    let shown = all.iter().map(|name| CityName {
        language: LanguageTag(name.language.clone()),
        name: name.name.clone(),
    });
    Ok(shown.collect())
}

/// A city's name in a language.
#[derive(Debug, SimpleObject)]
pub struct CityName {
    /// The language.
    pub(super) language: LanguageTag,
    /// The name.
    pub(super) name: String,
}

/// A place on the globe, WGS 84.
#[derive(Debug, SimpleObject)]
pub struct Coordinates {
    /// Degrees north; south is negative.
    pub(super) latitude: f64,
    /// Degrees east; west is negative.
    pub(super) longitude: f64,
}

impl Coordinates {
    pub(super) fn of(city: &City) -> Option<Self> {
        let (latitude, longitude) = city.latitude.zip(city.longitude)?;
        Some(Self {
            latitude,
            longitude,
        })
    }
}

/// How a city is invoiced.
#[derive(Debug, SimpleObject)]
pub struct Invoicing {
    /// The name on invoices.
    name: Option<String>,
    /// Street and number.
    street: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Town.
    town: Option<String>,
    /// Where invoices are mailed to.
    email: Option<EmailAddress>,
    /// What the city wants to read on each invoice.
    order_reference: Option<String>,
    /// Danish company number.
    cvr: Option<String>,
    /// Global location number, the electronic mailbox of a public buyer.
    gln: Option<String>,
}

impl Invoicing {
    pub(super) fn of(city: &City) -> Self {
        Self {
            name: city.invoice_name.clone(),
            street: city.invoice_street.clone(),
            postal_code: city.invoice_postal_code.clone(),
            town: city.invoice_town.clone(),
            email: city.invoice_email.clone().map(EmailAddress),
            order_reference: city.order_reference.clone(),
            cvr: city.cvr.clone(),
            gln: city.gln.clone(),
        }
    }
}
