//! Tests of scheduling, a file for each slice, and what they arrange: members and experts.

mod expert_visits;
mod months;
mod study_visits;

use intercultural_cities::kernel::ids::{CityId, ExpertId};
use intercultural_cities::kernel::phrase::Phrase;
use intercultural_cities::registry::cities;
use intercultural_cities::registry::experts::{self, ExpertKind, ExpertTerms, NewExpert};
use intercultural_cities::registry::memberships::{self, AdoptedMembership};
use intercultural_cities::registry::networks::{self, NetworkKind, ReferenceNetwork};
use intercultural_cities::registry::people::{NewPerson, PersonChoice, PersonKind};
use serde_json::{Value, json};

use crate::support::actor::Answer;
use crate::support::app::{TestApp, day, new_city};

/// A city in a zone that has been a member since 2010.
pub fn member_in(app: &TestApp, name: &str, country: &str, zone: &str) -> CityId {
    let city = app.arrange(|tx| {
        let new = cities::NewCity {
            time_zone: zone.to_owned(),
            ..new_city(name, country)
        };
        cities::register(tx, &new)
    });
    app.arrange(|tx| networks::ensure_reference(tx, &[international()]));
    let adopted = AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on: day(2010, 1, 1),
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: Some(day(2010, 1, 1)),
        fee_waived: false,
    };
    app.arrange(|tx| memberships::adopt(tx, &adopted));
    city
}

fn international() -> ReferenceNetwork {
    ReferenceNetwork {
        code: "intercultural-cities".to_owned(),
        kind: NetworkKind::International,
        country: None,
        name: Phrase::new("Intercultural Cities", "Intercultural Cities"),
        local_name: None,
        abbreviation: None,
        rounds: Vec::new(),
    }
}

/// A Danish city that has been a member since 2010.
pub fn member(app: &TestApp, name: &str) -> CityId {
    member_in(app, name, "DK", "Europe/Copenhagen")
}

/// An expert who is always available.
pub fn expert(app: &TestApp, name: &str, home_city_id: Option<CityId>) -> ExpertId {
    let new = NewExpert {
        person: PersonChoice::New(NewPerson {
            name: name.to_owned(),
            kind: PersonKind::Practitioner,
            email: None,
            phone: None,
            organisation: None,
            city_id: None,
            language: None,
        }),
        terms: ExpertTerms {
            kind: ExpertKind::PolicyConsultant,
            languages: vec!["en".to_owned()],
            policy_areas: Vec::new(),
            organisation: None,
            home_city_id,
            available_from: None,
            last_available: None,
        },
    };
    app.arrange(|tx| experts::register(tx, &new))
}

/// Sends one request from so many clients at once, each with a key of its own.
pub fn race(
    app: &TestApp,
    clients: usize,
    document: &str,
    input: impl Fn(usize) -> Value + Sync,
) -> Vec<Answer> {
    let secretariat = app.secretariat();
    let start = std::sync::Barrier::new(clients);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                let (secretariat, start, input) = (&secretariat, &start, &input);
                scope.spawn(move || {
                    start.wait();
                    secretariat.tell(document, json!({ "input": input(client) }))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// How many of a race were done; every other one must be refused with the code, cleanly.
#[track_caller]
pub fn winners(answers: &[Answer], field: &str, code: &str) -> usize {
    let mut done = 0;
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.body);
        let refusals = answer.refusals(field);
        if refusals.is_empty() {
            done += 1;
        } else {
            assert_eq!(
                refusals
                    .iter()
                    .map(|(code, _)| code.as_str())
                    .collect::<Vec<_>>(),
                [code],
                "{}",
                answer.body
            );
        }
    }
    done
}
