//! What is done with funders: registered, and revised. What it is not: a change of what is issued; an
//! invoice keeps the funder as it was.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::funders::model::{Funder, FunderDetails};
use crate::finance::funders::{rules, store};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::fold;
use crate::kernel::ids::FunderId;

/// Registers a funder.
///
/// # Errors
/// Refused with all problems of the input, or because the name is taken.
pub fn register(tx: &mut Tx<'_>, new: &FunderDetails) -> Result<FunderId> {
    tx.viewer.permit(Permission::Invoice)?;

    let said = rules::check(new).map_err(Error::Refused)?;
    let funder = Funder {
        created_at: tx.now,
        version: 1,
        ..written(tx, tx.new_id(), said)
    };
    store::insert(tx, &funder)?;

    audit::record(
        tx,
        "funder.registered",
        funder.id,
        None,
        json!({ "name": funder.name }),
    )?;
    Ok(funder.id)
}

/// Replaces what is said of a funder.
///
/// # Errors
/// As [`register`]; `NotFound`, `Stale`.
pub fn revise(
    tx: &mut Tx<'_>,
    id: FunderId,
    version: i32,
    details: &FunderDetails,
) -> Result<FunderId> {
    tx.viewer.permit(Permission::Invoice)?;

    let before = store::lock(tx, id)?;
    expect_version(Some(version), before.version)?;
    let said = rules::check(details).map_err(Error::Refused)?;
    let funder = Funder {
        created_at: before.created_at,
        version: before.version.saturating_add(1),
        ..written(tx, id, said)
    };
    store::update(tx, &funder)?;

    audit::record(
        tx,
        "funder.revised",
        id,
        None,
        json!({ "version": funder.version }),
    )?;
    Ok(id)
}

fn written(tx: &Tx<'_>, id: FunderId, said: FunderDetails) -> Funder {
    Funder {
        id,
        name_key: fold::name_key(&said.name),
        name: said.name,
        street: said.street,
        postal_code: said.postal_code,
        town: said.town,
        country: said.country,
        cvr: said.cvr,
        gln: said.gln,
        order_reference: said.order_reference,
        email: said.email,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    }
}
