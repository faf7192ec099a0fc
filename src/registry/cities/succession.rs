//! Municipal reform: a city becomes part of another, and its record points to that one. What it is
//! not: a merger of records; memberships, invoices and visits stay with the city that had them.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id};
use crate::kernel::period::check_date;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities::model::City;
use crate::registry::cities::store;

/// A city that became part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Succession {
    /// The city that is none of its own any more.
    pub city: CityId,
    /// The city that it became part of.
    pub successor: CityId,
    /// When it did.
    pub on: NaiveDate,
    /// The version of the city that was read; another one now refuses it.
    pub version: Option<i32>,
}

/// The most reforms in a row that are followed; more than history knows.
const MOST_STEPS: usize = 100;

/// In which city each of these lives on: itself, or the last of its line of successors.
///
/// # Errors
/// What the database says.
pub fn heirs(db: &mut Db, cities: &[CityId]) -> Result<HashMap<CityId, CityId>> {
    let mut heirs: HashMap<CityId, CityId> = cities.iter().map(|city| (*city, *city)).collect();
    for _ in 0..MOST_STEPS {
        let mut ends: Vec<CityId> = heirs.values().copied().collect();
        ends.sort_unstable();
        ends.dedup();
        let next: HashMap<CityId, CityId> = store::find_many(db, &ends)?
            .into_iter()
            .filter_map(|city| Some((city.id, city.successor_id?)))
            .collect();
        if next.is_empty() {
            break;
        }
        for heir in heirs.values_mut() {
            *heir = next.get(heir).copied().unwrap_or(*heir);
        }
    }
    Ok(heirs)
}

/// Whether two records are one city: the same record, or one city by reform. Deeds between two
/// cities (a visit, a pairing) need two.
///
/// # Errors
/// What the database says.
pub fn are_one(db: &mut Db, one: CityId, other: CityId) -> Result<bool> {
    let heirs = heirs(db, &[one, other])?;
    Ok(heirs.get(&one) == heirs.get(&other))
}

/// Records that a city became part of another.
///
/// # Errors
/// `NotFound`, `Stale`; refused when there is no such successor, the two are one city already, the city
/// has a successor, or the day lies ahead.
pub fn succeed(tx: &mut Tx<'_>, succession: &Succession) -> Result<CityId> {
    let Succession {
        city,
        successor,
        on,
        version,
    } = *succession;
    let known = store::get(tx.db, city)?;
    if !store::visible(&known, tx.viewer, tx.today()) {
        return Err(Error::NotFound {
            kind: CityId::KIND,
            id: city.public(),
        });
    }
    tx.viewer.permit(Permission::RegisterCity)?;

    if store::find(tx.db, successor)?.is_none() {
        return Err(Error::refused(no_successor()));
    }
    let known = lock_line(tx, city, successor)?;
    expect_version(version, known.version)?;
    let mut problems = Vec::new();
    if on > tx.today() || check_date(on).is_err() {
        problems.push(not_yet());
    }
    if known.successor_id.is_some() {
        problems.push(succeeded_before());
    } else if are_one(tx.db, city, successor)? {
        problems.push(same_city());
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }

    let succeeded = City {
        successor_id: Some(successor),
        succeeded_on: Some(on),
        updated_at: tx.now,
        version: known.version.saturating_add(1),
        ..known
    };
    store::update_record(tx, &succeeded)?;

    audit::record(
        tx,
        "city.succeeded",
        city,
        Some(city),
        json!({ "successor": successor.public(), "on": on }),
    )?;
    Ok(city)
}

/// Locks the city, its successor and the end of the successor's line in the order of their keys. A
/// link is written once and under the lock of its own city, so that no two transactions can close a
/// circle between them.
fn lock_line(tx: &mut Tx<'_>, city: CityId, successor: CityId) -> Result<City> {
    let end = end_of(tx, successor)?;
    let mut line = [city, successor, end];
    line.sort_unstable();
    for member in line {
        store::lock(tx, member)?;
    }
    if end_of(tx, successor)? != end {
        return Err(Error::Unavailable(
            "the successor was succeeded in the meantime".to_owned(),
        ));
    }
    store::get(tx.db, city)
}

fn end_of(tx: &mut Tx<'_>, city: CityId) -> Result<CityId> {
    let heirs = heirs(tx.db, &[city])?;
    Ok(heirs.get(&city).copied().unwrap_or(city))
}

fn no_successor() -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        "successorId",
        "There is no such city; take the id from a query.",
        "Der findes ingen sådan by; tag id'et fra en forespørgsel.",
    )
}

fn not_yet() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "succeededOn",
        "A reform is recorded once it has taken effect; give a day from 2000 on and not after today.",
        "En reform registreres, når den er trådt i kraft; angiv en dag fra år 2000 og ikke efter i dag.",
    )
}

fn succeeded_before() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "cityId",
        "The city became part of another one already, and history is not rewritten.",
        "Byen er allerede blevet en del af en anden, og historien skrives ikke om.",
    )
}

fn same_city() -> Refusal {
    Refusal::new(
        RefusalCode::SameCity,
        "successorId",
        "The successor is the city itself, or became part of it; choose another city.",
        "Efterfølgeren er byen selv eller er blevet en del af den; vælg en anden by.",
    )
}
