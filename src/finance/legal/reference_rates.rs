//! The reference rate of each half-year: Danmarks Nationalbank's lending rate on its first day (Interest
//! Act, section 5). What it is not: the rate that a debtor pays; that has a surcharge.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::finance::legal::load::{LegalFile, unknown};
use crate::finance::legal::rows::{hundredths, rows};
use crate::kernel::refusal::Refusal;

/// Half a calendar year, known by its first day: 1 January or 1 July.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfYear(NaiveDate);

impl HalfYear {
    /// The half-year of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        let month = if day.month() < 7 { 1 } else { 7 };
        // The first day of January or July exists in every year that chrono knows.
        Self(NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day))
    }

    /// Its first day.
    #[must_use]
    pub fn from(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let (month, day) = if self.0.month() < 7 {
            (6, 30)
        } else {
            (12, 31)
        };
        NaiveDate::from_ymd_opt(self.0.year(), month, day).unwrap_or(self.0)
    }
}

/// The reference rates that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRates(BTreeMap<HalfYear, i64>);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    from: NaiveDate,
    reference_percent: String,
    source: String,
}

impl ReferenceRates {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it: a day that begins no half-year, a half-year twice, a rate that is none or
    /// has no source.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut rates = BTreeMap::new();
        for row in rows::<Row>(text)? {
            let half_year = HalfYear::of(row.from);
            anyhow::ensure!(
                half_year.from() == row.from,
                "{} is no 1 January and no 1 July",
                row.from
            );
            anyhow::ensure!(!row.source.is_empty(), "{} has no source", row.from);
            let rate = hundredths(&row.reference_percent)?;
            anyhow::ensure!(
                (-1_000..=10_000).contains(&rate),
                "{}: {rate} basis points",
                row.from
            );
            anyhow::ensure!(
                rates.insert(half_year, rate).is_none(),
                "{} stands twice",
                row.from
            );
        }
        Ok(Self(rates))
    }

    /// The reference rate of a half-year in basis points; it may be below zero.
    ///
    /// # Errors
    /// A refusal that names the half-year when it is not known.
    pub fn of(&self, half_year: HalfYear) -> Result<i64, Refusal> {
        self.0.get(&half_year).copied().ok_or_else(|| {
            let from = half_year.from();
            unknown(
                &format!("The reference rate of the half-year from {from}"),
                &format!("Referencesatsen for halvåret fra {from}"),
                LegalFile::ReferenceRates,
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::legal::LegalData;
    use crate::kernel::period::parse_date;
    use crate::kernel::refusal::RefusalCode;

    fn rate(day: &str) -> Result<i64, Refusal> {
        let rates = LegalData::compiled_in().unwrap().rates;
        rates.of(HalfYear::of(parse_date(day).unwrap()))
    }

    #[test]
    fn a_day_has_the_rate_of_its_half_year() {
        for (day, bp) in [
            ("2022-06-30", -45),
            ("2022-12-31", -45),
            ("2023-01-01", 190),
            ("2023-07-01", 325),
            ("2024-01-31", 375),
            ("2024-12-31", 350),
            ("2025-06-30", 275),
        ] {
            assert_eq!(rate(day), Ok(bp), "{day}");
        }
    }

    #[test]
    fn a_half_year_that_is_not_known_is_named() {
        let refused = rate("2099-08-01").unwrap_err();
        assert_eq!(refused.code, RefusalCode::NoLegalRate);
        assert!(refused.message.en.contains("2099-07-01"), "{refused:?}");
        assert!(refused.message.da.contains("late_interest_dk.csv"));
    }

    #[test]
    fn every_half_year_from_the_first_to_the_last_is_there() {
        let ReferenceRates(rates) = LegalData::compiled_in().unwrap().rates;
        let mut next = rates.keys().next().copied().unwrap();
        for half_year in rates.keys() {
            assert_eq!(*half_year, next);
            next = HalfYear::of(half_year.last_day().succ_opt().unwrap());
        }
    }
}
