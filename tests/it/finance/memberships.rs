//! Fees and what becomes of memberships: ended, void, waived, national, begun anew.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId, MembershipId, NetworkId};
use intercultural_cities::registry::memberships::{self, AdoptedMembership, Withdrawal};
use intercultural_cities::registry::networks as of_networks;
use intercultural_cities::schema::{invoices as rows, memberships as periods, networks};
use serde_json::{Value, json};

use crate::finance::arrange::{DRAFT, ask_draft, ask_issue, draft, issued, prices};
use crate::registry::networks::reference;
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

fn adopted(city: CityId, joined_on: chrono::NaiveDate) -> AdoptedMembership {
    AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on,
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: Some(joined_on.min(day(2020, 1, 1))),
        agreement_on: Some(day(2020, 1, 1)),
        fee_waived: false,
    }
}

/// A period of a city in the international network.
fn joined(app: &TestApp, city: CityId, on: chrono::NaiveDate) -> MembershipId {
    app.arrange(|tx| {
        of_networks::ensure_reference(tx, &reference())?;
        Ok(memberships::adopt(tx, &adopted(city, on))?.id())
    })
}

/// The city gives notice; its last day is this one.
fn withdrawn(app: &TestApp, membership: MembershipId, last_day: Option<chrono::NaiveDate>) {
    let withdrawal = Withdrawal {
        membership,
        version: None,
        notice_on: Some(day(2026, 1, 10)),
        ends_on: last_day,
        note: None,
    };
    app.arrange(|tx| memberships::withdraw(tx, &withdrawal));
}

fn ask_by_city(app: &TestApp, city: CityId, fee_year: i32) -> Answer {
    let input = json!({ "cityId": city.public(), "feeYear": fee_year });
    app.finance().ask_with(DRAFT, json!({ "input": input }))
}

fn refused_issue(app: &TestApp, draft: InvoiceId) -> (String, String) {
    let answer = ask_issue(&app.finance(), &draft.public(), None);
    let mut refusals = answer.refusals("issueInvoice");
    assert_eq!(refusals.len(), 1, "{}", answer.body);
    assert_eq!(answer.data("/issueInvoice/invoice"), &Value::Null);
    refusals.remove(0)
}

fn refusal(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), field.to_owned())
}

crate::both_databases! {
    fn a_draft_of_a_membership_that_is_over_is_not_issued(app: &TestApp) {
        prices(app);
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        // Withdrawn before the start: void, no fee.
        let void = joined(app, oslo, day(2027, 1, 1));
        let of_void = draft(app, void, 2027);
        withdrawn(app, void, None);
        assert_eq!(refused_issue(app, of_void), refusal("NOT_A_MEMBER", "invoiceId"));
        // Out before the fee year that was drafted.
        let leaving = joined(app, lyon, day(2020, 1, 1));
        let of_next_year = draft(app, leaving, 2027);
        let of_this_year = draft(app, leaving, 2026);
        withdrawn(app, leaving, Some(day(2026, 12, 31)));
        assert_eq!(refused_issue(app, of_next_year), refusal("NOT_A_MEMBER", "invoiceId"));
        ask_issue(&app.finance(), &of_this_year.public(), None).done("issueInvoice", "/invoice/number");
        let numbers: i64 = rows::table.filter(rows::number.is_not_null()).count().get_result(&mut app.db()).unwrap();
        assert_eq!(numbers, 1);
    }

    fn a_draft_of_a_fee_that_was_waived_since_is_not_issued(app: &TestApp) {
        prices(app);
        let membership = joined(app, app.city("Oslo", "NO"), day(2020, 1, 1));
        let fee = draft(app, membership, 2026);
        let waive = |waived: bool| app.arrange(|tx| {
            Ok(diesel::update(periods::table.find(membership)).set(periods::fee_waived.eq(waived)).execute(tx.db)?)
        });
        waive(true);
        assert_eq!(refused_issue(app, fee), refusal("NOT_IN_STATE", "invoiceId"));
        waive(false);
        ask_issue(&app.finance(), &fee.public(), None).done("issueInvoice", "/invoice/number");
    }

    fn national_networks_have_fees_of_their_own(app: &TestApp) {
        prices(app);
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let international = joined(app, oslo, day(2020, 1, 1));
        let norway: NetworkId = networks::table.filter(networks::code.eq("norway")).select(networks::id).first(&mut app.db()).unwrap();
        let national = AdoptedMembership { network: Some(norway), ..adopted(oslo, day(2019, 1, 1)) };
        let national = app.arrange(|tx| memberships::adopt(tx, &national)).id();
        let answer = ask_draft(&app.finance(), national, 2026);
        assert_eq!(answer.refusals("draftFeeInvoice"), [refusal("NOT_IN_STATE", "membershipId")]);

        let input = json!({ "membershipId": international.public(), "cityId": lyon.public(), "feeYear": 2026 });
        let answer = app.finance().ask_with(DRAFT, json!({ "input": input }));
        assert_eq!(answer.refusals("draftFeeInvoice"), [refusal("OUT_OF_RANGE", "membershipId")]);
        let both = NewFeeInvoice { membership: Some(international), city: Some(lyon), fee_year: 2026 };
        let refused = app.try_arrange(|tx| invoices::draft_fee(tx, &both)).unwrap_err();
        assert!(matches!(&refused, Error::Refused(refusals) if refusals[0].field == "cityId"), "{refused:?}");
        let answer = ask_draft(&app.finance(), international, 2026);
        assert_eq!(answer.done("draftFeeInvoice", "/invoice/total/amount"), "75000.00");
    }

    fn who_comes_back_within_a_paid_year_pays_it_once(app: &TestApp) {
        prices(app);
        let city = app.city("Oslo", "NO");
        let first = joined(app, city, day(2020, 1, 1));
        issued(app, first, 2026, day(2026, 1, 5));
        withdrawn(app, first, Some(day(2026, 6, 30)));
        joined(app, city, day(2026, 7, 1));
        let answer = ask_by_city(app, city, 2026);
        assert_eq!(answer.refusals("draftFeeInvoice"), [refusal("ALREADY_INVOICED", "feeYear")]);
        assert_eq!(ask_by_city(app, city, 2027).done("draftFeeInvoice", "/invoice/total/amount"), "75000.00");
    }

    fn who_comes_back_after_an_unpaid_year_pays_from_then_on(app: &TestApp) {
        prices(app);
        let city = app.city("Oslo", "NO");
        let first = joined(app, city, day(2020, 1, 1));
        withdrawn(app, first, Some(day(2026, 6, 30)));
        let second = joined(app, city, day(2026, 7, 1));
        assert_eq!(ask_by_city(app, city, 2026).done("draftFeeInvoice", "/invoice/total/amount"), "37808.22");
        // What the second period charges is taken out of what the first one owes.
        let answer = ask_draft(&app.finance(), first, 2026);
        assert_eq!(answer.done("draftFeeInvoice", "/invoice/total/amount"), "37191.78");
        assert_ne!(first, second);
    }
}
