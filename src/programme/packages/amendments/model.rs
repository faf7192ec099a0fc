//! The record of an amendment. What it is not: what it does to the package.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageAmendmentId, PackageId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::programme::reference::DeliverableKind;
use crate::schema::package_amendments;

crate::text_enum! {
    /// What an amendment changes.
    pub enum AmendmentKind {
        /// Units of one kind are exchanged for units of another.
        Substitution = "SUBSTITUTION",
        /// Units are given, or taken.
        Adjustment = "ADJUSTMENT",
        /// The package ends later.
        Extension = "EXTENSION",
        /// The package rests, and ends as many days later.
        Pause = "PAUSE",
    }
}

crate::text_enum! {
    /// How far an amendment is.
    pub enum AmendmentStatus {
        /// It waits for a second person.
        Proposed = "PROPOSED",
        /// It holds.
        Approved = "APPROVED",
        /// It was not approved.
        Discarded = "DISCARDED",
    }
}

/// An amendment.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = package_amendments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PackageAmendment {
    /// The key.
    pub id: PackageAmendmentId,
    /// The package.
    pub package_id: PackageId,
    /// Its city.
    pub city_id: CityId,
    /// What it changes.
    pub kind: AmendmentKind,
    /// How far it is.
    pub status: AmendmentStatus,
    /// Why, and at which values units are exchanged.
    pub reason: String,
    /// The kind of the units that are taken.
    pub from_kind: Option<DeliverableKind>,
    /// How many are taken.
    pub from_units: Option<i32>,
    /// The kind of the units that are given.
    pub to_kind: Option<DeliverableKind>,
    /// How many are given.
    pub to_units: Option<i32>,
    /// The first day of the pause.
    pub pause_from: Option<NaiveDate>,
    /// The day after the last of the pause.
    pub pause_until: Option<NaiveDate>,
    /// How many months later the package ends.
    pub months: Option<i32>,
    /// Who proposed it.
    pub proposed_by: Option<UserId>,
    /// Who approved or discarded it.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// When it was proposed.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl PackageAmendment {
    /// What it changes.
    ///
    /// # Errors
    /// A fault of ours when the record does not say it.
    pub fn change(&self) -> Result<Change> {
        let units = |kind: Option<DeliverableKind>, count: Option<i32>| {
            kind.zip(count).map(|(kind, count)| Units { kind, count })
        };
        let pause = match (self.pause_from, self.pause_until) {
            (Some(from), Some(until)) => Period::new(from, Some(until)).ok(),
            _ => None,
        };
        let change = match self.kind {
            AmendmentKind::Substitution | AmendmentKind::Adjustment => Some(Change::Units {
                taken: units(self.from_kind, self.from_units),
                given: units(self.to_kind, self.to_units),
            }),
            AmendmentKind::Extension => self.months.map(|months| Change::Extension { months }),
            AmendmentKind::Pause => pause.map(Change::Pause),
        };
        change.ok_or_else(|| Error::Internal(anyhow::anyhow!("{:?} says nothing", self.id)))
    }
}

/// So many units of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// The kind.
    pub kind: DeliverableKind,
    /// How many.
    pub count: i32,
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Other units: taken, given, or exchanged.
    Units {
        /// What is taken.
        taken: Option<Units>,
        /// What is given.
        given: Option<Units>,
    },
    /// A later end.
    Extension {
        /// How many months later.
        months: i32,
    },
    /// A rest.
    Pause(Period),
}

impl Change {
    /// What kind of amendment it is.
    #[must_use]
    pub const fn kind(&self) -> AmendmentKind {
        match self {
            Self::Units {
                taken: Some(_),
                given: Some(_),
            } => AmendmentKind::Substitution,
            Self::Units { .. } => AmendmentKind::Adjustment,
            Self::Extension { .. } => AmendmentKind::Extension,
            Self::Pause(_) => AmendmentKind::Pause,
        }
    }
}

/// An amendment to propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAmendment {
    /// The package.
    pub package: PackageId,
    /// The version that was read.
    pub version: i32,
    /// What it changes.
    pub change: Change,
    /// Why, and at which values units are exchanged.
    pub reason: String,
}
