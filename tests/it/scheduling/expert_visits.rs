//! Expert visits through the public door: calendars, travel, races, and who sees what.

use chrono::{TimeDelta, TimeZone, Utc};
use intercultural_cities::db::sql::{Bind, Sql};
use intercultural_cities::kernel::ids::{CityId, ExpertBookingId, ExpertId, Id};
use intercultural_cities::registry::cities::{self, Succession};
use intercultural_cities::registry::coordinators::{self, AppointmentRole, NewAppointment, Terms};
use intercultural_cities::registry::experts::{self, ExpertKind, ExpertTerms, NewExpert};
use intercultural_cities::registry::memberships::{self, Step};
use intercultural_cities::registry::people::{self, NewPerson, PersonChoice, PersonKind};
use serde_json::{Value, json};

use crate::scheduling::{expert, member, member_in, race, winners};
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day as date};

const SCHEDULE: &str = "mutation ($input: ScheduleExpertVisitInput!) { scheduleExpertVisit(input: $input) { expertVisit { id status startsOn endsOn } userErrors { code field message } } }";
const CANCEL: &str = "mutation ($input: CancelExpertVisitInput!) { cancelExpertVisit(input: $input) { expertVisit { id status cancelledOn cancelReason experts { name } } userErrors { code field message } } }";
const LIST: &str = "{ expertVisits { totalCount nodes { city { name } theme month status startsOn endsOn experts { name } updatedAt } } }";

fn input(city: CityId, experts: &[ExpertId], first: &str, last: &str) -> Value {
    let experts: Vec<String> = experts.iter().map(|expert| expert.public()).collect();
    json!({ "cityId": city.public(), "theme": "Housing", "startsOn": first, "endsOn": last, "expertIds": experts })
}

#[track_caller]
fn schedule(app: &TestApp, city: CityId, experts: &[ExpertId], first: &str, last: &str) -> Answer {
    app.secretariat().tell(
        SCHEDULE,
        json!({ "input": input(city, experts, first, last) }),
    )
}

#[track_caller]
fn scheduled(app: &TestApp, city: CityId, experts: &[ExpertId], first: &str, last: &str) -> String {
    schedule(app, city, experts, first, last).done("scheduleExpertVisit", "/expertVisit/id")
}

#[track_caller]
fn refused(answer: &Answer) -> (String, String) {
    let mut refusals = answer.refusals("scheduleExpertVisit");
    assert_eq!(refusals.len(), 1, "{}", answer.body);
    refusals.remove(0)
}

fn double_booked(place: usize) -> (String, String) {
    (
        "EXPERT_DOUBLE_BOOKED".to_owned(),
        format!("expertIds.{place}"),
    )
}

crate::both_databases! {
    fn forty_clients_race_for_one_expert_and_one_wins(app: &TestApp) {
        let city = member(app, "Aarhus");
        let anna = expert(app, "Anna Holm", None);
        let answers = race(app, 40, SCHEDULE, |_| input(city, &[anna], "2027-03-01", "2027-03-03"));
        assert_eq!(winners(&answers, "scheduleExpertVisit", "EXPERT_DOUBLE_BOOKED"), 1);
        assert_eq!(app.secretariat().ask(LIST).data("/expertVisits/totalCount"), &json!(1));
    }

    fn overlapping_visits_of_one_expert_in_a_race_never_meet(app: &TestApp) {
        let cities = [member(app, "Aarhus"), member(app, "Randers")];
        let anna = expert(app, "Anna Holm", None);
        let answers = race(app, 12, SCHEDULE, |client| {
            let first = 1 + client % 4;
            input(cities[client % 2], &[anna], &format!("2027-03-{first:02}"), &format!("2027-03-{:02}", first + 4))
        });
        assert_eq!(winners(&answers, "scheduleExpertVisit", "EXPERT_DOUBLE_BOOKED"), 1);
    }

    fn the_database_itself_holds_calendars_apart(app: &TestApp) {
        let (aarhus, oslo) = (member(app, "Aarhus"), member(app, "Oslo"));
        let anna = expert(app, "Anna Holm", None);
        scheduled(app, aarhus, &[anna], "2027-03-01", "2027-03-03");
        let insert = |city: CityId, day: u32| {
            let at = |day, hours| {
                let moment = Utc.with_ymd_and_hms(2027, 3, day, 0, 0, 0).unwrap();
                Bind::Stamp(intercultural_cities::kernel::instant::Instant::new(moment + TimeDelta::hours(hours)))
            };
            app.try_arrange(|tx| {
                let id: ExpertBookingId = tx.new_id();
                let statement = Sql::new("INSERT INTO expert_bookings (id, expert_id, city_id, starts_at, ends_at, travel_from, travel_until) VALUES (")
                    .bind_uid(id.uuid()).text(", ").bind_uid(anna.uuid()).text(", ").bind_uid(city.uuid())
                    .text(", ").bind(at(day, 0)).text(", ").bind(at(day, 24)).text(", ").bind_date(date(2027, 3, day)).text(", ").bind_date(date(2027, 3, day + 2)).text(")");
                Ok(statement.execute(tx.db)?)
            })
        };
        for (city, day, constraint) in [(aarhus, 3, "expert_bookings_overlap"), (oslo, 2, "expert_bookings_overlap"), (oslo, 4, "expert_bookings_travel")] {
            let error = format!("{:?}", insert(city, day).unwrap_err());
            assert!(error.contains(constraint), "{error}");
        }
        insert(aarhus, 4).unwrap();
        insert(oslo, 6).unwrap();
    }

    fn back_to_back_in_one_city_and_a_free_day_between_two(app: &TestApp) {
        let (aarhus, oslo) = (member(app, "Aarhus"), member_in(app, "Oslo", "NO", "Europe/Oslo"));
        let anna = expert(app, "Anna Holm", None);
        scheduled(app, aarhus, &[anna], "2027-03-01", "2027-03-02");
        scheduled(app, aarhus, &[anna], "2027-03-03", "2027-03-04");
        for (city, first, last) in [
            (aarhus, "2027-03-01", "2027-03-02"),
            (aarhus, "2027-03-02", "2027-03-02"),
            (aarhus, "2027-02-20", "2027-03-10"),
            (oslo, "2027-03-05", "2027-03-06"),
            (oslo, "2027-02-27", "2027-02-28"),
        ] {
            assert_eq!(refused(&schedule(app, city, &[anna], first, last)), double_booked(0), "{first} {last}");
        }
        scheduled(app, oslo, &[anna], "2027-03-06", "2027-03-07");
        scheduled(app, oslo, &[anna], "2027-02-26", "2027-02-27");
    }

    fn travels_over_the_nights_of_the_clock_changes(app: &TestApp) {
        let (aarhus, lisbon) = (member(app, "Aarhus"), member_in(app, "Lisbon", "PT", "Europe/Lisbon"));
        for (before, between, after) in [("2026-03-28", "2026-03-29", "2026-03-30"), ("2026-10-24", "2026-10-25", "2026-10-26")] {
            for (from, to) in [(aarhus, lisbon), (lisbon, aarhus)] {
                let traveller = expert(app, &format!("Traveller {before} {}", from.public()), None);
                scheduled(app, from, &[traveller], before, before);
                assert_eq!(refused(&schedule(app, to, &[traveller], between, between)), double_booked(0), "{between}");
                scheduled(app, to, &[traveller], after, after);
            }
            let stayer = expert(app, &format!("Stayer {before}"), None);
            for day in [before, between, after] {
                scheduled(app, aarhus, &[stayer], day, day);
            }
        }
    }

    fn names_every_problem_with_its_expert(app: &TestApp) {
        let (aarhus, oslo) = (member(app, "Aarhus"), member(app, "Oslo"));
        let (anna, bo) = (expert(app, "Anna Holm", None), expert(app, "Bo Lind", Some(aarhus)));
        scheduled(app, oslo, &[anna], "2027-03-01", "2027-03-03");
        let answer = schedule(app, aarhus, &[bo, anna], "2027-03-02", "2027-03-02");
        let expected = [("CONFLICT_OF_INTEREST", "expertIds.0"), ("EXPERT_DOUBLE_BOOKED", "expertIds.1")];
        assert_eq!(answer.refusals("scheduleExpertVisit"), expected.map(|(code, field)| (code.to_owned(), field.to_owned())));

        let stranger = app.city("Randers", "DK");
        assert_eq!(refused(&schedule(app, stranger, &[], "2027-03-02", "2027-03-02")), ("NOT_A_MEMBER".to_owned(), "cityId".to_owned()));
        let nobody = ExpertId::of(uuid::Uuid::from_u128(1));
        assert_eq!(refused(&schedule(app, aarhus, &[anna, nobody], "2027-06-02", "2027-06-02")), ("NOT_FOUND".to_owned(), "expertIds.1".to_owned()));
        assert_eq!(refused(&schedule(app, aarhus, &[anna, anna], "2027-06-02", "2027-06-02")), double_booked(1));
        assert_eq!(refused(&schedule(app, aarhus, &[], "2027-06-02", "2027-06-01")), ("OUT_OF_RANGE".to_owned(), "endsOn".to_owned()));
        assert_eq!(app.secretariat().ask(LIST).data("/expertVisits/totalCount"), &json!(1));

        let without_key = app.secretariat().ask_with(SCHEDULE, json!({ "input": input(aarhus, &[], "2027-06-02", "2027-06-02") }));
        assert_eq!(without_key.code(), "IDEMPOTENCY_KEY_REQUIRED");
        scheduled(app, aarhus, &[], "2027-06-02", "2027-06-02");
    }

    fn whoever_belongs_to_a_city_does_not_judge_it(app: &TestApp) {
        let (aarhus, oslo, old_oslo) = (member(app, "Aarhus"), member(app, "Oslo"), app.city("Aker", "DK"));
        let person = |name: &str, city_id: Option<CityId>| app.arrange(|tx| Ok(people::settle(tx, &PersonChoice::New(NewPerson {
            name: name.to_owned(), kind: PersonKind::Official, email: None, phone: None, organisation: None, city_id, language: None,
        }), "person")?.id));
        let as_expert = |person, home_city_id| app.arrange(|tx| experts::register(tx, &NewExpert {
            person: PersonChoice::Known(person),
            terms: ExpertTerms {
                kind: ExpertKind::CityPeer, languages: vec!["en".to_owned()], policy_areas: Vec::new(), organisation: None,
                home_city_id, available_from: None, last_available: None,
            },
        }));
        let coordinator = person("Anna Holm", None);
        app.arrange(|tx| coordinators::appoint(tx, &NewAppointment {
            city_id: aarhus, person: PersonChoice::Known(coordinator), role: AppointmentRole::Coordinator, invite: false,
            terms: Terms { fte_percent: 50, starts_on: date(2020, 1, 1), last_day: Some(date(2027, 3, 1)), office: None, name_withheld: false },
        }));
        let employed = person("Bo Lind", Some(aarhus));
        let from_before_the_reform = as_expert(person("Carl Lund", None), Some(old_oslo));
        app.arrange(|tx| cities::succeed(tx, &Succession { city: old_oslo, successor: oslo, on: date(2025, 1, 1), version: None }));
        let (coordinator, employed) = (as_expert(coordinator, None), as_expert(employed, None));
        let conflict = ("CONFLICT_OF_INTEREST".to_owned(), "expertIds.0".to_owned());
        for (city, expert) in [(aarhus, coordinator), (aarhus, employed), (oslo, from_before_the_reform)] {
            assert_eq!(refused(&schedule(app, city, &[expert], "2027-03-01", "2027-03-02")), conflict);
        }
        // Elsewhere, and when the post is over, they judge.
        scheduled(app, oslo, &[coordinator], "2027-03-01", "2027-03-02");
        scheduled(app, aarhus, &[coordinator], "2027-04-01", "2027-04-02");
    }

    fn a_gap_in_the_membership_is_seen_between_the_days(app: &TestApp) {
        let city = member(app, "Aarhus");
        let membership = memberships::periods_of_city(&mut app.db(), city).unwrap()[0].id;
        let step = |day| Step { membership, version: None, on: Some(day), note: None };
        app.arrange(|tx| memberships::suspend(tx, &step(date(2027, 3, 2))));
        app.arrange(|tx| memberships::resume(tx, &step(date(2027, 3, 3))));
        assert_eq!(refused(&schedule(app, city, &[], "2027-03-01", "2027-03-04")), ("NOT_A_MEMBER".to_owned(), "cityId".to_owned()));
        scheduled(app, city, &[], "2027-03-03", "2027-03-04");
    }

    fn a_lapsed_hold_gives_way_and_a_living_one_does_not(app: &TestApp) {
        let aarhus = member(app, "Aarhus");
        let anna = expert(app, "Anna Holm", None);
        let at = |month, day| Bind::Stamp(intercultural_cities::kernel::instant::Instant::new(Utc.with_ymd_and_hms(2027, month, day, 0, 0, 0).unwrap()));
        app.arrange(|tx| {
            let id: ExpertBookingId = tx.new_id();
            let statement = Sql::new("INSERT INTO expert_bookings (id, expert_id, city_id, starts_at, ends_at, travel_from, travel_until, held_until) VALUES (")
                .bind_uid(id.uuid()).text(", ").bind_uid(anna.uuid()).text(", ").bind_uid(aarhus.uuid())
                .text(", ").bind(at(3, 1)).text(", ").bind(at(3, 5)).text(", ").bind_date(date(2027, 3, 1)).text(", ").bind_date(date(2027, 3, 6)).text(", ").bind(at(1, 10)).text(")");
            Ok(statement.execute(tx.db)?)
        });
        assert_eq!(refused(&schedule(app, aarhus, &[anna], "2027-03-02", "2027-03-02")), double_booked(0));
        app.set_today(2027, 1, 11);
        scheduled(app, aarhus, &[anna], "2027-03-02", "2027-03-02");
    }

    fn cancelling_frees_the_calendar_and_keeps_the_team(app: &TestApp) {
        let aarhus = member(app, "Aarhus");
        let anna = expert(app, "Anna Holm", None);
        let visit = scheduled(app, aarhus, &[anna], "2027-03-01", "2027-03-03");
        let cancel = json!({ "input": { "visitId": visit, "reason": "The mayor is ill", "version": 1 } });
        assert_eq!(app.coordinator_of(aarhus).ask_with(CANCEL, cancel.clone()).code(), "FORBIDDEN");
        assert_eq!(app.coordinator_of(member(app, "Oslo")).ask_with(CANCEL, cancel.clone()).code(), "FORBIDDEN");
        assert_eq!(app.anonymous().ask_with(CANCEL, cancel.clone()).code(), "UNAUTHENTICATED");
        let answer = app.secretariat().ask_with(CANCEL, cancel.clone());
        assert_eq!(answer.data("/cancelExpertVisit/expertVisit"), &json!({ "id": visit, "status": "CANCELLED", "cancelledOn": "2026-11-22", "cancelReason": "The mayor is ill", "experts": [{ "name": "Anna Holm" }] }));
        assert_eq!(app.secretariat().ask_with(CANCEL, cancel).code(), "STALE");
        let again = json!({ "input": { "visitId": visit, "version": app.version(&visit) } });
        assert_eq!(app.secretariat().ask_with(CANCEL, again).refusal("cancelExpertVisit"), "NOT_IN_STATE");

        let held = scheduled(app, aarhus, &[anna], "2027-03-01", "2027-03-03");
        app.set_today(2027, 3, 4);
        let answer = app.secretariat().ask_with(CANCEL, json!({ "input": { "visitId": held, "version": 1 } }));
        assert_eq!(answer.refusal("cancelExpertVisit"), "NOT_IN_STATE");
    }

    fn each_sees_what_is_theirs(app: &TestApp) {
        let (aarhus, oslo) = (member(app, "Aarhus"), member(app, "Oslo"));
        let (anna, bo) = (expert(app, "Anna Holm", None), expert(app, "Bo Lind", None));
        scheduled(app, aarhus, &[anna], "2027-03-01", "2027-03-03");
        let count = |answer: Answer| answer.data("/expertVisits/totalCount").clone();
        for (seen, actor) in [(0, app.anonymous()), (1, app.coordinator_of(aarhus)), (0, app.coordinator_of(oslo)), (1, app.expert(anna)), (0, app.expert(bo)), (1, app.auditor())] {
            assert_eq!(count(actor.ask(LIST)), json!(seen));
        }

        app.set_today(2027, 3, 4);
        let public = json!({ "totalCount": 1, "nodes": [{ "city": { "name": "Aarhus" }, "theme": "Housing", "month": "2027-03", "status": "HELD", "startsOn": null, "endsOn": null, "experts": null, "updatedAt": null }] });
        for actor in [app.anonymous(), app.coordinator_of(oslo), app.expert(bo)] {
            assert_eq!(actor.ask(LIST).data("/expertVisits"), &public);
        }
        for actor in [app.coordinator_of(aarhus), app.expert(anna), app.finance()] {
            let answer = actor.ask(LIST);
            assert_eq!(answer.data("/expertVisits/nodes/0/experts"), &json!([{ "name": "Anna Holm" }]));
            assert_eq!((answer.text("/expertVisits/nodes/0/startsOn"), answer.text("/expertVisits/nodes/0/endsOn")), ("2027-03-01", "2027-03-03"));
        }
    }

    fn lists_take_the_same_statements_for_any_number_of_rows(app: &TestApp) {
        let anna = expert(app, "Anna Holm", None);
        let query = "{ cities(first: 10) { nodes { expertVisits(first: 5) { totalCount nodes { city { name } experts { name expert { name } } } } } } }";
        let secretariat = app.secretariat();
        let mut counts = Vec::new();
        for (index, name) in ["Aarhus", "Oslo", "Lyon", "Randers"].into_iter().enumerate() {
            let city = member(app, name);
            scheduled(app, city, &[anna], &format!("2027-{:02}-01", index + 1), &format!("2027-{:02}-02", index + 1));
            secretariat.ask(query).data("/cities");
            counts.push(app.statements(|| {
                secretariat.ask(query).data("/cities");
            }));
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    }
}
