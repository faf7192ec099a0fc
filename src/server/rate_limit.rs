//! The field `rateLimit`: what is left of the caller's rate. What it is not: the counting
//! (`rates.rs`).

use async_graphql::{Context, Object, SimpleObject};

use crate::api::context::InOperation;

/// How many requests the caller may send.
#[derive(Debug, SimpleObject)]
pub struct RateLimit {
    /// Requests a minute; 0 is without limit.
    limit: u32,
    /// Requests that may follow at once; 0 when there is no limit.
    remaining: u32,
}

/// The query of the caller's rate.
#[derive(Debug, Default)]
pub struct RateLimitQuery;

#[Object]
impl RateLimitQuery {
    /// What is left of the caller's rate of requests, by address or by user.
    async fn rate_limit(&self, context: &Context<'_>) -> RateLimit {
        let operation = context.operation();
        operation.mark_personal();
        let allowance = operation.allowance;
        RateLimit {
            limit: allowance.limit,
            remaining: allowance.remaining,
        }
    }
}
