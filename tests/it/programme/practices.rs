//! Good practices through the public door.

use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::programme::practices;
use intercultural_cities::programme::reference::Reference;
use serde_json::{Value, json};

use crate::support::app::TestApp;

const LIST: &str = "query ($filter: PracticeFilterInput) { practices(filter: $filter) { totalCount nodes { slug } } }";

fn seeded(app: &TestApp) {
    app.arrange(|tx| practices::ensure_reference(tx, &app.app.reference));
}

#[track_caller]
fn slugs(app: &TestApp, filter: Value) -> Vec<String> {
    let answer = app.anonymous().ask_with(LIST, json!({ "filter": filter }));
    let rows = answer.data("/practices/nodes").as_array().unwrap();
    let slugs: Vec<_> = rows
        .iter()
        .map(|row| row["slug"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(answer.data("/practices/totalCount"), &json!(slugs.len()));
    slugs
}

fn publish(app: &TestApp, city: CityId) {
    use diesel::prelude::*;
    use intercultural_cities::schema::cities;
    app.arrange(|tx| {
        let since = Some(tx.today());
        diesel::update(cities::table.find(city))
            .set(cities::public_since.eq(since))
            .execute(tx.db)?;
        Ok(())
    });
}

fn published(app: &TestApp) -> i64 {
    use diesel::prelude::*;
    use intercultural_cities::schema::audit_entries;
    let lines = audit_entries::table.filter(audit_entries::action.like("practice.%"));
    lines.count().get_result(&mut app.db()).unwrap()
}

crate::both_databases! {
    fn the_memos_practices_are_public_by_city(app: &TestApp) {
        seeded(app);
        assert_eq!(slugs(app, json!({})), [
            "bradford-schools", "liverpool-operation-black-vote", "london-business-case",
            "lyon-task-force", "oslo-oxlo", "rotterdam-welcome-centre", "vic-mediation",
        ]);
        let answer = app.anonymous().ask("{ practices(first: 1) { nodes { title summary(language: \"da\") cityName country year areas steps { number } linksAreEditorial city { name } figures { name qualifier value unit(language: \"da\") } source { title publishedOn documentNumber url } } } }");
        let bradford = answer.data("/practices/nodes/0");
        assert_eq!((&bradford["cityName"], &bradford["country"], &bradford["city"]), (&json!("Bradford"), &json!("GB"), &Value::Null));
        assert_eq!((&bradford["areas"], &bradford["steps"], &bradford["linksAreEditorial"]), (&json!(["EDUCATION"]), &json!([{ "number": 2 }]), &json!(true)));
        assert_eq!((&bradford["figures"][1]["qualifier"], &bradford["figures"][1]["value"], &bradford["figures"][1]["unit"]), (&json!("AVERAGE"), &json!("2.6"), &json!("venskaber")));
        assert_eq!(bradford["source"], json!({ "title": "Bilag 1: Netværket 'Intercultural Cities' (notat)", "publishedOn": "2010-03-03", "documentNumber": "2010-153583", "url": null }));
    }

    fn filters_hold_together_and_a_step_is_one_of_ten(app: &TestApp) {
        seeded(app);
        assert_eq!(slugs(app, json!({ "area": ["LABOUR_MARKET"] })), ["london-business-case", "rotterdam-welcome-centre"]);
        assert_eq!(slugs(app, json!({ "area": ["LABOUR_MARKET"], "step": [4, 3] })), ["rotterdam-welcome-centre"]);
        assert_eq!(slugs(app, json!({ "step": [1] })), ["oslo-oxlo"]);
        assert_eq!(slugs(app, json!({ "country": ["FR", "ES"] })), ["lyon-task-force", "vic-mediation"]);
        assert!(slugs(app, json!({ "step": [] })).is_empty());
        for step in [0, 11] {
            let answer = app.anonymous().ask_with(LIST, json!({ "filter": { "step": [step] } }));
            assert_eq!(answer.code(), "BAD_REQUEST");
        }
    }

    fn a_search_ignores_case_accents_and_soft_hyphens(app: &TestApp) {
        seeded(app);
        for (search, found) in [
            ("konflikt\u{ad}håndtering", "vic-mediation"),
            ("KONFLIKTHAANDTERING", "vic-mediation"),
            ("velkomst\u{ad}center", "rotterdam-welcome-centre"),
            ("city safari", "rotterdam-welcome-centre"),
        ] {
            assert_eq!(slugs(app, json!({ "search": search })), [found], "{search}");
        }
        assert!(slugs(app, json!({ "search": "%" })).is_empty());
    }

    fn seeding_again_changes_nothing_but_links_a_registered_city(app: &TestApp) {
        seeded(app);
        let read = || app.anonymous().ask("{ practices(filter: { country: [\"NO\"] }) { nodes { id updatedAt city { name } } } }");
        let before = read();
        app.set_today(2026, 11, 23);
        seeded(app);
        assert_eq!(read().body, before.body);
        assert_eq!(published(app), 7);

        let oslo = app.city("Oslo", "NO");
        seeded(app);
        assert_eq!(read().data("/practices/nodes/0/city"), &Value::Null);
        publish(app, oslo);
        let answer = read();
        assert_eq!(answer.data("/practices/nodes/0/city/name"), "Oslo");
        assert_eq!(answer.data("/practices/nodes/0/id"), before.data("/practices/nodes/0/id"));

        let query = "query ($id: ID!) { city(id: $id) { practices { totalCount nodes { slug city { name } } } } }";
        let answer = app.anonymous().ask_with(query, json!({ "id": oslo.public() }));
        assert_eq!(answer.data("/city/practices"), &json!({ "totalCount": 1, "nodes": [{ "slug": "oslo-oxlo", "city": { "name": "Oslo" } }] }));
    }

    fn what_left_the_reference_data_is_not_shown(app: &TestApp) {
        seeded(app);
        let answer = app.anonymous().ask("{ practices(first: 1) { nodes { id } } }");
        let id = answer.text("/practices/nodes/0/id").to_owned();
        let node = "query ($id: ID!) { node(id: $id) { __typename id ... on Practice { slug } } }";
        let answer = app.anonymous().ask_with(node, json!({ "id": id }));
        assert_eq!(answer.data("/node"), &json!({ "__typename": "Practice", "id": id, "slug": "bradford-schools" }));

        let mut reference = Reference::clone(&app.app.reference);
        reference.practices.retain(|practice| practice.slug != "bradford-schools");
        app.arrange(|tx| practices::ensure_reference(tx, &reference));
        assert_eq!(slugs(app, json!({})).len(), 6);
        assert_eq!(app.anonymous().ask_with(node, json!({ "id": id })).data("/node"), &Value::Null);

        seeded(app);
        assert_eq!(slugs(app, json!({})).len(), 7);
    }
}
