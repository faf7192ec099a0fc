//! Users and roles in GraphQL.

use intercultural_cities::access::viewer::Role;
use intercultural_cities::kernel::ids::Id;
use serde_json::json;

use super::{PASSWORD, account, sign_in, signed_in, viewer};
use crate::support::app::TestApp;

const GRANT: &str = "mutation ($input: GrantRoleInput!) { grantRole(input: $input) { user { grants { id role city { name } } } userErrors { code field message } } }";
const REVOKE: &str = "mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) { user { grants { role } } userErrors { code field message } } }";
const DISABLE: &str = "mutation ($input: DisableUserInput!) { disableUser(input: $input) { user { disabledAt } userErrors { code field message } } }";

crate::both_databases! {
    fn roles_are_given_once_and_taken_back(app: &TestApp) {
        let admin = app.admin();
        let city = app.city("Ålborg", "DK");
        let user = account(app, "anna@example.org", Role::Finance);
        let input = json!({ "input": { "userId": user.public(), "role": "COORDINATOR", "cityId": city.public() } });
        for _ in 0..2 {
            let answer = admin.ask_with(GRANT, input.clone());
            let grants = answer.data("/grantRole/user/grants").as_array().unwrap().clone();
            assert_eq!((grants.len(), &grants[1]["city"]["name"]), (2, &json!("Ålborg")));
        }
        let answer = admin.ask_with(GRANT, input);
        let grant = answer.done("grantRole", "/user/grants/1/id");
        let answer = admin.ask_with(REVOKE, json!({ "input": { "grantId": grant } }));
        assert_eq!(answer.data("/revokeRole/user/grants"), &json!([{ "role": "FINANCE" }]));
        assert_eq!(admin.ask_with(REVOKE, json!({ "input": { "grantId": grant } })).refusal("revokeRole"), "NOT_IN_STATE");
    }

    fn roles_need_what_they_are_for(app: &TestApp) {
        let admin = app.admin();
        let user = account(app, "anna@example.org", Role::Finance).public();
        let nowhere = intercultural_cities::kernel::ids::CityId::of(uuid::Uuid::from_u128(7)).public();
        for (input, code, field) in [
            (json!({ "userId": user, "role": "COORDINATOR" }), "REQUIRED", "cityId"),
            (json!({ "userId": user, "role": "EXPERT" }), "REQUIRED", "expertId"),
            (json!({ "userId": user, "role": "ADMIN", "cityId": nowhere }), "INVALID_TEXT", "cityId"),
            (json!({ "userId": user, "role": "COORDINATOR", "cityId": nowhere }), "NOT_FOUND", "cityId"),
            (json!({ "userId": nowhere, "role": "FINANCE" }), "NOT_FOUND", "userId"),
        ] {
            let answer = admin.ask_with(GRANT, json!({ "input": input }));
            assert_eq!(answer.refusals("grantRole"), [(code.to_owned(), field.to_owned())]);
        }
    }

    fn an_administrator_always_remains(app: &TestApp) {
        let admin = app.admin();
        let grants = admin.ask("{ viewer { id grants { id role } } }");
        let (id, grant) = (grants.text("/viewer/id"), grants.text("/viewer/grants/0/id"));
        assert_eq!(admin.ask_with(DISABLE, json!({ "input": { "id": id, "version": app.version(id) } })).refusal("disableUser"), "NOT_IN_STATE");
        assert_eq!(admin.ask_with(REVOKE, json!({ "input": { "grantId": grant } })).refusal("revokeRole"), "NOT_IN_STATE");
        app.admin();
        let answer = admin.ask_with(REVOKE, json!({ "input": { "grantId": grant } }));
        assert_eq!(answer.data("/revokeRole/userErrors"), &json!([]));
    }

    fn a_disabled_account_is_out_at_once(app: &TestApp) {
        let admin = app.admin();
        let user = account(app, "anna@example.org", Role::Finance).public();
        let (access, token) = signed_in(app, "anna@example.org", PASSWORD);
        assert!(viewer(app, &access).is_ok());
        let stale = admin.ask_with(DISABLE, json!({ "input": { "id": user, "version": app.version(&user) + 1 } }));
        assert_eq!(stale.code(), "STALE");
        assert!(viewer(app, &access).is_ok());
        let answer = admin.ask_with(DISABLE, json!({ "input": { "id": user, "version": app.version(&user) } }));
        assert!(answer.data("/disableUser/user/disabledAt").is_string());
        assert_eq!(viewer(app, &access), Err(401));
        assert_eq!((super::refresh(app, &token).status, sign_in(app, "anna@example.org", PASSWORD).status), (401, 401));
        assert_eq!(admin.ask_with(DISABLE, json!({ "input": { "id": user, "version": app.version(&user) } })).refusal("disableUser"), "NOT_IN_STATE");
    }

    fn users_are_for_administrators(app: &TestApp) {
        let admin = app.admin();
        let user = account(app, "aase@example.org", Role::Finance).public();
        for search in ["HOLM", "aase@", "åse@"] {
            let answer = admin.ask_with("query ($search: String) { users(filter: { search: $search }) { totalCount nodes { id email } } }", json!({ "search": search }));
            assert_eq!(answer.data("/users"), &json!({ "totalCount": 1, "nodes": [{ "id": user, "email": "aase@example.org" }] }), "{search}");
        }
        assert_eq!(app.auditor().ask("{ users { totalCount } }").data("/users/totalCount"), &json!(3));
        assert_eq!(app.secretariat().ask("{ users { totalCount } }").code(), "FORBIDDEN");
        assert_eq!(app.anonymous().ask("{ users { totalCount } }").code(), "UNAUTHENTICATED");
        assert_eq!(app.anonymous().ask("{ viewer { name } }").data("/viewer"), &json!(null));
        let node = format!("{{ node(id: \"{user}\") {{ id }} }}");
        assert_eq!(app.finance().ask(&node).data("/node"), &json!(null));
        assert_eq!(admin.ask(&node).data("/node/id"), &json!(user));
        for mutation in [GRANT, DISABLE] {
            let input = if mutation == GRANT { json!({ "input": { "userId": user, "role": "ADMIN" } }) } else { json!({ "input": { "id": user, "version": 1 } }) };
            assert_eq!(app.secretariat().ask_with(mutation, input).code(), "FORBIDDEN");
        }
    }

    fn the_rate_is_told(app: &TestApp) {
        assert_eq!(app.anonymous().ask("{ rateLimit { limit remaining } }").data("/rateLimit"), &json!({ "limit": 0, "remaining": 0 }));
    }
}

#[test]
fn the_rate_counts_down() {
    let app = TestApp::with(
        crate::support::databases::Database::Sqlite,
        &["--rate-limit-anonymous", "7"],
    )
    .unwrap();
    for remaining in [6, 5] {
        let answer = app.anonymous().ask("{ rateLimit { limit remaining } }");
        assert_eq!(
            answer.data("/rateLimit"),
            &json!({ "limit": 7, "remaining": remaining })
        );
    }
}
