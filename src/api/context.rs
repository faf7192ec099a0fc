//! How a resolver reaches its operation. What it is not: the operation itself.

use async_graphql::Context;
use sha2_digest::canonical_digest;

use crate::api::operation::Operation;
use crate::api::scalars::LanguageTag;
use crate::app::App;
use crate::db::{Db, Tx};
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
    &context.data_unchecked::<std::sync::Arc<App>>().reference
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
        let arguments = field
            .arguments()
            .map_err(|error| Error::Internal(anyhow::anyhow!("arguments: {}", error.message)))?;
        let (digest, in_input) = canonical_digest(&arguments);
        let Some(key) = one_key(operation.idempotency_key.clone(), in_input)? else {
            return match repeatable {
                Repeatable::MayHaveKey => operation.write(work),
                Repeatable::NeedsKey => Err(Error::IdempotencyKeyRequired),
            };
        };
        let outcome =
            operation.write(|tx| idempotency::once(tx, &key, field.name(), &digest, work))?;
        if outcome.replayed {
            operation.mark_replayed();
        }
        Ok(outcome.value)
    }
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

/// The digest of a mutation's arguments.
mod sha2_digest {
    use async_graphql::{Name, Value};

    /// SHA-256 of the arguments as JSON with sorted names, and the idempotency key that was inside;
    /// the key itself is not part of what it protects.
    pub(super) fn canonical_digest(arguments: &[(Name, Value)]) -> (String, Option<String>) {
        let mut key = None;
        let mut text = String::new();
        let mut sorted: Vec<_> = arguments.iter().collect();
        sorted.sort_by(|left, right| left.0.cmp(&right.0));
        for (name, value) in sorted {
            text.push_str(name);
            text.push(':');
            write(value, &mut text, &mut key, 0);
            text.push(';');
        }
        (crate::kernel::hash::sha256_hex(text.as_bytes()), key)
    }

    fn write(value: &Value, text: &mut String, key: &mut Option<String>, depth: usize) {
        match value {
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_by(|left, right| left.0.cmp(right.0));
                text.push('{');
                for (name, field) in sorted {
                    if depth == 0 && name == "idempotencyKey" {
                        if let Value::String(given) = field {
                            *key = Some(given.clone());
                        }
                        continue;
                    }
                    text.push_str(name);
                    text.push(':');
                    write(field, text, key, depth + 1);
                    text.push(',');
                }
                text.push('}');
            }
            Value::List(items) => {
                text.push('[');
                for item in items {
                    write(item, text, key, depth + 1);
                    text.push(',');
                }
                text.push(']');
            }
            other => text.push_str(&other.to_string()),
        }
    }
}
