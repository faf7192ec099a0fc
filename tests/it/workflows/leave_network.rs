//! What becomes of a city's pairings when it leaves the network. What it is not: its posts
//! (`registry/leaving`) or the roles that came with them (`identity/posts`).

use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::registry::memberships::{self, AdoptedMembership};
use intercultural_cities::registry::networks::{self, NetworkKind};
use serde_json::{Value, json};

use crate::registry::memberships::step;
use crate::registry::networks::reference;
use crate::scheduling::member;
use crate::support::app::{TestApp, day};

const PAIR: &str = "mutation ($input: PairCitiesInput!) { pairCities(input: $input) { mentorPairing { id status endsOn } userErrors { code field message } } }";
const CONSENT: &str = "mutation ($input: ConsentToPairingInput!) { consentToPairing(input: $input) { mentorPairing { id status } userErrors { code field message } } }";
const PAIRING: &str = "query ($id: ID!) { node(id: $id) { ... on MentorPairing { status startsOn endsOn endedOn version } } }";

fn proposal(mentor: CityId, mentee: CityId, area: &str, starts_on: &str) -> Value {
    json!({ "mentorCityId": mentor.public(), "menteeCityId": mentee.public(), "area": area, "mutual": false, "startsOn": starts_on })
}

fn proposed(app: &TestApp, input: &Value) -> String {
    app.secretariat()
        .tell(PAIR, json!({ "input": input }))
        .done("pairCities", "/mentorPairing/id")
}

/// A pairing that both cities agreed to.
fn paired(app: &TestApp, mentor: CityId, mentee: CityId, area: &str) -> String {
    let id = proposed(app, &proposal(mentor, mentee, area, "2026-01-01"));
    for city in [mentor, mentee] {
        let input =
            json!({ "pairingId": id, "cityId": city.public(), "version": app.version(&id) });
        app.coordinator_of(city)
            .ask_with(CONSENT, json!({ "input": input }))
            .done("consentToPairing", "/mentorPairing/id");
    }
    id
}

fn pairing(app: &TestApp, id: &str) -> Value {
    let answer = app.auditor().ask_with(PAIRING, json!({ "id": id }));
    answer.data("/node").clone()
}

/// The status, the last day and the day on which it was ended.
fn told(app: &TestApp, id: &str) -> Value {
    let found = pairing(app, id);
    json!([found["status"], found["endsOn"], found["endedOn"]])
}

fn leaves(app: &TestApp, city: CityId, mutation: &str, last_day: &str) {
    let membership = memberships::periods_of_city(&mut app.db(), city).unwrap()[0].id;
    let input = json!({ "membershipId": membership.public(), "endsOn": last_day });
    let input = if mutation == "withdrawMembership" {
        let mut input = input;
        input["noticeOn"] = json!("2026-08-01");
        input
    } else {
        input
    };
    step(&app.secretariat(), mutation, input).done(mutation, "/membership/id");
}

crate::both_databases! {
    fn the_pairings_of_a_city_end_when_it_is_out(app: &TestApp) {
        for (name, mutation) in [("Aarhus", "withdrawMembership"), ("Bergen", "expelCity"), ("Lyon", "lapseMembership")] {
            let (city, other) = (member(app, name), member(app, &format!("{name} Nord")));
            let (mentor, mentee) = (paired(app, city, other, "HOUSING"), paired(app, other, city, "POLICE"));
            let coming = proposed(app, &proposal(city, other, "EDUCATION", "2027-02-01"));
            let open = proposed(app, &proposal(city, other, "LABOUR_MARKET", "2026-12-01"));
            let third = paired(app, other, member(app, &format!("{name} Syd")), "HOUSING");
            leaves(app, city, mutation, "2026-11-21");
            let ended = json!(["ENDED", "2026-11-21", "2026-11-22"]);
            assert_eq!([told(app, &mentor), told(app, &mentee)], [ended.clone(), ended], "{mutation}");
            for id in [&coming, &open] {
                assert_eq!(told(app, id), json!(["ENDED", null, "2026-11-22"]), "{mutation}: it never begins");
            }
            assert_eq!(told(app, &third), json!(["ACTIVE", null, null]), "{mutation}: two others");
            assert_eq!(pairing(app, &mentor)["version"], 4);
        }
        let trail = app.auditor().ask("{ auditTrail(filter: { action: \"pairing.ended\" }) { totalCount } }");
        assert_eq!(trail.data("/auditTrail/totalCount"), 12);
    }

    fn an_end_that_lies_ahead_shortens_them(app: &TestApp) {
        let (city, other) = (member(app, "Aarhus"), member(app, "Lyon"));
        let running = paired(app, city, other, "HOUSING");
        let mut short = proposal(other, city, "POLICE", "2026-12-01");
        short["endsOn"] = json!("2026-12-15");
        let short = proposed(app, &short);
        let after = proposed(app, &proposal(other, city, "EDUCATION", "2027-01-01"));
        leaves(app, city, "withdrawMembership", "2026-12-31");
        assert_eq!(told(app, &running), json!(["ACTIVE", "2026-12-31", null]));
        assert_eq!(told(app, &short), json!(["PROPOSED", "2026-12-15", null]));
        assert_eq!(told(app, &after), json!(["ENDED", null, "2026-11-22"]));

        // Who is paired now is paired for as long as both are members.
        let open = app.secretariat().tell(PAIR, json!({ "input": proposal(city, other, "POLICE", "2026-12-01") }));
        assert_eq!(open.data("/pairCities/mentorPairing/endsOn"), "2026-12-31");
        let mut late = proposal(city, other, "EDUCATION", "2026-12-01");
        late["endsOn"] = json!("2027-01-01");
        let refused = app.secretariat().tell(PAIR, json!({ "input": late }));
        assert_eq!(refused.refusals("pairCities"), [("NOT_A_MEMBER".to_owned(), "endsOn".to_owned())]);
        late["endsOn"] = json!("2026-12-31");
        proposed(app, &late);

        // Out sooner than it was said.
        leaves(app, city, "expelCity", "2026-11-30");
        assert_eq!(told(app, &running), json!(["ACTIVE", "2026-11-30", null]));
        app.set_today(2026, 12, 1);
        assert_eq!(told(app, &running)[0], "ENDED");
    }

    fn who_leaves_only_the_national_network_keeps_them(app: &TestApp) {
        let (city, other) = (member(app, "Bergen"), member(app, "Lyon"));
        let running = paired(app, city, other, "HOUSING");
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let all = networks::all(&mut app.db()).unwrap();
        let national = all.iter().find(|network| network.kind == NetworkKind::National).unwrap();
        let second = app.arrange(|tx| {
            let adopted = AdoptedMembership {
                city,
                network: Some(national.id),
                round: None,
                joined_on: day(2020, 1, 1),
                ended_on: None,
                end_reason: None,
                statement_of_intent_on: None,
                decision_on: None,
                agreement_on: None,
                fee_waived: false,
            };
            Ok(memberships::adopt(tx, &adopted)?.id())
        });
        let input = json!({ "membershipId": second.public(), "endsOn": "2026-11-21" });
        step(&app.secretariat(), "expelCity", input).done("expelCity", "/membership/id");
        assert_eq!(told(app, &running), json!(["ACTIVE", null, null]));
    }
}
