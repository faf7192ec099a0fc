//! What the passing of time does to packages: the membership under one ends, silence accepts what was
//! delivered, and what was not used in time is lost. Each deed is as of its own day, so it does not matter
//! how late this runs. What it is not: the deeds.

use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::instant::Instant;
use crate::programme::activities;
use crate::programme::packages::{self, Package, Termination};
use crate::registry::memberships::{self, MembershipStatus};

/// The most deeds of a kind in one round; the next one goes on.
const MOST: i64 = 500;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Followed {
    /// Packages that ended with the membership.
    pub ended: usize,
    /// Activities that silence accepted.
    pub accepted: usize,
    /// Packages of which units were lost.
    pub lapsed: usize,
}

/// Does what the calendar says, each deed in a transaction of its own: one that fails is told in the log
/// and tried again in the next round.
///
/// # Errors
/// The database cannot be read.
pub fn follow_calendar(db: &mut Db, viewer: &Viewer, now: Instant) -> Result<Followed> {
    let today = now.date_in(chrono_tz::Europe::Copenhagen);
    let mut followed = Followed::default();
    for package in packages::running_without_membership(db, today, MOST)? {
        if let Some(termination) = end_of_membership(db, &package)? {
            let ended = db.write(viewer, now, |tx| packages::terminate(tx, &termination));
            count(ended.is_ok(), &mut followed.ended);
            tell(&ended, "a package did not end with the membership");
        }
    }
    for id in activities::accepted_by_silence(db, today, MOST)? {
        let accepted = db.write(viewer, now, |tx| activities::accept_in_silence(tx, id));
        count(accepted.is_ok(), &mut followed.accepted);
        tell(&accepted, "an activity was not accepted by silence");
    }
    for package in packages::lapsed_by(db, today, MOST)? {
        let lapsed = db.write(viewer, now, |tx| packages::lapse(tx, package.id));
        count(lapsed.is_ok(), &mut followed.lapsed);
        tell(&lapsed, "the units of a package did not lapse");
    }
    Ok(followed)
}

/// A package ends with the last day on which its city was in the network; none when it never was.
fn end_of_membership(db: &mut Db, package: &Package) -> Result<Option<Termination>> {
    use MembershipStatus::{Active, Admitted, Suspended};
    let standings = memberships::standings_of_cities(db, &[package.city_id])?
        .remove(&package.city_id)
        .unwrap_or_default();
    let inside = standings
        .iter()
        .filter(|standing| matches!(standing.status, Active | Admitted | Suspended));
    let left = inside.filter_map(|standing| standing.ends_on).max();
    Ok(left
        .and_then(|left| left.max(package.starts_on).pred_opt())
        .map(|last| Termination {
            package: package.id,
            version: package.version,
            ends_on: last,
        }))
}

fn count(done: bool, number: &mut usize) {
    *number = number.saturating_add(usize::from(done));
}

fn tell<T>(outcome: &Result<T>, what: &'static str) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "{what}");
    }
}
