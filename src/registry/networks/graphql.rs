//! Networks and rounds in the schema. What it is not: who is in them; that is `memberships`.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, Date, LanguageTag};
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, NetworkId, RoundId};
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::registry::networks::{self, Network, NetworkKind, Round};

/// Loads networks; they are public.
#[derive(Debug)]
pub struct NetworkById;

impl Load for NetworkById {
    type Key = NetworkId;
    type Value = Arc<Network>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[NetworkId],
    ) -> Result<HashMap<NetworkId, Arc<Network>>> {
        Ok(networks::find_many(db, keys)?
            .into_iter()
            .map(|network| (network.id, Arc::new(network)))
            .collect())
    }
}

/// Loads rounds; they are public.
#[derive(Debug)]
pub struct RoundById;

impl Load for RoundById {
    type Key = RoundId;
    type Value = Arc<Round>;

    fn load(db: &mut Db, _: &Operation, keys: &[RoundId]) -> Result<HashMap<RoundId, Arc<Round>>> {
        Ok(networks::find_rounds(db, keys)?
            .into_iter()
            .map(|round| (round.id, Arc::new(round)))
            .collect())
    }
}

/// Loads the rounds of networks.
#[derive(Debug)]
struct RoundsOfNetwork;

impl Load for RoundsOfNetwork {
    type Key = NetworkId;
    type Value = Vec<Arc<Round>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[NetworkId],
    ) -> Result<HashMap<NetworkId, Self::Value>> {
        Ok(networks::rounds_of_many(db, keys)?
            .into_iter()
            .map(|(network, rounds)| (network, rounds.into_iter().map(Arc::new).collect()))
            .collect())
    }
}

/// A network that cities are members of.
#[Object]
impl Network {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The word by which imports name the network.
    async fn code(&self) -> &str {
        &self.code
    }

    /// How far the network reaches.
    async fn kind(&self) -> NetworkKind {
        self.kind
    }

    /// The country of a national network.
    async fn country(&self) -> Option<CountryCode> {
        self.country.clone().map(CountryCode)
    }

    /// The name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; that of the request by default.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match language_of(context, language) {
            Language::En => &self.name_en,
            Language::Da => &self.name_da,
        }
    }

    /// The name the network itself uses, where it differs.
    async fn local_name(&self) -> Option<&str> {
        self.local_name.as_deref()
    }

    /// The short form the network itself uses.
    async fn abbreviation(&self) -> Option<&str> {
        self.abbreviation.as_deref()
    }

    /// The rounds of its growth, the first one first.
    async fn rounds(&self, context: &Context<'_>) -> Result<Vec<Arc<Round>>> {
        let rounds = context.operation().load::<RoundsOfNetwork>(self.id).await?;
        Ok(rounds.unwrap_or_default())
    }

    /// When the network was first loaded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the reference data last changed it.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }
}

/// A round of a network's growth.
#[Object]
impl Round {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The network.
    async fn network(&self, context: &Context<'_>) -> Result<Arc<Network>> {
        network_of(context, self.network_id).await
    }

    /// 1 is the first round.
    async fn number(&self) -> i32 {
        self.number
    }

    /// The name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; that of the request by default.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match language_of(context, language) {
            Language::En => &self.name_en,
            Language::Da => &self.name_da,
        }
    }

    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.starts_on)
    }

    /// The last day; null when no end is known.
    async fn ends_on(&self) -> Option<Date> {
        self.ends_on.and_then(|end| end.pred_opt()).map(Date)
    }

    /// How many cities the sources count in the round.
    async fn expected_cities(&self) -> Option<i32> {
        self.expected_cities
    }
}

/// The network of an object that cannot be without one.
///
/// # Errors
/// `NotFound` when it has none.
pub async fn network_of(context: &Context<'_>, id: NetworkId) -> Result<Arc<Network>> {
    let network = context.operation().load::<NetworkById>(id).await?;
    network.ok_or_else(|| Error::NotFound {
        kind: NetworkId::KIND,
        id: id.public(),
    })
}

/// Queries of networks.
#[derive(Debug, Default)]
pub struct NetworkQuery;

#[Object]
impl NetworkQuery {
    /// The networks: the international one first, then the national ones by their code.
    async fn networks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only networks of this kind.")] kind: Option<NetworkKind>,
    ) -> Result<Vec<Arc<Network>>> {
        let all = context.read(networks::all)?;
        Ok(all
            .into_iter()
            .filter(|network| kind.is_none_or(|kind| network.kind == kind))
            .map(Arc::new)
            .collect())
    }
}

fn language_of(context: &Context<'_>, language: Option<LanguageTag>) -> Language {
    language.map_or(context.operation().language, |tag| Language::of_tag(&tag.0))
}
