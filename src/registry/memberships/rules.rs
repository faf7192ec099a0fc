//! What a city is on a day, from what happened; which step may follow which; when notice takes
//! effect. What it is not: several periods of one city; those are weighed in `standing.rs`.

use chrono::{Datelike, NaiveDate};

use crate::kernel::period::{DateRefusal, Period, add_months};
use crate::registry::coordinators::Duty;
use crate::registry::coordinators::rules::vacant_too_long;
use crate::registry::memberships::model::{Membership, MembershipEventKind, MembershipStatus};

/// Months of notice before a city is out, if nothing else was agreed. Domain rule 4.1: notice is
/// given three months before the end of the fee year.
pub const NOTICE_MONTHS: u32 = 3;

/// Something that happened, and the day from which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// What happened.
    pub kind: MembershipEventKind,
    /// The day from which it counts; for an end the first day outside.
    pub on: NaiveDate,
}

/// Days on which a membership has one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The status.
    pub status: MembershipStatus,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last; none when it lasts.
    pub ends_on: Option<NaiveDate>,
}

impl Span {
    /// Whether the day is in the span.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day < end)
    }
}

/// The status after an event, or none when the event cannot follow: the state machine.
///
/// A history may begin with the admission or the start, because of old members no more is known.
/// The financial agreement is not in it: it changes no status, whenever it is signed.
#[must_use]
pub fn next(
    before: Option<MembershipStatus>,
    kind: MembershipEventKind,
) -> Option<MembershipStatus> {
    use MembershipEventKind as K;
    use MembershipStatus as S;
    match (before, kind) {
        (None, K::Inquired) => Some(S::Inquiry),
        (None | Some(S::Inquiry), K::Applied) => Some(S::Applied),
        (Some(S::Applied), K::Rejected) => Some(S::Rejected),
        (None | Some(S::Inquiry | S::Applied), K::Admitted) => Some(S::Admitted),
        (None | Some(S::Admitted), K::Activated) | (Some(S::Suspended), K::Resumed) => {
            Some(S::Active)
        }
        (Some(S::Active), K::Suspended) => Some(S::Suspended),
        (Some(S::Inquiry | S::Applied | S::Admitted | S::Active | S::Suspended), K::Withdrawn) => {
            Some(S::Withdrawn)
        }
        (Some(S::Admitted | S::Active | S::Suspended), K::Expelled) => Some(S::Expelled),
        (Some(S::Admitted | S::Active | S::Suspended), K::Lapsed) => Some(S::Lapsed),
        _ => None,
    }
}

/// A fact in its place among the others, with what it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Played {
    /// The index in the order of recording.
    index: usize,
    fact: Fact,
    before: Option<MembershipStatus>,
    /// None when it changed nothing because it could not follow.
    after: Option<MembershipStatus>,
}

/// Plays the facts in the order of the days they count from. Of one day the way in comes first, step
/// by step, however late a step was learnt; the others follow in the order they were recorded.
fn play(facts: &[Fact]) -> Vec<Played> {
    let mut ordered: Vec<(usize, Fact)> = facts
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, fact)| fact.kind != MembershipEventKind::Agreed)
        .collect();
    ordered.sort_by_key(|(_, fact)| (fact.on, place_on_a_day(fact.kind)));
    let mut status = None;
    ordered
        .into_iter()
        .map(|(index, fact)| {
            let before = status;
            let after = next(before, fact.kind);
            status = after.or(before);
            Played {
                index,
                fact,
                before,
                after,
            }
        })
        .collect()
}

/// Where an event stands among those of its day.
fn place_on_a_day(kind: MembershipEventKind) -> u8 {
    use MembershipEventKind as K;
    match kind {
        K::Inquired => 0,
        K::Applied => 1,
        K::Rejected | K::Admitted => 2,
        K::Agreed | K::Activated => 3,
        K::Suspended | K::Resumed | K::Withdrawn | K::Expelled | K::Lapsed => 4,
    }
}

/// The status when everything that is recorded has come true; none without any event.
#[must_use]
pub fn final_status(facts: &[Fact]) -> Option<MembershipStatus> {
    play(facts)
        .last()
        .and_then(|last| last.after.or(last.before))
}

/// The spans of a membership, in the order of time. Statuses that lasted no day are left out.
#[must_use]
pub fn timeline(facts: &[Fact]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for played in play(facts) {
        let Some(status) = played.after.filter(|after| Some(*after) != played.before) else {
            continue;
        };
        if let Some(last) = spans.last_mut() {
            last.ends_on = Some(played.fact.on);
            if last.starts_on == played.fact.on {
                spans.pop();
            }
        }
        // What was left out between two equal spans must not part them.
        match spans.last_mut() {
            Some(last) if last.status == status => last.ends_on = None,
            _ => spans.push(Span {
                status,
                starts_on: played.fact.on,
                ends_on: None,
            }),
        }
    }
    spans
}

/// The status on a day; none before the first event.
#[must_use]
pub fn status_on(facts: &[Fact], day: NaiveDate) -> Option<MembershipStatus> {
    timeline(facts)
        .iter()
        .find(|span| span.contains(day))
        .map(|span| span.status)
}

/// The days as a member, suspended ones included: from the start to the end; empty when the end
/// came before the start. None while no start is known.
#[must_use]
pub fn membership_period(facts: &[Fact]) -> Option<Period> {
    let starts_on = facts
        .iter()
        .find(|fact| fact.kind == MembershipEventKind::Activated)
        .map(|fact| fact.on)?;
    let end = end_of(facts).map(|end| end.on.max(starts_on));
    Period::new(starts_on, end).ok()
}

/// The event that ends the membership, if one is recorded.
#[must_use]
pub fn end_of(facts: &[Fact]) -> Option<Fact> {
    play(facts)
        .into_iter()
        .find(|played| played.after.is_some_and(MembershipStatus::has_ended))
        .map(|played| played.fact)
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misstep {
    /// On that day the membership is something from which the step does not lead.
    NotFrom(Option<MembershipStatus>),
    /// A later event, recorded already, would lose its ground.
    Before(Fact),
}

/// Checks that a step can be added to what happened.
///
/// An end may cut off what was planned after it. An application that was recorded after a
/// back-dated admission only loses its effect.
///
/// # Errors
/// What stands in the way.
pub fn check_step(facts: &[Fact], step: Fact) -> Result<(), Misstep> {
    let mut with_step = facts.to_vec();
    with_step.push(step);
    let played = play(&with_step);
    let is_step = |played: &&Played| played.index == facts.len();
    let taken = played.iter().find(is_step);
    let Some(status) = taken.and_then(|taken| taken.after) else {
        return Err(Misstep::NotFrom(taken.and_then(|taken| taken.before)));
    };
    if status.has_ended() {
        return Ok(());
    }
    let had_effect = play(facts);
    let lost = played.iter().find(|later| {
        later.after.is_none()
            && !matches!(
                later.fact.kind,
                MembershipEventKind::Inquired | MembershipEventKind::Applied
            )
            && had_effect
                .iter()
                .any(|before| before.index == later.index && before.after.is_some())
    });
    lost.map_or(Ok(()), |lost| Err(Misstep::Before(lost.fact)))
}

/// Checks that an end leaves what has been. A membership may end before it begins, and then counts for
/// nothing, only while its first day lies ahead: from that day on it may be invoiced, and other cities
/// were its partners in it.
///
/// # Errors
/// The first day of the membership, which is the earliest that can be its last.
pub fn check_not_undone(
    facts: &[Fact],
    out_on: NaiveDate,
    today: NaiveDate,
) -> Result<(), NaiveDate> {
    match membership_period(facts).map(|period| period.from()) {
        Some(first) if first <= today && out_on <= first => Err(first),
        _ => Ok(()),
    }
}

/// The first day outside for a city that gives notice and names no day: the first 1 January that lies
/// after the notice period. With three months, 30 September is the last day of notice for the end of
/// the year; whoever gives notice on 1 October is a member for another year. The fee year is the
/// calendar year here.
///
/// # Errors
/// [`DateRefusal::OutOfRange`] beyond the calendar.
pub fn out_after_notice(notice_on: NaiveDate, months: u32) -> Result<NaiveDate, DateRefusal> {
    let heard = add_months(notice_on, months)?;
    NaiveDate::from_ymd_opt(heard.year().saturating_add(1), 1, 1).ok_or(DateRefusal::OutOfRange)
}

/// Whether the city is active by a membership on a day and lacks what a member needs: a financial
/// agreement or a waiver for this membership, and a coordinator, whom a city has 60 days to find.
/// Nothing is blocked by it.
#[must_use]
pub fn is_non_compliant(
    membership: &Membership,
    status: Option<MembershipStatus>,
    duty: &Duty,
    day: NaiveDate,
) -> bool {
    if status != Some(MembershipStatus::Active) {
        return false;
    }
    let agreed = membership.agreement_on.is_some_and(|on| on <= day);
    !(agreed || membership.fee_waived) || vacant_too_long(duty, day)
}

#[cfg(test)]
pub(super) mod tests;
