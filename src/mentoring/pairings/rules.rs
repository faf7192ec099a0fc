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
/// The city is neither of the two, or the pairing is over.
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
    if pairing.status_on(today) == PairingStatus::Ended {
        return Err(PairingRefusal::IsOver);
    }
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

/// The pairing after it was ended: today is no day of it any more, so that the two cities can be
/// paired anew from today on. One that had not begun never counts.
///
/// # Errors
/// The pairing is over.
pub fn ended(
    pairing: MentorPairing,
    reason: Option<String>,
    today: NaiveDate,
) -> Result<MentorPairing, PairingRefusal> {
    if pairing.status_on(today) == PairingStatus::Ended {
        return Err(PairingRefusal::IsOver);
    }
    let end = today.max(pairing.starts_on);
    Ok(MentorPairing {
        status: PairingStatus::Ended,
        ends_on: Some(end),
        ended_on: Some(today),
        end_reason: reason,
        ..pairing
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{Id, MentorPairingId};

    fn city(number: u128) -> CityId {
        CityId::of(Uuid::from_u128(number))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn now() -> Instant {
        Instant::parse("2026-11-22T12:00:00Z").unwrap()
    }

    fn pairing(status: PairingStatus, starts_on: &str, ends_on: Option<&str>) -> MentorPairing {
        MentorPairing {
            id: MentorPairingId::of(Uuid::from_u128(9)),
            mentor_city_id: city(1),
            mentee_city_id: city(2),
            low_city_id: city(1),
            high_city_id: city(2),
            mutual: true,
            status,
            starts_on: day(starts_on),
            ends_on: ends_on.map(day),
            goals: None,
            mentor_consent_at: None,
            mentor_consent_by: None,
            mentee_consent_at: None,
            mentee_consent_by: None,
            ended_on: None,
            end_reason: None,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    #[test]
    fn finds_all_problems_of_a_proposal() {
        let right = NewPairing {
            mentor_city_id: city(1),
            mentee_city_id: city(2),
            area: PolicyArea::Housing,
            mutual: true,
            mentee_area: Some(PolicyArea::Police),
            starts_on: day("2026-12-01"),
            last_day: Some(day("2026-12-01")),
            goals: None,
        };
        assert!(check_new(&right).is_ok());
        let found = |new: &NewPairing| -> Vec<(RefusalCode, String)> {
            let problems = check_new(new).unwrap_err();
            problems
                .into_iter()
                .map(|problem| (problem.code, problem.field))
                .collect()
        };
        let wrong = NewPairing {
            mentee_city_id: city(1),
            mentee_area: None,
            last_day: Some(day("2026-11-30")),
            goals: Some("\u{0}".to_owned()),
            ..right.clone()
        };
        let expected = [
            (RefusalCode::SameCity, "menteeCityId"),
            (RefusalCode::Required, "menteeArea"),
            (RefusalCode::OutOfRange, "endsOn"),
            (RefusalCode::InvalidText, "goals"),
        ];
        assert_eq!(
            found(&wrong),
            expected.map(|(code, field)| (code, field.to_owned()))
        );
        let one_way = NewPairing {
            mutual: false,
            ..right
        };
        assert_eq!(
            found(&one_way),
            [(RefusalCode::OutOfRange, "menteeArea".to_owned())]
        );
    }

    #[test]
    fn is_active_when_both_have_agreed_in_either_order() {
        let today = day("2026-11-22");
        for (first, second) in [(city(1), city(2)), (city(2), city(1))] {
            let proposed = pairing(PairingStatus::Proposed, "2026-12-01", None);
            let once = agreed(proposed, first, None, now(), today).unwrap();
            assert_eq!(once.status, PairingStatus::Proposed);
            let again = agreed(once.clone(), first, None, now(), today).unwrap();
            assert_eq!(again, once);
            let both = agreed(once, second, None, now(), today).unwrap();
            assert_eq!(both.status, PairingStatus::Active);
        }
        let proposed = pairing(PairingStatus::Proposed, "2026-12-01", None);
        let stranger = agreed(proposed, city(3), None, now(), today);
        assert_eq!(stranger.unwrap_err(), PairingRefusal::NotOfPair);
    }

    #[test]
    fn ends_today_or_before_it_began_and_once() {
        let today = day("2026-11-22");
        for (starts_on, ends_on, end) in [
            ("2026-01-01", None, "2026-11-22"),
            ("2026-01-01", Some("2027-01-01"), "2026-11-22"),
            ("2026-12-01", None, "2026-12-01"),
            ("2026-11-22", None, "2026-11-22"),
        ] {
            let active = pairing(PairingStatus::Active, starts_on, ends_on);
            let over = ended(active, None, today).unwrap();
            assert_eq!(
                (over.status, over.ends_on),
                (PairingStatus::Ended, Some(day(end))),
                "{starts_on}"
            );
            assert_eq!(
                ended(over, None, today).unwrap_err(),
                PairingRefusal::IsOver
            );
        }
        let passed = pairing(PairingStatus::Active, "2026-01-01", Some("2026-11-22"));
        assert_eq!(passed.status_on(day("2026-11-21")), PairingStatus::Active);
        assert_eq!(passed.status_on(today), PairingStatus::Ended);
        assert_eq!(
            agreed(passed, city(1), None, now(), today).unwrap_err(),
            PairingRefusal::IsOver
        );
    }
}
