//! What is done with applications and grants as a whole: applied for, submitted, rejected, reported,
//! closed. What it is not: the award (`awarding`), its use (`funding`) and its end before time
//! (`recalling`).

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::funders;
use crate::finance::grants::model::{FundingGrant, GrantStatus, GrantStep, InstalmentStatus};
use crate::finance::grants::said::NewGrant;
use crate::finance::grants::{rules, store};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::FundingGrantId;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::cities;

/// Begins the application of a city, which need not be a member yet.
///
/// # Errors
/// Refused with all problems of the input; `Forbidden` for another city's.
pub fn apply(tx: &mut Tx<'_>, new: &NewGrant) -> Result<FundingGrantId> {
    tx.viewer.permit_for(Permission::ApplyForGrants, new.city)?;

    let mut problems = Vec::new();
    let title = text::line("title", &new.title)
        .map_err(|problem| problems.push(problem))
        .unwrap_or_default();
    let purpose = text::optional_paragraph("purpose", new.purpose.as_deref())
        .map_err(|problem| problems.push(problem))
        .unwrap_or_default();
    let reference = text::optional_line("reference", new.reference.as_deref())
        .map_err(|problem| problems.push(problem))
        .unwrap_or_default();
    if new.asked.minor <= 0 {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "asked",
            "Ask for more than nothing.",
            "Søg om mere end ingenting.",
        ));
    }
    if cities::find(tx.db, new.city)?.is_none() {
        problems.push(missing("cityId"));
    }
    if funders::find(tx.db, new.funder)?.is_none() {
        problems.push(missing("funderId"));
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    let grant = FundingGrant {
        id: tx.new_id(),
        city_id: new.city,
        funder_id: new.funder,
        title,
        purpose,
        status: GrantStatus::Draft,
        currency: new.asked.currency.code().to_owned(),
        asked_minor: new.asked.minor,
        reference,
        submitted_on: None,
        decided_on: None,
        reported_on: None,
        ended_on: None,
        reason: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &grant)?;
    note(tx, "grant.begun", &grant)?;
    Ok(grant.id)
}

fn missing(field: &str) -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        field,
        "There is nothing with this id.",
        "Der findes intet med dette id.",
    )
}

/// Notes that the funder has the application.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless it is a draft, and for a day that lies ahead.
pub fn submit(
    tx: &mut Tx<'_>,
    id: FundingGrantId,
    version: i32,
    on: Option<NaiveDate>,
) -> Result<FundingGrantId> {
    let grant = locked(
        tx,
        id,
        version,
        Permission::ApplyForGrants,
        GrantStep::Submit,
    )?;
    let on = past(on.unwrap_or(tx.today()), "submittedOn", tx.today()).map_err(Error::refused)?;
    let grant = FundingGrant {
        submitted_on: Some(on),
        ..grant
    };
    store_as(tx, "grant.submitted", grant)
}

/// Notes that the funder said no.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the funder has the application.
pub fn reject(
    tx: &mut Tx<'_>,
    id: FundingGrantId,
    version: i32,
    reason: &str,
) -> Result<FundingGrantId> {
    let grant = locked(tx, id, version, Permission::Invoice, GrantStep::Reject)?;
    let reason = text::paragraph("reason", reason).map_err(Error::refused)?;
    let grant = FundingGrant {
        decided_on: Some(tx.today()),
        reason: Some(reason),
        ..grant
    };
    store_as(tx, "grant.rejected", grant)
}

/// Notes that the funder has the report.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless money was promised, and for a day that lies ahead.
pub fn report(
    tx: &mut Tx<'_>,
    id: FundingGrantId,
    version: i32,
    on: Option<NaiveDate>,
) -> Result<FundingGrantId> {
    let grant = locked(
        tx,
        id,
        version,
        Permission::ApplyForGrants,
        GrantStep::Report,
    )?;
    let on = past(on.unwrap_or(tx.today()), "reportedOn", tx.today()).map_err(Error::refused)?;
    let grant = FundingGrant {
        reported_on: Some(on),
        ..grant
    };
    store_as(tx, "grant.reported", grant)
}

/// Closes a grant of which nothing more is to come.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless it is reported and every instalment came.
pub fn close(tx: &mut Tx<'_>, id: FundingGrantId, version: i32) -> Result<FundingGrantId> {
    let grant = locked(tx, id, version, Permission::Invoice, GrantStep::Close)?;
    let instalments = store::instalments_of(tx.db, &[id])?.remove(&id);
    let open = instalments
        .unwrap_or_default()
        .iter()
        .any(|one| one.status != InstalmentStatus::Received);
    if open {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "grantId",
            "The funder has not paid every instalment; record them first.",
            "Tilskudsgiveren har ikke betalt alle rater; registrér dem først.",
        )));
    }
    let grant = FundingGrant {
        ended_on: Some(tx.today()),
        ..grant
    };
    store_as(tx, "grant.closed", grant)
}

/// The grant with the status that a step leads to, its row locked.
pub(super) fn locked(
    tx: &mut Tx<'_>,
    id: FundingGrantId,
    version: i32,
    permission: Permission,
    step: GrantStep,
) -> Result<FundingGrant> {
    let city = store::get(tx.db, id)?.city_id;
    tx.viewer.permit_for(permission, city)?;
    cities::lock(tx, city)?;
    let grant = store::lock(tx, id)?;
    expect_version(Some(version), grant.version)?;
    let status = rules::after(grant.status, step).map_err(|refusal| {
        Error::refused(Refusal {
            field: "grantId".to_owned(),
            ..refusal
        })
    })?;
    Ok(FundingGrant { status, ..grant })
}

/// Stores a grant that has changed, and says so.
pub(super) fn store_as(
    tx: &mut Tx<'_>,
    deed: &'static str,
    grant: FundingGrant,
) -> Result<FundingGrantId> {
    let grant = FundingGrant {
        updated_at: tx.now,
        version: grant.version.saturating_add(1),
        ..grant
    };
    store::update(tx, &grant)?;
    note(tx, deed, &grant)?;
    Ok(grant.id)
}

fn note(tx: &mut Tx<'_>, deed: &'static str, grant: &FundingGrant) -> Result<()> {
    audit::record(
        tx,
        deed,
        grant.id,
        Some(grant.city_id),
        json!({ "status": grant.status, "askedMinor": grant.asked_minor, "currency": grant.currency }),
    )
}

/// A day that does not lie ahead.
pub(super) fn past(
    on: NaiveDate,
    field: &str,
    today: NaiveDate,
) -> std::result::Result<NaiveDate, Refusal> {
    if on > today {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            field,
            format!("The day lies after today, {today}."),
            format!("Dagen ligger efter i dag, {today}."),
        ));
    }
    Ok(on)
}
