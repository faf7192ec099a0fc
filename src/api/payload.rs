//! What a mutation answers: the object, or the problems of the input as data. What it is not:
//! faults; those are top-level errors (`errors.rs`).

use async_graphql::{Context, SimpleObject};

use crate::api::context::InOperation;
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
pub fn split<T>(
    context: &Context<'_>,
    outcome: crate::kernel::error::Result<T>,
) -> crate::kernel::error::Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(crate::kernel::error::Error::Refused(refusals)) => {
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
/// `AdmitCityPayload::of(ctx, performed, |db, id| memberships::get(db, id))` makes it: what was
/// performed is an id, and the object is read after the commit.
#[macro_export]
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident { $(#[$field_meta:meta])* $field:ident: $object:ty }) => {
        $(#[$meta])*
        #[derive(Debug, async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$field_meta])*
            pub $field: Option<$object>,
            /// The problems of the input; empty when it was done.
            pub user_errors: Vec<$crate::api::payload::UserError>,
        }

        impl $name {
            /// The payload of what was performed.
            ///
            /// # Errors
            /// Every error that is not a refusal.
            pub fn of<I>(
                context: &async_graphql::Context<'_>,
                performed: $crate::kernel::error::Result<I>,
                load: impl FnOnce(&mut $crate::db::Db, I) -> $crate::kernel::error::Result<$object>,
            ) -> $crate::kernel::error::Result<Self> {
                use $crate::api::context::InOperation;
                let (id, user_errors) = $crate::api::payload::split(context, performed)?;
                let $field = id.map(|id| context.read(|db| load(db, id))).transpose()?;
                Ok(Self { $field, user_errors })
            }
        }
    };
}
