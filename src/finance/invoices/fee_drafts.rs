//! What the fee of a membership's year comes to: asked when its invoice is drafted, and again when it
//! is issued, since the membership, the prices or another invoice may have changed in between. What
//! it is not: the tariff; that is in `fees`.

use chrono::Datelike;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::finance::fees::{FeePolicy, FeeRefusal, FeeYear, Product};
use crate::finance::invoices::charged::charged_of_cities;
use crate::finance::invoices::drafts::{LineTerms, Subject, missing, store_draft};
use crate::finance::invoices::model::{Invoice, InvoiceKind, InvoiceLine, NewFeeInvoice};
use crate::finance::invoices::rules::{self, DraftLine, FeeTerms};
use crate::finance::invoices::{coverage, shares};
use crate::finance::products::{self, PriceVersion};
use crate::finance::sellers::{self, Seller};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, InvoiceId, MembershipId};
use crate::kernel::money::Currency;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::memberships::{self, Membership};
use crate::registry::{cities, networks};

/// What the fees of all memberships follow.
#[derive(Debug, Clone)]
pub struct FeeTariff {
    /// Who invoices.
    pub seller: Seller,
    /// The seller's policies.
    pub policy: FeePolicy,
    /// The currency of the fee.
    pub currency: Currency,
    /// The whole price list.
    pub prices: Vec<PriceVersion>,
}

/// What a fee year of a membership costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// The fee year.
    pub year: FeeYear,
    /// The entry of the price list.
    pub price: PriceVersion,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What is charged; never empty.
    pub lines: Vec<DraftLine>,
}

/// The tariff as it is now.
///
/// # Errors
/// Refused when the reference data was never loaded or names no policy.
pub fn fee_tariff(db: &mut Db) -> Result<FeeTariff> {
    let seller = sellers::the_seller(db)?;
    tariff_of(db, seller)
}

fn tariff_of(db: &mut Db, seller: Seller) -> Result<FeeTariff> {
    let policy = sellers::fee_policy(&seller).map_err(rules::of_fee)?;
    let currency = currency_of(&seller)?;
    let prices = products::all(db)?;
    Ok(FeeTariff {
        seller,
        policy,
        currency,
        prices,
    })
}

/// What a fee year of a membership costs, without the days that are `covered`: paid for by packages, or
/// by the fees of the city's other memberships.
///
/// # Errors
/// `NotAMember` without a day in the year, `NoPrice`, `AlreadyInvoiced` when nothing is left to pay.
pub fn fee_of(
    tariff: &FeeTariff,
    membership: &Membership,
    year: i32,
    covered: &[Period],
) -> std::result::Result<Fee, Refusal> {
    let period = membership.active_period().ok_or_else(|| {
        Refusal::new(
            RefusalCode::NotAMember,
            "membershipId",
            "This membership has no day on which the city is a member.",
            "Medlemskabet har ingen dag, hvor byen er medlem.",
        )
    })?;
    let year = rules::fee_year_of(&tariff.policy, period, year)?;
    let currency = tariff.currency;
    let on = year.starts_on();
    let price = products::in_force(&tariff.prices, Product::AnnualFee, currency.code(), on)
        .cloned()
        .ok_or_else(|| rules::of_fee(FeeRefusal::NoPrice { on }))?;
    let terms = FeeTerms {
        membership: period,
        waived: membership.fee_waived,
        price: rules::as_price(&price, currency),
        policy: &tariff.policy,
        covered,
    };
    let lines = rules::fee_lines(&terms, year)?;
    Ok(Fee {
        year,
        price,
        currency,
        lines,
    })
}

/// Drafts the invoice of a fee year of a membership.
///
/// # Errors
/// Refused when there is no such membership in the international network, it has no day in the year,
/// the year is invoiced, or nothing is left to pay.
pub fn draft_fee(tx: &mut Tx<'_>, new: &NewFeeInvoice) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let tariff = fee_tariff(tx.db)?;
    // Whoever ends the membership or enrols the city in a package locks the same row, so the
    // membership is read once it cannot change any more.
    let city = asked_city(tx, new)?;
    cities::lock(tx, city)?;
    let membership = asked_membership(tx, &tariff.policy, city, new)?;
    let whole = fee_now(tx, &tariff, &membership, new.fee_year)?;
    let fee = without_shares(tx, &membership, whole.clone(), new.fee_year)?;
    shares::refuse_paid(&whole.lines, &fee.lines, "membershipId").map_err(Error::refused)?;
    let subject = subject_of(&membership, &fee);
    let terms = LineTerms::of_price(&fee.price);
    store_draft(
        tx,
        &tariff.seller,
        subject,
        &terms,
        fee.currency,
        &fee.lines,
    )
}

/// What the invoice of a membership's fee is about.
pub(super) fn subject_of(membership: &Membership, fee: &Fee) -> Subject {
    Subject {
        kind: InvoiceKind::AnnualFee,
        city: membership.city_id,
        membership: Some(membership.id),
        package: None,
        grant: None,
        fee_year: fee.year.starts_on().year(),
        instalment: None,
    }
}

/// Refuses to issue a fee that is not owed so any more. The city is locked.
pub(super) fn refuse_outdated(
    tx: &mut Tx<'_>,
    draft: &Invoice,
    lines: &[InvoiceLine],
) -> Result<()> {
    let (InvoiceKind::AnnualFee, Some(membership)) = (draft.kind, draft.membership_id) else {
        return Ok(());
    };
    let seller = sellers::get(tx.db, draft.seller_id)?;
    let tariff = tariff_of(tx.db, seller)?;
    let membership = memberships::get(tx.db, membership)?;
    let fee = if draft.grant_id.is_some() {
        fee_now(tx, &tariff, &membership, draft.fee_year)
    } else {
        fee_now(tx, &tariff, &membership, draft.fee_year)
            .and_then(|fee| without_shares(tx, &membership, fee, draft.fee_year))
    };
    let fee = match fee {
        // The input names the draft; what is wrong is with its membership or its year.
        Err(Error::Refused(refusals)) => return Err(Error::Refused(of_the_draft(refusals))),
        other => other?,
    };
    if draft.grant_id.is_none() {
        return refuse_another(draft, lines, &fee).map_err(Error::refused);
    }
    let charged = shares::charged_of_fee(tx.db, membership.id, draft.fee_year)?;
    let owed = |line: &InvoiceLine| {
        let of_line = |one: &&DraftLine| shares::days_of(one) == shares::days_of_stored(line);
        let fee = fee.lines.iter().find(of_line).map(|one| one.net.minor);
        let all = charged
            .iter()
            .find(|one| one.days() == shares::days_of_stored(line));
        fee.zip(all).is_some_and(|(fee, all)| all.net_minor <= fee)
    };
    if lines.iter().all(owed) {
        return Ok(());
    }
    Err(Error::refused(outdated()))
}

/// Refuses a draft that charges something else than the fee.
///
/// # Errors
/// `NotInState`.
pub fn refuse_another(
    draft: &Invoice,
    lines: &[InvoiceLine],
    fee: &Fee,
) -> std::result::Result<(), Refusal> {
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
    if same { Ok(()) } else { Err(outdated()) }
}

fn outdated() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "The fee comes to something else by now, since the membership, its waiver or the price list has changed; discard the draft and make a new one.",
        "Kontingentet er et andet nu, fordi medlemskabet, eftergivelsen eller prislisten er ændret; kassér kladden og lav en ny.",
    )
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
fn fee_now(tx: &mut Tx<'_>, tariff: &FeeTariff, membership: &Membership, year: i32) -> Result<Fee> {
    let mut covered = coverage::covered_days(tx.db, membership.city_id)?;
    let charged = charged_of_cities(tx.db, &[membership.city_id])?;
    covered.extend(coverage::charged_beside(&charged, membership.id));
    fee_of(tariff, membership, year, &covered).map_err(Error::refused)
}

/// What of a fee the city is to pay, when funders pay a share.
fn without_shares(tx: &mut Tx<'_>, membership: &Membership, fee: Fee, year: i32) -> Result<Fee> {
    let funded = shares::of_fee(tx.db, membership.id, year)?;
    let lines = shares::without(fee.lines, &funded, "membershipId").map_err(Error::refused)?;
    Ok(Fee { lines, ..fee })
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
