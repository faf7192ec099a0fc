//! What issuing and crediting do to a line's revenue, and the recognising of what the days have earned,
//! some lines at a time. What it is not: the run over all of them (`jobs`).

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::ledger::postings::{self, Claim};
use crate::finance::ledger::{self, Account};
use crate::finance::revenue::model::{
    Earning, RecogniseRevenue, RevenueRun, RevenueSchedule, RunState,
};
use crate::finance::revenue::rules::{self, Recognition};
use crate::finance::revenue::store;
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, InvoiceLineId, RevenueRunId};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// How many lines are recognised in one transaction.
const LINES: i64 = 500;

/// Asks for the revenue of all days through the end of a month to be recognised, in the background.
///
/// # Errors
/// Refused for a day that does not end its month, or has not passed.
pub fn recognise(tx: &mut Tx<'_>, through: NaiveDate) -> Result<RevenueRunId> {
    tx.viewer.permit(Permission::CloseBooks)?;

    if rules::last_of_month(through) != Some(through) || through > tx.today() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "through",
            "Revenue is recognised through the last day of a month that has passed.",
            "Indtægter periodiseres til og med den sidste dag i en måned, der er gået.",
        )));
    }
    let run = RevenueRun {
        id: tx.new_id(),
        through,
        state: RunState::Queued,
        postings: 0,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
    };
    store::insert_run(tx, &run)?;

    audit::record(
        tx,
        "revenue.asked",
        run.id,
        None,
        json!({ "through": through }),
    )?;
    jobs::enqueue(tx, &RecogniseRevenue { run: run.id })?;
    Ok(run.id)
}

/// Posts what the days up to and with a month's last have earned of some lines that are not that far
/// yet. Tells how many lines were looked at and how many posted; none when all are that far.
///
/// # Errors
/// What the database says.
pub(super) fn recognise_some(
    tx: &mut Tx<'_>,
    through: NaiveDate,
    by: Recognition,
) -> Result<(usize, usize)> {
    let due = store::lock_due(tx, through, LINES)?;
    let mut postings = Vec::with_capacity(due.len());
    let mut moved = Vec::with_capacity(due.len());
    for schedule in due.iter().cloned() {
        let period = (schedule.starts_on, schedule.ends_on);
        let earned = rules::earned(schedule.amount_minor, period, through, by);
        let minor = earned.saturating_sub(schedule.recognised_minor);
        if minor != 0 {
            postings.push(postings::revenue_recognised(
                &claim(&schedule),
                schedule.line_id.uuid(),
                through,
                (schedule.account, minor),
            ));
        }
        moved.push(RevenueSchedule {
            recognised_minor: earned,
            recognised_through: Some(through),
            is_done: earned == schedule.amount_minor && through >= last_day(&schedule),
            updated_at: tx.now,
            ..schedule
        });
    }
    store::update(tx, &due, &moved)?;
    let posted = postings.len();
    ledger::post_all(tx, postings)?;
    Ok((moved.len(), posted))
}

fn last_day(schedule: &RevenueSchedule) -> NaiveDate {
    schedule.ends_on.pred_opt().unwrap_or(schedule.ends_on)
}

fn claim(schedule: &RevenueSchedule) -> Claim {
    Claim {
        invoice: schedule.invoice_id,
        number: Some(schedule.document.clone()),
        city: schedule.city_id,
        currency: schedule.currency.clone(),
    }
}

/// Where and when an invoice's lines were issued.
#[derive(Debug, Clone, Copy)]
pub struct Issued<'a> {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Whose it is.
    pub city: CityId,
    /// Its number.
    pub number: &'a str,
    /// ISO 4217.
    pub currency: &'a str,
    /// Its date.
    pub on: NaiveDate,
}

/// Begins to earn the lines of an invoice that is being issued.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut Tx<'_>, issued: Issued<'_>, earnings: &[Earning]) -> Result<()> {
    let now = tx.now;
    let schedule = |earning: &Earning| {
        Some(RevenueSchedule {
            line_id: earning.line,
            invoice_id: issued.invoice,
            city_id: issued.city,
            document: issued.number.to_owned(),
            account: earning.account,
            currency: issued.currency.to_owned(),
            issued_on: issued.on,
            starts_on: earning.period.from(),
            ends_on: earning.period.until()?,
            amount_minor: earning.minor,
            recognised_minor: 0,
            recognised_through: None,
            is_done: false,
            updated_at: now,
        })
    };
    let schedules: Vec<_> = earnings.iter().filter_map(schedule).collect();
    store::insert(tx, &schedules)
}

/// Takes a credited amount out of what a line earns. What comes back says of which accounts the amount
/// is to be taken: of the deferred revenue, and of the revenue where more was counted already than
/// is left to earn. None when the line was never deferred.
///
/// # Errors
/// What the database says; a fault of ours when more is credited than there is.
pub fn reduce(
    tx: &mut Tx<'_>,
    line: InvoiceLineId,
    minor: i64,
) -> Result<Option<[(Account, i64); 2]>> {
    let Some(schedule) = store::lock(tx, line)? else {
        return Ok(None);
    };
    let amount_minor = schedule
        .amount_minor
        .checked_sub(minor)
        .filter(|amount| *amount >= 0)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more credited than was to be earned")))?;
    let counted = schedule.recognised_minor.min(amount_minor);
    let too_much = schedule.recognised_minor.saturating_sub(counted);
    let account = schedule.account;
    let reduced = RevenueSchedule {
        amount_minor,
        recognised_minor: counted,
        is_done: counted == amount_minor,
        updated_at: tx.now,
        ..schedule.clone()
    };
    store::update(tx, &[schedule], &[reduced])?;
    let deferred = minor.saturating_sub(too_much);
    Ok(Some([
        (Account::DeferredRevenue, deferred),
        (account, too_much),
    ]))
}
