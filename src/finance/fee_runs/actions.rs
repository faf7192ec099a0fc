//! What is done with fee runs: they are asked for, and worked through some cities at a time. What it is
//! not: the choice for each membership (`rules`).
//!
//! A transaction locks the run, then its cities in the order of their keys, then known drafts, the
//! counter, the sums, the ledger.

use std::collections::HashMap;

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::fee_runs::model::{
    FeeRun, FeeRunOutcome, FeeRunReason, FeeRunRow, FeeRunState, FeeRunStep, FeeRunWork, NewFeeRun,
};
use crate::finance::fee_runs::plan::{self, Deed, Planned};
use crate::finance::fee_runs::rules::{self, Left};
use crate::finance::fee_runs::store;
use crate::finance::invoices::{self, Draft, Shifts, Stamp};
use crate::finance::ledger;
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, FeeRunId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities::{self, City};
use crate::registry::memberships::{self, Membership};

/// Whether a run has cities left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There may be more.
    More,
    /// Every city is done.
    Done,
}

/// Asks for a run; the work is done in the background.
///
/// # Errors
/// Refused for a fee year outside 2000 to 2099, for a day after today or before the last invoice's, and
/// while the seller is not set up.
pub fn apply(tx: &mut Tx<'_>, new: NewFeeRun) -> Result<FeeRunId> {
    tx.viewer.permit(Permission::Invoice)?;

    check_year(new.fee_year)?;
    invoices::check_issue_day(tx, new.issued_on)?;
    let tariff = invoices::fee_tariff(tx.db)?;
    let run = FeeRun {
        id: tx.new_id(),
        fee_year: new.fee_year,
        issued_on: new.issued_on,
        step: new.step,
        state: FeeRunState::Queued,
        currency: tariff.currency.code().to_owned(),
        drafted: 0,
        invoiced: 0,
        skipped: 0,
        failed: 0,
        net_minor: 0,
        total_minor: 0,
        after_city_id: None,
        requested_by: tx.viewer.user_id(),
        created_at: tx.now,
        started_at: None,
        finished_at: None,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &run)?;
    jobs::enqueue(tx, &FeeRunWork { run: run.id })?;

    audit::record(
        tx,
        "feeRun.applied",
        run.id,
        None,
        json!({ "feeYear": run.fee_year, "issuedOn": run.issued_on, "step": run.step }),
    )?;
    Ok(run.id)
}

/// Refuses a fee year that no membership can have.
///
/// # Errors
/// `OutOfRange`.
pub(super) fn check_year(year: i32) -> Result<()> {
    if rules::YEARS.contains(&year) {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::OutOfRange,
        "feeYear",
        "A fee year begins in 2000 to 2099.",
        "Et kontingentår begynder i 2000 til 2099.",
    )))
}

/// Works through the next cities of a run, at most so many, in this transaction.
///
/// # Errors
/// `NotFound`; whatever keeps one of the cities from being worked through, and then nothing is stored.
pub fn work(tx: &mut Tx<'_>, id: FeeRunId, most: i64) -> Result<Progress> {
    tx.viewer.permit(Permission::Invoice)?;

    let run = store::lock(tx, id)?;
    if run.state == FeeRunState::Done {
        return Ok(Progress::Done);
    }
    let keys = store::next_cities(tx.db, run.fee_year, run.after_city_id, most)?;
    let Some(last) = keys.last().copied() else {
        finish(tx, &run)?;
        return Ok(Progress::Done);
    };
    let cities: HashMap<CityId, City> = cities::lock_many(tx, &keys)?
        .into_iter()
        .map(|city| (city.id, city))
        .collect();
    let frame = plan::frame(tx.db)?;
    let asked = asked_of(&run);
    let planned = plan::plan(tx.db, Stamp::of(tx), &frame, asked, &cities)?;

    let new: Vec<Draft> = planned
        .iter()
        .filter_map(|one| match &one.deed {
            Deed::New(draft) => Some(draft.clone()),
            _ => None,
        })
        .collect();
    lock_known(tx, &planned)?;
    let mut shifts = Shifts::default();
    invoices::store_drafts(tx, &frame.tariff, &new, &mut shifts)?;
    let postings = if run.step == FeeRunStep::Issue {
        let drafts: Vec<Draft> = planned.iter().filter_map(Planned::draft).cloned().collect();
        let (tariff, on) = (&frame.tariff, run.issued_on);
        invoices::issue_drafts(tx, tariff, &cities, &drafts, on, &mut shifts)?
    } else {
        Vec::new()
    };
    let rows: Vec<FeeRunRow> = planned.iter().map(|one| row(tx, &run, one)).collect();
    note(tx, &run, last, &rows)?;

    shifts.apply(tx)?;
    ledger::post_all(tx, postings)?;
    Ok(Progress::More)
}

/// Notes that the next city of a run failed, and why, and goes past it.
///
/// # Errors
/// `NotFound`; what the database says.
pub fn set_aside(tx: &mut Tx<'_>, id: FeeRunId, why: &Left) -> Result<Progress> {
    tx.viewer.permit(Permission::Invoice)?;

    let run = store::lock(tx, id)?;
    let keys = store::next_cities(tx.db, run.fee_year, run.after_city_id, 1)?;
    let Some(city) = keys.first().copied() else {
        return Ok(Progress::Done);
    };
    let policy = plan::frame(tx.db)?.tariff.policy;
    let members = memberships::periods_of_cities(tx.db, &[city])?;
    let rows: Vec<FeeRunRow> = members
        .into_iter()
        .filter(|member| rules::belongs(&policy, member, run.fee_year))
        .map(|membership| Planned {
            membership,
            deed: Deed::Leave(why.clone(), None),
        })
        .map(|one| row(tx, &run, &one))
        .collect();
    note(tx, &run, city, &rows)?;
    Ok(Progress::More)
}

/// The reason that an error is for a city's memberships.
#[must_use]
pub(super) fn reason_of(error: &Error) -> Left {
    if let Error::Refused(refusals) = error {
        return Left::refused(FeeRunReason::Refused, refusals);
    }
    Left::new(
        FeeRunReason::Fault,
        "The service could not do it; run again, and tell the operator if it stays.",
        "Tjenesten kunne ikke gøre det; kør igen, og sig det til driften, hvis det varer ved.",
    )
}

fn asked_of(run: &FeeRun) -> NewFeeRun {
    NewFeeRun {
        fee_year: run.fee_year,
        issued_on: run.issued_on,
        step: run.step,
    }
}

/// Locks the drafts that are issued, in the order of their keys.
fn lock_known(tx: &mut Tx<'_>, planned: &[Planned]) -> Result<()> {
    let mut known: Vec<_> = planned
        .iter()
        .filter_map(|one| match &one.deed {
            Deed::Known((invoice, _)) => Some((invoice.id, invoice.version)),
            _ => None,
        })
        .collect();
    known.sort_unstable();
    for (id, version) in known {
        // Whoever discards a draft holds its row and not the city's.
        let now = invoices::lock(tx, id)?;
        expect_version(Some(version), now.version)?;
    }
    Ok(())
}

fn row(tx: &Tx<'_>, run: &FeeRun, one: &Planned) -> FeeRunRow {
    let Membership { id, city_id, .. } = one.membership;
    let draft = one.draft().map(|(invoice, _)| invoice);
    let (left, known) = match &one.deed {
        Deed::Leave(left, known) => (Some(left), *known),
        Deed::New(_) | Deed::Known(_) => (None, None),
    };
    FeeRunRow {
        id: tx.new_id(),
        run_id: run.id,
        city_id,
        membership_id: id,
        outcome: one.outcome(run.step),
        reason_code: left.map(|left| left.reason),
        reason_en: left.map(|left| left.words.en.clone()),
        reason_da: left.map(|left| left.words.da.clone()),
        invoice_id: draft.map(|invoice| invoice.id).or(known),
        currency: run.currency.clone(),
        net_minor: draft.map_or(0, |invoice| invoice.net_minor),
        total_minor: draft.map_or(0, |invoice| invoice.total_minor),
        created_at: tx.now,
    }
}

/// Stores rows and counts them to the run, which goes on behind the city.
fn note(tx: &mut Tx<'_>, run: &FeeRun, last: CityId, rows: &[FeeRunRow]) -> Result<()> {
    store::insert_rows(tx, rows)?;
    let too_much = || Error::Internal(anyhow::anyhow!("a fee run that does not fit"));
    let mut moved = FeeRun {
        state: FeeRunState::Running,
        after_city_id: Some(last),
        started_at: Some(run.started_at.unwrap_or(tx.now)),
        updated_at: tx.now,
        version: run.version.saturating_add(1),
        ..run.clone()
    };
    for row in rows {
        let count = match row.outcome {
            FeeRunOutcome::Drafted => &mut moved.drafted,
            FeeRunOutcome::Invoiced => &mut moved.invoiced,
            FeeRunOutcome::Skipped => &mut moved.skipped,
            FeeRunOutcome::Failed => &mut moved.failed,
        };
        *count = count.checked_add(1).ok_or_else(too_much)?;
        let sum = |one: i64, other: i64| one.checked_add(other).ok_or_else(too_much);
        moved.net_minor = sum(moved.net_minor, row.net_minor)?;
        moved.total_minor = sum(moved.total_minor, row.total_minor)?;
    }
    store::update(tx, &moved)
}

fn finish(tx: &mut Tx<'_>, run: &FeeRun) -> Result<()> {
    let done = FeeRun {
        state: FeeRunState::Done,
        started_at: Some(run.started_at.unwrap_or(tx.now)),
        finished_at: Some(tx.now),
        updated_at: tx.now,
        version: run.version.saturating_add(1),
        ..run.clone()
    };
    store::update(tx, &done)?;
    audit::record(
        tx,
        "feeRun.done",
        run.id,
        None,
        json!({ "feeYear": run.fee_year, "drafted": run.drafted, "invoiced": run.invoiced, "skipped": run.skipped, "failed": run.failed, "totalMinor": run.total_minor, "currency": run.currency }),
    )
}
