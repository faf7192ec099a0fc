//! A row of partners. What it is not: the rules of a partner (`registry::partners`).

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{given, line, required_line, word};
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::Row;
use crate::kernel::adoption::Given;
use crate::registry::partners::{self, PartnerRow};

/// Takes a partner over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let name = required_line(row, Column::Name, &mut problems);
    let kind = word(row, Column::Kind, &mut problems);
    let country = match given(row.country(Column::Country, &mut problems)) {
        Given::Set(code) => Given::Set(code.to_owned()),
        Given::Clear => Given::Clear,
        Given::Leave => Given::Leave,
    };
    let website = line(row, Column::Website, &mut problems);
    let email = line(row, Column::Email, &mut problems);
    let (Some(kind), true) = (kind, problems.is_empty()) else {
        return Ok(Err(problems));
    };
    adopted(partners::adopt(
        tx,
        &PartnerRow {
            id: None,
            name,
            kind,
            country,
            website,
            email,
        },
    )?)
}
