//! What makes a pairing, and how it moves from a proposal to an end. What it is not: whether the
//! pair exists already; the database holds that.

use chrono::NaiveDate;

use crate::kernel::ids::{CityId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::period::{Period, check_date};
use crate::kernel::policy_area::PolicyArea;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::mentoring::pairings::model::{MentorPairing, NewPairing, PairingStatus};

/// Why the network says no to a pairing or a step of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairingRefusal {
    /// There is no such city; the field names it.
    NoSuchCity(&'static str),
    /// The two are one city.
    SameCity,
    /// The city is no active member on the first day; the field and the city.
    NotAMember(&'static str, String),
    /// The city is out of the network from a day on, before the last day of the pairing.
    Outlasts(String, NaiveDate),
    /// The city is no active member any more on the day from which the pairing would be active.
    NoLongerAMember(String, NaiveDate),
    /// The two have a mutual pairing in that time.
    PairExists,
    /// The mentor mentors the mentee in this field in that time; the field of the input names it.
    LegExists(&'static str),
    /// A mutual pairing needs the field of its second leg.
    MenteeAreaMissing,
    /// Only a mutual pairing has a second leg.
    MenteeAreaOfOneWay,
    /// The city is neither of the two.
    NotOfPair,
    /// The pairing is over.
    IsOver,
    /// The last day of the proposal passed before both cities had agreed.
    NeverAgreed,
}

impl From<PairingRefusal> for Refusal {
    fn from(refusal: PairingRefusal) -> Self {
        use PairingRefusal as R;
        match refusal {
            R::NoSuchCity(field) => Self::new(
                RefusalCode::NotFound,
                field,
                "There is no such city; take the id from a query.",
                "Der findes ingen sådan by; tag id'et fra en forespørgsel.",
            ),
            R::SameCity => Self::new(
                RefusalCode::SameCity,
                "menteeCityId",
                "Mentor and mentee are one city; a pairing is between two.",
                "Mentor og mentee er samme by; et mentorpar består af to byer.",
            ),
            R::NotAMember(field, city) => Self::new(
                RefusalCode::NotAMember,
                field,
                format!(
                    "{city} is not an active member on the first day; choose a later day, or settle the membership first."
                ),
                format!(
                    "{city} er ikke aktivt medlem på første dag; vælg en senere dag, eller bring medlemskabet i orden først."
                ),
            ),
            R::Outlasts(city, day) => Self::new(
                RefusalCode::NotAMember,
                "endsOn",
                format!(
                    "{city} is out of the network from {day}; choose a last day before it, or leave the last day open."
                ),
                format!(
                    "{city} er ude af netværket fra {day}; vælg en sidste dag før den, eller lad sidste dag stå åben."
                ),
            ),
            R::NoLongerAMember(city, day) => Self::new(
                RefusalCode::NotAMember,
                "pairingId",
                format!(
                    "{city} is not an active member on {day}; settle the membership first, or end the pairing."
                ),
                format!(
                    "{city} er ikke aktivt medlem den {day}; bring medlemskabet i orden først, eller afslut mentorparret."
                ),
            ),
            R::PairExists => Self::new(
                RefusalCode::PairExists,
                "menteeCityId",
                "The two cities have a mutual pairing in that time; end it first, or choose days after it.",
                "De to byer har et gensidigt mentorpar i den tid; afslut det først, eller vælg dage efter det.",
            ),
            R::LegExists(field) => Self::new(
                RefusalCode::PairExists,
                field,
                "The one city mentors the other in this field in that time already; choose another field, or end that pairing first.",
                "Den ene by er allerede mentor for den anden på dette område i den tid; vælg et andet område, eller afslut det mentorpar først.",
            ),
            R::MenteeAreaMissing => Self::new(
                RefusalCode::Required,
                "menteeArea",
                "In a mutual pairing the mentee mentors too: say in which field, or set mutual to false.",
                "I et gensidigt mentorpar er mentee også mentor: angiv på hvilket område, eller sæt mutual til false.",
            ),
            R::MenteeAreaOfOneWay => Self::new(
                RefusalCode::OutOfRange,
                "menteeArea",
                "Only in a mutual pairing does the mentee mentor too; leave menteeArea out, or set mutual to true.",
                "Kun i et gensidigt mentorpar er mentee også mentor; udelad menteeArea, eller sæt mutual til true.",
            ),
            R::NotOfPair => Self::new(
                RefusalCode::NotFound,
                "cityId",
                "The city is neither of the two in this pairing.",
                "Byen er ingen af de to i dette mentorpar.",
            ),
            R::IsOver => Self::new(
                RefusalCode::NotInState,
                "pairingId",
                "The pairing has ended; propose a new one.",
                "Mentorparret er afsluttet; foreslå et nyt.",
            ),
            R::NeverAgreed => Self::new(
                RefusalCode::ConsentMissing,
                "pairingId",
                "The last day of the pairing passed before both cities had agreed to it; propose a new one.",
                "Mentorparrets sidste dag gik, før begge byer havde sagt ja; foreslå et nyt.",
            ),
        }
    }
}

/// A proposal that is in order: its days, its goals as they are kept, and the fields of its legs,
/// first the mentor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// From the first day on.
    pub period: Period,
    /// What the two want to reach.
    pub goals: Option<String>,
    /// In which field the mentor mentors.
    pub area: PolicyArea,
    /// In which field the mentee mentors the mentor, when it is mutual.
    pub mentee_area: Option<PolicyArea>,
}

/// Checks a proposal for itself.
///
/// # Errors
/// All problems.
pub fn check_new(new: &NewPairing) -> Result<Proposal, Vec<Refusal>> {
    let mut problems = Vec::new();
    if new.mentor_city_id == new.mentee_city_id {
        problems.push(PairingRefusal::SameCity.into());
    }
    match (new.mutual, new.mentee_area) {
        (true, None) => problems.push(PairingRefusal::MenteeAreaMissing.into()),
        (false, Some(_)) => problems.push(PairingRefusal::MenteeAreaOfOneWay.into()),
        (true, Some(_)) | (false, None) => {}
    }
    let period = check_days(&mut problems, new.starts_on, new.last_day);
    let goals = text::optional_paragraph("goals", new.goals.as_deref())
        .map_err(|found| problems.push(found))
        .ok();
    match (period, goals) {
        (Some(period), Some(goals)) if problems.is_empty() => Ok(Proposal {
            period,
            goals,
            area: new.area,
            mentee_area: new.mentee_area,
        }),
        _ => Err(problems),
    }
}

fn check_days(
    problems: &mut Vec<Refusal>,
    first: NaiveDate,
    last: Option<NaiveDate>,
) -> Option<Period> {
    let before = problems.len();
    for (field, day) in [("startsOn", Some(first)), ("endsOn", last)] {
        if let Some(Err(reason)) = day.map(check_date) {
            problems.push(Refusal {
                code: RefusalCode::OutOfRange,
                field: field.to_owned(),
                message: reason.phrase(),
            });
        }
    }
    if problems.len() > before {
        return None;
    }
    let period = match last {
        Some(last) => Period::of_days(first, last),
        None => Ok(Period::since(first)),
    };
    period
        .map_err(|reason| {
            problems.push(Refusal {
                code: RefusalCode::OutOfRange,
                field: "endsOn".to_owned(),
                message: reason.phrase(),
            });
        })
        .ok()
}

/// The pairing after a city has agreed: active when both have. Agreeing twice changes nothing.
///
/// # Errors
/// The city is neither of the two, the pairing is over, or it is too late for a consent.
pub fn agreed(
    pairing: MentorPairing,
    city: CityId,
    by: Option<UserId>,
    now: Instant,
    today: NaiveDate,
) -> Result<MentorPairing, PairingRefusal> {
    if !pairing.is_of(city) {
        return Err(PairingRefusal::NotOfPair);
    }
    demand_not_over(&pairing, today)?;
    let mut agreed = pairing;
    if city == agreed.mentor_city_id && agreed.mentor_consent_at.is_none() {
        agreed.mentor_consent_at = Some(now);
        agreed.mentor_consent_by = by;
    }
    if city == agreed.mentee_city_id && agreed.mentee_consent_at.is_none() {
        agreed.mentee_consent_at = Some(now);
        agreed.mentee_consent_by = by;
    }
    if agreed.mentor_consent_at.is_some() && agreed.mentee_consent_at.is_some() {
        agreed.status = PairingStatus::Active;
    }
    Ok(agreed)
}

/// Whether the pairing can still move. A proposal needs the consent of both cities to begin; one whose
/// days have passed without never did.
fn demand_not_over(pairing: &MentorPairing, today: NaiveDate) -> Result<(), PairingRefusal> {
    match (pairing.status_on(today), pairing.status) {
        (PairingStatus::Ended, PairingStatus::Proposed) => Err(PairingRefusal::NeverAgreed),
        (PairingStatus::Ended, _) => Err(PairingRefusal::IsOver),
        (PairingStatus::Proposed | PairingStatus::Active, _) => Ok(()),
    }
}

/// The pairing after it was ended: today is no day of it any more, so that the two cities can be
/// paired anew from today on. One that had not begun never counts.
///
/// # Errors
/// The pairing is over, or never began.
pub fn ended(
    pairing: MentorPairing,
    reason: Option<String>,
    today: NaiveDate,
) -> Result<MentorPairing, PairingRefusal> {
    demand_not_over(&pairing, today)?;
    let end = today.max(pairing.starts_on);
    Ok(MentorPairing {
        status: PairingStatus::Ended,
        ends_on: Some(end),
        ended_on: Some(today),
        end_reason: reason,
        ..pairing
    })
}

/// The pairing of a city that is no member from a day on: it lasts until that day, and one that would
/// begin later never counts. One that has days left stays what it is until then.
#[must_use]
pub fn left(pairing: MentorPairing, out_on: NaiveDate, today: NaiveDate) -> MentorPairing {
    let end = out_on.max(pairing.starts_on);
    let never_begins = end == pairing.starts_on;
    let shortened = MentorPairing {
        ends_on: Some(end),
        ..pairing
    };
    if end > today && !never_begins {
        return shortened;
    }
    MentorPairing {
        status: PairingStatus::Ended,
        ended_on: Some(today),
        ..shortened
    }
}

#[cfg(test)]
mod tests;
