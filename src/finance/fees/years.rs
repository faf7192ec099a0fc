//! Fee years: into which years the time of a membership is divided for its annual fee. What a year
//! costs is in `rules`.

use chrono::{Datelike, NaiveDate};

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::kernel::period::{DateRefusal, LeapDay, Period, anniversary};

/// How the seller divides time into fee years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FeeYears {
    /// From 1 January to 31 December, the same for every city.
    #[default]
    Calendar,
    /// From the day the city joined; a city that joined on 29 February follows the policy in
    /// common years. The first year is then always a whole one.
    Anniversary(LeapDay),
    /// From the same day of every year, the same for every city, such as 1 July.
    Custom(MonthDay),
}

/// A day that every year has: any but 29 February.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonthDay {
    month: u32,
    day: u32,
}

impl MonthDay {
    /// The day of the month, both counted from 1.
    ///
    /// # Errors
    /// [`FeeRefusal::NotADayOfEveryYear`] for 29 February and for days that do not exist.
    pub fn new(month: u32, day: u32) -> Result<Self, FeeRefusal> {
        // 2001 is a common year: what exists in it exists in every year.
        NaiveDate::from_ymd_opt(2001, month, day)
            .map(|_| Self { month, day })
            .ok_or(FeeRefusal::NotADayOfEveryYear)
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u32 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u32 {
        self.day
    }

    fn in_year(self, year: i32) -> Result<NaiveDate, DateRefusal> {
        NaiveDate::from_ymd_opt(year, self.month, self.day).ok_or(DateRefusal::OutOfRange)
    }
}

/// One fee year. With the membership it is the key under which a fee is invoiced once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FeeYear {
    starts_on: NaiveDate,
    until: NaiveDate,
}

impl FeeYear {
    /// The fee year that the day is in.
    ///
    /// # Errors
    /// [`FeeRefusal::BeforeJoining`] for a day before the city joined, and [`FeeRefusal::Date`]
    /// beyond the calendar.
    pub fn of(years: FeeYears, joined_on: NaiveDate, day: NaiveDate) -> Result<Self, FeeRefusal> {
        if day < joined_on {
            return Err(FeeRefusal::BeforeJoining);
        }
        let (starts_on, until) = match years {
            FeeYears::Calendar => Self::around(day, MonthDay { month: 1, day: 1 })?,
            FeeYears::Custom(start) => Self::around(day, start)?,
            FeeYears::Anniversary(leap_day) => {
                let turn = |number| anniversary(joined_on, number, leap_day);
                let calendar_years = day.year().abs_diff(joined_on.year());
                let number = if turn(calendar_years)? <= day {
                    calendar_years
                } else {
                    calendar_years.saturating_sub(1)
                };
                (turn(number)?, turn(number.saturating_add(1))?)
            }
        };
        Ok(Self { starts_on, until })
    }

    /// The fee year that begins where this one ends.
    ///
    /// # Errors
    /// As for [`FeeYear::of`].
    pub fn next(self, years: FeeYears, joined_on: NaiveDate) -> Result<Self, FeeRefusal> {
        Self::of(years, joined_on, self.until)
    }

    /// The first day.
    #[must_use]
    pub const fn starts_on(self) -> NaiveDate {
        self.starts_on
    }

    /// The day after the last.
    #[must_use]
    pub const fn until(self) -> NaiveDate {
        self.until
    }

    /// The days of the year as a period.
    ///
    /// # Errors
    /// None in practice: a fee year ends after its start.
    pub fn period(self) -> Result<Period, DateRefusal> {
        Period::new(self.starts_on, Some(self.until))
    }

    /// How many days it has: 365, or 366 when 29 February is among them.
    #[must_use]
    pub fn days(self) -> i64 {
        self.until.signed_duration_since(self.starts_on).num_days()
    }

    /// `2026` for a calendar year, `2026/27` for one over New Year.
    #[must_use]
    pub fn name(self) -> String {
        let year = self.starts_on.year();
        if self.starts_on.ordinal() == 1 {
            year.to_string()
        } else {
            format!("{year}/{:02}", year.saturating_add(1).rem_euclid(100))
        }
    }

    /// The day of this fee year that falls on the month and day.
    ///
    /// # Errors
    /// [`DateRefusal::OutOfRange`] beyond the calendar.
    pub fn falls_on(self, day: MonthDay) -> Result<NaiveDate, DateRefusal> {
        let date = day.in_year(self.starts_on.year())?;
        if date < self.starts_on {
            day.in_year(self.starts_on.year().saturating_add(1))
        } else {
            Ok(date)
        }
    }

    fn around(day: NaiveDate, start: MonthDay) -> Result<(NaiveDate, NaiveDate), DateRefusal> {
        let turn = start.in_year(day.year())?;
        if turn <= day {
            Ok((turn, start.in_year(day.year().saturating_add(1))?))
        } else {
            Ok((start.in_year(day.year().saturating_sub(1))?, turn))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    /// Name, first day, end and days of the fee year that `on` is in.
    fn year(years: FeeYears, joined: &str, on: &str) -> String {
        let year = FeeYear::of(years, day(joined), day(on)).unwrap();
        let next = year.next(years, day(joined)).unwrap();
        assert_eq!(
            next.starts_on(),
            year.until(),
            "no day is between two fee years"
        );

        let (name, from, until) = (year.name(), year.starts_on(), year.until());
        format!("{name}: {from}..{until}, {}", year.days())
    }

    #[test]
    fn common_fee_years_begin_on_the_same_day_for_every_city() {
        let first_of_july = FeeYears::Custom(MonthDay::new(7, 1).unwrap());
        let last_of_august = FeeYears::Custom(MonthDay::new(8, 31).unwrap());
        for (years, on, text) in [
            (
                FeeYears::Calendar,
                "2026-03-15",
                "2026: 2026-01-01..2027-01-01, 365",
            ),
            (
                FeeYears::Calendar,
                "2028-12-31",
                "2028: 2028-01-01..2029-01-01, 366",
            ),
            (
                first_of_july,
                "2026-06-30",
                "2025/26: 2025-07-01..2026-07-01, 365",
            ),
            (
                first_of_july,
                "2027-07-01",
                "2027/28: 2027-07-01..2028-07-01, 366",
            ),
            (
                last_of_august,
                "2026-08-31",
                "2026/27: 2026-08-31..2027-08-31, 365",
            ),
            (
                first_of_july,
                "2099-07-01",
                "2099/00: 2099-07-01..2100-07-01, 365",
            ),
        ] {
            assert_eq!(year(years, "2026-03-15", on), text, "{years:?} {on}");
        }
    }

    #[test]
    fn own_fee_years_begin_on_the_anniversary() {
        for (joined, on, text) in [
            (
                "2026-03-15",
                "2027-03-14",
                "2026/27: 2026-03-15..2027-03-15, 365",
            ),
            (
                "2026-03-15",
                "2027-03-15",
                "2027/28: 2027-03-15..2028-03-15, 366",
            ),
            (
                "2026-01-01",
                "2028-06-01",
                "2028: 2028-01-01..2029-01-01, 366",
            ),
            (
                "2028-02-29",
                "2028-02-29",
                "2028/29: 2028-02-29..2029-02-28, 365",
            ),
            (
                "2028-02-29",
                "2029-02-28",
                "2029/30: 2029-02-28..2030-02-28, 365",
            ),
            (
                "2028-02-29",
                "2032-02-28",
                "2031/32: 2031-02-28..2032-02-29, 366",
            ),
            (
                "2028-02-29",
                "2032-02-29",
                "2032/33: 2032-02-29..2033-02-28, 365",
            ),
        ] {
            let years = FeeYears::Anniversary(LeapDay::February28);
            assert_eq!(year(years, joined, on), text, "{joined} {on}");
        }
        for (on, text) in [
            ("2029-02-28", "2028/29: 2028-02-29..2029-03-01, 366"),
            ("2029-03-01", "2029/30: 2029-03-01..2030-03-01, 365"),
            ("2032-02-29", "2032/33: 2032-02-29..2033-03-01, 366"),
        ] {
            let years = FeeYears::Anniversary(LeapDay::March1);
            assert_eq!(year(years, "2028-02-29", on), text, "{on}");
        }
    }

    #[test]
    fn there_is_no_fee_year_before_joining() {
        assert_eq!(
            FeeYear::of(FeeYears::Calendar, day("2026-03-15"), day("2026-03-14")),
            Err(FeeRefusal::BeforeJoining)
        );
    }

    #[test]
    fn a_month_and_day_is_found_within_the_year() {
        let july = FeeYears::Custom(MonthDay::new(7, 1).unwrap());
        let year = FeeYear::of(july, day("2026-09-01"), day("2026-09-01")).unwrap();
        for (month, date, found) in [
            (10, 1, "2026-10-01"),
            (7, 1, "2026-07-01"),
            (6, 30, "2027-06-30"),
        ] {
            assert_eq!(
                year.falls_on(MonthDay::new(month, date).unwrap()),
                Ok(day(found))
            );
        }
    }

    #[test]
    fn only_days_of_every_year_start_a_fee_year() {
        for (month, date) in [(2, 29), (4, 31), (13, 1), (0, 1), (1, 0)] {
            assert_eq!(
                MonthDay::new(month, date),
                Err(FeeRefusal::NotADayOfEveryYear)
            );
        }
    }
}
