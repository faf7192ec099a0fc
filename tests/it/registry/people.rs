//! People through the public door.

use intercultural_cities::kernel::adoption::{Adopted, Given};
use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::{CityId, Id, PersonId};
use intercultural_cities::kernel::refusal::RefusalCode;
use intercultural_cities::registry::people::{self, NewPerson, PersonKind, PersonRow};
use serde_json::json;

use crate::support::app::TestApp;

const REGISTER: &str = "mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { person { id name email version } userErrors { code field message } } }";
const REVISE: &str = "mutation ($input: RevisePersonInput!) { revisePerson(input: $input) { person { name email phone version } userErrors { code field message } } }";

/// Somebody of a city.
pub fn person(app: &TestApp, name: &str, city: Option<CityId>) -> PersonId {
    let new = NewPerson {
        email: Some(format!(
            "{}@example.org",
            name.to_lowercase().replace(' ', ".")
        )),
        city_id: city,
        ..NewPerson::named(name, PersonKind::Official)
    };
    app.arrange(|tx| people::register(tx, &new))
}

crate::both_databases! {
    fn registers_and_revises_a_person(app: &TestApp) {
        let secretariat = app.secretariat();
        let city = app.city("Oslo", "NO").public();
        let input = json!({ "name": "Åse Holm", "kind": "POLITICIAN", "email": "Aase@example.org", "cityId": city, "language": "nb" });
        let id = secretariat.ask_with(REGISTER, json!({ "input": input })).done("registerPerson", "/person/id");

        let revised = json!({ "id": id, "version": 1, "person": { "name": "Åse Holm Berg", "kind": "POLITICIAN", "phone": "+47 21 80 21 80" } });
        let answer = secretariat.ask_with(REVISE, json!({ "input": revised }));
        assert_eq!(
            answer.data("/revisePerson/person"),
            &json!({ "name": "Åse Holm Berg", "email": null, "phone": "+47 21 80 21 80", "version": 2 })
        );
        assert_eq!(secretariat.ask_with(REVISE, json!({ "input": revised })).code(), "STALE");
    }

    fn an_address_belongs_to_one_person(app: &TestApp) {
        person(app, "Anna", None);
        let second = person(app, "Bo", None);
        let secretariat = app.secretariat();
        let input = json!({ "input": { "name": "Anna Again", "kind": "MEDIA", "email": "ANNA@example.org" } });
        assert_eq!(
            secretariat.ask_with(REGISTER, input).refusals("registerPerson"),
            [("EMAIL_TAKEN".to_owned(), "email".to_owned())]
        );
        let input = json!({ "input": { "id": second.public(), "version": 1, "person": { "name": "Bo", "kind": "OFFICIAL", "email": "anna@example.org" } } });
        assert_eq!(
            secretariat.ask_with(REVISE, input).refusals("revisePerson"),
            [("EMAIL_TAKEN".to_owned(), "person.email".to_owned())]
        );
    }

    fn all_problems_come_at_once(app: &TestApp) {
        let input = json!({ "input": { "name": " ", "kind": "MEDIA", "phone": "none", "cityId": "nonsense" } });
        let found = app.secretariat().ask_with(REGISTER, input).refusals("registerPerson");
        let expected = [("NOT_FOUND", "cityId"), ("REQUIRED", "name"), ("INVALID_TEXT", "phone")];
        assert_eq!(found, expected.map(|(code, field)| (code.to_owned(), field.to_owned())));
        let missing = CityId::of(uuid::Uuid::from_u128(1)).public();
        let input = json!({ "input": { "name": "Anna", "kind": "MEDIA", "cityId": missing } });
        assert_eq!(app.secretariat().ask_with(REGISTER, input).refusal("registerPerson"), "NOT_FOUND");
    }

    fn a_coordinator_sees_the_people_of_the_own_city_only(app: &TestApp) {
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let (ours, theirs) = (person(app, "Anna", Some(oslo)), person(app, "Bernard", Some(lyon)));
        person(app, "Nobody", None);
        let coordinator = app.coordinator_of(oslo);
        let query = "{ people { totalCount nodes { name email city { name } } } }";
        assert_eq!(
            coordinator.ask(query).data("/people"),
            &json!({ "totalCount": 1, "nodes": [{ "name": "Anna", "email": "anna@example.org", "city": { "name": "Oslo" } }] })
        );
        let node = |id: PersonId| coordinator.ask_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id.public() })).data("/node").clone();
        assert_eq!(node(ours), json!({ "id": ours.public() }));
        assert_eq!(node(theirs), json!(null));
        assert_eq!(node(PersonId::of(uuid::Uuid::from_u128(1))), json!(null));

        assert_eq!(app.secretariat().ask(query).data("/people/totalCount"), &json!(3));
        assert_eq!(app.anonymous().ask(query).code(), "UNAUTHENTICATED");
        let input = json!({ "input": { "name": "Anna", "kind": "MEDIA" } });
        assert_eq!(coordinator.ask_with(REGISTER, input).code(), "FORBIDDEN");
    }

    fn search_finds_every_spelling_of_name_and_organisation(app: &TestApp) {
        let input = json!({ "input": { "name": "Åse Sørensen", "kind": "ACADEMIC", "organisation": "Universität Zürich" } });
        let secretariat = app.secretariat();
        secretariat.ask_with(REGISTER, input).done("registerPerson", "/person/id");
        person(app, "Bernard", None);
        for search in ["aase", "Soerensen", "zurich", "Åse"] {
            let answer = secretariat.ask_with("query ($search: String) { people(filter: { search: $search }) { nodes { name } } }", json!({ "search": search }));
            assert_eq!(answer.data("/people/nodes"), &json!([{ "name": "Åse Sørensen" }]), "{search}");
        }
        let answer = secretariat.ask("{ people(filter: { kind: [OFFICIAL] }, orderBy: [UPDATED_AT_DESC]) { nodes { name } } }");
        assert_eq!(answer.data("/people/nodes"), &json!([{ "name": "Bernard" }]));
    }

    fn a_row_is_taken_over_once(app: &TestApp) {
        let oslo = app.city("Oslo", "NO");
        let row = PersonRow {
            kind: Some(PersonKind::Business),
            email: Given::Set("anna@example.org".to_owned()),
            city: Given::Set(oslo),
            ..PersonRow::named("Anna Berg")
        };
        let created = app.arrange(|tx| people::adopt(tx, &row));
        assert!(matches!(created, Adopted::Created(_)));
        assert_eq!(app.arrange(|tx| people::adopt(tx, &row)), Adopted::Unchanged(created.id()));

        let moved = PersonRow { city: Given::Clear, kind: None, ..row };
        assert_eq!(app.arrange(|tx| people::adopt(tx, &moved)), Adopted::Updated(created.id()));
        let kept = people::get(&mut app.db(), created.id()).unwrap();
        assert_eq!((kept.city_id, kept.kind, kept.version), (None, PersonKind::Business, 2));
    }

    fn a_row_without_an_address_is_found_by_name_and_city(app: &TestApp) {
        let oslo = app.city("Oslo", "NO");
        let row = PersonRow { city: Given::Set(oslo), ..PersonRow::named("Åse Berg") };
        let created = app.arrange(|tx| people::adopt(tx, &row));
        assert!(matches!(created, Adopted::Created(_)));
        let other_spelling = PersonRow { name: "AASE BERG".to_owned(), ..row.clone() };
        assert_eq!(app.arrange(|tx| people::adopt(tx, &other_spelling)), Adopted::Updated(created.id()));
        let elsewhere = PersonRow { city: Given::Leave, ..row.clone() };
        assert!(matches!(app.arrange(|tx| people::adopt(tx, &elsewhere)), Adopted::Created(_)));

        let double = NewPerson { city_id: Some(oslo), ..NewPerson::named("Åse Berg", PersonKind::Media) };
        app.arrange(|tx| people::register(tx, &double));
        match app.try_arrange(|tx| people::adopt(tx, &row)) {
            Err(Error::Refused(refusals)) => assert_eq!(refusals[0].code, RefusalCode::Ambiguous),
            other => panic!("{other:?}"),
        }
        let by_id = PersonRow { id: Some(created.id()), phone: Given::Set("112 112".to_owned()), ..row };
        assert_eq!(app.arrange(|tx| people::adopt(tx, &by_id)), Adopted::Updated(created.id()));
    }
}
