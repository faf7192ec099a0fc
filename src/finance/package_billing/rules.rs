//! The plan of a package's instalments and how it stands. Pure; which instalments have an invoice is a
//! parameter.

use chrono::NaiveDate;

use crate::finance::invoices::{self, Invoice};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::InvoiceId;
use crate::kernel::money::{Money, prorate_product};
use crate::programme::packages::{Package, PackagePart};

crate::text_enum! {
    /// Where an instalment stands.
    pub enum InstalmentState {
        /// It is a milestone that is not reached.
        Awaited = "AWAITED",
        /// It has no invoice yet.
        Open = "OPEN",
        /// Its invoice is drafted.
        Drafted = "DRAFTED",
        /// Its invoice is issued.
        Invoiced = "INVOICED",
        /// The package ended before it fell due; it is not billed any more.
        Lapsed = "LAPSED",
    }
}

impl InstalmentState {
    /// Whether there is an invoice of it, or the draft of one: then its amount does not change.
    #[must_use]
    pub const fn has_invoice(self) -> bool {
        matches!(self, Self::Drafted | Self::Invoiced)
    }
}

/// An instalment of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instalment {
    /// Which, from 1.
    pub number: i32,
    /// What it is paid for, where that was agreed.
    pub title: Option<String>,
    /// The first day of the part of the package that it is counted to, or the day on which its milestone
    /// was reached.
    pub falls_on: Option<NaiveDate>,
    /// The amount without tax.
    pub net: Money,
    /// Where it stands.
    pub state: InstalmentState,
    /// Its invoice.
    pub invoice: Option<InvoiceId>,
}

/// How the billing of a package stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billing {
    /// The package.
    pub package: Package,
    /// The instalments, in their order; together the price.
    pub instalments: Vec<Instalment>,
    /// What issued invoices charge, without tax and without what was credited.
    pub invoiced: Money,
}

impl Billing {
    /// How the billing of a package stands, when these parts were agreed, and these are its invoices with what is credited of their
    /// net amounts.
    ///
    /// # Errors
    /// A fault of ours for a stored plan that is none.
    pub fn of(package: &Package, agreed: &[PackagePart], known: &[(Invoice, i64)]) -> Result<Self> {
        let price = package.agreed_price()?;
        let fault = |text: &str| Error::Internal(anyhow::anyhow!("{text}"));
        let plan = invoices::payment_plan(package, agreed)?;
        let mut instalments = Vec::with_capacity(plan.len());
        for part in plan {
            let (number, falls_on) = (part.number, part.falls_on);
            // Beside the city's own invoice there may be those of funders; they come after it.
            let of = |one: &&(Invoice, i64)| one.0.instalment == Some(number);
            let invoice = known.iter().find(of).map(|(invoice, _)| invoice);
            let state = match invoice {
                Some(invoice) if invoice.number.is_some() => InstalmentState::Invoiced,
                // What was not reached by the end is never due.
                _ if falls_on.map_or(package.terminated_on.is_some(), |day| {
                    invoices::falls_after_end(package, day)
                }) =>
                {
                    InstalmentState::Lapsed
                }
                Some(_) => InstalmentState::Drafted,
                None if falls_on.is_none() => InstalmentState::Awaited,
                None => InstalmentState::Open,
            };
            instalments.push(Instalment {
                number,
                title: part.title,
                falls_on,
                net: part.net,
                state,
                invoice: invoice.map(|invoice| invoice.id),
            });
        }
        let mut invoiced = Money::zero(price.currency);
        for (invoice, credited) in known.iter().filter(|(invoice, _)| invoice.number.is_some()) {
            let left = invoice.net_minor.saturating_sub(*credited);
            invoiced = invoiced
                .checked_add(Money::new(left, price.currency))
                .map_err(|_| fault("a package invoiced beyond all bounds"))?;
        }
        Ok(Self {
            package: package.clone(),
            instalments,
            invoiced,
        })
    }

    /// The part of the price for the days of the package before a day, rounded once; of a package that
    /// was ended before its time never more than to its end.
    ///
    /// # Errors
    /// A fault of ours when the amount does not fit.
    pub fn used_until(&self, day: NaiveDate) -> Result<Money> {
        let package = &self.package;
        let end = package.terminated_on.unwrap_or(package.ends_on);
        let until = day.min(end).clamp(package.starts_on, package.ends_on);
        let days = |to: NaiveDate| to.signed_duration_since(package.starts_on).num_days();
        prorate_product(
            package.agreed_price()?,
            [(days(until), days(package.ends_on))],
        )
        .map_err(|_| Error::Internal(anyhow::anyhow!("a package that does not fit")))
    }

    /// Those that fell on a day or before and have no issued invoice.
    pub fn due_until(&self, day: NaiveDate) -> impl Iterator<Item = &Instalment> {
        use InstalmentState::{Drafted, Open};
        self.instalments.iter().filter(move |one| {
            one.falls_on.is_some_and(|on| on <= day) && matches!(one.state, Open | Drafted)
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::InstalmentState::{Lapsed, Open};
    use super::*;
    use crate::kernel::ids::{CityId, Id, PackageId};
    use crate::kernel::instant::Instant;
    use crate::programme::packages::PackageState;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn package(starts_on: &str, ends_on: &str, count: i32, ended: Option<&str>) -> Package {
        let now = Instant::parse("2026-03-15T09:00:00Z").unwrap();
        Package {
            id: PackageId::of(Uuid::from_u128(1)),
            city_id: CityId::of(Uuid::from_u128(2)),
            state: if ended.is_some() {
                PackageState::Terminated
            } else {
                PackageState::Enrolled
            },
            currency: "DKK".to_owned(),
            price_minor: 37_500_000,
            starts_on: day(starts_on),
            ends_on: day(ends_on),
            covers_annual_fee: true,
            instalments: count,
            terminated_on: ended.map(day),
            expires_on: day(ends_on),
            different_hosts: false,
            approval: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    #[test]
    fn the_plan_makes_the_price_and_falls_on_months() {
        let billing = Billing::of(&package("2026-08-31", "2028-08-31", 7, None), &[], &[]).unwrap();
        let amounts: Vec<i64> = billing
            .instalments
            .iter()
            .map(|one| one.net.minor)
            .collect();
        assert_eq!(amounts.iter().sum::<i64>(), 37_500_000);
        assert_eq!(
            (amounts[0], amounts[5], amounts[6]),
            (5_357_143, 5_357_143, 5_357_142)
        );
        let falls: Vec<String> = billing
            .instalments
            .iter()
            .map(|one| one.falls_on.unwrap().to_string())
            .collect();
        assert_eq!(
            falls,
            [
                "2026-08-31",
                "2026-11-30",
                "2027-02-28",
                "2027-06-30",
                "2027-09-30",
                "2028-01-31",
                "2028-04-30"
            ]
        );
        assert_eq!(billing.due_until(day("2027-02-28")).count(), 3);
    }

    #[test]
    fn what_falls_after_the_end_lapses() {
        let billing = Billing::of(
            &package("2028-02-29", "2030-02-28", 4, Some("2028-08-29")),
            &[],
            &[],
        )
        .unwrap();
        let states: Vec<InstalmentState> =
            billing.instalments.iter().map(|one| one.state).collect();
        assert_eq!(states, [Open, Lapsed, Lapsed, Lapsed]);
    }

    #[test]
    fn the_time_used_is_a_part_of_the_price() {
        for (ended, on, minor) in [
            (None, "2026-01-01", 0),
            (None, "2026-03-15", 0),
            (None, "2028-03-15", 37_500_000),
            (None, "2030-01-01", 37_500_000),
            // 365 of 731 days.
            (None, "2027-03-15", 18_724_350),
            (Some("2027-03-15"), "2028-01-01", 18_724_350),
        ] {
            let billing =
                Billing::of(&package("2026-03-15", "2028-03-15", 1, ended), &[], &[]).unwrap();
            assert_eq!(
                billing.used_until(day(on)).unwrap().minor,
                minor,
                "{ended:?} {on}"
            );
        }
    }
}
