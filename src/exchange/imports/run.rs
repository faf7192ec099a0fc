//! An import in one transaction, row by row. What it is not: what a row means; that is the file of
//! its kind.

use serde_json::json;

use crate::db::Tx;
use crate::exchange::columns::{Column, Kind};
use crate::exchange::imports::report::{Action, Report, RowReport};
use crate::exchange::imports::{
    cities, coordinators, experts, memberships, opening_items, partners, people, turns,
};
use crate::exchange::sheet::{Problem, ProblemCode, Row, Sheet};
use crate::identity::audit;
use crate::identity::idempotency::{self, Outcome};
use crate::kernel::adoption::Adopted;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, ObjectId};
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::RefusalCode;

/// Whether an import shall stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Do it, report, take it back.
    DryRun,
    /// Do it, and keep it unless a row is wrong.
    Apply,
}

/// What became of a row: the public id, or its problems.
pub(super) type RowOutcome = Result<std::result::Result<Adopted<String>, Vec<Problem>>>;

/// Takes a sheet over. The caller's transaction keeps what was written only if the report says
/// `applied`. A control total is of opening items: what is open on all rows together.
///
/// # Errors
/// `Forbidden`, or what the database says. Wrong rows are no error; the report names them.
pub fn run(
    tx: &mut Tx<'_>,
    kind: Kind,
    sheet: &Sheet,
    mode: Mode,
    control_total: Option<&str>,
) -> Result<Report> {
    tx.viewer.permit(kind.import_permission())?;

    turns::take(tx, kind, sheet)?;
    let mut report = None;
    let kept = tx.attempt(|tx| {
        let rows = sheet
            .rows
            .iter()
            .map(|row| self::row(tx, kind, row))
            .collect::<Result<Vec<_>>>()?;
        let mut found = Report::of(rows);
        if kind == Kind::OpeningItems {
            let (total, wrong) = opening_items::control(tx, sheet, control_total)?;
            found = found.controlled(total, wrong);
        }
        found.applied = mode == Mode::Apply && found.is_sound();
        let keep = found.applied;
        report = Some(found);
        if keep {
            Ok(())
        } else {
            Err(Error::Internal(anyhow::anyhow!("taken back")))
        }
    });
    let Some(mut report) = report else {
        return Err(kept
            .err()
            .unwrap_or_else(|| Error::Internal(anyhow::anyhow!("an import without a report"))));
    };
    if report.applied {
        kept?;
        let counts = json!({ "kind": kind.as_str(), "counts": report.counts });
        audit::record(
            tx,
            "spreadsheet.imported",
            tx.new_id::<ObjectId>(),
            None,
            counts,
        )?;
    } else {
        // What was made was taken back, and its ids with it.
        for row in report
            .rows
            .iter_mut()
            .filter(|row| row.action == Action::Create)
        {
            row.id = None;
        }
    }
    Ok(report)
}

/// Takes a sheet over and keeps it, at most once for an idempotency key. A sheet with a wrong row
/// leaves the key free for the corrected one.
///
/// # Errors
/// As [`run`], and those of idempotency keys.
pub fn once(
    tx: &mut Tx<'_>,
    key: &str,
    kind: Kind,
    digest: &str,
    sheet: &Sheet,
    control_total: Option<&str>,
) -> Result<Outcome<Report>> {
    let mut unsound = None;
    // The same file with another control total is another request.
    let field = match control_total {
        Some(total) => format!("import {} {total}", kind.as_str()),
        None => format!("import {}", kind.as_str()),
    };
    let stored = tx.attempt(|tx| {
        idempotency::once(tx, key, &field, digest, |tx| {
            let report = run(tx, kind, sheet, Mode::Apply, control_total)?;
            if report.applied {
                let rows = report.rows.into_iter();
                let rows = rows.map(|row| (row.line, row.action, row.id));
                return Ok((rows.collect::<Vec<_>>(), report.open_total));
            }
            unsound = Some(report);
            Err(Error::Internal(anyhow::anyhow!("taken back")))
        })
    });
    match (unsound, stored) {
        (Some(report), _) => Ok(Outcome {
            value: report,
            replayed: false,
        }),
        (None, Err(error)) => Err(error),
        (None, Ok(outcome)) => {
            let row = |(line, action, id)| RowReport {
                line,
                action,
                id,
                problems: Vec::new(),
            };
            let (rows, open_total) = outcome.value;
            let mut report = Report::of(rows.into_iter().map(row).collect());
            report.applied = true;
            report.open_total = open_total;
            Ok(Outcome {
                value: report,
                replayed: outcome.replayed,
            })
        }
    }
}

fn row(tx: &mut Tx<'_>, kind: Kind, row: &Row) -> Result<RowReport> {
    let mut problems = Vec::new();
    let outcome = tx.attempt(|tx| {
        let adopted = match kind {
            Kind::Cities => cities::row(tx, row),
            Kind::Memberships => memberships::row(tx, row),
            Kind::Coordinators => coordinators::row(tx, row),
            Kind::Experts => experts::row(tx, row),
            Kind::People => people::row(tx, row),
            Kind::Partners => partners::row(tx, row),
            Kind::OpeningItems => opening_items::row(tx, row),
            Kind::Invoices | Kind::Payments | Kind::Journal => Err(Error::Internal(
                anyhow::anyhow!("{} cannot be imported", kind.as_str()),
            )),
        }?;
        adopted.map_err(|found| {
            problems = found;
            // The savepoint is taken back; the problems are reported, not this error.
            Error::Refused(Vec::new())
        })
    });
    let (action, id) = match outcome {
        Ok(Adopted::Created(id)) => (Action::Create, Some(id)),
        Ok(Adopted::Updated(id)) => (Action::Update, Some(id)),
        Ok(Adopted::Unchanged(id)) => (Action::Unchanged, Some(id)),
        Err(Error::Refused(refusals)) => {
            problems.extend(refusals.into_iter().map(|refusal| {
                let column = column_of(kind, &refusal.field);
                match column {
                    Some(column) => row.problem(
                        column,
                        ProblemCode::Refused(refusal.code.as_str()),
                        refusal.message,
                    ),
                    None => Problem::new(
                        row.line,
                        None,
                        ProblemCode::Refused(refusal.code.as_str()),
                        refusal.message,
                        "",
                    ),
                }
            }));
            (Action::Error, None)
        }
        Err(Error::NotFound { kind: what, id }) => {
            problems.push(nothing_there(row, kind, what, &id));
            (Action::Error, None)
        }
        Err(error) => return Err(error),
    };
    Ok(RowReport {
        line: row.line,
        action,
        id,
        problems,
    })
}

/// The row names a record that is not there.
fn nothing_there(row: &Row, kind: Kind, what: &str, id: &str) -> Problem {
    let code = ProblemCode::Refused(RefusalCode::NotFound.as_str());
    let message = Phrase::new(
        format!("There is no {what} with the id {id}; take the id from an export of this network."),
        format!("Der findes ingen {what} med id {id}; tag id'et fra en eksport af dette netværk."),
    );
    match kind.spec(Column::Id) {
        Some(_) => row.problem(Column::Id, code, message),
        None => Problem::new(row.line, None, code, message, ""),
    }
}

/// The column that a field of a refusal stands for: `invoiceName` is `invoice_name`, `homeCityId`
/// is `home_city`, and what is wrong with a `person` of the row stands in the row itself.
fn column_of(kind: Kind, field: &str) -> Option<Column> {
    let field = field.strip_prefix("person.").unwrap_or(field);
    let first = field.split('.').next().unwrap_or_default();
    let mut name = String::with_capacity(first.len() + 4);
    for character in first.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    if name == "names" {
        "name_da".clone_into(&mut name);
    }
    let named = |name: &str| {
        let mut columns = kind.columns().iter().map(|spec| spec.column);
        columns.find(|column| column.as_str() == name)
    };
    named(&name).or_else(|| name.strip_suffix("_id").and_then(named))
}

/// The outcome of a row without problems of its own.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the last word of every row function"
)]
pub(super) fn adopted<I: Id>(adopted: Adopted<I>) -> RowOutcome {
    Ok(Ok(match adopted {
        Adopted::Created(id) => Adopted::Created(id.public()),
        Adopted::Updated(id) => Adopted::Updated(id.public()),
        Adopted::Unchanged(id) => Adopted::Unchanged(id.public()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_of_a_refusal_is_a_column() {
        for (kind, field, column) in [
            (Kind::Cities, "invoiceName", Some(Column::InvoiceName)),
            (Kind::Cities, "geonamesId", Some(Column::GeonamesId)),
            (Kind::Cities, "names.0.name", Some(Column::NameDa)),
            (Kind::Experts, "homeCityId", Some(Column::HomeCity)),
            (Kind::Experts, "languages.1", Some(Column::Languages)),
            (Kind::Coordinators, "person.email", Some(Column::Email)),
            (Kind::Coordinators, "cityId", Some(Column::City)),
            (Kind::Memberships, "version", None),
        ] {
            assert_eq!(column_of(kind, field), column, "{field}");
        }
    }
}
