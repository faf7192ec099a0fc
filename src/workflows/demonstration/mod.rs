//! A network to look at: the memo's cities and practices among about 150 real cities, with
//! invented memberships, people, invoices, visits and pairings. Everything invented says so: people
//! are called Demo and live at example.org, themes end in (demo), and the rest has a note, a buyer or
//! a reference that tells it. The same at every run; all dates are fixed. What it is
//! not: data of the real network.

mod accounts;
mod bank;
mod grants;
mod index;
mod knowledge;
mod meetings;
mod members;
mod money;
mod people;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};

use crate::access::viewer::Viewer;
use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{
    AppointmentId, CityId, ExpertId, MembershipId, ObjectId, PackageId, PersonId,
};
use crate::kernel::instant::Instant;
use crate::programme::reference::Reference;
use crate::workflows::reference;

pub use accounts::{ACCOUNTS, Account};

/// Who acts in the demonstration's history.
const VIEWER: Viewer = Viewer::System("demonstration");

/// The audit line by which a demonstration database is known.
const LOADED: &str = "demonstration.loaded";

/// What the parts of the demonstration hand on to each other.
#[derive(Debug, Default)]
struct Cast {
    /// The cities by name, in the order of the file.
    cities: Vec<(String, CityId)>,
    /// The running membership of each member.
    memberships: HashMap<CityId, (MembershipId, NaiveDate)>,
    /// The coordinators of cities: the appointment and the person.
    coordinators: HashMap<CityId, (AppointmentId, PersonId)>,
    /// The experts.
    experts: Vec<ExpertId>,
    /// The packages by the names of their cities.
    packages: Vec<(&'static str, PackageId)>,
}

impl Cast {
    fn city(&self, name: &str) -> Result<CityId> {
        let found = self.cities.iter().find(|(known, _)| known == name);
        found
            .map(|(_, id)| *id)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("the demonstration has no city {name}")))
    }
}

/// What stands in a database before a demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing but reference records.
    Empty,
    /// The demonstration.
    Demonstration,
    /// Other records.
    Other,
}

/// What stands in a database.
///
/// # Errors
/// What the database says.
pub fn look(db: &mut Db) -> Result<Before> {
    let loaded = Sql::new("SELECT count(*) FROM audit_entries WHERE action = ")
        .bind_text(LOADED)
        .number(db)?;
    if loaded > 0 {
        return Ok(Before::Demonstration);
    }
    let others = Sql::new("SELECT (SELECT count(*) FROM cities) + (SELECT count(*) FROM users) + (SELECT count(*) FROM people)").number(db)?;
    Ok(if others == 0 {
        Before::Empty
    } else {
        Before::Other
    })
}

/// Loads the demonstration into an empty database, all of it or nothing.
///
/// # Errors
/// A fault of ours when a rule refuses one of its records; what the database says.
pub fn load(db: &mut Db, texts: &Reference, password_hash: &str) -> Result<()> {
    db.write(&VIEWER, at(day(2010, 3, 3)), |tx| {
        let mut cast = Cast {
            cities: members::register(tx)?,
            ..Cast::default()
        };
        reference::ensure(tx, texts)?;
        members::join(tx, &mut cast)?;
        people::appoint(tx, &mut cast)?;
        money::invoice(tx, &cast)?;
        meetings::meet(tx, &mut cast, texts)?;
        money::instalments(tx, &cast)?;
        bank::reconcile(tx)?;
        grants::fund(tx, &cast)?;
        index::take(tx, &cast)?;
        knowledge::share(tx, &cast)?;
        accounts::open(tx, &cast, password_hash)?;
        let loaded = tx.new_id::<ObjectId>();
        tx.at(at(LAST_DAY), |tx| {
            audit::record(tx, LOADED, loaded, None, serde_json::json!({}))
        })
    })
    .map_err(|error| match error {
        // The demonstration is ours: whatever a rule says to it is our fault, and the log needs it.
        Error::Refused(refusals) => {
            let said: Vec<String> = refusals
                .iter()
                .map(|refusal| {
                    format!("{} {}: {}", refusal.code, refusal.field, refusal.message.en)
                })
                .collect();
            Error::Internal(anyhow::anyhow!(
                "the demonstration was refused: {}",
                said.join("; ")
            ))
        }
        other => other,
    })
}

/// The last day on which anything of the demonstration was written.
const LAST_DAY: NaiveDate = day(2026, 11, 20);

/// A day of the calendar; the dates of this folder are constants and right.
const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

/// Nine in the morning UTC of a day.
fn at(date: NaiveDate) -> Instant {
    Instant::new(date.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(9))
}

/// Writes as if it were that day.
fn on<T>(
    tx: &mut Tx<'_>,
    date: NaiveDate,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    tx.at(at(date), work)
}
