//! What is done with experts: registered, and kept as an import says. What it is not: their
//! visits.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ExpertId, PersonId};
use crate::kernel::json::Json;
use crate::registry::cities;
use crate::registry::experts::model::{ExpertRecord, ExpertTerms, NewExpert};
use crate::registry::experts::rules::{self, Checked, ExpertRefusal};
use crate::registry::experts::store;
use crate::registry::people;

/// Registers an expert.
///
/// # Errors
/// Refused with all problems of the input, or because the person is an expert already.
pub fn register(tx: &mut Tx<'_>, new: &NewExpert) -> Result<ExpertId> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let terms = checked(tx, &new.terms)?;
    let person = people::settle(tx, &new.person, "person")?;

    enlist(tx, person.id, terms)
}

/// Stores a new expert.
pub(super) fn enlist(tx: &mut Tx<'_>, person: PersonId, terms: Checked) -> Result<ExpertId> {
    let record = written(
        ExpertRecord {
            id: tx.new_id(),
            person_id: person,
            kind: terms.kind,
            languages: Json(serde_json::Value::Null),
            policy_areas: Json(serde_json::Value::Null),
            organisation: None,
            home_city_id: None,
            available_from: None,
            available_until: None,
            created_at: tx.now,
            updated_at: tx.now,
            version: 1,
        },
        terms,
    )?;
    store::insert(tx, &record)?;

    audit::record(
        tx,
        "expert.registered",
        record.id,
        None,
        json!({ "kind": record.kind }),
    )?;
    Ok(record.id)
}

/// Stores what an expert shall be from now on.
pub(super) fn replace(tx: &mut Tx<'_>, record: ExpertRecord) -> Result<ExpertId> {
    let version = record.version.saturating_add(1);
    let record = ExpertRecord {
        updated_at: tx.now,
        version,
        ..record
    };
    store::update(tx, &record)?;

    audit::record(
        tx,
        "expert.revised",
        record.id,
        None,
        json!({ "version": record.version }),
    )?;
    Ok(record.id)
}

/// What is said of an expert, checked as far as that goes without storing it.
pub(super) fn checked(tx: &mut Tx<'_>, terms: &ExpertTerms) -> Result<Checked> {
    let checked = rules::check(terms).map_err(Error::Refused)?;
    if let Some(city) = checked.home_city_id
        && !cities::exists(tx.db, city)?
    {
        return Err(Error::refused(ExpertRefusal::NoSuchHomeCity));
    }
    Ok(checked)
}

/// The record with what is said of the expert.
pub(super) fn written(record: ExpertRecord, terms: Checked) -> Result<ExpertRecord> {
    Ok(ExpertRecord {
        kind: terms.kind,
        languages: Json::of(&terms.languages)?,
        policy_areas: Json::of(&terms.policy_areas)?,
        organisation: terms.organisation,
        home_city_id: terms.home_city_id,
        available_from: terms.available_from,
        available_until: terms.available_until,
        ..record
    })
}
