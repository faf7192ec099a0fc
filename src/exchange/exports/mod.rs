//! The registry and the money as spreadsheets, with the columns that imports read: a round trip
//! changes nothing.

mod cells;
mod cities;
mod finance;
mod journal;
mod pages;
mod registry;
mod run;

pub use run::{Export, Format, run};
