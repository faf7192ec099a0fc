//! Saying that a city took a practice over, and what came of it. What it is not: the rules.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, PracticeAdoptionId, PracticeId};
use crate::kernel::text;
use crate::programme::practice_adoptions::model::{NewAdoption, PracticeAdoption};
use crate::programme::practice_adoptions::rules::{self, Said};
use crate::programme::practice_adoptions::store;
use crate::programme::practices::{self, PracticeStatus};
use crate::registry::cities;

/// Says what a city does with a practice of another city.
///
/// # Errors
/// `NotFound`, also for another city's coordinator; `Stale`; refused with every reason against it.
pub fn report(tx: &mut Tx<'_>, new: &NewAdoption) -> Result<PracticeAdoptionId> {
    let scope = tx.viewer.scope_of_list(Permission::ReportProgress)?;
    if !scope.has_city(new.city) {
        return Err(Error::NotFound {
            kind: CityId::KIND,
            id: new.city.public(),
        });
    }

    cities::lock(tx, new.city)?;
    let found = practices::find_many(tx.db, &[new.practice])?;
    let published = |one: &practices::Practice| one.status == PracticeStatus::Published;
    let practice = found.into_iter().find(published);
    let practice = practice.ok_or_else(|| Error::NotFound {
        kind: PracticeId::KIND,
        id: new.practice.public(),
    })?;
    let last = store::last(tx.db, new.practice, new.city)?;
    expect_version(
        Some(new.version),
        last.as_ref().map_or(0, |last| last.sequence),
    )?;
    let outcome = text::optional_paragraph("outcome", new.outcome.as_deref())?;
    let on = new.on.unwrap_or_else(|| tx.today());
    let said = Said {
        status: new.status,
        on,
        outcome: outcome.as_deref(),
        is_own: practice.city_id == Some(new.city),
    };
    rules::check(last.as_ref(), said, tx.today()).map_err(Error::Refused)?;

    let adoption = PracticeAdoption {
        id: tx.new_id(),
        practice_id: new.practice,
        city_id: new.city,
        sequence: new.version.saturating_add(1),
        status: new.status,
        reported_on: on,
        outcome,
        source_url: new.source_url.clone(),
        said_by: tx.viewer.name().to_owned(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert(tx, &adoption)?;

    let details = json!({ "practice": practice.slug, "status": adoption.status, "on": on });
    audit::record(
        tx,
        "practice.adoption",
        adoption.id,
        Some(new.city),
        details,
    )?;
    Ok(adoption.id)
}
