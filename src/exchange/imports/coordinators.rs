//! A row of coordinators. What it is not: the rules of an appointment
//! (`registry::coordinators`).

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{date, given, id, whole, word};
use crate::exchange::imports::people::inside;
use crate::exchange::imports::places::city;
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::{BUSINESS_YEARS, Row};
use crate::registry::coordinators::{self, AppointmentRole, AppointmentRow};

/// Takes an appointment over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let city = city(tx, row, &mut problems)?;
    let person = inside(row, &mut problems);
    let role = word(row, Column::Role, &mut problems).unwrap_or(AppointmentRole::Coordinator);
    let fte_percent = whole(row, Column::FtePercent, 1..=100, &mut problems);
    let starts_on = date(row, Column::StartsOn, &mut problems);
    let last_day = given(row.date(Column::EndsOn, BUSINESS_YEARS, &mut problems));
    let id = id(row, Column::Id, &mut problems);
    let (Some(city), Some(fte_percent), Some(starts_on), true) =
        (city, fte_percent, starts_on, problems.is_empty())
    else {
        return Ok(Err(problems));
    };
    let appointment = AppointmentRow {
        id,
        city,
        person,
        role,
        fte_percent,
        starts_on,
        last_day,
    };
    adopted(coordinators::adopt(tx, &appointment)?)
}
