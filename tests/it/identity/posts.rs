//! How a coordinator's role follows the post and the city's membership, however it was given. What it is
//! not: the role that an appointment brings itself (`registry/coordinators`, `registry/leaving`).

use intercultural_cities::identity::roles::{self, NewGrant};
use intercultural_cities::identity::users;
use intercultural_cities::kernel::ids::{CityId, Id, UserId};
use serde_json::{Value, json};

use super::links::{accept, mailed};
use super::{PASSWORD, call, new_user, signed_in};
use crate::registry::memberships::{active, step};
use crate::support::app::TestApp;

const KIM: &str = "kim@example.org";
const GRANTS: &str = "grants { role appointmentId endsOn }";
const APPOINT: &str = "mutation ($input: AppointCoordinatorInput!) { appointCoordinator(input: $input) { coordinator { id } userErrors { code field message } } }";
const REPLACE: &str = "mutation ($input: ReplaceCoordinatorInput!) { replaceCoordinator(input: $input) { coordinator { id person { id } } userErrors { code field message } } }";
const END: &str = "mutation ($input: EndAppointmentInput!) { endAppointment(input: $input) { coordinator { endsOn } userErrors { code field message } } }";

/// Appoints Kim, or somebody else, from a day on: the appointment.
fn appointed(app: &TestApp, city: CityId, role: &str, starts_on: &str, person: &Value) -> String {
    let input = json!({ "cityId": city.public(), "person": person, "role": role, "ftePercent": 40, "startsOn": starts_on });
    app.secretariat()
        .ask_with(APPOINT, json!({ "input": input }))
        .done("appointCoordinator", "/coordinator/id")
}

fn kim() -> Value {
    json!({ "new": { "name": "Kim Example", "kind": "OFFICIAL", "email": KIM } })
}

/// The person of an appointment.
fn person_of(app: &TestApp, appointment: &str) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Coordinator { person { id } } } }";
    let answer = app
        .secretariat()
        .ask_with(query, json!({ "id": appointment }));
    json!({ "id": answer.text("/node/person/id") })
}

fn replaced(app: &TestApp, appointment: &str, starts_on: &str, person: &Value) -> String {
    let version = app.version(appointment);
    let input = json!({ "id": appointment, "version": version, "person": person, "ftePercent": 60, "startsOn": starts_on });
    app.secretariat()
        .ask_with(REPLACE, json!({ "input": input }))
        .done("replaceCoordinator", "/coordinator/id")
}

fn ended(app: &TestApp, appointment: &str, last_day: &str) {
    let input =
        json!({ "id": appointment, "version": app.version(appointment), "endsOn": last_day });
    app.secretariat()
        .ask_with(END, json!({ "input": input }))
        .done("endAppointment", "/coordinator/endsOn");
}

/// Invites an address as a coordinator of the city: what was given.
fn invited(app: &TestApp, city: CityId, email: &str) -> Value {
    let document = format!(
        "mutation ($input: InviteUserInput!) {{ inviteUser(input: $input) {{ user {{ id {GRANTS} }} userErrors {{ code field message }} }} }}"
    );
    let input = json!({ "email": email, "name": "Kim Example", "role": "COORDINATOR", "cityId": city.public() });
    let answer = app.admin().ask_with(&document, json!({ "input": input }));
    answer.data("/inviteUser/user/grants").clone()
}

/// Accepts the only invitation there is, and signs in: an access token.
fn accepted(app: &TestApp) -> String {
    let token = mailed(app, "/api/v1/invitations/").remove(0);
    assert_eq!(accept(app, &token, PASSWORD), 204);
    signed_in(app, KIM, PASSWORD).0
}

/// Whether the bearer of a token sees people, as only those with a role do.
#[track_caller]
fn sees(app: &TestApp, token: &str) -> bool {
    let query = json!({ "query": "{ people { totalCount } }" });
    let body = call(app, "POST", "/graphql", Some(token), &query).json();
    let code = &body["errors"][0]["extensions"]["code"];
    assert!(code.is_null() || code == "FORBIDDEN", "{body}");
    code.is_null()
}

/// Whether Kim sees people on a day, signed in anew.
#[track_caller]
fn kim_sees_on(app: &TestApp, year: i32, month: u32, day: u32) -> bool {
    app.set_today(year, month, day);
    let (token, _) = signed_in(app, KIM, PASSWORD);
    sees(app, &token)
}

/// The roles of the account of an address.
fn grants_of(app: &TestApp, email: &str) -> Value {
    let query = format!(
        "query ($search: String) {{ users(filter: {{ search: $search }}) {{ nodes {{ {GRANTS} }} }} }}"
    );
    let answer = app.admin().ask_with(&query, json!({ "search": email }));
    answer.data("/users/nodes/0/grants").clone()
}

fn bound(appointment: &str) -> Value {
    json!([{ "role": "COORDINATOR", "appointmentId": appointment, "endsOn": null }])
}

fn unbound(ends_on: Option<&str>) -> Value {
    json!([{ "role": "COORDINATOR", "appointmentId": null, "endsOn": ends_on }])
}

crate::both_databases! {
    fn who_was_invited_beside_the_appointment_goes_with_it(app: &TestApp) {
        let (city, _) = active(app, "Oslo");
        let post = appointed(app, city, "COORDINATOR", "2026-04-01", &kim());
        assert_eq!(invited(app, city, "Kim@Example.org"), bound(&post));
        let token = accepted(app);
        assert!(sees(app, &token));
        // At once, although the viewer was asked for a moment ago.
        replaced(app, &post, "2026-11-22", &json!({ "new": { "name": "Robin Example", "kind": "OFFICIAL" } }));
        assert!(!sees(app, &token));
    }

    fn an_invitation_that_is_accepted_after_the_replacement_opens_nothing(app: &TestApp) {
        let (city, _) = active(app, "Oslo");
        let post = appointed(app, city, "COORDINATOR", "2026-04-01", &kim());
        invited(app, city, KIM);
        replaced(app, &post, "2026-11-22", &json!({ "new": { "name": "Robin Example", "kind": "OFFICIAL" } }));
        let token = accepted(app);
        assert!(!sees(app, &token));
    }

    fn a_role_from_before_the_post_goes_with_the_post(app: &TestApp) {
        let (city, _) = active(app, "Oslo");
        assert_eq!(invited(app, city, KIM), unbound(None));
        let token = accepted(app);
        let deputy = appointed(app, city, "DEPUTY", "2026-04-01", &kim());
        assert_eq!(grants_of(app, KIM), bound(&deputy));
        assert!(sees(app, &token));
        ended(app, &deputy, "2026-11-30");
        assert!(sees(app, &token));
        assert!(kim_sees_on(app, 2026, 11, 30));
        assert!(!kim_sees_on(app, 2026, 12, 1));
    }

    fn a_role_that_precedes_a_post_is_taken_back_when_it_is_called_off(app: &TestApp) {
        let (city, _) = active(app, "Oslo");
        let post = appointed(app, city, "COORDINATOR", "2027-01-01", &kim());
        assert_eq!(invited(app, city, KIM), unbound(None));
        let token = accepted(app);
        assert!(sees(app, &token));
        ended(app, &post, "2026-12-31");
        assert!(!sees(app, &token));
        assert_eq!(grants_of(app, KIM), json!([]));
        // What is given afterwards was given to somebody without a post.
        let user: UserId = users::find_by_email(&mut app.db(), KIM).unwrap().unwrap().id;
        let input = json!({ "userId": user.public(), "role": "COORDINATOR", "cityId": city.public() });
        let document = format!("mutation ($input: GrantRoleInput!) {{ grantRole(input: $input) {{ user {{ {GRANTS} }} userErrors {{ code field message }} }} }}");
        let answer = app.admin().ask_with(&document, json!({ "input": input }));
        assert_eq!(answer.data("/grantRole/user/grants"), &unbound(None));
        assert!(sees(app, &token));
    }

    fn who_is_replaced_by_themselves_goes_on(app: &TestApp) {
        let (city, _) = active(app, "Oslo");
        let post = appointed(app, city, "COORDINATOR", "2026-04-01", &kim());
        invited(app, city, KIM);
        let token = accepted(app);
        let person = person_of(app, &post);
        let now = replaced(app, &post, "2026-11-22", &person);
        assert!(sees(app, &token));
        let later = replaced(app, &now, "2026-12-01", &person);
        assert!(kim_sees_on(app, 2026, 11, 30) && kim_sees_on(app, 2026, 12, 1));
        ended(app, &later, "2026-12-24");
        assert!(kim_sees_on(app, 2026, 12, 24));
        assert!(!kim_sees_on(app, 2026, 12, 25));
    }

    fn a_role_without_a_post_ends_with_the_membership(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        invited(app, city, KIM);
        let token = accepted(app);
        let left = json!({ "membershipId": membership, "noticeOn": "2026-11-20", "endsOn": "2026-11-30" });
        step(&app.secretariat(), "withdrawMembership", left).done("withdrawMembership", "/membership/id");
        assert_eq!(grants_of(app, KIM), unbound(Some("2026-11-30")));
        // So does one that is given when the end is known.
        app.arrange(|tx| users::insert_for_seed(tx, &new_user("robin@example.org", "Robin Example"), &[NewGrant::coordinator(city)], None));
        assert_eq!(grants_of(app, "robin@example.org"), unbound(Some("2026-11-30")));
        assert!(sees(app, &token));
        // An end that is overtaken ends it sooner, and at once.
        let expelled = json!({ "membershipId": membership, "endsOn": "2026-11-21" });
        step(&app.secretariat(), "expelCity", expelled).done("expelCity", "/membership/id");
        assert!(!sees(app, &token));
        assert_eq!(grants_of(app, "robin@example.org"), json!([]));
        let trail = app.auditor().ask("{ auditTrail(filter: { action: \"role.revoked\" }) { totalCount } }");
        assert_eq!(trail.data("/auditTrail/totalCount"), 2);
    }

    fn the_day_after_the_membership_no_role_holds(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        invited(app, city, KIM);
        accepted(app);
        let lapsed = json!({ "membershipId": membership, "endsOn": "2026-11-30" });
        step(&app.secretariat(), "lapseMembership", lapsed).done("lapseMembership", "/membership/id");
        assert!(kim_sees_on(app, 2026, 11, 30));
        assert!(!kim_sees_on(app, 2026, 12, 1));
        // What has ended is given anew, and does not stand in the way.
        let user = users::find_by_email(&mut app.db(), KIM).unwrap().unwrap().id;
        app.arrange(|tx| roles::give(tx, user, &[NewGrant::coordinator(city)]));
        assert!(kim_sees_on(app, 2026, 12, 2));
    }

    fn an_account_from_the_command_line_is_bound_too(app: &TestApp) {
        let (city, _) = active(app, "Oslo");
        let post = appointed(app, city, "DEPUTY", "2026-04-01", &kim());
        app.arrange(|tx| users::insert_for_seed(tx, &new_user(KIM, "Kim Example"), &[NewGrant::coordinator(city)], None));
        assert_eq!(grants_of(app, KIM), bound(&post));
        // Somebody else's role in the city has nothing to do with it.
        let other = app.coordinator_of(city);
        ended(app, &post, "2026-11-21");
        assert!(other.ask("{ people { totalCount } }").data("/people/totalCount").is_number());
    }
}
