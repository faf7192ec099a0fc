//! Users in the schema: the caller, the list for administrators, invitations, disabling. What it
//! is not: passwords; no mutation takes one (`rest.rs`).

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::access::viewer::Role;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{self, Problems};
use crate::api::operation::Operation;
use crate::api::scalars::{EmailAddress, LanguageTag};
use crate::app::App;
use crate::db::Db;
use crate::identity::roles::graphql::GrantsOfUser;
use crate::identity::roles::{NewGrant, RoleGrant};
use crate::identity::users::{self, NewUser, User, UserFilter};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::kernel::page::Page;

crate::connection!(UserConnection, UserEdge, User);

/// Loads users that the viewer may see: the own account, or all with the permission.
#[derive(Debug)]
pub struct UserById;

impl Load for UserById {
    type Key = UserId;
    type Value = Arc<User>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[UserId],
    ) -> Result<HashMap<UserId, Arc<User>>> {
        let sees_all = operation.viewer.may(Permission::SeeUsers);
        let own = operation.viewer.user_id();
        let visible: Vec<UserId> = keys
            .iter()
            .copied()
            .filter(|id| sees_all || own == Some(*id))
            .collect();
        let found = users::find_many(db, &visible)?;
        Ok(found
            .into_iter()
            .map(|user| (user.id, Arc::new(user)))
            .collect())
    }
}

/// An account: somebody who can sign in.
#[Object]
impl User {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The address to sign in with.
    async fn email(&self) -> EmailAddress {
        EmailAddress(self.email.clone())
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// The language of mails to the user.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.language.clone())
    }

    /// Whether the invitation was accepted, so that the user has a password.
    async fn has_accepted(&self) -> bool {
        self.password_hash.is_some()
    }

    /// The roles that were not taken back.
    async fn grants(&self, context: &Context<'_>) -> Result<Vec<RoleGrant>> {
        let grants = context.operation().load::<GrantsOfUser>(self.id).await?;
        Ok(grants.map(|grants| (*grants).clone()).unwrap_or_default())
    }

    /// When the account was disabled; null for one that is not.
    async fn disabled_at(&self) -> Option<Instant> {
        self.disabled_at
    }

    /// When the account was made.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the account was last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the account.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Which users a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct UserFilterInput {
    /// The name or the address contains this; case and accents do not matter.
    search: Option<String>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl UserFilterInput {
    fn read(self) -> Result<UserFilter> {
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(UserFilter {
            search: inputs::search(self.search)?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of users.
#[derive(Debug, Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// The caller's own account; null for the public.
    async fn viewer(&self, context: &Context<'_>) -> Result<Option<Arc<User>>> {
        let operation = context.operation();
        match operation.viewer.user_id() {
            Some(id) => operation.load::<UserById>(id).await,
            None => Ok(None),
        }
    }

    /// The users by name; for administrators.
    async fn users(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<UserFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<UserConnection> {
        context.operation().viewer.permit(Permission::SeeUsers)?;
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let listed = context.read(|db| users::list(db, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| users::count(db, &filter);
        Ok(UserConnection(Connected::new(
            listed,
            users::order(),
            count,
        )))
    }
}

/// A user to invite.
#[derive(Debug, InputObject)]
pub struct InviteUserInput {
    /// The address that the invitation is mailed to and that the user signs in with.
    email: EmailAddress,
    /// The name.
    name: String,
    /// The language of mails: Danish or English; Danish by default.
    language: Option<LanguageTag>,
    /// The first role.
    role: Role,
    /// The city, for a coordinator.
    city_id: Option<ID>,
    /// The expert's record, for an expert.
    expert_id: Option<ID>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

/// An account to disable.
#[derive(Debug, InputObject)]
pub struct DisableUserInput {
    /// The user.
    id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `inviteUser`.
    InviteUserPayload {
        /// The user.
        user: User
    }
);

crate::payload!(
    /// The answer of `disableUser`.
    DisableUserPayload {
        /// The user.
        user: User
    }
);

/// Mutations of users.
#[derive(Debug, Default)]
pub struct UserMutation;

#[Object]
impl UserMutation {
    /// Invites a user: the account is made, and a link to choose the password is mailed. It works
    /// once, for 72 hours.
    async fn invite_user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The user.")] input: InviteUserInput,
    ) -> Result<InviteUserPayload> {
        let performed = input.read().and_then(|(new, grant)| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                users::invite_user(tx, &new, &grant)
            })
        });
        InviteUserPayload::of::<UserById>(context, performed).await
    }

    /// Disables an account: its sessions end at once and its links work no more.
    async fn disable_user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which account.")] input: DisableUserInput,
    ) -> Result<DisableUserPayload> {
        let version = Some(input.version);
        let performed = inputs::read_id("id", &input.id)
            .map_err(Into::into)
            .and_then(|id| {
                context.perform(Repeatable::MayHaveKey, |tx| users::disable(tx, id, version))
            });
        forget(context, performed.as_ref().ok().copied());
        DisableUserPayload::of::<UserById>(context, performed).await
    }
}

/// Makes a change of a user hold at once on this instance.
pub(in crate::identity) fn forget(context: &Context<'_>, user: Option<UserId>) {
    if let Some(user) = user {
        context
            .data_unchecked::<Arc<App>>()
            .viewers
            .forget_user(user);
    }
}

/// Makes the end of roles with a post or a membership hold at once on this instance.
pub fn forget_after<T>(context: &Context<'_>, performed: &Result<T>) {
    if performed.is_ok() {
        context.data_unchecked::<Arc<App>>().viewers.forget_all();
    }
}

impl InviteUserInput {
    fn read(self) -> Result<(NewUser, NewGrant)> {
        let mut problems = Problems::default();
        let grant = NewGrant {
            city: problems.optional_id("cityId", self.city_id.as_ref().map(|id| id.as_str())),
            expert: problems.optional_id("expertId", self.expert_id.as_ref().map(|id| id.as_str())),
            ..NewGrant::of(self.role)
        };
        problems.none()?;
        let new = NewUser {
            email: self.email.0,
            name: self.name,
            language: self
                .language
                .map_or(Language::Da, |LanguageTag(tag)| Language::of_tag(&tag)),
            person: None,
        };
        Ok((new, grant))
    }
}
