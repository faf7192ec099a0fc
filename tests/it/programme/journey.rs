//! A package from the enrolment to its last accepted delivery, with the clock moved over 26 months. What it
//! is not: the refusals of each step.

use intercultural_cities::kernel::ids::{CityId, Id, PackageId};
use serde_json::{Value, json};

use crate::programme::index::approved;
use crate::programme::{
    accept, accounts, activity, add_document, balances, follow, member, note, of_activity, plan,
    submit, with_price_list,
};
use crate::scheduling::expert;
use crate::support::app::TestApp;

const ENROL: &str = "mutation ($input: EnrolInPackageInput!) { enrolInPackage(input: $input) { package { id endsOn usableUntil } userErrors { code field message } } }";
const EXPERTS: &str = "mutation ($input: ScheduleExpertVisitInput!) { scheduleExpertVisit(input: $input) { expertVisit { id } userErrors { code field message } } }";
const STUDY: &str = "mutation ($input: ScheduleStudyVisitInput!) { scheduleStudyVisit(input: $input) { studyVisit { id } userErrors { code field message } } }";
const JOIN: &str = "mutation ($input: JoinStudyVisitInput!) { joinStudyVisit(input: $input) { studyVisit { id } userErrors { code field message } } }";
const CANCEL: &str = "mutation ($input: CancelStudyVisitInput!) { cancelStudyVisit(input: $input) { studyVisit { id } userErrors { code field message } } }";
const PROPOSE: &str = "mutation ($input: ProposeAmendmentInput!) { proposeAmendment(input: $input) { amendment { id kind status } userErrors { code field message } } }";
const APPROVE: &str = "mutation ($input: ApproveAmendmentInput!) { approveAmendment(input: $input) { amendment { id status } userErrors { code field message } } }";
const DECLINE: &str = "mutation ($input: DeclineActivityInput!) { declineActivity(input: $input) { activity { id status remark } userErrors { code field message } } }";
const ONE: &str = "query ($id: ID!) { node(id: $id) { ... on Activity { status acceptedOn missing { code } warnings { code } acceptances { deliveredOn acceptedOn silent } host { name } } } }";

fn one(app: &TestApp, activity: &str) -> Value {
    let answer = app.secretariat().ask_with(ONE, json!({ "id": activity }));
    answer.data("/node").clone()
}

fn codes(list: &Value) -> Vec<&str> {
    let codes = list.as_array().unwrap().iter();
    codes.map(|one| one["code"].as_str().unwrap()).collect()
}

fn study_visit(app: &TestApp, host: CityId, first: &str, last: &str) -> String {
    let input = json!({ "hostCityId": host.public(), "theme": "Welcome centres", "startsOn": first, "endsOn": last, "capacity": 10 });
    app.secretariat()
        .tell(STUDY, json!({ "input": input }))
        .done("scheduleStudyVisit", "/studyVisit/id")
}

fn join(app: &TestApp, visit: &str, city: CityId, package: PackageId) {
    let input = json!({ "visitId": visit, "cityId": city.public(), "packageId": package.public(), "seats": 2, "delegateName": "Anna Demo" });
    app.coordinator_of(city)
        .tell(JOIN, json!({ "input": input }))
        .done("joinStudyVisit", "/studyVisit/id");
}

#[track_caller]
fn done(app: &TestApp, city: CityId, activity: &str) {
    submit(app, activity).done("submitActivity", "/activity/status");
    let accepted = accept(app, city, activity);
    assert_eq!(
        accepted.done("acceptActivity", "/activity/status"),
        "ACCEPTED"
    );
}

/// The contract, the index and the expert visit: the first four months.
fn first_months(app: &TestApp, city: CityId, lyon: CityId) -> PackageId {
    // The contract: 24 months from 1 December, and two months of grace.
    let input = json!({ "cityId": city.public(), "startsOn": "2026-12-01", "coversAnnualFee": false, "instalments": 4, "graceMonths": 2 });
    let enrolled = app.secretariat().tell(ENROL, json!({ "input": input }));
    let package = PackageId::parse(&enrolled.done("enrolInPackage", "/package/id")).unwrap();
    assert_eq!(
        (
            enrolled.text("/enrolInPackage/package/endsOn"),
            enrolled.text("/enrolInPackage/package/usableUntil")
        ),
        ("2028-11-30", "2029-01-31")
    );
    let agreed: Vec<i64> = accounts(app, package)["entitlements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["agreed"].as_i64().unwrap())
        .collect();
    assert_eq!((agreed.len(), agreed.iter().sum::<i64>()), (7, 9));
    assert_eq!(balances(app, package, "STUDY_VISIT"), [2, 0, 0, 0, 2]);

    // The index: reserved when it is planned, delivered when its days are over and its report is there.
    app.set_today(2026, 12, 1);
    let index = activity(app, package, "INDEX", 1);
    assert_eq!(
        plan(app, &index, "2026-12-10", "2026-12-20", None)
            .done("planActivity", "/activity/status"),
        "CONFIRMED"
    );
    assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
    assert_eq!(
        codes(&one(app, &index)["missing"]),
        ["NOT_OVER", "APPROVED_SCORES", "REPORT"]
    );
    assert_eq!(submit(app, &index).refusals("submitActivity").len(), 3);
    app.set_today(2026, 12, 21);
    assert_eq!(one(app, &index)["status"], "REPORT_DUE");
    add_document(app, city, &index, "REPORT");
    approved(app, city, Some(&index), "COMMITMENT_STATEMENT=YES");
    assert_eq!(
        submit(app, &index).done("submitActivity", "/activity/acceptsOn"),
        "2027-01-04"
    );
    assert_eq!(accept(app, lyon, &index).code(), "NOT_FOUND");
    assert_eq!(app.secretariat().tell("mutation ($input: AcceptActivityInput!) { acceptActivity(input: $input) { activity { id } } }", of_activity(app, &index, &json!({}))).code(), "FORBIDDEN");
    assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
    assert_eq!(
        accept(app, city, &index).done("acceptActivity", "/activity/acceptedOn"),
        "2026-12-21"
    );
    assert_eq!(
        accept(app, city, &index).refusal("acceptActivity"),
        "NOT_IN_STATE"
    );
    assert_eq!(balances(app, package, "INDEX"), [1, 0, 1, 0, 0]);
    assert_eq!(
        one(app, &index)["acceptances"],
        json!([{ "deliveredOn": "2026-12-20", "acceptedOn": "2026-12-21", "silent": false }])
    );

    // The expert visit: the city says nothing, and the time passes; the date of the visit stays.
    let anna = expert(app, "Anna Holm", None);
    let input = json!({ "cityId": city.public(), "theme": "Housing", "startsOn": "2027-03-01", "endsOn": "2027-03-03", "expertIds": [anna.public()], "packageId": package.public() });
    app.secretariat()
        .tell(EXPERTS, json!({ "input": input }))
        .done("scheduleExpertVisit", "/expertVisit/id");
    let visit = activity(app, package, "EXPERT_VISIT", 1);
    assert_eq!(
        plan(app, &visit, "2027-04-01", "2027-04-01", None).refusal("planActivity"),
        "NOT_IN_STATE"
    );
    assert_eq!(balances(app, package, "EXPERT_VISIT"), [1, 1, 0, 0, 0]);
    app.set_today(2027, 3, 4);
    assert_eq!(
        codes(&one(app, &visit)["missing"]),
        ["EXPERT", "SECRETARIAT"]
    );
    let swot = activity(app, package, "SWOT_REPORT", 1);
    assert_eq!(
        codes(&one(app, &swot)["missing"]),
        ["REPORT", "EXPERT_VISIT"]
    );
    note(
        app,
        &visit,
        &[
            ("EXPERT", false),
            ("SECRETARIAT", false),
            ("OFFICIAL", false),
        ],
    );
    submit(app, &visit).done("submitActivity", "/activity/id");
    app.set_today(2027, 3, 17);
    assert_eq!(follow(app), (0, 0, 0));
    // The round was late by some days; the acceptance is as of the day on which the time was over.
    app.set_today(2027, 3, 25);
    assert_eq!(follow(app), (0, 1, 0));
    assert_eq!(follow(app), (0, 0, 0));
    assert_eq!(
        one(app, &visit)["acceptances"],
        json!([{ "deliveredOn": "2027-03-03", "acceptedOn": "2027-03-18", "silent": true }])
    );
    assert_eq!(balances(app, package, "EXPERT_VISIT"), [1, 0, 1, 0, 0]);
    package
}

/// The report, the analyses and the workshop: the first year.
fn papers(app: &TestApp, city: CityId, package: PackageId) {
    let swot = activity(app, package, "SWOT_REPORT", 1);
    // The SWOT report: declined once, then accepted late.
    plan(app, &swot, "2027-04-01", "2027-05-31", None).done("planActivity", "/activity/id");
    app.set_today(2027, 6, 10);
    add_document(app, city, &swot, "REPORT");
    submit(app, &swot).done("submitActivity", "/activity/id");
    let declined = app.coordinator_of(city).tell(
        DECLINE,
        of_activity(app, &swot, &json!({ "remark": "Housing is missing." })),
    );
    assert_eq!(
        declined.done("declineActivity", "/activity/remark"),
        "Housing is missing."
    );
    assert_eq!(balances(app, package, "SWOT_REPORT"), [1, 1, 0, 0, 0]);
    app.set_today(2027, 7, 1);
    done(app, city, &swot);
    assert_eq!(
        one(app, &swot)["acceptances"][0]["deliveredOn"],
        "2027-07-01"
    );

    // Two policy analyses on different topics, and the workshop after them.
    let (first, second) = (
        activity(app, package, "POLICY_ANALYSIS", 1),
        activity(app, package, "POLICY_ANALYSIS", 2),
    );
    let workshop = activity(app, package, "VISION_WORKSHOP", 1);
    assert_eq!(codes(&one(app, &workshop)["warnings"]), ["POLICY_ANALYSIS"]);
    for analysis in [&first, &second] {
        plan(
            app,
            analysis,
            "2027-09-01",
            "2027-10-31",
            Some("Boligpolitik"),
        )
        .done("planActivity", "/activity/id");
        add_document(app, city, analysis, "REPORT");
    }
    app.set_today(2027, 11, 1);
    done(app, city, &first);
    assert_eq!(codes(&one(app, &second)["missing"]), ["OTHER_TOPIC"]);
    assert_eq!(submit(app, &second).refusal("submitActivity"), "REQUIRED");
    plan(app, &second, "2027-09-01", "2027-10-31", Some("Uddannelse"))
        .done("planActivity", "/activity/id");
    done(app, city, &second);
    assert_eq!(balances(app, package, "POLICY_ANALYSIS"), [2, 0, 2, 0, 0]);
    assert!(codes(&one(app, &workshop)["warnings"]).is_empty());
    plan(app, &workshop, "2027-12-01", "2027-12-01", None).done("planActivity", "/activity/id");
    app.set_today(2027, 12, 2);
    note(
        app,
        &workshop,
        &[("POLITICIAN", true), ("CIVIL_SOCIETY", false)],
    );
    add_document(app, city, &workshop, "MINUTES");
    done(app, city, &workshop);
}

/// The study visits, a substitution, and the months of grace.
fn last_months(app: &TestApp, city: CityId, (lyon, vic): (CityId, CityId), package: PackageId) {
    // A study visit is cancelled: its unit is free again, and the next visit takes it.
    let cancelled = study_visit(app, lyon, "2028-02-01", "2028-02-03");
    join(app, &cancelled, city, package);
    assert_eq!(balances(app, package, "STUDY_VISIT"), [2, 1, 0, 0, 1]);
    app.secretariat()
        .tell(
            CANCEL,
            json!({ "input": { "visitId": cancelled, "version": app.version(&cancelled) } }),
        )
        .done("cancelStudyVisit", "/studyVisit/id");
    assert_eq!(balances(app, package, "STUDY_VISIT"), [2, 0, 0, 0, 2]);
    let held = study_visit(app, vic, "2028-03-01", "2028-03-03");
    join(app, &held, city, package);
    let visit = activity(app, package, "STUDY_VISIT", 1);
    app.set_today(2028, 3, 6);
    assert_eq!(
        (
            codes(&one(app, &visit)["missing"]),
            &one(app, &visit)["host"]["name"]
        ),
        (vec!["DELEGATION"], &json!("Vic"))
    );
    note(app, &visit, &[("PRACTITIONER", false)]);
    done(app, city, &visit);
    assert_eq!(balances(app, package, "STUDY_VISIT"), [2, 0, 1, 0, 1]);

    // The second one is exchanged for a third analysis, in one.
    let substitution = json!({ "packageId": package.public(), "version": app.version(&package.public()), "take": { "kind": "STUDY_VISIT", "units": 1 }, "give": { "kind": "POLICY_ANALYSIS", "units": 1 }, "reason": "37.500,00 kr. for 37.500,00 kr., letter of 6 March 2028" });
    let secretariat = app.secretariat();
    let proposed = secretariat.tell(PROPOSE, json!({ "input": substitution }));
    let amendment = proposed.done("proposeAmendment", "/amendment/id");
    assert_eq!(
        proposed.text("/proposeAmendment/amendment/kind"),
        "SUBSTITUTION"
    );
    let approval = json!({ "input": { "amendmentId": amendment, "version": 1 } });
    assert_eq!(
        secretariat
            .tell(APPROVE, approval.clone())
            .refusal("approveAmendment"),
        "SECOND_PERSON_NEEDED"
    );
    app.admin()
        .tell(APPROVE, approval)
        .done("approveAmendment", "/amendment/id");
    assert_eq!(balances(app, package, "STUDY_VISIT"), [1, 0, 1, 0, 0]);
    assert_eq!(balances(app, package, "POLICY_ANALYSIS"), [3, 0, 2, 0, 1]);

    // It is written in the months of grace and accepted after them: what is set aside is not lost.
    app.set_today(2028, 12, 1);
    let third = activity(app, package, "POLICY_ANALYSIS", 3);
    assert_eq!(
        plan(app, &third, "2029-01-10", "2029-02-01", Some("Politi")).refusal("planActivity"),
        "OUT_OF_RANGE"
    );
    plan(app, &third, "2029-01-10", "2029-01-31", Some("Politi"))
        .done("planActivity", "/activity/id");
    app.set_today(2029, 1, 31);
    assert_eq!(follow(app), (0, 0, 0));
    app.set_today(2029, 2, 1);
    assert_eq!(follow(app), (0, 0, 1));
    assert_eq!(
        balances(app, package, "STRATEGY_ASSISTANCE"),
        [1, 0, 0, 1, 0]
    );
    assert_eq!(balances(app, package, "POLICY_ANALYSIS"), [3, 1, 2, 0, 0]);
    let strategy = activity(app, package, "STRATEGY_ASSISTANCE", 1);
    assert_eq!(
        plan(app, &strategy, "2029-02-02", "2029-02-03", None).refusal("planActivity"),
        "NOT_IN_STATE"
    );
    add_document(app, city, &third, "REPORT");
    done(app, city, &third);
    assert_eq!(follow(app), (0, 0, 0));

    let end = accounts(app, package);
    let sum = |name: &str| -> i64 {
        end["entitlements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row[name].as_i64().unwrap())
            .sum()
    };
    assert_eq!(
        ["granted", "reserved", "consumed", "expired", "available"].map(sum),
        [9, 0, 8, 1, 0]
    );
    balances(app, package, "INDEX");
    let trail = app
        .auditor()
        .ask("{ auditTrail(filter: { action: \"package.unitsExpired\" }) { totalCount } }");
    assert_eq!(trail.data("/auditTrail/totalCount"), &json!(1));
}

crate::both_databases! {
    fn a_package_from_its_enrolment_to_its_last_delivery(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let lyon = member(app, "Lyon", "FR", (2026, 3, 15));
        let vic = member(app, "Vic", "ES", (2026, 3, 15));
        let package = first_months(app, city, lyon);
        papers(app, city, package);
        last_months(app, city, (lyon, vic), package);
    }
}
