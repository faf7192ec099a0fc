//! What is done with appointments: made, replaced, ended. Everything about a city's posts happens
//! under a lock on the city, everything about a person's time under a lock on the person, in this
//! order. What it is not: the account of the one who is appointed, beyond the invitation.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Role;
use crate::db::Tx;
use crate::identity::audit;
use crate::identity::roles::NewGrant;
use crate::identity::roles::posts::{self, Holder, Post};
use crate::identity::users::{self, NewUser};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AppointmentId, CityId};
use crate::kernel::language::Language;
use crate::registry::cities;
use crate::registry::coordinators::model::{
    Appointment, AppointmentRole, Ending, NewAppointment, Replacement,
};
use crate::registry::coordinators::rules::{self, AppointmentRefusal, Checked};
use crate::registry::coordinators::store;
use crate::registry::people::{self, Person};

/// Appoints somebody.
///
/// # Errors
/// Refused with all problems of the input, or because the post is taken, the person's time is, or
/// the city does not belong to the network.
pub fn appoint(tx: &mut Tx<'_>, new: &NewAppointment) -> Result<AppointmentId> {
    tx.viewer.permit(Permission::AppointCoordinator)?;

    let terms = rules::check_terms(&new.terms).map_err(Error::Refused)?;
    if !cities::exists(tx.db, new.city_id)? {
        return Err(Error::refused(AppointmentRefusal::NoSuchCity));
    }
    store::lock_city(tx, new.city_id)?;
    let person = people::settle(tx, &new.person, "person")?;

    let appointment = fill(tx, new.city_id, new.role, &person, terms)?;
    if new.invite {
        invite(tx, &appointment, &person)?;
    }
    Ok(appointment.id)
}

/// Appoints somebody in the place of the one who holds the post: the old appointment ends where
/// the new one begins, and with it the access of the old one.
///
/// # Errors
/// `NotFound`, `Stale`, or refused as in [`appoint`] or because the new one does not follow the
/// old one.
pub fn replace(tx: &mut Tx<'_>, replacement: &Replacement) -> Result<AppointmentId> {
    tx.viewer.permit(Permission::AppointCoordinator)?;

    let old = current(tx, replacement.id, replacement.version)?;
    let terms = rules::check_terms(&replacement.terms).map_err(Error::Refused)?;
    let starts_on = terms.period.from();
    rules::check_succession(&old, starts_on).map_err(Error::refused)?;

    let (city, role) = (old.city_id, old.role);
    let ended = if old.ends_on == Some(starts_on) {
        old.clone()
    } else {
        close(tx, old.clone(), starts_on)?
    };
    let person = people::settle(tx, &replacement.person, "person")?;
    let appointment = fill(tx, city, role, &person, terms)?;
    if replacement.invite {
        invite(tx, &appointment, &person)?;
    }
    // After the new post is filled: the old one may go on in it.
    follow(tx, &old, &ended)?;
    Ok(appointment.id)
}

/// Ends an appointment, or calls it off before it begins.
///
/// # Errors
/// `NotFound`, `Stale`, or refused because it ends no later already.
pub fn end(tx: &mut Tx<'_>, ending: &Ending) -> Result<AppointmentId> {
    tx.viewer.permit(Permission::AppointCoordinator)?;

    let appointment = current(tx, ending.id, ending.version)?;
    let until = rules::end_of(&appointment, ending.last_day)?;

    let ended = close(tx, appointment.clone(), until)?;
    follow(tx, &appointment, &ended)?;
    Ok(ending.id)
}

/// Ends the posts of a locked city that is out of a network from a day on, and with them the access of
/// those who hold them: a city that belongs to no network has nobody who coordinates it. Those that
/// would begin later are called off, unless the city belongs to a network again by then. A part of
/// the step that ends the membership, whoever may take it.
///
/// # Errors
/// What the database says.
pub fn leave(tx: &mut Tx<'_>, city: CityId, out_on: NaiveDate) -> Result<()> {
    let belongs =
        |tx: &mut Tx<'_>, day| Ok::<_, Error>(store::out_on(tx.db, city, day)? != Some(day));
    if belongs(tx, out_on)? {
        return Ok(());
    }
    for post in store::lasting_beyond(tx.db, city, out_on)? {
        let starts_on = post.starts_on;
        if starts_on > out_on && belongs(tx, starts_on)? {
            continue;
        }
        let ended = close(tx, post.clone(), starts_on.max(out_on))?;
        follow(tx, &post, &ended)?;
    }
    posts::leave(tx, city, out_on)
}

/// The appointment as it stands once its city is locked.
fn current(tx: &mut Tx<'_>, id: AppointmentId, version: i32) -> Result<Appointment> {
    let city = store::get(tx.db, id)?.appointment.city_id;
    store::lock_city(tx, city)?;
    let appointment = store::get(tx.db, id)?.appointment;
    if appointment.version != version {
        return Err(Error::Stale {
            current: appointment.version,
        });
    }
    Ok(appointment)
}

/// Fills a post of a locked city with a locked person.
pub(super) fn fill(
    tx: &mut Tx<'_>,
    city: CityId,
    role: AppointmentRole,
    person: &Person,
    terms: Checked,
) -> Result<Appointment> {
    let mut problems = Vec::new();
    let starts_on = terms.period.from();
    let out_on = store::out_on(tx.db, city, starts_on)?;
    let period = rules::within(terms.period, out_on).unwrap_or_else(|refusal| {
        problems.push(refusal.into());
        terms.period
    });
    let others = store::of_person(tx.db, person.id)?;
    if let Err(refusal) = rules::check_fte(&period, terms.fte_percent, &others) {
        problems.push(refusal.into());
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }

    let appointment = Appointment {
        id: tx.new_id(),
        city_id: city,
        person_id: person.id,
        role,
        fte_percent: terms.fte_percent,
        starts_on,
        ends_on: period.until(),
        office: terms.office,
        name_withheld: terms.name_withheld,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &appointment)?;

    audit::record(
        tx,
        "coordinator.appointed",
        appointment.id,
        Some(city),
        json!({ "role": role, "ftePercent": appointment.fte_percent, "startsOn": starts_on }),
    )?;
    follow(tx, &appointment, &appointment)?;
    Ok(appointment)
}

/// Lets the roles of the one who holds a post follow its change: they are bound to the post, and end
/// with it, also when they were given otherwise. A post that was over before changes no role of today.
pub(super) fn follow(tx: &mut Tx<'_>, before: &Appointment, after: &Appointment) -> Result<()> {
    let today = tx.today();
    let lasts = |post: &Appointment| post.ends_on.is_none_or(|until| until > today);
    if !lasts(before) && !lasts(after) {
        return Ok(());
    }
    let held = store::posts_of(tx.db, after.city_id, after.person_id)?;
    let holder = Holder {
        city: after.city_id,
        person: after.person_id,
        email: people::get(tx.db, after.person_id)?.email,
    };
    let changed = Post {
        appointment: after.id,
        starts_on: after.starts_on,
        ends_on: after.ends_on,
    };
    posts::follow(tx, &holder, &changed, &held)
}

/// Gives the person the role of the city's coordinator for as long as the appointment lasts, on an
/// account that is made and invited when there is none.
fn invite(tx: &mut Tx<'_>, appointment: &Appointment, person: &Person) -> Result<()> {
    let Some(email) = person.email.clone() else {
        return Err(Error::refused(AppointmentRefusal::NoAddress));
    };
    let language = person.language.as_deref();
    let account = NewUser {
        email,
        name: person.name.clone(),
        language: language.map_or_else(Language::default, Language::of_tag),
        person: Some(person.id),
    };
    let grant = NewGrant {
        role: Role::Coordinator,
        city: Some(appointment.city_id),
        expert: None,
        appointment: Some(appointment.id),
    };
    users::invite_or_grant(tx, &account, &[grant]).map_err(|error| error.under("person"))?;
    Ok(())
}

/// Ends an appointment of a locked city on the day before `until`.
fn close(tx: &mut Tx<'_>, appointment: Appointment, until: NaiveDate) -> Result<Appointment> {
    let version = appointment.version.saturating_add(1);
    let ended = Appointment {
        ends_on: Some(until),
        updated_at: tx.now,
        version,
        ..appointment
    };
    store::update(tx, &ended)?;

    audit::record(
        tx,
        "coordinator.ended",
        ended.id,
        Some(ended.city_id),
        json!({ "role": ended.role, "until": until }),
    )?;
    Ok(ended)
}
