//! `user create` for roles that are tied to a record: a coordinator's city, an expert's record.
//! What it is not: signing in with what was made.

use std::process::Command;

use intercultural_cities::db::sql::Sql;
use intercultural_cities::kernel::ids::{Id, PersonId};
use intercultural_cities::registry::experts::{self, ExpertKind, ExpertTerms, NewExpert};
use intercultural_cities::registry::people::{NewPerson, PersonChoice, PersonKind};

use crate::support::app::TestApp;

/// Runs `user create` beside the service; what it said, and whether it did it.
fn create(app: &TestApp, email: &str, flags: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_intercultural-cities"))
        .args(["user", "create", "--name", "Somebody", "--email", email])
        .args(flags)
        .env("DATABASE_URL", &app.app.config.database_url)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

crate::both_databases! {
    fn a_role_that_is_tied_to_a_record_needs_the_record(app: &TestApp) {
        app.city("Oslo", "NO");
        let new = NewExpert {
            person: PersonChoice::New(NewPerson { email: Some("Expert@example.org".to_owned()), ..NewPerson::named("Eva", PersonKind::Academic) }),
            terms: ExpertTerms {
                kind: ExpertKind::ThinkTank, languages: vec!["en".to_owned()], policy_areas: vec![], organisation: None,
                home_city_id: None, available_from: None, last_available: None,
            },
        };
        let expert = app.arrange(|tx| experts::register(tx, &new));
        let (id, unknown) = (expert.public(), PersonId::of(expert.uuid()).public());
        for (number, (flags, done)) in [
            (vec!["--role", "EXPERT", "--expert", "expert@example.org"], true),
            (vec!["--role", "expert", "--expert", &id], true),
            (vec!["--role", "EXPERT"], false),
            (vec!["--role", "EXPERT", "--expert", "nobody@example.org"], false),
            (vec!["--role", "EXPERT", "--expert", &unknown], false),
            (vec!["--role", "FINANCE", "--expert", &id], false),
            (vec!["--role", "COORDINATOR", "--city", "oslo", "--country", "NO"], true),
            (vec!["--role", "COORDINATOR"], false),
            (vec!["--role", "COORDINATOR", "--city", "Atlantis", "--country", "NO"], false),
            (vec!["--role", "ADMIN", "--city", "Oslo", "--country", "NO"], false),
        ].into_iter().enumerate() {
            let (did, said) = create(app, &format!("user{number}@example.org"), &flags);
            assert_eq!(did, done, "{flags:?}: {said}");
        }
        let tied = Sql::new("SELECT count(*) FROM grants WHERE role = 'EXPERT' AND expert_id = ").bind_uid(expert.uuid());
        assert_eq!(tied.number(&mut app.db()).unwrap(), 2);
        let tied = Sql::new("SELECT count(*) FROM grants WHERE role = 'COORDINATOR' AND city_id IS NOT NULL");
        assert_eq!(tied.number(&mut app.db()).unwrap(), 1);
        assert_eq!(Sql::new("SELECT count(*) FROM grants").number(&mut app.db()).unwrap(), 3);
    }
}
