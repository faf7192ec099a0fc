//! What is done with partners: registered, and kept as an import says. What it is not: contracts
//! with them.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::PartnerId;
use crate::registry::partners::model::{NewPartner, Partner};
use crate::registry::partners::{rules, store};

/// Registers a partner.
///
/// # Errors
/// Refused with all problems of the input, or because the name is taken.
pub fn register(tx: &mut Tx<'_>, new: &NewPartner) -> Result<PartnerId> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let new = rules::check(new).map_err(Error::Refused)?;

    let partner = written(
        Partner {
            id: tx.new_id(),
            name: String::new(),
            name_key: String::new(),
            sort_key: String::new(),
            search_key: String::new(),
            kind: new.kind,
            country: None,
            website: None,
            email: None,
            description: None,
            created_at: tx.now,
            updated_at: tx.now,
            version: 1,
        },
        new,
    );
    store::insert(tx, &partner)?;

    audit::record(
        tx,
        "partner.registered",
        partner.id,
        None,
        json!({ "name": partner.name, "kind": partner.kind }),
    )?;
    Ok(partner.id)
}

/// Stores what a partner shall be from now on.
pub(super) fn replace(tx: &mut Tx<'_>, partner: Partner, revised: NewPartner) -> Result<PartnerId> {
    let version = partner.version.saturating_add(1);
    let partner = written(
        Partner {
            updated_at: tx.now,
            version,
            ..partner
        },
        revised,
    );
    store::update(tx, &partner)?;

    audit::record(
        tx,
        "partner.revised",
        partner.id,
        None,
        json!({ "version": partner.version }),
    )?;
    Ok(partner.id)
}

/// The record with what is said of the partner and the keys that are made from its name.
fn written(partner: Partner, said: NewPartner) -> Partner {
    Partner {
        name_key: fold::name_key(&said.name),
        sort_key: fold::sort_key(&said.name),
        search_key: fold::search_key(&said.name),
        name: said.name,
        kind: said.kind,
        country: said.country,
        website: said.website,
        email: said.email,
        description: said.description,
        ..partner
    }
}
