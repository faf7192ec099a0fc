//! Rows of people, and the person inside rows of coordinators and experts. What it is not: the rules
//! of a person (`registry::people`).

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{id, line, required_line, word};
use crate::exchange::imports::places::optional_city;
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::{Cell, Problem, Row};
use crate::kernel::adoption::Given;
use crate::registry::people::{self, PersonRow};

/// Takes a person over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let person = PersonRow {
        id: id(row, Column::Id, &mut problems),
        name: required_line(row, Column::Name, &mut problems),
        kind: word(row, Column::Kind, &mut problems),
        email: line(row, Column::Email, &mut problems),
        phone: line(row, Column::Phone, &mut problems),
        organisation: line(row, Column::Organisation, &mut problems),
        city: optional_city(tx, row, (Column::City, Column::Country), &mut problems)?,
        language: line(row, Column::Language, &mut problems),
    };
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    adopted(people::adopt(tx, &person)?)
}

/// The person of a row whose record is a post or an expert's: name, e-mail, phone. The e-mail
/// address tells who it is; a row that names its record by id may leave it out.
pub(super) fn inside(row: &Row, problems: &mut Vec<Problem>) -> PersonRow {
    let named = matches!(row.cell(Column::Id), Cell::Text(_));
    let left_out = matches!(row.cell(Column::Email), Cell::Leave);
    let email = if named && left_out {
        Given::Leave
    } else {
        line(row, Column::Email, problems)
    };
    PersonRow {
        id: None,
        name: required_line(row, Column::Name, problems),
        kind: None,
        email,
        phone: line(row, Column::Phone, problems),
        organisation: Given::Leave,
        city: Given::Leave,
        language: Given::Leave,
    }
}
