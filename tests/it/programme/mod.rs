//! Tests of the programme, a file for each slice, and what they arrange: members and packages.

mod activities;
mod packages;
mod practices;
mod reference;

use intercultural_cities::finance::products;
use intercultural_cities::kernel::ids::{CityId, PackageId};
use intercultural_cities::kernel::money::{Currency, Money};
use intercultural_cities::programme::packages::{Enrolment, enrol as enrol_city};
use intercultural_cities::registry::memberships::{self, AdoptedMembership};
use intercultural_cities::registry::networks;

use crate::registry::networks::reference as networks_of_the_memo;
use crate::support::app::{TestApp, day};

/// The price list of the reference data.
pub fn with_price_list(app: &TestApp) {
    app.arrange(products::ensure_reference);
}

type Day = (i32, u32, u32);

/// A city that is a member from the day on.
pub fn member(app: &TestApp, name: &str, country: &str, joined_on: Day) -> CityId {
    let city = app.city(name, country);
    let adopted = AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on: day(joined_on.0, joined_on.1, joined_on.2),
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
    };
    app.arrange(|tx| {
        networks::ensure_reference(tx, &networks_of_the_memo())?;
        memberships::adopt(tx, &adopted)
    });
    city
}

/// The city's package that covers the annual fee and is paid in four instalments.
pub fn enrol(app: &TestApp, city: CityId, starts_on: Day) -> PackageId {
    let enrolment = Enrolment {
        city,
        starts_on: day(starts_on.0, starts_on.1, starts_on.2),
        covers_annual_fee: true,
        instalments: 4,
        price: Money::new(37_500_000, Currency::DKK),
    };
    app.arrange(|tx| enrol_city(tx, &enrolment, &app.app.reference.deliverables))
}
