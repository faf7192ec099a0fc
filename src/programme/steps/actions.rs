//! Saying how far a city is with a step, and verifying it. What it is not: the rules.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, StepReportId};
use crate::kernel::text;
use crate::programme::steps::model::{NewStepReport, StepReport, StepStatus};
use crate::programme::steps::rules::{self, Said};
use crate::programme::steps::store;
use crate::registry::cities;

/// Says how far a city is with a step.
///
/// # Errors
/// `NotFound`, also for another city's coordinator; `Stale`; refused with every reason against it.
pub fn report(tx: &mut Tx<'_>, new: &NewStepReport) -> Result<StepReportId> {
    let scope = tx.viewer.scope_of_list(Permission::ReportProgress)?;
    if !scope.has_city(new.city) {
        return Err(no_city(new.city));
    }

    let last = last(tx, new.city, new.step, new.version)?;
    let evidence = text::optional_paragraph("evidence", new.evidence.as_deref())?;
    let reason = text::optional_paragraph("reason", new.reason.as_deref())?;
    let on = new.on.unwrap_or_else(|| tx.today());
    let said = Said {
        step: new.step,
        status: new.status,
        on,
        evidence: evidence.as_deref(),
        reason: reason.as_deref(),
    };
    rules::check(last.as_ref(), said, tx.today()).map_err(Error::Refused)?;

    let report = StepReport {
        id: tx.new_id(),
        city_id: new.city,
        step: new.step,
        sequence: new.version.saturating_add(1),
        status: new.status,
        reported_on: on,
        evidence,
        source_url: new.source_url.clone(),
        reason,
        said_by: tx.viewer.name().to_owned(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert(tx, &report)?;

    note(tx, "step.reported", &report)
}

/// Verifies that a city has taken a step, as of today.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not done, and `SecondPersonNeeded` for whoever said so.
pub fn verify(tx: &mut Tx<'_>, city: CityId, step: i32, version: i32) -> Result<StepReportId> {
    tx.viewer.permit(Permission::VerifySteps)?;

    let last = last(tx, city, step, version)?;
    rules::check_verifier(last.as_ref(), tx.viewer.user_id()).map_err(Error::refused)?;
    let done = last.ok_or_else(|| no_city(city))?;

    let verified = StepReport {
        id: tx.new_id(),
        sequence: done.sequence.saturating_add(1),
        status: StepStatus::Verified,
        reported_on: tx.today(),
        reason: None,
        said_by: tx.viewer.name().to_owned(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        ..done
    };
    store::insert(tx, &verified)?;

    note(tx, "step.verified", &verified)
}

/// What was said last of a step, with the city held until the transaction ends.
fn last(tx: &mut Tx<'_>, city: CityId, step: i32, version: i32) -> Result<Option<StepReport>> {
    cities::lock(tx, city)?;
    let reports = store::of_cities(tx.db, &[city])?.remove(&city);
    let mut of_step = reports.unwrap_or_default().into_iter();
    let last = of_step.find(|report| report.step == step);
    expect_version(Some(version), last.as_ref().map_or(0, |last| last.sequence))?;
    Ok(last)
}

fn no_city(city: CityId) -> Error {
    Error::NotFound {
        kind: CityId::KIND,
        id: city.public(),
    }
}

fn note(tx: &mut Tx<'_>, what: &'static str, report: &StepReport) -> Result<StepReportId> {
    let details = json!({ "step": report.step, "status": report.status, "on": report.reported_on, "reason": report.reason });
    audit::record(tx, what, report.id, Some(report.city_id), details)?;
    Ok(report.id)
}
