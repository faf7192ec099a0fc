//! How long a mailed link lives and when it still works. Pure; the store carries it out.

use chrono::TimeDelta;

use crate::identity::invitations::model::{AccountLink, Purpose};
use crate::kernel::instant::Instant;

/// How long a reset is not mailed again, so that nobody's mailbox is filled by others.
pub const RESET_PAUSE: TimeDelta = TimeDelta::minutes(1);

/// How long a link lives.
#[must_use]
pub fn lifetime(purpose: Purpose) -> TimeDelta {
    match purpose {
        Purpose::Invitation => TimeDelta::hours(72),
        Purpose::Reset => TimeDelta::hours(1),
    }
}

/// Whether a link lets a password be chosen now.
#[must_use]
pub fn works(link: &AccountLink, now: Instant) -> bool {
    link.used_at.is_none() && link.voided_at.is_none() && now < link.expires_at
}

/// Whether a link for a forgotten password is due after one that was made at `last`.
#[must_use]
pub fn reset_due(last: Option<Instant>, now: Instant) -> bool {
    last.is_none_or(|last| now.since(last) >= RESET_PAUSE)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{AccountLinkId, Id, UserId};

    fn at(seconds: i64) -> Instant {
        Instant::parse("2026-11-22T12:00:00Z")
            .unwrap()
            .plus(TimeDelta::seconds(seconds))
    }

    #[test]
    fn a_link_works_once_and_until_its_end() {
        for (purpose, life) in [(Purpose::Invitation, 259_200), (Purpose::Reset, 3_600)] {
            let fresh = AccountLink {
                id: AccountLinkId::of(Uuid::from_u128(1)),
                user_id: UserId::of(Uuid::from_u128(2)),
                purpose,
                token_hash: String::new(),
                created_at: at(0),
                created_by: None,
                expires_at: at(0).plus(lifetime(purpose)),
                used_at: None,
                voided_at: None,
            };
            let used = AccountLink {
                used_at: Some(at(1)),
                ..fresh.clone()
            };
            let voided = AccountLink {
                voided_at: Some(at(1)),
                ..fresh.clone()
            };
            for (link, second, expected) in [
                (&fresh, 0, true),
                (&fresh, life - 1, true),
                (&fresh, life, false),
                (&used, 2, false),
                (&voided, 2, false),
            ] {
                assert_eq!(works(link, at(second)), expected, "{link:?} {second}");
            }
        }
    }

    #[test]
    fn a_reset_is_mailed_once_a_minute() {
        for (last, due) in [(None, true), (Some(at(0)), false), (Some(at(-59)), false)] {
            assert_eq!(reset_due(last, at(0)), due, "{last:?}");
        }
        assert!(reset_due(Some(at(-60)), at(0)));
    }
}
