//! What every request handler shares: the service, the schema, the guard's tables, and the small
//! caches that keep a request cheap. What it is not: a place for state that must survive.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use crate::app::App;
use crate::identity::access_tokens::{AccessToken, TokenSettings};
use crate::server::contract::Contract;
use crate::server::in_flight::InFlight;
use crate::server::metrics::Metrics;
use crate::server::rates::Rates;
use crate::server::transport::guard::{Checked, Limits};
use crate::server::transport::kept_answers::KeptAnswers;

/// The shared state of the handlers.
pub struct Gateway {
    /// The service.
    pub app: Arc<App>,
    /// The schema and what follows from it.
    pub contract: Arc<Contract>,
    /// The guard's limits.
    pub limits: Limits,
    /// Parsed and checked documents by text and operation name.
    pub documents: Cache<(String, Option<String>), Arc<Checked>>,
    /// Answers that hold while the database stays as it is.
    pub kept: KeptAnswers,
    /// Access tokens whose signature was checked.
    pub tokens: Cache<String, AccessToken>,
    /// Issuer and audience of access tokens.
    pub token_settings: TokenSettings,
    /// How often whom.
    pub rates: Rates,
    /// What is counted.
    pub metrics: Metrics,
    /// How many requests are being answered.
    pub in_flight: InFlight,
    /// Told when the service has stopped and answers nobody any more.
    pub stopped: tokio::sync::Notify,
}

/// Bytes that the remembered documents may take.
const DOCUMENTS: u64 = 16 * 1024 * 1024;

/// Bytes that a remembered document takes: its text twice, the tree made of it, of which a character
/// can be a node of some dozen bytes, and what the shortest one takes for its entry and its parts.
fn weight(text: &str) -> u32 {
    u32::try_from(text.len().saturating_mul(48).saturating_add(4096)).unwrap_or(u32::MAX)
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Gateway")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

impl Gateway {
    /// Puts the shared state together.
    ///
    /// # Errors
    /// The schema or a setting is not usable.
    pub fn new(app: Arc<App>) -> anyhow::Result<Self> {
        let rates = Rates::new(&app.config)?;
        Ok(Self {
            contract: Contract::shared()?,
            limits: Limits::new(app.config.query_cost_limit),
            documents: Cache::builder()
                .max_capacity(DOCUMENTS)
                .weigher(|key: &(String, Option<String>), _: &Arc<Checked>| weight(&key.0))
                .build(),
            kept: KeptAnswers::new(if app.connector.is_sqlite() {
                // A statement there costs no more than asking whether it is needed.
                0
            } else {
                app.config.kept_answers_mib
            }),
            tokens: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(Duration::from_mins(10))
                .build(),
            token_settings: TokenSettings {
                issuer: app.config.jwt_issuer.clone(),
                audience: app.config.jwt_audience.clone(),
            },
            rates,
            metrics: Metrics::new(),
            in_flight: InFlight::default(),
            stopped: tokio::sync::Notify::new(),
            app,
        })
    }
}
