//! What a partner organisation is.

crate::text_enum! {
    /// A kind of partner that supports the network's work.
    pub enum PartnerKind {
        /// Experts of the Council of Europe and of leading European organisations.
        ExpertTeam = "EXPERT_TEAM",
        /// Policy makers and practitioners of cities with documented success.
        ProvenCity = "PROVEN_CITY",
        /// Specialised think tanks and other partner organisations.
        ThinkTankOrOther = "THINK_TANK_OR_OTHER",
    }
}
