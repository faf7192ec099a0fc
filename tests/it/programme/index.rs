//! Scores through the public door: three submissions worked out by hand, comparison, benchmarks, what could be
//! better, pictures. And the helpers for assessments that other tests use.

use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::app::TestApp;

const BEGIN: &str = "mutation ($input: BeginAssessmentInput!) { beginAssessment(input: $input) { assessment { id status population } userErrors { code field message } } }";
const ANSWER: &str = "mutation ($input: AnswerQuestionsInput!) { answerQuestions(input: $input) { assessment { id version } userErrors { code field message } } }";
const SCORES: &str = "query ($id: ID!) { node(id: $id) { ... on Assessment { scores { index { value exact } lens { value exact } indicators { indicator points most missing notApplicable score { exact } } } } } }";

/// The questionnaire of the project, which is put in when it is not there.
pub fn own_questionnaire(app: &TestApp) -> String {
    app.arrange(intercultural_cities::programme::questionnaires::ensure_own);
    let answer = app.anonymous().ask("{ questionnaires { id code } }");
    answer.text("/questionnaires/0/id").to_owned()
}

#[track_caller]
pub fn begin(actor: &Actor<'_>, city: CityId, fields: &Value) -> Answer {
    let mut input = json!({ "cityId": city.public(), "questionnaireId": own_questionnaire(actor.app()), "about": { "takenOn": "2026-03-01" } });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(BEGIN, json!({ "input": input }))
}

/// Answers such as `COMMITMENT_STATEMENT=YES SPACES_USE=PARKS+SQUARES MEDIA_TRAINING=-`: `-` does not apply.
#[track_caller]
pub fn answer(actor: &Actor<'_>, id: &str, answers: &str) -> Answer {
    let answers: Vec<Value> = answers
        .split_whitespace()
        .map(|pair| {
            let (question, codes) = pair.split_once('=').unwrap();
            let options: Vec<&str> = codes.split('+').filter(|code| !code.is_empty()).collect();
            if codes == "-" {
                json!({ "question": question, "notApplicable": true })
            } else {
                json!({ "question": question, "options": options })
            }
        })
        .collect();
    let input =
        json!({ "assessmentId": id, "version": actor.app().version(id), "answers": answers });
    actor.tell(ANSWER, json!({ "input": input }))
}

/// A deed with an assessment that takes nothing but its version and these fields.
#[track_caller]
pub fn deed(actor: &Actor<'_>, verb: &str, id: &str, fields: &Value) -> Answer {
    let mut input = json!({ "assessmentId": id, "version": actor.app().version(id) });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    let of = verb[..1].to_uppercase() + &verb[1..];
    let mutation = format!(
        "mutation ($input: {of}Input!) {{ {verb}(input: $input) {{ assessment {{ id status }} userErrors {{ code field message }} }} }}"
    );
    actor.tell(&mutation, json!({ "input": input }))
}

/// An assessment of the city with these answers whose scores are approved.
#[track_caller]
pub fn approved(app: &TestApp, city: CityId, activity: Option<&str>, answers: &str) -> String {
    let coordinator = app.coordinator_of(city);
    let id = begin(&coordinator, city, &json!({ "activityId": activity }))
        .done("beginAssessment", "/assessment/id");
    answer(&coordinator, &id, answers).done("answerQuestions", "/assessment/id");
    deed(&coordinator, "submitAssessment", &id, &json!({}))
        .done("submitAssessment", "/assessment/id");
    let waits = app.secretariat().ask("{ attention(filter: { rule: [ASSESSMENT_WAITING] }) { nodes { object { ... on Assessment { id } } } } }");
    assert_eq!(waits.text("/attention/nodes/0/object/id"), id);
    deed(&app.secretariat(), "approveAssessment", &id, &json!({}))
        .done("approveAssessment", "/assessment/id");
    id
}

/// The same, published with or without its answers.
#[track_caller]
pub fn published(app: &TestApp, city: CityId, answers: &str, with_answers: bool) -> String {
    let id = approved(app, city, None, answers);
    let consent = json!({ "scores": true, "answers": with_answers });
    deed(
        &app.coordinator_of(city),
        "consentToPublication",
        &id,
        &consent,
    )
    .done("consentToPublication", "/assessment/id");
    deed(&app.secretariat(), "publishAssessment", &id, &json!({}))
        .done("publishAssessment", "/assessment/id");
    id
}

/// Every question answered.
pub const WHOLE: &str = "COMMITMENT_STATEMENT=YES COMMITMENT_STRATEGY=FUNDED COMMITMENT_SPEECHES=IN_PART COMMITMENT_AWARD=NO COMMITMENT_PAGE=YES
    EDUCATION_MIX=SOME EDUCATION_TEACHERS=NO EDUCATION_PARENTS=YES EDUCATION_PROJECTS=IN_PART EDUCATION_POLICY=ADOPTED
    NEIGHBOURHOODS_MIX=SOME NEIGHBOURHOODS_MEETINGS=YES NEIGHBOURHOODS_WITHIN=IN_PART NEIGHBOURHOODS_POLICY=NONE
    SERVICES_EMPLOYEES=LOWER_LEVELS SERVICES_RECRUITMENT=EVALUATED SERVICES_ADAPTED=SCHOOL_MEALS+FUNERALS+SPORTS SERVICES_ACCESS=NO
    BUSINESS_PARTNERSHIP=YES BUSINESS_CHARTER=IN_PART BUSINESS_ENTREPRENEURS=YES BUSINESS_SKILLS=NO
    CULTURE_GRANTS=YES CULTURE_EVENTS=YES CULTURE_ORGANISATIONS=IN_PART CULTURE_DEBATE=NO
    SPACES_USE=LIBRARIES+PARKS SPACES_DESIGN=IN_PART SPACES_CONSULTATION=YES SPACES_SAFETY=ADDRESSED
    MEDIATION_SERVICE=ASSOCIATIONS MEDIATION_PLACES= MEDIATION_RELIGIONS=NO MEDIATION_TRAINING=IN_PART
    LANGUAGE_COURSES=NEWCOMERS+AT_HOME LANGUAGE_IMAGE=NO LANGUAGE_MEDIA=NO LANGUAGE_FORMS=YES
    MEDIA_STRATEGY=NONE MEDIA_TRAINING=NO MEDIA_MONITORING=IN_PART MEDIA_RELATION=YES
    OUTLOOK_POLICY=FUNDED OUTLOOK_ORIGIN=IN_PART OUTLOOK_STUDENTS=YES OUTLOOK_AGENCY=YES
    INTELLIGENCE_DATA=YES INTELLIGENCE_SURVEY=YES INTELLIGENCE_TRAINING=IN_PART INTELLIGENCE_RUMOURS=NO
    WELCOMING_OFFICE=YES WELCOMING_PACKAGE=YES WELCOMING_GROUPS=STUDENTS+REFUGEES+WORKERS WELCOMING_CEREMONY=NO
    GOVERNANCE_COUNCIL=IN_PART GOVERNANCE_ADVISORY=MIXED GOVERNANCE_BOARDS=NO GOVERNANCE_VOTE=YES";

/// Much is missing, and much does not apply.
const PATCHY: &str = "EDUCATION_MIX=ALL EDUCATION_TEACHERS=- EDUCATION_PARENTS=YES
    NEIGHBOURHOODS_MIX=- NEIGHBOURHOODS_MEETINGS=- NEIGHBOURHOODS_WITHIN=- NEIGHBOURHOODS_POLICY=-
    SERVICES_ADAPTED=
    BUSINESS_PARTNERSHIP=YES BUSINESS_CHARTER=- BUSINESS_ENTREPRENEURS=- BUSINESS_SKILLS=-
    MEDIATION_SERVICE=INTERCULTURAL MEDIATION_PLACES=-";

/// The middle of everything.
const MIDDLING: &str = "COMMITMENT_STATEMENT=YES COMMITMENT_STRATEGY=ADOPTED COMMITMENT_SPEECHES=IN_PART COMMITMENT_AWARD=YES COMMITMENT_PAGE=YES
    EDUCATION_MIX=SOME EDUCATION_TEACHERS=IN_PART EDUCATION_PARENTS=IN_PART EDUCATION_PROJECTS=IN_PART EDUCATION_POLICY=ADOPTED
    NEIGHBOURHOODS_MIX=SOME NEIGHBOURHOODS_MEETINGS=IN_PART NEIGHBOURHOODS_WITHIN=IN_PART NEIGHBOURHOODS_POLICY=ADOPTED
    SERVICES_EMPLOYEES=MOST_LEVELS SERVICES_RECRUITMENT=ADOPTED SERVICES_ADAPTED=CARE SERVICES_ACCESS=IN_PART
    BUSINESS_PARTNERSHIP=YES BUSINESS_CHARTER=IN_PART BUSINESS_ENTREPRENEURS=IN_PART BUSINESS_SKILLS=IN_PART
    CULTURE_GRANTS=IN_PART CULTURE_EVENTS=IN_PART CULTURE_ORGANISATIONS=IN_PART CULTURE_DEBATE=IN_PART
    SPACES_USE=SQUARES SPACES_DESIGN=IN_PART SPACES_CONSULTATION=IN_PART SPACES_SAFETY=NONE
    MEDIATION_SERVICE=GENERAL MEDIATION_PLACES=SCHOOLS MEDIATION_RELIGIONS=IN_PART MEDIATION_TRAINING=IN_PART
    LANGUAGE_COURSES=NEWCOMERS LANGUAGE_IMAGE=IN_PART LANGUAGE_MEDIA=YES LANGUAGE_FORMS=IN_PART
    MEDIA_STRATEGY=ADOPTED MEDIA_TRAINING=IN_PART MEDIA_MONITORING=IN_PART MEDIA_RELATION=IN_PART
    OUTLOOK_POLICY=ADOPTED OUTLOOK_ORIGIN=IN_PART OUTLOOK_STUDENTS=IN_PART OUTLOOK_AGENCY=YES
    INTELLIGENCE_DATA=IN_PART INTELLIGENCE_SURVEY=IN_PART INTELLIGENCE_TRAINING=IN_PART INTELLIGENCE_RUMOURS=YES
    WELCOMING_OFFICE=YES WELCOMING_PACKAGE=IN_PART WELCOMING_GROUPS=FAMILIES WELCOMING_CEREMONY=YES
    GOVERNANCE_COUNCIL=IN_PART GOVERNANCE_ADVISORY=MINORITIES GOVERNANCE_BOARDS=IN_PART GOVERNANCE_VOTE=IN_PART";

/// What each indicator earns, in the order of the index, as points of most; then lens and index.
type Expected = (
    [(i64, i64); 14],
    (&'static str, &'static str),
    (&'static str, &'static str),
);

crate::both_databases! {
    fn three_submissions_come_out_as_worked_out_by_hand(app: &TestApp) {
        let table: [(&str, Expected); 3] = [
            // 100/14 × (5/8 + 5/12 + 4/9 + 7/12 + 4/7 + 5/8 + 6/10 + 2/11 + 4/9 + 3/9 + 6/8 + 5/7 + 6/8 + 5/8).
            (WHOLE, ([(5, 8), (5, 12), (4, 9), (7, 12), (4, 7), (5, 8), (6, 10), (2, 11), (4, 9), (3, 9), (6, 8), (5, 7), (6, 8), (5, 8)], ("54.0", "40835/756"), ("54.7", "1062335/19404"))),
            // Neighbourhoods have no question that applies: 100/13 × (5/10 + 1/1 + 3/7); the lens is 100/5 × 3/2.
            (PATCHY, ([(0, 8), (5, 10), (0, 0), (0, 12), (1, 1), (0, 8), (0, 10), (3, 7), (0, 9), (0, 9), (0, 8), (0, 7), (0, 8), (0, 8)], ("30.0", "30"), ("14.8", "1350/91"))),
            // 100/14 × (5/8 + 5/12 + 4/9 + 5/12 + 4/7 + 4/8 + 5/10 + 5/11 + 4/9 + 4/9 + 4/8 + 4/7 + 4/8 + 4/8).
            (MIDDLING, ([(5, 8), (5, 12), (4, 9), (5, 12), (4, 7), (4, 8), (5, 10), (5, 11), (4, 9), (4, 9), (4, 8), (4, 7), (4, 8), (4, 8)], ("47.5", "8975/189"), ("49.2", "318275/6468"))),
        ];
        for (place, (answers, (points, lens, index))) in table.into_iter().enumerate() {
            let city = app.city(&format!("City {place}"), "NO");
            let coordinator = app.coordinator_of(city);
            let id = begin(&coordinator, city, &json!({})).done("beginAssessment", "/assessment/id");
            answer(&coordinator, &id, answers).done("answerQuestions", "/assessment/id");
            let draft = coordinator.ask_with(SCORES, json!({ "id": id })).data("/node/scores").clone();
            let earned: Vec<(i64, i64)> = draft["indicators"].as_array().unwrap().iter().map(|one| (one["points"].as_i64().unwrap(), one["most"].as_i64().unwrap())).collect();
            assert_eq!(earned, points);
            assert_eq!(draft["lens"], json!({ "value": lens.0, "exact": lens.1 }));
            assert_eq!(draft["index"], json!({ "value": index.0, "exact": index.1 }));
            // What is approved is the same for good.
            deed(&coordinator, "submitAssessment", &id, &json!({})).done("submitAssessment", "/assessment/id");
            deed(&app.secretariat(), "approveAssessment", &id, &json!({})).done("approveAssessment", "/assessment/id");
            assert_eq!(coordinator.ask_with(SCORES, json!({ "id": id })).data("/node/scores"), &draft);
        }
        let found = intercultural_cities::programme::assessments::differences(&mut app.db()).unwrap();
        assert!(found.is_empty(), "{found:?}");
    }

    fn what_is_missing_and_what_does_not_apply_is_shown(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        let id = approved(app, city, None, PATCHY);
        let scores = app.coordinator_of(city).ask_with(SCORES, json!({ "id": id })).data("/node/scores/indicators").clone();
        let of = |place: usize| (scores[place]["missing"].as_i64().unwrap(), scores[place]["notApplicable"].as_i64().unwrap(), scores[place]["score"]["exact"].clone());
        assert_eq!(of(0), (5, 0, json!("0")));
        assert_eq!(of(1), (2, 1, json!("50")));
        assert_eq!(of(2), (0, 4, Value::Null));
        assert_eq!(of(7), (2, 1, json!("300/7")));
    }

    fn two_assessments_are_compared_answer_by_answer(app: &TestApp) {
        let city = app.city("Copenhagen", "DK");
        let (before, after) = (approved(app, city, None, WHOLE), approved(app, city, None, MIDDLING));
        let query = "query ($before: ID!, $after: ID!) { compareAssessments(before: $before, after: $after) { comparable questions before { exact } after { exact } indicators { indicator comparable change { exact value } answers { question { code } before after effect { exact } } } } }";
        let ids = json!({ "before": before, "after": after });
        let found = app.coordinator_of(city).ask_with(query, ids.clone()).data("/compareAssessments").clone();
        assert_eq!((&found["comparable"], &found["questions"]), (&json!(58), &json!(58)));
        assert_eq!((&found["before"]["exact"], &found["after"]["exact"]), (&json!("1062335/19404"), &json!("318275/6468")));
        let mediation = &found["indicators"][7];
        assert_eq!((&mediation["indicator"], &mediation["change"]), (&json!("MEDIATION"), &json!({ "exact": "300/11", "value": "27.3" })));
        assert_eq!(mediation["answers"], json!([
            { "question": { "code": "MEDIATION_SERVICE" }, "before": ["ASSOCIATIONS"], "after": ["GENERAL"], "effect": { "exact": "100/11" } },
            { "question": { "code": "MEDIATION_PLACES" }, "before": [], "after": ["SCHOOLS"], "effect": { "exact": "100/11" } },
            { "question": { "code": "MEDIATION_RELIGIONS" }, "before": ["NO"], "after": ["IN_PART"], "effect": { "exact": "100/11" } },
        ]));
        // Nobody else compares what is not published, and the words are those for what is not there.
        let other = app.coordinator_of(app.city("Lyon", "FR"));
        for stranger in [&other, &app.anonymous()] {
            assert_eq!(stranger.ask_with(query, ids.clone()).code(), "NOT_FOUND");
        }
    }

    fn better_answers_are_named_with_what_they_bring(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        let id = approved(app, city, None, WHOLE);
        let query = "query ($id: ID!, $answers: [AnswerInput!]!) { node(id: $id) { ... on Assessment { improvements(first: 3) { question { code effort } points gain { exact value } best { code } } whatIf(answers: $answers) { index { exact } } scores { index { exact } } } } }";
        let suppose = json!([{ "question": "CULTURE_DEBATE", "options": ["YES"] }]);
        let asked = json!({ "id": id, "answers": suppose });
        let found = app.coordinator_of(city).ask_with(query, asked.clone()).data("/node").clone();
        // Two of eight points of culture, for work of one: 100 × 2/8 / 14.
        assert_eq!(found["improvements"][0], json!({ "question": { "code": "CULTURE_DEBATE", "effort": 1 }, "points": 0, "gain": { "exact": "25/14", "value": "1.8" }, "best": [{ "code": "YES" }] }));
        assert_eq!(found["improvements"].as_array().unwrap().len(), 3);
        // 1062335/19404 + 25/14, and nothing was kept.
        assert_eq!((&found["whatIf"]["index"]["exact"], &found["scores"]["index"]["exact"]), (&json!("1096985/19404"), &json!("1062335/19404")));
        let wrong = json!({ "id": id, "answers": [{ "question": "NOTHING", "options": ["YES"] }] });
        assert_eq!(app.coordinator_of(city).ask_with(query, wrong).code(), "BAD_REQUEST");
        // Others see the scores once they are published, but not what could be better.
        let consent = json!({ "scores": true, "answers": true });
        deed(&app.coordinator_of(city), "consentToPublication", &id, &consent).done("consentToPublication", "/assessment/id");
        deed(&app.secretariat(), "publishAssessment", &id, &json!({})).done("publishAssessment", "/assessment/id");
        let seen = app.anonymous().ask_with(query, asked).data("/node").clone();
        assert_eq!(seen, json!({ "improvements": null, "whatIf": null, "scores": { "index": { "exact": "1062335/19404" } } }));
    }

    fn a_benchmark_is_of_the_sample_of_its_day_and_hides_small_groups(app: &TestApp) {
        let own = app.city("Oslo", "NO");
        let id = approved(app, own, None, WHOLE);
        let query = "query ($id: ID!, $asOf: Date, $group: PeerGroup) { node(id: $id) { ... on Assessment { benchmark(group: $group, asOf: $asOf) { cities index { cities rank mean { exact } median { exact } } indicators { indicator standing { rank mean { exact } } } } } } }";
        let seen = |as_of: Option<&str>, group: &str| app.coordinator_of(own).ask_with(query, json!({ "id": id, "asOf": as_of, "group": group })).data("/node/benchmark").clone();
        for place in 0..4 {
            published(app, app.city(&format!("City {place}"), "DK"), MIDDLING, false);
        }
        // One that is not published, and one of the city itself, are in no sample.
        approved(app, app.city("Quiet", "SE"), None, WHOLE);
        published(app, own, WHOLE, false);
        let hidden = seen(None, "ALL");
        assert_eq!((&hidden["cities"], &hidden["index"]), (&Value::Null, &Value::Null));
        assert!(hidden["indicators"].as_array().unwrap().iter().all(|one| one["standing"].is_null()));

        app.set_today(2026, 11, 25);
        let fifth = published(app, app.city("City 5", "DK"), PATCHY, false);
        assert_eq!(seen(Some("2026-11-24"), "ALL")["cities"], Value::Null);
        let shown = seen(None, "ALL");
        // (4 × 318275/6468 + 1350/91) / 5; the city is above them all.
        assert_eq!(shown["cities"], 5);
        assert_eq!(shown["index"], json!({ "cities": 5, "rank": 1, "mean": { "exact": "889885/21021" }, "median": { "exact": "318275/6468" } }));
        // Four of the five have a score for neighbourhoods.
        assert_eq!(shown["indicators"][2], json!({ "indicator": "NEIGHBOURHOODS", "standing": null }));
        assert_eq!(seen(None, "SIMILAR_SIZE")["cities"], Value::Null);

        app.set_today(2026, 11, 27);
        deed(&app.secretariat(), "withdrawAssessment", &fifth, &json!({ "reason": "A slip" })).done("withdrawAssessment", "/assessment/id");
        assert_eq!(seen(None, "ALL")["cities"], Value::Null);
        assert_eq!(seen(Some("2026-11-26"), "ALL")["cities"], 5);
    }

    fn a_city_weak_in_mediation_is_sent_to_vic(app: &TestApp) {
        app.arrange(|tx| intercultural_cities::workflows::reference::ensure(tx, &app.app.reference));
        let city = app.city("Copenhagen", "DK");
        let id = approved(app, city, None, WHOLE);
        let query = "query ($id: ID!) { node(id: $id) { ... on Assessment { recommendations(first: 2) { practice { cityName title } indicator rank score { value } danish: reason(language: \"da\") english: reason(language: \"en\") } } } }";
        let found = app.coordinator_of(city).ask_with(query, json!({ "id": id })).data("/node/recommendations").clone();
        assert_eq!(found[0], json!({
            "practice": { "cityName": "Vic", "title": "Active conflict management" },
            "indicator": "MEDIATION",
            "rank": 1,
            "score": { "value": "18.2" },
            "danish": "Mægling og konfliktløsning er byens svageste indikator (18,2). Vic har et eksempel: Aktiv konflikthåndtering. Koblingen er netværkets egen vurdering.",
            "english": "Mediation and conflict resolution is the city's weakest indicator (18.2). Vic has an example: Active conflict management. The link is the network's own judgement.",
        }));
        // The third weakest is education (5/12); nobody has an example for media (3/9), the second.
        assert_eq!((&found[1]["practice"]["cityName"], &found[1]["rank"]), (&json!("Bradford"), &json!(3)));
        assert!(app.anonymous().ask_with(query, json!({ "id": id })).data("/node").is_null());
        // A city is not sent to itself.
        let vic = app.city("Vic", "ES");
        app.arrange(|tx| intercultural_cities::workflows::reference::ensure(tx, &app.app.reference));
        let own = approved(app, vic, None, WHOLE);
        let first = app.coordinator_of(vic).ask_with(query, json!({ "id": own }));
        assert_eq!(first.text("/node/recommendations/0/practice/cityName"), "Bradford");
        let listed = app.anonymous().ask("{ practices(filter: { indicator: [MEDIATION, WELCOMING] }) { nodes { cityName indicators } } }");
        assert_eq!(listed.data("/practices/nodes"), &json!([{ "cityName": "Rotterdam", "indicators": ["WELCOMING"] }, { "cityName": "Vic", "indicators": ["MEDIATION"] }]));
    }

    fn the_pictures_are_for_those_who_see_the_scores(app: &TestApp) {
        let city = app.city("Aarhus", "DK");
        let id = approved(app, city, None, PATCHY);
        let path = |file: &str, query: &str| format!("/api/v1/assessments/{id}/{file}.svg{query}");
        let stranger = app.coordinator_of(app.city("Lyon", "FR"));
        for file in ["radar", "bars"] {
            assert_eq!(stranger.get(&path(file, "")).status, 404);
            assert_eq!(app.anonymous().get(&path(file, "")).status, 404);
            let own = app.coordinator_of(city).get(&path(file, "?language=da"));
            assert_eq!((own.status, own.header("content-type")), (200, Some("image/svg+xml")));
            let text = own.text();
            for words in ["<title id=\"title\">Interkulturelt byindeks: Aarhus 14,8</title>", "Mægling og konfliktløsning 42,9", "Kvarterer ingen score", "lang=\"da\""] {
                assert!(text.contains(words), "{words}: {text}");
            }
            for (query, status) in [("?language=sv", 400), ("?group=NEIGHBOURS", 400), ("?group=ALL", 200), ("?size=9", 400)] {
                assert_eq!(app.coordinator_of(city).get(&path(file, query)).status, status, "{query}");
            }
            let tag = own.header("etag").unwrap().to_owned();
            let again = app.coordinator_of(city).send("GET", &path(file, "?language=da"), &[("if-none-match", &tag)], b"");
            assert_eq!(again.status, 304);
        }
        let public = published(app, app.city("Vic", "ES"), WHOLE, false);
        let seen = app.anonymous().get(&format!("/api/v1/assessments/{public}/radar.svg"));
        assert_eq!(seen.status, 200);
    }
}
