//! The bank: its statements are read, each entry is known again whatever file tells of it, and money that
//! came becomes payments.
//!
//! Invariants: what the bank told never changes, and no entry is stored twice, also when a statement and a
//! notification both tell of it; a file with a fault is not stored at all; an entry makes one payment, or
//! takes one back, or is linked to one that was recorded by hand; what was decided is kept, and undoing it
//! restores what was.
//!
//! What is certain is matched by the service itself, from a confidence on that the seller sets; the rest
//! waits for finance with a proposal and its reason.

mod amounts;
mod camt;
pub mod checks;
mod deciding;
pub mod fault;
mod fingerprints;
pub mod graphql;
mod importing;
mod jobs;
mod knowledge;
mod lists;
pub mod matching;
mod model;
mod policies;
mod proposing;
mod refusals;
pub mod rest;
mod returns;
mod statement;
mod store;
mod tables;
mod undoing;
mod xml;

pub use deciding::{confirm, ignore, match_entry};
pub use importing::{
    Judged, MOST_BYTES, Taken, TakenStatement, Written, judge, own_account, preview, take_in,
};
pub use lists::{count, count_statements, list, list_statements, order, order_of_statements};
pub use model::{
    BankDecision, BankDecisionKind, BankDecisionMade, BankEntry, BankEntryFilter, BankEntryOrder,
    BankEntryState, BankPolicy, BankProposal, BankProposalKind, BankStatement, Direction,
    MatchEntries, NewMatch, ProposedShare, Reasoned, StatementFormat,
};
pub use policies::set as set_policy;
pub use store::{
    decisions_of_many, find_many, find_many_statements, get, of_payments, policy, proposals_of_many,
};
pub use undoing::undo;
