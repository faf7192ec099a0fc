//! How a resolver reaches its operation. What it is not: the operation itself.

use async_graphql::Context;

use crate::api::arguments::InputTypes;
use crate::api::operation::Operation;
use crate::api::scalars::LanguageTag;
use crate::app::App;
use crate::db::{Db, Tx};
use crate::files::FileStore;
use crate::finance::legal::LegalData;
use crate::identity::idempotency;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;
use crate::programme::reference::Reference;

/// Whether a mutation may be sent without an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// A key is welcome.
    MayHaveKey,
    /// Money, numbers and places are at stake: without a key the mutation is refused.
    NeedsKey,
}

/// What resolvers ask of their context.
pub trait InOperation {
    /// The operation.
    fn operation(&self) -> &Operation;

    /// Reads in the operation's snapshot.
    ///
    /// # Errors
    /// What `work` says.
    fn read<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.operation().read(work)
    }

    /// The language of a text that the service has in both: the one asked for, else the request's.
    fn language(&self, asked: Option<&LanguageTag>) -> Language {
        asked.map_or(self.operation().language, |LanguageTag(tag)| {
            Language::of_tag(tag)
        })
    }

    /// Performs a mutation once: in one transaction, and with an idempotency key at most once for
    /// that key. What comes back is stored beside the key, so it holds ids and not records.
    ///
    /// # Errors
    /// What `work` says; the errors of idempotency keys.
    fn perform<T>(
        &self,
        repeatable: Repeatable,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned;
}

/// The reference texts of the running service.
#[must_use]
pub fn reference<'a>(context: &Context<'a>) -> &'a Reference {
    &app(context).reference
}

/// The running service.
#[must_use]
pub fn app<'a>(context: &Context<'a>) -> &'a std::sync::Arc<App> {
    context.data_unchecked::<std::sync::Arc<App>>()
}

/// The stored files of the running service.
#[must_use]
pub fn files<'a>(context: &Context<'a>) -> &'a FileStore {
    &app(context).files
}

/// What the law says about paying late.
#[must_use]
pub fn legal<'a>(context: &Context<'a>) -> &'a std::sync::Arc<LegalData> {
    &app(context).legal
}

impl InOperation for Context<'_> {
    fn operation(&self) -> &Operation {
        self.data_unchecked::<std::sync::Arc<Operation>>()
    }

    fn perform<T>(
        &self,
        repeatable: Repeatable,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        let operation = self.operation();
        let field = self.field();
        // The executor resolves a field as often as the document selects it, and it is to be done
        // once (GraphQL specification, section 6.3.2).
        let place = field.alias().unwrap_or(field.name());
        if let Some(known) = operation.performed(place) {
            return known?.read();
        }
        let done = perform_keyed(self, repeatable, work);
        operation.remember_performed(place, &done)?;
        done
    }
}

/// Performs a mutation under its idempotency key, if there is one.
fn perform_keyed<T>(
    context: &Context<'_>,
    repeatable: Repeatable,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let operation = context.operation();
    let field = context.field();
    let arguments = field
        .arguments()
        .map_err(|error| Error::Internal(anyhow::anyhow!("arguments: {}", error.message)))?;
    let types = context.data_unchecked::<std::sync::Arc<InputTypes>>();
    let digest = types.digest(field.name(), &arguments);
    let Some(key) = one_key(operation.idempotency_key.clone(), digest.key)? else {
        return match repeatable {
            Repeatable::MayHaveKey => operation.write(work),
            Repeatable::NeedsKey => Err(Error::IdempotencyKeyRequired),
        };
    };
    let outcome =
        operation.write(|tx| idempotency::once(tx, &key, field.name(), &digest.sha256, work))?;
    if outcome.replayed {
        operation.mark_replayed();
    }
    Ok(outcome.value)
}

/// The key of the header or of the input.
///
/// # Errors
/// `BadRequest` when the two differ, or when the key has a form that cannot be stored.
fn one_key(header: Option<String>, input: Option<String>) -> Result<Option<String>> {
    if let (Some(header), Some(input)) = (&header, &input)
        && header != input
    {
        return Err(Error::BadRequest(Phrase::new(
            "The idempotency key of the header differs from that of the input; send one of them.",
            "Idempotensnøglen i headeren er en anden end den i input; send kun den ene.",
        )));
    }
    let key = header.or(input);
    if key.as_deref().is_some_and(|key| !idempotency::is_key(key)) {
        return Err(Error::BadRequest(Phrase::new(
            "An idempotency key has 1 to 128 visible ASCII characters.",
            "En idempotensnøgle har 1 til 128 synlige ASCII-tegn.",
        )));
    }
    Ok(key)
}
