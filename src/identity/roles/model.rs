//! The record of a role that was given. What it is not: what the role may do (`access::policy`).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::viewer::Role;
use crate::kernel::ids::{AppointmentId, CityId, ExpertId, GrantId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::grants;

/// A role that was given to a user.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub struct RoleGrant {
    /// The key.
    pub id: GrantId,
    /// Who has it.
    pub user_id: UserId,
    /// The role.
    pub role: Role,
    /// The city of a coordinator.
    pub city_id: Option<CityId>,
    /// The record of an expert.
    pub expert_id: Option<ExpertId>,
    /// The appointment that it came with and ends with.
    pub appointment_id: Option<AppointmentId>,
    /// The first day without it, where one is known that no appointment tells.
    pub ends_on: Option<NaiveDate>,
    /// Who gave it; none for the system.
    pub granted_by: Option<UserId>,
    /// When it was given.
    pub granted_at: Instant,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Who took it back.
    pub revoked_by: Option<UserId>,
}

/// A role to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// The city of a coordinator.
    pub city: Option<CityId>,
    /// The record of an expert.
    pub expert: Option<ExpertId>,
    /// The appointment that it ends with.
    pub appointment: Option<AppointmentId>,
}

impl NewGrant {
    /// A role that is limited to nothing.
    #[must_use]
    pub fn of(role: Role) -> Self {
        Self {
            role,
            city: None,
            expert: None,
            appointment: None,
        }
    }

    /// The role of a city's coordinator.
    #[must_use]
    pub fn coordinator(city: CityId) -> Self {
        Self {
            city: Some(city),
            ..Self::of(Role::Coordinator)
        }
    }

    /// The role of an expert.
    #[must_use]
    pub fn expert(expert: ExpertId) -> Self {
        Self {
            expert: Some(expert),
            ..Self::of(Role::Expert)
        }
    }
}

/// An administrator's role in force, of an account that is not disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The grant.
    pub grant: GrantId,
    /// The account.
    pub user: UserId,
}
