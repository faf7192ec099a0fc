//! A row of cities. What it is not: the rules of a city (`registry::cities`).

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{given, id, line, required_line};
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::{Problem, Row};
use crate::kernel::adoption::Given;
use crate::registry::cities::{self, CityRow, Marks};

/// Decimals of degrees that are kept: a tenth of a metre.
const DEGREE_SCALE: usize = 6;

/// Takes a city over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let city = read(row, &mut problems);
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    adopted(cities::adopt(tx, &city)?)
}

/// Adds what the row may mean a city by; what is wrong with it is told when it is taken over.
pub(super) fn mark(row: &Row, marks: &mut Marks) {
    marks.add(&read(row, &mut Vec::new()));
}

fn read(row: &Row, problems: &mut Vec<Problem>) -> CityRow {
    CityRow {
        id: id(row, Column::Id, problems),
        name: required_line(row, Column::Name, problems),
        name_da: line(row, Column::NameDa, problems),
        country: row
            .country(Column::Country, problems)
            .set()
            .unwrap_or_default()
            .to_owned(),
        time_zone: line(row, Column::TimeZone, problems),
        population: given(row.integer(Column::Population, 0..=100_000_000, problems)),
        population_year: year(row, problems),
        population_source: line(row, Column::PopulationSource, problems),
        latitude: degrees(row, Column::Latitude, 90, problems),
        longitude: degrees(row, Column::Longitude, 180, problems),
        cvr: line(row, Column::Cvr, problems),
        gln: line(row, Column::Gln, problems),
        geonames_id: given(row.integer(Column::GeonamesId, 1..=i64::from(i32::MAX), problems)),
        invoice_name: line(row, Column::InvoiceName, problems),
        invoice_street: line(row, Column::InvoiceStreet, problems),
        invoice_postal_code: line(row, Column::InvoicePostalCode, problems),
        invoice_town: line(row, Column::InvoiceTown, problems),
        invoice_email: line(row, Column::InvoiceEmail, problems),
        order_reference: line(row, Column::OrderReference, problems),
    }
}

fn year(row: &Row, problems: &mut Vec<Problem>) -> Given<i32> {
    match given(row.integer(Column::PopulationYear, 1800..=2100, problems)) {
        Given::Leave => Given::Leave,
        Given::Clear => Given::Clear,
        Given::Set(year) => i32::try_from(year).map_or(Given::Leave, Given::Set),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "at most 180 million units, far inside what f64 counts exactly"
)]
fn degrees(row: &Row, column: Column, most: i64, problems: &mut Vec<Problem>) -> Given<f64> {
    let units = most * 1_000_000;
    match given(row.decimal(column, DEGREE_SCALE, -units..=units, problems)) {
        Given::Leave => Given::Leave,
        Given::Clear => Given::Clear,
        Given::Set(units) => Given::Set(units as f64 / 1_000_000.0),
    }
}
