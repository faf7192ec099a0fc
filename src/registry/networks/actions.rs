//! Loading the networks from reference data. What it is not: a way to found a network; they come
//! with the release or with the operator's data folder.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::Result;
use crate::registry::networks::model::{Network, ReferenceNetwork};
use crate::registry::networks::{rules, store};

/// Makes the networks and rounds stand as reference data says; what stands so already is left
/// alone, and nothing is taken away. It returns how many records it wrote.
///
/// # Errors
/// `Forbidden` for those who may not import; what the database says.
pub fn ensure_reference(tx: &mut Tx<'_>, reference: &[ReferenceNetwork]) -> Result<usize> {
    tx.viewer.permit(Permission::Import)?;

    let known = store::all(tx.db)?;
    let ids: Vec<_> = known.iter().map(|network| network.id).collect();
    let known_rounds = store::rounds_of_many(tx.db, &ids)?;

    let mut written = 0_usize;
    for network in reference {
        let mut changed = 0_usize;
        let stored = known.iter().find(|stored| stored.code == network.code);
        let wanted = rules::network(network, tx.now);
        changed += usize::from(ensure_network(tx, stored, wanted)?);

        let id = rules::network_id(&network.code);
        let stored_rounds = known_rounds.get(&id).map(Vec::as_slice).unwrap_or_default();
        for round in &network.rounds {
            let wanted = rules::round(&network.code, round)?;
            match stored_rounds.iter().find(|round| round.id == wanted.id) {
                Some(stored) if *stored == wanted => continue,
                Some(_) => store::update_round(tx, &wanted)?,
                None => store::insert_round(tx, &wanted)?,
            }
            changed += 1;
        }

        if changed > 0 {
            audit::record(
                tx,
                "network.loaded",
                id,
                None,
                json!({ "code": network.code }),
            )?;
        }
        written += changed;
    }
    Ok(written)
}

/// Whether the network had to be written.
fn ensure_network(tx: &mut Tx<'_>, stored: Option<&Network>, wanted: Network) -> Result<bool> {
    let Some(stored) = stored else {
        store::insert(tx, &wanted)?;
        return Ok(true);
    };
    let wanted = Network {
        created_at: stored.created_at,
        ..wanted
    };
    let unchanged = Network {
        updated_at: stored.updated_at,
        ..wanted.clone()
    } == *stored;
    if !unchanged {
        store::update(tx, &wanted)?;
    }
    Ok(!unchanged)
}
