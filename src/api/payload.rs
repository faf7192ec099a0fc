//! What a mutation answers: the object, or the problems of the input as data. What it is not:
//! faults; those are top-level errors (`errors.rs`).

use async_graphql::{Context, SimpleObject};

use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;
use crate::kernel::language::Language;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// One problem of an input. Nothing was changed when there is any.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// What is wrong, as a word to program against.
    pub code: RefusalCode,
    /// The input field as a path with list indexes, such as `["expertIds", "1"]`; empty when the
    /// problem is about the whole.
    pub field: Vec<String>,
    /// What is wrong and what to do, in the caller's language.
    pub message: String,
}

impl UserError {
    /// The refusal in the caller's language.
    #[must_use]
    pub fn of(refusal: &Refusal, language: Language) -> Self {
        Self {
            code: refusal.code,
            field: refusal
                .field
                .split('.')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            message: refusal.message.in_language(language).to_owned(),
        }
    }
}

/// The refusals of an outcome in the caller's language; any other error stays an error.
///
/// # Errors
/// Every error that is not a refusal.
pub fn split<T>(context: &Context<'_>, outcome: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(Error::Refused(refusals)) => {
            let language = context.operation().language;
            Ok((
                None,
                refusals
                    .iter()
                    .map(|refusal| UserError::of(refusal, language))
                    .collect(),
            ))
        }
        Err(error) => Err(error),
    }
}

/// The object of what was performed, as far as the caller may see it now, and the refusals.
///
/// # Errors
/// Every error that is not a refusal; `NotFound` for a repeated request whose sender may not see the
/// object any more. Who has just changed something that is hidden from them gets no object.
pub async fn performed<L>(
    context: &Context<'_>,
    outcome: Result<L::Key>,
) -> Result<(Option<L::Value>, Vec<UserError>)>
where
    L: Load,
    L::Key: Id,
{
    let (id, user_errors) = split(context, outcome)?;
    let operation = context.operation();
    let Some(id) = id else {
        return Ok((None, user_errors));
    };
    let object = operation.load::<L>(id).await?;
    if object.is_none() && operation.is_replayed() {
        return Err(Error::NotFound {
            kind: L::Key::KIND,
            id: id.public(),
        });
    }
    Ok((object, user_errors))
}

/// Declares a mutation's payload: the object and `userErrors`.
///
/// ```text
/// payload!(
///     /// The answer of `admitCity`.
///     AdmitCityPayload {
///         /// The membership that was admitted.
///         membership: Membership
///     }
/// );
/// ```
/// `AdmitCityPayload::of::<MembershipById>(context, performed).await` makes it: what was performed
/// is an id, and the object is read after the commit by the loader that knows who may see it.
#[macro_export]
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident { $(#[$field_meta:meta])* $field:ident: $object:ty }) => {
        $(#[$meta])*
        #[derive(Debug, async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$field_meta])*
            pub $field: Option<std::sync::Arc<$object>>,
            /// The problems of the input; empty when it was done.
            pub user_errors: Vec<$crate::api::payload::UserError>,
        }

        impl $name {
            /// The payload of what was performed.
            ///
            /// # Errors
            /// Every error that is not a refusal; those of [`performed`]($crate::api::payload::performed).
            pub async fn of<L>(
                context: &async_graphql::Context<'_>,
                performed: $crate::kernel::error::Result<L::Key>,
            ) -> $crate::kernel::error::Result<Self>
            where
                L: $crate::api::batch::Load<Value = std::sync::Arc<$object>>,
                L::Key: $crate::kernel::ids::Id,
            {
                let ($field, user_errors) =
                    $crate::api::payload::performed::<L>(context, performed).await?;
                Ok(Self { $field, user_errors })
            }
        }
    };
}
