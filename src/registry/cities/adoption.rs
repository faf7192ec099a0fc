//! Taking a city over from a spreadsheet: found by what identifies it, then registered or revised
//! with just what the row says. What it is not: the reading of the spreadsheet (`exchange`).

use std::collections::BTreeSet;

use diesel::sql_types::Integer;

use crate::db::sql::{Bind, Sql};
use crate::db::{Db, Tx};
use crate::kernel::adoption::{Adopted, Given};
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::json::Json;
use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::sql_types::Uid;
use crate::registry::cities::actions::{register, revise};
use crate::registry::cities::model::{City, CityChange, CityDetails, NewCity};
use crate::registry::cities::store;

/// What a row says of a city.
#[derive(Debug, Clone, PartialEq)]
pub struct CityRow {
    /// The city, if the row names it by its id.
    pub id: Option<CityId>,
    /// The name the network uses.
    pub name: String,
    /// The Danish name.
    pub name_da: Given<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// IANA zone; needed for a new city in a country that has several.
    pub time_zone: Given<String>,
    /// Inhabitants.
    pub population: Given<i64>,
    /// The year of the figure.
    pub population_year: Given<i32>,
    /// Where the figure comes from.
    pub population_source: Given<String>,
    /// Degrees north.
    pub latitude: Given<f64>,
    /// Degrees east.
    pub longitude: Given<f64>,
    /// Danish company number.
    pub cvr: Given<String>,
    /// Global location number.
    pub gln: Given<String>,
    /// The city in GeoNames.
    pub geonames_id: Given<i64>,
    /// The name on invoices.
    pub invoice_name: Given<String>,
    /// Street and number on invoices.
    pub invoice_street: Given<String>,
    /// Postal code on invoices.
    pub invoice_postal_code: Given<String>,
    /// Town on invoices.
    pub invoice_town: Given<String>,
    /// Where invoices are mailed to.
    pub invoice_email: Given<String>,
    /// What the city wants to read on each invoice.
    pub order_reference: Given<String>,
}

/// Registers the city of a row, revises it, or leaves it as it is when the row says nothing new.
///
/// # Errors
/// Refused as in [`register`] and [`revise`], and when the row fits two cities.
pub fn adopt(tx: &mut Tx<'_>, row: &CityRow) -> Result<Adopted<CityId>> {
    let Some(city) = locked_city_of(tx, row)? else {
        return Ok(Adopted::Created(register(tx, &new_city(row)?)?));
    };
    let names = store::names_of_many(tx.db, &[city.id])?
        .remove(&city.id)
        .unwrap_or_default();
    let names: Vec<(String, String)> = names
        .into_iter()
        .map(|name| (name.language, name.name))
        .collect();
    let details = details(row, Some((&city, &names)));
    let time_zone = row.time_zone.value().unwrap_or(&city.time_zone).clone();
    let said = (row.name.as_str(), time_zone.as_str(), &details);
    if said
        == (
            city.name.as_str(),
            city.time_zone.as_str(),
            &known(&city, names),
        )
    {
        return Ok(Adopted::Unchanged(city.id));
    }
    let change = CityChange {
        id: city.id,
        version: city.version,
        name: row.name.clone(),
        time_zone,
        details,
    };
    Ok(Adopted::Updated(revise(tx, &change)?))
}

/// All that the rows of a file may mean cities by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Their ids.
    pub ids: Vec<CityId>,
    /// Their names, the network's or those of a language, in any country.
    pub names: Vec<String>,
    /// Their ids in GeoNames.
    pub geonames_ids: Vec<i64>,
    /// Their company numbers.
    pub cvrs: Vec<String>,
    /// Their global location numbers.
    pub glns: Vec<String>,
}

impl Marks {
    /// Adds what [`adopt`] may find the city of a row by.
    pub fn add(&mut self, row: &CityRow) {
        self.ids.extend(row.id);
        self.names.push(row.name.clone());
        self.geonames_ids.extend(row.geonames_id.value());
        self.cvrs.extend(row.cvr.value().cloned());
        self.glns.extend(row.gln.value().cloned());
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// PostgreSQL only: every city that one of the marks may mean. A city of the same name in another
/// country is among them for nothing.
///
/// # Errors
/// What the database says.
pub fn meant(db: &mut Db, marks: &Marks) -> Result<BTreeSet<CityId>> {
    let mut names: Vec<String> = marks
        .names
        .iter()
        .map(|name| fold::name_key(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let ids = marks.ids.iter().map(|id| id.uuid()).collect();
    let found = Sql::new("SELECT cities.id FROM cities WHERE cities.id")
        .in_uids(ids)
        .text(" UNION SELECT cities.id FROM cities WHERE cities.name_key")
        .in_texts(names.clone())
        .text(" UNION SELECT city_names.city_id FROM city_names WHERE city_names.search_key")
        .in_texts(names)
        .text(" UNION SELECT cities.id FROM cities WHERE cities.cvr")
        .in_texts(marks.cvrs.clone())
        .text(" UNION SELECT cities.id FROM cities WHERE cities.gln")
        .in_texts(marks.glns.clone())
        .text(" UNION SELECT cities.id FROM cities WHERE cities.geonames_id IN (SELECT CAST(marks.mark AS BIGINT) FROM jsonb_array_elements_text(")
        .bind(Bind::Json(Json::of(&marks.geonames_ids)?))
        .text(") AS marks (mark))");
    Ok(found.load::<Uid, CityId>(db)?.into_iter().collect())
}

/// Locks these cities in the order of their ids: whoever locks several cities does it in that order,
/// so that nobody waits in a circle. SQLite has one writer anyway.
///
/// # Errors
/// `Unavailable` when a lock is not had in time.
pub fn hold(tx: &mut Tx<'_>, cities: &BTreeSet<CityId>) -> Result<()> {
    if let Db::Postgres(_) = tx.db {
        Sql::new("SELECT 1 FROM cities WHERE cities.id")
            .in_uids(cities.iter().map(|city| city.uuid()).collect())
            .text(" ORDER BY cities.id FOR NO KEY UPDATE")
            .load::<Integer, i32>(tx.db)?;
    }
    Ok(())
}

/// The city of the row, locked, so that the row is held against what it will change. Whoever was
/// waited for may have given the row's identifier to another city; then that one is the row's.
fn locked_city_of(tx: &mut Tx<'_>, row: &CityRow) -> Result<Option<City>> {
    let mut found = city_of(tx, row)?;
    while let Some(city) = found {
        let locked = store::lock(tx, city.id)?;
        if locked.version == city.version {
            return Ok(Some(locked));
        }
        found = city_of(tx, row)?;
    }
    Ok(None)
}

/// The one city that the row's id, GeoNames id, CVR number, GLN or name fits.
fn city_of(tx: &mut Tx<'_>, row: &CityRow) -> Result<Option<City>> {
    let mut found: Option<(City, &str)> = None;
    let mut candidates = Vec::new();
    if let Some(id) = row.id {
        let city = store::find(tx.db, id)?.ok_or_else(|| {
            Error::refused(Refusal::new(
                RefusalCode::NotFound,
                "id",
                "There is no city with this id.",
                "Der findes ingen by med dette id.",
            ))
        })?;
        candidates.push((city, "id"));
    }
    candidates.extend(store::identified(
        tx.db,
        row.geonames_id.value().copied(),
        row.cvr.value(),
        row.gln.value(),
    )?);
    if let Some((city, by)) = candidates.first()
        && city.country != row.country
    {
        return Err(Error::refused(other_country(by, city)));
    }
    candidates
        .extend(store::find_named(tx.db, &row.country, &row.name)?.map(|city| (city, "name")));
    for (city, by) in candidates {
        match &found {
            Some((known, known_by)) if known.id != city.id => {
                return Err(Error::refused(two_cities(
                    known_by,
                    &known.name,
                    by,
                    &city.name,
                )));
            }
            Some(_) => {}
            None => found = Some((city, by)),
        }
    }
    Ok(found.map(|(city, _)| city))
}

fn other_country(by: &str, city: &City) -> Refusal {
    let City { name, country, .. } = city;
    Refusal::new(
        RefusalCode::Ambiguous,
        "country",
        format!(
            "The {by} belongs to {name} in {country}, and a city's country stays; correct one of them."
        ),
        format!("{by} hører til {name} i {country}, og en bys land står fast; ret en af dem."),
    )
}

fn two_cities(by: &str, name: &str, other_by: &str, other: &str) -> Refusal {
    Refusal::new(
        RefusalCode::Ambiguous,
        other_by,
        format!("The {by} belongs to {name}, but the {other_by} to {other}; correct one of them."),
        format!("{by} hører til {name}, men {other_by} til {other}; ret den ene."),
    )
}

fn new_city(row: &CityRow) -> Result<NewCity> {
    let given = row.time_zone.value().cloned();
    let of_country = || place::time_zone_of_country(&row.country).map(str::to_owned);
    let time_zone = given.or_else(of_country).ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::Required,
            "timeZone",
            "A new city in a country with several time zones needs its own, such as Atlantic/Canary.",
            "En ny by i et land med flere tidszoner skal have sin egen, fx Atlantic/Canary.",
        ))
    })?;
    Ok(NewCity {
        name: row.name.clone(),
        country: row.country.clone(),
        time_zone,
        details: details(row, None),
    })
}

/// What is known afterwards: the row's values over those of the record.
fn details(row: &CityRow, record: Option<(&City, &Vec<(String, String)>)>) -> CityDetails {
    let before = record
        .map(|(city, names)| known(city, names.clone()))
        .unwrap_or_default();
    let mut names = before.names;
    match &row.name_da {
        Given::Leave => {}
        Given::Clear => names.retain(|(language, _)| language != "da"),
        Given::Set(name) => match names.iter_mut().find(|(language, _)| language == "da") {
            Some((_, known)) => known.clone_from(name),
            None => names.push(("da".to_owned(), name.clone())),
        },
    }
    names.sort();
    CityDetails {
        names,
        population: row.population.onto(before.population),
        population_year: row.population_year.onto(before.population_year),
        population_source: row.population_source.onto(before.population_source),
        latitude: row.latitude.onto(before.latitude),
        longitude: row.longitude.onto(before.longitude),
        cvr: row.cvr.onto(before.cvr),
        gln: row.gln.onto(before.gln),
        geonames_id: row.geonames_id.onto(before.geonames_id),
        invoice_name: row.invoice_name.onto(before.invoice_name),
        invoice_street: row.invoice_street.onto(before.invoice_street),
        invoice_postal_code: row.invoice_postal_code.onto(before.invoice_postal_code),
        invoice_town: row.invoice_town.onto(before.invoice_town),
        invoice_email: row.invoice_email.onto(before.invoice_email),
        order_reference: row.order_reference.onto(before.order_reference),
    }
}

/// What a record says, in the form of an input.
fn known(city: &City, mut names: Vec<(String, String)>) -> CityDetails {
    names.sort();
    CityDetails {
        names,
        population: city.population,
        population_year: city.population_year,
        population_source: city.population_source.clone(),
        latitude: city.latitude,
        longitude: city.longitude,
        cvr: city.cvr.clone(),
        gln: city.gln.clone(),
        geonames_id: city.geonames_id,
        invoice_name: city.invoice_name.clone(),
        invoice_street: city.invoice_street.clone(),
        invoice_postal_code: city.invoice_postal_code.clone(),
        invoice_town: city.invoice_town.clone(),
        invoice_email: city.invoice_email.clone(),
        order_reference: city.order_reference.clone(),
    }
}
