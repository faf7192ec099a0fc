//! Partners in the schema: the type, its list and mutation. What it is not: public; signed-in users
//! of every role see partners.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, EmailAddress, WebAddress};
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, PartnerId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::partners::{
    self, NewPartner, Partner, PartnerFilter, PartnerKind, PartnerOrder,
};

crate::connection!(PartnerConnection, PartnerEdge, Partner);

/// Loads partners, for those who may see them.
#[derive(Debug)]
pub struct PartnerById;

impl Load for PartnerById {
    type Key = PartnerId;
    type Value = Arc<Partner>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PartnerId],
    ) -> Result<HashMap<PartnerId, Arc<Partner>>> {
        if !operation.viewer.may(Permission::SeePartners) {
            return Ok(HashMap::new());
        }
        Ok(partners::find_many(db, keys)?
            .into_iter()
            .map(|partner| (partner.id, Arc::new(partner)))
            .collect())
    }
}

/// An organisation that supports the network's work.
#[Object]
impl Partner {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// What kind of partner it is.
    async fn kind(&self) -> PartnerKind {
        self.kind
    }

    /// The country of its seat.
    async fn country(&self) -> Option<CountryCode> {
        self.country.clone().map(CountryCode)
    }

    /// The web address.
    async fn website(&self) -> Option<WebAddress> {
        self.website.clone().map(WebAddress)
    }

    /// Where to write to.
    async fn email(&self) -> Option<EmailAddress> {
        self.email.clone().map(EmailAddress)
    }

    /// What the partner does for the network.
    async fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// When the partner was registered.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the record was last revised.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Which partners a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct PartnerFilterInput {
    /// Of one of these kinds.
    kind: Option<Vec<PartnerKind>>,
    /// In one of these countries.
    country: Option<Vec<CountryCode>>,
    /// The name contains this; case, accents and the spellings of æøå do not matter.
    search: Option<String>,
    /// Last revised in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl PartnerFilterInput {
    fn read(self) -> Result<PartnerFilter> {
        inputs::at_most_100("kind", self.kind.as_deref())?;
        inputs::at_most_100("country", self.country.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(PartnerFilter {
            kind: self.kind,
            country: self
                .country
                .map(|countries| countries.into_iter().map(|country| country.0).collect()),
            search: inputs::search(self.search)?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of partners.
#[derive(Debug, Default)]
pub struct PartnerQuery;

#[Object]
impl PartnerQuery {
    /// The partner organisations, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn partners(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PartnerFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PartnerOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PartnerConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        context.operation().viewer.permit(Permission::SeePartners)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| partners::list(db, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| partners::count(db, &filter);
        let order = partners::order(&order);
        Ok(PartnerConnection(Connected::new(listed, order, count)))
    }
}

/// A partner to register. What is left out is empty.
#[derive(Debug, InputObject)]
pub struct RegisterPartnerInput {
    /// The name; no other partner has it.
    name: String,
    /// What kind of partner it is.
    kind: PartnerKind,
    /// The country of its seat.
    country: Option<CountryCode>,
    /// The web address.
    website: Option<WebAddress>,
    /// Where to write to.
    email: Option<EmailAddress>,
    /// What the partner does for the network.
    description: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `registerPartner`.
    RegisterPartnerPayload {
        /// The partner.
        partner: Partner
    }
);

/// Mutations of partners.
#[derive(Debug, Default)]
pub struct PartnerMutation;

#[Object]
impl PartnerMutation {
    /// Registers a partner organisation.
    async fn register_partner(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The partner.")] input: RegisterPartnerInput,
    ) -> Result<RegisterPartnerPayload> {
        let new = NewPartner {
            name: input.name,
            kind: input.kind,
            country: input.country.map(|country| country.0),
            website: input.website.map(|website| website.0),
            email: input.email.map(|email| email.0),
            description: input.description,
        };
        let performed = context.perform(Repeatable::MayHaveKey, |tx| partners::register(tx, &new));
        RegisterPartnerPayload::of::<PartnerById>(context, performed).await
    }
}
