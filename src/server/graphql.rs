//! The two roots of the schema, merged from what each slice brings, and its published text. What
//! it is not: a field; those are in the `graphql.rs` of their slice.

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions, Schema, SchemaBuilder};

use crate::finance::fees::graphql::FeeQuery;
use crate::finance::invoices::graphql::{InvoiceMutation, InvoiceQuery};
use crate::finance::payments::graphql::{PaymentMutation, PaymentQuery};
use crate::finance::products::graphql::{PriceMutation, PriceQuery};
use crate::identity::audit::graphql::AuditQuery;
use crate::identity::roles::graphql::RoleMutation;
use crate::identity::users::graphql::{UserMutation, UserQuery};
use crate::mentoring::pairings::graphql::{MentorPairingMutation, MentorPairingQuery};
use crate::programme::offer::graphql::OfferQuery;
use crate::programme::packages::graphql::{PackageMutation, PackageQuery};
use crate::programme::policy_table::graphql::PolicyTableQuery;
use crate::programme::practices::graphql::PracticeQuery;
use crate::programme::steps::graphql::StepQuery;
use crate::registry::cities::graphql::{CityMutation, CityQuery};
use crate::registry::coordinators::graphql::{CoordinatorMutation, CoordinatorQuery};
use crate::registry::experts::graphql::{ExpertMutation, ExpertQuery};
use crate::registry::memberships::graphql::{MembershipMutation, MembershipQuery};
use crate::registry::networks::graphql::NetworkQuery;
use crate::registry::partners::graphql::{PartnerMutation, PartnerQuery};
use crate::registry::people::graphql::{PersonMutation, PersonQuery};
use crate::scheduling::expert_visits::graphql::{ExpertVisitMutation, ExpertVisitQuery};
use crate::scheduling::study_visits::graphql::{StudyVisitMutation, StudyVisitQuery};
use crate::server::node::NodeQuery;
use crate::server::rate_limit::RateLimitQuery;
use crate::server::transport::partial::Partial;
use crate::workflows::attention::graphql::AttentionQuery;

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
    CoordinatorQuery,
    PersonQuery,
    PartnerQuery,
    ExpertQuery,
    PracticeQuery,
    AuditQuery,
    PriceQuery,
    FeeQuery,
    InvoiceQuery,
    PaymentQuery,
    ExpertVisitQuery,
    StudyVisitQuery,
    MentorPairingQuery,
    AttentionQuery,
);

/// What can be done. Every mutation answers with the object and with the problems of its input.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    UserMutation,
    RoleMutation,
    CityMutation,
    MembershipMutation,
    CoordinatorMutation,
    PersonMutation,
    PartnerMutation,
    ExpertMutation,
    PriceMutation,
    InvoiceMutation,
    PaymentMutation,
    PackageMutation,
    ExpertVisitMutation,
    StudyVisitMutation,
    MentorPairingMutation,
);

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
