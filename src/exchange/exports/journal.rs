//! The journal of the books as rows, for an accountant's own program: every line in the order of its day,
//! and below them the control totals of each currency. What it is not: importable.
//!
//! What is closed never changes, and the rows have one order: the same days of closed books give the
//! same file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::db::Db;
use crate::exchange::columns::Column;
use crate::exchange::exports::cells::{Places, amount, id, text, word};
use crate::exchange::exports::pages::every;
use crate::exchange::exports::run::Cells;
use crate::exchange::sheet::Value;
use crate::finance::invoices;
use crate::finance::ledger::{self, LedgerFilter, LedgerLine, LedgerOrder, LedgerTransaction};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::InvoiceId;

/// What the lines of a currency add up to.
#[derive(Default)]
struct Control {
    lines: i64,
    debit_minor: i64,
    credit_minor: i64,
}

/// Writes the lines of the days, and what they add up to.
pub(super) fn write(
    db: &mut Db,
    (from, through): (Option<NaiveDate>, Option<NaiveDate>),
    out: &mut impl FnMut(Cells<'_>) -> Result<()>,
) -> Result<()> {
    let filter = LedgerFilter {
        posted_from: from,
        posted_before: through.and_then(|day| day.succ_opt()),
        ..LedgerFilter::default()
    };
    let order = [LedgerOrder::PostedOnAsc];
    let mut controls: BTreeMap<String, Control> = BTreeMap::new();
    let list = |db: &mut Db, page: &_| ledger::list(db, &filter, &order, page);
    every(db, &ledger::order(&order), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| row.city_id))?;
        let keys: Vec<_> = rows.iter().map(|row| row.id).collect();
        let lines = ledger::lines_of_many(db, &keys)?;
        let numbers = numbers(db, lines.values().flatten())?;
        for row in rows {
            for line in lines.get(&row.id).into_iter().flatten() {
                let control = controls.entry(line.currency.clone()).or_default();
                control.count(line.amount_minor)?;
                let number = line.invoice_id.and_then(|invoice| numbers.get(&invoice));
                let mut cells = cells(row, line, number);
                cells.extend(places.cells(row.city_id, (Column::City, Column::Country)));
                out(cells)?;
            }
        }
        Ok(())
    })?;
    for (currency, control) in &controls {
        out(vec![
            (Column::Kind, word("control_total")),
            (
                Column::Number,
                Value::Text(Cow::Owned(format!("{} lines", control.lines))),
            ),
            (Column::Currency, text(Some(currency))),
            (Column::Debit, amount(control.debit_minor, currency)),
            (Column::Credit, amount(control.credit_minor, currency)),
        ])?;
    }
    Ok(())
}

/// The numbers of the invoices that lines belong to.
fn numbers<'l>(
    db: &mut Db,
    lines: impl Iterator<Item = &'l LedgerLine>,
) -> Result<BTreeMap<InvoiceId, String>> {
    let mut ids: Vec<_> = lines.filter_map(|line| line.invoice_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(invoices::find_many(db, &ids)?
        .into_iter()
        .filter_map(|invoice| Some((invoice.id, invoice.number?)))
        .collect())
}

fn cells<'r>(
    row: &'r LedgerTransaction,
    line: &'r LedgerLine,
    number: Option<&'r String>,
) -> Cells<'r> {
    let (debit, credit) = (
        line.amount_minor.max(0),
        line.amount_minor.min(0).saturating_neg(),
    );
    let account = line.account;
    vec![
        (Column::Id, id(row.id)),
        (Column::PostedOn, Value::Date(row.posted_on)),
        (Column::DocumentedOn, Value::Date(row.documented_on)),
        (Column::Kind, word(row.kind.as_str())),
        (Column::Number, text(row.document.as_ref())),
        (Column::Account, Value::Integer(account.number().into())),
        (
            Column::AccountName,
            Value::Text(Cow::Owned(account.name().en)),
        ),
        (Column::Currency, text(Some(&line.currency))),
        (Column::Debit, amount(debit, &line.currency)),
        (Column::Credit, amount(credit, &line.currency)),
        (Column::Invoice, text(number)),
    ]
}

impl Control {
    fn count(&mut self, minor: i64) -> Result<()> {
        let side = if minor > 0 {
            &mut self.debit_minor
        } else {
            &mut self.credit_minor
        };
        *side = minor
            .checked_abs()
            .and_then(|minor| side.checked_add(minor))
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a control total that does not fit")))?;
        self.lines = self.lines.saturating_add(1);
        Ok(())
    }
}
