//! What funders pay of a fee or a package beside the city: the lines of their invoices, and of those that
//! the city got when a funder withdrew. What it is not: how much a funder pays; that is in `grants`.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Integer, Nullable};
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::invoices::model::InvoiceLine;
use crate::finance::invoices::rules::DraftLine;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, InvoiceId, MembershipId, PackageId};
use crate::kernel::money::Money;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::sql_types::Uid;

/// The first day of a line and the day after its last.
pub(super) type Days = (Option<NaiveDate>, Option<NaiveDate>);

/// What is charged for the days of a line, without what is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SharedDays {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    /// Without tax, in minor units.
    pub(super) net_minor: i64,
}

impl SharedDays {
    pub(super) const fn days(&self) -> Days {
        (self.from, self.until)
    }
}

/// The days of a line that is to be drafted.
pub(super) fn days_of(line: &DraftLine) -> Days {
    (
        line.period.map(|period| period.from()),
        line.period.and_then(|period| period.until()),
    )
}

/// The days of a stored line.
pub(super) const fn days_of_stored(line: &InvoiceLine) -> Days {
    (line.period_from, line.period_until)
}

const SUM: &str = "SELECT invoice_lines.period_from, invoice_lines.period_until, CAST(SUM(invoice_lines.net_minor - invoice_lines.credited_minor) AS BIGINT) FROM invoices JOIN invoice_lines ON invoice_lines.invoice_id = invoices.id WHERE invoices.status <> 'CREDITED' AND ";
/// Of funders, or of the city in their stead.
const SHARES: &str = " AND (invoices.grant_id IS NOT NULL OR invoices.kind = 'RECALLED_FUNDING')";
const BY_DAYS: &str = " GROUP BY invoice_lines.period_from, invoice_lines.period_until";

type Row = (Nullable<Date>, Nullable<Date>, BigInt);
type Found = (Option<NaiveDate>, Option<NaiveDate>, i64);

fn shared((from, until, net_minor): Found) -> SharedDays {
    SharedDays {
        from,
        until,
        net_minor,
    }
}

/// What others than the city's own fee invoice charge of a membership's fee year, drafts among them.
pub(super) fn of_fee(
    db: &mut Db,
    membership: MembershipId,
    fee_year: i32,
) -> Result<Vec<SharedDays>> {
    let found = fee_sum(membership, fee_year)
        .text(SHARES)
        .text(BY_DAYS)
        .load::<Row, Found>(db)?;
    Ok(found.into_iter().map(shared).collect())
}

/// What all invoices of a membership's fee year charge, whoever they are for.
pub(super) fn charged_of_fee(
    db: &mut Db,
    membership: MembershipId,
    fee_year: i32,
) -> Result<Vec<SharedDays>> {
    let found = fee_sum(membership, fee_year)
        .text(BY_DAYS)
        .load::<Row, Found>(db)?;
    Ok(found.into_iter().map(shared).collect())
}

fn fee_sum(membership: MembershipId, fee_year: i32) -> Sql {
    Sql::new(SUM)
        .text("invoices.kind IN ('ANNUAL_FEE', 'RECALLED_FUNDING') AND invoices.membership_id = ")
        .bind_uid(membership.uuid())
        .text(" AND invoices.fee_year = ")
        .bind_int(i64::from(fee_year))
}

/// What others than the city's own invoice charge of an instalment of a package.
pub(super) fn of_instalment(
    db: &mut Db,
    package: PackageId,
    instalment: i32,
) -> Result<Vec<SharedDays>> {
    let found = Sql::new(SUM)
        .text("invoices.package_id = ")
        .bind_uid(package.uuid())
        .text(" AND invoices.instalment = ")
        .bind_int(i64::from(instalment))
        .text(SHARES)
        .text(BY_DAYS)
        .load::<Row, Found>(db)?;
    Ok(found.into_iter().map(shared).collect())
}

/// As [`of_fee`], of the fee year of many memberships.
pub(super) fn of_fees(
    db: &mut Db,
    cities: Vec<Uuid>,
    fee_year: i32,
) -> Result<HashMap<MembershipId, Vec<SharedDays>>> {
    type OfMembership = (Uid, Nullable<Date>, Nullable<Date>, BigInt);
    let found = Sql::new("SELECT invoices.membership_id, invoice_lines.period_from, invoice_lines.period_until, CAST(SUM(invoice_lines.net_minor - invoice_lines.credited_minor) AS BIGINT) FROM invoices JOIN invoice_lines ON invoice_lines.invoice_id = invoices.id WHERE invoices.status <> 'CREDITED' AND invoices.membership_id IS NOT NULL AND invoices.fee_year = ")
        .bind_int(i64::from(fee_year))
        .text(SHARES)
        .text(" AND invoices.city_id")
        .in_uids(cities)
        .text(" GROUP BY invoices.membership_id, invoice_lines.period_from, invoice_lines.period_until")
        .load::<OfMembership, (Uuid, Option<NaiveDate>, Option<NaiveDate>, i64)>(db)?;
    let mut fees: HashMap<MembershipId, Vec<SharedDays>> = HashMap::new();
    for (membership, from, until, net_minor) in found {
        let of_membership = fees.entry(MembershipId::of(membership)).or_default();
        of_membership.push(shared((from, until, net_minor)));
    }
    Ok(fees)
}

/// What is left of lines for the city when others are charged so much.
///
/// # Errors
/// `NotInState` under the field when others are charged for other days, or for more.
pub(super) fn without(
    lines: Vec<DraftLine>,
    others: &[SharedDays],
    field: &str,
) -> std::result::Result<Vec<DraftLine>, Refusal> {
    let matched = |other: &SharedDays| lines.iter().any(|line| days_of(line) == other.days());
    if others
        .iter()
        .any(|other| other.net_minor > 0 && !matched(other))
    {
        return Err(of_other_days(field));
    }
    let rest = |line: DraftLine| {
        let paid = others
            .iter()
            .filter(|other| other.days() == days_of(&line))
            .fold(0_i64, |sum, other| sum.saturating_add(other.net_minor));
        let minor = line.net.minor.saturating_sub(paid);
        if minor < 0 {
            return Err(of_other_days(field));
        }
        let net = Money::new(minor, line.net.currency);
        Ok(DraftLine { net, ..line })
    };
    lines.into_iter().map(rest).collect()
}

/// Refuses to draft what nothing is left of because others pay all of it.
///
/// # Errors
/// `AlreadyInvoiced` under the field.
pub(super) fn refuse_paid(
    whole: &[DraftLine],
    left: &[DraftLine],
    field: &str,
) -> std::result::Result<(), Refusal> {
    let is_nothing = |lines: &[DraftLine]| lines.iter().all(|line| line.net.is_zero());
    if is_nothing(whole) || !is_nothing(left) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::AlreadyInvoiced,
        field,
        "Nothing is left to invoice: funders are invoiced for all of it.",
        "Der er intet at fakturere: tilskudsgivere er faktureret for det hele.",
    ))
}

fn of_other_days(field: &str) -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        field,
        "Funders are invoiced for a share that does not fit by now; withdraw their funding first.",
        "Tilskudsgivere er faktureret for en andel, som ikke passer længere; træk først tilskuddet tilbage.",
    )
}

/// Refuses to discard a draft that a grant pays a part of.
pub(super) fn refuse_funded(tx: &mut Tx<'_>, id: InvoiceId) -> Result<()> {
    let found = Sql::new("SELECT 1 FROM fundings WHERE invoice_id = ")
        .bind_uid(id.uuid())
        .text(" OR share_invoice_id = ")
        .bind_uid(id.uuid())
        .text(" LIMIT 1")
        .load::<Integer, i32>(tx.db)?;
    if found.is_empty() {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "A grant pays a part of this; withdraw its funding first.",
        "En bevilling betaler en del af dette; træk først tilskuddet tilbage.",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::fees::Product;
    use crate::kernel::money::Currency;
    use crate::kernel::period::{Period, parse_date};
    use crate::kernel::phrase::Phrase;

    fn year(text: &str) -> Period {
        Period::of_months(parse_date(text).unwrap(), 12).unwrap()
    }

    fn line(minor: i64) -> DraftLine {
        DraftLine {
            product: Product::AnnualFee,
            description: Phrase::new("Annual fee", "Kontingent"),
            formula: Phrase::new("", ""),
            period: Some(year("2026-01-01")),
            net: Money::new(minor, Currency::DKK),
        }
    }

    #[test]
    fn the_city_pays_what_others_leave() {
        let other = |text: &str, net_minor| {
            let days = year(text);
            shared((Some(days.from()), days.until(), net_minor))
        };
        for (others, left) in [
            (vec![], Some(7_500_000)),
            (vec![other("2026-01-01", 4_500_000)], Some(3_000_000)),
            (vec![other("2026-01-01", 7_500_000)], Some(0)),
            (vec![other("2026-01-01", 7_500_001)], None),
            (vec![other("2026-02-01", 1)], None),
            // What was credited as a whole stands in nobody's way.
            (vec![other("2026-02-01", 0)], Some(7_500_000)),
        ] {
            let found = without(vec![line(7_500_000)], &others, "membershipId");
            let found = found.ok().map(|lines| lines[0].net.minor);
            assert_eq!(found, left, "{others:?}");
        }
    }
}
