//! Spreadsheets in and out: the registry as tables that people can edit, and money as tables that
//! they can read. What it is not: the rules of what is imported; those are the slices'.

pub mod columns;
pub mod exports;
pub mod imports;
mod outflow;
pub mod rest;
pub mod sheet;
