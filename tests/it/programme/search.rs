//! The search, through the public door.

use intercultural_cities::kernel::ids::CityId;
use intercultural_cities::programme::practices;
use serde_json::{Value, json};

use crate::programme::documents::{deed, drafted, publish};
use crate::programme::practice_proposals::{public, published, words};
use crate::support::actor::Actor;
use crate::support::app::TestApp;

const SEARCH: &str = "query ($text: String!, $kind: [SubjectKind!]) { search(text: $text, kind: $kind) { hasEveryWord corrected unknown hits { kind title language excerpt { text isMatch } subject { __typename ... on Practice { slug } ... on Document { title } ... on Step { number } } } } }";

fn search(actor: &Actor<'_>, text: &str) -> Value {
    actor
        .ask_with(SEARCH, json!({ "text": text }))
        .data("/search")
        .clone()
}

/// What was found, the best first, by a short name.
#[track_caller]
fn names(actor: &Actor<'_>, text: &str) -> Vec<String> {
    let found = search(actor, text);
    let hits = found["hits"].as_array().unwrap().iter();
    let name = |hit: &Value| {
        let subject = &hit["subject"];
        let name = subject["slug"].as_str().or(subject["title"].as_str());
        name.map_or_else(
            || {
                format!(
                    "{} {}",
                    hit["kind"].as_str().unwrap(),
                    hit["title"].as_str().unwrap()
                )
            },
            str::to_owned,
        )
    };
    hits.map(name).collect()
}

fn marked(hit: &Value) -> Vec<&str> {
    let parts = hit["excerpt"].as_array().unwrap().iter();
    let matches = parts.filter(|part| part["isMatch"] == true);
    matches.map(|part| part["text"].as_str().unwrap()).collect()
}

fn library(app: &TestApp) -> CityId {
    app.arrange(|tx| practices::ensure_reference(tx, &app.app.reference));
    let aarhus = app.city("Århus", "DK");
    public(app, aarhus);
    published(app, aarhus, &words());
    aarhus
}

crate::both_databases! {
    fn a_person_finds_what_they_expect(app: &TestApp) {
        library(app);
        let anybody = app.anonymous();
        assert_eq!(names(&anybody, "velkomstcenter")[0], "rotterdam-welcome-centre");
        for text in ["Aarhus", "Århus", "A\u{30a}rhus", "arhus", "ÅRHUS"] {
            assert_eq!(names(&anybody, text)[0], "aarhus-velkomstvaerter-i-gellerup", "{text}");
        }
        for text in ["byudvikling", "by\u{ad}udvikling", "Byudviklingen"] {
            let found = names(&anybody, text);
            assert!(found[0].starts_with("POLICY_CELL Byudvikling"), "{text}: {found:?}");
        }
        let found = search(&anybody, "Roterdam");
        assert_eq!(found["hits"][0]["subject"]["slug"], "rotterdam-welcome-centre");
        assert_eq!((&found["corrected"], &found["unknown"]), (&json!(["roterdam"]), &json!([])));
        assert_eq!(names(&anybody, "mediation")[0], "vic-mediation");
        // Two words hold together; what nothing has is told.
        assert_eq!(names(&anybody, "welcome housing")[0], "rotterdam-welcome-centre");
        let found = search(&anybody, "velkomstcenter qwxzqwxz");
        assert_eq!((&found["hasEveryWord"], &found["unknown"]), (&json!(false), &json!(["qwxzqwxz"])));
        assert_eq!(found["hits"][0]["subject"]["slug"], "rotterdam-welcome-centre");
        // What is not found is told as it was written, and a stem begins no other word.
        assert_eq!(search(&anybody, "zwanzigers neighboured")["unknown"][0], "zwanzigers");
        let found = names(&anybody, "police");
        assert!(!found.is_empty() && found.iter().all(|name| !name.starts_with("POLICY_CELL The labour market")), "{found:?}");
        for text in ["", "  ", "?!", "«»", "qwxzqwxz"] {
            assert_eq!(search(&anybody, text)["hits"], json!([]), "{text}");
        }
        for text in ["x".repeat(201), "a ".repeat(101)] {
            assert_eq!(anybody.ask_with(SEARCH, json!({ "text": text })).code(), "BAD_REQUEST");
        }
    }

    fn an_excerpt_shows_what_was_found(app: &TestApp) {
        library(app);
        let found = search(&app.anonymous(), "velkomstcenter");
        assert_eq!(marked(&found["hits"][0]), ["velkomstcenter", "Velkomstcentret"]);
        assert_eq!((&found["hits"][0]["language"], &found["hits"][0]["kind"]), (&json!("da"), &json!("PRACTICE")));
        let found = search(&app.anonymous(), "NABO");
        let marks = marked(&found["hits"][0]);
        assert!(marks.contains(&"naboer") || marks.contains(&"nabo"), "{marks:?}");
        let only = app.anonymous().ask_with(SEARCH, json!({ "text": "byudvikling", "kind": ["STEP"] }));
        let kinds: Vec<_> = only.data("/search/hits").as_array().unwrap().iter().map(|hit| hit["kind"].clone()).collect();
        assert!(kinds.iter().all(|kind| kind == "STEP"), "{kinds:?}");
    }

    fn what_changes_is_found_at_once_and_what_goes_is_not(app: &TestApp) {
        let city = library(app);
        let anybody = app.anonymous();
        assert_eq!(names(&anybody, "cykelværksted"), [""; 0]);
        let mut said = words();
        said["title"]["da"] = json!("Cykelværkstedet");
        let practice = published(app, city, &said);
        assert_eq!(names(&anybody, "cykelværksted"), ["aarhus-cykelvaerkstedet"]);
        let archive = "mutation ($input: ArchivePracticeInput!) { archivePractice(input: $input) { userErrors { code } } }";
        let answer = app.secretariat().tell(archive, json!({ "input": { "practiceId": practice, "version": 1, "reason": "It ended." } }));
        assert_eq!(answer.data("/archivePractice/userErrors"), &json!([]));
        assert_eq!(names(&anybody, "cykelværksted"), [""; 0]);
        // Another instance on the same database answers alike.
        let other = intercultural_cities::programme::search::SearchIndex::new().unwrap();
        other.keep_up(&mut app.db(), &app.app.files, &app.app.reference).unwrap();
        assert_eq!(names(&anybody, "Gellerup"), ["aarhus-velkomstvaerter-i-gellerup"]);
    }

    fn nobody_finds_what_they_may_not_read(app: &TestApp) {
        let oslo = library(app);
        let lyon = app.city("Lyon", "FR");
        let (own, stranger, anybody) = (app.coordinator_of(oslo), app.coordinator_of(lyon), app.anonymous());
        // Made of letters that no other text has near each other, so that nothing similar is found either.
        let text = "The harbour quarter lacks a zwanziger.";
        let before: Vec<Value> = ["harbour", "quarter", "zwanziger", "zwanzigar"].iter().map(|word| search(&stranger, word)).collect();
        let id = drafted(app, oslo, "Analyse af havnen", "en", text);
        let found = |actor: &Actor<'_>| names(actor, "zwanziger");
        assert_eq!(found(&app.secretariat()), ["Analyse af havnen"]);
        assert_eq!((found(&own), found(&stranger), found(&anybody)), (vec![], vec![], vec![]));

        deed(&app.secretariat(), "openFactCheck", &json!({ "documentId": id, "version": 1 })).done("openFactCheck", "/document/id");
        assert_eq!((found(&own), found(&stranger), found(&anybody)), (vec!["Analyse af havnen".to_owned()], vec![], vec![]));
        assert_eq!(found(&app.finance()), ["Analyse af havnen"], "who sees all programmes");
        // Neither hits nor corrections nor their order tell of it.
        for (place, word) in ["harbour", "quarter", "zwanziger", "zwanzigar"].iter().enumerate() {
            assert_eq!(search(&stranger, word), before[place], "{word}");
        }
        // A proposed practice is nobody's to find.
        let mut said = words();
        said["title"]["da"] = json!("Xylofonskolen");
        let propose = "mutation ($input: ProposePracticeInput!) { proposePractice(input: $input) { proposal { id } userErrors { code } } }";
        own.tell(propose, json!({ "input": { "cityId": intercultural_cities::kernel::ids::Id::public(oslo), "content": said } })).done("proposePractice", "/proposal/id");
        for actor in [&own, &stranger, &app.secretariat()] {
            assert_eq!(names(actor, "xylofonskolen"), [""; 0]);
        }

        let id = drafted(app, oslo, "Havnen", "da", "Havnekvarteret mangler et værtshus.");
        publish(app, oslo, &id);
        assert_eq!(names(&anybody, "havnekvarter"), ["Havnen"]);
        deed(&app.secretariat(), "withdrawDocument", &json!({ "documentId": id, "version": 5, "reason": "wrong" })).done("withdrawDocument", "/document/id");
        assert_eq!(names(&anybody, "havnekvarter"), [""; 0]);
        assert_eq!(names(&app.secretariat(), "havnekvarter"), [""; 0]);
    }
}
