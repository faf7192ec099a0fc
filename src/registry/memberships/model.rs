//! What a membership is.

crate::text_enum! {
    /// What a city is to a network on a day.
    pub enum MembershipStatus {
        /// Asked what membership means.
        Inquiry = "INQUIRY",
        /// Has applied.
        Applied = "APPLIED",
        /// The application was rejected.
        Rejected = "REJECTED",
        /// Admitted: the statement of intent is signed, membership has not begun.
        Admitted = "ADMITTED",
        /// A member.
        Active = "ACTIVE",
        /// A member whose rights rest.
        Suspended = "SUSPENDED",
        /// Has left.
        Withdrawn = "WITHDRAWN",
        /// Was excluded.
        Expelled = "EXPELLED",
        /// Ended without a decision: the fee was not paid or the term not renewed.
        Lapsed = "LAPSED",
    }
}
