//! Taking spreadsheets over: each row is matched with its record, then made, changed or left. A dry
//! run does everything and takes it back, so its report is what `--apply` will do. One bad row and
//! nothing is written.

mod cities;
mod coordinators;
mod experts;
mod fields;
mod memberships;
mod opening_items;
mod partners;
mod people;
mod places;
mod report;
mod run;
mod turns;

pub use report::{Action, Counts, Report, ReportBody, RowReport};
pub use run::{Mode, once, run};
