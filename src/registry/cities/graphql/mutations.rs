//! The mutations of cities in the schema. What it is not: their inputs.

use async_graphql::{Context, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::kernel::error::Result;
use crate::registry::cities::graphql::CityById;
use crate::registry::cities::graphql::record::{RegisterCityInput, ReviseCityInput, in_details};
use crate::registry::cities::graphql::succession::{SucceedCityInput, SucceedCityPayload};
use crate::registry::cities::{self, City};

crate::payload!(
    /// The answer of `registerCity`.
    RegisterCityPayload {
        /// The city.
        city: City
    }
);

crate::payload!(
    /// The answer of `reviseCity`.
    ReviseCityPayload {
        /// The city.
        city: City
    }
);

/// Mutations of cities.
#[derive(Debug, Default)]
pub struct CityMutation;

#[Object]
impl CityMutation {
    /// Registers a city, before it applies or joins.
    async fn register_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city.")] input: RegisterCityInput,
    ) -> Result<RegisterCityPayload> {
        let new = input.read();
        let performed = context
            .perform(Repeatable::MayHaveKey, |tx| cities::register(tx, &new))
            .map_err(in_details);
        RegisterCityPayload::of::<CityById>(context, performed).await
    }

    /// Revises a city's record.
    async fn revise_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city as it shall be.")] input: ReviseCityInput,
    ) -> Result<ReviseCityPayload> {
        let performed = input.read().and_then(|change| {
            context
                .perform(Repeatable::MayHaveKey, |tx| cities::revise(tx, &change))
                .map_err(in_details)
        });
        ReviseCityPayload::of::<CityById>(context, performed).await
    }

    /// Records that a city became part of another, such as by a municipal reform.
    async fn succeed_city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which city, and of which other.")] input: SucceedCityInput,
    ) -> Result<SucceedCityPayload> {
        input.perform(context).await
    }
}
