//! A fee run invoices the fee of a year to every member at once: first it is previewed, then applied. A
//! job works through the cities in the background; what became of each membership stands on a row, and
//! the run tells how far it is.
//!
//! Invariants: a row and its invoice are stored in one transaction, so a run that is cut off goes on
//! where it was; a fee year that has an invoice is skipped, so a second run, or two at once, charge
//! nothing twice; what is wrong with one city stops no other (docs/decisions/0014). What it is not: what
//! a fee costs (`fees`), or the invoices.

mod actions;
pub mod graphql;
mod jobs;
mod lists;
mod model;
mod plan;
mod preview;
pub mod rules;
mod store;

pub use actions::{Progress, apply, set_aside, work};
pub use lists::{count, count_rows_of, list, list_rows_of, order, order_of_rows};
pub use model::{
    FeeRun, FeeRunFilter, FeeRunOutcome, FeeRunReason, FeeRunRow, FeeRunState, FeeRunStep,
    FeeRunWork, NewFeeRun,
};
pub use preview::{FeeRunPreview, PreviewRow, preview, preview_order};
pub use store::find_many;
