//! The copies of the original packages and activities. What it is not: the other records (`copies`).

use crate::programme::activities::Activity;
use crate::programme::entitlements::{Entitlement, EntitlementEntry};
use crate::programme::packages::Package;
use crate::workflows::generation::copies::{Keys, extend};
use crate::workflows::generation::records::Records;

impl Records {
    /// Copies packages with their accounts of units, and activities.
    pub(super) fn copy_programme(&self, keys: &Keys, copies: &mut Self) {
        extend(&mut copies.packages, &self.packages, |row| {
            let (id, city_id) = (keys.of(row.id)?, keys.of(row.city_id)?);
            Some(Package { id, city_id, ..row })
        });
        // The balances are carried by the database when the entries are stored.
        extend(&mut copies.entitlements, &self.entitlements, |row| {
            Some(Entitlement {
                package_id: keys.of(row.package_id)?,
                granted: 0,
                reserved: 0,
                consumed: 0,
                expired: 0,
                ..row
            })
        });
        extend(&mut copies.moves, &self.moves, |row| {
            Some(EntitlementEntry {
                id: keys.fresh(row.id),
                package_id: keys.of(row.package_id)?,
                activity_id: row.activity_id.and_then(|activity| keys.of(activity)),
                ..row
            })
        });
        extend(&mut copies.activities, &self.activities, |row| {
            Some(Activity {
                id: keys.of(row.id)?,
                city_id: keys.of(row.city_id)?,
                package_id: row.package_id.and_then(|package| keys.of(package)),
                expert_visit_id: row.expert_visit_id.and_then(|visit| keys.of(visit)),
                study_visit_id: row.study_visit_id.and_then(|visit| keys.of(visit)),
                host_city_id: row.host_city_id.and_then(|host| keys.of(host)),
                ..row
            })
        });
    }
}
