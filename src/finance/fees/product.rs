//! What the network charges for, as words. What it is not: what it costs.

crate::text_enum! {
    /// What the network charges for.
    pub enum Product {
        /// The fee of a year, or a part of it.
        AnnualFee = "ANNUAL_FEE",
        /// The package of 24 months.
        Package = "PACKAGE",
        /// The fee of a reminder.
        ReminderFee = "REMINDER_FEE",
        /// The fixed compensation for late payment.
        Compensation = "COMPENSATION",
        /// Interest for late payment.
        LateInterest = "LATE_INTEREST",
        /// What was open in an older system.
        OpeningItem = "OPENING_ITEM",
    }
}

impl Product {
    /// Whether the price list has it. What lateness costs is limited by law and set otherwise.
    #[must_use]
    pub const fn has_price(self) -> bool {
        matches!(self, Self::AnnualFee | Self::Package)
    }
}
