//! What is done with cities: registered and revised. What it is not: membership; a registered
//! city is only known, not a member.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::CityId;
use crate::registry::cities::model::{City, CityChange, CityDetails, LocalName, NewCity};
use crate::registry::cities::{rules, store};

/// Registers a city.
///
/// # Errors
/// Refused with all problems of the input, or because the name or an identifier is taken.
pub fn register(tx: &mut Tx<'_>, new: &NewCity) -> Result<CityId> {
    tx.viewer.permit(Permission::RegisterCity)?;

    let new = rules::check_new(new).map_err(Error::Refused)?;

    let city = written(
        City {
            id: tx.new_id(),
            country: new.country,
            name: new.name,
            name_key: String::new(),
            sort_key: String::new(),
            search_key: String::new(),
            population: None,
            population_year: None,
            population_source: None,
            latitude: None,
            longitude: None,
            time_zone: new.time_zone,
            cvr: None,
            gln: None,
            geonames_id: None,
            invoice_name: None,
            invoice_street: None,
            invoice_postal_code: None,
            invoice_town: None,
            invoice_email: None,
            order_reference: None,
            successor_id: None,
            succeeded_on: None,
            public_since: None,
            created_at: tx.now,
            updated_at: tx.now,
            version: 1,
        },
        &new.details,
    );
    store::insert(tx, &city, &names(&city, &new.details))?;

    audit::record(
        tx,
        "city.registered",
        city.id,
        Some(city.id),
        json!({ "name": city.name, "country": city.country }),
    )?;
    Ok(city.id)
}

/// Revises a city's record.
///
/// # Errors
/// `NotFound`, `Stale` when the version is not the current one, or refused as in [`register`].
pub fn revise(tx: &mut Tx<'_>, change: &CityChange) -> Result<CityId> {
    let city = store::get(tx.db, change.id)?;
    if !store::visible(&city, tx.viewer, tx.today()) {
        return Err(Error::NotFound {
            kind: "City",
            id: crate::kernel::ids::Id::public(change.id),
        });
    }
    tx.viewer.permit_for(Permission::ReviseCity, change.id)?;

    let city = store::lock(tx, change.id)?;
    if city.version != change.version {
        return Err(Error::Stale {
            current: city.version,
        });
    }
    let revised = NewCity {
        name: change.name.clone(),
        country: city.country.clone(),
        time_zone: change.time_zone.clone(),
        details: change.details.clone(),
    };
    let revised = rules::check_new(&revised).map_err(Error::Refused)?;

    let version = city.version.saturating_add(1);
    let city = written(
        City {
            name: revised.name,
            time_zone: revised.time_zone,
            updated_at: tx.now,
            version,
            ..city
        },
        &revised.details,
    );
    store::update(tx, &city, &names(&city, &revised.details))?;

    audit::record(
        tx,
        "city.revised",
        city.id,
        Some(city.id),
        json!({ "version": city.version }),
    )?;
    Ok(city.id)
}

/// The record with the details and the keys that are made from its names.
fn written(city: City, details: &CityDetails) -> City {
    let details = details.clone();
    City {
        name_key: fold::name_key(&city.name),
        sort_key: fold::sort_key(&city.name),
        search_key: rules::search_key(&city.name, &details.names),
        population: details.population,
        population_year: details.population_year,
        population_source: details.population_source,
        latitude: details.latitude,
        longitude: details.longitude,
        cvr: details.cvr,
        gln: details.gln,
        geonames_id: details.geonames_id,
        invoice_name: details.invoice_name,
        invoice_street: details.invoice_street,
        invoice_postal_code: details.invoice_postal_code,
        invoice_town: details.invoice_town,
        invoice_email: details.invoice_email,
        order_reference: details.order_reference,
        ..city
    }
}

fn names(city: &City, details: &CityDetails) -> Vec<LocalName> {
    let name = |(language, name): &(String, String)| LocalName {
        city_id: city.id,
        language: language.clone(),
        name: name.clone(),
        search_key: fold::search_key(name),
    };
    details.names.iter().map(name).collect()
}
