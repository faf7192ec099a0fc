//! What makes an expert visit possible: its days and theme, the team's size, and whether an expert
//! may go there then. What it is not: who else is booked; the calendars are in the database.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::CityId;
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::memberships::MembershipStatus;
use crate::scheduling::days::{self, VisitStatus};
use crate::scheduling::expert_visits::model::{ExpertVisit, NewExpertVisit};

/// The most experts of a team.
pub const MOST_EXPERTS: usize = 2;

/// How many whole days lie free between visits in two cities, for travel: one (domain rule 4.8).
/// Between visits in the same city there is none. They are counted by the local dates of the two
/// cities, as people plan a journey; that the moments of two visits never overlap, also across the
/// date line, is asked beside it.
pub const DAYS_OF_TRAVEL: Days = Days::new(1);

/// Why an expert visit is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpertVisitRefusal {
    /// There is no such city.
    NoSuchCity,
    /// The city is no member on a day of the visit.
    NotAMember(String),
    /// There is no such expert; the place in `expertIds`.
    NoSuchExpert(usize),
    /// The expert is named twice; the place in `expertIds`.
    NamedTwice(usize),
    /// The team is too large.
    TooManyExperts,
    /// The expert lives in, works for or coordinates the city; the place in `expertIds`.
    ConflictOfInterest(usize),
    /// The expert has no time for the network on these days; the place in `expertIds`.
    Unavailable(usize, Option<NaiveDate>, Option<NaiveDate>),
    /// The expert is elsewhere or travels then; the place in `expertIds`.
    DoubleBooked(usize),
    /// The package has no planned expert visit left on these days.
    NotInPackage,
    /// The visit is cancelled already.
    IsCancelled,
    /// The visit was held.
    IsHeld,
}

impl From<ExpertVisitRefusal> for Refusal {
    fn from(refusal: ExpertVisitRefusal) -> Self {
        use ExpertVisitRefusal as R;
        let of_expert = |place: usize| format!("expertIds.{place}");
        match refusal {
            R::NoSuchCity => Self::new(
                RefusalCode::NotFound,
                "cityId",
                "There is no such city; take the id from a query.",
                "Der findes ingen sådan by; tag id'et fra en forespørgsel.",
            ),
            R::NotAMember(city) => Self::new(
                RefusalCode::NotAMember,
                "cityId",
                format!(
                    "{city} is neither an active nor an admitted member on these days; choose other days, or settle the membership first."
                ),
                format!(
                    "{city} er hverken aktivt eller optaget medlem på disse dage; vælg andre dage, eller bring medlemskabet i orden først."
                ),
            ),
            R::NoSuchExpert(place) => Self::new(
                RefusalCode::NotFound,
                of_expert(place),
                "There is no such expert; take the id from a query.",
                "Der findes ingen sådan ekspert; tag id'et fra en forespørgsel.",
            ),
            R::NamedTwice(place) => Self::new(
                RefusalCode::ExpertDoubleBooked,
                of_expert(place),
                "The expert is named twice; name each expert once.",
                "Eksperten er nævnt to gange; nævn hver ekspert én gang.",
            ),
            R::TooManyExperts => Self::new(
                RefusalCode::OutOfRange,
                "expertIds",
                format!("A team has at most {MOST_EXPERTS} experts."),
                format!("Et hold har højst {MOST_EXPERTS} eksperter."),
            ),
            R::ConflictOfInterest(place) => Self::new(
                RefusalCode::ConflictOfInterest,
                of_expert(place),
                "The expert lives in, works for or coordinates this city; choose an expert from elsewhere.",
                "Eksperten bor i, arbejder for eller koordinerer denne by; vælg en ekspert fra et andet sted.",
            ),
            R::Unavailable(place, from, until) => {
                let (en, da) = window(from, until);
                Self::new(RefusalCode::Unavailable, of_expert(place), en, da)
            }
            R::DoubleBooked(place) => Self::new(
                RefusalCode::ExpertDoubleBooked,
                of_expert(place),
                "The expert is elsewhere on these days, or would have no free day to travel between two cities; choose other days or another expert.",
                "Eksperten er et andet sted på disse dage eller ville ikke have en fri dag til at rejse mellem to byer; vælg andre dage eller en anden ekspert.",
            ),
            R::NotInPackage => Self::new(
                RefusalCode::NotInState,
                "packageId",
                "The next expert visit planned for the city on these days is not of this package; leave packageId out, or choose other days.",
                "Byens næste planlagte ekspertbesøg på disse dage hører ikke til denne pakke; udelad packageId, eller vælg andre dage.",
            ),
            R::IsCancelled => Self::new(
                RefusalCode::NotInState,
                "visitId",
                "The visit is cancelled already.",
                "Besøget er allerede aflyst.",
            ),
            R::IsHeld => Self::new(
                RefusalCode::NotInState,
                "visitId",
                "The visit is over; only a visit that is not over can be cancelled.",
                "Besøget er slut; kun et besøg, der ikke er slut, kan aflyses.",
            ),
        }
    }
}

fn window(from: Option<NaiveDate>, until: Option<NaiveDate>) -> (String, String) {
    // The last day on which the expert is available, as people write it.
    let last = until.and_then(|until| until.pred_opt());
    match (from, last) {
        (Some(from), Some(last)) => (
            format!("The expert is available from {from} to {last} only."),
            format!("Eksperten er kun til rådighed fra {from} til {last}."),
        ),
        (Some(from), None) => (
            format!("The expert is available from {from} on only."),
            format!("Eksperten er først til rådighed fra {from}."),
        ),
        (None, Some(last)) => (
            format!("The expert is available up to {last} only."),
            format!("Eksperten er kun til rådighed til og med {last}."),
        ),
        (None, None) => (
            "The expert is not available on these days.".to_owned(),
            "Eksperten er ikke til rådighed på disse dage.".to_owned(),
        ),
    }
}

/// Checks what a visit says of itself and brings its theme into the form that is kept.
///
/// # Errors
/// All problems.
pub fn check_new(
    new: &NewExpertVisit,
) -> std::result::Result<(NewExpertVisit, Period), Vec<Refusal>> {
    let mut problems = Vec::new();
    let days = days::check_days(new.starts_on, new.last_day)
        .map_err(|found| problems.extend(found))
        .ok();
    let theme = text::line("theme", &new.theme)
        .map_err(|found| problems.push(found))
        .ok();
    if new.expert_ids.len() > MOST_EXPERTS {
        problems.push(ExpertVisitRefusal::TooManyExperts.into());
    }
    for (place, expert) in new.expert_ids.iter().enumerate() {
        if new
            .expert_ids
            .iter()
            .take(place)
            .any(|before| before == expert)
        {
            problems.push(ExpertVisitRefusal::NamedTwice(place).into());
        }
    }
    match (days, theme) {
        (Some(days), Some(theme)) if problems.is_empty() => {
            let new = NewExpertVisit {
                theme,
                ..new.clone()
            };
            Ok((new, days))
        }
        _ => Err(problems),
    }
}

/// Whether experts visit a city of this standing: a member, or one that was admitted and prepares
/// its membership. A suspended city keeps the visits it has and gets no new ones.
#[must_use]
pub fn may_be_visited(standing: MembershipStatus) -> bool {
    matches!(
        standing,
        MembershipStatus::Active | MembershipStatus::Admitted
    )
}

/// What is known of an expert about going anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The cities that the expert cannot judge: where the expert lives or works, belongs to, or
    /// holds a post during the visit. Cities that became part of others are those others.
    pub own_cities: Vec<CityId>,
    /// The first day on which the expert is available; none for ever.
    pub available_from: Option<NaiveDate>,
    /// The day after the last one on which the expert is available; none for ever.
    pub available_until: Option<NaiveDate>,
}

/// Why the expert at this place of the team may not visit the city on these days. A city that became
/// part of another is that other one here.
#[must_use]
pub fn hindrances(
    place: usize,
    expert: &Readiness,
    city: CityId,
    days: &Period,
) -> Vec<ExpertVisitRefusal> {
    let mut hindrances = Vec::new();
    if expert.own_cities.contains(&city) {
        hindrances.push(ExpertVisitRefusal::ConflictOfInterest(place));
    }
    let begun = expert.available_from.is_none_or(|from| from <= days.from());
    let lasting = expert
        .available_until
        .is_none_or(|until| days.until().is_some_and(|end| end <= until));
    if !begun || !lasting {
        hindrances.push(ExpertVisitRefusal::Unavailable(
            place,
            expert.available_from,
            expert.available_until,
        ));
    }
    hindrances
}

/// What a visit takes of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// From this moment on.
    pub starts_at: Instant,
    /// Up to this moment.
    pub ends_at: Instant,
    /// The first day, by the local date.
    pub travel_from: NaiveDate,
    /// The first local date on which a visit in another city can begin.
    pub travel_until: NaiveDate,
}

/// What whole days in a zone take of a calendar.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn taken(days: &Period, zone: Tz) -> Result<Taken> {
    let (starts_at, ends_at) = days::moments(days, zone)?;
    let travel_until = days
        .until()
        .and_then(|until| until.checked_add_days(DAYS_OF_TRAVEL))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a day beyond the calendar")))?;
    Ok(Taken {
        starts_at,
        ends_at,
        travel_from: days.from(),
        travel_until,
    })
}

/// Whether a visit can be called off.
///
/// # Errors
/// It is cancelled already, or over.
pub fn check_cancel(
    visit: &ExpertVisit,
    now: Instant,
) -> std::result::Result<(), ExpertVisitRefusal> {
    match visit.status_at(now) {
        VisitStatus::Planned => Ok(()),
        VisitStatus::Held => Err(ExpertVisitRefusal::IsHeld),
        VisitStatus::Cancelled => Err(ExpertVisitRefusal::IsCancelled),
    }
}

#[cfg(test)]
mod tests;
