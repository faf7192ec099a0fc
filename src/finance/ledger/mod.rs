//! The books: what every deed of finance means in double entry. An invoice is a claim on the city and
//! a debt of service to it until its days have passed; a payment fills the bank and settles the claim.
//! What it is not: the deeds; each action posts in its own transaction, through [`post`].
//!
//! Invariants, held by the database: the lines of a transaction add up to nought and are at least
//! two; nothing is added to a transaction, changed or removed; nothing is posted into days that are
//! closed hard. A document that happens once is posted once.
//!
//! `postings` says which accounts a deed moves; `balances` are the turnovers by month, kept in the
//! transactions that post.

mod actions;
mod balances;
pub mod graphql;
mod lists;
mod model;
pub mod postings;
pub mod rules;
mod store;

pub use actions::{post, post_all};
pub use balances::{
    Balance, balances_until, differences, month_of, rebuild, result_accounts_until,
    revenue_of_year, turnover,
};
pub use lists::{count, list, order};
pub use model::{
    Account, AccountClass, LedgerFilter, LedgerLine, LedgerOrder, LedgerTransaction, PostingKind,
};
pub use postings::{Entry, Posting};
pub use store::{find_many, lines_of_many, locks};
