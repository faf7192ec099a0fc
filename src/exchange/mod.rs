//! Spreadsheets in and out. What it is not: the rules of what is imported; those are the slices'.

pub mod columns;
pub mod sheet;
