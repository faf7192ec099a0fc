//! The work list in the schema. What it is not: the objects on it; those are types of their own.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Union};

use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::grants::FundingGrant;
use crate::finance::grants::graphql::FundingGrantById;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::kernel::error::Result;
use crate::kernel::page::Page;
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
use crate::programme::practice_proposals::PracticeProposal;
use crate::programme::practice_proposals::graphql::PracticeProposalById;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::memberships::Membership;
use crate::registry::memberships::graphql::MembershipById;
use crate::scheduling::expert_visits::ExpertVisit;
use crate::scheduling::expert_visits::graphql::ExpertVisitById;
use crate::workflows::attention::{self, AttentionFilter, AttentionItem, AttentionRule, Subject};

crate::connection!(AttentionConnection, AttentionEdge, AttentionItem);

/// What an entry of the work list is about.
#[derive(Debug, Union)]
pub enum AttentionObject {
    /// A city.
    City(Arc<City>),
    /// A membership.
    Membership(Arc<Membership>),
    /// An invoice.
    Invoice(Arc<Invoice>),
    /// A credit note.
    CreditNote(Arc<CreditNote>),
    /// An expert visit.
    ExpertVisit(Arc<ExpertVisit>),
    /// A grant.
    FundingGrant(Arc<FundingGrant>),
    /// An activity.
    Activity(Arc<Activity>),
    /// A package.
    Package(Arc<Package>),
    /// A change of a package's contract.
    PackageAmendment(Arc<PackageAmendment>),
    /// An assessment.
    Assessment(Arc<Assessment>),
    /// A document about a city.
    Document(Arc<Document>),
    /// A proposed practice.
    PracticeProposal(Arc<PracticeProposal>),
}

/// Something that somebody of the secretariat or of finance should look at.
#[Object]
impl AttentionItem {
    /// Why it is on the list.
    async fn rule(&self) -> AttentionRule {
        self.rule
    }

    /// The first day on which the rule held.
    async fn since(&self) -> Date {
        Date(self.first_day())
    }

    /// The city it is about.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city).await
    }

    /// The object it is about; null for those who may not see it.
    async fn object(&self, context: &Context<'_>) -> Result<Option<AttentionObject>> {
        let operation = context.operation();
        Ok(match self.subject {
            Subject::City(id) => {
                let city = operation.load::<CityById>(id).await?;
                city.map(AttentionObject::City)
            }
            Subject::Membership(id) => {
                let membership = operation.load::<MembershipById>(id).await?;
                membership.map(AttentionObject::Membership)
            }
            Subject::Invoice(id) => {
                let invoice = operation.load::<InvoiceById>(id).await?;
                invoice.map(AttentionObject::Invoice)
            }
            Subject::CreditNote(id) => {
                let note = operation.load::<CreditNoteById>(id).await?;
                note.map(AttentionObject::CreditNote)
            }
            Subject::ExpertVisit(id) => {
                let visit = operation.load::<ExpertVisitById>(id).await?;
                visit.map(AttentionObject::ExpertVisit)
            }
            Subject::Activity(id) => {
                let activity = operation.load::<ActivityById>(id).await?;
                activity.map(AttentionObject::Activity)
            }
            Subject::Package(id) => {
                let package = operation.load::<PackageById>(id).await?;
                package.map(AttentionObject::Package)
            }
            Subject::Amendment(id) => {
                let amendment = operation.load::<PackageAmendmentById>(id).await?;
                amendment.map(AttentionObject::PackageAmendment)
            }
            Subject::Assessment(id) => {
                let assessment = operation.load::<AssessmentById>(id).await?;
                assessment.map(AttentionObject::Assessment)
            }
            Subject::Document(id) => {
                let document = operation.load::<DocumentById>(id).await?;
                document.map(AttentionObject::Document)
            }
            Subject::Proposal(id) => {
                let proposal = operation.load::<PracticeProposalById>(id).await?;
                proposal.map(AttentionObject::PracticeProposal)
            }
            Subject::Grant(id) => {
                let grant = operation.load::<FundingGrantById>(id).await?;
                grant.map(AttentionObject::FundingGrant)
            }
        })
    }

    /// What is wrong and what to do, in the caller's language.
    async fn message(&self, context: &Context<'_>) -> &str {
        self.message.in_language(context.operation().language)
    }
}

/// Which entries a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct AttentionFilterInput {
    /// By one of these rules.
    rule: Option<Vec<AttentionRule>>,
    /// About one of these cities.
    city_id: Option<Vec<ID>>,
}

impl AttentionFilterInput {
    fn read(self) -> Result<AttentionFilter> {
        inputs::at_most_100("rule", self.rule.as_deref())?;
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        let cities = self
            .city_id
            .map(|ids| ids.iter().map(inputs::query_id).collect());
        Ok(AttentionFilter {
            rule: self.rule,
            city: cities.transpose()?,
        })
    }
}

/// Queries of the work list.
#[derive(Debug, Default)]
pub struct AttentionQuery;

#[Object]
impl AttentionQuery {
    /// The work list of secretariat and finance, the longest waiting first. What is put right
    /// leaves it by itself.
    async fn attention(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<AttentionFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<AttentionConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let operation = context.operation();
        let (viewer, now) = (&operation.viewer, operation.now);
        let listed = context.read(|db| attention::list(db, viewer, now, &filter, &page))?;
        let count = move |db: &mut Db, operation: &Operation| {
            attention::count(db, &operation.viewer, operation.now, &filter)
        };
        Ok(AttentionConnection(Connected::new(
            listed,
            attention::order(),
            count,
        )))
    }
}
