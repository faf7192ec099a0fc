//! What the fee of a membership's year comes to: asked when its invoice is drafted, and again when it
//! is issued, since the membership, the prices or another invoice may have changed in between. What
//! it is not: the tariff; that is in `fees`.

use chrono::Datelike;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::fees::{FeePolicy, FeeYear, Product};
use crate::finance::invoices::coverage;
use crate::finance::invoices::drafts::{LineTerms, Subject, missing, price_in_force, store_draft};
use crate::finance::invoices::model::{Invoice, InvoiceKind, InvoiceLine, NewFeeInvoice};
use crate::finance::invoices::rules::{self, DraftLine, FeeTerms};
use crate::finance::products::PriceVersion;
use crate::finance::sellers::{self, Seller};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, InvoiceId, MembershipId};
use crate::kernel::money::Currency;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::memberships::{self, Membership};
use crate::registry::{cities, networks};

/// What a fee year of a membership costs.
struct Fee {
    year: FeeYear,
    price: PriceVersion,
    currency: Currency,
    lines: Vec<DraftLine>,
}

/// Drafts the invoice of a fee year of a membership.
///
/// # Errors
/// Refused when there is no such membership in the international network, it has no day in the year,
/// the year is invoiced, or nothing is left to pay.
pub fn draft_fee(tx: &mut Tx<'_>, new: &NewFeeInvoice) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let seller = sellers::the_seller(tx.db)?;
    let policy = sellers::fee_policy(&seller).map_err(rules::of_fee)?;
    // Whoever ends the membership or enrols the city in a package locks the same row, so the
    // membership is read once it cannot change any more.
    let city = asked_city(tx, new)?;
    cities::lock(tx, city)?;
    let membership = asked_membership(tx, &policy, city, new)?;
    let fee = fee_of(tx, &seller, &policy, &membership, new.fee_year)?;

    let subject = Subject {
        kind: InvoiceKind::AnnualFee,
        city: membership.city_id,
        membership: Some(membership.id),
        package: None,
        fee_year: fee.year.starts_on().year(),
        instalment: None,
    };
    let terms = LineTerms::of_price(&fee.price);
    store_draft(tx, &seller, subject, &terms, fee.currency, &fee.lines)
}

/// Refuses to issue a fee that is not owed so any more. The city is locked.
pub(super) fn refuse_outdated(
    tx: &mut Tx<'_>,
    draft: &Invoice,
    lines: &[InvoiceLine],
) -> Result<()> {
    let Some(membership) = draft.membership_id else {
        return Ok(());
    };
    let seller = sellers::get(tx.db, draft.seller_id)?;
    let policy = sellers::fee_policy(&seller).map_err(rules::of_fee)?;
    let membership = memberships::get(tx.db, membership)?;
    let fee = match fee_of(tx, &seller, &policy, &membership, draft.fee_year) {
        // The input names the draft; what is wrong is with its membership or its year.
        Err(Error::Refused(refusals)) => return Err(Error::Refused(of_the_draft(refusals))),
        other => other?,
    };
    let charged = |line: &InvoiceLine| (line.period_from, line.period_until, line.net_minor);
    let owed = |line: &DraftLine| {
        let period = line.period;
        (
            period.map(|period| period.from()),
            period.and_then(|period| period.until()),
            line.net.minor,
        )
    };
    let same = fee.currency.code() == draft.currency
        && lines.iter().map(charged).eq(fee.lines.iter().map(owed))
        && lines.iter().all(|line| line.price_id == Some(fee.price.id));
    if same {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "The fee comes to something else by now, since the membership, its waiver or the price list has changed; discard the draft and make a new one.",
        "Kontingentet er et andet nu, fordi medlemskabet, eftergivelsen eller prislisten er ændret; kassér kladden og lav en ny.",
    )))
}

fn of_the_draft(refusals: Vec<Refusal>) -> Vec<Refusal> {
    let discard = |refusal: Refusal| {
        Refusal::new(
            refusal.code,
            "invoiceId",
            format!("{} Discard the draft.", refusal.message.en),
            format!("{} Kassér kladden.", refusal.message.da),
        )
    };
    refusals.into_iter().map(discard).collect()
}

/// What a fee year of a membership costs by everything that is known now.
fn fee_of(
    tx: &mut Tx<'_>,
    seller: &Seller,
    policy: &FeePolicy,
    membership: &Membership,
    year: i32,
) -> Result<Fee> {
    let period = membership.active_period().ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::NotAMember,
            "membershipId",
            "This membership has no day on which the city is a member.",
            "Medlemskabet har ingen dag, hvor byen er medlem.",
        ))
    })?;
    let year = rules::fee_year_of(policy, period, year)?;
    let currency = currency_of(seller)?;
    let price = price_in_force(tx, Product::AnnualFee, currency, year.starts_on())?;
    let mut covered = coverage::covered_days(tx.db, membership.city_id)?;
    covered.extend(coverage::charged_days(
        tx.db,
        membership.city_id,
        membership.id,
    )?);
    let terms = FeeTerms {
        membership: period,
        waived: membership.fee_waived,
        price: rules::as_price(&price, currency),
        policy,
        covered: &covered,
    };
    let lines = rules::fee_lines(&terms, year)?;
    Ok(Fee {
        year,
        price,
        currency,
        lines,
    })
}

/// The city whose fee is asked for.
fn asked_city(tx: &mut Tx<'_>, new: &NewFeeInvoice) -> Result<CityId> {
    let of_membership = match new.membership {
        Some(id) => {
            let found = memberships::find(tx.db, id)?;
            Some(found.ok_or_else(|| missing("membershipId"))?.city_id)
        }
        None => None,
    };
    match (of_membership, new.city) {
        (Some(city), Some(other)) if city != other => Err(Error::refused(Refusal::new(
            RefusalCode::Ambiguous,
            "cityId",
            "The membership is of another city; give one of the two.",
            "Medlemskabet er en anden bys; angiv et af de to.",
        ))),
        (Some(city), _) => Ok(city),
        (None, Some(city)) => {
            let found = cities::find(tx.db, city)?;
            Ok(found.ok_or_else(|| missing("cityId"))?.id)
        }
        (None, None) => Err(Error::refused(Refusal::new(
            RefusalCode::Required,
            "membershipId",
            "Give a membership, or a city.",
            "Angiv et medlemskab eller en by.",
        ))),
    }
}

/// The membership that is asked for: of the international network, since national networks have fees
/// of their own.
fn asked_membership(
    tx: &mut Tx<'_>,
    policy: &FeePolicy,
    city: CityId,
    new: &NewFeeInvoice,
) -> Result<Membership> {
    let network = networks::international(tx.db)?.map(|network| network.id);
    let Some(id) = new.membership else {
        let mut known = memberships::periods_of_city(tx.db, city)?;
        known.retain(|member| Some(member.network_id) == network);
        return latest_in_year(known, policy, new.fee_year);
    };
    let membership = named(tx, id)?;
    if Some(membership.network_id) == network {
        return Ok(membership);
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::NotInState,
        "membershipId",
        "This is a membership of a national network, which has fees of its own; give the city's membership of the international network.",
        "Dette er et medlemskab af et nationalt netværk, som har sine egne kontingenter; angiv byens medlemskab af det internationale netværk.",
    )))
}

fn named(tx: &mut Tx<'_>, id: MembershipId) -> Result<Membership> {
    memberships::find(tx.db, id)?.ok_or_else(|| missing("membershipId"))
}

/// The latest of the memberships that has a day in the fee year.
fn latest_in_year(known: Vec<Membership>, policy: &FeePolicy, year: i32) -> Result<Membership> {
    let in_year = |member: &Membership| {
        member
            .active_period()
            .is_some_and(|days| rules::fee_year_of(policy, days, year).is_ok())
    };
    let latest = known
        .into_iter()
        .filter(in_year)
        .max_by_key(|member| member.starts_on);
    latest.ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::NotAMember,
            "cityId",
            format!("The city has no day of membership in the fee year {year}."),
            format!("Byen har ingen medlemsdag i kontingentåret {year}."),
        ))
    })
}

fn currency_of(seller: &Seller) -> Result<Currency> {
    Currency::parse(&seller.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))
}
