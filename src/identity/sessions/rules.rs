//! What a presented refresh token leads to, and how long tokens and sessions live. Pure: the store
//! reads the state and carries out the decision in one transaction.
//!
//! A session is a family of refresh tokens: each use of one brings its successor.

use chrono::{DateTime, TimeDelta, Utc};

/// What is known of the presented token and of its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenState {
    /// When the token was exchanged for a successor.
    pub used_at: Option<DateTime<Utc>>,
    /// When the token was replaced, unused, because its predecessor was presented again.
    pub voided_at: Option<DateTime<Utc>>,
    /// Whether any token that was given in exchange for this one has itself been used.
    pub successor_used: bool,
    /// The end of the token, exclusive.
    pub expires_at: DateTime<Utc>,
    /// When the session was ended by signing out, by an administrator, or by reuse.
    pub session_revoked_at: Option<DateTime<Utc>>,
    /// The end of the session, exclusive.
    pub session_expires_at: DateTime<Utc>,
}

/// What to do with a presented refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Mark the token used and give a successor.
    Rotate,
    /// The client repeats itself, its answer was lost or two calls crossed: void the unused
    /// successor and give another.
    Reissue,
    /// Refuse: calls crossed, and another one's answer holds the token that lives.
    Superseded,
    /// Two parties hold the family: revoke the session and write an audit row.
    Revoke,
    /// Refuse: the token or its session is past its end.
    Expired,
    /// Refuse: the session had ended before.
    Revoked,
}

/// How long after its use a token may be presented again while its successor is unused.
pub const REUSE_GRACE: TimeDelta = TimeDelta::seconds(10);
/// The life of a refresh token, counted anew with each successor.
pub const TOKEN_LIFE: TimeDelta = TimeDelta::days(30);
/// The life of a session, however often its token is refreshed.
pub const SESSION_LIFE: TimeDelta = TimeDelta::days(90);

/// Decides on a presented refresh token.
///
/// Reuse is judged before the token's own end, because a used token that turns up late is a sign
/// of theft all the same (RFC 9700 section 4.14.2). A voided token was given to somebody and
/// replaced: for a moment that is a client whose calls crossed, later a second holder.
#[must_use]
pub fn rotation(token: &TokenState, now: DateTime<Utc>) -> Rotation {
    if token.session_revoked_at.is_some() {
        return Rotation::Revoked;
    }
    if now >= token.session_expires_at {
        return Rotation::Expired;
    }
    if let Some(voided_at) = token.voided_at {
        return if within_grace(voided_at, now) {
            Rotation::Superseded
        } else {
            Rotation::Revoke
        };
    }
    match token.used_at {
        Some(used_at) if !token.successor_used && within_grace(used_at, now) => Rotation::Reissue,
        Some(_) => Rotation::Revoke,
        None if now >= token.expires_at => Rotation::Expired,
        None => Rotation::Rotate,
    }
}

/// The end of a session that starts now.
#[must_use]
pub fn session_end(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_signed(SESSION_LIFE)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The end of a refresh token that is given now: never after its session's.
#[must_use]
pub fn token_end(now: DateTime<Utc>, session_expires_at: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_signed(TOKEN_LIFE)
        .map_or(session_expires_at, |end| end.min(session_expires_at))
}

/// The distance counts in both directions: a call that took its time before it waited for the row
/// may find a use that is a moment younger than its own `now`.
fn within_grace(used_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now.signed_duration_since(used_at).abs() <= REUSE_GRACE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2026-03-15T12:00:00Z".parse().unwrap()
    }

    fn after(days: i64, seconds: i64) -> DateTime<Utc> {
        start() + TimeDelta::days(days) + TimeDelta::seconds(seconds)
    }

    fn fresh() -> TokenState {
        TokenState {
            used_at: None,
            voided_at: None,
            successor_used: false,
            expires_at: token_end(start(), session_end(start())),
            session_revoked_at: None,
            session_expires_at: session_end(start()),
        }
    }

    fn used() -> TokenState {
        TokenState {
            used_at: Some(after(1, 0)),
            ..fresh()
        }
    }

    #[test]
    fn each_state_has_one_decision() {
        use Rotation::{Expired, Reissue, Revoke, Revoked, Rotate, Superseded};
        let outrun = TokenState {
            successor_used: true,
            ..used()
        };
        let voided = TokenState {
            voided_at: Some(after(1, 0)),
            ..fresh()
        };
        let ended = |token: TokenState| TokenState {
            session_revoked_at: Some(after(1, 5)),
            ..token
        };
        let last_second = TokenState {
            used_at: Some(after(30, -1)),
            ..fresh()
        };
        let cases = [
            ("fresh", fresh(), after(0, 0), Rotate),
            ("fresh, last second", fresh(), after(30, -1), Rotate),
            ("fresh, at its end", fresh(), after(30, 0), Expired),
            ("used this instant", used(), after(1, 0), Reissue),
            ("used, end of grace", used(), after(1, 10), Reissue),
            ("used, after grace", used(), after(1, 11), Revoke),
            ("used a moment ahead", used(), after(1, -2), Reissue),
            ("used far ahead", used(), after(1, -11), Revoke),
            (
                "successor used, in grace",
                outrun.clone(),
                after(1, 1),
                Revoke,
            ),
            ("successor used, later", outrun.clone(), after(2, 0), Revoke),
            ("used, past its own end", used(), after(31, 0), Revoke),
            (
                "used just before its end",
                last_second,
                after(30, 5),
                Reissue,
            ),
            ("voided, in grace", voided.clone(), after(1, 10), Superseded),
            ("voided, later", voided.clone(), after(1, 11), Revoke),
            (
                "voided, past its own end",
                voided.clone(),
                after(31, 0),
                Revoke,
            ),
            ("fresh, session ended", ended(fresh()), after(1, 6), Revoked),
            ("used, session ended", ended(used()), after(1, 6), Revoked),
            (
                "voided, session ended",
                ended(voided.clone()),
                after(1, 6),
                Revoked,
            ),
            ("ended and past", ended(fresh()), after(91, 0), Revoked),
            ("fresh, session over", fresh(), after(90, 0), Expired),
            ("used, session over", used(), after(90, 0), Expired),
            ("outrun, session over", outrun, after(90, 0), Expired),
            ("voided, session over", voided, after(90, 0), Expired),
        ];
        for (name, token, now, expected) in cases {
            assert_eq!(rotation(&token, now), expected, "{name}");
        }
    }

    #[test]
    fn the_grace_ends_to_the_millisecond() {
        let now = after(1, 10) + TimeDelta::milliseconds(1);
        assert_eq!(rotation(&used(), now), Rotation::Revoke);
    }

    #[test]
    fn tokens_slide_and_the_session_ends_them() {
        let end = session_end(start());
        assert_eq!(end, after(90, 0));
        let cases = [(0, 30), (1, 31), (60, 90), (61, 90), (89, 90)];
        for (given, expected) in cases {
            assert_eq!(
                token_end(after(given, 0), end),
                after(expected, 0),
                "day {given}"
            );
        }
    }

    #[test]
    fn the_end_of_time_does_not_panic() {
        let last = DateTime::<Utc>::MAX_UTC;
        assert_eq!(session_end(last), last);
        assert_eq!(token_end(last, last), last);
        let token = TokenState {
            used_at: Some(DateTime::<Utc>::MIN_UTC),
            ..fresh()
        };
        assert_eq!(rotation(&token, last), Rotation::Expired);
        let token = TokenState {
            session_expires_at: last,
            ..token
        };
        let now = last - TimeDelta::days(1);
        assert_eq!(rotation(&token, now), Rotation::Revoke);
    }

    /// The token that all present, and those given in exchange, as the store would keep them.
    #[test]
    fn sixteen_calls_with_one_token_leave_one_living_token() {
        let mut presented = fresh();
        let mut successors: Vec<TokenState> = Vec::new();
        for call in 0..16 {
            let now = after(1, 0) + TimeDelta::milliseconds(call * 40);
            match rotation(&presented, now) {
                Rotation::Rotate => presented.used_at = Some(now),
                Rotation::Reissue => {
                    for token in successors
                        .iter_mut()
                        .filter(|token| token.voided_at.is_none())
                    {
                        token.voided_at = Some(now);
                    }
                }
                other => panic!("call {call} was answered {other:?}"),
            }
            successors.push(fresh());
        }
        let later = after(1, 30);
        let living = successors
            .iter()
            .filter(|token| rotation(token, later) == Rotation::Rotate)
            .count();
        assert_eq!((successors.len(), living), (16, 1));
        assert_eq!(rotation(&presented, later), Rotation::Revoke);
    }
}
