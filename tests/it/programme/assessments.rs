//! The life of an assessment through the public door: who fills it in, who looks at it, who sees what of it and
//! when, what is refused, many at once. And the loading of questionnaires.

use std::collections::BTreeMap;

use diesel::prelude::*;
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::schema::{
    assessment_answers, assessment_scores, assessments, questionnaires,
};
use serde_json::{Value, json};

use crate::finance::races::at_once;
use crate::programme::index::{WHOLE, answer, approved, begin, deed, published};
use crate::programme::{enrol, member};
use crate::support::app::TestApp;

const SEEN: &str = "query ($id: ID!, $city: ID!) { node(id: $id) { ... on Assessment { status returnedReason submittedAt consentsToScores consentsToAnswers publishedOn answers { question { code } state options { code } evidence sourceUrl reviewNote } scores { index { value } } } } assessments { totalCount } city(id: $city) { assessments { totalCount } } }";

fn consent(
    app: &TestApp,
    id: &str,
    city: intercultural_cities::kernel::ids::CityId,
    scores: bool,
    answers: bool,
) -> crate::support::actor::Answer {
    deed(
        &app.coordinator_of(city),
        "consentToPublication",
        id,
        &json!({ "scores": scores, "answers": answers }),
    )
}

crate::both_databases! {
    fn a_city_takes_the_index_and_lets_it_be_seen(app: &TestApp) {
        let (city, lyon) = (member(app, "Oslo", "NO", (2026, 3, 15)), app.city("Lyon", "FR"));
        let (coordinator, secretariat) = (app.coordinator_of(city), app.secretariat());
        let about = json!({ "about": { "takenOn": "2026-11-01", "population": 700_000, "foreignBornPercent": "25.5", "figuresSource": "The city's statistics" } });
        let id = begin(&coordinator, city, &about).done("beginAssessment", "/assessment/id");
        let input = json!({ "input": { "assessmentId": id, "version": 1, "answers": [
            { "question": "COMMITMENT_STATEMENT", "options": ["YES"], "evidence": "The council of 3 May", "sourceUrl": "https://example.org/minutes" },
            { "question": "EDUCATION_TEACHERS", "notApplicable": true },
            { "question": "SPACES_USE", "options": [] },
        ] } });
        let told = coordinator.tell("mutation ($input: AnswerQuestionsInput!) { answerQuestions(input: $input) { assessment { version foreignBornPercent population figuresSource } userErrors { code field message } } }", input);
        assert_eq!(told.data("/answerQuestions/assessment"), &json!({ "version": 2, "foreignBornPercent": "25.50", "population": 700_000, "figuresSource": "The city's statistics" }));
        // Answered again, and taken back.
        answer(&coordinator, &id, "SPACES_USE=PARKS COMMITMENT_AWARD=YES").done("answerQuestions", "/assessment/id");
        let back = json!({ "input": { "assessmentId": id, "version": 3, "answers": [{ "question": "COMMITMENT_AWARD" }] } });
        coordinator.tell("mutation ($input: AnswerQuestionsInput!) { answerQuestions(input: $input) { assessment { id } userErrors { code } } }", back).done("answerQuestions", "/assessment/id");

        let ids = json!({ "id": id, "city": city.public() });
        let unseen = |where_: &str| {
            for stranger in [app.coordinator_of(lyon), app.anonymous()] {
                let seen = stranger.ask_with(SEEN, ids.clone()).body["data"].clone();
                assert_eq!((&seen["node"], &seen["assessments"]["totalCount"], &seen["city"]["assessments"]["totalCount"]), (&Value::Null, &json!(0), &json!(0)), "{where_}");
            }
        };
        unseen("a draft");
        deed(&coordinator, "submitAssessment", &id, &json!({})).done("submitAssessment", "/assessment/id");
        unseen("submitted");
        assert_eq!(answer(&coordinator, &id, "SPACES_USE=SQUARES").refusal("answerQuestions"), "NOT_IN_STATE");

        let notes = json!({ "notes": [{ "question": "COMMITMENT_STATEMENT", "note": "Which council?" }] });
        deed(&secretariat, "annotateAnswers", &id, &notes).done("annotateAnswers", "/assessment/id");
        assert_eq!(deed(&secretariat, "annotateAnswers", &id, &json!({ "notes": [{ "question": "MEDIA_TRAINING", "note": "x" }] })).refusals("annotateAnswers"), [("NOT_FOUND".to_owned(), "notes.0.question".to_owned())]);
        assert_eq!(deed(&secretariat, "returnAssessment", &id, &json!({ "reason": " " })).refusal("returnAssessment"), "REQUIRED");
        assert_eq!(deed(&secretariat, "returnAssessment", &id, &json!({ "reason": "Say more." })).done("returnAssessment", "/assessment/status"), "DRAFT");
        let own = coordinator.ask_with(SEEN, ids.clone()).data("/node").clone();
        assert_eq!((&own["returnedReason"], &own["submittedAt"]), (&json!("Say more."), &Value::Null));
        assert_eq!(own["answers"], json!([
            { "question": { "code": "COMMITMENT_STATEMENT" }, "state": "ANSWERED", "options": [{ "code": "YES" }], "evidence": "The council of 3 May", "sourceUrl": "https://example.org/minutes", "reviewNote": "Which council?" },
            { "question": { "code": "EDUCATION_TEACHERS" }, "state": "NOT_APPLICABLE", "options": [], "evidence": null, "sourceUrl": null, "reviewNote": null },
            { "question": { "code": "SPACES_USE" }, "state": "ANSWERED", "options": [{ "code": "PARKS" }], "evidence": null, "sourceUrl": null, "reviewNote": null },
        ]));
        answer(&coordinator, &id, WHOLE).done("answerQuestions", "/assessment/id");
        deed(&coordinator, "submitAssessment", &id, &json!({})).done("submitAssessment", "/assessment/id");
        assert_eq!(deed(&secretariat, "approveAssessment", &id, &json!({})).done("approveAssessment", "/assessment/status"), "APPROVED");
        unseen("approved");

        assert_eq!(deed(&secretariat, "publishAssessment", &id, &json!({})).refusals("publishAssessment"), [("CONSENT_MISSING".to_owned(), "assessmentId".to_owned())]);
        consent(app, &id, city, true, false).done("consentToPublication", "/assessment/id");
        unseen("consented");
        deed(&secretariat, "publishAssessment", &id, &json!({})).done("publishAssessment", "/assessment/id");
        for stranger in [app.coordinator_of(lyon), app.anonymous()] {
            let seen = stranger.ask_with(SEEN, ids.clone()).body["data"].clone();
            assert_eq!((&seen["node"]["scores"]["index"]["value"], &seen["node"]["publishedOn"], &seen["node"]["answers"], &seen["node"]["returnedReason"]), (&json!("54.7"), &json!("2026-11-22"), &Value::Null, &Value::Null));
            assert_eq!((&seen["assessments"]["totalCount"], &seen["city"]["assessments"]["totalCount"]), (&json!(1), &json!(1)));
        }
        // The city takes it back itself, and lets the answers be seen with it the next time.
        assert_eq!(consent(app, &id, city, true, true).refusal("consentToPublication"), "NOT_IN_STATE");
        deed(&coordinator, "withdrawAssessment", &id, &json!({ "reason": "With answers, please" })).done("withdrawAssessment", "/assessment/id");
        unseen("taken back");
        assert_eq!(deed(&secretariat, "publishAssessment", &id, &json!({})).refusal("publishAssessment"), "CONSENT_MISSING");
        consent(app, &id, city, true, true).done("consentToPublication", "/assessment/id");
        deed(&secretariat, "publishAssessment", &id, &json!({})).done("publishAssessment", "/assessment/id");
        let seen = app.anonymous().ask_with(SEEN, ids).data("/node/answers").clone();
        assert_eq!(seen.as_array().unwrap().len(), 58);
        assert_eq!(seen[0], json!({ "question": { "code": "COMMITMENT_STATEMENT" }, "state": "ANSWERED", "options": [{ "code": "YES" }], "evidence": null, "sourceUrl": null, "reviewNote": null }));
    }

    fn whoever_may_not_is_turned_away_and_nothing_changes(app: &TestApp) {
        let (city, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let other = app.coordinator_of(lyon);
        assert_eq!(begin(&other, city, &json!({})).code(), "NOT_FOUND");
        for actor in [app.finance(), app.auditor()] {
            assert_eq!(begin(&actor, city, &json!({})).code(), "FORBIDDEN");
        }
        let id = begin(&app.coordinator_of(city), city, &json!({})).done("beginAssessment", "/assessment/id");
        assert_eq!(answer(&other, &id, "COMMITMENT_AWARD=YES").code(), "NOT_FOUND");
        assert_eq!(deed(&other, "submitAssessment", &id, &json!({})).code(), "NOT_FOUND");
        assert_eq!(deed(&app.coordinator_of(city), "submitAssessment", &id, &json!({})).refusals("submitAssessment"), [("REQUIRED".to_owned(), "assessmentId".to_owned())]);
        answer(&app.coordinator_of(city), &id, "COMMITMENT_AWARD=YES").done("answerQuestions", "/assessment/id");
        for (actor, code) in [(&other, "NOT_FOUND"), (&app.finance(), "FORBIDDEN"), (&app.secretariat(), "FORBIDDEN")] {
            let asked = deed(actor, "consentToPublication", &id, &json!({ "scores": true, "answers": true }));
            assert_eq!(asked.code(), code);
        }
        assert_eq!(consent(app, &id, city, true, true).refusal("consentToPublication"), "NOT_IN_STATE");
        // The secretariat may fill one in for a city; then somebody else approves it.
        let secretariat = app.secretariat();
        deed(&secretariat, "submitAssessment", &id, &json!({})).done("submitAssessment", "/assessment/id");
        assert_eq!(deed(&secretariat, "approveAssessment", &id, &json!({})).refusals("approveAssessment"), [("SECOND_PERSON_NEEDED".to_owned(), "assessmentId".to_owned())]);
        for verb in ["approveAssessment", "publishAssessment"] {
            assert_eq!(deed(&app.coordinator_of(city), verb, &id, &json!({})).code(), "FORBIDDEN", "{verb}");
        }
        deed(&app.secretariat(), "approveAssessment", &id, &json!({})).done("approveAssessment", "/assessment/id");
        assert_eq!(deed(&app.secretariat(), "approveAssessment", &id, &json!({})).refusal("approveAssessment"), "NOT_IN_STATE");
        let stale = json!({ "input": { "assessmentId": id, "version": 1, "reason": "x" } });
        assert_eq!(app.secretariat().tell("mutation ($input: WithdrawAssessmentInput!) { withdrawAssessment(input: $input) { userErrors { code } } }", stale).code(), "STALE");
    }

    fn what_does_not_fit_is_refused_as_a_whole(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        let coordinator = app.coordinator_of(city);
        let wrong = json!({ "about": { "takenOn": "2026-11-23", "population": 0, "foreignBornPercent": "100.01" } });
        let fields = |refusals: Vec<(String, String)>| refusals.into_iter().map(|(_, field)| field).collect::<Vec<_>>();
        assert_eq!(fields(begin(&coordinator, city, &wrong).refusals("beginAssessment")), ["about.takenOn", "about.population", "about.foreignBornPercent"]);
        assert_eq!(fields(begin(&coordinator, city, &json!({ "about": { "takenOn": "2026-11-22", "foreignBornPercent": "1.234" } })).refusals("beginAssessment")), ["about.foreignBornPercent"]);
        let id = begin(&coordinator, city, &json!({})).done("beginAssessment", "/assessment/id");
        assert_eq!(begin(&coordinator, city, &json!({})).refusals("beginAssessment"), [("ASSESSMENT_OPEN".to_owned(), "cityId".to_owned())]);
        let refused = answer(&coordinator, &id, "COMMITMENT_AWARD=YES COMMITMENT_PAGE=MAYBE NOTHING=YES SPACES_USE=PARKS+PARKS COMMITMENT_STRATEGY=");
        assert_eq!(fields(refused.refusals("answerQuestions")), ["answers.1.options", "answers.2.question", "answers.3.options", "answers.4.options"]);
        let both = json!({ "input": { "assessmentId": id, "version": 1, "answers": [{ "question": "COMMITMENT_AWARD", "options": ["YES"], "notApplicable": true }] } });
        assert_eq!(coordinator.tell("mutation ($input: AnswerQuestionsInput!) { answerQuestions(input: $input) { userErrors { code field message } } }", both).refusals("answerQuestions"), [("AMBIGUOUS".to_owned(), "answers.0.notApplicable".to_owned())]);
        let kept: i64 = assessment_answers::table.count().get_result(&mut app.db()).unwrap();
        assert_eq!(kept, 0);

        let removed = coordinator.tell("mutation ($input: DiscardAssessmentInput!) { discardAssessment(input: $input) { assessmentId userErrors { code } } }", json!({ "input": { "assessmentId": id, "version": 1 } }));
        assert_eq!(removed.done("discardAssessment", "/assessmentId"), id);
        begin(&coordinator, city, &json!({})).done("beginAssessment", "/assessment/id");
    }

    fn an_assessment_is_the_index_of_a_package(app: &TestApp) {
        let (city, lyon) = (member(app, "Oslo", "NO", (2026, 3, 15)), member(app, "Lyon", "FR", (2026, 3, 15)));
        let (package, theirs) = (enrol(app, city, (2026, 3, 15)), enrol(app, lyon, (2026, 3, 15)));
        let index = crate::programme::activity(app, package, "INDEX", 1);
        let refused = |activity: &str| begin(&app.secretariat(), city, &json!({ "activityId": activity })).refusals("beginAssessment");
        for wrong in [crate::programme::activity(app, theirs, "INDEX", 1), crate::programme::activity(app, package, "EXPERT_VISIT", 1)] {
            assert_eq!(refused(&wrong), [("NOT_FOUND".to_owned(), "activityId".to_owned())]);
        }
        let id = approved(app, city, Some(&index), "COMMITMENT_AWARD=YES");
        let shown = app.coordinator_of(city).ask_with("query ($id: ID!) { node(id: $id) { ... on Assessment { activity { id } } } }", json!({ "id": id }));
        assert_eq!(shown.text("/node/activity/id"), index);
        assert_eq!(refused(&index), [("IDENTIFIER_TAKEN".to_owned(), "activityId".to_owned())]);
    }

    fn one_of_many_at_once_begins_and_each_version_is_answered_once(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        crate::programme::index::own_questionnaire(app);
        let coordinator = app.coordinator_of(city);
        let begun = at_once(8, |_| begin(&coordinator, city, &json!({})).refusals("beginAssessment"));
        assert_eq!(begun.iter().filter(|refusals| refusals.is_empty()).count(), 1, "{begun:?}");
        assert!(begun.iter().flatten().all(|(code, _)| code == "ASSESSMENT_OPEN"), "{begun:?}");
        let id = app.coordinator_of(city).ask("{ assessments { nodes { id } } }").text("/assessments/nodes/0/id").to_owned();
        let input = |place: usize| json!({ "input": { "assessmentId": id, "version": 1, "answers": [{ "question": "COMMITMENT_AWARD", "options": [if place.is_multiple_of(2) { "YES" } else { "NO" }] }] } });
        let answers = at_once(8, |place| coordinator.tell("mutation ($input: AnswerQuestionsInput!) { answerQuestions(input: $input) { assessment { version } userErrors { code } } }", input(place)));
        let won = answers.iter().filter(|answer| answer.body["data"]["answerQuestions"]["assessment"]["version"] == 2).count();
        let stale = answers.iter().filter(|answer| answer.body["errors"][0]["extensions"]["code"] == "STALE").count();
        assert_eq!((won, stale), (1, 7));
    }

    fn the_database_keeps_what_is_approved(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        approved(app, city, None, "COMMITMENT_AWARD=YES");
        let attempts: [&dyn Fn(&mut intercultural_cities::db::Tx<'_>) -> QueryResult<usize>; 6] = [
            &|tx| diesel::update(assessment_answers::table).set(assessment_answers::evidence.eq("x")).execute(tx.db),
            &|tx| diesel::delete(assessment_answers::table).execute(tx.db),
            &|tx| diesel::update(assessment_scores::table).set(assessment_scores::points.eq(0)).execute(tx.db),
            &|tx| diesel::delete(assessment_scores::table).execute(tx.db),
            &|tx| diesel::update(questionnaires::table).set(questionnaires::edition.eq(9)).execute(tx.db),
            &|tx| diesel::update(assessments::table).set(assessments::status.eq("PUBLISHED")).execute(tx.db),
        ];
        for (place, attempt) in attempts.iter().enumerate() {
            assert!(app.try_arrange(|tx| Ok(attempt(tx)?)).is_err(), "{place}");
        }
    }

    fn a_questionnaire_is_loaded_once_and_for_all(app: &TestApp) {
        crate::programme::index::own_questionnaire(app);
        let own = include_str!("../../../data/questionnaires/own-equal-weights-1.toml");
        let load = |content: &str| app.secretariat().tell("mutation ($input: LoadQuestionnaireInput!) { loadQuestionnaire(input: $input) { questionnaire { code edition name(language: \"da\") questions(indicator: MEDIATION) { code } } userErrors { code field message } } }", json!({ "input": { "content": content } }));
        assert_eq!(load(own).done("loadQuestionnaire", "/questionnaire/name"), "Projektets spørgeskema med lige vægte");
        assert_eq!(load(&own.replacen("effort = 1", "effort = 2", 1)).refusals("loadQuestionnaire"), [("IDENTIFIER_TAKEN".to_owned(), "content".to_owned())]);
        let second = own.replacen("edition = 1", "edition = 2", 1);
        let unknown = second.replacen("[scales.yes-no]", "[earlier]\ncode = \"own-equal-weights\"\nedition = 1\nrenamed = { COMMITMENT_AWARD = \"COMMITMENT_PRIZE\" }\n[scales.yes-no]", 1);
        assert_eq!(load(&unknown).refusals("loadQuestionnaire"), [("NOT_FOUND".to_owned(), "content".to_owned())]);
        assert_eq!(load(&unknown.replace("COMMITMENT_PRIZE", "COMMITMENT_AWARD")).data("/loadQuestionnaire/questionnaire/edition"), 2);
        assert_eq!(load("code = ").refusals("loadQuestionnaire").len(), 1);
        let listed = app.anonymous().ask("{ questionnaires { edition } indicators { code name(language: \"da\") isOfTheLens } }");
        assert_eq!(listed.data("/questionnaires"), &json!([{ "edition": 2 }, { "edition": 1 }]));
        assert_eq!(listed.data("/indicators/7"), &json!({ "code": "MEDIATION", "name": "Mægling og konfliktløsning", "isOfTheLens": false }));
        for actor in [app.finance(), app.coordinator_of(app.city("Oslo", "NO"))] {
            let refused = actor.tell("mutation ($input: LoadQuestionnaireInput!) { loadQuestionnaire(input: $input) { userErrors { code } } }", json!({ "input": { "content": own } }));
            assert_eq!(refused.code(), "FORBIDDEN");
        }
    }

    fn lists_are_by_day_and_of_those_who_may_see_them(app: &TestApp) {
        let (oslo, vic) = (app.city("Oslo", "NO"), app.city("Vic", "ES"));
        let mut ids = BTreeMap::new();
        ids.insert("hidden", approved(app, oslo, None, WHOLE));
        ids.insert("shown", published(app, vic, WHOLE, false));
        let draft = begin(&app.coordinator_of(oslo), oslo, &json!({ "about": { "takenOn": "2026-06-01" } })).done("beginAssessment", "/assessment/id");
        ids.insert("draft", draft);
        let listed = |actor: &crate::support::actor::Actor<'_>, filter: Value| {
            let answer = actor.ask_with("query ($filter: AssessmentFilterInput) { assessments(filter: $filter) { totalCount nodes { id } } }", json!({ "filter": filter }));
            let nodes = answer.data("/assessments/nodes").as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
            let names = nodes.iter().map(|id| *ids.iter().find(|(_, known)| *known == id).unwrap().0).collect::<Vec<_>>();
            assert_eq!(answer.data("/assessments/totalCount"), names.len());
            names.join(" ")
        };
        assert_eq!(listed(&app.secretariat(), json!({ "takenOn": { "gte": "2026-05-01" } })), "draft");
        assert_eq!(listed(&app.coordinator_of(oslo), json!({ "status": ["APPROVED", "PUBLISHED"], "cityId": [oslo.public()] })), "hidden");
        assert_eq!(listed(&app.coordinator_of(vic), Value::Null), "shown");
        assert_eq!(listed(&app.anonymous(), json!({ "cityId": [oslo.public(), vic.public()] })), "shown");
        assert_eq!(listed(&app.anonymous(), json!({ "status": ["DRAFT"] })), "");
        assert_eq!(listed(&app.coordinator_of(oslo), json!({ "updatedAt": { "gte": "2027-01-01T00:00:00Z" } })), "");
    }
}
