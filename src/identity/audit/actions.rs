//! What is done with the audit log: lines are recorded, sealed and verified. What it is not: when;
//! the sealer runs in `server/sealer.rs`.

use uuid::Uuid;

use crate::access::viewer::Viewer;
use crate::db::tx::fresh_uuid;
use crate::db::{Db, Tx};
use crate::identity::audit::checkpoints::Checkpoint;
use crate::identity::audit::model::AuditEntry;
use crate::identity::audit::problem::Problem;
use crate::identity::audit::rules;
use crate::identity::audit::store;
use crate::identity::audit::walk::Walk;
use crate::kernel::error::Result;
use crate::kernel::ids::{AuditEntryId, CityId, Id, ObjectId};
use crate::kernel::json::Json;

/// Writes a line about an object, in the transaction of the deed.
///
/// # Errors
/// What the database says.
pub fn record<I: Id>(
    tx: &mut Tx<'_>,
    action: &'static str,
    object: I,
    city: Option<CityId>,
    details: serde_json::Value,
) -> Result<()> {
    let entry = entry_of(tx, action, object, city, details);
    store::insert(tx, &entry)
}

/// Writes a line about each of several objects, in the transaction of the deed.
///
/// # Errors
/// What the database says.
pub fn record_many<I: Id>(
    tx: &mut Tx<'_>,
    action: &'static str,
    objects: Vec<(I, Option<CityId>, serde_json::Value)>,
) -> Result<()> {
    let entries: Vec<AuditEntry> = objects
        .into_iter()
        .map(|(object, city, details)| entry_of(tx, action, object, city, details))
        .collect();
    store::insert_many(tx, &entries)
}

fn entry_of<I: Id>(
    tx: &Tx<'_>,
    action: &'static str,
    object: I,
    city: Option<CityId>,
    details: serde_json::Value,
) -> AuditEntry {
    let kind = match tx.viewer {
        Viewer::Anonymous => "anonymous",
        Viewer::User(_) => "user",
        Viewer::System(_) => "system",
    };
    AuditEntry {
        id: tx.new_id(),
        at: tx.now,
        actor_kind: kind.to_owned(),
        actor_id: tx.viewer.user_id(),
        actor_name: tx.viewer.name().to_owned(),
        action: action.to_owned(),
        object_kind: I::KIND.to_owned(),
        object_id: Some(ObjectId::of(object.uuid())),
        city_id: city,
        request_id: tx.request_id().map(str::to_owned),
        details: Json(details),
    }
}

/// Which lines a sealer looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Those whose ids were made within the last eight seconds: no request lasts longer, and under
    /// many writes a longer window would be dearer than the writes.
    Fresh,
    /// Those of the last quarter of an hour: for jobs, imports and machines whose clocks differ.
    Recent,
    /// All: at the start, and from time to time for what was committed long after its ids were
    /// made, such as by an import.
    Whole,
}

impl Window {
    /// The first key of the window. Ids carry the time of the machine, also where the service's
    /// own clock stands elsewhere.
    #[must_use]
    pub fn first_key(self) -> Uuid {
        let back: u64 = match self {
            Self::Whole => return Uuid::nil(),
            Self::Fresh => 8 * 1000,
            Self::Recent => 15 * 60 * 1000,
        };
        Uuid::from_u64_pair(millis_of_now().saturating_sub(back) << 16, 0)
    }
}

/// The machine's time as ids carry it.
fn millis_of_now() -> u64 {
    rules::made_at(AuditEntryId::of(fresh_uuid())).unwrap_or_default()
}

/// The most lines that are sealed in one transaction.
pub const PORTION: u16 = 1000;

/// Seals lines that are not sealed yet, in the order of their ids as far as they are committed.
/// Tells how many; nothing while another process seals.
///
/// # Errors
/// What the database says.
pub fn seal(tx: &mut Tx<'_>, window: Window) -> Result<usize> {
    if !store::take_turn(tx)? {
        return Ok(0);
    }
    let entries = store::unsealed(tx, window.first_key(), PORTION.into())?;
    let last = store::last_seal(tx.db)?;

    let seals = rules::seal(last.as_ref(), &entries, tx.now);

    store::insert_seals(tx, &seals)?;
    Ok(seals.len())
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The place of the last seal.
    pub sealed: i64,
    /// How many lines are not sealed yet.
    pub unsealed: i64,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

/// Walks along the whole chain in one snapshot, with the checkpoints that were signed of it.
///
/// # Errors
/// What the database says; what is wrong with the log is in the report.
pub fn verify(db: &mut Db, checkpoints: &[Checkpoint]) -> Result<Report> {
    db.read(|db| {
        let mut walk = Walk::new(checkpoints, millis_of_now());
        let mut place = i64::MIN;
        loop {
            let seals = store::seals_after(db, place, PORTION.into())?;
            let Some(last) = seals.last() else { break };
            place = last.sequence;
            let ids: Vec<AuditEntryId> = seals.iter().map(|seal| seal.entry_id).collect();
            let entries = store::find_many(db, &ids)?;
            for seal in &seals {
                walk.step(seal, entries.get(&seal.entry_id));
            }
        }
        let unsealed = store::count_unsealed(db)?;
        for entry in store::unsealed_ids(db, PORTION.into())? {
            walk.unsealed(entry);
        }
        let (sealed, problems) = walk.end();
        Ok(Report {
            sealed,
            unsealed,
            problems,
        })
    })
}
