//! Memberships taken over from elsewhere, races for one city's days, what the database refuses by
//! itself, and lists of many.

use std::sync::Barrier;

use intercultural_cities::db::sql::Sql;
use intercultural_cities::kernel::adoption::Adopted;
use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::{CityId, Id, MembershipId};
use intercultural_cities::registry::memberships::{
    self, AdoptedMembership, MembershipEndReason, MembershipStatus,
};
use intercultural_cities::registry::networks;
use serde_json::json;

use crate::registry::networks::reference;
use crate::support::app::{TestApp, day};

fn known_city(app: &TestApp, name: &str) -> CityId {
    app.arrange(|tx| networks::ensure_reference(tx, &reference()));
    app.city(name, "NO")
}

/// Joined on a 1 January and still a member.
fn joined(city: CityId, year: i32) -> AdoptedMembership {
    AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on: day(year, 1, 1),
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
    }
}

fn left(city: CityId, from: i32, to: i32) -> AdoptedMembership {
    AdoptedMembership {
        ended_on: Some(day(to, 12, 31)),
        end_reason: Some(MembershipEndReason::Withdrawn),
        ..joined(city, from)
    }
}

fn codes(outcome: Result<Adopted<MembershipId>, Error>) -> Vec<(String, String)> {
    let Err(Error::Refused(refusals)) = outcome else {
        panic!("{outcome:?}");
    };
    refusals
        .into_iter()
        .map(|refusal| (refusal.code.to_string(), refusal.field))
        .collect()
}

crate::both_databases! {
    fn the_decision_of_the_first_day_may_be_learnt_later(app: &TestApp) {
        let city = known_city(app, "Oslo");
        let first = joined(city, 2020);
        let id = app.arrange(|tx| memberships::adopt(tx, &first)).id();
        let decided = AdoptedMembership { decision_on: Some(day(2020, 1, 1)), ..first };
        assert_eq!(app.arrange(|tx| memberships::adopt(tx, &decided)), Adopted::Updated(id));
        assert_eq!(app.arrange(|tx| memberships::adopt(tx, &decided)), Adopted::Unchanged(id));
        let kept = memberships::get(&mut app.db(), id).unwrap();
        assert_eq!((kept.decision_on, kept.starts_on), (Some(day(2020, 1, 1)), Some(day(2020, 1, 1))));
        assert!(memberships::is_active_on(&mut app.db(), city, day(2020, 1, 1)).unwrap());
    }

    fn taking_over_twice_changes_nothing(app: &TestApp) {
        let city = known_city(app, "Oslo");
        let adopt = |adopted: &AdoptedMembership| app.arrange(|tx| memberships::adopt(tx, adopted));
        let old = AdoptedMembership { decision_on: Some(day(2007, 11, 1)), agreement_on: Some(day(2008, 2, 1)), ..joined(city, 2008) };
        let first = adopt(&old);
        assert!(matches!(first, Adopted::Created(_)));
        assert_eq!(adopt(&old), Adopted::Unchanged(first.id()));
        let ended = AdoptedMembership { ended_on: Some(day(2012, 12, 31)), end_reason: Some(MembershipEndReason::Lapsed), statement_of_intent_on: Some(day(2007, 10, 1)), ..old.clone() };
        assert_eq!(adopt(&ended), Adopted::Updated(first.id()));
        assert_eq!(adopt(&ended), Adopted::Unchanged(first.id()));
        assert_eq!(adopt(&old), Adopted::Unchanged(first.id()));

        let mut db = app.db();
        let stored = memberships::get(&mut db, first.id()).unwrap();
        assert_eq!((stored.ends_on, stored.end_reason, stored.version), (Some(day(2013, 1, 1)), Some(MembershipEndReason::Lapsed), 2));
        let spans = memberships::spans_of_many(&mut db, &[first.id()]).unwrap();
        let spans: Vec<_> = spans[&first.id()].iter().map(|span| (span.status, span.starts_on)).collect();
        assert_eq!(spans, [
            (MembershipStatus::Admitted, day(2007, 11, 1)),
            (MembershipStatus::Active, day(2008, 1, 1)),
            (MembershipStatus::Lapsed, day(2013, 1, 1)),
        ]);
    }

    fn periods_may_be_taken_over_in_any_order(app: &TestApp) {
        let city = known_city(app, "Oslo");
        for (from, to) in [(2018, 2020), (2008, 2012), (2013, 2013)] {
            app.arrange(|tx| memberships::adopt(tx, &left(city, from, to)));
        }
        let mut db = app.db();
        for (year, expected) in [(2008, true), (2013, true), (2014, false), (2019, true), (2021, false)] {
            assert_eq!(memberships::is_active_on(&mut db, city, day(year, 6, 1)).unwrap(), expected, "{year}");
        }
        let answer = app.anonymous().ask("{ cities(filter: { status: [WITHDRAWN] }) { nodes { firstJoinedOn } } }");
        assert_eq!(answer.data("/cities/nodes"), &json!([{ "firstJoinedOn": "2008-01-01" }]));
    }

    fn contradictions_are_refused(app: &TestApp) {
        let city = known_city(app, "Oslo");
        let first = app.arrange(|tx| memberships::adopt(tx, &left(city, 2010, 2015)));
        let refused = |adopted: AdoptedMembership| codes(app.try_arrange(|tx| memberships::adopt(tx, &adopted)));
        let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
        assert_eq!(refused(joined(city, 2009)), one("PERIOD_OVERLAPS", "joinedOn"));
        assert_eq!(refused(left(city, 2015, 2016)), one("PERIOD_OVERLAPS", "joinedOn"));
        assert_eq!(refused(left(city, 2010, 2014)), one("NOT_IN_STATE", "endedOn"));
        assert_eq!(refused(AdoptedMembership { end_reason: None, ..left(city, 2017, 2018) }), one("REQUIRED", "endReason"));
        assert_eq!(refused(AdoptedMembership { ended_on: None, ..left(city, 2017, 2018) }), one("REQUIRED", "endedOn"));
        assert_eq!(refused(AdoptedMembership { ended_on: Some(day(2016, 12, 31)), ..left(city, 2017, 2018) }), one("OUT_OF_RANGE", "endedOn"));
        assert_eq!(refused(AdoptedMembership { decision_on: Some(day(2017, 2, 1)), ..joined(city, 2017) }), one("OUT_OF_RANGE", "joinedOn"));
        let unknown = networks::rules::network_id("nowhere");
        assert_eq!(refused(AdoptedMembership { network: Some(unknown), ..joined(city, 2017) }), one("NOT_FOUND", "networkId"));
        assert_eq!(memberships::periods_of_city(&mut app.db(), city).unwrap().len(), 1);
        assert_eq!(app.arrange(|tx| memberships::adopt(tx, &left(city, 2010, 2015))), Adopted::Unchanged(first.id()));
    }

    fn the_database_itself_refuses_two_active_periods(app: &TestApp) {
        let city = known_city(app, "Oslo");
        let first = app.arrange(|tx| memberships::adopt(tx, &left(city, 2010, 2015)));
        let second = app.arrange(|tx| memberships::adopt(tx, &joined(city, 2016)));
        for (membership, column) in [
            (second.id(), "UPDATE memberships SET starts_on = '2015-12-31' WHERE id = "),
            (first.id(), "UPDATE memberships SET ends_on = '2016-01-02' WHERE id = "),
            (first.id(), "UPDATE memberships SET ends_on = NULL WHERE id = "),
        ] {
            let refused = Sql::new(column).bind_uid(membership.uuid()).execute(&mut app.db()).unwrap_err();
            assert!(refused.to_string().contains("memberships_overlap"), "{refused}");
        }
        let touching = Sql::new("UPDATE memberships SET ends_on = '2016-01-01' WHERE id = ").bind_uid(first.id().uuid());
        assert_eq!(touching.execute(&mut app.db()), Ok(1));
        for statement in ["UPDATE membership_events SET note = 'x'", "DELETE FROM membership_events"] {
            assert!(Sql::new(statement).execute(&mut app.db()).is_err(), "{statement}");
        }
    }

    fn of_overlapping_periods_that_race_one_wins(app: &TestApp) {
        let city = known_city(app, "Oslo");
        let racers = 8;
        let barrier = Barrier::new(racers);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let run = |index: usize| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let year = 2010 + i32::try_from(index).unwrap();
                    barrier.wait();
                    app.try_arrange(|tx| memberships::adopt(tx, &joined(city, year)))
                })
            };
            let running: Vec<_> = (0..racers).map(run).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        for outcome in lost {
            assert_eq!(codes(outcome), [("PERIOD_OVERLAPS".to_owned(), "joinedOn".to_owned())]);
        }
    }

    fn of_two_activations_that_race_one_wins(app: &TestApp) {
        let city = known_city(app, "Oslo");
        let secretariat = app.secretariat();
        let answer = secretariat.ask_with(
            "mutation ($city: ID!) { applyForMembership(input: { cityId: $city, appliedOn: \"2026-01-10\", statementOfIntentOn: \"2026-01-10\" }) { membership { id } userErrors { code } } }",
            json!({ "city": city.public() }),
        );
        let id = answer.done("applyForMembership", "/membership/id");
        secretariat.ask_with(
            "mutation ($id: ID!) { admitCity(input: { membershipId: $id, version: 1, decisionOn: \"2026-02-01\" }) { membership { id } userErrors { code } } }",
            json!({ "id": id }),
        ).done("admitCity", "/membership/id");
        let activate = "mutation ($id: ID!, $day: Date!) { activateMembership(input: { membershipId: $id, version: 2, startsOn: $day, feeWaived: true }) { membership { id } userErrors { code field } } }";
        let outcomes: Vec<crate::support::actor::Answer> = std::thread::scope(|scope| {
            let run = |day: &'static str| {
                let (secretariat, id) = (&secretariat, &id);
                scope.spawn(move || secretariat.ask_with(activate, json!({ "id": id, "day": day })))
            };
            let running = ["2026-03-01", "2026-04-01"].map(run);
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won = outcomes.iter().filter(|answer| answer.body["data"]["activateMembership"]["membership"]["id"] == json!(id)).count();
        let lost = outcomes.iter().filter(|answer| answer.body["errors"][0]["extensions"]["code"] == "STALE").count();
        assert_eq!((won, lost), (1, 1), "{outcomes:?}");
    }

    fn many_cities_take_as_many_statements_as_one(app: &TestApp) {
        let first = known_city(app, "City 0");
        app.arrange(|tx| memberships::adopt(tx, &joined(first, 2010)));
        let secretariat = app.secretariat();
        let query = "{ cities(first: 30) { nodes { membershipStatus early: membershipStatus(asOf: \"2012-01-01\") memberships(first: 5) { totalCount nodes { status round { number } network { code rounds { number } } city { name } events { kind } } } } } }";
        let count = || app.statements(|| { secretariat.ask(query).data("/cities/nodes"); });
        count();
        let one = count();
        for index in 1..30 {
            let city = app.city(&format!("City {index}"), "NO");
            app.arrange(|tx| memberships::adopt(tx, &left(city, 2010, 2012)));
            app.arrange(|tx| memberships::adopt(tx, &joined(city, 2014)));
        }
        // The service may have to read again who asks; that is no matter of the list.
        count();
        assert_eq!(count(), one);
    }

    fn lists_are_filtered_and_ordered(app: &TestApp) {
        let oslo = known_city(app, "Oslo");
        let lyon = app.city("Lyon", "FR");
        app.arrange(|tx| memberships::adopt(tx, &left(oslo, 2010, 2012)));
        app.arrange(|tx| memberships::adopt(tx, &joined(oslo, 2014)));
        app.arrange(|tx| memberships::adopt(tx, &joined(lyon, 2016)));
        let norway = networks::rules::network_id("norway");
        app.arrange(|tx| memberships::adopt(tx, &AdoptedMembership { network: Some(norway), ..joined(oslo, 2011) }));
        let auditor = app.auditor();
        let starts = |filter: &str| {
            let answer = auditor.ask(&format!("{{ memberships(orderBy: [STARTS_ON_ASC], filter: {filter}) {{ totalCount nodes {{ startsOn }} }} }}"));
            let nodes = answer.data("/memberships/nodes").as_array().unwrap().clone();
            assert_eq!(answer.data("/memberships/totalCount"), nodes.len());
            nodes.iter().map(|node| node["startsOn"].as_str().unwrap()[..4].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(starts("{}"), ["2010", "2011", "2014", "2016"]);
        assert_eq!(starts("{ status: [WITHDRAWN] }"), ["2010"]);
        assert_eq!(starts("{ country: [\"FR\"] }"), ["2016"]);
        assert_eq!(starts("{ startsOn: { gte: \"2011-01-01\", lt: \"2016-01-01\" } }"), ["2011", "2014"]);
        assert_eq!(starts(&format!("{{ network: [\"{}\"], status: [ACTIVE] }}", norway.public())), ["2011"]);
        // A national membership makes no city a member of the international network.
        assert!(!memberships::is_active_on(&mut app.db(), oslo, day(2013, 6, 1)).unwrap());
    }
}
