//! How every step is taken: the city is locked, the history read, the event added, and the period
//! and both projections written anew. What it is not: which step; that is decided before.

use chrono::NaiveDate;
use serde_json::json;

use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, MembershipId, NetworkId};
use crate::kernel::text;
use crate::registry::cities;
use crate::registry::memberships::model::{
    Membership, MembershipEndReason, MembershipEvent, MembershipEventKind, MembershipStatus,
    StoredSpan,
};
use crate::registry::memberships::refusals::MembershipRefusal;
use crate::registry::memberships::rules::{self, Fact};
use crate::registry::memberships::standing::{self, PeriodSpans};
use crate::registry::memberships::store;

/// A membership with what happened to it, held until the transaction ends.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) membership: Membership,
    /// In the order they were recorded.
    pub(super) facts: Vec<Fact>,
}

/// An event to add.
#[derive(Debug, Clone)]
pub(super) struct News {
    pub(super) kind: MembershipEventKind,
    pub(super) on: NaiveDate,
    pub(super) note: Option<String>,
}

/// Holds a city, so that steps of its memberships come one after the other.
pub(super) fn hold_city(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", city.uuid())
}

/// Holds a membership; with a version, only that one.
pub(super) fn hold(tx: &mut Tx<'_>, id: MembershipId, version: Option<i32>) -> Result<Held> {
    let city = store::get(tx.db, id)?.city_id;
    hold_city(tx, city)?;
    let membership = store::get(tx.db, id)?;
    expect_version(version, membership.version)?;
    let events = store::events_of_many(tx.db, &[id])?;
    let events = events.get(&id).map(Vec::as_slice).unwrap_or_default();
    Ok(Held {
        facts: events.iter().map(MembershipEvent::fact).collect(),
        membership,
    })
}

/// All periods of a city in a network with what happened to them; the city is held.
pub(super) fn periods(tx: &mut Tx<'_>, city: CityId, network: NetworkId) -> Result<Vec<Held>> {
    let mut periods = store::periods_of_city(tx.db, city)?;
    periods.retain(|membership| membership.network_id == network);
    let ids: Vec<MembershipId> = periods.iter().map(|membership| membership.id).collect();
    let events = store::events_of_many(tx.db, &ids)?;
    let facts = |id: MembershipId| {
        let events = events.get(&id).map(Vec::as_slice).unwrap_or_default();
        events.iter().map(MembershipEvent::fact).collect()
    };
    Ok(periods
        .into_iter()
        .map(|membership| Held {
            facts: facts(membership.id),
            membership,
        })
        .collect())
}

/// The number of the next period.
pub(super) fn next_number(periods: &[Held]) -> i32 {
    let last = periods.iter().map(|held| held.membership.number).max();
    last.unwrap_or(0).saturating_add(1)
}

/// The period that goes on: whose end or rejection is not recorded, with its last status.
pub(super) fn running(periods: Vec<Held>) -> Option<(Held, MembershipStatus)> {
    periods.into_iter().find_map(|held| {
        let status = rules::final_status(&held.facts)?;
        let over = status == MembershipStatus::Rejected || status.has_ended();
        (!over).then_some((held, status))
    })
}

/// The note of a step in the form that is kept.
pub(super) fn note(note: Option<&str>) -> Result<Option<String>> {
    text::optional_paragraph("note", note).map_err(Error::refused)
}

/// Checks that the event may follow.
pub(super) fn check(facts: &[Fact], kind: MembershipEventKind, on: NaiveDate) -> Result<()> {
    rules::check_step(facts, Fact { kind, on })
        .map_err(|misstep| Error::refused(MembershipRefusal::of(kind, misstep)))
}

/// Adds events to a period and writes it and the projections anew.
pub(super) fn take(tx: &mut Tx<'_>, held: Held, news: Vec<News>) -> Result<MembershipId> {
    let Held {
        membership,
        mut facts,
    } = held;
    facts.extend(news.iter().map(|news| Fact {
        kind: news.kind,
        on: news.on,
    }));
    let version = membership.version.saturating_add(1);
    let membership = Membership {
        updated_at: tx.now,
        version,
        ..by_facts(membership, &facts)
    };
    store::update(tx, &membership)?;
    enter(tx, &membership, news)?;
    Ok(membership.id)
}

/// Stores a new period with its events.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    membership: Membership,
    news: Vec<News>,
) -> Result<MembershipId> {
    let facts: Vec<Fact> = news
        .iter()
        .map(|news| Fact {
            kind: news.kind,
            on: news.on,
        })
        .collect();
    let membership = by_facts(membership, &facts);
    store::insert(tx, &membership)?;
    enter(tx, &membership, news)?;
    Ok(membership.id)
}

/// The period with its days as the facts say.
fn by_facts(membership: Membership, facts: &[Fact]) -> Membership {
    let period = rules::membership_period(facts);
    let end = rules::end_of(facts);
    Membership {
        starts_on: period.map(|period| period.from()),
        ends_on: period.and_then(|period| period.until()),
        end_reason: end.and_then(|end| reason(end.kind)),
        ..membership
    }
}

fn reason(kind: MembershipEventKind) -> Option<MembershipEndReason> {
    let is = |reason: &&MembershipEndReason| reason.event() == kind;
    MembershipEndReason::ALL.iter().find(is).copied()
}

/// Stores the events, brings the projections up to them, and tells the audit log.
fn enter(tx: &mut Tx<'_>, membership: &Membership, news: Vec<News>) -> Result<()> {
    let mut events = Vec::with_capacity(news.len());
    for news in news {
        events.push(MembershipEvent {
            id: tx.new_id(),
            membership_id: membership.id,
            kind: news.kind,
            effective_on: news.on,
            recorded_at: tx.now,
            recorded_by: tx.viewer.user_id(),
            note: news.note,
            document_id: None,
        });
    }
    store::append(tx, &events)?;
    project(tx, membership.city_id, membership.network_id)?;
    for event in &events {
        audit::record(
            tx,
            deed(event.kind),
            membership.id,
            Some(membership.city_id),
            json!({ "effectiveOn": event.effective_on, "number": membership.number }),
        )?;
    }
    Ok(())
}

/// Writes spans and standings of a city in a network from its events, and the day from which the
/// public knows the city.
fn project(tx: &mut Tx<'_>, city: CityId, network: NetworkId) -> Result<()> {
    let periods: Vec<PeriodSpans> = periods(tx, city, network)?
        .into_iter()
        .map(|held| PeriodSpans {
            membership: held.membership.id,
            number: held.membership.number,
            spans: rules::timeline(&held.facts),
        })
        .collect();
    let spans: Vec<StoredSpan> = periods
        .iter()
        .flat_map(|period| period.spans.iter().map(|span| (period.membership, span)))
        .map(|(membership_id, span)| StoredSpan {
            membership_id,
            starts_on: span.starts_on,
            ends_on: span.ends_on,
            city_id: city,
            network_id: network,
            status: span.status,
        })
        .collect();
    let standings = standing::standings(city, network, &periods);
    store::rewrite_projections(tx, city, network, &spans, &standings)?;
    let all = store::periods_of_city(tx.db, city)?;
    let periods = all.iter().filter_map(Membership::active_period);
    let public_since = periods.map(|period| period.from()).min();
    cities::publish(tx, city, public_since)
}

/// The word of the audit log.
fn deed(kind: MembershipEventKind) -> &'static str {
    use MembershipEventKind as K;
    match kind {
        K::Inquired => "membership.inquired",
        K::Applied => "membership.applied",
        K::Rejected => "membership.rejected",
        K::Admitted => "membership.admitted",
        K::Agreed => "membership.agreed",
        K::Activated => "membership.activated",
        K::Suspended => "membership.suspended",
        K::Resumed => "membership.resumed",
        K::Withdrawn => "membership.withdrawn",
        K::Expelled => "membership.expelled",
        K::Lapsed => "membership.lapsed",
    }
}
