//! A field that fails is null where it may be null, and its siblings are answered (GraphQL
//! specification, section 6.4.4). The executor drops the parent with all its fields instead when a
//! resolver fails; this extension catches the error at the field. What it is not: on the way of
//! every query; an extension costs time at each field, so a query runs with it only after it
//! failed without it.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo,
};
use async_graphql::{Response, ServerError, ServerResult, Value};

/// Errors of fields that are null for it. One stands in the data of each request.
#[derive(Debug, Default)]
pub struct Caught(Mutex<Vec<ServerError>>);

impl Caught {
    /// Moves what was caught into the answer.
    pub fn tell(&self, response: &mut Response) {
        let mut caught = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        response.errors.append(&mut caught);
    }
}

/// Whether an answer may have lost fields to the failure of another.
#[must_use]
pub fn may_have_lost(response: &Response) -> bool {
    response.errors.iter().any(|error| !error.path.is_empty())
}

/// Makes the extension.
#[derive(Debug, Clone, Copy)]
pub struct Partial;

impl ExtensionFactory for Partial {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Partial {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let may_be_null = !info.return_type.ends_with('!');
        match (
            next.run(context, info).await,
            context.data_opt::<Arc<Caught>>(),
        ) {
            (Err(error), Some(caught)) if may_be_null => {
                caught
                    .0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(error);
                Ok(Some(Value::Null))
            }
            (outcome, _) => outcome,
        }
    }
}
