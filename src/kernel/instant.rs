//! A UTC instant with the precision that both databases keep: microseconds. What it is not: a
//! clock; the time of an operation comes in as a parameter.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;

use crate::kernel::sql_types::Stamp;

/// A moment in UTC.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    AsExpression,
    FromSqlRow,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
#[diesel(sql_type = Stamp)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// The moment, cut to microseconds so that what is read back equals what was written.
    #[must_use]
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self(moment.trunc_subsecs(6))
    }

    /// The moment as chrono knows it.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The first moment of a day in a zone. That is midnight, but where the clock springs forward at
    /// midnight it is the first moment that exists, and where it falls back over midnight the earlier of
    /// the two. None where no moment is within a day after midnight, which no zone ever had.
    #[must_use]
    pub fn first_of(day: NaiveDate, zone: Tz) -> Option<Self> {
        let midnight = day.and_time(NaiveTime::MIN);
        (0..=24 * 60).find_map(|minutes| {
            let local = midnight.checked_add_signed(TimeDelta::minutes(minutes))?;
            match zone.from_local_datetime(&local) {
                LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => {
                    Some(Self::new(moment.with_timezone(&Utc)))
                }
                LocalResult::None => None,
            }
        })
    }

    /// The civil date in a zone.
    #[must_use]
    pub fn date_in(self, zone: Tz) -> NaiveDate {
        self.0.with_timezone(&zone).date_naive()
    }

    /// The moment so much later (earlier for a negative span); the ends of chrono's range stay.
    #[must_use]
    pub fn plus(self, span: TimeDelta) -> Self {
        let end = if span < TimeDelta::zero() {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        };
        Self(self.0.checked_add_signed(span).unwrap_or(end))
    }

    /// How much later this is than `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0.signed_duration_since(earlier.0)
    }

    /// RFC 3339 in UTC, with as many digits as the moment has.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
    }

    /// Reads RFC 3339 with any offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|moment| Self::new(moment.with_timezone(&Utc)))
    }
}
