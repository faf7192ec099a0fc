//! The demonstration: what it promises to show, that it says what is invented, and that access in it
//! ends with the appointment.

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{SessionId, UserId};
use intercultural_cities::schema::{payments, sessions, users};
use intercultural_cities::workflows::{checks, demonstration};
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::app::TestApp;

fn load(app: &TestApp) {
    demonstration::load(&mut app.db(), &app.app.reference, "no password").unwrap();
}

/// The signed-in user of an account of the demonstration.
fn account<'a>(app: &'a TestApp, email: &str) -> Actor<'a> {
    let user: UserId = users::table
        .filter(users::email.eq(email))
        .select(users::id)
        .first(&mut app.db())
        .unwrap();
    let session = app.arrange(|tx| {
        let session: SessionId = tx.new_id();
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(session),
                sessions::user_id.eq(user),
                sessions::created_at.eq(tx.now),
                sessions::expires_at.eq(tx.now.plus(chrono::TimeDelta::days(90))),
            ))
            .execute(tx.db)?;
        Ok(session)
    });
    Actor::new(app, Some((user, session)))
}

fn count(app: &TestApp, list: &str, filter: &str) -> Value {
    let answer = app
        .finance()
        .ask(&format!("{{ {list}(filter: {filter}) {{ totalCount }} }}"));
    answer.data(&format!("/{list}/totalCount")).clone()
}

crate::both_databases! {
    fn shows_every_state_that_can_come_about(app: &TestApp) {
        load(app);
        let wrong: Vec<_> = checks::records(&mut app.db()).unwrap().into_iter().filter(|check| !check.ok).map(|check| check.name).collect();
        assert_eq!(wrong, [] as [&str; 0]);
        assert_eq!(app.anonymous().ask("{ cities { totalCount } }").data("/cities/totalCount"), 148);
        for status in ["INQUIRY", "APPLIED", "REJECTED", "ADMITTED", "ACTIVE", "SUSPENDED", "WITHDRAWN", "EXPELLED", "LAPSED"] {
            assert_ne!(count(app, "memberships", &format!("{{ status: [{status}] }}")), 0, "{status}");
        }
        for status in ["DRAFT", "ISSUED", "SENT", "PARTLY_PAID", "PAID", "CREDITED"] {
            assert_ne!(count(app, "invoices", &format!("{{ status: [{status}] }}")), 0, "{status}");
        }
        assert_eq!(count(app, "creditNotes", "{ status: [ISSUED] }"), 2);
        assert_eq!(count(app, "invoices", "{ kind: [PACKAGE] }"), 3);
        let answer = app.anonymous().ask("{ cities(filter: { search: \"København\" }) { nodes { id } } }");
        let copenhagen = answer.text("/cities/nodes/0/id");
        let owed = "query ($id: ID!) { city(id: $id) { openBalance(asOf: \"2026-11-22\") { amount } } }";
        assert_eq!(app.finance().ask_with(owed, json!({ "id": copenhagen })).data("/city/openBalance/amount"), "40000.00");
        let rests: i64 = payments::table.filter(payments::allocated_minor.lt(payments::amount_minor)).count().get_result(&mut app.db()).unwrap();
        assert_eq!(rests, 1);
    }

    fn access_ends_with_the_appointment(app: &TestApp) {
        load(app);
        let coordinator = account(app, "coordinator.copenhagen@example.org");
        let query = "{ cities(filter: { search: \"København\" }) { nodes { coordinator { id version } memberships { totalCount } } } }";
        let before = coordinator.ask(query);
        assert_eq!(before.data("/cities/nodes/0/memberships/totalCount"), 1);
        let (id, version) = (before.text("/cities/nodes/0/coordinator/id"), before.data("/cities/nodes/0/coordinator/version"));
        let end = "mutation ($input: EndAppointmentInput!) { endAppointment(input: $input) { coordinator { id } userErrors { code field message } } }";
        let input = json!({ "input": { "id": id, "version": version, "endsOn": "2026-11-21" } });
        app.secretariat().ask_with(end, input).done("endAppointment", "/coordinator/id");
        // A session that was seen a moment ago is remembered for a while, so another one asks.
        let again = account(app, "coordinator.copenhagen@example.org");
        assert_eq!(again.ask(query).data("/cities/nodes/0/memberships"), &Value::Null);
    }
}
