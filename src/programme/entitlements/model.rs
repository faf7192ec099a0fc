//! The account of a package's units of a kind, and its entries. What it is not: the moves; `actions`.

use diesel::prelude::*;

use crate::kernel::ids::{
    AcceptanceId, ActivityId, EntitlementEntryId, PackageAmendmentId, PackageId,
};
use crate::kernel::instant::Instant;
use crate::programme::reference::DeliverableKind;
use crate::schema::{entitlement_entries, entitlements};

crate::text_enum! {
    /// What happened to units.
    pub enum EntitlementEntryKind {
        /// They were agreed when the city was enrolled.
        Grant = "GRANT",
        /// One is set aside for an activity that has a date.
        Reserve = "RESERVE",
        /// One that was set aside is free again.
        Release = "RELEASE",
        /// One was delivered and accepted; below zero when the acceptance was taken back.
        Consume = "CONSUME",
        /// They were not used in time.
        Expire = "EXPIRE",
        /// An approved amendment gave them, or took them when below zero.
        Adjust = "ADJUST",
    }
}

/// What a city has coming to it of a kind, from one package.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = entitlements, treat_none_as_default_value = false)]
pub struct Entitlement {
    /// The package.
    pub package_id: PackageId,
    /// The kind.
    pub kind: DeliverableKind,
    /// How many units were agreed when the city was enrolled.
    pub agreed: i32,
    /// How many there are by the agreement and its amendments.
    pub granted: i32,
    /// How many are set aside for activities.
    pub reserved: i32,
    /// How many were delivered and accepted.
    pub consumed: i32,
    /// How many were not used in time.
    pub expired: i32,
}

impl Entitlement {
    /// How many can still be set aside.
    #[must_use]
    pub fn available(&self) -> i32 {
        let gone = self
            .reserved
            .saturating_add(self.consumed)
            .saturating_add(self.expired);
        self.granted.saturating_sub(gone)
    }
}

/// An entry of an account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = entitlement_entries, treat_none_as_default_value = false)]
pub struct EntitlementEntry {
    /// The key.
    pub id: EntitlementEntryId,
    /// The package.
    pub package_id: PackageId,
    /// The kind of deliverable.
    pub kind: DeliverableKind,
    /// What happened.
    pub entry: EntitlementEntryKind,
    /// To how many units; below zero where something is taken back.
    pub units: i32,
    /// The activity that the unit is.
    pub activity_id: Option<ActivityId>,
    /// The acceptance that consumed it.
    pub acceptance_id: Option<AcceptanceId>,
    /// The amendment that gave or took it.
    pub amendment_id: Option<PackageAmendmentId>,
    /// Why, where somebody said it.
    pub reason: Option<String>,
    /// When.
    pub created_at: Instant,
}

/// A unit of a package, and the activity that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The package.
    pub package: PackageId,
    /// The kind.
    pub kind: DeliverableKind,
    /// The activity.
    pub activity: ActivityId,
}
