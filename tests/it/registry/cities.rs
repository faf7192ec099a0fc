//! Cities through the public door.

use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::kernel::refusal::RefusalCode;
use intercultural_cities::registry::cities::{self, Succession};
use serde_json::json;

use crate::support::app::{day, new_city};

const REGISTER: &str = "mutation ($input: RegisterCityInput!) { registerCity(input: $input) { city { id name country version } userErrors { code field message } } }";
const REVISE: &str = "mutation ($input: ReviseCityInput!) { reviseCity(input: $input) { city { name population version } userErrors { code field message } } }";

crate::both_databases! {
    fn a_name_without_its_accents_is_the_same_name(app: &TestApp) {
        for (name, plain, country) in [("Malmö", "Malmo", "SE"), ("Zürich", "Zurich", "CH"), ("Århus", "Arhus", "DK")] {
            let city = app.city(name, country);
            let refused = app.try_arrange(|tx| cities::register(tx, &new_city(plain, country))).unwrap_err();
            assert!(matches!(&refused, Error::Refused(refusals) if refusals[0].code == RefusalCode::NameTaken), "{plain} {refused:?}");
            let found = cities::find_named(&mut app.db(), country, plain).unwrap();
            assert_eq!(found.map(|found| found.id), Some(city), "{plain}");
        }
    }

    fn a_search_may_begin_inside_a_pair_of_letters(app: &TestApp) {
        app.city("Joensuu", "FI");
        app.city("Puebla", "MX");
        for (search, name) in [("ensuu", "Joensuu"), ("joens", "Joensuu"), ("ebla", "Puebla"), ("puebla", "Puebla")] {
            let answer = app.secretariat().ask_with("query ($search: String!) { cities(filter: { search: $search }) { nodes { name } } }", json!({ "search": search }));
            assert_eq!(answer.data("/cities/nodes"), &json!([{ "name": name }]), "{search}");
        }
    }

    fn a_city_becomes_part_of_another_and_is_one_with_it(app: &TestApp) {
        let [old, middle, new, other] = ["Aker", "Oslo", "Viken", "Bergen"].map(|name| app.city(name, "NO"));
        let succeed = |city, successor, on| app.try_arrange(|tx| cities::succeed(tx, &Succession { city, successor, on, version: None }));
        let code = |outcome: intercultural_cities::kernel::error::Result<_>| match outcome {
            Err(Error::Refused(refusals)) => refusals[0].code,
            other => panic!("{other:?}"),
        };
        let reform = day(2020, 1, 1);
        assert_eq!(code(succeed(old, old, reform)), RefusalCode::SameCity);
        assert_eq!(code(succeed(old, middle, day(2026, 11, 23))), RefusalCode::OutOfRange);
        succeed(old, middle, reform).unwrap();
        succeed(middle, new, day(2024, 1, 1)).unwrap();
        succeed(other, new, day(2024, 1, 1)).unwrap();
        assert_eq!(code(succeed(old, new, reform)), RefusalCode::NotInState);
        assert_eq!(code(succeed(new, old, reform)), RefusalCode::SameCity);
        let mut db = app.db();
        for (one, two, same) in [(old, new, true), (old, other, true), (middle, other, true), (old, app.city("Vadsø", "NO"), false)] {
            assert_eq!(cities::are_one(&mut db, one, two).unwrap(), same);
        }
        let kept = cities::get(&mut db, old).unwrap();
        assert_eq!((kept.successor_id, kept.succeeded_on, kept.version), (Some(middle), Some(reform), 2));

        let document = "mutation ($input: SucceedCityInput!) { succeedCity(input: $input) { city { id } userErrors { code field message } } }";
        let fjord = app.city("Fjord", "NO");
        let input = json!({ "input": { "cityId": fjord.public(), "successorId": new.public(), "succeededOn": "2026-01-01", "version": 1 } });
        assert_eq!(app.finance().ask_with(document, input.clone()).code(), "FORBIDDEN");
        assert_eq!(app.coordinator_of(fjord).ask_with(document, input.clone()).code(), "FORBIDDEN");
        assert_eq!(app.secretariat().ask_with(document, input.clone()).done("succeedCity", "/city/id"), fjord.public());
        assert_eq!(app.secretariat().ask_with(document, input.clone()).code(), "STALE");
        let mut input = input;
        input["input"]["version"] = json!(app.version(&fjord.public()));
        assert_eq!(app.secretariat().ask_with(document, input).refusals("succeedCity"), [("NOT_IN_STATE".to_owned(), "cityId".to_owned())]);
    }

    fn registers_and_revises_a_city(app: &TestApp) {
        let secretariat = app.secretariat();
        let input = json!({ "name": "Ålborg", "country": "DK", "timeZone": "Europe/Copenhagen", "details": { "names": [{ "language": "en", "name": "Aalborg" }] } });
        let answer = secretariat.ask_with(REGISTER, json!({ "input": input }));
        let id = answer.done("registerCity", "/city/id");

        let revised = json!({ "id": id, "version": 1, "name": "Ålborg", "timeZone": "Europe/Copenhagen", "details": { "population": 119_862 } });
        let answer = secretariat.ask_with(REVISE, json!({ "input": revised }));
        assert_eq!(answer.data("/reviseCity/city"), &json!({ "name": "Ålborg", "population": 119_862, "version": 2 }));

        let answer = secretariat.ask_with(REVISE, json!({ "input": revised }));
        assert_eq!((answer.code(), &answer.body["errors"][0]["extensions"]["currentVersion"]), ("STALE", &json!(2)));
    }

    fn a_name_is_taken_once_in_a_country(app: &TestApp) {
        let secretariat = app.secretariat();
        app.city("Ålborg", "DK");
        let input = |name: &str, country: &str| json!({ "input": { "name": name, "country": country, "timeZone": "Europe/Copenhagen" } });
        assert_eq!(secretariat.ask_with(REGISTER, input("AALBORG", "DK")).refusal("registerCity"), "NAME_TAKEN");
        assert!(secretariat.ask_with(REGISTER, input("Aalborg", "DE")).refusals("registerCity").is_empty());
    }

    fn all_problems_come_at_once_in_the_callers_language(app: &TestApp) {
        let input = json!({ "input": { "name": " ", "country": "DK", "timeZone": "Europe/Copenhagen", "details": { "cvr": "12345678", "gln": "5798000000000" } } });
        let answer = app.secretariat().ask_with(REGISTER, input);
        let expected = [("REQUIRED", "name"), ("INVALID_CVR", "details.cvr"), ("INVALID_GLN", "details.gln")];
        assert_eq!(answer.refusals("registerCity"), expected.map(|(code, field)| (code.to_owned(), field.to_owned())));
        assert_eq!(app.secretariat().ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(0));
    }

    fn the_public_registers_nothing_and_sees_members_only(app: &TestApp) {
        let input = json!({ "input": { "name": "Oslo", "country": "NO", "timeZone": "Europe/Oslo" } });
        assert_eq!(app.anonymous().ask_with(REGISTER, input).code(), "UNAUTHENTICATED");
        let city = app.city("Oslo", "NO");
        assert_eq!(app.anonymous().ask("{ cities { totalCount nodes { name } } }").data("/cities"), &json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!(app.coordinator_of(city).ask("{ cities { nodes { name } } }").data("/cities/nodes/0/name"), "Oslo");
        assert_eq!(app.finance().ask_with(REGISTER, json!({ "input": { "name": "Lyon", "country": "FR", "timeZone": "Europe/Paris" } })).code(), "FORBIDDEN");
    }

    fn search_finds_every_spelling(app: &TestApp) {
        app.city("Århus", "DK");
        app.city("Bergen", "NO");
        let secretariat = app.secretariat();
        for search in ["Århus", "aarhus", "arhus", "RHU"] {
            let answer = secretariat.ask_with("query ($search: String) { cities(filter: { search: $search }) { nodes { name } } }", json!({ "search": search }));
            assert_eq!(answer.data("/cities/nodes"), &json!([{ "name": "Århus" }]), "{search}");
        }
        assert_eq!(secretariat.ask("{ cities(filter: { search: \"%\" }) { totalCount } }").data("/cities/totalCount"), &json!(0));
    }

    fn any_page_size_gives_the_same_sequence_in_both_directions(app: &TestApp) {
        for (index, name) in ["Oslo", "Århus", "Zürich", "Lyon", "Ærøskøbing", "Bergen", "Łódź"].iter().enumerate() {
            let id = app.city(name, "DK");
            if index % 2 == 0 {
                let revised = json!({ "id": intercultural_cities::kernel::ids::Id::public(id), "version": 1, "name": name, "timeZone": "Europe/Copenhagen", "details": { "population": 1000 - index } });
                app.secretariat().ask_with(REVISE, json!({ "input": revised })).data("/reviseCity/city");
            }
        }
        let secretariat = app.secretariat();
        for order in ["NAME_ASC", "NAME_DESC", "POPULATION_ASC", "POPULATION_DESC", "COUNTRY_DESC, POPULATION_ASC, NAME_DESC"] {
            let whole = secretariat.ask(&format!("{{ cities(first: 100, orderBy: [{order}]) {{ nodes {{ name }} }} }}"));
            let whole = whole.data("/cities/nodes").as_array().unwrap().clone();
            assert_eq!(whole.len(), 7);
            for size in 1..=8 {
                for (count, from, has_more, more) in [("first", "after", "hasNextPage", "endCursor"), ("last", "before", "hasPreviousPage", "startCursor")] {
                    let mut found = Vec::new();
                    let mut cursor = serde_json::Value::Null;
                    loop {
                        let query = format!(
                            "query ($cursor: String) {{ cities({count}: {size}, {from}: $cursor, orderBy: [{order}]) {{ nodes {{ name }} pageInfo {{ {has_more} {more} }} }} }}"
                        );
                        let answer = secretariat.ask_with(&query, json!({ "cursor": cursor }));
                        let page = answer.data("/cities/nodes").as_array().unwrap().clone();
                        if count == "first" { found.extend(page) } else { found.splice(0..0, page); }
                        if answer.data(&format!("/cities/pageInfo/{has_more}")) != &json!(true) {
                            break;
                        }
                        cursor = answer.data(&format!("/cities/pageInfo/{more}")).clone();
                    }
                    assert_eq!(found, whole, "{order} {count} {size}");
                }
            }
        }
    }
}
