//! The audit log of a real service: sealed soon after each deed, signed at the end, and every later
//! change found by `audit verify`. What it is not: the chain itself (`identity/audit.rs`).

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use intercultural_cities::identity::audit;

use crate::cli::load::{REGISTER, city};
use crate::cli::place::Place;

/// A deed is sealed within a second; the other second is for a machine that does much else.
const SEALED_WITHIN: Duration = Duration::from_secs(2);

fn unsealed(place: &Place) -> i64 {
    audit::verify(&mut place.db(), &[]).unwrap().unsealed
}

/// The file in which the service signs checkpoints when no setting names another.
fn checkpoints(place: &Place) -> &'static str {
    if place.is_sqlite() {
        "audit-checkpoints.jsonl"
    } else {
        "var/audit-checkpoints.jsonl"
    }
}

/// Changes the log as somebody can who owns the database.
fn tamper(place: &Place, statements: &str) {
    let script = if place.is_sqlite() {
        "PRAGMA foreign_keys = OFF; DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete; \
         DROP TRIGGER audit_seals_no_update; DROP TRIGGER audit_seals_no_delete;"
    } else {
        "ALTER TABLE audit_seals DROP CONSTRAINT audit_seals_entry_id_fkey; \
         ALTER TABLE audit_entries DISABLE TRIGGER USER; ALTER TABLE audit_seals DISABLE TRIGGER USER;"
    };
    place
        .db()
        .batch_execute(&format!("{script}{statements}"))
        .unwrap();
}

/// A stopped service that has written and sealed something.
fn served(place: &Place) {
    place.done(&["migrate"]);
    let email = place.account("SECRETARIAT");
    let service = place.serve(&[]);
    let client = service.sign_in(&email);
    for number in 0..5 {
        let answer = client.ask(REGISTER, &city(&format!("Town {number}")), None);
        answer.done("registerCity", "/city/id");
        let told = Instant::now();
        while unsealed(place) > 0 {
            assert!(told.elapsed() < SEALED_WITHIN, "still not sealed");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    assert!(service.stop().success());
}

crate::program_on_both_databases! {
    fn a_stop_seals_and_signs_everything(place: &Place) {
        served(place);
        let file = checkpoints(place);
        let said = place.done(&["audit", "verify", "--checkpoints", file]);
        assert!(said.contains(" 0 not sealed yet, 1 checkpoints"), "{said}");
        assert_eq!(place.done(&["audit", "verify"]), said);
        // A start and a stop more sign only what is new.
        assert!(place.serve(&[]).stop().success());
        let signed = place.read(file).lines().count();
        assert!((1..=2).contains(&signed), "{signed}");
        // What a command writes beside no service is sealed by the next one.
        place.account("AUDITOR");
        let said = place.done(&["audit", "verify"]);
        assert!(!said.contains(" 0 not sealed yet"), "{said}");
        assert!(place.serve(&[]).stop().success());
        assert!(place.done(&["audit", "verify"]).contains(" 0 not sealed yet"));
        assert_eq!(place.read(file).lines().count(), signed + 1);
        assert!(place.refused(&["audit", "verify", "--checkpoints", "missing.jsonl"]).contains("missing.jsonl"));
    }

    fn a_changed_row_is_named(place: &Place) {
        served(place);
        tamper(place, "UPDATE audit_entries SET actor_name = 'Nobody' WHERE id = (SELECT entry_id FROM audit_seals WHERE sequence = 3);");
        let done = place.run(&["audit", "verify", "--checkpoints", checkpoints(place)]);
        assert_eq!(done.code, 1, "{done:?}");
        let wrong: Vec<&str> = done.out.lines().filter(|line| line.starts_with("WRONG ")).collect();
        assert_eq!(wrong.len(), 1, "{done:?}");
        assert!(wrong[0].starts_with("WRONG seal 3: its entry ") && wrong[0].ends_with(" was changed after it was sealed"), "{done:?}");
        assert!(done.err.contains("the audit log has a problem"), "{done:?}");
    }

    fn a_cut_tail_is_found_by_the_signed_checkpoints(place: &Place) {
        served(place);
        tamper(place, "DELETE FROM audit_seals WHERE sequence > 4; DELETE FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_seals);");
        let done = place.run(&["audit", "verify"]);
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.out.contains("only 4 are left: the tail was cut"), "{done:?}");
        // A forged checkpoint is found as well.
        let file = checkpoints(place);
        let forged = place.read(file).replacen("\"count\":", "\"count\":1", 1);
        place.write(file, forged.as_bytes());
        let done = place.run(&["audit", "verify"]);
        assert!(done.code == 1 && done.out.contains("WRONG checkpoint in line 1"), "{done:?}");
    }

    fn a_stop_ends_with_zero_by_either_signal(place: &Place) {
        place.done(&["migrate"]);
        for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
            let service = place.serve(&[]);
            assert_eq!(service.stop_by(signal).code(), Some(0));
        }
    }
}
