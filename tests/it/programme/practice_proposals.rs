//! Practices on their way into the library, and what other cities make of them, through the public door.

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::programme::practices;
use intercultural_cities::schema::{cities, practice_adoptions, practice_editions};
use serde_json::{Value, json};

use crate::finance::races::at_once;
use crate::support::actor::{Actor, Answer};
use crate::support::app::TestApp;

const PROPOSE: &str = "mutation ($input: ProposePracticeInput!) { proposePractice(input: $input) { proposal { id version status basedOn content { cityName country linksBySource title { da en } figures { name method } } } userErrors { code field message } } }";
const LIBRARY: &str = "{ practices(filter: { country: [\"DK\"] }) { nodes { id slug origin edition version languages title(language: \"en\") danish: title(language: \"da\") summary purpose impact cityName city { name } contacts { name email } sources { title } figures { name value unit method } editions { number title(language: \"da\") } reviewOn adoptions { status outcome city { name } } } } }";
const ADOPT: &str = "mutation ($input: ReportAdoptionInput!) { reportAdoption(input: $input) { adoption { id version status practice { slug } } userErrors { code field message } } }";

/// The words of a practice of a Danish city, in Danish only.
pub fn words() -> Value {
    json!({
        "title": { "da": "Velkomstværter i Gellerup" },
        "summary": { "da": "Beboere tager imod nye naboer og viser dem kvarteret." },
        "purpose": { "da": "At ingen står alene." },
        "impact": { "da": "Flere kender deres nabo." },
        "year": 2024,
        "areas": ["HOUSING"],
        "steps": [4, 4, 2],
        "indicators": ["WELCOMING"],
        "figures": [{ "name": { "da": "Værter" }, "qualifier": "EXACTLY", "value": "40", "unit": { "da": "personer" }, "method": { "da": "Optalt ved årets udgang" } }],
        "sources": [{ "title": "Årsberetning", "publisher": "Example Kommune" }],
        "contacts": [{ "name": "Kontoret for naboskab", "email": "nabo@example.org" }],
    })
}

fn deed(actor: &Actor<'_>, name: &str, fields: &Value) -> Answer {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {kind}!) {{ {name}(input: $input) {{ proposal {{ id status version remark practice {{ id slug }} }} userErrors {{ code field message }} }} }}"
    );
    actor.tell(&query, json!({ "input": fields }))
}

fn proposal(answer: &Answer) -> (String, i64) {
    let id = answer.text("/proposePractice/proposal/id").to_owned();
    (
        id,
        answer
            .data("/proposePractice/proposal/version")
            .as_i64()
            .unwrap(),
    )
}

pub fn public(app: &TestApp, city: CityId) {
    app.arrange(|tx| {
        let since = Some(tx.today());
        diesel::update(cities::table.find(city))
            .set(cities::public_since.eq(since))
            .execute(tx.db)?;
        Ok(())
    });
}

/// A practice of the city with these words, published.
pub fn published(app: &TestApp, city: CityId, words: &Value) -> String {
    let (coordinator, secretariat) = (app.coordinator_of(city), app.secretariat());
    let answer = coordinator.tell(
        PROPOSE,
        json!({ "input": { "cityId": city.public(), "content": words } }),
    );
    let (id, version) = proposal(&answer);
    deed(
        &coordinator,
        "submitPracticeProposal",
        &json!({ "proposalId": id, "version": version }),
    )
    .done("submitPracticeProposal", "/proposal/id");
    let answer = deed(
        &secretariat,
        "publishPractice",
        &json!({ "proposalId": id, "version": version + 1 }),
    );
    answer
        .text("/publishPractice/proposal/practice/id")
        .to_owned()
}

crate::both_databases! {
    fn a_city_proposes_and_somebody_else_publishes(app: &TestApp) {
        let (aarhus, lyon) = (app.city("Århus", "DK"), app.city("Lyon", "FR"));
        public(app, aarhus);
        let (coordinator, secretariat, stranger) = (app.coordinator_of(aarhus), app.secretariat(), app.coordinator_of(lyon));
        let input = json!({ "cityId": aarhus.public(), "content": { "title": { "da": "Velkomstværter i Gellerup" }, "areas": [] } });
        let answer = coordinator.tell(PROPOSE, json!({ "input": input }));
        assert_eq!(answer.data("/proposePractice/proposal/content"), &json!({ "cityName": "Århus", "country": "DK", "linksBySource": false, "title": { "da": "Velkomstværter i Gellerup", "en": null }, "figures": [] }));
        let (id, version) = proposal(&answer);
        let wrong = json!({ "cityId": aarhus.public(), "content": { "title": { "da": "x".repeat(201) }, "areas": [], "year": 1066, "steps": [11] } });
        let refused = coordinator.tell(PROPOSE, json!({ "input": wrong })).refusals("proposePractice");
        let fields: Vec<&str> = refused.iter().map(|(_, field)| field.as_str()).collect();
        assert_eq!(fields, ["content.title.da", "content.year", "content.steps"]);

        // Nobody else knows of it, by any path.
        let node = "query ($id: ID!) { node(id: $id) { id } }";
        for other in [app.coordinator_of(lyon), app.anonymous(), app.finance()] {
            assert_eq!(other.ask_with(node, json!({ "id": id })).data("/node"), &Value::Null);
        }
        let list = "{ practiceProposals { totalCount nodes { status } } }";
        assert_eq!(stranger.ask(list).data("/practiceProposals/totalCount"), 0);
        assert_eq!(coordinator.ask(list).data("/practiceProposals/totalCount"), 1);
        assert_eq!(app.finance().ask(list).code(), "FORBIDDEN");
        assert_eq!(deed(&stranger, "submitPracticeProposal", &json!({ "proposalId": id, "version": version })).code(), "NOT_FOUND");

        let answer = deed(&coordinator, "submitPracticeProposal", &json!({ "proposalId": id, "version": version }));
        assert_eq!(answer.refusals("submitPracticeProposal").iter().map(|(_, field)| field.as_str()).collect::<Vec<_>>(), ["summary", "areas", "sources"]);
        let answer = deed(&coordinator, "revisePracticeProposal", &json!({ "proposalId": id, "version": version, "content": words() }));
        assert_eq!(answer.data("/revisePracticeProposal/proposal/version"), 2);
        assert_eq!(deed(&coordinator, "revisePracticeProposal", &json!({ "proposalId": id, "version": 1, "content": words() })).code(), "STALE");
        deed(&coordinator, "submitPracticeProposal", &json!({ "proposalId": id, "version": 2 })).done("submitPracticeProposal", "/proposal/id");
        assert_eq!(deed(&coordinator, "publishPractice", &json!({ "proposalId": id, "version": 3 })).code(), "FORBIDDEN");
        let waits = secretariat.ask("{ attention(filter: { rule: [PRACTICE_PROPOSED] }) { totalCount nodes { since object { ... on PracticeProposal { id } } } } }");
        assert_eq!(waits.data("/attention"), &json!({ "totalCount": 1, "nodes": [{ "since": "2026-11-22", "object": { "id": id } }] }));
        let answer = deed(&secretariat, "returnPracticeProposal", &json!({ "proposalId": id, "version": 3, "remark": "Who are they?" }));
        assert_eq!((answer.text("/returnPracticeProposal/proposal/status"), answer.text("/returnPracticeProposal/proposal/remark")), ("DRAFT", "Who are they?"));
        deed(&coordinator, "submitPracticeProposal", &json!({ "proposalId": id, "version": 4 })).done("submitPracticeProposal", "/proposal/id");
        assert_eq!(app.anonymous().ask(LIBRARY).data("/practices/nodes"), &json!([]));
        deed(&secretariat, "publishPractice", &json!({ "proposalId": id, "version": 5 })).done("publishPractice", "/proposal/practice/id");

        let seen = app.anonymous().ask(LIBRARY).data("/practices/nodes/0").clone();
        assert_eq!(seen["slug"], "aarhus-velkomstvaerter-i-gellerup");
        assert_eq!((&seen["origin"], &seen["edition"], &seen["languages"]), (&json!("NETWORK"), &json!(1), &json!(["da"])));
        // English falls back to the Danish that is there.
        assert_eq!((&seen["title"], &seen["danish"]), (&json!("Velkomstværter i Gellerup"), &json!("Velkomstværter i Gellerup")));
        assert_eq!(seen["figures"], json!([{ "name": "Værter", "value": "40", "unit": "personer", "method": "Optalt ved årets udgang" }]));
        assert_eq!((&seen["contacts"], &seen["reviewOn"], &seen["city"]["name"]), (&Value::Null, &json!("2028-11-22"), &json!("Århus")));
        assert_eq!(stranger.ask(LIBRARY).data("/practices/nodes/0/contacts"), &json!([{ "name": "Kontoret for naboskab", "email": "nabo@example.org" }]));
    }

    fn an_edition_stays_and_the_next_one_is_written_on_it(app: &TestApp) {
        let aarhus = app.city("Århus", "DK");
        let practice = published(app, aarhus, &words());
        let (coordinator, secretariat) = (app.coordinator_of(aarhus), app.secretariat());
        // The same title is a new edition, not a second practice.
        let again = coordinator.tell(PROPOSE, json!({ "input": { "cityId": aarhus.public(), "content": words() } }));
        let (id, _) = proposal(&again);
        deed(&coordinator, "submitPracticeProposal", &json!({ "proposalId": id, "version": 1 })).done("submitPracticeProposal", "/proposal/id");
        assert_eq!(deed(&secretariat, "publishPractice", &json!({ "proposalId": id, "version": 2 })).refusals("publishPractice"), [("NAME_TAKEN".to_owned(), "title".to_owned())]);

        let both = |title: &str| {
            let mut said = words();
            said["title"] = json!({ "da": "Velkomstværter", "en": title });
            said["summary"]["en"] = json!("Residents welcome new neighbours.");
            let answer = coordinator.tell(PROPOSE, json!({ "input": { "practiceId": practice, "content": said } }));
            assert_eq!(answer.data("/proposePractice/proposal/basedOn"), 1);
            let (id, _) = proposal(&answer);
            deed(&coordinator, "submitPracticeProposal", &json!({ "proposalId": id, "version": 1 })).done("submitPracticeProposal", "/proposal/id");
            id
        };
        let (first, second) = (both("Welcome hosts"), both("Hosts"));
        deed(&secretariat, "publishPractice", &json!({ "proposalId": first, "version": 2 })).done("publishPractice", "/proposal/id");
        assert_eq!(deed(&secretariat, "publishPractice", &json!({ "proposalId": second, "version": 2 })).refusals("publishPractice"), [("NOT_IN_STATE".to_owned(), "proposalId".to_owned())]);
        let seen = app.anonymous().ask(LIBRARY).data("/practices/nodes/0").clone();
        assert_eq!((&seen["title"], &seen["edition"], &seen["languages"]), (&json!("Welcome hosts"), &json!(2), &json!(["da", "en"])));
        assert_eq!(seen["editions"], json!([{ "number": 2, "title": "Velkomstværter" }, { "number": 1, "title": "Velkomstværter i Gellerup" }]));
        let changed = diesel::update(practice_editions::table).set(practice_editions::number.eq(7)).execute(&mut app.db());
        assert!(changed.unwrap_err().to_string().contains("append only"));

        // Whoever hands a practice in does not publish it, secretariat or not.
        let answer = secretariat.tell(PROPOSE, json!({ "input": { "content": { "title": { "en": "Elsewhere" }, "summary": { "en": "x" }, "areas": ["POLICE"], "cityName": "Nowhere", "country": "SE", "sources": [{ "title": "Report", "publisher": "Example" }] } } }));
        let (id, _) = proposal(&answer);
        deed(&secretariat, "submitPracticeProposal", &json!({ "proposalId": id, "version": 1 })).done("submitPracticeProposal", "/proposal/id");
        assert_eq!(deed(&secretariat, "publishPractice", &json!({ "proposalId": id, "version": 2 })).refusals("publishPractice"), [("SECOND_PERSON_NEEDED".to_owned(), "proposalId".to_owned())]);
        deed(&secretariat, "withdrawPracticeProposal", &json!({ "proposalId": id, "version": 2 })).done("withdrawPracticeProposal", "/proposal/id");

        // What no longer holds is taken out; the memo's examples are not.
        let archive = "mutation ($input: ArchivePracticeInput!) { archivePractice(input: $input) { practice { id } userErrors { code field message } } }";
        let input = |id: &str, version: i32| json!({ "input": { "practiceId": id, "version": version, "reason": "It ended." } });
        let answer = secretariat.tell(archive, input(&practice, 2));
        assert_eq!(answer.data("/archivePractice"), &json!({ "practice": null, "userErrors": [] }));
        assert_eq!(app.anonymous().ask(LIBRARY).data("/practices/nodes"), &json!([]));
        app.arrange(|tx| practices::ensure_reference(tx, &app.app.reference));
        let vic = app.anonymous().ask("{ practices(filter: { country: [\"ES\"] }) { nodes { id version } } }");
        let answer = secretariat.tell(archive, input(vic.text("/practices/nodes/0/id"), 1));
        assert_eq!(answer.refusals("archivePractice"), [("NOT_IN_STATE".to_owned(), "practiceId".to_owned())]);
    }

    fn other_cities_take_it_over_and_say_what_came_of_it(app: &TestApp) {
        let (aarhus, lyon, vic) = (app.city("Århus", "DK"), app.city("Lyon", "FR"), app.city("Vic", "ES"));
        for city in [aarhus, lyon] {
            public(app, city);
        }
        let practice = published(app, aarhus, &words());
        let say = |actor: &Actor<'_>, city: CityId, version: i32, fields: &Value| {
            let mut input = json!({ "practiceId": practice, "cityId": city.public(), "version": version });
            for (name, value) in fields.as_object().unwrap() {
                input[name] = value.clone();
            }
            actor.tell(ADOPT, json!({ "input": input }))
        };
        let mayor = app.coordinator_of(lyon);
        say(&mayor, lyon, 0, &json!({ "status": "ADAPTED", "outcome": "Forty hosts in two quarters." })).done("reportAdoption", "/adoption/id");
        assert_eq!(say(&mayor, vic, 0, &json!({ "status": "ADOPTED" })).code(), "NOT_FOUND");
        assert_eq!(say(&app.coordinator_of(aarhus), aarhus, 0, &json!({ "status": "ADOPTED" })).refusals("reportAdoption"), [("SAME_CITY".to_owned(), "cityId".to_owned())]);
        assert_eq!(say(&mayor, lyon, 1, &json!({ "status": "DROPPED" })).refusals("reportAdoption"), [("REQUIRED".to_owned(), "outcome".to_owned())]);
        let words = app.anonymous().ask(LIBRARY).data("/practices/nodes/0/adoptions").clone();
        assert_eq!(words, json!([{ "status": "ADAPTED", "outcome": "Forty hosts in two quarters.", "city": { "name": "Lyon" } }]));
        // A city that the public may not know of is not named by the way.
        say(&app.coordinator_of(vic), vic, 0, &json!({ "status": "CONSIDERING" })).done("reportAdoption", "/adoption/id");
        assert_eq!(app.anonymous().ask(LIBRARY).data("/practices/nodes/0/adoptions").as_array().unwrap().len(), 1);
        assert_eq!(app.secretariat().ask(LIBRARY).data("/practices/nodes/0/adoptions").as_array().unwrap().len(), 2);

        let answers = at_once(8, |_| say(&app.coordinator_of(lyon), lyon, 1, &json!({ "status": "ADOPTED" })));
        let won = answers.iter().filter(|answer| answer.body["errors"].is_null()).count();
        assert_eq!(won, 1, "one of eight words that were said at once");
        let answer = app.anonymous().ask_with("query ($id: ID!) { city(id: $id) { adoptions { status version } } }", json!({ "id": lyon.public() }));
        assert_eq!(answer.data("/city/adoptions"), &json!([{ "status": "ADOPTED", "version": 2 }, { "status": "ADAPTED", "version": 1 }]));
        let changed = diesel::delete(practice_adoptions::table).execute(&mut app.db());
        assert!(changed.unwrap_err().to_string().contains("append only"));
    }
}
