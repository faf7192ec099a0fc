//! Loading cities and their names for the schema, many at once. What it is not: lists of them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::api::batch::Load;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::CityId;
use crate::registry::cities::{self, City, LocalName};

/// Loads cities that the viewer may see.
#[derive(Debug)]
pub struct CityById;

impl Load for CityById {
    type Key = CityId;
    type Value = Arc<City>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[CityId],
    ) -> Result<HashMap<CityId, Arc<City>>> {
        let today = operation.today();
        let found = cities::find_many(db, keys)?;
        Ok(found
            .into_iter()
            .filter(|city| cities::visible(city, &operation.viewer, today))
            .map(|city| (city.id, Arc::new(city)))
            .collect())
    }
}

/// Loads the names of cities in languages.
#[derive(Debug)]
pub(super) struct NamesOfCity;

impl Load for NamesOfCity {
    type Key = CityId;
    type Value = Arc<Vec<LocalName>>;

    fn load(db: &mut Db, _: &Operation, keys: &[CityId]) -> Result<HashMap<CityId, Self::Value>> {
        Ok(cities::names_of_many(db, keys)?
            .into_iter()
            .map(|(city, names)| (city, Arc::new(names)))
            .collect())
    }
}
