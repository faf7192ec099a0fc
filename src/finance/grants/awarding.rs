//! What a funder promises is recorded, and how its instalments come. What it is not: the use of the money.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::fees::Product;
use crate::finance::grants::actions::{locked, past, store_as};
use crate::finance::grants::model::{
    Award, FundingGrant, GrantInstalment, GrantStep, InstalmentStatus, InstalmentStep,
};
use crate::finance::grants::rules::{WHOLE, instalment_after};
use crate::finance::grants::said::{NewAward, NewInstalment};
use crate::finance::grants::store;
use crate::finance::sellers;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{FundingGrantId, GrantInstalmentId};
use crate::kernel::json::Json;
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::cities;

/// Records what the funder promised.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the input, and unless the funder has the
/// application.
pub fn award(tx: &mut Tx<'_>, new: &NewAward) -> Result<FundingGrantId> {
    let grant = locked(
        tx,
        new.grant,
        new.version,
        Permission::Invoice,
        GrantStep::Award,
    )?;
    let seller = sellers::the_seller(tx.db)?;
    let ours = Currency::parse(&seller.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))?;
    let mut problems = Vec::new();
    let mut keep = |problem: Refusal| problems.push(problem);
    let reference = text::optional_line("reference", new.reference.as_deref())
        .map_err(&mut keep)
        .unwrap_or_default();
    let decided_on = past(new.decided_on, "decidedOn", tx.today())
        .map_err(&mut keep)
        .unwrap_or(new.decided_on);
    let share = share(new.share.as_deref())
        .map_err(&mut keep)
        .unwrap_or_default();
    let (usable, rate_on) = usable(new, ours)
        .map_err(&mut keep)
        .unwrap_or((new.promised, None));
    check(new).into_iter().for_each(&mut keep);
    let parts = parts(&new.instalments, new.promised, decided_on)
        .map_err(|found| problems.extend(found))
        .unwrap_or_default();
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }

    let award = Award {
        grant_id: grant.id,
        promised_minor: new.promised.minor,
        promised_currency: new.promised.currency.code().to_owned(),
        usable_minor: usable.minor,
        usable_currency: usable.currency.code().to_owned(),
        rate_on,
        eligible_from: new.eligible_from,
        eligible_until: new.eligible_until,
        share_hundredths: share,
        products: Json::of(&new.products)?,
        covers_vat: new.covers_vat,
        no_other_funds: new.no_other_funds,
        paid_to: new.paid_to,
        report_due_on: new.report_due_on,
        used_minor: 0,
        awarded_by: tx.viewer.user_id(),
        created_at: tx.now,
    };
    let instalments: Vec<GrantInstalment> = (1..)
        .zip(parts)
        .map(|(position, (due_on, amount_minor))| GrantInstalment {
            id: tx.new_id(),
            grant_id: grant.id,
            position,
            due_on,
            amount_minor,
            status: InstalmentStatus::Expected,
            received_on: None,
        })
        .collect();
    store::insert_award(tx, &award, &instalments)?;
    let grant = FundingGrant {
        decided_on: Some(decided_on),
        reference: reference.or(grant.reference),
        ..grant
    };
    store_as(tx, "grant.awarded", grant)
}

/// Records that an instalment came, or that the funder keeps it while the report is late, or will pay it
/// after all.
///
/// # Errors
/// `NotFound`, `Stale` by the version of the grant; refused when the step cannot be taken on that day.
pub fn record_instalment(
    tx: &mut Tx<'_>,
    id: GrantInstalmentId,
    version: i32,
    step: InstalmentStep,
    on: Option<NaiveDate>,
) -> Result<FundingGrantId> {
    tx.viewer.permit(Permission::Invoice)?;

    let grant = store::of_instalment(tx.db, id)?;
    let city = store::get(tx.db, grant)?.city_id;
    cities::lock(tx, city)?;
    let grant = store::lock(tx, grant)?;
    expect_version(Some(version), grant.version)?;
    let instalment = store::instalment(tx.db, id)?;
    let on = past(on.unwrap_or(tx.today()), "on", tx.today()).map_err(Error::refused)?;
    let award = store::awards_of(tx.db, &[grant.id])?
        .remove(&grant.id)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("an instalment without an award")))?;
    let status = instalment_after(
        instalment.status,
        step,
        award.report_due_on,
        grant.reported_on,
        on,
    )
    .map_err(Error::refused)?;
    let instalment = GrantInstalment {
        status,
        received_on: (status == InstalmentStatus::Received).then_some(on),
        ..instalment
    };
    store::update_instalment(tx, &instalment)?;
    let grant = FundingGrant {
        updated_at: tx.now,
        version: grant.version.saturating_add(1),
        ..grant
    };
    store::update(tx, &grant)?;

    audit::record(
        tx,
        "grant.instalmentRecorded",
        grant.id,
        Some(grant.city_id),
        json!({ "position": instalment.position, "status": instalment.status, "amountMinor": instalment.amount_minor }),
    )?;
    Ok(grant.id)
}

/// A share in per cent with at most two decimals, as hundredths of a per cent.
fn share(text: Option<&str>) -> std::result::Result<i32, Refusal> {
    let Some(text) = text else {
        return i32::try_from(WHOLE).map_err(|_| no_share());
    };
    // A per cent with two decimals is written as an amount of a currency with two decimals.
    let hundredths = Money::parse(text, Currency::DKK)
        .ok()
        .map(|amount| amount.minor)
        .filter(|hundredths| (1..=WHOLE).contains(hundredths));
    hundredths
        .and_then(|hundredths| i32::try_from(hundredths).ok())
        .ok_or_else(no_share)
}

fn no_share() -> Refusal {
    out_of_range(
        "share",
        "A share is in per cent, above 0 and at most 100, with at most two decimals.",
        "En andel er i procent, over 0 og højst 100, med højst to decimaler.",
    )
}

/// What the promise comes to in the currency of our invoices.
fn usable(
    new: &NewAward,
    ours: Currency,
) -> std::result::Result<(Money, Option<NaiveDate>), Refusal> {
    if new.promised.minor <= 0 {
        return Err(out_of_range(
            "promised",
            "A promise is more than nothing.",
            "Et tilsagn er mere end ingenting.",
        ));
    }
    let code = ours.code();
    match &new.converted {
        None if new.promised.currency == ours => Ok((new.promised, None)),
        Some((usable, rate_on))
            if new.promised.currency != ours && usable.currency == ours && usable.minor > 0 =>
        {
            Ok((*usable, Some(*rate_on)))
        }
        _ => Err(Refusal::new(
            RefusalCode::CurrencyMismatch,
            "converted",
            format!(
                "Say what the promise comes to in {code}, and the day of the rate, when it is in another currency, and only then."
            ),
            format!(
                "Angiv, hvad tilsagnet svarer til i {code}, og kursens dag, når det er i en anden valuta, og kun da."
            ),
        )),
    }
}

fn check(new: &NewAward) -> Vec<Refusal> {
    let mut problems = Vec::new();
    if new.eligible_from >= new.eligible_until {
        problems.push(out_of_range(
            "eligibleUntil",
            "The eligible days end after they begin.",
            "De støtteberettigede dage slutter, efter de begynder.",
        ));
    }
    let fundable = |product: &Product| matches!(product, Product::AnnualFee | Product::Package);
    if new.products.is_empty() || !new.products.iter().all(fundable) {
        problems.push(out_of_range(
            "products",
            "A grant pays for the annual fee, for packages, or for both.",
            "En bevilling betaler for kontingent, for pakker eller for begge.",
        ));
    }
    problems
}

/// The instalments in the order of their days: together the promise.
fn parts(
    said: &[NewInstalment],
    promised: Money,
    decided_on: NaiveDate,
) -> std::result::Result<Vec<(NaiveDate, i64)>, Vec<Refusal>> {
    if said.is_empty() {
        return Ok(vec![(decided_on, promised.minor)]);
    }
    let (mut parts, mut problems) = (Vec::with_capacity(said.len()), Vec::new());
    for (place, one) in said.iter().enumerate() {
        let field = format!("instalments.{place}.amount");
        match Money::parse(&one.amount, promised.currency) {
            Ok(amount) if amount.minor > 0 => parts.push((one.due_on, amount.minor)),
            Ok(_) => problems.push(out_of_range(
                &field,
                "An instalment is above zero.",
                "En rate er over nul.",
            )),
            Err(refusal) => {
                let phrase = refusal.phrase();
                problems.push(out_of_range(&field, &phrase.en, &phrase.da));
            }
        }
    }
    let sum = parts
        .iter()
        .fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    if problems.is_empty() && sum != promised.minor {
        let amount = |minor| Money::new(minor, promised.currency).amount();
        problems.push(out_of_range(
            "instalments",
            &format!(
                "The instalments are {} together and the promise {}.",
                amount(sum),
                amount(promised.minor)
            ),
            &format!(
                "Raterne er {} i alt og tilsagnet {}.",
                amount(sum),
                amount(promised.minor)
            ),
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    parts.sort_by_key(|(due_on, _)| *due_on);
    Ok(parts)
}

fn out_of_range(field: &str, en: &str, da: &str) -> Refusal {
    Refusal::new(RefusalCode::OutOfRange, field, en, da)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    #[test]
    fn a_share_is_a_per_cent_with_two_decimals() {
        for (text, expected) in [
            (None, Some(10_000)),
            (Some("60"), Some(6_000)),
            (Some("33.33"), Some(3_333)),
            (Some("100"), Some(10_000)),
            (Some("0"), None),
            (Some("100.01"), None),
            (Some("-1"), None),
            (Some("33.333"), None),
        ] {
            assert_eq!(share(text).ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn instalments_make_the_promise() {
        let kr = |minor| Money::new(minor, Currency::DKK);
        let day = |text: &str| parse_date(text).unwrap();
        let said = |parts: &[(&str, &str)]| -> Vec<NewInstalment> {
            parts
                .iter()
                .map(|(due_on, amount)| NewInstalment {
                    due_on: day(due_on),
                    amount: (*amount).to_owned(),
                })
                .collect()
        };
        let decided = day("2026-02-01");
        let found = parts(&[], kr(100), decided).unwrap();
        assert_eq!(found, [(decided, 100)]);
        let two = said(&[("2026-09-01", "0.40"), ("2026-03-01", "0.60")]);
        let found = parts(&two, kr(100), decided).unwrap();
        assert_eq!(found, [(day("2026-03-01"), 60), (day("2026-09-01"), 40)]);
        let problems = parts(&two, kr(101), decided).unwrap_err();
        assert_eq!(problems[0].field, "instalments");
        let wrong = said(&[("2026-09-01", "0"), ("2026-03-01", "x")]);
        let problems = parts(&wrong, kr(100), decided).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["instalments.0.amount", "instalments.1.amount"]);
    }
}
