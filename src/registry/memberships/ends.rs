//! What happens to members: suspended, resumed, withdrawn, expelled, lapsed. What it is not: the
//! way in; that is in `actions.rs`.

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::MembershipId;
use crate::kernel::period::DateRefusal;
use crate::registry::coordinators;
use crate::registry::memberships::actions::no_problems;
use crate::registry::memberships::model::{
    Ending, Membership, MembershipEventKind, Step, Withdrawal,
};
use crate::registry::memberships::progress::{self, Held, News};
use crate::registry::memberships::refusals::{MembershipRefusal, check_dates, check_past, of_date};
use crate::registry::memberships::rules::{self, Fact, NOTICE_MONTHS};

/// The member's rights rest from a day on. The membership goes on, and so does its fee.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the membership is active on that day, and when it has ended.
pub fn suspend(tx: &mut Tx<'_>, step: &Step) -> Result<MembershipId> {
    turn(tx, step, MembershipEventKind::Suspended)
}

/// The member's rights are back from a day on.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the membership is suspended on that day, and when it has
/// ended.
pub fn resume(tx: &mut Tx<'_>, step: &Step) -> Result<MembershipId> {
    turn(tx, step, MembershipEventKind::Resumed)
}

/// The city leaves by its own notice. A city that is not a member yet is out at once, and a start
/// that was planned is void; a member is out by the notice period, unless another last day was
/// agreed.
///
/// # Errors
/// `NotFound`, `Stale`; refused when an end is recorded already, for a last day before the notice, and
/// for an end before a membership that has begun.
pub fn withdraw(tx: &mut Tx<'_>, withdrawal: &Withdrawal) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, withdrawal.membership, withdrawal.version)?;
    let kind = MembershipEventKind::Withdrawn;
    let status = rules::final_status(&held.facts);
    if status.is_some_and(super::model::MembershipStatus::has_ended) {
        return Err(Error::refused(MembershipRefusal::NotFrom(kind, status)));
    }
    let dates = [
        ("noticeOn", withdrawal.notice_on),
        ("endsOn", withdrawal.ends_on),
    ];
    let given = [("noticeOn", withdrawal.notice_on)];
    no_problems(
        check_dates(&dates)
            .into_iter()
            .chain(check_past(tx.today(), &given)),
    )?;
    let notice_on = withdrawal.notice_on.unwrap_or_else(|| tx.today());
    let on = out_on(&held.membership, notice_on, withdrawal.ends_on)?;
    let said = withdrawal.ends_on.map_or("noticeOn", |_| "endsOn");
    demand_not_undone(&held.facts, on, tx.today(), said)?;
    progress::check(&held.facts, kind, on)?;

    let note = progress::note(withdrawal.note.as_deref())?;
    finish(tx, held, News { kind, on, note })
}

/// The network excludes the city.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the city is admitted or a member on that day, when the
/// membership has ended, and for an end before one that has begun.
pub fn expel(tx: &mut Tx<'_>, ending: &Ending) -> Result<MembershipId> {
    end(tx, ending, MembershipEventKind::Expelled)
}

/// The membership ends without a decision: the fee was not paid or the term not renewed.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the city is admitted or a member on that day, when the
/// membership has ended, and for an end before one that has begun.
pub fn lapse(tx: &mut Tx<'_>, ending: &Ending) -> Result<MembershipId> {
    end(tx, ending, MembershipEventKind::Lapsed)
}

/// Records the end and ends the posts of the city with it. Periods taken over from elsewhere do not
/// come here: of a row that corrects the past nobody knows yet what follows it.
fn finish(tx: &mut Tx<'_>, held: Held, news: News) -> Result<MembershipId> {
    let (city, out_on) = (held.membership.city_id, news.on);
    let id = progress::take(tx, held, vec![news])?;
    coordinators::leave(tx, city, out_on)?;
    Ok(id)
}

fn turn(tx: &mut Tx<'_>, step: &Step, kind: MembershipEventKind) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, step.membership, step.version)?;
    demand_not_over(&held.facts, tx.today())?;
    no_problems(check_dates(&[("effectiveOn", step.on)]).into_iter())?;
    let on = step.on.unwrap_or_else(|| tx.today());
    progress::check(&held.facts, kind, on)?;

    let note = progress::note(step.note.as_deref())?;
    progress::take(tx, held, vec![News { kind, on, note }])
}

fn end(tx: &mut Tx<'_>, ending: &Ending, kind: MembershipEventKind) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, ending.membership, ending.version)?;
    demand_not_over(&held.facts, tx.today())?;
    no_problems(check_dates(&[("endsOn", Some(ending.ends_on))]).into_iter())?;
    let on = day_after(ending.ends_on)?;
    demand_not_undone(&held.facts, on, tx.today(), "endsOn")?;
    progress::check(&held.facts, kind, on)?;

    let note = progress::note(ending.note.as_deref())?;
    finish(tx, held, News { kind, on, note })
}

/// A membership that has ended stays as it was, also for steps of an earlier day: what was invoiced
/// and decided in it rests on its days. An end that lies ahead may still be overtaken.
fn demand_not_over(facts: &[Fact], today: NaiveDate) -> Result<()> {
    match rules::end_of(facts) {
        Some(end) if end.on <= today => {
            Err(Error::refused(MembershipRefusal::Over(end.kind, end.on)))
        }
        _ => Ok(()),
    }
}

/// A membership that has begun cannot be made void; the field tells from which day on it can end.
fn demand_not_undone(
    facts: &[Fact],
    out_on: NaiveDate,
    today: NaiveDate,
    field: &'static str,
) -> Result<()> {
    rules::check_not_undone(facts, out_on, today)
        .map_err(|first| Error::refused(MembershipRefusal::Earlier(field, first)))
}

/// The first day outside of a city that gives notice.
fn out_on(
    membership: &Membership,
    notice_on: NaiveDate,
    last_day: Option<NaiveDate>,
) -> Result<NaiveDate> {
    let out = match last_day {
        Some(last_day) => day_after(last_day)?,
        None if membership.starts_on.is_some_and(|start| start <= notice_on) => {
            rules::out_after_notice(notice_on, NOTICE_MONTHS)
                .map_err(|refusal| Error::refused(of_date("noticeOn", refusal)))?
        }
        None => notice_on,
    };
    if out < notice_on {
        let least = notice_on.pred_opt().unwrap_or(notice_on);
        return Err(Error::refused(MembershipRefusal::Earlier("endsOn", least)));
    }
    Ok(out)
}

/// The first day outside after a last day.
pub(super) fn day_after(last_day: NaiveDate) -> Result<NaiveDate> {
    last_day
        .succ_opt()
        .ok_or_else(|| Error::refused(of_date("endsOn", DateRefusal::OutOfRange)))
}
