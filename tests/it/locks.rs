//! What PostgreSQL says when transactions stand in each other's way: the answer is "try again",
//! never a fault. What it is not: the rules that make such races rare.

use std::sync::Barrier;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use intercultural_cities::access::viewer::Viewer;
use intercultural_cities::db::Db;
use intercultural_cities::kernel::error::{Error, Result};
use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::json;

use crate::support::app::TestApp;

const VIEWER: Viewer = Viewer::System("test");

const REVISE: &str = "mutation ($input: ReviseCityInput!) { reviseCity(input: $input) { city { name } userErrors { code field message } } }";

/// Locks the two cities one after the other and keeps them, with somebody else between.
fn lock_both(app: &TestApp, first: CityId, second: CityId, between: &Barrier) -> Result<()> {
    const CITY: &str = "SELECT 1 FROM cities WHERE id = ";
    app.db().write(&VIEWER, app.now(), |tx| {
        tx.lock_row(CITY, first.uuid())?;
        between.wait();
        tx.lock_row(CITY, second.uuid())
    })
}

fn execute(db: &mut Db, statement: &str) -> Result<usize> {
    match db {
        Db::Postgres(connection) => Ok(diesel::sql_query(statement).execute(connection)?),
        Db::Sqlite(connection) => Ok(diesel::sql_query(statement).execute(connection)?),
    }
}

#[test]
fn the_one_who_must_give_way_in_a_deadlock_may_try_again() {
    let Some(app) = TestApp::postgres() else {
        return;
    };
    let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
    let between = Barrier::new(2);
    let outcomes = std::thread::scope(|scope| {
        let one = scope.spawn(|| lock_both(&app, oslo, lyon, &between));
        let other = scope.spawn(|| lock_both(&app, lyon, oslo, &between));
        [one.join().unwrap(), other.join().unwrap()]
    });
    let refused: Vec<&Error> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 1, "{outcomes:?}");
    assert_eq!(refused[0].code(), "UNAVAILABLE", "{outcomes:?}");
    assert!(refused[0].to_string().contains("deadlock detected"));
}

#[test]
fn a_transaction_that_cannot_be_serialised_may_try_again() {
    let Some(app) = TestApp::postgres() else {
        return;
    };
    let oslo = app.city("Oslo", "NO").uuid();
    let rename = |to: &str| format!("UPDATE cities SET name = '{to}' WHERE id = '{oslo}'");
    let mut slow = app.db();
    execute(&mut slow, "BEGIN ISOLATION LEVEL SERIALIZABLE").unwrap();
    execute(&mut slow, "SELECT count(*) FROM cities").unwrap();
    execute(&mut app.db(), &rename("Christiania")).unwrap();
    let refused = execute(&mut slow, &rename("Kristiania")).unwrap_err();
    assert_eq!(refused.code(), "UNAVAILABLE", "{refused:?}");
}

#[test]
fn a_lock_that_is_not_had_in_time_is_503_with_a_time_to_wait() {
    let Some(app) = TestApp::postgres() else {
        return;
    };
    let oslo = app.city("Oslo", "NO");
    let mut holder = app.db();
    let Db::Postgres(connection) = &mut holder else {
        panic!("PostgreSQL was asked for");
    };
    connection
        .batch_execute(&format!(
            "BEGIN; SELECT 1 FROM cities WHERE id = '{}' FOR UPDATE",
            oslo.uuid()
        ))
        .unwrap();
    let input = json!({ "id": oslo.public(), "version": 1, "name": "Christiania", "timeZone": "Europe/Oslo", "details": {} });
    let answer = app
        .secretariat()
        .ask_with(REVISE, json!({ "input": input }));
    assert_eq!(
        (answer.status, answer.code()),
        (503, "UNAVAILABLE"),
        "{:?}",
        answer.body
    );
    assert!(answer.reply.header("retry-after").is_some());
    connection.batch_execute("ROLLBACK").unwrap();
    let answer = app
        .secretariat()
        .ask_with(REVISE, json!({ "input": input }));
    assert_eq!(answer.done("reviseCity", "/city/name"), "Christiania");
}
