//! A repeated mutation is judged by the roles of now: who lost the permission is refused, whatever
//! the key remembers. What it is not: the form of keys (`keys.rs`).

use intercultural_cities::kernel::ids::Id;
use serde_json::json;

use crate::deeds::{everything, perform};
use crate::samples::Schema;
use crate::scheduling::member;
use crate::support::actor::Actor;
use crate::support::app::TestApp;

fn revoke_all(app: &TestApp, actor: &Actor<'_>) {
    let admin = app.admin();
    let users = admin.ask("{ users(first: 100) { nodes { id grants { id } } } }");
    let own = actor.user().public();
    let user = users.data("/users/nodes").as_array().unwrap();
    let user = user.iter().find(|user| user["id"] == own.as_str()).unwrap();
    for grant in user["grants"].as_array().unwrap() {
        let revoke = "mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) { user { id } userErrors { code field message } } }";
        let input = json!({ "input": { "grantId": grant["id"] } });
        admin.tell(revoke, input).done("revokeRole", "/user/id");
    }
}

crate::both_databases! {
    fn who_lost_the_role_is_not_answered_from_memory(app: &TestApp) {
        let actor = app.admin();
        let done = everything(app, &actor);
        for one in &done {
            let again = actor.ask_keyed(&one.document, one.variables.clone(), Some(&one.key));
            assert_eq!(again.reply.header("idempotent-replayed"), Some("true"), "{}", one.field);
            assert!(again.body.to_string().contains(&one.id), "{}", again.body);
        }
        revoke_all(app, &actor);
        for one in &done {
            let again = actor.ask_keyed(&one.document, one.variables.clone(), Some(&one.key));
            assert_eq!((again.code(), again.reply.header("idempotent-replayed")), ("FORBIDDEN", None), "{}", one.field);
            assert!(!again.body.to_string().contains(&one.id), "{}", again.body);
        }
        // No mutation reads its input, or asks for a key, before it asks who sends it.
        for sample in Schema::published().samples("Mutation", &member(app, "Randers").public()) {
            let answer = actor.ask_with(&sample.document, sample.variables.clone());
            assert_eq!(answer.code(), "FORBIDDEN", "{}", sample.field);
            let answer = app.anonymous().ask_with(&sample.document, sample.variables);
            assert_eq!(answer.code(), "UNAUTHENTICATED", "{}", sample.field);
        }
    }

    fn who_coordinates_another_city_now_does_not_see_the_object(app: &TestApp) {
        let (odense, aarhus) = (member(app, "Odense"), member(app, "Aarhus"));
        let lyon = member(app, "Lyon");
        let actor = app.coordinator_of(odense);
        let pair = perform(&actor, "pairCities", "mentorPairing", &json!({ "mentorCityId": odense.public(), "menteeCityId": aarhus.public(), "area": "HOUSING", "mutual": false, "startsOn": "2026-12-01" }));
        revoke_all(app, &actor);
        let grant = "mutation ($input: GrantRoleInput!) { grantRole(input: $input) { user { id } userErrors { code field message } } }";
        let input = json!({ "input": { "userId": actor.user().public(), "role": "COORDINATOR", "cityId": lyon.public() } });
        app.admin().tell(grant, input).done("grantRole", "/user/id");
        let again = actor.ask_keyed(&pair.document, pair.variables.clone(), Some(&pair.key));
        assert_eq!(again.code(), "NOT_FOUND");
    }
}
