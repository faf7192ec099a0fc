//! On which days Danish banks are open, so that a payment can be made. What it is not: the public
//! holidays of other countries, or the working days of the network.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::finance::legal::load::{LegalFile, unknown};
use crate::finance::legal::rows::rows;
use crate::kernel::refusal::Refusal;

/// The days on which banks are closed, besides Saturdays and Sundays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankingDays {
    closed: BTreeSet<NaiveDate>,
    first_year: i32,
    last_year: i32,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    date: NaiveDate,
    name: String,
}

impl BankingDays {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it: a day without a name or twice.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut closed = BTreeSet::new();
        for row in rows::<Row>(text)? {
            anyhow::ensure!(!row.name.is_empty(), "{} has no name", row.date);
            anyhow::ensure!(closed.insert(row.date), "{} stands twice", row.date);
        }
        let year = |day: Option<&NaiveDate>| day.map_or(0, Datelike::year);
        Ok(Self {
            first_year: year(closed.first()),
            last_year: year(closed.last()),
            closed,
        })
    }

    /// Whether banks are open on a day.
    ///
    /// # Errors
    /// A refusal for a year that the file does not know.
    pub fn is_open(&self, day: NaiveDate) -> Result<bool, Refusal> {
        let year = day.year();
        if !(self.first_year..=self.last_year).contains(&year) {
            return Err(unknown(
                &format!("The calendar of the banks for {year}"),
                &format!("Bankernes kalender for {year}"),
                LegalFile::BankingDays,
            ));
        }
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(!weekend && !self.closed.contains(&day))
    }

    /// The last day on which a payment that is due on a day is in time: the day itself, or the next on
    /// which banks are open (Danish law on payments that fall due on a closed day). The day that it is due
    /// stays what it is.
    ///
    /// # Errors
    /// As [`BankingDays::is_open`].
    pub fn on_or_after(&self, day: NaiveDate) -> Result<NaiveDate, Refusal> {
        let mut next = day;
        while !self.is_open(next)? {
            next = next.succ_opt().ok_or_else(|| {
                unknown(
                    "A day beyond the calendar",
                    "En dag uden for kalenderen",
                    LegalFile::BankingDays,
                )
            })?;
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::finance::legal::LegalData;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    /// Easter Sunday of the Gregorian calendar, by the rule of its golden number, century and epact.
    fn easter(year: i32) -> NaiveDate {
        let golden = year % 19;
        let century = year / 100;
        let moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
        let moon = moon - (moon / 28) * (1 - (29 / (moon + 1)) * ((21 - golden) / 11));
        let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
        let shift = moon - weekday;
        let month = 3 + (shift + 40) / 44;
        let date = shift + 28 - 31 * (month / 4);
        NaiveDate::from_ymd_opt(year, month.try_into().unwrap(), date.try_into().unwrap()).unwrap()
    }

    #[test]
    fn the_file_is_what_easter_and_the_law_say() {
        let mut expected = BTreeSet::new();
        for year in 2010..=2100 {
            let sunday = easter(year);
            let mut moving = vec![-3, -2, 1, 39, 40, 50];
            if year < 2024 {
                moving.push(26);
            }
            expected.extend(
                moving
                    .into_iter()
                    .map(|days| sunday + TimeDelta::days(days)),
            );
            for (month, date) in [(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)] {
                expected.insert(NaiveDate::from_ymd_opt(year, month, date).unwrap());
            }
        }
        let days = LegalData::compiled_in().unwrap().banking_days;
        assert_eq!(days.closed, expected);
        assert_eq!(
            (easter(2026), easter(2038)),
            (day("2026-04-05"), day("2038-04-25"))
        );
    }

    #[test]
    fn what_falls_due_on_a_closed_day_is_paid_in_time_on_the_next_open_one() {
        let days = LegalData::compiled_in().unwrap().banking_days;
        for (due, in_time) in [
            ("2026-03-13", "2026-03-13"),
            ("2026-03-14", "2026-03-16"),
            ("2026-03-15", "2026-03-16"),
            // Christmas Eve on a Thursday, to the Monday after Boxing Day.
            ("2026-12-24", "2026-12-28"),
            ("2026-12-31", "2027-01-04"),
            ("2026-04-02", "2026-04-07"),
            ("2026-05-14", "2026-05-18"),
            ("2026-06-05", "2026-06-08"),
            // Great Prayer Day was a closed day until 2023.
            ("2023-05-05", "2023-05-08"),
            ("2024-04-26", "2024-04-26"),
        ] {
            assert_eq!(days.on_or_after(day(due)), Ok(day(in_time)), "{due}");
        }
        let refused = days.on_or_after(day("2009-01-01")).unwrap_err();
        assert!(refused.message.en.contains("2009"), "{refused:?}");
        assert!(days.on_or_after(day("2100-12-31")).is_err());
    }
}
