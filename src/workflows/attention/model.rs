//! An entry of the work list. What it is not: a record; it is made anew for each question.

use chrono::NaiveDate;
use chrono_tz::Europe::Copenhagen;
use uuid::Uuid;

use crate::kernel::ids::{
    ActivityId, AssessmentId, CityId, CreditNoteId, DocumentId, ExpertVisitId, FundingGrantId, Id,
    InvoiceId, MembershipId, PackageAmendmentId, PackageId, PracticeProposalId,
};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;

crate::text_enum! {
    /// Why something is on the work list.
    pub enum AttentionRule {
        /// The days of an activity are over for 14 days, and it is not said to be delivered.
        ActivityOverdue = "ACTIVITY_OVERDUE",
        /// The city was admitted, and no financial agreement is signed.
        AgreementMissing = "AGREEMENT_MISSING",
        /// A city submitted an assessment, and its scores are not approved or given back.
        AssessmentWaiting = "ASSESSMENT_WAITING",
        /// A change of a package's contract waits for a second person.
        AmendmentWaiting = "AMENDMENT_WAITING",
        /// The city is active in a network and has had no coordinator for more than 60 days.
        CoordinatorVacant = "COORDINATOR_VACANT",
        /// The invoice or credit note was sent, and its buyer's side turned it away.
        DeliveryRejected = "DELIVERY_REJECTED",
        /// The city's time to check the facts of a document is over, and it said nothing.
        FactCheckOver = "FACT_CHECK_OVER",
        /// An instalment of a grant was expected, and is not recorded.
        GrantInstalmentLate = "GRANT_INSTALMENT_LATE",
        /// The days that a grant pays for end within 60 days, or are over, and money is left of it.
        GrantMoneyUnused = "GRANT_MONEY_UNUSED",
        /// The report of a grant is due within 30 days, or late.
        GrantReportDue = "GRANT_REPORT_DUE",
        /// The last day to pay the invoice is over, and something is open on it.
        InvoiceOverdue = "INVOICE_OVERDUE",
        /// A city handed a good practice in, and nobody has looked at it.
        PracticeProposed = "PRACTICE_PROPOSED",
        /// A package loses units within 90 days that are neither used nor set aside.
        UnitsExpiring = "UNITS_EXPIRING",
        /// The visit is planned, and no expert is found for it.
        VisitWithoutExpert = "VISIT_WITHOUT_EXPERT",
    }
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A city.
    City(CityId),
    /// A membership.
    Membership(MembershipId),
    /// An invoice.
    Invoice(InvoiceId),
    /// A credit note.
    CreditNote(CreditNoteId),
    /// An expert visit.
    ExpertVisit(ExpertVisitId),
    /// A grant.
    Grant(FundingGrantId),
    /// An activity.
    Activity(ActivityId),
    /// A package.
    Package(PackageId),
    /// A change of a package's contract.
    Amendment(PackageAmendmentId),
    /// An assessment.
    Assessment(AssessmentId),
    /// A document about a city.
    Document(DocumentId),
    /// A proposed practice.
    Proposal(PracticeProposalId),
}

impl Subject {
    /// The key of the object.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            Self::City(id) => id.uuid(),
            Self::Membership(id) => id.uuid(),
            Self::Invoice(id) => id.uuid(),
            Self::CreditNote(id) => id.uuid(),
            Self::ExpertVisit(id) => id.uuid(),
            Self::Grant(id) => id.uuid(),
            Self::Activity(id) => id.uuid(),
            Self::Package(id) => id.uuid(),
            Self::Amendment(id) => id.uuid(),
            Self::Assessment(id) => id.uuid(),
            Self::Document(id) => id.uuid(),
            Self::Proposal(id) => id.uuid(),
        }
    }
}

/// An entry of the work list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionItem {
    /// Why it is on the list.
    pub rule: AttentionRule,
    /// From when on the rule holds.
    pub holds_from: Instant,
    /// The city it is about.
    pub city: CityId,
    /// The object it is about.
    pub subject: Subject,
    /// What is wrong and what to do.
    pub message: Phrase,
}

impl AttentionItem {
    /// The first day on which the rule held, in the seller's zone.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        self.holds_from.date_in(Copenhagen)
    }
}

/// Which entries a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttentionFilter {
    /// By one of these rules.
    pub rule: Option<Vec<AttentionRule>>,
    /// About one of these cities.
    pub city: Option<Vec<CityId>>,
}

impl AttentionFilter {
    /// The rules whose entries are asked for, each once.
    pub fn rules(&self) -> impl Iterator<Item = AttentionRule> {
        let asked =
            |rule: &AttentionRule| self.rule.as_ref().is_none_or(|rules| rules.contains(rule));
        AttentionRule::ALL.iter().copied().filter(asked)
    }

    /// The keys of the cities that are asked about, if only some are.
    #[must_use]
    pub fn city_keys(&self) -> Option<Vec<Uuid>> {
        let cities = self.city.as_ref()?;
        Some(cities.iter().map(|city| city.uuid()).collect())
    }
}
