//! The demonstration's funders and grants: one that pays its share of a fee of the year to come, and one
//! that a city waits for. What it is not: money; nothing of them is paid yet.

use crate::db::Tx;
use crate::finance::fees::Product;
use crate::finance::funders::{self, FunderDetails};
use crate::finance::grants::{self, NewAward, NewFunding, NewGrant, NewInstalment, PaidTo};
use crate::finance::invoices::{self, NewFeeInvoice};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, FunderId, FundingGrantId};
use crate::kernel::money::{Currency, Money};
use crate::workflows::demonstration::{Cast, day, on};

/// Malmö's fee of 2027 is paid to 60 %; Lyon waits for an answer.
pub(super) fn fund(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let (foundation, ministry) = on(tx, day(2026, 5, 4), |tx| {
        Ok((
            funder(tx, "Demo Foundation for Cities")?,
            funder(tx, "Demo Ministry of Integration")?,
        ))
    })?;
    let lyon = cast.city("Lyon")?;
    apply(tx, lyon, ministry, "Quarters that meet (demo)")?;

    let city = cast.city("Malmö")?;
    let Some((membership, _)) = cast.memberships.get(&city).copied() else {
        return Ok(());
    };
    let grant = apply(tx, city, foundation, "New neighbours (demo)")?;
    let award = NewAward {
        grant,
        version: 2,
        decided_on: day(2026, 9, 1),
        reference: Some("DEMO-2026-17".to_owned()),
        promised: Money::new(10_000_000, Currency::DKK),
        converted: None,
        eligible_from: day(2027, 1, 1),
        eligible_until: day(2028, 1, 1),
        share: Some("60".to_owned()),
        products: vec![Product::AnnualFee],
        covers_vat: false,
        no_other_funds: false,
        paid_to: PaidTo::OwnInvoice,
        report_due_on: day(2028, 3, 1),
        instalments: vec![
            NewInstalment {
                due_on: day(2027, 2, 1),
                amount: "60000".to_owned(),
            },
            NewInstalment {
                due_on: day(2027, 9, 1),
                amount: "40000".to_owned(),
            },
        ],
    };
    on(tx, day(2026, 9, 2), |tx| grants::award(tx, &award))?;
    on(tx, day(2026, 11, 17), |tx| {
        let new = NewFeeInvoice {
            membership: Some(membership),
            city: None,
            fee_year: 2027,
        };
        let invoice = invoices::draft_fee(tx, &new)?;
        let funding = NewFunding {
            invoice,
            version: 1,
            shares: vec![(grant, None)],
        };
        grants::fund_invoice(tx, &funding)
    })?;
    Ok(())
}

fn funder(tx: &mut Tx<'_>, name: &str) -> Result<FunderId> {
    let details = FunderDetails {
        name: name.to_owned(),
        street: Some("Example Street 1".to_owned()),
        postal_code: Some("1000".to_owned()),
        town: Some("Example Town".to_owned()),
        country: "DK".to_owned(),
        cvr: None,
        gln: None,
        order_reference: Some("DEMO".to_owned()),
        email: Some("grants@example.org".to_owned()),
    };
    funders::register(tx, &details)
}

/// An application that its funder has.
fn apply(tx: &mut Tx<'_>, city: CityId, funder: FunderId, title: &str) -> Result<FundingGrantId> {
    on(tx, day(2026, 6, 1), |tx| {
        let new = NewGrant {
            city,
            funder,
            title: title.to_owned(),
            purpose: Some("Membership of the network".to_owned()),
            asked: Money::new(10_000_000, Currency::DKK),
            reference: None,
        };
        let grant = grants::apply(tx, &new)?;
        grants::submit(tx, grant, 1, None)
    })
}
