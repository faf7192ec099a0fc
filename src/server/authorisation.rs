//! Who may send which mutation at all, asked before its input is read and before an idempotency key
//! is looked up, so that a repeated request is judged by the roles of now. What it is not: the rule
//! for one object; the action asks again for the city that it is about.

use async_graphql::Context;

use crate::access::permission::Permission;
use crate::api::context::InOperation;
use crate::kernel::error::{Error, Result};

/// The permission that a mutation needs, for some city at least. `None` for a name without a rule.
#[must_use]
pub fn permission(mutation: &str) -> Option<Permission> {
    use Permission as P;
    Some(match mutation {
        "registerCity" | "succeedCity" => P::RegisterCity,
        "reviseCity" => P::ReviseCity,
        "recordInquiry" | "applyForMembership" | "rejectApplication" | "admitCity"
        | "recordAgreement" | "activateMembership" | "suspendMembership" | "resumeMembership"
        | "withdrawMembership" | "expelCity" | "lapseMembership" => P::DecideMembership,
        "appointCoordinator" | "replaceCoordinator" | "endAppointment" => P::AppointCoordinator,
        "registerPerson" | "revisePerson" | "registerPartner" | "registerExpert" => {
            P::RegisterPeople
        }
        "inviteUser" | "disableUser" | "grantRole" | "revokeRole" => P::ManageUsers,
        "setPrice" | "reviseReminderPolicy" => P::SetPrices,
        "applyFeeRun"
        | "refundFee"
        | "draftFeeInvoice"
        | "draftPackageInvoice"
        | "issueInvoice"
        | "discardInvoice"
        | "creditInvoice"
        | "approveCreditNote"
        | "discardCreditNote"
        | "sendInvoice"
        | "sendCreditNote"
        | "recordDeliveryResponse"
        | "applyReminderRun"
        | "chargeLateInterest"
        | "waiveLateCharges"
        | "disputeInvoice"
        | "resolveDispute"
        | "promisePayment"
        | "pauseReminders"
        | "resumeReminders"
        | "registerFunder"
        | "reviseFunder"
        | "rejectGrant"
        | "awardGrant"
        | "fundInvoice"
        | "recordGrantInstalment"
        | "closeGrant"
        | "withdrawFunding"
        | "clawBackGrant" => P::Invoice,
        "applyForGrant" | "submitGrantApplication" | "reportGrant" => P::ApplyForGrants,
        "recordPayment" | "allocatePayment" | "reversePayment" | "releaseAllocation"
        | "refundPayment" | "approveRefund" | "discardRefund" | "writeOff" | "approveWriteOff"
        | "discardWriteOff" | "reverseWriteOff" | "confirmMatch" | "matchEntry" | "ignoreEntry"
        | "undoMatch" | "setBankPolicy" => P::SettlePayments,
        "recogniseRevenue" | "lockBooks" | "unlockBooks" | "closeYear" => P::CloseBooks,
        "enrolInPackage" | "upgradeToPackage" | "terminatePackage" | "amendPackage"
        | "reachMilestone" | "proposeAmendment" | "approveAmendment" | "discardAmendment" => {
            P::EnrolInPackage
        }
        "planActivity"
        | "unplanActivity"
        | "noteParticipants"
        | "addActivityDocument"
        | "submitActivity"
        | "revokeAcceptance"
        | "noteNoShow" => P::DeliverActivities,
        "acceptActivity" | "declineActivity" => P::AcceptDeliveries,
        "loadQuestionnaire" => P::KeepQuestionnaires,
        // The network takes a publication back as well as the city: the action asks which of them it is.
        "beginAssessment" | "reviseAssessment" | "answerQuestions" | "submitAssessment"
        | "discardAssessment" | "withdrawAssessment" => P::TakeAssessments,
        "annotateAnswers" | "returnAssessment" | "approveAssessment" | "publishAssessment" => {
            P::ReviewAssessments
        }
        "reportStep" | "statePolicy" | "reportAdoption" => P::ReportProgress,
        "verifyStep" => P::VerifySteps,
        "draftDocument" | "reviseDocument" | "openFactCheck" | "finaliseDocument"
        | "publishDocument" | "withdrawDocument" => P::WriteDocuments,
        "remarkOnDocument" | "confirmFacts" => P::CheckFacts,
        "proposePractice"
        | "revisePracticeProposal"
        | "submitPracticeProposal"
        | "withdrawPracticeProposal" => P::ProposePractices,
        "returnPracticeProposal" | "publishPractice" | "archivePractice" => P::ModeratePractices,
        "consentToPublication" => P::ConsentToPublication,
        "scheduleExpertVisit" | "cancelExpertVisit" | "scheduleStudyVisit" | "cancelStudyVisit" => {
            P::ScheduleVisits
        }
        "joinStudyVisit" | "leaveStudyVisit" => P::JoinStudyVisits,
        "pairCities" | "endPairing" => P::PairCities,
        "consentToPairing" => P::ConsentToPairing,
        _ => return None,
    })
}

/// Refuses a mutation that its sender may not do for anybody.
///
/// # Errors
/// `Unauthenticated` for the public, `Forbidden` for users without the permission; a fault of ours
/// for a mutation without a rule.
pub(super) fn permit(context: &Context<'_>) -> Result<()> {
    let name = context.field().name();
    let permission = permission(name).ok_or_else(|| {
        Error::Internal(anyhow::anyhow!(
            "the mutation {name} has no rule of who may send it"
        ))
    })?;
    context.operation().viewer.scope_of_list(permission)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use async_graphql_parser::parse_schema;
    use async_graphql_parser::types::{TypeKind, TypeSystemDefinition};

    use super::*;
    use crate::server::graphql;

    #[test]
    fn every_mutation_has_a_rule() {
        let document = parse_schema(graphql::published()).unwrap();
        let mutations: Vec<String> = document
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(found) if found.node.name.node == "Mutation" => {
                    match found.node.kind {
                        TypeKind::Object(object) => Some(object.fields),
                        _ => None,
                    }
                }
                _ => None,
            })
            .flatten()
            .map(|field| field.node.name.node.to_string())
            .collect();
        assert!(mutations.len() > 40, "{mutations:?}");
        let without: Vec<_> = mutations
            .iter()
            .filter(|name| permission(name).is_none())
            .collect();
        assert!(without.is_empty(), "{without:?}");
        assert_eq!(permission("__typename"), None);
    }
}
