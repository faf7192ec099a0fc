//! The records of the bank's statements, their entries, and what was proposed and decided about each. What
//! it is not: payments; a matched entry names the one that it made.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::jobs::Job;
use crate::kernel::ids::{
    BankDecisionId, BankEntryId, BankProposalId, BankStatementId, CityId, InvoiceId, PaymentId,
    SellerId, UserId,
};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::{bank_decisions, bank_entries, bank_policies, bank_proposals, bank_statements};

crate::text_enum! {
    /// The form of a file of the bank.
    pub enum StatementFormat {
        /// A statement of ISO 20022, camt.053.001.02.
        Camt05302 = "CAMT05302",
        /// A statement of ISO 20022, camt.053.001.08.
        Camt05308 = "CAMT05308",
        /// A notification of entries of ISO 20022, camt.054.001.02.
        Camt05402 = "CAMT05402",
        /// A notification of entries of ISO 20022, camt.054.001.08.
        Camt05408 = "CAMT05408",
        /// A table as Danish banks export it.
        Csv = "CSV",
    }
}

impl StatementFormat {
    /// Whether it has balances, and a number in the sequence of statements.
    #[must_use]
    pub fn is_statement(self) -> bool {
        matches!(self, Self::Camt05302 | Self::Camt05308)
    }
}

crate::text_enum! {
    /// Whether money came or went.
    pub enum Direction {
        /// Money came.
        Credit = "CREDIT",
        /// Money went.
        Debit = "DEBIT",
    }
}

crate::text_enum! {
    /// Where an entry of the bank stands.
    pub enum BankEntryState {
        /// Nothing is known about what it is for.
        Unmatched = "UNMATCHED",
        /// There is a proposal for finance to confirm.
        Proposed = "PROPOSED",
        /// It is a payment of ours, or takes one back.
        Matched = "MATCHED",
        /// It is none of our payments.
        Ignored = "IGNORED",
        /// A later file told what this batch is made of: its parts stand in its place.
        Replaced = "REPLACED",
    }
}

impl BankEntryState {
    /// Whether it waits for a decision.
    #[must_use]
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Unmatched | Self::Proposed)
    }
}

crate::text_enum! {
    /// What is proposed for an entry.
    pub enum BankProposalKind {
        /// To record it as a payment.
        Payment = "PAYMENT",
        /// To reverse the payment that it takes back.
        Return = "RETURN",
        /// That finance has recorded it already, by hand.
        Recorded = "RECORDED",
    }
}

crate::text_enum! {
    /// What was decided about an entry.
    pub enum BankDecisionKind {
        /// It was recorded as a payment.
        Matched = "MATCHED",
        /// The payment that it takes back was reversed.
        Returned = "RETURNED",
        /// It is a payment that was recorded by hand.
        Linked = "LINKED",
        /// It is none of our payments.
        Ignored = "IGNORED",
        /// The decision before was undone.
        Undone = "UNDONE",
    }
}

crate::text_enum! {
    /// How a decision was made.
    pub enum BankDecisionMade {
        /// By the service, for a confidence that the seller lets pass.
        Automatic = "AUTOMATIC",
        /// By finance, who confirmed a proposal.
        Confirmed = "CONFIRMED",
        /// By finance, who said what it is.
        Manual = "MANUAL",
    }
}

/// A statement of the bank, or a notification of entries, as it was imported.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = bank_statements, treat_none_as_default_value = false)]
pub struct BankStatement {
    /// The key.
    pub id: BankStatementId,
    /// Whose account it is.
    pub seller_id: SellerId,
    /// The form of its file.
    pub format: StatementFormat,
    /// The account: its IBAN, or registration and account number.
    pub account: String,
    /// ISO 4217.
    pub currency: String,
    /// The bank's own id of it; a table has none.
    pub bank_id: Option<String>,
    /// Its number among the statements of the account.
    pub sequence: Option<i64>,
    /// The first day it is about.
    pub from_on: Option<NaiveDate>,
    /// The last.
    pub through_on: Option<NaiveDate>,
    /// The booked balance before the first entry, in minor units.
    pub opening_minor: Option<i64>,
    /// The booked balance after the last.
    pub closing_minor: Option<i64>,
    /// How many booked entries it has, known ones among them.
    pub entry_count: i32,
    /// How many entries were not booked yet.
    pub pending_count: i32,
    /// SHA-256 of its file.
    pub content_hash: String,
    /// Its place in the file, from 1.
    pub position: i32,
    /// Who imported it.
    pub created_by: Option<UserId>,
    /// When it was imported.
    pub created_at: Instant,
}

/// A booked entry, or a transaction of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = bank_entries, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct BankEntry {
    /// The key.
    pub id: BankEntryId,
    /// The statement that told of it first.
    pub statement_id: BankStatementId,
    /// The account, as on the statement.
    pub account: String,
    /// By which the bank's entry is known again.
    pub entry_identity: String,
    /// By which this part of it is known again.
    pub identity: String,
    /// Its place in the statement, from 1.
    pub position: i32,
    /// Its place in a batch, from 1; 0 for an entry as a whole.
    pub part: i32,
    /// Whether money came or went.
    pub direction: Direction,
    /// Whether it takes back an earlier entry.
    pub reversal: bool,
    /// ISO 4217.
    pub currency: String,
    /// How much, in minor units; above zero.
    pub amount_minor: i64,
    /// What the bank charged for it.
    pub charges_minor: i64,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The day from which the bank counts it.
    pub value_on: NaiveDate,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
    /// The payer's reference from end to end.
    pub end_to_end_id: Option<String>,
    /// The structured references of a creditor.
    pub creditor_reference: Option<String>,
    /// Who paid, or was paid.
    pub counterparty_name: Option<String>,
    /// The account of the other side.
    pub counterparty_account: Option<String>,
    /// What was written.
    pub remittance: Option<String>,
    /// Where it stands.
    pub state: BankEntryState,
    /// The payment that it made, or takes back.
    pub payment_id: Option<PaymentId>,
    /// When it was imported.
    pub created_at: Instant,
    /// When it was last decided about.
    pub updated_at: Instant,
    /// Grows by one with each proposal and decision.
    pub version: i32,
}

/// What an entry may be for.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = bank_proposals, treat_none_as_default_value = false)]
pub struct BankProposal {
    /// The key.
    pub id: BankProposalId,
    /// The entry.
    pub entry_id: BankEntryId,
    /// Its place, the best first, from 1.
    pub position: i32,
    /// What is proposed.
    pub kind: BankProposalKind,
    /// How sure it is, from 0 to 100.
    pub confidence: i32,
    /// Why, in English.
    pub reason_en: String,
    /// Why, in Danish.
    pub reason_da: String,
    /// Who paid.
    pub city_id: Option<CityId>,
    /// The payment that is taken back, or that it was recorded as by hand.
    pub payment_id: Option<PaymentId>,
    /// The [`ProposedShare`]s.
    pub shares: Json,
    /// When it was proposed.
    pub created_at: Instant,
}

/// A part of an entry for an invoice, as it is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposedShare {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much, in minor units.
    pub minor: i64,
}

/// What was decided about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = bank_decisions, treat_none_as_default_value = false)]
pub struct BankDecision {
    /// The key.
    pub id: BankDecisionId,
    /// The entry.
    pub entry_id: BankEntryId,
    /// Its place among those of the entry, from 1.
    pub position: i32,
    /// What was decided.
    pub kind: BankDecisionKind,
    /// How.
    pub made: BankDecisionMade,
    /// The payment that was recorded or reversed.
    pub payment_id: Option<PaymentId>,
    /// How sure the proposal was.
    pub confidence: Option<i32>,
    /// Why, in English, or as finance wrote it.
    pub reason_en: String,
    /// Why, in Danish, or as finance wrote it.
    pub reason_da: String,
    /// Who decided; nobody for the service itself.
    pub decided_by: Option<UserId>,
    /// When.
    pub created_at: Instant,
}

/// What finance says that an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMatch {
    /// The entry.
    pub entry: BankEntryId,
    /// The version that was read.
    pub version: i32,
    /// Who paid; the city of the first invoice when nothing is said.
    pub city: Option<CityId>,
    /// What it is for, each amount as written; the rest is kept for the payer.
    pub shares: Vec<(InvoiceId, String)>,
    /// The payment that it takes back, for money that went; for money that came, the one that it was
    /// recorded as by hand.
    pub payment: Option<PaymentId>,
    /// Why, in the words of finance.
    pub note: Option<String>,
}

/// An entry to ignore, or a decision to undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasoned {
    /// The entry.
    pub entry: BankEntryId,
    /// The version that was read.
    pub version: i32,
    /// Why.
    pub reason: String,
}

/// From which confidence on entries are matched without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = bank_policies, treat_none_as_default_value = false)]
#[diesel(primary_key(seller_id))]
pub struct BankPolicy {
    /// The seller.
    pub seller_id: SellerId,
    /// From 50 to 100; 101 is never.
    pub automatic_from: i32,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change; 0 where nothing was said yet.
    pub version: i32,
}

/// The work of matching what needs nobody's decision.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct MatchEntries {}

impl Job for MatchEntries {
    const NAME: &'static str = "finance.match_entries";

    fn aggregate(&self) -> String {
        "bank".to_owned()
    }
}

/// Which entries a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BankEntryFilter {
    /// In one of these states.
    pub state: Option<Vec<BankEntryState>>,
    /// That came, or that went.
    pub direction: Option<Direction>,
    /// First told of by this statement.
    pub statement: Option<BankStatementId>,
    /// Booked on or after.
    pub booked_from: Option<NaiveDate>,
    /// Booked before.
    pub booked_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How entries of the bank are sorted.
    pub enum BankEntryOrder {
        /// By the day they were booked, the earliest first.
        BookedOnAsc = "BOOKED_ON_ASC",
        /// By the day they were booked, the latest first.
        BookedOnDesc = "BOOKED_ON_DESC",
        /// By amount, the smallest first.
        AmountAsc = "AMOUNT_ASC",
        /// By amount, the largest first.
        AmountDesc = "AMOUNT_DESC",
    }
}
