//! What is done with pairings: proposed, agreed to, ended. What it is not: finding cities that
//! suit each other; whoever proposes has chosen them.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, MentorPairingId};
use crate::kernel::period::Period;
use crate::kernel::refusal::Refusal;
use crate::kernel::text;
use crate::mentoring::pairings::model::{
    Consent, MentorPairing, NewPairing, PairingEnd, PairingLeg, PairingStatus,
};
use crate::mentoring::pairings::rules::{self, PairingRefusal, Proposal};
use crate::mentoring::pairings::store;
use crate::registry::cities;
use crate::registry::memberships::{self, MembershipStatus};

/// Proposes a pairing. A coordinator who proposes one agrees for the own city with it; the
/// secretariat proposes for both and agrees for none.
///
/// # Errors
/// Refused with all problems of the input, or because a city is no active member or leaves before the
/// last day, or the pair exists.
pub fn pair(tx: &mut Tx<'_>, new: &NewPairing) -> Result<MentorPairingId> {
    let scope = tx.viewer.scope(Permission::PairCities);
    if !scope.has_city(new.mentor_city_id) && !scope.has_city(new.mentee_city_id) {
        tx.viewer.permit(Permission::PairCities)?;
    }

    let mut proposal = rules::check_new(new).map_err(Error::Refused)?;
    let low = new.mentor_city_id.min(new.mentee_city_id);
    let high = new.mentor_city_id.max(new.mentee_city_id);
    store::lock_pair(tx, low, high)?;
    demand_members(tx, new)?;
    proposal.period = within_memberships(tx, new, proposal.period)?;

    let mut pairing = MentorPairing {
        id: tx.new_id(),
        mentor_city_id: new.mentor_city_id,
        mentee_city_id: new.mentee_city_id,
        low_city_id: low,
        high_city_id: high,
        mutual: new.mutual,
        status: PairingStatus::Proposed,
        starts_on: proposal.period.from(),
        ends_on: proposal.period.until(),
        goals: proposal.goals.clone(),
        mentor_consent_at: None,
        mentor_consent_by: None,
        mentee_consent_at: None,
        mentee_consent_by: None,
        ended_on: None,
        end_reason: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    if let Scope::Own { cities, .. } = scope {
        for city in cities.into_iter().filter(|city| new.is_of(*city)) {
            pairing = agree(tx, pairing, city)?;
        }
    }
    store::insert(tx, &pairing)?;
    for (leg, field) in legs(tx, &pairing, &proposal) {
        store::insert_leg(tx, &leg, field)?;
    }

    audit::record(
        tx,
        "pairing.proposed",
        pairing.id,
        Some(pairing.mentor_city_id),
        json!({ "mentee": pairing.mentee_city_id.public(), "mutual": pairing.mutual }),
    )?;
    Ok(pairing.id)
}

/// Agrees to a pairing for one of its cities; it is active when both have agreed.
///
/// # Errors
/// `NotFound`, `Stale`; refused when the city is neither of the two, the pairing is over, or it would
/// be active though a city is no active member any more.
pub fn consent(tx: &mut Tx<'_>, consent: Consent) -> Result<MentorPairingId> {
    demand_visible(tx, consent.pairing_id)?;
    tx.viewer
        .permit_for(Permission::ConsentToPairing, consent.city_id)?;

    let pairing = store::get(tx.db, consent.pairing_id)?;
    // The cities go first, as when they are paired, so that their memberships stay as they are.
    store::lock_pair(tx, pairing.low_city_id, pairing.high_city_id)?;
    let pairing = store::lock(tx, consent.pairing_id)?;
    expect_version(consent.version, pairing.version)?;
    let agreed = agree(tx, pairing.clone(), consent.city_id)?;
    if agreed == pairing {
        return Ok(pairing.id);
    }
    if agreed.status == PairingStatus::Active {
        demand_still_members(tx, &agreed)?;
    }
    let agreed = changed(tx, agreed);
    store::update(tx, &agreed)?;

    audit::record(
        tx,
        "pairing.agreed",
        agreed.id,
        Some(consent.city_id),
        json!({ "status": agreed.status }),
    )?;
    Ok(agreed.id)
}

/// Ends a pairing or takes a proposal back: today is no day of it any more.
///
/// # Errors
/// `NotFound`, `Stale`; refused when the pairing is over.
pub fn end(tx: &mut Tx<'_>, end: &PairingEnd) -> Result<MentorPairingId> {
    demand_visible(tx, end.pairing_id)?;
    let pairing = store::lock(tx, end.pairing_id)?;
    let scope = tx.viewer.scope(Permission::PairCities);
    if !scope.has_city(pairing.mentor_city_id) && !scope.has_city(pairing.mentee_city_id) {
        tx.viewer.permit(Permission::PairCities)?;
    }
    expect_version(end.version, pairing.version)?;

    let reason = text::optional_line("reason", end.reason.as_deref())?;
    let ended = rules::ended(pairing, reason, tx.today()).map_err(Refusal::from)?;
    let ended = changed(tx, ended);
    store::update(tx, &ended)?;

    audit::record(
        tx,
        "pairing.ended",
        ended.id,
        Some(ended.mentor_city_id),
        json!({ "reason": ended.end_reason }),
    )?;
    Ok(ended.id)
}

/// A pairing that the viewer may not see does not exist.
fn demand_visible(tx: &mut Tx<'_>, id: MentorPairingId) -> Result<()> {
    let scope = tx.viewer.scope(Permission::SeePairings);
    if store::find_visible(tx.db, &scope, &[id])?.is_empty() {
        return Err(Error::NotFound {
            kind: MentorPairingId::KIND,
            id: id.public(),
        });
    }
    Ok(())
}

/// Both must be two cities, and active members on the first day.
fn demand_members(tx: &mut Tx<'_>, new: &NewPairing) -> Result<()> {
    let mut problems: Vec<Refusal> = Vec::new();
    let mut found = Vec::new();
    for (field, id) in [
        ("mentorCityId", new.mentor_city_id),
        ("menteeCityId", new.mentee_city_id),
    ] {
        // A city that the viewer may not know of is answered like none.
        let known = cities::find(tx.db, id)?;
        let Some(city) = known.filter(|city| cities::visible(city, tx.viewer, tx.today())) else {
            problems.push(PairingRefusal::NoSuchCity(field).into());
            continue;
        };
        if !memberships::is_active_on(tx.db, id, new.starts_on)? {
            problems.push(PairingRefusal::NotAMember(field, city.name.clone()).into());
        }
        found.push(city.id);
    }
    if let [mentor, mentee] = found.as_slice()
        && cities::are_one(tx.db, *mentor, *mentee)?
    {
        problems.push(PairingRefusal::SameCity.into());
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems))
    }
}

/// The days of a proposal within the memberships of both cities: one without a last day goes as far as
/// the first of them to leave.
fn within_memberships(tx: &mut Tx<'_>, new: &NewPairing, period: Period) -> Result<Period> {
    let mut first_out: Option<(CityId, NaiveDate)> = None;
    for city in [new.mentor_city_id, new.mentee_city_id] {
        let out_on = first_day_out(tx, city, period)?;
        if let Some(out_on) = out_on.filter(|day| first_out.is_none_or(|(_, first)| *day < first)) {
            first_out = Some((city, out_on));
        }
    }
    let Some((city, out_on)) = first_out else {
        return Ok(period);
    };
    if period.until().is_some() {
        let name = cities::get(tx.db, city)?.name;
        return Err(Error::refused(PairingRefusal::Outlasts(name, out_on)));
    }
    Period::new(period.from(), Some(out_on)).map_err(|problem| Error::Internal(problem.into()))
}

/// The first day of the period on which the city is no member of the international network.
fn first_day_out(tx: &mut Tx<'_>, city: CityId, period: Period) -> Result<Option<NaiveDate>> {
    let standings = memberships::standings_of_cities(tx.db, &[city])?;
    let standings = standings.get(&city).map(Vec::as_slice).unwrap_or_default();
    Ok(memberships::first_day_without(
        standings,
        &period,
        MembershipStatus::is_member,
    ))
}

/// Ends the pairings of a locked city whose membership in a network ended, from the first day on that it
/// is no member of the international one; those that would begin later never count. What another
/// membership carries on without a gap stays. A part of the step that ends the membership, whoever may
/// take it.
///
/// # Errors
/// What the database says.
pub fn leave(tx: &mut Tx<'_>, city: CityId, out_on: Option<NaiveDate>) -> Result<()> {
    for id in store::open_of_city(tx.db, city, tx.today())? {
        let pairing = store::lock(tx, id)?;
        // A gap in the membership that lies before this end is not what ends the pairing.
        let from = out_on.map_or(pairing.starts_on, |out_on| out_on.max(pairing.starts_on));
        let Ok(period) = Period::new(from, pairing.ends_on) else {
            continue;
        };
        let Some(out_on) = first_day_out(tx, city, period)? else {
            continue;
        };
        let left = changed(tx, rules::left(pairing, out_on, tx.today()));
        store::update(tx, &left)?;

        audit::record(
            tx,
            "pairing.ended",
            left.id,
            Some(city),
            json!({ "left": city.public(), "until": left.ends_on }),
        )?;
    }
    Ok(())
}

/// Both must be active members when the pairing becomes active: today, or on its first day if that
/// lies ahead. Much may happen between a proposal and its consent.
fn demand_still_members(tx: &mut Tx<'_>, pairing: &MentorPairing) -> Result<()> {
    let both = [pairing.mentor_city_id, pairing.mentee_city_id];
    let day = pairing.starts_on.max(tx.today());
    let active = memberships::active_among(tx.db, &both, day)?;
    let mut problems: Vec<Refusal> = Vec::new();
    for id in both.into_iter().filter(|id| !active.contains(id)) {
        let city = cities::get(tx.db, id)?;
        problems.push(PairingRefusal::NoLongerAMember(city.name, day).into());
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems))
    }
}

fn agree(tx: &Tx<'_>, pairing: MentorPairing, city: CityId) -> Result<MentorPairing> {
    let agreed = rules::agreed(pairing, city, tx.viewer.user_id(), tx.now, tx.today());
    Ok(agreed.map_err(Refusal::from)?)
}

fn changed(tx: &Tx<'_>, pairing: MentorPairing) -> MentorPairing {
    MentorPairing {
        updated_at: tx.now,
        version: pairing.version.saturating_add(1),
        ..pairing
    }
}

/// The directions of a pairing, each with the input field that its area came from.
fn legs(
    tx: &Tx<'_>,
    pairing: &MentorPairing,
    proposal: &Proposal,
) -> Vec<(PairingLeg, &'static str)> {
    let first = PairingLeg {
        id: tx.new_id(),
        pairing_id: pairing.id,
        mentor_city_id: pairing.mentor_city_id,
        mentee_city_id: pairing.mentee_city_id,
        area: proposal.area,
        starts_on: pairing.starts_on,
        ends_on: pairing.ends_on,
    };
    let back = proposal.mentee_area.map(|area| PairingLeg {
        id: tx.new_id(),
        mentor_city_id: pairing.mentee_city_id,
        mentee_city_id: pairing.mentor_city_id,
        area,
        ..first.clone()
    });
    let back = back.map(|leg| (leg, "menteeArea"));
    std::iter::once((first, "area")).chain(back).collect()
}
