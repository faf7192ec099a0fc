//! Study visits through the public door: joining, the last place, and who sees what.

use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::registry::coordinators::{self, AppointmentRole, NewAppointment, Terms};
use intercultural_cities::registry::people::{NewPerson, PersonChoice, PersonKind};
use serde_json::{Value, json};

use crate::scheduling::{member, member_in, race, winners};
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

const SCHEDULE: &str = "mutation ($input: ScheduleStudyVisitInput!) { scheduleStudyVisit(input: $input) { studyVisit { id status startsOn endsOn placesLeft } userErrors { code field message } } }";
const JOIN: &str = "mutation ($input: JoinStudyVisitInput!) { joinStudyVisit(input: $input) { studyVisit { id placesLeft } userErrors { code field message } } }";
const LEAVE: &str = "mutation ($input: LeaveStudyVisitInput!) { leaveStudyVisit(input: $input) { studyVisit { id placesLeft } userErrors { code field message } } }";
const CANCEL: &str = "mutation ($input: CancelStudyVisitInput!) { cancelStudyVisit(input: $input) { studyVisit { id status } userErrors { code field message } } }";
const LIST: &str = "{ studyVisits { nodes { hostCity { name } theme month status startsOn endsOn capacity placesLeft visitors { totalCount nodes { city { name } seats delegateName } } } } }";

fn input(host: CityId, capacity: i32) -> Value {
    json!({ "input": { "hostCityId": host.public(), "theme": "Welcome centres", "startsOn": "2027-03-01", "endsOn": "2027-03-03", "capacity": capacity } })
}

#[track_caller]
fn visit(app: &TestApp, host: CityId, capacity: i32) -> String {
    app.secretariat()
        .tell(SCHEDULE, input(host, capacity))
        .done("scheduleStudyVisit", "/studyVisit/id")
}

fn joining(visit: &str, city: CityId, seats: i32) -> Value {
    json!({ "visitId": visit, "cityId": city.public(), "seats": seats, "delegateName": "Anna Demo" })
}

#[track_caller]
fn join(app: &TestApp, visit: &str, city: CityId, seats: i32) -> Answer {
    app.coordinator_of(city)
        .tell(JOIN, json!({ "input": joining(visit, city, seats) }))
}

crate::both_databases! {
    fn a_city_joins_once_leaves_and_joins_again(app: &TestApp) {
        let (host, guest) = (member(app, "Copenhagen"), member(app, "Oslo"));
        let visit = visit(app, host, 3);
        assert_eq!(join(app, &visit, guest, 2).data("/joinStudyVisit/studyVisit/placesLeft"), &json!(1));
        assert_eq!(join(app, &visit, guest, 1).refusal("joinStudyVisit"), "NOT_IN_STATE");
        let leave = json!({ "input": { "visitId": visit, "cityId": guest.public() } });
        let left = app.coordinator_of(guest).ask_with(LEAVE, leave.clone());
        assert_eq!(left.data("/leaveStudyVisit/studyVisit/placesLeft"), &json!(3));
        assert_eq!(app.coordinator_of(guest).ask_with(LEAVE, leave).refusal("leaveStudyVisit"), "NOT_IN_STATE");
        assert_eq!(join(app, &visit, guest, 3).data("/joinStudyVisit/studyVisit/placesLeft"), &json!(0));
    }

    fn the_host_is_no_visitor_and_visitors_are_members(app: &TestApp) {
        let (host, stranger) = (member(app, "Copenhagen"), app.city("Randers", "DK"));
        let visit = visit(app, host, 3);
        assert_eq!(join(app, &visit, host, 1).refusal("joinStudyVisit"), "HOST_IS_VISITOR");
        assert_eq!(join(app, &visit, stranger, 1).refusal("joinStudyVisit"), "NOT_A_MEMBER");
        assert_eq!(app.secretariat().tell(SCHEDULE, input(stranger, 3)).refusal("scheduleStudyVisit"), "NOT_A_MEMBER");
        assert_eq!(app.secretariat().ask(LIST).data("/studyVisits/nodes/0/placesLeft"), &json!(3));
    }

    fn a_coordinator_acts_for_the_own_city_only(app: &TestApp) {
        let (host, oslo, lyon) = (member(app, "Copenhagen"), member(app, "Oslo"), member(app, "Lyon"));
        let visit = visit(app, host, 3);
        let wrong = json!({ "input": joining(&visit, lyon, 1) });
        assert_eq!(app.coordinator_of(oslo).tell(JOIN, wrong.clone()).code(), "FORBIDDEN");
        assert_eq!(app.anonymous().tell(JOIN, wrong.clone()).code(), "UNAUTHENTICATED");
        assert_eq!(app.coordinator_of(oslo).ask_with(CANCEL, json!({ "input": { "visitId": visit, "version": 1 } })).code(), "FORBIDDEN");
        assert_eq!(app.coordinator_of(oslo).tell(SCHEDULE, input(oslo, 3)).code(), "FORBIDDEN");
        assert_eq!(app.coordinator_of(lyon).ask_with(JOIN, wrong).code(), "IDEMPOTENCY_KEY_REQUIRED");
    }

    fn the_last_place_is_given_once(app: &TestApp) {
        let host = member(app, "Copenhagen");
        let guests: Vec<CityId> = (0..8).map(|index| member(app, &format!("City {index}"))).collect();
        let visit = visit(app, host, 3);
        let answers = race(app, 8, JOIN, |client| joining(&visit, guests[client], 2));
        assert_eq!(winners(&answers, "joinStudyVisit", "CAPACITY_FULL"), 1);
        let answers = race(app, 8, JOIN, |client| joining(&visit, guests[client], 1));
        let done = answers.iter().filter(|answer| answer.refusals("joinStudyVisit").is_empty()).count();
        assert_eq!(done, 1);
        assert_eq!(app.secretariat().ask(LIST).data("/studyVisits/nodes/0/placesLeft"), &json!(0));
    }

    fn a_cancelled_or_past_visit_takes_nobody(app: &TestApp) {
        let (host, guest) = (member(app, "Copenhagen"), member(app, "Oslo"));
        let (cancelled, past) = (visit(app, host, 3), visit(app, host, 3));
        let cancel = |visit: &str| app.secretariat().ask_with(CANCEL, json!({ "input": { "visitId": visit, "version": app.version(visit) } }));
        assert_eq!(cancel(&cancelled).done("cancelStudyVisit", "/studyVisit/status"), "CANCELLED");
        assert_eq!(join(app, &cancelled, guest, 1).refusal("joinStudyVisit"), "NOT_IN_STATE");
        app.set_today(2027, 3, 4);
        assert_eq!(join(app, &past, guest, 1).refusal("joinStudyVisit"), "NOT_IN_STATE");
        // Who plans visits records afterwards who came.
        let came = app.secretariat().tell(JOIN, json!({ "input": joining(&past, guest, 1) }));
        assert_eq!(came.data("/joinStudyVisit/studyVisit/placesLeft"), &json!(2));
        let nobody = app.secretariat().tell(JOIN, json!({ "input": joining(&cancelled, guest, 1) }));
        assert_eq!(nobody.refusal("joinStudyVisit"), "NOT_IN_STATE");
        assert_eq!(cancel(&past).refusal("cancelStudyVisit"), "NOT_IN_STATE");
    }

    fn each_sees_what_is_theirs(app: &TestApp) {
        let (host, oslo, lyon) = (member(app, "Copenhagen"), member(app, "Oslo"), member(app, "Lyon"));
        let visit = visit(app, host, 5);
        for city in [oslo, lyon] {
            join(app, &visit, city, 2).done("joinStudyVisit", "/studyVisit/id");
        }
        assert_eq!(app.anonymous().ask(LIST).data("/studyVisits/nodes"), &json!([]));
        let places = |answer: Answer| answer.data("/studyVisits/nodes/0/visitors/totalCount").clone();
        assert_eq!(places(app.coordinator_of(host).ask(LIST)), json!(2));
        assert_eq!(places(app.coordinator_of(oslo).ask(LIST)), json!(1));
        assert_eq!(places(app.coordinator_of(member(app, "Aarhus")).ask(LIST)), json!(0));
        assert_eq!(places(app.finance().ask(LIST)), json!(2));

        app.set_today(2027, 3, 4);
        let public = json!([{ "hostCity": { "name": "Copenhagen" }, "theme": "Welcome centres", "month": "2027-03", "status": "HELD", "startsOn": null, "endsOn": null, "capacity": null, "placesLeft": null, "visitors": null }]);
        assert_eq!(app.anonymous().ask(LIST).data("/studyVisits/nodes"), &public);

        let joined = "query ($id: ID!) { city(id: $id) { studyVisitsJoined(first: 3) { totalCount nodes { theme startsOn endsOn hostCity { name } } } studyVisitsHosted { totalCount } } }";
        let of_oslo = json!({ "id": oslo.public() });
        let seen = json!({ "totalCount": 1, "nodes": [{ "theme": "Welcome centres", "startsOn": "2027-03-01", "endsOn": "2027-03-03", "hostCity": { "name": "Copenhagen" } }] });
        for actor in [app.coordinator_of(oslo), app.finance()] {
            assert_eq!(actor.ask_with(joined, of_oslo.clone()).data("/city/studyVisitsJoined"), &seen);
        }
        for actor in [app.anonymous(), app.coordinator_of(lyon)] {
            assert_eq!(actor.ask_with(joined, of_oslo.clone()).data("/city/studyVisitsJoined"), &Value::Null);
        }
        assert_eq!(app.anonymous().ask_with(joined, json!({ "id": host.public() })).data("/city/studyVisitsHosted/totalCount"), &json!(1));
    }

    fn somebody_comes_and_to_one_visit_at_a_time(app: &TestApp) {
        let (host, other, guest) = (member(app, "Copenhagen"), member(app, "Lyon"), member(app, "Oslo"));
        let visits = [visit(app, host, 9), visit(app, other, 9)];
        let ask = |visit: &str, delegate: Option<&str>| {
            let mut input = joining(visit, guest, 1);
            input["delegateName"] = json!(delegate);
            app.coordinator_of(guest).tell(JOIN, json!({ "input": input }))
        };
        let refusal = |code: &str| [(code.to_owned(), "delegateName".to_owned())];
        assert_eq!(ask(&visits[0], None).refusals("joinStudyVisit"), refusal("REQUIRED"));
        ask(&visits[0], Some("Anna Demo")).done("joinStudyVisit", "/studyVisit/id");
        assert_eq!(ask(&visits[1], Some("anna  demo")).refusals("joinStudyVisit"), refusal("PERIOD_OVERLAPS"));
        app.arrange(|tx| coordinators::appoint(tx, &NewAppointment {
            city_id: guest, role: AppointmentRole::Coordinator, invite: false,
            person: PersonChoice::New(NewPerson { name: "Anna Demo".to_owned(), kind: PersonKind::Official, email: None, phone: None, organisation: None, city_id: None, language: None }),
            terms: Terms { fte_percent: 50, starts_on: day(2020, 1, 1), last_day: None, office: None, name_withheld: false },
        }));
        // Without a name the coordinator comes, who is the same one.
        assert_eq!(ask(&visits[1], None).refusals("joinStudyVisit"), refusal("PERIOD_OVERLAPS"));
        ask(&visits[1], Some("Bo Demo")).done("joinStudyVisit", "/studyVisit/id");
    }

    fn a_visit_is_open_until_midnight_where_it_is(app: &TestApp) {
        let (host, guest) = (member_in(app, "Lisbon", "PT", "Europe/Lisbon"), member(app, "Oslo"));
        let (left, cancelled) = (visit(app, host, 3), visit(app, host, 3));
        for (visit, delegate) in [(&left, "Anna Demo"), (&cancelled, "Bo Demo")] {
            let mut input = joining(visit, guest, 1);
            input["delegateName"] = json!(delegate);
            app.coordinator_of(guest).tell(JOIN, json!({ "input": input })).done("joinStudyVisit", "/studyVisit/id");
        }
        // Half past eleven in Lisbon on the last day; the next day in Copenhagen.
        app.set_now("2027-03-03T23:30:00Z".parse().unwrap());
        let status = json!({ "id": guest.public() });
        let activities = "query ($id: ID!) { city(id: $id) { activities(filter: { status: [CONFIRMED] }) { totalCount nodes { status } } } }";
        let answer = app.finance().ask_with(activities, status.clone());
        assert_eq!(answer.data("/city/activities"), &json!({ "totalCount": 2, "nodes": [{ "status": "CONFIRMED" }, { "status": "CONFIRMED" }] }));
        let leave = json!({ "input": { "visitId": left, "cityId": guest.public() } });
        app.coordinator_of(guest).ask_with(LEAVE, leave).done("leaveStudyVisit", "/studyVisit/id");
        // Somebody joined since it was planned: who cancels is to know of that.
        let cancel = json!({ "input": { "visitId": cancelled, "version": 1 } });
        assert_eq!(app.secretariat().ask_with(CANCEL, cancel).code(), "STALE");
        let cancel = json!({ "input": { "visitId": cancelled, "version": app.version(&cancelled) } });
        assert_eq!(app.secretariat().ask_with(CANCEL, cancel).done("cancelStudyVisit", "/studyVisit/status"), "CANCELLED");
        assert_eq!(app.finance().ask_with(activities, status).data("/city/activities/totalCount"), &json!(0));
    }

    fn lists_take_the_same_statements_for_any_number_of_rows(app: &TestApp) {
        let host = member(app, "Copenhagen");
        let visits = [visit(app, host, 9), visit(app, host, 9)];
        let query = "{ cities(first: 50) { nodes { studyVisitsJoined(first: 3) { totalCount nodes { theme hostCity { name } visitors(first: 5) { nodes { city { name } } } } } } } }";
        let finance = app.finance();
        let mut counts = Vec::new();
        for name in ["Oslo", "Lyon", "Randers"] {
            let city = member(app, name);
            for (visit, delegate) in visits.iter().zip(["Anna Demo", "Bo Demo"]) {
                let mut input = joining(visit, city, 1);
                input["delegateName"] = json!(delegate);
                app.coordinator_of(city).tell(JOIN, json!({ "input": input })).done("joinStudyVisit", "/studyVisit/id");
            }
            finance.ask(query).data("/cities");
            counts.push(app.statements(|| {
                finance.ask(query).data("/cities");
            }));
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    }
}
