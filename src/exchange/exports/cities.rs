//! Cities as rows. What it is not: a choice of columns; the table of columns is shared with the
//! import.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::exchange::columns::Column;
use crate::exchange::exports::pages::every;
use crate::exchange::exports::run::Cells;
use crate::exchange::sheet::Value;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::registry::cities::{self, City, CityFilter};

/// Writes every city.
pub(super) fn write(
    db: &mut Db,
    today: NaiveDate,
    out: &mut impl FnMut(Cells<'_>) -> Result<()>,
) -> Result<()> {
    let filter = CityFilter::default();
    let list = |db: &mut Db, page: &_| cities::list(db, &Scope::All, today, &filter, &[], page);
    every(db, &cities::order(&[]), list, |db, rows| {
        rows_of(db, rows, out)
    })
}

fn rows_of(
    db: &mut Db,
    rows: &[City],
    out: &mut impl FnMut(Cells<'_>) -> Result<()>,
) -> Result<()> {
    let ids: Vec<_> = rows.iter().map(|city| city.id).collect();
    let names = cities::names_of_many(db, &ids)?;
    for city in rows {
        let danish = names
            .get(&city.id)
            .and_then(|names| names.iter().find(|name| name.language == "da"))
            .map(|name| &name.name);
        out(vec![
            (Column::Id, Value::Text(Cow::Owned(city.id.public()))),
            (Column::Name, text(Some(&city.name))),
            (Column::NameDa, text(danish)),
            (Column::Country, text(Some(&city.country))),
            (
                Column::Population,
                city.population.map_or(Value::Empty, Value::Integer),
            ),
            (
                Column::PopulationYear,
                city.population_year
                    .map_or(Value::Empty, |year| Value::Integer(year.into())),
            ),
            (
                Column::PopulationSource,
                text(city.population_source.as_ref()),
            ),
            (Column::Latitude, degrees(city.latitude)),
            (Column::Longitude, degrees(city.longitude)),
            (Column::TimeZone, text(Some(&city.time_zone))),
            (Column::Cvr, text(city.cvr.as_ref())),
            (Column::Gln, text(city.gln.as_ref())),
            (
                Column::GeonamesId,
                city.geonames_id.map_or(Value::Empty, Value::Integer),
            ),
            (Column::InvoiceName, text(city.invoice_name.as_ref())),
            (Column::InvoiceStreet, text(city.invoice_street.as_ref())),
            (
                Column::InvoicePostalCode,
                text(city.invoice_postal_code.as_ref()),
            ),
            (Column::InvoiceTown, text(city.invoice_town.as_ref())),
            (Column::InvoiceEmail, text(city.invoice_email.as_ref())),
            (Column::OrderReference, text(city.order_reference.as_ref())),
        ])?;
    }
    Ok(())
}

fn text(value: Option<&String>) -> Value<'_> {
    value.map_or(Value::Empty, |value| Value::Text(Cow::Borrowed(value)))
}

#[expect(clippy::cast_possible_truncation, reason = "at most 180 million units")]
fn degrees(value: Option<f64>) -> Value<'static> {
    value.map_or(Value::Empty, |degrees| Value::Decimal {
        units: (degrees * 1_000_000.0).round() as i64,
        scale: 6,
    })
}
