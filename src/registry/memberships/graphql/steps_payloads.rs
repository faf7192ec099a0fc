//! The answers of the steps of a membership. What it is not: the steps.

use crate::registry::memberships::Membership;

crate::payload!(
    /// The answer of `recordInquiry`.
    RecordInquiryPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `applyForMembership`.
    ApplyForMembershipPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `rejectApplication`.
    RejectApplicationPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `admitCity`.
    AdmitCityPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `recordAgreement`.
    RecordAgreementPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `activateMembership`.
    ActivateMembershipPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `suspendMembership`.
    SuspendMembershipPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `resumeMembership`.
    ResumeMembershipPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `withdrawMembership`.
    WithdrawMembershipPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `expelCity`.
    ExpelCityPayload {
        /// The membership.
        membership: Membership
    }
);

crate::payload!(
    /// The answer of `lapseMembership`.
    LapseMembershipPayload {
        /// The membership.
        membership: Membership
    }
);
