//! The fees of several cities at once: what is known of them in few statements, and their drafting and
//! issuing in one transaction. What it is not: the choice of what is invoiced (`fee_runs`).
//!
//! Rows are locked in the order of everybody: the cities by key (the caller's), drafts, the counter,
//! revenue, the sums, the ledger.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use crate::db::{Db, Tx};
use crate::finance::invoices::charged::charged_of_cities;
use crate::finance::invoices::drafts::{self, LineTerms, Stamp};
use crate::finance::invoices::fee_drafts::{Fee, FeeTariff, subject_of};
use crate::finance::invoices::issuing::{self, before_the_last};
use crate::finance::invoices::model::{Invoice, InvoiceKind, InvoiceLine, InvoiceParties};
use crate::finance::invoices::shares::{self, SharedDays};
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{bookkeeping, content, coverage, rules, store, tax};
use crate::finance::ledger::postings::Posting;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, MembershipId};
use crate::kernel::period::Period;
use crate::kernel::refusal::Refusal;
use crate::programme::packages;
use crate::registry::cities::City;
use crate::registry::memberships::Membership;

/// What is paid for and invoiced of some cities.
#[derive(Debug, Clone, Default)]
pub struct FeeBooks {
    packages: HashMap<CityId, Vec<Period>>,
    charged: HashMap<CityId, Vec<(Option<MembershipId>, Period)>>,
    invoiced: HashMap<MembershipId, Invoice>,
    funded: HashMap<MembershipId, Vec<SharedDays>>,
}

impl FeeBooks {
    /// The days of a city that packages pay for.
    #[must_use]
    pub fn of_packages(&self, city: CityId) -> &[Period] {
        self.packages.get(&city).map_or(&[], Vec::as_slice)
    }

    /// The days that the fees of the city's other memberships pay for.
    #[must_use]
    pub fn of_other_fees(&self, membership: &Membership) -> Vec<Period> {
        let charged = self.charged.get(&membership.city_id);
        charged
            .into_iter()
            .flatten()
            .filter(|(of, _)| *of != Some(membership.id))
            .map(|(_, days)| *days)
            .collect()
    }

    /// The invoice of the membership's fee year, or its draft.
    #[must_use]
    pub fn invoice_of(&self, membership: MembershipId) -> Option<&Invoice> {
        self.invoiced.get(&membership)
    }

    /// What of a membership's fee the city is to pay, when funders pay a share.
    ///
    /// # Errors
    /// `NotInState` when their shares do not fit, `AlreadyInvoiced` when they pay all of it and the city
    /// has no draft.
    pub fn of_city(&self, membership: MembershipId, fee: Fee) -> std::result::Result<Fee, Refusal> {
        let Some(funded) = self.funded.get(&membership) else {
            return Ok(fee);
        };
        let lines = shares::without(fee.lines.clone(), funded, "membershipId")?;
        if !self.invoiced.contains_key(&membership) {
            shares::refuse_paid(&fee.lines, &lines, "membershipId")?;
        }
        Ok(Fee { lines, ..fee })
    }

    /// Counts a fee that is about to be charged as charged, for the city's next membership.
    pub fn charge(&mut self, membership: &Membership, fee: &Fee) {
        let charged = self.charged.entry(membership.city_id).or_default();
        let lines = fee.lines.iter().filter(|line| line.net.minor > 0);
        charged.extend(lines.filter_map(|line| Some((Some(membership.id), line.period?))));
    }
}

/// What is paid for and invoiced of these cities in a fee year.
///
/// # Errors
/// What the database says.
pub fn fee_books(db: &mut Db, cities: &[CityId], fee_year: i32) -> Result<FeeBooks> {
    let mut books = FeeBooks::default();
    for package in packages::of_cities(db, cities)? {
        if package.covers_annual_fee {
            let of_city = books.packages.entry(package.city_id).or_default();
            of_city.push(coverage::days_of(&package)?);
        }
    }
    for charged in charged_of_cities(db, cities)? {
        let of_city = books.charged.entry(charged.city).or_default();
        of_city.push((charged.membership, charged.days));
    }
    for invoice in store::fees_of_year(db, cities, fee_year)? {
        if let Some(membership) = invoice.membership_id {
            books.invoiced.insert(membership, invoice);
        }
    }
    let keys = cities.iter().map(|city| city.uuid()).collect();
    books.funded = shares::of_fees(db, keys, fee_year)?;
    Ok(books)
}

/// A draft with its lines.
pub type Draft = (Invoice, Vec<InvoiceLine>);

/// The draft that a fee would be; it is not stored.
///
/// # Errors
/// Refused when its amounts do not fit.
pub fn fee_draft(
    stamp: Stamp,
    tariff: &FeeTariff,
    membership: &Membership,
    fee: &Fee,
) -> Result<Draft> {
    let subject = subject_of(membership, fee);
    let terms = LineTerms::of_price(&fee.price);
    let (seller, currency) = (&tariff.seller, fee.currency);
    drafts::drafted(stamp, seller, &subject, &terms, currency, &fee.lines)
}

/// Refuses a draft whose taxes cannot stand together.
///
/// # Errors
/// `OutOfRange`, `Required`.
pub fn refuse_mixed_tax(lines: &[InvoiceLine]) -> std::result::Result<(), Refusal> {
    let categories: Vec<_> = lines.iter().map(|line| line.vat_category).collect();
    tax::check_tax(&categories)
}

/// Refuses a draft that has to reach the city electronically and cannot.
///
/// # Errors
/// Every problem of the pre-flight.
pub fn refuse_undeliverable(tariff: &FeeTariff, city: &City, draft: &Draft) -> Result<()> {
    let (invoice, lines) = draft;
    let sides = issuing::sides(&tariff.seller, content::buyer_party(city), lines);
    issuing::refuse_undeliverable(&tariff.seller, invoice, &sides, lines)
}

/// Stores new drafts; how the sums move is noted. The cities are locked, and none of the fees has an
/// invoice.
///
/// # Errors
/// What the database says.
pub fn store_drafts(
    tx: &mut Tx<'_>,
    tariff: &FeeTariff,
    new: &[Draft],
    shifts: &mut Shifts,
) -> Result<()> {
    let invoices: Vec<Invoice> = new.iter().map(|(invoice, _)| invoice.clone()).collect();
    let lines: Vec<InvoiceLine> = new.iter().flat_map(|(_, lines)| lines.clone()).collect();
    store::insert_many(tx, &invoices, &lines)?;
    let mut entries = Vec::with_capacity(invoices.len());
    for invoice in &invoices {
        shifts.note(None, Some(invoice))?;
        let details = drafts::of_draft(invoice, tariff.currency);
        entries.push((invoice.id, Some(invoice.city_id), details));
    }
    audit::record_many(tx, "invoice.drafted", entries)
}

/// Issues stored drafts on a day, in their order: they take the next numbers. What comes back is to be
/// posted, after the sums that are noted. The cities and the drafts are locked, and what they charge
/// is owed.
///
/// # Errors
/// Refused when the day is before the last number's; what the database says.
pub fn issue_drafts<S: std::hash::BuildHasher>(
    tx: &mut Tx<'_>,
    tariff: &FeeTariff,
    cities: &HashMap<CityId, City, S>,
    drafts: &[Draft],
    issued_on: NaiveDate,
    shifts: &mut Shifts,
) -> Result<Vec<Posting>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    issuing::check_issue_day(tx, issued_on)?;
    let count = i64::try_from(drafts.len())
        .map_err(|_| Error::Internal(anyhow::anyhow!("more invoices than numbers")))?;
    let last = store::next_numbers(tx, rules::series(InvoiceKind::AnnualFee), issued_on, count)?
        .ok_or_else(|| Error::refused(before_the_last(issued_on)))?;
    let first = last.saturating_sub(count).saturating_add(1);
    let mut issued: Vec<Invoice> = Vec::with_capacity(drafts.len());
    let mut parties: Vec<InvoiceParties> = Vec::with_capacity(drafts.len());
    let mut postings = Vec::with_capacity(drafts.len());
    let mut entries = Vec::with_capacity(drafts.len());
    for (sequence, (draft, lines)) in (first..).zip(drafts) {
        let city = cities
            .get(&draft.city_id)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("an invoice of a city not locked")))?;
        let sides = issuing::sides(&tariff.seller, content::buyer_party(city), lines);
        let numbered = (sequence, issued_on);
        let (invoice, both) = issuing::frozen(tx, &tariff.seller, sides, draft, lines, numbered)?;
        shifts.note(Some(draft), Some(&invoice))?;
        let details = json!({ "number": invoice.number, "issuedOn": issued_on, "contentHash": invoice.content_hash });
        entries.push((invoice.id, Some(invoice.city_id), details));
        parties.push(both);
        issued.push(invoice);
    }
    store::issue_many(tx, &issued)?;
    store::insert_parties_of_many(tx, &parties)?;
    for (invoice, (_, lines)) in issued.iter().zip(drafts) {
        postings.push(bookkeeping::begin_to_earn(tx, invoice, lines, issued_on)?);
    }
    audit::record_many(tx, "invoice.issued", entries)?;
    Ok(postings)
}
