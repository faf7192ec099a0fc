//! A vacancy is one thing, whoever asks: the work list, which the database finds, and
//! `Membership.nonCompliant`, which the rule tells. What it is not: the other rules of the list
//! (`attention`).

use chrono::{Days, NaiveDate};
use diesel::sql_types::Text;
use intercultural_cities::db::merged::Part;
use intercultural_cities::db::sql::Sql;
use intercultural_cities::kernel::adoption::Given;
use intercultural_cities::kernel::ids::{CityId, Id, NetworkId};
use intercultural_cities::registry::coordinators::rules::{VACANT_DAYS, vacant_from};
use intercultural_cities::registry::coordinators::{self, AppointmentRole, AppointmentRow};
use intercultural_cities::registry::memberships::{
    self, AdoptedMembership, MembershipEndReason, Step,
};
use intercultural_cities::registry::networks;
use intercultural_cities::registry::people::PersonRow;
use serde_json::{Value, json};

use crate::registry::networks::reference;
use crate::support::app::{TestApp, day};

/// A period of membership whose fee is waived, so that only a vacancy can be amiss.
struct Member {
    national: bool,
    from: NaiveDate,
    last_day: Option<NaiveDate>,
    /// The first and the last day of a suspension; none is resumed from a day without an end.
    suspended: Option<(NaiveDate, NaiveDate)>,
}

fn whole(national: bool, from: NaiveDate, last_day: Option<NaiveDate>) -> Member {
    Member {
        national,
        from,
        last_day,
        suspended: None,
    }
}

fn national_network(app: &TestApp) -> NetworkId {
    app.arrange(|tx| Ok(networks::find_by_code(tx.db, "norway")?.unwrap().id))
}

/// A city with its memberships, and with the first and last days of its coordinators.
fn city(
    app: &TestApp,
    name: &str,
    members: &[Member],
    posts: &[(NaiveDate, Option<NaiveDate>)],
) -> CityId {
    let city = app.city(name, "NO");
    let norway = national_network(app);
    for member in members {
        let period = AdoptedMembership {
            city,
            network: member.national.then_some(norway),
            round: None,
            joined_on: member.from,
            ended_on: None,
            end_reason: None,
            statement_of_intent_on: None,
            decision_on: None,
            agreement_on: None,
            fee_waived: true,
        };
        let membership = app.arrange(|tx| memberships::adopt(tx, &period)).id();
        let step = |on| Step {
            membership,
            version: None,
            on: Some(on),
            note: None,
        };
        if let Some((from, until)) = member.suspended {
            app.arrange(|tx| memberships::suspend(tx, &step(from)));
            app.arrange(|tx| memberships::resume(tx, &step(until)));
        }
        if member.last_day.is_some() {
            let ended = AdoptedMembership {
                ended_on: member.last_day,
                end_reason: Some(MembershipEndReason::Withdrawn),
                ..period
            };
            app.arrange(|tx| memberships::adopt(tx, &ended));
        }
    }
    for (number, (starts_on, last_day)) in posts.iter().enumerate() {
        let row = AppointmentRow {
            id: None,
            city,
            person: PersonRow::named(format!("Kim Example of {name} {number}")),
            role: AppointmentRole::Coordinator,
            fte_percent: 20,
            starts_on: *starts_on,
            last_day: last_day.map_or(Given::Leave, Given::Set),
        };
        app.arrange(|tx| coordinators::adopt(tx, &row));
    }
    city
}

/// What the database finds on a day: each city once, with the first day of its vacancy, and how many
/// it counts.
fn found(app: &TestApp, on: NaiveDate, latest: NaiveDate) -> (Vec<(CityId, NaiveDate)>, i64) {
    let part = Part {
        cities: None,
        after: None,
        before: None,
        backward: false,
        limit: 100,
    };
    let mut db = app.db();
    let mut found: Vec<(CityId, NaiveDate)> = coordinators::vacancies(&mut db, on, latest, &part)
        .unwrap()
        .into_iter()
        .map(|vacancy| (vacancy.city, vacancy.vacant_from))
        .collect();
    found.sort_unstable();
    let counted = coordinators::count_vacancies(&mut db, on, latest, None).unwrap();
    (found, counted)
}

/// The cities with an active membership that is non-compliant on a day.
fn non_compliant(app: &TestApp, on: NaiveDate) -> Vec<String> {
    let answer = app.auditor().ask_with(
        "query ($on: Date) { memberships(first: 100) { nodes { city { id } nonCompliant(asOf: $on) } } }",
        json!({ "on": on.to_string() }),
    );
    let nodes = answer.data("/memberships/nodes").as_array().unwrap();
    let mut cities: Vec<String> = nodes
        .iter()
        .filter(|node| node["nonCompliant"] == Value::Bool(true))
        .map(|node| node["city"]["id"].as_str().unwrap().to_owned())
        .collect();
    cities.sort_unstable();
    cities.dedup();
    cities
}

/// Whether a city is active in a network on a day.
fn is_active(app: &TestApp, city: CityId, on: NaiveDate) -> bool {
    let statement = Sql::new("SELECT standing.status FROM city_standings standing WHERE standing.status = 'ACTIVE' AND standing.city_id = ")
        .bind_uid(city.uuid())
        .text(" AND standing.starts_on <= ")
        .bind_date(on)
        .text(" AND (standing.ends_on IS NULL OR standing.ends_on > ")
        .bind_date(on)
        .text(")");
    !statement
        .load::<Text, String>(&mut app.db())
        .unwrap()
        .is_empty()
}

crate::both_databases! {
    fn the_work_list_and_the_flag_of_a_membership_agree_on_every_day(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let (january, may, last) = (day(2020, 1, 1), day(2020, 5, 1), Some(day(2020, 4, 30)));
        let cities = [
            city(app, "Never", &[whole(false, january, None)], &[]),
            city(app, "National", &[whole(true, january, None)], &[]),
            city(app, "Both", &[whole(true, january, None), whole(false, may, None)], &[]),
            city(app, "Both at once", &[whole(true, january, None), whole(false, january, None)], &[]),
            city(app, "From one to the other", &[whole(true, january, last), whole(false, may, None)], &[]),
            city(app, "Left", &[whole(false, january, last)], &[]),
            city(app, "Readmitted", &[whole(false, january, Some(day(2020, 3, 31))), whole(false, may, None)], &[]),
            city(app, "Readmitted at once", &[whole(false, january, last), whole(false, may, None)], &[]),
            city(app, "Readmitted with posts", &[whole(false, january, Some(day(2020, 3, 31))), whole(false, may, None)],
                &[(january, Some(day(2020, 1, 31))), (day(2020, 6, 1), Some(day(2020, 6, 30)))]),
            city(app, "Changing posts", &[whole(false, january, None)],
                &[(day(2020, 2, 1), Some(day(2020, 3, 31))), (day(2020, 4, 1), Some(day(2020, 4, 30))), (day(2020, 8, 15), None)]),
            city(app, "Suspended", &[Member { suspended: Some((day(2020, 2, 1), day(2020, 4, 1))), ..whole(false, january, None) }], &[]),
            city(app, "Suspended in one", &[
                Member { suspended: Some((day(2020, 2, 1), day(2020, 6, 1))), ..whole(false, january, None) },
                whole(true, may, None),
            ], &[]),
        ];
        let mut vacancies = 0;
        for on in day(2019, 12, 28).iter_days().take(260).step_by(3) {
            let duties = coordinators::duties_of_cities(&mut app.db(), &cities).unwrap();
            // Whatever its length, what the database finds is what the rule tells.
            let mut told: Vec<(CityId, NaiveDate)> = cities
                .iter()
                .filter(|city| is_active(app, **city, on))
                .filter_map(|city| Some((*city, vacant_from(&duties[city], on)?)))
                .collect();
            told.sort_unstable();
            let (listed, counted) = found(app, on, on);
            assert_eq!(listed, told, "{on}");
            assert_eq!(usize::try_from(counted).unwrap(), listed.len(), "{on}");
            vacancies += listed.len();
            // And where it is too long, the list has the cities that have the flag.
            let latest = on - Days::new(u64::try_from(VACANT_DAYS).unwrap());
            let mut listed: Vec<String> = found(app, on, latest).0.into_iter().map(|(city, _)| city.public()).collect();
            listed.sort_unstable();
            assert_eq!(listed, non_compliant(app, on), "{on}");
        }
        assert!(vacancies > 100, "{vacancies}");
    }

    fn a_member_of_a_national_network_is_on_the_list(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let oslo = city(app, "Oslo", &[whole(true, day(2026, 1, 1), None), whole(false, day(2026, 10, 20), None)], &[]);
        let list = || app.secretariat().ask("{ attention(filter: { rule: [COORDINATOR_VACANT] }) { totalCount nodes { since city { id } } } }").data("/attention").clone();
        assert_eq!(list(), json!({ "totalCount": 1, "nodes": [{ "since": "2026-03-02", "city": { "id": oslo.public() } }] }));
        app.set_today(2026, 3, 1);
        assert_eq!(list()["totalCount"], 0);
    }
}
