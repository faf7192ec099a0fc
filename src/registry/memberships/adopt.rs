//! Taking over a membership from elsewhere: an older register, a spreadsheet, a demonstration. The
//! past is entered through the same rules as the present, back-dated. What it is not: the reading
//! of files.

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::adoption::Adopted;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, MembershipId, NetworkId, RoundId};
use crate::kernel::refusal::Refusal;
use crate::registry::cities;
use crate::registry::memberships::actions::{network_of, no_problems};
use crate::registry::memberships::ends::day_after;
use crate::registry::memberships::model::{Membership, MembershipEndReason, MembershipEventKind};
use crate::registry::memberships::progress::{self, Held, News};
use crate::registry::memberships::refusals::{MembershipRefusal, check_dates, check_past};
use crate::registry::memberships::rules::Fact;

/// A period of membership as another register knows it. What is not said stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedMembership {
    /// The city.
    pub city: CityId,
    /// The network; the international one when none is named.
    pub network: Option<NetworkId>,
    /// The round that the city joined in.
    pub round: Option<RoundId>,
    /// The first day as a member; with city and network it tells which period it is.
    pub joined_on: NaiveDate,
    /// The last day as a member.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<MembershipEndReason>,
    /// When the statement of intent was signed.
    pub statement_of_intent_on: Option<NaiveDate>,
    /// When the mayor or the council decided.
    pub decision_on: Option<NaiveDate>,
    /// When the financial agreement was signed.
    pub agreement_on: Option<NaiveDate>,
    /// Whether the network waives the fee; looked at for a new period only.
    pub fee_waived: bool,
}

/// Takes a membership over; doing it again changes nothing. An admission without a date of its own
/// is not made up: such a history begins with the start.
///
/// # Errors
/// `NotFound` for no such city; refused when the days contradict each other, overlap another
/// period, or contradict what is recorded.
pub fn adopt(tx: &mut Tx<'_>, adopted: &AdoptedMembership) -> Result<Adopted<MembershipId>> {
    adopt_with_note(tx, adopted, None)
}

/// As [`adopt`]; a new period gets a note for the network's people.
///
/// # Errors
/// As [`adopt`].
pub fn adopt_with_note(
    tx: &mut Tx<'_>,
    adopted: &AdoptedMembership,
    note: Option<&str>,
) -> Result<Adopted<MembershipId>> {
    tx.viewer.permit(Permission::DecideMembership)?;

    cities::get(tx.db, adopted.city)?;
    progress::hold_city(tx, adopted.city)?;
    let network = network_of(tx, adopted.network, adopted.round)?;
    no_problems(problems(adopted, tx.today()).into_iter())?;
    let periods = progress::periods(tx, adopted.city, network)?;

    let known = periods.iter().position(|held| {
        let membership = &held.membership;
        membership.starts_on == Some(adopted.joined_on) && membership.active_period().is_some()
    });
    let number = progress::next_number(&periods);
    if let Some(index) = known {
        let held = periods.into_iter().nth(index);
        let held =
            held.ok_or_else(|| Error::Internal(anyhow::anyhow!("a period without a place")))?;
        return complete(tx, held, adopted);
    }
    let note = progress::note(note)?;
    create(tx, adopted, (network, number, note), periods).map(Adopted::Created)
}

fn create(
    tx: &mut Tx<'_>,
    adopted: &AdoptedMembership,
    (network, number, note): (NetworkId, i32, Option<String>),
    periods: Vec<Held>,
) -> Result<MembershipId> {
    let end = end_of(adopted)?;
    let overlaps = periods
        .iter()
        .filter_map(|held| held.membership.active_period())
        .any(|period| {
            end.as_ref().is_none_or(|end| period.from() < end.on)
                && period.until().is_none_or(|until| adopted.joined_on < until)
        });
    if overlaps {
        return Err(Error::refused(MembershipRefusal::Overlaps("joinedOn")));
    }
    // An application that waits for its decision is decided there, not passed over.
    if let Some((held, status)) = progress::running(periods)
        && held.membership.starts_on.is_none()
    {
        return Err(Error::refused(MembershipRefusal::Running(status)));
    }

    let news = |kind, on| News {
        kind,
        on,
        note: None,
    };
    let decided = adopted
        .decision_on
        .map(|on| news(MembershipEventKind::Admitted, on));
    let agreed = adopted
        .agreement_on
        .map(|on| news(MembershipEventKind::Agreed, on));
    let begun = news(MembershipEventKind::Activated, adopted.joined_on);
    let happened: Vec<News> = decided
        .into_iter()
        .chain(agreed)
        .chain([begun])
        .chain(end)
        .collect();
    let mut facts: Vec<Fact> = Vec::with_capacity(happened.len());
    for news in &happened {
        if news.kind != MembershipEventKind::Agreed {
            progress::check(&facts, news.kind, news.on)?;
        }
        facts.push(Fact {
            kind: news.kind,
            on: news.on,
        });
    }
    let membership = Membership {
        id: tx.new_id(),
        city_id: adopted.city,
        network_id: network,
        round_id: adopted.round,
        number,
        statement_of_intent_on: adopted.statement_of_intent_on,
        decision_on: adopted.decision_on,
        agreement_on: adopted.agreement_on,
        fee_waived: adopted.fee_waived,
        starts_on: None,
        ends_on: None,
        end_reason: None,
        note,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    progress::begin(tx, membership, happened)
}

/// Adds to a known period what is new.
fn complete(
    tx: &mut Tx<'_>,
    held: Held,
    adopted: &AdoptedMembership,
) -> Result<Adopted<MembershipId>> {
    let Held { membership, facts } = held;
    let news = [
        learnt(
            "decisionOn",
            MembershipEventKind::Admitted,
            membership.decision_on,
            adopted.decision_on,
        )?,
        learnt(
            "agreementOn",
            MembershipEventKind::Agreed,
            membership.agreement_on,
            adopted.agreement_on,
        )?,
        ended(&membership, end_of(adopted)?)?,
    ];
    let news: Vec<News> = news.into_iter().flatten().collect();
    for news in news
        .iter()
        .filter(|news| news.kind != MembershipEventKind::Agreed)
    {
        progress::check(&facts, news.kind, news.on)?;
    }
    let completed = Membership {
        round_id: adopted.round.or(membership.round_id),
        statement_of_intent_on: adopted
            .statement_of_intent_on
            .or(membership.statement_of_intent_on),
        decision_on: adopted.decision_on.or(membership.decision_on),
        agreement_on: adopted.agreement_on.or(membership.agreement_on),
        ..membership.clone()
    };
    if news.is_empty() && completed == membership {
        return Ok(Adopted::Unchanged(membership.id));
    }
    let held = Held {
        membership: completed,
        facts,
    };
    progress::take(tx, held, news).map(Adopted::Updated)
}

/// The event of a date that was not known before.
fn learnt(
    field: &'static str,
    kind: MembershipEventKind,
    known: Option<NaiveDate>,
    said: Option<NaiveDate>,
) -> Result<Option<News>> {
    match (known, said) {
        (Some(known), Some(said)) if known != said => {
            Err(Error::refused(MembershipRefusal::Recorded(field)))
        }
        (None, Some(on)) => Ok(Some(News {
            kind,
            on,
            note: None,
        })),
        _ => Ok(None),
    }
}

/// The end, if it was not known before.
fn ended(membership: &Membership, end: Option<News>) -> Result<Option<News>> {
    let Some(end) = end else { return Ok(None) };
    if membership.ends_on.is_none() {
        return Ok(Some(end));
    }
    let same = membership.ends_on == Some(end.on)
        && membership.end_reason.map(MembershipEndReason::event) == Some(end.kind);
    if same {
        Ok(None)
    } else {
        Err(Error::refused(MembershipRefusal::Recorded("endedOn")))
    }
}

fn end_of(adopted: &AdoptedMembership) -> Result<Option<News>> {
    let Some((ended_on, reason)) = adopted.ended_on.zip(adopted.end_reason) else {
        return Ok(None);
    };
    Ok(Some(News {
        kind: reason.event(),
        on: day_after(ended_on)?,
        note: None,
    }))
}

fn problems(adopted: &AdoptedMembership, today: NaiveDate) -> Vec<Refusal> {
    let done = [
        ("statementOfIntentOn", adopted.statement_of_intent_on),
        ("decisionOn", adopted.decision_on),
        ("agreementOn", adopted.agreement_on),
    ];
    let days = [
        ("joinedOn", Some(adopted.joined_on)),
        ("endedOn", adopted.ended_on),
    ];
    let mut problems = check_dates(&days);
    problems.extend(check_dates(&done));
    problems.extend(check_past(today, &done));
    match (adopted.ended_on, adopted.end_reason) {
        (Some(_), None) => problems.push(MembershipRefusal::Missing("endReason").into()),
        (None, Some(_)) => problems.push(MembershipRefusal::Missing("endedOn").into()),
        (Some(_), Some(_)) | (None, None) => {}
    }
    if adopted
        .ended_on
        .is_some_and(|ended| ended < adopted.joined_on)
    {
        problems.push(MembershipRefusal::Earlier("endedOn", adopted.joined_on).into());
    }
    if let Some(decision) = adopted.decision_on
        && adopted.joined_on < decision
    {
        problems.push(MembershipRefusal::Earlier("joinedOn", decision).into());
    }
    problems
}
