//! When invoiced revenue is earned. The net amount of a line with a period is a debt of service on the
//! day of issue; the days of the period turn it into revenue, straight over the period, month by
//! month or day by day as the seller has it. What it is not: what was delivered of a package.
//!
//! Invariants: what is earned of a line over time adds up to its amount to the last øre, since each
//! run posts the difference to what the days so far have earned, and the last one the rest; a run
//! never posts into closed days, nor before the line was issued, and one that is repeated posts
//! nothing. What a credit note takes back is earned no more; what was counted of it already is
//! taken back at once.

mod actions;
pub mod graphql;
mod groups;
mod jobs;
mod model;
pub mod rules;
mod store;

pub use actions::{Issued, open, recognise, reduce};
pub use groups::{ToCome, differences, rebuild, to_come};
pub use model::{Earning, RecogniseRevenue, RevenueRun, RevenueSchedule, RunState};
pub use store::{find_many_runs, has_unearned, latest_runs};
