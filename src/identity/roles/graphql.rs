//! Roles in the schema: what a user was given, and the giving and taking back. What it is not: what
//! a role may do.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::viewer::Role;
use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{self, Problems};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::identity::roles::{self, NewGrant, RoleGrant};
use crate::identity::users::User;
use crate::identity::users::graphql::{UserById, forget};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, UserId};
use crate::kernel::instant::Instant;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::experts::Expert;
use crate::registry::experts::graphql::ExpertById;

/// Loads the roles of users that were not taken back.
#[derive(Debug)]
pub struct GrantsOfUser;

impl Load for GrantsOfUser {
    type Key = UserId;
    type Value = Arc<Vec<RoleGrant>>;

    fn load(db: &mut Db, _: &Operation, keys: &[UserId]) -> Result<HashMap<UserId, Self::Value>> {
        Ok(roles::in_force_of_many(db, keys)?
            .into_iter()
            .map(|(user, grants)| (user, Arc::new(grants)))
            .collect())
    }
}

/// A role that was given to a user.
#[Object(name = "Grant")]
impl RoleGrant {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The role.
    async fn role(&self) -> Role {
        self.role
    }

    /// The city of a coordinator.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The record of an expert.
    async fn expert(&self, context: &Context<'_>) -> Result<Option<Arc<Expert>>> {
        match self.expert_id {
            Some(id) => context.operation().load::<ExpertById>(id).await,
            None => Ok(None),
        }
    }

    /// The id of the appointment that the role came with and ends with.
    async fn appointment_id(&self) -> Option<ID> {
        self.appointment_id.map(|id| ID(id.public()))
    }

    /// The last day of a role that no appointment ends; null while none is known.
    async fn ends_on(&self) -> Option<Date> {
        self.ends_on?.pred_opt().map(Date)
    }

    /// When the role was given.
    async fn granted_at(&self) -> Instant {
        self.granted_at
    }
}

/// A role to give.
#[derive(Debug, InputObject)]
pub struct GrantRoleInput {
    /// The user.
    user_id: ID,
    /// The role.
    role: Role,
    /// The city, for a coordinator.
    city_id: Option<ID>,
    /// The expert's record, for an expert.
    expert_id: Option<ID>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

/// A role to take back.
#[derive(Debug, InputObject)]
pub struct RevokeRoleInput {
    /// The grant.
    grant_id: ID,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `grantRole`.
    GrantRolePayload {
        /// The user with the role.
        user: User
    }
);

crate::payload!(
    /// The answer of `revokeRole`.
    RevokeRolePayload {
        /// The user without the role.
        user: User
    }
);

/// Mutations of roles.
#[derive(Debug, Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Gives a user a role; one that the user has already stays as it is. It holds within seconds.
    async fn grant_role(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The role and who gets it.")] input: GrantRoleInput,
    ) -> Result<GrantRolePayload> {
        let performed = input.read().and_then(|(user, new)| {
            context.perform(Repeatable::MayHaveKey, |tx| roles::grant(tx, user, &new))
        });
        forget(context, performed.as_ref().ok().copied());
        GrantRolePayload::of::<UserById>(context, performed).await
    }

    /// Takes a role back. It holds within seconds.
    async fn revoke_role(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which role.")] input: RevokeRoleInput,
    ) -> Result<RevokeRolePayload> {
        let performed = inputs::read_id("grantId", &input.grant_id)
            .map_err(Into::into)
            .and_then(|id| context.perform(Repeatable::MayHaveKey, |tx| roles::revoke(tx, id)));
        forget(context, performed.as_ref().ok().copied());
        RevokeRolePayload::of::<UserById>(context, performed).await
    }
}

impl GrantRoleInput {
    fn read(&self) -> Result<(UserId, NewGrant)> {
        let mut problems = Problems::default();
        let user = problems.id("userId", &self.user_id);
        let grant = NewGrant {
            city: problems.optional_id("cityId", self.city_id.as_ref().map(|id| id.as_str())),
            expert: problems.optional_id("expertId", self.expert_id.as_ref().map(|id| id.as_str())),
            ..NewGrant::of(self.role)
        };
        Ok((problems.or(user)?, grant))
    }
}
