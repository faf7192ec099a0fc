//! From the cells of a row to what a slice is told. What it is not: the reading of a cell
//! (`sheet`) or the rules of a value (the slice).

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::exchange::columns::Column;
use crate::exchange::sheet::{BUSINESS_YEARS, Field, Problem, ProblemCode, Row};
use crate::kernel::adoption::Given;
use crate::kernel::ids::Id;
use crate::kernel::phrase::Phrase;
use crate::kernel::text::NAME_LENGTH;

/// What a cell gives. A faulty one gives nothing; its problem is noted and the row is not used.
pub(super) fn given<T>(field: Field<T>) -> Given<T> {
    match field {
        Field::Keep | Field::Faulty => Given::Leave,
        Field::Clear => Given::Clear,
        Field::Set(value) => Given::Set(value),
    }
}

/// A line of text.
pub(super) fn line(row: &Row, column: Column, problems: &mut Vec<Problem>) -> Given<String> {
    given(row.text(column, NAME_LENGTH, problems))
}

/// A line of text that must be there; its problem is noted when it is not.
pub(super) fn required_line(row: &Row, column: Column, problems: &mut Vec<Problem>) -> String {
    row.text(column, NAME_LENGTH, problems)
        .set()
        .unwrap_or_default()
}

/// A word of an enumeration; none when the cell is empty or wrong.
pub(super) fn word<T: std::str::FromStr>(
    row: &Row,
    column: Column,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    row.choice(column, problems)
        .set()
        .and_then(|code| code.to_uppercase().parse().ok())
}

/// A day; none when the cell is empty or wrong.
pub(super) fn date(row: &Row, column: Column, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
    row.date(column, BUSINESS_YEARS, problems).set()
}

/// A whole number; none when the cell is empty or wrong.
pub(super) fn whole(
    row: &Row,
    column: Column,
    range: RangeInclusive<i64>,
    problems: &mut Vec<Problem>,
) -> Option<i32> {
    row.integer(column, range, problems)
        .set()
        .and_then(|number| i32::try_from(number).ok())
}

/// A public id.
pub(super) fn id<I: Id>(row: &Row, column: Column, problems: &mut Vec<Problem>) -> Option<I> {
    let text = row.text(column, NAME_LENGTH, problems).set()?;
    I::parse(&text)
        .map_err(|wrong| {
            let message = Phrase::new(
                format!(
                    "The id is wrong: {wrong}. Take one of the type {} from an export.",
                    I::KIND
                ),
                format!(
                    "Dette er ikke id for en {}; tag id'et fra en eksport.",
                    I::KIND
                ),
            );
            problems.push(row.problem(column, ProblemCode::Refused("NOT_FOUND"), message));
        })
        .ok()
}
