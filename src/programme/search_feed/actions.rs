//! Noting that something that can be found has changed. What it is not: reading it again.

use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::search_feed::model::Kind;
use crate::programme::search_feed::store;

/// Notes that something that can be found has changed, has come, or is gone.
///
/// # Errors
/// What the database says.
pub fn changed(tx: &mut Tx<'_>, kind: Kind, subject: Uuid) -> Result<()> {
    store::note(tx, kind, subject)
}
