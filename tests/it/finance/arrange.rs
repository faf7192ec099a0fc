//! What the tests of finance begin with: the price list, member cities, packages, invoices. What it
//! is not: tests.

use chrono::NaiveDate;
use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::finance::payments::{self, NewPayment, Share};
use intercultural_cities::finance::products;
use intercultural_cities::kernel::ids::{
    CityId, Id, InvoiceId, MembershipId, NetworkId, PackageId, PaymentId,
};
use intercultural_cities::kernel::money::{Currency, Money};
use intercultural_cities::programme::packages::{Package, PackageState};
use intercultural_cities::schema::{memberships, networks, packages, sellers};

use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};
use serde_json::json;

pub const DRAFT: &str = "mutation ($input: DraftFeeInvoiceInput!) { draftFeeInvoice(input: $input) { invoice { id number status feeYear total { amount } lines { net { amount } startsOn endsOn formula(language: \"da\") } } userErrors { code field message } } }";
pub const ISSUE: &str = "mutation ($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { id number status issuedOn dueOn openAmount { amount } total { amount } contentHash seller { name vatNumber } buyer { name country } } userErrors { code field message } } }";
pub const RECORD: &str = "mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id amount { amount } unallocated { amount } allocations { nodes { id amount { amount } allocatedOn invoice { number status openAmount { amount } } } } } userErrors { code field message } } }";
pub const ALLOCATE: &str = "mutation ($input: AllocatePaymentInput!) { allocatePayment(input: $input) { allocation { id amount { amount } payment { unallocated { amount } } invoice { status openAmount { amount } } } userErrors { code field message } } }";

/// Loads the seller and the memo's prices.
pub fn prices(app: &TestApp) {
    app.arrange(products::ensure_reference);
}

/// A city that is a member since a day.
pub fn member(app: &TestApp, name: &str, since: NaiveDate) -> (CityId, MembershipId) {
    let city = app.city(name, "DK");
    (city, membership(app, city, since, None))
}

/// A membership in the international network.
pub fn membership(
    app: &TestApp,
    city: CityId,
    since: NaiveDate,
    ends_on: Option<NaiveDate>,
) -> MembershipId {
    let network = network(app);
    app.arrange(|tx| {
        let id: MembershipId = tx.new_id();
        diesel::insert_into(memberships::table)
            .values((
                (
                    memberships::id.eq(id),
                    memberships::city_id.eq(city),
                    memberships::network_id.eq(network),
                    memberships::number.eq(1),
                    memberships::fee_waived.eq(false),
                    memberships::starts_on.eq(Some(since)),
                    memberships::ends_on.eq(ends_on),
                ),
                (
                    memberships::created_at.eq(tx.now),
                    memberships::updated_at.eq(tx.now),
                    memberships::version.eq(1),
                ),
            ))
            .execute(tx.db)?;
        Ok(id)
    })
}

fn network(app: &TestApp) -> NetworkId {
    app.arrange(|tx| {
        let known: Option<NetworkId> = networks::table
            .filter(networks::kind.eq("INTERNATIONAL"))
            .select(networks::id)
            .first(tx.db)
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        let id: NetworkId = tx.new_id();
        diesel::insert_into(networks::table)
            .values((
                networks::id.eq(id),
                networks::code.eq("intercultural-cities"),
                networks::kind.eq("INTERNATIONAL"),
                networks::name_en.eq("Intercultural Cities"),
                networks::name_da.eq("Intercultural Cities"),
                networks::created_at.eq(tx.now),
                networks::updated_at.eq(tx.now),
            ))
            .execute(tx.db)?;
        Ok(id)
    })
}

/// A package of the memo's price.
pub fn package(
    app: &TestApp,
    city: CityId,
    starts_on: NaiveDate,
    covers_annual_fee: bool,
    instalments: i32,
) -> PackageId {
    let ends_on = starts_on
        .checked_add_months(chrono::Months::new(24))
        .unwrap();
    app.arrange(|tx| {
        let package = Package {
            id: tx.new_id(),
            city_id: city,
            state: PackageState::Enrolled,
            currency: "DKK".to_owned(),
            price_minor: 37_500_000,
            starts_on,
            ends_on,
            covers_annual_fee,
            instalments,
            terminated_on: None,
            expires_on: ends_on,
            different_hosts: false,
            approval: None,
            created_at: tx.now,
            updated_at: tx.now,
            version: 1,
        };
        diesel::insert_into(packages::table)
            .values(&package)
            .execute(tx.db)?;
        Ok(package.id)
    })
}

/// The draft of a membership's fee.
pub fn draft(app: &TestApp, membership: MembershipId, fee_year: i32) -> InvoiceId {
    let new = NewFeeInvoice {
        membership: Some(membership),
        city: None,
        fee_year,
    };
    app.arrange(|tx| invoices::draft_fee(tx, &new))
}

/// The issued invoice of a membership's fee.
pub fn issued(app: &TestApp, membership: MembershipId, fee_year: i32, on: NaiveDate) -> InvoiceId {
    let id = draft(app, membership, fee_year);
    app.arrange(|tx| invoices::issue(tx, id, Some(on)))
}

/// A payment of so many minor units of the krone.
pub fn paid(
    app: &TestApp,
    city: CityId,
    minor: i64,
    on: NaiveDate,
    to: &[(InvoiceId, i64)],
) -> PaymentId {
    let dkk = |minor| Money::new(minor, Currency::DKK);
    let new = NewPayment {
        city,
        amount: dkk(minor),
        received_on: on,
        reference: None,
        payer_name: None,
        note: None,
        allocate_to: to
            .iter()
            .map(|(invoice, minor)| Share {
                invoice: *invoice,
                amount: dkk(*minor),
            })
            .collect(),
        other_cities: false,
    };
    app.arrange(|tx| payments::record(tx, &new)).id
}

/// How much one person takes back alone, in minor units.
pub fn limit(app: &TestApp, minor: i64) {
    app.arrange(|tx| {
        Ok(diesel::update(sellers::table)
            .set(sellers::four_eyes_above.eq(minor))
            .execute(tx.db)?)
    });
}

/// Copenhagen of the demonstration: a member since 15 March 2026, invoiced 60.000,00 and paid
/// 20.000,00.
pub fn copenhagen(app: &TestApp) -> (CityId, InvoiceId, PaymentId) {
    prices(app);
    let (city, membership) = member(app, "København", day(2026, 3, 15));
    let invoice = issued(app, membership, 2026, day(2026, 4, 1));
    let payment = paid(
        app,
        city,
        2_000_000,
        day(2026, 5, 4),
        &[(invoice, 2_000_000)],
    );
    (city, invoice, payment)
}

/// Drafts a fee through the public door.
pub fn ask_draft(actor: &Actor<'_>, membership: MembershipId, fee_year: i32) -> Answer {
    let input = json!({ "membershipId": membership.public(), "feeYear": fee_year });
    actor.ask_with(DRAFT, json!({ "input": input }))
}

/// Issues a draft through the public door.
pub fn ask_issue(actor: &Actor<'_>, invoice: &str, on: Option<&str>) -> Answer {
    let version = actor.app().version(invoice);
    let input = json!({ "invoiceId": invoice, "version": version, "issuedOn": on });
    actor.tell(ISSUE, json!({ "input": input }))
}
