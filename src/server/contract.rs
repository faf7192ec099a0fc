//! What the compiled schema gives to every request: the executors, the published text, and the tables that are read
//! from it. What it is not: anything of one service; several in one process share it.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use async_graphql_parser::parse_schema;

use crate::api::arguments::InputTypes;
use crate::server::graphql::{self, NetworkSchema};
use crate::server::transport::guard::SchemaMap;

/// The schema and what follows from it.
pub struct Contract {
    /// The executor.
    pub schema: NetworkSchema,
    /// The executor that keeps what a failing field's siblings answer; slower.
    pub partial_schema: NetworkSchema,
    /// The published schema text.
    pub sdl: String,
    /// What the guard knows of the schema.
    pub map: SchemaMap,
    /// What the arguments of mutations mean.
    pub inputs: Arc<InputTypes>,
}

impl std::fmt::Debug for Contract {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Contract").finish_non_exhaustive()
    }
}

/// The schema is part of the program, so that it is read once in a process: to read it takes longer than all the
/// rest of a start.
static READ: Mutex<Option<Arc<Contract>>> = Mutex::new(None);

impl Contract {
    /// The contract of this program.
    ///
    /// # Errors
    /// The schema has a field that has no price, or does not parse.
    pub fn shared() -> anyhow::Result<Arc<Self>> {
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(contract) = &*read {
            return Ok(Arc::clone(contract));
        }
        let contract = Arc::new(Self::read()?);
        *read = Some(Arc::clone(&contract));
        Ok(contract)
    }

    fn read() -> anyhow::Result<Self> {
        let schema = graphql::build();
        let sdl = graphql::sdl(&schema);
        let document = parse_schema(&sdl).context("the SDL does not parse")?;
        Ok(Self {
            partial_schema: graphql::build_partial(),
            map: SchemaMap::of(&document)?,
            inputs: Arc::new(InputTypes::of(document)),
            schema,
            sdl,
        })
    }
}
