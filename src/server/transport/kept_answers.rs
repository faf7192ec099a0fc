//! Answers that are kept while the database stays as it is. The same question is asked again and
//! again: by many visitors of one page, by one that polls. Where not a single transaction has ended
//! since, the answer is the same, and PostgreSQL tells that in one cheap statement; so an answer
//! from here is never older than one that was worked out. What it is not: HTTP caching
//! (`caching.rs`), which allows a minute.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use moka::sync::Cache;

use crate::access::viewer::{Grant, Viewer};
use crate::db::snapshot_id::SnapshotId;
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;

/// Everything that an answer depends on besides what is in the database and in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// SHA-256 of the document's text.
    pub document: [u8; 32],
    /// Which of its operations runs.
    pub operation_name: Option<String>,
    /// The values of its variables, as JSON.
    pub variables: String,
    /// Who asks, with the roles in force.
    pub viewer: Viewer,
    /// The language of texts.
    pub language: Language,
    /// Which quarter of an hour it is.
    pub quarter: i64,
}

/// What is known of a question.
#[derive(Debug, Clone)]
pub enum Known {
    /// It was asked once; its answer is kept when it comes again.
    Asked,
    /// It was answered.
    Answered(Arc<KeptAnswer>),
}

/// An answer without errors.
#[derive(Debug)]
pub struct KeptAnswer {
    /// What the database was.
    pub snapshot: SnapshotId,
    /// The JSON.
    pub bytes: Bytes,
}

/// The kept answers of a process.
#[derive(Debug)]
pub struct KeptAnswers(Option<Cache<Arc<Question>, Known>>);

/// Seconds in a quarter of an hour. What the service derives from the clock, such as that a visit
/// is held or an appointment over, begins and ends at midnight somewhere, and midnight is nowhere
/// off the quarters of UTC.
const QUARTER: i64 = 15 * 60;

/// Bytes of an entry beside what clients and accounts put into it.
const ENTRY: usize = 512;

impl Question {
    fn weight(&self) -> usize {
        let viewer = match &self.viewer {
            Viewer::User(user) => {
                user.name.len() + user.grants.len().saturating_mul(size_of::<Grant>())
            }
            Viewer::Anonymous | Viewer::System(_) => 0,
        };
        let name = self.operation_name.as_ref().map_or(0, String::len);
        [viewer, name, self.variables.len()]
            .into_iter()
            .fold(ENTRY, usize::saturating_add)
    }
}

impl KeptAnswers {
    /// Room for answers of so many MiB; without any nothing is kept.
    #[must_use]
    pub fn new(mebibytes: u64) -> Self {
        Self((mebibytes > 0).then(|| {
            Cache::builder()
                .max_capacity(mebibytes.saturating_mul(1024 * 1024))
                .weigher(|question: &Arc<Question>, known: &Known| {
                    let answer = match known {
                        Known::Asked => 0,
                        Known::Answered(kept) => kept.bytes.len(),
                    };
                    let bytes = answer.saturating_add(question.weight());
                    u32::try_from(bytes).unwrap_or(u32::MAX)
                })
                .time_to_live(Duration::from_secs(QUARTER.unsigned_abs()))
                .build()
        }))
    }

    /// Whether answers are kept.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.0.is_some()
    }

    /// What is known of a question.
    #[must_use]
    pub fn recall(&self, question: &Arc<Question>) -> Option<Known> {
        self.0.as_ref().and_then(|kept| kept.get(question))
    }

    /// Remembers what is known of a question.
    pub fn remember(&self, question: Arc<Question>, known: Known) {
        if let Some(kept) = &self.0 {
            kept.insert(question, known);
        }
    }
}

/// The quarter of an hour that a moment lies in.
#[must_use]
pub fn quarter(now: Instant) -> i64 {
    now.utc().timestamp().div_euclid(QUARTER)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Offset, TimeZone};

    use super::*;

    #[test]
    fn midnight_is_on_a_quarter_of_utc_in_every_zone() {
        let first = DateTime::parse_from_rfc3339("2000-01-01T00:00:00Z").unwrap();
        for zone in chrono_tz::TZ_VARIANTS {
            for month in 0..1_212_i64 {
                let seconds = first.timestamp() + month * 2_629_746;
                let at = DateTime::from_timestamp(seconds, 0).unwrap();
                let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
                let offset = i64::from(offset.local_minus_utc());
                assert_eq!(offset.rem_euclid(QUARTER), 0, "{zone} in {at}");
            }
        }
    }

    #[test]
    fn a_quarter_begins_with_its_first_second() {
        let at = |text: &str| {
            quarter(Instant::new(
                DateTime::parse_from_rfc3339(text).unwrap().to_utc(),
            ))
        };
        assert_eq!(at("2026-11-22T10:14:59Z") + 1, at("2026-11-22T10:15:00Z"));
        assert_eq!(at("2026-11-22T10:15:00Z"), at("2026-11-22T10:29:59Z"));
    }
}
