//! Drafting invoices of packages, storing drafts of every kind, and discarding them. What it is not:
//! what a fee costs (`fee_drafts`), or issuing; a draft has no number and binds nobody.

use chrono::Datelike;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::fees::{FeeYear, Product};
use crate::finance::invoices::model::{
    Invoice, InvoiceKind, InvoiceLine, InvoiceStatus, NewPackageInvoice,
};
use crate::finance::invoices::rules::{self, DraftLine};
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{coverage, store, tax};
use crate::finance::products::{self, PriceVersion};
use crate::finance::sellers::{self, Seller};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, InvoiceId, MembershipId, PackageId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::add_months;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::{self, Package};
use crate::registry::cities;

/// How many months a package lasts.
const PACKAGE_MONTHS: i32 = 24;

/// What an invoice is about.
pub(super) struct Subject {
    pub(super) kind: InvoiceKind,
    pub(super) city: CityId,
    pub(super) membership: Option<MembershipId>,
    pub(super) package: Option<PackageId>,
    pub(super) fee_year: i32,
    pub(super) instalment: Option<i32>,
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
    let line = rules::package_line(
        price,
        coverage::days_of(&package)?,
        package.instalments,
        instalment,
    )?;
    let falls_on = instalment_month(&package, instalment)?;
    coverage::refuse_after_end(tx.db, package.city_id, falls_on, "packageId")?;
    let fee_year = FeeYear::of(policy.years, package.starts_on, falls_on).map_err(rules::of_fee)?;
    let version = price_in_force(tx, Product::Package, price.currency, package.starts_on)?;

    let subject = Subject {
        kind: InvoiceKind::Package,
        city: package.city_id,
        membership: None,
        package: Some(package.id),
        fee_year: fee_year.starts_on().year(),
        instalment: Some(instalment),
    };
    store_draft(tx, &seller, subject, &version, price.currency, &[line])
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
    (1..=package.instalments)
        .find(|instalment| !invoiced.contains(instalment))
        .ok_or_else(|| {
            Error::refused(Refusal::new(
                RefusalCode::AlreadyInvoiced,
                "packageId",
                "Every instalment of the package has an invoice.",
                "Alle pakkens rater har en faktura.",
            ))
        })
}

/// The first day of the part of the package that an instalment is counted to.
pub(super) fn instalment_month(package: &Package, instalment: i32) -> Result<chrono::NaiveDate> {
    let months = instalment
        .saturating_sub(1)
        .saturating_mul(PACKAGE_MONTHS)
        .checked_div(package.instalments)
        .and_then(|months| u32::try_from(months).ok())
        .unwrap_or_default();
    add_months(package.starts_on, months)
        .map_err(|refusal| Error::refused(rules::of_fee(refusal.into())))
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
    price: &PriceVersion,
    currency: Currency,
    lines: &[DraftLine],
) -> Result<InvoiceId> {
    let taxed: Vec<_> = lines
        .iter()
        .map(|line| (line.net, price.vat_category, price.vat_rate_bp))
        .collect();
    let totals = tax::totals(currency, &taxed)?;
    let invoice = drafted(tx, seller, &subject, currency, totals);
    let rows: Vec<InvoiceLine> = (1..)
        .zip(lines)
        .map(|(position, line)| drafted_line(tx, invoice.id, position, line, price))
        .collect();
    store::insert(tx, &invoice, &rows)?;
    let mut shifts = Shifts::default();
    shifts.note(None, Some(&invoice))?;

    audit::record(
        tx,
        "invoice.drafted",
        invoice.id,
        Some(invoice.city_id),
        json!({ "kind": invoice.kind, "feeYear": invoice.fee_year, "total": totals.total.amount(), "currency": currency.code() }),
    )?;
    shifts.apply(tx)?;
    Ok(invoice.id)
}

fn drafted(
    tx: &Tx<'_>,
    seller: &Seller,
    subject: &Subject,
    currency: Currency,
    totals: tax::Totals,
) -> Invoice {
    let minor = |money: Money| money.minor;
    Invoice {
        id: tx.new_id(),
        kind: subject.kind,
        status: InvoiceStatus::Draft,
        city_id: subject.city,
        membership_id: subject.membership,
        package_id: subject.package,
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
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    }
}

fn drafted_line(
    tx: &Tx<'_>,
    invoice: InvoiceId,
    position: i32,
    line: &DraftLine,
    price: &PriceVersion,
) -> InvoiceLine {
    InvoiceLine {
        id: tx.new_id(),
        invoice_id: invoice,
        position,
        product: line.product,
        description_en: line.description.en.clone(),
        description_da: line.description.da.clone(),
        formula_en: line.formula.en.clone(),
        formula_da: line.formula.da.clone(),
        period_from: Some(line.period.from()),
        period_until: line.period.until(),
        quantity: 1,
        unit_minor: line.net.minor,
        net_minor: line.net.minor,
        credited_minor: 0,
        vat_category: price.vat_category,
        vat_rate_bp: price.vat_rate_bp,
        exemption_reason: price.exemption_reason.clone(),
        price_id: Some(price.id),
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
