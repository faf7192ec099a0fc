//! The queries of the price list. What it is not: the choice of a price (`rules`).

use diesel::prelude::*;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::products::model::PriceVersion;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PriceId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::on_backend;
use crate::schema::prices;

type RowType = diesel::dsl::SqlTypeOf<<prices::table as Table>::AllColumns>;

const VALID_FROM: Unique = Unique::new(
    "prices_valid_from",
    "prices.product, prices.currency, prices.valid_from",
);

/// The whole price list, which is short: by product, currency, and day.
///
/// # Errors
/// What the database says.
pub fn all(db: &mut Db) -> Result<Vec<PriceVersion>> {
    Ok(prices::table
        .order((prices::product, prices::currency, prices::valid_from))
        .load(db)?)
}

/// The price.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: PriceId) -> Result<PriceVersion> {
    prices::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: PriceId::KIND,
            id: id.public(),
        })
}

/// The prices of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PriceId]) -> Result<Vec<PriceVersion>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(Sql::new("SELECT prices.* FROM prices WHERE prices.id")
        .in_uids(keys)
        .load::<RowType, PriceVersion>(db)?)
}

/// Stores a price.
pub(super) fn insert(tx: &mut Tx<'_>, price: &PriceVersion) -> Result<()> {
    diesel::insert_into(prices::table)
        .values(price)
        .execute(tx.db)
        .on_unique(VALID_FROM, || {
            let day = price.valid_from;
            Refusal::new(
                RefusalCode::PeriodOverlaps,
                "validFrom",
                format!("A price of this product begins on {day} already; choose another day."),
                format!("En pris for produktet begynder allerede den {day}; vælg en anden dag."),
            )
        })?;
    Ok(())
}

/// Stores a price of the reference data unless its day is taken.
pub(super) fn insert_if_missing(tx: &mut Tx<'_>, price: &PriceVersion) -> Result<()> {
    let known: i64 = prices::table
        .filter(prices::product.eq(price.product))
        .filter(prices::currency.eq(&price.currency))
        .filter(prices::valid_from.eq(price.valid_from))
        .count()
        .get_result(tx.db)?;
    if known == 0 {
        // Two services may start on one PostgreSQL at once.
        on_backend!(&mut *tx.db, connection => {
            diesel::insert_into(prices::table).values(price).on_conflict_do_nothing().execute(connection)
        })?;
    }
    Ok(())
}
