//! The work list of secretariat and finance: what somebody should look at today, and since when it
//! waits: members without a coordinator or an agreement, money that is late, grants, visits without
//! an expert, activities that are not delivered, units that are lost soon. Nothing is stored: what
//! is put right leaves the list by itself. Each rule is one bounded statement, and a page is merged
//! from them.
//!
//! What it is not: reminders; nobody is written to.

pub mod graphql;
mod list;
mod model;
mod programme;
pub mod rules;

pub use list::{count, list, order};
pub use model::{AttentionFilter, AttentionItem, AttentionRule, Subject};
