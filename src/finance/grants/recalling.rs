//! What funders no longer pay: the funding of one invoice is withdrawn, or the whole grant clawed back.
//! Drafts are put together again; of what is issued the funder's invoice is credited, and the city owes
//! the share or the network gives it up. What it is not: the refund of what the funder had paid; its
//! payment is unused then, and finance pays it back.
//!
//! Rows are locked in the order of everybody, see `funding`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::credit_notes::{self, CreditReason, NewCredit};
use crate::finance::funders;
use crate::finance::grants::funding::{currency_of, second_person};
use crate::finance::grants::model::{Award, Bearer, Funding, FundingGrant, GrantStep};
use crate::finance::grants::said::Withdrawal;
use crate::finance::grants::{rules, store, words};
use crate::finance::invoices::{self, Invoice, InvoiceLine, InvoiceStatus, Shifts};
use crate::finance::payments;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{FundingGrantId, FundingId, InvoiceId, InvoiceLineId};
use crate::kernel::money::Money;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::cities;

/// Withdraws what a grant pays of an invoice of the city.
///
/// # Errors
/// `NotFound`, `Stale`; refused when the grant pays nothing of it, and when a second person is needed.
pub fn withdraw_funding(
    tx: &mut Tx<'_>,
    invoice: InvoiceId,
    asked: &Withdrawal,
) -> Result<FundingGrantId> {
    tx.viewer.permit(Permission::Invoice)?;

    let (grant, award, reason) = locked(tx, asked, GrantStep::Withdraw)?;
    let mut live = live_fundings(tx, grant.id)?;
    let Some(entries) = live.remove(&invoice) else {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "invoiceId",
            "The grant pays nothing of this invoice.",
            "Bevillingen betaler intet af denne faktura.",
        )));
    };
    let given_back = take_back(tx, &grant, &award, invoice, &entries, asked.bearer)?;
    let after = FundingGrant {
        updated_at: tx.now,
        version: grant.version.saturating_add(1),
        ..grant
    };
    store::update(tx, &after)?;

    audit::record(
        tx,
        "grant.fundingWithdrawn",
        after.id,
        Some(after.city_id),
        json!({ "invoiceId": invoice, "amountMinor": given_back, "bearer": asked.bearer, "reason": reason }),
    )?;
    Ok(after.id)
}

/// Takes the whole promise back: what it pays of every invoice is withdrawn.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a grant that promised nothing, and when a second person is needed.
pub fn claw_back(tx: &mut Tx<'_>, asked: &Withdrawal) -> Result<FundingGrantId> {
    tx.viewer.permit(Permission::Invoice)?;

    let (grant, award, reason) = locked(tx, asked, GrantStep::ClawBack)?;
    let mut given_back: i64 = 0;
    for (invoice, entries) in live_fundings(tx, grant.id)? {
        let of_invoice = take_back(tx, &grant, &award, invoice, &entries, asked.bearer)?;
        given_back = given_back.saturating_add(of_invoice);
    }
    let status = rules::after(grant.status, GrantStep::ClawBack).map_err(Error::refused)?;
    let after = FundingGrant {
        status,
        ended_on: Some(tx.today()),
        reason: Some(reason),
        updated_at: tx.now,
        version: grant.version.saturating_add(1),
        ..grant
    };
    store::update(tx, &after)?;

    audit::record(
        tx,
        "grant.clawedBack",
        after.id,
        Some(after.city_id),
        json!({ "amountMinor": given_back, "bearer": asked.bearer }),
    )?;
    Ok(after.id)
}

fn locked(
    tx: &mut Tx<'_>,
    asked: &Withdrawal,
    step: GrantStep,
) -> Result<(FundingGrant, Award, String)> {
    let city = store::get(tx.db, asked.grant)?.city_id;
    cities::lock(tx, city)?;
    let grant = store::lock(tx, asked.grant)?;
    expect_version(Some(asked.version), grant.version)?;
    rules::after(grant.status, step).map_err(|refusal| {
        Error::refused(Refusal {
            field: "grantId".to_owned(),
            ..refusal
        })
    })?;
    let reason = text::paragraph("reason", &asked.reason).map_err(Error::refused)?;
    let award = store::awards_of(tx.db, &[grant.id])?
        .remove(&grant.id)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a promise without an award")))?;
    Ok((grant, award, reason))
}

/// What the grant pays of each invoice: the entries that no other one takes back.
fn live_fundings(
    tx: &mut Tx<'_>,
    grant: FundingGrantId,
) -> Result<BTreeMap<InvoiceId, Vec<Funding>>> {
    let entries = store::fundings_of_grants(tx.db, &[grant])?
        .remove(&grant)
        .unwrap_or_default();
    let countered: Vec<FundingId> = entries.iter().filter_map(|one| one.counters_id).collect();
    let mut live: BTreeMap<InvoiceId, Vec<Funding>> = BTreeMap::new();
    for entry in entries {
        if entry.counters_id.is_none() && !countered.contains(&entry.id) {
            live.entry(entry.invoice_id).or_default().push(entry);
        }
    }
    Ok(live)
}

/// Takes back what a grant pays of one invoice, and tells how much that was of the award.
fn take_back(
    tx: &mut Tx<'_>,
    grant: &FundingGrant,
    award: &Award,
    invoice: InvoiceId,
    entries: &[Funding],
    bearer: Bearer,
) -> Result<i64> {
    let total = entries
        .iter()
        .fold(0_i64, |sum, one| sum.saturating_add(one.amount_minor));
    let share = entries.iter().find_map(|one| one.share_invoice_id);
    // The funder's invoice is credited with its payments; they are locked before the city's invoice.
    let share = match share {
        Some(share) => Some(payments::lock_with_invoice(tx, share, None)?),
        None => None,
    };
    let whole = invoices::lock(tx, invoice)?;
    let mut shifts = Shifts::default();
    let funder = funders::get(tx.db, grant.funder_id)?;
    match share {
        Some(share) if share.status == InvoiceStatus::Draft => {
            let rows = lines_of(tx, share.id)?;
            remove_entries(tx, entries)?;
            invoices::drop_share(tx, &share, &mut shifts)?;
            let back = Back {
                whole: &whole,
                rows: &rows,
                entries,
                by_line: net_by_line(entries),
                funder: &funder.name,
                bearer,
            };
            restore(tx, &back, &mut shifts)?;
            shifts.apply(tx)?;
        }
        Some(share) => {
            second_person(tx, &share, award.awarded_by, total)?;
            let rows = lines_of(tx, share.id)?;
            let back = Back {
                whole: &whole,
                rows: &rows,
                entries,
                by_line: left_by_line(entries, &rows),
                funder: &funder.name,
                bearer,
            };
            if back.by_line.iter().any(|(_, minor)| *minor > 0) {
                let credit = NewCredit {
                    invoice: share.id,
                    version: share.version,
                    lines: None,
                    reason_code: CreditReason::Funding,
                    reason: format!("{}: {}", funder.name, grant.title),
                };
                credit_notes::take_back_approved(tx, &credit)?;
            }
            counter(tx, entries)?;
            restore(tx, &back, &mut shifts)?;
            shifts.apply(tx)?;
        }
        None if whole.status == InvoiceStatus::Draft => {
            remove_entries(tx, entries)?;
            let mut lines = lines_of(tx, whole.id)?;
            let currency = currency_of(&whole)?;
            for line in &mut lines {
                let id = line.id;
                for entry in entries.iter().filter(|one| one.invoice_line_id == id) {
                    let paid = Money::new(entry.amount_minor, currency);
                    unsay(line, &words::of_city(paid, &funder.name, true));
                }
            }
            invoices::rewrite(tx, &whole, &lines, &mut shifts)?;
            shifts.apply(tx)?;
        }
        None => counter(tx, entries)?,
    }
    store::use_award(tx, grant.id, total.saturating_neg())?;
    Ok(total)
}

/// What a funder no longer pays of an invoice.
struct Back<'a> {
    /// The city's invoice.
    whole: &'a Invoice,
    /// The lines of the funder's.
    rows: &'a [InvoiceLine],
    /// What was recorded.
    entries: &'a [Funding],
    /// How much of which line of the city, without tax.
    by_line: Vec<(InvoiceLineId, i64)>,
    /// The funder's name.
    funder: &'a str,
    /// Who bears it.
    bearer: Bearer,
}

/// Charges the city what the funder no longer pays: on its draft, or by a draft of its own when its invoice
/// is issued. What the network bears of an issued invoice is charged to nobody.
fn restore(tx: &mut Tx<'_>, back: &Back<'_>, shifts: &mut Shifts) -> Result<()> {
    let Back {
        whole,
        rows,
        entries,
        funder,
        ..
    } = *back;
    let currency = currency_of(whole)?;
    let minor_of = |line: InvoiceLineId| {
        back.by_line
            .iter()
            .find(|(id, _)| *id == line)
            .map_or(0, |(_, minor)| *minor)
    };
    if whole.status == InvoiceStatus::Draft {
        let mut lines = lines_of(tx, whole.id)?;
        for line in &mut lines {
            let id = line.id;
            for entry in entries.iter().filter(|one| one.invoice_line_id == id) {
                let paid = Money::new(entry.net_minor, currency);
                line.net_minor = line.net_minor.saturating_add(minor_of(line.id));
                line.unit_minor = line.net_minor;
                unsay(line, &words::of_city(paid, funder, false));
            }
        }
        invoices::rewrite(tx, whole, &lines, shifts)?;
        return Ok(());
    }
    if back.bearer == Bearer::Network {
        return Ok(());
    }
    let whole_lines = lines_of(tx, whole.id)?;
    let mut charged = Vec::new();
    for entry in entries {
        let row = rows.iter().find(|row| Some(row.id) == entry.share_line_id);
        let line = whole_lines
            .iter()
            .find(|line| line.id == entry.invoice_line_id);
        let minor = minor_of(entry.invoice_line_id);
        if let (Some(row), Some(line), true) = (row, line, minor > 0) {
            let description = words::of_bearer(line, funder);
            charged.push(InvoiceLine {
                description_en: description.en,
                description_da: description.da,
                net_minor: minor,
                ..row.clone()
            });
        }
    }
    if !charged.is_empty() {
        invoices::draft_share(tx, whole, None, &charged, shifts)?;
    }
    Ok(())
}

/// Takes words off a line that a share had put there.
fn unsay(line: &mut InvoiceLine, said: &crate::kernel::phrase::Phrase) {
    line.formula_en = line.formula_en.replacen(&said.en, "", 1);
    line.formula_da = line.formula_da.replacen(&said.da, "", 1);
}

fn net_by_line(entries: &[Funding]) -> Vec<(InvoiceLineId, i64)> {
    entries
        .iter()
        .map(|one| (one.invoice_line_id, one.net_minor))
        .collect()
}

/// What is not credited of the funder's lines, by the lines of the city.
fn left_by_line(entries: &[Funding], rows: &[InvoiceLine]) -> Vec<(InvoiceLineId, i64)> {
    let left = |one: &Funding| {
        let row = rows.iter().find(|row| Some(row.id) == one.share_line_id);
        let left = row.map_or(0, |row| row.net_minor.saturating_sub(row.credited_minor));
        (one.invoice_line_id, left)
    };
    entries.iter().map(left).collect()
}

fn remove_entries(tx: &mut Tx<'_>, entries: &[Funding]) -> Result<()> {
    let ids: Vec<FundingId> = entries.iter().map(|one| one.id).collect();
    store::remove_fundings(tx, &ids)
}

/// What is issued keeps its entries; each gets one below zero.
fn counter(tx: &mut Tx<'_>, entries: &[Funding]) -> Result<()> {
    let back: Vec<Funding> = entries
        .iter()
        .map(|one| Funding {
            id: tx.new_id(),
            counters_id: Some(one.id),
            net_minor: one.net_minor.saturating_neg(),
            amount_minor: one.amount_minor.saturating_neg(),
            funded_on: tx.today(),
            created_at: tx.now,
            created_by: tx.viewer.user_id(),
            ..one.clone()
        })
        .collect();
    store::insert_fundings(tx, &back)
}

fn lines_of(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Vec<InvoiceLine>> {
    let mut lines = invoices::lines_of_many(tx.db, &[invoice])?;
    Ok(lines.remove(&invoice).unwrap_or_default())
}
