//! Who may ask for what: every root field is asked by nobody and by a coordinator of another city,
//! and has its answer in the table here. A field without an entry fails. What it is not: the rules
//! for parts of an object, which stand with their slice.

use std::collections::BTreeMap;

use intercultural_cities::kernel::ids::Id;
use serde_json::Value;

use crate::samples::{Sample, Schema};
use crate::support::actor::{Actor, Answer};

/// What each gets: field, nobody, a coordinator of another city. `data` is an object or a list with
/// something in it, `empty` a list without, `null` nothing; a word in capitals is the code of the
/// error, after `refused` that of the refusal.
const RULES: &[(&str, &str, &str)] = &[
    ("applyReminderRun", "UNAUTHENTICATED", "FORBIDDEN"),
    ("chargeLateInterest", "UNAUTHENTICATED", "FORBIDDEN"),
    ("disputeInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("pauseReminders", "UNAUTHENTICATED", "FORBIDDEN"),
    ("promisePayment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reminderPolicy", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reminderRun", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reminderRuns", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reminders", "UNAUTHENTICATED", "empty"),
    ("resolveDispute", "UNAUTHENTICATED", "FORBIDDEN"),
    ("resumeReminders", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reviseReminderPolicy", "UNAUTHENTICATED", "FORBIDDEN"),
    ("waiveLateCharges", "UNAUTHENTICATED", "FORBIDDEN"),
    ("bookLocks", "UNAUTHENTICATED", "FORBIDDEN"),
    ("cities", "empty", "data"),
    ("attention", "UNAUTHENTICATED", "FORBIDDEN"),
    ("auditTrail", "UNAUTHENTICATED", "FORBIDDEN"),
    ("closeYear", "UNAUTHENTICATED", "FORBIDDEN"),
    ("deferredRevenue", "UNAUTHENTICATED", "FORBIDDEN"),
    ("expertVisits", "empty", "empty"),
    ("feeQuote", "NO_PRICE", "NO_PRICE"),
    ("feeTotals", "UNAUTHENTICATED", "FORBIDDEN"),
    ("invoices", "UNAUTHENTICATED", "empty"),
    ("ledgerTransactions", "UNAUTHENTICATED", "FORBIDDEN"),
    ("lockBooks", "UNAUTHENTICATED", "FORBIDDEN"),
    ("mentorPairings", "UNAUTHENTICATED", "empty"),
    ("openItems", "UNAUTHENTICATED", "NOT_FOUND"),
    ("overdueInvoices", "UNAUTHENTICATED", "empty"),
    ("payments", "UNAUTHENTICATED", "empty"),
    ("priceList", "empty", "empty"),
    ("cashForecast", "UNAUTHENTICATED", "FORBIDDEN"),
    ("receivablesAging", "UNAUTHENTICATED", "FORBIDDEN"),
    ("recogniseRevenue", "UNAUTHENTICATED", "FORBIDDEN"),
    ("revenue", "UNAUTHENTICATED", "FORBIDDEN"),
    ("revenueRuns", "UNAUTHENTICATED", "FORBIDDEN"),
    ("studyVisits", "empty", "empty"),
    ("allocatePayment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("approveCreditNote", "UNAUTHENTICATED", "FORBIDDEN"),
    ("creditInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("creditNotes", "UNAUTHENTICATED", "empty"),
    ("refunds", "UNAUTHENTICATED", "empty"),
    ("writeOffs", "UNAUTHENTICATED", "empty"),
    ("recordDeliveryResponse", "UNAUTHENTICATED", "FORBIDDEN"),
    ("sendCreditNote", "UNAUTHENTICATED", "FORBIDDEN"),
    ("sendInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("discardCreditNote", "UNAUTHENTICATED", "FORBIDDEN"),
    ("cancelExpertVisit", "UNAUTHENTICATED", "FORBIDDEN"),
    ("cancelStudyVisit", "UNAUTHENTICATED", "FORBIDDEN"),
    ("consentToPairing", "UNAUTHENTICATED", "NOT_FOUND"),
    ("discardInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("draftFeeInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("draftPackageInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("endPairing", "UNAUTHENTICATED", "NOT_FOUND"),
    ("enrolInPackage", "UNAUTHENTICATED", "FORBIDDEN"),
    ("issueInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("joinStudyVisit", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("leaveStudyVisit", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("pairCities", "UNAUTHENTICATED", "FORBIDDEN"),
    ("recordPayment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("releaseAllocation", "UNAUTHENTICATED", "FORBIDDEN"),
    ("refundPayment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("approveRefund", "UNAUTHENTICATED", "FORBIDDEN"),
    ("discardRefund", "UNAUTHENTICATED", "FORBIDDEN"),
    ("writeOff", "UNAUTHENTICATED", "FORBIDDEN"),
    ("approveWriteOff", "UNAUTHENTICATED", "FORBIDDEN"),
    ("discardWriteOff", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reverseWriteOff", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reversePayment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("confirmMatch", "UNAUTHENTICATED", "FORBIDDEN"),
    ("matchEntry", "UNAUTHENTICATED", "FORBIDDEN"),
    ("ignoreEntry", "UNAUTHENTICATED", "FORBIDDEN"),
    ("undoMatch", "UNAUTHENTICATED", "FORBIDDEN"),
    ("setBankPolicy", "UNAUTHENTICATED", "FORBIDDEN"),
    ("bankStatement", "UNAUTHENTICATED", "FORBIDDEN"),
    ("bankStatements", "UNAUTHENTICATED", "FORBIDDEN"),
    ("bankEntry", "UNAUTHENTICATED", "FORBIDDEN"),
    ("bankEntries", "UNAUTHENTICATED", "FORBIDDEN"),
    ("bankPolicy", "UNAUTHENTICATED", "FORBIDDEN"),
    ("accountStatement", "null", "null"),
    ("scheduleExpertVisit", "UNAUTHENTICATED", "FORBIDDEN"),
    ("scheduleStudyVisit", "UNAUTHENTICATED", "FORBIDDEN"),
    ("applyFeeRun", "UNAUTHENTICATED", "FORBIDDEN"),
    ("feeRefundsDue", "UNAUTHENTICATED", "FORBIDDEN"),
    ("feeRun", "UNAUTHENTICATED", "FORBIDDEN"),
    ("feeRuns", "UNAUTHENTICATED", "FORBIDDEN"),
    ("previewFeeRun", "UNAUTHENTICATED", "FORBIDDEN"),
    ("packageBilling", "UNAUTHENTICATED", "FORBIDDEN"),
    ("packagesToBill", "UNAUTHENTICATED", "FORBIDDEN"),
    ("terminatePackage", "UNAUTHENTICATED", "FORBIDDEN"),
    ("proposeAmendment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("approveAmendment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("discardAmendment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("activities", "UNAUTHENTICATED", "empty"),
    ("planActivity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("unplanActivity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("noteParticipants", "UNAUTHENTICATED", "FORBIDDEN"),
    ("addActivityDocument", "UNAUTHENTICATED", "FORBIDDEN"),
    ("submitActivity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("acceptActivity", "UNAUTHENTICATED", "NOT_FOUND"),
    ("declineActivity", "UNAUTHENTICATED", "NOT_FOUND"),
    ("revokeAcceptance", "UNAUTHENTICATED", "FORBIDDEN"),
    ("noteNoShow", "UNAUTHENTICATED", "FORBIDDEN"),
    ("amendPackage", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reachMilestone", "UNAUTHENTICATED", "FORBIDDEN"),
    ("refundFee", "UNAUTHENTICATED", "FORBIDDEN"),
    ("upgradeToPackage", "UNAUTHENTICATED", "FORBIDDEN"),
    ("setPrice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("funders", "UNAUTHENTICATED", "empty"),
    ("grants", "UNAUTHENTICATED", "empty"),
    ("applyForGrant", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("awardGrant", "UNAUTHENTICATED", "FORBIDDEN"),
    ("clawBackGrant", "UNAUTHENTICATED", "FORBIDDEN"),
    ("closeGrant", "UNAUTHENTICATED", "FORBIDDEN"),
    ("fundInvoice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("recordGrantInstalment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("registerFunder", "UNAUTHENTICATED", "FORBIDDEN"),
    ("rejectGrant", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reportGrant", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("reviseFunder", "UNAUTHENTICATED", "FORBIDDEN"),
    (
        "submitGrantApplication",
        "UNAUTHENTICATED",
        "refused NOT_FOUND",
    ),
    ("withdrawFunding", "UNAUTHENTICATED", "FORBIDDEN"),
    ("city", "null", "null"),
    ("coordinators", "empty", "empty"),
    ("experts", "UNAUTHENTICATED", "FORBIDDEN"),
    ("memberships", "UNAUTHENTICATED", "empty"),
    ("networks", "empty", "empty"),
    ("node", "null", "null"),
    ("nodes", "empty", "empty"),
    ("packageDeliverables", "data", "data"),
    ("packages", "UNAUTHENTICATED", "empty"),
    ("partnerKinds", "data", "data"),
    ("partners", "UNAUTHENTICATED", "empty"),
    ("people", "UNAUTHENTICATED", "empty"),
    ("policyTable", "data", "data"),
    ("practices", "empty", "empty"),
    ("indicators", "data", "data"),
    ("questionnaires", "empty", "empty"),
    ("assessments", "empty", "empty"),
    ("compareAssessments", "BAD_REQUEST", "BAD_REQUEST"),
    ("loadQuestionnaire", "UNAUTHENTICATED", "FORBIDDEN"),
    ("beginAssessment", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("reviseAssessment", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("answerQuestions", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("submitAssessment", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("discardAssessment", "UNAUTHENTICATED", "refused NOT_FOUND"),
    (
        "consentToPublication",
        "UNAUTHENTICATED",
        "refused NOT_FOUND",
    ),
    ("withdrawAssessment", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("annotateAnswers", "UNAUTHENTICATED", "FORBIDDEN"),
    ("returnAssessment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("approveAssessment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("publishAssessment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("stepStandings", "UNAUTHENTICATED", "data"),
    ("reportStep", "UNAUTHENTICATED", "NOT_FOUND"),
    ("reportAdoption", "UNAUTHENTICATED", "NOT_FOUND"),
    ("documents", "empty", "empty"),
    ("search", "data", "data"),
    ("draftDocument", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reviseDocument", "UNAUTHENTICATED", "FORBIDDEN"),
    ("openFactCheck", "UNAUTHENTICATED", "FORBIDDEN"),
    ("finaliseDocument", "UNAUTHENTICATED", "FORBIDDEN"),
    ("publishDocument", "UNAUTHENTICATED", "FORBIDDEN"),
    ("withdrawDocument", "UNAUTHENTICATED", "FORBIDDEN"),
    ("remarkOnDocument", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("confirmFacts", "UNAUTHENTICATED", "refused NOT_FOUND"),
    ("annualFigures", "UNAUTHENTICATED", "FORBIDDEN"),
    ("practiceProposals", "UNAUTHENTICATED", "empty"),
    ("proposePractice", "UNAUTHENTICATED", "FORBIDDEN"),
    (
        "revisePracticeProposal",
        "UNAUTHENTICATED",
        "refused NOT_FOUND",
    ),
    (
        "submitPracticeProposal",
        "UNAUTHENTICATED",
        "refused NOT_FOUND",
    ),
    (
        "withdrawPracticeProposal",
        "UNAUTHENTICATED",
        "refused NOT_FOUND",
    ),
    ("returnPracticeProposal", "UNAUTHENTICATED", "FORBIDDEN"),
    ("publishPractice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("archivePractice", "UNAUTHENTICATED", "FORBIDDEN"),
    ("statePolicy", "UNAUTHENTICATED", "NOT_FOUND"),
    ("verifyStep", "UNAUTHENTICATED", "FORBIDDEN"),
    ("rateLimit", "data", "data"),
    ("singleActivities", "data", "data"),
    ("steps", "data", "data"),
    ("trialBalance", "UNAUTHENTICATED", "FORBIDDEN"),
    ("unlockBooks", "UNAUTHENTICATED", "FORBIDDEN"),
    ("users", "UNAUTHENTICATED", "FORBIDDEN"),
    ("viewer", "null", "data"),
    ("activateMembership", "UNAUTHENTICATED", "FORBIDDEN"),
    ("admitCity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("applyForMembership", "UNAUTHENTICATED", "FORBIDDEN"),
    ("appointCoordinator", "UNAUTHENTICATED", "FORBIDDEN"),
    ("disableUser", "UNAUTHENTICATED", "FORBIDDEN"),
    ("endAppointment", "UNAUTHENTICATED", "FORBIDDEN"),
    ("expelCity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("grantRole", "UNAUTHENTICATED", "FORBIDDEN"),
    ("inviteUser", "UNAUTHENTICATED", "FORBIDDEN"),
    ("lapseMembership", "UNAUTHENTICATED", "FORBIDDEN"),
    ("recordAgreement", "UNAUTHENTICATED", "FORBIDDEN"),
    ("recordInquiry", "UNAUTHENTICATED", "FORBIDDEN"),
    ("registerCity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("registerExpert", "UNAUTHENTICATED", "FORBIDDEN"),
    ("registerPartner", "UNAUTHENTICATED", "FORBIDDEN"),
    ("registerPerson", "UNAUTHENTICATED", "FORBIDDEN"),
    ("rejectApplication", "UNAUTHENTICATED", "FORBIDDEN"),
    ("replaceCoordinator", "UNAUTHENTICATED", "FORBIDDEN"),
    ("resumeMembership", "UNAUTHENTICATED", "FORBIDDEN"),
    ("reviseCity", "UNAUTHENTICATED", "NOT_FOUND"),
    ("succeedCity", "UNAUTHENTICATED", "FORBIDDEN"),
    ("revisePerson", "UNAUTHENTICATED", "FORBIDDEN"),
    ("revokeRole", "UNAUTHENTICATED", "FORBIDDEN"),
    ("suspendMembership", "UNAUTHENTICATED", "FORBIDDEN"),
    ("withdrawMembership", "UNAUTHENTICATED", "FORBIDDEN"),
];

fn outcome(answer: &Answer, field: &str) -> String {
    if let Some(code) = answer.body["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let value = &answer.body["data"][field];
    if let Some(code) = value["userErrors"][0]["code"].as_str() {
        return format!("refused {code}");
    }
    let is_empty = |list: &Value| {
        list.as_array()
            .is_some_and(|items| items.iter().all(Value::is_null))
    };
    match value {
        Value::Null => "null".to_owned(),
        list if is_empty(list) || is_empty(&list["nodes"]) => "empty".to_owned(),
        _ => "data".to_owned(),
    }
}

fn ask(actor: &Actor<'_>, sample: &Sample) -> String {
    outcome(
        &actor.tell(&sample.document, sample.variables.clone()),
        &sample.field,
    )
}

crate::both_databases! {
    fn every_root_field_has_its_rule(app: &TestApp) {
        let own = app.city("Oslo", "NO");
        let other = app.city("Bergen", "NO").public();
        let (nobody, coordinator) = (app.anonymous(), app.coordinator_of(own));
        let schema = Schema::published();
        let rules: BTreeMap<&str, (&str, &str)> = RULES.iter().map(|(field, nobody, other)| (*field, (*nobody, *other))).collect();
        assert_eq!(rules.len(), RULES.len(), "a field stands twice in the table");

        let mut problems = Vec::new();
        let mut asked = Vec::new();
        for root in ["Query", "Mutation"] {
            for sample in schema.samples(root, &other) {
                let found = (ask(&nobody, &sample), ask(&coordinator, &sample));
                match rules.get(sample.field.as_str()) {
                    Some((first, second)) if (*first, *second) == (found.0.as_str(), found.1.as_str()) => {}
                    _ => problems.push(format!("    (\"{}\", \"{}\", \"{}\"),", sample.field, found.0, found.1)),
                }
                if root == "Mutation" && found.0 != "UNAUTHENTICATED" {
                    problems.push(format!("nobody may {}: {}", sample.field, found.0));
                }
                if root == "Mutation" && !["FORBIDDEN", "NOT_FOUND", "refused NOT_FOUND"].contains(&found.1.as_str()) {
                    problems.push(format!("the coordinator of another city may {}: {}", sample.field, found.1));
                }
                asked.push(sample.field);
            }
        }
        problems.extend(rules.keys().filter(|field| !asked.iter().any(|one| one == *field)).map(|field| format!("{field} is in the table and not in the schema")));
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    }
}
