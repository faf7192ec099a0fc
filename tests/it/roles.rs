//! What each role sees of real objects, asked for by id, and which mutations each may send. What it is
//! not: the root lists (`authorisation.rs`), nor the parts of an object, which stand with their slice.

use intercultural_cities::access::policy::{Reach, reach};
use intercultural_cities::access::viewer::Role;
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::programme::{practices, questionnaires};
use intercultural_cities::server::authorisation::permission;
use intercultural_cities::server::worker::run_due;
use serde_json::{Value, json};

use crate::deeds::{everything, perform};
use crate::samples::Schema;
use crate::scheduling::{expert, member};
use crate::support::actor::Actor;
use crate::support::app::TestApp;

/// Who sees an object of Odense: nobody, a coordinator of another city, that of Odense, an expert who
/// does not visit it, the auditor, finance, the secretariat, the administrator.
const SEEN: &[(&str, &str)] = &[
    (
        "City",
        "nobody other own expert auditor finance secretariat admin",
    ),
    (
        "Network",
        "nobody other own expert auditor finance secretariat admin",
    ),
    (
        "Price",
        "nobody other own expert auditor finance secretariat admin",
    ),
    (
        "Coordinator",
        "nobody other own expert auditor finance secretariat admin",
    ),
    (
        "Partner",
        "other own expert auditor finance secretariat admin",
    ),
    ("StudyVisit", "other own auditor finance secretariat admin"),
    ("Membership", "own auditor finance secretariat admin"),
    ("Invoice", "own auditor finance secretariat admin"),
    ("CreditNote", "own auditor finance secretariat admin"),
    ("Payment", "own auditor finance secretariat admin"),
    ("Allocation", "own auditor finance secretariat admin"),
    ("Reminder", "own auditor finance secretariat admin"),
    ("ReminderHold", "own auditor finance secretariat admin"),
    ("ReminderRun", "auditor finance secretariat admin"),
    ("LedgerTransaction", "auditor finance secretariat admin"),
    ("RevenueRun", "auditor finance secretariat admin"),
    ("ExpertVisit", "own auditor finance secretariat admin"),
    ("MentorPairing", "own auditor finance secretariat admin"),
    ("Package", "own auditor finance secretariat admin"),
    ("Activity", "own auditor finance secretariat admin"),
    ("Person", "auditor finance secretariat admin"),
    ("Expert", "auditor finance secretariat admin"),
    ("User", "auditor admin"),
    ("AuditEntry", "auditor admin"),
    (
        "Questionnaire",
        "nobody other own expert auditor finance secretariat admin",
    ),
    ("Assessment", "own auditor finance secretariat admin"),
    ("StepReport", "own auditor finance secretariat admin"),
    ("PolicyStatement", "own auditor finance secretariat admin"),
    (
        "Practice",
        "nobody other own expert auditor finance secretariat admin",
    ),
    (
        "PracticeAdoption",
        "nobody other own expert auditor finance secretariat admin",
    ),
    ("PracticeProposal", "own secretariat admin"),
    ("Document", "secretariat admin"),
];

fn first(actor: &Actor<'_>, query: &str, pointer: &str) -> String {
    actor.ask(query).text(pointer).to_owned()
}

/// One object of each type, with its id. What belongs to a city belongs to Odense.
#[expect(clippy::too_many_lines, reason = "a table of one object of each type")]
fn objects(app: &TestApp, admin: &Actor<'_>) -> Vec<(&'static str, String)> {
    let done = everything(app, admin);
    // The pause of today does not hold back what was due before.
    run_due(&app.app).unwrap();
    let id_of = |field: &str| {
        done.iter()
            .find(|one| one.field == field)
            .unwrap()
            .id
            .clone()
    };
    let odense = first(
        admin,
        "{ cities(filter: { search: \"Odense\" }) { nodes { id } } }",
        "/cities/nodes/0/id",
    );
    let package = perform(
        admin,
        "enrolInPackage",
        "package",
        &json!({ "cityId": odense, "startsOn": "2026-12-01", "coversAnnualFee": false, "instalments": 1, "price": "375000.00", "currency": "DKK" }),
    );
    let appointed = perform(
        admin,
        "appointCoordinator",
        "coordinator",
        &json!({ "cityId": odense, "role": "COORDINATOR", "ftePercent": 40, "startsOn": "2026-11-01", "person": { "new": { "name": "Alex Example", "kind": "PRACTITIONER" } } }),
    );
    let partner = perform(
        admin,
        "registerPartner",
        "partner",
        &json!({ "name": "Think Tank Example", "kind": "THINK_TANK_OR_OTHER" }),
    );
    let reminder = first(
        admin,
        "{ reminders { nodes { id } } }",
        "/reminders/nodes/0/id",
    );
    let of_city = |fields: &str| format!("{{ city(id: \"{odense}\") {{ {fields} }} }}");
    let mut objects = vec![
        ("City", odense.clone()),
        (
            "Network",
            first(admin, "{ networks { id } }", "/networks/0/id"),
        ),
        (
            "Price",
            first(admin, "{ priceList { id } }", "/priceList/0/id"),
        ),
        ("Coordinator", appointed.id),
        ("Partner", partner.id),
        ("StudyVisit", id_of("scheduleStudyVisit")),
        (
            "Membership",
            first(
                admin,
                &of_city("memberships { nodes { id } }"),
                "/city/memberships/nodes/0/id",
            ),
        ),
        ("Invoice", id_of("issueInvoice")),
        ("CreditNote", id_of("creditInvoice")),
        ("Payment", id_of("recordPayment")),
        ("Allocation", id_of("allocatePayment")),
        ("Reminder", reminder),
        ("ReminderHold", id_of("pauseReminders")),
        ("ReminderRun", id_of("applyReminderRun")),
        (
            "LedgerTransaction",
            first(
                admin,
                "{ ledgerTransactions { nodes { id } } }",
                "/ledgerTransactions/nodes/0/id",
            ),
        ),
        (
            "RevenueRun",
            perform(
                admin,
                "recogniseRevenue",
                "run",
                &json!({ "through": "2026-10-31" }),
            )
            .id,
        ),
        ("ExpertVisit", id_of("scheduleExpertVisit")),
        ("MentorPairing", id_of("pairCities")),
        ("Package", package.id),
        (
            "Activity",
            first(
                admin,
                &of_city("activities { nodes { id } }"),
                "/city/activities/nodes/0/id",
            ),
        ),
        ("Person", id_of("registerPerson")),
        ("Expert", expert(app, "Robin Example", None).public()),
        ("User", admin.user().public()),
        (
            "AuditEntry",
            first(
                admin,
                "{ auditTrail(first: 1) { nodes { id } } }",
                "/auditTrail/nodes/0/id",
            ),
        ),
    ];
    objects.extend(knowledge(app, admin, &odense));
    objects
}

/// What Odense says of itself and learns from others, and what is written about it.
fn knowledge(app: &TestApp, admin: &Actor<'_>, odense: &str) -> Vec<(&'static str, String)> {
    app.arrange(|tx| {
        questionnaires::ensure_own(tx)?;
        practices::ensure_reference(tx, &app.app.reference)
    });
    let questionnaire = first(admin, "{ questionnaires { id } }", "/questionnaires/0/id");
    let practice = first(
        admin,
        "{ practices { nodes { id } } }",
        "/practices/nodes/0/id",
    );
    let file = admin.send(
        "PUT",
        "/api/v1/files?name=draft.txt",
        &[("content-type", "text/plain")],
        b"A draft.",
    );
    let file = file.json()["id"].clone();
    let done = |field, object, more: Value| {
        let mut input = json!({ "cityId": odense });
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        perform(admin, field, object, &input).id
    };
    vec![
        ("Questionnaire", questionnaire.clone()),
        (
            "Assessment",
            done(
                "beginAssessment",
                "assessment",
                json!({ "questionnaireId": questionnaire, "about": { "takenOn": "2026-03-01" } }),
            ),
        ),
        (
            "StepReport",
            done(
                "reportStep",
                "report",
                json!({ "step": 1, "version": 0, "status": "IN_PROGRESS" }),
            ),
        ),
        (
            "PolicyStatement",
            done(
                "statePolicy",
                "statement",
                json!({ "area": "HOUSING", "version": 0, "evidence": "The plan", "intercultural": 50, "multicultural": 30, "assimilation": 20 }),
            ),
        ),
        ("Practice", practice.clone()),
        (
            "PracticeAdoption",
            done(
                "reportAdoption",
                "adoption",
                json!({ "practiceId": practice, "version": 0, "status": "ADOPTED" }),
            ),
        ),
        (
            "PracticeProposal",
            done(
                "proposePractice",
                "proposal",
                json!({ "content": { "title": { "en": "Hosts" }, "areas": [] } }),
            ),
        ),
        (
            "Document",
            done(
                "draftDocument",
                "document",
                json!({ "kind": "STRATEGY", "title": "A draft", "language": "en", "fileId": file }),
            ),
        ),
    ]
}

crate::both_databases! {
    fn who_sees_an_object_by_its_id(app: &TestApp) {
        let admin = app.admin();
        let objects = objects(app, &admin);
        let odense = CityId::parse(&objects[0].1).unwrap();
        let lyon = member(app, "Lyon");
        let elsewhere = expert(app, "Sam Example", None);
        let viewers = [
            ("nobody", app.anonymous()), ("other", app.coordinator_of(lyon)), ("own", app.coordinator_of(odense)),
            ("expert", app.expert(elsewhere)), ("auditor", app.auditor()), ("finance", app.finance()),
            ("secretariat", app.secretariat()), ("admin", admin),
        ];
        let ids: Vec<&str> = objects.iter().map(|(_, id)| id.as_str()).collect();
        let mut found: Vec<Vec<&str>> = vec![Vec::new(); objects.len()];
        for (name, viewer) in &viewers {
            let answer = viewer.ask_with("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids }));
            for (place, node) in answer.data("/nodes").as_array().unwrap().iter().enumerate() {
                if *node != Value::Null {
                    assert_eq!(*node, json!({ "__typename": objects[place].0, "id": objects[place].1 }));
                    found[place].push(name);
                }
                let one = viewer.ask_with("query ($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": ids[place] }));
                assert_eq!(one.data("/node"), node, "{name}");
            }
        }
        let found: Vec<(&str, String)> = objects.iter().zip(found).map(|((kind, _), seen)| (*kind, seen.join(" "))).collect();
        let expected: Vec<(&str, String)> = SEEN.iter().map(|(kind, seen)| (*kind, (*seen).to_owned())).collect();
        assert_eq!(found, expected);
    }

    fn who_may_send_which_mutation(app: &TestApp) {
        let city = member(app, "Odense").public();
        let own = member(app, "Lyon");
        let visitor = expert(app, "Robin Example", None);
        let mut sent = Vec::new();
        for (role, viewer) in [
            (Role::Auditor, app.auditor()), (Role::Expert, app.expert(visitor)), (Role::Coordinator, app.coordinator_of(own)),
            (Role::Finance, app.finance()), (Role::Secretariat, app.secretariat()), (Role::Admin, app.admin()),
        ] {
            for sample in Schema::published().samples("Mutation", &city) {
                let needed = permission(&sample.field).unwrap();
                let answer = viewer.tell(&sample.document, sample.variables);
                let refused = answer.body["errors"][0]["extensions"]["code"] == "FORBIDDEN";
                match reach(role, needed) {
                    Reach::None => assert!(refused, "{role} may {}: {}", sample.field, answer.body),
                    // Another city's: refused, or not known to be there.
                    Reach::Own => assert!(answer.body["data"].is_null() || !answer.body.to_string().contains("\"userErrors\":[]"), "{role} may {} for another city: {}", sample.field, answer.body),
                    Reach::All => assert!(!refused, "{role} may not {}: {}", sample.field, answer.body),
                }
                if !refused {
                    sent.push(format!("{role} {}", sample.field));
                }
            }
        }
        // Who only reads, changes nothing; money is finance's, and accounts are the administrator's.
        for (role, field, may) in [
            ("FINANCE", "recordPayment", true), ("FINANCE", "setPrice", true), ("FINANCE", "registerCity", false),
            ("SECRETARIAT", "registerCity", true), ("SECRETARIAT", "recordPayment", false), ("SECRETARIAT", "grantRole", false),
            ("COORDINATOR", "admitCity", false), ("ADMIN", "grantRole", true),
        ] {
            assert_eq!(sent.contains(&format!("{role} {field}")), may, "{role} {field}");
        }
        assert!(!sent.iter().any(|one| one.starts_with("AUDITOR") || one.starts_with("EXPERT")), "{sent:?}");
    }
}
