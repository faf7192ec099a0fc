//! Pairings through the public door: consent, the races for one pair, and who sees what.

use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::registry::memberships::{self, Step};
use serde_json::{Value, json};

use crate::scheduling::{member, race, winners};
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

const PAIR: &str = "mutation ($input: PairCitiesInput!) { pairCities(input: $input) { mentorPairing { id status mentorConsentAt menteeConsentAt legs { mentorCity { name } menteeCity { name } area } } userErrors { code field message } } }";
const CONSENT: &str = "mutation ($input: ConsentToPairingInput!) { consentToPairing(input: $input) { mentorPairing { id status } userErrors { code field message } } }";
const END: &str = "mutation ($input: EndPairingInput!) { endPairing(input: $input) { mentorPairing { id status endsOn endedOn endReason } userErrors { code field message } } }";
const LIST: &str = "{ mentorPairings { totalCount nodes { mentorCity { name } status } } }";

fn mutual(mentor: CityId, mentee: CityId, area: &str, back: &str) -> Value {
    json!({ "mentorCityId": mentor.public(), "menteeCityId": mentee.public(), "area": area, "menteeArea": back, "startsOn": "2026-12-01", "endsOn": "2027-11-30" })
}

fn one_way(mentor: CityId, mentee: CityId, area: &str) -> Value {
    json!({ "mentorCityId": mentor.public(), "menteeCityId": mentee.public(), "area": area, "mutual": false, "startsOn": "2026-12-01" })
}

#[track_caller]
fn pair(app: &TestApp, input: &Value) -> Answer {
    app.secretariat().tell(PAIR, json!({ "input": input }))
}

fn consent(app: &TestApp, pairing: &str, city: CityId) -> Value {
    json!({ "input": { "pairingId": pairing, "cityId": city.public(), "version": app.version(pairing) } })
}

crate::both_databases! {
    fn is_active_when_both_cities_have_agreed(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let answer = pair(app, &mutual(oslo, lyon, "HOUSING", "POLICE"));
        let pairing = answer.done("pairCities", "/mentorPairing/id");
        assert_eq!(answer.text("/pairCities/mentorPairing/status"), "PROPOSED");
        assert_eq!(answer.data("/pairCities/mentorPairing/legs"), &json!([
            { "mentorCity": { "name": "Oslo" }, "menteeCity": { "name": "Lyon" }, "area": "HOUSING" },
            { "mentorCity": { "name": "Lyon" }, "menteeCity": { "name": "Oslo" }, "area": "POLICE" },
        ]));
        let agree = |actor: CityId, city: CityId| app.coordinator_of(actor).ask_with(CONSENT, consent(app, &pairing, city));
        assert_eq!(agree(oslo, lyon).code(), "FORBIDDEN");
        assert_eq!(agree(member(app, "Aarhus"), lyon).code(), "NOT_FOUND");
        let read_before = consent(app, &pairing, lyon);
        assert_eq!(agree(oslo, oslo).done("consentToPairing", "/mentorPairing/status"), "PROPOSED");
        assert_eq!(app.coordinator_of(lyon).ask_with(CONSENT, read_before).code(), "STALE");
        assert_eq!(agree(oslo, oslo).done("consentToPairing", "/mentorPairing/status"), "PROPOSED");
        assert_eq!(agree(lyon, lyon).done("consentToPairing", "/mentorPairing/status"), "ACTIVE");
    }

    fn a_proposal_whose_days_passed_lacked_a_consent(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let pairing = pair(app, &mutual(oslo, lyon, "HOUSING", "POLICE")).done("pairCities", "/mentorPairing/id");
        let agree = |city: CityId| app.coordinator_of(city).ask_with(CONSENT, consent(app, &pairing, city));
        assert_eq!(agree(oslo).done("consentToPairing", "/mentorPairing/status"), "PROPOSED");
        app.set_today(2027, 12, 1);
        let missing = [("CONSENT_MISSING".to_owned(), "pairingId".to_owned())];
        assert_eq!(agree(lyon).refusals("consentToPairing"), missing);
        let end = json!({ "input": { "pairingId": pairing, "version": app.version(&pairing) } });
        assert_eq!(app.secretariat().ask_with(END, end).refusals("endPairing"), missing);
        // The two may begin anew.
        let anew = json!({ "mentorCityId": oslo.public(), "menteeCityId": lyon.public(), "area": "HOUSING", "menteeArea": "POLICE", "startsOn": "2028-01-01" });
        let anew = pair(app, &anew).done("pairCities", "/mentorPairing/id");
        for (city, status) in [(oslo, "PROPOSED"), (lyon, "ACTIVE")] {
            let agreed = app.coordinator_of(city).ask_with(CONSENT, consent(app, &anew, city));
            assert_eq!(agreed.done("consentToPairing", "/mentorPairing/status"), status);
        }
    }

    fn consent_looks_at_the_memberships_again(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let pairing = pair(app, &mutual(oslo, lyon, "HOUSING", "POLICE")).done("pairCities", "/mentorPairing/id");
        let membership = memberships::periods_of_city(&mut app.db(), lyon).unwrap()[0].id;
        let step = |day| Step { membership, version: None, on: Some(day), note: None };
        app.arrange(|tx| memberships::suspend(tx, &step(day(2026, 11, 22))));
        let agree = |city: CityId| app.coordinator_of(city).ask_with(CONSENT, consent(app, &pairing, city));
        assert_eq!(agree(oslo).done("consentToPairing", "/mentorPairing/status"), "PROPOSED");
        assert_eq!(agree(lyon).refusals("consentToPairing"), [("NOT_A_MEMBER".to_owned(), "pairingId".to_owned())]);
        app.arrange(|tx| memberships::resume(tx, &step(day(2026, 12, 1))));
        assert_eq!(agree(lyon).done("consentToPairing", "/mentorPairing/status"), "ACTIVE");
    }

    fn a_city_that_is_not_public_is_answered_like_none(app: &TestApp) {
        let (oslo, hidden) = (member(app, "Oslo"), app.city("Hamburg", "DE"));
        let none = CityId::of(uuid::Uuid::from_u128(7));
        let ask = |mentee: CityId| {
            let answer = app.coordinator_of(oslo).tell(PAIR, json!({ "input": one_way(oslo, mentee, "HOUSING") }));
            answer.data("/pairCities/userErrors").clone()
        };
        assert_eq!(ask(hidden), ask(none));
        assert_eq!(ask(hidden)[0]["code"], "NOT_FOUND");
        assert_eq!(pair(app, &one_way(oslo, hidden, "HOUSING")).refusal("pairCities"), "NOT_A_MEMBER");
    }

    fn a_coordinator_proposes_for_the_own_city_and_agrees_with_it(app: &TestApp) {
        let (oslo, lyon, aarhus) = (member(app, "Oslo"), member(app, "Lyon"), member(app, "Aarhus"));
        let input = json!({ "input": mutual(oslo, lyon, "HOUSING", "POLICE") });
        assert_eq!(app.coordinator_of(aarhus).tell(PAIR, input.clone()).code(), "FORBIDDEN");
        assert_eq!(app.anonymous().tell(PAIR, input.clone()).code(), "UNAUTHENTICATED");
        assert_eq!(app.coordinator_of(lyon).ask_with(PAIR, input.clone()).code(), "IDEMPOTENCY_KEY_REQUIRED");
        let answer = app.coordinator_of(lyon).tell(PAIR, input);
        let pairing = answer.done("pairCities", "/mentorPairing/id");
        assert_eq!(answer.data("/pairCities/mentorPairing/mentorConsentAt"), &Value::Null);
        answer.text("/pairCities/mentorPairing/menteeConsentAt");
        let agreed = app.coordinator_of(oslo).ask_with(CONSENT, consent(app, &pairing, oslo));
        assert_eq!(agreed.done("consentToPairing", "/mentorPairing/status"), "ACTIVE");
    }

    fn two_cities_and_one_pairing(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        assert_eq!(pair(app, &one_way(oslo, oslo, "HOUSING")).refusal("pairCities"), "SAME_CITY");
        assert_eq!(pair(app, &one_way(oslo, app.city("Randers", "DK"), "HOUSING")).refusal("pairCities"), "NOT_A_MEMBER");
        pair(app, &mutual(oslo, lyon, "HOUSING", "POLICE")).done("pairCities", "/mentorPairing/id");
        for input in [mutual(lyon, oslo, "EDUCATION", "EDUCATION"), mutual(oslo, lyon, "EDUCATION", "EDUCATION"), one_way(oslo, lyon, "HOUSING"), one_way(lyon, oslo, "POLICE")] {
            assert_eq!(pair(app, &input).refusal("pairCities"), "PAIR_EXISTS", "{input}");
        }
        pair(app, &one_way(lyon, oslo, "HOUSING")).done("pairCities", "/mentorPairing/id");
        let mut later = mutual(lyon, oslo, "HOUSING", "LABOUR_MARKET");
        later["startsOn"] = json!("2027-12-01");
        later["endsOn"] = Value::Null;
        assert_eq!(pair(app, &later).refusal("pairCities"), "PAIR_EXISTS", "the one-way pairing in housing has no end");
        later["area"] = json!("PUBLIC_DEBATE");
        pair(app, &later).done("pairCities", "/mentorPairing/id");
    }

    fn a_pair_that_many_propose_at_once_is_made_once(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let answers = race(app, 12, PAIR, |client| if client % 2 == 0 { mutual(oslo, lyon, "HOUSING", "POLICE") } else { mutual(lyon, oslo, "EDUCATION", "HOUSING") });
        assert_eq!(winners(&answers, "pairCities", "PAIR_EXISTS"), 1);
        assert_eq!(app.secretariat().ask(LIST).data("/mentorPairings/totalCount"), &json!(1));
        let answers = race(app, 12, PAIR, |_| one_way(oslo, lyon, "PUBLIC_DEBATE"));
        assert_eq!(winners(&answers, "pairCities", "PAIR_EXISTS"), 1);
    }

    fn an_ended_pairing_makes_room_for_a_new_one(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let pairing = pair(app, &mutual(oslo, lyon, "HOUSING", "POLICE")).done("pairCities", "/mentorPairing/id");
        let end = json!({ "input": { "pairingId": pairing, "reason": "Elections", "version": 1 } });
        assert_eq!(app.coordinator_of(member(app, "Aarhus")).ask_with(END, end.clone()).code(), "NOT_FOUND");
        app.set_today(2026, 12, 10);
        let answer = app.coordinator_of(lyon).ask_with(END, end.clone());
        assert_eq!(answer.data("/endPairing/mentorPairing"), &json!({ "id": pairing, "status": "ENDED", "endsOn": "2026-12-09", "endedOn": "2026-12-10", "endReason": "Elections" }));
        assert_eq!(app.coordinator_of(lyon).ask_with(END, end).code(), "STALE");
        let end = json!({ "input": { "pairingId": pairing, "version": app.version(&pairing) } });
        assert_eq!(app.coordinator_of(lyon).ask_with(END, end).refusal("endPairing"), "NOT_IN_STATE");
        assert_eq!(app.coordinator_of(lyon).ask_with(CONSENT, consent(app, &pairing, lyon)).refusal("consentToPairing"), "NOT_IN_STATE");
        let mut again = mutual(lyon, oslo, "HOUSING", "POLICE");
        assert_eq!(pair(app, &again).refusal("pairCities"), "PAIR_EXISTS");
        again["startsOn"] = json!("2026-12-10");
        pair(app, &again).done("pairCities", "/mentorPairing/id");
    }

    fn each_sees_what_is_theirs(app: &TestApp) {
        let (oslo, lyon, aarhus) = (member(app, "Oslo"), member(app, "Lyon"), member(app, "Aarhus"));
        let pairing = pair(app, &mutual(oslo, lyon, "HOUSING", "POLICE")).done("pairCities", "/mentorPairing/id");
        assert_eq!(app.anonymous().ask(LIST).code(), "UNAUTHENTICATED");
        let of_city = "query ($id: ID!, $pairing: ID!) { city(id: $id) { mentorPairings { totalCount } } node(id: $pairing) { id } }";
        for (actor, seen) in [(app.coordinator_of(oslo), true), (app.coordinator_of(lyon), true), (app.auditor(), true), (app.coordinator_of(aarhus), false)] {
            assert_eq!(actor.ask(LIST).data("/mentorPairings/totalCount"), &json!(i32::from(seen)));
            let answer = actor.ask_with(of_city, json!({ "id": lyon.public(), "pairing": pairing }));
            assert_eq!(answer.data("/node").is_null(), !seen);
        }
        let answer = app.coordinator_of(oslo).ask_with(of_city, json!({ "id": lyon.public(), "pairing": pairing }));
        assert_eq!(answer.data("/city/mentorPairings"), &Value::Null);
        for city in [oslo, lyon] {
            let answer = app.finance().ask_with(of_city, json!({ "id": city.public(), "pairing": pairing }));
            assert_eq!(answer.data("/city/mentorPairings/totalCount"), &json!(1));
        }
    }
}
