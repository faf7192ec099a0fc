//! The two roots of the schema, merged from what each slice brings, and its published text. What
//! it is not: a field; those are in the `graphql.rs` of their slice.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_container_serial;
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, EmptySubscription, Error, MergedObject,
    ObjectType, OutputType, Positioned, SDLExportOptions, Schema, SchemaBuilder, ServerResult,
    Value,
};

use crate::finance::bank::graphql::{BankMutation, BankQuery};
use crate::finance::credit_notes::graphql::{CreditNoteMutation, CreditNoteQuery};
use crate::finance::deliveries::graphql::DeliveryMutation;
use crate::finance::fee_refunds::graphql::{FeeRefundMutation, FeeRefundQuery};
use crate::finance::fee_runs::graphql::{FeeRunMutation, FeeRunQuery};
use crate::finance::fees::graphql::FeeQuery;
use crate::finance::funders::graphql::{FunderMutation, FunderQuery};
use crate::finance::grants::graphql::{GrantMutation, GrantQuery, GrantStepMutation};
use crate::finance::holds::graphql::HoldMutation;
use crate::finance::invoices::graphql::{InvoiceMutation, InvoiceQuery};
use crate::finance::ledger::graphql::LedgerQuery;
use crate::finance::package_billing::graphql::PackageBillingQuery;
use crate::finance::payments::graphql::{PaymentMutation, PaymentQuery};
use crate::finance::periods::graphql::{PeriodMutation, PeriodQuery};
use crate::finance::products::graphql::{PriceMutation, PriceQuery};
use crate::finance::receivables::graphql::ReceivableQuery;
use crate::finance::refunds::graphql::{RefundMutation, RefundQuery};
use crate::finance::reminders::graphql::{ReminderMutation, ReminderPolicyMutation, ReminderQuery};
use crate::finance::revenue::graphql::{RevenueMutation, RevenueQuery};
use crate::finance::statements::graphql::StatementQuery;
use crate::finance::write_offs::graphql::{WriteOffMutation, WriteOffQuery};
use crate::identity::audit::graphql::AuditQuery;
use crate::identity::roles::graphql::RoleMutation;
use crate::identity::users::graphql::{UserMutation, UserQuery};
use crate::mentoring::pairings::graphql::{MentorPairingMutation, MentorPairingQuery};
use crate::programme::activities::graphql::delivery::DeliverActivityMutation;
use crate::programme::activities::graphql::lists::ActivityQuery;
use crate::programme::activities::graphql::planning::PlanActivityMutation;
use crate::programme::assessments::graphql::lists::AssessmentQuery;
use crate::programme::assessments::graphql::reviewing::AssessmentReviewMutation;
use crate::programme::assessments::graphql::taking::AssessmentMutation;
use crate::programme::documents::graphql::DocumentQuery;
use crate::programme::documents::graphql::deeds::DocumentMutation;
use crate::programme::offer::graphql::OfferQuery;
use crate::programme::packages::amendments::graphql::AmendmentMutation;
use crate::programme::packages::graphql::PackageQuery;
use crate::programme::packages::graphql::enrolment::PackageMutation;
use crate::programme::packages::graphql::termination::EndPackageMutation;
use crate::programme::policy_profiles::graphql::PolicyProfileMutation;
use crate::programme::policy_table::graphql::PolicyTableQuery;
use crate::programme::practice_adoptions::graphql::PracticeAdoptionMutation;
use crate::programme::practice_proposals::graphql::{
    PracticeProposalMutation, PracticeProposalQuery,
};
use crate::programme::practices::graphql::{PracticeMutation, PracticeQuery};
use crate::programme::questionnaires::graphql::{QuestionnaireMutation, QuestionnaireQuery};
use crate::programme::search::graphql::SearchQuery;
use crate::programme::steps::graphql::StepQuery;
use crate::programme::steps::graphql::progress::{StepProgressMutation, StepProgressQuery};
use crate::registry::cities::graphql::{CityMutation, CityQuery};
use crate::registry::coordinators::graphql::{CoordinatorMutation, CoordinatorQuery};
use crate::registry::experts::graphql::{ExpertMutation, ExpertQuery};
use crate::registry::memberships::graphql::{MembershipMutation, MembershipQuery};
use crate::registry::networks::graphql::NetworkQuery;
use crate::registry::partners::graphql::{PartnerMutation, PartnerQuery};
use crate::registry::people::graphql::{PersonMutation, PersonQuery};
use crate::scheduling::expert_visits::graphql::{ExpertVisitMutation, ExpertVisitQuery};
use crate::scheduling::study_visits::graphql::{StudyVisitMutation, StudyVisitQuery};
use crate::server::authorisation;
use crate::server::node::NodeQuery;
use crate::server::rate_limit::RateLimitQuery;
use crate::server::transport::partial::Partial;
use crate::workflows::amend_package::graphql::AmendPackageMutation;
use crate::workflows::annual_figures::graphql::AnnualFiguresQuery;
use crate::workflows::attention::graphql::AttentionQuery;
use crate::workflows::upgrade_to_package::graphql::UpgradeMutation;

/// What can be asked.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    NodeQuery,
    RateLimitQuery,
    UserQuery,
    CityQuery,
    NetworkQuery,
    MembershipQuery,
    StepQuery,
    PolicyTableQuery,
    OfferQuery,
    PackageQuery,
    ActivityQuery,
    QuestionnaireQuery,
    AssessmentQuery,
    StepProgressQuery,
    CoordinatorQuery,
    PersonQuery,
    PartnerQuery,
    ExpertQuery,
    PracticeQuery,
    PracticeProposalQuery,
    DocumentQuery,
    SearchQuery,
    AuditQuery,
    PriceQuery,
    FeeQuery,
    FeeRunQuery,
    BankQuery,
    StatementQuery,
    FeeRefundQuery,
    PackageBillingQuery,
    InvoiceQuery,
    CreditNoteQuery,
    RefundQuery,
    WriteOffQuery,
    FunderQuery,
    GrantQuery,
    PaymentQuery,
    LedgerQuery,
    PeriodQuery,
    ReceivableQuery,
    RevenueQuery,
    ReminderQuery,
    ExpertVisitQuery,
    StudyVisitQuery,
    MentorPairingQuery,
    AttentionQuery,
    AnnualFiguresQuery,
);

/// What can be done. Every mutation answers with the object and with the problems of its input.
#[derive(Debug, Default, MergedObject)]
#[graphql(name = "Mutation")]
struct Mutations(
    UserMutation,
    RoleMutation,
    CityMutation,
    MembershipMutation,
    CoordinatorMutation,
    PersonMutation,
    PartnerMutation,
    ExpertMutation,
    PriceMutation,
    FeeRunMutation,
    FeeRefundMutation,
    InvoiceMutation,
    CreditNoteMutation,
    FunderMutation,
    GrantMutation,
    GrantStepMutation,
    DeliveryMutation,
    PaymentMutation,
    RefundMutation,
    BankMutation,
    WriteOffMutation,
    PeriodMutation,
    RevenueMutation,
    ReminderMutation,
    ReminderPolicyMutation,
    HoldMutation,
    PackageMutation,
    UpgradeMutation,
    AmendPackageMutation,
    AmendmentMutation,
    PlanActivityMutation,
    DeliverActivityMutation,
    EndPackageMutation,
    QuestionnaireMutation,
    AssessmentMutation,
    AssessmentReviewMutation,
    StepProgressMutation,
    PracticeMutation,
    PracticeProposalMutation,
    DocumentMutation,
    PracticeAdoptionMutation,
    PolicyProfileMutation,
    ExpertVisitMutation,
    StudyVisitMutation,
    MentorPairingMutation,
);

/// The root of mutations: each field is for those with its permission only, before anything of the
/// field is read.
#[derive(Debug, Default)]
pub struct Mutation(Mutations);

impl ContainerType for Mutation {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        authorisation::permit(context).map_err(|error| {
            context.set_error_path(Error::from(error).into_server_error(context.item.pos))
        })?;
        self.0.resolve_field(context).await
    }
}

impl OutputType for Mutation {
    fn type_name() -> Cow<'static, str> {
        Mutations::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Mutations::create_type_info(registry)
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container_serial(context, self).await
    }
}

impl ObjectType for Mutation {}

/// The executor.
pub type NetworkSchema = Schema<Query, Mutation, EmptySubscription>;

/// The executor. The guard stands before it; its own limits are only a second wall.
#[must_use]
pub fn build() -> NetworkSchema {
    builder().finish()
}

/// The executor that answers what it can beside a field that fails.
#[must_use]
pub fn build_partial() -> NetworkSchema {
    builder().extension(Partial).finish()
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        // Suggestions would tell the anonymous what else there is.
        .disable_suggestions()
        .limit_depth(40)
}

/// The published schema text.
#[must_use]
pub fn published() -> String {
    sdl(&build())
}

/// The text of a schema: sorted, so that a change shows as a small difference.
#[must_use]
pub fn sdl(schema: &NetworkSchema) -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    schema.sdl_with_options(options)
}
