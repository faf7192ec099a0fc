//! The timelines of packages, gathered for many of them at once. What it is not: the reckoning
//! (`timeline`).

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::PackageId;
use crate::programme::activities::{self, Activity};
use crate::programme::packages::amendments;
use crate::programme::packages::store;
use crate::programme::packages::timeline::{Frame, Timeline, timeline};

/// The timelines of these packages as they look on a day.
///
/// # Errors
/// What the database says.
pub fn timelines(
    db: &mut Db,
    ids: &[PackageId],
    today: NaiveDate,
) -> Result<HashMap<PackageId, Timeline>> {
    let mut of_package: HashMap<PackageId, Vec<Activity>> = HashMap::new();
    for activity in activities::of_packages(db, ids)? {
        if let Some(package) = activity.package_id {
            of_package.entry(package).or_default().push(activity);
        }
    }
    let pauses = amendments::pauses_of_many(db, ids)?;
    let timelines = store::find_many(db, ids)?.into_iter().map(|package| {
        let frame = Frame {
            starts_on: package.starts_on,
            lapses_on: package.lapses_on(),
            pauses: pauses.get(&package.id).cloned().unwrap_or_default(),
            today,
        };
        let known = of_package.get(&package.id).map_or(&[][..], Vec::as_slice);
        (package.id, timeline(known, &frame))
    });
    Ok(timelines.collect())
}
