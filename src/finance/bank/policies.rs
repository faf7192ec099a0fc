//! From which confidence on entries are matched without asking finance. What it is not: the confidences;
//! those are in `matching`.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::bank::model::{BankPolicy, MatchEntries};
use crate::finance::bank::{refusals, store};
use crate::finance::sellers;
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::SellerId;

/// A confidence that nothing has: finance is always asked.
const NEVER: i32 = 101;

/// Sets from which confidence on entries are matched without asking; none is never.
///
/// # Errors
/// `Stale`; refused for a confidence that means nothing.
pub fn set(tx: &mut Tx<'_>, automatic_from: Option<i32>, version: i32) -> Result<SellerId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let seller = sellers::the_seller(tx.db)?;
    store::lock_account(tx, seller.id)?;
    let before = store::policy(tx.db, seller.id, tx.now)?;
    expect_version(Some(version), before.version)?;
    let automatic_from = automatic_from.unwrap_or(NEVER);
    if !(50..=NEVER).contains(&automatic_from) {
        return Err(Error::refused(refusals::not_a_confidence()));
    }
    let after = BankPolicy {
        automatic_from,
        updated_at: tx.now,
        version: before.version.saturating_add(1),
        ..before
    };
    store::put_policy(tx, &after)?;
    audit::record(
        tx,
        "bankPolicy.set",
        seller.id,
        None,
        json!({ "automaticFrom": automatic_from, "before": before.automatic_from }),
    )?;
    jobs::enqueue(tx, &MatchEntries {})?;
    Ok(seller.id)
}
