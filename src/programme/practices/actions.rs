//! What is done with practices: those of the reference data are stored. What it is not: writing
//! them; that is done in the reference data.

use std::collections::HashMap;

use serde_json::json;

use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::Result;
use crate::kernel::ids::PracticeId;
use crate::programme::practices::model::Practice;
use crate::programme::practices::{rules, store};
use crate::programme::reference::Reference;
use crate::registry::cities;

/// Makes the stored practices those of the reference data, linked to their cities where these are
/// registered; practices that the data no longer holds are archived. Run again it changes nothing.
/// No request can ask for it: it belongs to the start of the service and to its seeding.
///
/// # Errors
/// What the database says.
pub fn ensure_reference(tx: &mut Tx<'_>, reference: &Reference) -> Result<()> {
    let mut stored: HashMap<PracticeId, Practice> = store::all(tx.db)?
        .into_iter()
        .map(|practice| (practice.id, practice))
        .collect();
    for example in &reference.practices {
        let city = cities::find_named(tx.db, &example.country, &example.city)?;
        let wanted = rules::record(example, city.map(|city| city.id), tx.now)?;
        match stored.remove(&wanted.id) {
            None => {
                store::insert(tx, &wanted)?;
                record(tx, "practice.published", &wanted)?;
            }
            Some(known) => {
                if let Some(changed) = rules::changed(&known, wanted) {
                    store::update(tx, &changed)?;
                    record(tx, "practice.revised", &changed)?;
                }
            }
        }
    }
    for gone in stored.into_values() {
        if let Some(archived) = rules::archived(&gone, tx.now) {
            store::update(tx, &archived)?;
            record(tx, "practice.archived", &archived)?;
        }
    }
    Ok(())
}

fn record(tx: &mut Tx<'_>, what: &'static str, practice: &Practice) -> Result<()> {
    let details = json!({ "slug": practice.slug, "version": practice.version });
    audit::record(tx, what, practice.id, practice.city_id, details)
}
