//! All names of all cities, for those who look for one in a text. What it is not: finding a city by its
//! name, nor how names are folded.

use diesel::sql_types::Text;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::Result;
use crate::kernel::ids::CityId;
use crate::kernel::sql_types::Uid;

/// Every name of every city: in the network's spelling and in languages.
///
/// # Errors
/// What the database says.
pub fn all_names(db: &mut Db) -> Result<Vec<(String, CityId)>> {
    Ok(
        Sql::new("SELECT name, id FROM cities UNION ALL SELECT name, city_id FROM city_names")
            .load::<(Text, Uid), (String, CityId)>(db)?,
    )
}
