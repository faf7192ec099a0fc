//! The one who acts: the public, a signed-in user with roles, or the system itself. What it is
//! not: how a token becomes a viewer (`server/viewer.rs`).

use crate::access::permission::Permission;
use crate::access::policy::{Reach, reach};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, ExpertId, Id, SessionId, UserId};

crate::text_enum! {
    /// What a user is in the network.
    pub enum Role {
        /// Runs the service: users, roles, settings.
        Admin = "ADMIN",
        /// Admits cities, plans visits, pairs mentors.
        Secretariat = "SECRETARIAT",
        /// Invoices, payments, prices.
        Finance = "FINANCE",
        /// Coordinates one city; sees and does what is that city's.
        Coordinator = "COORDINATOR",
        /// Visits cities; sees the own visits.
        Expert = "EXPERT",
        /// Reads everything, changes nothing.
        Auditor = "AUDITOR",
    }
}

/// A role that is in force, with what it is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The city of a coordinator.
    pub city: Option<CityId>,
    /// The record of an expert.
    pub expert: Option<ExpertId>,
}

/// A signed-in user.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserViewer {
    /// The account.
    pub id: UserId,
    /// The session that the access token belongs to.
    pub session: SessionId,
    /// The name, for the audit log.
    pub name: String,
    /// The roles in force now.
    pub grants: Vec<Grant>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Nobody signed in.
    Anonymous,
    /// A user.
    User(Box<UserViewer>),
    /// The system, with the name of the job or command.
    System(&'static str),
}

/// The part of a list that a viewer may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// What belongs to these cities or these experts; neither means only what is public.
    Own {
        /// The cities.
        cities: Vec<CityId>,
        /// The experts.
        experts: Vec<ExpertId>,
    },
}

impl Scope {
    /// Whether a thing of this city is inside.
    #[must_use]
    pub fn has_city(&self, city: CityId) -> bool {
        match self {
            Self::All => true,
            Self::Own { cities, .. } => cities.contains(&city),
        }
    }

    /// Whether a thing of this expert is inside.
    #[must_use]
    pub fn has_expert(&self, expert: ExpertId) -> bool {
        match self {
            Self::All => true,
            Self::Own { experts, .. } => experts.contains(&expert),
        }
    }

    /// The keys of the cities, for a condition.
    #[must_use]
    pub fn city_keys(&self) -> Vec<uuid::Uuid> {
        match self {
            Self::All => Vec::new(),
            Self::Own { cities, .. } => cities.iter().map(|city| city.uuid()).collect(),
        }
    }
}

impl Viewer {
    /// The scope within which the viewer holds a permission. Without any grant it is empty.
    #[must_use]
    pub fn scope(&self, permission: Permission) -> Scope {
        let mut cities = Vec::new();
        let mut experts = Vec::new();
        match self {
            Self::Anonymous => {}
            Self::System(_) => return Scope::All,
            Self::User(user) => {
                for grant in &user.grants {
                    match reach(grant.role, permission) {
                        Reach::None => {}
                        Reach::Own => {
                            cities.extend(grant.city);
                            experts.extend(grant.expert);
                        }
                        Reach::All => return Scope::All,
                    }
                }
            }
        }
        Scope::Own { cities, experts }
    }

    /// The scope for a list that is not public: who holds the permission nowhere is refused.
    ///
    /// # Errors
    /// `Unauthenticated` for the public, `Forbidden` for a user without the permission.
    pub fn scope_of_list(&self, permission: Permission) -> Result<Scope> {
        match self.scope(permission) {
            Scope::Own { cities, experts } if cities.is_empty() && experts.is_empty() => {
                Err(self.refusal(permission))
            }
            scope => Ok(scope),
        }
    }

    /// Demands the permission everywhere.
    ///
    /// # Errors
    /// `Unauthenticated` for the public, `Forbidden` for a user without it.
    pub fn permit(&self, permission: Permission) -> Result<()> {
        if self.scope(permission) == Scope::All {
            Ok(())
        } else {
            Err(self.refusal(permission))
        }
    }

    /// Demands the permission for one city.
    ///
    /// # Errors
    /// As [`Viewer::permit`]; a user who has the permission only for another city is told that
    /// there is no such city when it is not public, by the caller's own lookup.
    pub fn permit_for(&self, permission: Permission, city: CityId) -> Result<()> {
        if self.scope(permission).has_city(city) {
            Ok(())
        } else {
            Err(self.refusal(permission))
        }
    }

    /// Whether the viewer holds the permission for one city.
    #[must_use]
    pub fn may_for(&self, permission: Permission, city: CityId) -> bool {
        self.scope(permission).has_city(city)
    }

    /// Whether the viewer holds the permission everywhere.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.scope(permission) == Scope::All
    }

    /// The name of who acts: the user's, or that of the job or command.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Anonymous => "",
            Self::User(user) => &user.name,
            Self::System(name) => name,
        }
    }

    /// The user's id.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user.id),
            Self::Anonymous | Self::System(_) => None,
        }
    }

    /// Who it is, for keys that belong to one viewer: idempotency, rates.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User(user) => user.id.uuid().to_string(),
            Self::System(name) => format!("system:{name}"),
        }
    }

    fn refusal(&self, permission: Permission) -> Error {
        match self {
            Self::Anonymous => Error::Unauthenticated,
            Self::User(_) | Self::System(_) => Error::Forbidden(permission.words()),
        }
    }
}
