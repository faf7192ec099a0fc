//! What `doctor` finds in a database that somebody wrote to behind the service's back. What it is
//! not: the command; it prints what is found here.

use diesel::connection::SimpleConnection;
use intercultural_cities::db::Db;
use intercultural_cities::identity::audit::Window;
use intercultural_cities::identity::audit::checkpoints::Checkpoint;
use intercultural_cities::identity::audit::{self};
use intercultural_cities::server::sealer::seal_all;
use intercultural_cities::workflows::checks::{self, Check};
use intercultural_cities::workflows::demonstration;

/// Takes away what keeps wrong records out: triggers, checks and references.
fn unguard(db: &mut Db) {
    match db {
        Db::Sqlite(connection) => {
            connection
                .batch_execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
                .unwrap();
            let triggers: Vec<String> = {
                use diesel::prelude::*;
                #[derive(QueryableByName)]
                struct Trigger {
                    #[diesel(sql_type = diesel::sql_types::Text)]
                    name: String,
                }
                let rows: Vec<Trigger> =
                    diesel::sql_query("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
                        .load(connection)
                        .unwrap();
                rows.into_iter().map(|row| row.name).collect()
            };
            for trigger in triggers {
                connection
                    .batch_execute(&format!("DROP TRIGGER {trigger}"))
                    .unwrap();
            }
        }
        Db::Postgres(connection) => connection
            .batch_execute(
                "SET session_replication_role = replica; \
                 DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
                 WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'x') \
                 LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP; END $$;",
            )
            .unwrap(),
    }
}

fn execute(db: &mut Db, statements: &str) {
    match db {
        Db::Sqlite(connection) => connection.batch_execute(statements).unwrap(),
        Db::Postgres(connection) => connection.batch_execute(statements).unwrap(),
    }
}

fn wrong(checks: &[Check]) -> Vec<&'static str> {
    for check in checks {
        assert!(!check.checked.is_empty(), "{check:?}");
        assert_eq!(check.ok, check.found.is_empty(), "{check:?}");
        assert_eq!(check.ok, check.remedy.is_none(), "{check:?}");
    }
    checks
        .iter()
        .filter(|check| !check.ok)
        .map(|check| check.name)
        .collect()
}

/// What is done to the records, and the checks that must notice it.
const SABOTAGE: &[(&str, &[&str])] = &[
    (
        "UPDATE entitlements SET granted = granted + 1 WHERE kind = 'INDEX'",
        &["units of packages"],
    ),
    (
        "UPDATE entitlements SET reserved = 0 WHERE reserved = 1",
        &["units of packages"],
    ),
    (
        "UPDATE assessment_scores SET points = points + 1 WHERE points < most",
        &["scores of the index"],
    ),
    (
        "DELETE FROM assessment_answers WHERE question = 'EDUCATION_MIX'",
        &["scores of the index"],
    ),
    (
        "UPDATE invoice_counters SET last_number = last_number + 1",
        &["invoice numbers"],
    ),
    ("DELETE FROM invoice_counters", &["invoice numbers"]),
    (
        "UPDATE invoices SET sequence = 1000000 WHERE sequence = 3",
        &["invoice numbers"],
    ),
    (
        "UPDATE invoices SET number = NULL WHERE sequence = 3",
        &["numbers of issued invoices"],
    ),
    (
        "DELETE FROM invoice_parties WHERE invoice_id IN (SELECT id FROM invoices WHERE sequence = 3)",
        &["parties of invoices"],
    ),
    (
        "UPDATE invoice_lines SET net_minor = net_minor + 1",
        &["invoice totals"],
    ),
    (
        "UPDATE invoices SET vat_minor = vat_minor + 1 WHERE sequence = 3",
        &["invoice totals"],
    ),
    (
        "UPDATE invoices SET allocated_minor = allocated_minor - 1 WHERE status = 'PAID'",
        &["settled amounts of invoices"],
    ),
    (
        "UPDATE allocations SET amount_minor = amount_minor + 1",
        &["settled amounts of invoices", "used amounts of payments"],
    ),
    (
        "UPDATE invoice_lines SET credited_minor = credited_minor - 1 WHERE credited_minor > 0",
        &["credited amounts of invoices"],
    ),
    (
        "UPDATE credit_note_lines SET net_minor = net_minor + 1",
        &["credited amounts of invoices", "credit notes"],
    ),
    (
        "UPDATE credit_notes SET sequence = 1000000 WHERE sequence = 1",
        &["invoice numbers"],
    ),
    (
        "UPDATE payments SET allocated_minor = allocated_minor - 1",
        &["used amounts of payments", "unused payments in the books"],
    ),
    (
        "UPDATE fundings SET amount_minor = amount_minor + 1",
        &["used amounts of grants"],
    ),
    (
        "UPDATE fundings SET net_minor = net_minor + 1",
        &["used amounts of grants"],
    ),
    (
        "UPDATE ledger_lines SET amount_minor = amount_minor + 1 WHERE account = 'BANK'",
        &["the books", "kept sums of the books"],
    ),
    (
        "DELETE FROM ledger_lines WHERE account = 'RECEIVABLES'",
        &[
            "the books",
            "open items in the books",
            "kept sums of the books",
        ],
    ),
    (
        "UPDATE ledger_lines SET invoice_id = NULL WHERE account = 'RECEIVABLES'",
        &["open items in the books"],
    ),
    (
        "UPDATE ledger_transactions SET posted_on = '2001-01-01'",
        &["the books"],
    ),
    (
        "UPDATE revenue_schedules SET amount_minor = amount_minor + 1",
        &["deferred revenue", "kept numbers of deferred revenue"],
    ),
    (
        "UPDATE invoice_dues SET open_minor = open_minor + 1",
        &["kept sums of invoices"],
    ),
    (
        "UPDATE ledger_balances SET debit_minor = debit_minor + 1",
        &["kept sums of the books"],
    ),
    (
        "UPDATE revenue_groups SET lines = lines + 1",
        &["kept numbers of deferred revenue"],
    ),
    (
        "UPDATE bank_entries SET amount_minor = amount_minor + 1 WHERE state = 'MATCHED'",
        &["entries of the bank"],
    ),
    (
        "UPDATE expert_bookings SET expert_id = (SELECT expert_id FROM expert_bookings ORDER BY id LIMIT 1), \
         starts_at = (SELECT starts_at FROM expert_bookings ORDER BY id LIMIT 1), ends_at = (SELECT ends_at FROM expert_bookings ORDER BY id LIMIT 1)",
        &["expert bookings"],
    ),
    (
        "UPDATE study_visits SET places_taken = places_taken + 1",
        &["places on study visits"],
    ),
    (
        "UPDATE appointments SET city_id = (SELECT city_id FROM appointments ORDER BY id LIMIT 1)",
        &["appointments"],
    ),
    (
        "UPDATE appointments SET person_id = (SELECT person_id FROM appointments ORDER BY id LIMIT 1)",
        &["working time of coordinators"],
    ),
    (
        "UPDATE memberships SET number = 7, city_id = (SELECT city_id FROM memberships WHERE starts_on IS NOT NULL AND ends_on IS NULL ORDER BY id LIMIT 1) \
         WHERE id = (SELECT id FROM memberships WHERE starts_on IS NOT NULL AND ends_on IS NULL ORDER BY id DESC LIMIT 1)",
        &["memberships"],
    ),
    (
        "UPDATE invoice_totals SET open_minor = open_minor + 1",
        &["kept sums of invoices"],
    ),
    (
        "DELETE FROM people WHERE id IN (SELECT person_id FROM appointments)",
        &["foreign keys"],
    ),
    (
        "DELETE FROM jobs; INSERT INTO jobs (id, kind, payload, aggregate, state, run_after, attempts, created_at) \
         SELECT id, 'x', '{}', 'x', 'DEAD', created_at, 20, created_at FROM cities LIMIT 1",
        &["background work"],
    ),
    (
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
        &["migrations"],
    ),
];

crate::both_databases! {
    fn every_check_notices_what_it_is_for(app: &TestApp) {
        let mut db = app.db();
        demonstration::load(&mut db, &app.app.reference, "no password fits this").unwrap();
        let sound = checks::records(&mut db).unwrap();
        assert_eq!(wrong(&sound), [""; 0], "{sound:?}");

        unguard(&mut db);
        for (statement, expected) in SABOTAGE {
            execute(&mut db, "BEGIN");
            execute(&mut db, statement);
            let found = checks::records(&mut db).unwrap();
            assert_eq!(wrong(&found), *expected, "{statement}: {found:?}");
            execute(&mut db, "ROLLBACK");
        }
        let noticed = |name: &str| SABOTAGE.iter().any(|(_, names)| names.contains(&name));
        for check in &sound {
            assert!(noticed(check.name), "no sabotage shows that {} can fail", check.name);
        }
        assert_eq!(checks::records(&mut db).unwrap(), sound);
    }

    fn appointments_that_were_called_off_are_no_overlap(app: &TestApp) {
        let mut db = app.db();
        demonstration::load(&mut db, &app.app.reference, "no password fits this").unwrap();
        execute(&mut db, "UPDATE appointments SET ends_on = starts_on WHERE id = (SELECT id FROM appointments ORDER BY id LIMIT 1)");
        execute(&mut db, "UPDATE appointments SET city_id = (SELECT city_id FROM appointments ORDER BY id DESC LIMIT 1), \
            starts_on = '2026-10-01', ends_on = '2026-10-01' WHERE id = (SELECT id FROM appointments ORDER BY id LIMIT 1)");
        let found = checks::records(&mut db).unwrap();
        assert_eq!(wrong(&found), [""; 0], "{found:?}");
    }

    fn a_changed_log_is_noticed_with_and_without_checkpoints(app: &TestApp) {
        for name in ["Oslo", "Lyon", "Vic"] {
            app.city(name, "NO");
        }
        let mut db = app.db();
        seal_all(&app.app, &mut db, Window::Whole).unwrap();
        let last = audit::last_seal(&mut db).unwrap().unwrap();
        let signed = [Checkpoint { count: last.sequence, chain_hash: last.chain_hash, at: app.now() }];
        let without = checks::audit_chain(&mut db, None, vec![]).unwrap();
        let with = checks::audit_chain(&mut db, Some(&signed), vec![]).unwrap();
        assert_eq!(wrong(&[without.clone(), with.clone()]), [""; 0]);
        assert!(without.checked.contains("3 sealed") && without.checked.contains("without a file"), "{without:?}");
        assert!(with.checked.contains("1 signed checkpoints"), "{with:?}");

        unguard(&mut db);
        // A cut end shows only against a checkpoint.
        execute(&mut db, "DELETE FROM audit_seals WHERE sequence = 3");
        assert!(checks::audit_chain(&mut db, None, vec![]).unwrap().ok);
        assert_eq!(wrong(&[checks::audit_chain(&mut db, Some(&signed), vec![]).unwrap()]), ["audit log"]);
        execute(&mut db, "UPDATE audit_entries SET action = 'nothing.done' WHERE id = (SELECT entry_id FROM audit_seals WHERE sequence = 1)");
        let found = checks::audit_chain(&mut db, None, vec![]).unwrap();
        assert_eq!(wrong(std::slice::from_ref(&found)), ["audit log"]);
        assert!(found.found[0].contains("was changed"), "{found:?}");
    }
}
