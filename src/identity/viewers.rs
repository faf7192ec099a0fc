//! Who stands behind a session now: the account and the roles that are in force. What it is not:
//! tokens; their signature was checked before.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use moka::sync::Cache;

use crate::access::viewer::{Grant, Role, UserViewer};
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{AppointmentId, CityId, ExpertId, SessionId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::{appointments, grants, sessions, users};

/// How long a viewer is believed without asking the database: a change of role, a disabled account
/// or an ended appointment holds within this time on every instance.
const MEMORY: Duration = Duration::from_secs(2);

/// The viewers that were asked for a moment ago. What ends on this instance is forgotten at once,
/// what ends on another within `MEMORY`.
#[derive(Debug)]
pub struct RecentViewers(Cache<SessionId, Arc<UserViewer>>);

impl Default for RecentViewers {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(10_000)
                .time_to_live(MEMORY)
                .build(),
        )
    }
}

impl RecentViewers {
    /// The viewer of a session, if it was remembered.
    #[must_use]
    pub fn get(&self, session: SessionId) -> Option<Arc<UserViewer>> {
        self.0.get(&session)
    }

    /// Remembers a viewer.
    pub fn remember(&self, viewer: Arc<UserViewer>) {
        self.0.insert(viewer.session, viewer);
    }

    /// Forgets a session that has ended.
    pub fn forget_session(&self, session: SessionId) {
        self.0.invalidate(&session);
    }

    /// Forgets everybody, when posts or memberships ended and with them the roles of whoever held them.
    pub fn forget_all(&self) {
        self.0.invalidate_all();
    }

    /// Forgets every session of a user whose roles or account changed.
    pub fn forget_user(&self, user: UserId) {
        for (session, viewer) in &self.0 {
            if viewer.id == user {
                self.0.invalidate(&*session);
            }
        }
    }
}

/// The viewer of a session; none when the session has ended or the account is disabled.
///
/// # Errors
/// What the database says.
pub fn of_session(
    db: &mut Db,
    session: SessionId,
    user: UserId,
    now: Instant,
) -> Result<Option<UserViewer>> {
    let found: Option<String> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session))
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::disabled_at.is_null())
        .select(users::name)
        .first(db)
        .optional()?;
    let Some(name) = found else { return Ok(None) };
    Ok(Some(UserViewer {
        id: user,
        session,
        name,
        grants: grants_in_force(db, user, now)?,
    }))
}

/// The role and what it is limited to.
type GrantRow = (
    Role,
    Option<CityId>,
    Option<ExpertId>,
    Option<AppointmentId>,
);

/// The roles of a user that are in force: neither taken back nor ended, and for a coordinator's role
/// that is an appointment's, only while the appointment lasts.
///
/// # Errors
/// What the database says.
pub fn grants_in_force(db: &mut Db, user: UserId, now: Instant) -> Result<Vec<Grant>> {
    let today = now.date_in(chrono_tz::Europe::Copenhagen);
    let rows: Vec<GrantRow> = grants::table
        .filter(grants::user_id.eq(user))
        .filter(grants::revoked_at.is_null())
        .filter(grants::ends_on.is_null().or(grants::ends_on.gt(today)))
        .order(grants::id)
        .select((
            grants::role,
            grants::city_id,
            grants::expert_id,
            grants::appointment_id,
        ))
        .load(db)?;
    let appointed: Vec<AppointmentId> = rows
        .iter()
        .filter_map(|(_, _, _, appointment)| *appointment)
        .collect();
    let lasting: Vec<(AppointmentId, CityId)> = if appointed.is_empty() {
        Vec::new()
    } else {
        appointments::table
            .filter(appointments::id.eq_any(appointed))
            .filter(appointments::starts_on.le(today))
            .filter(
                appointments::ends_on
                    .is_null()
                    .or(appointments::ends_on.gt(today)),
            )
            .select((appointments::id, appointments::city_id))
            .load(db)?
    };
    Ok(rows
        .into_iter()
        .filter(|(_, city, _, appointment)| {
            appointment.is_none_or(|id| {
                lasting
                    .iter()
                    .any(|post| Some(*post) == city.map(|city| (id, city)))
            })
        })
        .map(|(role, city, expert, _)| Grant { role, city, expert })
        .collect())
}
