//! What is looked at before grants pay of an invoice: the grants, the invoice and its lines. What it is
//! not: a change of anything.

use crate::db::Tx;
use crate::finance::grants::dividing::{Paying, Seen, looked_at};
use crate::finance::grants::model::{Award, Funding, FundingGrant, GrantStep, PaidTo};
use crate::finance::grants::said::NewFunding;
use crate::finance::grants::{rules, store};
use crate::finance::invoices::{Invoice, InvoiceKind, InvoiceLine, InvoiceStatus};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::FundingGrantId;
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities::City;

/// The grants that shall pay, locked, with their awards, as they are named.
pub(super) fn locked(
    tx: &mut Tx<'_>,
    new: &NewFunding,
    city: &City,
) -> Result<Vec<(FundingGrant, Award)>> {
    let mut ids: Vec<FundingGrantId> = new.shares.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != new.shares.len() || ids.is_empty() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::Ambiguous,
            "shares",
            "Name one grant or several, each of them once.",
            "Angiv en eller flere bevillinger, hver af dem én gang.",
        )));
    }
    for id in &ids {
        store::lock(tx, *id)?;
    }
    let mut awards = store::awards_of(tx.db, &ids)?;
    let mut promised = Vec::with_capacity(ids.len());
    for (place, (id, _)) in new.shares.iter().enumerate() {
        let field = format!("shares.{place}.grantId");
        let grant = store::get(tx.db, *id)?;
        if grant.city_id != city.id {
            return Err(Error::refused(Refusal::new(
                RefusalCode::Ambiguous,
                field,
                "The grant is of another city than the invoice.",
                "Bevillingen er en anden bys end fakturaen.",
            )));
        }
        rules::after(grant.status, GrantStep::Fund).map_err(|refusal| {
            Error::refused(Refusal {
                field: field.clone(),
                ..refusal
            })
        })?;
        let award = awards
            .remove(id)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a promise without an award")))?;
        if award.paid_to == PaidTo::City {
            return Err(Error::refused(Refusal {
                field,
                ..pays_the_city()
            }));
        }
        promised.push((grant, award));
    }
    Ok(promised)
}

pub(super) fn check_invoice(invoice: &Invoice) -> std::result::Result<(), Refusal> {
    let is_whole = invoice.grant_id.is_none()
        && matches!(invoice.kind, InvoiceKind::AnnualFee | InvoiceKind::Package);
    let stands = !matches!(
        invoice.status,
        InvoiceStatus::Credited | InvoiceStatus::WrittenOff
    );
    if is_whole && stands {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "Grants pay of a city's own invoice of a fee or a package that stands.",
        "Bevillinger betaler af en bys egen gældende faktura på kontingent eller pakke.",
    ))
}

pub(super) fn paying(
    promised: &[(FundingGrant, Award)],
    lines: &[InvoiceLine],
    earlier: &[Funding],
    new: &NewFunding,
    currency: Currency,
) -> Result<Vec<Paying>> {
    let is_taxed = lines.iter().any(|line| line.vat_rate_bp > 0);
    let mut paying = Vec::with_capacity(promised.len());
    for (place, ((grant, award), (_, asked))) in promised.iter().zip(&new.shares).enumerate() {
        let field = |name: &str| format!("shares.{place}.{name}");
        let before = earlier.iter().filter(|one| one.grant_id == grant.id);
        if before.fold(0_i64, |sum, one| sum.saturating_add(one.net_minor)) != 0 {
            return Err(Error::refused(Refusal::new(
                RefusalCode::AlreadyInvoiced,
                field("grantId"),
                "The grant pays of this invoice already; withdraw its funding to change it.",
                "Bevillingen betaler allerede af denne faktura; træk tilskuddet tilbage for at ændre det.",
            )));
        }
        if is_taxed && award.paid_to == PaidTo::OwnInvoice && !award.covers_vat {
            return Err(Error::refused(Refusal::new(
                RefusalCode::OutOfRange,
                field("grantId"),
                "The lines bear value added tax, which follows the share of each invoice, and the award does not cover it.",
                "Linjerne er momspligtige, momsen følger hver fakturas andel, og bevillingen dækker den ikke.",
            )));
        }
        let asked = asked.as_deref().map(|text| {
            Money::parse(text, currency).map_err(|refusal| {
                let phrase = refusal.phrase();
                Refusal::new(
                    RefusalCode::OutOfRange,
                    field("amount"),
                    phrase.en,
                    phrase.da,
                )
            })
        });
        paying.push(Paying {
            grant: grant.id,
            terms: award.terms()?,
            left_minor: award.left_minor(),
            asked: asked.transpose().map_err(Error::refused)?,
        });
    }
    Ok(paying)
}

/// The lines as funders look at them, with the awards that pay of them already.
pub(super) fn seen(
    tx: &mut Tx<'_>,
    lines: &[InvoiceLine],
    earlier: &[Funding],
    currency: Currency,
) -> Result<Vec<Option<Seen>>> {
    let known: Vec<FundingGrantId> = earlier.iter().map(|one| one.grant_id).collect();
    let awards = store::awards_of(tx.db, &known)?;
    let mut seen = Vec::with_capacity(lines.len());
    for line in lines {
        let looked = looked_at(line, currency, earlier).map_err(Error::refused)?;
        let Some(looked) = looked else {
            seen.push(None);
            continue;
        };
        let mut beside = Vec::new();
        for (id, award) in &awards {
            let paid = earlier
                .iter()
                .filter(|one| one.grant_id == *id && one.invoice_line_id == line.id)
                .fold(0_i64, |sum, one| sum.saturating_add(one.net_minor));
            if paid > 0 {
                beside.push(award.terms()?);
            }
        }
        seen.push(Some(Seen {
            line: looked,
            beside,
        }));
    }
    Ok(seen)
}

pub(super) fn pays_the_city() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "grantId",
        "This funder pays the city, and the city pays us; nothing is funded here.",
        "Denne tilskudsgiver betaler byen, og byen betaler os; her finansieres intet.",
    )
}
