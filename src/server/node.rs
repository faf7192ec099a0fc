//! `node` and `nodes`: any object by its id alone. What it is not: another way to see things; each
//! type answers with its own rule of who may see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object};

use crate::api::context::InOperation;
use crate::finance::bank::graphql::{BankEntryById, BankStatementById};
use crate::finance::bank::{BankEntry, BankStatement};
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::fee_runs::FeeRun;
use crate::finance::fee_runs::graphql::FeeRunById;
use crate::finance::funders::Funder;
use crate::finance::funders::graphql::FunderById;
use crate::finance::grants::graphql::{FundingById, FundingGrantById};
use crate::finance::grants::{Funding, FundingGrant};
use crate::finance::holds::ReminderHold;
use crate::finance::holds::graphql::ReminderHoldById;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::ledger::LedgerTransaction;
use crate::finance::ledger::graphql::LedgerTransactionById;
use crate::finance::payments::graphql::{AllocationById, PaymentById};
use crate::finance::payments::{Allocation, Payment};
use crate::finance::products::PriceVersion;
use crate::finance::products::graphql::PriceById;
use crate::finance::refunds::Refund;
use crate::finance::refunds::graphql::RefundById;
use crate::finance::reminders::graphql::{ReminderById, ReminderRunById};
use crate::finance::reminders::{Reminder, ReminderRun};
use crate::finance::revenue::RevenueRun;
use crate::finance::revenue::graphql::RevenueRunById;
use crate::finance::write_offs::WriteOff;
use crate::finance::write_offs::graphql::WriteOffById;
use crate::identity::audit::AuditEntry;
use crate::identity::audit::graphql::AuditEntryById;
use crate::identity::users::User;
use crate::identity::users::graphql::UserById;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{
    ActivityId, AllocationId, AppointmentId, AssessmentId, AuditEntryId, BankEntryId,
    BankStatementId, CityId, CreditNoteId, DocumentId, ExpertId, ExpertVisitId, FeeRunId, FunderId,
    FundingGrantId, FundingId, Id, InvoiceId, LedgerTransactionId, MembershipId, MentorPairingId,
    NetworkId, PackageAmendmentId, PackageId, PartnerId, PaymentId, PersonId, PolicyStatementId,
    PracticeAdoptionId, PracticeId, PracticeProposalId, PriceId, QuestionnaireId, RefundId,
    ReminderHoldId, ReminderId, ReminderRunId, RevenueRunId, RoundId, StepReportId, StudyVisitId,
    StudyVisitPlaceId, UserId, WriteOffId, read_public_id,
};
use crate::kernel::phrase::Phrase;
use crate::mentoring::pairings::MentorPairing;
use crate::mentoring::pairings::graphql::MentorPairingById;
use crate::programme::activities::Activity;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::assessments::Assessment;
use crate::programme::assessments::graphql::AssessmentById;
use crate::programme::documents::Document;
use crate::programme::documents::graphql::DocumentById;
use crate::programme::packages::Package;
use crate::programme::packages::amendments::PackageAmendment;
use crate::programme::packages::amendments::graphql::PackageAmendmentById;
use crate::programme::packages::graphql::PackageById;
use crate::programme::policy_profiles::PolicyStatement;
use crate::programme::policy_profiles::graphql::PolicyStatementById;
use crate::programme::practice_adoptions::PracticeAdoption;
use crate::programme::practice_adoptions::graphql::PracticeAdoptionById;
use crate::programme::practice_proposals::PracticeProposal;
use crate::programme::practice_proposals::graphql::PracticeProposalById;
use crate::programme::practices::Practice;
use crate::programme::practices::graphql::PracticeById;
use crate::programme::questionnaires::Questionnaire;
use crate::programme::questionnaires::graphql::QuestionnaireById;
use crate::programme::steps::StepReport;
use crate::programme::steps::graphql::progress::StepReportById;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::coordinators::Coordinator;
use crate::registry::coordinators::graphql::CoordinatorById;
use crate::registry::experts::Expert;
use crate::registry::experts::graphql::ExpertById;
use crate::registry::memberships::Membership;
use crate::registry::memberships::graphql::MembershipById;
use crate::registry::networks::graphql::{NetworkById, RoundById};
use crate::registry::networks::{Network, Round};
use crate::registry::partners::Partner;
use crate::registry::partners::graphql::PartnerById;
use crate::registry::people::Person;
use crate::registry::people::graphql::PersonById;
use crate::scheduling::expert_visits::ExpertVisit;
use crate::scheduling::expert_visits::graphql::ExpertVisitById;
use crate::scheduling::study_visits::graphql::StudyVisitById;
use crate::scheduling::study_visits::places_graphql::StudyVisitPlaceById;
use crate::scheduling::study_visits::{StudyVisit, StudyVisitPlace};

/// Anything that has an id.
#[derive(Debug, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The opaque id."))]
pub enum Node {
    /// A city.
    City(Arc<City>),
    /// A period of membership.
    Membership(Arc<Membership>),
    /// A network.
    Network(Arc<Network>),
    /// A round of a network.
    Round(Arc<Round>),
    /// A user.
    User(Arc<User>),
    /// A package of a city.
    Package(Arc<Package>),
    /// A change of a package's contract.
    PackageAmendment(Arc<PackageAmendment>),
    /// A city that takes the index.
    Assessment(Arc<Assessment>),
    /// A questionnaire of the index.
    Questionnaire(Arc<Questionnaire>),
    /// What a city said of a step.
    StepReport(Arc<StepReport>),
    /// A document about a city.
    Document(Arc<Document>),
    /// A practice on its way into the library.
    PracticeProposal(Arc<PracticeProposal>),
    /// What a city said of a practice that it took over.
    PracticeAdoption(Arc<PracticeAdoption>),
    /// What a city said of an area of its policy.
    PolicyStatement(Arc<PolicyStatement>),
    /// An activity of a city.
    Activity(Arc<Activity>),
    /// The appointment of a coordinator or deputy.
    Coordinator(Arc<Coordinator>),
    /// An expert.
    Expert(Arc<Expert>),
    /// A partner organisation.
    Partner(Arc<Partner>),
    /// A person.
    Person(Arc<Person>),
    /// An example of good practice.
    Practice(Arc<Practice>),
    /// A line of the audit log.
    AuditEntry(Arc<AuditEntry>),
    /// A price of a product.
    Price(Arc<PriceVersion>),
    /// An invoice to a city.
    Invoice(Arc<Invoice>),
    /// What takes an invoice back.
    CreditNote(Arc<CreditNote>),
    /// A transaction of the books.
    LedgerTransaction(Arc<LedgerTransaction>),
    /// A recognition of revenue.
    RevenueRun(Arc<RevenueRun>),
    /// A run over the fees of a year.
    FeeRun(Arc<FeeRun>),
    /// Money that came in.
    Payment(Arc<Payment>),
    /// The use of a part of a payment for an invoice.
    Allocation(Arc<Allocation>),
    /// A reminder of an overdue invoice.
    Reminder(Arc<Reminder>),
    /// Why an invoice is not reminded of for a while.
    ReminderHold(Arc<ReminderHold>),
    /// The sending of all reminders that are due on a day.
    ReminderRun(Arc<ReminderRun>),
    /// Unused money that is paid back.
    Refund(Arc<Refund>),
    /// Who pays fees in a city's stead.
    Funder(Arc<Funder>),
    /// A city's grant of a funder.
    FundingGrant(Arc<FundingGrant>),
    /// What a grant pays of a line of an invoice.
    Funding(Arc<Funding>),
    /// What is given up of an invoice.
    WriteOff(Arc<WriteOff>),
    /// A statement of the bank.
    BankStatement(Arc<BankStatement>),
    /// An entry of the bank.
    BankEntry(Arc<BankEntry>),
    /// A visit of experts to a city.
    ExpertVisit(Arc<ExpertVisit>),
    /// A visit of cities to a city.
    StudyVisit(Arc<StudyVisit>),
    /// The place of a city on a study visit.
    StudyVisitPlace(Arc<StudyVisitPlace>),
    /// Two cities that mentor.
    MentorPairing(Arc<MentorPairing>),
}

/// Queries of any object.
#[derive(Debug, Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// An object by its id; null when there is none or the caller may not know of it.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The object's id.")] id: ID,
    ) -> Result<Option<Node>> {
        find(context, &id).await
    }

    /// Objects by their ids, in the same order; null where there is none or the caller may not
    /// know of it.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most 100 ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        crate::api::inputs::at_most_100("ids", Some(&ids))?;
        let found = futures_util::future::join_all(ids.iter().map(|id| find(context, id))).await;
        found.into_iter().collect()
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each type")]
async fn find(context: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let Some((kind, uuid)) = read_public_id(id) else {
        return Err(Error::BadRequest(Phrase::new(
            "This is not an id of this service.",
            "Dette er ikke et id fra denne tjeneste.",
        )));
    };
    let operation = context.operation();
    match kind.as_str() {
        CityId::KIND => Ok(operation
            .load::<CityById>(CityId::of(uuid))
            .await?
            .map(Node::City)),
        MembershipId::KIND => Ok(operation
            .load::<MembershipById>(MembershipId::of(uuid))
            .await?
            .map(Node::Membership)),
        NetworkId::KIND => Ok(operation
            .load::<NetworkById>(NetworkId::of(uuid))
            .await?
            .map(Node::Network)),
        RoundId::KIND => Ok(operation
            .load::<RoundById>(RoundId::of(uuid))
            .await?
            .map(Node::Round)),
        UserId::KIND => Ok(operation
            .load::<UserById>(UserId::of(uuid))
            .await?
            .map(Node::User)),
        PackageId::KIND => Ok(operation
            .load::<PackageById>(PackageId::of(uuid))
            .await?
            .map(Node::Package)),
        AssessmentId::KIND => Ok(operation
            .load::<AssessmentById>(AssessmentId::of(uuid))
            .await?
            .map(Node::Assessment)),
        QuestionnaireId::KIND => Ok(operation
            .load::<QuestionnaireById>(QuestionnaireId::of(uuid))
            .await?
            .map(Node::Questionnaire)),
        StepReportId::KIND => Ok(operation
            .load::<StepReportById>(StepReportId::of(uuid))
            .await?
            .map(Node::StepReport)),
        DocumentId::KIND => Ok(operation
            .load::<DocumentById>(DocumentId::of(uuid))
            .await?
            .map(Node::Document)),
        PracticeProposalId::KIND => Ok(operation
            .load::<PracticeProposalById>(PracticeProposalId::of(uuid))
            .await?
            .map(Node::PracticeProposal)),
        PracticeAdoptionId::KIND => Ok(operation
            .load::<PracticeAdoptionById>(PracticeAdoptionId::of(uuid))
            .await?
            .map(Node::PracticeAdoption)),
        PolicyStatementId::KIND => Ok(operation
            .load::<PolicyStatementById>(PolicyStatementId::of(uuid))
            .await?
            .map(Node::PolicyStatement)),
        PackageAmendmentId::KIND => Ok(operation
            .load::<PackageAmendmentById>(PackageAmendmentId::of(uuid))
            .await?
            .map(Node::PackageAmendment)),
        ActivityId::KIND => Ok(operation
            .load::<ActivityById>(ActivityId::of(uuid))
            .await?
            .map(Node::Activity)),
        AppointmentId::KIND => Ok(operation
            .load::<CoordinatorById>(AppointmentId::of(uuid))
            .await?
            .map(Node::Coordinator)),
        ExpertId::KIND => Ok(operation
            .load::<ExpertById>(ExpertId::of(uuid))
            .await?
            .map(Node::Expert)),
        PartnerId::KIND => Ok(operation
            .load::<PartnerById>(PartnerId::of(uuid))
            .await?
            .map(Node::Partner)),
        PersonId::KIND => Ok(operation
            .load::<PersonById>(PersonId::of(uuid))
            .await?
            .map(Node::Person)),
        PracticeId::KIND => Ok(operation
            .load::<PracticeById>(PracticeId::of(uuid))
            .await?
            .map(Node::Practice)),
        AuditEntryId::KIND => Ok(operation
            .load::<AuditEntryById>(AuditEntryId::of(uuid))
            .await?
            .map(Node::AuditEntry)),
        PriceId::KIND => Ok(operation
            .load::<PriceById>(PriceId::of(uuid))
            .await?
            .map(Node::Price)),
        InvoiceId::KIND => Ok(operation
            .load::<InvoiceById>(InvoiceId::of(uuid))
            .await?
            .map(Node::Invoice)),
        CreditNoteId::KIND => Ok(operation
            .load::<CreditNoteById>(CreditNoteId::of(uuid))
            .await?
            .map(Node::CreditNote)),
        LedgerTransactionId::KIND => Ok(operation
            .load::<LedgerTransactionById>(LedgerTransactionId::of(uuid))
            .await?
            .map(Node::LedgerTransaction)),
        RevenueRunId::KIND => Ok(operation
            .load::<RevenueRunById>(RevenueRunId::of(uuid))
            .await?
            .map(Node::RevenueRun)),
        FeeRunId::KIND => Ok(operation
            .load::<FeeRunById>(FeeRunId::of(uuid))
            .await?
            .map(Node::FeeRun)),
        PaymentId::KIND => Ok(operation
            .load::<PaymentById>(PaymentId::of(uuid))
            .await?
            .map(Node::Payment)),
        BankStatementId::KIND => Ok(operation
            .load::<BankStatementById>(BankStatementId::of(uuid))
            .await?
            .map(Node::BankStatement)),
        BankEntryId::KIND => Ok(operation
            .load::<BankEntryById>(BankEntryId::of(uuid))
            .await?
            .map(Node::BankEntry)),
        RefundId::KIND => Ok(operation
            .load::<RefundById>(RefundId::of(uuid))
            .await?
            .map(Node::Refund)),
        FunderId::KIND => Ok(operation
            .load::<FunderById>(FunderId::of(uuid))
            .await?
            .map(Node::Funder)),
        FundingGrantId::KIND => Ok(operation
            .load::<FundingGrantById>(FundingGrantId::of(uuid))
            .await?
            .map(Node::FundingGrant)),
        FundingId::KIND => Ok(operation
            .load::<FundingById>(FundingId::of(uuid))
            .await?
            .map(Node::Funding)),
        WriteOffId::KIND => Ok(operation
            .load::<WriteOffById>(WriteOffId::of(uuid))
            .await?
            .map(Node::WriteOff)),
        AllocationId::KIND => Ok(operation
            .load::<AllocationById>(AllocationId::of(uuid))
            .await?
            .map(Node::Allocation)),
        ReminderId::KIND => Ok(operation
            .load::<ReminderById>(ReminderId::of(uuid))
            .await?
            .map(Node::Reminder)),
        ReminderHoldId::KIND => Ok(operation
            .load::<ReminderHoldById>(ReminderHoldId::of(uuid))
            .await?
            .map(Node::ReminderHold)),
        ReminderRunId::KIND => Ok(operation
            .load::<ReminderRunById>(ReminderRunId::of(uuid))
            .await?
            .map(Node::ReminderRun)),
        ExpertVisitId::KIND => Ok(operation
            .load::<ExpertVisitById>(ExpertVisitId::of(uuid))
            .await?
            .map(Node::ExpertVisit)),
        StudyVisitId::KIND => Ok(operation
            .load::<StudyVisitById>(StudyVisitId::of(uuid))
            .await?
            .map(Node::StudyVisit)),
        StudyVisitPlaceId::KIND => Ok(operation
            .load::<StudyVisitPlaceById>(StudyVisitPlaceId::of(uuid))
            .await?
            .map(Node::StudyVisitPlace)),
        MentorPairingId::KIND => Ok(operation
            .load::<MentorPairingById>(MentorPairingId::of(uuid))
            .await?
            .map(Node::MentorPairing)),
        _ => Ok(None),
    }
}
