//! Which days of a city are paid for by its fees: those on the lines of fee invoices that are neither
//! taken back as a whole nor given back by days. What it is not: the days that packages pay for
//! (`coverage`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable, Text};
use uuid::Uuid;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, InvoiceLineId, MembershipId};
use crate::kernel::period::Period;
use crate::kernel::sql_types::Uid;

/// Days that a line of a fee invoice charges, without those that were given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number; none while it is a draft.
    pub number: Option<String>,
    /// Whose it is.
    pub city: CityId,
    /// The membership whose fee it is.
    pub membership: Option<MembershipId>,
    /// The line.
    pub line: InvoiceLineId,
    /// The days.
    pub days: Period,
}

type ChargedType = (
    Uid,
    Nullable<Text>,
    Uid,
    Nullable<Uid>,
    Uid,
    Date,
    Nullable<Date>,
);
type ChargedRow = (
    Uuid,
    Option<String>,
    Uuid,
    Option<Uuid>,
    Uuid,
    NaiveDate,
    Option<NaiveDate>,
);

/// The days that the fee invoices of these cities charge, drafts among them, the oldest invoice first.
///
/// # Errors
/// What the database says.
pub fn charged_of_cities(db: &mut Db, cities: &[CityId]) -> Result<Vec<Charged>> {
    let keys: Vec<Uuid> = cities.iter().map(|city| city.uuid()).collect();
    let lines = Sql::new("SELECT invoices.id, invoices.number, invoices.city_id, invoices.membership_id, invoice_lines.id, invoice_lines.period_from, invoice_lines.period_until")
        .text(" FROM invoices JOIN invoice_lines ON invoice_lines.invoice_id = invoices.id WHERE invoices.kind IN ('ANNUAL_FEE', 'RECALLED_FUNDING') AND invoices.membership_id IS NOT NULL AND invoices.status <> 'CREDITED'")
        .text(" AND invoice_lines.net_minor > invoice_lines.credited_minor AND invoice_lines.period_from IS NOT NULL AND invoices.city_id")
        .in_uids(keys.clone())
        .text(" ORDER BY invoices.created_at, invoices.id, invoice_lines.position")
        .load::<ChargedType, ChargedRow>(db)?;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let given_back = given_back(db, keys)?;
    let mut charged = Vec::with_capacity(lines.len());
    for (invoice, number, city, membership, line, from, until) in lines {
        let line = InvoiceLineId::of(line);
        let whole = days(from, until)?;
        let without = given_back.get(&line).map_or(&[][..], Vec::as_slice);
        let parts = whole.without(without).into_iter().map(|days| Charged {
            invoice: InvoiceId::of(invoice),
            number: number.clone(),
            city: CityId::of(city),
            membership: membership.map(MembershipId::of),
            line,
            days,
        });
        charged.extend(parts);
    }
    Ok(charged)
}

/// The days that issued credit notes gave back of the lines of the fee invoices of these cities.
fn given_back(db: &mut Db, cities: Vec<Uuid>) -> Result<HashMap<InvoiceLineId, Vec<Period>>> {
    let found = Sql::new(
        "SELECT fee_refunds.invoice_line_id, fee_refunds.period_from, fee_refunds.period_until",
    )
    .text(" FROM credit_notes JOIN fee_refunds ON fee_refunds.credit_note_id = credit_notes.id")
    .text(" WHERE credit_notes.status = 'ISSUED' AND credit_notes.city_id")
    .in_uids(cities)
    .load::<(Uid, Date, Date), (Uuid, NaiveDate, NaiveDate)>(db)?;
    let mut given_back: HashMap<InvoiceLineId, Vec<Period>> = HashMap::new();
    for (line, from, until) in found {
        let of_line = given_back.entry(InvoiceLineId::of(line)).or_default();
        of_line.push(days(from, Some(until))?);
    }
    Ok(given_back)
}

fn days(from: NaiveDate, until: Option<NaiveDate>) -> Result<Period> {
    Period::new(from, until)
        .map_err(|refusal| Error::Internal(anyhow::anyhow!("an invoice's days: {refusal}")))
}
