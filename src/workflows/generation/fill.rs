//! Filling an empty database with a generated network. What it is not: the records themselves.

use crate::access::viewer::Viewer;
use crate::db::sql::Sql;
use crate::db::{Db, Tx, bulk};
use crate::finance::{invoices, ledger, revenue};
use crate::identity::audit;
use crate::kernel::error::Result;
use crate::kernel::ids::ObjectId;
use crate::kernel::instant::Instant;
use crate::programme::reference::Reference;
use crate::workflows::generation::records::{Numbers, Records};
use crate::workflows::generation::{names, originals};
use crate::workflows::reference;

/// Who writes the generated records.
const VIEWER: Viewer = Viewer::System("generate");

/// How many cities are stored in one go: enough that a statement's own cost is small, few enough
/// that their records fit in memory.
const CITIES_AT_ONCE: u32 = 800;

/// The most cities: there are names for so many.
pub const MOST_CITIES: u32 = names::COUNT;
/// The most invoices of a city: a fee year each.
pub const MOST_INVOICES: u32 = 25;

/// The network that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// How many cities, 1 to [`MOST_CITIES`].
    pub cities: u32,
    /// How many fee invoices each has, 0 to [`MOST_INVOICES`].
    pub invoices_per_city: u32,
    /// Other names and figures for another seed; the same ones for the same.
    pub seed: u64,
}

/// Fills a database that has nothing but reference records, all of it or nothing. `progress` hears
/// how many cities are stored.
///
/// # Errors
/// A fault of ours when a rule refuses one of the records; what the database says.
pub fn generate(
    db: &mut Db,
    texts: &Reference,
    now: Instant,
    size: Size,
    mut progress: impl FnMut(u32),
) -> Result<()> {
    db.write(&VIEWER, now, |tx| {
        reference::ensure(tx, texts)?;
        let made = originals::make(tx, texts, size)?;
        let originals = Records::load(tx.db)?;
        let mut numbers = Numbers::after(&originals.invoices);
        progress(made);
        let mut stored = made;
        while stored < size.cities {
            let upto = size.cities.min(stored.saturating_add(CITIES_AT_ONCE));
            let mut copies = Records::default();
            while stored < upto {
                let kept = made.min(upto - stored);
                originals.copy(tx, size.seed, stored, kept, &mut numbers, &mut copies)?;
                stored += kept;
            }
            bulk::without_triggers(tx, "invoice_lines", |tx| {
                bulk::without_triggers(tx, "ledger_lines", |tx| {
                    bulk::without_triggers(tx, "ledger_transactions", |tx| copies.store(tx.db))
                })
            })?;
            progress(stored);
        }
        numbers.store(tx)?;
        invoices::rebuild(tx)?;
        ledger::rebuild(tx)?;
        revenue::rebuild(tx)?;
        record(tx, size)
    })?;
    // The planner knows nothing of rows that came all at once.
    Sql::new("ANALYZE").execute(db)?;
    Ok(())
}

fn record(tx: &mut Tx<'_>, size: Size) -> Result<()> {
    let network = tx.new_id::<ObjectId>();
    audit::record(
        tx,
        "network.generated",
        network,
        None,
        serde_json::json!({
            "cities": size.cities,
            "invoicesPerCity": size.invoices_per_city,
            "seed": size.seed,
        }),
    )
}
