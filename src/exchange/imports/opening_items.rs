//! A row of opening items, and the control total of the file. What it is not: the rules of an item
//! (`finance::invoices`).

use std::ops::RangeInclusive;

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{date, required_line};
use crate::exchange::imports::places::city;
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::{Problem, ProblemCode, Row, Sheet};
use crate::finance::invoices::{self, OpeningItem};
use crate::finance::sellers;
use crate::kernel::error::{Error, Result};
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;

/// Amounts that can stand in a row, in minor units.
const AMOUNTS: RangeInclusive<i64> = 0..=1_000_000_000_000;

/// Takes an open invoice over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let city = city(tx, row, &mut problems)?;
    let number = required_line(row, Column::Number, &mut problems);
    let issued_on = date(row, Column::IssuedOn, &mut problems);
    let due_on = date(row, Column::DueOn, &mut problems);
    let currency = row.text(Column::Currency, 3, &mut problems).set();
    let scale = usize::from(currency_of_seller(tx)?.exponent());
    let mut amount = |column| row.decimal(column, scale, AMOUNTS, &mut problems).set();
    let total_minor = amount(Column::Total);
    let open_minor = amount(Column::OpenAmount);
    let known = city.zip(issued_on).zip(due_on).zip(open_minor);
    let (Some((((city, issued_on), due_on), open_minor)), true) = (known, problems.is_empty())
    else {
        return Ok(Err(problems));
    };
    let item = OpeningItem {
        city,
        number,
        issued_on,
        due_on,
        currency,
        total_minor,
        open_minor,
    };
    adopted(invoices::take_over(tx, &item)?)
}

/// What is open on all rows together, and what is wrong when it was to be something else.
///
/// # Errors
/// What the database says.
pub(super) fn control(
    tx: &mut Tx<'_>,
    sheet: &Sheet,
    asked: Option<&str>,
) -> Result<(String, Option<Problem>)> {
    let currency = currency_of_seller(tx)?;
    let scale = usize::from(currency.exponent());
    let mut sum: i64 = 0;
    for row in &sheet.rows {
        // What is wrong with an amount is told with its row.
        let open = row.decimal(Column::OpenAmount, scale, AMOUNTS, &mut Vec::new());
        sum = sum.saturating_add(open.set().unwrap_or_default());
    }
    let total = Money::new(sum, currency).amount();
    let Some(asked) = asked else {
        return Ok((total, None));
    };
    let meant = Money::parse(asked, currency).map(|meant| meant.minor);
    if meant == Ok(sum) {
        return Ok((total, None));
    }
    let message = Phrase::new(
        format!(
            "The rows have {total} open together, and the control total is {asked}; compare the file with its source."
        ),
        format!(
            "Rækkerne har {total} åbent i alt, og kontrolsummen er {asked}; sammenlign filen med dens kilde."
        ),
    );
    let problem = Problem::new(
        0,
        Some(Column::OpenAmount),
        ProblemCode::Refused("CONTROL_TOTAL"),
        message,
        asked,
    );
    Ok((total, Some(problem)))
}

fn currency_of_seller(tx: &mut Tx<'_>) -> Result<Currency> {
    let seller = sellers::the_seller(tx.db)?;
    Currency::parse(&seller.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))
}
