//! The accounts of units: what the database holds by itself, and the last unit. What it is not: the life of
//! a package (`journey`).

use intercultural_cities::db::sql::Sql;
use intercultural_cities::kernel::ids::{CityId, EntitlementEntryId, Id, PackageId};
use intercultural_cities::programme::activities;
use intercultural_cities::programme::packages;
use intercultural_cities::registry::memberships;
use serde_json::{Value, json};

use crate::programme::{activity, balances, enrol, follow, member, of_activity, plan};
use crate::registry::memberships::step;
use crate::scheduling::race;
use crate::support::app::TestApp;

const STUDY: &str = "mutation ($input: ScheduleStudyVisitInput!) { scheduleStudyVisit(input: $input) { studyVisit { id } userErrors { code field message } } }";
const JOIN: &str = "mutation ($input: JoinStudyVisitInput!) { joinStudyVisit(input: $input) { studyVisit { id } userErrors { code field message } } }";
const UNPLAN: &str = "mutation ($input: UnplanActivityInput!) { unplanActivity(input: $input) { activity { id status } userErrors { code field message } } }";

fn entry(
    app: &TestApp,
    package: PackageId,
    kind: &str,
    entry: &str,
    units: i64,
) -> Result<usize, String> {
    let id: EntitlementEntryId = app.arrange(|tx| Ok(tx.new_id()));
    let insert = Sql::new(
        "INSERT INTO entitlement_entries (id, package_id, kind, entry, units, created_at) VALUES (",
    )
    .bind_uid(id.uuid())
    .text(", ")
    .bind_uid(package.uuid())
    .text(", ")
    .bind_text(kind)
    .text(", ")
    .bind_text(entry)
    .text(", CAST(")
    .bind_int(units)
    .text(" AS INTEGER), ")
    .bind(intercultural_cities::db::sql::Bind::Stamp(app.now()))
    .text(")");
    insert
        .execute(&mut app.db())
        .map_err(|error| error.to_string())
}

fn decide(app: &TestApp, city: CityId, deed: &str, mut input: Value) {
    let membership = memberships::periods_of_city(&mut app.db(), city).unwrap()[0].id;
    input["membershipId"] = json!(membership.public());
    step(&app.secretariat(), deed, input).done(deed, "/membership/id");
}

fn study_visit(app: &TestApp, host: CityId, first: &str) -> String {
    let input = json!({ "hostCityId": host.public(), "theme": "Media", "startsOn": first, "endsOn": first, "capacity": 9 });
    app.secretariat()
        .tell(STUDY, json!({ "input": input }))
        .done("scheduleStudyVisit", "/studyVisit/id")
}

crate::both_databases! {
    fn the_database_holds_the_balances(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        for (kind, what, units, because) in [
            ("STUDY_VISIT", "EXPIRE", 3, "entitlements_balance"),
            ("STUDY_VISIT", "EXPIRE", 0, "entitlement_entries_units"),
            ("STUDY_VISIT", "GRANT", -1, "entitlement_entries_units"),
            ("STUDY_VISIT", "RESERVE", 1, "entitlement_entries_activity"),
            ("STUDY_VISIT", "ADJUST", 1, "entitlement_entries_amendment"),
        ] {
            let refused = entry(app, package, kind, what, units).unwrap_err();
            assert!(refused.contains(because), "{what} {units}: {refused}");
        }
        assert_eq!(entry(app, package, "STUDY_VISIT", "EXPIRE", 1), Ok(1));
        for change in ["UPDATE entitlement_entries SET units = 2", "DELETE FROM entitlement_entries"] {
            let refused = Sql::new(change).execute(&mut app.db()).unwrap_err().to_string();
            assert!(refused.contains("append only"), "{refused}");
        }
    }

    fn two_who_want_the_last_study_visit(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let lyon = member(app, "Lyon", "FR", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let first = study_visit(app, lyon, "2027-01-10");
        let join = |visit: &str| json!({ "input": { "visitId": visit, "cityId": city.public(), "packageId": package.public(), "seats": 1, "delegateName": "Anna Demo" } });
        app.coordinator_of(city).tell(JOIN, join(&first)).done("joinStudyVisit", "/studyVisit/id");
        let visits: Vec<String> = (1..=8).map(|day| study_visit(app, lyon, &format!("2027-02-{day:02}"))).collect();
        let answers = race(app, 8, JOIN, |client| join(&visits[client])["input"].clone());
        let won = answers.iter().filter(|answer| answer.body["data"]["joinStudyVisit"]["studyVisit"]["id"].is_string()).count();
        let refused = answers.iter().filter(|answer| answer.body["data"]["joinStudyVisit"]["userErrors"][0]["code"] == "NOT_IN_STATE").count();
        assert_eq!((won, refused), (1, 7), "{:?}", answers.iter().map(|answer| &answer.body).collect::<Vec<_>>());
        assert_eq!(balances(app, package, "STUDY_VISIT"), [2, 2, 0, 0, 0]);
    }

    fn one_plan_of_many_at_once_sets_a_unit_aside(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let index = activity(app, package, "INDEX", 1);
        let input = of_activity(app, &index, &json!({ "startsOn": "2026-12-01", "endsOn": "2026-12-02" }));
        let answers = race(app, 10, "mutation ($input: PlanActivityInput!) { planActivity(input: $input) { activity { id } userErrors { code } } }", |_| input["input"].clone());
        let won = answers.iter().filter(|answer| answer.body["data"]["planActivity"]["activity"]["id"].is_string()).count();
        assert_eq!(won, 1);
        assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
    }

    fn days_that_are_taken_back_free_the_unit(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let index = activity(app, package, "INDEX", 1);
        for (first, last, field) in [("2026-03-14", "2026-03-20", "startsOn"), ("2028-03-10", "2028-03-15", "startsOn"), ("2026-12-02", "2026-12-01", "endsOn"), ("1999-01-01", "2101-01-01", "startsOn")] {
            assert_eq!(plan(app, &index, first, last, None).refusals("planActivity")[0], ("OUT_OF_RANGE".to_owned(), field.to_owned()), "{first}");
        }
        plan(app, &index, "2028-03-10", "2028-03-14", None).done("planActivity", "/activity/id");
        // Other days for what has days reserve nothing more.
        plan(app, &index, "2026-12-01", "2026-12-05", None).done("planActivity", "/activity/id");
        assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
        let answer = app.secretariat().tell(UNPLAN, of_activity(app, &index, &json!({ "reason": "The council asked for it." })));
        assert_eq!(answer.done("unplanActivity", "/activity/status"), "PLANNED");
        assert_eq!(balances(app, package, "INDEX"), [1, 0, 0, 0, 1]);
        assert_eq!(app.secretariat().tell(UNPLAN, of_activity(app, &index, &json!({}))).refusal("unplanActivity"), "NOT_IN_STATE");
    }

    fn a_suspended_city_keeps_what_it_has_and_gets_nothing_new(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let (index, strategy) = (activity(app, package, "INDEX", 1), activity(app, package, "STRATEGY_ASSISTANCE", 1));
        plan(app, &index, "2026-12-01", "2026-12-05", None).done("planActivity", "/activity/id");
        decide(app, city, "suspendMembership", json!({ "effectiveOn": "2026-11-22" }));
        assert_eq!(plan(app, &strategy, "2026-12-01", "2026-12-05", None).refusal("planActivity"), "NOT_A_MEMBER");
        // Moving what is agreed is no new reservation.
        plan(app, &index, "2026-12-02", "2026-12-06", None).done("planActivity", "/activity/id");
        assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
    }

    fn a_package_ends_with_the_membership_and_loses_what_is_not_set_aside(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let index = activity(app, package, "INDEX", 1);
        plan(app, &index, "2026-12-20", "2027-01-10", None).done("planActivity", "/activity/id");
        decide(app, city, "expelCity", json!({ "endsOn": "2026-12-31" }));
        assert_eq!(follow(app), (0, 0, 0));
        app.set_today(2027, 1, 5);
        assert_eq!(follow(app), (1, 0, 0));
        assert_eq!(follow(app), (0, 0, 0));
        let found = packages::get(&mut app.db(), package).unwrap();
        assert_eq!(found.terminated_on.map(|day| day.to_string()).as_deref(), Some("2027-01-01"));
        assert_eq!(balances(app, package, "STUDY_VISIT"), [2, 0, 0, 2, 0]);
        assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
        // What is given back now is lost as well.
        app.secretariat().tell(UNPLAN, of_activity(app, &index, &json!({}))).done("unplanActivity", "/activity/status");
        assert_eq!(balances(app, package, "INDEX"), [1, 0, 0, 1, 0]);
        assert_eq!(activities::of_packages(&mut app.db(), &[package]).unwrap().len(), 9);
    }
}
