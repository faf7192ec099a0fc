//! The demonstration's packages, visits and pairings. What it is not: a plan of the real network.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, ExpertId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::policy_area::PolicyArea;
use crate::mentoring::pairings::{self, Consent, NewPairing};
use crate::programme::packages::{self, Enrolment};
use crate::programme::reference::Reference;
use crate::scheduling::expert_visits::{self, CancelExpertVisit, NewExpertVisit};
use crate::scheduling::study_visits::{self, Joining, NewStudyVisit};
use crate::workflows::demonstration::{Cast, day, on};

/// The memo's package price in øre.
const PACKAGE_PRICE: i64 = 37_500_000;

/// Enrols some cities and lets cities and experts visit and mentor each other.
pub(super) fn meet(tx: &mut Tx<'_>, cast: &mut Cast, texts: &Reference) -> Result<()> {
    for (name, starts_on, covers_annual_fee, instalments) in [
        ("Copenhagen", day(2026, 9, 1), false, 4),
        ("Oslo", day(2025, 6, 1), false, 2),
        ("Lyon", day(2026, 2, 1), false, 24),
    ] {
        let enrolment = Enrolment {
            city: cast.city(name)?,
            starts_on,
            covers_annual_fee,
            instalments,
            price: Money::new(PACKAGE_PRICE, Currency::DKK),
            grace_months: 3,
            different_hosts: false,
            tailored: None,
        };
        let package = on(tx, starts_on, |tx| {
            packages::enrol(tx, &enrolment, &texts.deliverables)
        })?;
        cast.packages.push((name, package));
    }
    expert_visits(tx, cast)?;
    study_visits(tx, cast)?;
    pairings(tx, cast)
}

fn expert_visits(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let expert = |index: usize| {
        cast.experts
            .get(index)
            .copied()
            .into_iter()
            .collect::<Vec<ExpertId>>()
    };
    let visits: [(&str, NaiveDate, NaiveDate, &str, Vec<ExpertId>); 6] = [
        (
            "Oslo",
            day(2025, 10, 6),
            day(2025, 10, 8),
            "Mediation in neighbourhoods",
            expert(0),
        ),
        (
            "Lyon",
            day(2026, 4, 13),
            day(2026, 4, 15),
            "Schools and housing",
            expert(1),
        ),
        (
            "Bradford",
            day(2026, 5, 18),
            day(2026, 5, 19),
            "Linked schools",
            expert(4),
        ),
        (
            "Copenhagen",
            day(2027, 2, 1),
            day(2027, 2, 3),
            "The city through an intercultural lens",
            expert(0),
        ),
        (
            "Rotterdam",
            day(2027, 3, 8),
            day(2027, 3, 10),
            "Welcome centre",
            expert(3),
        ),
        // Nobody is planned for this one yet: an item of the work list.
        (
            "Vic",
            day(2027, 1, 18),
            day(2027, 1, 19),
            "Mediation",
            Vec::new(),
        ),
    ];
    for (city, starts_on, last_day, theme, expert_ids) in visits {
        let planned_on = (starts_on - chrono::Days::new(60)).min(day(2026, 11, 2));
        let visit = NewExpertVisit {
            city_id: cast.city(city)?,
            starts_on,
            last_day,
            theme: format!("{theme} (demo)"),
            expert_ids,
            package_id: None,
        };
        on(tx, planned_on, |tx| expert_visits::schedule(tx, &visit))?;
    }
    let cancelled = NewExpertVisit {
        city_id: cast.city("Bergen")?,
        starts_on: day(2026, 12, 7),
        last_day: day(2026, 12, 8),
        theme: "Language training (demo)".to_owned(),
        expert_ids: expert(5),
        package_id: None,
    };
    let visit_id = on(tx, day(2026, 10, 1), |tx| {
        expert_visits::schedule(tx, &cancelled)
    })?;
    let cancel = CancelExpertVisit {
        visit_id,
        version: None,
        reason: Some("Demonstration record".to_owned()),
    };
    on(tx, day(2026, 11, 9), |tx| {
        expert_visits::cancel(tx, &cancel)
    })?;
    Ok(())
}

fn study_visits(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let visits: [(&str, NaiveDate, NaiveDate, &str, &[&str]); 3] = [
        (
            "Rotterdam",
            day(2026, 6, 1),
            day(2026, 6, 3),
            "Welcoming newcomers",
            &["Oslo", "Lyon", "Bergen", "Zürich"],
        ),
        (
            "Vic",
            day(2026, 10, 12),
            day(2026, 10, 13),
            "Conflict resolution",
            &["Copenhagen", "Bradford"],
        ),
        (
            "Barcelona",
            day(2027, 4, 19),
            day(2027, 4, 21),
            "Public spaces",
            &["Copenhagen", "Oslo", "Tilburg"],
        ),
    ];
    for (host, starts_on, last_day, theme, visitors) in visits {
        let planned_on = (starts_on - chrono::Days::new(90)).min(day(2026, 11, 2));
        let visit = NewStudyVisit {
            host_city_id: cast.city(host)?,
            theme: format!("{theme} (demo)"),
            description: Some("Demonstration record".to_owned()),
            starts_on,
            last_day,
            capacity: 12,
        };
        on(tx, planned_on, |tx| {
            let visit_id = study_visits::schedule(tx, &visit)?;
            for city in visitors {
                let joining = Joining {
                    visit_id,
                    city_id: cast.city(city)?,
                    seats: 2,
                    delegate_name: Some(format!("Demo delegate of {city}")),
                    package_id: None,
                };
                study_visits::join(tx, &joining)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn pairings(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let pairs = [
        (
            "Oslo",
            "Copenhagen",
            PolicyArea::PublicDebate,
            PolicyArea::LabourMarket,
            true,
        ),
        (
            "Vic",
            "Lyon",
            PolicyArea::Police,
            PolicyArea::GovernanceCitizenship,
            true,
        ),
        (
            "Bradford",
            "Rotterdam",
            PolicyArea::Education,
            PolicyArea::Housing,
            false,
        ),
    ];
    for (mentor, mentee, area, mentee_area, agreed) in pairs {
        let (mentor, mentee): (CityId, CityId) = (cast.city(mentor)?, cast.city(mentee)?);
        let pairing = NewPairing {
            mentor_city_id: mentor,
            mentee_city_id: mentee,
            area,
            mutual: true,
            mentee_area: Some(mentee_area),
            starts_on: day(2026, 10, 1),
            last_day: Some(day(2027, 9, 30)),
            goals: Some("Demonstration record".to_owned()),
        };
        on(tx, day(2026, 9, 15), |tx| {
            let pairing_id = pairings::pair(tx, &pairing)?;
            if agreed {
                pairings::consent(
                    tx,
                    Consent {
                        pairing_id,
                        city_id: mentor,
                        version: None,
                    },
                )?;
                pairings::consent(
                    tx,
                    Consent {
                        pairing_id,
                        city_id: mentee,
                        version: None,
                    },
                )?;
            }
            Ok(())
        })?;
    }
    Ok(())
}
