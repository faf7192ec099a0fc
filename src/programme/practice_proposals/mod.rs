//! A practice that a city or the network proposes: words on their way into the library. Whoever may write for
//! the city drafts and hands them in; somebody else of the network publishes them or gives them back with a
//! remark. Published words become an edition of a practice, and the proposal stays as it was.
//!
//! Invariants: a proposal is seen by its city and by those who moderate, by nobody else; a new edition is
//! published only over the edition that it was written on. What it is not: the library (`practices`).

mod actions;
pub mod graphql;
mod lists;
mod model;
pub mod rules;
mod store;

pub use actions::{give_back, propose, publish, revise, submit, withdraw};
pub use lists::{count, count_waiting, list, order, waiting};
pub use model::{NewProposal, PracticeProposal, ProposalFilter, ProposalStatus};
pub use store::find_many;
