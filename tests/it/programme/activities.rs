//! Activities: planned by packages, taken and given back by visits.

use chrono::{NaiveDate, NaiveTime};
use intercultural_cities::kernel::ids::{CityId, ExpertVisitId, Id, StudyVisitId};
use intercultural_cities::kernel::instant::Instant;
use intercultural_cities::kernel::period::Period;
use intercultural_cities::programme::activities::{self, ActivityStatus, Visit, VisitDays};
use serde_json::{Value, json};

use crate::programme::{enrol, member};
use crate::support::app::TestApp;

const LIST: &str = "query ($id: ID!, $filter: ActivityFilterInput, $first: Int, $after: String) { city(id: $id) { activities(filter: $filter, first: $first, after: $after) { totalCount nodes { kind number status startsOn endsOn package { id } } pageInfo { endCursor hasNextPage } } } }";

fn days(first: (i32, u32, u32), last: (i32, u32, u32)) -> VisitDays {
    let day = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let period = Period::of_days(day(first), day(last)).unwrap();
    let midnight = period.until().unwrap().and_time(NaiveTime::MIN).and_utc();
    VisitDays {
        period,
        ends_at: Instant::new(midnight),
    }
}

fn expert_visit(number: u128) -> ExpertVisitId {
    ExpertVisitId::of(uuid::Uuid::from_u128(number))
}

fn study_visit(number: u128) -> StudyVisitId {
    StudyVisitId::of(uuid::Uuid::from_u128(number))
}

/// Whom a city visits; no record is looked up.
fn host() -> CityId {
    CityId::of(uuid::Uuid::from_u128(99))
}

#[track_caller]
fn listed(app: &TestApp, city: CityId, filter: Value) -> Value {
    let answer = app
        .secretariat()
        .ask_with(LIST, json!({ "id": city.public(), "filter": filter }));
    answer.data("/city/activities").clone()
}

crate::both_databases! {
    fn a_package_plans_nine_activities_in_the_order_of_the_offer(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        enrol(app, city, (2026, 3, 15));
        let list = listed(app, city, json!({}));
        let found: Vec<_> = list["nodes"].as_array().unwrap().iter().map(|row| (row["kind"].as_str().unwrap(), row["number"].as_i64().unwrap())).collect();
        assert_eq!(found, [
            ("INDEX", 1), ("EXPERT_VISIT", 1), ("SWOT_REPORT", 1), ("POLICY_ANALYSIS", 1), ("POLICY_ANALYSIS", 2),
            ("VISION_WORKSHOP", 1), ("STUDY_VISIT", 1), ("STUDY_VISIT", 2), ("STRATEGY_ASSISTANCE", 1),
        ]);
        assert!(list["nodes"].as_array().unwrap().iter().all(|row| row["status"] == "PLANNED" && row["startsOn"].is_null()));
        assert_eq!(listed(app, city, json!({ "kind": ["STUDY_VISIT", "INDEX"] }))["totalCount"], 3);
        assert_eq!(listed(app, city, json!({ "status": ["HELD"] }))["totalCount"], 0);
    }

    fn a_visit_takes_a_planned_unit_while_there_is_one(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let first = app.arrange(|tx| activities::link_expert_visit(tx, city, expert_visit(1), &days((2027, 5, 4), (2027, 5, 6))));
        assert_eq!((first.package_id, first.status), (Some(package), ActivityStatus::Confirmed));
        let second = app.arrange(|tx| activities::link_expert_visit(tx, city, expert_visit(2), &days((2027, 2, 1), (2027, 2, 1))));
        assert_eq!((second.package_id, second.number), (None, 1));
        let outside = app.arrange(|tx| activities::link_study_visit(tx, city, (study_visit(3), host()), &days((2028, 3, 13), (2028, 3, 15))));
        assert_eq!((outside.package_id, outside.number), (None, 1));
        let inside = app.arrange(|tx| activities::link_study_visit(tx, city, (study_visit(4), host()), &days((2028, 3, 13), (2028, 3, 14))));
        assert_eq!((inside.package_id, inside.number), (Some(package), 1));

        let dated: Vec<_> = listed(app, city, json!({}))["nodes"].as_array().unwrap().iter()
            .map(|row| (row["startsOn"].clone(), row["endsOn"].clone(), row["package"].is_null())).take(5).collect();
        assert_eq!(dated, [
            (json!("2027-02-01"), json!("2027-02-01"), true),
            (json!("2027-05-04"), json!("2027-05-06"), false),
            (json!("2028-03-13"), json!("2028-03-14"), false),
            (json!("2028-03-13"), json!("2028-03-15"), true),
            (Value::Null, Value::Null, false),
        ]);
        assert_eq!(listed(app, city, json!({}))["totalCount"], 11);
    }

    fn what_is_given_back_is_planned_again_or_cancelled(app: &TestApp) {
        let oslo = member(app, "Oslo", "NO", (2026, 3, 15));
        let lyon = member(app, "Lyon", "FR", (2026, 3, 15));
        enrol(app, oslo, (2026, 3, 15));
        let visit = Visit::Study(study_visit(1));
        for city in [oslo, lyon] {
            app.arrange(|tx| activities::link_study_visit(tx, city, (study_visit(1), host()), &days((2027, 5, 4), (2027, 5, 6))));
        }
        app.arrange(|tx| activities::release(tx, visit, Some(oslo)));
        let planned = json!({ "kind": ["STUDY_VISIT"], "status": ["PLANNED"] });
        assert_eq!(listed(app, oslo, planned)["totalCount"], 2);
        assert_eq!(listed(app, lyon, json!({ "status": ["CONFIRMED"] }))["totalCount"], 1);

        app.arrange(|tx| activities::release(tx, visit, None));
        assert_eq!(listed(app, lyon, json!({ "status": ["CANCELLED"] }))["totalCount"], 1);
        app.arrange(|tx| activities::release(tx, visit, None));
        let again = app.arrange(|tx| activities::link_study_visit(tx, oslo, (study_visit(2), host()), &days((2027, 6, 1), (2027, 6, 2))));
        assert_eq!(again.number, 1);
    }

    fn a_visit_is_held_when_its_last_day_is_over(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        app.arrange(|tx| activities::link_expert_visit(tx, city, expert_visit(1), &days((2026, 11, 20), (2026, 11, 22))));
        let both = json!({ "status": ["HELD", "CONFIRMED"] });
        assert_eq!(listed(app, city, both.clone())["nodes"][0]["status"], "CONFIRMED");
        assert_eq!(listed(app, city, json!({ "status": ["HELD"] }))["totalCount"], 0);
        app.set_today(2026, 11, 23);
        assert_eq!(listed(app, city, both)["nodes"][0]["status"], "HELD");
        assert_eq!(listed(app, city, json!({ "status": ["CONFIRMED"] }))["totalCount"], 0);
    }

    fn the_last_unit_is_taken_once_however_many_ask(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        enrol(app, city, (2026, 3, 15));
        let taken: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (1..=6).map(|number| scope.spawn(move || app.arrange(|tx| activities::link_expert_visit(tx, city, expert_visit(number), &days((2027, 5, 4), (2027, 5, 6)))))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().filter(|activity| activity.package_id.is_some()).count(), 1);
        let mut beside: Vec<_> = taken.iter().filter(|activity| activity.package_id.is_none()).map(|activity| activity.number).collect();
        beside.sort_unstable();
        assert_eq!(beside, [1, 2, 3, 4, 5]);
    }

    fn any_page_size_gives_the_same_sequence(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        enrol(app, city, (2026, 3, 15));
        for number in 1..=3 {
            app.arrange(|tx| activities::link_study_visit(tx, city, (study_visit(number), host()), &days((2027, 5, 4), (2027, 5, 6))));
        }
        let whole = listed(app, city, json!({}))["nodes"].as_array().unwrap().clone();
        assert_eq!(whole.len(), 10);
        let secretariat = app.secretariat();
        for size in 1..=11 {
            let (mut found, mut after) = (Vec::new(), Value::Null);
            loop {
                let answer = secretariat.ask_with(LIST, json!({ "id": city.public(), "first": size, "after": after }));
                found.extend(answer.data("/city/activities/nodes").as_array().unwrap().clone());
                if answer.data("/city/activities/pageInfo/hasNextPage") == &json!(false) {
                    break;
                }
                after = answer.data("/city/activities/pageInfo/endCursor").clone();
            }
            assert_eq!(found, whole, "{size}");
        }
    }
}
