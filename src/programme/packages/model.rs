//! The record of a package. What it is not: its activities; those are a slice of their own.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::{DateRefusal, Period};
use crate::programme::reference::DeliverableKind;
use crate::schema::{package_parts, packages};

crate::text_enum! {
    /// Whether the contract of a package holds. This is what is stored.
    pub enum PackageState {
        /// The city is enrolled; the contract runs to its end.
        Enrolled = "ENROLLED",
        /// The contract was ended before its time; its days are free for another one.
        Terminated = "TERMINATED",
    }
}

crate::text_enum! {
    /// What a package is on a day.
    pub enum PackageStatus {
        /// Its first day is still to come.
        Upcoming = "UPCOMING",
        /// The day is one of its days.
        Running = "RUNNING",
        /// Its last day is over.
        Completed = "COMPLETED",
        /// The contract was ended before its time.
        Terminated = "TERMINATED",
    }
}

/// A package that a city bought.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = packages, treat_none_as_default_value = false)]
pub struct Package {
    /// The key.
    pub id: PackageId,
    /// The city.
    pub city_id: CityId,
    /// Whether the contract holds.
    #[diesel(column_name = status)]
    pub state: PackageState,
    /// ISO 4217.
    pub currency: String,
    /// The price in minor units.
    pub price_minor: i64,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last.
    pub ends_on: NaiveDate,
    /// Whether no annual fee is due for days within the package.
    pub covers_annual_fee: bool,
    /// In how many equal payments the price is paid.
    pub instalments: i32,
    /// The day the contract was ended before its time.
    pub terminated_on: Option<NaiveDate>,
    /// The first day on which what was not used is lost: the end, and what grace was agreed.
    pub expires_on: NaiveDate,
    /// Whether two study visits must go to different hosts; else going twice is only remarked.
    pub different_hosts: bool,
    /// Who approved that the package differs from the offer; none for the offer as it stands.
    pub approval: Option<String>,
    /// When the city was enrolled.
    pub created_at: Instant,
    /// When the contract last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Package {
    /// The price.
    ///
    /// # Errors
    /// A fault of ours when the stored currency is none.
    pub fn agreed_price(&self) -> Result<Money> {
        let currency = Currency::parse(&self.currency)
            .map_err(|_| Error::Internal(anyhow::anyhow!("a package is in {:?}", self.currency)))?;
        Ok(Money::new(self.price_minor, currency))
    }

    /// The days of the contract.
    ///
    /// # Errors
    /// A fault of ours when the stored days are no period.
    pub fn period(&self) -> Result<Period> {
        let of_the_database = |refusal: DateRefusal| Error::Internal(anyhow::anyhow!("{refusal}"));
        Period::new(self.starts_on, Some(self.ends_on)).map_err(of_the_database)
    }

    /// The first day on which what was not used is lost.
    #[must_use]
    pub fn lapses_on(&self) -> NaiveDate {
        self.terminated_on.unwrap_or(self.expires_on)
    }

    /// What the package is on a day.
    #[must_use]
    pub fn status_on(&self, day: NaiveDate) -> PackageStatus {
        match self.state {
            PackageState::Terminated => PackageStatus::Terminated,
            PackageState::Enrolled if day < self.starts_on => PackageStatus::Upcoming,
            PackageState::Enrolled if day < self.ends_on => PackageStatus::Running,
            PackageState::Enrolled => PackageStatus::Completed,
        }
    }
}

/// A part in which the price of a package is paid, where the plan is not one of equal instalments.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = package_parts, treat_none_as_default_value = false)]
pub struct PackagePart {
    /// The package.
    pub package_id: PackageId,
    /// Which instalment, from 1.
    pub position: i32,
    /// What it is paid for; of a milestone always.
    pub title: Option<String>,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The day that it falls on; none for a milestone that is not reached.
    pub falls_on: Option<NaiveDate>,
}

/// A contract that is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    /// The package.
    pub package: PackageId,
    /// The version that was read.
    pub version: i32,
    /// The price from now on.
    pub price: Money,
    /// How it is paid from now on.
    pub parts: Vec<PackagePart>,
}

/// A milestone that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReachedMilestone {
    /// The package.
    pub package: PackageId,
    /// The version that was read.
    pub version: i32,
    /// Which instalment it is.
    pub position: i32,
    /// The day; today when nothing is said.
    pub on: Option<NaiveDate>,
}

/// A city to enrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The city.
    pub city: CityId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// Whether no annual fee is due for days within the package.
    pub covers_annual_fee: bool,
    /// In how many equal payments the price is paid.
    pub instalments: i32,
    /// The price, net of taxes.
    pub price: Money,
    /// How many months after the end units can still be used.
    pub grace_months: i32,
    /// Whether two study visits must go to different hosts.
    pub different_hosts: bool,
    /// What differs from the offer.
    pub tailored: Option<Tailoring>,
}

/// A package that is not the offer as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tailoring {
    /// What is delivered instead.
    pub deliverables: Vec<(DeliverableKind, i32)>,
    /// Who approved it, and where it is written.
    pub approval: String,
}

/// A package to end before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Termination {
    /// The package.
    pub package: PackageId,
    /// The version that was read.
    pub version: i32,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// Which packages a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PackageFilter {
    /// Of one of these cities.
    pub city: Option<Vec<CityId>>,
    /// Running on this day.
    pub running_on: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::Id;

    #[test]
    fn what_a_package_is_depends_on_the_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let now = Instant::parse("2026-03-15T09:00:00Z").unwrap();
        let package = Package {
            id: PackageId::of(Uuid::from_u128(1)),
            city_id: CityId::of(Uuid::from_u128(2)),
            state: PackageState::Enrolled,
            currency: "DKK".to_owned(),
            price_minor: 37_500_000,
            starts_on: day("2026-03-15"),
            ends_on: day("2028-03-15"),
            covers_annual_fee: true,
            instalments: 4,
            terminated_on: None,
            expires_on: day("2028-03-15"),
            different_hosts: false,
            approval: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        for (on, status) in [
            ("2026-03-14", PackageStatus::Upcoming),
            ("2026-03-15", PackageStatus::Running),
            ("2028-03-14", PackageStatus::Running),
            ("2028-03-15", PackageStatus::Completed),
        ] {
            assert_eq!(package.status_on(day(on)), status, "{on}");
        }
        assert_eq!(package.agreed_price().unwrap().amount(), "375000.00");
        assert_eq!(package.period().unwrap().days(), Some(731));
    }
}
