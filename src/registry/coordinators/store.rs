//! The queries of appointments. What it is not: which of their fields a viewer may read; resolvers
//! ask the viewer.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text};

use crate::access::viewer::Scope;
use crate::db::constraint::OnConstraint;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::identity::roles::posts::Post;
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{AppointmentId, CityId, Id, PersonId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::period::Period;
use crate::kernel::sql_types::Uid;
use crate::registry::coordinators::model::{
    Appointment, AppointmentRole, Coordinator, CoordinatorFilter, CoordinatorOrder,
};
use crate::registry::coordinators::rules::AppointmentRefusal;
use crate::schema::appointments;

type AppointmentType = diesel::dsl::SqlTypeOf<<appointments::table as Table>::AllColumns>;
type RowType = (AppointmentType, Text, Nullable<Text>, Nullable<Text>);

const SOURCE: Source = Source {
    columns: "held",
    from: "(SELECT appointments.*, people.name AS person_name, people.email AS person_email, people.phone AS person_phone \
           FROM appointments JOIN people ON people.id = appointments.person_id) AS held",
    id: "held.id",
    parent: "held.city_id",
};
const OVERLAP: &str = "appointments_overlap";

/// Who sees which appointments: those in force today in public cities are public, the others are
/// for those who see the people of the city. A search by name passes over withheld names of
/// cities whose contacts the viewer does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Where the viewer sees people.
    pub people: Scope,
    /// Where the viewer sees contacts.
    pub contacts: Scope,
    /// Today.
    pub today: NaiveDate,
}

/// The appointment with what is shown of the person.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: AppointmentId) -> Result<Coordinator> {
    let keys = vec![id.uuid()];
    let found = Sql::new("SELECT held.* FROM ")
        .text(SOURCE.from)
        .text(" WHERE held.id")
        .in_uids(keys)
        .load::<RowType, Coordinator>(db)?;
    found.into_iter().next().ok_or_else(|| Error::NotFound {
        kind: AppointmentId::KIND,
        id: id.public(),
    })
}

/// The appointments of these keys that are in sight.
///
/// # Errors
/// What the database says.
pub fn find_visible(db: &mut Db, sight: &Sight, ids: &[AppointmentId]) -> Result<Vec<Coordinator>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement = Sql::new("SELECT held.* FROM ")
        .text(SOURCE.from)
        .text(" WHERE held.id")
        .in_uids(keys);
    if let Some(seen) = seen(sight) {
        statement = statement.text(" AND (").append(seen).text(")");
    }
    Ok(statement.load::<RowType, Coordinator>(db)?)
}

/// Who holds the role in each of these cities on a day: one statement however many cities.
///
/// # Errors
/// What the database says.
pub fn of_cities(
    db: &mut Db,
    role: AppointmentRole,
    on: NaiveDate,
    cities: &[CityId],
) -> Result<HashMap<CityId, Coordinator>> {
    let keys = cities.iter().map(|city| city.uuid()).collect();
    let statement = Sql::new(
        "SELECT appointments.*, people.name, people.email, people.phone \
         FROM appointments JOIN people ON people.id = appointments.person_id WHERE appointments.city_id",
    )
    .in_uids(keys)
    .text(" AND appointments.role = ")
    .bind_text(role.as_str())
    .text(" AND appointments.starts_on <= ")
    .bind_date(on)
    .text(" AND (appointments.ends_on IS NULL OR appointments.ends_on > ")
    .bind_date(on)
    .text(")");
    Ok(statement
        .load::<RowType, Coordinator>(db)?
        .into_iter()
        .map(|held| (held.appointment.city_id, held))
        .collect())
}

/// Those of these people who hold a post in the city on a day of the period: whoever coordinates a
/// city cannot judge it.
///
/// # Errors
/// What the database says.
pub fn appointed(
    db: &mut Db,
    city: CityId,
    people: &[PersonId],
    period: &Period,
) -> Result<Vec<PersonId>> {
    let keys = people.iter().map(|person| person.uuid()).collect();
    let mut statement =
        Sql::new("SELECT DISTINCT appointments.person_id FROM appointments WHERE appointments.city_id = ")
            .bind_uid(city.uuid())
            .text(" AND (appointments.ends_on IS NULL OR (appointments.ends_on > appointments.starts_on AND appointments.ends_on > ")
            .bind_date(period.from())
            .text("))");
    if let Some(until) = period.until() {
        statement = statement
            .text(" AND appointments.starts_on < ")
            .bind_date(until);
    }
    Ok(statement
        .text(" AND appointments.person_id")
        .in_uids(keys)
        .load::<Uid, PersonId>(db)?)
}

/// A page of the appointments in sight.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    sight: &Sight,
    filter: &CoordinatorFilter,
    order: &[CoordinatorOrder],
    page: &Page,
) -> Result<Listed<Coordinator>> {
    let conditions = conditions(sight, filter);
    listing::list::<RowType, Coordinator>(db, &SOURCE, conditions, &self::order(order), page)
}

/// How many appointments a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, sight: &Sight, filter: &CoordinatorFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(sight, filter))
}

/// How a list of appointments is sorted: the newest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[CoordinatorOrder]) -> Order<Coordinator> {
    let of = |order: &CoordinatorOrder| -> OrderKey<Coordinator> {
        match order {
            CoordinatorOrder::StartsOnAsc | CoordinatorOrder::StartsOnDesc => OrderKey {
                column: "held.starts_on",
                descending: *order == CoordinatorOrder::StartsOnDesc,
                nullable: false,
                kind: KeyKind::Date,
                value: |held| KeyValue::Date(held.appointment.starts_on),
            },
            CoordinatorOrder::UpdatedAtAsc | CoordinatorOrder::UpdatedAtDesc => OrderKey {
                column: "held.updated_at",
                descending: *order == CoordinatorOrder::UpdatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |held| KeyValue::Stamp(held.appointment.updated_at),
            },
        }
    };
    let asked = if order.is_empty() {
        &[CoordinatorOrder::StartsOnDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(of).collect(),
        id: |held| held.appointment.id.uuid(),
    }
}

/// All appointments of a person. They are judged together under a lock on the person's row.
pub(super) fn of_person(db: &mut Db, person: PersonId) -> Result<Vec<Appointment>> {
    Ok(appointments::table
        .filter(appointments::person_id.eq(person))
        .order(appointments::id)
        .load(db)?)
}

/// The posts of a person in a city.
pub(super) fn posts_of(db: &mut Db, city: CityId, person: PersonId) -> Result<Vec<Post>> {
    let found: Vec<(AppointmentId, NaiveDate, Option<NaiveDate>)> = appointments::table
        .filter(appointments::city_id.eq(city))
        .filter(appointments::person_id.eq(person))
        .order(appointments::id)
        .select((
            appointments::id,
            appointments::starts_on,
            appointments::ends_on,
        ))
        .load(db)?;
    Ok(found
        .into_iter()
        .map(|(appointment, starts_on, ends_on)| Post {
            appointment,
            starts_on,
            ends_on,
        })
        .collect())
}

/// The appointment of a person in a city to a role from a day on, unless it was called off.
pub(super) fn find_same(
    db: &mut Db,
    city: CityId,
    person: PersonId,
    role: AppointmentRole,
    starts_on: NaiveDate,
) -> Result<Option<Appointment>> {
    Ok(appointments::table
        .filter(appointments::city_id.eq(city))
        .filter(appointments::person_id.eq(person))
        .filter(appointments::role.eq(role))
        .filter(appointments::starts_on.eq(starts_on))
        .filter(
            appointments::ends_on
                .is_null()
                .or(appointments::ends_on.gt(starts_on)),
        )
        .order(appointments::id.desc())
        .first(db)
        .optional()?)
}

/// The first day from `from` on, on which the city is no longer admitted to a network or a member of
/// one; none while no end is known. One membership may follow upon another without a gap.
pub(super) fn out_on(db: &mut Db, city: CityId, from: NaiveDate) -> Result<Option<NaiveDate>> {
    let spans = Sql::new("SELECT membership_spans.starts_on, membership_spans.ends_on FROM membership_spans WHERE membership_spans.city_id = ")
        .bind_uid(city.uuid())
        .text(" AND membership_spans.status IN ('ADMITTED', 'ACTIVE', 'SUSPENDED') ORDER BY membership_spans.starts_on")
        .load::<(Date, Nullable<Date>), (NaiveDate, Option<NaiveDate>)>(db)?;
    let mut out_on = from;
    for (starts_on, ends_on) in spans {
        match ends_on {
            None if starts_on <= out_on => return Ok(None),
            Some(end) if starts_on <= out_on => out_on = out_on.max(end),
            _ => {}
        }
    }
    Ok(Some(out_on))
}

/// The appointments of a city that last beyond a day, those that begin later among them.
pub(super) fn lasting_beyond(
    db: &mut Db,
    city: CityId,
    day: NaiveDate,
) -> Result<Vec<Appointment>> {
    let lasting = appointments::ends_on.is_null().or(appointments::ends_on
        .gt(day)
        .and(appointments::ends_on.gt(appointments::starts_on.nullable())));
    Ok(appointments::table
        .filter(appointments::city_id.eq(city))
        .filter(lasting)
        .order(appointments::id)
        .load(db)?)
}

/// The cities of these appointments; one that there is none of gives none.
///
/// # Errors
/// What the database says.
pub fn cities_of(db: &mut Db, ids: &[AppointmentId]) -> Result<Vec<CityId>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(
        Sql::new("SELECT DISTINCT appointments.city_id FROM appointments WHERE appointments.id")
            .in_uids(keys)
            .load::<Uid, CityId>(db)?,
    )
}

/// Locks the city's row, so that its posts are filled by one transaction after the other.
pub(super) fn lock_city(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", city.uuid())
}

/// Stores a new appointment.
pub(super) fn insert(tx: &mut Tx<'_>, appointment: &Appointment) -> Result<()> {
    diesel::insert_into(appointments::table)
        .values(appointment)
        .execute(tx.db)
        .on_exclusion(OVERLAP, || {
            AppointmentRefusal::Occupied(appointment.role).into()
        })?;
    Ok(())
}

/// Stores a changed appointment.
pub(super) fn update(tx: &mut Tx<'_>, appointment: &Appointment) -> Result<()> {
    let rows = diesel::update(appointments::table.find(appointment.id))
        .set(appointment)
        .execute(tx.db)
        .on_exclusion(OVERLAP, || {
            AppointmentRefusal::Occupied(appointment.role).into()
        })?;
    ensure_one(rows)
}

/// The condition of a sight that is not everything.
fn seen(sight: &Sight) -> Option<Sql> {
    matches!(sight.people, Scope::Own { .. }).then(|| {
        let public = in_force(sight.today)
            .text(
                " AND held.city_id IN (SELECT cities.id FROM cities WHERE cities.public_since <= ",
            )
            .bind_date(sight.today)
            .text(")");
        let own = sight.people.city_keys();
        if own.is_empty() {
            public
        } else {
            public.text(" OR held.city_id").in_uids(own)
        }
    })
}

fn in_force(on: NaiveDate) -> Sql {
    Sql::new("held.starts_on <= ")
        .bind_date(on)
        .text(" AND (held.ends_on IS NULL OR held.ends_on > ")
        .bind_date(on)
        .text(")")
}

fn conditions(sight: &Sight, filter: &CoordinatorFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(seen) = seen(sight) {
        conditions = conditions.and(seen);
    }
    if let Some(on) = filter.as_of {
        conditions = conditions.and(in_force(on));
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("held.city_id").in_uids(keys));
    }
    if let Some(roles) = &filter.role {
        let words = roles.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("held.role").in_texts(words));
    }
    if let Some(search) = &filter.search {
        conditions = conditions.and(
            Sql::new(
                "held.person_id IN (SELECT people.id FROM people WHERE people.search_key LIKE ",
            )
            .bind_text(fold::like_anywhere(search))
            .text(" ESCAPE '\\')"),
        );
        if let Scope::Own { .. } = sight.contacts {
            conditions = conditions.and(
                Sql::new("NOT held.name_withheld OR held.city_id")
                    .in_uids(sight.contacts.city_keys()),
            );
        }
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("held.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("held.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}
