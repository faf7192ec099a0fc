//! The mutations of memberships. What it is not: the rules; each step is an action of the slice.

use async_graphql::{Context, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::db::Tx;
use crate::identity::users::graphql::forget_after;
use crate::kernel::error::Result;
use crate::kernel::ids::MembershipId;
use crate::registry::memberships;
use crate::registry::memberships::graphql::MembershipById;
use crate::registry::memberships::graphql::steps_inputs::{
    ActivateMembershipInput, AdmitCityInput, ApplyForMembershipInput, ExpelCityInput,
    LapseMembershipInput, RecordAgreementInput, RecordInquiryInput, RejectApplicationInput,
    ResumeMembershipInput, SuspendMembershipInput, WithdrawMembershipInput,
};
use crate::registry::memberships::graphql::steps_payloads::{
    ActivateMembershipPayload, AdmitCityPayload, ApplyForMembershipPayload, ExpelCityPayload,
    LapseMembershipPayload, RecordAgreementPayload, RecordInquiryPayload, RejectApplicationPayload,
    ResumeMembershipPayload, SuspendMembershipPayload, WithdrawMembershipPayload,
};
use crate::workflows::leave_network;

/// Mutations of memberships.
#[derive(Debug, Default)]
pub struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Records that a city asked what membership means.
    async fn record_inquiry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The question.")] input: RecordInquiryInput,
    ) -> Result<RecordInquiryPayload> {
        let done = take(context, input.read(), memberships::inquire);
        RecordInquiryPayload::of::<MembershipById>(context, done).await
    }

    /// Records a city's application; who left or was rejected begins a new period.
    async fn apply_for_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The application.")] input: ApplyForMembershipInput,
    ) -> Result<ApplyForMembershipPayload> {
        let done = take(context, input.read(), memberships::apply);
        ApplyForMembershipPayload::of::<MembershipById>(context, done).await
    }

    /// Rejects an application.
    async fn reject_application(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and when.")] input: RejectApplicationInput,
    ) -> Result<RejectApplicationPayload> {
        let done = take(context, input.read(), memberships::reject);
        RejectApplicationPayload::of::<MembershipById>(context, done).await
    }

    /// Admits a city that applied: the mayor or council decided, the statement of intent is signed.
    async fn admit_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what was decided.")] input: AdmitCityInput,
    ) -> Result<AdmitCityPayload> {
        let done = take(context, input.read(), memberships::admit);
        AdmitCityPayload::of::<MembershipById>(context, done).await
    }

    /// Records the financial agreement; it changes no status.
    async fn record_agreement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and when.")] input: RecordAgreementInput,
    ) -> Result<RecordAgreementPayload> {
        let done = take(context, input.read(), memberships::agree);
        RecordAgreementPayload::of::<MembershipById>(context, done).await
    }

    /// Lets the membership of an admitted city begin.
    async fn activate_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and from when.")] input: ActivateMembershipInput,
    ) -> Result<ActivateMembershipPayload> {
        let done = take(context, input.read(), memberships::activate);
        ActivateMembershipPayload::of::<MembershipById>(context, done).await
    }

    /// Lets a member's rights rest.
    async fn suspend_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and from when.")] input: SuspendMembershipInput,
    ) -> Result<SuspendMembershipPayload> {
        let done = take(context, input.read(), memberships::suspend);
        SuspendMembershipPayload::of::<MembershipById>(context, done).await
    }

    /// Gives a suspended member its rights back.
    async fn resume_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and from when.")] input: ResumeMembershipInput,
    ) -> Result<ResumeMembershipPayload> {
        let done = take(context, input.read(), memberships::resume);
        ResumeMembershipPayload::of::<MembershipById>(context, done).await
    }

    /// Records that a city leaves by its own notice. Its coordinator's and deputy's posts, their access,
    /// and its pairings end when it is out.
    async fn withdraw_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and until when.")] input: WithdrawMembershipInput,
    ) -> Result<WithdrawMembershipPayload> {
        let done = take(context, input.read(), leave_network::withdraw);
        WithdrawMembershipPayload::of::<MembershipById>(context, done).await
    }

    /// Excludes a city. What rests on its membership ends as by its own notice.
    async fn expel_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and until when.")] input: ExpelCityInput,
    ) -> Result<ExpelCityPayload> {
        let done = take(context, input.read(), leave_network::expel);
        ExpelCityPayload::of::<MembershipById>(context, done).await
    }

    /// Ends a membership without a decision: unpaid, or not renewed. What rests on it ends as by the
    /// city's own notice.
    async fn lapse_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which and until when.")] input: LapseMembershipInput,
    ) -> Result<LapseMembershipPayload> {
        let done = take(context, input.read(), leave_network::lapse);
        LapseMembershipPayload::of::<MembershipById>(context, done).await
    }
}

/// Takes the step that was read, unless reading it found problems. Roles may end with it.
fn take<S>(
    context: &Context<'_>,
    read: Result<S>,
    action: fn(&mut Tx<'_>, &S) -> Result<MembershipId>,
) -> Result<MembershipId> {
    let done =
        read.and_then(|step| context.perform(Repeatable::MayHaveKey, |tx| action(tx, &step)));
    forget_after(context, &done);
    done
}
