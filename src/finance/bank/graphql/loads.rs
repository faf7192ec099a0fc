//! What is loaded together for many entries of the bank at once. What it is not: their fields.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;

use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::bank::graphql::visible;
use crate::finance::bank::{
    self, BankDecision, BankEntry, BankPolicy, BankProposal, BankStatement,
};
use crate::kernel::error::Result;
use crate::kernel::ids::{BankEntryId, BankStatementId, PaymentId, SellerId};

/// Loads statements for those who may see them.
#[derive(Debug)]
pub struct BankStatementById;

impl Load for BankStatementById {
    type Key = BankStatementId;
    type Value = Arc<BankStatement>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[BankStatementId],
    ) -> Result<HashMap<BankStatementId, Self::Value>> {
        if !visible(&operation.viewer) {
            return Ok(HashMap::new());
        }
        Ok(bank::find_many_statements(db, keys)?
            .into_iter()
            .map(|statement| (statement.id, Arc::new(statement)))
            .collect())
    }
}

/// Loads entries for those who may see them.
#[derive(Debug)]
pub struct BankEntryById;

impl Load for BankEntryById {
    type Key = BankEntryId;
    type Value = Arc<BankEntry>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[BankEntryId],
    ) -> Result<HashMap<BankEntryId, Self::Value>> {
        if !visible(&operation.viewer) {
            return Ok(HashMap::new());
        }
        Ok(bank::find_many(db, keys)?
            .into_iter()
            .map(|entry| (entry.id, Arc::new(entry)))
            .collect())
    }
}

/// Loads the entries by which payments came, or were taken back, for those who may see them.
#[derive(Debug)]
pub(super) struct EntriesOfPayment;

impl Load for EntriesOfPayment {
    type Key = PaymentId;
    type Value = Arc<Vec<Arc<BankEntry>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PaymentId],
    ) -> Result<HashMap<PaymentId, Self::Value>> {
        if !visible(&operation.viewer) {
            return Ok(HashMap::new());
        }
        Ok(bank::of_payments(db, keys)?
            .into_iter()
            .map(|(payment, entries)| {
                let entries = entries.into_iter().map(Arc::new).collect();
                (payment, Arc::new(entries))
            })
            .collect())
    }
}

/// The entries of the bank by which a payment came, or was taken back.
///
/// # Errors
/// What the database says.
pub async fn entries_of(context: &Context<'_>, payment: PaymentId) -> Result<Vec<Arc<BankEntry>>> {
    let entries = context
        .operation()
        .load::<EntriesOfPayment>(payment)
        .await?;
    Ok(entries.map(|entries| entries.to_vec()).unwrap_or_default())
}

/// Loads the proposals for entries.
#[derive(Debug)]
pub(super) struct ProposalsOfEntry;

impl Load for ProposalsOfEntry {
    type Key = BankEntryId;
    type Value = Arc<Vec<BankProposal>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[BankEntryId],
    ) -> Result<HashMap<BankEntryId, Self::Value>> {
        Ok(bank::proposals_of_many(db, keys)?
            .into_iter()
            .map(|(entry, proposals)| (entry, Arc::new(proposals)))
            .collect())
    }
}

/// Loads what was decided about entries.
#[derive(Debug)]
pub(super) struct DecisionsOfEntry;

impl Load for DecisionsOfEntry {
    type Key = BankEntryId;
    type Value = Arc<Vec<BankDecision>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[BankEntryId],
    ) -> Result<HashMap<BankEntryId, Self::Value>> {
        Ok(bank::decisions_of_many(db, keys)?
            .into_iter()
            .map(|(entry, decisions)| (entry, Arc::new(decisions)))
            .collect())
    }
}

/// Loads from which confidence on a seller's entries are matched without asking.
#[derive(Debug)]
pub struct PolicyOfSeller;

impl Load for PolicyOfSeller {
    type Key = SellerId;
    type Value = Arc<BankPolicy>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[SellerId],
    ) -> Result<HashMap<SellerId, Self::Value>> {
        if !visible(&operation.viewer) {
            return Ok(HashMap::new());
        }
        keys.iter()
            .map(|seller| {
                let policy = bank::policy(db, *seller, operation.now)?;
                Ok((*seller, Arc::new(policy)))
            })
            .collect()
    }
}
