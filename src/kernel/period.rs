//! Periods of the calendar: half-open spans of civil dates, and what two of them have in common.
//! Single dates and month arithmetic are in `calendar`; instants, time zones and fee policies are
//! not known here.

mod calendar;

use chrono::NaiveDate;

pub use self::calendar::{DateRefusal, LeapDay, add_months, anniversary, check_date, parse_date};

/// The days from `from` up to, but without, `until`; without end when there is no `until`.
///
/// A period may be empty (`until` equals `from`): a membership withdrawn before it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

impl Period {
    /// The days from `from` up to, but without, `until`.
    ///
    /// # Errors
    /// [`DateRefusal::EndsBeforeStart`] when `until` is the earlier one.
    pub fn new(from: NaiveDate, until: Option<NaiveDate>) -> Result<Self, DateRefusal> {
        if until.is_some_and(|until| until < from) {
            return Err(DateRefusal::EndsBeforeStart);
        }
        Ok(Self { from, until })
    }

    /// The days from `from` on, without end.
    #[must_use]
    pub const fn since(from: NaiveDate) -> Self {
        Self { from, until: None }
    }

    /// The days between two dates that are both within the period, as people write it.
    ///
    /// # Errors
    /// [`DateRefusal::EndsBeforeStart`] when the last day is before the first, and
    /// [`DateRefusal::OutOfRange`] on the last day the calendar can count.
    pub fn of_days(first: NaiveDate, last: NaiveDate) -> Result<Self, DateRefusal> {
        if last < first {
            return Err(DateRefusal::EndsBeforeStart);
        }
        let until = last.succ_opt().ok_or(DateRefusal::OutOfRange)?;
        Self::new(first, Some(until))
    }

    /// The `months` calendar months from `from` on; the end is found with [`add_months`].
    ///
    /// # Errors
    /// [`DateRefusal::OutOfRange`] beyond the calendar.
    pub fn of_months(from: NaiveDate, months: u32) -> Result<Self, DateRefusal> {
        Self::new(from, Some(add_months(from, months)?))
    }

    /// The first day.
    #[must_use]
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The day after the last; none when the period has no end.
    #[must_use]
    pub const fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    /// The last day within the period, as people write it: the day before `until`. None when the
    /// period has no end, and none when it has no days.
    #[must_use]
    pub fn ends_on(&self) -> Option<NaiveDate> {
        self.until
            .filter(|until| *until > self.from)
            .and_then(|until| until.pred_opt())
    }

    /// Whether no day is in the period.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until == Some(self.from)
    }

    /// How many days are in the period; none when it has no end.
    #[must_use]
    pub fn days(&self) -> Option<i64> {
        self.until
            .map(|until| until.signed_duration_since(self.from).num_days())
    }

    /// Whether the day is in the period.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether every day of the other period is in this one. An empty period is in every other.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.is_empty() || self.intersect(other) == Some(*other)
    }

    /// Whether a day is in both periods. Periods of which one begins where the other ends do not
    /// overlap.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.intersect(other).is_some()
    }

    /// The days that are in both periods; none when there is no such day.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let common = Self { from, until };
        until.is_none_or(|until| from < until).then_some(common)
    }

    /// The days of this period that are in none of the others, as periods in the order of time.
    #[must_use]
    pub fn without(&self, others: &[Self]) -> Vec<Self> {
        let mut taken: Vec<Self> = others
            .iter()
            .filter_map(|other| self.intersect(other))
            .collect();
        taken.sort_by_key(Self::from);

        let mut free = Vec::new();
        let mut next_free = Some(self.from);
        for period in taken {
            let Some(from) = next_free else { break };
            if from < period.from {
                free.push(Self {
                    from,
                    until: Some(period.from),
                });
            }
            next_free = period.until.map(|until| until.max(from));
        }
        if let Some(from) = next_free
            && self.until.is_none_or(|until| from < until)
        {
            free.push(Self {
                from,
                until: self.until,
            });
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    /// `2026-01-01..2027-01-01`, or `2026-01-01..` without end.
    fn span(text: &str) -> Period {
        let (from, until) = text.split_once("..").unwrap();
        let until = (!until.is_empty()).then(|| day(until));
        Period::new(day(from), until).unwrap()
    }

    #[test]
    fn knows_its_days() {
        for (period, days, last, empty) in [
            (
                "2026-03-15..2028-03-15",
                Some(731),
                Some("2028-03-14"),
                false,
            ),
            ("2026-01-01..2026-01-02", Some(1), Some("2026-01-01"), false),
            ("2026-01-01..2026-01-01", Some(0), None, true),
            ("2026-01-01..", None, None, false),
        ] {
            let period = span(period);
            assert_eq!(period.days(), days, "{period:?}");
            assert_eq!(period.ends_on(), last.map(day), "{period:?}");
            assert_eq!(period.is_empty(), empty, "{period:?}");
        }
        let year = Period::of_days(day("2026-01-01"), day("2026-12-31"));
        assert_eq!(year, Ok(span("2026-01-01..2027-01-01")));
        for (from, until) in [("2026-01-02", "2026-01-01"), ("2026-03-01", "2026-02-28")] {
            let refused = Err(DateRefusal::EndsBeforeStart);
            assert_eq!(Period::new(day(from), Some(day(until))), refused);
            assert_eq!(Period::of_days(day(from), day(until)), refused);
        }
    }

    #[test]
    fn contains_the_first_day_and_not_the_end() {
        let year = span("2026-01-01..2027-01-01");
        for (date, within) in [
            ("2025-12-31", false),
            ("2026-01-01", true),
            ("2026-12-31", true),
            ("2027-01-01", false),
        ] {
            assert_eq!(year.contains(day(date)), within, "{date}");
        }
        assert!(Period::since(day("2026-01-01")).contains(day("2100-12-31")));
        assert!(!span("2026-01-01..2026-01-01").contains(day("2026-01-01")));
    }

    #[test]
    fn meets_other_periods() {
        for (one, two, common) in [
            (
                "2026-01-01..2027-01-01",
                "2026-03-15..",
                Some("2026-03-15..2027-01-01"),
            ),
            ("2026-01-01..", "2027-01-01..", Some("2027-01-01..")),
            ("2026-01-01..2026-02-01", "2026-02-01..2026-03-01", None),
            (
                "2026-01-01..2026-02-02",
                "2026-02-01..2026-03-01",
                Some("2026-02-01..2026-02-02"),
            ),
            ("2026-01-01..2026-03-01", "2026-02-01..2026-02-01", None),
            ("2026-01-01..2026-02-01", "2027-01-01..", None),
        ] {
            let common = common.map(span);
            assert_eq!(span(one).intersect(&span(two)), common, "{one} {two}");
            assert_eq!(span(two).intersect(&span(one)), common, "{two} {one}");
            assert_eq!(span(one).overlaps(&span(two)), common.is_some());
            assert_eq!(
                span(one).covers(&span(two)),
                common == Some(span(two)) || span(two).is_empty()
            );
        }
    }

    #[test]
    fn leaves_out_other_periods() {
        for (whole, others, left) in [
            (
                "2026-01-01..2027-01-01",
                &[][..],
                &["2026-01-01..2027-01-01"][..],
            ),
            ("2026-01-01..2027-01-01", &["2025-01-01.."], &[]),
            (
                "2026-01-01..2027-01-01",
                &["2026-03-01..2026-03-01"],
                &["2026-01-01..2027-01-01"],
            ),
            (
                "2026-01-01..2027-01-01",
                &["2026-10-01..", "2025-03-15..2026-03-15"],
                &["2026-03-15..2026-10-01"],
            ),
            (
                "2026-01-01..",
                &[
                    "2026-02-01..2026-05-01",
                    "2026-03-01..2026-04-01",
                    "2026-05-01..2026-06-01",
                ],
                &["2026-01-01..2026-02-01", "2026-06-01.."],
            ),
        ] {
            let others: Vec<_> = others.iter().copied().map(span).collect();
            let left: Vec<_> = left.iter().copied().map(span).collect();
            assert_eq!(span(whole).without(&others), left, "{whole} {others:?}");
        }
    }
}
