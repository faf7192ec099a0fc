//! The registry and the money as spreadsheets, with the columns that imports read: a round trip
//! changes nothing.

mod cities;
mod run;

pub use run::run;
