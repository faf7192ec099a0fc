//! Delivery and its acceptance: the network says that something is delivered, the city accepts it, or
//! says why not, or lets the time pass. What it is not: what delivery takes (`delivery`).

use chrono::{Days, NaiveDate};
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ActivityId, Id};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::activities::model::{Activity, ActivityStatus};
use crate::programme::activities::planning::{held, not_in_state};
use crate::programme::activities::records::model::Acceptance;
use crate::programme::activities::records::store as records;
use crate::programme::activities::{delivery, facts, rules, store, units};
use crate::programme::entitlements;
use crate::registry::cities;

/// How many days a city has for its word when nothing else is said.
pub const DAYS_TO_ACCEPT: i32 = 14;

/// Says that an activity is delivered; the city has so many days for its word.
///
/// # Errors
/// `NotFound`, `Stale`; refused with everything that is missing.
pub fn submit(tx: &mut Tx<'_>, id: ActivityId, version: i32, days: i32) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    if !(1..=90).contains(&days) {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "acceptWithinDays",
            "A city has from 1 to 90 days for its word.",
            "En by har fra 1 til 90 dage til sit svar.",
        )));
    }
    let activity = in_state(tx, id, version, ActivityStatus::Confirmed)?;
    let known = facts::of_many(tx.db, std::slice::from_ref(&activity), tx.now)?
        .remove(&id)
        .unwrap_or_default();
    delivery::check(activity.kind, &known).map_err(Error::Refused)?;
    let span = Days::new(u64::try_from(days).unwrap_or_default());
    let accepts_on = tx.today().checked_add_days(span);
    let submitted = Activity {
        status: ActivityStatus::Submitted,
        submitted_at: Some(tx.now),
        accepts_on,
        remark: None,
        ..rules::changed(activity, tx.now)
    };
    store::update(tx, &submitted)?;
    note(
        tx,
        "activity.submitted",
        &submitted,
        &json!({ "acceptsOn": accepts_on }),
    )
}

/// The city accepts what was delivered; the unit of its package is used up.
///
/// # Errors
/// `NotFound`, also for another city's; `Stale`; refused for what is not submitted.
pub fn accept(tx: &mut Tx<'_>, id: ActivityId, version: i32) -> Result<ActivityId> {
    demand_own(tx, id)?;
    let activity = in_state(tx, id, version, ActivityStatus::Submitted)?;
    let today = tx.today();
    accepted(tx, activity, today, false)
}

/// The city says why it does not accept what was delivered; it can be delivered again.
///
/// # Errors
/// As [`accept`].
pub fn decline(tx: &mut Tx<'_>, id: ActivityId, version: i32, remark: &str) -> Result<ActivityId> {
    demand_own(tx, id)?;
    let remark = text::paragraph("remark", remark)?;
    let activity = in_state(tx, id, version, ActivityStatus::Submitted)?;
    let declined = Activity {
        remark: Some(remark),
        ..reopened(activity, tx)
    };
    store::update(tx, &declined)?;
    note(tx, "activity.declined", &declined, &json!({}))
}

/// Takes an acceptance back: the unit is set aside again.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not accepted.
pub fn revoke_acceptance(
    tx: &mut Tx<'_>,
    id: ActivityId,
    version: i32,
    reason: &str,
) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    let reason = text::line("reason", reason)?;
    let activity = in_state(tx, id, version, ActivityStatus::Accepted)?;
    let standing = records::acceptances_of(tx.db, &[id])?
        .remove(&id)
        .unwrap_or_default()
        .into_iter()
        .find(|one| one.revoked_on.is_none())
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{id:?} is accepted without a trace")))?;
    let today = tx.today();
    records::revoke_acceptance(tx, standing.id, today, &reason)?;
    if let Some(unit) = activity.unit() {
        entitlements::restore(tx, unit, standing.id, &reason)?;
    }
    let reopened = reopened(activity, tx);
    store::update(tx, &reopened)?;
    note(
        tx,
        "activity.acceptanceRevoked",
        &reopened,
        &json!({ "reason": reason }),
    )
}

/// Notes that the city did not come. The unit is lost, or planned once more.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not over.
pub fn note_no_show(
    tx: &mut Tx<'_>,
    id: ActivityId,
    version: i32,
    unit_lost: bool,
    reason: &str,
) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    let reason = text::line("reason", reason)?;
    let activity = in_state(tx, id, version, ActivityStatus::Confirmed)?;
    if !activity.kind.is_event() || !activity.is_over(tx.now) {
        return Err(Error::refused(not_in_state(activity.status_at(tx.now))));
    }
    let missed = Activity {
        status: ActivityStatus::NoShow,
        remark: Some(reason.clone()),
        ..rules::changed(activity, tx.now)
    };
    store::update(tx, &missed)?;
    units::after_no_show(tx, &missed, unit_lost, &reason)?;
    note(
        tx,
        "activity.noShow",
        &missed,
        &json!({ "unitLost": unit_lost, "reason": reason }),
    )
}

/// Accepts an activity that the city has not spoken about in time, as of the day on which the time was
/// over. Nothing happens when the city has spoken in between.
///
/// # Errors
/// What the database says.
pub fn accept_in_silence(tx: &mut Tx<'_>, id: ActivityId) -> Result<()> {
    tx.viewer.permit(Permission::AcceptDeliveries)?;

    let city = store::get(tx.db, id)?.city_id;
    cities::lock(tx, city)?;
    let activity = store::get(tx.db, id)?;
    let on = activity.accepts_on.filter(|on| *on <= tx.today());
    match on {
        Some(on) if activity.status == ActivityStatus::Submitted => {
            accepted(tx, activity, on, true).map(drop)
        }
        _ => Ok(()),
    }
}

fn accepted(
    tx: &mut Tx<'_>,
    activity: Activity,
    on: NaiveDate,
    silent: bool,
) -> Result<ActivityId> {
    let last_day = activity.ends_on.and_then(|until| until.pred_opt());
    let delivered_on = last_day.filter(|_| activity.kind.is_event()).unwrap_or(on);
    let acceptance = Acceptance {
        id: tx.new_id(),
        activity_id: activity.id,
        delivered_on,
        accepted_on: on,
        silent,
        revoked_on: None,
        revoke_reason: None,
        created_at: tx.now,
    };
    records::insert_acceptance(tx, &acceptance)?;
    if let Some(unit) = activity.unit() {
        entitlements::consume(tx, unit, acceptance.id)?;
    }
    let accepted = Activity {
        status: ActivityStatus::Accepted,
        accepted_on: Some(on),
        ..rules::changed(activity, tx.now)
    };
    store::update(tx, &accepted)?;
    let details = json!({ "deliveredOn": delivered_on, "acceptedOn": on, "silent": silent });
    note(tx, "activity.accepted", &accepted, &details)
}

/// The activity as it was before it was said to be delivered.
fn reopened(activity: Activity, tx: &Tx<'_>) -> Activity {
    Activity {
        status: ActivityStatus::Confirmed,
        submitted_at: None,
        accepts_on: None,
        accepted_on: None,
        ..rules::changed(activity, tx.now)
    }
}

/// Only the city itself gives its word; an activity of another one does not exist for it.
fn demand_own(tx: &mut Tx<'_>, id: ActivityId) -> Result<()> {
    let scope = tx.viewer.scope_of_list(Permission::AcceptDeliveries)?;
    let city = store::get(tx.db, id)?.city_id;
    if scope.has_city(city) {
        return Ok(());
    }
    Err(Error::NotFound {
        kind: ActivityId::KIND,
        id: id.public(),
    })
}

fn in_state(
    tx: &mut Tx<'_>,
    id: ActivityId,
    version: i32,
    status: ActivityStatus,
) -> Result<Activity> {
    let activity = held(tx, id, version)?;
    if activity.status == status {
        return Ok(activity);
    }
    Err(Error::refused(not_in_state(activity.status_at(tx.now))))
}

fn note(
    tx: &mut Tx<'_>,
    what: &'static str,
    activity: &Activity,
    details: &serde_json::Value,
) -> Result<ActivityId> {
    let details = json!({ "kind": activity.kind, "what": details });
    audit::record(tx, what, activity.id, Some(activity.city_id), details)?;
    Ok(activity.id)
}
