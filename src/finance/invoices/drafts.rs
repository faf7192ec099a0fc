//! Drafting invoices of packages, storing drafts of every kind, and discarding them. What it is not:
//! what a fee costs (`fee_drafts`), or issuing; a draft has no number and binds nobody.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::tx::fresh_uuid;
use crate::db::{Db, Tx};
use crate::finance::fees::{FeeYear, Product};
use crate::finance::invoices::model::{
    Invoice, InvoiceKind, InvoiceLine, InvoiceStatus, NewPackageInvoice,
};
use crate::finance::invoices::payment_plans::{PlannedPart, payment_plan};
use crate::finance::invoices::rules::{self, DraftLine};
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{coverage, shares, store, tax};
use crate::finance::products::{self, PriceVersion, VatCategory};
use crate::finance::sellers::{self, Seller};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{
    CityId, FundingGrantId, Id, InvoiceId, InvoiceLineId, MembershipId, PackageId, PriceId, UserId,
};
use crate::kernel::instant::Instant;
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::{self, Package};
use crate::registry::cities;

/// What an invoice is about.
pub(super) struct Subject {
    pub(super) kind: InvoiceKind,
    pub(super) city: CityId,
    pub(super) membership: Option<MembershipId>,
    pub(super) package: Option<PackageId>,
    /// The grant whose funder is invoiced in the city's stead.
    pub(super) grant: Option<FundingGrantId>,
    pub(super) fee_year: i32,
    pub(super) instalment: Option<i32>,
}

/// What the lines of a draft have in common: the tax, and the entry of the price list if one made them.
pub(super) struct LineTerms {
    pub(super) vat_category: VatCategory,
    pub(super) vat_rate_bp: i32,
    pub(super) exemption_reason: Option<String>,
    pub(super) price: Option<PriceId>,
}

impl LineTerms {
    pub(super) fn of_price(price: &PriceVersion) -> Self {
        Self {
            vat_category: price.vat_category,
            vat_rate_bp: price.vat_rate_bp,
            exemption_reason: price.exemption_reason.clone(),
            price: Some(price.id),
        }
    }
}

/// Drafts the invoice of an instalment of a package.
///
/// # Errors
/// Refused when there is no such package, it has no such instalment, the instalment is invoiced or
/// falls after the membership's end, or the fee of days that the package covers is invoiced.
pub fn draft_package(tx: &mut Tx<'_>, new: &NewPackageInvoice) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let seller = sellers::the_seller(tx.db)?;
    let policy = sellers::fee_policy(&seller).map_err(rules::of_fee)?;
    let package = packages::find(tx.db, new.package)?.ok_or_else(|| missing("packageId"))?;
    cities::lock(tx, package.city_id)?;
    coverage::refuse_charged_days(tx, &package, "packageId")?;

    let instalment = match new.instalment {
        Some(instalment) => instalment,
        None => next_instalment(tx, &package)?,
    };
    let price = package.agreed_price()?;
    let (part, falls_on) = part_of(tx.db, &package, instalment, "instalment")?;
    let days = coverage::days_of(&package)?;
    let line = rules::package_line(price, days, package.instalments, &part);
    coverage::refuse_after_end(tx.db, package.city_id, falls_on, "packageId")?;
    coverage::refuse_after_termination(&package, falls_on, "packageId")?;
    let fee_year = FeeYear::of(policy.years, package.starts_on, falls_on).map_err(rules::of_fee)?;
    let version = price_in_force(tx, Product::Package, price.currency, package.starts_on)?;

    let subject = Subject {
        kind: InvoiceKind::Package,
        city: package.city_id,
        membership: None,
        package: Some(package.id),
        grant: None,
        fee_year: fee_year.starts_on().year(),
        instalment: Some(instalment),
    };
    let terms = LineTerms::of_price(&version);
    let funded = shares::of_instalment(tx.db, package.id, instalment)?;
    let lines = shares::without(vec![line], &funded, "packageId").map_err(Error::refused)?;
    store_draft(tx, &seller, subject, &terms, price.currency, &lines)
}

/// Discards a draft.
///
/// # Errors
/// `NotFound`, `Stale`; `AlreadyIssued` for what is no draft any more.
pub fn discard(tx: &mut Tx<'_>, id: InvoiceId, version: i32) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let invoice = store::lock(tx, id)?;
    expect_version(Some(version), invoice.version)?;
    if invoice.status != InvoiceStatus::Draft {
        return Err(Error::refused(super::issuing::already_issued(&invoice)));
    }
    shares::refuse_funded(tx, id)?;
    store::remove(tx, id)?;
    let mut shifts = Shifts::default();
    shifts.note(Some(&invoice), None)?;

    audit::record(
        tx,
        "invoice.discarded",
        id,
        Some(invoice.city_id),
        json!({ "kind": invoice.kind, "feeYear": invoice.fee_year }),
    )?;
    shifts.apply(tx)?;
    Ok(id)
}

fn next_instalment(tx: &mut Tx<'_>, package: &Package) -> Result<i32> {
    let invoiced = store::invoiced_instalments(tx.db, package.id)?;
    let agreed = packages::parts_of_many(tx.db, &[package.id])?.remove(&package.id);
    payment_plan(package, &agreed.unwrap_or_default())?
        .iter()
        .filter(|part| !invoiced.contains(&part.number))
        // A milestone that is not reached comes after what can be invoiced.
        .min_by_key(|part| (part.falls_on.is_none(), part.number))
        .map(|part| part.number)
        .ok_or_else(|| {
            Error::refused(Refusal::new(
                RefusalCode::AlreadyInvoiced,
                "packageId",
                "Every instalment of the package has an invoice.",
                "Alle pakkens rater har en faktura.",
            ))
        })
}

/// The part of a package's price that an instalment is, and the day that it falls on.
///
/// # Errors
/// `OutOfRange` for an instalment that the package does not have, `NotInState` for a milestone that is not
/// reached; both under the field.
pub(super) fn part_of(
    db: &mut Db,
    package: &Package,
    instalment: i32,
    field: &str,
) -> Result<(PlannedPart, NaiveDate)> {
    let agreed = packages::parts_of_many(db, &[package.id])?.remove(&package.id);
    let plan = payment_plan(package, &agreed.unwrap_or_default())?;
    let count = plan.len();
    let Some(part) = plan.into_iter().find(|part| part.number == instalment) else {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            field,
            format!("The package is paid in {count} instalments; choose one of them."),
            format!("Pakken betales i {count} rater; vælg en af dem."),
        )));
    };
    match part.falls_on {
        Some(falls_on) => Ok((part, falls_on)),
        None => Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            field,
            "The milestone is not reached; it is invoiced once it is.",
            "Milepælen er ikke nået; den faktureres, når den er.",
        ))),
    }
}

/// The entry of the price list for a product on a day.
pub(super) fn price_in_force(
    tx: &mut Tx<'_>,
    product: Product,
    currency: Currency,
    day: chrono::NaiveDate,
) -> Result<PriceVersion> {
    let known = products::all(tx.db)?;
    products::in_force(&known, product, currency.code(), day)
        .cloned()
        .ok_or_else(|| {
            let refusal = crate::finance::fees::FeeRefusal::NoPrice { on: day };
            Error::refused(rules::of_fee(refusal))
        })
}

/// Stores a draft with its lines and keeps the sums.
pub(super) fn store_draft(
    tx: &mut Tx<'_>,
    seller: &Seller,
    subject: Subject,
    terms: &LineTerms,
    currency: Currency,
    lines: &[DraftLine],
) -> Result<InvoiceId> {
    let stamp = Stamp::of(tx);
    let (invoice, rows) = drafted(stamp, seller, &subject, terms, currency, lines)?;
    store::insert(tx, &invoice, &rows)?;
    let mut shifts = Shifts::default();
    shifts.note(None, Some(&invoice))?;

    audit::record(
        tx,
        "invoice.drafted",
        invoice.id,
        Some(invoice.city_id),
        of_draft(&invoice, currency),
    )?;
    shifts.apply(tx)?;
    Ok(invoice.id)
}

/// What the audit log says of a draft.
pub(super) fn of_draft(invoice: &Invoice, currency: Currency) -> serde_json::Value {
    let total = Money::new(invoice.total_minor, currency).amount();
    json!({ "kind": invoice.kind, "feeYear": invoice.fee_year, "total": total, "currency": currency.code() })
}

/// When a draft is made and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// When.
    pub at: Instant,
    /// Who; none for the system.
    pub by: Option<UserId>,
}

impl Stamp {
    /// Of a running transaction.
    #[must_use]
    pub fn of(tx: &Tx<'_>) -> Self {
        Self {
            at: tx.now,
            by: tx.viewer.user_id(),
        }
    }
}

/// A draft with its lines, not stored yet.
pub(super) fn drafted(
    stamp: Stamp,
    seller: &Seller,
    subject: &Subject,
    terms: &LineTerms,
    currency: Currency,
    lines: &[DraftLine],
) -> Result<(Invoice, Vec<InvoiceLine>)> {
    let taxed: Vec<_> = lines
        .iter()
        .map(|line| (line.net, terms.vat_category, terms.vat_rate_bp))
        .collect();
    let totals = tax::totals(currency, &taxed)?;
    let invoice = drafted_invoice(stamp, seller, subject, currency, totals);
    let rows = (1..)
        .zip(lines)
        .map(|(position, line)| drafted_line(invoice.id, position, line, terms))
        .collect();
    Ok((invoice, rows))
}

fn drafted_invoice(
    stamp: Stamp,
    seller: &Seller,
    subject: &Subject,
    currency: Currency,
    totals: tax::Totals,
) -> Invoice {
    let minor = |money: Money| money.minor;
    Invoice {
        id: InvoiceId::of(fresh_uuid()),
        kind: subject.kind,
        status: InvoiceStatus::Draft,
        city_id: subject.city,
        membership_id: subject.membership,
        package_id: subject.package,
        grant_id: subject.grant,
        seller_id: seller.id,
        fee_year: subject.fee_year,
        instalment: subject.instalment,
        series: None,
        year: None,
        sequence: None,
        number: None,
        currency: currency.code().to_owned(),
        net_minor: minor(totals.net),
        vat_minor: minor(totals.vat),
        total_minor: minor(totals.total),
        allocated_minor: 0,
        credited_minor: 0,
        written_off_minor: 0,
        issued_on: None,
        due_on: None,
        settled_on: None,
        content_hash: None,
        created_at: stamp.at,
        created_by: stamp.by,
        updated_at: stamp.at,
        version: 1,
    }
}

fn drafted_line(
    invoice: InvoiceId,
    position: i32,
    line: &DraftLine,
    terms: &LineTerms,
) -> InvoiceLine {
    InvoiceLine {
        id: InvoiceLineId::of(fresh_uuid()),
        invoice_id: invoice,
        position,
        product: line.product,
        description_en: line.description.en.clone(),
        description_da: line.description.da.clone(),
        formula_en: line.formula.en.clone(),
        formula_da: line.formula.da.clone(),
        period_from: line.period.map(|period| period.from()),
        period_until: line.period.and_then(|period| period.until()),
        quantity: 1,
        unit_minor: line.net.minor,
        net_minor: line.net.minor,
        credited_minor: 0,
        vat_category: terms.vat_category,
        vat_rate_bp: terms.vat_rate_bp,
        exemption_reason: terms.exemption_reason.clone(),
        price_id: terms.price,
    }
}

/// There is nothing with the id in this field.
pub(super) fn missing(field: &str) -> Error {
    Error::refused(Refusal::new(
        RefusalCode::NotFound,
        field,
        "There is nothing with this id.",
        "Der findes intet med dette id.",
    ))
}
