//! What the network writes about a city: SWOT reports, policy analyses, strategies. A document is drafted as
//! editions of a file, shown to the city, which checks its facts within a deadline, made final, and published
//! when the city agrees.
//!
//! Invariants: an edition never changes; a draft is seen by those who write, what the city checks or has
//! checked by the city too, and what is published by everybody; it is final only when the city has checked the
//! facts or its time is over; a document of an activity is final before the activity is delivered. What it is
//! not: the minutes and lists of an activity (`activities`).

mod actions;
pub mod graphql;
mod lists;
mod model;
pub mod rest;
pub mod rules;
mod store;
mod text;
mod workflow;

pub use actions::{draft, remark, revise};
pub use lists::{count, count_unanswered, list, order, unanswered};
pub use model::{
    Document, DocumentEdition, DocumentFilter, DocumentKind, DocumentRemark, DocumentStatus,
    NewDocument,
};
pub use rules::{Reader, reader};
pub use store::{editions_of, find_many, remarks_of};
pub use text::{differences, of_edition};
pub use workflow::{confirm_facts, finalise, open_fact_check, publish, withdraw};
