//! Taking over a row of an import as an appointment: the person is found as in an import of
//! people, the appointment by id or by person, city, role and first day. What it is not: the
//! reading of the row.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::adoption::{Adopted, Given};
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{AppointmentId, CityId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities;
use crate::registry::coordinators::actions;
use crate::registry::coordinators::model::{Appointment, AppointmentRole, Terms};
use crate::registry::coordinators::rules::{self, AppointmentRefusal};
use crate::registry::coordinators::store;
use crate::registry::people::{self, PersonRow};

/// What a row says of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentRow {
    /// The appointment, when the row names it.
    pub id: Option<AppointmentId>,
    /// The city.
    pub city: CityId,
    /// Who; somebody new is registered as an official.
    pub person: PersonRow,
    /// To what.
    pub role: AppointmentRole,
    /// Hundredths of a full-time post, 1 to 100.
    pub fte_percent: i32,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub last_day: Given<NaiveDate>,
}

/// Takes over a row: makes the appointment, changes its days and hundredths, or finds that
/// nothing changed.
///
/// # Errors
/// `NotFound` for an unknown id; refused as an appointment or a person.
pub fn adopt(tx: &mut Tx<'_>, row: &AppointmentRow) -> Result<Adopted<AppointmentId>> {
    tx.viewer.permit(Permission::AppointCoordinator)?;

    if !cities::exists(tx.db, row.city)? {
        return Err(Error::refused(AppointmentRefusal::NoSuchCity));
    }
    let named = held(tx, row)?;
    if let Some(named) = &named {
        demand_same_person(tx, named, &row.person)?;
    }
    let person = PersonRow {
        id: named
            .as_ref()
            .map(|named| named.person_id)
            .or(row.person.id),
        ..row.person.clone()
    };
    let adopted = people::adopt(tx, &person)?;
    let person = people::lock(tx, adopted.id())?;
    let known = match named {
        Some(named) => Some(named),
        None => store::find_same(tx.db, row.city, person.id, row.role, row.starts_on)?,
    };

    let Some(known) = known else {
        let terms = rules::check_terms(&terms_of(row, None)).map_err(Error::Refused)?;
        let made = actions::fill(tx, row.city, row.role, &person, terms)?;
        return Ok(Adopted::Created(made.id));
    };
    let terms = rules::check_terms(&terms_of(row, Some(&known))).map_err(Error::Refused)?;
    let days = (row.city, terms.period.from(), terms.period.until());
    let period = if days == (known.city_id, known.starts_on, known.ends_on) {
        terms.period
    } else {
        let out_on = store::out_on(tx.db, row.city, terms.period.from())?;
        rules::within(terms.period, out_on).map_err(Error::refused)?
    };
    let revised = Appointment {
        city_id: row.city,
        role: row.role,
        fte_percent: terms.fte_percent,
        starts_on: period.from(),
        ends_on: period.until(),
        ..known.clone()
    };
    if revised == known {
        return Ok(match adopted {
            Adopted::Unchanged(_) => Adopted::Unchanged(known.id),
            Adopted::Created(_) | Adopted::Updated(_) => Adopted::Updated(known.id),
        });
    }
    let mut others = store::of_person(tx.db, person.id)?;
    others.retain(|other| other.id != known.id);
    rules::check_fte(&period, terms.fte_percent, &others).map_err(Error::refused)?;

    let version = known.version.saturating_add(1);
    let revised = Appointment {
        updated_at: tx.now,
        version,
        ..revised
    };
    store::update(tx, &revised)?;
    if known.city_id != revised.city_id {
        // There it is a post no more, as if it had ended.
        actions::follow(tx, &known, &known)?;
    }
    actions::follow(tx, &known, &revised)?;

    audit::record(
        tx,
        "coordinator.revised",
        revised.id,
        Some(revised.city_id),
        json!({ "version": version }),
    )?;
    Ok(Adopted::Updated(revised.id))
}

/// The appointment that the row names, with its city and the row's locked in the order of their keys:
/// a row may move an appointment to another city.
fn held(tx: &mut Tx<'_>, row: &AppointmentRow) -> Result<Option<Appointment>> {
    let Some(id) = row.id else {
        store::lock_city(tx, row.city)?;
        return Ok(None);
    };
    let before = store::get(tx.db, id)?.appointment.city_id;
    store::lock_city(tx, before.min(row.city))?;
    store::lock_city(tx, before.max(row.city))?;
    Ok(Some(store::get(tx.db, id)?.appointment))
}

/// A row that names an appointment tells of its person: by key, by name, or by the e-mail address
/// when the name is corrected. Another person is another appointment.
fn demand_same_person(tx: &mut Tx<'_>, named: &Appointment, said: &PersonRow) -> Result<()> {
    let person = people::get(tx.db, named.person_id)?;
    let same_name = fold::name_key(&person.name) == fold::name_key(&said.name);
    let same_address = said.email.value().is_some_and(|email| {
        let address = |email: &str| email.trim().to_lowercase();
        person.email.as_deref().map(address) == Some(address(email))
    });
    let same_key = said.id.is_none_or(|id| id == person.id);
    if same_key && (same_name || same_address || said.id.is_some()) {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::Ambiguous,
        "id",
        "The appointment is of another person; leave the id out to appoint this one.",
        "Udpegelsen er en andens; udelad id'et for at udpege denne person.",
    )))
}

fn terms_of(row: &AppointmentRow, known: Option<&Appointment>) -> Terms {
    let last_day = known
        .and_then(|known| known.ends_on)
        .and_then(|until| until.pred_opt());
    Terms {
        fte_percent: row.fte_percent,
        starts_on: row.starts_on,
        last_day: row.last_day.onto(last_day),
        office: known.and_then(|known| known.office.clone()),
        name_withheld: known.is_some_and(|known| known.name_withheld),
    }
}
