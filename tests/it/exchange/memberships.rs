//! Memberships as spreadsheets, over REST.

use serde_json::json;

use crate::exchange::{
    applied, counts, export, goes_in_once_and_comes_out_alike, reference_of, refused,
};
use crate::support::app::TestApp;

const FILE: &str = "city;country;network;joined_on;ended_on;end_reason;statement_of_intent_on;decision_on;agreement_on\r\n\
    Oslo;NO;;01-01-2010;31.12.2015;withdrawn;2009-12-01;;\r\n\
    oslo;Norge;;2018-06-01;;;;;\r\n\
    Lyon;Frankrig;;15/03/2011;;;01-03-2011;02-03-2011;10-03-2011\r\n";

const INQUIRE: &str = "mutation ($input: RecordInquiryInput!) { recordInquiry(input: $input) { membership { id } userErrors { code field message } } }";
const APPLY: &str = "mutation ($input: ApplyForMembershipInput!) { applyForMembership(input: $input) { membership { id } userErrors { code field message } } }";
const ADMIT: &str = "mutation ($input: AdmitCityInput!) { admitCity(input: $input) { membership { id } userErrors { code field message } } }";
const ACTIVATE: &str = "mutation ($input: ActivateMembershipInput!) { activateMembership(input: $input) { membership { id } userErrors { code field message } } }";
const WITHDRAW: &str = "mutation ($input: WithdrawMembershipInput!) { withdrawMembership(input: $input) { membership { startsOn endsOn } userErrors { code field message } } }";

fn cities(app: &TestApp) -> [String; 2] {
    use intercultural_cities::kernel::ids::Id;
    reference_of(app);
    [
        app.city("Oslo", "NO").public(),
        app.city("Lyon", "FR").public(),
    ]
}

crate::both_databases! {
    fn memberships_go_in_once_and_come_out_alike(app: &TestApp) {
        let [oslo, _] = cities(app);
        goes_in_once_and_comes_out_alike(app, "memberships", FILE, 3);
        let status = |on: &str| app.anonymous().ask_with("query ($id: ID!, $on: Date!) { city(id: $id) { membershipStatus(asOf: $on) } }", json!({ "id": oslo, "on": on })).text("/city/membershipStatus").to_owned();
        assert_eq!(["2015-12-31", "2016-01-01", "2018-06-01"].map(status), ["ACTIVE", "WITHDRAWN", "ACTIVE"]);
    }

    fn what_is_learnt_later_is_added(app: &TestApp) {
        cities(app);
        let secretariat = app.secretariat();
        applied(&secretariat, "memberships", "first", FILE);
        let report = applied(&secretariat, "memberships", "second", "by,land,indmeldt,udmeldt,årsag,aftale\nLyon,FR,2011-03-15,2020-06-30,lapsed,\nOslo,NO,2018-06-01,,,2018-05-01\n");
        assert_eq!(counts(&report), [0, 2, 0, 0]);
        let written = export(&secretariat, "memberships", "");
        assert!(written.contains("2011-03-15,2020-06-30,lapsed,2011-03-01,2011-03-02,2011-03-10"), "{written}");
        // What is recorded is evidence; a spreadsheet does not rewrite it.
        refused(&secretariat, "memberships", "city,country,joined_on,ended_on,end_reason\nLyon,FR,2011-03-15,2021-06-30,lapsed\n", &[(2, "ended_on", "NOT_IN_STATE")]);
    }

    fn each_wrong_cell_is_named(app: &TestApp) {
        cities(app);
        let secretariat = app.secretariat();
        applied(&secretariat, "memberships", "first", FILE);
        let csv = "city,country,network,joined_on,ended_on,end_reason,statement_of_intent_on\n\
            Bergen,NO,,2010-01-01,,,\n\
            Oslo,NO,nowhere,2025-13-01,,sold,\n\
            Oslo,NO,,2016-01-01,2015-12-31,withdrawn,\n\
            Oslo,NO,,2016-01-01,2016-12-31,,2027-01-01\n\
            Oslo,NO,,2015-06-01,2015-07-31,lapsed,\n\
            Oslo,NO,,2016-01-01,2016-12-31,lapsed,\n\
            Atlantis,,,,,,\n";
        refused(&secretariat, "memberships", csv, &[
            (2, "city", "NOT_FOUND"),
            (3, "network", "NOT_FOUND"),
            (3, "joined_on", "NO_SUCH_DATE"),
            (3, "end_reason", "UNKNOWN_CHOICE"),
            (4, "ended_on", "OUT_OF_RANGE"),
            (5, "statement_of_intent_on", "OUT_OF_RANGE"),
            (5, "end_reason", "REQUIRED"),
            (6, "joined_on", "PERIOD_OVERLAPS"),
            (8, "country", "REQUIRED"),
            (8, "joined_on", "REQUIRED"),
        ]);
    }

    fn periods_that_never_began_are_left_out(app: &TestApp) {
        let [oslo, lyon] = cities(app);
        let secretariat = app.secretariat();
        secretariat.ask_with(INQUIRE, json!({ "input": { "cityId": lyon } })).done("recordInquiry", "/membership/id");
        let id = secretariat.ask_with(APPLY, json!({ "input": { "cityId": oslo, "statementOfIntentOn": "2026-11-01" } })).done("applyForMembership", "/membership/id");
        secretariat.ask_with(ADMIT, json!({ "input": { "membershipId": id, "version": 1, "decisionOn": "2026-11-02" } })).done("admitCity", "/membership/id");
        secretariat.ask_with(ACTIVATE, json!({ "input": { "membershipId": id, "version": 2, "startsOn": "2027-01-01", "agreementOn": "2026-11-03" } })).done("activateMembership", "/membership/id");
        assert_eq!(export(&secretariat, "memberships", "").lines().count(), 2);
        let answer = secretariat.ask_with(WITHDRAW, json!({ "input": { "membershipId": id, "version": app.version(&id) } }));
        answer.done("withdrawMembership", "/membership/startsOn");
        assert_eq!(export(&secretariat, "memberships", "").lines().count(), 1, "only the heading");
    }
}
