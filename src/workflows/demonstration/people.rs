//! The demonstration's coordinators, experts and partners. What it is not: real people; each is
//! called Demo.

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::fold;
use crate::kernel::ids::{CityId, ExpertId};
use crate::kernel::policy_area::PolicyArea;
use crate::registry::coordinators::{self, AppointmentRole, NewAppointment, Terms};
use crate::registry::experts::{self, ExpertKind, ExpertTerms, NewExpert};
use crate::registry::partners::{self, NewPartner, PartnerKind};
use crate::registry::people::{NewPerson, PersonChoice, PersonKind};
use crate::workflows::demonstration::{Cast, LAST_DAY, day, on};

/// Given names for invented people.
const NAMES: [&str; 12] = [
    "Alex", "Bo", "Charlie", "Dana", "Elis", "Frankie", "Gry", "Helle", "Iman", "Jo", "Kim", "Luca",
];

/// Members without a coordinator: an item of the work list.
const VACANT: [&str; 2] = ["Bristol", "Vinnytsia"];

/// Appoints a coordinator in almost every member city, a deputy in some, and registers experts and
/// partners.
pub(super) fn appoint(tx: &mut Tx<'_>, cast: &mut Cast) -> Result<()> {
    for (index, (name, city)) in cast.cities.clone().into_iter().enumerate() {
        let Some((_, joined_on)) = cast.memberships.get(&city).copied() else {
            continue;
        };
        if VACANT.contains(&name.as_str()) {
            continue;
        }
        let coordinator = appointment(
            city,
            &name,
            index,
            AppointmentRole::Coordinator,
            joined_on.max(day(2024, 1, 1)),
        );
        let post = on(tx, LAST_DAY, |tx| coordinators::appoint(tx, &coordinator))?;
        let person = coordinators::get(tx.db, post)?.appointment.person_id;
        cast.coordinators.insert(city, (post, person));
        if index % 5 == 0 {
            let deputy = appointment(
                city,
                &name,
                index + 6,
                AppointmentRole::Deputy,
                joined_on.max(day(2025, 1, 1)),
            );
            on(tx, LAST_DAY, |tx| coordinators::appoint(tx, &deputy))?;
        }
    }
    register_experts(tx, cast)?;
    register_partners(tx)
}

fn appointment(
    city: CityId,
    city_name: &str,
    index: usize,
    role: AppointmentRole,
    starts_on: chrono::NaiveDate,
) -> NewAppointment {
    let given = NAMES.get(index % NAMES.len()).copied().unwrap_or("Kim");
    let word = if role == AppointmentRole::Deputy {
        "deputy"
    } else {
        "coordinator"
    };
    let local: String = fold::sort_stem(city_name)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    NewAppointment {
        city_id: city,
        person: PersonChoice::New(NewPerson {
            name: format!("{given} Demo ({city_name})"),
            kind: PersonKind::Official,
            email: Some(format!("{word}.{local}@example.org")),
            phone: None,
            organisation: Some(format!("Demo administration of {city_name}")),
            city_id: Some(city),
            language: None,
        }),
        role,
        terms: Terms {
            fte_percent: 50,
            starts_on,
            last_day: None,
            office: Some("Demo office of integration".to_owned()),
            name_withheld: index % 40 == 13,
        },
        invite: false,
    }
}

fn register_experts(tx: &mut Tx<'_>, cast: &mut Cast) -> Result<()> {
    let kinds = [
        ExpertKind::CouncilOfEurope,
        ExpertKind::PolicyConsultant,
        ExpertKind::CityPeer,
        ExpertKind::ThinkTank,
    ];
    let languages: [&[&str]; 4] = [
        &["en", "fr"],
        &["en", "da", "nb"],
        &["en", "it", "es"],
        &["en", "de"],
    ];
    for index in 0..16_usize {
        let pick = |count: usize, step: usize| (index * step) % count;
        let kind = kinds
            .get(pick(4, 1))
            .copied()
            .unwrap_or(ExpertKind::CityPeer);
        let home = (kind == ExpertKind::CityPeer)
            .then(|| cast.cities.get(index * 7).map(|(_, id)| *id))
            .flatten();
        let areas = [pick(8, 3), pick(8, 5)].map(|area| {
            PolicyArea::ALL
                .get(area)
                .copied()
                .unwrap_or(PolicyArea::Education)
        });
        let mut areas = areas.to_vec();
        areas.dedup();
        let email = if index == 0 {
            "expert@example.org".to_owned()
        } else {
            format!("expert.{index}@example.org")
        };
        let expert = NewExpert {
            person: PersonChoice::New(NewPerson {
                name: format!(
                    "{} Demo-Expert {}",
                    NAMES.get(pick(12, 1)).copied().unwrap_or("Kim"),
                    index + 1
                ),
                kind: PersonKind::Academic,
                email: Some(email),
                phone: None,
                organisation: None,
                city_id: home,
                language: None,
            }),
            terms: ExpertTerms {
                kind,
                languages: languages
                    .get(pick(4, 1))
                    .copied()
                    .unwrap_or(&["en"])
                    .iter()
                    .map(|tag| (*tag).to_owned())
                    .collect(),
                policy_areas: areas,
                organisation: Some("Demo institute".to_owned()),
                home_city_id: home,
                available_from: Some(day(2024, 1, 1)),
                last_available: None,
            },
        };
        let id: ExpertId = on(tx, day(2024, 1, 8), |tx| experts::register(tx, &expert))?;
        cast.experts.push(id);
    }
    Ok(())
}

fn register_partners(tx: &mut Tx<'_>) -> Result<()> {
    let partners = [
        ("Demo expert team", PartnerKind::ExpertTeam),
        ("Demo circle of proven cities", PartnerKind::ProvenCity),
        ("Demo think tank", PartnerKind::ThinkTankOrOther),
        ("Demo foundation", PartnerKind::ThinkTankOrOther),
    ];
    for (name, kind) in partners {
        let partner = NewPartner {
            name: name.to_owned(),
            kind,
            country: Some("FR".to_owned()),
            website: Some("https://example.org/".to_owned()),
            email: Some("partner@example.org".to_owned()),
            description: Some("Demonstration record".to_owned()),
        };
        on(tx, day(2024, 1, 8), |tx| partners::register(tx, &partner))?;
    }
    Ok(())
}
