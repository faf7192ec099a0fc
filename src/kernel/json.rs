//! A JSON document in a column. What it is not: a way around columns; it holds lists and
//! snapshots that are read whole.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::error::Result;
use crate::kernel::sql_types::Doc;

/// A JSON value as both databases store it.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow, Serialize, serde::Deserialize)]
#[serde(transparent)]
#[diesel(sql_type = Doc)]
pub struct Json(pub serde_json::Value);

impl Json {
    /// Writes any value as JSON.
    ///
    /// # Errors
    /// A fault of ours when the value cannot be JSON.
    pub fn of(value: &impl Serialize) -> Result<Self> {
        Ok(Self(
            serde_json::to_value(value).map_err(anyhow::Error::from)?,
        ))
    }

    /// Reads the value back.
    ///
    /// # Errors
    /// A fault of ours when the stored document is of another form.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(T::deserialize(&self.0).map_err(anyhow::Error::from)?)
    }
}
