//! What is said to take a step of a membership. What it is not: the steps.

use async_graphql::{ID, InputObject};

use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::kernel::error::Result;
use crate::kernel::ids::MembershipId;
use crate::registry::memberships::{Activation, Admission, Application, Ending, Step, Withdrawal};

/// A city's application.
#[derive(Debug, InputObject)]
pub(super) struct ApplyForMembershipInput {
    /// The city.
    city_id: ID,
    /// The network; the international one when none is named.
    network_id: Option<ID>,
    /// The round of the network that the city would join in.
    round_id: Option<ID>,
    /// When the city applied; today by default.
    applied_on: Option<Date>,
    /// When the statement of intent was signed, if it was.
    statement_of_intent_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ApplyForMembershipInput {
    pub(super) fn read(self) -> Result<Application> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &self.city_id);
        let network =
            problems.optional_id("networkId", self.network_id.as_deref().map(String::as_str));
        let round = problems.optional_id("roundId", self.round_id.as_deref().map(String::as_str));
        Ok(Application {
            city: problems.or(city)?,
            network,
            round,
            on: self.applied_on.map(|date| date.0),
            statement_of_intent_on: self.statement_of_intent_on.map(|date| date.0),
            note: self.note,
        })
    }
}

/// A city's question what membership means.
#[derive(Debug, InputObject)]
pub(super) struct RecordInquiryInput {
    /// The city.
    city_id: ID,
    /// The network; the international one when none is named.
    network_id: Option<ID>,
    /// When the city asked; today by default.
    inquired_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RecordInquiryInput {
    pub(super) fn read(self) -> Result<Application> {
        let inquiry = ApplyForMembershipInput {
            city_id: self.city_id,
            network_id: self.network_id,
            round_id: None,
            applied_on: self.inquired_on,
            statement_of_intent_on: None,
            note: self.note,
            _idempotency_key: None,
        };
        inquiry.read()
    }
}

/// The rejection of an application.
#[derive(Debug, InputObject)]
pub(super) struct RejectApplicationInput {
    /// The membership.
    membership_id: ID,
    /// When it was rejected; today by default.
    rejected_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RejectApplicationInput {
    pub(super) fn read(self) -> Result<Step> {
        Ok(Step {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            on: self.rejected_on.map(|date| date.0),
            note: self.note,
        })
    }
}

/// The admission of a city.
#[derive(Debug, InputObject)]
pub(super) struct AdmitCityInput {
    /// The membership, which is an application.
    membership_id: ID,
    /// When the mayor or the council decided; it may lie before the application was recorded.
    decision_on: Date,
    /// When the statement of intent was signed; needed unless the application said it.
    statement_of_intent_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl AdmitCityInput {
    pub(super) fn read(self) -> Result<Admission> {
        Ok(Admission {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            decision_on: self.decision_on.0,
            statement_of_intent_on: self.statement_of_intent_on.map(|date| date.0),
            note: self.note,
        })
    }
}

/// A financial agreement.
#[derive(Debug, InputObject)]
pub(super) struct RecordAgreementInput {
    /// The membership.
    membership_id: ID,
    /// When the agreement was signed.
    agreement_on: Date,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RecordAgreementInput {
    pub(super) fn read(self) -> Result<Step> {
        Ok(Step {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            on: Some(self.agreement_on.0),
            note: self.note,
        })
    }
}

/// The beginning of a membership.
#[derive(Debug, InputObject)]
pub(super) struct ActivateMembershipInput {
    /// The membership of an admitted city.
    membership_id: ID,
    /// The first day as a member; it may lie in the future.
    starts_on: Date,
    /// When the financial agreement was signed; needed unless it is recorded or the fee is waived.
    agreement_on: Option<Date>,
    /// Whether the network waives the fee.
    #[graphql(default)]
    fee_waived: bool,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ActivateMembershipInput {
    pub(super) fn read(self) -> Result<Activation> {
        Ok(Activation {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            starts_on: self.starts_on.0,
            agreement_on: self.agreement_on.map(|date| date.0),
            fee_waived: self.fee_waived,
            note: self.note,
        })
    }
}

/// From which day a member's rights rest.
#[derive(Debug, InputObject)]
pub(super) struct SuspendMembershipInput {
    /// The membership.
    membership_id: ID,
    /// The first day of the suspension; today by default.
    effective_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl SuspendMembershipInput {
    pub(super) fn read(self) -> Result<Step> {
        Ok(Step {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            on: self.effective_on.map(|date| date.0),
            note: self.note,
        })
    }
}

/// From which day a member's rights are back.
#[derive(Debug, InputObject)]
pub(super) struct ResumeMembershipInput {
    /// The membership.
    membership_id: ID,
    /// The first day with its rights; today by default.
    effective_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ResumeMembershipInput {
    pub(super) fn read(self) -> Result<Step> {
        Ok(Step {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            on: self.effective_on.map(|date| date.0),
            note: self.note,
        })
    }
}

/// A city's notice that it leaves.
#[derive(Debug, InputObject)]
pub(super) struct WithdrawMembershipInput {
    /// The membership.
    membership_id: ID,
    /// When notice was given; today by default.
    notice_on: Option<Date>,
    /// The last day as a member. By default the end of the first calendar year that is at least
    /// three months away from the notice; for a city that is not a member yet, at once.
    ends_on: Option<Date>,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl WithdrawMembershipInput {
    pub(super) fn read(self) -> Result<Withdrawal> {
        Ok(Withdrawal {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            notice_on: self.notice_on.map(|date| date.0),
            ends_on: self.ends_on.map(|date| date.0),
            note: self.note,
        })
    }
}

/// The network's decision that a city is out.
#[derive(Debug, InputObject)]
pub(super) struct ExpelCityInput {
    /// The membership.
    membership_id: ID,
    /// The last day as a member.
    ends_on: Date,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ExpelCityInput {
    pub(super) fn read(self) -> Result<Ending> {
        Ok(Ending {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            ends_on: self.ends_on.0,
            note: self.note,
        })
    }
}

/// An end without a decision.
#[derive(Debug, InputObject)]
pub(super) struct LapseMembershipInput {
    /// The membership.
    membership_id: ID,
    /// The last day as a member.
    ends_on: Date,
    /// What else is to be known.
    note: Option<String>,
    /// The version that was read; another one now means that somebody else took a step.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl LapseMembershipInput {
    pub(super) fn read(self) -> Result<Ending> {
        Ok(Ending {
            membership: membership(&self.membership_id)?,
            version: Some(self.version),
            ends_on: self.ends_on.0,
            note: self.note,
        })
    }
}

fn membership(id: &ID) -> Result<MembershipId> {
    let mut problems = Problems::default();
    let membership = problems.id("membershipId", id);
    problems.or(membership)
}
