//! The bank's statements and entries in the schema: the types and what hangs on them. Queries and mutations
//! are in the files of this folder; what it is not: the rules.

pub mod loads;
pub mod mutations;
pub mod proposals;
pub mod queries;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use loads::{BankEntryById, BankStatementById, PolicyOfSeller, entries_of};
pub use mutations::BankMutation;
pub use proposals::{ShownDecision, ShownProposal};
pub use queries::BankQuery;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::scalars::{CurrencyCode, Date};
use crate::finance::bank::graphql::loads::{DecisionsOfEntry, ProposalsOfEntry};
use crate::finance::bank::{BankEntry, BankEntryState, BankStatement, Direction, StatementFormat};
use crate::finance::payments::Payment;
use crate::finance::payments::graphql::PaymentById;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;

crate::connection!(BankStatementConnection, BankStatementEdge, BankStatement);
crate::connection!(BankEntryConnection, BankEntryEdge, BankEntry);

/// Whether the viewer may know of the bank's statements: those who see the invoices of all cities.
#[must_use]
pub fn visible(viewer: &Viewer) -> bool {
    matches!(viewer.scope(Permission::SeeFinance), Scope::All)
}

/// A statement of the bank, or a notification of entries, as it was imported. It never changes.
#[Object]
impl BankStatement {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The form of its file.
    async fn format(&self) -> StatementFormat {
        self.format
    }

    /// The account: its IBAN, or registration and account number.
    async fn account(&self) -> &str {
        &self.account
    }

    /// The currency of the account.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.currency.clone())
    }

    /// The bank's own id of it; null for a table.
    async fn bank_id(&self) -> Option<&str> {
        self.bank_id.as_deref()
    }

    /// Its number among the statements of the account; null where the bank gives none.
    async fn sequence(&self) -> Option<i64> {
        self.sequence
    }

    /// The first day it is about.
    async fn from_on(&self) -> Option<Date> {
        self.from_on.map(Date)
    }

    /// The last day it is about.
    async fn through_on(&self) -> Option<Date> {
        self.through_on.map(Date)
    }

    /// The booked balance before the first entry; null where the file has none.
    async fn opening_balance(&self) -> Result<Option<Amount>> {
        let minor = self.opening_minor;
        minor.map(|minor| stored(minor, &self.currency)).transpose()
    }

    /// The booked balance after the last entry; null where the file has none.
    async fn closing_balance(&self) -> Result<Option<Amount>> {
        let minor = self.closing_minor;
        minor.map(|minor| stored(minor, &self.currency)).transpose()
    }

    /// How many booked entries it has, those among them that another file told of before.
    async fn entry_count(&self) -> i32 {
        self.entry_count
    }

    /// How many entries were not booked yet; they are passed over.
    async fn pending_count(&self) -> i32 {
        self.pending_count
    }

    /// SHA-256 of its file, in hexadecimal digits.
    async fn content_hash(&self) -> &str {
        &self.content_hash
    }

    /// When it was imported.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// A booked entry of the bank, or a payment of a batch. What the bank told never changes.
#[Object]
impl BankEntry {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// Where it stands.
    async fn state(&self) -> BankEntryState {
        self.state
    }

    /// The statement that told of it first.
    async fn statement(&self, context: &Context<'_>) -> Result<Option<Arc<BankStatement>>> {
        let operation = context.operation();
        operation.load::<BankStatementById>(self.statement_id).await
    }

    /// Its place in the statement, from 1.
    async fn position(&self) -> i32 {
        self.position
    }

    /// Its place in a batch, from 1; 0 for an entry as a whole.
    async fn part(&self) -> i32 {
        self.part
    }

    /// Whether money came or went.
    async fn direction(&self) -> Direction {
        self.direction
    }

    /// Whether it takes back an earlier entry.
    async fn reversal(&self) -> bool {
        self.reversal
    }

    /// How much; above zero.
    async fn amount(&self) -> Result<Amount> {
        stored(self.amount_minor, &self.currency)
    }

    /// What the bank charged for it.
    async fn charges(&self) -> Result<Amount> {
        stored(self.charges_minor, &self.currency)
    }

    /// The day the bank booked it.
    async fn booked_on(&self) -> Date {
        Date(self.booked_on)
    }

    /// The day from which the bank counts it.
    async fn value_on(&self) -> Date {
        Date(self.value_on)
    }

    /// The bank's own reference.
    async fn bank_reference(&self) -> Option<&str> {
        self.bank_reference.as_deref()
    }

    /// The payer's reference from end to end.
    async fn end_to_end_id(&self) -> Option<&str> {
        self.end_to_end_id.as_deref()
    }

    /// The structured reference, such as that of a payment slip.
    async fn creditor_reference(&self) -> Option<&str> {
        self.creditor_reference.as_deref()
    }

    /// Who paid, or was paid.
    async fn counterparty_name(&self) -> Option<&str> {
        self.counterparty_name.as_deref()
    }

    /// The account of the other side.
    async fn counterparty_account(&self) -> Option<&str> {
        self.counterparty_account.as_deref()
    }

    /// What was written.
    async fn remittance(&self) -> Option<&str> {
        self.remittance.as_deref()
    }

    /// What it most likely is; null where nothing is known, and once it is decided.
    async fn best_proposal(&self, context: &Context<'_>) -> Result<Option<ShownProposal>> {
        Ok(self.proposals(context).await?.into_iter().next())
    }

    /// What it may be, the best first; empty once it is decided.
    async fn proposals(&self, context: &Context<'_>) -> Result<Vec<ShownProposal>> {
        let proposals = context
            .operation()
            .load::<ProposalsOfEntry>(self.id)
            .await?;
        let currency = || self.currency.clone();
        Ok(proposals
            .iter()
            .flat_map(|proposals| proposals.iter())
            .map(|proposal| ShownProposal(proposal.clone(), currency()))
            .collect())
    }

    /// What was decided about it and undone again, the earliest first.
    async fn decisions(&self, context: &Context<'_>) -> Result<Vec<ShownDecision>> {
        let decisions = context
            .operation()
            .load::<DecisionsOfEntry>(self.id)
            .await?;
        Ok(decisions
            .iter()
            .flat_map(|decisions| decisions.iter())
            .map(|decision| ShownDecision(decision.clone()))
            .collect())
    }

    /// The payment that it made, is linked to, or takes back.
    async fn payment(&self, context: &Context<'_>) -> Result<Option<Arc<Payment>>> {
        match self.payment_id {
            Some(id) => context.operation().load::<PaymentById>(id).await,
            None => Ok(None),
        }
    }

    /// When it was imported.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When something was last proposed or decided.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}
