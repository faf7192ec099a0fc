//! How an activity moves: planned, confirmed, released. What it is not: which activity a
//! visit takes; that is a query.

use chrono::NaiveDate;

use crate::kernel::ids::{ActivityId, CityId, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::activities::model::{
    Activity, ActivityKind, ActivityStatus, Visit, VisitDays,
};
use crate::programme::reference::DeliverableKind;

/// What an activity without a date sorts by: after every day that can be planned. Both databases
/// write it with four digits for the year, so it also sorts last as text.
pub const UNDATED: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// An activity that is promised and has no date yet.
#[must_use]
pub fn planned(
    id: ActivityId,
    city: CityId,
    package: Option<PackageId>,
    (kind, number): (ActivityKind, i32),
    now: Instant,
) -> Activity {
    Activity {
        id,
        city_id: city,
        package_id: package,
        kind,
        number,
        status: ActivityStatus::Planned,
        starts_on: None,
        ends_on: None,
        ends_at: None,
        sort_on: UNDATED,
        expert_visit_id: None,
        study_visit_id: None,
        host_city_id: None,
        topic: None,
        submitted_at: None,
        accepts_on: None,
        accepted_on: None,
        remark: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// The activities that deliverables stand for: one for each unit, numbered within its kind.
pub fn units(deliverables: &[(DeliverableKind, i32)]) -> impl Iterator<Item = (ActivityKind, i32)> {
    deliverables
        .iter()
        .flat_map(|(kind, units)| (1..=*units).map(|number| (ActivityKind::from(*kind), number)))
}

/// The activity as the visit that takes it, with the visit's days.
#[must_use]
pub fn confirmed(activity: Activity, visit: Visit, days: &VisitDays, now: Instant) -> Activity {
    Activity {
        expert_visit_id: visit.expert(),
        study_visit_id: visit.study(),
        ..dated(activity, days, now)
    }
}

/// The activity with its days.
#[must_use]
pub fn dated(activity: Activity, days: &VisitDays, now: Instant) -> Activity {
    let VisitDays { period, ends_at } = *days;
    Activity {
        status: ActivityStatus::Confirmed,
        starts_on: Some(period.from()),
        ends_on: period.until(),
        ends_at: Some(ends_at),
        sort_on: period.from(),
        ..changed(activity, now)
    }
}

/// The activity after its visit was called off: a unit of a package is planned again, so that the
/// city gets what it paid for; anything else is cancelled and keeps its days.
///
/// # Errors
/// `NotInState` unless it is confirmed. Whether it is over is asked of the visit that it is.
pub fn released(activity: Activity, now: Instant) -> Result<Activity, Refusal> {
    demand_confirmed(activity.status)?;
    Ok(if activity.package_id.is_some() {
        undated(activity, now)
    } else {
        cancelled(activity, now)
    })
}

/// The activity without its days: planned again.
#[must_use]
pub fn undated(activity: Activity, now: Instant) -> Activity {
    Activity {
        status: ActivityStatus::Planned,
        starts_on: None,
        ends_on: None,
        ends_at: None,
        sort_on: UNDATED,
        expert_visit_id: None,
        study_visit_id: None,
        host_city_id: None,
        ..changed(activity, now)
    }
}

/// The activity called off.
#[must_use]
pub fn cancelled(activity: Activity, now: Instant) -> Activity {
    Activity {
        status: ActivityStatus::Cancelled,
        ..changed(activity, now)
    }
}

fn demand_confirmed(status: ActivityStatus) -> Result<(), Refusal> {
    if status == ActivityStatus::Confirmed {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::NotInState,
        "visitId",
        format!("The activity is {status}; only a confirmed one can be called off."),
        format!("Aktiviteten er {status}; kun en bekræftet kan aflyses."),
    ))
}

/// The activity as a later version of itself.
#[must_use]
pub fn changed(activity: Activity, now: Instant) -> Activity {
    Activity {
        version: activity.version.saturating_add(1),
        updated_at: now,
        ..activity
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{ExpertVisitId, Id};
    use crate::kernel::period::Period;

    fn moment(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn visit() -> Visit {
        Visit::Expert(ExpertVisitId::of(Uuid::from_u128(9)))
    }

    fn of(package: Option<PackageId>) -> Activity {
        let (id, city) = (
            ActivityId::of(Uuid::from_u128(1)),
            CityId::of(Uuid::from_u128(2)),
        );
        let now = moment("2026-03-15T09:00:00Z");
        planned(id, city, package, (ActivityKind::ExpertVisit, 1), now)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days() -> VisitDays {
        VisitDays {
            period: Period::of_days(day("2026-05-04"), day("2026-05-06")).unwrap(),
            ends_at: moment("2026-05-06T23:00:00Z"),
        }
    }

    #[test]
    fn each_unit_is_an_activity() {
        let offer = [
            (DeliverableKind::Index, 1),
            (DeliverableKind::PolicyAnalysis, 2),
        ];
        let found: Vec<_> = units(&offer).collect();
        assert_eq!(
            found,
            [
                (ActivityKind::Index, 1),
                (ActivityKind::PolicyAnalysis, 1),
                (ActivityKind::PolicyAnalysis, 2),
            ]
        );
        assert_eq!(UNDATED.to_string(), "9999-12-31");
    }

    #[test]
    fn a_unit_of_a_package_is_planned_again_and_another_activity_is_cancelled() {
        let later = moment("2026-04-01T09:00:00Z");
        for (package, status, dated) in [
            (
                Some(PackageId::of(Uuid::from_u128(3))),
                ActivityStatus::Planned,
                false,
            ),
            (None, ActivityStatus::Cancelled, true),
        ] {
            let confirmed = confirmed(of(package), visit(), &days(), later);
            assert_eq!(confirmed.status, ActivityStatus::Confirmed);
            assert_eq!(confirmed.sort_on.to_string(), "2026-05-04");
            assert_eq!(confirmed.ends_on.unwrap().to_string(), "2026-05-07");
            assert_eq!((confirmed.version, confirmed.updated_at), (2, later));

            let released = released(confirmed, later).unwrap();
            assert_eq!(released.status, status);
            assert_eq!(released.starts_on.is_some(), dated);
            assert_eq!(released.expert_visit_id.is_some(), dated);
            assert_eq!(released.sort_on == UNDATED, !dated);
        }
    }

    #[test]
    fn is_held_when_the_day_is_over_where_it_takes_place() {
        let confirmed = confirmed(of(None), visit(), &days(), moment("2026-04-01T09:00:00Z"));
        for (now, status) in [
            ("2026-05-06T22:59:59Z", ActivityStatus::Confirmed),
            ("2026-05-06T23:00:00Z", ActivityStatus::Held),
        ] {
            assert_eq!(confirmed.status_at(moment(now)), status, "{now}");
        }
    }

    #[test]
    fn only_what_is_confirmed_is_released() {
        let now = moment("2026-04-01T09:00:00Z");
        let cancelled = released(confirmed(of(None), visit(), &days(), now), now).unwrap();
        for activity in [of(None), cancelled] {
            let refused = released(activity, now).unwrap_err();
            assert_eq!(refused.code, RefusalCode::NotInState);
        }
    }
}
