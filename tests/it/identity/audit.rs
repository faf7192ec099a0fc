//! The audit log: what it shows, how it is sealed, and that whatever is changed behind the
//! service's back is found. What it is not: the pure walk along a chain; that is tested beside it.

use diesel::connection::SimpleConnection;
use intercultural_cities::db::Db;
use intercultural_cities::identity::audit::checkpoints::{self, Checkpoint};
use intercultural_cities::identity::audit::problem::{Place, Problem};
use intercultural_cities::identity::audit::{self, Report, Window};
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::server::sealer::seal_all;
use serde_json::json;

use crate::support::app::TestApp;

/// Registers so many cities: a line of the log each.
fn deeds(app: &TestApp, from: usize, to: usize) {
    for number in from..=to {
        app.city(&format!("Town {number}"), "DK");
    }
}

fn seal(app: &TestApp) {
    seal_all(&app.app, &mut app.db(), Window::Whole).unwrap();
}

fn verify(app: &TestApp) -> Report {
    verify_with(app, &[])
}

fn verify_with(app: &TestApp, checkpoints: &[Checkpoint]) -> Report {
    audit::verify(&mut app.db(), checkpoints).unwrap()
}

fn checkpoint(app: &TestApp) -> Checkpoint {
    let last = audit::last_seal(&mut app.db()).unwrap().unwrap();
    Checkpoint {
        count: last.sequence,
        chain_hash: last.chain_hash,
        at: app.now(),
    }
}

fn sealed(app: &TestApp, number: usize) {
    deeds(app, 1, number);
    seal(app);
    let report = verify(app);
    assert_eq!(
        (report.sealed, report.unsealed, report.problems),
        (i64::try_from(number).unwrap(), 0, vec![])
    );
}

/// Changes the log as somebody can who owns the database: without the triggers and without the
/// foreign key from a seal to its line.
fn tamper(app: &TestApp, statements: &str) {
    let tables = ["audit_entries", "audit_seals"];
    match &mut app.db() {
        Db::Sqlite(connection) => {
            let mut script = "PRAGMA foreign_keys = OFF;".to_owned();
            for table in tables {
                script += &format!(
                    "DROP TRIGGER IF EXISTS {table}_no_update; DROP TRIGGER IF EXISTS {table}_no_delete;"
                );
            }
            connection.batch_execute(&(script + statements)).unwrap();
        }
        Db::Postgres(connection) => {
            let mut script =
                "ALTER TABLE audit_seals DROP CONSTRAINT audit_seals_entry_id_fkey;".to_owned();
            for table in tables {
                script += &format!("ALTER TABLE {table} DISABLE TRIGGER USER;");
            }
            connection.batch_execute(&(script + statements)).unwrap();
        }
    }
}

/// What a problem is and at which seal.
fn kinds(problems: &[Problem]) -> Vec<(&'static str, i64)> {
    problems
        .iter()
        .map(|problem| match problem {
            Problem::SealsMissing { first, .. } => ("missing", *first),
            Problem::EntryDeleted { sequence, .. } => ("deleted", *sequence),
            Problem::EntryChanged { sequence, .. } => ("changed", *sequence),
            Problem::SealWrong { sequence, .. } => ("wrong", *sequence),
            Problem::EntryInserted {
                place: Place::Seal(sequence),
                ..
            } => ("inserted", *sequence),
            Problem::EntryInserted {
                place: Place::Unsealed,
                ..
            } => ("inserted", 0),
            Problem::TailCut { left, .. } => ("cut", *left),
            Problem::Rewritten { count, .. } => ("rewritten", *count),
            Problem::CheckpointWrong { .. } => ("checkpoint", 0),
        })
        .collect()
}

const OF_SEAL: &str = "(SELECT entry_id FROM audit_seals WHERE sequence = ";

crate::both_databases! {
    fn every_line_is_sealed_once_and_sealing_goes_on_after_a_restart(app: &TestApp) {
        deeds(app, 1, 2);
        assert_eq!((verify(app).sealed, verify(app).unsealed), (0, 2));
        seal(app);
        deeds(app, 3, 5);
        assert_eq!((verify(app).sealed, verify(app).unsealed), (2, 3));
        // What was just committed is in the recent window too.
        seal_all(&app.app, &mut app.db(), Window::Recent).unwrap();
        assert_eq!(verify(app), Report { sealed: 5, unsealed: 0, problems: vec![] });
        seal(app);
        assert_eq!(verify(app).sealed, 5);
    }

    fn many_sealers_make_one_chain(app: &TestApp) {
        std::thread::scope(|scope| {
            scope.spawn(|| deeds(app, 1, 20));
            for _ in 0..3 {
                scope.spawn(|| (0..10).for_each(|_| seal(app)));
            }
        });
        seal(app);
        assert_eq!(verify(app), Report { sealed: 20, unsealed: 0, problems: vec![] });
    }

    fn the_database_itself_refuses_changes(app: &TestApp) {
        sealed(app, 1);
        for statement in ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "UPDATE audit_seals SET sequence = 9", "DELETE FROM audit_seals"] {
            let refused = match &mut app.db() {
                Db::Sqlite(connection) => connection.batch_execute(statement),
                Db::Postgres(connection) => connection.batch_execute(statement),
            };
            assert!(refused.unwrap_err().to_string().contains("append only"), "{statement}");
        }
    }

    fn a_line_is_not_replaced_either(app: &TestApp) {
        sealed(app, 2);
        for (table, column) in [("audit_entries", "action"), ("audit_seals", "entry_hash")] {
            // As another program would, without our settings of the connection.
            if let Db::Sqlite(connection) = &mut app.db() {
                let columns = if table == "audit_seals" { "sequence, entry_id, entry_hash, chain_hash, sealed_at" } else { "id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, city_id, request_id, details" };
                let values = columns.replace(column, "'forged'");
                for recursive in ["OFF", "ON"] {
                    let refused = connection.batch_execute(&format!("PRAGMA recursive_triggers = {recursive}; INSERT OR REPLACE INTO {table} ({columns}) SELECT {values} FROM {table} LIMIT 1"));
                    assert!(refused.unwrap_err().to_string().contains("append only"), "{table} {recursive}");
                }
            }
        }
    }

    fn a_changed_line_is_found(app: &TestApp) {
        sealed(app, 4);
        tamper(app, &format!("UPDATE audit_entries SET actor_name = 'nobody' WHERE id = {OF_SEAL}2);"));
        assert_eq!(kinds(&verify(app).problems), [("changed", 2)]);
    }

    fn a_deleted_line_is_found(app: &TestApp) {
        sealed(app, 4);
        tamper(app, &format!("DELETE FROM audit_entries WHERE id = {OF_SEAL}3);"));
        assert_eq!(kinds(&verify(app).problems), [("deleted", 3)]);
        tamper_again(app, "DELETE FROM audit_seals WHERE sequence = 3;");
        assert_eq!(kinds(&verify(app).problems), [("missing", 3)]);
    }

    fn swapped_seals_are_found(app: &TestApp) {
        sealed(app, 4);
        tamper(app, "UPDATE audit_seals SET sequence = -1 WHERE sequence = 2; UPDATE audit_seals SET sequence = 2 WHERE sequence = 3; UPDATE audit_seals SET sequence = 3 WHERE sequence = -1;");
        assert_eq!(kinds(&verify(app).problems), [("wrong", 2), ("wrong", 3), ("wrong", 4)]);
    }

    fn an_inserted_seal_is_found(app: &TestApp) {
        sealed(app, 3);
        deeds(app, 4, 4);
        let entry = "(SELECT id FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_seals))";
        tamper(app, &format!(
            "UPDATE audit_seals SET sequence = 4 WHERE sequence = 3; \
             INSERT INTO audit_seals (sequence, entry_id, entry_hash, chain_hash, sealed_at) SELECT 3, {entry}, entry_hash, chain_hash, sealed_at FROM audit_seals WHERE sequence = 4;"
        ));
        assert_eq!(kinds(&verify(app).problems), [("changed", 3), ("wrong", 3), ("wrong", 4)]);
    }

    fn an_inserted_line_is_found_before_and_after_it_is_sealed(app: &TestApp) {
        sealed(app, 3);
        let (old, foreign) = ("0194000000007000800000000000abcd", "0194000000004000800000000000abcd");
        for id in [old, foreign] {
            let columns = "at, actor_kind, actor_id, actor_name, action, object_kind, object_id, city_id, request_id, details";
            let id = match &mut app.db() {
                Db::Sqlite(_) => format!("x'{id}'"),
                Db::Postgres(_) => format!("'{id}'::uuid"),
            };
            tamper_again(app, &format!("INSERT INTO audit_entries (id, {columns}) SELECT {id}, {columns} FROM audit_entries WHERE id = {OF_SEAL}2);"));
        }
        assert_eq!(kinds(&verify(app).problems), [("inserted", 0), ("inserted", 0)]);
        seal(app);
        let report = verify(app);
        assert_eq!((report.unsealed, kinds(&report.problems)), (0, vec![("inserted", 4), ("inserted", 5)]));
    }

    fn a_seal_of_another_time_is_found(app: &TestApp) {
        sealed(app, 3);
        let at = match &mut app.db() {
            Db::Sqlite(_) => "0",
            Db::Postgres(_) => "'epoch'",
        };
        tamper(app, &format!("UPDATE audit_seals SET sealed_at = {at} WHERE sequence = 2;"));
        assert_eq!(kinds(&verify(app).problems), [("wrong", 2)]);
    }

    fn a_cut_tail_and_a_chain_made_anew_are_found_by_their_checkpoints(app: &TestApp) {
        sealed(app, 5);
        let path = app.folder.path().join("checkpoints.jsonl");
        checkpoints::append(&path, &app.app.keys, &checkpoint(app)).unwrap();
        let (signed, wrong) = checkpoints::read(&path, &app.app.keys).unwrap();
        assert_eq!((signed.len(), wrong), (1, vec![]));
        deeds(app, 6, 6);
        seal(app);
        assert_eq!(verify_with(app, &signed).problems, []);

        // Line and seal of the end are gone: without the checkpoint nobody could tell.
        tamper(app, "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE sequence > 4); DELETE FROM audit_seals WHERE sequence > 4;");
        assert_eq!(verify(app).problems, []);
        assert_eq!(kinds(&verify_with(app, &signed).problems), [("cut", 4)]);

        // Everything sealed anew, as the service itself would.
        tamper_again(app, "DELETE FROM audit_seals;");
        deeds(app, 7, 8);
        tamper_again(app, "UPDATE audit_entries SET actor_name = 'somebody else';");
        seal(app);
        assert_eq!(verify(app).problems, []);
        assert_eq!(kinds(&verify_with(app, &signed).problems), [("rewritten", 5)]);
    }

    fn the_trail_is_for_administrators_and_auditors(app: &TestApp) {
        const TRAIL: &str = "query ($filter: AuditFilterInput) { auditTrail(filter: $filter) { totalCount nodes { action actorKind actorName objectKind objectId requestId city { name } details } } }";
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let secretariat = app.secretariat();
        let revised = json!({ "input": { "id": oslo.public(), "version": 1, "name": "Oslo", "timeZone": "Europe/Oslo", "details": {} } });
        let answer = secretariat.ask_with("mutation ($input: ReviseCityInput!) { reviseCity(input: $input) { city { version } } }", revised);
        let request = answer.reply.header("x-request-id").unwrap().to_owned();

        let auditor = app.auditor();
        let answer = auditor.ask_with(TRAIL, json!({ "filter": { "cityId": oslo.public() } }));
        assert_eq!(answer.data("/auditTrail/totalCount"), &json!(2));
        let newest = answer.data("/auditTrail/nodes/0");
        assert_eq!((&newest["action"], &newest["actorKind"], &newest["actorName"], &newest["city"]["name"]), (&json!("city.revised"), &json!("user"), &json!("Test User"), &json!("Oslo")));
        assert_eq!((&newest["objectKind"], &newest["objectId"], &newest["requestId"]), (&json!("City"), &json!(oslo.public()), &json!(request)));

        let count = |filter: serde_json::Value| auditor.ask_with(TRAIL, json!({ "filter": filter })).data("/auditTrail/totalCount").clone();
        assert_eq!(count(json!({ "objectId": lyon.public() })), json!(1));
        assert_eq!(count(json!({ "action": "city.registered" })), json!(2));
        assert_eq!(count(json!({ "at": { "gte": "2026-11-22T12:00:00Z", "lt": "2026-11-22T12:00:01Z" } })), json!(3));
        assert_eq!(count(json!({ "at": { "lt": "2026-11-22T12:00:00Z" } })), json!(0));

        assert_eq!(app.admin().ask_with(TRAIL, json!({})).data("/auditTrail/totalCount"), &json!(3));
        assert_eq!(app.anonymous().ask_with(TRAIL, json!({})).code(), "UNAUTHENTICATED");
        for actor in [app.secretariat(), app.finance(), app.coordinator_of(oslo)] {
            assert_eq!(actor.ask_with(TRAIL, json!({})).code(), "FORBIDDEN");
        }
    }
}

/// More tampering, after the first has opened the way.
fn tamper_again(app: &TestApp, statements: &str) {
    match &mut app.db() {
        Db::Sqlite(connection) => connection
            .batch_execute(&format!("PRAGMA foreign_keys = OFF; {statements}"))
            .unwrap(),
        Db::Postgres(connection) => connection.batch_execute(statements).unwrap(),
    }
}
