//! Taking over a row of an import as a person: found by id, else by e-mail, and without an e-mail
//! by name and city. What it is not: the reading of the row.

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::adoption::{Adopted, Given};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PersonId};
use crate::registry::people::actions;
use crate::registry::people::model::{NewPerson, Person, PersonKind};
use crate::registry::people::rules::{self, PersonRefusal};
use crate::registry::people::store;

/// What a row says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The person, when the row names it.
    pub id: Option<PersonId>,
    /// The whole name.
    pub name: String,
    /// What brings the person to the network; `None` leaves it, and is an official for somebody
    /// new.
    pub kind: Option<PersonKind>,
    /// The work e-mail.
    pub email: Given<String>,
    /// The work phone.
    pub phone: Given<String>,
    /// Where the person works.
    pub organisation: Given<String>,
    /// The city.
    pub city: Given<CityId>,
    /// The language to write in, BCP 47.
    pub language: Given<String>,
}

impl PersonRow {
    /// A row of which only the name is given.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            kind: None,
            email: Given::Leave,
            phone: Given::Leave,
            organisation: Given::Leave,
            city: Given::Leave,
            language: Given::Leave,
        }
    }
}

/// Takes over a row: registers the person, revises it, or finds that nothing changed.
///
/// # Errors
/// `NotFound` for an unknown id; refused when the row fits several people or its content is wrong.
pub fn adopt(tx: &mut Tx<'_>, row: &PersonRow) -> Result<Adopted<PersonId>> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let Some(person) = matching(tx, row)? else {
        let kind = row.kind.unwrap_or(PersonKind::Official);
        let new = merged(NewPerson::named(&row.name, kind), row);
        return Ok(Adopted::Created(actions::register(tx, &new)?));
    };
    let person = store::lock(tx, person.id)?;
    let said = said_of(&person);
    let revised = actions::checked(tx, &merged(said.clone(), row))?;
    if revised == said {
        return Ok(Adopted::Unchanged(person.id));
    }

    Ok(Adopted::Updated(actions::replace(tx, person, revised)?))
}

fn matching(tx: &mut Tx<'_>, row: &PersonRow) -> Result<Option<Person>> {
    if let Some(id) = row.id {
        return store::get(tx.db, id).map(Some);
    }
    if let Some(email) = row.email.value() {
        return match rules::email_key(email) {
            Some(key) => store::find_by_email(tx.db, &key),
            // The check of the new record says what is wrong with the address.
            None => Ok(None),
        };
    }
    let mut found = store::find_by_name(tx.db, &row.name, row.city.value().copied())?;
    if found.len() > 1 {
        return Err(Error::refused(PersonRefusal::Ambiguous(row.name.clone())));
    }
    Ok(found.pop())
}

/// What the record says, in the words of an input.
fn said_of(person: &Person) -> NewPerson {
    NewPerson {
        name: person.name.clone(),
        kind: person.kind,
        email: person.email.clone(),
        phone: person.phone.clone(),
        organisation: person.organisation.clone(),
        city_id: person.city_id,
        language: person.language.clone(),
    }
}

fn merged(said: NewPerson, row: &PersonRow) -> NewPerson {
    NewPerson {
        name: row.name.clone(),
        kind: row.kind.unwrap_or(said.kind),
        email: row.email.onto(said.email),
        phone: row.phone.onto(said.phone),
        organisation: row.organisation.onto(said.organisation),
        city_id: row.city.onto(said.city_id),
        language: row.language.onto(said.language),
    }
}
