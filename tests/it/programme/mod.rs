//! Tests of the programme, a file for each slice, and what they arrange: members and packages.

mod activities;
mod practices;
mod reference;

use chrono::NaiveDate;
use diesel::prelude::*;
use intercultural_cities::kernel::ids::{CityId, MembershipId, NetworkId, PackageId};
use intercultural_cities::kernel::money::{Currency, Money};
use intercultural_cities::programme::packages::{self, Enrolment};
use intercultural_cities::schema::{membership_spans, memberships, networks};

use crate::support::app::TestApp;

type Day = (i32, u32, u32);

fn day((year, month, day): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A city that is a member from the day on.
pub fn member(app: &TestApp, name: &str, country: &str, joined_on: Day) -> CityId {
    let city = app.city(name, country);
    let joined_on = day(joined_on);
    app.arrange(|tx| {
        let known: Option<NetworkId> = networks::table
            .select(networks::id)
            .first(tx.db)
            .optional()?;
        let network = match known {
            Some(network) => network,
            None => {
                let network = tx.new_id();
                diesel::insert_into(networks::table)
                    .values((
                        networks::id.eq(network),
                        networks::code.eq("international"),
                        networks::kind.eq("INTERNATIONAL"),
                        networks::name_en.eq("Intercultural Cities"),
                        networks::name_da.eq("Interkulturelle byer"),
                        networks::created_at.eq(tx.now),
                        networks::updated_at.eq(tx.now),
                    ))
                    .execute(tx.db)?;
                network
            }
        };
        let membership: MembershipId = tx.new_id();
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(membership),
                memberships::city_id.eq(city),
                memberships::network_id.eq(network),
                memberships::number.eq(1),
                memberships::fee_waived.eq(false),
                memberships::starts_on.eq(joined_on),
                memberships::created_at.eq(tx.now),
                memberships::updated_at.eq(tx.now),
                memberships::version.eq(1),
            ))
            .execute(tx.db)?;
        diesel::insert_into(membership_spans::table)
            .values((
                membership_spans::membership_id.eq(membership),
                membership_spans::starts_on.eq(joined_on),
                membership_spans::city_id.eq(city),
                membership_spans::network_id.eq(network),
                membership_spans::status.eq("ACTIVE"),
            ))
            .execute(tx.db)?;
        Ok(())
    });
    city
}

/// The city's package that covers the annual fee and is paid in four instalments.
pub fn enrol(app: &TestApp, city: CityId, starts_on: Day) -> PackageId {
    let enrolment = Enrolment {
        city,
        starts_on: day(starts_on),
        covers_annual_fee: true,
        instalments: 4,
        price: Money::new(37_500_000, Currency::DKK),
    };
    app.arrange(|tx| packages::enrol(tx, &enrolment, &app.app.reference.deliverables))
}
