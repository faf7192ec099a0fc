//! The ten steps in the schema. What it is not: their texts, which are reference data; nor how far cities are
//! with them (`progress`).

pub mod progress;

use async_graphql::{Context, Object};

use crate::api::context::{InOperation, reference};
use crate::api::scalars::LanguageTag;
use crate::programme::steps::Step;

/// One of the ten steps to an intercultural city policy.
#[Object]
impl Step {
    /// 1 to 10. The number names the step; cities need not take the steps in this order.
    async fn number(&self) -> i32 {
        i32::from(self.number)
    }

    /// A short name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.name.in_language(context.language(language.as_ref()))
    }

    /// The step in full; the Danish is that of the network's memo.
    async fn text(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.text.in_language(context.language(language.as_ref()))
    }
}

/// Queries of the steps.
#[derive(Debug, Default)]
pub struct StepQuery;

#[Object]
impl StepQuery {
    /// The ten steps to an intercultural city policy, 1 to 10.
    async fn steps<'a>(&self, context: &Context<'a>) -> &'a [Step] {
        &reference(context).steps
    }
}
