//! The demonstration's cities and memberships. What it is not: the dates of the real network; all
//! but the cities themselves is invented.

use chrono::{Datelike, NaiveDate};

use crate::db::Tx;
use crate::exchange::columns::{Column, Kind};
use crate::exchange::sheet::{self, ReadOptions, Row};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::CityId;
use crate::registry::cities::{self, CityDetails, NewCity};
use crate::registry::memberships::{
    self, Activation, Admission, AdoptedMembership, Application, MembershipEndReason, Step,
};
use crate::workflows::demonstration::{Cast, LAST_DAY, day, on};

/// The cities, from GeoNames (see data/README.md).
const CITIES: &[u8] = include_bytes!("../../../data/cities.csv");

/// Danish names that differ from the network's.
const DANISH: &[(&str, &str)] = &[
    ("Copenhagen", "København"),
    ("Aarhus", "Aarhus"),
    ("Athens", "Athen"),
    ("Bucharest", "Bukarest"),
    ("Geneva", "Genève"),
    ("Genoa", "Genova"),
    ("Lisbon", "Lissabon"),
    ("London", "London"),
    ("Milan", "Milano"),
    ("Munich", "München"),
    ("Prague", "Prag"),
    ("Turin", "Torino"),
    ("Vienna", "Wien"),
];

/// Cities whose history shows a state that the others have not.
const APPLIED: [&str; 2] = ["Odense", "Rochester"];
const ADMITTED_WITHOUT_AGREEMENT: [&str; 2] = ["Aarhus", "Munich"];
const SUSPENDED: [&str; 1] = ["Getxo"];
const WITHDRAWN: [&str; 1] = ["Izhevsk"];
const EXPELLED: [&str; 1] = ["Sisak"];
const LAPSED: [&str; 1] = ["Larache"];
const REJOINED: [&str; 1] = ["Malmö"];
const INQUIRED: [&str; 1] = ["Hamburg"];
/// A former member that applied again in vain.
const REJECTED: [&str; 1] = ["Izhevsk"];

/// What stands on everything that has a note.
const NOTE: &str = "Demonstration record";

/// Registers the cities of the file.
pub(super) fn register(tx: &mut Tx<'_>) -> Result<Vec<(String, CityId)>> {
    let unreadable = |problems: Vec<sheet::Problem>| {
        let first = problems
            .first()
            .map(|problem| problem.message.en.clone())
            .unwrap_or_default();
        Error::Internal(anyhow::anyhow!("data/cities.csv: {first}"))
    };
    let rows = sheet::read(CITIES, Kind::Cities, &ReadOptions::default())
        .map_err(unreadable)?
        .rows;
    let mut registered = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut problems = Vec::new();
        let city = new_city(row, &mut problems);
        if !problems.is_empty() {
            return Err(unreadable(problems));
        }
        registered.push((city.name.clone(), cities::register(tx, &city)?));
    }
    Ok(registered)
}

fn new_city(row: &Row, problems: &mut Vec<sheet::Problem>) -> NewCity {
    let mut text = |column| row.text(column, 200, problems).set().unwrap_or_default();
    let (name, time_zone) = (text(Column::Name), text(Column::TimeZone));
    let country = row
        .country(Column::Country, problems)
        .set()
        .unwrap_or_default()
        .to_owned();
    let danish = DANISH
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, danish)| ("da".to_owned(), (*danish).to_owned()));
    let is_copenhagen = name == "Copenhagen";
    let details = CityDetails {
        names: danish.into_iter().collect(),
        population: row
            .integer(Column::Population, 0..=100_000_000, problems)
            .set(),
        population_source: Some("GeoNames".to_owned()),
        latitude: degrees(row, Column::Latitude, 90, problems),
        longitude: degrees(row, Column::Longitude, 180, problems),
        geonames_id: row
            .integer(Column::GeonamesId, 1..=i64::from(i32::MAX), problems)
            .set(),
        cvr: is_copenhagen.then(|| "64942212".to_owned()),
        gln: is_copenhagen.then(|| "5798000000001".to_owned()),
        invoice_name: Some(format!("Demo invoices, {name}")),
        invoice_street: Some("Demo Street 1".to_owned()),
        invoice_town: Some(name.clone()),
        invoice_email: Some("invoices@example.org".to_owned()),
        order_reference: is_copenhagen.then(|| "DEMO-2026".to_owned()),
        ..CityDetails::default()
    };
    NewCity {
        name,
        country,
        time_zone,
        details,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "at most 180 million units, far inside what f64 counts exactly"
)]
fn degrees(
    row: &Row,
    column: Column,
    most: i64,
    problems: &mut Vec<sheet::Problem>,
) -> Option<f64> {
    let units = most * 1_000_000;
    row.decimal(column, 6, -units..=units, problems)
        .set()
        .map(|units| units as f64 / 1_000_000.0)
}

/// Lets the cities join, each on an invented day.
pub(super) fn join(tx: &mut Tx<'_>, cast: &mut Cast) -> Result<()> {
    for (index, (name, city)) in cast.cities.clone().into_iter().enumerate() {
        let is = |names: &[&str]| names.contains(&name.as_str());
        if name == "Copenhagen" {
            join_copenhagen(tx, cast, city)?;
        } else if is(&INQUIRED) {
            on(tx, day(2026, 10, 5), |tx| {
                memberships::inquire(tx, &application(city, day(2026, 10, 5)))
            })?;
        } else if is(&APPLIED) {
            on(tx, day(2026, 9, 14), |tx| {
                memberships::apply(tx, &application(city, day(2026, 9, 14)))
            })?;
        } else if is(&ADMITTED_WITHOUT_AGREEMENT) {
            admit(tx, city)?;
        } else {
            adopt(tx, cast, city, &name, joined_on(index))?;
        }
    }
    Ok(())
}

/// The days are spread over 2008 to 2024, in the order of the file.
fn joined_on(index: usize) -> NaiveDate {
    let index = u32::try_from(index).unwrap_or_default();
    let year = 2008 + i32::try_from(index * 7 % 17).unwrap_or_default();
    day(year, 1 + index * 5 % 12, 1 + index * 11 % 28)
}

fn application(city: CityId, date: NaiveDate) -> Application {
    Application {
        city,
        network: None,
        round: None,
        on: Some(date),
        statement_of_intent_on: Some(date),
        note: Some(NOTE.to_owned()),
    }
}

/// The memo's own city: applied, was admitted, signed, and is a member since 15 March 2026.
fn join_copenhagen(tx: &mut Tx<'_>, cast: &mut Cast, city: CityId) -> Result<()> {
    let membership = on(tx, day(2026, 1, 20), |tx| {
        memberships::apply(tx, &application(city, day(2026, 1, 20)))
    })?;
    let admission = Admission {
        membership,
        version: None,
        decision_on: day(2026, 2, 26),
        statement_of_intent_on: Some(day(2026, 2, 26)),
        note: Some(NOTE.to_owned()),
    };
    on(tx, day(2026, 2, 27), |tx| {
        memberships::admit(tx, &admission)
    })?;
    let starts_on = day(2026, 3, 15);
    let activation = Activation {
        membership,
        version: None,
        starts_on,
        agreement_on: Some(day(2026, 3, 10)),
        fee_waived: false,
        note: Some(NOTE.to_owned()),
    };
    on(tx, day(2026, 3, 10), |tx| {
        memberships::activate(tx, &activation)
    })?;
    cast.memberships.insert(city, (membership, starts_on));
    Ok(())
}

/// Admitted, but the financial agreement is missing: an item of the work list.
fn admit(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    let membership = on(tx, day(2026, 6, 1), |tx| {
        memberships::apply(tx, &application(city, day(2026, 6, 1)))
    })?;
    let admission = Admission {
        membership,
        version: None,
        decision_on: day(2026, 8, 20),
        statement_of_intent_on: None,
        note: Some(NOTE.to_owned()),
    };
    on(tx, day(2026, 8, 21), |tx| {
        memberships::admit(tx, &admission)
    })?;
    Ok(())
}

/// Applied again, and was rejected.
fn reject(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    let membership = on(tx, day(2026, 2, 2), |tx| {
        memberships::apply(tx, &application(city, day(2026, 2, 2)))
    })?;
    let rejection = Step {
        membership,
        version: None,
        on: Some(day(2026, 4, 1)),
        note: Some(NOTE.to_owned()),
    };
    on(tx, day(2026, 4, 1), |tx| {
        memberships::reject(tx, &rejection)
    })?;
    Ok(())
}

fn adopt(
    tx: &mut Tx<'_>,
    cast: &mut Cast,
    city: CityId,
    name: &str,
    joined_on: NaiveDate,
) -> Result<()> {
    let is = |names: &[&str]| names.contains(&name);
    let ended = match () {
        () if is(&WITHDRAWN) => Some((day(2022, 12, 31), MembershipEndReason::Withdrawn)),
        () if is(&EXPELLED) => Some((day(2022, 12, 31), MembershipEndReason::Expelled)),
        () if is(&LAPSED) || is(&REJOINED) => Some((
            day(joined_on.year() + 2, 6, 30),
            MembershipEndReason::Lapsed,
        )),
        () => None,
    };
    let joined_on = if is(&WITHDRAWN) || is(&EXPELLED) {
        joined_on.min(day(2020, 1, 1))
    } else {
        joined_on
    };
    let period = AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on,
        ended_on: ended.map(|(date, _)| date),
        end_reason: ended.map(|(_, reason)| reason),
        statement_of_intent_on: Some(joined_on),
        decision_on: Some(joined_on),
        agreement_on: Some(joined_on),
        fee_waived: false,
    };
    let noted = |tx: &mut Tx<'_>, period: &AdoptedMembership| {
        on(tx, LAST_DAY, |tx| {
            memberships::adopt_with_note(tx, period, Some(NOTE))
        })
    };
    let membership = noted(tx, &period)?.id();
    if ended.is_none() {
        cast.memberships.insert(city, (membership, joined_on));
    }
    if is(&REJOINED) {
        let again = AdoptedMembership {
            joined_on: day(2025, 2, 1),
            ended_on: None,
            end_reason: None,
            ..period
        };
        let membership = noted(tx, &again)?.id();
        cast.memberships.insert(city, (membership, day(2025, 2, 1)));
    }
    if is(&REJECTED) {
        reject(tx, city)?;
    }
    if is(&SUSPENDED) {
        let step = Step {
            membership,
            version: None,
            on: Some(day(2026, 5, 1)),
            note: Some(NOTE.to_owned()),
        };
        on(tx, day(2026, 5, 1), |tx| memberships::suspend(tx, &step))?;
    }
    Ok(())
}
