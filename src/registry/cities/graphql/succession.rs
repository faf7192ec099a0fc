//! The input and the answer of a succession in the schema. What it is not: those of a city's record;
//! they stand beside its type.

use async_graphql::{Context, ID, InputObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::kernel::error::Result;
use crate::registry::cities::graphql::CityById;
use crate::registry::cities::{self, City, Succession};

/// A city that became part of another by a municipal reform.
#[derive(Debug, InputObject)]
pub struct SucceedCityInput {
    /// The city that is none of its own any more.
    city_id: ID,
    /// The city that it became part of.
    successor_id: ID,
    /// When it did; today or earlier.
    succeeded_on: Date,
    /// The version of the first city that was read; another one now means that somebody else changed
    /// it.
    version: i32,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl SucceedCityInput {
    /// Records the succession.
    ///
    /// # Errors
    /// As [`cities::succeed`].
    pub(super) async fn perform(self, context: &Context<'_>) -> Result<SucceedCityPayload> {
        let performed = self.read().and_then(|succession| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                cities::succeed(tx, &succession)
            })
        });
        SucceedCityPayload::of::<CityById>(context, performed).await
    }

    fn read(self) -> Result<Succession> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &self.city_id);
        let successor = problems.id("successorId", &self.successor_id);
        let on = self.succeeded_on.0;
        problems.or(city.zip(successor).map(|(city, successor)| Succession {
            city,
            successor,
            on,
            version: Some(self.version),
        }))
    }
}

crate::payload!(
    /// The answer of `succeedCity`.
    SucceedCityPayload {
        /// The city that became part of another.
        city: City
    }
);
