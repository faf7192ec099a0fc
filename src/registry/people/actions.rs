//! What is done with people: registered, revised, chosen for a role. What it is not: the roles.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::PersonId;
use crate::registry::cities;
use crate::registry::people::model::{NewPerson, Person, PersonChange, PersonChoice};
use crate::registry::people::rules::{self, PersonRefusal};
use crate::registry::people::store;

/// Registers a person.
///
/// # Errors
/// Refused with all problems of the input, or because the e-mail address is taken.
pub fn register(tx: &mut Tx<'_>, new: &NewPerson) -> Result<PersonId> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let new = checked(tx, new)?;

    let person = written(
        Person {
            id: tx.new_id(),
            name: String::new(),
            sort_key: String::new(),
            search_key: String::new(),
            email: None,
            email_key: None,
            phone: None,
            kind: new.kind,
            organisation: None,
            city_id: None,
            language: None,
            created_at: tx.now,
            updated_at: tx.now,
            version: 1,
        },
        new,
    );
    store::insert(tx, &person)?;

    audit::record(
        tx,
        "person.registered",
        person.id,
        person.city_id,
        json!({ "kind": person.kind }),
    )?;
    Ok(person.id)
}

/// Revises a person's record.
///
/// # Errors
/// `NotFound`, `Stale` when the version is not the current one, or refused as in [`register`].
pub fn revise(tx: &mut Tx<'_>, change: &PersonChange) -> Result<PersonId> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let person = store::lock(tx, change.id)?;
    if person.version != change.version {
        return Err(Error::Stale {
            current: person.version,
        });
    }
    let revised = checked(tx, &change.person).map_err(|error| error.under("person"))?;

    replace(tx, person, revised).map_err(|error| error.under("person"))
}

/// The person who was chosen, locked; somebody new is registered.
///
/// # Errors
/// Refused with field paths under `field` when there is no such person, or as in [`register`].
pub fn settle(tx: &mut Tx<'_>, choice: &PersonChoice, field: &str) -> Result<Person> {
    match choice {
        PersonChoice::Known(id) => store::lock(tx, *id).map_err(|error| match error {
            Error::NotFound { .. } => Error::refused(PersonRefusal::NoSuchPerson).under(field),
            other => other,
        }),
        PersonChoice::New(new) => {
            let id = register(tx, new).map_err(|error| error.under("new").under(field))?;
            store::get(tx.db, id)
        }
    }
}

/// Stores what a person shall be from now on.
pub(super) fn replace(tx: &mut Tx<'_>, person: Person, revised: NewPerson) -> Result<PersonId> {
    let version = person.version.saturating_add(1);
    let person = written(
        Person {
            updated_at: tx.now,
            version,
            ..person
        },
        revised,
    );
    store::update(tx, &person)?;

    audit::record(
        tx,
        "person.revised",
        person.id,
        person.city_id,
        json!({ "version": person.version }),
    )?;
    Ok(person.id)
}

/// What is said of a person, checked as far as that goes without storing it.
pub(super) fn checked(tx: &mut Tx<'_>, person: &NewPerson) -> Result<NewPerson> {
    let person = rules::check(person).map_err(Error::Refused)?;
    if let Some(city) = person.city_id
        && !cities::exists(tx.db, city)?
    {
        return Err(Error::refused(PersonRefusal::NoSuchCity));
    }
    Ok(person)
}

/// The record with what is said of the person and the keys that are made from it.
fn written(person: Person, said: NewPerson) -> Person {
    Person {
        sort_key: fold::sort_key(&said.name),
        search_key: rules::search_key(&said.name, said.organisation.as_deref()),
        name: said.name,
        email_key: said.email.as_deref().and_then(rules::email_key),
        email: said.email,
        phone: said.phone,
        kind: said.kind,
        organisation: said.organisation,
        city_id: said.city_id,
        language: said.language,
        ..person
    }
}
