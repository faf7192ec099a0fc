//! Enrolling cities in packages through the public door.

use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::{Value, json};

use crate::programme::{enrol, member, with_price_list};

const ENROL: &str = "mutation ($input: EnrolInPackageInput!) { enrolInPackage(input: $input) { package { id status startsOn endsOn coversAnnualFee instalments price { amount currency } deliverables { kind units name(language: \"da\") } } userErrors { code field message } } }";

fn input(city: CityId, starts_on: &str) -> Value {
    json!({ "input": { "cityId": city.public(), "startsOn": starts_on, "coversAnnualFee": true, "instalments": 4 } })
}

crate::both_databases! {
    fn a_package_costs_what_the_list_says_and_lasts_24_months(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Copenhagen", "DK", (2026, 3, 15));
        let answer = app.secretariat().tell(ENROL, input(city, "2026-12-01"));
        let package = answer.data("/enrolInPackage/package");
        assert_eq!((&package["status"], &package["startsOn"], &package["endsOn"]), (&json!("UPCOMING"), &json!("2026-12-01"), &json!("2028-11-30")));
        assert_eq!((&package["coversAnnualFee"], &package["instalments"]), (&json!(true), &json!(4)));
        assert_eq!(package["price"], json!({ "amount": "375000.00", "currency": "DKK" }));
        let units: Vec<_> = package["deliverables"].as_array().unwrap().iter().map(|row| (row["kind"].as_str().unwrap(), row["units"].as_i64().unwrap())).collect();
        assert_eq!(units, [
            ("INDEX", 1), ("EXPERT_VISIT", 1), ("SWOT_REPORT", 1), ("POLICY_ANALYSIS", 2),
            ("VISION_WORKSHOP", 1), ("STUDY_VISIT", 2), ("STRATEGY_ASSISTANCE", 1),
        ]);
    }

    fn a_package_can_be_invoiced_by_the_price_list(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Copenhagen", "DK", (2026, 3, 15));
        let mut euros = input(city, "2026-12-01");
        euros["input"]["price"] = json!("50000");
        euros["input"]["currency"] = json!("EUR");
        let secretariat = app.secretariat();
        assert_eq!(secretariat.tell(ENROL, euros).refusals("enrolInPackage"), [("NO_PRICE".to_owned(), "price".to_owned())]);

        let fee = NewFeeInvoice { membership: None, city: Some(city), fee_year: 2026 };
        app.arrange(|tx| invoices::draft_fee(tx, &fee));
        let charged = [("ALREADY_INVOICED".to_owned(), "coversAnnualFee".to_owned())];
        assert_eq!(secretariat.tell(ENROL, input(city, "2026-12-01")).refusals("enrolInPackage"), charged);
        assert_eq!(app.finance().ask("{ packages { totalCount } }").data("/packages/totalCount"), 0);
        let mut beside = input(city, "2026-12-01");
        beside["input"]["coversAnnualFee"] = json!(false);
        secretariat.tell(ENROL, beside).done("enrolInPackage", "/package/id");
    }

    fn the_last_day_is_clamped_to_the_month(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Copenhagen", "DK", (2026, 3, 15));
        for (starts_on, ends_on) in [("2026-08-31", "2028-08-30"), ("2028-11-30", "2030-11-29")] {
            let mut input = input(city, starts_on);
            input["input"]["price"] = json!("300000");
            let answer = app.secretariat().tell(ENROL, input);
            assert_eq!(answer.data("/enrolInPackage/package/endsOn"), ends_on, "{starts_on}");
            assert_eq!(answer.data("/enrolInPackage/package/price/amount"), "300000.00");
        }
        let other = member(app, "Oslo", "NO", (2026, 3, 15));
        enrol(app, other, (2028, 2, 29));
        let answer = app.finance().ask("{ packages(filter: { runningOn: \"2030-02-27\" }) { nodes { startsOn endsOn city { name } } } }");
        assert_eq!(answer.data("/packages/nodes"), &json!([
            { "startsOn": "2028-02-29", "endsOn": "2030-02-27", "city": { "name": "Oslo" } },
            { "startsOn": "2028-11-30", "endsOn": "2030-11-29", "city": { "name": "Copenhagen" } },
        ]));
        let answer = app.finance().ask("{ packages(filter: { runningOn: \"2030-02-28\" }) { totalCount } }");
        assert_eq!(answer.data("/packages/totalCount"), &json!(1));
    }

    fn one_package_at_a_time_and_back_to_back(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Copenhagen", "DK", (2026, 3, 15));
        enrol(app, city, (2026, 3, 15));
        let secretariat = app.secretariat();
        let answer = secretariat.tell(ENROL, input(city, "2028-03-14"));
        assert_eq!(answer.refusals("enrolInPackage"), [("PERIOD_OVERLAPS".to_owned(), "startsOn".to_owned())]);
        let answer = secretariat.tell(ENROL, input(city, "2028-03-15"));
        assert!(answer.refusals("enrolInPackage").is_empty());

        let query = "query ($id: ID!) { city(id: $id) { packages { totalCount nodes { startsOn status later: status(asOf: \"2028-03-15\") } } activities { totalCount } } }";
        let answer = app.coordinator_of(city).ask_with(query, json!({ "id": city.public() }));
        assert_eq!(answer.data("/city"), &json!({
            "packages": { "totalCount": 2, "nodes": [
                { "startsOn": "2026-03-15", "status": "RUNNING", "later": "COMPLETED" },
                { "startsOn": "2028-03-15", "status": "UPCOMING", "later": "RUNNING" },
            ] },
            "activities": { "totalCount": 18 },
        }));
    }

    fn the_city_must_be_in_the_network_on_the_first_day(app: &TestApp) {
        with_price_list(app);
        let secretariat = app.secretariat();
        let known = app.city("Lyon", "FR");
        let refused = [("NOT_A_MEMBER".to_owned(), "cityId".to_owned())];
        assert_eq!(secretariat.tell(ENROL, input(known, "2026-12-01")).refusals("enrolInPackage"), refused);
        let member = member(app, "Oslo", "NO", (2026, 3, 15));
        assert_eq!(secretariat.tell(ENROL, input(member, "2026-03-14")).refusals("enrolInPackage"), refused);
        assert!(secretariat.tell(ENROL, input(member, "2026-03-15")).refusals("enrolInPackage").is_empty());

        let nobody = CityId::of(uuid::Uuid::from_u128(7));
        let answer = secretariat.tell(ENROL, input(nobody, "2026-12-01"));
        assert_eq!(answer.refusals("enrolInPackage"), [("NOT_FOUND".to_owned(), "cityId".to_owned())]);
    }

    fn the_answer_names_every_problem_and_the_annual_fee_must_be_decided(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let secretariat = app.secretariat();
        let mut wrong = input(city, "1999-12-31");
        wrong["input"]["instalments"] = json!(0);
        wrong["input"]["price"] = json!("-1");
        let found = secretariat.tell(ENROL, wrong).refusals("enrolInPackage");
        let expected = ["startsOn", "instalments", "price"].map(|field| ("OUT_OF_RANGE".to_owned(), field.to_owned()));
        assert_eq!(found, expected);

        let mut undecided = input(city, "2026-12-01");
        undecided["input"].as_object_mut().unwrap().remove("coversAnnualFee");
        assert_eq!(secretariat.tell(ENROL, undecided).code(), "BAD_REQUEST");

        let answer = secretariat.tell(ENROL, input(city, "2026-12-01"));
        assert_eq!(answer.refusals("enrolInPackage"), [("NO_PRICE".to_owned(), "price".to_owned())]);
        assert_eq!(secretariat.ask("{ packages { totalCount } }").data("/packages/totalCount"), &json!(0));
    }

    fn only_the_secretariat_enrols_and_a_city_sees_its_own(app: &TestApp) {
        with_price_list(app);
        let oslo = member(app, "Oslo", "NO", (2026, 3, 15));
        let lyon = member(app, "Lyon", "FR", (2026, 3, 15));
        let package = enrol(app, oslo, (2026, 3, 15));
        assert_eq!(app.anonymous().tell(ENROL, input(lyon, "2026-12-01")).code(), "UNAUTHENTICATED");
        for actor in [app.finance(), app.auditor(), app.coordinator_of(lyon)] {
            assert_eq!(actor.tell(ENROL, input(lyon, "2026-12-01")).code(), "FORBIDDEN");
        }
        assert_eq!(app.anonymous().ask("{ packages { totalCount } }").code(), "UNAUTHENTICATED");

        let query = "query ($city: ID!, $package: ID!) { packages { totalCount } city(id: $city) { packages { totalCount } activities { totalCount } } node(id: $package) { id } }";
        let variables = json!({ "city": oslo.public(), "package": package.public() });
        let own = app.coordinator_of(oslo).ask_with(query, variables.clone());
        assert_eq!(own.data(""), &json!({ "packages": { "totalCount": 1 }, "city": { "packages": { "totalCount": 1 }, "activities": { "totalCount": 9 } }, "node": { "id": package.public() } }));
        let other = app.coordinator_of(lyon).ask_with(query, variables.clone());
        assert_eq!(other.data(""), &json!({ "packages": { "totalCount": 0 }, "city": { "packages": null, "activities": null }, "node": null }));
    }

    fn the_same_request_twice_enrols_once(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let secretariat = app.secretariat();
        let first = secretariat.ask_keyed(ENROL, input(city, "2026-12-01"), Some("enrol-oslo"));
        let again = secretariat.ask_keyed(ENROL, input(city, "2026-12-01"), Some("enrol-oslo"));
        assert_eq!(first.data("/enrolInPackage/package/id"), again.data("/enrolInPackage/package/id"));
        assert_eq!(secretariat.ask("{ packages { totalCount } }").data("/packages/totalCount"), &json!(1));
    }

    fn of_eight_enrolments_at_once_one_wins(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let actors: Vec<_> = (0..8).map(|_| app.secretariat()).collect();
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = actors.iter().map(|actor| scope.spawn(|| actor.tell(ENROL, input(city, "2026-12-01")).refusals("enrolInPackage"))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|refusals| refusals.is_empty()).count(), 1, "{outcomes:?}");
        let lost = [("PERIOD_OVERLAPS".to_owned(), "startsOn".to_owned())];
        assert!(outcomes.iter().filter(|refusals| !refusals.is_empty()).all(|refusals| *refusals == lost), "{outcomes:?}");
        let answer = app.finance().ask("{ packages { totalCount nodes { activities { totalCount } } } }");
        assert_eq!(answer.data("/packages"), &json!({ "totalCount": 1, "nodes": [{ "activities": { "totalCount": 9 } }] }));
    }

    fn packages_of_many_cities_take_a_constant_number_of_statements(app: &TestApp) {
        let query = "{ cities(first: 5) { nodes { packages(first: 2) { totalCount nodes { deliverables { kind } city { name } activities(first: 9) { totalCount nodes { package { id } name } } } } practices(first: 2) { nodes { slug } } } } }";
        let mut counts = Vec::new();
        for name in ["Oslo", "Bergen", "Moss", "Hamar"] {
            let city = member(app, name, "NO", (2026, 3, 15));
            enrol(app, city, (2026, 3, 15));
            let finance = app.finance();
            finance.ask(query).data("");
            counts.push(app.statements(|| { finance.ask(query).data(""); }));
        }
        assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
    }
}
