//! The queries of single proposals. What it is not: pages of them (`lists`).

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PracticeProposalId};
use crate::programme::practice_proposals::model::PracticeProposal;
use crate::schema::practice_proposals;

pub(super) type RowType = diesel::dsl::SqlTypeOf<<practice_proposals::table as Table>::AllColumns>;

/// The proposals of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PracticeProposalId]) -> Result<Vec<PracticeProposal>> {
    Ok(
        Sql::new("SELECT practice_proposals.* FROM practice_proposals WHERE practice_proposals.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, PracticeProposal>(db)?,
    )
}

/// Locks a proposal until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: PracticeProposalId) -> Result<PracticeProposal> {
    tx.lock_row("SELECT 1 FROM practice_proposals WHERE id = ", id.uuid())?;
    let found = practice_proposals::table.find(id).first(tx.db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: PracticeProposalId::KIND,
        id: id.public(),
    })
}

/// Stores a new proposal.
pub(super) fn insert(tx: &mut Tx<'_>, proposal: &PracticeProposal) -> Result<()> {
    diesel::insert_into(practice_proposals::table)
        .values(proposal)
        .execute(tx.db)?;
    Ok(())
}

/// Stores a changed proposal.
pub(super) fn update(tx: &mut Tx<'_>, proposal: &PracticeProposal) -> Result<()> {
    let changed = diesel::update(practice_proposals::table.find(proposal.id))
        .set(proposal)
        .execute(tx.db)?;
    ensure_one(changed)
}
