//! Members that nobody coordinates, and when somebody did. What it is not: what a vacancy is counted
//! from and how long it may last (`rules`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable, Text};
use uuid::Uuid;

use crate::db::Db;
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id};
use crate::kernel::period::Period;
use crate::kernel::sql_types::Uid;
use crate::registry::coordinators::model::{Duty, Vacancy};

/// The active members that nobody coordinates on a day and has not since `latest` or before, by the
/// first day without a coordinator: a part of them.
///
/// # Errors
/// What the database says.
pub fn vacancies(
    db: &mut Db,
    day: NaiveDate,
    latest: NaiveDate,
    part: &Part,
) -> Result<Vec<Vacancy>> {
    type Row = (Uid, Uid, Date);

    let found = candidates(day, latest);
    let rows = merged::load::<Row, (Uuid, CityId, NaiveDate)>(db, found, part)?;
    Ok(rows
        .into_iter()
        .map(|(_, city, vacant_from)| Vacancy { city, vacant_from })
        .collect())
}

/// How many such members there are, among these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_vacancies(
    db: &mut Db,
    day: NaiveDate,
    latest: NaiveDate,
    cities: Option<&[Uuid]>,
) -> Result<i64> {
    merged::count(db, candidates(day, latest), cities)
}

/// When each of these cities was a member, and when it had a coordinator or will have one.
///
/// # Errors
/// What the database says; a fault when a stored period is none.
pub fn duties_of_cities(db: &mut Db, cities: &[CityId]) -> Result<HashMap<CityId, Duty>> {
    type Row = (Text, Uid, Date, Nullable<Date>);

    let keys: Vec<Uuid> = cities.iter().map(|city| city.uuid()).collect();
    let rows = Sql::new("SELECT 'MEMBER', standing.city_id, standing.starts_on, standing.ends_on FROM city_standings standing WHERE standing.status IN ('ACTIVE', 'SUSPENDED') AND standing.city_id")
        .in_uids(keys.clone())
        .text(" UNION ALL SELECT 'POST', post.city_id, post.starts_on, post.ends_on FROM appointments post WHERE post.role = 'COORDINATOR' AND post.city_id")
        .in_uids(keys)
        .load::<Row, (String, CityId, NaiveDate, Option<NaiveDate>)>(db)?;
    let mut duties: HashMap<CityId, Duty> = HashMap::with_capacity(cities.len());
    for (kind, city, starts_on, ends_on) in rows {
        let period = Period::new(starts_on, ends_on).map_err(|_| {
            Error::Internal(anyhow::anyhow!(
                "a period of {} ends before it begins",
                city.public()
            ))
        })?;
        let duty = duties.entry(city).or_default();
        if kind == "MEMBER" {
            duty.member.push(period);
        } else {
            duty.posts.push(period);
        }
    }
    Ok(duties)
}

/// The vacancies as [`rules::vacant_from`](super::rules::vacant_from) tells them, of cities that are
/// active in a network. A member since the latest day on which a membership began that no other one led
/// up to. The few cities without a coordinator are found first (`MATERIALIZED`): else PostgreSQL looks at
/// the history of every member.
fn candidates(day: NaiveDate, latest: NaiveDate) -> Candidates {
    let statement = Sql::new(
        "SELECT vacancy.city_id AS id, vacancy.city_id, vacancy.since FROM (\
         WITH unfilled AS MATERIALIZED (",
    )
    .append(unfilled(day))
    .text(
        ") SELECT post.city_id, \
         CASE WHEN post.last_ended_on > post.member_since THEN post.last_ended_on ELSE post.member_since END AS since \
         FROM (SELECT unfilled.city_id, \
         (SELECT MAX(run.starts_on) FROM city_standings run WHERE run.city_id = unfilled.city_id \
         AND run.status IN ('ACTIVE', 'SUSPENDED') AND run.starts_on <= ",
    )
    .bind_date(day)
    .text(
        " AND NOT EXISTS (SELECT 1 FROM city_standings past WHERE past.city_id = run.city_id \
         AND past.status IN ('ACTIVE', 'SUSPENDED') AND past.starts_on < run.starts_on \
         AND (past.ends_on IS NULL OR past.ends_on >= run.starts_on))) AS member_since, \
         (SELECT MAX(past.ends_on) FROM appointments past WHERE past.city_id = unfilled.city_id \
         AND past.role = 'COORDINATOR' AND past.ends_on > past.starts_on AND past.ends_on <= ",
    )
    .bind_date(day)
    .text(") AS last_ended_on FROM unfilled) AS post) AS vacancy WHERE vacancy.since <= ")
    .bind_date(latest);
    Candidates(statement)
}

/// The active members without a coordinator on a day, each once however many networks it is active in.
fn unfilled(day: NaiveDate) -> Sql {
    Sql::new(
        "SELECT standing.city_id FROM city_standings standing \
         WHERE standing.status = 'ACTIVE' AND standing.starts_on <= ",
    )
    .bind_date(day)
    .text(" AND (standing.ends_on IS NULL OR standing.ends_on > ")
    .bind_date(day)
    .text(
        ") AND NOT EXISTS (SELECT 1 FROM appointments held WHERE held.city_id = standing.city_id \
         AND held.role = 'COORDINATOR' AND held.starts_on <= ",
    )
    .bind_date(day)
    .text(" AND (held.ends_on IS NULL OR held.ends_on > ")
    .bind_date(day)
    .text(
        ")) AND NOT EXISTS (SELECT 1 FROM city_standings other WHERE other.city_id = standing.city_id \
         AND other.network_id < standing.network_id AND other.status = 'ACTIVE' AND other.starts_on <= ",
    )
    .bind_date(day)
    .text(" AND (other.ends_on IS NULL OR other.ends_on > ")
    .bind_date(day)
    .text("))")
}
