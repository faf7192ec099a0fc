//! The query of everything that moves the account of a city. What it is not: the reckoning (`rules`).

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use uuid::Uuid;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::finance::statements::model::{Movement, MovementKind};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::money::Currency;
use crate::kernel::sql_types::Uid;

/// Each kind of movement, but the invoices that funders pay in the city's stead: what is read of which rows of a city, up to the city, and from there up to the
/// day. On one day what is charged stands before what is paid.
const PARTS: [(&str, &str); 8] = [
    (
        "SELECT 'INVOICE' AS kind, issued_on AS on_day, id, total_minor AS minor, number, CAST(NULL AS TEXT) AS reference, 1 AS place FROM invoices WHERE number IS NOT NULL AND grant_id IS NULL AND city_id = ",
        " AND issued_on <= ",
    ),
    (
        " UNION ALL SELECT 'CREDIT_NOTE', c.issued_on, c.id, -c.total_minor, c.number, i.number, 2 FROM credit_notes c JOIN invoices i ON i.id = c.invoice_id WHERE c.status = 'ISSUED' AND i.grant_id IS NULL AND c.city_id = ",
        " AND c.issued_on <= ",
    ),
    (
        " UNION ALL SELECT 'PAYMENT', received_on, id, -amount_minor, CAST(NULL AS TEXT), reference, 3 FROM payments WHERE city_id = ",
        " AND received_on <= ",
    ),
    (
        " UNION ALL SELECT 'PAID_BY_OTHER', a.allocated_on, a.id, -a.amount_minor, i.number, CAST(NULL AS TEXT), 4 FROM allocations a JOIN invoices i ON i.id = a.invoice_id JOIN payments p ON p.id = a.payment_id WHERE p.city_id <> i.city_id AND i.grant_id IS NULL AND i.city_id = ",
        " AND a.allocated_on <= ",
    ),
    (
        " UNION ALL SELECT 'PAID_FOR_OTHER', a.allocated_on, a.id, a.amount_minor, i.number, CAST(NULL AS TEXT), 5 FROM allocations a JOIN invoices i ON i.id = a.invoice_id JOIN payments p ON p.id = a.payment_id WHERE (p.city_id <> i.city_id OR i.grant_id IS NOT NULL) AND p.city_id = ",
        " AND a.allocated_on <= ",
    ),
    (
        " UNION ALL SELECT 'PAYMENT_REVERSED', r.reversed_on, p.id, p.amount_minor, CAST(NULL AS TEXT), p.reference, 6 FROM payment_reversals r JOIN payments p ON p.id = r.payment_id WHERE p.city_id = ",
        " AND r.reversed_on <= ",
    ),
    (
        " UNION ALL SELECT 'REFUND', paid_on, id, amount_minor, CAST(NULL AS TEXT), reference, 7 FROM refunds WHERE status = 'PAID' AND city_id = ",
        " AND paid_on <= ",
    ),
    (
        " UNION ALL SELECT 'WRITE_OFF', w.written_on, w.id, -w.amount_minor, i.number, CAST(NULL AS TEXT), 8 FROM write_offs w JOIN invoices i ON i.id = w.invoice_id WHERE w.status = 'WRITTEN_OFF' AND i.grant_id IS NULL AND w.city_id = ",
        " AND w.written_on <= ",
    ),
];

/// The table that has the currency, in the order of [`PARTS`].
const CURRENCIES: [&str; 8] = [
    " AND currency = ",
    " AND c.currency = ",
    " AND currency = ",
    " AND p.currency = ",
    " AND p.currency = ",
    " AND p.currency = ",
    " AND currency = ",
    " AND w.currency = ",
];

/// Everything that moved the account of a city in a currency until the end of a day, in its order.
///
/// # Errors
/// What the database says.
pub fn movements_until(
    db: &mut Db,
    city: CityId,
    currency: Currency,
    through: NaiveDate,
) -> Result<Vec<Movement>> {
    type RowType = (Text, Date, Uid, BigInt, Nullable<Text>, Nullable<Text>);
    type Row = (
        MovementKind,
        NaiveDate,
        Uuid,
        i64,
        Option<String>,
        Option<String>,
    );
    let mut query = Sql::new("SELECT kind, on_day, id, minor, number, reference FROM (");
    for ((rows, until), of) in PARTS.into_iter().zip(CURRENCIES) {
        query = query
            .text(rows)
            .bind_uid(city.uuid())
            .text(until)
            .bind_date(through)
            .text(of)
            .bind_text(currency.code());
    }
    let found = query
        .text(") AS movements ORDER BY on_day, place, number, id")
        .load::<RowType, Row>(db)?;
    Ok(found
        .into_iter()
        .map(|(kind, on, id, minor, number, reference)| Movement {
            kind,
            on,
            id,
            minor,
            number,
            reference,
        })
        .collect())
}
