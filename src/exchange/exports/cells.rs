//! The cells that several kinds share. What it is not: which columns a kind has.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::db::Db;
use crate::exchange::columns::Column;
use crate::exchange::exports::run::Cells;
use crate::exchange::sheet::Value;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id};
use crate::registry::cities::{self, City};

/// Names and countries of cities by id.
pub(super) struct Places(HashMap<CityId, (String, String)>);

impl Places {
    /// Reads those of the cities that some rows name.
    pub(super) fn of(
        db: &mut Db,
        cities: impl IntoIterator<Item = Option<CityId>>,
    ) -> Result<Self> {
        let mut ids: Vec<CityId> = cities.into_iter().flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let named = |city: City| (city.id, (city.name, city.country));
        let found = cities::find_many(db, &ids)?;
        Ok(Self(found.into_iter().map(named).collect()))
    }

    /// The two cells of a city.
    pub(super) fn cells(
        &self,
        city: Option<CityId>,
        (name, country): (Column, Column),
    ) -> Cells<'_> {
        let found = city.and_then(|city| self.0.get(&city));
        vec![
            (name, text(found.map(|(name, _)| name))),
            (country, text(found.map(|(_, country)| country))),
        ]
    }
}

/// A text that may be missing.
pub(super) fn text(value: Option<&String>) -> Value<'_> {
    value.map_or(Value::Empty, |value| Value::Text(Cow::Borrowed(value)))
}

/// The word of an enumeration as files have it: in small letters.
pub(super) fn word(word: &str) -> Value<'static> {
    Value::Text(Cow::Owned(word.to_lowercase()))
}

/// A public id.
pub(super) fn id(id: impl Id) -> Value<'static> {
    Value::Text(Cow::Owned(id.public()))
}

/// A day that may be missing.
pub(super) fn date(value: Option<NaiveDate>) -> Value<'static> {
    value.map_or(Value::Empty, Value::Date)
}

/// The last day of a half-open period.
pub(super) fn last_day(until: Option<NaiveDate>) -> Value<'static> {
    date(until.and_then(|until| until.pred_opt()))
}

/// An amount in minor units of a currency with two decimals or another number of them.
pub(super) fn amount(minor: i64, currency: &str) -> Value<'static> {
    let scale = crate::kernel::money::Currency::parse(currency)
        .map_or(2, |currency| usize::from(currency.exponent()));
    Value::Decimal {
        units: minor,
        scale,
    }
}
