//! What makes a study visit possible, and who may join one. What it is not: the race for the last
//! place; the visit's row is locked and the database counts too.

use crate::kernel::fold;
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::scheduling::days::{self, VisitStatus};
use crate::scheduling::study_visits::model::{Joining, NewStudyVisit, StudyVisit};

/// The most delegates that a visit can have.
pub const MOST_PLACES: i32 = 500;

/// Why the network says no to planning or joining a study visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StudyVisitRefusal {
    /// There is no such city; the field names it.
    NoSuchCity(&'static str),
    /// The city is no active member on the days of the visit; the field and the city.
    NotAMember(&'static str, String),
    /// The number of places or seats is out of range; the field names it.
    Number(&'static str),
    /// The city is the host, or one city with it.
    HostIsVisitor,
    /// So many places are left and no more.
    CapacityFull(i32),
    /// The city joined before.
    JoinedBefore,
    /// The city has no place to give back.
    NotJoined,
    /// No delegate is named, and the city has no coordinator then.
    NobodyComes,
    /// The one who comes is on another visit on these days.
    DelegateElsewhere,
    /// The package has no planned study visit left on these days.
    NotInPackage,
    /// The visit is cancelled.
    IsCancelled,
    /// The visit is over.
    IsOver,
}

impl From<StudyVisitRefusal> for Refusal {
    fn from(refusal: StudyVisitRefusal) -> Self {
        use StudyVisitRefusal as R;
        match refusal {
            R::NoSuchCity(field) => Self::new(
                RefusalCode::NotFound,
                field,
                "There is no such city; take the id from a query.",
                "Der findes ingen sådan by; tag id'et fra en forespørgsel.",
            ),
            R::NotAMember(field, city) => Self::new(
                RefusalCode::NotAMember,
                field,
                format!(
                    "{city} is not an active member on these days; choose other days, or settle the membership first."
                ),
                format!(
                    "{city} er ikke aktivt medlem på disse dage; vælg andre dage, eller bring medlemskabet i orden først."
                ),
            ),
            R::Number(field) => Self::new(
                RefusalCode::OutOfRange,
                field,
                format!("{field} must be from 1 to {MOST_PLACES}."),
                format!("{field} skal være fra 1 til {MOST_PLACES}."),
            ),
            R::HostIsVisitor => Self::new(
                RefusalCode::HostIsVisitor,
                "cityId",
                "The city is the host of this visit; a study visit goes to another city.",
                "Byen er vært for dette besøg; et studiebesøg går til en anden by.",
            ),
            R::CapacityFull(left) => Self::new(
                RefusalCode::CapacityFull,
                "seats",
                match left {
                    1 => "1 place is left; ask for one seat, or choose another visit.".to_owned(),
                    _ => format!(
                        "{left} places are left; ask for fewer seats, or choose another visit."
                    ),
                },
                match left {
                    1 => "Der er 1 plads tilbage; bed om én, eller vælg et andet besøg.".to_owned(),
                    _ => format!(
                        "Der er {left} pladser tilbage; bed om færre, eller vælg et andet besøg."
                    ),
                },
            ),
            R::JoinedBefore => Self::new(
                RefusalCode::NotInState,
                "cityId",
                "The city has joined this visit; leave it first to join with other seats.",
                "Byen er allerede tilmeldt dette besøg; meld fra først for at tilmelde med andre pladser.",
            ),
            R::NotJoined => Self::new(
                RefusalCode::NotInState,
                "cityId",
                "The city has no place on this visit.",
                "Byen har ingen plads på dette besøg.",
            ),
            R::NobodyComes => Self::new(
                RefusalCode::Required,
                "delegateName",
                "The city has no coordinator on the first day; name the delegate who comes.",
                "Byen har ingen koordinator på den første dag; angiv den delegerede, der kommer.",
            ),
            R::DelegateElsewhere => Self::new(
                RefusalCode::PeriodOverlaps,
                "delegateName",
                "The city sends the same delegate, or its coordinator, to another visit on these days; name another delegate.",
                "Byen sender samme delegerede, eller sin koordinator, på et andet besøg disse dage; angiv en anden delegeret.",
            ),
            R::NotInPackage => Self::new(
                RefusalCode::NotInState,
                "packageId",
                "This package has no study visit left for these days, or another package of the city comes first; leave packageId out, or choose another visit.",
                "Denne pakke har intet studiebesøg tilbage på disse dage, eller en anden af byens pakker kommer først; udelad packageId, eller vælg et andet besøg.",
            ),
            R::IsCancelled => Self::new(
                RefusalCode::NotInState,
                "visitId",
                "The visit is cancelled.",
                "Besøget er aflyst.",
            ),
            R::IsOver => Self::new(
                RefusalCode::NotInState,
                "visitId",
                "The visit is over.",
                "Besøget er slut.",
            ),
        }
    }
}

/// Checks what a visit says of itself and brings its texts into the form that is kept.
///
/// # Errors
/// All problems.
pub fn check_new(new: &NewStudyVisit) -> Result<(NewStudyVisit, Period), Vec<Refusal>> {
    let mut problems = Vec::new();
    let days = days::check_days(new.starts_on, new.last_day)
        .map_err(|found| problems.extend(found))
        .ok();
    let theme = text::line("theme", &new.theme)
        .map_err(|found| problems.push(found))
        .ok();
    let description = text::optional_paragraph("description", new.description.as_deref())
        .map_err(|found| problems.push(found))
        .ok();
    if !(1..=MOST_PLACES).contains(&new.capacity) {
        problems.push(StudyVisitRefusal::Number("capacity").into());
    }
    match (days, theme, description) {
        (Some(days), Some(theme), Some(description)) if problems.is_empty() => {
            let new = NewStudyVisit {
                theme,
                description,
                ..new.clone()
            };
            Ok((new, days))
        }
        _ => Err(problems),
    }
}

/// Checks what a city says when it joins.
///
/// # Errors
/// All problems.
pub fn check_joining(joining: &Joining) -> Result<Joining, Vec<Refusal>> {
    let mut problems = Vec::new();
    let delegate_name = text::optional_line("delegateName", joining.delegate_name.as_deref())
        .map_err(|found| problems.push(found))
        .ok();
    if !(1..=MOST_PLACES).contains(&joining.seats) {
        problems.push(StudyVisitRefusal::Number("seats").into());
    }
    match delegate_name {
        Some(delegate_name) if problems.is_empty() => Ok(Joining {
            delegate_name,
            ..joining.clone()
        }),
        _ => Err(problems),
    }
}

/// Whether a person is among others, by the name as people read it.
pub fn is_among<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> bool {
    let key = fold::search_key(name);
    others.map(fold::search_key).any(|other| other == key)
}

/// Whether the visit still takes and gives back places: it is not cancelled and not over.
///
/// # Errors
/// Cancelled or over.
pub fn check_open(visit: &StudyVisit, now: Instant) -> Result<(), StudyVisitRefusal> {
    match visit.status_at(now) {
        VisitStatus::Planned => Ok(()),
        VisitStatus::Held => Err(StudyVisitRefusal::IsOver),
        VisitStatus::Cancelled => Err(StudyVisitRefusal::IsCancelled),
    }
}

/// Why so many more delegates cannot come.
///
/// # Errors
/// Fewer places are left.
pub fn check_room(visit: &StudyVisit, seats: i32) -> Result<(), StudyVisitRefusal> {
    let left = visit.free_places();
    if seats <= left {
        Ok(())
    } else {
        Err(StudyVisitRefusal::CapacityFull(left))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id, StudyVisitId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn visit(capacity: i32, places_taken: i32, status: VisitStatus) -> StudyVisit {
        let ends_at = Instant::parse("2026-03-16T23:00:00Z").unwrap();
        StudyVisit {
            id: StudyVisitId::of(Uuid::from_u128(1)),
            host_city_id: CityId::of(Uuid::from_u128(2)),
            theme: "Welcome centres".to_owned(),
            description: None,
            starts_on: day("2026-03-15"),
            starts_month: 24_315,
            ends_on: day("2026-03-17"),
            time_zone: "Europe/Copenhagen".to_owned(),
            ends_at,
            capacity,
            places_taken,
            status,
            cancelled_on: None,
            cancel_reason: None,
            created_at: ends_at,
            updated_at: ends_at,
            version: 1,
        }
    }

    #[test]
    fn finds_all_problems_of_a_new_visit() {
        let new = NewStudyVisit {
            host_city_id: CityId::of(Uuid::from_u128(2)),
            theme: "a\u{202e}b".to_owned(),
            description: Some("\u{0}".to_owned()),
            starts_on: day("2026-03-15"),
            last_day: day("2026-05-15"),
            capacity: 0,
        };
        let found: Vec<_> = check_new(&new)
            .unwrap_err()
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect();
        let expected = [
            (RefusalCode::OutOfRange, "endsOn"),
            (RefusalCode::InvalidText, "theme"),
            (RefusalCode::InvalidText, "description"),
            (RefusalCode::OutOfRange, "capacity"),
        ];
        assert_eq!(
            found,
            expected.map(|(code, field)| (code, field.to_owned()))
        );
    }

    #[test]
    fn a_delegate_is_known_by_name() {
        for (name, others, among) in [
            ("Anna Demo", vec!["Bo Demo", "anna  DEMO"], true),
            ("Åse Demo", vec!["Aase Demo"], true),
            ("Anna Demo", vec!["Anna Demosen"], false),
            ("Anna Demo", vec![], false),
        ] {
            assert_eq!(is_among(name, others.into_iter()), among, "{name}");
        }
    }

    #[test]
    fn joins_while_places_are_left() {
        for (capacity, taken, seats, left) in [
            (2, 0, 2, None),
            (2, 1, 2, Some(1)),
            (2, 2, 1, Some(0)),
            (2, 1, 1, None),
        ] {
            let outcome = check_room(&visit(capacity, taken, VisitStatus::Planned), seats);
            assert_eq!(
                outcome.err(),
                left.map(StudyVisitRefusal::CapacityFull),
                "{capacity} {taken} {seats}"
            );
        }
    }

    #[test]
    fn is_open_until_it_is_over_or_cancelled() {
        let over = Instant::parse("2026-03-16T23:00:00Z").unwrap();
        let during = Instant::parse("2026-03-16T22:59:59Z").unwrap();
        for (status, now, refused) in [
            (VisitStatus::Planned, during, None),
            (VisitStatus::Planned, over, Some(StudyVisitRefusal::IsOver)),
            (
                VisitStatus::Cancelled,
                during,
                Some(StudyVisitRefusal::IsCancelled),
            ),
        ] {
            assert_eq!(
                check_open(&visit(2, 0, status), now).err(),
                refused,
                "{status}"
            );
        }
    }
}
