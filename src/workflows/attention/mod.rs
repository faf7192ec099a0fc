//! The work list of secretariat and finance: what somebody should look at today, and since when it
//! waits. Four rules look at four rooms: a member without a coordinator for more than 60 days, a
//! city admitted without a financial agreement, an invoice that is overdue, and an expert visit
//! without an expert. Nothing is stored: what is put right leaves the list by itself. Each
//! rule is one bounded statement, and a page is merged from them.
//!
//! What it is not: reminders; nobody is written to.

pub mod graphql;
mod list;
mod model;
pub mod rules;

pub use list::{count, list, order};
pub use model::{AttentionFilter, AttentionItem, AttentionRule, Subject};
